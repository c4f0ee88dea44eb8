"""Rules that compare a wrong result with other quantities of the problem, given by name: `known={"input": X}`.

`BEFORE` is the name under which the value from before a step is handed to them.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from grader.checks.diagnosis.case import Case
from grader.checks.diagnosis.tolerance import largest
from grader.checks.diagnosis.verdict import Finding, everywhere, number

BEFORE = "the value from before the step"
TIMES = (1.0, -1.0, 2.0, -2.0, 0.5, -0.5)


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
                )
    return None


def term(case: Case) -> Finding | None:
    """yours - expected is a simple multiple of a known quantity: a term is missing, doubled or of the wrong sign."""
    if np.iscomplexobj(case.y):
        return None
    difference = case.y - case.e
    for name, other in _others(case):
        for times in TIMES:
            if case.same(difference, times * other):
                shown = {1.0: "", -1.0: "-"}.get(times, f"{number(times)} * ")
                return Finding(
                    "term",
                    f"yours - {case.reference} = {shown}{name}{everywhere(case.y.size)}",
                    _term_meaning(name, times),
                    public=f"yours is the right value {'+' if times > 0 else '-'} {_size(times)}{name}",
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
            )
        if case.same(case.y * other, case.e) and np.any(other):
            return Finding(
                "times",
                f"yours * {name} = {case.reference}{everywhere(case.y.size)}",
                f"{name} is not multiplied in, or divided by",
                public=f"yours times {name} is right",
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


def _term_meaning(name: str, times: float) -> str:
    if times == -1:
        return f"the term with {name} is missing"
    if times == 1:
        return f"the term with {name} is counted once too often"
    if abs(times) == 2:
        return f"the term with {name} has the wrong sign"
    return f"the term with {name} has a wrong factor"


def _size(times: float) -> str:
    return "" if abs(times) == 1 else f"{number(abs(times))} * "
