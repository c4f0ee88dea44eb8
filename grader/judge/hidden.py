"""What a hidden test is made of: who asks it, what it may tell the report, and how a verdict ends it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from grader.checks.diagnosis.verdict import Verdict
from grader.checks.exercise.heat_map import error_map
from grader.judge.authoring.verdicts import Wrong
from grader.judge.connection import Connection


@dataclass(frozen=True)
class Rank:
    """What ``decide`` of a key may return to have passing submissions ranked in the instructor's report.

    ``value`` orders them, the lowest first; ``text`` is what the report shows.
    """

    value: float
    text: str


@dataclass(frozen=True)
class Signed:
    """What ``decide`` may return to tell the instructor under which name a student's numbers were drawn."""

    name: str


TestFunction: TypeAlias = Callable[[Connection, np.random.Generator], Rank | Signed | None]


@dataclass(frozen=True)
class HiddenTest:
    """One property of one exercise: a question with its key.

    Attributes: ``cell`` the grade_id of its test cell; ``name`` the function's name; ``title`` what the student reads;
    ``points`` its share of the cell's points; ``function(connection, rng)``; ``seconds`` its own time limit, or None;
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


def expect_verdict(verdict: Verdict, actual: Any = None, expected: Any = None) -> None:
    """Pass if a verdict of the diagnosis is ok. Raises ``Wrong``, with a picture where both are arrays."""
    if not verdict.ok:
        picture = error_map(actual, expected) if verdict.index is not None else ""
        raise Wrong(verdict.hint(), verdict.full_code, verdict.mistake, picture)
