"""The work of one worker, which `job` asks for: one notebook graded, with what the desk has to tell the student."""

from __future__ import annotations

import contextlib
import copy
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from grader.desk.collect.submissions import Work
from grader.desk.files import remove_abandoned
from grader.desk.grade.specs import checked_spec
from grader.judge.grading.annotate import annotate
from grader.judge.grading.grade import grade_notebook, not_read
from grader.judge.grading.result import FAILED, NotebookResult
from grader.judge.grading.spec import NotebookSpec
from grader.judge.repair.released import NOTES_ID
from grader.sandbox.walls.limits import Limits

STAGED = "grader-files-"
Files = tuple[tuple[str, bytes], ...]

# Only for workers, which live as long as one run: elsewhere the hidden tests may be edited in between.
spec_of_this_run = lru_cache(maxsize=64)(checked_spec)


def grade_work(spec: NotebookSpec, work: Work, limits: Limits, isolation: str) -> NotebookResult:
    """The judge's result for one notebook, with what the desk has to tell the student about the file put on top.

    The one way a notebook is graded: `grader grade` and nbgrader's own autograde both end here.
    """
    if work.refused:
        result = not_read(spec, work.refused)
    else:
        with _staged(spec.given, work.files) as files:
            result = grade_notebook(spec, work.submitted, files=files, isolation=isolation, limits=limits)
    if result.nb is None and work.alone:
        result.nb = copy.deepcopy(spec.released)
    notes = list(dict.fromkeys([*work.notes, *result.notes]))  # what is the reason may be among the notes already
    if result.nb is not None and (work.notes or work.alone):
        result.nb.cells = [cell for cell in result.nb.cells if cell.get("id") != NOTES_ID]
        annotate(result.nb, result.parts, notes)
    result.notes = notes
    return result


def failed_result(spec: NotebookSpec, work: Work) -> NotebookResult:
    """What is published when the grader itself could not grade: no points, and a person is asked to look."""
    result = grade_notebook(spec, None)
    result.status = FAILED
    result.notes = [
        *work.notes,
        "This notebook could not be graded automatically. Your instructor has been told and will look at it.",
    ]
    result.nb = copy.deepcopy(spec.released)
    annotate(result.nb, result.parts, result.notes)
    return result


@contextmanager
def _staged(given: Files, handed_in: Files) -> Iterator[Path | None]:
    """The files beside the notebook in a folder of their own, given ones unchanged; None when there are none."""
    if not given and not handed_in:
        yield None
        return
    _abandoned_removed()
    with tempfile.TemporaryDirectory(prefix=f"{STAGED}{os.getpid()}-") as place:
        for name, data in (*given, *handed_in):
            path = Path(place) / name
            # A name of theirs that is a given file, or a given folder, stays in `submitted/`.
            with contextlib.suppress(FileExistsError, NotADirectoryError):
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("xb") as file:
                    file.write(data)
        yield Path(place)


@lru_cache(maxsize=1)
def _abandoned_removed() -> None:
    """What killed workers left, removed once in a process."""
    remove_abandoned(STAGED)
