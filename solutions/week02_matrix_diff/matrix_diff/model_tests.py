"""Hidden tests of the models: least squares, ridge, matrix factorisation, logistic regression, normal distribution."""

import numpy as np

from grader.checks.diagnosis.named import Named
from grader.judge import expect, expect_that, hidden_test

from .asking import FACTOR_TWO, TRANSPOSED, expect_manners, pair, regular, symmetric, tall

MEAN = Named("averaged_over_batch", "averaged over the samples; the formula is a sum")


def _regression(rng):
    """w [3], X [7, 3] of full column rank, y [7]."""
    return rng.normal(size=3), tall(rng, 7, 3), rng.normal(size=7)


def _slope_mistakes(w, X, y):
    """What a wrong derivation of the gradient of (y - Xw)'(y - Xw) gives."""
    residual = y - X @ w
    return {
        "the sign: the residual y - Xw falls where Xw rises": 2 * X.T @ residual,
        FACTOR_TWO + ": the derivative of a square": -X.T @ residual,
        MEAN: -2 * X.T @ residual / len(X),
        "the residual without the matrix (chain rule)": -2 * residual,
        "y is left out": 2 * X.T @ X @ w,
        "the value of the function; a gradient has the shape of w": residual @ residual,
    }


def _curvature_mistakes(X):
    """What a wrong derivation of the Hessian of (y - Xw)'(y - Xw) gives."""
    return {
        FACTOR_TWO: X.T @ X,
        "the factors are in the wrong order: one row and one column for each weight": 2 * X @ X.T,
        "the sign: a minimum has a positive definite Hessian": -2 * X.T @ X,
        MEAN: 2 * X.T @ X / len(X),
        "only the diagonal": np.diag(np.diag(2 * X.T @ X)),
        "this is the inverse of the Hessian": np.linalg.inv(2 * X.T @ X),
    }


@hidden_test("test_least_squares", points=0.2)
def gradient_of_least_squares(student, rng):
    """The gradient of (y - Xw)'(y - Xw)."""
    w, X, y = _regression(rng)
    right = 2 * X.T @ (X @ w - y)
    what = "least_squares_grad(w, X, y)"
    expect(student.least_squares_grad(w, X, y), right, what=what, mistakes=_slope_mistakes(w, X, y))


@hidden_test("test_least_squares", points=0.1)
def hessian_of_least_squares(student, rng):
    """The Hessian of (y - Xw)'(y - Xw)."""
    w, X, y = _regression(rng)
    expect(
        student.least_squares_hessian(w, X, y),
        2 * X.T @ X,
        what="least_squares_hessian(w, X, y)",
        mistakes=_curvature_mistakes(X),
    )


@hidden_test("test_least_squares", points=0.15)
def solution_of_least_squares(student, rng):
    """The minimum of (y - Xw)'(y - Xw)."""
    _, X, y = _regression(rng)
    expect(
        student.least_squares_solve(X, y),
        np.linalg.lstsq(X, y, rcond=None)[0],
        what="least_squares_solve(X, y)",
        mistakes={
            "X'X is not inverted": X.T @ y,
            "the sign": -np.linalg.lstsq(X, y, rcond=None)[0],
            "half of it: a factor 2 of the gradient is left on one side": np.linalg.lstsq(X, y, rcond=None)[0] / 2,
            "twice of it: a factor 2 of the gradient is left on one side": np.linalg.lstsq(X, y, rcond=None)[0] * 2,
            "multiplied by X'X, not by its inverse": X.T @ X @ X.T @ y,
            "some rows are left out: only the first equations are solved": np.linalg.solve(X[:3], y[:3]),
            "a penalty is in it; that is ridge": np.linalg.solve(X.T @ X + np.eye(3), X.T @ y),
        },
    )


@hidden_test("test_least_squares", points=0.05)
def least_squares_manners(student, rng):
    """The three functions leave their arguments alone."""
    w, X, y = _regression(rng)
    expect_manners(student, "least_squares_grad", {"w": w, "X": X, "y": y}, (3,))
    expect_manners(student, "least_squares_hessian", {"w": w, "X": X, "y": y}, (3, 3))
    expect_manners(student, "least_squares_solve", {"X": X, "y": y}, (3,))


NO_PENALTY = Named("no_penalty", "the penalty is missing")
HALF_PENALTY = Named("half_penalty", "the penalty is a square: a factor 2 is missing in its term")


