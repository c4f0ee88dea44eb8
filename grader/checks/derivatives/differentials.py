"""Check a derivative in any of the forms in which it is written, along random directions.

    argument    value     derivative, as an array         as a differential
    scalar      any       f.shape                         df(x, dx), shape of f
    vector [n]  scalar    gradient [n]                    df(x, dx), a number
    vector [n]  vector m  Jacobian [m, n], numerator      df(x, dx) [m]
    matrix      scalar    gradient, shape of the matrix   df(X, dX), a number
    matrix      any       f.shape + X.shape               df(X, dX), shape of f

The differential is the linear map dx -> L(dx) for which f(x + dx) = f(x) + L(dx) + what falls faster than |dx|. An
array stands for the map that multiplies each dx[j] by its entry and adds up. Along a few random directions L is
compared with numerical slopes, which is quick for any number of entries; where it is wrong, every entry is looked at to
say what is.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeGuard

import numpy as np

from grader.checks.derivatives.linearisation import STEPS, Linearisation, linearise
from grader.checks.derivatives.numerical import Function, NoDerivative, Slopes, slopes
from grader.checks.diagnosis.as_array import read
from grader.checks.diagnosis.diagnose import diagnose
from grader.checks.diagnosis.tolerance import close, largest
from grader.checks.diagnosis.verdict import Verdict

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

RTOL = 1e-5
MOST_ENTRIES = 2000  # of the derivative; beyond, a wrong one is described along a direction only
MOST_FOR_HESSIAN = 20  # entries of x up to which second derivatives are looked at
LINEAR_RTOL = 1e-7
NO_SLOPE = "f has a kink, is rough (float32 inside?) or is not finite around this point"


@dataclass(frozen=True)
class DifferentialCheck:
    """What `check_differential` found: true if the derivative is right; shown as text.

    linearisation: the remainders along the directions; None where they mean nothing, because yours could not be
    evaluated or f has a kink. remark: one clause on them, or on what was left out.
    """

    verdict: Verdict
    linearisation: Linearisation | None = None
    remark: str = ""

    @property
    def ok(self) -> bool:
        return self.verdict.ok

    def __bool__(self) -> bool:
        return self.ok

    def __repr__(self) -> str:
        head, *details = self.verdict.text().splitlines()
        return "\n".join([head + (f" ({self.remark})" if self.remark else ""), *details])

    def plot(self, axis: Axes | None = None, label: str = "", **style: Any) -> Axes:
        """Draw the remainder over the step; see `Linearisation.plot`."""
        if self.linearisation is None:
            raise ValueError(f"there is no linearisation to draw ({self.remark or self.verdict.pattern})")
        return self.linearisation.plot(axis, label, **style)


def check_differential(
    f: Function,
    df: ArrayLike | Callable,
    at: ArrayLike,
    *,
    what: str = "",
    rtol: float = RTOL,
    directions: int = 3,
    steps: ArrayLike = STEPS,
    seed: int = 0,
    mistakes: Mapping | None = None,
    scales: Mapping | None = None,
) -> DifferentialCheck:
    """Is `df` the derivative of `f` at the point `at`?

    f         function of a number, vector or matrix; returns a number or an array
    df        the derivative as an array (gradient, or Jacobian in numerator layout), or a function df(x) that returns
              that array, or the differential as a function df(x, dx) that returns an array of the shape of f
    what      its name in the report; else gradient, Jacobian, derivative or differential
    mistakes  {text: the wrong derivative this mistake gives}, in the form in which df is given; scales as in `diagnose`

    Nothing is blamed on df where f has no derivative: then the verdict's code is "reference".
    """
    x = np.array(at, dtype=np.float64)
    problem = _Problem(f, x, what, rtol, dict(mistakes or {}), dict(scales or {}))
    refused = problem.refused()
    if refused:
        return DifferentialCheck(refused)
    drawn = _directions(x, directions, seed)
    try:
        judged = _judge_map(problem, df, drawn) if _takes_two(df) else _judge_array(problem, df, drawn)
    except NoDerivative as error:
        return DifferentialCheck(problem.reference(str(error)))
    verdict, along, left_out = judged
    if left_out or not along:
        return DifferentialCheck(verdict, remark=left_out)
    found = linearise(f, x, along, steps)
    return DifferentialCheck(verdict, found, found.text())


@dataclass(frozen=True)
class _Problem:
    f: Function
    x: np.ndarray
    what: str
    rtol: float
    mistakes: dict
    scales: dict

    @property
    def shape(self) -> tuple[int, ...]:
        return np.shape(self.f(self.x.copy()))

    def refused(self) -> Verdict | None:
        """A verdict if f gives nothing that could be differentiated here."""
        value = read(self.f(self.x.copy()), sequences=True)
        if value.array is None:
            return self.reference(f"f returns {value.found}, and that has no derivative")
        if not np.isfinite(value.array).all():
            return self.reference("f is not finite at this point")
        return None

    def reference(self, pattern: str) -> Verdict:
        return Verdict(False, "reference", self.what or "derivative", pattern=pattern)

    def along(self, direction: np.ndarray) -> Slopes:
        """Numerical slopes of f on the line x + t * direction at t = 0, shape of f."""
        return slopes(lambda t: self.f(self.x + float(t) * direction), 0.0)

    def judged(self, yours: object, found: Slopes, what: str, mistakes: Mapping, atol: float = 0.0) -> Verdict:
        """The diagnosis of `yours` against numerical slopes, entries at a kink left out."""
        if found.kink.size and found.kink.all():
            return self.reference(NO_SLOPE)
        atol = max(atol, self.atol(found.value[~found.kink], found.error[~found.kink]))
        return diagnose(
            yours,
            found.value,
            what,
            self.rtol,
            atol or None,
            mistakes,
            self.scales,
            ignore=found.kink,
            reference="numerical",
        )

    def atol(self, values: np.ndarray, errors: np.ndarray) -> float:
        return max(1e-2 * self.rtol * largest(values), 20 * largest(errors))


def _judge_array(problem: _Problem, df: ArrayLike | Callable, directions: list) -> tuple[Verdict, list, str]:
    """(verdict, [(direction, yours along it)], what was left out) for an array, or a function of x that returns one."""
    yours = df(problem.x.copy()) if callable(df) else df
    reading = read(yours)
    shape = problem.shape + problem.x.shape
    if reading.array is None or reading.array.shape != shape or not np.isfinite(reading.array).all():
        verdict, left_out = _entries(problem, yours)
        return verdict, [], left_out
    along = [(d, np.tensordot(reading.array, d, axes=problem.x.ndim)) for d in directions]
    found = [problem.along(d) for d in directions]
    atol = _common_atol(problem, found)
    verdicts = [
        problem.judged(mine, slope, "derivative along a random direction", {}, atol)
        for (_, mine), slope in zip(along, found, strict=True)
    ]
    wrong = next((verdict for verdict in verdicts if not verdict.ok), None)
    if wrong is None:
        return Verdict(True, "ok", problem.what or _kind(problem), shape=str(shape) if shape else ""), along, ""
    if int(np.prod(shape)) > MOST_ENTRIES:
        return wrong, along, ""
    verdict, left_out = _entries(problem, yours)
    if verdict.ok and wrong.code != "reference":
        return wrong, along, ""
    if verdict.code in ("differs", "some") and callable(df):
        verdict = _no_gradient(problem, df, verdict)
    return verdict, along, left_out


def _judge_map(problem: _Problem, df: Callable, directions: list) -> tuple[Verdict, list, str]:
    """(verdict, [(direction, yours along it)], "") for a differential df(x, dx)."""
    x, what = problem.x, problem.what or "differential"

    def mine(direction: np.ndarray) -> ArrayLike:
        return df(x.copy(), direction.copy())

    reading = read(mine(directions[0]))
    if reading.array is None or reading.array.shape != problem.shape or not np.isfinite(reading.array).all():
        named = _maps(problem, directions[0])
        return problem.judged(mine(directions[0]), problem.along(directions[0]), what, named), [], ""
    along = [(d, read(mine(d)).array) for d in directions]
    broken = _not_linear(mine, directions[0], directions[1], what)
    if broken:
        return broken, along, ""
    found = [problem.along(d) for d in directions]
    atol = _common_atol(problem, found)
    for (direction, value), there in zip(along, found, strict=True):
        named = {**_maps(problem, direction), **_turned(mine, direction, there, problem)}
        verdict = problem.judged(value, there, what, named, atol)
        if not verdict.ok:
            return verdict, along if verdict.code != "reference" else [], ""
    return verdict, along, ""


def _entries(problem: _Problem, yours: object) -> tuple[Verdict, str]:
    """The diagnosis entry by entry, with the mistakes that any derivative can be mistaken for, and what it left out."""
    found = slopes(problem.f, problem.x)
    named = {**_usual_mistakes(found.value, problem.x.ndim), **problem.mistakes}
    count = int(found.kink.sum())
    left_out = f"{count} of {found.kink.size} entries lie at a kink and are not judged" if count else ""
    return problem.judged(yours, found, problem.what or _kind(problem), named), left_out


def _no_gradient(problem: _Problem, df: Callable, verdict: Verdict) -> Verdict:
    """The verdict, sharpened if yours can be no gradient: second derivatives do not depend on the order (Schwarz).

    In x'Ax both factors x count, one with A and one with A.T. What forgets this has a Jacobian that is not symmetric.
    """
    if problem.x.ndim != 1 or problem.shape or not 1 < problem.x.size <= MOST_FOR_HESSIAN:
        return verdict
    own, n = slopes(df, problem.x), problem.x.size
    if own.value.shape != (n, n) or own.kink.any():
        return verdict
    J = own.value
    tolerance = 1e-3 * largest(J)
    if np.allclose(J, J.T, rtol=0, atol=tolerance / 10):
        return verdict
    pattern = "no function has this gradient: its Jacobian is not symmetric"
    hessian = slopes(lambda point: slopes(problem.f, point).value, problem.x).value
    if np.allclose(J + J.T, hessian, rtol=0, atol=tolerance):
        likely = "only one of two terms: the other has the matrix transposed"
        return replace(verdict, code="symmetric", pattern=pattern, likely=likely)
    if np.allclose(J + J.T, 2 * hessian, rtol=0, atol=tolerance):
        likely = "right for a symmetric matrix only: of the two terms, one has it transposed"
        return replace(verdict, code="symmetric", pattern=pattern, likely=likely)
    return replace(verdict, pattern=pattern)


def _usual_mistakes(right: np.ndarray, argument_axes: int) -> dict:
    """What a derivative with two axes is often mistaken for."""
    if right.ndim != 2 or np.isnan(right).any():
        return {}
    square, named = right.shape[0] == right.shape[1], {}
    if argument_axes == 1:
        named["transposed: J[i, j] is df_i / dx_j, one row an output and one column an input"] = right.T
    if square:
        diagonal = np.diag(np.diag(right))
        named["only the diagonal is computed; the other entries count as well"] = diagonal
        if argument_axes == 2:
            symmetric = right + right.T - diagonal
            named["derived as if the matrix had to stay symmetric; here its entries are independent"] = symmetric
    return named


def _maps(problem: _Problem, direction: np.ndarray) -> dict:
    """The author's wrong differentials along a direction."""
    return {text: wrong(problem.x, direction) for text, wrong in problem.mistakes.items()}


