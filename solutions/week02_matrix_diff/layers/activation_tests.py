"""Hidden tests of the layers without parameters: SoftMax, LogSoftMax, ELU, SoftPlus."""

import numpy as np

from grader.checks.diagnosis.named import Named
from grader.judge import expect, hidden_test

from .asking import FAR, NO_CHAIN, back, expect_manners, expect_right_far_out

BY_COLUMN = Named("wrong_axis", "along the wrong axis: each row is a sample")


def softmax(x, axis=1):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def batch(rng):
    """x and grad_output [5, 4]."""
    return rng.normal(size=(2, 5, 4))


# SoftMax


@hidden_test("test_SoftMax", points=0.15)
def softmax_forward(student, rng):
    """SoftMax.forward gives the probabilities of each row."""
    x, _ = batch(rng)
    e = np.exp(x)
    expect(
        student.SoftMax().forward(x),
        softmax(x),
        what="SoftMax.forward",
        mistakes={
            BY_COLUMN: softmax(x, axis=0),
            "divided by the sum of everything; each row has its own": e / e.sum(),
            "not divided by the sum": e,
            "this is the sigmoid, entry by entry": 1 / (1 + 1 / e),
            "the maximum is taken away from the exponentials, not from x": (e - e.max(axis=1, keepdims=True))
            / (e - e.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True),
        },
    )


@hidden_test("test_SoftMax", points=0.2)
def softmax_backward(student, rng):
    """SoftMax.backward: each output of a row depends on every input of it."""
    x, G = batch(rng)
    p = softmax(x)
    expect(
        back(student.SoftMax(), x, G),
        p * (G - np.sum(G * p, axis=1, keepdims=True)),
        what="SoftMax.backward",
        mistakes={
            "only the diagonal of the Jacobian: the other outputs of the row change, too": G * p * (1 - p),
            "only the diagonal, and not all of it": G * p,
            NO_CHAIN: p * (1 - p),
            "the sum is taken over the whole batch; rows are apart": p * (G - np.sum(G * p)),
            BY_COLUMN: p * (G - np.sum(G * p, axis=0, keepdims=True)),
            "this is the gradient of the logarithm of it": G - p * G.sum(axis=1, keepdims=True),
            "the sum of grad_output alone; it is weighted by the probabilities": p * (G - G.sum(axis=1, keepdims=True)),
            "the mean of grad_output in place of its mean under the probabilities": p
            * (G - G.mean(axis=1, keepdims=True)),
        },
    )


@hidden_test("test_SoftMax", points=0.1)
def softmax_far_out(student, rng):
    """SoftMax is right for inputs as large as 1e3."""
    x = np.array([[FAR, FAR, 0.0, -FAR], [-FAR, -FAR, -FAR, -FAR], [0.0, FAR, 300.0, 710.0]])
    p, G = softmax(x), rng.normal(size=(3, 4))
    grad = p * (G - np.sum(G * p, axis=1, keepdims=True))
    expect_right_far_out(student.SoftMax(), x, p, G, grad, "SoftMax")


@hidden_test("test_SoftMax", points=0.05)
def softmax_manners(student, rng):
    """SoftMax leaves its arguments alone."""
    expect_manners(student, student.SoftMax(), *batch(rng))


# LogSoftMax


@hidden_test("test_LogSoftMax", points=0.15)
def logsoftmax_forward(student, rng):
    """LogSoftMax.forward gives the log-probabilities of each row."""
    x, _ = batch(rng)
    right = np.log(softmax(x))
    expect(
        student.LogSoftMax().forward(x),
        right,
        what="LogSoftMax.forward",
        mistakes={
            BY_COLUMN: np.log(softmax(x, axis=0)),
            "the sign: a log-probability is negative": -right,
            "these are the probabilities; their logarithm is asked for": softmax(x),
            "the sum of the whole batch; each row has its own": x - np.log(np.exp(x).sum()),
            "the maximum is taken away once too often": right - x.max(axis=1, keepdims=True),
            "the maximum that was taken away has to come back in the sum": x
            - np.log(np.exp(x - x.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True)),
        },
    )


