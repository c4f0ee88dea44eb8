"""Mistakes in the functions of a vector."""

from functools import partial

from grader.judge.authoring.mistakes import planted

dot = partial(planted, "dot")
DOT_RIGHT = "return np.array(a)"
DOT = [
    dot("dot_returns_x", "differentiates by the wrong letter", 0.225, "this is x", (DOT_RIGHT, "return np.array(x)")),
    dot("dot_value", "returns the value of the form", 0.25, "this is the value a'x", (DOT_RIGHT, "return a @ x")),
    dot("dot_column", "makes a column of the gradient", 0.25, "a column; vectors are arrays",
        (DOT_RIGHT, "return np.array(a)[:, None]")),
    dot("dot_products", "keeps x after differentiating", 0.225, "x is gone after differentiating",
        (DOT_RIGHT, "return a * x")),
    dot("dot_both", "differentiates the constant as well", 0.225, "a is constant", (DOT_RIGHT, "return a + x")),
    dot("dot_sum", "adds up the slopes of all entries", 0.25, "every entry of x has a slope of its own",
        (DOT_RIGHT, "return np.sum(a)")),
]

quadratic = partial(planted, "quadratic")
QUADRATIC_RIGHT = "return A @ x + A.T @ x"
QUADRATIC = [
    quadratic("quadratic_symmetric_only", "takes A for symmetric", 0.15, "right for a symmetric A only",
        (QUADRATIC_RIGHT, "return 2 * A @ x")),
    quadratic("quadratic_one_term", "differentiates one of the two x", 0.225, "only one of two terms",
        (QUADRATIC_RIGHT, "return A @ x")),
    quadratic("quadratic_other_term", "differentiates the other x only", 0.225, "only one of two terms",
        (QUADRATIC_RIGHT, "return A.T @ x")),
    quadratic("quadratic_twice_transposed", "takes A for symmetric, transposed", 0.15, "one has A transposed",
        (QUADRATIC_RIGHT, "return 2 * A.T @ x")),
    quadratic("quadratic_value", "returns the value of the form", 0.25, "this is the value",
        (QUADRATIC_RIGHT, "return x @ A @ x")),
    quadratic("quadratic_no_x", "stops at the matrix", 0.25, "the matrix alone", (QUADRATIC_RIGHT, "return A + A.T")),
    quadratic("quadratic_sign", "turns the sign", 0.225, "minus sign", (QUADRATIC_RIGHT, "return -(A @ x + A.T @ x)")),
    quadratic("quadratic_in_place", "symmetrises its own argument in place", 0.025, "A was changed in place",
        (QUADRATIC_RIGHT, "A += A.T.copy()\n    return A @ x")),
]

hessian = partial(planted, "quadratic_hessian")
HESSIAN_RIGHT = "return A + A.T"
QUADRATIC_HESSIAN = [
    hessian("quadratic_hessian_symmetric_only", "takes A for symmetric", 0.15, "a Hessian is symmetric whatever A is",
        (HESSIAN_RIGHT, "return 2 * A")),
    hessian("quadratic_hessian_one_term", "differentiates one of two terms", 0.225, "only one of two terms",
        (HESSIAN_RIGHT, "return 1.0 * A")),
    hessian("quadratic_hessian_half", "takes the symmetric part alone", 0.225, "a factor 2 is missing",
        (HESSIAN_RIGHT, "return (A + A.T) / 2")),
    hessian("quadratic_hessian_gradient", "stops at the gradient", 0.25, "differentiate once more",
        (HESSIAN_RIGHT, "return (A + A.T) @ x")),
    hessian("quadratic_hessian_diagonal", "keeps the diagonal only", 0.225, "only the diagonal",
        (HESSIAN_RIGHT, "return np.diag(2 * np.diag(A))")),
]