def _turned(mine: Callable, direction: np.ndarray, found: Slopes, problem: _Problem) -> dict:
    """Is yours right for the transposed direction? Only a square dX can be mistaken for its transpose."""
    if direction.ndim != 2 or direction.shape[0] != direction.shape[1] or found.kink.any():
        return {}
    other = read(mine(direction.T)).array
    if other is None or other.shape != found.value.shape or not np.all(close(other, found.value, 10 * problem.rtol)):
        return {}
    return {"dX enters transposed, where it should not, or the other way round": read(mine(direction)).array}


def _not_linear(mine: Callable, first: np.ndarray, second: np.ndarray, what: str) -> Verdict | None:
    """A differential is linear in dx: twice the dx gives twice the value, and a sum of two gives the sum."""
    a, b = read(mine(first)).array, read(mine(second)).array
    if a is None or b is None:
        return None  # the comparison with the slopes says what they are
    tests = (
        ("df(x, 0) is not 0", mine(0 * first), 0 * a),
        ("df(x, 2 dx) is not twice df(x, dx)", mine(2 * first), 2 * a),
        ("df(x, dx + dz) is not df(x, dx) + df(x, dz)", mine(first + second), a + b),
    )
    size = max(largest(a), largest(b))
    for pattern, found, wanted in tests:
        value = read(found).array
        if (
            value is None
            or value.shape != wanted.shape
            or not np.all(close(value, wanted, LINEAR_RTOL, LINEAR_RTOL * size))
        ):
            likely = "a differential keeps what is linear in dx: neither f(x) itself nor terms with dx twice"
            return Verdict(False, "not_linear", what, pattern=pattern, likely=likely)
    return None


