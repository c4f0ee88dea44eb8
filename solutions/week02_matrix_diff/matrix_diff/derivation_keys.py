"""Keys of the derivations: the value of the line that shows the rule, and the gradients, at points of their own."""

import numpy as np

from grader.checks.derivatives.derivation import draw
from grader.checks.questions import Right
from grader.judge.authoring.keys import Case, key
from week02_matrix_diff import derivation_questions as asked
from week02_matrix_diff.derivations import FUNCTIONS

from . import inverse_keys, model_keys, trace_keys, vector_keys


def softmax(Z):
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)  # public


def two_layer(X, Y, W1, W2):
    H = np.tanh(X @ W1)
    G = (softmax(H @ W2) - Y) / len(X)
    return [X.T @ (G @ W2.T * (1 - H * H)), H.T @ G]


# Of the letters in the order of FUNCTIONS: what the derivative is with respect to each variable.
GRADIENTS = {
    "quadratic": lambda x, A: [vector_keys.quadratic.right(x, A)],
    "log_quadratic": lambda x, A: [vector_keys.log_quadratic.right(x, A)],
    "sandwich": lambda a, A, X: [trace_keys.sandwich.right(a, X, A)],
    "trace_axb": lambda A, X, B: [trace_keys.trace_axb.right(A, X, B)],
    "trace_axx": lambda A, X: [trace_keys.trace_axx.right(A, X)],
    "logdet": lambda X: [inverse_keys.logdet.right(X)],
    "trace_axbinv": lambda A, X, B: [inverse_keys.trace_axbinv.right(A, X, B)],
    "det_sandwich": lambda X, A: [inverse_keys.det_sandwich.right(X, A)],
    "ridge": lambda w, X, y, lam: [2 * X.T @ (X @ w - y) + 2 * lam * w],
    "factorization_A": lambda X, A, S: [model_keys.left.right(X, A, S)],
    "two_layer": lambda X, Y, W1, W2, n: two_layer(X, Y, W1, W2),
}


def drawn(function):
    """A point of the function: its letters, vectors with one axis, numbers as such, and directions of variables."""

    def case(rng):
        point = draw(function, rng)[int(rng.integers(3))]
        at = {name: _plain(value, function.letters[name]) for name, value in point.letters.items()}
        for name, direction in point.directions.items():
            at[f"d{name}"] = _plain(direction, function.letters[name])
        return Case(at=at)

    return case


def _plain(value, said):
    if value.shape == (1, 1):
        return float(value[0, 0])
    return value[:, 0] if len(said.split()) == 1 else value


def derivatives(exercise, function, at):
    """What the derivative is with respect to each variable; of the inverse its differential."""
    letters = [at[name] for name in function.letters]
    if exercise == "inverse":
        return [inverse_keys.inverse.right(at["X"], at["dX"])]
    return GRADIENTS[exercise](*letters)


def declare(exercise, function):
    @key(getattr(asked, f"derive_{exercise}_rule"))
    class _:
        draw = drawn(function)

        def right(case):
            found = derivatives(exercise, function, case.at)
            if exercise == "inverse":
                return Right(found[0], "the line that shows the rule", hidden=True)
            value = sum(np.sum(G * case.at[f"d{name}"]) for G, name in zip(found, function.wrt, strict=True))
            return Right(float(value), "the line that shows the rule", hidden=True)

    @key(getattr(asked, f"derive_{exercise}_lines"))
    class _:
        draw = drawn(function)

        def right(case):
            found = derivatives(exercise, function, case.at)
            return [Right(np.asarray(G), "the last line", hidden=True) for G in found]


for _exercise, _function in FUNCTIONS.items():
    declare(_exercise, _function)
