"""What nan and infinities in a result say about where they come from."""

from __future__ import annotations

import numpy as np

from grader.checks.diagnosis.tolerance import close
from grader.checks.diagnosis.verdict import Finding, so_many

EMPTY = "the mean of an empty batch, or a nan that is there before"
ROW = "exp overflows in those rows, and inf / inf is nan: subtract the largest entry of each row first"
AT_ZERO = "0 * log(0) or 0/0 where the right value is 0"
NAN = "0/0, log of a negative number, or inf - inf"
MINUS = "log(0): a probability that is rounded to 0 or to 1"
PLUS = "exp of more than 709, or a division by 0"


def not_finite(array: np.ndarray, expected: np.ndarray, use: np.ndarray, reference: str) -> Finding | None:
    """nan, or an infinity that is not expected; or none where one is. None if neither is the case."""
    bad = use & ~np.isfinite(array) & ~(array == expected)
    if not bad.any():
        if np.isfinite(expected[use]).all():
            return None
        return Finding(
            "differs",
            f"{reference} is infinite in some entries where yours is not",
            public="an infinity is expected in some entries",
        )
    names = [name for name, found in (("nan", np.isnan(array)), ("inf", np.isinf(array))) if (bad & found).any()]
    pattern = f"{so_many(int(bad.sum()), int(use.sum()))} {' or '.join(names)}"
    with np.errstate(all="ignore"):
        others = use & ~bad
        if others.any() and np.all(close(array[others], expected[others], 1e-5)):
            pattern += "; the others are right"
    return Finding("not_finite", pattern, _cause(array, expected, bad, use))


def _cause(array: np.ndarray, expected: np.ndarray, bad: np.ndarray, use: np.ndarray) -> str:
    if not np.isnan(array[bad]).any():
        return MINUS if np.all(array[bad] == -np.inf) else PLUS
    if bad[use].all():
        return EMPTY
    if bad.ndim == 2 and bad.shape[1] > 1 and np.array_equal(bad.any(axis=1), bad.all(axis=1)):
        return ROW
    return AT_ZERO if np.all(expected[bad] == 0) else NAN
