"""What nbgrader's own commands read of a check: an exception while they validate, a number while they grade.

nbgrader takes a test cell that ends quietly for right, and any line on stderr for wrong. What it is doing it says in
the environment variable NBGRADER_EXECUTION (nbgrader 0.7 and later); where that is not set, as when a student runs the
notebook, nothing here does anything. `grader grade` asks its own questions and never comes here.
"""

from __future__ import annotations

import io
import os
import sys
from contextlib import AbstractContextManager, nullcontext, redirect_stderr


class NotRight(AssertionError):
    """An exercise that does not pass; shown as the words of its check, without the way through our own code."""

    def _render_traceback_(self) -> list[str]:  # what IPython shows in place of a traceback
        return str(self).splitlines()


def nbgrader_reads(passed: bool, points: float | None, text: str) -> None:
    """Hand nbgrader the verdict on a test cell, in the one form that each of its commands reads.

    points: None where only the test cell itself knows them; all or nothing then. Raises `NotRight`, with the check's
    `text`, where a notebook is validated that did not pass.
    """
    execution = os.environ.get("NBGRADER_EXECUTION")
    if execution == "validate" and not passed:
        raise NotRight(text)
    if execution == "autograde" and (points is not None or not passed):
        sys.displayhook(float(points or 0.0))  # the cell's result, of which nbgrader reads the first


def no_stderr() -> AbstractContextManager[object]:
    """A warning costs nothing: while nbgrader runs a check, what it says on stderr is dropped."""
    return redirect_stderr(io.StringIO()) if "NBGRADER_EXECUTION" in os.environ else nullcontext()
