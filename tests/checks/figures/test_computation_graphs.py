"""Computational graphs: where nodes stand, which numbers and arrows are drawn, what is refused."""

import numpy as np
import pytest

from grader.checks.figures.computation_graphs import BACKWARD, FORWARD, draw_graph, layout

NODES = {"x": "$x$", "w": "$w$", "p": "$w x$", "b": "$b$", "s": "$w x + b$"}
EDGES = [("x", "p", "2"), ("w", "p", "3"), ("p", "s"), ("b", "s")]
VALUES = {"x": 3, "w": 2, "p": 6, "b": -1.0, "s": 5.0}
GRADIENTS = {"s": 1, "b": 1, "p": 1, "x": 2, "w": 3}


@pytest.fixture(autouse=True)
def close_figures():
    yield
    pytest.importorskip("matplotlib.pyplot").close("all")


def written(figure, colour):
    return sorted(text.get_text() for text in figure.axes[0].texts if text.get_color() == colour)


def arrows(figure):
    from matplotlib.patches import FancyArrowPatch

    return [patch for patch in figure.axes[0].patches if isinstance(patch, FancyArrowPatch)]


def test_each_node_stands_right_of_what_it_is_made_from():
    """And what is given stands one column before its first use."""
    spots = layout(NODES, EDGES)
    assert all(spots[tail][0] < spots[head][0] for tail, head, *_ in EDGES)
    assert {name: column for name, (column, _) in spots.items()} == {"x": 0, "w": 0, "p": 1, "b": 1, "s": 2}
    assert spots["x"][1] == -spots["w"][1] == 0.5 and spots["s"][1] == 0
    assert len(set(spots.values())) == len(spots)


def test_values_in_one_colour_and_gradients_in_another():
    """Every number once; labels and slopes as they are given."""
    figure = draw_graph(NODES, EDGES, VALUES, GRADIENTS)
    assert written(figure, FORWARD) == sorted(["3", "2", "6", "\N{MINUS SIGN}1", "5"])
    assert written(figure, BACKWARD) == sorted(["1", "1", "1", "2", "3"])
    assert {"$w x + b$", "2", "3"} <= {text.get_text() for text in figure.axes[0].texts}


def test_arrows_back_come_with_gradients():
    """One arrow an edge without them, two with them."""
    assert len(arrows(draw_graph(NODES, EDGES, VALUES))) == 4
    assert len(arrows(draw_graph(NODES, EDGES, VALUES, GRADIENTS))) == 8
    assert len(arrows(draw_graph(NODES, EDGES, VALUES, {}))) == 8


def test_values_above_and_gradients_below_their_node():
    """Position tells them apart as well as colour."""
    figure = draw_graph(["a", "b"], [("a", "b")], {"b": 7}, {"b": 9})
    heights = {text.get_text(): text.get_position()[1] for text in figure.axes[0].texts}
    assert heights["9"] < heights["b"] < heights["7"]


def test_a_number_makes_way_for_an_arrow():
    """To the other side than the one on which an arrow comes from above or from below."""
    figure = draw_graph(["a", "b", "c"], [("a", "c"), ("b", "c")], {"c": 7, "b": 5}, {"c": 9, "a": 8})
    extents = {text.get_text(): text.get_window_extent() for text in figure.axes[0].texts}
    across = {text: (box.x0 + box.x1) / 2 for text, box in extents.items()}
    assert across["7"] > across["c"] and across["9"] > across["c"]
    assert across["8"] < across["a"] and across["5"] < across["b"]


def test_places_and_axes_that_are_given():
    """A node stands where it is told to; nothing is drawn elsewhere."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    assert draw_graph(["a", "b"], [("a", "b")], places={"b": (3, 2)}, axes=axes) is figure
    (a, b) = [text.get_position() for text in axes.texts]
    assert a == (0, 0) and b[0] > 3 and b[1] > 2


def test_arrays_and_texts_are_written_too():
    """A matrix row by row, a text as it is."""
    figure = draw_graph(["a", "b"], [("a", "b")], {"a": np.array([[1.0, -2.5], [0, 1 / 3]]), "b": "[n, 2]"}, digits=2)
    assert written(figure, FORWARD) == sorted(["[1 \N{MINUS SIGN}2.5]\n[0 0.33]", "[n, 2]"])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"edges": [("a", "z")]}, "edges name 'z'"),
        ({"edges": [("a", "b")], "values": {"z": 1}}, "values name 'z'"),
        ({"edges": [("a", "b")], "gradients": {"z": 1}}, "gradients name 'z'"),
        ({"edges": [("a", "b"), ("b", "a")]}, "a cycle among a, b"),
    ],
)
def test_what_cannot_be_drawn_is_told(arguments, told):
    """By name."""
    with pytest.raises(ValueError, match=told):
        draw_graph(["a", "b"], **arguments)


def test_no_number_lies_on_an_arrow():
    """Wide numbers, arrows that come from above and go down: each makes way."""
    nodes, row = ["W", "X", "Z", "y", "L"], "[0.00984  0.00234]\n[-0.13  0.0253]"
    places = {"X": (0, 0), "W": (0, 1.8), "Z": (2, 0), "y": (2, 1.8), "L": (4, 0)}
    edges = [("X", "Z"), ("W", "Z"), ("Z", "L"), ("y", "L")]
    figure = draw_graph(nodes, edges, dict.fromkeys(nodes, row), dict.fromkeys(nodes, row), places=places)
    figure.canvas.draw()
    numbers = [text.get_window_extent() for text in figure.axes[0].texts if text.get_color() in (FORWARD, BACKWARD)]
    assert len(numbers) == 10
    for arrow in arrows(figure):
        ends = figure.axes[0].transData.transform(arrow.get_path().vertices[:3])  # from, by, to
        way = ends[0] + np.linspace(0.1, 0.9, 60)[:, None] * (ends[-1] - ends[0])
        assert not any(box.contains(*point) for box in numbers for point in way)