@hidden_test("test_ridge", points=0.2)
def gradient_of_ridge(student, rng):
    """The gradient of (y - Xw)'(y - Xw) + lam w'w."""
    (w, X, y), lam = _regression(rng), rng.uniform(0.5, 2)
    plain = 2 * X.T @ (X @ w - y)
    expect(
        student.ridge_grad(w, X, y, lam),
        plain + 2 * lam * w,
        what="ridge_grad(w, X, y, lam)",
        mistakes={
            NO_PENALTY: plain,
            HALF_PENALTY: plain + lam * w,
            FACTOR_TWO + " in the data term": plain / 2 + 2 * lam * w,
            FACTOR_TWO + " in both terms": plain / 2 + lam * w,
            "the sign of the data term": -plain + 2 * lam * w,
            "the sign of the penalty": plain - 2 * lam * w,
            "the penalty is averaged or the data are; the formula has sums": plain / len(X) + 2 * lam * w,
            "the penalty adds one number to all entries; it is lam times w": plain + 2 * lam,
            "the penalty itself is added, not its gradient": plain + lam * w @ w,
        },
    )


@hidden_test("test_ridge", points=0.1)
def hessian_of_ridge(student, rng):
    """The Hessian of (y - Xw)'(y - Xw) + lam w'w."""
    (w, X, y), lam = _regression(rng), rng.uniform(0.5, 2)
    plain, identity = 2 * X.T @ X, np.eye(3)
    expect(
        student.ridge_hessian(w, X, y, lam),
        plain + 2 * lam * identity,
        what="ridge_hessian(w, X, y, lam)",
        mistakes={
            NO_PENALTY: plain,
            HALF_PENALTY: plain + lam * identity,
            "the penalty belongs on the diagonal: lam times the identity": plain + 2 * lam,
            FACTOR_TWO + " in both terms": plain / 2 + lam * identity,
            FACTOR_TWO + " in the data term": plain / 2 + 2 * lam * identity,
        },
    )


@hidden_test("test_ridge", points=0.15)
def solution_of_ridge(student, rng):
    """The minimum of (y - Xw)'(y - Xw) + lam w'w."""
    (_, X, y), lam = _regression(rng), rng.uniform(0.5, 2)

    def solution(penalty):
        return np.linalg.solve(X.T @ X + penalty, X.T @ y)

    expect(
        student.ridge_solve(X, y, lam),
        solution(lam * np.eye(3)),
        what="ridge_solve(X, y, lam)",
        mistakes={
            NO_PENALTY: solution(0),
            "the penalty belongs on the diagonal: lam times the identity": solution(lam),
            "the penalty counts twice here: the factors 2 of both terms cancel": solution(2 * lam * np.eye(3)),
            "the penalty counts half here: the factors 2 of both terms cancel": solution(lam / 2 * np.eye(3)),
            "the sign of the penalty": solution(-lam * np.eye(3)),
            "the penalty is multiplied by the number of samples": solution(len(X) * lam * np.eye(3)),
            "the penalty is squared": solution(lam**2 * np.eye(3)),
        },
    )


@hidden_test("test_ridge", points=0.05)
def ridge_manners(student, rng):
    """The three functions leave their arguments alone."""
    w, X, y = _regression(rng)
    expect_manners(student, "ridge_grad", {"w": w, "X": X, "y": y, "lam": 0.5}, (3,))
    expect_manners(student, "ridge_hessian", {"w": w, "X": X, "y": y, "lam": 0.5}, (3, 3))
    expect_manners(student, "ridge_solve", {"X": X, "y": y, "lam": 0.5}, (3,))


def _factors(rng):
    """X [4, 6], A [4, 2], S [2, 6]."""
    return rng.normal(size=(4, 6)), rng.normal(size=(4, 2)), rng.normal(size=(2, 6))


@hidden_test("test_matrix_factorization", points=0.25)
def gradient_of_left_factor(student, rng):
    """The gradient with respect to A."""
    X, A, S = _factors(rng)
    R = X - A @ S
    expect(
        student.d_factorization_A(X, A, S),
        -2 * R @ S.T,
        what="d_factorization_A(X, A, S)",
        mistakes={
            "the sign: the residual X - AS falls where AS rises": 2 * R @ S.T,
            FACTOR_TWO + ": the derivative of a square": -R @ S.T,
            TRANSPOSED: -2 * S @ R.T,
            "X is left out": 2 * A @ S @ S.T,
            "averaged over the entries; the norm is a sum": -2 * R @ S.T / X.size,
            "divided by the norm: it is squared here": -R @ S.T / np.linalg.norm(R),
            "the residual without its factor (chain rule)": -2 * R,
        },
    )


