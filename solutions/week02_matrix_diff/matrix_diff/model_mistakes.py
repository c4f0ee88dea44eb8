"""Mistakes in the models."""

from functools import partial

from grader.judge.authoring.mistakes import planted

least_squares = partial(planted, "least_squares")
LEAST_SQUARES_GRADIENT = "return -2 * X.T @ (y - X @ w)"
LEAST_SQUARES_HESSIAN = "return 2 * X.T @ X\n"
LEAST_SQUARES_SOLUTION = "return np.linalg.solve(X.T @ X, X.T @ y)"
LEAST_SQUARES = [
    least_squares("least_squares_sign", "turns the sign of the gradient", 0.1, "the sign: the residual",
        (LEAST_SQUARES_GRADIENT, "return 2 * X.T @ (y - X @ w)")),
    least_squares("least_squares_half", "forgets the 2", 0.1, "the derivative of a square",
        (LEAST_SQUARES_GRADIENT, "return -X.T @ (y - X @ w)")),
    least_squares("least_squares_averaged", "averages over the samples", 0.1, "the formula is a sum",
        (LEAST_SQUARES_GRADIENT, "return -2 * X.T @ (y - X @ w) / len(X)")),
    least_squares("least_squares_no_inner", "forgets the inner derivative", 0.125, "the residual without the matrix",
        (LEAST_SQUARES_GRADIENT, "return -2 * (y - X @ w)")),
    least_squares("least_squares_hessian_half", "forgets the 2 of the Hessian", 0.05, "a factor 2 is missing",
        (LEAST_SQUARES_HESSIAN, "return X.T @ X\n")),
    least_squares("least_squares_hessian_order", "multiplies in the other order", 0.075, "one row and one column",
        (LEAST_SQUARES_HESSIAN, "return 2 * X @ X.T\n")),
    least_squares("least_squares_not_inverted", "leaves X'X out", 0.075, "X'X is not inverted",
        (LEAST_SQUARES_SOLUTION, "return X.T @ y")),
    least_squares("least_squares_inverse_of_x", "inverts X, which is not square", 0.1, "LinAlgError",
        (LEAST_SQUARES_SOLUTION, "return np.linalg.inv(X) @ y")),
    least_squares("least_squares_half_solution", "keeps a 2 on one side", 0.075, "half of it",
        (LEAST_SQUARES_SOLUTION, "return np.linalg.solve(2 * X.T @ X, X.T @ y)")),
]

ridge = partial(planted, "ridge")
RIDGE_GRADIENT = "return -2 * X.T @ (y - X @ w) + 2 * lam * w"
RIDGE_HESSIAN = "return 2 * X.T @ X + 2 * lam * np.eye(len(w))"
RIDGE_SYSTEM = "X.T @ X + lam * np.eye(X.shape[1])"
RIDGE = [
    ridge("ridge_no_penalty", "forgets the penalty", 0.1, "the penalty is missing",
        (RIDGE_GRADIENT, "return -2 * X.T @ (y - X @ w)")),
    ridge("ridge_half_penalty", "forgets the 2 of the penalty", 0.1, "in its term",
        (RIDGE_GRADIENT, "return -2 * X.T @ (y - X @ w) + lam * w")),
    ridge("ridge_penalty_a_number", "adds lam to every entry", 0.1, "lam times w",
        (RIDGE_GRADIENT, "return -2 * X.T @ (y - X @ w) + 2 * lam")),
    ridge("ridge_sign", "turns the sign of the data term", 0.1, "data term",
        (RIDGE_GRADIENT, "return 2 * X.T @ (y - X @ w) + 2 * lam * w")),
    ridge("ridge_hessian_number", "adds the penalty to every entry", 0.05, "on the diagonal",
        (RIDGE_HESSIAN, "return 2 * X.T @ X + 2 * lam")),
    ridge("ridge_hessian_no_penalty", "forgets the penalty", 0.05, "the penalty is missing",
        (RIDGE_HESSIAN, "return 2 * X.T @ X")),
    ridge("ridge_solve_doubled", "keeps the 2 of the penalty", 0.075, "counts twice",
        (RIDGE_SYSTEM, "X.T @ X + 2 * lam * np.eye(X.shape[1])")),
    ridge("ridge_solve_number", "adds the penalty to every entry", 0.075, "on the diagonal",
        (RIDGE_SYSTEM, "X.T @ X + lam")),
    ridge("ridge_solve_no_penalty", "solves without penalty", 0.075, "the penalty is missing",
        (RIDGE_SYSTEM, "X.T @ X")),
    ridge("ridge_solve_samples", "takes the identity of the samples", 0.1, "broadcast",
        (RIDGE_SYSTEM, "X.T @ X + lam * np.eye(len(X))")),
]

