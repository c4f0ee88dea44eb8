"""The judge's own small nets: regression and classification, any depth, and wrong ones that students write.

``params`` is a list of ``(W, b)``, W ``[in, out]`` and b ``[out]``; gradients have the same layout.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np


def logistic(z):
    return 1 / (1 + np.exp(-z))


def row_softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)  # public


def one_hot(y, shape):
    """The labels [n] as rows of zeros with a single one."""
    rows = np.zeros(shape)
    rows[np.arange(len(y)), y] = 1
    return rows


@dataclass(frozen=True)
class Net:
    """A net by its four functions; ``replace`` one of them and it is a mistake.

    Attributes: ``activate`` z -> a of the hidden layers; ``slope`` da/dz by means of a; ``finish`` what the last z goes
    through; ``error`` (output, y) -> dE / d last z, averaged; ``targets`` (rng, n, outputs) -> y.
    """

    activate: Callable
    slope: Callable
    finish: Callable
    error: Callable
    targets: Callable

    def outputs(self, x, params):
        """[x, a of every hidden layer ..., what comes out]"""
        found = [x]
        for W, b in params[:-1]:
            found.append(self.activate(found[-1] @ W + b))
        W, b = params[-1]
        return [*found, self.finish(found[-1] @ W + b)]

    def forward(self, x, params):
        return self.outputs(x, params)[-1]

    def backward(self, x, y, params):
        return self.backward_with([self.slope(a) for a in self.outputs(x, params)[:-1]], x, y, params)

    def backward_with(self, slopes, x, y, params):
        """The gradients with these slopes; the first stands behind the input, where nothing is asked of it."""
        *inputs, out = self.outputs(x, params)
        grad_z, grads = self.error(out, y), []
        for a, slope, (W, _) in zip(inputs[::-1], slopes[::-1], params[::-1], strict=True):
            grads.insert(0, (a.T @ grad_z, grad_z.sum(axis=0)))
            grad_z = (grad_z @ W.T) * slope
        return grads

    def step(self, x, y, params, learning_rate):
        """params after one step of gradient descent on this batch."""
        grads = self.backward(x, y, params)
        return [
            (W - learning_rate * dW, b - learning_rate * db) for (W, b), (dW, db) in zip(params, grads, strict=True)
        ]

    def but(self, **functions):
        """The same net with some of its functions replaced."""
        return replace(self, **functions)


REGRESSION = Net(
    activate=logistic,
    slope=lambda a: a * (1 - a),
    finish=lambda z: z,
    error=lambda out, y: (out - y) / len(y),
    targets=lambda rng, n, outputs: rng.normal(size=(n, outputs)),
)
CLASSIFICATION = Net(
    activate=np.tanh,
    slope=lambda a: 1 - a**2,
    finish=row_softmax,
    error=lambda out, y: (out - one_hot(y, out.shape)) / len(y),
    targets=lambda rng, n, outputs: rng.permutation(np.arange(n) % max(2, outputs - 1)),  # of three, none is the last
)


def draw_params(rng, sizes):
    """Weights and biases of order one, none of them zero on purpose."""
    return [(rng.normal(size=(a, b)), rng.normal(size=b)) for a, b in zip(sizes[:-1], sizes[1:], strict=True)]


def draw_batch(net, rng, n, sizes):
    return rng.normal(size=(n, sizes[0])), net.targets(rng, n, sizes[-1])


def weights(params):
    return [W for W, _ in params]


def biases(params):
    return [b for _, b in params]
