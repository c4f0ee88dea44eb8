"""Which exercise a demonstration waits for: of those whose last check found something, the first that its cell uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import CodeType, FrameType
from typing import Any

from grader.checks.exercise.results import ExerciseReport

MOST = 500  # functions that are looked through


@dataclass(frozen=True)
class Checked:
    """What the last check of an exercise said: the names it is about, and what is wrong, "" if nothing is."""

    names: frozenset[str]
    wrong: str


_last: dict[str, Checked] = {}


def note_check(exercise: str, names: Iterable[str], report: ExerciseReport) -> None:
    """Remember what this check found."""
    _last.pop(exercise, None)
    _last[exercise] = Checked(frozenset(names), "" if report.passed else _first_wrong(report))


def _first_wrong(report: ExerciseReport) -> str:
    if report.missing is not None:
        return "it is not written yet"
    wrong = [result.what for result in report.results if result.ok is False]
    return f"this does not hold yet: {wrong[0]}" if wrong else "its check stopped"


def needed(frame: FrameType) -> str:
    """ "`dense`, and this does not hold yet: ..." for the cell that this frame runs; "" if nothing is known.

    A name belongs to the exercise that was checked last, of those that are about it.
    """
    names = set(_reached(frame.f_code, frame.f_globals))
    owners = {name: exercise for exercise, checked in _last.items() for name in checked.names & names}
    for exercise in [exercise for exercise in _last if exercise in owners.values()]:
        if _last[exercise].wrong:
            return f"`{exercise}`, and {_last[exercise].wrong}"
    return ""


def _reached(code: CodeType, namespace: Mapping[str, Any]) -> Iterator[str]:
    """The names that this code uses, or functions and classes of the notebook that it names."""
    seen: set[str] = set()
    left = [code]
    for _ in range(MOST):
        if not left:
            return
        part = left.pop()
        left += [constant for constant in part.co_consts if isinstance(constant, CodeType)]
        for name in set(part.co_names) - seen:
            seen.add(name)
            yield name
            value = namespace.get(name)
            methods = list(vars(value).values()) if isinstance(value, type) else [value]
            found = [getattr(method, "__code__", None) for method in methods]
            left += [code for code in found if isinstance(code, CodeType)]
