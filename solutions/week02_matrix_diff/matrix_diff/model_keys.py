"""Keys of the models: least squares, ridge, matrix factorisation, logistic regression, normal distribution."""

import numpy as np

from grader.checks.diagnosis.named import Named
from grader.checks.questions import Right
from grader.judge.authoring.keys import Case, key
from week02_matrix_diff import matrix_diff_questions as asked

from .asking import (
    FACTOR_TWO,
    SMALL,
    TRANSPOSED,
    Derivative,
    alone,
    far,
    large,
    regular,
    summed,
    symmetric,
    tall,
    values,
)

MEAN = Named("averaged_over_batch", "averaged over the samples; the formula is a sum")
NO_PENALTY = Named("no_penalty", "the penalty is missing")
HALF_PENALTY = Named("half_penalty", "the penalty is a square: a factor 2 is missing in its term")


# Least squares


def regression(rng, n=6, d=3):
    """w [d], X [n, d] of full column rank, y [n]."""
    return rng.normal(size=d), tall(rng, n, d), rng.normal(size=n)


def small_regression(rng):
    return regression(rng, 3, 2)


def slope_slips(w, X, y):
    residual = y - X @ w
    return {
        "the sign: the residual y - Xw falls where Xw rises": 2 * X.T @ residual,
        FACTOR_TWO + ": the derivative of a square": -X.T @ residual,
        MEAN: -2 * X.T @ residual / len(X),
        "the residual without the matrix (chain rule)": -2 * residual,
        "y is left out": 2 * X.T @ X @ w,
        "the value of the function; a gradient has the shape of w": residual @ residual,
    }


def curvature_slips(w, X, y):
    H = 2 * X.T @ X
    return {
        FACTOR_TWO: X.T @ X,
        "the factors are in the wrong order: one row and one column for each weight": 2 * X @ X.T,
        "the sign: a minimum has a positive definite Hessian": -H,
        MEAN: H / len(X),
        "only the diagonal": np.diag(np.diag(H)),
        "this is the inverse of the Hessian": np.linalg.inv(H),
    }


def fitted(X, y):
    return np.linalg.lstsq(X, y, rcond=None)[0]


def fitted_slips(X, y):
    columns = X.shape[1]
    return {
        "X'X is not inverted": X.T @ y,
        "the sign": -fitted(X, y),
        "half of it: a factor 2 of the gradient is left on one side": fitted(X, y) / 2,
        "twice of it: a factor 2 of the gradient is left on one side": fitted(X, y) * 2,
        "multiplied by X'X, not by its inverse": X.T @ X @ X.T @ y,
        "some rows are left out: only the first equations are solved": np.linalg.solve(X[:columns], y[:columns]),
        "a penalty is in it; that is ridge": np.linalg.solve(X.T @ X + np.eye(columns), X.T @ y),
    }


least_squares = [
    Derivative("least_squares_grad(w, X, y)", lambda w, X, y: 2 * X.T @ (X @ w - y), slope_slips),
    Derivative("least_squares_hessian(w, X, y)", lambda w, X, y: 2 * X.T @ X, curvature_slips),
    Derivative("least_squares_solve(X, y)", fitted, fitted_slips),
]
values(asked.gradient_of_least_squares, least_squares[0], regression, public=small_regression, scales={0: large})
values(asked.hessian_of_least_squares, least_squares[1], regression, public=small_regression, scales={0: far})
values(
    asked.solution_of_least_squares,
    least_squares[2],
    lambda rng: regression(rng)[1:],
    public=lambda rng: small_regression(rng)[1:],
)


def one_regression(rng):
    w, X, y = small_regression(rng)
    return [(w, X, y), (w, X, y), (X, y)]


alone(asked.least_squares_manners, one_regression, *least_squares)


# Ridge


def penalised(rng, n=6, d=3):
    """As above, and lam."""
    return *regression(rng, n, d), rng.uniform(0.5, 2)


def small_penalised(rng):
    return penalised(rng, 3, 2)


def ridge_slope_slips(w, X, y, lam):
    data = 2 * X.T @ (X @ w - y)
    return {
        NO_PENALTY: data,
        HALF_PENALTY: data + lam * w,
        FACTOR_TWO + " in the data term": data / 2 + 2 * lam * w,
        FACTOR_TWO + " in both terms": data / 2 + lam * w,
        "the sign of the data term": -data + 2 * lam * w,
        "the sign of the penalty": data - 2 * lam * w,
        "the penalty is averaged or the data are; the formula has sums": data / len(X) + 2 * lam * w,
        "the penalty adds one number to all entries; it is lam times w": data + 2 * lam,
        "the penalty itself is added, not its gradient": data + lam * w @ w,
    }


