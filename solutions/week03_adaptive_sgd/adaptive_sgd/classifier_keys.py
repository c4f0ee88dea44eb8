"""Keys of the classifier: features, probability, loss, gradient."""

from itertools import combinations

import numpy as np

from grader.checks.questions import Right
from grader.judge.authoring.keys import Case, key
from week03_adaptive_sgd import classifier_questions as asked

from .model import features, gradient, loss, loss_of, probability, sigmoid

MODEL = {"expand": features, "classify": probability, "compute_loss": loss}


def right_before(name):
    """``lent`` of a key: the functions of the exercises before this one."""
    earlier = list(MODEL)[: [*MODEL, "compute_grad"].index(name)]
    return lambda case: {function: MODEL[function] for function in earlier}


def batch(rng, n):
    """Points [n, 2], integer labels [n] with both classes among them, weights [6]; the largest logit is 3 in size."""
    X, y, w = rng.normal(size=(n, 2)), rng.integers(0, 2, size=n), rng.normal(size=6)
    y[:2] = [0, 1]
    return X, y, w * 3 / np.abs(features(X) @ w).max()


def case_of(n):
    """``draw`` of a case with a batch of n points."""

    def draw(rng):
        X, y, w = batch(rng, n)
        return Case(X=X, y=y, w=w)

    return draw


# expand


def wrong_columns(X):
    F = features(X)
    zeros, doubled, twice = F.copy(), F.copy(), F.copy()
    zeros[:, 5], doubled[:, 4], twice[:, 2:4] = 0, 2 * F[:, 4], 2 * X
    return {
        "the constant column is the first; it is to be the last": F[:, [5, 0, 1, 2, 3, 4]],
        "the constant column is 0; it is to be 1": zeros,
        "the product comes before the second square; it is to come after both": F[:, [0, 1, 2, 4, 3, 5]],
        "the squares are in the order x1^2, x0^2; x0^2 is to come first": F[:, [0, 1, 3, 2, 4, 5]],
        "the product x0 x1 is doubled; it is to enter once": doubled,
        "2 x0 and 2 x1 stand in place of the squares, as with * for **": twice,
        "the constant column is missing": F[:, :5],
        "features are the columns: one row per point": F.T,
    }


@key(asked.six_columns_in_order)
class _:
    def draw(rng):
        return Case(X=rng.normal(size=(7, 2)))

    def right(case):
        return Right(features(case.X), "expand(X)", wrong_columns(case.X))


@key(asked.any_number_of_points)
class _:
    def draw(rng):
        return Case(one=rng.normal(size=(1, 2)), many=rng.normal(size=(23, 2)))

    def record(rng):
        return Case(one=rng.normal(size=(1, 2)), many=rng.normal(size=(9, 2)))

    def right(case):
        also = zip(wrong_columns(case.one).values(), wrong_columns(case.many).values(), strict=True)
        return Right([features(case.one), features(case.many)], "expand(X)", also=[list(pair) for pair in also])


@key(asked.expand_leaves_its_argument)
class _:
    def draw(rng):
        return Case(X=rng.normal(size=(5, 2)))

    def right(case):
        return Right(features(case.X), "expand(X)", also=list(wrong_columns(case.X).values()))


# classify


def wrong_logits(X, w):
    """Logits of features of which some are left out, or the points not expanded at all."""
    F = features(X)
    left_out = {
        "the points are not expanded: only x0 and x1 enter the logit": [2, 3, 4, 5],
        "the points are not expanded: only x0, x1 and the constant enter the logit": [2, 3, 4],
        "the constant feature is left out of the logit": [5],
        "the product x0 x1 is left out of the logit": [4],
        "the squares are left out of the logit": [2, 3],
    }
    return {text: F @ w - F[:, columns] @ w[columns] for text, columns in left_out.items()}


GROUPS = {"x0 and x1": [0, 1], "the squares": [2, 3], "the product": [4], "the constant": [5]}


def with_fewer_features(made):
    """{words: what is made of the features [n, 6] of which only some groups are left, zeros in place of the others}."""
    found = {}
    for number in range(1, len(GROUPS)):
        for kept in combinations(GROUPS, number):
            columns = [column for group in kept for column in GROUPS[group]]
            found[f"what comes with {' + '.join(kept)} alone of the features"] = made(np.isin(range(6), columns))
    return found


