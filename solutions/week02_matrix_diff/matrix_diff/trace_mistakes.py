"""Mistakes in the functions of a matrix that are, or become, traces."""

from functools import partial

from grader.judge.authoring.mistakes import planted

trace = partial(planted, "trace")
TRACE_RIGHT = "return np.eye(len(X))"
TRACE = [
    trace("trace_ones", "gives every entry the slope 1", 0.225, "does not see the entries beside",
        (TRACE_RIGHT, "return np.ones_like(X)")),
    trace("trace_value", "returns the trace", 0.25, "the value of the trace", (TRACE_RIGHT, "return np.trace(X)")),
    trace("trace_diagonal_of_x", "keeps the diagonal of X", 0.225, "does not depend on X",
        (TRACE_RIGHT, "return np.diag(np.diag(X))")),
    trace("trace_vector", "returns one slope for each diagonal entry", 0.25, "the shape of X",
        (TRACE_RIGHT, "return np.ones(len(X))")),
    trace("trace_of_one_size", "writes down the one of three rows", 0.25, "shape (3, 3) in place of",
        (TRACE_RIGHT, "return np.eye(3)")),
    trace("trace_x", "returns X", 0.225, "this is X itself", (TRACE_RIGHT, "return 1.0 * X")),
]

trace_ab = partial(planted, "trace_ab")
TRACE_AB_RIGHT = "return B.T.copy()"
TRACE_AB = [
    trace_ab("trace_ab_not_transposed", "forgets to transpose what it reads off", 0.225,
        "the transpose of the gradient", (TRACE_AB_RIGHT, "return B.copy()")),
    trace_ab("trace_ab_by_b", "differentiates by B", 0.225, "with respect to B", (TRACE_AB_RIGHT, "return A.T.copy()")),
    trace_ab("trace_ab_a", "returns A", 0.225, "what is left is its factor", (TRACE_AB_RIGHT, "return A.copy()")),
    trace_ab("trace_ab_product", "returns the product", 0.225, "the product itself", (TRACE_AB_RIGHT, "return A @ B")),
    trace_ab("trace_ab_entrywise", "keeps A after differentiating", 0.225, "A is gone after differentiating",
        (TRACE_AB_RIGHT, "return A * B.T")),
]

bilinear = partial(planted, "bilinear")
BILINEAR_RIGHT = "return np.outer(x, y)"
BILINEAR = [
    bilinear("bilinear_not_transposed", "forgets to transpose what it reads off", 0.225, "transpose",
        (BILINEAR_RIGHT, "return np.outer(y, x)")),
    bilinear("bilinear_entrywise", "keeps A after differentiating", 0.225, "gone after differentiating",
        (BILINEAR_RIGHT, "return np.outer(x, y) * A")),
    bilinear("bilinear_square_only", "takes A for square", 0.175, "shape",
        (BILINEAR_RIGHT, "return np.array([[x[i] * y[j] for j in range(len(x))] for i in range(len(x))])")),
    bilinear("bilinear_value", "returns the value of the form", 0.25, "the value of the form",
        (BILINEAR_RIGHT, "return x @ A @ y")),
    bilinear("bilinear_sums", "adds x_i and y_j", 0.225, "sums in place of products",
        (BILINEAR_RIGHT, "return x[:, None] + y[None, :]")),
    bilinear("bilinear_doubled", "takes the rule of a quadratic form", 0.225, "a occurs once",
        (BILINEAR_RIGHT, "return 2 * np.outer(x, y)")),
    bilinear("bilinear_inner", "takes an inner product", 0.25, "an inner product",
        (BILINEAR_RIGHT, "return np.dot(x, y)")),
]

xab = partial(planted, "xab")
XAB_OF_X = "return A @ b"
XAB_X = [
    xab("xab_x_transposed", "transposes A", 0.1, "mismatch", (XAB_OF_X, "return A.T @ b")),
    xab("xab_x_by_b", "differentiates by b", 0.1, "with respect to b", (XAB_OF_X, "return A.T @ x")),
    xab("xab_x_doubled", "takes the rule of a quadratic form", 0.1, "x occurs once", (XAB_OF_X, "return 2 * A @ b")),
    xab("xab_x_entrywise", "keeps x after differentiating", 0.1, "gone after differentiating",
        (XAB_OF_X, "return x * (A @ b)")),
]
XAB_OF_A = "return np.outer(x, b)"
XAB_A = [
    xab("xab_a_not_transposed", "forgets to transpose what it reads off", 0.125, "transpose",
        (XAB_OF_A, "return np.outer(b, x)")),
    xab("xab_a_entrywise", "keeps A after differentiating", 0.125, "gone after differentiating",
        (XAB_OF_A, "return np.outer(x, b) * A")),
    xab("xab_a_sums", "adds x_i and b_j", 0.125, "sums in place of products", (XAB_OF_A, "return x[:, None] + b")),
    xab("xab_a_one_vector", "leaves b out", 0.125, "only one of the vectors",
        (XAB_OF_A, "return np.repeat(x[:, None], len(b), axis=1)")),
]

