"""Right numbers in short: enough to tell whether others are the same, as a record keeps them for many cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import prod
from typing import Any

import numpy as np

from grader.checks.diagnosis.as_array import read
from grader.checks.diagnosis.tolerance import close

NEAR = 1e-5  # relative to the largest number; a digest is kept with six digits
DIRECTIONS = 2
STILL = 1e-9


@dataclass(frozen=True)
class Digest:
    """Shape, largest number and a few sums of an array with weights, by which it is known again."""

    shape: tuple[int, ...]
    largest: float
    sums: tuple[float, ...]

    def fits(self, array: np.ndarray | None) -> bool:
        """Is it this array, up to rounding?"""
        if array is None or array.shape != self.shape or not np.all(np.isfinite(array)):
            return False
        return self.like(digest(array))

    def like(self, other: Digest) -> bool:
        """Is it the digest of the same array, up to rounding?"""
        size = max(self.largest, 1e-12) * max(prod(self.shape), 1) ** 0.5
        return self.shape == other.shape and all(
            abs(one - mine) <= NEAR * size
            for one, mine in zip(other.sums, self.sums)  # noqa: B905
        )


def digest(array: np.ndarray) -> Digest:
    """The digest of an array of numbers."""
    sums = weights(array.size) @ array.ravel()
    return Digest(array.shape, _six(np.abs(array).max() if array.size else 0.0), tuple(_six(one) for one in sums))


@cache
def weights(size: int) -> np.ndarray:
    """Of the entries of an array of this size, in each of its sums."""
    return np.random.default_rng(size).normal(size=(DIRECTIONS, size))


Moves = list[list[str]]  # of each part which rows and which columns are others, "0" and "1"; of a vector its entries


def moves(before: Sequence[np.ndarray], after: Sequence[np.ndarray]) -> Moves | None:
    """What moved in these arrays; None if they are not alike."""
    if len(before) != len(after) or any(a.shape != b.shape for a, b in zip(before, after)):  # noqa: B905
        return None
    found = []
    for one, other in zip(before, after):  # noqa: B905
        moved = ~np.atleast_1d(close(other, one, STILL))
        table = moved.reshape(len(moved), -1)
        found.append(["".join("01"[bool(line)] for line in np.atleast_1d(table.any(axis=axis))) for axis in (1, 0)])
    return found


def arrays(value: Any) -> list[np.ndarray] | None:
    """The parts of an answer, and theirs where they differ, as arrays; None if one is no array of numbers."""
    found: list[np.ndarray] = []
    for part in value if isinstance(value, (list, tuple)) else [value]:
        array = read(part, sequences=True).array
        inside = arrays(part) if array is None and isinstance(part, (list, tuple)) else None
        if inside is None and (array is None or array.dtype.kind not in "fiu"):
            return None
        found += [np.asarray(array, dtype=float)] if inside is None else inside
    return found or None


def pack(known: Sequence[Digest] | Moves) -> list[Any]:
    """As JSON has it."""
    return [[list(one.shape), one.largest, *one.sums] if isinstance(one, Digest) else one for one in known]


def unpack(packed: Sequence[Any]) -> Any:
    """What `pack` was given."""
    return [one if isinstance(one[0], str) else Digest(tuple(one[0]), one[1], tuple(one[2:])) for one in packed]


def _six(value: float) -> float:
    return float(f"{value:.6g}")