@key(asked.sigmoid_of_the_logit)
class _:
    def others(case):
        z = features(case.X) @ case.w
        return {
            "tanh of the logit": np.tanh(z),
            "the ReLU of the logit": np.maximum(z, 0),
            "the softplus of the logit": np.logaddexp(0, z),
            "the slope of the sigmoid": sigmoid(z) * sigmoid(-z),
            **with_fewer_features(lambda kept: sigmoid(features(case.X) * kept @ case.w)),
        }

    lent = right_before("classify")

    def draw(rng):
        X, _, w = batch(rng, 9)
        return Case(X=X, w=w)

    def right(case):
        z = features(case.X) @ case.w
        p = sigmoid(z)
        return Right(
            p,
            "classify(X, w)",
            {
                "this is P(y = 0): the sign of the exponent": 1 - p,
                "these are the logits: the sigmoid is missing": z,
                "these are labels; probabilities are asked for": (p > 0.5).astype(float),
                "this is tanh of the logit, which lies between -1 and 1": np.tanh(z),
                "the sign of the logit is lost, so that no probability is below 1/2": sigmoid(np.abs(z)),
                "the sigmoid is taken twice": sigmoid(p),
                "one row of numbers is asked for, [n]; this is a column": p[:, None],
                **{text: sigmoid(wrong) for text, wrong in wrong_logits(case.X, case.w).items()},
            },
        )


@key(asked.any_finite_logit)
class _:
    lent = right_before("classify")

    def draw(rng):
        logits = [40.0, -40.0, 1e3, -1e3, *(rng.choice([-1, 1], size=2) * 10 ** rng.uniform(4, 300, size=2))]
        return Case(logits=[float(z) for z in logits])

    def right(case):
        z = np.array(case.logits)
        p = sigmoid(z)
        also = [list(wrong[:, None]) for wrong in (1 - p, np.tanh(z))]
        return Right(
            list(p[:, None]), "classify where the logit is large", atol=1e-9, also=[*also, list(p[:, None, None])]
        )


# compute_loss


def wrong_losses(X, y, w):
    z, right = features(X) @ w, loss(X, y, w)
    ones, zeros = np.ones_like(y), np.zeros_like(y)
    return {
        "the sum over the batch: divide by the number of points": len(y) * right,
        "half of the mean, as with X.size, which counts two numbers for each point: divide by the number of points": (
            right / 2
        ),
        "the sign: a loss is positive": -right,
        "the labels are swapped: y goes with ln P(y = 1)": loss(X, 1 - y, w),
        "only points with y = 1 contribute: the term of y = 0 is missing": loss_of(z, ones, y),
        "only points with y = 0 contribute: the term of y = 1 is missing": loss_of(z, zeros, 1 - y),
        "the logarithm is the natural one": right / np.log(2),
        "logaddexp2 has base 2 in its powers and its logarithm: the loss takes logaddexp": float(
            np.mean(np.logaddexp2(0, z) - y * z)
        ),
        "this is the squared error, not the logistic loss": float(np.mean((sigmoid(z) - y) ** 2)),
        "labels are 0 and 1 here, not -1 and 1": float(np.mean(np.logaddexp(0, -y * z))),
        "the logits are averaged before the logarithm: take the loss of each point first": loss_of(np.mean(z), y),
        "1 stands in logaddexp for its logarithm: exp(0) is 1, so it is logaddexp(0, z)": float(
            np.mean(np.logaddexp(1, z) - y * z)
        ),
        **{text: loss_of(wrong, y) for text, wrong in wrong_logits(X, w).items()},
    }


def squares(case):
    """p - y, and the slope of p, of each point."""
    p = probability(case.X, case.w)
    return p - case.y, p * (1 - p)


@key(asked.mean_of_minus_log_probability)
class _:
    def others(case):
        off = squares(case)[0]
        return {
            "the squared error": np.mean(off**2),
            "half the squared error": np.mean(off**2) / 2,
            "the absolute error": np.mean(np.abs(off)),
            **with_fewer_features(lambda kept: loss_of(features(case.X) * kept @ case.w, case.y)),
        }

    draw = case_of(11)
    lent = right_before("compute_loss")

    def right(case):
        X, y, w = case.X, case.y, case.w
        return Right(loss(X, y, w), "compute_loss(X, y, w)", wrong_losses(X, y, w), scales={"batch_size": 11})


@key(asked.one_number_for_a_batch)
class _:
    draw = case_of(5)
    lent = right_before("compute_loss")

    def right(case):
        X, y, w = case.X, case.y, case.w
        also = [[wrong, wrong] for wrong in wrong_losses(X, y, w).values()]
        what = "compute_loss of a batch, and of the batch given twice"
        return Right([loss(X, y, w)] * 2, what, sequences=True, also=also)