@hidden_test("test_LogSoftMax", points=0.2)
def logsoftmax_backward(student, rng):
    """LogSoftMax.backward: each output of a row depends on every input of it."""
    x, G = batch(rng)
    p = softmax(x)
    expect(
        back(student.LogSoftMax(), x, G),
        G - p * G.sum(axis=1, keepdims=True),
        what="LogSoftMax.backward",
        mistakes={
            "the softmax is to be multiplied by the sum of the row of grad_output": G - p,
            "only the diagonal of the Jacobian: the other outputs of the row change, too": G * (1 - p),
            NO_CHAIN: 1 - p,
            "the sum is weighted by the probabilities; here it is plain": G - p * np.sum(G * p, axis=1, keepdims=True),
            "this is the gradient of the softmax": p * (G - np.sum(G * p, axis=1, keepdims=True)),
            "the sum is taken over the whole batch; rows are apart": G - p * G.sum(),
            BY_COLUMN: G - p * G.sum(axis=0, keepdims=True),
            "the logarithm of the softmax is used in place of the softmax": G
            - np.log(p) * G.sum(axis=1, keepdims=True),
        },
    )


@hidden_test("test_LogSoftMax", points=0.1)
def logsoftmax_far_out(student, rng):
    """LogSoftMax is right for inputs as large as 1e3."""
    x = np.array([[FAR, FAR, 0.0, -FAR], [-FAR, -FAR, -FAR, -FAR], [0.0, FAR, 300.0, 710.0]])
    right = np.array([[0, 0, -FAR, -2 * FAR], [0, 0, 0, 0], [-FAR, 0, -700.0, -290.0]])
    right -= np.log([[2.0], [4.0], [1.0]])
    G = rng.normal(size=(3, 4))
    grad = G - softmax(x) * G.sum(axis=1, keepdims=True)
    expect_right_far_out(student.LogSoftMax(), x, right, G, grad, "LogSoftMax")


@hidden_test("test_LogSoftMax", points=0.05)
def logsoftmax_manners(student, rng):
    """LogSoftMax leaves its arguments alone."""
    expect_manners(student, student.LogSoftMax(), *batch(rng))


# ELU


def both_signs(rng):
    """Inputs [5, 4] away from 0, of both signs, and grad_output."""
    return rng.uniform(0.2, 2, size=(5, 4)) * rng.choice([-1, 1], size=(5, 4)), rng.normal(size=(5, 4))


@hidden_test("test_ELU", points=0.1)
def elu_forward(student, rng):
    """ELU.forward, alpha 1.7, by position and by name."""
    x, _ = both_signs(rng)
    right = np.where(x > 0, x, 1.7 * (np.exp(x) - 1))
    for layer in (student.ELU(1.7), student.ELU(alpha=1.7)):
        expect(
            layer.forward(x),
            right,
            what="ELU.forward, alpha 1.7",
            mistakes={
                "alpha is not used": np.where(x > 0, x, np.exp(x) - 1),
                "zero on the negative side: that is the ReLU": np.maximum(x, 0),
                "the -1 is missing": np.where(x > 0, x, 1.7 * np.exp(x)),
                "alpha multiplies the exponential alone; it stands before the bracket": np.where(
                    x > 0, x, 1.7 * np.exp(x) - 1
                ),
                "a straight line on the negative side: that is the leaky ReLU": np.where(x > 0, x, 1.7 * x),
                "the sides are swapped": np.where(x <= 0, x, 1.7 * (np.exp(x) - 1)),
            },
        )


@hidden_test("test_ELU", points=0.05)
def elu_default(student, rng):
    """alpha is 1 unless given."""
    x, _ = both_signs(rng)
    expect(student.ELU().forward(x), np.where(x > 0, x, np.exp(x) - 1), what="ELU().forward")


