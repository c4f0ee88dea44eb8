"""Mistakes in the models."""

from .planting import planted

LEAST_SQUARES = [
    *planted(
        "least_squares",
        "return -2 * X.T @ (y - X @ w)",
        [
            ("sign", "turns the sign of the gradient", "return 2 * X.T @ (y - X @ w)", 0.2, "the sign: the residual"),
            ("half", "forgets the 2", "return -X.T @ (y - X @ w)", 0.2, "the derivative of a square"),
            (
                "averaged",
                "averages over the samples",
                "return -2 * X.T @ (y - X @ w) / len(X)",
                0.2,
                "the formula is a sum",
            ),
            (
                "no_inner",
                "forgets the inner derivative",
                "return -2 * (y - X @ w)",
                0.25,
                "the residual without the matrix",
            ),
        ],
    ),
    *planted(
        "least_squares",
        "return 2 * X.T @ X\n",
        [
            ("hessian_half", "forgets the 2 of the Hessian", "return X.T @ X\n", 0.1, "a factor 2 is missing"),
            ("hessian_order", "multiplies in the other order", "return 2 * X @ X.T\n", 0.15, "one row and one column"),
        ],
    ),
    *planted(
        "least_squares",
        "return np.linalg.solve(X.T @ X, X.T @ y)",
        [
            ("not_inverted", "leaves X'X out", "return X.T @ y", 0.15, "X'X is not inverted"),
            ("inverse_of_x", "inverts X, which is not square", "return np.linalg.inv(X) @ y", 0.2, "LinAlgError"),
            (
                "half_solution",
                "keeps a 2 on one side",
                "return np.linalg.solve(2 * X.T @ X, X.T @ y)",
                0.15,
                "half of it",
            ),
        ],
    ),
]

RIDGE = [
    *planted(
        "ridge",
        "return -2 * X.T @ (y - X @ w) + 2 * lam * w",
        [
            ("no_penalty", "forgets the penalty", "return -2 * X.T @ (y - X @ w)", 0.2, "the penalty is missing"),
            (
                "half_penalty",
                "forgets the 2 of the penalty",
                "return -2 * X.T @ (y - X @ w) + lam * w",
                0.2,
                "in its term",
            ),
            (
                "penalty_a_number",
                "adds lam to every entry",
                "return -2 * X.T @ (y - X @ w) + 2 * lam",
                0.2,
                "lam times w",
            ),
            ("sign", "turns the sign of the data term", "return 2 * X.T @ (y - X @ w) + 2 * lam * w", 0.2, "data term"),
        ],
    ),
    *planted(
        "ridge",
        "return 2 * X.T @ X + 2 * lam * np.eye(len(w))",
        [
            (
                "hessian_number",
                "adds the penalty to every entry",
                "return 2 * X.T @ X + 2 * lam",
                0.1,
                "on the diagonal",
            ),
            ("hessian_no_penalty", "forgets the penalty", "return 2 * X.T @ X", 0.1, "the penalty is missing"),
        ],
    ),
    *planted(
        "ridge",
        "X.T @ X + lam * np.eye(X.shape[1])",
        [
            (
                "solve_doubled",
                "keeps the 2 of the penalty",
                "X.T @ X + 2 * lam * np.eye(X.shape[1])",
                0.15,
                "counts twice",
            ),
            ("solve_number", "adds the penalty to every entry", "X.T @ X + lam", 0.15, "on the diagonal"),
            ("solve_no_penalty", "solves without penalty", "X.T @ X", 0.15, "the penalty is missing"),
            ("solve_samples", "takes the identity of the samples", "X.T @ X + lam * np.eye(len(X))", 0.2, "broadcast"),
        ],
    ),
]

MATRIX_FACTORIZATION = [
    *planted(
        "matrix_factorization",
        "return -2 * (X - A @ S) @ S.T",
        [
            ("a_sign", "turns the sign", "return 2 * (X - A @ S) @ S.T", 0.25, "falls where AS rises"),
            ("a_half", "forgets the 2", "return -(X - A @ S) @ S.T", 0.25, "the derivative of a square"),
            ("a_transposed", "forgets to transpose", "return -2 * S @ (X - A @ S).T", 0.3, "transpose"),
            ("a_averaged", "averages", "return -2 * (X - A @ S) @ S.T / X.size", 0.25, "the norm is a sum"),
        ],
    ),
    *planted(
        "matrix_factorization",
        "return -2 * A.T @ (X - A @ S)",
        [
            ("s_sign", "turns the sign", "return 2 * A.T @ (X - A @ S)", 0.2, "falls where AS rises"),
            ("s_no_x", "leaves X out", "return 2 * A.T @ A @ S", 0.2, "X is left out"),
            (
                "s_norm",
                "takes the root of the norm",
                "R = X - A @ S\n    return -A.T @ R / np.linalg.norm(R)",
                0.2,
                "squared",
            ),
        ],
    ),
]

