"""Computational graphs as pictures: the numbers flow forward along the arrows, the gradients come back."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from grader.checks.figures.alt_text import described, plain
from grader.checks.figures.style import COLOURS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure
    from matplotlib.patches import FancyBboxPatch

FORWARD, BACKWARD = COLOURS[0], COLOURS[1]
COLUMN, ROW = 1.8, 1.5  # distances of nodes
HEIGHT = 0.56  # of a node
EDGE = 0.06  # how far a number that makes way for an arrow still reaches beyond the middle of its node
LETTER = 0.125  # width of a sign of a number
APART = 0.075  # of the arrows forward and back from the line between two nodes
INCHES = 0.78  # to a unit


def draw_graph(
    nodes: Mapping | Iterable,
    edges: Iterable,
    values: Mapping | None = None,
    gradients: Mapping | None = None,
    *,
    places: Mapping | None = None,
    axes: Axes | None = None,
    digits: int = 3,
) -> Figure | SubFigure:
    """Draw a computational graph with the value of each node above it and its gradient below it.

    nodes      {name: label}, or a list of names that are their own labels. A label may hold mathematics: "$x^2$"
    edges      pairs (from, to); or triples (from, to, label), the label being the local slope, drawn on the edge
    values     {name: value}: a number, a small array or a text. Not every node needs one
    gradients  {name: gradient}, likewise: how the output changes with that node. With them, arrows back are drawn
    places     {name: (column, row)} for nodes that shall stand elsewhere; rows are counted upwards from the middle
    axes       where to draw; without it a new figure is made
    digits     significant digits of the numbers

    Each node stands right of all that it is made from, and what is given stands one column before its first use.
    Returns the figure. Errors: ValueError for an edge, value, gradient or place of an unknown node, and for a cycle.

        draw_graph({"x": "$x$", "w": "$w$", "p": "$w x$"}, [("x", "p"), ("w", "p")],
                   values={"x": 3, "w": 2, "p": 6}, gradients={"p": 1, "x": 2, "w": 3})
    """
    labels = dict(nodes) if isinstance(nodes, Mapping) else {name: name for name in nodes}
    edges = [(*edge, "")[:3] for edge in edges]
    _check_names(labels, edges, values=values, gradients=gradients, places=places)
    spots = {**layout(labels, edges), **(places or {})}
    spots = {name: (column * COLUMN, row * ROW) for name, (column, row) in spots.items()}
    numbers = [
        (name, side, colour, text, _free_side(name, side, spots, edges))
        for side, colour, given in [(1, FORWARD, values), (-1, BACKWARD, gradients)]
        for name, number in (given or {}).items()
        if (text := _text(number, digits))
    ]
    own = axes is None
    axes = _empty_axes(spots, numbers, axes, above=bool(values), below=gradients is not None)
    boxes = {name: _draw_node(axes, spots[name], str(label)) for name, label in labels.items()}
    for tail, head, slope in edges:
        _draw_edge(axes, spots, boxes, tail, head, slope, back=gradients is not None)
    for name, side, colour, text, free in numbers:
        _write(axes, spots[name], side, colour, text, free)
    return described(axes.figure, _in_words(labels, edges, numbers)) if own else axes.figure


def _in_words(labels: Mapping, edges: Iterable, numbers: Iterable) -> str:
    """ "Computational graph: x and w go into w x. Forward: x 3, w 2, w x 6. Back: ..." """
    said = {name: plain(str(label)) for name, label in labels.items()}
    into: dict = {}
    for tail, head, slope in edges:
        into.setdefault(head, []).append(f"{said[tail]}{f' (slope {plain(str(slope))})' if slope else ''}")
    parts = ["; ".join(f"{' and '.join(tails)} into {said[head]}" for head, tails in into.items())]
    for word, wanted in (("Forward", 1), ("Back", -1)):
        found = [f"{said[name]} {plain(text)}" for name, side, _, text, _ in numbers if side == wanted]
        parts += [f"{word}: {', '.join(found)}"] if found else []
    return f"Computational graph: {'. '.join(parts)}."


def layout(nodes: Iterable, edges: Iterable) -> dict:
    """{name: (column, row)}: columns count from the left, the rows of a column are centred around 0."""
    before: dict = {name: [] for name in nodes}
    for edge in edges:
        before[edge[1]].append(edge[0])
    columns = _columns(before)
    for name in [name for name, parents in before.items() if not parents]:
        uses = [columns[head] for head, parents in before.items() if name in parents]
        columns[name] = min(uses) - 1 if uses else 0
    spots = {}
    for column in sorted(set(columns.values())):
        members = [name for name in before if columns[name] == column]
        for number, name in enumerate(members):
            spots[name] = (column, (len(members) - 1) / 2 - number)
    return spots


def _columns(before: dict) -> dict:
    """The length of the longest way from an input to each node."""
    columns: dict = {}
    while len(columns) < len(before):
        ready = [n for n, parents in before.items() if n not in columns and all(p in columns for p in parents)]
        if not ready:
            left = ", ".join(str(name) for name in before if name not in columns)
            raise ValueError(f"the graph has a cycle among {left}")
        columns.update({name: 1 + max((columns[parent] for parent in before[name]), default=-1) for name in ready})
    return columns


def _check_names(labels: dict, edges: list, **by_name: Iterable | None) -> None:
    used = {"edges": [name for edge in edges for name in edge[:2]], **by_name}
    for where, names in used.items():
        for name in names or ():
            if name not in labels:
                raise ValueError(
                    f"{where} name {name!r}, which is no node; the nodes are {', '.join(map(str, labels))}"
                )


def _empty_axes(spots: dict, numbers: list, axes: Axes | None, above: bool, below: bool) -> Axes:
    import matplotlib.pyplot as plt

    xs, ys = zip(*spots.values(), strict=True)
    ends = [(spots[name][0], free, LETTER * max(map(len, text.split("\n")))) for name, _, _, text, free in numbers]
    left = min([min(xs) - 0.9, *(x - width for x, free, width in ends if free < 0)])
    right = max([max(xs) + 0.9, *(x + width for x, free, width in ends if free > 0)])
    limits = (left, right), (min(ys) - (0.8 if below else 0.4), max(ys) + (0.8 if above else 0.4))
    if axes is None:
        size = [INCHES * (high - low) for low, high in limits]
        _, axes = plt.subplots(figsize=size, layout="constrained")
    axes.set(xlim=limits[0], ylim=limits[1], aspect="equal")
    axes.axis("off")
    return axes


def _draw_node(axes: Axes, spot: tuple[float, float], label: str) -> FancyBboxPatch:
    from matplotlib.patches import FancyBboxPatch

    letters = len(re.sub(r"\\[a-zA-Z]+", "x", re.sub(r"[{}$^_ ]|\\[,;!]", "", label)))
    width = max(HEIGHT, 0.26 + 0.145 * letters)
    box = FancyBboxPatch(
        (spot[0] - width / 2, spot[1] - HEIGHT / 2),
        width,
        HEIGHT,
        boxstyle=f"round,pad=0,rounding_size={HEIGHT / 2}",
        facecolor="white",
        edgecolor="#555555",
        linewidth=1.3,
        zorder=3,
    )
    axes.add_patch(box)
    axes.text(*spot, label, ha="center", va="center", fontsize=13, zorder=4)
    return box


def _draw_edge(axes: Axes, spots: dict, boxes: dict, tail: Hashable, head: Hashable, slope: str, back: bool) -> None:
    start, end = np.array(spots[tail]), np.array(spots[head])
    across = np.array([start[1] - end[1], end[0] - start[0]])
    across = APART * across / np.linalg.norm(across) if back else np.zeros(2)
    _arrow(axes, start + across, end + across, boxes[tail], boxes[head], color=FORWARD)
    if back:
        _arrow(axes, end - across, start - across, boxes[head], boxes[tail], color=BACKWARD, linestyle="--")
    if slope:
        around = {"facecolor": "white", "edgecolor": "none", "pad": 1.2}
        x, y = (start + end) / 2
        axes.text(x, y, slope, ha="center", va="center", fontsize=10, color="#333333", bbox=around)


def _arrow(
    axes: Axes, start: np.ndarray, end: np.ndarray, patch_a: FancyBboxPatch, patch_b: FancyBboxPatch, **look: Any
) -> None:
    from matplotlib.patches import FancyArrowPatch

    axes.add_patch(
        FancyArrowPatch(
            tuple(start),
            tuple(end),
            patchA=patch_a,
            patchB=patch_b,
            shrinkA=2,
            shrinkB=3,
            arrowstyle="-|>",
            mutation_scale=11,
            linewidth=1.4,
            zorder=1,
            **look,
        )
    )


def _free_side(name: Hashable, side: int, spots: dict, edges: list) -> int:
    """To which side a number above (1) or below (-1) a node must move to let arrows pass: -1, 0 or 1."""
    met = set()
    for tail, head, _ in edges:
        if name in (tail, head):
            other = spots[head if name == tail else tail]
            if side * (other[1] - spots[name][1]) > HEIGHT / 2:
                met.add(int(np.sign(other[0] - spots[name][0])))
    return -met.pop() if len(met) == 1 else 0


def _write(axes: Axes, spot: tuple[float, float], side: int, colour: str, text: str, free: int) -> None:
    """The number above (side 1) or below (side -1) a node, all of it on the side that is free of arrows."""
    align = "bottom" if side > 0 else "top"
    around = {"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.9}
    place = (spot[0] - EDGE * free, spot[1] + side * (HEIGHT / 2 + 0.07))
    towards = {-1: "right", 0: "center", 1: "left"}[free]
    axes.text(*place, text, ha=towards, va=align, fontsize=12, color=colour, bbox=around, zorder=2)


def _text(value: ArrayLike, digits: int) -> str:
    """A number or a small array in a few digits; a text as it is."""
    if isinstance(value, str):
        return value
    array = np.asarray(value, dtype=float)
    if array.ndim == 0:
        return f"{float(array) + 0.0:.{digits}g}".replace("-", "\N{MINUS SIGN}", 1)
    rows = [" ".join(_text(number, digits) for number in np.ravel(row)) for row in np.atleast_2d(array)]
    return "\n".join(f"[{row}]" for row in rows)
