"""When two arrays count as equal: the one place where tolerances are decided.

An entry agrees when |yours - expected| <= atol + rtol * |expected| + 1e-12 * (largest |expected| of the array).

* The last term is rounding: in float64 an entry that is the small difference of large ones carries their error.
* `atol=None` is the usual choice: rtol * largest |expected|, but not above 1e-9 nor below 1e-14. It follows the size of
  the array, so that a gradient of 1e-10 everywhere is not passed by zeros, as it would be with a fixed 1e-9.
* Where the whole expected array is below 1e-13 it is rounding debris around zero; it has no size of its own to compare
  with, and `atol=None` is 1e-9.
* An `atol` that is given is kept as it is: probabilities near zero, say, are right to an absolute tolerance.
* Equal infinities agree; a nan agrees with nothing.
"""

from __future__ import annotations

import math

import numpy as np

RTOL = 1e-6
ATOL = 1e-9
ROUNDING = 1e-12
DEBRIS = 1e-13
LEAST_ATOL = 1e-14


def largest(array: np.ndarray) -> float:
    """Largest finite magnitude in the array, 0.0 if there is none."""
    magnitude = np.abs(array)
    top = float(magnitude.max(initial=0.0))
    if math.isfinite(top):
        return top
    return float(magnitude[np.isfinite(magnitude)].max(initial=0.0))


def close(yours: np.ndarray, expected: np.ndarray, rtol: float = RTOL, atol: float | None = None) -> np.ndarray:
    """Entry by entry: do they agree? Both arrays have one shape; returns booleans of that shape."""
    with np.errstate(all="ignore"):
        top = largest(expected)
        if atol is None:
            atol = ATOL if top <= DEBRIS else min(ATOL, max(rtol * top, LEAST_ATOL))
        allowed = atol + rtol * np.abs(expected) + ROUNDING * top
        near = np.isfinite(expected) & (np.abs(yours - expected) <= allowed)
        return near | (yours == expected)