factorization = partial(planted, "matrix_factorization")
FACTORIZATION_OF_A = "return -2 * (X - A @ S) @ S.T"
FACTORIZATION_OF_S = "return -2 * A.T @ (X - A @ S)"
MATRIX_FACTORIZATION = [
    factorization("matrix_factorization_a_sign", "turns the sign", 0.125, "falls where AS rises",
        (FACTORIZATION_OF_A, "return 2 * (X - A @ S) @ S.T")),
    factorization("matrix_factorization_a_half", "forgets the 2", 0.125, "the derivative of a square",
        (FACTORIZATION_OF_A, "return -(X - A @ S) @ S.T")),
    factorization("matrix_factorization_a_transposed", "forgets to transpose", 0.125, "transpose",
        (FACTORIZATION_OF_A, "return -2 * S @ (X - A @ S).T")),
    factorization("matrix_factorization_a_averaged", "averages", 0.125, "the norm is a sum",
        (FACTORIZATION_OF_A, "return -2 * (X - A @ S) @ S.T / X.size")),
    factorization("matrix_factorization_s_sign", "turns the sign", 0.1, "falls where AS rises",
        (FACTORIZATION_OF_S, "return 2 * A.T @ (X - A @ S)")),
    factorization("matrix_factorization_s_no_x", "leaves X out", 0.1, "X is left out",
        (FACTORIZATION_OF_S, "return 2 * A.T @ A @ S")),
    factorization("matrix_factorization_s_norm", "takes the root of the norm", 0.1, "squared",
        (FACTORIZATION_OF_S, "R = X - A @ S\n    return -A.T @ R / np.linalg.norm(R)")),
]

logistic = partial(planted, "logistic_l2")
LOGISTIC_GRADIENT = "return -X.T @ (weight * y) + 2 * lam * w"
LOGISTIC_WEIGHT = "weight = np.where(margin >= 0, small, 1.0) / (1 + small)"
LOGISTIC_STEP = "return w - learning_rate * slope"
LOGISTIC = [
    logistic("logistic_l2_no_label", "forgets the label", 0.15, "the label is forgotten",
        (LOGISTIC_GRADIENT, "return -X.T @ weight + 2 * lam * w")),
    logistic("logistic_l2_half_penalty", "forgets the 2 of the penalty", 0.15, "in its term",
        (LOGISTIC_GRADIENT, "return -X.T @ (weight * y) + lam * w")),
    logistic("logistic_l2_no_penalty", "forgets the penalty", 0.15, "the penalty is missing",
        (LOGISTIC_GRADIENT, "return -X.T @ (weight * y)")),
    logistic("logistic_l2_sign", "turns the sign of the data term", 0.15, "margin rises",
        (LOGISTIC_GRADIENT, "return X.T @ (weight * y) + 2 * lam * w")),
    logistic("logistic_l2_averaged", "averages over the samples", 0.15, "the formula is a sum",
        (LOGISTIC_GRADIENT, "return -X.T @ (weight * y) / len(X) + 2 * lam * w")),
    logistic("logistic_l2_overflow", "divides infinity by infinity", 0.05, "inf / inf",
        (LOGISTIC_WEIGHT, "weight = np.exp(-margin) / (1 + np.exp(-margin))")),
    logistic("logistic_l2_wrong_side", "takes the sigmoid of the margin", 0.15, "negative margin",
        (LOGISTIC_WEIGHT, "weight = 1 / (1 + np.exp(-margin))")),
    logistic("logistic_l2_single", "computes in float32", 0.025, "in float64",
        ("    margin = y * (X @ w)",
         "    w, X, y, lam = (np.asarray(a, dtype=np.float32) for a in (w, X, y, lam))\n    margin = y * (X @ w)")),
    logistic("logistic_l2_climbs", "adds the gradient", 0.075, "climbs",
        (LOGISTIC_STEP, "return w + learning_rate * slope")),
    logistic("logistic_l2_no_rate", "forgets the rate", 0.075, "left out of the step",
        (LOGISTIC_STEP, "return w - slope")),
    logistic("logistic_l2_in_place", "changes w", 0.025, "w was changed",
        (LOGISTIC_STEP, "w -= learning_rate * slope\n    return w")),
    logistic("logistic_l2_step_alone", "returns the step", 0.075, "step alone",
        (LOGISTIC_STEP, "return -learning_rate * slope")),
]

