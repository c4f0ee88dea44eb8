"""Parts 2 to 5: the chain of three weights, sigmoid, linear layer, and the network made of them."""

import numpy as np

from grader.checks.diagnosis.named import Named
from grader.judge import expect, expect_that, expect_unchanged, hidden_test

SIGN = Named("sign_of_error", "the sign: the derivative of (yhat - y)^2 / 2 by yhat is yhat - y")
NO_SLOPE = Named("no_slope", "the slope of a sigmoid is left out (chain rule)")
NO_ERROR = Named("no_error", "the error yhat - y is left out")


def s(z):
    return 1 / (1 + np.exp(-z))


def slope(z):
    return s(z) * (1 - s(z))


def parts(found, count, what):
    """A result of `count` parts, once it is known to be one."""
    row = isinstance(found, (tuple, list, np.ndarray)) and np.ndim(found if isinstance(found, np.ndarray) else 1) <= 1
    expect_that(bool(row) and len(found) == count, f"{what}: {count} results are expected, in a tuple", "type")
    return found


# chain3


class Chain:
    """Inputs and weights of a chain away from everything special, and what the way back meets."""

    def __init__(self, rng):
        self.x, self.y, *self.w = rng.uniform(0.5, 2, size=5) * rng.choice([-1, 1], size=5)
        w1, w2, w3 = self.w
        self.z1 = w1 * self.x
        self.inner = s(self.z1)
        self.z2 = w2 * self.inner
        self.outer = s(self.z2)
        self.error = w3 * self.outer - self.y

    def gradient_of(self, student, k):
        found = student.chain3_grads(*map(float, (self.x, self.y, *self.w)))
        return parts(found, 3, "chain3_grads")[k]


@hidden_test("test_chain3", points=0.15)
def chain_last_weight(student, rng):
    """chain3_grads: the derivative by w3."""
    c = Chain(rng)
    expect(
        c.gradient_of(student, 2),
        c.error * c.outer,
        what="chain3_grads, dE/dw3",
        mistakes={
            SIGN: -c.error * c.outer,
            NO_ERROR: c.outer,
            "the factor that w3 multiplies is left out": c.error,
            "a factor 2 too much: E carries 1/2": 2 * c.error * c.outer,
            "w3 multiplies the sigmoid of z2, not z2": c.error * c.z2,
            "the order: dE/dw1 comes first, dE/dw3 last": c.error * c.w[2] * slope(c.z2) * c.w[1] * slope(c.z1) * c.x,
        },
    )


@hidden_test("test_chain3", points=0.15)
def chain_middle_weight(student, rng):
    """chain3_grads: the derivative by w2."""
    c = Chain(rng)
    back = c.error * c.w[2]
    expect(
        c.gradient_of(student, 1),
        back * slope(c.z2) * c.inner,
        what="chain3_grads, dE/dw2",
        mistakes={
            SIGN: -back * slope(c.z2) * c.inner,
            NO_SLOPE: back * c.inner,
            NO_ERROR: c.w[2] * slope(c.z2) * c.inner,
            "the weight w3 on the way back is left out": c.error * slope(c.z2) * c.inner,
            "the slope is s (1 - s) of the sigmoid's own value; the sigmoid is taken twice": back
            * slope(c.outer)
            * c.inner,
            "the slope is s (1 - s), not s alone": back * c.outer * c.inner,
            "z (1 - z) in place of s (1 - s)": back * c.z2 * (1 - c.z2) * c.inner,
            "w2 multiplies the first sigmoid; that factor is left out": back * slope(c.z2),
            "a factor 2 too much: E carries 1/2": 2 * back * slope(c.z2) * c.inner,
        },
    )


@hidden_test("test_chain3", points=0.2)
def chain_first_weight(student, rng):
    """chain3_grads: the derivative by w1."""
    c = Chain(rng)
    back = c.error * c.w[2] * slope(c.z2)
    expect(
        c.gradient_of(student, 0),
        back * c.w[1] * slope(c.z1) * c.x,
        what="chain3_grads, dE/dw1",
        mistakes={
            SIGN: -back * c.w[1] * slope(c.z1) * c.x,
            NO_SLOPE: c.error * c.w[2] * c.w[1] * c.x,
            NO_SLOPE + ": the first one": back * c.w[1] * c.x,
            NO_SLOPE + ": the second one": c.error * c.w[2] * c.w[1] * slope(c.z1) * c.x,
            NO_ERROR: c.w[2] * slope(c.z2) * c.w[1] * slope(c.z1) * c.x,
            "the weight w2 on the way back is left out": back * slope(c.z1) * c.x,
            "the input x is left out": back * c.w[1] * slope(c.z1),
            "the weight w3 on the way back is left out": c.error * slope(c.z2) * c.w[1] * slope(c.z1) * c.x,
            "the slope is s (1 - s) of the sigmoid's own value; the sigmoid is taken twice": c.error
            * c.w[2]
            * slope(c.outer)
            * c.w[1]
            * slope(c.inner)
            * c.x,
            "the slope is s (1 - s), not s alone": c.error * c.w[2] * c.outer * c.w[1] * c.inner * c.x,
            "a factor 2 too much: E carries 1/2": 2 * back * c.w[1] * slope(c.z1) * c.x,
        },
    )


