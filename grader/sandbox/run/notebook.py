"""Runs a notebook's cells in a sandbox, within limits, and says what came of each. Never raises for what they do."""

import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from nbformat.notebooknode import NotebookNode, from_dict

from grader.sandbox.kernels.open import open_kernel
from grader.sandbox.run.outputs import CellOutputs, Stop
from grader.sandbox.run.session import KernelDied, Session
from grader.sandbox.walls.bubblewrap import SandboxUnavailable
from grader.sandbox.walls.limits import Limits

TOTAL_OUTPUT_FACTOR = 16  # what all cells together may show, in units of output_kb
MAX_SOURCE = 2**20

WORDS = {
    "timeout": "stopped after the {seconds:g} seconds that a cell may take",
    "output": "stopped: its output was far more than can be shown",
    "memory": "the process with your code was ended: it used more memory than is allowed",
    "time": "the process with your code was ended: the time allowed for the whole notebook was used up",
    "stuck": "the process with your code was ended: it went on after its time and did not react to an interrupt",
    "exit": "the process with your code ended itself",
    "crash": "the process with your code crashed",
    "killed": "the process with your code was ended",
    "protocol": "the process with your code stopped speaking to the grader",
    "files": "your code wrote more files than is allowed",
}


@dataclass
class CellRun:
    """What came of one code cell. ``status``: ok, error, timeout, not_run or skipped; ``detail``: a sentence or "".

    ``stops``: the statements that raised; those after them were run all the same.
    """

    status: str
    seconds: float = 0.0
    detail: str = ""
    stops: tuple[Stop, ...] = ()


@dataclass
class Execution:
    """``nb``: a copy of the notebook with outputs. ``cells``: a ``CellRun`` for every code cell, by its id.

    ``death``: None, or why the run ended before the notebook did: "time" (of the submission), "stuck" (beyond its time
    and deaf to interrupts), "memory", "files", "output", "exit", "crash", "killed" or "protocol"; ``detail`` says it in
    a sentence.
    """

    nb: NotebookNode
    cells: dict[str, CellRun] = field(default_factory=dict)
    death: str | None = None
    detail: str = ""
    seconds: float = 0.0


def run_notebook(
    nb: NotebookNode,
    *,
    limits: Limits | None = None,
    isolation: str = "bubblewrap",
    files: str | os.PathLike[str] | None = None,
    skip: Callable[[NotebookNode], Any] | None = None,
    at_cell: Mapping[str, Callable[[Session], object]] | None = None,
    packages: Iterable[str | os.PathLike[str]] = (),
) -> Execution:
    """Run the code cells of ``nb`` in order and return an ``Execution``.

    ``files``: a folder whose plain files are copied into the working folder. ``packages``: folders of modules that can
    be imported. ``skip(cell)``: true for cells that are not run. ``at_cell``: ``{cell id: function(session)}``, called
    in place of running that cell.
    ``isolation="trusted"`` runs the code with the rights of this process: only for code that is trusted.

    Raises ``SandboxUnavailable`` when no isolated kernel can be had on this machine, ``TooManyFiles`` for ``files``
    beyond the limits, and whatever a function in ``at_cell`` raises; never for what student code does.
    """
    limits = limits or Limits()
    execution = Execution(from_dict(nb))
    started = time.monotonic()
    kernel = open_kernel(limits, isolation=isolation, handed_in=files, packages=packages)
    try:
        session = Session(kernel, limits)
        try:
            _connect(session)
            _Run(execution, session, limits, skip or (lambda cell: False), at_cell or {}).run_all()
        finally:
            session.close()
    finally:
        kernel.close()
    execution.seconds = time.monotonic() - started
    return execution


def _connect(session: Session) -> None:
    """Wait for the kernel. No student code has run before it answers, so a failure is this machine's."""
    try:
        session.connect()
    except KernelDied as error:
        words = session.kernel.last_words() or str(error)
        raise SandboxUnavailable(f"the kernel did not start: {words}", "See `grader doctor`.") from error


class _Run:
    def __init__(
        self,
        execution: Execution,
        session: Session,
        limits: Limits,
        skip: Callable[[NotebookNode], Any],
        at_cell: Mapping[str, Callable[[Session], object]],
    ) -> None:
        self.execution, self.session, self.limits = execution, session, limits
        self.skip, self.at_cell = skip, at_cell
        self.output_left = TOTAL_OUTPUT_FACTOR * limits.output_bytes
        self.count = 0

    def run_all(self) -> None:
        for number, cell in enumerate(self.execution.nb.cells):
            if cell.cell_type == "code":
                name = cell.get("id") or f"cell-{number}"
                self.execution.cells[name] = self._cell(cell, name)

    def _cell(self, cell: NotebookNode, name: str) -> CellRun:
        cell.outputs, cell.execution_count = [], None
        if self.skip(cell):
            return CellRun("skipped")
        if time.monotonic() >= self.session.deadline and not self.execution.death:
            self.execution.death, self.execution.detail = "time", WORDS["time"]
        if self.execution.death:
            return CellRun("not_run", detail=self.execution.detail)
        started = time.monotonic()
        self.stops: tuple[Stop, ...] = ()
        try:
            if cell.get("id") in self.at_cell:
                self.at_cell[cell.id](self.session)
                self.session.settle()
                run = CellRun("ok")
            else:
                run = self._code(cell)
        except KernelDied as error:
            self._bury(str(error))
            run = CellRun("error")
        run.seconds, run.stops = time.monotonic() - started, self.stops
        return run

    def _code(self, cell: NotebookNode) -> CellRun:
        if not cell.source.strip():
            return CellRun("ok")
        if len(cell.source) > MAX_SOURCE:
            return CellRun("error", detail="the cell is too long to run")
        self.count += 1
        cell.execution_count = self.count
        outputs = self._outputs()
        try:
            status = self.session.run(cell.source, outputs)
            if status in ("timeout", "output"):
                detail = WORDS[status].format(seconds=self.limits.cell_seconds)
                outputs.note("Stopped", detail)
                return CellRun("timeout" if status == "timeout" else "error", detail=detail)
            return CellRun(status, detail="some of its output was cut off" if outputs.cut else "")
        except KernelDied as error:
            self._bury(str(error))
            outputs.note("Ended", self.execution.detail)
            late = self.execution.death in ("time", "stuck")
            return CellRun("timeout" if late else "error", detail=self.execution.detail)
        finally:
            self.output_left = max(0, self.output_left - outputs.used)
            cell.outputs = outputs.finish()
            # IPython takes empty lines away from the beginning of a cell before it counts.
            above = cell.source[: len(cell.source) - len(cell.source.lstrip())].count("\n")
            self.stops = tuple(replace(stop, line=stop.line + above) for stop in outputs.stops)

    def _outputs(self) -> CellOutputs:
        kb = self.limits.output_kb
        if self.output_left < self.limits.output_bytes:
            return CellOutputs(self.output_left, f"{TOTAL_OUTPUT_FACTOR * kb} kB a notebook")
        return CellOutputs(self.limits.output_bytes, f"{kb} kB a cell")

    def _bury(self, detail: str = "") -> None:
        """Write down why the kernel is gone."""
        if not self.execution.death:
            self.execution.death = self.session.kernel.cause_of_death() or "protocol"
            self.execution.detail = WORDS.get(self.execution.death, detail)
