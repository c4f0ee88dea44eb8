"""A computation read off its code as a graph: values, gradients and their shares, what follows from own numbers."""

import matplotlib
import numpy as np
import pytest

from week02_matrix_diff import backprop_graph

matplotlib.use("Agg")

NODES = {"s": lambda x, y: x + y, "g": lambda s, y: s * y}


@pytest.fixture
def graph():
    return backprop_graph.Graph(NODES, x=3.0, y=2.0)


def test_values_and_gradients(graph):
    """g = (x + y) y at (3, 2), worked by hand."""
    assert {name: float(value) for name, value in graph.values.items()} == {"x": 3, "y": 2, "s": 5, "g": 10}
    wanted = {"g": 1, "s": 2, "x": 2, "y": 7}
    assert {name: float(graph.gradients[name]) for name in wanted} == pytest.approx(wanted, rel=1e-8)


def test_shares_add_up_to_the_gradient(graph):
    """Two arrows leave y: 2 comes back along one, 5 along the other."""
    shares = [float(graph.share(edge, graph.values, graph.gradients)) for edge in (("y", "s"), ("y", "g"))]
    assert shares == pytest.approx([2, 5], rel=1e-8)


def test_arrays_have_gradients_of_their_shape():
    """Half the sum of squares of X w: the gradient of w is X'X w."""
    X, w = np.array([[1.0, 2.0], [-1.0, 2.0], [0.5, 0.0]]), np.array([0.5, 1.0])
    graph = backprop_graph.Graph({"p": lambda X, w: X @ w, "E": lambda p: np.sum(p**2) / 2}, X=X, w=w)
    np.testing.assert_allclose(graph.gradients["w"], X.T @ X @ w, rtol=1e-7)
    np.testing.assert_allclose(graph.gradients["X"], np.outer(X @ w, w), rtol=1e-7)


def test_at_a_kink_the_slope_is_that_on_the_left():
    """ReLU'(0) = 0."""
    graph = backprop_graph.Graph({"a": lambda z: np.maximum(0, z), "E": lambda a: np.sum(a)}, z=[-1.0, 0.0, 2.0])
    np.testing.assert_allclose(graph.gradients["z"], [0, 0, 1], atol=1e-9)


def test_what_follows_from_own_numbers(graph):
    """From s = 6, which is wrong, follows g = 12 and, with 1 at g, the gradient 8 of y."""
    own = {"x": 3.0, "y": 2.0, "s": 6.0}
    assert float(graph.value_from("g", own)) == 12
    assert float(graph.gradient_from("y", own, {"g": 1.0, "s": 2.0})) == pytest.approx(8)


def written(figure):
    import matplotlib.pyplot as plt

    texts = [text.get_text() for text in figure.axes[0].texts]
    plt.close(figure)
    return texts


def test_the_picture_shows_every_number(graph):
    """Values, gradients, and the shares of the gradient of y."""
    assert {"x", "y", "s", "g", "3", "2", "5", "10", "1", "7"} <= set(written(graph.draw()))


def test_the_picture_shows_own_numbers_and_what_is_missing(graph):
    """A question mark for None; shares, which would tell the answer, are left out."""
    texts = written(graph.draw({"s": 4.0, "g": None}, {"s": None, "no node": 1.0}))
    assert texts.count("?") == 2 and "4" in texts and "7" not in texts and "5" not in texts
