"""Experiments with a function that a question found wrong: the same question, asked on other cases."""

from __future__ import annotations

import signal
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from grader.checks.diagnosis.verdict import Verdict
from grader.checks.probes.conclusions import FEW, MOST, Fact, Tried, conclude, fit, of_parts
from grader.checks.probes.digests import STILL, Digest, Moves, arrays, digest, moves
from grader.checks.probes.fields import Roles
from grader.checks.probes.functions import relatives
from grader.checks.probes.variants import OF_YOURS, Variant, variants
from grader.checks.questions.judging import judge
from grader.checks.questions.question import Case, Question
from grader.checks.questions.right import Right

SECONDS = 1.0  # of a question that was answered wrongly
NOTEBOOK_SECONDS = 5.0  # of all of them in a notebook
SETTLED = {"ok", "named", "form", "property", "type", "too_large"}  # what needs no experiment, or allows none

Rights = Right | Sequence[Right | None]
Others = Mapping[str, Sequence[Digest]]


@dataclass
class Budget:
    """The time that is left for the experiments of a notebook."""

    left: float = NOTEBOOK_SECONDS

    @contextmanager
    def one(self) -> Iterator[float]:
        """The time, of `time.monotonic`, at which the experiments of one question end."""
        started = time.monotonic()
        try:
            yield started + max(0.0, min(SECONDS, self.left))
        finally:
            self.left -= time.monotonic() - started


class HangsError(BaseException):
    """An experiment took all the time there is. No `Exception`: the student's code does not take it for its own."""


