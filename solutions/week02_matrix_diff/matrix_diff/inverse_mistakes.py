"""Mistakes in the functions with an inverse or a determinant."""

from .planting import planted

INVERSE = planted(
    "inverse",
    "return -inverse @ dX @ inverse",
    [
        ("sign", "forgets the sign", "return inverse @ dX @ inverse", 0.35, "the inverse falls where X rises"),
        ("right", "puts both inverses on the right", "return -dX @ inverse @ inverse", 0.25, "matrices do not commute"),
        ("left", "puts both inverses on the left", "return -inverse @ inverse @ dX", 0.25, "matrices do not commute"),
        ("one_missing", "has one inverse only", "return -inverse @ dX", 0.35, "one of the two inverses is missing"),
        ("no_dx", "leaves dX out", "return -inverse @ inverse", 0.45, "dX is missing"),
        ("transposed_dx", "transposes dX", "return -inverse @ dX.T @ inverse", 0.25, "dX enters transposed"),
        ("change", "returns the change itself", "return np.linalg.inv(X + dX) - inverse", 0.45, "only the linear part"),
        ("as_gradient", "transposes as for a gradient", "return -(inverse @ dX @ inverse).T", 0.25, "transposed"),
    ],
)

DET = planted(
    "det",
    "return np.linalg.det(X) * np.linalg.inv(X).T",
    [
        (
            "not_transposed",
            "forgets to transpose what it reads off",
            "return np.linalg.det(X) * np.linalg.inv(X)",
            0.35,
            "the transpose of the gradient",
        ),
        ("logdet", "forgets the factor det X", "return np.linalg.inv(X).T", 0.45, "this belongs to ln det X"),
        (
            "at_identity",
            "keeps the gradient at the identity",
            "return np.linalg.det(X) * np.eye(len(X))",
            0.45,
            "the gradient at the identity",
        ),
        (
            "absolute",
            "loses the sign of the determinant",
            "return abs(np.linalg.det(X)) * np.linalg.inv(X).T",
            0.1,
            "the sign of det X is lost",
        ),
        ("divided", "divides by det X", "return np.linalg.inv(X).T / np.linalg.det(X)", 0.45, "it is a factor"),
        ("value", "returns the determinant", "return np.linalg.det(X)", 0.5, "the value of the determinant"),
    ],
)

LOGDET = planted(
    "logdet",
    "return np.linalg.inv(X).T",
    [
        ("not_transposed", "forgets to transpose what it reads off", "return np.linalg.inv(X)", 0.35, "transposed"),
        (
            "det",
            "forgets the derivative of the logarithm",
            "return np.linalg.det(X) * np.linalg.inv(X).T",
            0.45,
            "that of the logarithm is missing",
        ),
        ("entrywise", "inverts entry by entry", "return 1 / X", 0.45, "no matrix inverse"),
        (
            "outer_only",
            "forgets the inner derivative",
            "return 1 / np.linalg.det(X)",
            0.5,
            "the inner derivative is missing",
        ),
        ("diagonal", "keeps the diagonal only", "return np.diag(np.diag(np.linalg.inv(X)))", 0.45, "only the diagonal"),
        (
            "twice_divided",
            "divides by the determinant once too often",
            "return np.linalg.inv(X).T / np.linalg.det(X)",
            0.45,
            "once too often",
        ),
    ],
)

TRACE_AXBINV = planted(
    "trace_axbinv",
    "return (B @ inverse @ A - inverse @ A @ X @ B @ inverse).T",
    [
        (
            "not_transposed",
            "forgets to transpose what it reads off",
            "return B @ inverse @ A - inverse @ A @ X @ B @ inverse",
            0.35,
            "transpose",
        ),
        ("inverse_held", "holds the inverse constant", "return (B @ inverse @ A).T", 0.45, "X^-1 changes as well"),
        ("x_held", "holds X constant", "return -(inverse @ A @ X @ B @ inverse).T", 0.45, "the term of X is missing"),
        (
            "sign",
            "forgets the sign of d(X^-1)",
            "return (B @ inverse @ A + inverse @ A @ X @ B @ inverse).T",
            0.45,
            "the sign of d(X^-1)",
        ),
        (
            "order",
            "swaps factors inside the trace",
            "return (A @ inverse @ B - inverse @ A @ X @ B @ inverse).T",
            0.45,
            "may be turned round",
        ),
        (
            "half_transposed",
            "transposes one term only",
            "return B @ inverse @ A - (inverse @ A @ X @ B @ inverse).T",
            0.45,
            "the first term is not transposed",
        ),
    ],
)

TRACE_HARD = planted(
    "trace_hard",
    "return first + second - third",
    [
        ("first_missing", "forgets the term of X'", "return second - third", 0.45, "the term of X' is missing"),
        ("second_missing", "forgets the term of X", "return first - third", 0.45, "the one that is not transposed"),
        ("third_missing", "forgets the term of the inverse", "return first + second", 0.45, "it changes as well"),
        ("sign", "forgets the sign of d(X^-1)", "return first + second + third", 0.45, "the sign of d(X^-1)"),
        ("not_transposed", "transposes all of it", "return (first + second - third).T", 0.35, "transpose"),
        ("third_transposed", "transposes the third term", "return first + second - third.T", 0.35, "once too often"),
        (
            "second_transposed",
            "transposes the second term",
            "return first + second.T - third",
            0.35,
            "the term of X is",
        ),
    ],
)

DET_SANDWICH = planted(
    "det_sandwich",
    "return np.linalg.det(M) * (A @ X @ inverse + A.T @ X @ inverse.T)",
    [
        (
            "symmetric_only",
            "takes A for symmetric",
            "return 2 * np.linalg.det(M) * A @ X @ inverse",
            0.3,
            "right for a symmetric A only",
        ),
        (
            "one_term",
            "differentiates one of the two X",
            "return np.linalg.det(M) * A @ X @ inverse",
            0.45,
            "one of two terms",
        ),
        (
            "logdet",
            "forgets the factor det M",
            "return A @ X @ inverse + A.T @ X @ inverse.T",
            0.45,
            "belongs to ln det",
        ),
        (
            "inverse_not_transposed",
            "forgets a transpose of the inverse",
            "return np.linalg.det(M) * (A @ X @ inverse + A.T @ X @ inverse)",
            0.3,
            "a transpose of the inverse is forgotten",
        ),
        (
            "not_transposed",
            "forgets to transpose what it reads off",
            "return np.linalg.det(M) * (A @ X @ inverse + A.T @ X @ inverse.T).T",
            0.5,
            "transpose",
        ),
    ],
)

INVERSE_MISTAKES = INVERSE + DET + LOGDET + TRACE_AXBINV + TRACE_HARD + DET_SANDWICH
