"""The results of one exercise, and their text. Results are data first, so that other renderings can be added."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field

import numpy as np

from grader.checks.explain import Explanation
from grader.checks.verdict import Verdict

WIDTH = 110
MOST_OK = 12  # lines for what is right; more are counted
MOST_EXPLAINED = 3  # failures shown in full; of more, the first line only
MARKS = {True: "✓ ok    ", False: "✗ wrong "}


@dataclass(frozen=True)
class Result:
    """One property of an exercise.

    details: the indented lines under a failure. yours, expected, verdict: kept for renderings that show more than text.
    """

    what: str
    ok: bool
    details: list[str] = field(default_factory=list)
    verdict: Verdict | None = None
    yours: np.ndarray | None = None
    expected: np.ndarray | None = None


@dataclass
class Report:
    """All that one `with exercise(...)` block found.

    stopped: an exception, explained. missing: the name of what is not written yet.
    """

    exercise: str
    results: list[Result] = field(default_factory=list)
    stopped: Explanation | None = None
    missing: str | None = None

    def text(self) -> str:
        """Plain text, one line for a property that is right, up to four for one that is wrong; at most a screen."""
        lines = _result_lines(self.exercise, self.results)
        if self.missing is not None:
            lines.append(_not_written(self.exercise, self.missing))
        elif self.stopped is not None:
            lines += [f"{MARKS[False]} {self.exercise}  stopped by an error", *self.stopped.lines()]
        elif not self.results:
            lines.append(f"{self.exercise}: nothing was checked")
        return "\n".join(part for line in lines for part in _wrapped(line))


def _result_lines(exercise: str, results: list[Result]) -> list[str]:
    lines, right, wrong = [], 0, 0
    for result in results:
        right, wrong = right + result.ok, wrong + (not result.ok)
        if result.ok and right > MOST_OK:
            continue
        lines.append(f"{MARKS[result.ok]} {exercise}  {result.what}")
        if not result.ok and wrong <= MOST_EXPLAINED:
            lines += result.details
    if right > MOST_OK:
        lines.append(f"{MARKS[True]} {exercise}  and {right - MOST_OK} more")
    return lines


def _not_written(exercise: str, missing: str) -> str:
    if missing in ("", exercise):
        return f"{exercise}: not written yet"
    return f"{exercise}: not written yet ({missing} is missing)"


def _wrapped(line: str) -> list[str]:
    return textwrap.wrap(line, WIDTH, subsequent_indent=" " * 11, drop_whitespace=False, break_on_hyphens=False) or [""]