@hidden_test("test_ELU", points=0.2)
def elu_backward(student, rng):
    """ELU.backward multiplies by the slope at x."""
    x, G = both_signs(rng)
    value = np.where(x > 0, x, 1.7 * (np.exp(x) - 1))
    expect(
        back(student.ELU(1.7), x, G),
        G * np.where(x > 0, 1, 1.7 * np.exp(x)),
        what="ELU.backward, alpha 1.7",
        mistakes={
            "alpha is not used in the slope": G * np.where(x > 0, 1, np.exp(x)),
            NO_CHAIN: np.where(x > 0, 1, 1.7 * np.exp(x)),
            "nothing passes on the negative side: that is the ReLU": G * (x > 0),
            "the slope of alpha (exp(x) - 1) has no -1 any more": G * np.where(x > 0, 1, 1.7 * (np.exp(x) - 1)),
            "multiplied by the value in place of the slope": G * value,
            "the sign of grad_output decides; what counts is that of x": G * np.where(G > 0, 1, 1.7 * np.exp(x)),
            "on the positive side the slope is 1, not x": G * np.where(x > 0, x, 1.7 * np.exp(x)),
            "on the negative side grad_output is left out": np.where(x > 0, G, 1.7 * np.exp(x)),
        },
    )


@hidden_test("test_ELU", points=0.1)
def elu_far_out(student, rng):
    """ELU is right for inputs as large as 1e3."""
    x, G = np.array([[-FAR, FAR, 710.0, -710.0]]), rng.normal(size=(1, 4))
    right = np.array([[-1.7, FAR, 710.0, -1.7]])
    expect_right_far_out(student.ELU(1.7), x, right, G, G * (x > 0), "ELU")


@hidden_test("test_ELU", points=0.05)
def elu_manners(student, rng):
    """ELU leaves its arguments alone."""
    expect_manners(student, student.ELU(), *both_signs(rng))


# SoftPlus


@hidden_test("test_SoftPlus", points=0.15)
def softplus_forward(student, rng):
    """SoftPlus.forward."""
    x, _ = batch(rng)
    expect(
        student.SoftPlus().forward(x),
        np.log(1 + np.exp(x)),
        what="SoftPlus.forward",
        mistakes={
            "the sign of the exponent": np.log(1 + np.exp(-x)),
            "the 1 is missing: that is x itself": x,
            "this is the ReLU": np.maximum(x, 0),
            "this is its slope, the sigmoid": 1 / (1 + np.exp(-x)),
            "the logarithm to the base 2; the natural one is meant": np.log2(1 + np.exp(x)),
        },
    )


@hidden_test("test_SoftPlus", points=0.15)
def softplus_backward(student, rng):
    """SoftPlus.backward multiplies by the slope at x."""
    x, G = batch(rng)
    s = 1 / (1 + np.exp(-x))
    expect(
        back(student.SoftPlus(), x, G),
        G * s,
        what="SoftPlus.backward",
        mistakes={
            NO_CHAIN: s,
            "this is s (1 - s), the slope of the slope": G * s * (1 - s),
            "the sign of the exponent": G * (1 - s),
            "the inner derivative is missing (chain rule)": G * (1 - s),
            "this is the slope of the ReLU": G * (x > 0),
            "multiplied by the value in place of the slope": G * np.log(1 + np.exp(x)),
            "the sigmoid of the value; it is taken at x": G / (1 + np.exp(-np.log(1 + np.exp(x)))),
        },
    )


@hidden_test("test_SoftPlus", points=0.15)
def softplus_far_out(student, rng):
    """SoftPlus is right for inputs as large as 1e3."""
    x, G = np.array([[-FAR, FAR, 710.0, -710.0, 40.0]]), rng.normal(size=(1, 5))
    expect_right_far_out(student.SoftPlus(), x, np.maximum(x, 0.0), G, G * (x > 0), "SoftPlus")


@hidden_test("test_SoftPlus", points=0.05)
def softplus_manners(student, rng):
    """SoftPlus leaves its arguments alone."""
    expect_manners(student, student.SoftPlus(), *batch(rng))
