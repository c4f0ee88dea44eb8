"""`with exercise("dense") as check:` - the visible checks of one exercise.

Every method judges one property, notes the result and returns whether it is right; nothing is ever raised into the
notebook, unless nbgrader validates it. At the end of the block one line per property is printed. The checks are the
student's mirror, they give no points.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING

import numpy as np

from grader.checks.derivatives.check import derivative
from grader.checks.derivatives.differentials import check_differential
from grader.checks.derivatives.numerical import Function, NoDerivative, scalar
from grader.checks.diagnosis.as_array import read
from grader.checks.diagnosis.diagnose import diagnose
from grader.checks.diagnosis.tolerance import RTOL
from grader.checks.diagnosis.verdict import Verdict
from grader.checks.exercise.exceptions import explain
from grader.checks.exercise.for_nbgrader import no_stderr
from grader.checks.exercise.html import show
from grader.checks.exercise.needs import needed
from grader.checks.exercise.results import ExerciseReport, Result

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

GRADIENT_RTOL = 1e-5


class Exercise:
    """The checks of one exercise; made by `exercise(name)`."""

    def __init__(self, name: str) -> None:
        self.report = ExerciseReport(name)
        self._quiet = no_stderr()

    def __enter__(self) -> Exercise:
        self._quiet.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self._quiet.__exit__(kind, error, trace)
        if isinstance(error, NotImplementedError):
            self.report.missing = str(error.args[0]) if error.args else ""
        elif isinstance(error, Exception):
            self.report.stopped = explain(error)
        show(self.report)
        return error is None or isinstance(error, Exception)

    def equal(
        self,
        what: str,
        yours: object,
        expected: object,
        rtol: float = RTOL,
        atol: float | None = None,
        mistakes: Mapping | None = None,
        scales: Mapping | None = None,
        sequences: bool = False,
        known: Mapping | None = None,
        before: object = None,
    ) -> bool:
        """Is `yours` the expected value? Tolerances, `mistakes`, `scales`, `known` and `before` as in `diagnose`."""
        verdict = diagnose(
            yours, expected, what, rtol, atol, mistakes, scales, sequences=sequences, known=known, before=before
        )
        return self._note(verdict, yours, expected)

    def shape(self, what: str, yours: object, shape: tuple[int, ...]) -> bool:
        """Is `yours` an array of this shape (a float or 0-d array for `()`), all of it finite?"""
        reading = read(yours)
        wanted = f"an array of shape {tuple(shape)}" if shape else "a single number"
        if reading.array is None:
            verdict = Verdict(False, "type", what, f"{reading.found}   expected {wanted}", likely=reading.likely)
        elif reading.array.shape != tuple(shape):
            found = f"shape {reading.array.shape}" if reading.array.ndim else "a single number"
            turned = reading.array.shape[::-1] == tuple(shape) and len(shape) > 1
            likely = "the factors of a product are in the wrong order, or a .T is missing" if turned else ""
            verdict = Verdict(False, "shape", what, f"{found}   expected {wanted}", likely=likely)
        elif not np.isfinite(reading.array).all():
            verdict = Verdict(False, "not_finite", what, pattern="there are nan or inf in it", shape=str(tuple(shape)))
        else:
            verdict = Verdict(True, "ok", what, shape=str(tuple(shape)))
        return self._note(verdict, yours)

    def gradient(
        self,
        what: str,
        f: Function,
        x: ArrayLike,
        yours: object,
        rtol: float = GRADIENT_RTOL,
        mistakes: Mapping | None = None,
        scales: Mapping | None = None,
    ) -> bool:
        """Is `yours` the gradient of the scalar function f at x? Compared with centred differences, away from kinks."""
        try:
            found = derivative(lambda point: scalar(f(point)), x, yours, what, rtol, mistakes, scales)
        except NoDerivative as error:
            return self._note(Verdict(False, "reference", what, pattern=str(error)))
        return self._note(found.verdict, yours, found.numerical, found.remark, found.ignore, "numerical")

    def differential(
        self,
        what: str,
        f: Function,
        df: ArrayLike | Callable,
        at: ArrayLike,
        rtol: float = GRADIENT_RTOL,
        mistakes: Mapping | None = None,
        scales: Mapping | None = None,
    ) -> bool:
        """Is `df` the derivative of f at a point? An array, df(x), or df(x, dx), as in `check_differential`."""
        found = check_differential(f, df, at, what=what, rtol=rtol, mistakes=mistakes, scales=scales)
        return self._note(found.verdict, remark=f": {found.remark}" if found.remark else "")

    def that(self, what: str, condition: ArrayLike, hint: str = "") -> bool:
        """Does the condition hold, in every entry if it is an array? An empty one proves nothing. If not: the hint."""
        truth = np.asarray(condition)
        ok = truth.size > 0 and bool(truth.all())
        return self._note(Verdict(ok, "ok" if ok else "condition", what, likely="" if ok else hint))

    def unchanged(self, what: str, now: object, before: object) -> bool:
        """Is an argument, an array or lists of them, still what it was? `before` is a copy made before the call."""
        if _same(now, before):
            return self._note(Verdict(True, "ok", f"{what} is left unchanged"))
        likely = "an operation in place (+=, -=, [...] =, out=) works on the caller's array; make a new one"
        return self._note(
            Verdict(
                False, "changed", f"{what} is left unchanged", pattern=f"{what} is changed by the call", likely=likely
            ),
        )

    def _note(
        self,
        verdict: Verdict,
        yours: object = None,
        expected: object = None,
        remark: str = "",
        ignore: np.ndarray | None = None,
        reference: str = "expected",
    ) -> bool:
        shape = f", shape {verdict.shape}" if verdict.shape else ""
        what = f"{verdict.what}{shape}{remark}"
        mine, right = (read(value, sequences=True).array if value is not None else None for value in (yours, expected))
        details = verdict.text().splitlines()[1:]
        self.report.results.append(Result(what, verdict.ok, details, verdict, mine, right, ignore, reference))
        return verdict.ok


def exercise(name: str) -> Exercise:
    """Check one exercise: `with exercise("dense") as check: ...`."""
    return Exercise(name)


class when_written:
    """For demonstration cells: if the block needs an exercise that is not written yet, say so in one line.

    So, too, if an assertion in it fails: what the text says of an experiment is asserted beside it. Any other error, as
    from a function above that is wrong, is told as the checks tell it. Where the last check of an exercise that the
    cell uses found something wrong, that is named; so are the notebook's data, where they are not those of the text
    (`DATASET`). Run All goes on.
    """

    def __enter__(self) -> None:
        self._frame = sys._getframe(1)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        waits = needed(self._frame) if isinstance(error, Exception) else ""
        data = self._frame.f_globals.get("DATASET", "digits")
        del self._frame
        if isinstance(error, AssertionError) and waits:
            print(f"· this does not show what the text says: it needs {waits}")
        elif isinstance(error, AssertionError) and data != "digits":
            print(f"· the text speaks of the small digits; with {data} this shows something else")
        elif isinstance(error, AssertionError):
            print(
                "· this does not show what the text says. If a check above is not ✓, begin there; "
                "if all are, other random numbers, such as first weights, may do that, and it is no mistake"
            )
        elif isinstance(error, NotImplementedError):
            name = f": {error.args[0]}" if error.args else ""
            print(f"not written yet{name}; this cell needs it")
        elif isinstance(error, Exception):
            first = f"it needs {waits}" if waits else "look at the checks above"
            print(f"✗ this demonstration stopped: {first}", *explain(error).lines(), sep="\n")
        return error is None or isinstance(error, Exception)


def _same(now: object, before: object) -> bool:
    """Equal to the last bit, in the same structure of lists, tuples and dictionaries; nan equals nan."""
    if isinstance(before, (list, tuple)):
        return type(now) is type(before) and len(now) == len(before) and all(map(_same, now, before))
    if isinstance(before, dict):
        return type(now) is dict and now.keys() == before.keys() and all(_same(now[key], before[key]) for key in before)
    found, wanted = read(now).array, read(before).array
    if found is None or wanted is None:
        return type(now) is type(before) and now == before
    return np.array_equal(found, wanted, equal_nan=True)
