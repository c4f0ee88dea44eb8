"""A computation as a graph: what flows forwards along its edges, and what flows back.

    graph = flow.Graph({"s": lambda x, y: x + y, "f": lambda s, y: s * y}, x=2.0, y=3.0)
    graph.draw()

The graph is read off the code: a node is a function, and its parameters name the nodes it is fed by. Gradients are
measured by differences, never derived, so that a picture can be compared with what was derived on paper.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping

import numpy as np

from grader.checks.plots import COLOURS

VALUE, GRADIENT = COLOURS[0], COLOURS[1]
UNKNOWN = "?"
STEP, KINK = 1e-5, 1e-2  # two slopes that differ by more than KINK of their size, and by more than KINK, are a kink
ROW_INCHES, MARGIN_INCHES = 0.85, 0.55
LETTER_INCHES, LINE_INCHES = 0.085, 0.32  # of a text on an edge; a line counts twice, for value and gradient
ALONG = 0.42  # where on an edge its texts stand: nearer to its start, since edges meet at their ends
LETTER_INCHES, LINE_INCHES = 0.085, 0.32  # of a text on an edge; a line counts twice, for value and gradient
ALONG = 0.42  # where on an edge its texts stand: nearer to its start, since edges meet at their ends


class Graph:
    """Nodes of a computation, in an order in which they can be computed; the last one is the result, a number.

    nodes: {name: function}; the names of its parameters are names of inputs or of earlier nodes.
    inputs: the values at the leaves, numbers or arrays.

    Attributes: `values` {name: value}, leaves included; `gradients` {name: derivative of the result by it, of its
    shape}; `sources` {name: names it is computed from}. At a kink a slope is that on the left, as ReLU'(0) = 0 has it.
    """

    def __init__(self, nodes: Mapping[str, Callable], **inputs):
        self.nodes = dict(nodes)
        self.sources = {name: list(inspect.signature(f).parameters) for name, f in self.nodes.items()}
        self.inputs = {name: np.asarray(value, dtype=float) for name, value in inputs.items()}
        self.values = dict(self.inputs)
        for name in self.nodes:
            self.values[name] = self.value_from(name, self.values)
        self.gradients: dict = {}
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

    def value_from(self, name, values):
        """What a node computes from these values of its sources, which may be a student's own."""
        fed = [np.asarray(values[source], dtype=float) for source in self.sources[name]]
        return np.asarray(self.nodes[name](*fed), dtype=float)

    def gradient_from(self, name, values, gradients):
        """The gradient of a node that follows from these values and these gradients of the nodes it feeds."""
        if name == self.result:
            return np.ones_like(np.asarray(values[name], dtype=float))
        shares = [self.share((name, target), values, gradients) for source, target in self.edges if source == name]
        return sum(shares, np.zeros_like(np.asarray(values[name], dtype=float)))

    def share(self, edge, values, gradients):
        """What comes back along one edge: the chain rule for one link, with a measured slope."""
        source, target = edge
        fed = {name: np.asarray(values[name], dtype=float) for name in self.sources[target]}

        def weighted(v):
            return float(np.sum(gradients[target] * np.asarray(self.nodes[target](**{**fed, source: v}))))

        return _slope(weighted, fed[source])

    def draw(self, values=None, gradients=None, labels=None, rows=None, along=None, backward=True):
        """The graph with a value and a gradient on every edge. Returns the figure.

        values, gradients: {name: number or array} to show in place of the graph's own; None is shown as a question
        mark. A gradient that comes back along several edges is then written at the node, where they are added up.
        labels: {name: text in the node}; rows: {name: height}, 0 for those that are not named; along: {edge: where on
        it its texts stand, 0 to 1}; backward: with gradients?
        """
        import matplotlib.pyplot as plt

        texts = self._texts(values, gradients, backward)
        lines = [text.split("\n") for pair in texts.values() for text in pair]
        pitch = 0.9 + LETTER_INCHES * max(4, *(len(line) for text in lines for line in text))
        height = ROW_INCHES + LINE_INCHES * max(map(len, lines))
        columns, rows = self._columns(), dict.fromkeys(self.values, 0.0) | dict(rows or {})
        places = {name: (pitch * columns[name], height * rows[name]) for name in self.values}
        figure, axis = plt.subplots()
        for edge, pair in texts.items():
            _draw_edge(axis, places[edge[0]], places[edge[1]], *pair, (along or {}).get(edge, ALONG))
        for name, place in places.items():
            _draw_node(axis, place, (labels or {}).get(name, name), name in self.inputs)
        if backward and gradients is not None:
            self._draw_sums(axis, places, gradients)
        _fit(figure, axis, np.array(list(places.values())))
        return figure

    def _texts(self, values, gradients, backward) -> dict:
        """{edge: (value, gradient)} in words; empty where there is nothing to say."""
        values = self.values if values is None else {**self.inputs, **values}
        shares = {}
        if backward and gradients is None:
            shares = {edge: self.share(edge, self.values, self.gradients) for edge in self.edges}
        elif backward:
            shares = {edge: gradients.get(edge[0], "") for edge in self.edges if self._fan_out(edge[0]) == 1}
        return {edge: (_text(values.get(edge[0], "")), _text(shares.get(edge, ""))) for edge in self.edges}

    def _draw_sums(self, axis, places, gradients) -> None:
        """The gradients of nodes that feed several others, written below the node."""
        for name, (x, y) in places.items():
            if self._fan_out(name) > 1 and name in gradients:
                style = {"ha": "center", "va": "top", "color": GRADIENT, "fontsize": 10, "family": "monospace"}
                axis.text(x, y - 0.27, _text(gradients[name]), **style)

    def _fan_out(self, name) -> int:
        return sum(source == name for source, _ in self.edges)

    def _columns(self) -> dict:
        """{name: column}: a node right of all that feeds it, a leaf just left of the first node it feeds."""
        columns: dict[str, int] = {}
        for name, sources in self.sources.items():
            columns[name] = 1 + max((columns.get(source, 0) for source in sources), default=0)
        for name in self.inputs:
            columns[name] = min((columns[target] for source, target in self.edges if source == name), default=1) - 1
        return columns


