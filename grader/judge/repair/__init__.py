"""Turns whatever a student handed in into a notebook in the canonical form, ready for grading.

    repair(bytes, released) -> Repaired(nb, notes, status, missing)

The sources of solution cells and the cells a student added come from the submission; everything else (test cells,
given cells, points, tags, kernel) comes from the released notebook. The student's order is kept, except that a test
cell never stands before the solution it tests.

`json_object` gets JSON out of bytes, `script` out of a Python script, `cells` gets typed cells out of JSON, `matching`
finds out which cell is which, `assembling` builds the notebook, `telling` writes the notes.
"""

from dataclasses import dataclass, field

from nbformat.notebooknode import NotebookNode

from grader.judge.repair.assembling import Assembler, notebook_of
from grader.judge.repair.cells import Known, SubmittedCell, kernel_name, read_cells
from grader.judge.repair.json_object import Unreadable, read_json
from grader.judge.repair.matching import CellMatch, Matcher
from grader.judge.repair.released import ReleasedCell, parts_of
from grader.judge.repair.script import notebook_of_script
from grader.judge.repair.telling import notes_on_match, notes_on_repairs

__all__ = ["Repaired", "repair"]

ENOUGH = 0.25  # share of the solutions or of the locked cells that makes it this notebook and no other


@dataclass
class Repaired:
    """What became of a submission.

    `status`: "ok" (nothing to repair), "repaired", or, with `nb` None, "broken" (unreadable), "empty" or
    "wrong_notebook". `notes`: sentences for the student. `missing`: grade_ids of solution cells that are not there;
    their test cells are, since the names may be defined elsewhere.
    """

    nb: NotebookNode | None
    notes: list[str] = field(default_factory=list)
    status: str = "ok"
    missing: list[str] = field(default_factory=list)


def repair(submitted: bytes, released: NotebookNode) -> Repaired:
    """Repair one submission. Deterministic; does not raise, whatever the bytes."""
    try:
        return _repair(submitted, released)
    except Unreadable as reason:
        return Repaired(None, [str(reason)], reason.status)


def _repair(submitted: bytes, released: NotebookNode) -> Repaired:
    parts = parts_of(released)
    notebook, notes = read_notebook(submitted, parts)
    cells, cell_notes = read_cells(notebook, known_of(parts))
    matcher = Matcher(cells, parts)
    match = matcher.run()
    if not is_this_notebook(cells, parts, match):
        return Repaired(None, ["This is not the notebook that was asked for."], "wrong_notebook")
    assembler = Assembler(matcher.cells, parts, match, matcher.owners)
    nb = notebook_of(assembler.run(), released)
    notes += cell_notes + _kernel_note(notebook)
    notes += notes_on_match(matcher.cells, parts, match) + notes_on_repairs(assembler.repairs)
    return Repaired(nb, notes, "repaired" if notes else "ok", assembler.repairs.missing)


def read_notebook(submitted: bytes, parts: list[ReleasedCell]) -> tuple[dict, list[str]]:
    """The notebook in the file as an object, and notes; also out of a Python script. Raises Unreadable."""
    try:
        return read_json(submitted)
    except Unreadable:
        script = notebook_of_script(submitted, [part.cell.source for part in parts if part.kind == "code"])
        if script is None:
            raise
        return script


def known_of(parts: list[ReleasedCell]) -> Known:
    """What tells a cell of this notebook."""
    ids = frozenset(part.id for part in parts) | {part.cell.get("id", part.id) for part in parts}
    return Known(ids, frozenset().union(*(part.names for part in parts if part.role == "solution")))


def _kernel_note(notebook: dict) -> list[str]:
    name = kernel_name(notebook)
    if name in ("", "python3"):
        return []
    return [f"The notebook asked for the kernel {name}; it was graded with python3."]


def is_this_notebook(cells: list[SubmittedCell], parts: list[ReleasedCell], match: CellMatch) -> bool:
    """Whether enough of the submission is known: a guess by place proves nothing.

    One known solution is enough, so that work from a notebook begun from scratch counts; unless the cells carry
    the marks of another notebook and few of this one.
    """
    sure = {part for part, how in match.how.items() if how != "place"}
    solutions = [index for index, part in enumerate(parts) if part.role == "solution"]
    locked = [index for index, part in enumerate(parts) if part.locked]
    share = max(_share(solutions, sure), _share(locked, sure))
    known = {part.grade_id for part in parts if part.grade_id}
    foreign = sum(1 for cell in cells if cell.grade_id and cell.grade_id not in known)
    familiar = sum(1 for cell in cells if cell.grade_id in known)
    if share == 0:
        return False
    return share >= ENOUGH or foreign <= familiar


def _share(wanted: list[int], found: set[int]) -> float:
    return sum(1 for index in wanted if index in found) / len(wanted) if wanted else 0.0
