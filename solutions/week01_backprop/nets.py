"""The judge's own small nets: regression and classification, any depth, and wrong ones that students write.

``params`` is a list of ``(W, b)``, W ``[in, out]`` and b ``[out]``; gradients have the same layout.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from grader.judge import expect_that
from grader.judge.authoring.verdicts import StudentError, Wrong


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
    through; ``error`` (output, y) -> dE / d last z, averaged; ``targets`` (rng, n, outputs) -> y; ``returns`` what
    forward returns, in words.
    """

    activate: Callable
    slope: Callable
    finish: Callable
    error: Callable
    targets: Callable
    returns: str

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
        *inputs, out = self.outputs(x, params)
        grad_z, grads = self.error(out, y), []
        for a, (W, _) in zip(inputs[::-1], params[::-1], strict=True):
            grads.insert(0, (a.T @ grad_z, grad_z.sum(axis=0)))
            grad_z = (grad_z @ W.T) * self.slope(a)
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
    returns="the predictions",
)
CLASSIFICATION = Net(
    activate=np.tanh,
    slope=lambda a: 1 - a**2,
    finish=row_softmax,
    error=lambda out, y: (out - one_hot(y, out.shape)) / len(y),
    targets=lambda rng, n, outputs: rng.permutation(np.arange(n) % outputs),
    returns="the probabilities",
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


# Reading what came back


def found(value):
    """A value in words, by its type and shape alone."""
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, (list, tuple)):
        return f"a {type(value).__name__} of {len(value)}"
    return f"a {type(value).__name__}"


def numbers(value, shape, what):
    """``value`` as a float array, once it is known to be one of the given shape without NaN or infinity."""
    fits = isinstance(value, np.ndarray) and value.dtype.kind in "bif" and value.shape == shape
    expect_that(fits, f"{what}: an array of shape {shape} is expected, found {found(value)}")
    expect_that(bool(np.isfinite(value).all()), f"{what}: holds NaN or infinity")
    return value.astype(float)


def pairs(value, sizes, what, judged="Wb"):
    """``value`` as a list of (W, b) for a net of these sizes, once it is known to be one.

    ``judged`` names the members of the pairs whose shape and numbers matter; the others come back as they are.
    """
    depth = len(sizes) - 1
    listed = isinstance(value, (list, tuple)) and len(value) == depth
    expect_that(listed, f"{what}: a list of {depth} pairs is expected, one for each layer, found {found(value)}")
    for pair in value:
        paired = isinstance(pair, (list, tuple)) and len(pair) == 2
        expect_that(paired, f"{what}: each entry is to be a pair of two arrays, found {found(pair)}")
    wanted = list(zip(sizes[:-1], sizes[1:], strict=True))
    shapes = [np.shape(W) if isinstance(W, np.ndarray) else None for W, _ in value]
    backwards = shapes == wanted[::-1] and shapes != wanted
    expect_that(not backwards, f"{what}: the layers are listed from the last to the first")
    checked = []
    for i, ((W, b), shape) in enumerate(zip(value, wanted, strict=True), start=1):
        W = numbers(W, shape, f"{what}, layer {i}, W") if "W" in judged else W
        b = numbers(b, shape[1:], f"{what}, layer {i}, b") if "b" in judged else b
        checked.append((W, b))
    return checked


def same(mine, theirs, rtol=1e-9):
    """Are two lists of pairs of one layout equal up to rounding?"""
    return all(
        a.shape == b.shape and np.allclose(a, b, rtol=rtol, atol=rtol)
        for one, other in zip(mine, theirs, strict=True)
        for a, b in zip(one, other, strict=True)
    )


def expect_params_unchanged(standin, original, what):
    """The params or gradients behind a stand-in are what they were, to the last bit."""
    now = standin.value()
    alike = isinstance(now, list) and len(now) == len(original)
    alike = alike and all(
        len(pair) == 2 and all(np.array_equal(a, b) for a, b in zip(pair, before, strict=True))
        for pair, before in zip(now, original, strict=True)
    )
    expect_that(bool(alike), f"{what} was changed in place: make new arrays and a new list", "argument_changed")


def apart(student, question, *lendings):
    """Ask; where that fails, ask again with right functions of the judge's in place of the student's own.

    ``lendings`` are dicts {name: function}, tried in order; the last answer counts.
    """
    try:
        return question()
    except (Wrong, StudentError):
        for lent in lendings[:-1]:
            try:
                with student.replacing(**lent):
                    return question()
            except (Wrong, StudentError):
                continue
    with student.replacing(**lendings[-1]):
        return question()