def ridge_curvature_slips(w, X, y, lam):
    data, identity = 2 * X.T @ X, np.eye(len(w))
    return {
        NO_PENALTY: data,
        HALF_PENALTY: data + lam * identity,
        "the penalty belongs on the diagonal: lam times the identity": data + 2 * lam,
        FACTOR_TWO + " in both terms": data / 2 + lam * identity,
        FACTOR_TWO + " in the data term": data / 2 + 2 * lam * identity,
    }


def shrunk(X, y, penalty):
    return np.linalg.solve(X.T @ X + penalty, X.T @ y)


def shrunk_slips(X, y, lam):
    identity = np.eye(X.shape[1])
    return {
        NO_PENALTY: shrunk(X, y, 0),
        "the penalty belongs on the diagonal: lam times the identity": shrunk(X, y, lam),
        "the penalty counts twice here: the factors 2 of both terms cancel": shrunk(X, y, 2 * lam * identity),
        "the penalty counts half here: the factors 2 of both terms cancel": shrunk(X, y, lam / 2 * identity),
        "the sign of the penalty": shrunk(X, y, -lam * identity),
        "the penalty is multiplied by the number of samples": shrunk(X, y, len(X) * lam * identity),
        "the penalty is squared": shrunk(X, y, lam**2 * identity),
    }


ridge = [
    Derivative("ridge_grad(w, X, y, lam)", lambda w, X, y, lam: 2 * X.T @ (X @ w - y) + 2 * lam * w, ridge_slope_slips),
    Derivative(
        "ridge_hessian(w, X, y, lam)",
        lambda w, X, y, lam: 2 * X.T @ X + 2 * lam * np.eye(len(w)),
        ridge_curvature_slips,
    ),
    Derivative("ridge_solve(X, y, lam)", lambda X, y, lam: shrunk(X, y, lam * np.eye(X.shape[1])), shrunk_slips),
]
values(asked.gradient_of_ridge, ridge[0], penalised, public=small_penalised, scales={0: large})
values(asked.hessian_of_ridge, ridge[1], penalised, public=small_penalised, scales={0: far})
values(
    asked.solution_of_ridge,
    ridge[2],
    lambda rng: penalised(rng)[1:],
    public=lambda rng: small_penalised(rng)[1:],
)


def one_penalised(rng):
    w, X, y, lam = small_penalised(rng)
    return [(w, X, y, lam), (w, X, y, lam), (X, y, lam)]


alone(asked.ridge_manners, one_penalised, *ridge)


# Matrix factorisation


def factors(rng, m=3, n=5, k=2):
    """X [m, n], A [m, k], S [k, n]."""
    return rng.normal(size=(m, n)), rng.normal(size=(m, k)), rng.normal(size=(k, n))


def small_factors(rng):
    return factors(rng, 3, 4, 2)


def left_slips(X, A, S):
    R = X - A @ S
    return {
        "the sign: the residual X - AS falls where AS rises": 2 * R @ S.T,
        FACTOR_TWO + ": the derivative of a square": -R @ S.T,
        TRANSPOSED: -2 * S @ R.T,
        "X is left out": 2 * A @ S @ S.T,
        "averaged over the entries; the norm is a sum": -2 * R @ S.T / X.size,
        "divided by the norm: it is squared here": -R @ S.T / np.linalg.norm(R),
        "brackets are missing: -2 and S.T belong to all of X - AS": -2 * X @ S.T - A @ S @ S.T,
        "brackets are missing: the sign belongs to all of X - AS": -2 * X @ S.T - 2 * A @ S @ S.T,
        "the residual without its factor (chain rule)": -2 * R,
    }


def right_slips(X, A, S):
    R = X - A @ S
    return {
        "the sign: the residual X - AS falls where AS rises": 2 * A.T @ R,
        FACTOR_TWO + ": the derivative of a square": -A.T @ R,
        TRANSPOSED: -2 * R.T @ A,
        "X is left out": 2 * A.T @ A @ S,
        "averaged over the entries; the norm is a sum": -2 * A.T @ R / X.size,
        "divided by the norm: it is squared here": -A.T @ R / np.linalg.norm(R),
        "brackets are missing: -2 and A.T belong to all of X - AS": -2 * A.T @ X - A.T @ A @ S,
        "brackets are missing: the sign belongs to all of X - AS": -2 * A.T @ X - 2 * A.T @ A @ S,
        "the residual without its factor (chain rule)": -2 * R,
    }


