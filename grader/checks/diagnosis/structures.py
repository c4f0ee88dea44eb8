"""Results of several parts, such as (w, velocity) or a list of (weights, biases): taken apart, one array at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from grader.checks.diagnosis.as_array import describe, read
from grader.checks.diagnosis.case import LEAST, PATTERN_RTOL
from grader.checks.diagnosis.named import code_of
from grader.checks.diagnosis.tolerance import close
from grader.checks.diagnosis.verdict import Verdict


def is_structure(expected: object) -> bool:
    """A tuple, or a list that holds arrays or tuples. A list of numbers, or of lists of numbers, is an array."""
    if isinstance(expected, list):
        return any(isinstance(part, tuple) or (isinstance(part, np.ndarray) and part.ndim > 0) for part in expected)
    return isinstance(expected, tuple)


def parts(yours: Any, expected: Sequence, what: str, mistakes: Mapping) -> Iterator[tuple]:
    """(yours, expected, what, mistakes) of every part, in order. `yours` has been found to have them all."""
    for i, part in enumerate(expected):
        named = {text: value[i] for text, value in mistakes.items() if _has_parts(value, len(expected))}
        yield yours[i], part, f"{what}[{i}]", named


def part_of(quantities: Mapping, number: int, count: int) -> dict:
    """The same part of every named quantity that has as many parts."""
    return {name: value[number] for name, value in quantities.items() if _has_parts(value, count)}


LEFT_OUT = "the {} one is left out"
EDGES = {0: ("first_part", LEFT_OUT.format("first")), -1: ("last_part", LEFT_OUT.format("last"))}


def edge_part(verdicts: list[Verdict]) -> Verdict | None:
    """The first verdict that is not ok, if there is one; of several parts, it says when the others are right."""
    wrong = [number for number, verdict in enumerate(verdicts) if not verdict.ok]
    if not wrong:
        return None
    verdict = verdicts[wrong[0]]
    if verdict.code == "named" and verdict.detail[:1].isdigit():  # counted apart in each part
        return replace(verdict, detail=f"{wrong[0]}.{verdict.detail}")
    if len(wrong) > 1 or len(verdicts) < 2 or verdict.code == "named":
        return verdict
    tail = f"; the other {len(verdicts) - 1} parts are right" if len(verdicts) > 2 else "; the other part is right"
    seen: dict[str, Any] = {"pattern": verdict.pattern + tail, "public": verdict.public and verdict.public + tail}
    edge = EDGES.get(wrong[0] if wrong[0] != len(verdicts) - 1 else -1)
    if verdict.code in ("untouched", "zero") and len(verdicts) > 2 and edge:
        return replace(verdict, code=edge[0], likely=edge[1], detail="", **seen)
    return replace(verdict, **seen)


def elsewhere(verdict: Verdict, yours: Any, expected: Sequence) -> Verdict:
    """The verdict on a part; where that is just what is right for another one, it says so."""
    place = verdict.part[0]
    mine = read(yours[place]).array
    if len(verdict.part) > 1 or mine is None or np.unique(mine).size < LEAST:
        return verdict
    for number, other in enumerate(expected):
        theirs = read(other).array
        if theirs is not None and theirs.shape == mine.shape and np.all(close(mine, theirs, PATTERN_RTOL[0])):
            return replace(verdict, code="elsewhere", pattern=f"this is what is right in [{number}]", public="")
    return verdict


def missing_parts(yours: Any, expected: Sequence, what: str, mistakes: Mapping) -> Verdict | None:
    """The verdict on something that does not have as many parts as expected; None if it has."""
    count = len(expected)
    if _has_parts(yours, count):
        return None
    if yours is None and None in mistakes.values():
        text, number = next((text, number) for number, (text, value) in enumerate(mistakes.items()) if value is None)
        code = code_of(text, number)
        return Verdict(False, "named", what, pattern="yours is None", likely=str(text), detail=code)
    wanted = f"{'a tuple' if isinstance(expected, tuple) else 'a list'} of {count} parts"
    found = _found(yours)
    likely = "the function ends without a return, on this path at least" if yours is None else ""
    return Verdict(False, "type", what, f"{found}   expected {wanted}", f"{found} where {wanted} is expected", likely)


def _has_parts(value: Any, count: int) -> bool:
    """Lists and tuples have parts, and an array whose first axis has that length: unpacking treats them alike."""
    plain = type(value) in (list, tuple) or (type(value) is np.ndarray and value.ndim > 0)
    return plain and len(value) == count


def _found(yours: Any) -> str:
    return f"an array of shape {yours.shape}" if type(yours) is np.ndarray else describe(yours)
