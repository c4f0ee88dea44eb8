"""Hidden tests of the functions with an inverse or a determinant. Points are well-conditioned for every seed."""

import numpy as np

from grader.judge import expect, expect_that, hidden_test

from .asking import (
    ONE_TERM,
    SYMMETRIC_ONLY,
    TRACE_ORDER,
    TRANSPOSED,
    expect_manners,
    positive,
    regular,
    symmetric,
    tall,
)

inv, det = np.linalg.inv, np.linalg.det


@hidden_test("test_inverse", points=0.1)
def differential_of_one_over_x(student, rng):
    """For single numbers it is the differential of 1/x."""
    x, dx = rng.uniform(0.5, 2, size=(1, 1)), rng.normal(size=(1, 1))
    mistakes = {
        "the sign: 1/x falls where x rises": dx / x**2,
        "dX is missing; a differential is linear in dX": -1 / x**2,
        "one of the two inverses is missing": -dx / x,
    }
    expect(student.d_inverse(x, dx), -dx / x**2, what="d_inverse(X, dX), one by one", mistakes=mistakes)


@hidden_test("test_inverse", points=0.25)
def differential_of_inverse(student, rng):
    """The differential of the inverse."""
    X, dX = regular(rng, 4), rng.normal(size=(4, 4))
    Y = inv(X)
    expect(
        student.d_inverse(X, dX),
        -Y @ dX @ Y,
        what="d_inverse(X, dX)",
        mistakes={
            "the sign: the inverse falls where X rises": Y @ dX @ Y,
            "matrices do not commute: one inverse stands on each side of dX": -dX @ Y @ Y,
            "matrices do not commute; an inverse stands on each side of dX": -Y @ Y @ dX,
            "dX is missing; a differential is linear in dX": -Y @ Y,
            "dX enters transposed": -Y @ dX.T @ Y,
            "this is the inverse of dX; the inverse is not linear": inv(dX),
            "one of the two inverses is missing, the one on the right": -Y @ dX,
            "one of the two inverses is missing, the one on the left": -dX @ Y,
            "the inverses are transposed; that belongs to gradients, not to the differential": -Y.T @ dX @ Y.T,
            "transposed, as a gradient would be; the differential is not": (-Y @ dX @ Y).T,
            "X in place of its inverse": -X @ dX @ X,
            "the change itself, with all its higher orders; only the linear part is wanted": inv(X + dX) - Y,
        },
    )


@hidden_test("test_inverse", points=0.1)
def differential_of_inverse_is_linear(student, rng):
    """It is linear in dX, however large dX is."""
    X, first, second = regular(rng, 3), rng.normal(size=(3, 3)), rng.normal(size=(3, 3))
    values = [student.d_inverse(X, dX) for dX in (first, second, 1e3 * first - second)]
    arrays = all(isinstance(value, np.ndarray) and value.shape == (3, 3) for value in values)
    expect_that(arrays, "d_inverse(X, dX) is no array of the shape of dX", "shape")
    moves = bool(np.any(values[0]) and np.any(values[0] != values[1]))
    expect_that(moves, "d_inverse(X, dX) does not depend on dX", "constant")
    what = "the differential of 1000 dX - dZ, against 1000 times the one of dX less that of dZ"
    expect(values[2], 1e3 * values[0] - values[1], what=what)


@hidden_test("test_inverse", points=0.05)
def inverse_manners(student, rng):
    """d_inverse leaves its arguments alone."""
    expect_manners(student, "d_inverse", {"X": regular(rng, 3), "dX": rng.normal(size=(3, 3))}, (3, 3))


def _det_mistakes(X):
    """What a wrong derivation of the gradient of det X gives."""
    Y, value = inv(X), det(X)
    return {
        TRANSPOSED: value * Y,
        "the factor det X is missing: this belongs to ln det X": Y.T,
        "the factor det X is missing, and a transpose": Y,
        "divided by det X; it is a factor": Y.T / value,
        "this is the value of the determinant": value,
        "the factor det X alone: the gradient at the identity": value * np.eye(len(X)),
        "X in place of its inverse": value * X.T,
    }


@hidden_test("test_det", points=0.1)
def gradient_of_det_symmetric(student, rng):
    """The gradient of det X at a symmetric X."""
    X = symmetric(rng, 4)
    expect(student.d_det(X), det(X) * inv(X), what="d_det(X), X symmetric", mistakes=_det_mistakes(X))


@hidden_test("test_det", points=0.25)
def gradient_of_det(student, rng):
    """The gradient of det X, det X > 0."""
    X = regular(rng, 4, sign=1)
    expect(student.d_det(X), det(X) * inv(X).T, what="d_det(X)", mistakes=_det_mistakes(X))


