"""The results of one exercise, and their text. Results are data first; `page` makes HTML of them."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field

import numpy as np

from grader.checks.diagnosis.verdict import Verdict
from grader.checks.exercise.exceptions import Explanation

WIDTH = 110
MOST = {True: 12, False: 8, None: 8}  # lines for what is right, and for what is wrong; more are only counted
MOST_EXPLAINED = 3  # failures shown in full; of more, the first line only
MARKS = {True: "✓ ok    ", False: "✗ wrong ", None: "· open  "}


@dataclass(frozen=True)
class Result:
    """One property of an exercise.

    ok: None where this place cannot tell. details: the indented lines under a failure. yours, expected, verdict: for
    renderings that show more than text. ignore: entries that are not judged. reference: the word for the expected
    numbers.
    """

    what: str
    ok: bool | None
    details: list[str] = field(default_factory=list)
    verdict: Verdict | None = None
    yours: np.ndarray | None = None
    expected: np.ndarray | None = None
    ignore: np.ndarray | None = None
    reference: str = "expected"


@dataclass
class ExerciseReport:
    """All that one `with exercise(...)` block, or one `check(...)`, found.

    stopped: an exception, explained. missing: the name of what is not written yet. remark: what is to be known before
    the results are read. points: (what this gives, of how much) where the properties have points.
    model: the HTML of a model answer.
    """

    exercise: str
    results: list[Result] = field(default_factory=list)
    stopped: Explanation | None = None
    missing: str | None = None
    remark: str = ""
    points: tuple[float, float] | None = None
    model: str = ""

    @property
    def passed(self) -> bool:
        """Was something checked, and nothing found wrong? What only grading can tell stands in nobody's way."""
        return bool(self.results) and self.stopped is None and all(result.ok is not False for result in self.results)

    @property
    def complete(self) -> bool:
        """Is every property right, and none left to grading?"""
        return self.passed and all(result.ok for result in self.results)

    def summary(self) -> str:
        """ "4 of 5 properties, 1.6 of 2 points"."""
        if self.results and all(result.ok is None for result in self.results):
            return "no mark here, judged when graded"
        right = sum(result.ok is True for result in self.results)
        if self.points is None:
            return f"{right} of {len(self.results)} right"
        return f"{right} of {len(self.results)} properties, {self.points[0]:g} of {self.points[1]:g} points"

    def text(self) -> str:
        """Plain text, one line for a property that is right, up to four for one that is wrong; at most a screen."""
        lines = [f"note     {self.exercise}  {self.remark}"] if self.remark else []
        lines += _result_lines(self.exercise, self.results)
        if self.points is not None:
            lines.append(f"{self.exercise}: {self.summary()}")
        if self.missing is not None:
            lines.append(not_written(self.exercise, self.missing))
        elif self.stopped is not None:
            lines += [f"{MARKS[False]} {self.exercise}  stopped by an error", *self.stopped.lines()]
        elif not self.results:
            lines.append(f"{self.exercise}: nothing was checked")
        return "\n".join(part for line in lines for part in _wrapped(line))


def _result_lines(exercise: str, results: list[Result]) -> list[str]:
    lines, count = [], dict.fromkeys(MOST, 0)
    for result in results:
        count[result.ok] += 1
        if count[result.ok] > MOST[result.ok]:
            continue
        lines.append(_cut(f"{MARKS[result.ok]} {exercise}  {result.what}"))
        if not result.ok and count[False] <= MOST_EXPLAINED:
            lines += result.details
    lines += [f"{MARKS[ok]} {exercise}  and {count[ok] - MOST[ok]} more" for ok in MOST if count[ok] > MOST[ok]]
    return lines


def _cut(text: str) -> str:
    return text if len(text) <= WIDTH else text[: WIDTH - 3] + "..."


def not_written(exercise: str, missing: str) -> str:
    """One line on an exercise that is still a stub, or that needs one."""
    if missing in ("", exercise):
        return f"{exercise}: not written yet"
    return f"{exercise}: not written yet ({missing} is missing)"


def _wrapped(line: str) -> list[str]:
    return textwrap.wrap(line, WIDTH, subsequent_indent=" " * 11, break_on_hyphens=False) or [""]
