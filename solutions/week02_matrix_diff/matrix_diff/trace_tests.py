"""Hidden tests of the functions of a matrix that are, or become, traces."""

import numpy as np

from grader.judge import expect, hidden_test

from .asking import (
    NO_TRANSPOSE,
    ONE_TERM,
    SYMMETRIC_ONLY,
    TRACE_ORDER,
    TRANSPOSED,
    expect_manners,
    symmetric,
)


@hidden_test("test_trace", points=0.45)
def gradient_of_trace(student, rng):
    """The gradient of tr X, for any size."""
    for n in (2, 5):
        X = rng.normal(size=(n, n))
        expect(
            student.d_trace(X),
            np.eye(n),
            what=f"d_trace(X), n = {n}",
            mistakes={
                "the trace does not see the entries beside the diagonal: their slope is 0": np.ones((n, n)),
                "this is the value of the trace": np.trace(X),
                "the derivative of tr X does not depend on X any more": np.diag(np.diag(X)),
                "the derivative with respect to X has the shape of X, not of its diagonal": np.ones(n),
                "this is X itself": X,
                "a number; every entry of X has a slope of its own": float(n),
            },
        )


@hidden_test("test_trace", points=0.05)
def trace_manners(student, rng):
    """d_trace leaves its argument alone."""
    expect_manners(student, "d_trace", {"X": rng.normal(size=(3, 3))}, (3, 3))


@hidden_test("test_trace_ab", points=0.35)
def gradient_of_trace_ab(student, rng):
    """The gradient of tr(AB) with respect to A."""
    A, B = rng.normal(size=(3, 5)), rng.normal(size=(5, 3))
    expect(
        student.d_trace_ab(A, B),
        B.T,
        what="d_trace_ab(A, B)",
        mistakes={
            TRANSPOSED: B,
            "A is what changes; what is left is its factor": A,
            "this is the derivative with respect to B": A.T,
            "this is the product itself": A @ B,
            "the entries are multiplied; A is gone after differentiating": A * B.T,
            "both A and B are differentiated; B is constant": A + B.T,
        },
    )


@hidden_test("test_trace_ab", points=0.1)
def gradient_of_trace_ab_square(student, rng):
    """The gradient of tr(AB) with respect to A, for square matrices."""
    A, B = rng.normal(size=(2, 4, 4))
    mistakes = {TRANSPOSED: B, "this is the derivative with respect to B": A.T}
    expect(student.d_trace_ab(A, B), B.T, what="d_trace_ab(A, B), square", mistakes=mistakes)


@hidden_test("test_trace_ab", points=0.05)
def trace_ab_manners(student, rng):
    """d_trace_ab leaves its arguments alone."""
    A, B = rng.normal(size=(2, 3, 3))
    expect_manners(student, "d_trace_ab", {"A": A, "B": B}, (3, 3))


def _outer_mistakes(left, A, right):
    """What a wrong derivation of the gradient of left' A right by A gives."""
    return {
        TRANSPOSED: np.outer(right, left),
        "the matrix is what changes: it is gone after differentiating": np.outer(left, right) * A,
        "the value of the form; the derivative has the shape of A": left @ A @ right,
        "sums in place of products: every entry of A multiplies one entry of each vector": left[:, None] + right,
        "only one of the vectors: every entry of A multiplies one entry of each": np.tile(right, (len(left), 1)),
        "only one of the vectors; every entry of A multiplies one of each": np.tile(left[:, None], (1, len(right))),
        "a factor 2 too many: A occurs once": 2 * np.outer(left, right),
    }


@hidden_test("test_bilinear", points=0.35)
def gradient_of_bilinear(student, rng):
    """The gradient of x'Ay with respect to A."""
    x, A, y = rng.normal(size=3), rng.normal(size=(3, 5)), rng.normal(size=5)
    right = np.outer(x, y)
    expect(student.d_bilinear(x, A, y), right, what="d_bilinear(x, A, y)", mistakes=_outer_mistakes(x, A, y))


