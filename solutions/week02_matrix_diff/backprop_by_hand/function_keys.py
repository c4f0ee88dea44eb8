"""Parts 2 to 5: the chain of three weights, sigmoid, linear layer, and the network made of them."""

import numpy as np

from grader.checks.diagnosis.named import Named
from grader.checks.questions import Right
from grader.judge.authoring.keys import Case, key
from grader.judge.authoring.slopes import with_another_slope, with_other_slopes
from week02_matrix_diff import backprop_by_hand_questions as asked

SIGN = Named("sign_of_error", "the sign: the derivative of (yhat - y)^2 / 2 by yhat is yhat - y")
NO_SLOPE = Named("no_slope", "the slope of a sigmoid is left out (chain rule)")
NO_ERROR = Named("no_error", "the error yhat - y is left out")
SIGMOID_TWICE = "the slope is s (1 - s) of the sigmoid's own value; the sigmoid is taken twice"


def s(z):
    return 1 / (1 + np.exp(-z))


def slope(z):
    return s(z) * (1 - s(z))


# chain3


def chain_case(rng):
    """Inputs and weights of a chain away from everything special."""
    numbers = rng.uniform(0.5, 2, size=5) * rng.choice([-1, 1], size=5)
    return Case(**dict(zip(["x", "y", "w1", "w2", "w3"], map(float, numbers), strict=True)))


class Chain:
    """What the way back through a chain meets."""

    def __init__(self, case):
        self.x, self.w = case.x, (case.w1, case.w2, case.w3)
        w1, w2, w3 = self.w
        self.z1 = w1 * self.x
        self.inner = s(self.z1)
        self.z2 = w2 * self.inner
        self.outer = s(self.z2)
        self.error = w3 * self.outer - case.y


@key(asked.chain_last_weight)
class _:
    draw = chain_case

    def right(case):
        c = Chain(case)
        mistakes = {
            SIGN: -c.error * c.outer,
            NO_ERROR: c.outer,
            "the factor that w3 multiplies is left out": c.error,
            "a factor 2 too much: E carries 1/2": 2 * c.error * c.outer,
            "z2 stands for its sigmoid, which w3 multiplies": c.error * c.z2,
            "the order: dE/dw1 comes first, dE/dw3 last": c.error * c.w[2] * slope(c.z2) * c.w[1] * slope(c.z1) * c.x,
        }
        return Right(c.error * c.outer, "chain3_grads, dE/dw3", mistakes)


@key(asked.chain_middle_weight)
class _:
    draw = chain_case

    def others(case):
        c = Chain(case)
        back = c.error * c.w[2] * c.inner
        return with_another_slope(lambda slope: back * slope, z2=c.z2, h2=c.outer)

    def right(case):
        c = Chain(case)
        back = c.error * c.w[2]
        mistakes = {
            SIGN: -back * slope(c.z2) * c.inner,
            NO_SLOPE: back * c.inner,
            NO_ERROR: c.w[2] * slope(c.z2) * c.inner,
            "the weight w3 on the way back is left out": c.error * slope(c.z2) * c.inner,
            SIGMOID_TWICE: back * slope(c.outer) * c.inner,
            "the slope is s (1 - s), not s alone": back * c.outer * c.inner,
            "z (1 - z) in place of s (1 - s)": back * c.z2 * (1 - c.z2) * c.inner,
            "w2 multiplies the first sigmoid; that factor is left out": back * slope(c.z2),
            "a factor 2 too much: E carries 1/2": 2 * back * slope(c.z2) * c.inner,
        }
        return Right(back * slope(c.z2) * c.inner, "chain3_grads, dE/dw2", mistakes)


@key(asked.chain_first_weight)
class _:
    draw = chain_case

    def others(case):
        c = Chain(case)
        beside = c.error * c.w[2] * c.w[1] * c.x
        return (
            with_another_slope(lambda one: beside * slope(c.z2) * one, z1=c.z1, h1=c.inner)
            | with_another_slope(lambda one: beside * one * slope(c.z1), z2=c.z2, h2=c.outer)
            | with_other_slopes(lambda *both: beside * np.prod(both), (c.z2, c.outer), (c.z1, c.inner))
        )

    def right(case):
        c = Chain(case)
        back = c.error * c.w[2] * slope(c.z2)
        mistakes = {
            SIGN: -back * c.w[1] * slope(c.z1) * c.x,
            NO_SLOPE: c.error * c.w[2] * c.w[1] * c.x,
            NO_SLOPE + ": the first one": back * c.w[1] * c.x,
            NO_SLOPE + ": the second one": c.error * c.w[2] * c.w[1] * slope(c.z1) * c.x,
            NO_ERROR: c.w[2] * slope(c.z2) * c.w[1] * slope(c.z1) * c.x,
            "the weight w2 on the way back is left out": back * slope(c.z1) * c.x,
            "the input x is left out": back * c.w[1] * slope(c.z1),
            "the weight w3 on the way back is left out": c.error * slope(c.z2) * c.w[1] * slope(c.z1) * c.x,
            SIGMOID_TWICE: c.error * c.w[2] * slope(c.outer) * c.w[1] * slope(c.inner) * c.x,
            "the slope is s (1 - s), not s alone": c.error * c.w[2] * c.outer * c.w[1] * c.inner * c.x,
            "a factor 2 too much: E carries 1/2": 2 * back * c.w[1] * slope(c.z1) * c.x,
        }
        return Right(back * c.w[1] * slope(c.z1) * c.x, "chain3_grads, dE/dw1", mistakes)


