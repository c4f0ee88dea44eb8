"""What the hidden tests of the matrix derivatives have in common: random points, manners, texts."""

import numpy as np

from grader.checks.diagnosis.named import Named
from grader.judge import expect, expect_that, expect_unchanged

TRANSPOSED = Named("transposed", "transposed: what stands before dX in the trace is the transpose of the gradient")
NO_TRANSPOSE = "a transpose is forgotten"
ONE_TERM = Named("one_term", "only one of two terms: it occurs twice, and each time it changes")
SYMMETRIC_ONLY = Named("symmetric_only", "right for a symmetric A only: of the two terms, one has A transposed")
TRACE_ORDER = Named(
    "trace_order", "wrong order in the trace: factors may be turned round, tr(ABC) = tr(BCA), but not swapped"
)
FACTOR_TWO = Named("factor_two", "a factor 2 is missing")


def regular(rng, n, sign=None):
    """A random matrix [n, n] that is not symmetric, with singular values between 1 and 2; sign: of its determinant."""
    left, right = (np.linalg.qr(rng.normal(size=(n, n)))[0] for _ in range(2))
    X = left * rng.uniform(1, 2, size=n) @ right
    if sign is not None and np.sign(np.linalg.det(X)) != sign:
        X[0] = -X[0]
    return X


def tall(rng, n, k):
    """A random matrix [n, k] of full column rank, with singular values between 1 and 2."""
    return np.linalg.qr(rng.normal(size=(n, k)))[0] @ regular(rng, k)


def symmetric(rng, n):
    """A random symmetric matrix [n, n], positive definite with eigenvalues between 1 and 2."""
    Q = np.linalg.qr(rng.normal(size=(n, n)))[0]
    M = Q * rng.uniform(1, 2, size=n) @ Q.T
    return (M + M.T) / 2


def positive(rng, n):
    """A random matrix [n, n] with x'Ax > 0 for every x except 0, and not symmetric."""
    K = rng.normal(size=(n, n))
    return symmetric(rng, n) + (K - K.T) / 2


def pair(result, what):
    """A result of two parts, (mu, Sigma) say, once it is known to be one."""
    row = isinstance(result, (tuple, list)) and len(result) == 2
    expect_that(row, f"{what}: two results are expected, found a {type(result).__name__}", "type")
    return result


def expect_manners(student, name, arguments, shape, part=None):
    """The result is an array of the shape, not all 0; no argument {name: value} is changed; a second call agrees.

    part: 0 or 1 for a function that returns two arrays, one of which is looked at.
    """
    kept = {letter: student.put(v) if isinstance(v, np.ndarray) else v for letter, v in arguments.items()}

    def call(values):
        result = getattr(student, name)(*values)
        return result if part is None else pair(result, name)[part]

    first = call(kept.values())
    for letter, value in arguments.items():
        if isinstance(value, np.ndarray):
            expect_unchanged(kept[letter], value, what=f"{name}: {letter}")
    numeric = isinstance(first, np.ndarray) and first.dtype.kind in "bif"
    found = f"shape {first.shape}" if isinstance(first, np.ndarray) else f"a {type(first).__name__}"
    expect_that(bool(numeric and first.shape == shape), f"{name}: an array of shape {shape} is expected, found {found}")
    alive = bool(np.isfinite(first).all() and first.any())
    expect_that(alive, f"{name}: the result is 0 everywhere, or not finite", "zero")
    expect(call(arguments.values()), first, what=f"{name}: the same call a second time")
