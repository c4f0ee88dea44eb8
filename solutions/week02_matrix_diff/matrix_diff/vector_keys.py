"""Keys of the functions of a vector: dot, quadratic form and its Hessian, logarithm, cubic, chain rule."""

from functools import partial

import numpy as np

from week02_matrix_diff import matrix_diff_questions as asked

from .asking import (
    FACTOR_TWO,
    ONE_TERM,
    SMALL,
    SYMMETRIC_ONLY,
    Derivative,
    alone,
    and_small,
    large,
    positive,
    summed,
    symmetric,
    values,
)

dot = Derivative(
    "d_dot(a, x)",
    lambda a, x: a,
    lambda a, x: {
        "this is x: the derivative is taken with respect to x": x,
        "this is the value a'x; the derivative has an entry for every entry of x": a @ x,
        "the products of the entries, a value for each term; x is gone after differentiating": a * x,
        "a column; vectors are arrays with one axis": a[:, None],
        "a row; vectors are arrays with one axis": a[None],
        "both a and x are differentiated; a is constant": a + x,
        "the derivative of x alone; a is its factor": np.ones(len(a)),
        "a number; every entry of x has a slope of its own": a.sum(),
    },
)
values(asked.gradient_of_dot, dot, lambda rng: tuple(rng.normal(size=(2, 4))), scales={1: large})
alone(asked.dot_manners, lambda rng: tuple(rng.normal(size=(2, 3))), dot)


def any_square(n):
    return lambda rng: (rng.normal(size=n), rng.normal(size=(n, n)))


def any_symmetric(rng):
    return rng.normal(size=3), symmetric(rng, 3)


def any_positive(n):
    return lambda rng: (rng.normal(size=n), positive(rng, n))


quadratic = Derivative(
    "d_quadratic(x, A)",
    lambda x, A: (A + A.T) @ x,
    lambda x, A: {
        SYMMETRIC_ONLY: 2 * A @ x,
        SYMMETRIC_ONLY + " (here both have it)": 2 * A.T @ x,
        ONE_TERM: A @ x,
        ONE_TERM + " (here the right x is held)": A.T @ x,
        "this is the value x'Ax": x @ A @ x,
        "a factor 1/2 too many: only where the form carries it does it cancel": (A + A.T) @ x / 2,
        "the matrix alone; one x is left over": A + A.T,
        "a minus sign too many": -(A + A.T) @ x,
    },
)
values(asked.gradient_of_quadratic_symmetric, quadratic, any_symmetric, ", A symmetric", scales={0: large})
values(asked.gradient_of_quadratic, quadratic, any_square(4), public=any_square(3), scales={0: large})
alone(asked.quadratic_manners, any_positive(2), quadratic)

quadratic_hessian = Derivative(
    "d_quadratic_hessian(x, A)",
    lambda x, A: A + A.T,
    lambda x, A: {
        "right for a symmetric A only; a Hessian is symmetric whatever A is": 2 * A,
        "a Hessian is symmetric whatever A is; this is twice A transposed": 2 * A.T,
        ONE_TERM: A,
        ONE_TERM + " (this is A transposed)": A.T,
        FACTOR_TWO + ": this is the symmetric part of A": (A + A.T) / 2,
        "this is the gradient; differentiate once more": (A + A.T) @ x,
        "only the diagonal": np.diag(2 * np.diag(A)),
    },
)
values(
    asked.hessian_of_quadratic_symmetric,
    quadratic_hessian,
    any_symmetric,
    ", A symmetric",
    scales={0: partial(large, factor=1e6)},
)
values(
    asked.hessian_of_quadratic,
    quadratic_hessian,
    any_square(4),
    public=any_square(3),
    scales={0: partial(large, factor=1e6)},
)
alone(asked.quadratic_hessian_manners, any_positive(2), quadratic_hessian)


