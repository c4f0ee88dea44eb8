"""Compare a result with the expected one and say what is wrong with it, where, and what that probably means.

`diagnose` is shared by the checks in a notebook and by the grading outside it. It first looks at the mistakes that the
author of a check has named, then asks the general rules. It never raises for anything a student's code returns.

The codes of a verdict are stable: `CODES`, and `changed` and `condition` of a notebook's checks. The detail of a
verdict tells apart what one code stands for; its words may change, code and detail stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from grader.checks.diagnosis import rules
from grader.checks.diagnosis.as_array import Reading, describe, numbers_inside, read
from grader.checks.diagnosis.case import Case
from grader.checks.diagnosis.finite import not_finite
from grader.checks.diagnosis.known_quantities import BEFORE
from grader.checks.diagnosis.named import code_of
from grader.checks.diagnosis.shapes import shape_finding
from grader.checks.diagnosis.structures import edge_part, elsewhere, is_structure, missing_parts, part_of, parts
from grader.checks.diagnosis.tolerance import RTOL, close
from grader.checks.diagnosis.verdict import UNRELATED, Finding, Verdict, entry_name, pair

__all__ = ["CODES", "Finding", "Verdict", "diagnose"]

CODES = frozenset(
    "ok named type shape transposed not_summed summed broadcast not_finite zero sign integer precision factor complex "
    "symmetric mask clipped part some offset offset_by_line function factor_by_line permuted shifted elsewhere "
    "untouched another term times step first_part last_part differs reference".split()
)

NAMED = "yours is just what this mistake gives"
NAMED_RTOL = (1e-6, 1e-2)
TIE = 1e-9  # named mistakes whose values agree so well are not told apart
MOST_NAMED = 3
NEARER = 20  # a named mistake must be this many times nearer to yours than the expected result is


def diagnose(
    yours: object,
    expected: Any,
    what: str = "result",
    rtol: float = RTOL,
    atol: float | None = None,
    mistakes: Mapping | None = None,
    scales: Mapping | None = None,
    *,
    ignore: np.ndarray | None = None,
    sequences: bool = False,
    reference: str = "expected",
    known: Mapping | None = None,
    before: object = None,
    whole: bool = False,
) -> Verdict:
    """Judge `yours` against `expected`.

    yours      anything; right are arrays of the shape of `expected`, and for a scalar a float or 0-d array
    expected   array-like of numbers; or None or a string, compared as they are; or a tuple or list of such parts,
               of which the first wrong one is told
    rtol, atol see `grader.checks.diagnosis.tolerance`; `atol=None` follows the size of the expected numbers
    mistakes   {text: the wrong value this mistake gives}; None as a value stands for returning nothing
    whole      of several parts a mistake is named only where it fits all: they are one quantity, at several times
    scales     {"batch_size": 5, ...}: numbers a wrong factor may come from
    ignore     boolean array: entries that cannot be judged (a kink)
    sequences  read lists and tuples as arrays in place of reporting their type
    reference  the word for the expected number: "expected", "numerical"
    known      {"input": X, ...}: other quantities of the problem, which a wrong result may be or contain
    before     the value from before a step that is judged here, of the structure of `expected`
    """
    known = {**(known or {}), **({} if before is None else {BEFORE: before})}
    if expected is None or isinstance(expected, str):
        return _plain(yours, expected, what)
    if is_structure(expected):
        options = {"rtol": rtol, "atol": atol, "scales": scales, "sequences": sequences, "reference": reference}
        named = {text: wrong for text, wrong in (mistakes or {}).items() if not whole or _fits(wrong, yours)}
        return _diagnose_parts(yours, expected, what, named, known, options)
    target = _expected_array(expected)
    reading = read(yours, sequences)
    try:
        quantities = {"scales": dict(scales or {}), "known": known, "reference": reference}
        return _judge(reading, yours, target, what, rtol, atol, dict(mistakes or {}), ignore, quantities)
    except (ArithmeticError, ValueError, TypeError, MemoryError) as error:  # a rule met numbers it was not made for
        return Verdict(False, "differs", what, pattern=f"cannot be compared entry by entry ({type(error).__name__})")


def _diagnose_parts(
    yours: object, expected: Any, what: str, mistakes: Mapping, known: Mapping, options: dict
) -> Verdict:
    """The verdict on the first part that is wrong, or ok."""
    verdict = missing_parts(yours, expected, what, mistakes)
    if verdict:
        return verdict
    verdicts = []
    for number, (mine, theirs, name, named) in enumerate(parts(yours, expected, what, mistakes)):
        others = part_of(known, number, len(expected))
        verdict = diagnose(mine, theirs, name, mistakes=named, known=others, **options)
        verdicts.append(replace(verdict, part=(number, *verdict.part)))
    verdict = edge_part(verdicts) or Verdict(True, "ok", what)
    return elsewhere(verdict, yours, expected) if verdict.code in (UNRELATED, "some") else verdict


def _fits(wrong: Any, yours: object) -> bool:
    """Is `yours` in all parts what this mistake gives?"""
    if not (is_structure(wrong) and isinstance(yours, (list, tuple)) and len(yours) == len(wrong)):
        return wrong is yours is None
    pairs = [(read(mine).array, np.asarray(other, dtype=float)) for mine, other in zip(yours, wrong)]  # noqa: B905
    return all(
        mine is not None and mine.shape == other.shape and bool(np.all(_same_or_nan(mine, other, NAMED_RTOL[0])))
        for mine, other in pairs
    )


def _arrays(known: Mapping) -> dict[str, np.ndarray]:
    """The known quantities that are arrays of numbers."""
    found = {name: read(value, sequences=True).array for name, value in known.items()}
    return {name: array for name, array in found.items() if array is not None and not np.iscomplexobj(array)}


def _judge(
    reading: Reading,
    yours: object,
    expected: np.ndarray,
    what: str,
    rtol: float,
    atol: float | None,
    mistakes: Mapping,
    ignore: np.ndarray | None,
    quantities: dict,
) -> Verdict:
    reference = quantities["reference"]
    shape = str(expected.shape) if expected.ndim else ""
    if reading.array is None:
        named = _named(None, expected, mistakes, rtol, None) if yours is None else None
        return _named_verdict(what, named, shape) if named else _type_verdict(reading, yours, expected, what, shape)
    array = reading.array
    if array.shape != expected.shape:
        named = _named(array, expected, mistakes, rtol, None)
        return _named_verdict(what, named, shape) if named else _shape_verdict(array, expected, what, rtol)
    use = np.ones(expected.shape, dtype=bool) if ignore is None else ~np.broadcast_to(ignore, expected.shape)
    if np.isnan(expected[use]).any():
        return Verdict(
            False,
            "reference",
            what,
            shape=shape,
            pattern=f"the {reference} value itself is not a number here",
            likely="this says nothing about yours: the comparison cannot be made at this point",
        )
    wrong = use & ~close(array, expected, rtol, atol)
    if not wrong.any():
        return Verdict(True, "ok", what, shape=shape)
    index = _worst(array, expected, wrong)
    where = _where(array, expected, index, what, reference)
    named = _named(array, expected, mistakes, rtol, use)
    if named:
        return _named_verdict(what, named, shape, where, index)
    finding = not_finite(array, expected, use, reference)
    if finding is None:
        quantities = {**quantities, "known": _arrays(quantities["known"])}
        finding = _first(Case(array, expected, use, wrong, rtol, dtype=reading.dtype, **quantities))
    words = finding.pattern, finding.likely, finding.public
    return Verdict(False, finding.code, what, where, *words, shape, index, finding.detail)


def _expected_array(expected: Any) -> np.ndarray:
    reading = read(expected, sequences=True)
    if reading.array is None:
        raise TypeError(f"the expected value must be numbers, a string or None; it is {reading.found}")
    return reading.array


def _first(case: Case) -> Finding:
    """The finding of the first rule that has one; `differs` always has."""
    asked = [rule for rule in rules.RULES if case.telling or rule in rules.AT_ANY_SIZE]
    with np.errstate(all="ignore"):
        return next(finding for finding in (rule(case) for rule in asked) if finding)


def _plain(yours: object, expected: Any, what: str) -> Verdict:
    """A string or None is right if it is that very value."""
    if type(yours) is type(expected) and yours == expected:
        return Verdict(True, "ok", what)
    if type(yours) is type(expected):
        return Verdict(False, "differs", what, pattern="another text than the expected one")
    return Verdict(
        False,
        "type",
        what,
        where=f"{describe(yours)}   expected {describe(expected)}",
        pattern=f"{describe(yours)} where {describe(expected)} is expected",
    )


def _type_verdict(reading: Reading, yours: object, expected: np.ndarray, what: str, shape: str) -> Verdict:
    wanted = f"an array of shape {expected.shape}" if expected.ndim else "a single number"
    pattern = f"{reading.found} where {wanted} is expected"
    inside = numbers_inside(yours)
    if _is(inside, expected):
        pattern += "; the numbers in it are right"
    elif type(yours) is list or type(yours) is tuple:
        right = [n for n, part in enumerate(yours[:9]) if _is(read(part).array, expected)]
        pattern += f"; item [{right[0]}] of it is right" if right else ""
    detail = "none" if yours is None else ""
    return Verdict(
        False, "type", what, f"{reading.found}   expected {wanted}", pattern, reading.likely, shape=shape, detail=detail
    )


def _is(array: np.ndarray | None, expected: np.ndarray) -> bool:
    return array is not None and array.shape == expected.shape and bool(np.all(close(array, expected, 1e-5)))


def _shape_verdict(array: np.ndarray, expected: np.ndarray, what: str, rtol: float) -> Verdict:
    with np.errstate(all="ignore"):
        finding = shape_finding(array, expected, rtol)
    found, wanted = (f"shape {a.shape}" if a.ndim else "a single number" for a in (array, expected))
    seen = f"{found} in place of {wanted}"
    return Verdict(
        False,
        finding.code,
        what,
        f"{found}   expected {wanted}",
        finding.pattern,
        finding.likely,
        public=seen if finding.code == "shape" and not finding.public else f"{seen}: {finding.pattern}",
        detail=finding.detail,
    )


def _worst(array: np.ndarray, expected: np.ndarray, wrong: np.ndarray) -> tuple[int, ...]:
    """Where the wrong entry of the largest error is. Near ties go to the first: the same text on every machine."""
    with np.errstate(all="ignore"):
        error = np.where(wrong, np.abs(array - expected), -1.0)
        error = np.where(np.isnan(error), np.inf, error)
        worst = np.flatnonzero(error.ravel() >= error.max() * (1 - 1e-9))[0]
    return tuple(int(i) for i in np.unravel_index(worst, expected.shape))


def _where(array: np.ndarray, expected: np.ndarray, index: tuple[int, ...], what: str, reference: str) -> str:
    """The worst entry with both numbers."""
    mine, theirs = pair(array[index], expected[index])
    return "   ".join(part for part in (entry_name(what, index), f"yours {mine}", f"{reference} {theirs}") if part)


def _named(
    yours: np.ndarray | None, expected: np.ndarray, mistakes: Mapping, rtol: float, use: np.ndarray | None
) -> Finding | None:
    """The named mistake that yours clearly is: nearest first, and much nearer than the expected result.

    Mistakes that give one and the same value cannot be told apart: then all of them are named, "this; or that". The
    detail is the code of the first of them.
    """
    low, high = NAMED_RTOL
    rtol = min(max(rtol, low), high)
    found = []
    for number, (name, value) in enumerate(mistakes.items()):
        if yours is None or value is None:
            if yours is None and value is None:
                return Finding("named", NAMED, str(name), detail=code_of(name, number))
            continue
        wrong = read(value, sequences=True).array
        if wrong is None or wrong.shape != yours.shape:
            continue
        mine, other, right = (_used(a, use) for a in (yours, wrong, expected))
        if not mine.size or not np.all(_same_or_nan(mine, other, rtol)):
            continue
        distance = _distance(mine, other)
        if right.shape == mine.shape and NEARER * distance >= _distance(mine, right):
            continue
        found.append((distance, other, str(name), code_of(name, number)))
    if not found:
        return None
    _, nearest, *_ = min(found, key=lambda one: one[0])
    names, codes = zip(*(named for _, value, *named in found if np.all(_same_or_nan(value, nearest, TIE))), strict=True)
    return Finding("named", NAMED, "; or ".join(names[:MOST_NAMED]), detail=codes[0])


def _used(array: np.ndarray, use: np.ndarray | None) -> np.ndarray:
    return array if use is None else array[use]


def _same_or_nan(a: np.ndarray, b: np.ndarray, rtol: float) -> np.ndarray:
    """As `close`, and nan agrees with nan: a named mistake may be one that gives nan."""
    return close(a, b, rtol) | (np.isnan(a) & np.isnan(b))


def _distance(a: np.ndarray, b: np.ndarray) -> float:
    """Largest difference; infinite where one is nan or infinite and the other is not."""
    with np.errstate(all="ignore"):
        difference = np.where((a == b) | (np.isnan(a) & np.isnan(b)), 0.0, np.abs(a - b))
    return float(np.where(np.isnan(difference), np.inf, difference).max())


def _named_verdict(
    what: str, named: Finding, shape: str, where: str = "", index: tuple[int, ...] | None = None
) -> Verdict:
    return Verdict(False, "named", what, where, named.pattern, named.likely, "", shape, index, named.detail)