@hidden_test("test_matrix_factorization", points=0.2)
def gradient_of_right_factor(student, rng):
    """The gradient with respect to S."""
    X, A, S = _factors(rng)
    R = X - A @ S
    expect(
        student.d_factorization_S(X, A, S),
        -2 * A.T @ R,
        what="d_factorization_S(X, A, S)",
        mistakes={
            "the sign: the residual X - AS falls where AS rises": 2 * A.T @ R,
            FACTOR_TWO + ": the derivative of a square": -A.T @ R,
            TRANSPOSED: -2 * R.T @ A,
            "X is left out": 2 * A.T @ A @ S,
            "averaged over the entries; the norm is a sum": -2 * A.T @ R / X.size,
            "divided by the norm: it is squared here": -A.T @ R / np.linalg.norm(R),
            "the residual without its factor (chain rule)": -2 * R,
        },
    )


@hidden_test("test_matrix_factorization", points=0.05)
def matrix_factorization_manners(student, rng):
    """Both functions leave their arguments alone."""
    X, A, S = _factors(rng)
    expect_manners(student, "d_factorization_A", {"X": X, "A": A, "S": S}, (4, 2))
    expect_manners(student, "d_factorization_S", {"X": X, "A": A, "S": S}, (2, 6))


OVERFLOWS = "nan: inf / inf is no number; take exponentials of negative numbers only"


def _sigmoid(z):
    """1 / (1 + exp(-z)) for any finite z."""
    tail = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, tail) / (1.0 + tail)


def _logistic_slope(w, X, y, lam):
    return 2 * lam * w - (y * _sigmoid(-y * (X @ w))) @ X


def _classification(rng):
    """w [4], X [6, 4], y [6] with both labels, lam."""
    return rng.normal(size=4), rng.normal(size=(6, 4)), rng.permutation([1.0, 1, 1, -1, -1, -1]), rng.uniform(0.2, 1)


def _far_out(rng):
    """As above, with margins of both signs and up to 1000 in size, for both labels."""
    z = np.array([1000.0, -1000.0, 1000.0, -1000.0, rng.uniform(100, 900), -rng.uniform(40, 100), 0.5])
    w = rng.normal(size=3)
    X = rng.normal(size=(7, 3))
    X += np.outer(z - X @ w, w) / (w @ w)
    return w, X, np.array([1.0, 1, -1, -1, 1, 1, -1]), rng.uniform(0.2, 1)


def _finite(value):
    numeric = isinstance(value, np.ndarray) and value.dtype.kind in "bif"
    expect_that(not numeric or bool(np.isfinite(value).all()), OVERFLOWS, "not_finite")
    return value


@hidden_test("test_logistic_l2", points=0.2)
def gradient_of_logistic(student, rng):
    """The gradient of the penalised logistic loss."""
    w, X, y, lam = _classification(rng)
    right, margin = _logistic_slope(w, X, y, lam), y * (X @ w)
    data, weight = right - 2 * lam * w, _sigmoid(-margin)
    expect(
        student.logistic_l2_grad(w, X, y, lam),
        right,
        what="logistic_l2_grad(w, X, y, lam)",
        mistakes={
            NO_PENALTY: data,
            HALF_PENALTY: data + lam * w,
            "the sign of the data term: the loss falls where the margin rises": -data + 2 * lam * w,
            "the sign of the penalty": data - 2 * lam * w,
            "the label is forgotten in the inner derivative: the margin is y x'w": 2 * lam * w - X.T @ weight,
            "the weight of a sample falls with its margin: the sigmoid of the negative margin": 2 * lam * w
            - X.T @ (y * _sigmoid(margin)),
            "labels are +1 and -1 here, not 1 and 0": 2 * lam * w + X.T @ (_sigmoid(X @ w) - y),
            MEAN: data / len(X) + 2 * lam * w,
            "an inner factor too many: the derivative of the sigmoid itself does not occur": 2 * lam * w
            - X.T @ (y * weight * (1 - weight)),
        },
    )


