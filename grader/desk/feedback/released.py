"""The released notebook, as far as a page needs it: which cells are given, and where an exercise stands."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

import nbformat

from grader.desk.course.facts import Course, Notebook, Week
from grader.desk.files import digest
from grader.desk.release.links import colab_link
from grader.judge.repair.released import normal, parts_of, test_owners
from grader.judge.sanitise import sanitise

_HEADING = re.compile(r"^#{2,6} ([^\n]+)", re.MULTILINE)  # not the notebook's title
_COSTS = " — "  # what follows, "2 points, 30 minutes", the table tells


@dataclass(frozen=True)
class Asked:
    """A graded cell: its kind, its points, the heading it stands below alone, and the answer cell it judges.

    `kind` is points, bonus or practice. `manual`: read by a person. `at`: the id of the cell that holds the heading.
    """

    grade_id: str
    kind: str
    most: float
    manual: bool
    heading: str
    at: str
    owner: str

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
    """`asked` in the notebook's order; `given` are the sources that are not a student's own, by type of cell."""

    week: Week
    notebook: Notebook
    link: str
    course: str
    asked: Mapping[str, Asked]
    given: frozenset[tuple[str, str]]
    digest: str

    def is_given(self, kind: str, source: str) -> bool:
        return not source.strip() or (kind, normal(source)) in self.given


def sheet_of(course: Course, week: Week, name: str) -> Sheet:
    """Read `source/<week>/<name>.ipynb`. Raises OSError or ValueError when that cannot be read."""
    text = course.step("source", week.folder, f"{name}.ipynb").read_bytes()
    nb = nbformat.from_dict(json.loads(text))
    for cell in nb.cells:
        cell.source = "".join(cell.source)
    notebook = next((one for one in week.notebooks if one.name == name), Notebook(name, name, ""))
    # A page shows sources that were made safe, and prose that was is not always what was released.
    given = [(cell.cell_type, normal(cell.source)) for shown in (nb, sanitise(nb)) for cell in shown.cells]
    link = colab_link(course, week, notebook)
    marked = digest(text, repr((week.title, notebook, link, course.title, course.late)))
    return Sheet(week, notebook, link, course.title, dict(_asked(nb)), frozenset(given), marked)


def _asked(nb: nbformat.NotebookNode) -> list[tuple[str, Asked]]:
    parts, heading, headings = parts_of(nb), ("", ""), []
    for cell in nb.cells:
        if cell.cell_type == "markdown" and (found := _HEADING.findall(cell.source)):
            heading = found[-1].partition(_COSTS)[0].strip(" #"), cell.get("id", "")
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
        asked = Asked(mark["grade_id"], kind, float(mark.get("points", 0)), manual, *headings[at], owner)
        found.append((asked.grade_id, asked))
    often = Counter(asked.heading for _, asked in found if asked.most)
    return [(name, replace(asked, heading="") if often[asked.heading] > 1 else asked) for name, asked in found]