left = Derivative("d_factorization_A(X, A, S)", lambda X, A, S: -2 * (X - A @ S) @ S.T, left_slips)
right = Derivative("d_factorization_S(X, A, S)", lambda X, A, S: -2 * A.T @ (X - A @ S), right_slips)
values(asked.gradient_of_left_factor, left, factors, public=small_factors, scales={1: large})
values(asked.gradient_of_right_factor, right, factors, public=small_factors, scales={2: large})
alone(asked.matrix_factorization_manners, lambda rng: 2 * [factors(rng, 2, 3, 1)], left, right)


# Logistic regression

OVERFLOWS = "nan: inf / inf is no number; take exponentials of negative numbers only"


def sigmoid(z):
    """1 / (1 + exp(-z)) for any finite z."""
    tail = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, tail) / (1.0 + tail)


def slope(w, X, y, lam):
    return 2 * lam * w - (y * sigmoid(-y * (X @ w))) @ X


def classification(rng):
    """w [4], X [6, 4], y [6] with both labels, lam."""
    return rng.normal(size=4), rng.normal(size=(6, 4)), rng.permutation([1.0, 1, 1, -1, -1, -1]), rng.uniform(0.2, 1)


def first_large(w):
    """Its first entry far larger, so that the penalty is large."""
    return np.append(1e6 * w[:1], w[1:])


def first_column_small(X):
    """So that logits stay as they are where w has a `first_large`."""
    return X * np.append(1e-6, np.ones(X.shape[1] - 1))


def two_features(rng):
    w, X, y, lam = classification(rng)
    return w[:2], X[1:5, :2], y[1:5], lam


def far_out(rng):
    """As above, with margins of both signs and up to 990 in size, for both labels; 1000 is what the text allows."""
    z = np.array([990.0, -990.0, 990.0, -990.0, rng.uniform(100, 900), -rng.uniform(40, 100), 0.5])
    w = rng.normal(size=3)
    X = rng.normal(size=(7, 3))
    X += np.outer(z - X @ w, w) / (w @ w)
    return w, X, np.array([1.0, 1, -1, -1, 1, 1, -1]), rng.uniform(0.2, 1)


def logistic_slips(w, X, y, lam):
    penalty, margin = 2 * lam * w, y * (X @ w)
    data, weight = slope(w, X, y, lam) - penalty, sigmoid(-margin)
    return {
        NO_PENALTY: data,
        HALF_PENALTY: data + lam * w,
        "the sign of the data term: the loss falls where the margin rises": -data + penalty,
        "the sign of the penalty": data - penalty,
        "the label is forgotten in the inner derivative: the margin is y x'w": penalty - X.T @ weight,
        "the weight of a sample falls with its margin: the sigmoid of the negative margin": (
            penalty - X.T @ (y * sigmoid(margin))
        ),
        "labels are +1 and -1 here, not 1 and 0": penalty + X.T @ (sigmoid(X @ w) - y),
        MEAN: data / len(X) + penalty,
        "an inner factor too many: the derivative of the sigmoid itself does not occur": (
            penalty - X.T @ (y * weight * (1 - weight))
        ),
        OVERFLOWS: np.full(w.shape, np.nan),
    }


def step_slips(w, X, y, lam, rate):
    grad = slope(w, X, y, lam)
    return {
        "the step climbs: the gradient is to be subtracted": w + rate * grad,
        "the learning rate is left out of the step": w - grad,
        "the step alone; the new weights are asked for": -rate * grad,
        "the gradient is returned; the new weights are asked for": grad,
        "w comes back as it was": w,
        "the step is divided by the number of samples; the gradient is a sum": w - rate * grad / len(X),
        "the penalty is left out of the step": w - rate * (grad - 2 * lam * w),
        OVERFLOWS: np.full(w.shape, np.nan),
    }


def either_slips(w, X, y, lam, rate):
    """What the step gives after a slip in it, or in the gradient that it calls."""
    by_slope = {text: w - rate * wrong for text, wrong in logistic_slips(w, X, y, lam).items()}
    return step_slips(w, X, y, lam, rate) | by_slope


