"""Rules that compare a wrong result with other quantities of the problem, given by name: `known={"input": X}`.

`BEFORE` is the name under which the value from before a step is handed to them.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from grader.checks.diagnosis.case import Case
from grader.checks.diagnosis.factors import name_of
from grader.checks.diagnosis.tolerance import largest
from grader.checks.diagnosis.verdict import Finding, everywhere, number

BEFORE = "the value from before the step"
NEXT_TO = 1e-6


def untouched(case: Case) -> Finding | None:
    """Yours is still what it was before the step."""
    before = case.known.get(BEFORE)
    if before is None or before.shape != case.yours.shape or not case.same(case.y, before[case.use]):
        return None
    return Finding(
        "untouched",
        f"yours is still the value from before the step{everywhere(case.y.size)}",
        "no step is taken here, or it is taken on a copy",
    )


def another_quantity(case: Case) -> Finding | None:
    """Yours is just another known quantity, or minus that."""
    for name, other in _others(case):
        for sign, word in ((1, ""), (-1, "-")):
            if case.same(case.y, sign * other):
                return Finding(
                    "another",
                    f"yours = {word}{name}{everywhere(case.y.size)}",
                    f"{name} is passed on as it is, or the wrong variable is used",
                    detail=f"{word}{name}",
                )
    return None


def step(case: Case) -> Finding | None:
    """From the value before the step, or from a known quantity, yours lies on the right way, but at another length."""
    if np.iscomplexobj(case.y):
        return None
    before = case.known.get(BEFORE)
    own = [(BEFORE, before[case.use])] if before is not None and before.shape == case.yours.shape else []
    for name, start in [*own, *_others(case)]:
        ratio = multiple(case.y - start, case.e - start)
        if ratio is None or abs(ratio - 1) < NEXT_TO or not case.same(case.y, start + ratio * (case.e - start)):
            continue
        factor, likely = name_of(ratio, case.scales)
        if abs(ratio + 1) < NEXT_TO:
            factor, likely = "-1", "the step goes the other way: subtract what is added, or add what is subtracted"
        elif not factor and name != BEFORE:
            continue
        start_name = "" if name == BEFORE else f"seen from {name}, "
        return Finding(
            "step",
            f"{start_name}your step is {number(ratio, 4)} times the right one{everywhere(case.y.size)}",
            likely,
            public=f"{start_name}your step is {factor or 'one constant'} times the right one",
            detail=factor,
        )
    return None


def multiple(some: np.ndarray, other: np.ndarray) -> float | None:
    """The r for which `some` is nearest to r * `other`; None if `other` is 0 in most places, or r is."""
    if 2 * np.count_nonzero(other) < other.size:
        return None
    ratio = float(np.sum(some * other) / np.sum(other * other))
    return ratio if np.isfinite(ratio) and abs(ratio) > NEXT_TO else None


def term(case: Case) -> Finding | None:
    """yours - expected is a multiple of a known quantity: a term is missing, doubled, or has the wrong factor."""
    if np.iscomplexobj(case.y):
        return None
    difference = case.y - case.e
    for name, other in _others(case):
        times = multiple(difference, other)
        if times is None or not case.same(difference, times * other):
            continue
        times = round(times, 6)
        shown = {1.0: "", -1.0: "-"}.get(times, f"{number(times, 4)} * ")
        named = abs(times) in (1.0, 2.0, 0.5)
        right = f"yours is the right value {'+' if times > 0 else '-'} {_size(times)}{name}"
        return Finding(
            "term",
            f"yours - {case.reference} = {shown}{name}{everywhere(case.y.size)}",
            f"the term with {name} is missing or too many, or has the wrong sign or factor",
            public=right if named else f"yours is the right value and a multiple of {name}",
            detail=f"{f'{times:g}' if named else 'c'}*{name}",
        )
    return None


def known_factor(case: Case) -> Finding | None:
    """yours / expected is a known quantity, entry by entry, or one over it."""
    if case.y.size < 2 or np.iscomplexobj(case.y):
        return None
    for name, other in _others(case):
        if np.ptp(np.abs(other)) == 0:
            continue
        if case.same(case.y, case.e * other):
            return Finding(
                "times",
                f"yours = {case.reference} * {name}{everywhere(case.y.size)}",
                f"multiplied by {name} once too often",
                public=f"yours is the right value times {name}",
                detail=name,
            )
        if case.same(case.y * other, case.e) and np.any(other):
            return Finding(
                "times",
                f"yours * {name} = {case.reference}{everywhere(case.y.size)}",
                f"{name} is not multiplied in, or divided by",
                public=f"yours times {name} is right",
                detail=f"1/{name}",
            )
    return None


def mask_of(case: Case) -> str:
    """The name of the known quantity whose positive entries are those where yours is not 0; empty if there is none."""
    for name, other in _others(case):
        if np.array_equal(case.y != 0, other > 0) and not np.array_equal(case.e != 0, other > 0):
            return name
    return ""


def _others(case: Case) -> Iterator[tuple[str, np.ndarray]]:
    """(name, used entries) of the known quantities that can be told from the expected result and from 0."""
    for name, array in case.known.items():
        if name == BEFORE or array.shape != case.yours.shape:
            continue
        other = array[case.use]
        if np.isfinite(other).all() and largest(other) > 0 and not case.same(np.abs(other), np.abs(case.e)):
            yield name, other


def _size(times: float) -> str:
    return "" if abs(times) == 1 else f"{number(abs(times))} * "