# sigmoid_backward


def entrywise(shape):
    def draw(rng):
        return Case(z=rng.normal(size=shape), d_sigma=rng.normal(size=shape))

    return draw


def sigmoid_mistakes(case):
    z, d = case.z, case.d_sigma
    return {
        "d_sigma is left out (chain rule)": slope(z),
        "the slope is left out: d_sigma comes back as it is": d,
        "z is taken for the value of the sigmoid": d * z * (1 - z),
        "the slope is s (1 - s), not s alone": d * s(z),
        "the slope is s (1 - s), not 1 - s alone": d * (1 - s(z)),
        "this is the slope of tanh": d * (1 - np.tanh(z) ** 2),
        "1 - s^2 belongs to tanh; here it is s (1 - s)": d * (1 - s(z) ** 2),
        "d_sigma is taken for the value of the sigmoid": d * (1 - d),
        "the sigmoid is taken twice": d * slope(s(z)),
    }


def other_slopes(case):
    return with_another_slope(lambda one: case.d_sigma * one, **{"z": case.z, "sigmoid(z)": s(case.z)})


@key(asked.sigmoid_matrix)
class _:
    draw = entrywise((5, 3))
    others = other_slopes

    def right(case):
        return Right(case.d_sigma * slope(case.z), "sigmoid_backward(z, d_sigma)", sigmoid_mistakes(case))


@key(asked.sigmoid_vector)
class _:
    draw = entrywise(4)
    others = other_slopes

    def right(case):
        right = case.d_sigma * slope(case.z)
        summed = {"it is added up; each entry has a gradient of its own": np.sum(right)}
        return Right(right, "sigmoid_backward, vectors", summed)


@key(asked.sigmoid_manners)
class _:
    draw = entrywise((3, 4))

    def right(case):
        also = list(sigmoid_mistakes(case).values())
        return Right(case.d_sigma * slope(case.z), "sigmoid_backward(z, d_sigma)", also=also)


# linear_backward


def layer(rng):
    return Case(X=rng.normal(size=(5, 3)), W=rng.normal(size=(3, 4)), dZ=rng.normal(size=(5, 4)))


def linear_mistakes(case):
    X, W, dZ = case.X, case.W, case.dZ
    return {
        "the order: dX comes first, then dW": X.T @ dZ,
        "transposed: a gradient has the shape of X": W @ dZ.T,
        "divided by the batch size; that was done where the loss was computed": dZ @ W.T / len(X),
        "added up over the samples; each has a row of its own": (dZ @ W.T).sum(axis=0),
        "dZ is left out (chain rule)": np.ones_like(dZ) @ W.T,
    }


@key(asked.linear_inputs)
class _:
    draw = layer

    def right(case):
        scales = {"batch_size": len(case.X)}
        return Right(case.dZ @ case.W.T, "linear_backward, dX", linear_mistakes(case), scales)


@key(asked.linear_weights)
class _:
    draw = layer

    def right(case):
        X, W, dZ = case.X, case.W, case.dZ
        mistakes = {
            "the order: dX comes first, then dW": dZ @ W.T,
            "transposed: a gradient has the shape of W": dZ.T @ X,
            "averaged over the batch; dZ already is, so sum": X.T @ dZ / len(X),
            "dZ is left out (chain rule)": X.T @ np.ones_like(dZ),
        }
        return Right(X.T @ dZ, "linear_backward, dW", mistakes, {"batch_size": len(X)})


@key(asked.linear_manners)
class _:
    draw = layer

    def right(case):
        also = list(linear_mistakes(case).values())
        return Right(case.dZ @ case.W.T, "linear_backward, dX", also=also)


# matrix_net

SUMMED = Named("summed_over_batch", "summed over the batch; E is a mean, so divide by n once")
TWICE = Named("factor_two", "a factor 2 too much: E carries 1/2")


