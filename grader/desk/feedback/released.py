"""The released notebook, as far as a page needs it: which cells are given, and where an exercise stands."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from nbformat.notebooknode import NotebookNode, from_dict

from grader.checks.questions import record
from grader.desk.course.facts import Course, Notebook, Week
from grader.desk.files import digest
from grader.desk.release.links import colab_link
from grader.judge.repair.released import normal, parts_of, test_owners
from grader.judge.sanitise import sanitise

_HEADING = re.compile(r"^#{2,6} ([^\n]+)", re.MULTILINE)  # not the notebook's title
_SECTION = re.compile(r"\]\(([^()\s#]++)#([^()\s]++)\)")  # a link to a part of another file
_CHECK = re.compile(r"""^check\(["'](\w+)["'](?:, points=[\d.e+-]+)?\)$""", re.MULTILINE)
_COSTS = " — "  # what follows, "2 points, 30 minutes", the table tells


@dataclass(frozen=True)
class Asked:
    """A graded cell: its kind, its points, the heading it stands below alone, and the answer cell it judges.

    `kind` is points, bonus or practice. `manual`: read by a person. `at`: the id of the cell that holds the heading.
    `check`: the line that asks the same at home, if there is one. `lectures`: `(heading, address)` of the sections
    that the exercise's own text says it is explained in.
    """

    grade_id: str
    kind: str
    most: float
    manual: bool
    heading: str
    at: str
    owner: str
    check: str = ""
    lectures: tuple[tuple[str, str], ...] = ()

    @property
    def title(self) -> str:
        """As the table has it: "Exercise 2 · Dense"."""
        return self.heading or self.grade_id.removeprefix("test_")

    @property
    def short(self) -> str:
        """Within a sentence: "Dense"."""
        return self.heading.rpartition(" · ")[2] or self.grade_id.removeprefix("test_")


@dataclass(frozen=True)
class Sheet:
    """`asked` in the notebook's order; `given` are the sources that are not a student's own, by type of cell.

    `at_home`: the names of the questions that the notebook itself judges, on public numbers.
    """

    week: Week
    notebook: Notebook
    link: str
    course: str
    asked: Mapping[str, Asked]
    given: frozenset[tuple[str, str]]
    digest: str
    at_home: frozenset[str] = frozenset()

    def is_given(self, kind: str, source: str) -> bool:
        return not source.strip() or (kind, normal(source)) in self.given


def sheet_of(course: Course, week: Week, name: str) -> Sheet:
    """Read `source/<week>/<name>.ipynb`. Raises OSError or ValueError when that cannot be read."""
    text = course.step("source", week.folder, f"{name}.ipynb").read_bytes()
    nb = from_dict(json.loads(text))
    for cell in nb.cells:
        cell.source = "".join(cell.source)
    notebook = next((one for one in week.notebooks if one.name == name), Notebook(name, name, ""))
    # A page shows sources that were made safe, and prose that was is not always what was released.
    given = [(cell.cell_type, normal(cell.source)) for shown in (nb, sanitise(nb)) for cell in shown.cells]
    link = colab_link(course, week, notebook)
    asked, home = dict(_asked(nb, course, week)), frozenset(_at_home(course, week))
    marked = digest(text, repr((week.title, notebook, link, course.title, course.late, asked, sorted(home))))
    return Sheet(week, notebook, link, course.title, asked, frozenset(given), marked, home)


def _at_home(course: Course, week: Week) -> Iterator[str]:
    """The questions of the week whose record says what is right: the notebook judges them."""
    for path in sorted(course.step("source", week.folder).glob("*_questions.json")):
        found = record.entries(path.read_text(encoding="utf-8"))
        yield from (name for name, entry in found.items() if entry["right"] is not None)


def _asked(nb: NotebookNode, course: Course, week: Week) -> list[tuple[str, Asked]]:
    parts, heading, headings = parts_of(nb), ("", ""), []
    texts: dict[str, list[str]] = {}  # below each heading, by the id of its cell
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            if found := _HEADING.findall(cell.source):
                heading = found[-1].partition(_COSTS)[0].strip(" #"), cell.get("id", "")
            texts.setdefault(heading[1], []).append(cell.source)
        headings.append(heading)
    owners, found = test_owners(parts), []
    for index, cell in enumerate(nb.cells):
        mark, tags = cell.metadata.get("nbgrader", {}), cell.metadata.get("tags", [])
        if not (mark.get("grade") or mark.get("task")):
            continue
        kind = next((tag for tag in ("bonus", "practice") if tag in tags), "points")
        manual = bool(mark.get("solution") or mark.get("task"))
        at = owners.get(index, index)
        owner = parts[at].grade_id or ""
        called = _CHECK.search(cell.source)
        asked = Asked(
            mark["grade_id"],
            kind,
            float(mark.get("points", 0)),
            manual,
            *headings[at],
            owner,
            f'check("{called[1]}")' if called else "",
            tuple(_lectures("\n".join(texts.get(headings[at][1], ())), course, week)),
        )
        found.append((asked.grade_id, asked))
    often = Counter(asked.heading for _, asked in found if asked.most)
    return [(name, replace(asked, heading="") if often[asked.heading] > 1 else asked) for name, asked in found]


def _lectures(text: str, course: Course, week: Week) -> Iterator[tuple[str, str]]:
    """`(heading, address)` of each section of another notebook of the course that a text leads to."""
    every = [(one, notebook) for one in course.weeks for notebook in one.notebooks]
    notebooks = {f"{one.folder}/{notebook.name}.ipynb": (one, notebook) for one, notebook in every}
    for path, place in dict.fromkeys(_SECTION.findall(text)):
        name = path.removeprefix("../") if path.startswith("../") else f"{week.folder}/{path}"
        known = sections(course.step("source", *name.split("/"))) if name in notebooks else {}
        if found := known.get(unquote(place)):
            yield found[0], f"{colab_link(course, *notebooks[name])}#scrollTo={found[1]}"


@cache
def sections(path: Path) -> dict[str, tuple[str, str]]:
    """`(heading, id of its cell)` of every section of a notebook, by the anchor that Jupyter gives it."""
    if not path.is_file():
        return {}
    cells = json.loads(path.read_bytes())["cells"]
    texts = [("".join(cell["source"]), cell.get("id", "")) for cell in cells if cell["cell_type"] == "markdown"]
    headings = [(title.strip(), where) for text, where in texts for title in _HEADING.findall(text)]
    return {title.replace(" ", "-"): (title.partition(_COSTS)[0], where) for title, where in headings}
