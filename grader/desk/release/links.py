"""What course.toml decides inside the public files: Colab badges, links, points and the set-up cell.

`synchronise` puts them where they belong and says which files changed; with `check=True` it changes nothing. In the
checkout they are the checkout's own; a release has those of its class, and its set-up cells say which release of the
package they need. A notebook has its badge in its first markdown cell and the set-up in the cell with the id `setup`;
in a README everything between `<!-- notebooks -->` and `<!-- /notebooks -->` is made here. The time that a notebook
takes is written in one place, behind the points in its first cell: `**6 practice points · about 90 minutes · ...**`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat

from grader.desk.course.facts import FACTS, Course, Notebook, Week, load_course
from grader.desk.errors import DeskError
from grader.desk.files import write_atomically
from grader.desk.release.exercise_points import give_points
from grader.desk.release.totals import with_totals

COLAB = "https://colab.research.google.com"
_BADGE = re.compile(r"^\[!\[[^\]]*\]\([^)]*colab[^)]*\)\]\([^)]*\)[ ]*\n?", re.MULTILINE)
_TABLE = re.compile(r"(<!-- notebooks -->\n).*?(<!-- /notebooks -->)", re.DOTALL)

_COSTS = re.compile(r"^\*\*([^·*\n]*\bpoints?\b[^·*\n]*?) · ([^·*\n]+?)(?= ·|\*\*)", re.MULTILINE)

SETUP_ID = "setup"
# The head of a notebook's set-up cell; what follows it (imports, the style of figures) is the notebook's own.
SETUP = """\
# Set-up: installs the course's package where it is missing, and does nothing otherwise.
import os
import subprocess
import sys

try:
    from grader import checks
except ImportError:
    package = os.environ.get("GRADER_PACKAGE") or (
        "{package}"
    )
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", package], check=True)
    from grader import checks
"""
SETUP_END = "    from grader import checks\n"
# The same in a release. The checkout's own package has no number, and is never too old.
RELEASED_SETUP = """\
# {comment}
import os
import subprocess
import sys

try:
    import grader
    from grader import checks
except ImportError:
    grader = None
if getattr(grader, "RELEASE", {release} if grader else 0) < {release}:
    package = os.environ.get("GRADER_PACKAGE") or (
        "{package}"
    )
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--upgrade", package], check=True)
    for name in [name for name in sys.modules if name.split(".")[0] in ("grader", "{week}")]:
        del sys.modules[name]
    import grader
    from grader import checks
if hasattr(grader, "RELEASE"):
    print({prints})
"""


def colab_link(course: Course, week: Week, notebook: Notebook) -> str:
    return f"{COLAB}/github/{course.slug}/blob/{course.branch}/{week.folder}/{notebook.name}.ipynb"


def badge(course: Course, week: Week, notebook: Notebook) -> str:
    return f"[![Open in Colab]({COLAB}/assets/colab-badge.svg)]({colab_link(course, week, notebook)})"


def with_setup(source: str, course: Course, week: Week, release: int | None = None) -> str:
    """The set-up cell's code with its head made anew; `release` is the number of the package it needs, if released."""
    own = source.rpartition(SETUP_END)[2] if SETUP_END in source else "\n" + source
    if release is None:
        return (SETUP.format(package=course.package) + own).rstrip("\n")
    # An f-string, in which only {release} stands for something.
    text = json.dumps(course.setup_prints, ensure_ascii=False).replace("{", "{{").replace("}", "}}")
    facts = {"week": week.folder, "release": release, "comment": course.setup_comment}
    prints = "f" + text.replace("{{release}}", "{grader.RELEASE}")
    return (RELEASED_SETUP.format(package=course.package, prints=prints, **facts) + own).rstrip("\n")


def table(course: Course, weeks: list[Week], inside_week: bool = False) -> str:
    """The notebooks as a Markdown table; links are relative to the week's folder or to the repository's root."""
    lines = ["| notebook | what it is | points | time | in Colab |", "| --- | --- | --- | --- | --- |"]
    for week in weeks:
        for notebook in week.notebooks:
            path = f"{notebook.name}.ipynb" if inside_week else f"{week.folder}/{notebook.name}.ipynb"
            title = f"[{notebook.title}]({path})"
            cells = title, notebook.kind, points(notebook), _time(course, week, notebook), badge(course, week, notebook)
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _time(course: Course, week: Week, notebook: Notebook) -> str:
    """What the notebook's first cell says of the time that it takes; "" where it says nothing."""
    path = course.repo / week.folder / f"{notebook.name}.ipynb"
    try:
        sources = ["".join(cell["source"]) for cell in json.loads(path.read_bytes())["cells"]]
    except (OSError, ValueError, KeyError, TypeError):
        return ""  # what is wrong with the notebook is told where it is read to be released
    found = _COSTS.search(next(iter(sources), ""))
    return found[2] if found else ""