def net_case(rng):
    """A batch of five and the network's weights."""
    X, W1, W2 = rng.normal(size=(5, 2)), rng.normal(size=(2, 2)), rng.normal(size=(2, 2))
    w3 = rng.uniform(0.5, 2, size=2) * rng.choice([-1, 1], size=2)
    return Case(X=X, y=rng.normal(size=5), W1=W1, W2=W2, w3=w3)


class Net:
    """What a derivation meets on the way back."""

    def __init__(self, case):
        self.X, self.W2, self.w3 = case.X, case.W2, case.w3
        self.Z1 = self.X @ case.W1
        self.A1 = s(self.Z1)
        self.Z2 = self.A1 @ self.W2
        self.A2 = s(self.Z2)
        self.error = (self.A2 @ self.w3 - case.y) / len(self.X)
        self.dA2 = np.outer(self.error, self.w3)
        self.dZ2 = self.dA2 * self.A2 * (1 - self.A2)
        self.dA1 = self.dZ2 @ self.W2.T
        self.dZ1 = self.dA1 * self.A1 * (1 - self.A1)


def usual(right, n=5):
    """Slips that any of the three gradients may show."""
    return {SIGN: -right, SUMMED: n * right, TWICE: 2 * right, "divided by the batch size twice": right / n}


@key(asked.net_last_weights)
class _:
    draw = net_case

    def right(case):
        net = Net(case)
        right = net.A2.T @ net.error
        mistakes = {
            **usual(right),
            "the first hidden layer stands for the second, which w3 multiplies": net.A1.T @ net.error,
            "the order: dW1, dW2, dw3": net.X.T @ net.dZ1,
            "a column; w3 is a vector": right[:, None],
        }
        return Right(right, "matrix_net_grads, dw3", mistakes, {"batch_size": 5})


@key(asked.net_middle_weights)
class _:
    draw = net_case

    def others(case):
        net = Net(case)
        return with_another_slope(lambda one: net.A1.T @ (net.dA2 * one), Z2=net.Z2, A2=net.A2)

    def right(case):
        net = Net(case)
        right = net.A1.T @ net.dZ2
        mistakes = {
            **usual(right),
            "transposed: dW2[i, j] belongs to the weight from unit i to unit j": right.T,
            NO_SLOPE: net.A1.T @ net.dA2,
            SIGMOID_TWICE: net.A1.T @ (net.dA2 * slope(net.A2)),
            "w3 on the way back is left out": net.A1.T @ (net.error[:, None] * net.A2 * (1 - net.A2)),
            "the input of the network is taken for the input of this layer": net.X.T @ net.dZ2,
        }
        return Right(right, "matrix_net_grads, dW2", mistakes, {"batch_size": 5})


def first_weights(case):
    """(the gradient of W1, {slip: what it gives})."""
    net = Net(case)
    right = net.X.T @ net.dZ1
    slope1, slope2 = net.A1 * (1 - net.A1), net.A2 * (1 - net.A2)
    return right, {
        **usual(right),
        "transposed: dW1[i, j] belongs to the weight from input i to unit j": right.T,
        NO_SLOPE: net.X.T @ (net.dA2 @ net.W2.T),
        NO_SLOPE + ": that of the first layer": net.X.T @ net.dA1,
        NO_SLOPE + ": that of the second layer": net.X.T @ (net.dA2 @ net.W2.T * slope1),
        "the way back needs W2 transposed": net.X.T @ (net.dZ2 @ net.W2 * slope1),
        SIGMOID_TWICE: net.X.T @ ((net.dA2 * slope(net.A2)) @ net.W2.T * slope(net.A1)),
        "W2 on the way back is left out": net.X.T @ (net.dZ2 * slope1),
        "w3 on the way back is left out": net.X.T @ ((net.error[:, None] * slope2) @ net.W2.T * slope1),
    }


@key(asked.net_first_weights)
class _:
    draw = net_case

    def others(case):
        net = Net(case)
        return (
            with_another_slope(lambda one: net.X.T @ (net.dA1 * one), Z1=net.Z1, A1=net.A1)
            | with_another_slope(
                lambda one: net.X.T @ (net.dA2 * one @ net.W2.T * net.A1 * (1 - net.A1)), Z2=net.Z2, A2=net.A2
            )
            | with_other_slopes(
                lambda second, first: net.X.T @ (net.dA2 * second @ net.W2.T * first),
                (net.Z2, net.A2),
                (net.Z1, net.A1),
            )
        )

    def right(case):
        right, mistakes = first_weights(case)
        return Right(right, "matrix_net_grads, dW1", mistakes, {"batch_size": 5})


@key(asked.net_manners)
class _:
    draw = net_case

    def right(case):
        right, mistakes = first_weights(case)
        return Right(right, "matrix_net_grads, dW1", also=list(mistakes.values()))