def stepped(w, X, y, lam, rate):
    return w - rate * slope(w, X, y, lam)


STEP = "logistic_l2_step(w, X, y, lam, learning_rate)"


def other_weights(w, X, y, lam):
    """The gradient with other weights of the samples, and without their labels."""
    z = X @ w
    found = {}
    for words, inner in {"x'w": z, "-x'w": -z, "y x'w": y * z, "-y x'w": -y * z}.items():
        for label, told in ((y, ""), (1, ", and no label beside it")):
            words_of = f"what comes with the sigmoid of {words} as the weight of a sample{told}"
            found[words_of] = 2 * lam * w - (label * sigmoid(inner)) @ X
    return found


def stepped_by_others(w, X, y, lam, rate):
    return {words: w - rate * other for words, other in other_weights(w, X, y, lam).items()}


grad = Derivative("logistic_l2_grad(w, X, y, lam)", slope, logistic_slips, others=other_weights)
step = Derivative(STEP, stepped, step_slips, others=stepped_by_others)


def lent(case):
    return {"logistic_l2_grad": slope}


values(
    asked.gradient_of_logistic,
    grad,
    classification,
    public=two_features,
    scales={0: first_large, 1: first_column_small},
)
values(asked.gradient_of_logistic_far_out, grad, far_out, ", |x'w| large")
values(
    asked.step_of_logistic,
    step,
    lambda rng: (*classification(rng), 0.07),
    public=lambda rng: (*two_features(rng), 0.07),
    lent=lent,
)
values(asked.step_of_logistic_far_out, step, lambda rng: (*far_out(rng), 0.01), ", |x'w| large", lent=lent)


def slope_and_step(classified):
    def draw(rng):
        point = classified(rng)
        return [point, (*point, 0.05)]

    return draw


alone(
    asked.logistic_manners,
    slope_and_step(classification),
    grad,
    Derivative(STEP, stepped, either_slips),
    public=slope_and_step(two_features),
)


# Normal distribution


def sample(rng, n=7, d=3):
    """X [n, d] with correlated columns, mu [d], Sigma [d, d] symmetric positive definite."""
    return rng.normal(size=(n, d)) @ regular(rng, d) + 1.0, rng.normal(size=d), symmetric(rng, d)


def small_sample(rng):
    return sample(rng, 4, 2)


def scatter(X, mu):
    return (X - mu).T @ (X - mu)


def mean_slope(X, mu, Sigma):
    return np.linalg.inv(Sigma) @ (X - mu).sum(axis=0)


def mean_slope_slips(X, mu, Sigma):
    Y, total = np.linalg.inv(Sigma), (X - mu).sum(axis=0)
    return {
        "the sign: mu has to move towards the samples": -Y @ total,
        "Sigma is missing: its inverse stands between the differences": total,
        "multiplied by Sigma, not by its inverse": Sigma @ total,
        MEAN: Y @ total / len(X),
        "a factor 2 too many: the 1/2 of the formula cancels it": 2 * Y @ total,
        "a factor 2 is missing: the derivative of a square": Y @ total / 2,
        "the sum over the samples is missing": (X - mu) @ Y,
        "mu is left out of the differences": Y @ X.sum(axis=0),
    }


def covariance_terms(X, mu, Sigma):
    Y = np.linalg.inv(Sigma)
    return {
        "the term of the inverse": Y @ scatter(X, mu) @ Y / 2,
        "the term of the determinant": -len(X) * Y / 2,
    }


covariance_slope = summed(covariance_terms)


def covariance_slope_slips(X, mu, Sigma):
    Y, S, n = np.linalg.inv(Sigma), scatter(X, mu), len(X)
    right = covariance_slope(X, mu, Sigma)
    return {
        "derived as if Sigma had to stay symmetric; its entries are independent here": (
            2 * right - np.diag(np.diag(right))
        ),
        "only the lower triangle is filled": np.tril(right),
        "only the diagonal is filled": np.diag(np.diag(right)),
        "the term of the determinant is missing": Y @ S @ Y / 2,
        "the term of the inverse is missing": -n * Y / 2,
        "the sign": -right,
        "the sign of d(Sigma^-1): the two terms have different signs": -(Y @ S @ Y + n * Y) / 2,
        "the 1/2 of the formula is forgotten": 2 * right,
        MEAN: right / n,
        "this is the gradient with respect to the inverse of Sigma": (n * Sigma - S) / 2,
        "the mean of the samples is used; mu is given": (Y @ scatter(X, X.mean(axis=0)) @ Y - n * Y) / 2,
        "the number of samples is missing in the term of the determinant": (Y @ S @ Y - Y) / 2,
        "matrices do not commute: an inverse on each side of the scatter matrix": (Y @ Y @ S - n * Y) / 2,
    }


