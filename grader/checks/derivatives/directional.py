"""Is a claimed derivative right along a random direction? A few calls of f for any number of entries.

For a direction d the slope of t -> f(x + t d) at t = 0 must be the claimed derivative applied to d. The entries of d
are drawn from an interval, so errors of several entries cancel with probability 0; the direction is scaled to about
the fourth root of the number of entries, between a step so long that f bends and one so short that rounding shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from grader.checks.derivatives.numerical import STEPS, Function, NoDerivative, slope_at_step

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

SURE = 1e-7  # relative doubt and rounding with which a slope is compared
EXACT = 1e-9  # relative disagreement that counts as none
ALLOWANCE = 20  # times doubt and rounding count as none, too
LEAST = 0.1  # outputs of a smaller derivative are compared with this part of the largest
FEW = 2000  # entries up to which a second direction is tried


@dataclass(frozen=True)
class Neighbourhood:
    """f near x: `centre` is f(x)."""

    f: Function
    x: np.ndarray
    centre: np.ndarray

    def agrees(
        self, yours: np.ndarray, directions: Iterator[np.ndarray] | None = None, rtol: float = EXACT
    ) -> bool | None:
        """Is `yours`, of shape f(x).shape + x.shape, the derivative? None: f is too rough here to tell."""
        drawn = self.directions() if directions is None else directions
        answers = [self._agrees(yours, direction, rtol) for direction in drawn]
        return False if False in answers else None if None in answers else True

    def directions(self) -> Iterator[np.ndarray]:
        """One or two random directions, the same ones every time."""
        rng = np.random.default_rng(0)
        for _ in range(2 if self.x.size <= FEW else 1):
            yield _scaled(rng, self.x)

    def _agrees(self, yours: np.ndarray, direction: np.ndarray, rtol: float) -> bool | None:
        axes = self.x.ndim
        claimed = np.tensordot(yours, direction, axes)
        size = np.sqrt(np.tensordot(yours**2, direction**2, axes))
        size = np.maximum(size, LEAST * np.max(size, initial=0.0))
        with np.errstate(all="ignore"):
            for step in STEPS:
                found, doubt, _, noise = slope_at_step(self.at(direction), step, self.centre)
                apart, doubt = np.abs(found - claimed), doubt + noise
                if np.all(doubt <= SURE * size):
                    return bool(np.all(apart <= np.maximum(rtol * size, ALLOWANCE * doubt)))
                if np.isfinite(apart).all() and np.any(apart > 1e-2 * size + 100 * doubt):
                    return False  # no smaller step would explain it
        return None

    def at(self, direction: np.ndarray) -> Callable:
        """t -> (f(x + t d), t)."""
        return lambda t: (np.array(self.f(self.x + t * direction), dtype=np.float64), t)


def neighbourhood(f: Function, x: ArrayLike) -> Neighbourhood:
    """Errors: NoDerivative if f gives two different values at x."""
    x = np.array(x, dtype=np.float64)
    centre, again = (np.array(f(x.copy()), dtype=np.float64) for _ in range(2))
    if not np.array_equal(centre, again, equal_nan=True):
        raise NoDerivative(
            "the function gives two different values for one x: is something in it random, or remembered?"
        )
    return Neighbourhood(f, x, centre)


def wrong_entry(found: Neighbourhood, yours: np.ndarray) -> tuple[int, ...]:
    """Index in x of an entry by which the derivative is wrong: the wrong half of the wrong half, and so on."""
    low, high = 0, found.x.size
    whole = next(iter(found.directions())).ravel()
    while high - low > 1:
        middle = (low + high) // 2
        part = np.zeros(found.x.size)
        part[low:middle] = whole[low:middle]
        if found.agrees(yours, iter([part.reshape(found.x.shape)])) is False:
            high = middle
        else:
            low = middle
    return tuple(int(i) for i in np.unravel_index(low, found.x.shape))


def _scaled(rng: np.random.Generator, x: np.ndarray) -> np.ndarray:
    drawn = rng.random(x.shape) * 2 - 1
    drawn += np.copysign(0.25, drawn)  # no entry is left nearly unmoved
    drawn *= np.maximum(np.abs(x), 1.0)
    return drawn * max(x.size, 1) ** -0.25
