"""Hidden tests of the losses: MSECriterion and NLLCriterion."""

import numpy as np

from grader.checks.diagnosis.named import Named
from grader.judge import expect, hidden_test

from .asking import expect_criterion_manners

BY_ALL = Named("averaged_over_features", "averaged over the features as well; they are summed")
SUMMED = Named("summed_over_batch", "the batch is averaged, not summed")


def pair(rng):
    """x and target [5, 3]."""
    return rng.normal(size=(2, 5, 3))


@hidden_test("test_MSECriterion", points=0.2)
def mse_forward(student, rng):
    """MSECriterion.forward is summed over the features and averaged over the batch."""
    x, t = pair(rng)
    total = np.sum((x - t) ** 2)
    expect(
        student.MSECriterion().forward(x, t),
        total / 5,
        what="MSECriterion.forward",
        mistakes={
            BY_ALL: total / 15,
            SUMMED: total,
            "averaged over the features and summed over the batch: it is the other way round": total / 3,
            "there is no 1/2 in this loss": total / 10,
            "the square is missing": np.abs(x - t).sum() / 5,
            "the root of it": np.sqrt(total / 5),
            "a loss for each sample; average them": np.sum((x - t) ** 2, axis=1),
        },
    )


@hidden_test("test_MSECriterion", points=0.25)
def mse_backward(student, rng):
    """MSECriterion.backward is the gradient of that very loss."""
    x, t = pair(rng)
    criterion = student.MSECriterion()
    criterion.forward(x, t)
    expect(
        criterion.backward(x, t),
        2 * (x - t) / 5,
        what="MSECriterion.backward",
        mistakes={
            "the 2 of the square is missing": (x - t) / 5,
            SUMMED: 2 * (x - t),
            SUMMED + ", and the 2 is missing": x - t,
            BY_ALL: 2 * (x - t) / 15,
            "the sign: it is x minus target": 2 * (t - x) / 5,
            "this is the square; its derivative is asked for": (x - t) ** 2 / 5,
        },
        scales={"batch_size": 5, "features": 3},
    )


@hidden_test("test_MSECriterion", points=0.05)
def mse_manners(student, rng):
    """MSECriterion leaves its arguments alone."""
    expect_criterion_manners(student, student.MSECriterion(), *pair(rng))


def labelled(rng):
    """Log-probabilities [6, 4] and labels [6], two of which are the last class."""
    x = rng.normal(size=(6, 4))
    x -= np.log(np.exp(x).sum(axis=1, keepdims=True))
    y = rng.permutation(np.array([0, 1, 2, 3, 3, 1]))
    return x, y


@hidden_test("test_NLLCriterion", points=0.2)
def nll_forward(student, rng):
    """NLLCriterion.forward is minus the mean log-probability of the right classes."""
    x, y = labelled(rng)
    chosen = x[np.arange(6), y]
    expect(
        student.NLLCriterion().forward(x, y),
        -chosen.mean(),
        what="NLLCriterion.forward",
        mistakes={
            "the sign: a negative log-likelihood is positive": chosen.mean(),
            SUMMED: -chosen.sum(),
            "divided by classes as well": -chosen.mean() / 4,
            "the logarithm is taken again; x holds log-probabilities already": -np.log(np.abs(chosen)).mean(),
            "the probabilities, not their logarithms": -np.exp(chosen).mean(),
            "rows and labels are not paired: x[:, y] takes the labels of all for each row": -x[:, y].mean(),
            "all classes are counted; only the right one is": -x.mean(),
        },
        scales={"batch_size": 6, "classes": 4},
    )


@hidden_test("test_NLLCriterion", points=0.25)
def nll_backward(student, rng):
    """NLLCriterion.backward is the gradient of that very loss."""
    x, y = labelled(rng)
    one_hot = np.eye(4)[y]
    criterion = student.NLLCriterion()
    criterion.forward(x, y)
    expect(
        criterion.backward(x, y),
        -one_hot / 6,
        what="NLLCriterion.backward",
        mistakes={
            "the sign": one_hot / 6,
            SUMMED: -one_hot,
            SUMMED + ", and the sign": one_hot,
            "divided by the classes as well": -one_hot / 24,
            "this is the gradient through the softmax as well; here x holds log-probabilities": (np.exp(x) - one_hot)
            / 6,
            "the derivative of a logarithm is there once too often; x is one already": -one_hot / x / 6,
            "a gradient for the right classes only; it has the shape of x": -np.ones(6) / 6,
            "rows and labels are not paired: whole columns are set": -np.ones((6, 4)) / 6,
            "multiplied by x; the loss is linear in x": -one_hot * x / 6,
        },
        scales={"batch_size": 6, "classes": 4},
    )


@hidden_test("test_NLLCriterion", points=0.05)
def nll_manners(student, rng):
    """NLLCriterion leaves its arguments alone."""
    expect_criterion_manners(student, student.NLLCriterion(), *labelled(rng))