@contextmanager
def ending(seconds: float) -> Iterator[None]:
    """Raise `HangsError` after so many seconds, where the system and the thread know alarms."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(*_: object) -> None:
        raise HangsError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 1e-3))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def with_facts(
    asked: Question,
    verdict: Verdict,
    case: Case,
    right: Rights,
    given: Any,
    answer: Callable[..., Any],
    rights: Callable[[Variant], list[Digest] | Moves | None],
    others: Callable[[], Others] = dict,
    budget: Budget | None = None,
) -> Verdict:
    """The verdict, with what experiments found out in the time there is.

    given    the answer that is judged
    answer   asks the question of the student's functions, for so many seconds; may raise what they raise
    rights   the right numbers for a variant in short, or what moves where it says so; None: unknown
    others   what other functions of the course give for the first case, in short, by the words for it
    """
    expected = numbers(right)
    if verdict.code in SETTLED or asked.probes is None or expected is None:
        return verdict
    with (budget or Budget()).one() as ends:
        mine = _answered(asked, lambda _: given, case, right)
        if mine is None:
            return verdict
        base, tried = [digest(part) for part in expected], []
        for variant in variants(case, asked.probes):
            known = base if variant.code in OF_YOURS else rights(variant)
            left = ends - time.monotonic()
            if left <= 0:
                break
            if known is not None:
                yours = _answered(asked, partial(answer, seconds=left), variant.case, right)
                tried.append(Tried(variant, yours, known))
        with np.errstate(all="ignore"):
            beside = {**_relatives(asked, case, expected, mine), **others()}
            facts = conclude(expected, mine, tried, beside, asked.probes)
            if len(mine) == len(expected) > 1:
                part = _told(asked, case, right, given)
                equal = any(fact.code.startswith("probe:equal/") for fact in facts)  # what all parts are says more
                facts += _of_part(part, expected, mine, tried, {} if equal else beside, asked.probes)
    told = {fact.code: fact.text for fact in sorted(facts, key=lambda fact: fact.rank)}  # each once
    return replace(verdict, facts=tuple(told.items())[:MOST])


def _of_part(
    n: int | None,
    expected: Sequence[np.ndarray],
    mine: Sequence[np.ndarray],
    tried: Sequence[Tried],
    others: Others,
    roles: Roles,
) -> list[Fact]:
    """What is found out about one part of a result of several."""
    if n is None:
        return []
    many = expected[n].size >= FEW  # of fewer numbers something else may be equal by chance
    alone = {name: [parts[n]] for name, parts in others.items() if many and len(parts) == len(expected)}
    facts = conclude([expected[n]], [mine[n]], list(of_parts([n], tried)), alone, roles)
    beside = [k for k in range(len(expected)) if k != n]
    if all(fit([digest(expected[k])], [mine[k]]) for k in beside):
        return facts
    # What is too much here is not what is too much there: of one part alone it says nothing.
    return [fact for fact in facts if not fact.code.startswith("probe:everywhere/term/")]


def _relatives(asked: Question, case: Case, right: Sequence[np.ndarray], mine: Sequence[np.ndarray]) -> Others:
    """What a function that the text states, and of which a derivative is asked, gives for the case."""
    if not (asked.slope_of and asked.slope_name and asked.probes):
        return {}
    try:
        return relatives(asked.slope_of, asked.slope_name, case, asked.probes, right, [part.shape for part in mine])
    except Exception:
        return {}  # a case that the function was not made for


def _told(asked: Question, case: Case, right: Rights, given: Any) -> int | None:
    """Which of the arrays of `numbers` the verdict is about, where it is about one."""
    value = right.value if isinstance(right, Right) else [one and one.value for one in right]
    return _place(value, judge(asked, given, case, right).part)


def _place(value: Any, way: tuple[int, ...]) -> int | None:
    """The place of a part among all arrays, by the way to it."""
    if not isinstance(value, (list, tuple)):
        return 0
    inner = _place(value[way[0]], way[1:]) if way else None
    return None if inner is None else inner + sum(len(arrays(one) or ()) for one in value[: way[0]])


def recorded(asked: Question, case: Case, right: Callable[[Case], Rights]) -> dict[str, list[Digest] | Moves]:
    """What `rights` is to know of each variant, for the record."""
    if asked.probes is None:
        return {}
    known = (
        (variant, right_of(variant, case, right))
        for variant in variants(case, asked.probes)
        if variant.code not in OF_YOURS
    )
    return {variant.name: found for variant, found in known if found is not None}


def right_of(variant: Variant, case: Case, right: Callable[[Case], Rights]) -> list[Digest] | Moves | None:
    """What is known of the right numbers for a variant of a case; None where the key was not made for such a one."""
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as that of a deviation of one sample
            found = numbers(right(variant.case))
            before = numbers(right(case)) if variant.moves else []
    except Exception:
        return None
    if found is None or before is None or not all(np.all(np.isfinite(part)) for part in found):
        return None
    return moves(before, found) if variant.moves else [digest(part) for part in found]


def others_of(given: Mapping[str, Any], right: Rights) -> dict[str, list[Digest]]:
    """What other functions give, in short, where it could stand for the right numbers and is not equal to them."""
    wanted = numbers(right)
    if wanted is None:
        return {}
    found: dict[str, list[Digest]] = {}
    known = [[digest(part) for part in wanted]]
    for name, value in given.items():
        parts = arrays(value if isinstance(right, Right) or isinstance(value, list) else [value])
        if parts is None or [part.shape for part in parts] != [part.shape for part in wanted]:
            continue
        if _nothing(parts, wanted) or not all(np.all(np.isfinite(part)) for part in parts):
            continue
        short = [digest(part) for part in parts]
        if not any(all(map(Digest.like, one, short)) for one in known):
            known.append(short)
            found[name] = short
    return found


def _nothing(parts: Sequence[np.ndarray], beside: Sequence[np.ndarray]) -> bool:
    """Are these zeros, up to rounding?"""
    most, other = (max(float(np.abs(part).max(initial=0)) for part in of) for of in (parts, beside))
    return most <= STILL * other


def numbers(right: Rights) -> list[np.ndarray] | None:
    """The right numbers as arrays; None if there is something else among them."""
    if isinstance(right, Right):
        return arrays(right.value)
    return arrays([one.value for one in right if one is not None])


def _answered(asked: Question, answer: Callable[[Case], Any], case: Case, right: Rights) -> list[np.ndarray] | None:
    """What the student's function gives, as arrays beside those of `right`; None if there are none."""
    try:
        with np.errstate(all="ignore"):
            found = answer(case)
            form = asked.form(case)
            if form and form(found):
                return None
            read = asked.read(found, case) if asked.read else found
    except (Exception, HangsError):
        return None
    if isinstance(right, Right) and right.either is not None:
        return arrays(read[0]) if isinstance(read, (list, tuple)) and len(read) == 2 else None
    if isinstance(right, Right):
        return arrays(read)
    if not isinstance(read, (list, tuple)) or len(read) != len(right):
        return None
    return arrays([part for part, one in zip(read, right) if one is not None])  # noqa: B905
