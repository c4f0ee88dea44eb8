"""Keys of the functions with an inverse or a determinant. Points are well-conditioned for every seed."""

import numpy as np

from grader.checks.questions import Right
from grader.judge.authoring.keys import Case, key
from week02_matrix_diff import matrix_diff_questions as asked

from .asking import (
    ONE_TERM,
    SMALL,
    SYMMETRIC_ONLY,
    TRACE_ORDER,
    TRANSPOSED,
    Derivative,
    alone,
    and_small,
    large,
    positive,
    regular,
    summed,
    symmetric,
    tall,
    values,
)

inv, det = np.linalg.inv, np.linalg.det
X_SMALL = ["", ", X small"]


def inverse_slips(X, dX):
    Y = inv(X)
    return {
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
    }


inverse = Derivative("d_inverse(X, dX)", lambda X, dX: -inv(X) @ dX @ inv(X), inverse_slips)
values(
    asked.differential_of_one_over_x,
    inverse,
    lambda rng: (rng.uniform(0.5, 2, size=(1, 1)), rng.normal(size=(1, 1))),
    ", one by one",
    scales={0: SMALL},
)


def regular_and_change(n):
    return lambda rng: (regular(rng, n), rng.normal(size=(n, n)))


values(asked.differential_of_inverse, inverse, regular_and_change(3), public=regular_and_change(2), scales={0: SMALL})
alone(asked.inverse_manners, regular_and_change(2), inverse)


@key(asked.differential_of_inverse_is_linear)
class _:
    def draw(rng):
        one, other = rng.normal(size=(2, 3, 3))
        return Case(X=regular(rng, 3), one=one, other=other)

    def record(rng):
        one, other = rng.normal(size=(2, 2, 2))
        return Case(X=regular(rng, 2), one=one, other=other)

    def right(case):
        large = 1e3 * case.one
        return [None, None, inverse.wanted((case.X, large - case.other), ", dX large", follows=True)]


def symmetric_of(n):
    return lambda rng: (symmetric(rng, n),)


def far_determinant(X):
    """As `large`, with a determinant of the same sign."""
    found = large(X)
    if np.sign(det(found)) != np.sign(det(X)):
        found[-1] = -found[-1]
    return found


def det_slips(X):
    Y, value = inv(X), det(X)
    return {
        TRANSPOSED: value * Y,
        "the factor det X is missing: this belongs to ln det X": Y.T,
        "the factor det X is missing, and a transpose": Y,
        "divided by det X; it is a factor": Y.T / value,
        "this is the value of the determinant": value,
        "the factor det X alone: the gradient at the identity": value * np.eye(len(X)),
        "X in place of its inverse": value * X.T,
        "the inverse entry by entry: 1 / X is no matrix inverse": value / X.T,
        "the sign of det X is lost": abs(value) * Y.T,
    }


gradient_of_det = Derivative("d_det(X)", lambda X: det(X) * inv(X).T, det_slips)
values(
    asked.gradient_of_det_symmetric,
    gradient_of_det,
    symmetric_of(3),
    ", X symmetric",
    public=symmetric_of(2),
    scales={0: 1e12},
)
values(
    asked.gradient_of_det,
    gradient_of_det,
    lambda rng: (regular(rng, 4, sign=1),),
    public=lambda rng: (regular(rng, 3, sign=1),),
    scales={0: far_determinant},
)
values(
    asked.gradient_of_det_negative,
    gradient_of_det,
    lambda rng: (regular(rng, 3, sign=-1),),
    ", det X < 0",
    public=lambda rng: (regular(rng, 2, sign=-1),),
    scales={0: far_determinant},
)
alone(asked.det_manners, lambda rng: (regular(rng, 2),), gradient_of_det)


def logdet_slips(X):
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


logdet = Derivative("d_logdet(X)", lambda X: inv(X).T, logdet_slips)
values(
    asked.gradient_of_logdet_symmetric,
    logdet,
    symmetric_of(3),
    ", X symmetric",
    public=symmetric_of(2),
    scales={0: SMALL},
)
values(
    asked.gradient_of_logdet,
    logdet,
    and_small(lambda rng: (regular(rng, 4, sign=1),), 0),
    X_SMALL,
    public=and_small(lambda rng: (regular(rng, 2, sign=1),), 0),
)
alone(asked.logdet_manners, lambda rng: (regular(rng, 2, sign=1),), logdet)


