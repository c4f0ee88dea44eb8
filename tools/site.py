"""Build the documentation as a site: `python -m tools.site [--to build/docs]`.

The sources are laid out as in the checkout, so that links between pages, and from pages to files, work on GitHub as
they do on the site. Lectures are shown as students get them, run. Nothing of `solutions/` is ever laid out.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from html import unescape
from pathlib import Path

from grader.desk.course.facts import Course, load_course
from grader.desk.pages import policy_hash
from grader.desk.release import links
from tools import site_links

REPO = Path(__file__).resolve().parents[1]
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "LICENSE-text")
FILES = ("course.toml", "nbgrader_config.py", "requirements.txt", "requirements-oracle.txt", "pyproject.toml")
FORWARD = '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=docs/index.html">\n'
# Styles, fonts and pictures as the theme and MathJax fetch them; scripts are named page by page.
POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'; img-src 'self' data: https:;"
    " style-src 'self' 'unsafe-inline' https:; font-src 'self' data: https:; media-src 'self' data:"
)


def lay_out(course: Course, place: Path) -> None:
    """Copy what the site is made of to `place`."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(REPO / "docs", place / "docs", ignore=shutil.ignore_patterns("conf.py", "__pycache__"))
    for name in (*PAGES, *FILES):
        shutil.copy(REPO / name, place / name)
    for page in REPO.glob("benchmarks/*/README.md"):
        copy = place / page.relative_to(REPO)
        copy.parent.mkdir(parents=True)
        shutil.copy(page, copy)
    elsewhere = {}
    for week in course.weeks:
        others = [notebook for notebook in week.notebooks if notebook.kind != "lecture"]
        elsewhere |= {notebook.name: links.colab_link(course, week, notebook) for notebook in others}
        left_out = ("__pycache__", ".*", *(f"{notebook.name}.ipynb" for notebook in others))
        shutil.copytree(REPO / week.folder, place / week.folder, ignore=shutil.ignore_patterns(*left_out))
    (place / "docs" / "lectures.md").write_text(lectures_page(course), encoding="utf-8")
    for path in (*place.rglob("*.md"), *place.rglob("*.ipynb")):
        path.write_text(to_colab(path.read_text(encoding="utf-8"), elsewhere), encoding="utf-8")


def to_colab(text: str, elsewhere: dict[str, str]) -> str:
    """Links to notebooks that are no pages of the site lead to Colab, where they can be run."""

    def found(link: re.Match) -> str:
        return f"]({elsewhere[link[1]]})" if link[1] in elsewhere else link[0]

    return re.sub(r"\]\((?:\.\./)*(?:\w+/)?(\w+)\.ipynb(?:#[^)\s]*)?\)", found, text)


def lectures_page(course: Course) -> str:
    """The list of all notebooks, with Colab links, and the lectures as pages below it."""
    lectures = []
    for week in course.weeks:
        lectures.append(f"../{week.folder}/README")
        lectures += [f"../{week.folder}/{notebook.name}" for notebook in week.notebooks if notebook.kind == "lecture"]
    tables = [
        f"## {week.title}\n\n{links.table(course, [week]).replace('](week', '](../week')}" for week in course.weeks
    ]
    tree = "\n".join(["```{toctree}", ":hidden:", "", *lectures, "```"])
    intro = "Every notebook of the course. Lectures can be read here; all open in Colab, where they can be run."
    return f"# Notebooks\n\n{intro}\n\n" + "\n\n".join(tables) + f"\n\n{tree}\n"


def with_policy(page: str) -> str:
    """The page with a Content-Security-Policy: it runs the site's own files, and what stands in it now by hash."""
    inline = re.findall(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", page, re.DOTALL)
    handlers = [unescape(code) for code in re.findall(r'\son[a-z]+="([^"]*)"', page)]
    libraries = re.findall(r'<script[^>]*\ssrc="(https://[^"?#]+)', page)
    allowed = [f"{address.rpartition('/')[0]}/" for address in libraries]
    allowed += [f"'{policy_hash(code)}'" for code in [*inline, *handlers]] + ["'unsafe-hashes'"] * bool(handlers)
    scripts = " ".join(dict.fromkeys(["'self'", *allowed]))
    policy = f"{POLICY}; script-src {scripts}"
    tag = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return re.sub(r'<meta charset="utf-8"[ ]?/?>', lambda found: found[0] + tag, page, count=1, flags=re.IGNORECASE)


def build(target: Path) -> int:
    """Build and check; returns the exit code. A warning of Sphinx is an error: most are links that lead nowhere."""
    source, site = target / "source", target / "site"
    lay_out(load_course(REPO), source)
    # Figures belong into the pages, whatever backend the caller's own programs draw with.
    figures = "module://matplotlib_inline.backend_inline"
    environment = {**os.environ, "PYTHONWARNINGS": "ignore", "MPLBACKEND": figures}
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-W", "--keep-going", "-q", "-c", str(REPO / "docs")]
    done = subprocess.run([*command, str(source), str(site)], env=environment)
    if done.returncode:
        return done.returncode
    (site / "index.html").write_text(FORWARD, encoding="utf-8")
    for page in site.rglob("*.html"):
        page.write_text(with_policy(page.read_text(encoding="utf-8")), encoding="utf-8")
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
