"""Hidden tests of the functions of a vector: dot, quadratic form and its Hessian, logarithm, cubic, chain rule."""

import numpy as np

from grader.judge import expect, hidden_test

from .asking import FACTOR_TWO, ONE_TERM, SYMMETRIC_ONLY, expect_manners, positive, symmetric


@hidden_test("test_dot", points=0.45)
def gradient_of_dot(student, rng):
    """The gradient of a'x."""
    a, x = rng.normal(size=(2, 5))
    expect(
        student.d_dot(a, x),
        a,
        what="d_dot(a, x)",
        mistakes={
            "this is x: the derivative is taken with respect to x": x,
            "this is the value a'x; the derivative has an entry for every entry of x": a @ x,
            "the products of the entries, a value for each term; x is gone after differentiating": a * x,
            "a column; vectors are arrays with one axis": a[:, None],
            "a row; vectors are arrays with one axis": a[None],
            "both a and x are differentiated; a is constant": a + x,
            "the derivative of x alone; a is its factor": np.ones(5),
            "a number; every entry of x has a slope of its own": a.sum(),
        },
    )


@hidden_test("test_dot", points=0.05)
def dot_manners(student, rng):
    """d_dot leaves its arguments alone."""
    a, x = rng.normal(size=(2, 4))
    expect_manners(student, "d_dot", {"a": a, "x": x}, (4,))


def _quadratic_mistakes(x, A):
    """What a wrong derivation of the gradient of x'Ax gives."""
    return {
        SYMMETRIC_ONLY: 2 * A @ x,
        SYMMETRIC_ONLY + " (here both have it)": 2 * A.T @ x,
        ONE_TERM: A @ x,
        ONE_TERM + " (here the right x is held)": A.T @ x,
        "this is the value x'Ax": x @ A @ x,
        "a factor 1/2 too many: only where the form carries it does it cancel": (A + A.T) @ x / 2,
        "the matrix alone; one x is left over": A + A.T,
    }


@hidden_test("test_quadratic", points=0.15)
def gradient_of_quadratic_symmetric(student, rng):
    """The gradient of x'Ax for a symmetric A."""
    x, A = rng.normal(size=4), symmetric(rng, 4)
    mistakes = {
        ONE_TERM: A @ x,
        "this is the value x'Ax": x @ A @ x,
    }
    expect(student.d_quadratic(x, A), 2 * A @ x, what="d_quadratic(x, A), A symmetric", mistakes=mistakes)


@hidden_test("test_quadratic", points=0.3)
def gradient_of_quadratic(student, rng):
    """The gradient of x'Ax for any square A."""
    x, A = rng.normal(size=5), rng.normal(size=(5, 5))
    right = (A + A.T) @ x
    expect(student.d_quadratic(x, A), right, what="d_quadratic(x, A)", mistakes=_quadratic_mistakes(x, A))


@hidden_test("test_quadratic", points=0.05)
def quadratic_manners(student, rng):
    """d_quadratic leaves its arguments alone."""
    expect_manners(student, "d_quadratic", {"x": rng.normal(size=3), "A": positive(rng, 3)}, (3,))


@hidden_test("test_quadratic_hessian", points=0.15)
def hessian_of_quadratic_symmetric(student, rng):
    """The Hessian of x'Ax for a symmetric A."""
    x, A = rng.normal(size=4), symmetric(rng, 4)
    mistakes = {
        FACTOR_TWO + ": the matrix acts on both x": A,
        "this is the gradient; differentiate once more": 2 * A @ x,
    }
    expect(student.d_quadratic_hessian(x, A), 2 * A, what="d_quadratic_hessian(x, A), A symmetric", mistakes=mistakes)


@hidden_test("test_quadratic_hessian", points=0.3)
def hessian_of_quadratic(student, rng):
    """The Hessian of x'Ax for any square A."""
    x, A = rng.normal(size=5), rng.normal(size=(5, 5))
    expect(
        student.d_quadratic_hessian(x, A),
        A + A.T,
        what="d_quadratic_hessian(x, A)",
        mistakes={
            "right for a symmetric A only; a Hessian is symmetric whatever A is": 2 * A,
            "a Hessian is symmetric whatever A is; this is twice A transposed": 2 * A.T,
            ONE_TERM: A,
            ONE_TERM + " (this is A transposed)": A.T,
            "the symmetric part of A; a factor 2 is missing": (A + A.T) / 2,
            "this is the gradient; differentiate once more": (A + A.T) @ x,
            "only the diagonal": np.diag(2 * np.diag(A)),
        },
    )


@hidden_test("test_quadratic_hessian", points=0.05)
def quadratic_hessian_manners(student, rng):
    """d_quadratic_hessian leaves its arguments alone."""
    arguments = {"x": rng.normal(size=3), "A": positive(rng, 3)}
    expect_manners(student, "d_quadratic_hessian", arguments, (3, 3))


@hidden_test("test_log_quadratic", points=0.15)
def gradient_of_log_quadratic_symmetric(student, rng):
    """The gradient of ln(x'Ax) for a symmetric A."""
    x, A = rng.normal(size=4), symmetric(rng, 4)
    q = x @ A @ x
    mistakes = {
        "the inner derivative is missing (chain rule)": 1 / q,
        "the outer derivative is missing (chain rule): that of ln": 2 * A @ x,
        ONE_TERM: A @ x / q,
    }
    what = "d_log_quadratic(x, A), A symmetric"
    expect(student.d_log_quadratic(x, A), 2 * A @ x / q, what=what, mistakes=mistakes)


