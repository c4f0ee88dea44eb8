"""Matrices drawn as grids: every number once, in its place, lit where it is asked for."""

import numpy as np
import pytest

from grader.checks.figures.matrices import TINTS, Grid, column, draw_equation, entry, row

A = np.array([[1.0, 2.0], [0.0, -1.5], [3.0, 1.0]])


@pytest.fixture(autouse=True)
def close_figures():
    yield
    pytest.importorskip("matplotlib.pyplot").close("all")


def texts(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def tints(figure):
    from matplotlib.colors import to_hex

    return [to_hex(patch.get_facecolor()).upper() for patch in figure.axes[0].patches]


def test_numbers_names_shapes_and_signs_are_written():
    """A vector is a row, and keeps its own shape."""
    figure = draw_equation(Grid(A, "A"), "+", Grid(np.array([7.0, 8.0]), "b"))
    assert texts(figure) == [
        *["1", "2", "0", "\N{MINUS SIGN}1.5", "3", "1"],
        *["A", "[3, 2]", "+", "7", "8", "b", "[2]"],
    ]


def test_rows_stand_below_each_other():
    """The first row on top."""
    figure = draw_equation(Grid(A, "A"))
    heights = {text.get_text(): text.get_position()[1] for text in figure.axes[0].texts}
    assert heights["2"] > heights["0"] > heights["3"]


@pytest.mark.parametrize(
    ("lit", "cells"),
    [
        (row(A, 1), [2, 3]),
        (column(A, 1), [1, 3, 5]),
        (entry(A, 2, 0), [4]),
        (True, range(6)),
        (A > 1.5, [1, 4]),
        (0, []),
    ],
)
def test_what_is_lit(lit, cells):
    """The cells asked for, and no others."""
    shown = tints(draw_equation(Grid(A, lit=lit)))
    assert [place for place, tint in enumerate(shown) if tint == TINTS[1].upper()] == list(cells)


def test_groups_have_their_own_tints():
    """As many as there are numbers of groups."""
    assert len(set(tints(draw_equation(Grid(A, lit=np.array([[0, 1], [2, 3], [4, 4]])))))) == 5


def test_a_shape_without_numbers():
    """Cells, name and shape only."""
    assert texts(draw_equation(Grid(A, "X", numbers=False))) == ["X", "[3, 2]"]
