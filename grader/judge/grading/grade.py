"""Grading one notebook is a function: (submitted bytes, what the course says) -> result.

No database, no shared files, no clock in what comes out but the timings: the same input gives the same grade.
"""

import copy
import dataclasses
import os
import stat
import time
from hashlib import sha256
from pathlib import Path

from grader.judge.authoring.verdicts import Lost, TooSlow
from grader.judge.grading.annotate import NOTES_ID, mark
from grader.judge.grading.examiner import Bench, examine, failed
from grader.judge.grading.result import DIGITS, GRADED, NotebookResult, Part
from grader.judge.repair import repair
from grader.judge.sanitise import sanitise
from grader.sandbox.kernels.copy_files import TooManyFiles
from grader.sandbox.run.notebook import WORDS, run_notebook
from grader.sandbox.walls.limits import Limits

SOCKET = "judge.sock"
HANGUP_SECONDS = 5
TRIES = 3  # of a run whose process is killed


def grade_notebook(spec, submitted, *, files=None, isolation="bubblewrap", limits=None):
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
    repaired = repair(submitted, spec.released)
    if repaired.nb is None:
        return _ungraded(spec, repaired.status, repaired.notes, copy.deepcopy(spec.released))
    trouble = []
    try:
        execution, outcomes, judging = _run_undisturbed(spec, repaired.nb, files, isolation, limits)
    except TooManyFiles as error:
        trouble.append(f"The files beside the notebook were left out: {error}.")
        execution, outcomes, judging = _run_undisturbed(spec, repaired.nb, None, isolation, limits)
    parts = {cell.grade_id: _part(cell, outcomes.get(cell.grade_id)) for cell in spec.cells}
    notes = [*repaired.notes, *trouble, *_notes_on(execution, limits)]
    nb = sanitise(execution.nb)
    mark(nb, parts, notes)
    timings = {"total": time.monotonic() - started, "execution": execution.seconds - judging, "judging": judging}
    timings = {name: round(seconds, 4) for name, seconds in timings.items()}
    return NotebookResult(spec.week, spec.name, GRADED, parts, notes, nb, timings)


def judge_cells_again(spec, submitted, before, only, *, files=None, isolation="bubblewrap", limits=None):
    """``before``, a result of the same submission, with the test cells ``only`` judged by today's hidden tests.

    The same as grading all of it again, for less: nothing is run after the last of these cells, and no other is
    asked. Arguments and errors as ``grade_notebook``; ``before`` must have the status ``graded``.
    """
    limits = limits or Limits()
    started = time.monotonic()
    nb = repair(submitted, spec.released).nb
    wanted = dataclasses.replace(spec, tests={grade_id: spec.tests[grade_id] for grade_id in only})
    others = frozenset(spec.tests) - frozenset(only)
    try:
        _, outcomes, judging = _run_undisturbed(wanted, nb, files, isolation, limits, others)
    except TooManyFiles:
        _, outcomes, judging = _run_undisturbed(wanted, nb, None, isolation, limits, others)
    again = {cell.grade_id: _part(cell, outcomes[cell.grade_id]) for cell in spec.cells if cell.grade_id in outcomes}
    parts = {grade_id: again.get(grade_id, part) for grade_id, part in before.parts.items()}
    graded = copy.deepcopy(before.nb)
    graded.cells = [cell for cell in graded.cells if cell.get("id") != NOTES_ID]
    mark(graded, parts, before.notes)
    seconds = time.monotonic() - started
    timings = {"total": round(seconds, 4), "execution": round(seconds - judging, 4), "judging": round(judging, 4)}
    return NotebookResult(spec.week, spec.name, GRADED, parts, list(before.notes), graded, timings)


def _run_undisturbed(spec, nb, files, isolation, limits, passed_over=frozenset()):
    """The run; once more when its process was killed, which this machine may have done rather than the notebook.

    A machine without memory or a person may kill any process. A notebook that kills itself does it every time.
    """
    for _ in range(TRIES):
        result = _run(spec, nb, files, isolation, limits, passed_over)
        if result[0].death != "killed":
            break
    return result