def log_quadratic_slips(x, A):
    q, inner = x @ A @ x, (A + A.T) @ x
    return {
        SYMMETRIC_ONLY: 2 * A @ x / q,
        ONE_TERM: A @ x / q,
        "the outer derivative is missing (chain rule): that of ln": inner,
        "the inner derivative is missing (chain rule)": 1 / q,
        "divided by the logarithm, not by what stands in it": inner / np.log(q),
        "this is the derivative of 1/(x'Ax), without its sign": inner / q**2,
        "multiplied by x'Ax; d ln q is dq / q": inner * q,
    }


log_quadratic = Derivative("d_log_quadratic(x, A)", lambda x, A: (A + A.T) @ x / (x @ A @ x), log_quadratic_slips)
values(asked.gradient_of_log_quadratic_symmetric, log_quadratic, any_symmetric, ", A symmetric", scales={0: SMALL})
values(
    asked.gradient_of_log_quadratic,
    log_quadratic,
    and_small(any_positive(4), 0),
    ["", ", x small"],
    public=and_small(any_positive(2), 0),
)
alone(asked.log_quadratic_manners, any_positive(2), log_quadratic)


def cubic_terms(x):
    return {
        "the term in which x'x is held": (x @ x) * np.eye(len(x)),
        "the term in which the vector x is held": 2 * np.outer(x, x),
    }


def cubic_slips(x):
    scale, outer, identity = x @ x, np.outer(x, x), np.eye(len(x))
    return {
        "a factor 2 is missing: d(x'x) has two equal terms": scale * identity + outer,
        "only one of two terms: x'x is held constant": scale * identity,
        "only one of two terms: the vector x is held constant": 2 * outer,
        "the derivative of each x_i^3: the outputs depend on the other entries as well": np.diag(3 * x**2),
        "only the diagonal; each output depends on every entry of x": np.diag(scale + 2 * x**2),
        "x dx' is no number: x (x'dx) is (x x') dx, a matrix times dx": 3 * scale * identity,
        "x x' and x'x are exchanged": outer + 2 * scale * identity,
        "the number x'x is added to every entry; the first term is x'x times the identity": scale + 2 * outer,
        "a vector; a Jacobian has a row for each output": 3 * scale * x,
    }


cubic = Derivative("d_cubic(x)", summed(cubic_terms), cubic_slips, cubic_terms)
values(
    asked.derivative_of_cubic_in_one_dimension,
    cubic,
    lambda rng: (rng.uniform(0.5, 2, size=1),),
    ", x with one entry",
    scales={0: large},
)
values(
    asked.jacobian_of_cubic,
    cubic,
    lambda rng: (rng.normal(size=4),),
    public=lambda rng: (rng.normal(size=3),),
    scales={0: partial(large, factor=1e6)},
)
alone(asked.cubic_manners, lambda rng: (rng.normal(size=2),), cubic)


def chain_slips(J, grad):
    named = {
        "grad_g is repeated, not summed over the outputs": (J * grad[:, None]).T,
        "a term for each output and input: sum over the outputs": J * grad[:, None],
        "the sum over the outputs is there, grad_g is not": J.sum(axis=0),
        "averaged over the outputs; their contributions add up": grad @ J / len(J),
        "a row; a gradient has the shape of x": (grad @ J)[None],
        "a column; a gradient has the shape of x": (grad @ J)[:, None],
    }
    if J.shape[0] == J.shape[1]:
        named["J_f has to be transposed: an input collects from all outputs it acts on"] = J @ grad
    return named


def jacobian(rng, *shapes):
    return [(rng.normal(size=(outputs, inputs)), rng.normal(size=outputs)) for outputs, inputs in shapes]


chain = Derivative("d_chain(J_f, grad_g)", lambda J, grad: grad @ J, chain_slips)
values(
    asked.gradient_through_a_jacobian,
    chain,
    lambda rng: jacobian(rng, (3, 4), (3, 2), (1, 3), (5, 1)),
    [", J_f (3, 4)", ", J_f (3, 2)", ", J_f (1, 3)", ", J_f (5, 1)"],
)
values(asked.gradient_through_a_square_jacobian, chain, lambda rng: jacobian(rng, (3, 3)), ", J_f square")
alone(asked.chain_manners, lambda rng: jacobian(rng, (2, 2)), chain)