gaussian = partial(planted, "gaussian_mle")
GAUSSIAN_ESTIMATE = "return mu, (X - mu).T @ (X - mu) / len(X)"
GAUSSIAN_OF_MU = "return np.linalg.solve(Sigma, (X - mu).sum(axis=0))"
GAUSSIAN_OF_SIGMA = "return 0.5 * inverse @ scatter @ inverse - 0.5 * len(X) * inverse"
GAUSSIAN = [
    gaussian("gaussian_mle_sigma_single", "computes in float32", 0.025, "in float64",
        ("inverse = np.linalg.inv(Sigma)",
         "X, mu = X.astype(np.float32), mu.astype(np.float32)\n    inverse = np.linalg.inv(Sigma).astype(np.float32)")),
    gaussian("gaussian_mle_unbiased", "divides by n - 1", 0.05, "divided by n - 1",
        (GAUSSIAN_ESTIMATE, "return mu, (X - mu).T @ (X - mu) / (len(X) - 1)")),
    gaussian("gaussian_mle_not_divided", "forgets to divide", 0.05, "not divided",
        (GAUSSIAN_ESTIMATE, "return mu, (X - mu).T @ (X - mu)")),
    gaussian("gaussian_mle_not_centred", "does not subtract the mean", 0.05, "the mean is not subtracted",
        (GAUSSIAN_ESTIMATE, "return mu, X.T @ X / len(X)")),
    gaussian("gaussian_mle_variances", "returns variances only", 0.05, "only the variances",
        (GAUSSIAN_ESTIMATE, "return mu, np.diag(X.var(axis=0))")),
    gaussian("gaussian_mle_covariance_alone", "returns Sigma alone", 0.1, "(mu, Sigma)",
        (GAUSSIAN_ESTIMATE, "return (X - mu).T @ (X - mu) / len(X)")),
    gaussian("gaussian_mle_mu_sign", "turns the sign", 0.05, "towards the samples",
        (GAUSSIAN_OF_MU, "return -np.linalg.solve(Sigma, (X - mu).sum(axis=0))")),
    gaussian("gaussian_mle_mu_no_sigma", "forgets Sigma", 0.05, "Sigma is missing",
        (GAUSSIAN_OF_MU, "return (X - mu).sum(axis=0)")),
    gaussian("gaussian_mle_mu_not_inverted", "multiplies by Sigma", 0.05, "not by its inverse",
        (GAUSSIAN_OF_MU, "return Sigma @ (X - mu).sum(axis=0)")),
    gaussian("gaussian_mle_mu_mean", "averages", 0.05, "the formula is a sum",
        (GAUSSIAN_OF_MU, "return np.linalg.solve(Sigma, (X - mu).mean(axis=0))")),
    gaussian("gaussian_mle_sigma_symmetric", "differentiates by a symmetric matrix", 0.075, "had to stay symmetric",
        (GAUSSIAN_OF_SIGMA,
         "G = inverse @ scatter @ inverse - len(X) * inverse\n    return G - np.diag(np.diag(G)) / 2")),
    gaussian("gaussian_mle_sigma_no_half", "forgets the 1/2", 0.075, "the 1/2 of the formula",
        (GAUSSIAN_OF_SIGMA, "return inverse @ scatter @ inverse - len(X) * inverse")),
    gaussian("gaussian_mle_sigma_no_determinant", "forgets ln det", 0.1, "term of the determinant",
        (GAUSSIAN_OF_SIGMA, "return 0.5 * inverse @ scatter @ inverse")),
    gaussian("gaussian_mle_sigma_sign", "forgets the sign of d(Sigma^-1)", 0.1, "the sign of d(Sigma^-1)",
        (GAUSSIAN_OF_SIGMA, "return -0.5 * inverse @ scatter @ inverse - 0.5 * len(X) * inverse")),
    gaussian("gaussian_mle_sigma_by_precision", "differentiates by the inverse", 0.075,
        "with respect to the inverse of Sigma", (GAUSSIAN_OF_SIGMA, "return 0.5 * len(X) * Sigma - 0.5 * scatter")),
]

MODEL_MISTAKES = LEAST_SQUARES + RIDGE + MATRIX_FACTORIZATION + LOGISTIC + GAUSSIAN