trace_axb = partial(planted, "trace_axb")
TRACE_AXB_RIGHT = "return A.T @ B.T"
TRACE_AXB = [
    trace_axb("trace_axb_not_transposed", "forgets to transpose what it reads off", 0.225,
        "the transpose of the gradient", (TRACE_AXB_RIGHT, "return B @ A")),
    trace_axb("trace_axb_order", "swaps factors inside the trace", 0.225, "may be turned round",
        (TRACE_AXB_RIGHT, "return (A @ B).T")),
    trace_axb("trace_axb_no_transposes", "transposes nothing", 0.225, "the order is wrong",
        (TRACE_AXB_RIGHT, "return A @ B")),
    trace_axb("trace_axb_half_transposed", "transposes one factor only", 0.225, "one of the two factors",
        (TRACE_AXB_RIGHT, "return A.T @ B")),
    trace_axb("trace_axb_entrywise", "keeps X after differentiating", 0.225, "gone after differentiating",
        (TRACE_AXB_RIGHT, "return X * (A.T @ B.T)")),
]

trace_axx = partial(planted, "trace_axx")
TRACE_AXX_RIGHT = "return X @ (A + A.T)"
TRACE_AXX = [
    trace_axx("trace_axx_symmetric_only", "takes A for symmetric", 0.15, "right for a symmetric A only",
        (TRACE_AXX_RIGHT, "return 2 * X @ A")),
    trace_axx("trace_axx_one_term", "differentiates one of the two X", 0.225, "only one of two terms",
        (TRACE_AXX_RIGHT, "return X @ A")),
    trace_axx("trace_axx_other_term", "differentiates the other X only", 0.225, "only one of two terms",
        (TRACE_AXX_RIGHT, "return X @ A.T")),
    trace_axx("trace_axx_not_transposed", "forgets to transpose what it reads off", 0.225, "transposed",
        (TRACE_AXX_RIGHT, "return (A + A.T) @ X.T")),
    trace_axx("trace_axx_half", "takes the symmetric part of A", 0.225, "1/2",
        (TRACE_AXX_RIGHT, "return X @ (A + A.T) / 2")),
    trace_axx("trace_axx_no_a", "leaves A out", 0.225, "A is its factor", (TRACE_AXX_RIGHT, "return 2 * X")),
]

sandwich = partial(planted, "sandwich")
SANDWICH_RIGHT = "return np.outer(a, A @ X @ a) + np.outer(A.T @ X.T @ a, a)"
SANDWICH = [
    sandwich("sandwich_one_term", "differentiates the left X only", 0.225, "only one of two terms",
        (SANDWICH_RIGHT, "return np.outer(a, A @ X @ a)")),
    sandwich("sandwich_other_term", "differentiates the right X only", 0.225, "only one of two terms",
        (SANDWICH_RIGHT, "return np.outer(A.T @ X.T @ a, a)")),
    sandwich("sandwich_not_transposed", "forgets to transpose what it reads off", 0.225, "transposed",
        (SANDWICH_RIGHT, "return np.outer(A @ X @ a, a) + np.outer(a, A.T @ X.T @ a)")),
    sandwich("sandwich_doubled", "takes the two terms for equal", 0.225, "equal only if",
        (SANDWICH_RIGHT, "return 2 * np.outer(a, A @ X @ a)")),
    sandwich("sandwich_a_not_transposed", "forgets the transpose of A", 0.15, "a transpose of A is forgotten",
        (SANDWICH_RIGHT, "return np.outer(a, A @ X @ a) + np.outer(A @ X.T @ a, a)")),
    sandwich("sandwich_x_not_transposed", "forgets the transpose of X", 0.225, "a transpose of X is forgotten",
        (SANDWICH_RIGHT, "return np.outer(a, A @ X @ a) + np.outer(A.T @ X @ a, a)")),
    sandwich("sandwich_order", "swaps factors inside the trace", 0.15, "may be turned round",
        (SANDWICH_RIGHT, "return np.outer(a, X @ A @ a) + np.outer(X.T @ A.T @ a, a)")),
    sandwich("sandwich_first_transposed", "transposes one term too often", 0.225, "the first term is transposed",
        (SANDWICH_RIGHT, "return np.outer(A @ X @ a, a) + np.outer(A.T @ X.T @ a, a)")),
]

TRACE_MISTAKES = TRACE + TRACE_AB + BILINEAR + XAB_X + XAB_A + TRACE_AXB + TRACE_AXX + SANDWICH
