"""Keys of the functions of a matrix that are, or become, traces."""

from functools import partial

import numpy as np

from week02_matrix_diff import matrix_diff_questions as asked

from .asking import (
    NO_TRANSPOSE,
    ONE_TERM,
    SYMMETRIC_ONLY,
    TRACE_ORDER,
    TRANSPOSED,
    Derivative,
    alone,
    large,
    summed,
    symmetric,
    values,
)


def normal(*shapes):
    """draw(rng): an array for each shape, a number being that of a vector."""
    return lambda rng: tuple(rng.normal(size=shape) for shape in shapes)


trace = Derivative(
    "d_trace(X)",
    lambda X: np.eye(len(X)),
    lambda X: {
        "the trace does not see the entries beside the diagonal: their slope is 0": np.ones(X.shape),
        "this is the value of the trace": np.trace(X),
        "the derivative of tr X does not depend on X any more": np.diag(np.diag(X)),
        "the derivative with respect to X has the shape of X, not of its diagonal": np.ones(len(X)),
        "this is X itself": X,
        "a number; every entry of X has a slope of its own": float(len(X)),
    },
)
values(
    asked.gradient_of_trace,
    trace,
    lambda rng: [(rng.normal(size=(n, n)),) for n in (2, 4)],
    [", a small X", ", a larger X"],
    public=lambda rng: [(rng.normal(size=(n, n)),) for n in (2, 3)],
    scales={0: partial(large, factor=1e17)},
)
alone(asked.trace_manners, normal((2, 2)), trace)


def trace_ab_slips(A, B):
    return {
        TRANSPOSED: B,
        "A is what changes; what is left is its factor": A,
        "this is the derivative with respect to B": A.T,
        "this is the product itself": A @ B,
        "the entries are multiplied; A is gone after differentiating": A * B.T,
        "both A and B are differentiated; B is constant": A + B.T,
    }


trace_ab = Derivative("d_trace_ab(A, B)", lambda A, B: B.T, trace_ab_slips)
values(asked.gradient_of_trace_ab, trace_ab, normal((2, 4), (4, 2)), scales={0: large})
values(
    asked.gradient_of_trace_ab_square,
    trace_ab,
    normal((3, 3), (3, 3)),
    ", square",
    public=normal((2, 2), (2, 2)),
    scales={0: large},
)
alone(asked.trace_ab_manners, normal((2, 2), (2, 2)), trace_ab)


def outer_slips(left, A, right):
    """What a wrong derivation of the gradient of left' A right with respect to A gives."""
    named = {
        TRANSPOSED: np.outer(right, left),
        "the matrix is what changes: it is gone after differentiating": np.outer(left, right) * A,
        "the value of the form; the derivative has the shape of A": left @ A @ right,
        "sums in place of products: every entry of A multiplies one entry of each vector": left[:, None] + right,
        "only one of the vectors: every entry of A multiplies one entry of each": np.tile(right, (len(left), 1)),
        "only one of the vectors; every entry of A multiplies one of each": np.tile(left[:, None], (1, len(right))),
        "a factor 2 too many: A occurs once": 2 * np.outer(left, right),
    }
    if len(left) == len(right):
        named["an inner product; the outer one is a matrix"] = left @ right
    return named


bilinear = Derivative("d_bilinear(x, A, y)", lambda x, A, y: np.outer(x, y), outer_slips)
values(asked.gradient_of_bilinear, bilinear, normal(2, (2, 4), 4), scales={1: large})
values(
    asked.gradient_of_bilinear_square,
    bilinear,
    normal(3, (3, 3), 3),
    ", A square",
    public=normal(2, (2, 2), 2),
    scales={1: large},
)
alone(asked.bilinear_manners, normal(2, (2, 2), 2), bilinear)


def xab_slips(x, A, b):
    named = {
        "this is the derivative with respect to b": A.T @ x,
        "the value of the form; the derivative has the shape of x": x @ A @ b,
        "a factor 2 too many: x occurs once": 2 * A @ b,
        "multiplied by x, which is gone after differentiating": x * (A @ b),
    }
    if len(x) == len(b):
        named["A is transposed, and should not be"] = A.T @ b
        named["the rule for x'Ax: here x occurs once"] = (A + A.T) @ b
    return named


def two_forms(*shapes):
    return lambda rng: [normal(m, (m, n), n)(rng) for m, n in shapes]