# sigmoid_backward


@hidden_test("test_sigmoid_backward", points=0.25)
def sigmoid_matrix(student, rng):
    """sigmoid_backward of a matrix."""
    z, d = rng.normal(size=(2, 5, 3))
    expect(
        student.sigmoid_backward(z, d),
        d * slope(z),
        what="sigmoid_backward(z, d_sigma)",
        mistakes={
            "d_sigma is left out (chain rule)": slope(z),
            "the slope is left out: d_sigma comes back as it is": d,
            "z is taken for the value of the sigmoid": d * z * (1 - z),
            "the slope is s (1 - s), not s alone": d * s(z),
            "the slope is s (1 - s), not 1 - s alone": d * (1 - s(z)),
            "this is the slope of tanh": d * (1 - np.tanh(z) ** 2),
            "1 - s^2 belongs to tanh; here it is s (1 - s)": d * (1 - s(z) ** 2),
            "d_sigma is taken for the value of the sigmoid": d * (1 - d),
            "the sigmoid is taken twice": d * slope(s(z)),
        },
    )


@hidden_test("test_sigmoid_backward", points=0.15)
def sigmoid_vector(student, rng):
    """sigmoid_backward of a vector."""
    z, d = rng.normal(size=(2, 4))
    mistakes = {"it is added up; each entry has a gradient of its own": np.sum(d * slope(z))}
    expect(student.sigmoid_backward(z, d), d * slope(z), what="sigmoid_backward, vectors", mistakes=mistakes)


def expect_arguments_kept(student, name, **arrays):
    """No argument is changed, and the call gives something that is not all 0."""
    kept = {letter: student.put(array) for letter, array in arrays.items()}
    found = getattr(student, name)(*kept.values())
    for letter, array in arrays.items():
        expect_unchanged(kept[letter], array, what=f"{name}: {letter}")
    found = found if isinstance(found, (tuple, list)) else [found]
    alive = all(isinstance(part, np.ndarray) and part.any() for part in found)
    expect_that(bool(alive), f"{name}: arrays are expected that are not 0 everywhere", "zero")


@hidden_test("test_sigmoid_backward", points=0.1)
def sigmoid_manners(student, rng):
    """sigmoid_backward leaves its arguments alone."""
    expect_arguments_kept(student, "sigmoid_backward", z=rng.normal(size=(3, 4)), d_sigma=rng.normal(size=(3, 4)))


# linear_backward


def linear(student, rng, k):
    """X [5, 3], W [3, 4], dZ [5, 4], and part k of the student's result."""
    X, W, dZ = rng.normal(size=(5, 3)), rng.normal(size=(3, 4)), rng.normal(size=(5, 4))
    return X, W, dZ, parts(student.linear_backward(X, W, dZ), 2, "linear_backward")[k]


@hidden_test("test_linear_backward", points=0.2)
def linear_inputs(student, rng):
    """linear_backward: the gradient of X."""
    X, W, dZ, found = linear(student, rng, 0)
    expect(
        found,
        dZ @ W.T,
        what="linear_backward, dX",
        mistakes={
            "the order: dX comes first, then dW": X.T @ dZ,
            "transposed: a gradient has the shape of X": W @ dZ.T,
            "divided by the batch size; that was done where the loss was computed": dZ @ W.T / len(X),
            "added up over the samples; each has a row of its own": (dZ @ W.T).sum(axis=0),
            "dZ is left out (chain rule)": np.ones_like(dZ) @ W.T,
        },
        scales={"batch_size": len(X)},
    )


@hidden_test("test_linear_backward", points=0.2)
def linear_weights(student, rng):
    """linear_backward: the gradient of W."""
    X, W, dZ, found = linear(student, rng, 1)
    expect(
        found,
        X.T @ dZ,
        what="linear_backward, dW",
        mistakes={
            "the order: dX comes first, then dW": dZ @ W.T,
            "transposed: a gradient has the shape of W": dZ.T @ X,
            "averaged over the batch; dZ already is, so sum": X.T @ dZ / len(X),
            "dZ is left out (chain rule)": X.T @ np.ones_like(dZ),
        },
        scales={"batch_size": len(X)},
    )


@hidden_test("test_linear_backward", points=0.1)
def linear_manners(student, rng):
    """linear_backward leaves its arguments alone."""
    shapes = {"X": (4, 2), "W": (2, 3), "dZ": (4, 3)}
    expect_arguments_kept(student, "linear_backward", **{name: rng.normal(size=size) for name, size in shapes.items()})


