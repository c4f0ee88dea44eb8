"""Mistakes in the functions with an inverse or a determinant."""

from functools import partial

from grader.judge.authoring.mistakes import planted

inverse = partial(planted, "inverse")
INVERSE_RIGHT = "return -inverse @ dX @ inverse"
INVERSE = [
    inverse("inverse_sign", "forgets the sign", 0.175, "the inverse falls where X rises",
        (INVERSE_RIGHT, "return inverse @ dX @ inverse")),
    inverse("inverse_right", "puts both inverses on the right", 0.125, "matrices do not commute",
        (INVERSE_RIGHT, "return -dX @ inverse @ inverse")),
    inverse("inverse_left", "puts both inverses on the left", 0.125, "matrices do not commute",
        (INVERSE_RIGHT, "return -inverse @ inverse @ dX")),
    inverse("inverse_one_missing", "has one inverse only", 0.175, "one of the two inverses is missing",
        (INVERSE_RIGHT, "return -inverse @ dX")),
    inverse("inverse_no_dx", "leaves dX out", 0.225, "dX is missing", (INVERSE_RIGHT, "return -inverse @ inverse")),
    inverse("inverse_transposed_dx", "transposes dX", 0.125, "dX enters transposed",
        (INVERSE_RIGHT, "return -inverse @ dX.T @ inverse")),
    inverse("inverse_change", "returns the change itself", 0.225, "only the linear part",
        (INVERSE_RIGHT, "return np.linalg.inv(X + dX) - inverse")),
    inverse("inverse_differences", "measures with a small step", 0.225, "the linear part of the change",
        (INVERSE_RIGHT, "h = 1e-5\n    return (np.linalg.inv(X + h * dX) - np.linalg.inv(X - h * dX)) / (2 * h)")),
    inverse("inverse_single", "computes in float32", 0.025, "in float64",
        (INVERSE_RIGHT, "inverse = inverse.astype(np.float32)\n    return -inverse @ dX.astype(np.float32) @ inverse")),
    inverse("inverse_as_gradient", "transposes as for a gradient", 0.125, "transposed",
        (INVERSE_RIGHT, "return -(inverse @ dX @ inverse).T")),
]

det = partial(planted, "det")
DET_RIGHT = "return np.linalg.det(X) * np.linalg.inv(X).T"
DET = [
    det("det_not_transposed", "forgets to transpose what it reads off", 0.175, "the transpose of the gradient",
        (DET_RIGHT, "return np.linalg.det(X) * np.linalg.inv(X)")),
    det("det_logdet", "forgets the factor det X", 0.225, "this belongs to ln det X",
        (DET_RIGHT, "return np.linalg.inv(X).T")),
    det("det_at_identity", "keeps the gradient at the identity", 0.225, "the gradient at the identity",
        (DET_RIGHT, "return np.linalg.det(X) * np.eye(len(X))")),
    det("det_absolute", "loses the sign of the determinant", 0.05, "the sign of det X is lost",
        (DET_RIGHT, "return abs(np.linalg.det(X)) * np.linalg.inv(X).T")),
    det("det_divided", "divides by det X", 0.225, "it is a factor",
        (DET_RIGHT, "return np.linalg.inv(X).T / np.linalg.det(X)")),
    det("det_value", "returns the determinant", 0.25, "the value of the determinant",
        (DET_RIGHT, "return np.linalg.det(X)")),
]

logdet = partial(planted, "logdet")
LOGDET_RIGHT = "return np.linalg.inv(X).T"
LOGDET = [
    logdet("logdet_not_transposed", "forgets to transpose what it reads off", 0.175, "transposed",
        (LOGDET_RIGHT, "return np.linalg.inv(X)")),
    logdet("logdet_det", "forgets the derivative of the logarithm", 0.225, "that of the logarithm is missing",
        (LOGDET_RIGHT, "return np.linalg.det(X) * np.linalg.inv(X).T")),
    logdet("logdet_entrywise", "inverts entry by entry", 0.225, "no matrix inverse", (LOGDET_RIGHT, "return 1 / X")),
    logdet("logdet_outer_only", "forgets the inner derivative", 0.25, "the inner derivative is missing",
        (LOGDET_RIGHT, "return 1 / np.linalg.det(X)")),
    logdet("logdet_diagonal", "keeps the diagonal only", 0.225, "only the diagonal",
        (LOGDET_RIGHT, "return np.diag(np.diag(np.linalg.inv(X)))")),
    logdet("logdet_differences", "measures with small steps", 0.225, "d_logdet(X), X small",
        (LOGDET_RIGHT, "return checks.numerical_gradient(lambda X: np.linalg.slogdet(X)[1], X)")),
    logdet("logdet_twice_divided", "divides by the determinant once too often", 0.225, "once too often",
        (LOGDET_RIGHT, "return np.linalg.inv(X).T / np.linalg.det(X)")),
]

