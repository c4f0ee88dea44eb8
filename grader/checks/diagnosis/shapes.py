"""Rules for a result of the wrong shape: say which, and look whether the right numbers are in it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grader.checks.diagnosis.case import LEAST
from grader.checks.diagnosis.tolerance import close
from grader.checks.diagnosis.verdict import Finding

Same = Callable[[np.ndarray, np.ndarray], bool]
SUMS_BY_ITSELF = "; a product with @ sums over it, one with * does not"
ENTRY_BY_ENTRY = {
    "max": "; np.max(a, 0) is the largest along axis 0, np.maximum(a, 0) takes the larger entry by entry",
    "min": "; np.min(a, 0) is the smallest along axis 0, np.minimum(a, 0) takes the smaller entry by entry",
}


def shape_finding(yours: np.ndarray, expected: np.ndarray, rtol: float) -> Finding:
    """The finding for two arrays of different shapes. Only shapes are shown, never numbers."""

    def same(a: np.ndarray, b: np.ndarray) -> bool:
        return a.shape == b.shape and a.size > 0 and bool(np.all(close(a, b, max(rtol, 1e-5))))

    for rule in (_transposed, _same_numbers, _not_reduced, _reduced, _broadcast, _left_out):
        finding = rule(yours, expected, same)
        if finding:
            return finding
    detail = "lengths" if yours.ndim == expected.ndim else "axes"
    return Finding("shape", _difference(yours.shape, expected.shape), detail=detail)


def _difference(found: tuple[int, ...], wanted: tuple[int, ...]) -> str:
    """What differs between two shapes."""
    if len(found) != len(wanted):
        return f"{len(found)} {'axis' if len(found) == 1 else 'axes'} where {len(wanted) or 'none'} expected"
    pairs = [(axis, a, b) for axis, (a, b) in enumerate(zip(found, wanted, strict=True)) if a != b]
    return ", ".join(f"axis {axis} has length {a} in place of {b}" for axis, a, b in pairs)


def _transposed(yours: np.ndarray, expected: np.ndarray, same: Same) -> Finding | None:
    if yours.ndim < 2 or yours.shape != expected.T.shape:
        return None
    if same(yours.T, expected):
        return Finding(
            "transposed",
            f"yours.T is right in all {expected.size} entries",
            "the two factors are in the other order, or a .T is missing or too many",
        )
    return Finding(
        "shape",
        "the shape is the transposed one, and the numbers are not right either",
        detail="transposed",
    )


def _not_reduced(yours: np.ndarray, expected: np.ndarray, same: Same) -> Finding | None:
    """An axis is left that should be summed or averaged away."""
    if yours.ndim > 3 or np.all(np.isin(yours, (0, 1))):
        return None
    for axis in [*range(yours.ndim), tuple(range(yours.ndim))]:
        for keep in (False, True):
            name = "over all axes" if isinstance(axis, tuple) else f"over axis {axis}"
            if same(np.asarray(yours.sum(axis=axis, keepdims=keep)), expected):
                likely = f"the sum {name} is missing{SUMS_BY_ITSELF if yours.ndim == 2 and axis == 1 else ''}"
                return Finding("not_summed", f"the sum of yours {name} is right", likely, detail="sum")
            if yours.size and same(np.asarray(yours.mean(axis=axis, keepdims=keep)), expected):
                likely = f"the mean {name} is missing"
                return Finding("not_summed", f"the mean of yours {name} is right", likely, detail="mean")
    return None


def _reduced(yours: np.ndarray, expected: np.ndarray, same: Same) -> Finding | None:
    """A sum, mean or largest number over an axis that should have stayed."""
    if expected.ndim > 3 or expected.size < 2 or np.ptp(expected) == 0 or np.all(np.isin(expected, (0, 1))):
        return None  # of one number again and again the mean is that number
    for axis in [*range(expected.ndim), tuple(range(expected.ndim))]:
        for keep in (False, True):
            name = "over all axes" if isinstance(axis, tuple) else f"over axis {axis}"
            for word in ("sum", "mean", "max", "min"):
                if same(yours, np.asarray(getattr(expected, word)(axis=axis, keepdims=keep))):
                    return Finding(
                        "summed",
                        f"yours is the {word} {name} of the right result",
                        f"the {word} {name} is one too many{ENTRY_BY_ENTRY.get(word, '')}",
                        detail=word,
                    )
    return None


def _same_numbers(yours: np.ndarray, expected: np.ndarray, same: Same) -> Finding | None:
    if yours.size != expected.size or not same(yours.ravel(), expected.ravel()):
        return None
    unsummed = "" if expected.ndim else "; or nothing is summed or averaged over it: of one sample that changes nothing"
    return Finding(
        "shape",
        f"the numbers are right, the shape is {yours.shape} in place of {expected.shape}",
        f"an axis of length 1 is left over or lost (keepdims, [:, None], ravel, reshape){unsummed}",
        detail="axis_of_length_1",
    )


def _broadcast(yours: np.ndarray, expected: np.ndarray, same: Same) -> Finding | None:
    """(n,) with (n, 1) gives (n, n)."""
    n = expected.size
    if n > 2 and yours.shape == (n, n) and expected.shape in ((n,), (n, 1), (1, n)) and _all_pairs(yours):
        return Finding(
            "broadcast",
            f"{n} x {n} numbers where {n} are expected",
            f"an array of shape ({n},) met one of shape ({n}, 1), and broadcasting made a table of all pairs",
        )
    return None


def _left_out(yours: np.ndarray, expected: np.ndarray, same: Same) -> Finding | None:
    """Rows or columns that are all right, but of which there are too few or too many."""
    if yours.ndim != 2 or expected.ndim != 2 or min(yours.size, expected.size) < LEAST:
        return None
    for axis, line in enumerate(("row", "column")):
        few, many = sorted((np.moveaxis(a, axis, 0) for a in (yours, expected)), key=len)
        if few.shape[1] != many.shape[1] or few.shape[1] < 2 or len(few) == len(many):
            continue
        places = [next((k for k, other in enumerate(many) if same(one, other)), -1) for one in few]
        if -1 in places or len(set(places)) < len(places) or not np.all(np.diff(places) > 0):
            continue
        rest = [k for k in range(len(many)) if k not in places]
        which = f"{line}{'s' if len(rest) > 1 else ''} {', '.join(map(str, rest))}"
        missing = yours.size < expected.size
        told = f"of the right result {_are(rest)} missing" if missing else f"of yours {_are(rest)} too many"
        seen = f"{which} {told}; the rest is right"
        return Finding("shape", seen, public=seen, detail="left_out" if missing else "too_many")
    return None


def _are(these: list[int]) -> str:
    return "are" if len(these) > 1 else "is"


def _all_pairs(table: np.ndarray) -> bool:
    """Is every entry the sum, or the product, of a number of its row and one of its column?"""
    sums = table[:1] + table[:, :1] - table[0, 0]
    products = table * table[0, 0] - table[:1] * table[:, :1]
    size = max(float(np.abs(table).max()), 1e-300)
    return bool(np.all(np.abs(table - sums) < 1e-9 * size) or np.all(np.abs(products) < 1e-9 * size**2))
