"""Answers in a dictionary: what counts as written, what is near enough, and what follows from a slip."""

import numpy as np
import pytest

from grader.checks.exercise.exercise import exercise
from grader.checks.quiz import worksheet
from week02_matrix_diff import backprop_graph

GRAPH = backprop_graph.Graph({"s": lambda x, y: x + y, "g": lambda s, y: s * y}, x=3.0, y=2.0)


@pytest.mark.parametrize("value", [None, [None, 1.0], [[1.0, 2.0], [None, None]]])
def test_none_is_not_written_yet(value):
    with pytest.raises(NotImplementedError, match="W"):
        worksheet.entry({"W": value}, "W", np.shape(value))


@pytest.mark.parametrize("value", [[1, 2], (1.0, 2), np.array([1.0, 2.0])])
def test_rows_of_any_kind(value):
    np.testing.assert_array_equal(worksheet.entry({"w": value}, "w", (2,)), [1.0, 2.0])


@pytest.mark.parametrize("sheet", [{}, None, {"w": "ab"}, {"w": [1.0]}, {"w": [1.0, np.nan]}, {"w": [[1.0, 2.0]]}])
def test_what_is_no_such_entry_is_told(sheet):
    """In words, as a TypeError that the exercise explains."""
    with pytest.raises(TypeError, match='"w"'):
        worksheet.entry(sheet, "w", (2,))


def test_near_means_four_decimals():
    assert worksheet.near([1.00005, 2.0], [1.0, 2.0])
    assert not worksheet.near([1.0001, 2.0], [1.0, 2.0])
    assert worksheet.near(3.0, 1.0, 3.0)


def found(check):
    return [result.ok for result in check.report.results]


@pytest.mark.parametrize(
    ("values", "ok"),
    [({"s": 5, "g": 10}, [True, True]), ({"s": 6, "g": 12}, [False, True]), ({"s": 6, "g": 13}, [False, False])],
)
def test_a_value_that_follows_from_a_slip_is_right(values, ok, capsys):
    with exercise("graph") as check:
        worksheet.check_values(check, GRAPH, values, ["s", "g"])
    assert found(check) == ok
    assert "10" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("gradients", "ok"),
    [
        ({"g": 1, "s": 2, "y": 7}, [True, True, True]),
        ({"g": 1, "s": 3, "y": 8}, [True, False, True]),
        ({"g": 1, "s": 2, "y": 5}, [True, True, False]),
    ],
)
def test_a_gradient_that_follows_from_a_slip_is_right(gradients, ok):
    with exercise("graph") as check:
        worksheet.check_gradients(check, GRAPH, gradients, "gsy", {"s": 5.0, "g": 10.0})
    assert found(check) == ok


def test_lines_stay_when_an_entry_is_not_written(capsys):
    """The first is judged, the second is None."""
    with exercise("graph") as check:
        worksheet.check_values(check, GRAPH, {"s": 5, "g": None}, ["s", "g"])
    assert found(check) == [True]
    assert "not written yet" in capsys.readouterr().out
