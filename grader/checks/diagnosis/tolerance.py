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

import numpy as np

RTOL = 1e-6
ATOL = 1e-9
ROUNDING = 1e-12
DEBRIS = 1e-13
LEAST_ATOL = 1e-14


def largest(array: np.ndarray) -> float:
    """Largest finite magnitude in the array, 0.0 if there is none."""
    magnitude = np.abs(array[np.isfinite(array)])
    return float(magnitude.max()) if magnitude.size else 0.0


def usual_atol(expected: np.ndarray, rtol: float) -> float:
    """The absolute tolerance for `atol=None`; see the top of this module."""
    top = largest(expected)
    return ATOL if top <= DEBRIS else min(ATOL, max(rtol * top, LEAST_ATOL))


def allowed(expected: np.ndarray, rtol: float = RTOL, atol: float | None = None) -> np.ndarray:
    """Allowed difference for every entry, shape of `expected`."""
    atol = usual_atol(expected, rtol) if atol is None else atol
    with np.errstate(all="ignore"):
        return atol + rtol * np.abs(expected) + ROUNDING * largest(expected)


def close(yours: np.ndarray, expected: np.ndarray, rtol: float = RTOL, atol: float | None = None) -> np.ndarray:
    """Entry by entry: do they agree? Both arrays have one shape; returns booleans of that shape."""
    with np.errstate(all="ignore"):
        difference = np.abs(yours - expected)
        near = np.isfinite(expected) & (difference <= allowed(expected, rtol, atol))
        return near | (yours == expected)
