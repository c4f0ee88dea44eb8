"""The released notebook as repair sees it: what each cell is for and how to know it again."""

import re
from dataclasses import dataclass, field

from nbformat.notebooknode import NotebookNode

from grader.judge.repair.names import defined_names

MAX_TOKENS = 5_000
NOTES_ID = "grading-notes"  # of the cell that grading puts on top; no cell of a student's may have it


@dataclass(frozen=True)
class ReleasedCell:
    """One cell of the released notebook.

    `role`: "solution" (the student writes here, code or a written answer), "test" (carries the points), "given"
    (locked) or "loose" (prose, demonstrations: the student may do what they like with it).
    """

    cell: NotebookNode
    role: str
    grade_id: str | None
    id: str  # in the repaired notebook: the grade_id where there is one
    names: frozenset[str]  # defined at top level; of a solution cell without its imports, which say little
    text: str
    tokens: frozenset[str] = field(repr=False)

    @property
    def kind(self) -> str:
        return self.cell.cell_type

    @property
    def locked(self) -> bool:
        return self.role in ("test", "given")

    @property
    def skipped(self) -> bool:
        """A demonstration that grading does not run."""
        return self.role == "loose" and "skip-grading" in self.cell.metadata.get("tags", [])


def parts_of(released: NotebookNode) -> list[ReleasedCell]:
    """The released notebook's cells, in order. ``released`` must not change: its last parts are remembered."""
    if _last and _last[0] is released:
        return _last[1]
    parts = [_part(cell, index) for index, cell in enumerate(released.cells)]
    _last[:] = [released, parts]
    return parts


_last: list = []  # a notebook and its parts: a worker grades one notebook after the other


def _part(cell: NotebookNode, index: int) -> ReleasedCell:
    marks = cell.metadata.get("nbgrader", {})
    if marks.get("solution"):
        role = "solution"
    elif marks.get("grade"):
        role = "test"
    else:
        role = "given" if marks.get("locked") or marks.get("task") else "loose"
    grade_id = None if role == "loose" else marks.get("grade_id")
    names = defined_names(cell.source, role != "solution") if cell.cell_type == "code" else frozenset()
    own_id = grade_id or cell.get("id", f"released-{index}")
    return ReleasedCell(cell, role, grade_id, own_id, names, normal(cell.source), tokens(cell.source))


def test_owners(parts: list[ReleasedCell]) -> dict[int, int]:
    """For the index of each test cell, the index of the solution cell it judges.

    `test_dense` judges `dense`; a test cell named otherwise judges the solution cell before it.
    """
    solutions = {part.grade_id: index for index, part in enumerate(parts) if part.role == "solution"}
    owners, latest = {}, None
    for index, part in enumerate(parts):
        latest = index if part.role == "solution" else latest
        if part.role == "test":
            owner = solutions.get(part.id.removeprefix("test_"), latest)
            if owner is not None:
                owners[index] = owner
    return owners


def normal(source: str) -> str:
    """`source` without what editors change by themselves: spaces at line ends, empty lines around."""
    return "\n".join(line.rstrip() for line in source.split("\n")).strip()


def tokens(source: str) -> frozenset[str]:
    """The words of a cell, as a set."""
    return frozenset(re.findall(r"\w+", source)[:MAX_TOKENS])


def likeness(ours: frozenset[str], theirs: frozenset[str]) -> float:
    """Shared words over all words, 0 to 1."""
    shared = len(ours & theirs)
    return shared / max(1, len(ours) + len(theirs) - shared)
