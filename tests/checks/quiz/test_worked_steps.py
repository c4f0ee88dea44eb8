"""Answers in variables: what counts as written and as a number; steps drawn on a loss."""

import numpy as np
import pytest

from grader.checks.quiz import worked_steps


@pytest.mark.parametrize("values", [None, [None, None], [1.0, None]])
def test_none_is_not_written_yet(values):
    """Whole or in part."""
    with pytest.raises(NotImplementedError, match="gd_steps"):
        worked_steps.numbers(values, 2, "gd_steps")


@pytest.mark.parametrize("values", [[1, 2], (1.0, 2), np.array([1.0, 2.0]), [np.float64(1), np.array(2)]])
def test_numbers_of_any_kind(values):
    """Lists, tuples, arrays; integers and numpy's numbers."""
    np.testing.assert_array_equal(worked_steps.numbers(values, 2, "steps"), [1.0, 2.0])


@pytest.mark.parametrize("values", [["a", "b"], [1.0, np.nan], "12", [[1.0, 2.0]], 7.0])
def test_what_is_no_list_of_numbers_is_told(values):
    """In words, as a TypeError that the exercise explains."""
    with pytest.raises(TypeError, match="steps must be a list of 2"):
        worked_steps.numbers(values, 2, "steps")


def test_the_start_in_the_list_is_told():
    """Three numbers where two steps are asked for."""
    with pytest.raises(TypeError, match="without the start w0"):
        worked_steps.numbers([0.0, 1.0, 2.0], 2, "steps")


def test_steps_are_drawn_where_they_are():
    """A panel a list; lists that are not written are left out."""
    plt = pytest.importorskip("matplotlib.pyplot")
    figure = worked_steps.draw_steps(lambda w: w**2, {"first": [1.0, 0.5], "second": [None, None]}, start=2.0)
    (ax,) = [ax for ax in figure.axes if ax.get_visible()]
    assert ax.get_title() == "first"
    assert [float(line.get_xdata()[0]) for line in ax.lines[1:]] == [2.0, 1.0, 0.5]
    with pytest.raises(NotImplementedError):
        worked_steps.draw_steps(lambda w: w**2, {"second": [None]})
    plt.close("all")