log_quadratic = partial(planted, "log_quadratic")
LOG_QUADRATIC_RIGHT = "return (A @ x + A.T @ x) / (x @ A @ x)"
LOG_QUADRATIC = [
    log_quadratic("log_quadratic_no_outer", "forgets the derivative of the logarithm", 0.225, "that of ln",
        (LOG_QUADRATIC_RIGHT, "return A @ x + A.T @ x")),
    log_quadratic("log_quadratic_no_inner", "forgets the inner derivative", 0.25, "the inner derivative is missing",
        (LOG_QUADRATIC_RIGHT, "return 1 / (x @ A @ x)")),
    log_quadratic("log_quadratic_symmetric_only", "takes A for symmetric", 0.15, "right for a symmetric A only",
        (LOG_QUADRATIC_RIGHT, "return 2 * A @ x / (x @ A @ x)")),
    log_quadratic("log_quadratic_one_term", "differentiates one of the two x", 0.225, "only one of two terms",
        (LOG_QUADRATIC_RIGHT, "return A @ x / (x @ A @ x)")),
    log_quadratic("log_quadratic_squared", "divides by the square", 0.225, "derivative of 1/(x'Ax)",
        (LOG_QUADRATIC_RIGHT, "return (A @ x + A.T @ x) / (x @ A @ x) ** 2")),
    log_quadratic("log_quadratic_by_logarithm", "divides by the logarithm", 0.225, "divided by the logarithm",
        (LOG_QUADRATIC_RIGHT, "return (A @ x + A.T @ x) / np.log(x @ A @ x)")),
]

cubic = partial(planted, "cubic")
CUBIC_RIGHT = "return (x @ x) * np.eye(len(x)) + 2 * np.outer(x, x)"
CUBIC = [
    cubic("cubic_factor_two", "forgets the 2 of d(x'x)", 0.225, "d(x'x) has two equal terms",
        (CUBIC_RIGHT, "return (x @ x) * np.eye(len(x)) + np.outer(x, x)")),
    cubic("cubic_norm_held", "holds x'x constant", 0.225, "x'x is held constant",
        (CUBIC_RIGHT, "return (x @ x) * np.eye(len(x))")),
    cubic("cubic_x_held", "holds the vector constant", 0.225, "the vector x is held constant",
        (CUBIC_RIGHT, "return 2 * np.outer(x, x)")),
    cubic("cubic_entrywise", "differentiates x_i^3", 0.175, "the derivative of each x_i^3",
        (CUBIC_RIGHT, "return np.diag(3 * x**2)")),
    cubic("cubic_diagonal", "keeps the diagonal only", 0.175, "only the diagonal; each output",
        (CUBIC_RIGHT, "return np.diag(x @ x + 2 * x**2)")),
    cubic("cubic_number_added", "adds the number x'x to every entry", 0.175, "x'x times the identity",
        (CUBIC_RIGHT, "return x @ x + 2 * np.outer(x, x)")),
    cubic("cubic_as_a_number", "treats x (x'dx) as a number times dx", 0.175, "(x x') dx",
        (CUBIC_RIGHT, "return 3 * (x @ x) * np.eye(len(x))")),
]

chain = partial(planted, "chain")
CHAIN_RIGHT = "return J_f.T @ grad_g"
CHAIN = [
    chain("chain_not_transposed", "multiplies by the Jacobian as it is", 0.225, "mismatch",
        (CHAIN_RIGHT, "return J_f @ grad_g")),
    chain("chain_not_summed", "leaves a term for each output", 0.25, "sum over the outputs",
        (CHAIN_RIGHT, "return J_f * grad_g[:, None]")),
    chain("chain_averaged", "averages over the outputs", 0.225, "their contributions add up",
        (CHAIN_RIGHT, "return J_f.T @ grad_g / len(J_f)")),
    chain("chain_row", "returns a row", 0.25, "a row; a gradient has the shape of x",
        (CHAIN_RIGHT, "return grad_g[None] @ J_f")),
    chain("chain_squeezed", "squeezes every axis of length 1, also that of a single input", 0.175, "J_f (5, 1)",
        (CHAIN_RIGHT, "return np.squeeze(J_f.T @ grad_g[:, None])")),
    chain("chain_no_gradient", "leaves grad_g out", 0.225, "grad_g is not", (CHAIN_RIGHT, "return J_f.sum(axis=0)")),
]

VECTOR_MISTAKES = DOT + QUADRATIC + QUADRATIC_HESSIAN + LOG_QUADRATIC + CUBIC + CHAIN