trace_axbinv = partial(planted, "trace_axbinv")
TRACE_AXBINV_RIGHT = "return (B @ inverse @ A - inverse @ A @ X @ B @ inverse).T"
TRACE_AXBINV = [
    trace_axbinv("trace_axbinv_not_transposed", "forgets to transpose what it reads off", 0.175, "transpose",
        (TRACE_AXBINV_RIGHT, "return B @ inverse @ A - inverse @ A @ X @ B @ inverse")),
    trace_axbinv("trace_axbinv_inverse_held", "holds the inverse constant", 0.225, "X^-1 changes as well",
        (TRACE_AXBINV_RIGHT, "return (B @ inverse @ A).T")),
    trace_axbinv("trace_axbinv_x_held", "holds X constant", 0.225, "the term of X is missing",
        (TRACE_AXBINV_RIGHT, "return -(inverse @ A @ X @ B @ inverse).T")),
    trace_axbinv("trace_axbinv_sign", "forgets the sign of d(X^-1)", 0.225, "the sign of d(X^-1)",
        (TRACE_AXBINV_RIGHT, "return (B @ inverse @ A + inverse @ A @ X @ B @ inverse).T")),
    trace_axbinv("trace_axbinv_order", "swaps factors inside the trace", 0.225, "may be turned round",
        (TRACE_AXBINV_RIGHT, "return (A @ inverse @ B - inverse @ A @ X @ B @ inverse).T")),
    trace_axbinv("trace_axbinv_single", "computes in float32", 0.025, "in float64",
        ("inverse = np.linalg.inv(X)",
         "A, X, B = (np.asarray(M, dtype=np.float32) for M in (A, X, B))\n    inverse = np.linalg.inv(X)")),
    trace_axbinv("trace_axbinv_differences", "measures with small steps", 0.175, "X small",
        (TRACE_AXBINV_RIGHT, "return checks.numerical_gradient(lambda X: np.trace(A @ X @ B @ np.linalg.inv(X)), X)")),
    trace_axbinv("trace_axbinv_half_transposed", "transposes one term only", 0.225, "the first term is not transposed",
        (TRACE_AXBINV_RIGHT, "return B @ inverse @ A - (inverse @ A @ X @ B @ inverse).T")),
]

trace_hard = partial(planted, "trace_hard")
TRACE_HARD_RIGHT = "return first + second - third"
TRACE_HARD = [
    trace_hard("trace_hard_first_missing", "forgets the term of X'", 0.225, "the term of X' is missing",
        (TRACE_HARD_RIGHT, "return second - third")),
    trace_hard("trace_hard_second_missing", "forgets the term of X", 0.225, "the one that is not transposed",
        (TRACE_HARD_RIGHT, "return first - third")),
    trace_hard("trace_hard_third_missing", "forgets the term of the inverse", 0.225, "it changes as well",
        (TRACE_HARD_RIGHT, "return first + second")),
    trace_hard("trace_hard_sign", "forgets the sign of d(X^-1)", 0.225, "the sign of d(X^-1)",
        (TRACE_HARD_RIGHT, "return first + second + third")),
    trace_hard("trace_hard_not_transposed", "transposes all of it", 0.175, "transpose",
        (TRACE_HARD_RIGHT, "return (first + second - third).T")),
    trace_hard("trace_hard_third_transposed", "transposes the third term", 0.175, "once too often",
        (TRACE_HARD_RIGHT, "return first + second - third.T")),
    trace_hard("trace_hard_second_transposed", "transposes the second term", 0.175, "the term of X is",
        (TRACE_HARD_RIGHT, "return first + second.T - third")),
]

det_sandwich = partial(planted, "det_sandwich")
DET_SANDWICH_RIGHT = "return np.linalg.det(M) * (A @ X @ inverse + A.T @ X @ inverse.T)"
DET_SANDWICH = [
    det_sandwich("det_sandwich_symmetric_only", "takes A for symmetric", 0.15, "right for a symmetric A only",
        (DET_SANDWICH_RIGHT, "return 2 * np.linalg.det(M) * A @ X @ inverse")),
    det_sandwich("det_sandwich_one_term", "differentiates one of the two X", 0.225, "one of two terms",
        (DET_SANDWICH_RIGHT, "return np.linalg.det(M) * A @ X @ inverse")),
    det_sandwich("det_sandwich_logdet", "forgets the factor det M", 0.225, "belongs to ln det",
        (DET_SANDWICH_RIGHT, "return A @ X @ inverse + A.T @ X @ inverse.T")),
    det_sandwich("det_sandwich_inverse_not_transposed", "forgets a transpose of the inverse", 0.15,
        "a transpose of the inverse is forgotten",
        (DET_SANDWICH_RIGHT, "return np.linalg.det(M) * (A @ X @ inverse + A.T @ X @ inverse)")),
    det_sandwich("det_sandwich_square_only", "takes X for square", 0.25, "LinAlgError",
        (DET_SANDWICH_RIGHT, "return 2 * np.linalg.det(M) * np.linalg.inv(X).T")),
    det_sandwich("det_sandwich_not_transposed", "forgets to transpose what it reads off", 0.225, "transpose",
        (DET_SANDWICH_RIGHT, "return np.linalg.det(M) * (A @ X @ inverse + A.T @ X @ inverse.T).T")),
]

INVERSE_MISTAKES = INVERSE + DET + LOGDET + TRACE_AXBINV + TRACE_HARD + DET_SANDWICH