def _run(spec, nb, files, isolation, limits, passed_over=frozenset()):
    """Execute the notebook; at each test cell ask its hidden tests. Returns the execution, outcomes, judging time.

    ``passed_over``: test cells that are neither run nor asked; then nothing is run after the last that is asked.
    """
    seed, outcomes, judging, started = _seed(nb, files), {}, [], time.monotonic()

    def at(grade_id):
        def examine_here(session):
            began = time.monotonic()
            deadline = started + limits.submission_seconds
            with Bench(session.run_dir / SOCKET) as bench:
                request = session.start_attending(f"{session.inner_run_dir}/{SOCKET}")
                # A helper that has returned, replaced by the student's code perhaps, connects no more.
                bench.alive = lambda: session.alive() and session.wait(request, 0.01) == "timeout"
                outcomes[grade_id] = examine(
                    bench, spec.tests[grade_id], seed=seed, seconds=limits.question_seconds, deadline=deadline
                )
            session.wait(request, HANGUP_SECONDS)
            judging.append(time.monotonic() - began)

        return examine_here

    execution = run_notebook(
        nb,
        limits=limits,
        isolation=isolation,
        files=files,
        skip=lambda cell: (
            "skip-grading" in cell.metadata.get("tags", [])
            or cell.id in passed_over
            or (passed_over and outcomes.keys() == spec.tests.keys())
        ),
        at_cell={grade_id: at(grade_id) for grade_id in spec.tests},
        packages=spec.packages,
    )
    for grade_id, tests in spec.tests.items():
        if grade_id not in outcomes:
            hint, code = _not_reached(execution)
            outcomes[grade_id] = [failed(test, hint, code) for test in tests]
    return execution, outcomes, sum(judging)


def _seed(nb, files):
    """Of the challenge: other code or other files, other numbers; the same, the same numbers.

    So what somebody has found out about the numbers of one submission is of no use to the next.
    """
    digest = sha256()
    for cell in nb.cells:
        if cell.cell_type == "code":
            digest.update(cell.source.encode("utf-8", "surrogatepass") + b"\0")
    for path in sorted(Path(files).rglob("*")) if files else ():
        if stat.S_ISREG(path.lstat().st_mode):
            digest.update(os.fsencode(path.relative_to(files)) + b"\0" + sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _not_reached(execution):
    if execution.death == "time":
        return "the time allowed for the whole notebook was used up before this cell", TooSlow.code
    return "the notebook's process had ended before this cell was reached", Lost.code


def _part(cell, outcomes):
    if cell.manual:
        return Part(0.0, cell.points, cell.bonus, cell.practice, manual=True)
    points = sum(outcome.points for outcome in outcomes)
    return Part(round(min(points, cell.points), DIGITS), cell.points, cell.bonus, cell.practice, False, tuple(outcomes))


def _ungraded(spec, status, notes, nb):
    hint = notes[0] if notes else "nothing could be graded"
    parts = {}
    for cell in spec.cells:
        outcomes = [failed(test, hint, status) for test in spec.tests.get(cell.grade_id, [])]
        parts[cell.grade_id] = _part(cell, outcomes)
    if nb is not None:
        mark(nb, parts, notes)
    return NotebookResult(spec.week, spec.name, status, parts, list(notes), nb)


DEATHS = {
    "memory": "Your notebook used more than the {memory_mb} MB of memory it may use and was ended.",
    "time": "Your notebook ran longer than the {submission_seconds:g} s it may take in all and was ended.",
    "stuck": "A cell of your notebook could not be stopped after {cell_seconds:g} s, so the notebook was ended.",
    "files": "Your notebook wrote more files than it may (in all {tmp_mb} MB) and was ended.",
    "crash": "The notebook's process crashed (a fault in compiled code, or recursion without end).",
    "exit": "The notebook's process was ended by its own code.",
    "output": "Your notebook printed without end and was ended.",
}


def _notes_on(execution, limits):
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