LOGISTIC = [
    *planted(
        "logistic_l2",
        "return -X.T @ (weight * y) + 2 * lam * w",
        [
            ("no_label", "forgets the label", "return -X.T @ weight + 2 * lam * w", 0.3, "the label is forgotten"),
            (
                "half_penalty",
                "forgets the 2 of the penalty",
                "return -X.T @ (weight * y) + lam * w",
                0.3,
                "in its term",
            ),
            ("no_penalty", "forgets the penalty", "return -X.T @ (weight * y)", 0.3, "the penalty is missing"),
            ("sign", "turns the sign of the data term", "return X.T @ (weight * y) + 2 * lam * w", 0.3, "margin rises"),
            (
                "averaged",
                "averages over the samples",
                "return -X.T @ (weight * y) / len(X) + 2 * lam * w",
                0.3,
                "the formula is a sum",
            ),
        ],
    ),
    *planted(
        "logistic_l2",
        "weight = np.where(margin >= 0, small, 1.0) / (1 + small)",
        [
            (
                "overflow",
                "divides infinity by infinity",
                "weight = np.exp(-margin) / (1 + np.exp(-margin))",
                0.1,
                "inf / inf",
            ),
            (
                "wrong_side",
                "takes the sigmoid of the margin",
                "weight = 1 / (1 + np.exp(-margin))",
                0.3,
                "negative margin",
            ),
        ],
    ),
    *planted(
        "logistic_l2",
        "return w - learning_rate * slope",
        [
            (
                "climbs",
                "adds the gradient",
                "return w + learning_rate * slope",
                0.15,
                "climbs",
            ),
            ("no_rate", "forgets the rate", "return w - slope", 0.15, "left out of the step"),
            (
                "in_place",
                "changes w",
                "w -= learning_rate * slope\n    return w",
                0.05,
                "w was changed",
            ),
            (
                "step_alone",
                "returns the step",
                "return -learning_rate * slope",
                0.15,
                "step alone",
            ),
        ],
    ),
]

GAUSSIAN = [
    *planted(
        "gaussian_mle",
        "return mu, (X - mu).T @ (X - mu) / len(X)",
        [
            (
                "unbiased",
                "divides by n - 1",
                "return mu, (X - mu).T @ (X - mu) / (len(X) - 1)",
                0.1,
                "divided by n - 1",
            ),
            ("not_divided", "forgets to divide", "return mu, (X - mu).T @ (X - mu)", 0.1, "not divided"),
            (
                "not_centred",
                "does not subtract the mean",
                "return mu, X.T @ X / len(X)",
                0.1,
                "the mean is not subtracted",
            ),
            ("variances", "returns variances only", "return mu, np.diag(X.var(axis=0))", 0.1, "only the variances"),
            ("covariance_alone", "returns Sigma alone", "return (X - mu).T @ (X - mu) / len(X)", 0.2, "(mu, Sigma)"),
        ],
    ),
    *planted(
        "gaussian_mle",
        "return np.linalg.solve(Sigma, (X - mu).sum(axis=0))",
        [
            (
                "mu_sign",
                "turns the sign",
                "return -np.linalg.solve(Sigma, (X - mu).sum(axis=0))",
                0.1,
                "towards the samples",
            ),
            ("mu_no_sigma", "forgets Sigma", "return (X - mu).sum(axis=0)", 0.1, "Sigma is missing"),
            (
                "mu_not_inverted",
                "multiplies by Sigma",
                "return Sigma @ (X - mu).sum(axis=0)",
                0.1,
                "not by its inverse",
            ),
            (
                "mu_mean",
                "averages",
                "return np.linalg.solve(Sigma, (X - mu).mean(axis=0))",
                0.1,
                "the formula is a sum",
            ),
        ],
    ),
    *planted(
        "gaussian_mle",
        "return 0.5 * inverse @ scatter @ inverse - 0.5 * len(X) * inverse",
        [
            (
                "sigma_symmetric",
                "differentiates by a symmetric matrix",
                "G = inverse @ scatter @ inverse - len(X) * inverse\n    return G - np.diag(np.diag(G)) / 2",
                0.15,
                "had to stay symmetric",
            ),
            (
                "sigma_no_half",
                "forgets the 1/2",
                "return inverse @ scatter @ inverse - len(X) * inverse",
                0.15,
                "the 1/2 of the formula",
            ),
            (
                "sigma_no_determinant",
                "forgets ln det",
                "return 0.5 * inverse @ scatter @ inverse",
                0.2,
                "term of the determinant",
            ),
            (
                "sigma_sign",
                "forgets the sign of d(Sigma^-1)",
                "return -0.5 * inverse @ scatter @ inverse - 0.5 * len(X) * inverse",
                0.2,
                "the sign of d(Sigma^-1)",
            ),
            (
                "sigma_by_precision",
                "differentiates by the inverse",
                "return 0.5 * len(X) * Sigma - 0.5 * scatter",
                0.15,
                "with respect to the inverse of Sigma",
            ),
        ],
    ),
]

MODEL_MISTAKES = LEAST_SQUARES + RIDGE + MATRIX_FACTORIZATION + LOGISTIC + GAUSSIAN