by_mean = Derivative("gaussian_grad_mu(X, mu, Sigma)", mean_slope, mean_slope_slips)
by_covariance = Derivative(
    "gaussian_grad_sigma(X, mu, Sigma)", covariance_slope, covariance_slope_slips, covariance_terms
)


def at_the_maximum(X, Sigma):
    """The sample with Sigma, and with the covariance that is the most likely."""
    mean = X.mean(axis=0)
    return Case(cases=[(X, mean, Sigma), (X, mean, scatter(X, mean) / len(X))])


values(asked.gradient_by_mean, by_mean, sample, public=small_sample, scales={0: 1e12, 1: large, 2: 1e24})
values(
    asked.gradient_by_covariance, by_covariance, sample, public=small_sample, scales={0: SMALL, 1: SMALL, 2: SMALL**2}
)


@key(asked.gradient_by_covariance_vanishes)
class _:
    exact = True  # rounded, it would not be the maximum

    def draw(rng):
        X, _, Sigma = sample(rng)
        return at_the_maximum(X, Sigma)

    def record(rng):
        X, _, Sigma = small_sample(rng)
        return at_the_maximum(X, Sigma)

    def right(case):
        elsewhere, (X, _, best) = case.cases
        rounding = 1e-5 * len(X) * np.abs(np.linalg.inv(best)).max()  # of two equal terms, in single precision
        zero = Right(np.zeros(best.shape), "gaussian_grad_sigma at the maximum", atol=rounding)
        return [by_covariance.wanted(elsewhere, " elsewhere", follows=True), zero]


def mean_slips(X):
    return {
        "summed over the samples": X.sum(axis=0),
        "the mean of each row; a sample is a row": X.mean(axis=1),
        "one number; every column has a mean": X.mean(),
        "this is the median": np.median(X, axis=0),
    }


def covariance_slips(X):
    S, n = scatter(X, X.mean(axis=0)), len(X)
    return {
        "divided by n - 1: that is the unbiased estimate; the likelihood asks for n": S / (n - 1),
        "not divided by the number of samples": S,
        "the mean is not subtracted": X.T @ X / n,
        "only the variances: the columns depend on each other": np.diag(np.diag(S / n)),
        "the variances alone; a covariance matrix is asked for": np.diag(S / n),
        "this is the inverse of Sigma": np.linalg.inv(S / n),
        "divided by twice the number of samples: the two 1/2 cancel": S / (2 * n),
        "correlations, not covariances": np.corrcoef(X.T),
        "features are the columns: one row per sample": np.cov(X, bias=True),
    }


mean = Derivative("mu from gaussian_mle(X)", lambda X: X.mean(axis=0), mean_slips)
covariance = Derivative("Sigma from gaussian_mle(X)", lambda X: scatter(X, X.mean(axis=0)) / len(X), covariance_slips)


@key(asked.most_likely_mean)
class _:
    def draw(rng):
        return Case(X=sample(rng)[0])

    def right(case):
        return mean.wanted((case.X,))


@key(asked.most_likely_covariance)
class _:
    def others(case):
        centred = case.X - case.X.mean(axis=0)
        return {
            "the mean of x x', about 0 and not about the mean": case.X.T @ case.X / len(case.X),
            "the unbiased estimate of the covariance": np.cov(case.X.T),
            "the covariance about the median": scatter(case.X, np.median(case.X, axis=0)) / len(case.X),
            "the matrix of correlations": np.corrcoef(case.X.T),
            "the scatter matrix": centred.T @ centred,
        }

    def draw(rng):
        return Case(X=sample(rng)[0])

    def record(rng):
        return Case(X=small_sample(rng)[0])

    def right(case):
        return covariance.wanted((case.X,))


def one_sample(rng):
    point = small_sample(rng)
    return [point, point, point[:1], point[:1]]


alone(asked.gaussian_manners, one_sample, by_mean, by_covariance, mean, covariance)
