"""A computation as a graph: what flows forwards along its edges, and what flows back.

    graph = backprop_graph.Graph({"s": lambda x, y: x + y, "f": lambda s, y: s * y}, x=2.0, y=3.0)
    graph.draw()

The graph is read off the code: a node is a function, and its parameters name the nodes that feed it. Gradients are
measured by differences, never derived, so that you can compare a picture with what you derived on paper.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from grader.checks.figures.computation_graphs import draw_graph

if TYPE_CHECKING:
    from matplotlib.figure import Figure, SubFigure

UNKNOWN = "?"
STEP, KINK = 1e-5, 1e-2  # a kink: slopes left and right that differ by more than KINK, and by more than KINK of them


class Graph:
    """Nodes of a computation, in an order in which they can be computed; the last one is the result, a number.

    nodes: {name: function}; the names of its parameters are names of inputs or of earlier nodes.
    inputs: the values at the leaves, numbers or arrays.

    Attributes: `values` {name: value}, leaves included; `gradients` {name: derivative of the result with
    respect to it, in its shape}; `sources` {name: names it is computed from}. At a kink, the slope on its left counts:
    ReLU'(0) = 0.
    """

    def __init__(self, nodes: Mapping[str, Callable], **inputs: ArrayLike) -> None:
        self.nodes = dict(nodes)
        self.sources = {name: list(inspect.signature(f).parameters) for name, f in self.nodes.items()}
        self.inputs = {name: np.asarray(value, dtype=float) for name, value in inputs.items()}
        self.values = dict(self.inputs)
        for name in self.nodes:
            self.values[name] = self.value_from(name, self.values)
        self.gradients: dict[str, np.ndarray] = {}
        for name in reversed(list(self.values)):
            self.gradients[name] = self.gradient_from(name, self.values, self.gradients)

    @property
    def result(self) -> str:
        """The name of the last node."""
        return list(self.nodes)[-1]

    @property
    def edges(self) -> list[tuple[str, str]]:
        """(source, target), for every parameter of every node."""
        return [(source, name) for name, sources in self.sources.items() for source in sources]

    def value_from(self, name: str, values: Mapping[str, np.ndarray]) -> np.ndarray:
        """What a node computes from these values of its sources; they may be a student's."""
        fed = [np.asarray(values[source], dtype=float) for source in self.sources[name]]
        return np.asarray(self.nodes[name](*fed), dtype=float)

    def gradient_from(
        self, name: str, values: Mapping[str, np.ndarray], gradients: Mapping[str, np.ndarray]
    ) -> np.ndarray:
        """The gradient of a node that follows from these values and these gradients of the nodes it feeds."""
        if name == self.result:
            return np.ones_like(np.asarray(values[name], dtype=float))
        shares = [self.share((name, target), values, gradients) for source, target in self.edges if source == name]
        return sum(shares, np.zeros_like(np.asarray(values[name], dtype=float)))

    def share(
        self, edge: tuple[str, str], values: Mapping[str, np.ndarray], gradients: Mapping[str, np.ndarray]
    ) -> np.ndarray:
        """What comes back along one edge: the chain rule for one link, with a measured slope."""
        source, target = edge
        fed = {name: np.asarray(values[name], dtype=float) for name in self.sources[target]}

        def weighted(v: np.ndarray) -> float:
            return float(np.sum(gradients[target] * np.asarray(self.nodes[target](**{**fed, source: v}))))

        return _slope(weighted, fed[source])

    def draw(
        self,
        values: Mapping | None = None,
        gradients: Mapping | None = None,
        labels: Mapping[str, str] | None = None,
        places: Mapping | None = None,
        backward: bool = True,
    ) -> Figure | SubFigure:
        """The graph by `draw_graph`: each value above its node, each gradient below. Returns the figure.

        values, gradients: {name: number or array} to show in place of the graph's own; None is shown as a question
        mark, and names that are no nodes are left out. Where several edges leave a node, the graph's own gradients are
        written on them as well, share by share.
        labels: {name: text in the node}; places: {name: (column, row)}; backward: with gradients?
        """
        labels = {name: (labels or {}).get(name, name) for name in self.values}
        edges: list[tuple] = [*self.edges]
        if backward and gradients is None:
            edges = [(*edge, self._share_in_words(edge)) for edge in edges]
        values = self.values if values is None else {**self.inputs, **values}
        gradients = self.gradients if gradients is None else gradients
        written = [
            {name: _text(value) for name, value in numbers.items() if name in labels} for numbers in (values, gradients)
        ]
        return draw_graph(labels, edges, written[0], written[1] if backward else None, places=places)

    def _share_in_words(self, edge: tuple[str, str]) -> str:
        several = sum(source == edge[0] for source, _ in self.edges) > 1
        return _text(self.share(edge, self.values, self.gradients)) if several else ""


def _slope(f: Callable[[np.ndarray], float], value: np.ndarray) -> np.ndarray:
    """Slope of the number f in each entry of a number or an array, in its shape: centred, or on the left of a kink."""
    slopes = np.zeros(value.size)
    for i in range(value.size):
        step = np.zeros(value.size)
        step[i] = STEP * max(1.0, abs(value.flat[i]))
        below, here, above = (f(value + k * step.reshape(value.shape)) for k in (-1, 0, 1))
        left, right = (here - below) / step[i], (above - here) / step[i]
        kink = abs(right - left) > KINK * (abs(left) + abs(right))
        slopes[i] = left if kink and abs(right - left) > KINK else (left + right) / 2
    return slopes.reshape(value.shape)


def _text(value: Any) -> str:
    """A number, or the rows of an array, as text; a question mark stands for None."""
    if value is None:
        return UNKNOWN
    array = np.array(value, dtype=object)
    if array.ndim == 0:
        return UNKNOWN if array.item() is None else _number(array.item())
    rows = array if array.ndim > 1 else [array]
    return "\n".join("[" + "  ".join(_text(cell) for cell in row) + "]" for row in rows)


def _number(value: float) -> str:
    value = float(value)
    return f"{0.0 if abs(value) < 5e-7 else value:.3g}".replace("-", "\N{MINUS SIGN}", 1)
