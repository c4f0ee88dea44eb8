"""What nan and infinities in a result say about where they come from."""

from __future__ import annotations

import numpy as np

from grader.checks.diagnosis.tolerance import close
from grader.checks.diagnosis.verdict import Finding, so_many

CAUSES = {
    "nan_for_zero": "0 * log(0) or 0/0 where the right value is 0",
    "nan": "0 / 0, inf / inf, 0 * inf, inf - inf, or a logarithm or root of a negative number",
    "minus_infinity": "log(0), or a division by 0",
    "infinity": "the logarithm of 0, a division by 0, or exp of a large number",
}


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
            detail="should_be_infinite",
        )
    names = [name for name, found in (("nan", np.isnan(array)), ("inf", np.isinf(array))) if (bad & found).any()]
    pattern = f"{so_many(int(bad.sum()), int(use.sum()))} {' or '.join(names)}"
    with np.errstate(all="ignore"):
        others = use & ~bad
        if others.any() and np.all(close(array[others], expected[others], 1e-5)):
            pattern += "; the others are right"
    cause = _cause(array, expected, bad, use)
    return Finding("not_finite", pattern, CAUSES[cause], detail=cause)


def _cause(array: np.ndarray, expected: np.ndarray, bad: np.ndarray, use: np.ndarray) -> str:
    if not np.isnan(array[bad]).any():
        return "minus_infinity" if np.all(array[bad] == -np.inf) else "infinity"
    return "nan_for_zero" if np.all(expected[bad] == 0) else "nan"
