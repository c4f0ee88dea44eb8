"""Every figure says in words what is on it."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from grader.checks.figures.alt_text import MOST, alt_text, described
from grader.checks.figures.computation_graphs import draw_graph


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_titles_axes_and_curves_are_told():
    """A curve by its name in the legend, its ends, and how far it goes beyond them."""
    figure, (left, right) = plt.subplots(1, 2)
    figure.suptitle("Two runs")
    left.set(title="loss", xlabel="step", ylabel="$E$")
    left.plot([2.0, 1.0, 0.5], label="SGD")
    left.plot([2.0, 9.0, 1.0], label="Adam")
    right.scatter([1, 2, 3], [1, 2, 3], label="samples")
    assert alt_text(figure) == (
        "Two runs. 2 panels. Panel 1: loss; x: step, y: E; SGD, from 2 to 0.5; Adam, from 2 to 1, between 1 and 9. "
        "Panel 2: samples (3)."
    )


def test_many_panels_are_told_by_their_titles():
    figure, grid = plt.subplots(3, 4)
    for number, axes in enumerate(grid.flat):
        axes.set_title(f"{number} read as 7")
    assert alt_text(figure).startswith("12 panels. Their titles: 0 read as 7; 1 read as 7;")
    assert alt_text(figure).endswith("and 4 more.")


def test_pictures_bars_and_words_are_told_and_the_whole_is_short():
    figure, axes = plt.subplots()
    axes.imshow(np.zeros((8, 6)))
    axes.bar([0, 1, 2], [1.0, 3.0, 2.0])
    axes.text(0, 0, r"$\frac{1}{2} e^2$")
    assert alt_text(figure) == "3 bars, from 1 to 3; a picture of 8 by 6 cells; written in it: 1/2 e^2."
    axes.set_title("word " * 1000)
    assert len(alt_text(figure)) <= MOST
    assert alt_text(described(figure, "A picture.")) == "A picture."


def test_a_graph_is_told_by_its_edges_and_numbers():
    figure = draw_graph(
        {"x": "$x$", "w": "$w$", "p": "$w x$"},
        [("x", "p", "2"), ("w", "p")],
        values={"x": 3, "w": 2, "p": 6},
        gradients={"p": 1},
    )
    assert alt_text(figure) == (
        "Computational graph: x (slope 2) and w into w x. Forward: x 3, w 2, w x 6. Back: w x 1."
    )
