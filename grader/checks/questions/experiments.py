"""Experiments with a function that a question found wrong: the same question, asked on other cases."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from grader.checks.diagnosis.verdict import Verdict
from grader.checks.probes.conclusions import Tried, conclude
from grader.checks.probes.digests import Digest, Moves, arrays, digest, moves
from grader.checks.probes.variants import Variant, variants
from grader.checks.questions.question import Case, Question
from grader.checks.questions.right import Right

SECONDS = 1.0
SETTLED = {"ok", "named", "form", "property", "type", "too_large"}  # what needs no experiment, or allows none

Rights = Right | Sequence[Right | None]


def with_facts(
    asked: Question,
    verdict: Verdict,
    case: Case,
    right: Rights,
    given: Any,
    answer: Callable[[Case], Any],
    rights: Callable[[Variant], list[Digest] | Moves | None],
) -> Verdict:
    """The verdict, with what experiments found out within a second.

    given    the answer that is judged
    answer   asks the question of the student's functions; may raise what they raise
    rights   the right numbers for a variant in short, or what moves where it says so; None: unknown
    """
    expected = numbers(right)
    if verdict.code in SETTLED or asked.probes is None or expected is None:
        return verdict
    ends = time.monotonic() + SECONDS
    mine = _answered(asked, lambda _: given, case, right)
    if mine is None:
        return verdict
    base, tried = [digest(part) for part in expected], []
    for variant in variants(case, asked.probes):
        known = base if variant.code == "again" else rights(variant)
        if time.monotonic() > ends:
            break
        if known is not None:
            yours = _answered(asked, answer, variant.case, right)
            tried.append(Tried(variant, yours, known))
    with np.errstate(all="ignore"):
        facts = conclude(expected, mine, tried)
    return replace(verdict, facts=tuple((fact.code, fact.text) for fact in facts))


def recorded(asked: Question, case: Case, right: Callable[[Case], Rights]) -> dict[str, list[Digest] | Moves]:
    """What `rights` is to know of each variant, for the record."""
    if asked.probes is None:
        return {}
    known = ((variant, right_of(variant, case, right)) for variant in variants(case, asked.probes))
    return {variant.name: found for variant, found in known if found is not None and variant.code != "again"}


def right_of(variant: Variant, case: Case, right: Callable[[Case], Rights]) -> list[Digest] | Moves | None:
    """What is known of the right numbers for a variant of a case; None where the key was not made for such a one."""
    try:
        with np.errstate(all="ignore"):
            found = numbers(right(variant.case))
            before = numbers(right(case)) if variant.moves else []
    except Exception:
        return None
    if found is None or before is None or not all(np.all(np.isfinite(part)) for part in found):
        return None
    return moves(before, found) if variant.moves else [digest(part) for part in found]


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
    except Exception:
        return None
    if isinstance(right, Right):
        return arrays(read)
    if not isinstance(read, (list, tuple)) or len(read) != len(right):
        return None
    return arrays([part for part, one in zip(read, right) if one is not None])  # noqa: B905
