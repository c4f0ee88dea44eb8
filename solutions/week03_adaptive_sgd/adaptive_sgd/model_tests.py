"""Hidden tests of the model: features, probability, loss, gradient."""

import numpy as np

from grader.judge import expect, expect_that, expect_unchanged, hidden_test

from .asking import batch, has_infinity, has_nan, number_from, right_model_before, six_from, with_logit
from .model import features, gradient, loss, probability

OVERFLOWS = "nan: exp overflows and inf / inf is no number; take exp of negative numbers only"
NO_PROBABILITY = "not finite: the probability rounds to 0 or 1, and its logarithm is lost; work with the logit itself"
GROWS = "it grows with the batch: a mean is asked for, not a sum"


@hidden_test("test_expand", points=0.3)
def six_columns_in_order(student, rng):
    """The columns are x0, x1, x0^2, x1^2, x0 x1, 1."""
    X = rng.normal(size=(7, 2))
    F = features(X)
    zeros, doubled = F.copy(), F.copy()
    zeros[:, 5], doubled[:, 4] = 0, 2 * F[:, 4]
    expect(
        student.expand(X),
        F,
        what="expand(X)",
        mistakes={
            "the constant column comes last": F[:, [5, 0, 1, 2, 3, 4]],
            "the constant column is 1, not 0": zeros,
            "the product comes after the squares": F[:, [0, 1, 2, 4, 3, 5]],
            "the squares come in the order x0^2, x1^2": F[:, [0, 1, 3, 2, 4, 5]],
            "the product x0 x1 enters once, not twice": doubled,
            "the constant column is missing": F[:, :5],
            "features are the columns: one row per point": F.T,
        },
    )


@hidden_test("test_expand", points=0.1)
def any_number_of_points(student, rng):
    """It works for one point and for many."""
    for n in (1, 23):
        X = rng.normal(size=(n, 2))
        expect(student.expand(X)[:, :2], X, what=f"the first two columns for {n} point(s)")


@hidden_test("test_expand", points=0.1)
def expand_leaves_its_argument(student, rng):
    """X is left as it was."""
    X = rng.normal(size=(5, 2))
    kept = student.put(X)
    result = student.expand(kept)
    expect_unchanged(kept, X, what="X")
    expect(result[:, 0], X[:, 0], what="the first column")


@hidden_test("test_classify", points=0.3)
def sigmoid_of_the_logit(student, rng):
    """P(y = 1) = 1 / (1 + exp(-w . expand(x)))."""
    X, _, w = batch(rng, 9)
    p, z = probability(X, w), features(X) @ w
    with right_model_before(student, "classify"):
        expect(
            student.classify(X, w),
            p,
            what="classify(X, w)",
            mistakes={
                "this is P(y = 0): the sign of the exponent": 1 - p,
                "these are the logits: the sigmoid is missing": z,
                "these are labels; probabilities are asked for": (p > 0.5).astype(float),
                "this is tanh of the logit, which lies between -1 and 1": np.tanh(z),
                "the sigmoid is taken twice": 1 / (1 + np.exp(-p)),
                "the constant feature is left out of the logit": 1 / (1 + np.exp(-(z - w[5]))),
            },
        )


@hidden_test("test_classify", points=0.2)
def any_finite_logit(student, rng):
    """It is right for any finite logit, however large."""
    with right_model_before(student, "classify"):
        for z in (40.0, -40.0, 1e3, -1e3, *(rng.choice([-1, 1], size=2) * 10 ** rng.uniform(4, 300, size=2))):
            X, w = with_logit(rng, z)
            yours = student.classify(X, w)
            expect_that(not has_nan(yours), OVERFLOWS, "not_finite")
            expect(yours, probability(X, w), what="classify where the logit is large", atol=1e-9)


@hidden_test("test_compute_loss", points=0.3)
def mean_of_minus_log_probability(student, rng):
    """The loss is the mean of -ln P(true label)."""
    X, y, w = batch(rng, 11)
    right, p, z = loss(X, y, w), probability(X, w), features(X) @ w
    mistakes = {
        "the sum over the batch: divide by the number of points": 11 * right,
        "the sign: a loss is positive": -right,
        "the labels are swapped: y goes with ln P(y = 1)": loss(X, 1 - y, w),
        "only points with y = 1 contribute: the term of y = 0 is missing": float(-np.mean(y * np.log(p))),
        "only points with y = 0 contribute: the term of y = 1 is missing": float(-np.mean((1 - y) * np.log(1 - p))),
        "the logarithm is the natural one": right / np.log(2),
        "this is the squared error, not the logistic loss": float(np.mean((p - y) ** 2)),
        "labels are 0 and 1 here, not -1 and 1": float(np.mean(np.log1p(np.exp(-y * z)))),
    }
    with right_model_before(student, "compute_loss"):
        yours = student.compute_loss(X, y, w)
    expect(yours, right, what="compute_loss(X, y, w)", mistakes=mistakes, scales={"batch_size": 11})


