"""Cells that stopped: what was left out is told, and what is missing since is put down to them."""

from __future__ import annotations

import platform
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from nbformat.notebooknode import NotebookNode

from grader.judge.grading.result import Outcome
from grader.judge.repair.names import defined_names
from grader.judge.repair.released import parts_of, test_owners
from grader.sandbox.run.notebook import CellRun, Execution
from grader.sandbox.run.outputs import Stop

MOST_CELLS = 8  # that are told of
MOST_LINES = 3  # of each
LONGEST = 100  # characters of a line
_MISSING = re.compile(r"name '(\w+)' is not defined")
_NOT_WRITTEN = "NotImplementedError"  # a stub's, which says so by itself
# What Python says to somebody who might go on typing.
_PLAIN = {"incomplete input": "it ends before a bracket, a text or a block is closed"}


@dataclass(frozen=True)
class Stopped:
    """A cell that raised. ``number``: its place in the notebook, from 1."""

    number: int
    cell: NotebookNode
    run: CellRun

    @property
    def first(self) -> Stop:
        return self.run.stops[0]

    def line(self, stop: Stop) -> str:
        """The text of the line that raised."""
        lines = self.cell.source.split("\n")
        text = " ".join(lines[stop.line - 1].split()) if stop.line <= len(lines) else ""
        return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"

    def why(self, stop: Stop) -> str:
        """``SyntaxError in line 28: '(' was never closed, at `w - (lr` ``"""
        if stop.name == "KeyboardInterrupt" and self.run.status == "timeout":
            said = f"it ran longer than a cell may, and was ended in line {stop.line}"
        else:
            text = _PLAIN.get(stop.text, " ".join(stop.text.split()))
            said = f"{stop.name} in line {stop.line}" + (f": {text}" if text else "")
        at = self.line(stop)
        return f"{said}, at `{at}`" if at else said


def stopped_cells(execution: Execution, released: NotebookNode) -> list[Stopped]:
    """The cells of the student's writing that raised something other than that they are not written yet, in order."""
    found, given = [], {cell.source for cell in released.cells}
    for number, cell in enumerate(execution.nb.cells, start=1):
        run = execution.cells.get(cell.id)
        if run is not None and run.stops and run.stops[0].name != _NOT_WRITTEN and cell.source not in given:
            found.append(Stopped(number, cell, run))
    return found


def notes_on_stopped(stopped: Sequence[Stopped]) -> list[str]:
    """Sentences for the student."""
    notes = [_note(one) for one in stopped[:MOST_CELLS]]
    return [*notes, f"{len(stopped) - MOST_CELLS} more cells stopped."] if len(stopped) > MOST_CELLS else notes


def notes_on_replaced(notebook: NotebookNode, released: NotebookNode) -> list[str]:
    """Sentences on answers that stand above a marked cell which is as it was handed out, and so takes them away."""
    given = {cell.source for cell in released.cells}
    written: dict[str, int] = {}  # name -> the number of the student's own cell that defines it
    notes = []
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type != "code":
            continue
        names = defined_names(cell.source, False)
        if cell.source not in given:
            written |= dict.fromkeys(names, number)
        elif _NOT_WRITTEN in cell.source and (lost := sorted(name for name in names if name in written)):
            notes.append(
                f"Cell {written[lost[0]]} defines {' and '.join(lost[:3])}, but cell {number}, the marked one, is as "
                "it was handed out and takes that away again: write your answer into the marked cell."
            )
    return notes[:MOST_CELLS]


def _note(one: Stopped) -> str:
    said = "; ".join(one.why(stop) for stop in one.run.stops[:MOST_LINES])
    if one.first.whole:
        return f"Nothing of cell {one.number} could be run, with Python {_python()}: {said}."
    more = " and more" if len(one.run.stops) > MOST_LINES else ""
    rest = "" if one.run.status == "timeout" else " The rest of the cell was run."
    return f"Left out of cell {one.number}, because it stopped there: {said}{more}.{rest}"


def _python() -> str:
    return ".".join(platform.python_version_tuple()[:2])


def with_causes(
    outcomes: Mapping[str, list[Outcome]], stopped: Sequence[Stopped], run: NotebookNode, released: NotebookNode
) -> dict[str, list[Outcome]]:
    """The outcomes, by test cell, with the hint that a cell stopped in place of those that only follow from it: that
    a name is missing which a cell above would have defined, and all of a solution cell that could not be compiled.

    run   the notebook whose cells stopped
    """
    places = {cell.id: number for number, cell in enumerate(run.cells, start=1)}
    parts = parts_of(released)
    owners = {parts[test].id: parts[owner].id for test, owner in test_owners(parts).items()}
    by_id = {one.cell.id: one for one in stopped}
    defines = {one.cell.id: defined_names(one.cell.source) for one in stopped}

    def cause(test: str, outcome: Outcome) -> Stopped | None:
        own = by_id.get(owners.get(test, ""))
        if outcome.passed or (own is not None and own.first.whole):
            return None if outcome.passed else own
        name = _MISSING.search(outcome.hint) if outcome.code in ("not_defined", "exception:NameError") else None
        above = [one for one in stopped if one.number < places.get(test, 0)]
        return next((one for one in above if name and name[1] in defines[one.cell.id]), None)

    def told(test: str, outcome: Outcome) -> Outcome:
        one = cause(test, outcome)
        if one is None:
            return outcome
        which = "" if one.cell.id == owners.get(test) else f" {_called(one)}"
        name = one.first.name
        return replace(
            outcome,
            hint=f"your cell{which} stopped: {one.why(one.first)}",
            code=f"stopped:{name}"[:60],
            mistake=f"a cell stops with {name}, so that nothing it defines is there",
            topic="",
        )

    return {test: [told(test, outcome) for outcome in found] for test, found in outcomes.items()}


def _called(one: Stopped) -> str:
    grade_id = one.cell.metadata.get("nbgrader", {}).get("grade_id")
    return f"`{grade_id}`" if grade_id else f"number {one.number}"
