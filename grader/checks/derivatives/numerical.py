"""Derivatives by centred differences, honest about where there is none.

For every entry of x the two one-sided slopes F = (f(x+h) - f(x)) / h and B = (f(x) - f(x-h)) / h are measured at h, h/2
and h/4. With the centred D = (F + B) / 2, Richardson's (4 D(h/2) - D(h)) / 3 removes the error in h^2; it is formed
twice, and their difference estimates what is left. For a smooth f, F - B = h f'' + O(h^3), so the extrapolated jump
2 (F - B)(h/2) - (F - B)(h) vanishes; at a kink, such as that of ReLU at 0, it is the jump of the slope, whatever h is.
A kink beside x is escaped by a smaller h. Where no h gives a slope that both sides agree on, there is no derivative to
compare with and nobody is blamed for theirs.

Everything is computed in float64, with a step relative to the size of the entry (Press et al., Numerical Recipes, 5.7).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Function: TypeAlias = "Callable[[np.ndarray], ArrayLike]"  # of an array, to a number or an array
STEPS = (1e-3, 1e-4, 1e-5, 1e-6)
ENOUGH = 1e-9  # relative error at which no smaller step is tried, once two of them have it
KINK = 1e-4  # relative disagreement of the two sides that is called a kink
EPS = float(np.finfo(np.float64).eps)


class NoDerivative(ValueError):
    """The function is not one that can be differentiated numerically; the message says why."""


@dataclass(frozen=True)
class Slopes:
    """Derivatives of f at x, shape f(x).shape + x.shape.

    kink: entries where the two sides disagree (or f is not finite), so that `value` means nothing there.
    error: estimated absolute error of `value`.
    """

    value: np.ndarray
    error: np.ndarray
    kink: np.ndarray


def numerical_gradient(f: Function, x: ArrayLike) -> np.ndarray:
    """Gradient of the scalar function f at x, shape of x; nan where f has a kink.

    Raises NoDerivative, a ValueError, if f does not return a single number, or not the same one twice.
    """
    x = np.array(x, dtype=np.float64)
    return numerical_jacobian(lambda point: scalar(f(point)), x)


def numerical_jacobian(f: Function, x: ArrayLike) -> np.ndarray:
    """Jacobian of f at x in numerator layout: J[i, j] = d f_i / d x_j, shape f(x).shape + x.shape; nan at kinks."""
    found = slopes(f, x)
    return np.where(found.kink, np.nan, found.value)


def slopes(f: Function, x: ArrayLike, entries: list[tuple[int, ...]] | None = None) -> Slopes:
    """Derivatives of f (array or number valued) by every entry of x. f gets a copy, and may spoil it.

    Calls f 12 to 24 times an entry. entries: indices of x, if not all of them are wanted; the others are nan.
    """
    x = np.array(x, dtype=np.float64)
    centre = _value(f, x)
    if not np.array_equal(centre, _value(f, x), equal_nan=True):
        raise NoDerivative(
            "the function gives two different values for one x: is something in it random, or remembered?"
        )
    if entries is not None:
        return _some_slopes(f, x, centre, entries)
    columns = [_entry(f, x, index, centre) for index in np.ndindex(x.shape)]
    shape = centre.shape + x.shape
    stacked = [
        np.stack(part, axis=-1) if columns else np.zeros(shape)
        for part in (zip(*columns, strict=True) if columns else [[]] * 3)
    ]
    value, error, kink = (part.reshape(shape) for part in stacked)
    return Slopes(value, error, kink.astype(bool))


def _some_slopes(f: Function, x: np.ndarray, centre: np.ndarray, entries: list[tuple[int, ...]]) -> Slopes:
    parts: list[np.ndarray] = [np.full(centre.shape + x.shape, np.nan) for _ in range(3)]
    for index in entries:
        at: tuple = (..., *index)
        for part, column in zip(parts, _entry(f, x, index, centre), strict=True):
            part[at] = column
    value, error, kink = parts
    return Slopes(value, error, kink == 1)


def scalar(value: ArrayLike) -> float:
    """The one number that a scalar function must return."""
    array = np.asarray(value)
    if array.size != 1 or array.dtype.kind not in "biuf":
        found = f"an array of shape {array.shape}" if array.size != 1 else f"a value of dtype {array.dtype}"
        raise NoDerivative(f"the function must return one number to have a gradient; it returned {found}")
    return float(array.reshape(()))


def _value(f: Function, x: np.ndarray) -> np.ndarray:
    return np.array(f(x.copy()), dtype=np.float64)


def _entry(
    f: Function, x: np.ndarray, index: tuple[int, ...], centre: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(value, error, kink) by x[index], arrays of the shape of f(x): the best of the step sizes, output by output."""
    tried = []
    with np.errstate(all="ignore"):
        for step in STEPS:
            h = step * max(abs(float(x[index])), 1.0)
            tried.append(slope_at_step(lambda width: _moved(f, x, index, width), h, centre))
            values, doubts, sizes, noises = (np.stack(part) for part in zip(*tried, strict=True))
            size = np.fmax.reduce(sizes)
            if np.all((doubts <= ENOUGH * size + noises).sum(axis=0) >= 2):
                break
        return _best(values, doubts, size, noises)


def _best(
    values: np.ndarray, doubts: np.ndarray, size: np.ndarray, noises: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The value with the least doubt. A second step size has to agree: in float32, say, one may look sure by luck."""
    order = np.argsort(doubts, axis=0)[:2]
    (value, second), (doubt, _), (noise, more) = (
        np.take_along_axis(a, order, axis=0) for a in (values, doubts, noises)
    )
    error = np.fmax(doubt, np.abs(second - value))
    return value, error + noise, ~(error <= KINK * size + 20 * np.fmax(noise, more))


def slope_at_step(
    moved: Callable, h: float, centre: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Richardson's slope, its doubt (error or jump), the larger one-sided slope, and the rounding error, at one h.

    moved: width -> (f so far from the point, how far that really was). centre: f at the point.
    """
    forward, backward = [], []
    largest = np.abs(centre)
    for width in (h, h / 2, h / 4):
        above, right = moved(width)
        below, left = moved(-width)
        forward.append((above - centre) / right)
        backward.append((below - centre) / left)
        largest = np.maximum(largest, np.maximum(np.abs(above), np.abs(below)))
    centred = [(a + b) / 2 for a, b in zip(forward, backward, strict=True)]
    split = [a - b for a, b in zip(forward, backward, strict=True)]
    coarse, fine = ((4 * centred[i + 1] - centred[i]) / 3 for i in (0, 1))
    jump = np.maximum(np.abs(2 * split[1] - split[0]), np.abs(2 * split[2] - split[1]))
    doubt = np.where(np.isfinite(fine), np.abs(fine - coarse) + jump, np.inf)
    slope = np.maximum(np.abs(forward[0]), np.abs(backward[0]))
    return fine, doubt, slope, 16 * EPS * largest / h


def _moved(f: Function, x: np.ndarray, index: tuple[int, ...], width: float) -> tuple[np.ndarray, float]:
    """f with one entry moved, and by how much it really moved in floating point."""
    point = x.copy()
    point[index] += width
    moved = float(point[index] - x[index])
    return np.array(f(point), dtype=np.float64), moved