@hidden_test("test_bilinear", points=0.1)
def gradient_of_bilinear_square(student, rng):
    """The gradient of x'Ay with respect to a square A."""
    x, A, y = rng.normal(size=4), rng.normal(size=(4, 4)), rng.normal(size=4)
    mistakes = _outer_mistakes(x, A, y) | {"an inner product; the outer one is a matrix": x @ y}
    expect(student.d_bilinear(x, A, y), np.outer(x, y), what="d_bilinear(x, A, y), A square", mistakes=mistakes)


@hidden_test("test_bilinear", points=0.05)
def bilinear_manners(student, rng):
    """d_bilinear leaves its arguments alone."""
    arguments = {"x": rng.normal(size=3), "A": rng.normal(size=(3, 3)), "y": rng.normal(size=3)}
    expect_manners(student, "d_bilinear", arguments, (3, 3))


def _xab(rng, m, n):
    return rng.normal(size=m), rng.normal(size=(m, n)), rng.normal(size=n)


@hidden_test("test_xab", points=0.2)
def gradient_of_xab_by_vector(student, rng):
    """The gradient of x'Ab with respect to x, A square or not."""
    for m, n in ((3, 5), (4, 4)):
        x, A, b = _xab(rng, m, n)
        mistakes = {
            "this is the derivative with respect to b": A.T @ x,
            "the value of the form; the derivative has the shape of x": x @ A @ b,
            "a factor 2 too many: x occurs once": 2 * A @ b,
            "multiplied by x, which is gone after differentiating": x * (A @ b),
        }
        if m == n:
            mistakes["A is transposed, and should not be"] = A.T @ b
            mistakes["the rule for x'Ax: here x occurs once"] = (A + A.T) @ b
        expect(student.d_xab_x(x, A, b), A @ b, what=f"d_xab_x(x, A, b), A {A.shape}", mistakes=mistakes)


@hidden_test("test_xab", points=0.25)
def gradient_of_xab_by_matrix(student, rng):
    """The gradient of x'Ab with respect to A, A square or not."""
    for m, n in ((3, 5), (4, 4)):
        x, A, b = _xab(rng, m, n)
        what = f"d_xab_A(x, A, b), A {A.shape}"
        expect(student.d_xab_A(x, A, b), np.outer(x, b), what=what, mistakes=_outer_mistakes(x, A, b))


@hidden_test("test_xab", points=0.05)
def xab_manners(student, rng):
    """d_xab_x and d_xab_A leave their arguments alone."""
    x, A, b = _xab(rng, 3, 3)
    expect_manners(student, "d_xab_x", {"x": x, "A": A, "b": b}, (3,))
    expect_manners(student, "d_xab_A", {"x": x, "A": A, "b": b}, (3, 3))


@hidden_test("test_trace_axb", points=0.35)
def gradient_of_trace_axb(student, rng):
    """The gradient of tr(AXB), where no two sizes are equal."""
    A, X, B = rng.normal(size=(2, 3)), rng.normal(size=(3, 5)), rng.normal(size=(5, 2))
    expect(
        student.d_trace_axb(A, X, B),
        (B @ A).T,
        what="d_trace_axb(A, X, B)",
        mistakes={
            TRANSPOSED: B @ A,
            "X is what changes: it is gone after differentiating": X * (B @ A).T,
            "a factor 2 too many: X occurs once": 2 * (B @ A).T,
        },
    )


@hidden_test("test_trace_axb", points=0.1)
def gradient_of_trace_axb_square(student, rng):
    """The gradient of tr(AXB) for square matrices."""
    A, X, B = rng.normal(size=(3, 4, 4))
    mistakes = {
        TRANSPOSED: B @ A,
        TRACE_ORDER: (A @ B).T,
        NO_TRANSPOSE + ", and the order is wrong": A @ B,
        "one of the two factors is not transposed": A.T @ B,
        "the other of the two factors is not transposed": A @ B.T,
    }
    expect(student.d_trace_axb(A, X, B), (B @ A).T, what="d_trace_axb(A, X, B), square", mistakes=mistakes)