@hidden_test("test_logistic_l2", points=0.1)
def gradient_of_logistic_far_out(student, rng):
    """It is right where |x'w| is up to 1000, on either side."""
    w, X, y, lam = _far_out(rng)
    value = _finite(student.logistic_l2_grad(w, X, y, lam))
    expect(value, _logistic_slope(w, X, y, lam), what="logistic_l2_grad where |x'w| is large")


@hidden_test("test_logistic_l2", points=0.1)
def step_of_logistic(student, rng):
    """One step of gradient descent, from your gradient taken as right."""
    w, X, y, lam = _classification(rng)
    slope, rate = _logistic_slope(w, X, y, lam), 0.07
    with student.replacing(logistic_l2_grad=_logistic_slope):
        yours = student.logistic_l2_step(w, X, y, lam, rate)
    expect(
        yours,
        w - rate * slope,
        what="logistic_l2_step(w, X, y, lam, learning_rate)",
        mistakes={
            "the step climbs: the gradient is to be subtracted": w + rate * slope,
            "the learning rate is left out of the step": w - slope,
            "the step alone; the new weights are asked for": -rate * slope,
            "the gradient is returned; the new weights are asked for": slope,
            "w comes back as it was": w,
            "the step is divided by the number of samples; the gradient is a sum": w - rate * slope / len(X),
            "the penalty is left out of the step": w - rate * (slope - 2 * lam * w),
        },
    )


@hidden_test("test_logistic_l2", points=0.05)
def step_of_logistic_far_out(student, rng):
    """The step is right where |x'w| is up to 1000."""
    w, X, y, lam = _far_out(rng)
    with student.replacing(logistic_l2_grad=_logistic_slope):
        value = _finite(student.logistic_l2_step(w, X, y, lam, 0.01))
    expect(value, w - 0.01 * _logistic_slope(w, X, y, lam), what="logistic_l2_step where |x'w| is large")


@hidden_test("test_logistic_l2", points=0.05)
def logistic_manners(student, rng):
    """Both functions leave their arguments alone."""
    w, X, y, lam = _classification(rng)
    arguments = {"w": w, "X": X, "y": y, "lam": lam}
    expect_manners(student, "logistic_l2_grad", arguments, (4,))
    with student.replacing(logistic_l2_grad=_logistic_slope):
        expect_manners(student, "logistic_l2_step", arguments | {"learning_rate": 0.05}, (4,))


def _sample(rng):
    """X [9, 3] with correlated columns, mu [3], Sigma [3, 3] symmetric positive definite."""
    return rng.normal(size=(9, 3)) @ regular(rng, 3) + 1.0, rng.normal(size=3), symmetric(rng, 3)


def _scatter(X, mu):
    return sum(np.outer(row, row) for row in X - mu)


@hidden_test("test_gaussian_mle", points=0.1)
def gradient_by_mean(student, rng):
    """The gradient of the log-likelihood with respect to mu."""
    X, mu, Sigma = _sample(rng)
    total = (X - mu).sum(axis=0)
    expect(
        student.gaussian_grad_mu(X, mu, Sigma),
        np.linalg.inv(Sigma) @ total,
        what="gaussian_grad_mu(X, mu, Sigma)",
        mistakes={
            "the sign: mu has to move towards the samples": -np.linalg.inv(Sigma) @ total,
            "Sigma is missing: its inverse stands between the differences": total,
            "multiplied by Sigma, not by its inverse": Sigma @ total,
            MEAN: np.linalg.inv(Sigma) @ total / len(X),
            "a factor 2 too many: the 1/2 of the formula cancels it": 2 * np.linalg.inv(Sigma) @ total,
            "a factor 2 is missing: the derivative of a square": np.linalg.inv(Sigma) @ total / 2,
            "the sum over the samples is missing": (X - mu) @ np.linalg.inv(Sigma),
            "mu is left out of the differences": np.linalg.inv(Sigma) @ X.sum(axis=0),
        },
    )