WHICH = [", A not square", ", A square"]
xab_x = Derivative("d_xab_x(x, A, b)", lambda x, A, b: A @ b, xab_slips)
xab_A = Derivative("d_xab_A(x, A, b)", lambda x, A, b: np.outer(x, b), outer_slips)
values(
    asked.gradient_of_xab_by_vector,
    xab_x,
    two_forms((2, 4), (3, 3)),
    WHICH,
    public=two_forms((2, 3), (2, 2)),
    scales={0: large},
)
values(
    asked.gradient_of_xab_by_matrix,
    xab_A,
    two_forms((2, 4), (3, 3)),
    WHICH,
    public=two_forms((2, 3), (2, 2)),
    scales={1: large},
)
alone(asked.xab_manners, lambda rng: 2 * [normal(2, (2, 2), 2)(rng)], xab_x, xab_A)


def trace_axb_slips(A, X, B):
    named = {
        TRANSPOSED: B @ A,
        "X is what changes: it is gone after differentiating": X * (B @ A).T,
        "a factor 2 too many: X occurs once": 2 * (B @ A).T,
    }
    if A.shape == B.shape:
        named |= {
            TRACE_ORDER: (A @ B).T,
            NO_TRANSPOSE + ", and the order is wrong": A @ B,
            "one of the two factors is not transposed": A.T @ B,
            "the other of the two factors is not transposed": A @ B.T,
        }
    return named


trace_axb = Derivative("d_trace_axb(A, X, B)", lambda A, X, B: (B @ A).T, trace_axb_slips)
values(asked.gradient_of_trace_axb, trace_axb, normal((2, 3), (3, 4), (4, 2)), scales={1: large})
values(
    asked.gradient_of_trace_axb_square,
    trace_axb,
    normal((3, 3), (3, 3), (3, 3)),
    ", square",
    public=normal((2, 2), (2, 2), (2, 2)),
    scales={1: large},
)
alone(asked.trace_axb_manners, normal((2, 2), (2, 2), (2, 2)), trace_axb)

trace_axx = Derivative(
    "d_trace_axx(A, X)",
    lambda A, X: X @ (A + A.T),
    lambda A, X: {
        SYMMETRIC_ONLY: 2 * X @ A,
        SYMMETRIC_ONLY + " (here both have it)": 2 * X @ A.T,
        ONE_TERM: X @ A,
        ONE_TERM + " (here X' is held)": X @ A.T,
        TRANSPOSED: (A + A.T) @ X.T,
        "a factor 1/2 too many": X @ (A + A.T) / 2,
        "X alone; A is its factor": 2 * X,
    },
)
values(
    asked.gradient_of_trace_axx_symmetric,
    trace_axx,
    lambda rng: (symmetric(rng, 3), rng.normal(size=(2, 3))),
    ", A symmetric",
    scales={1: large},
)
values(asked.gradient_of_trace_axx, trace_axx, normal((3, 3), (4, 3)), public=normal((2, 2), (3, 2)), scales={1: large})
alone(asked.trace_axx_manners, normal((2, 2), (2, 2)), trace_axx)


def sandwich_terms(a, X, A):
    return {
        "the term in which the left X changes": np.outer(a, A @ X @ a),
        "the term in which the right X changes": np.outer(a @ X @ A, a),
    }


def sandwich_slips(a, X, A):
    first, second = sandwich_terms(a, X, A).values()
    return {
        TRANSPOSED: (first + second).T,
        ONE_TERM: first,
        ONE_TERM + " (here the left X is held)": second,
        "the first term is transposed": first.T + second,
        "the second term is transposed": first + second.T,
        "the two terms are equal only if X A is symmetric": 2 * first,
        "the two terms are equal only if A X is symmetric": 2 * second,
        "a transpose of A is forgotten in the term where the right X changes": first + np.outer(A @ X.T @ a, a),
        "a transpose of X is forgotten in the term where the right X changes": first + np.outer(A.T @ X @ a, a),
        "both transposes are forgotten in the term where the right X changes": first + np.outer(A @ X @ a, a),
        TRACE_ORDER: np.outer(a, X @ A @ a) + np.outer(X.T @ A.T @ a, a),
        "A' and X' have changed places in the term where the right X changes": first + np.outer(X.T @ A.T @ a, a),
    }


sandwich = Derivative("d_sandwich(a, X, A)", summed(sandwich_terms), sandwich_slips, sandwich_terms)
values(
    asked.gradient_of_sandwich_identity,
    sandwich,
    lambda rng: (rng.normal(size=3), rng.normal(size=(3, 3)), np.eye(3)),
    ", A = I",
    public=lambda rng: (rng.normal(size=2), rng.normal(size=(2, 2)), np.eye(2)),
    scales={1: large},
)
values(
    asked.gradient_of_sandwich, sandwich, normal(4, (4, 4), (4, 4)), public=normal(2, (2, 2), (2, 2)), scales={1: large}
)
alone(asked.sandwich_manners, normal(2, (2, 2), (2, 2)), sandwich)
