"""What relations are written with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np


def same(one: Any, other: Any, rtol: float = 1e-8, atol: float = 1e-11) -> bool:
    """Are both numbers, arrays of one shape, or lists of such, equal up to rounding?"""
    if isinstance(one, (list, tuple)):
        alike = isinstance(other, (list, tuple)) and len(one) == len(other)
        return alike and all(same(a, b, rtol, atol) for a, b in zip(one, other))  # noqa: B905
    numbers = (np.ndarray, np.number, int, float)
    if not (isinstance(one, numbers) and isinstance(other, numbers)) or np.shape(one) != np.shape(other):
        return False
    a, b = np.asarray(one), np.asarray(other)
    if a.dtype == b.dtype == np.float64 and np.isfinite(b).all():
        # As np.allclose, in a third of its time: relations and keys compare some 200 times in a notebook.
        return bool((np.abs(a - b) <= atol + rtol * np.abs(b)).all())
    return bool(np.allclose(a, b, rtol=rtol, atol=atol, equal_nan=True))


_kept: ContextVar[list[str] | None] = ContextVar("kept", default=None)


@contextmanager
def noting() -> Iterator[list[str]]:
    """The names, without those of functions, of what `unchanged` finds to be as it was, meanwhile."""
    kept: list[str] = []
    token = _kept.set(kept)
    try:
        yield kept
    finally:
        _kept.reset(token)


def unchanged(what: str, now: Any, before: Any) -> str:
    """What is to be told if an argument is not what it was, to the last bit and in its structure; else ""."""
    if not _identical(now, before):
        return f"{what} was changed in place: work on a copy"
    kept, name = _kept.get(), what.rpartition(": ")[2]
    if kept is not None and name not in kept:
        kept.append(name)
    return ""


def _identical(now: Any, before: Any) -> bool:
    if isinstance(before, (list, tuple)):
        return type(now) is type(before) and len(now) == len(before) and all(map(_identical, now, before))
    if isinstance(before, dict):
        return type(now) is dict and now.keys() == before.keys() and all(_identical(now[k], before[k]) for k in before)
    if isinstance(before, np.ndarray):
        return isinstance(now, np.ndarray) and np.array_equal(now, before, equal_nan=before.dtype.kind in "fc")
    return bool(type(now) is type(before) and now == before)
