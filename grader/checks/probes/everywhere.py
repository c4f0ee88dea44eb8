"""A relation between a wrong result and the right one that holds at every case that was tried.

Of a single number, or of two or three, one case says nothing: there a relation must hold at several.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import pi

import numpy as np

from grader.checks.diagnosis.case import LEAST
from grader.checks.diagnosis.factors import LOGARITHMS
from grader.checks.diagnosis.rules import FUNCTIONS
from grader.checks.probes.digests import NEAR, Digest, digest, weights

Numbers = Mapping[str, Sequence[float]]  # of each argument that is a number its value, or those of all calls

APART = 1e-3  # relative; points whose right numbers are nearer count as one
CONSTANTS = {
    -1.0: ("sign", "minus the right one"),
    2.0: ("2", "twice the right one"),
    0.5: ("1/2", "half of the right one"),
    -2.0: ("-2", "-2 times the right one"),
    -0.5: ("-1/2", "-1/2 times the right one"),
    4.0: ("4", "4 times the right one"),
    0.25: ("1/4", "a quarter of the right one"),
    pi: ("pi", "pi times the right one"),
    1 / pi: ("1/pi", "1/pi times the right one"),
} | {value: (name, f"the right one times {name}, as with {why}") for name, value, why in LOGARITHMS}
TIMES = {1.0: "", -1.0: "-", 2.0: "twice ", 0.5: "half of ", -2.0: "-twice ", -0.5: "-half of "}
TERMS = {-1.0: ("less_1", "the right one less 1"), 1.0: ("plus_1", "the right one plus 1")}
POWERS = {1: "{}", 2: "{} squared", -1: "1/{}", -2: "1/({} squared)"}


@dataclass(frozen=True)
class Point:
    """One case: of each part the sums of both results, how near they can be compared, and the numbers of the case."""

    mine: np.ndarray  # [parts, directions]
    wanted: np.ndarray
    off: np.ndarray  # [parts, 1]
    sizes: tuple[int, ...]
    numbers: Numbers

    def value(self, name: str) -> np.ndarray | None:
        """The argument's value in each part, [parts, 1]; None where it has none, or one that is no divisor."""
        found = self.numbers.get(name, ())
        if not found or len(self.sizes) % len(found) or not all(found):
            return None
        return np.repeat(np.asarray(found, dtype=float), len(self.sizes) // len(found))[:, None]


def point(yours: Sequence[np.ndarray], right: Sequence[Digest], numbers: Numbers) -> Point | None:
    """The point of these results; None if they are not alike, not finite, or nothing but zeros."""
    if len(yours) != len(right) or any(a.shape != b.shape for a, b in zip(yours, right)):  # noqa: B905
        return None
    if not all(np.all(np.isfinite(part)) for part in yours) or not any(one.largest for one in right):
        return None
    sizes = tuple(part.size for part in yours)
    off = np.array([[NEAR * one.largest * np.sqrt(max(size, 1))] for one, size in zip(right, sizes)])  # noqa: B905
    mine = np.array([digest(part).sums for part in yours])
    return Point(mine, np.array([one.sums for one in right]), off, sizes, numbers)


def relation(points: Sequence[Point]) -> tuple[str, str] | None:
    """A code and words for what the result is of the right one, at all these points."""
    if not _enough(points, 0):
        return None
    few = max(points[0].sizes) < LEAST  # of more numbers the diagnosis of the first case has said it
    found = _constant(points) if few else None
    return found or ((_by_argument(points) or _of_single_numbers(points)) if _enough(points, LEAST) else None)


def _enough(points: Sequence[Point], least: int) -> bool:
    """Are there three cases that differ, with so many right numbers?"""
    kept: list[np.ndarray] = []
    for one in points:
        flat = one.wanted.ravel()
        if np.any(flat) and all(np.any(np.abs(flat - other) > APART * np.abs(other).max()) for other in kept):
            kept.append(flat)
    return len(kept) > 2 and sum(points[0].sizes) * len(kept) >= least


def _constant(points: Sequence[Point]) -> tuple[str, str] | None:
    for value, (name, words) in CONSTANTS.items():
        if all(_near(one.mine, value * one.wanted, one.off, value) for one in points):
            return name, words
    for term, (name, words) in TERMS.items():
        if set(points[0].sizes) == {1} and all(_differ_by(term, one) for one in points):
            return name, words
    return None


def _by_argument(points: Sequence[Point]) -> tuple[str, str] | None:
    """A power of an argument that is a number, as factor."""
    for name in points[0].numbers:
        told = [(one, value) for one in points if (value := one.value(name)) is not None]
        if len({float(value[0, 0]) for _, value in told}) < 3 or not _enough([one for one, _ in told], 0):
            continue
        for (power, words), (factor, times) in product(POWERS.items(), TIMES.items()):
            scales = [factor * value**power for _, value in told]
            if all(_near(one.mine, scale * one.wanted, one.off, scale) for (one, _), scale in zip(told, scales)):  # noqa: B905
                return f"{name}/{power}", f"the right one times {times}{words.format(name)}"
    return None


def _of_single_numbers(points: Sequence[Point]) -> tuple[str, str] | None:
    """A function of the right number, or the right one and a term, where all parts are single numbers."""
    if set(points[0].sizes) != {1}:
        return None
    shares = weights(1)[:, 0]
    pairs = [(one, one.mine[:, 0] / shares[0], one.wanted[:, 0] / shares[0]) for one in points]
    for detail, words, function, _ in FUNCTIONS:
        with np.errstate(all="ignore"):
            values = [(mine, function(wanted)) for _, mine, wanted in pairs]
        if all(np.all(np.isfinite(value)) and _close(mine, value) for mine, value in values):
            return detail, words.format("the right one")
    return next(_with_a_term(pairs), None)


def _with_a_term(pairs: Sequence[tuple[Point, np.ndarray, np.ndarray]]) -> Iterator[tuple[str, str]]:
    for name in pairs[0][0].numbers:
        told = [(value[:, 0], *rest) for one, *rest in pairs if (value := one.value(name)) is not None]
        if len({float(value[0]) for value, *_ in told}) < 3:
            continue
        for factor, times in TIMES.items():
            if all(_close(mine, wanted + factor * value, wanted) for value, mine, wanted in told):
                sign = "-" if times.startswith("-") else "+"
                yield f"term/{name}", f"the right one {sign} {times.lstrip('-')}{name}"


def _near(mine: np.ndarray, wanted: np.ndarray, off: np.ndarray, scale: float | np.ndarray) -> bool:
    return bool(np.all(np.abs(mine - wanted) <= 2 * off * np.maximum(np.abs(scale), 1e-9)))


def _differ_by(term: float, one: Point) -> bool:
    share = weights(1)[:, 0]
    return _close(one.mine / share, one.wanted / share + term, one.wanted / share)


def _close(mine: np.ndarray, value: np.ndarray, of: np.ndarray | float = 0.0) -> bool:
    """Are they as near as what the value was made ``of`` is known? A difference of two numbers may be much smaller."""
    size = np.maximum(np.maximum(np.abs(mine), np.abs(value)), np.abs(of))
    return bool(np.all(np.abs(mine - value) <= 2 * NEAR * size))
