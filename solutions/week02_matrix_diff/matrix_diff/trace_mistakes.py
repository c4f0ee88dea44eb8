"""Mistakes in the functions of a matrix that are, or become, traces."""

from .planting import planted

TRACE = planted(
    "trace",
    "return np.eye(len(X))",
    [
        ("ones", "gives every entry the slope 1", "return np.ones_like(X)", 0.45, "does not see the entries beside"),
        ("value", "returns the trace", "return np.trace(X)", 0.5, "the value of the trace"),
        ("diagonal_of_x", "keeps the diagonal of X", "return np.diag(np.diag(X))", 0.45, "does not depend on X"),
        ("vector", "returns one slope for each diagonal entry", "return np.ones(len(X))", 0.5, "the shape of X"),
        ("x", "returns X", "return 1.0 * X", 0.45, "this is X itself"),
    ],
)

TRACE_AB = planted(
    "trace_ab",
    "return B.T.copy()",
    [
        (
            "not_transposed",
            "forgets to transpose what it reads off",
            "return B.copy()",
            0.45,
            "the transpose of the gradient",
        ),
        ("by_b", "differentiates by B", "return A.T.copy()", 0.45, "with respect to B"),
        ("a", "returns A", "return A.copy()", 0.45, "what is left is its factor"),
        ("product", "returns the product", "return A @ B", 0.45, "the product itself"),
        ("entrywise", "keeps A after differentiating", "return A * B.T", 0.45, "A is gone after differentiating"),
    ],
)

BILINEAR = planted(
    "bilinear",
    "return np.outer(x, y)",
    [
        ("not_transposed", "forgets to transpose what it reads off", "return np.outer(y, x)", 0.45, "transpose"),
        ("entrywise", "keeps A after differentiating", "return np.outer(x, y) * A", 0.45, "gone after differentiating"),
        ("value", "returns the value of the form", "return x @ A @ y", 0.5, "the value of the form"),
        ("sums", "adds x_i and y_j", "return x[:, None] + y[None, :]", 0.45, "sums in place of products"),
        ("doubled", "takes the rule of a quadratic form", "return 2 * np.outer(x, y)", 0.45, "a occurs once"),
        ("inner", "takes an inner product", "return np.dot(x, y)", 0.5, "an inner product"),
    ],
)

XAB_X = planted(
    "xab",
    "return A @ b",
    [
        ("x_transposed", "transposes A", "return A.T @ b", 0.2, "mismatch"),
        ("x_by_b", "differentiates by b", "return A.T @ x", 0.2, "with respect to b"),
        ("x_doubled", "takes the rule of a quadratic form", "return 2 * A @ b", 0.2, "x occurs once"),
        ("x_entrywise", "keeps x after differentiating", "return x * (A @ b)", 0.2, "gone after differentiating"),
    ],
)
XAB_A = planted(
    "xab",
    "return np.outer(x, b)",
    [
        ("a_not_transposed", "forgets to transpose what it reads off", "return np.outer(b, x)", 0.25, "transpose"),
        (
            "a_entrywise",
            "keeps A after differentiating",
            "return np.outer(x, b) * A",
            0.25,
            "gone after differentiating",
        ),
        ("a_sums", "adds x_i and b_j", "return x[:, None] + b", 0.25, "sums in place of products"),
        (
            "a_one_vector",
            "leaves b out",
            "return np.repeat(x[:, None], len(b), axis=1)",
            0.25,
            "only one of the vectors",
        ),
    ],
)

TRACE_AXB = planted(
    "trace_axb",
    "return A.T @ B.T",
    [
        (
            "not_transposed",
            "forgets to transpose what it reads off",
            "return B @ A",
            0.45,
            "the transpose of the gradient",
        ),
        ("order", "swaps factors inside the trace", "return (A @ B).T", 0.45, "may be turned round"),
        ("no_transposes", "transposes nothing", "return A @ B", 0.45, "the order is wrong"),
        ("half_transposed", "transposes one factor only", "return A.T @ B", 0.45, "one of the two factors"),
        ("entrywise", "keeps X after differentiating", "return X * (A.T @ B.T)", 0.45, "gone after differentiating"),
    ],
)

TRACE_AXX = planted(
    "trace_axx",
    "return X @ (A + A.T)",
    [
        ("symmetric_only", "takes A for symmetric", "return 2 * X @ A", 0.3, "right for a symmetric A only"),
        ("one_term", "differentiates one of the two X", "return X @ A", 0.45, "only one of two terms"),
        ("other_term", "differentiates the other X only", "return X @ A.T", 0.45, "only one of two terms"),
        ("not_transposed", "forgets to transpose what it reads off", "return (A + A.T) @ X.T", 0.45, "transposed"),
        ("half", "takes the symmetric part of A", "return X @ (A + A.T) / 2", 0.45, "1/2"),
        ("no_a", "leaves A out", "return 2 * X", 0.45, "A is its factor"),
    ],
)

SANDWICH = planted(
    "sandwich",
    "return np.outer(a, A @ X @ a) + np.outer(A.T @ X.T @ a, a)",
    [
        ("one_term", "differentiates the left X only", "return np.outer(a, A @ X @ a)", 0.45, "only one of two terms"),
        (
            "other_term",
            "differentiates the right X only",
            "return np.outer(A.T @ X.T @ a, a)",
            0.45,
            "only one of two terms",
        ),
        (
            "not_transposed",
            "forgets to transpose what it reads off",
            "return np.outer(A @ X @ a, a) + np.outer(a, A.T @ X.T @ a)",
            0.45,
            "transposed",
        ),
        ("doubled", "takes the two terms for equal", "return 2 * np.outer(a, A @ X @ a)", 0.45, "equal only if"),
        (
            "a_not_transposed",
            "forgets the transpose of A",
            "return np.outer(a, A @ X @ a) + np.outer(A @ X.T @ a, a)",
            0.3,
            "a transpose of A is forgotten",
        ),
        (
            "x_not_transposed",
            "forgets the transpose of X",
            "return np.outer(a, A @ X @ a) + np.outer(A.T @ X @ a, a)",
            0.45,
            "a transpose of X is forgotten",
        ),
        (
            "order",
            "swaps factors inside the trace",
            "return np.outer(a, X @ A @ a) + np.outer(X.T @ A.T @ a, a)",
            0.3,
            "may be turned round",
        ),
        (
            "first_transposed",
            "transposes one term too often",
            "return np.outer(A @ X @ a, a) + np.outer(A.T @ X.T @ a, a)",
            0.45,
            "the first term is transposed",
        ),
    ],
)

TRACE_MISTAKES = TRACE + TRACE_AB + BILINEAR + XAB_X + XAB_A + TRACE_AXB + TRACE_AXX + SANDWICH
