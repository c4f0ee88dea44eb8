"""Grading one notebook is a function: (submitted bytes, what the course says) -> result.

No database, no shared files, no clock in what comes out but the timings: the same input gives the same grade.
"""

from __future__ import annotations

import copy
import os
import stat
import time
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from pathlib import Path

from nbformat.notebooknode import NotebookNode

from grader.checks.questions.experiments import Budget
from grader.judge.authoring.verdicts import Lost, TooSlow
from grader.judge.bounds import REPAIR_SECONDS, RUNS, SANITISE_SECONDS, TakesTooLong, bounded, few
from grader.judge.grading.annotate import annotate
from grader.judge.grading.examiner import TestRunner, examine, failed
from grader.judge.grading.result import (
    DIGITS,
    ENDED_BEFORE,
    GRADED,
    NOT_SHOWN,
    TIME_USED_UP,
    CellResult,
    NotebookResult,
    Outcome,
)
from grader.judge.grading.spec import Cell, NotebookSpec, is_skipped
from grader.judge.grading.stopped import notes_on_replaced, notes_on_stopped, stopped_cells, with_causes
from grader.judge.repair import Repaired, repair
from grader.judge.sanitise import sanitise
from grader.sandbox.kernels.copy_files import TooManyFiles
from grader.sandbox.run.notebook import WORDS, Execution, run_notebook
from grader.sandbox.run.session import Session
from grader.sandbox.walls.limits import Limits

SOCKET = "judge.sock"
HANGUP_SECONDS = 5


def grade_notebook(
    spec: NotebookSpec,
    submitted: bytes | None,
    *,
    files: str | Path | None = None,
    isolation: str = "bubblewrap",
    limits: Limits | None = None,
) -> NotebookResult:
    """Grade one notebook as handed in.

    Args:
        spec: ``NotebookSpec`` of the notebook.
        submitted: the file's bytes, or None when it was not handed in.
        files: folder with what was handed in beside it, or None.
        isolation: ``bubblewrap``, or ``trusted`` for code that is known to be harmless.
        limits: ``Limits``.

    Returns: ``NotebookResult``. Errors of students never raise; ``SandboxUnavailable`` does.
    """
    limits = limits or Limits()
    started = time.monotonic()
    if submitted is None:
        return _ungraded(spec, "missing", ["The notebook was not handed in."], None)
    repaired = _repaired(submitted, spec)
    if repaired.nb is None:
        return _ungraded(spec, repaired.status, repaired.notes, copy.deepcopy(spec.released))
    trouble = []
    try:
        execution, outcomes, judging = _run_undisturbed(spec, repaired.nb, files, isolation, limits)
    except TooManyFiles as error:
        trouble.append(f"The files beside the notebook were left out: {error}.")
        execution, outcomes, judging = _run_undisturbed(spec, repaired.nb, None, isolation, limits)
    stopped = stopped_cells(execution, spec.released)
    outcomes = with_causes(outcomes, stopped, execution.nb, spec.released)
    parts = {cell.grade_id: _cell_result(cell, outcomes.get(cell.grade_id, ())) for cell in spec.cells}
    # From here on nothing can take away what was earned: if the notebook cannot be shown, its scores can.
    of_cells = [*notes_on_stopped(stopped), *notes_on_replaced(execution.nb, spec.released)]
    notes = few([*repaired.notes, *trouble, *of_cells, *_notes_on(execution, limits)])
    status, nb = _shown(execution.nb, spec, notes)
    annotate(nb, parts, notes)
    timings = {"total": time.monotonic() - started, "execution": execution.seconds - judging, "judging": judging}
    timings = {name: round(seconds, 4) for name, seconds in timings.items()}
    return NotebookResult(spec.week, spec.name, status, parts, notes, nb, timings, unanswered(nb, spec.released))


def _repaired(submitted: bytes, spec: NotebookSpec) -> Repaired:
    """The notebook repaired, within bounds."""
    try:
        with bounded(REPAIR_SECONDS):
            return repair(submitted, spec.released)
    except (TakesTooLong, MemoryError):
        return Repaired(None, ["The file takes more time or memory to read than any notebook needs."], "broken")


def _shown(nb: NotebookNode, spec: NotebookSpec, notes: list[str]) -> tuple[str, NotebookNode]:
    """The status and what can be shown of an executed notebook: if it cannot be made safe, the released one.

    ``not_shown`` is not ``graded``: a person has to look. The reason is added to the notes.
    """
    try:
        with bounded(SANITISE_SECONDS):
            return GRADED, sanitise(nb)
    except Exception as error:  # whatever it is, it must not cost the submission its points
        notes.append(
            f"Your notebook cannot be shown here, so this is the released one ({type(error).__name__}). It was run and"
            " judged as handed in, and its points count."
        )
        return NOT_SHOWN, copy.deepcopy(spec.released)


def unanswered(nb: NotebookNode, released: NotebookNode) -> tuple[str, ...]:
    """The grade_ids of answer cells in which nothing was changed since the notebook was released."""
    given = {data["grade_id"]: cell for cell in released.cells if (data := _nbgrader(cell)).get("solution")}
    found = [(str(_nbgrader(cell).get("grade_id")), cell) for cell in nb.cells]
    return tuple(
        grade_id
        for grade_id, cell in found
        if grade_id in given and (cell.cell_type, cell.source) == (given[grade_id].cell_type, given[grade_id].source)
    )


def _nbgrader(cell: NotebookNode) -> dict:
    return cell.metadata.get("nbgrader", {})


Run = tuple[Execution, dict[str, list[Outcome]], float]