@hidden_test("test_compute_loss", points=0.1)
def one_number_for_a_batch(student, rng):
    """One number for any batch, arguments left as they were; a batch given twice has the same loss."""
    X, y, w = batch(rng, 5)
    with right_model_before(student, "compute_loss"):
        once = number_from(student, student.compute_loss, "compute_loss", X, y, w)
        twice = number_from(student, student.compute_loss, "compute_loss", np.vstack([X, X]), np.concatenate([y, y]), w)
        elsewhere = number_from(student, student.compute_loss, "compute_loss", X, y, 2 * w)
    expect(twice, once, what="the loss of the batch given twice", mistakes={GROWS: 2 * once})
    expect_that(once != elsewhere, "the loss does not depend on w")


@hidden_test("test_compute_loss", points=0.1)
def logits_up_to_a_thousand(student, rng):
    """It is right for logits up to 1000 in size, on the right side and on the wrong one."""
    with right_model_before(student, "compute_loss"):
        for size in (40.0, 1000.0, float(rng.uniform(100, 900))):
            for y in (0, 1):
                for sign in (-1.0, 1.0):
                    X, w = with_logit(rng, sign * size)
                    label = np.array([y])
                    yours = student.compute_loss(X, label, w)
                    expect_that(not has_nan(yours), NO_PROBABILITY, "not_finite")
                    expect_that(not has_infinity(yours), NO_PROBABILITY, "not_finite")
                    expect(yours, loss(X, label, w), what="compute_loss where a logit is large", atol=1e-9)


@hidden_test("test_compute_grad", points=0.6)
def mean_residual_times_features(student, rng):
    """The gradient of the mean loss with respect to w."""
    X, y, w = batch(rng, 8)
    F, p = features(X), probability(X, w)
    right, residual = gradient(X, y, w), p - y
    mistakes = {
        "the sum over the batch: the loss is a mean, and so is its gradient": 8 * right,
        "the sign: probability minus label": -right,
        "the features are missing: only the points themselves enter": np.append(X.T @ residual / 8, np.zeros(4)),
        "the labels are swapped": gradient(X, 1 - y, w),
        "the label is left out": F.T @ p / 8,
        "a factor p (1 - p) too much: it cancels in the derivation": F.T @ (residual * p * (1 - p)) / 8,
        "the probability is rounded to a label": F.T @ ((p > 0.5) - y) / 8,
        "the logit stands in place of the probability": F.T @ (F @ w - y) / 8,
    }
    with right_model_before(student, "compute_grad"):
        yours = student.compute_grad(X, y, w)
    expect(yours, right, what="compute_grad(X, y, w)", mistakes=mistakes, scales={"batch_size": 8}, rtol=1e-5)


@hidden_test("test_compute_grad", points=0.2)
def six_numbers_for_any_batch(student, rng):
    """Six numbers for a batch of any size, arguments left as they were; a batch given twice has the same gradient."""
    X, y, w = batch(rng, 5)
    with right_model_before(student, "compute_grad"):
        once = six_from(student, student.compute_grad, "compute_grad", X, y, w)
        twice = six_from(student, student.compute_grad, "compute_grad", np.vstack([X, X]), np.concatenate([y, y]), w)
        single = six_from(student, student.compute_grad, "compute_grad", X[:1], y[:1], w)
    expect(twice, once, what="the gradient of the batch given twice", rtol=1e-5, mistakes={GROWS: 2 * once})
    expect_that(bool(np.any(single != once)), "the gradient does not depend on the points")


@hidden_test("test_compute_grad", points=0.2)
def gradient_far_out(student, rng):
    """It is right where logits are up to 1000 in size."""
    with right_model_before(student, "compute_grad"):
        for z in (800.0, -1000.0):
            for y in (0, 1):
                (X, w), label = with_logit(rng, z), np.array([y])
                yours = student.compute_grad(X, label, w)
                expect_that(not has_nan(yours), OVERFLOWS, "not_finite")
                right = gradient(X, label, w)
                expect(yours, right, what="compute_grad where a logit is large", rtol=1e-5, atol=1e-5)