@key(asked.logits_up_to_a_thousand)
class _:
    lent = right_before("compute_loss")

    def draw(rng):
        sizes = [40.0, 1000.0, float(rng.uniform(100, 900))]
        cases = [(sign * size, y) for size in sizes for y in (0, 1) for sign in (-1, 1)]
        logits, labels = zip(*cases, strict=True)
        return Case(logits=list(logits), labels=list(labels))

    def right(case):
        z, y = np.array(case.logits), np.array(case.labels)
        each = np.logaddexp(0, z) - y * z
        also = [-each, np.logaddexp(0, z) - (1 - y) * z, each * y, each * (1 - y), each / np.log(2), each / 2]
        also = [wrong.tolist() for wrong in also]
        return Right(each.tolist(), "compute_loss where a logit is large", atol=1e-9, sequences=True, also=also)


# compute_grad


def wrong_gradients(X, y, w):
    F, p, n = features(X), probability(X, w), len(y)
    right, residual = gradient(X, y, w), p - y
    return {
        "the sum over the batch: the loss is a mean, and so is its gradient": n * right,
        "it is divided by the number of features, not by that of the points": n * right / 6,
        "it is divided by X.size, which counts two numbers for each point; len(X) counts points": right / 2,
        "the sign: probability minus label": -right,
        "the features are missing: only the points themselves enter": np.append(X.T @ residual / n, np.zeros(4)),
        "the constant feature is left out: its entry is the mean of the residuals": np.append(right[:5], 0.0),
        "the labels are swapped": gradient(X, 1 - y, w),
        "the label is left out": F.T @ p / n,
        "a factor p (1 - p) too much: it cancels in the derivation": F.T @ (residual * p * (1 - p)) / n,
        "the probability is rounded to a label": F.T @ ((p > 0.5) - y) / n,
        "the logit stands in place of the probability": F.T @ (F @ w - y) / n,
    }


def gradients_of(batches, what, rtol=1e-5):
    """The right gradients of some batches; the same slip in all of them is judged by the first test."""
    also = zip(*(wrong_gradients(*one).values() for one in batches), strict=True)
    value = [gradient(*one) for one in batches]
    return Right(value, what, rtol=rtol, also=[list(wrong) for wrong in also])


SIZES = {
    "what comes if the sum is divided by the number of features": 6,
    "what comes if it is divided by the number of columns of X": 2,
}


@key(asked.mean_residual_times_features)
class _:
    def others(case):
        off, slope = squares(case)
        of_squares = features(case.X).T @ (off * slope) / len(off)
        return {
            "the gradient of the squared error": 2 * of_squares,
            "the gradient of half the squared error, in which the slope of the sigmoid is left": of_squares,
            **with_fewer_features(lambda kept: gradient(case.X, case.y, case.w) * kept),
            **{
                f"{words}, not by that of the points,": 8 * gradient(case.X, case.y, case.w) / n
                for words, n in SIZES.items()
            },
        }

    draw = case_of(8)
    lent = right_before("compute_grad")

    def right(case):
        X, y, w = case.X, case.y, case.w
        not_expanded = X.T @ (probability(X, w) - y) / len(y)
        mistakes = wrong_gradients(X, y, w) | {
            "the points are not expanded: a gradient with respect to w is made of expand(X)": not_expanded,
        }
        return Right(gradient(X, y, w), "compute_grad(X, y, w)", mistakes, scales={"batch_size": 8}, rtol=1e-5)


@key(asked.six_numbers_for_any_batch)
class _:
    draw = case_of(5)
    lent = right_before("compute_grad")

    def right(case):
        X, y, w = case.X, case.y, case.w
        twice = np.concatenate([X, X]), np.concatenate([y, y]), w
        return gradients_of([(X, y, w), twice, (X[:1], y[:1], w)], "compute_grad of batches of several sizes")


@key(asked.gradient_far_out)
class _:
    lent = right_before("compute_grad")

    def draw(rng):
        return Case(batches=[_far(rng, z) for z in (30.0, -30.0, rng.uniform(15, 30))])

    def right(case):
        # At a logit of 30, 1 - P has lost most of its digits for whoever did not cancel it.
        return gradients_of(case.batches, "compute_grad where a logit is large", rtol=1e-2)


def _far(rng, z):
    """A batch of one point with this logit, on the wrong side."""
    X, w = rng.normal(size=(1, 2)), rng.normal(size=6)
    return X, np.array([int(z < 0)]), w * z / (features(X) @ w)