@hidden_test("test_det", points=0.1)
def gradient_of_det_negative(student, rng):
    """The gradient of det X, det X < 0."""
    X = regular(rng, 3, sign=-1)
    mistakes = {"the sign of det X is lost": -det(X) * inv(X).T, **_det_mistakes(X)}
    expect(student.d_det(X), det(X) * inv(X).T, what="d_det(X), det X < 0", mistakes=mistakes)


@hidden_test("test_det", points=0.05)
def det_manners(student, rng):
    """d_det leaves its argument alone."""
    expect_manners(student, "d_det", {"X": regular(rng, 3)}, (3, 3))


def _logdet_mistakes(X):
    """What a wrong derivation of the gradient of ln det X gives."""
    Y, value = inv(X), det(X)
    return {
        TRANSPOSED: Y,
        "this is the gradient of det X; that of the logarithm is missing (chain rule)": value * Y.T,
        "divided by det X once too often": Y.T / value,
        "only the derivative of the logarithm: the inner derivative is missing (chain rule)": 1 / value,
        "X itself, not its inverse": X.T,
        "the inverse entry by entry: 1 / X is no matrix inverse": 1 / X,
        "only the diagonal": np.diag(np.diag(Y)),
        "derived as if X had to stay symmetric; its entries are independent": Y + Y.T - np.diag(np.diag(Y)),
    }


@hidden_test("test_logdet", points=0.1)
def gradient_of_logdet_symmetric(student, rng):
    """The gradient of ln det X at a symmetric X."""
    X = symmetric(rng, 4)
    expect(student.d_logdet(X), inv(X), what="d_logdet(X), X symmetric", mistakes=_logdet_mistakes(X))


@hidden_test("test_logdet", points=0.35)
def gradient_of_logdet(student, rng):
    """The gradient of ln det X, det X > 0."""
    X = regular(rng, 5, sign=1)
    expect(student.d_logdet(X), inv(X).T, what="d_logdet(X)", mistakes=_logdet_mistakes(X))


@hidden_test("test_logdet", points=0.05)
def logdet_manners(student, rng):
    """d_logdet leaves its argument alone."""
    expect_manners(student, "d_logdet", {"X": regular(rng, 3, sign=1)}, (3, 3))


@hidden_test("test_trace_axbinv", points=0.35)
def gradient_of_trace_axbinv(student, rng):
    """The gradient of tr(A X B X^-1)."""
    A, X, B = rng.normal(size=(4, 4)), regular(rng, 4), rng.normal(size=(4, 4))
    Y = inv(X)
    first, second = B @ Y @ A, Y @ A @ X @ B @ Y
    expect(
        student.d_trace_axbinv(A, X, B),
        (first - second).T,
        what="d_trace_axbinv(A, X, B)",
        mistakes={
            TRANSPOSED: first - second,
            "the term of the inverse is missing: X^-1 changes as well": first.T,
            "the term of X is missing: only the inverse is differentiated": -second.T,
            "the sign of d(X^-1): the two terms have different signs": (first + second).T,
            "all signs are turned": (second - first).T,
            "the first term is not transposed": first - second.T,
            "the second term is not transposed": first.T - second,
            TRACE_ORDER: (A @ Y @ B - second).T,
            TRACE_ORDER + " (in the second term)": (first - Y @ B @ X @ A @ Y).T,
            "one of the two inverses of d(X^-1) is missing": (first - A @ X @ B @ Y).T,
            "one of the two inverses of d(X^-1) is missing, the right one": (first - Y @ A @ X @ B).T,
        },
    )


@hidden_test("test_trace_axbinv", points=0.1)
def gradient_of_trace_axbinv_identity(student, rng):
    """The gradient of tr(A X B X^-1) where B is the identity."""
    A, X, B = rng.normal(size=(3, 3)), regular(rng, 3), rng.normal(size=(3, 3))
    elsewhere = student.d_trace_axbinv(A, X, B)
    moves = isinstance(elsewhere, np.ndarray) and bool(np.any(elsewhere))
    expect_that(moves, "d_trace_axbinv(A, X, B) is 0 whatever B is", "zero")
    what = "d_trace_axbinv(A, X, B), B = I"
    expect(student.d_trace_axbinv(A, X, np.eye(3)), np.zeros((3, 3)), what=what)


@hidden_test("test_trace_axbinv", points=0.05)
def trace_axbinv_manners(student, rng):
    """d_trace_axbinv leaves its arguments alone."""
    arguments = {"A": rng.normal(size=(3, 3)), "X": regular(rng, 3), "B": rng.normal(size=(3, 3))}
    expect_manners(student, "d_trace_axbinv", arguments, (3, 3))