def points(notebook: Notebook) -> str:
    """`5 + 3.5 bonus`, `5 practice`, or nothing."""
    parts = [f"{notebook.points:g}"] if notebook.points else []
    parts += [f"{notebook.bonus:g} bonus"] if notebook.bonus else []
    parts += [f"{notebook.practice:g} practice"] if notebook.practice else []
    return " + ".join(parts)


def points_in_words(notebook: Notebook) -> str:
    """`5 points and 3.5 bonus points`, `6 practice points`, or nothing."""
    kinds = (("", notebook.points), ("bonus ", notebook.bonus), ("practice ", notebook.practice))
    told = [f"{most:g} {kind}point{'' if most == 1 else 's'}" for kind, most in kinds if most]
    return " and ".join(filter(None, [", ".join(told[:-1]), *told[-1:]]))


def synchronise(course: Course, weeks: list[Week], check: bool = False) -> list[Path]:
    """Bring notebooks and READMEs up to date with course.toml; returns the files that were (or would be) changed.

    First course.toml itself: the points of a notebook are those of its cells, which hold them alone.
    """
    changed = _replaced(course.repo / FACTS, with_totals(course, weeks), check)
    if changed and not check:
        course = load_course(course.root)
        weeks = course.chosen(week.folder for week in weeks)
    for week in weeks:
        for notebook in week.notebooks:
            path = course.repo / week.folder / f"{notebook.name}.ipynb"
            if path.exists():
                changed += _replaced(path, _notebook_text(course, week, notebook, path), check)
        changed += _readme(course.repo / week.folder / "README.md", table(course, [week], inside_week=True), check)
    if weeks == list(course.weeks):
        changed += _readme(course.repo / "README.md", table(course, weeks), check)
    return changed


def write_for_release(course: Course, week: Week, folder: Path, release: int) -> None:
    """Make a copy of the week's folder the class's own; `release` is the number of the package that it needs."""
    for notebook in week.notebooks:
        path = folder / f"{notebook.name}.ipynb"
        _replaced(path, _notebook_text(course, week, notebook, path, release), check=False)
    _readme(folder / "README.md", table(course, [week], inside_week=True), check=False)


def _notebook_text(course: Course, week: Week, notebook: Notebook, path: Path, release: int | None = None) -> str:
    """The notebook's file with its badge and set-up cell made anew."""
    try:
        nb = nbformat.read(path, as_version=4)
    except Exception as error:
        raise DeskError(f"{path} is not a notebook: {error}.", "Restore it from the repository's history.") from None
    if release is not None:
        give_points(nb, week.own_points(notebook.name))
    titles = [cell for cell in nb.cells if cell.cell_type == "markdown"]
    if titles:
        titles[0].source = _with_badge(with_sum(titles[0].source, notebook), badge(course, week, notebook))
    for cell in nb.cells:
        if cell.get("id") == SETUP_ID and cell.cell_type == "code":
            cell.source = with_setup(cell.source + "\n", course, week, release)
    text = nbformat.writes(nb)
    return text if text.endswith("\n") else text + "\n"


def with_sum(source: str, notebook: Notebook) -> str:
    """The first cell's text with what the notebook's exercises add up to."""
    words = points_in_words(notebook)
    return _COSTS.sub(lambda found: f"**{words} · {found[2]}", source, count=1) if words else source


def _with_badge(source: str, line: str) -> str:
    """The first cell's text with the badge where the old one was, or under the title."""
    if _BADGE.search(source):
        return _BADGE.sub(lambda found: line + ("\n" if found.group().endswith("\n") else ""), source, count=1)
    title, _, rest = source.partition("\n")
    return f"{title}\n\n{line}\n{rest}".rstrip("\n")


def _readme(path: Path, made: str, check: bool) -> list[Path]:
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8")
    return _replaced(path, _TABLE.sub(lambda found: found.group(1) + made + found.group(2), text), check)


def _replaced(path: Path, text: str, check: bool) -> list[Path]:
    if path.read_text(encoding="utf-8") == text:
        return []
    if not check:
        write_atomically(path, text)
    return [path]
