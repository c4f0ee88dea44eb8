"""Errors of newcomers are explained: each meaning has an error that really raises it."""

import math

import numpy as np
import pytest

from grader.checks.explain import MEANINGS, explain, meaning_of

A, B = np.ones((2, 3)), np.ones((2, 3))
V = np.ones(4)


def _local():
    total += 1  # noqa: F821
    return total


def _endless():
    return _endless()


class Layer:
    def forward(self, x):
        return x


RAISING = {
    "inner sizes": lambda: A @ B,
    "inner sizes of dot": lambda: np.dot(A, B),
    "broadcast": lambda: A + V,
    "in place": lambda: np.add(A, np.ones((2, 2, 3)), out=A),
    "truth value": lambda: bool(A > 0),
    "ragged": lambda: np.array([[1.0], [1.0, 2.0]], dtype=float),
    "unpack too few": lambda: exec("a, b = V", {"V": V}),
    "reshape": lambda: A.reshape(4, 2),
    "domain": lambda: math.log(-1.0),
    "index": lambda: V[4],
    "index of a list": lambda: [1][2],
    "float index": lambda: V[1.0],
    "float index of a list": lambda: A.tolist()[V[0]],
    "indices": lambda: V[0, 0],
    "missing argument": lambda: Layer().forward(),
    "self forgotten": lambda: Layer().forward(1, 2),
    "keyword": lambda: Layer().forward(y=1),
    "none": lambda: print(end="") + math.pi,
    "list times float": lambda: [1] * 0.5,
    "list minus": lambda: [1] - 1,
    "subscript": lambda: math.pi[0],
    "call": lambda: A(0),
    "iterate": lambda: list(1.0),
    "math of array": lambda: math.exp(A),
    "local": _local,
    "name": lambda: undefined,  # noqa: F821
    "none has no": lambda: print(end="").sum,
    "attribute": lambda: Layer().weights,
    "zero": lambda: 1 / 0,
    "key": lambda: {}["w"],
    "recursion": _endless,
    "singular": lambda: np.linalg.inv(np.zeros((2, 2))),
}


def _caught(name):
    try:
        RAISING[name]()
    except Exception as error:
        return error
    raise AssertionError(f"{name} raises nothing")


@pytest.mark.parametrize("name", RAISING)
def test_common_errors_have_a_meaning(name):
    """No error of this list is left without an explanation."""
    error = _caught(name)
    assert meaning_of(error), f"{type(error).__name__}: {error}"


def test_every_meaning_is_reached():
    """No explanation is without an error that leads to it."""
    reached = {meaning_of(_caught(name)) for name in RAISING}
    assert {text for _, _, text in MEANINGS} == reached


def test_own_line_place_and_shapes():
    """The innermost line outside libraries, the function it is in, and the shapes of its arrays, also of attributes."""

    class Net:
        def __init__(self):
            self.weights, self.sizes = np.ones((3, 4)), [3, 4]

        def forward(self, inputs):
            return np.linalg.solve(self.weights, inputs)

    try:
        Net().forward(A)
    except np.linalg.LinAlgError as error:
        found = explain(error)
    assert found.line == "return np.linalg.solve(self.weights, inputs)"
    assert found.place.endswith("forward")
    assert found.shapes == "self.weights (3, 4), inputs (2, 3)"


def test_lists_are_named_too():
    """A list where an array was meant is the commonest reason; its length is shown."""
    values = [1.0, 2.0]
    try:
        values - A
        values["a"]
    except (TypeError, ValueError) as error:
        assert "values a list of length 2, A (2, 3)" in explain(error).shapes


def test_odd_exceptions_are_survived():
    """An exception without a traceback, without a message, or whose text raises."""

    class Rude(Exception):
        def __str__(self):
            raise RuntimeError("no")

    assert explain(Rude()).error == "Rude"
    assert explain(ValueError()).error == "ValueError"
    assert len(explain(ValueError("long " * 1000)).error) < 200


def test_properties_of_the_student_are_not_run():
    """Looking for shapes runs no code."""

    class Trap:
        @property
        def weights(self):
            raise SystemExit

    def use(trap):
        return trap.weights if False else A @ B

    try:
        use(Trap())
    except ValueError as error:
        assert explain(error).shapes == "A (2, 3), B (2, 3)"