def _common_atol(problem: _Problem, found: list[Slopes]) -> float:
    """One absolute tolerance for all directions, since the slope along one may be small by chance."""
    values = np.concatenate([there.value[~there.kink].ravel() for there in found])
    errors = np.concatenate([there.error[~there.kink].ravel() for there in found])
    return problem.atol(values, errors)


def _directions(x: np.ndarray, count: int, seed: int) -> list[np.ndarray]:
    """Random directions of the shape of x, entry by entry of the size of x or 1; two at least."""
    rng = np.random.default_rng(seed)
    size = np.maximum(np.abs(x), 1.0)
    return [np.asarray(size * rng.normal(size=x.shape)) for _ in range(max(count, 2))]


def _takes_two(df: object) -> TypeGuard[Callable]:
    """Is df a function of (x, dx), that is, one with two arguments that must be given?"""
    if not callable(df):
        return False
    try:
        parameters = inspect.signature(df).parameters.values()
    except (TypeError, ValueError):  # built in, without a signature
        return False
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(p.kind in positional and p.default is p.empty for p in parameters) == 2


def _kind(problem: _Problem) -> str:
    axes = len(problem.shape)
    if problem.x.ndim and not axes:
        return "gradient"
    return "Jacobian" if problem.x.ndim == 1 and axes == 1 else "derivative"