@hidden_test("test_gaussian_mle", points=0.15)
def gradient_by_covariance(student, rng):
    """The gradient of the log-likelihood with respect to Sigma, its entries independent."""
    X, mu, Sigma = _sample(rng)
    Y, S, n = np.linalg.inv(Sigma), _scatter(X, mu), len(X)
    right = (Y @ S @ Y - n * Y) / 2
    expect(
        student.gaussian_grad_sigma(X, mu, Sigma),
        right,
        what="gaussian_grad_sigma(X, mu, Sigma)",
        mistakes={
            "derived as if Sigma had to stay symmetric; its entries are independent here": 2 * right
            - np.diag(np.diag(right)),
            "only the lower triangle is filled": np.tril(right),
            "only the diagonal is filled": np.diag(np.diag(right)),
            "the term of the determinant is missing": Y @ S @ Y / 2,
            "the term of the inverse is missing": -n * Y / 2,
            "the sign": -right,
            "the sign of d(Sigma^-1): the two terms have different signs": -(Y @ S @ Y + n * Y) / 2,
            "the 1/2 of the formula is forgotten": 2 * right,
            MEAN: right / n,
            "this is the gradient with respect to the inverse of Sigma": (n * Sigma - S) / 2,
            "the mean of the samples is used; mu is given": (Y @ _scatter(X, X.mean(axis=0)) @ Y - n * Y) / 2,
            "the number of samples is missing in the term of the determinant": (Y @ S @ Y - Y) / 2,
            "matrices do not commute: an inverse on each side of the scatter matrix": (Y @ Y @ S - n * Y) / 2,
        },
    )


@hidden_test("test_gaussian_mle", points=0.05)
def gradient_by_covariance_vanishes(student, rng):
    """Its gradient with respect to Sigma vanishes at the maximum, and not elsewhere."""
    X, _, Sigma = _sample(rng)
    mean = X.mean(axis=0)
    elsewhere = student.gaussian_grad_sigma(X, mean, Sigma)
    moves = isinstance(elsewhere, np.ndarray) and bool(np.any(elsewhere))
    expect_that(moves, "gaussian_grad_sigma is 0 everywhere", "zero")
    best = _scatter(X, mean) / len(X)
    what = "gaussian_grad_sigma at the maximum"
    expect(student.gaussian_grad_sigma(X, mean, best), np.zeros((3, 3)), what=what, atol=1e-6)


@hidden_test("test_gaussian_mle", points=0.05)
def most_likely_mean(student, rng):
    """The mu of greatest likelihood."""
    X, _, _ = _sample(rng)
    mean = X.mean(axis=0)
    mistakes = {
        "summed over the samples": X.sum(axis=0),
        "the mean of each row; a sample is a row": X.mean(axis=1),
        "one number; every column has a mean": X.mean(),
        "this is the median": np.median(X, axis=0),
    }
    expect(
        pair(student.gaussian_mle(X), "gaussian_mle(X) -> (mu, Sigma)")[0],
        mean,
        what="mu from gaussian_mle(X)",
        mistakes=mistakes,
    )


@hidden_test("test_gaussian_mle", points=0.1)
def most_likely_covariance(student, rng):
    """The Sigma of greatest likelihood."""
    X, _, _ = _sample(rng)
    S, n = _scatter(X, X.mean(axis=0)), len(X)
    expect(
        pair(student.gaussian_mle(X), "gaussian_mle(X) -> (mu, Sigma)")[1],
        S / n,
        what="Sigma from gaussian_mle(X)",
        mistakes={
            "divided by n - 1: that is the unbiased estimate; the likelihood asks for n": S / (n - 1),
            "not divided by the number of samples": S,
            "the mean is not subtracted": X.T @ X / n,
            "only the variances: the columns depend on each other": np.diag(np.diag(S / n)),
            "the variances alone; a covariance matrix is asked for": np.diag(S / n),
            "this is the inverse of Sigma": np.linalg.inv(S / n),
            "divided by twice the number of samples: the two 1/2 cancel": S / (2 * n),
            "correlations, not covariances": np.corrcoef(X.T),
            "features are the columns: one row per sample": np.cov(X, bias=True),
        },
    )


@hidden_test("test_gaussian_mle", points=0.05)
def gaussian_manners(student, rng):
    """The three functions leave their arguments alone."""
    X, mu, Sigma = _sample(rng)
    expect_manners(student, "gaussian_grad_mu", {"X": X, "mu": mu, "Sigma": Sigma}, (3,))
    expect_manners(student, "gaussian_grad_sigma", {"X": X, "mu": mu, "Sigma": Sigma}, (3, 3))
    for part, shape in ((0, (3,)), (1, (3, 3))):
        expect_manners(student, "gaussian_mle", {"X": X}, shape, part=part)
