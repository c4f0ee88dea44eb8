"""What a student reads about an exception in a hidden test: the line, the shapes, the meaning, and no hidden number."""

import sys
from types import ModuleType

import pytest

from grader.judge.authoring.exceptions import in_students_words, student_error

MATMUL = "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature (n?,k),(k,m?)->(n?,m?) "


def hint(kind, message, source="", shapes=None):
    trace = [{"line": 3, "function": "forward", "source": source}] if source else []
    return student_error({"type": kind, "message": message, "trace": trace, "shapes": shapes}).hint


def test_a_wrong_product_names_its_factors():
    """Also those that are attributes of self."""
    shapes = {"input": [[32, 64], "<f8"], "self.weights": [[128, 10], "<f8"]}
    assert hint("ValueError", MATMUL + "(size 128 is different from 64)", "return input @ self.weights", shapes) == (
        "stopped with ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0 (size 128 is "
        "different from 64); in forward, at `return input @ self.weights`; where input has shape (32, 64), "
        "self.weights has shape (128, 10); likely input @ self.weights is 32x64 with 128x10: the inner sizes of the "
        "product differ; "
        "neither fits turned round, either; is it the array that is meant?"
    )


@pytest.mark.parametrize(
    ("kind", "message", "likely"),
    [
        ("UFuncTypeError", "Cannot cast ufunc 'add' output from dtype('float64')", "start from floats"),
        ("AxisError", "axis 1 is out of bounds for array of dimension 1", "a vector has axis 0 only"),
        ("TypeError", "unsupported operand type(s) for +: 'NoneType' and 'float'", "a function without return"),
        ("KeyError", "'w'", "the dictionary has no such key"),
        ("AttributeError", "'int' object has no attribute 'exp'", "the name before the dot stands for a single value"),
        ("AttributeError", "'list' object has no attribute 'max'", "is one of its items meant"),
        ("AttributeError", "'function' object has no attribute 'T'", "the parentheses are missing"),
        ("ModuleNotFoundError", "No module named 'torch'", "the exercises need numpy alone"),
        ("ZeroDivisionError", "division by zero", "a counter that starts at 0"),
    ],
)
def test_common_errors_are_explained(kind, message, likely):
    """The same table as in the notebook."""
    assert likely in hint(kind, message, "x = y")


@pytest.mark.parametrize("shapes", [None, [], {"x": 3}, {"x": [["a"], ""]}, {1: [[2], ""]}, {"a b": [[2], ""]}])
def test_odd_reports_are_survived(shapes):
    """The report comes from the student's process."""
    assert hint("ValueError", 3, "x @ x", shapes) == "stopped with ValueError; in forward, at `x @ x`"


def test_names_in_a_line_keep_their_digits():
    line = "g1 = g2 @ W2.T * a123.T[0] + 0.25 - b_1.T + 3.5e-7"
    assert "`g1 = g2 @ W2.T * a123.T[0] + # - b_1.T + #`" in hint("ValueError", "x", line)


def test_hidden_numbers_are_not_repeated():
    assert hint("ValueError", "could not convert string to float: 0.73261") == (
        "stopped with ValueError: could not convert string to float: #; likely a text stands where a number is meant"
    )


def test_lists_are_told_as_lists_and_other_objects_not_at_all():
    """The network is a list of three layers, and no array; a layer of the check has no shape."""
    shapes = {"network": [[3], "list"], "X": [[6, 4], "<f8"], "layer": [[2], "Affine"]}
    assert "; where X has shape (6, 4), network is a list of length 3; likely" in hint(
        "TypeError", "'list' object is not callable", "network(X)(layer)", shapes
    )


def test_classes_of_the_check_are_not_named(monkeypatch):
    """No student has seen them: what is said is what the student did with them."""
    check = ModuleType("some_questions")
    check.Affine = type("Affine", (), {"__module__": "some_questions"})
    monkeypatch.setitem(sys.modules, "some_questions", check)
    said = hint("AttributeError", "'Affine' object has no attribute 'weights'", "layer.weights = 0")
    assert in_students_words(said, "some_questions") == (
        "stopped with AttributeError: an object of this check has no attribute 'weights'; in forward, at "
        "`layer.weights = 0`; likely use of it only what the exercise says it has"
    )
    said = hint("TypeError", "Affine.backward() missing 1 required positional argument: 'grad_output'")
    assert "TypeError: backward() missing 1" in in_students_words(said, "some_questions")
    assert in_students_words(said, "no_such_module") == said
