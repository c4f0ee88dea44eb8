"""Errors of newcomers are explained: each meaning has an error that really raises it."""

import math
import operator

import numpy as np
import pytest

from grader.checks.exercise.exceptions import explain
from grader.checks.exercise.numpy_errors import DROPPED, MEANINGS, ROW, meaning, meaning_of_report
from grader.checks.exercise.shape_products import wrong_product

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


def _raised(error):
    raise error


RAISING = {
    "inner sizes": lambda: A @ B,
    "inner sizes of dot": lambda: np.dot(A, B),
    "broadcast": lambda: A + V,
    "row for a column": lambda: A + np.ones(2),
    "row for a column, first": lambda: np.ones(2) + A,
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
    "axis": lambda: V.sum(axis=1),
    "maximum of nothing": lambda: V[:0].max(),
    "into integers": lambda: np.add(np.ones(2, int), 0.5, out=np.ones(2, int)),
    "read only": lambda: np.broadcast_to(V, (2, 4)).__setitem__(0, 1),
    "into another shape": lambda: A.__setitem__(0, V),
    "join": lambda: np.concatenate([A, V]),
    "join sizes": lambda: np.concatenate([A, np.ones((1, 2))]),
    "stack": lambda: np.stack([V, A]),
    "mask of another length": lambda: A[np.array([True])],
    "shape as two numbers": lambda: np.zeros(3, 4),
    "float size": lambda: range(V[0]),
    "float shape": lambda: np.zeros(3.0),
    "tuple for a number": lambda: np.random.randn((3, 4)),
    "assign to a number": lambda: exec("x[...] = 0", {"x": V.sum()}),
    "assign to a tuple": lambda: exec("t[0] = 3", {"t": (1, 2)}),
    "length of a number": lambda: len(3),
    "array as a key": lambda: {V: 1},
    "minus a list": lambda: -[1],
    "no such function": lambda: np.sigmoid,
    "a dropped name": lambda: np.float(1),
    "array of objects": lambda: np.exp([None]),
    "function for its value": lambda: np.sin(_caught),
    "text": lambda: float("one"),
    "product with a number": lambda: A @ 2,
    "shape to broadcast to": lambda: np.broadcast_to(V, (V.size + 1, 2)),
    "index of nothing": lambda: np.zeros((0, 2))[0],
    "einsum letters": lambda: np.einsum("ij,j->i", A, A),
    "list has no shape": lambda: [1].shape,
    "array has no append": lambda: V.append(1),
    "text plus number": lambda: "loss" + 1,
    "not square": lambda: np.linalg.inv(A),
    "overflow": lambda: math.exp(1000),
    "negative power": lambda: np.array([2]) ** -1,
    "transpose of more axes": lambda: A.transpose(2, 1, 0),
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
    "power": lambda: np.ones(2) ^ 2,
    "module": lambda: __import__("no_such_module"),
    "assert": lambda: _raised(AssertionError()),
    "number before a dot": lambda: (3).exp(1),
    "list before a dot": lambda: [1, 2].max(),
    "function before a dot": lambda: len.T,
    "object of the check": lambda: _raised(AttributeError("an object of this check has no attribute 'weights'")),
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
    assert meaning(error, str(error)), f"{type(error).__name__}: {error}"


def test_every_meaning_is_reached():
    """No explanation is without an error that leads to it."""
    caught = map(_caught, RAISING)
    reached = {meaning(error, str(error)) for error in caught}
    assert {text for _, _, text in MEANINGS} | {ROW} == reached


@pytest.mark.parametrize(("shapes", "asked"), [(((2, 3), (3, 4)), True), (((5, 4), (5, 3)), False)])
def test_a_product_is_asked_for_where_its_inner_sizes_are_equal(shapes, asked):
    with pytest.raises(ValueError, match="broadcast") as caught:
        np.add(*map(np.ones, shapes))
    said = meaning(caught.value, str(caught.value))
    assert said.startswith("the shapes do not fit") and ("is a matrix product meant" in said) == asked


@pytest.mark.parametrize("name", RAISING)
def test_a_reported_error_means_the_same(name):
    """Grading knows an error by the name of its type and its message only."""
    error = _caught(name)
    assert meaning_of_report(type(error).__name__, str(error)) == meaning(error, str(error))


@pytest.mark.parametrize("name", DROPPED)
def test_a_name_that_numpy_dropped_is_explained_with_its_present_one(name):
    """The present name exists, in the numpy of this machine too."""
    said = meaning(AttributeError(), f"module 'numpy' has no attribute '{name}'")
    assert operator.attrgetter(DROPPED[name])(np) and said.endswith(f"it is np.{DROPPED[name]} now")


@pytest.mark.parametrize("name", [None, "x" * 50, "__class__", "print", "BaseException"])
def test_an_unknown_type_means_nothing(name):
    """The name comes from the student's process, and may be anything."""
    assert meaning_of_report(name, "some message") == ""


PRODUCTS = {
    "hidden = X @ self.weights.T + b": "X @ self.weights.T is 32x64 with 128x64",
    "return np.dot(X, self.weights)": "",
    "return np.dot(self.weights, X)": "np.dot(self.weights, X) is 64x128 with 32x64",
    "return np.maximum(0, X @ self.weights).dot(X)": "",
    "return (X @ self.weights) @ X": "X @ self.weights @ X is 32x128 with 32x64",
    "y = b @ X": "b @ X is 128 with 32x64",
    "y = X @ unknown": "",
    "for a in X @ X:": "X @ X is 32x64 with 32x64",
    "X @ X,": "X @ X is 32x64 with 32x64",
    "return X.T @ G * G * (1 - G)": "X.T @ G * G is (X.T @ G) * G, 64x10 with 32x10; are brackets missing?",
    "return X.T @ (G * X)": "",
    "return X @ self.weights / b": "",
    "this is no python": "",
}


@pytest.mark.parametrize("line", PRODUCTS)
def test_the_product_that_fails_is_named_with_its_sizes(line):
    """Of several products in a line it is the one whose inner sizes differ, whatever is around it."""
    shapes = {"X": (32, 64), "self.weights": (64, 128), "b": (128,), "G": (32, 10)}
    assert wrong_product(line, shapes.get) == PRODUCTS[line]


def test_a_wrong_product_is_explained():
    """Its factors and sizes, what the message means, and a question."""

    def forward(X, weights):
        return X @ weights

    try:
        forward(np.ones((32, 64)), np.ones((128, 10)))
    except ValueError as error:
        assert explain(error).meaning == (
            "X @ weights is 32x64 with 128x10: the inner sizes of the product differ; neither fits turned round, "
            "either; is it the array that is meant?"
        )


@pytest.mark.parametrize(
    ("sizes", "asks"),
    [
        (((5, 3), (5, 2)), ".T"),
        (((3, 5), (2, 5)), ".T"),
        (((5, 3), (4, 5)), "order"),
        (((5, 3), (4, 2)), "is it the array that is meant?"),
    ],
)
def test_a_transpose_is_asked_for_where_it_would_fit(sizes, asks):
    left, right = map(np.ones, sizes)
    with pytest.raises(ValueError, match="matmul") as caught:
        left @ right
    said = explain(caught.value).meaning
    assert asks in said and (".T" in said) == (asks in (".T", "order"))


@pytest.mark.parametrize(
    ("line", "product", "turned"),
    [
        ("g = g2 @ W2.T * a2", False, True),
        ("G * W", True, True),
        ("grad = grad + gradient", False, True),
        ("", True, True),
    ],
)
def test_a_matrix_product_is_asked_for_where_there_is_none_in_the_line(line, product, turned):
    with pytest.raises(ValueError, match="broadcast") as caught:
        np.ones((3, 4)) + np.ones((4, 3))
    said = meaning(caught.value, str(caught.value), line)
    assert ("that is @" in said) == product and ("is a .T missing" in said) == turned


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


def test_where_a_division_ended_its_numbers_are_shown():
    """Which of them are equal, or zero, says what happened."""
    smallest, largest = 0.7, 0.7
    try:
        print(1 / (largest - smallest))
    except ZeroDivisionError as error:
        assert "  where    largest = 0.7, smallest = 0.7" in explain(error).lines()


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


class Slips:
    """Names that a beginner mistypes, or writes without self."""

    def __init__(self):
        self.weights, self.training = A, True

    def without_self(self):
        return weights  # noqa: F821

    def assigned_without_self(self):
        weights = weights - 1  # noqa: F821
        return weights

    def mistyped(self):
        return self.trainig

    def mistyped_function(self):
        return explian(A)  # noqa: F821

    def like_nothing(self):
        return self.velocity


@pytest.mark.parametrize(
    "method, said",
    [
        ("without_self", "the object has self.weights; without self. in front, weights is another name"),
        ("assigned_without_self", "the object has self.weights; without self. in front, weights is another name"),
        ("mistyped", "is `training` meant?"),
        ("mistyped_function", "is `explain` meant?"),
        ("like_nothing", "or it is not set in __init__"),
    ],
)
def test_a_slip_in_a_name_is_told_with_the_name_that_is_there(method, said):
    """An attribute without self., or the known name that is written most like it; none where none is like it."""
    try:
        getattr(Slips(), method)()
    except (NameError, AttributeError) as error:
        assert explain(error).meaning.endswith(said)


@pytest.mark.parametrize("line", ["-" * 100_000 + "1", "not " * 50_000 + "x"])
def test_a_line_that_is_nested_without_end_has_no_product(line):
    assert wrong_product(line, lambda name: (2, 3)) == ""