def _slope(f, value):
    """Derivative of the number f by a number or an array, of its shape: centred, on the left where there is a kink."""
    slopes = np.zeros(value.size)
    for i in range(value.size):
        step = np.zeros(value.size)
        step[i] = STEP * max(1.0, abs(value.flat[i]))
        below, here, above = (f(value + k * step.reshape(value.shape)) for k in (-1, 0, 1))
        left, right = (here - below) / step[i], (above - here) / step[i]
        kink = abs(right - left) > KINK * (abs(left) + abs(right))
        slopes[i] = left if kink and abs(right - left) > KINK else (left + right) / 2
    return slopes.reshape(value.shape)


def _text(value) -> str:
    """A number, or the rows of an array, short enough for an edge."""
    if value is None or isinstance(value, str):
        return UNKNOWN if value is None else value
    array = np.atleast_1d(np.array(value, dtype=object))
    cells = [[_number(cell) for cell in row] for row in (array if array.ndim > 1 else [array])]
    width = max(len(cell) for row in cells for cell in row)
    return "\n".join("  ".join(cell.rjust(width) for cell in row) for row in cells)


def _number(value) -> str:
    if value is None:
        return UNKNOWN
    value = float(value)
    return f"{0.0 if abs(value) < 5e-7 else value:.3g}"


def _draw_edge(axis, start, end, value, gradient, along) -> None:
    axis.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": "0.6", "shrinkA": 15, "shrinkB": 17})
    x, y = ((1 - along) * start[k] + along * end[k] for k in range(2))
    style = {"ha": "center", "fontsize": 10, "family": "monospace", "bbox": {"fc": "white", "ec": "none", "pad": 0.6}}
    axis.text(x, y + 0.05, value, va="bottom", color=VALUE, **style)
    if gradient:
        axis.text(x, y - 0.05, gradient, va="top", color=GRADIENT, **style)


def _draw_node(axis, place, label, leaf) -> None:
    box = {"boxstyle": "round,pad=0.35", "fc": "0.94" if leaf else "white", "ec": "0.3", "lw": 1.2}
    axis.text(*place, label, ha="center", va="center", fontsize=12, bbox=box, zorder=3)


def _fit(figure, axis, places) -> None:
    """One inch of the figure for one unit of the places [nodes, 2], and a margin all around."""
    low, high = places.min(axis=0) - MARGIN_INCHES, places.max(axis=0) + MARGIN_INCHES
    figure.set_size_inches(*(high - low))
    axis.set_position([0, 0, 1, 1])
    axis.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    axis.axis("off")