# matrix_net


class Net:
    """A batch of five and the network's weights, with what a derivation meets on the way back."""

    def __init__(self, rng):
        self.X, self.W1, self.W2 = rng.normal(size=(5, 2)), rng.normal(size=(2, 2)), rng.normal(size=(2, 2))
        self.y = rng.normal(size=5)
        self.w3 = rng.uniform(0.5, 2, size=2) * rng.choice([-1, 1], size=2)
        self.A1 = s(self.X @ self.W1)
        self.A2 = s(self.A1 @ self.W2)
        self.error = (self.A2 @ self.w3 - self.y) / 5
        self.dA2 = np.outer(self.error, self.w3)
        self.dZ2 = self.dA2 * self.A2 * (1 - self.A2)
        self.dA1 = self.dZ2 @ self.W2.T
        self.dZ1 = self.dA1 * self.A1 * (1 - self.A1)

    def gradient_of(self, student, k):
        found = student.matrix_net_grads(self.X, self.y, self.W1, self.W2, self.w3)
        return parts(found, 3, "matrix_net_grads")[k]


SUMMED = Named("summed_over_batch", "summed over the batch; E is a mean, so divide by n once")
TWICE = Named("factor_two", "a factor 2 too much: E carries 1/2")


def usual(right, n=5):
    """Slips that any of the three gradients may show."""
    return {SIGN: -right, SUMMED: n * right, TWICE: 2 * right, "divided by the batch size twice": right / n}


@hidden_test("test_matrix_net", points=0.25)
def net_last_weights(student, rng):
    """matrix_net_grads: the gradient of w3."""
    net = Net(rng)
    right = net.A2.T @ net.error
    expect(
        net.gradient_of(student, 2),
        right,
        what="matrix_net_grads, dw3",
        mistakes={
            **usual(right),
            "w3 multiplies the second hidden layer, not the first": net.A1.T @ net.error,
            "the order: dW1, dW2, dw3": net.X.T @ net.dZ1,
            "a column; w3 is a vector": right[:, None],
        },
        scales={"batch_size": 5},
    )


@hidden_test("test_matrix_net", points=0.3)
def net_middle_weights(student, rng):
    """matrix_net_grads: the gradient of W2."""
    net = Net(rng)
    right = net.A1.T @ net.dZ2
    expect(
        net.gradient_of(student, 1),
        right,
        what="matrix_net_grads, dW2",
        mistakes={
            **usual(right),
            "transposed: dW2[i, j] belongs to the weight from unit i to unit j": right.T,
            NO_SLOPE: net.A1.T @ net.dA2,
            "the slope is s (1 - s) of the sigmoid's own value; the sigmoid is taken twice": net.A1.T
            @ (net.dA2 * slope(net.A2)),
            "w3 on the way back is left out": net.A1.T @ (net.error[:, None] * net.A2 * (1 - net.A2)),
            "the input of the network is taken for the input of this layer": net.X.T @ net.dZ2,
        },
        scales={"batch_size": 5},
    )


@hidden_test("test_matrix_net", points=0.35)
def net_first_weights(student, rng):
    """matrix_net_grads: the gradient of W1."""
    net = Net(rng)
    right = net.X.T @ net.dZ1
    slope1, slope2 = net.A1 * (1 - net.A1), net.A2 * (1 - net.A2)
    expect(
        net.gradient_of(student, 0),
        right,
        what="matrix_net_grads, dW1",
        mistakes={
            **usual(right),
            "transposed: dW1[i, j] belongs to the weight from input i to unit j": right.T,
            NO_SLOPE: net.X.T @ (net.dA2 @ net.W2.T),
            NO_SLOPE + ": that of the first layer": net.X.T @ net.dA1,
            NO_SLOPE + ": that of the second layer": net.X.T @ (net.dA2 @ net.W2.T * slope1),
            "the way back needs W2 transposed": net.X.T @ (net.dZ2 @ net.W2 * slope1),
            "the slope is s (1 - s) of the sigmoid's own value; the sigmoid is taken twice": net.X.T
            @ ((net.dA2 * slope(net.A2)) @ net.W2.T * slope(net.A1)),
            "W2 on the way back is left out": net.X.T @ (net.dZ2 * slope1),
            "w3 on the way back is left out": net.X.T @ ((net.error[:, None] * slope2) @ net.W2.T * slope1),
        },
        scales={"batch_size": 5},
    )


@hidden_test("test_matrix_net", points=0.1)
def net_manners(student, rng):
    """matrix_net_grads leaves its arguments alone."""
    net = Net(rng)
    expect_arguments_kept(student, "matrix_net_grads", X=net.X, y=net.y, W1=net.W1, W2=net.W2, w3=net.w3)