def three(n):
    """A, X, B [n, n], X well-conditioned."""
    return lambda rng: (rng.normal(size=(n, n)), regular(rng, n), rng.normal(size=(n, n)))


def axbinv_terms(A, X, B):
    Y = inv(X)
    return {
        "the term in which X changes": (B @ Y @ A).T,
        "the term in which the inverse changes": -(Y @ A @ X @ B @ Y).T,
    }


def axbinv_slips(A, X, B):
    Y = inv(X)
    first, second = B @ Y @ A, Y @ A @ X @ B @ Y
    return {
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
    }


trace_axbinv = Derivative("d_trace_axbinv(A, X, B)", summed(axbinv_terms), axbinv_slips, axbinv_terms)
values(
    asked.gradient_of_trace_axbinv,
    trace_axbinv,
    and_small(three(3), 1),
    X_SMALL,
    public=and_small(three(2), 1),
)
alone(asked.trace_axbinv_manners, three(2), trace_axbinv)


@key(asked.gradient_of_trace_axbinv_identity)
class _:
    def draw(rng):
        A, X, B = three(2)(rng)
        return Case(cases=[(A, X, B), (A, X, np.eye(2))])

    def right(case):
        elsewhere, identity = case.cases
        zero = Right(np.zeros(identity[1].shape), "d_trace_axbinv(A, X, B), B = I", atol=1e-4)
        return [trace_axbinv.wanted(elsewhere, ", B not I", follows=True), zero]


def hard_terms(A, X, B):
    Y = inv(X)
    return {
        "the term in which X' changes": X @ B @ Y.T @ A,
        "the term in which X changes": X @ A.T @ Y @ B.T,
        "the term in which the inverse changes": -Y.T @ A @ X.T @ X @ B @ Y.T,
    }


def hard_slips(A, X, B):
    Y = inv(X)
    first, second, inverse = hard_terms(A, X, B).values()
    third = -inverse
    overlooked = X @ B @ Y @ A + X @ A.T @ Y.T @ B.T - (Y @ A @ X.T @ X @ B @ Y).T
    return {
        TRANSPOSED: (first + second - third).T,
        "the term of X' is missing": second - third,
        "the term of X (the one that is not transposed) is missing": first - third,
        "the term of the inverse is missing: it changes as well": first + second,
        "the sign of d(X^-1)": first + second + third,
        "the term of X' is transposed once too often": first.T + second - third,
        "the term of X is transposed once too often": first + second.T - third,
        "the term of the inverse is transposed once too often: it comes from dX', not from dX": (
            first + second - third.T
        ),
        "the transpose of the inverse is overlooked": overlooked,
        TRACE_ORDER: X @ A @ Y.T @ B + second - third,
    }


trace_hard = Derivative("d_trace_hard(A, X, B)", summed(hard_terms), hard_slips, hard_terms)
values(asked.gradient_of_trace_hard, trace_hard, and_small(three(3), 1), X_SMALL, public=and_small(three(2), 1))
values(
    asked.gradient_of_trace_hard_numbers,
    trace_hard,
    lambda rng: tuple(rng.uniform(0.5, 2, size=(3, 1, 1))),
    ", one by one",
    scales={1: large},
)
alone(asked.trace_hard_manners, three(2), trace_hard)


def det_sandwich_right(X, A):
    M = X.T @ A @ X
    Y = inv(M)
    return det(M) * (A @ X @ Y + A.T @ X @ Y.T)


def det_sandwich_slips(X, A):
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


det_sandwich = Derivative("d_det_sandwich(X, A)", det_sandwich_right, det_sandwich_slips)
values(
    asked.gradient_of_det_sandwich_symmetric,
    det_sandwich,
    lambda rng: (tall(rng, 3, 2), symmetric(rng, 3)),
    ", A symmetric",
    scales={0: large, 1: 1e-12},
)
values(
    asked.gradient_of_det_sandwich,
    det_sandwich,
    lambda rng: (tall(rng, 4, 2), positive(rng, 4)),
    public=lambda rng: (tall(rng, 3, 2), positive(rng, 3)),
    scales={0: large, 1: 1e-12},
)
alone(asked.det_sandwich_manners, lambda rng: (tall(rng, 3, 2), positive(rng, 3)), det_sandwich)
