"""Judge a gradient or Jacobian: along random directions first, entry by entry only to say what is wrong.

A right derivative costs about ten calls of f, whatever its size. Where it is wrong, or f has a kink here, the numerical
derivative is computed for every entry; of a large array for a wrong one and some rows and columns around it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, TypeGuard

import numpy as np

from grader.checks.derivatives.directional import Neighbourhood, neighbourhood, wrong_entry
from grader.checks.derivatives.numerical import Function, Slopes, slopes
from grader.checks.diagnosis.as_array import read
from grader.checks.diagnosis.diagnose import diagnose
from grader.checks.diagnosis.tolerance import largest
from grader.checks.diagnosis.verdict import Verdict

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

MOST_ENTRIES = 1500  # of x; of a larger one a sample is looked at
SAMPLE = (6, 8)  # rows and columns of it


@dataclass(frozen=True)
class Judged:
    """numerical: what yours was compared with, nan where it was not computed; None where no entry was looked at.

    ignore: entries that are not judged. remark: a clause on them, to follow the name of the property.
    """

    verdict: Verdict
    numerical: np.ndarray | None = None
    ignore: np.ndarray | None = None
    remark: str = ""


def derivative(
    f: Function,
    x: ArrayLike,
    yours: object,
    what: str,
    rtol: float,
    mistakes: Mapping | None = None,
    scales: Mapping | None = None,
) -> Judged:
    """The verdict on `yours` as the derivative of f at x, shape f(x).shape + x.shape.

    Errors: NoDerivative if f is no function of x that can be differentiated numerically.
    """
    near = neighbourhood(f, x)
    shape = near.centre.shape + near.x.shape
    mine = read(yours).array
    agrees = near.agrees(mine) if _comparable(mine, shape) else False
    if agrees:
        return Judged(Verdict(True, "ok", what, shape=str(shape) if shape else ""))
    if near.x.size <= MOST_ENTRIES:
        return _by_entry(slopes(f, x), yours, what, rtol, mistakes, scales)
    if not _comparable(mine, shape):
        return _cannot_compare(near, mine, yours, what, rtol)
    entries = list(_sample(near.x.shape, wrong_entry(near, mine) if agrees is False else (0,) * near.x.ndim))
    found = _by_entry(slopes(f, x, entries), yours, what, rtol, mistakes, scales, sampled=len(entries))
    if found.verdict.ok and near.agrees(mine, rtol=3 * rtol) is False:
        pattern = "the slope along a random direction is not that of yours"
        return Judged(Verdict(False, "differs", what, pattern=pattern, shape=str(shape)))
    return found


def _comparable(mine: np.ndarray | None, shape: tuple[int, ...]) -> TypeGuard[np.ndarray]:
    return mine is not None and mine.shape == shape and bool(np.isfinite(mine).all()) and not np.iscomplexobj(mine)


def _by_entry(
    found: Slopes,
    yours: object,
    what: str,
    rtol: float,
    mistakes: Mapping | None,
    scales: Mapping | None,
    sampled: int = 0,
) -> Judged:
    """The diagnosis against numerical slopes; entries at a kink and those without a slope are not judged."""
    ignore = found.kink | np.isnan(found.value)
    if ignore.size and ignore.all():
        return Judged(_nothing_to_compare(what))
    atol = max(1e-2 * rtol * largest(found.value[~ignore]), 20 * largest(found.error[~ignore]))
    verdict = diagnose(
        yours, found.value, what, rtol, atol or None, mistakes, scales, ignore=ignore, reference="numerical"
    )
    return Judged(verdict, found.value, ignore, _left_out(found, sampled))


def _left_out(found: Slopes, sampled: int) -> str:
    size, kinks = found.value.size, int(found.kink.sum())
    if sampled:
        count = int((~np.isnan(found.value) & ~found.kink).sum())
        return f" ({count} of {size} entries compared one by one)"
    return f" ({kinks} of {size} entries lie at a kink and are not judged)" if kinks else ""


def _sample(shape: tuple[int, ...], index: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Indices of some rows and columns, spread over the array, with `index` among them; of a vector some entries."""
    *leading, rows, columns = (1, *shape) if len(shape) < 2 else shape
    *first, row, column = (0, *index) if len(shape) < 2 else index
    chosen = (
        _spread(length, count, at) for length, count, at in ((rows, SAMPLE[0], row), (columns, SAMPLE[1], column))
    )
    for pair in product(*chosen):
        yield pair[1:] if len(shape) < 2 else (*first, *pair)


def _spread(length: int, count: int, index: int) -> list[int]:
    return sorted({index, *np.linspace(0, length - 1, min(count, length)).round().astype(int).tolist()})


def _cannot_compare(near: Neighbourhood, mine: np.ndarray | None, yours: object, what: str, rtol: float) -> Judged:
    """Of another shape or type, or not finite: is the right derivative hidden in it?"""
    shape = near.centre.shape + near.x.shape
    hidden = next((array for array in _rearranged(mine, shape) if near.agrees(array)), None)
    if hidden is not None or mine is None:
        return Judged(diagnose(yours, np.zeros(shape) if hidden is None else hidden, what, rtol))
    if mine.shape == shape:
        return Judged(diagnose(yours, np.where(np.isfinite(mine), 0.0, 1.0), what, rtol, reference="numerical"))
    found = f"shape {mine.shape}" if mine.ndim else "a single number"
    where = f"{found}   expected shape {shape}"
    return Judged(Verdict(False, "shape", what, where, public=f"{found} in place of shape {shape}"))


def _rearranged(mine: np.ndarray | None, shape: tuple[int, ...]) -> Iterator[np.ndarray]:
    """What yours may have been meant to be, in the right shape."""
    if mine is None or not np.isfinite(mine).all() or mine.shape == shape or np.iscomplexobj(mine):
        return
    candidates = [mine.T, *(mine.sum(axis=axis) for axis in range(mine.ndim))]
    candidates += [mine.reshape(shape)] if mine.size == int(np.prod(shape)) else []
    yield from (array for array in candidates if array.shape == shape)


def _nothing_to_compare(what: str) -> Verdict:
    return Verdict(
        False,
        "reference",
        what,
        pattern="no entry has a numerical derivative to compare with",
        likely="every entry lies at a kink, or the function is rough (float32 inside?) or not finite here",
    )
