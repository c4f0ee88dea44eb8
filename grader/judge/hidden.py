"""What a hidden test is made of: the decorator that declares it and the expectations it states."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, TypeAlias, TypeVar, cast

import numpy as np

from grader.checks.diagnosis.diagnose import diagnose
from grader.checks.diagnosis.verdict import Verdict
from grader.checks.exercise.heat_map import error_map
from grader.judge.authoring.verdicts import Wrong
from grader.judge.standin import Standin, Student

RTOL = 1e-6


@dataclass(frozen=True)
class Rank:
    """What a hidden test may return to have passing submissions ranked in the instructor's report.

    ``value`` orders them, the lowest first; ``text`` is what the report shows.
    """

    value: float
    text: str


@dataclass(frozen=True)
class Signed:
    """What a hidden test may return to tell the instructor under which name a student's numbers were drawn."""

    name: str


TestFunction: TypeAlias = Callable[[Student, np.random.Generator], Rank | Signed | None]
Declared = TypeVar("Declared", bound=TestFunction)


@dataclass(frozen=True)
class HiddenTest:
    """One property of one exercise.

    Attributes: ``cell`` the grade_id of its test cell; ``name`` the function's name; ``title`` what the student reads;
    ``points`` its share of the cell's points; ``function(student, rng)``; ``seconds`` its own time limit, or None;
    ``salt`` makes its challenge unknown to those who know this package but not the test; ``again`` asks it once more,
    with right functions in place of the student's earlier ones; ``modules`` are the public questions that it asks;
    ``neighbours`` of each of those functions the names of the tests that judge it: one that passes all is not lent.
    """

    cell: str
    name: str
    title: str
    points: float
    function: TestFunction
    seconds: float | None = None
    salt: str = ""
    again: Callable[..., Any] | None = None
    modules: tuple[tuple[str, str], ...] = ()
    neighbours: Mapping[str, Sequence[str]] = field(default_factory=dict)


def hidden_test(cell: str, *, points: float, seconds: float | None = None) -> Callable[[Declared], Declared]:
    """Declare a function ``(student, rng)`` as a hidden test of the test cell ``cell``, worth ``points``.

    The first line of its docstring is shown to students as the name of the property. ``seconds`` replaces the
    course's time limit for one hidden test.
    """

    def declare(function: Declared) -> Declared:
        title = (function.__doc__ or "").strip().split("\n")[0]
        if not title:
            raise ValueError(
                f"hidden test {function.__name__}: the first line of its docstring must state the property"
            )
        salt = sha256(inspect.getsource(function).encode()).hexdigest()
        cast(Any, function).hidden_test = HiddenTest(
            cell, function.__name__, title, float(points), function, seconds, salt
        )
        return function

    return declare


def expect(
    actual: Any,
    expected: Any,
    *,
    what: str,
    mistakes: Mapping[str, Any] | None = None,
    scales: Mapping[str, float] | None = None,
    rtol: float = RTOL,
    atol: float | None = None,
    known: Mapping[str, Any] | None = None,
    before: Any = None,
) -> None:
    """Pass if ``actual`` is a number or array of the shape of ``expected`` and equal to it within the tolerance.

    ``what`` names the value for the student. ``mistakes`` maps what a student may have done to the value that this
    would give; ``scales`` names factors such as ``{"batch_size": 5}`` for the general diagnosis, ``known`` other
    quantities such as ``{"input": X}`` that a wrong value may be or contain; ``before`` is the value before a step.
    ``rtol`` and ``atol`` as in ``grader.checks.diagnosis.tolerance``. Raises ``Wrong``.
    """
    if isinstance(actual, Standin):
        raise Wrong(f"{what}: expected {_kind(expected)}, got {actual!r}".replace(" in the sandbox", ""), "type")
    quantities: dict[str, Any] = {"mistakes": mistakes, "scales": scales, "known": known, "before": before}
    expect_verdict(diagnose(actual, expected, what=what, rtol=rtol, atol=atol, **quantities), actual, expected)


def expect_verdict(verdict: Verdict, actual: Any = None, expected: Any = None) -> None:
    """Pass if a verdict of the diagnosis is ok. Raises ``Wrong``, with a picture where both are arrays."""
    if not verdict.ok:
        picture = error_map(actual, expected) if verdict.index is not None else ""
        raise Wrong(verdict.hint(), verdict.full_code, verdict.mistake, picture)


def expect_that(condition: bool | np.bool_, hint: str, code: str = "property") -> None:
    """Pass if ``condition`` holds; ``hint`` says what is wrong if it does not. Raises ``Wrong``."""
    if not isinstance(condition, (bool, np.bool_)):
        raise TypeError("expect_that needs True or False, decided here")
    if not condition:
        raise Wrong(hint, code)


def expect_unchanged(standin: Any, original: Any, *, what: str) -> None:
    """Pass if the array behind ``standin`` (from ``student.put``) still equals ``original``. Raises ``Wrong``.

    Also takes the array itself, where a prop has given it back.
    """
    now = standin.value() if isinstance(standin, Standin) else standin
    same = isinstance(now, np.ndarray) and np.array_equal(now, np.asarray(original), equal_nan=True)
    expect_that(bool(same), f"{what} was changed in place: work on a copy", "argument_changed")


def _kind(expected: Any) -> str:
    shape = np.shape(expected)
    return f"an array of shape {shape}" if shape else "a number"