def _run_undisturbed(
    spec: NotebookSpec, nb: NotebookNode, files: str | Path | None, isolation: str, limits: Limits
) -> Run:
    """The run; once more when its process was killed, which this machine may have done rather than the notebook.

    A machine without memory or a person may kill any process. A notebook that kills itself does it every time.
    """
    for _ in range(RUNS):
        result = _run(spec, nb, files, isolation, limits)
        if result[0].death != "killed":
            break
    return result


def _run(spec: NotebookSpec, nb: NotebookNode, files: str | Path | None, isolation: str, limits: Limits) -> Run:
    """Execute the notebook; at each test cell ask its hidden tests. Returns the execution, outcomes, judging time."""
    seed, started = _seed(nb, files), time.monotonic()
    outcomes: dict[str, list[Outcome]] = {}
    judging: list[float] = []
    experiments = Budget()

    def at(cell: str) -> Callable[[Session], None]:
        def examine_here(session: Session) -> None:
            began = time.monotonic()
            deadline = started + limits.submission_seconds
            with TestRunner(session.run_dir / SOCKET, experiments) as runner:
                request = session.start_attending(f"{session.inner_run_dir}/{SOCKET}")
                # A helper that has returned, replaced by the student's code perhaps, connects no more.
                runner.alive = lambda: session.alive() and session.wait(request, 0.01) == "timeout"
                outcomes[cell] = examine(
                    *(runner, spec.tests[cell]),
                    seed=seed,
                    seconds=limits.question_seconds,
                    deadline=deadline,
                    earlier=outcomes,
                )
            session.wait(request, HANGUP_SECONDS)
            judging.append(time.monotonic() - began)

        return examine_here

    execution = run_notebook(
        nb,
        limits=limits,
        isolation=isolation,
        files=files,
        skip=is_skipped,
        at_cell={cell: at(cell) for cell in spec.tests},
        packages=spec.packages,
    )
    for grade_id, tests in spec.tests.items():
        if grade_id not in outcomes:
            hint, code = _not_reached(execution)
            outcomes[grade_id] = [failed(test, hint, code) for test in tests]
    return execution, outcomes, sum(judging)


def _seed(nb: NotebookNode, files: str | Path | None) -> str:
    """Of the challenge: other code or other files, other numbers; the same, the same numbers.

    So what somebody has found out about the numbers of one submission is of no use to the next.
    """
    digest = sha256()
    for cell in nb.cells:
        if cell.cell_type == "code":
            digest.update(cell.source.encode("utf-8", "surrogatepass") + b"\0")
    for path in sorted(Path(files).rglob("*")) if files else ():
        if stat.S_ISREG(path.lstat().st_mode):
            digest.update(os.fsencode(path.relative_to(str(files))) + b"\0" + sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _not_reached(execution: Execution) -> tuple[str, str]:
    return (TIME_USED_UP, TooSlow.code) if execution.death == "time" else (ENDED_BEFORE, Lost.code)


def _cell_result(cell: Cell, outcomes: Iterable[Outcome]) -> CellResult:
    if cell.manual:
        return CellResult(0.0, cell.points, cell.bonus, cell.practice, manual=True)
    outcomes = tuple(outcomes)
    points = round(min(sum(outcome.points for outcome in outcomes), cell.points), DIGITS)
    return CellResult(points, cell.points, cell.bonus, cell.practice, False, outcomes)


def _ungraded(spec: NotebookSpec, status: str, notes: Sequence[str], nb: NotebookNode | None) -> NotebookResult:
    hint = notes[0] if notes else "nothing could be graded"
    parts = {}
    for cell in spec.cells:
        outcomes = [failed(test, hint, status) for test in spec.tests.get(cell.grade_id, [])]
        parts[cell.grade_id] = _cell_result(cell, outcomes)
    untouched = unanswered(spec.released, spec.released)
    if nb is not None:
        annotate(nb, parts, notes)
    return NotebookResult(spec.week, spec.name, status, parts, list(notes), nb, unanswered=untouched)


def not_read(spec: NotebookSpec, reason: str) -> NotebookResult:
    """The result where something was handed in, but nothing that could be read as this notebook."""
    return _ungraded(spec, "not_read", [reason], copy.deepcopy(spec.released))


DEATHS = {
    "memory": "Your notebook used more than the {memory_mb} MB of memory it may use and was ended.",
    "time": "Your notebook ran longer than the {submission_seconds:g} s it may take in all and was ended.",
    "stuck": "A cell of your notebook could not be stopped after {cell_seconds:g} s, so the notebook was ended.",
    "files": "Your notebook wrote more files than it may (in all {tmp_mb} MB) and was ended.",
    "crash": "The notebook's process crashed (a fault in compiled code, or recursion without end).",
    "exit": "The notebook's process was ended by its own code.",
    "output": "Your notebook printed without end and was ended.",
}


def _notes_on(execution: Execution, limits: Limits) -> list[str]:
    """Limits that were hit, in words a student understands."""
    notes = []
    for number, cell in enumerate(execution.nb.cells, start=1):
        run = execution.cells.get(cell.id)
        if run is not None and run.status == "timeout":
            notes.append(f"Cell {number} ran longer than {limits.cell_seconds:g} s and was stopped.")
        elif run is not None and run.detail == WORDS["output"]:
            notes.append(f"Cell {number} printed far more than the {limits.output_kb} kB it may and was stopped.")
        elif run is not None and "output" in (run.detail or ""):
            notes.append(f"Cell {number} printed more than {limits.output_kb} kB; the rest was cut off.")
    if execution.death is not None:
        sentence = DEATHS.get(execution.death, "The notebook's process was ended.").format(**vars(limits))
        notes.append(sentence + " What was earned before that stays earned.")
    return notes
