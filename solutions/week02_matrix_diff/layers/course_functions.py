"""Functions of the course beside those of a test: a wrong answer that is what one of them gives is told so.

Each of x, or of x and the incoming gradient G, entry by entry where nothing else is said.
"""

import numpy as np


def _softmax(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)  # public


def _sigmoid(x):
    return 1 / (1 + np.exp(-x))


FORWARD = {
    "the ReLU": lambda x: np.maximum(x, 0),
    "the leaky ReLU": lambda x: np.where(x > 0, x, 0.01 * x),
    "the sigmoid": _sigmoid,
    "tanh": np.tanh,
    "SoftMax": _softmax,
    "LogSoftMax": lambda x: np.log(_softmax(x)),
    "ELU() with its default": lambda x: np.where(x > 0, x, np.exp(x) - 1),
    "SoftPlus": lambda x: np.logaddexp(0, x),
}
BACKWARD = {
    "the ReLU": lambda x, G: G * (x > 0),
    "the leaky ReLU": lambda x, G: G * np.where(x > 0, 1, 0.01),
    "the sigmoid": lambda x, G: G * _sigmoid(x) * _sigmoid(-x),
    "tanh": lambda x, G: G * (1 - np.tanh(x) ** 2),
    "SoftMax": lambda x, G: _softmax(x) * (G - np.sum(G * _softmax(x), axis=1, keepdims=True)),
    "LogSoftMax": lambda x, G: G - _softmax(x) * G.sum(axis=1, keepdims=True),
    "ELU() with its default": lambda x, G: G * np.where(x > 0, 1, np.exp(x)),
    "SoftPlus": lambda x, G: G * _sigmoid(x),
}
LOSSES = {  # of x and a target of its shape
    "the squared error, summed": lambda x, t: np.sum((x - t) ** 2),
    "the squared error, averaged over all entries": lambda x, t: np.mean((x - t) ** 2),
    "half the squared error": lambda x, t: np.sum((x - t) ** 2) / len(x) / 2,
    "the absolute error": lambda x, t: np.sum(np.abs(x - t)) / len(x),
}
SLOPES = {
    "the squared error, summed": lambda x, t: 2 * (x - t),
    "the squared error, averaged over all entries": lambda x, t: 2 * (x - t) / x.size,
    "half the squared error": lambda x, t: (x - t) / len(x),
    "the absolute error": lambda x, t: np.sign(x - t) / len(x),
}


def outputs(case):
    """What each layer gives for the case's x."""
    return {name: function(case.x) for name, function in FORWARD.items()}


def gradients(case):
    """What each layer's backward gives for the case's x and G, behind it."""
    return {f"the backward of {name}": function(case.x, case.G) for name, function in BACKWARD.items()}


def losses(case):
    """What each loss gives."""
    return {name: function(case.x, case.target) for name, function in LOSSES.items()}


def slopes(case):
    """What the backward of each loss gives."""
    return {f"the gradient of {name}": function(case.x, case.target) for name, function in SLOPES.items()}