@hidden_test("test_trace_hard", points=0.35)
def gradient_of_trace_hard(student, rng):
    """The gradient of tr(A X'X B X^-T)."""
    A, X, B = rng.normal(size=(4, 4)), regular(rng, 4), rng.normal(size=(4, 4))
    Y = inv(X)
    first, second, third = X @ B @ Y.T @ A, X @ A.T @ Y @ B.T, Y.T @ A @ X.T @ X @ B @ Y.T
    expect(
        student.d_trace_hard(A, X, B),
        first + second - third,
        what="d_trace_hard(A, X, B)",
        mistakes={
            TRANSPOSED: (first + second - third).T,
            "the term of X' is missing": second - third,
            "the term of X (the one that is not transposed) is missing": first - third,
            "the term of the inverse is missing: it changes as well": first + second,
            "the sign of d(X^-1)": first + second + third,
            "the term of X' is transposed once too often": first.T + second - third,
            "the term of X is transposed once too often": first + second.T - third,
            "the term of the inverse is transposed once too often: it comes from dX', not from dX": first
            + second
            - third.T,
            "the transpose of the inverse is overlooked": X @ B @ Y @ A
            + X @ A.T @ Y.T @ B.T
            - (Y @ A @ X.T @ X @ B @ Y).T,
            TRACE_ORDER: X @ A @ Y.T @ B + second - third,
        },
    )


@hidden_test("test_trace_hard", points=0.1)
def gradient_of_trace_hard_numbers(student, rng):
    """For single numbers it is the derivative of a b x."""
    a, x, b = rng.uniform(0.5, 2, size=(3, 1, 1))
    mistakes = {
        "the term of the inverse is missing": 2 * a * b,
        "the sign of the term of the inverse": 3 * a * b,
        "one of the three terms is missing": 0 * a,
    }
    expect(student.d_trace_hard(a, x, b), a * b, what="d_trace_hard(A, X, B), one by one", mistakes=mistakes)


@hidden_test("test_trace_hard", points=0.05)
def trace_hard_manners(student, rng):
    """d_trace_hard leaves its arguments alone."""
    arguments = {"A": rng.normal(size=(3, 3)), "X": regular(rng, 3), "B": rng.normal(size=(3, 3))}
    expect_manners(student, "d_trace_hard", arguments, (3, 3))


def _det_sandwich_mistakes(X, A):
    """What a wrong derivation of the gradient of det(X'AX) gives."""
    M = X.T @ A @ X
    value, Y = det(M), inv(M)
    first, second = A @ X @ Y, A.T @ X @ Y.T
    return {
        SYMMETRIC_ONLY: 2 * value * first,
        SYMMETRIC_ONLY + " (here both have it)": 2 * value * second,
        ONE_TERM: value * first,
        ONE_TERM + " (here X' is held)": value * second,
        "the factor det(X'AX) is missing: this belongs to ln det": first + second,
        "divided by det(X'AX); it is a factor": (first + second) / value,
        "a transpose of the inverse is forgotten in one term": value * (first + A.T @ X @ Y),
        "the inverse is transposed in both terms; it belongs to one of them": value * (A @ X @ Y.T + second),
        "the inverses of the two terms are exchanged": value * (A @ X @ Y.T + A.T @ X @ Y),
        TRANSPOSED: value * (first + second).T,
    }


@hidden_test("test_det_sandwich", points=0.15)
def gradient_of_det_sandwich_symmetric(student, rng):
    """The gradient of det(X'AX) for a symmetric A."""
    X, A = tall(rng, 5, 3), symmetric(rng, 5)
    M = X.T @ A @ X
    right = 2 * det(M) * A @ X @ inv(M)
    mistakes = _det_sandwich_mistakes(X, A)
    expect(student.d_det_sandwich(X, A), right, what="d_det_sandwich(X, A), A symmetric", mistakes=mistakes)


@hidden_test("test_det_sandwich", points=0.3)
def gradient_of_det_sandwich(student, rng):
    """The gradient of det(X'AX) for any A."""
    X, A = tall(rng, 4, 2), positive(rng, 4)
    M = X.T @ A @ X
    Y = inv(M)
    right = det(M) * (A @ X @ Y + A.T @ X @ Y.T)
    expect(student.d_det_sandwich(X, A), right, what="d_det_sandwich(X, A)", mistakes=_det_sandwich_mistakes(X, A))


@hidden_test("test_det_sandwich", points=0.05)
def det_sandwich_manners(student, rng):
    """d_det_sandwich leaves its arguments alone."""
    expect_manners(student, "d_det_sandwich", {"X": tall(rng, 4, 2), "A": positive(rng, 4)}, (4, 2))