@hidden_test("test_log_quadratic", points=0.3)
def gradient_of_log_quadratic(student, rng):
    """The gradient of ln(x'Ax) for any A with x'Ax > 0."""
    x, A = rng.normal(size=5), positive(rng, 5)
    q, inner = x @ A @ x, (A + A.T) @ x
    expect(
        student.d_log_quadratic(x, A),
        inner / q,
        what="d_log_quadratic(x, A)",
        mistakes={
            SYMMETRIC_ONLY: 2 * A @ x / q,
            ONE_TERM: A @ x / q,
            "the outer derivative is missing (chain rule): that of ln": inner,
            "the inner derivative is missing (chain rule)": 1 / q,
            "divided by the logarithm, not by what stands in it": inner / np.log(q),
            "this is the derivative of 1/(x'Ax), without its sign": inner / q**2,
            "multiplied by x'Ax; d ln q is dq / q": inner * q,
        },
    )


@hidden_test("test_log_quadratic", points=0.05)
def log_quadratic_manners(student, rng):
    """d_log_quadratic leaves its arguments alone."""
    expect_manners(student, "d_log_quadratic", {"x": rng.normal(size=3), "A": positive(rng, 3)}, (3,))


@hidden_test("test_cubic", points=0.1)
def derivative_of_cubic_in_one_dimension(student, rng):
    """For a single number it is the derivative of x^3."""
    x = rng.uniform(0.5, 2, size=1)
    mistakes = {
        "the factor x'x changes as well; its derivative has a factor 2": np.outer(x, x) * 2,
        "only one of two terms: x'x is held constant": np.outer(x, x),
    }
    expect(student.d_cubic(x), 3 * np.outer(x, x), what="d_cubic(x), x with one entry", mistakes=mistakes)


@hidden_test("test_cubic", points=0.35)
def jacobian_of_cubic(student, rng):
    """The Jacobian of x x'x, one row for each output."""
    x = rng.normal(size=5)
    scale, outer, identity = x @ x, np.outer(x, x), np.eye(5)
    expect(
        student.d_cubic(x),
        scale * identity + 2 * outer,
        what="d_cubic(x)",
        mistakes={
            "a factor 2 is missing: d(x'x) has two equal terms": scale * identity + outer,
            "only one of two terms: x'x is held constant": scale * identity,
            "only one of two terms: the vector x is held constant": 2 * outer,
            "the derivative of each x_i^3: the outputs depend on the other entries as well": np.diag(3 * x**2),
            "only the diagonal; each output depends on every entry of x": np.diag(
                np.diag(scale * identity + 2 * outer)
            ),
            "x dx' is no number: x (x'dx) is (x x') dx, a matrix times dx": 3 * scale * identity,
            "x x' and x'x are exchanged": outer + 2 * scale * identity,
            "the number x'x is added to every entry; the first term is x'x times the identity": scale + 2 * outer,
            "a vector; a Jacobian has a row for each output": 3 * scale * x,
        },
    )


@hidden_test("test_cubic", points=0.05)
def cubic_manners(student, rng):
    """d_cubic leaves its argument alone."""
    expect_manners(student, "d_cubic", {"x": rng.normal(size=4)}, (4, 4))


@hidden_test("test_chain", points=0.35)
def gradient_through_a_jacobian(student, rng):
    """The gradient of g(f(x)), for as many inputs and outputs as there are."""
    for outputs, inputs in ((3, 5), (4, 2), (1, 3)):
        J, grad = rng.normal(size=(outputs, inputs)), rng.normal(size=outputs)
        expect(
            student.d_chain(J, grad),
            grad @ J,
            what=f"d_chain(J_f, grad_g), J_f {J.shape}",
            mistakes={
                "grad_g is repeated, not summed over the outputs": (J * grad[:, None]).T,
                "a term for each output and input: sum over the outputs": J * grad[:, None],
                "the sum over the outputs is there, grad_g is not": J.sum(axis=0),
                "averaged over the outputs; their contributions add up": grad @ J / outputs,
                "a row; a gradient has the shape of x": (grad @ J)[None],
                "a column; a gradient has the shape of x": (grad @ J)[:, None],
            },
        )


@hidden_test("test_chain", points=0.1)
def gradient_through_a_square_jacobian(student, rng):
    """The gradient of g(f(x)), for as many outputs as inputs."""
    J, grad = rng.normal(size=(4, 4)), rng.normal(size=4)
    mistakes = {"J_f has to be transposed: an input collects from all outputs it acts on": J @ grad}
    expect(student.d_chain(J, grad), grad @ J, what="d_chain(J_f, grad_g), J_f square", mistakes=mistakes)


@hidden_test("test_chain", points=0.05)
def chain_manners(student, rng):
    """d_chain leaves its arguments alone."""
    arguments = {"J_f": rng.normal(size=(3, 3)), "grad_g": rng.normal(size=3)}
    expect_manners(student, "d_chain", arguments, (3,))
