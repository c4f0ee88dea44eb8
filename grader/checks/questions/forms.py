"""Forms of answers: checked before anybody's code works on what came back.

A form, called with a value, says in a few words what is wrong with it, or "" if nothing is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.diagnosis.as_array import describe

MOST_ENTRIES = 2_000_000  # of all arrays of an answer together


@dataclass(frozen=True)
class Form:
    """`fault(value)` says what is wrong with a value of plain data."""

    fault: Callable[[Any], str]

    def __call__(self, value: Any) -> str:
        return self.fault(value)


def size_of(value: Any) -> int:
    """The number of entries in all arrays and of all items of plain data."""
    if isinstance(value, np.ndarray):
        return int(value.size) + 1
    if isinstance(value, dict):
        return 1 + sum(map(size_of, value.values()))
    return 1 + (sum(map(size_of, value)) if isinstance(value, (list, tuple)) else 0)


def described(value: Any) -> str:
    """A value in words, by its type and shape alone."""
    if isinstance(value, np.ndarray) and value.ndim:
        return f"an array of shape {value.shape}"
    return describe(value)


def array(*shape: int | None, finite: bool = True, kinds: str = "bif") -> Form:
    """A numeric array of this shape; `None` stands for any length."""
    wanted = f"an array of shape {shape}".replace("None", "any")

    def wrong(value: Any) -> str:
        if not (isinstance(value, np.ndarray) and value.dtype.kind in kinds):
            return f"{wanted} is expected, found {described(value)}"
        fits = value.ndim == len(shape) and all(n in (None, m) for n, m in zip(shape, value.shape))  # noqa: B905
        if not fits:
            return f"{wanted} is expected, found {described(value)}"
        return "it holds NaN or infinity" if finite and not np.isfinite(value).all() else ""

    return Form(wrong)


def number(*, finite: bool = True) -> Form:
    """A single number: Python's, numpy's, or an array without a dimension."""

    def wrong(value: Any) -> str:
        single = isinstance(value, (int, float, np.number)) or (isinstance(value, np.ndarray) and not value.ndim)
        if not single or isinstance(value, (bool, complex, np.complexfloating)):
            return f"a single number is expected, found {described(value)}"
        return "it is NaN or infinity" if finite and not np.isfinite(float(value)) else ""

    return Form(wrong)


def truth() -> Form:
    """Python's or numpy's True or False."""

    def wrong(value: Any) -> str:
        known = isinstance(value, (bool, np.bool_))
        return "" if known else f"True or False is expected, found {described(value)}"

    return Form(wrong)


def items(each: Form | None = None, length: int | None = None, most: int = 100_000, each_is: str = "entry") -> Form:
    """A list or tuple, of this length if one is given, whose items have the form `each`; `each_is` names one."""

    def wrong(value: Any) -> str:
        if not isinstance(value, (list, tuple)):
            return f"a list is expected, found {described(value)}"
        if length is not None and len(value) != length or len(value) > most:
            return f"a list of {length if length is not None else f'at most {most}'} is expected, found {len(value)}"
        found = (each(item) if each else "" for item in value)
        return next((f"{each_is} {number}: {fault}" for number, fault in enumerate(found, start=1) if fault), "")

    return Form(wrong)


def pairs(*forms: Form | None) -> Form:
    """A list or tuple of just these parts, in this order; None for a part of any form."""

    def wrong(value: Any) -> str:
        if not (isinstance(value, (list, tuple)) and len(value) == len(forms)):
            return f"{len(forms)} things are expected, found {described(value)}"
        return next((fault for form, part in zip(forms, value) if form and (fault := form(part))), "")  # noqa: B905

    return Form(wrong)