@hidden_test("test_trace_axb", points=0.05)
def trace_axb_manners(student, rng):
    """d_trace_axb leaves its arguments alone."""
    A, X, B = rng.normal(size=(3, 3, 3))
    expect_manners(student, "d_trace_axb", {"A": A, "X": X, "B": B}, (3, 3))


@hidden_test("test_trace_axx", points=0.15)
def gradient_of_trace_axx_symmetric(student, rng):
    """The gradient of tr(A X'X) for a symmetric A."""
    A, X = symmetric(rng, 4), rng.normal(size=(2, 4))
    mistakes = {ONE_TERM: X @ A, TRANSPOSED: 2 * A @ X.T, "X alone; A is its factor": 2 * X}
    expect(student.d_trace_axx(A, X), 2 * X @ A, what="d_trace_axx(A, X), A symmetric", mistakes=mistakes)


@hidden_test("test_trace_axx", points=0.3)
def gradient_of_trace_axx(student, rng):
    """The gradient of tr(A X'X) for any A."""
    A, X = rng.normal(size=(3, 3)), rng.normal(size=(5, 3))
    expect(
        student.d_trace_axx(A, X),
        X @ (A + A.T),
        what="d_trace_axx(A, X)",
        mistakes={
            SYMMETRIC_ONLY: 2 * X @ A,
            SYMMETRIC_ONLY + " (here both have it)": 2 * X @ A.T,
            ONE_TERM: X @ A,
            ONE_TERM + " (here X' is held)": X @ A.T,
            TRANSPOSED: (A + A.T) @ X.T,
            "a factor 1/2 too many": X @ (A + A.T) / 2,
        },
    )


@hidden_test("test_trace_axx", points=0.05)
def trace_axx_manners(student, rng):
    """d_trace_axx leaves its arguments alone."""
    A, X = rng.normal(size=(2, 3, 3))
    expect_manners(student, "d_trace_axx", {"A": A, "X": X}, (3, 3))


def _sandwich_mistakes(a, X, A):
    """What a wrong derivation of the gradient of a'XAXa gives."""
    first, second = np.outer(a, A @ X @ a), np.outer(A.T @ X.T @ a, a)
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
    }


@hidden_test("test_sandwich", points=0.15)
def gradient_of_sandwich_identity(student, rng):
    """The gradient of a'XAXa where A is the identity."""
    a, X, A = rng.normal(size=4), rng.normal(size=(4, 4)), np.eye(4)
    right = np.outer(a, X @ a) + np.outer(X.T @ a, a)
    mistakes = _sandwich_mistakes(a, X, A)
    expect(student.d_sandwich(a, X, A), right, what="d_sandwich(a, X, A), A = I", mistakes=mistakes)


@hidden_test("test_sandwich", points=0.3)
def gradient_of_sandwich(student, rng):
    """The gradient of a'XAXa for any A."""
    a, X, A = rng.normal(size=5), rng.normal(size=(5, 5)), rng.normal(size=(5, 5))
    right = np.outer(a, A @ X @ a) + np.outer(a @ X @ A, a)
    expect(student.d_sandwich(a, X, A), right, what="d_sandwich(a, X, A)", mistakes=_sandwich_mistakes(a, X, A))


@hidden_test("test_sandwich", points=0.05)
def sandwich_manners(student, rng):
    """d_sandwich leaves its arguments alone."""
    arguments = {"a": rng.normal(size=3), "X": rng.normal(size=(3, 3)), "A": rng.normal(size=(3, 3))}
    expect_manners(student, "d_sandwich", arguments, (3, 3))
