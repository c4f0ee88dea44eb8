"""Mistakes in the functions of a vector."""

from .planting import planted

DOT = planted(
    "dot",
    "return np.array(a)",
    [
        ("returns_x", "differentiates by the wrong letter", "return np.array(x)", 0.45, "this is x"),
        ("value", "returns the value of the form", "return a @ x", 0.5, "this is the value a'x"),
        (
            "column",
            "makes a column of the gradient",
            "return np.array(a)[:, None]",
            0.5,
            "a column; vectors are arrays",
        ),
        ("products", "keeps x after differentiating", "return a * x", 0.45, "x is gone after differentiating"),
        ("both", "differentiates the constant as well", "return a + x", 0.45, "a is constant"),
        (
            "sum",
            "adds up the slopes of all entries",
            "return np.sum(a)",
            0.5,
            "every entry of x has a slope of its own",
        ),
    ],
)

QUADRATIC = planted(
    "quadratic",
    "return A @ x + A.T @ x",
    [
        ("symmetric_only", "takes A for symmetric", "return 2 * A @ x", 0.3, "right for a symmetric A only"),
        ("one_term", "differentiates one of the two x", "return A @ x", 0.45, "only one of two terms"),
        ("other_term", "differentiates the other x only", "return A.T @ x", 0.45, "only one of two terms"),
        ("twice_transposed", "takes A for symmetric, transposed", "return 2 * A.T @ x", 0.3, "one has A transposed"),
        ("value", "returns the value of the form", "return x @ A @ x", 0.5, "this is the value"),
        ("no_x", "stops at the matrix", "return A + A.T", 0.5, "the matrix alone"),
        ("sign", "turns the sign", "return -(A @ x + A.T @ x)", 0.45, "minus sign"),
        (
            "in_place",
            "symmetrises its own argument in place",
            "A += A.T.copy()\n    return A @ x",
            0.05,
            "A was changed in place",
        ),
    ],
)

QUADRATIC_HESSIAN = planted(
    "quadratic_hessian",
    "return A + A.T",
    [
        ("symmetric_only", "takes A for symmetric", "return 2 * A", 0.3, "a Hessian is symmetric whatever A is"),
        ("one_term", "differentiates one of two terms", "return 1.0 * A", 0.45, "only one of two terms"),
        ("half", "takes the symmetric part alone", "return (A + A.T) / 2", 0.45, "a factor 2 is missing"),
        ("gradient", "stops at the gradient", "return (A + A.T) @ x", 0.5, "differentiate once more"),
        ("diagonal", "keeps the diagonal only", "return np.diag(2 * np.diag(A))", 0.45, "only the diagonal"),
    ],
)

LOG_QUADRATIC = planted(
    "log_quadratic",
    "return (A @ x + A.T @ x) / (x @ A @ x)",
    [
        ("no_outer", "forgets the derivative of the logarithm", "return A @ x + A.T @ x", 0.45, "that of ln"),
        ("no_inner", "forgets the inner derivative", "return 1 / (x @ A @ x)", 0.5, "the inner derivative is missing"),
        (
            "symmetric_only",
            "takes A for symmetric",
            "return 2 * A @ x / (x @ A @ x)",
            0.3,
            "right for a symmetric A only",
        ),
        ("one_term", "differentiates one of the two x", "return A @ x / (x @ A @ x)", 0.45, "only one of two terms"),
        (
            "squared",
            "divides by the square",
            "return (A @ x + A.T @ x) / (x @ A @ x) ** 2",
            0.45,
            "derivative of 1/(x'Ax)",
        ),
        (
            "by_logarithm",
            "divides by the logarithm",
            "return (A @ x + A.T @ x) / np.log(x @ A @ x)",
            0.45,
            "divided by the logarithm",
        ),
    ],
)

CUBIC = planted(
    "cubic",
    "return (x @ x) * np.eye(len(x)) + 2 * np.outer(x, x)",
    [
        (
            "factor_two",
            "forgets the 2 of d(x'x)",
            "return (x @ x) * np.eye(len(x)) + np.outer(x, x)",
            0.45,
            "d(x'x) has two equal terms",
        ),
        ("norm_held", "holds x'x constant", "return (x @ x) * np.eye(len(x))", 0.45, "x'x is held constant"),
        ("x_held", "holds the vector constant", "return 2 * np.outer(x, x)", 0.45, "the vector x is held constant"),
        ("entrywise", "differentiates x_i^3", "return np.diag(3 * x**2)", 0.35, "the derivative of each x_i^3"),
        (
            "diagonal",
            "keeps the diagonal only",
            "return np.diag(x @ x + 2 * x**2)",
            0.35,
            "only the diagonal; each output",
        ),
        (
            "number_added",
            "adds the number x'x to every entry",
            "return x @ x + 2 * np.outer(x, x)",
            0.35,
            "x'x times the identity",
        ),
        (
            "as_a_number",
            "treats x (x'dx) as a number times dx",
            "return 3 * (x @ x) * np.eye(len(x))",
            0.35,
            "(x x') dx",
        ),
    ],
)

CHAIN = planted(
    "chain",
    "return J_f.T @ grad_g",
    [
        ("not_transposed", "multiplies by the Jacobian as it is", "return J_f @ grad_g", 0.45, "mismatch"),
        ("not_summed", "leaves a term for each output", "return J_f * grad_g[:, None]", 0.5, "sum over the outputs"),
        (
            "averaged",
            "averages over the outputs",
            "return J_f.T @ grad_g / len(J_f)",
            0.45,
            "their contributions add up",
        ),
        ("row", "returns a row", "return grad_g[None] @ J_f", 0.5, "a row; a gradient has the shape of x"),
        ("no_gradient", "leaves grad_g out", "return J_f.sum(axis=0)", 0.45, "grad_g is not"),
    ],
)

VECTOR_MISTAKES = DOT + QUADRATIC + QUADRATIC_HESSIAN + LOG_QUADRATIC + CUBIC + CHAIN
