"""Build the documentation as a site: `python -m tools.site [--to build/docs]`.

The sources are laid out as in the checkout, so that links between pages, and from pages to files, work on GitHub as
they do on the site. Lectures are shown as students get them, run. Nothing of `solutions/` is ever laid out.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from grader.desk import links
from grader.desk.course import Course, load_course
from tools import site_links

REPO = Path(__file__).resolve().parents[1]
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "LICENSE-text")
FILES = ("course.toml", "nbgrader_config.py", "requirements.txt", "requirements-oracle.txt", "pyproject.toml")
FORWARD = '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=docs/index.html">\n'


def lay_out(course: Course, place: Path) -> list[str]:
    """Copy what the site is made of to `place`; returns the patterns of files that are not pages of their own."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(REPO / "docs", place / "docs", ignore=shutil.ignore_patterns("conf.py", "__pycache__"))
    for name in (*PAGES, *FILES):
        shutil.copy(REPO / name, place / name)
    excluded = ["docs/README.md"]
    for week in course.weeks:
        ignored = shutil.ignore_patterns("__pycache__", ".*")
        shutil.copytree(REPO / week.folder, place / week.folder, ignore=ignored)
        excluded += [f"{week.folder}/{nb.name}.ipynb" for nb in week.notebooks if nb.kind != "lecture"]
    (place / "docs" / "lectures.md").write_text(lectures_page(course), encoding="utf-8")
    return excluded


def lectures_page(course: Course) -> str:
    """The list of all notebooks, with Colab links, and the lectures as pages below it."""
    lectures = [f"../{week.folder}/{nb.name}" for week in course.weeks for nb in week.notebooks if nb.kind == "lecture"]
    tables = [
        f"## {week.title}\n\n{links.table(course, [week]).replace('](week', '](../week')}" for week in course.weeks
    ]
    tree = "\n".join(["```{toctree}", ":hidden:", "", *lectures, "```"])
    intro = "Every notebook of the course. Lectures can be read here; all open in Colab, where they can be run."
    return f"# Notebooks\n\n{intro}\n\n" + "\n\n".join(tables) + f"\n\n{tree}\n"


def build(target: Path) -> int:
    """Build and check; returns the exit code. A warning of Sphinx is an error: most are links that lead nowhere."""
    source, site = target / "source", target / "site"
    excluded = target / "excluded.json"
    patterns = lay_out(load_course(REPO), source)
    excluded.write_text(json.dumps(patterns), encoding="utf-8")
    environment = {**os.environ, "COURSE_DOCS_EXCLUDED": str(excluded), "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-W", "--keep-going", "-q", "-c", str(REPO / "docs")]
    done = subprocess.run([*command, str(source), str(site)], env=environment)
    if done.returncode:
        return done.returncode
    (site / "index.html").write_text(FORWARD, encoding="utf-8")
    broken = site_links.broken_links(site)
    for link in broken:
        print(link, file=sys.stderr)
    print(f"{len(list(site.rglob('*.html')))} pages, {len(broken)} broken links: {site / 'index.html'}")
    return 1 if broken else 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--to", type=Path, default=REPO / "build" / "docs", metavar="DIR")
    sys.exit(build(parser.parse_args().to.resolve()))


if __name__ == "__main__":
    main()
