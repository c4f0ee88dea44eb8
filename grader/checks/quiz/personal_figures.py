"""Figures of personal questions: a network with its weights, a graph on squared paper, regions of the plane.

They are made without pyplot, so they look the same in a notebook and on paper, and leave no settings behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from grader.checks.figures.style import COLOURS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK, EDGE, FILL = "#222222", "#7A7A7A", "#9EC5E8"
UNITS = {"x1": (0, 1), "x2": (0, 0), "h1": (1.3, 1), "h2": (1.3, 0), "y": (2.6, 0.5)}
NAMES = {"x1": "$x_1$", "x2": "$x_2$", "h1": "$h_1$", "h2": "$h_2$", "y": r"$\hat{y}$"}


def _figure(width: float, height: float, columns: int = 1) -> tuple[Figure, np.ndarray]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots(1, columns, squeeze=False)[0]


def network(W: Sequence[Sequence[float]], b: Sequence[float], v: Sequence[float], c: float) -> Figure:
    """Two inputs, two ReLU units, a linear output. Weights stand on their edges, biases over their units."""
    figure, (ax,) = _figure(5.4, 2.7)
    edges = [("x1", "h1", W[0][0]), ("x1", "h2", W[0][1]), ("x2", "h1", W[1][0]), ("x2", "h2", W[1][1])]
    for start, end, weight in [*edges, ("h1", "y", v[0]), ("h2", "y", v[1])]:
        (x0, y0), (x1, y1) = UNITS[start], UNITS[end]
        ax.plot([x0, x1], [y0, y1], color=EDGE, linewidth=1.2, zorder=1)
        at = 0.3 if start[0] == "x" else 0.45
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1.2}
        place = x0 + at * (x1 - x0), y0 + at * (y1 - y0)
        ax.text(*place, _signed(weight), ha="center", va="center", fontsize=11, bbox=box, zorder=2)
    for unit, (x, y) in UNITS.items():
        colour = {"x": "white", "h": FILL, "y": "white"}[unit[0]]
        ax.scatter([x], [y], s=900, color=colour, edgecolors=INK, linewidths=1.3, zorder=3)
        ax.text(x, y, NAMES[unit], ha="center", va="center", fontsize=12, zorder=4)
    for unit, bias, kind in (("h1", b[0], "ReLU"), ("h2", b[1], "ReLU"), ("y", c, "linear")):
        x, y = UNITS[unit]
        ax.text(x, y + 0.23, f"bias {_signed(bias)}", ha="center", va="bottom", fontsize=10, color=INK)
        ax.text(x, y - 0.23, kind, ha="center", va="top", fontsize=9, color="#555555")
    ax.set(xlim=(-0.3, 2.95), ylim=(-0.45, 1.5))
    ax.axis("off")
    return figure


def graph(corners: ArrayLike) -> Figure:
    """A piecewise linear function, level on both sides, on squared paper with its corners marked."""
    figure, (ax,) = _figure(5.0, 3.4)
    x, y = np.array(corners, dtype=float).T
    low, high = int(x.min()) - 2, int(x.max()) + 2
    ax.plot([low, *x, high], [y[0], *y, y[-1]], color=COLOURS[0], linewidth=2)
    ax.plot(x, y, "o", color=COLOURS[1], markersize=6)
    bottom, top = min(int(y.min()), 0) - 1, max(int(y.max()), 0) + 1
    ax.set(xlim=(low, high), ylim=(bottom, top), xlabel="x", ylabel="f(x)")
    ax.set_xticks(range(low, high + 1))
    ax.set_yticks(range(bottom, top + 1))
    ax.grid(alpha=0.5, linewidth=0.7)
    ax.axhline(0, color=INK, linewidth=0.9)
    ax.axvline(0, color=INK, linewidth=0.9)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    return figure


def regions(panels: Sequence[tuple[str, float, ArrayLike]]) -> Figure:
    """Four small pictures of the plane. The answer 1 is asked for in the blue part, or at the filled points."""
    figure, axes = _figure(7.6, 2.25, len(panels))
    for ax, letter, (kind, turn, shift) in zip(axes, "ABCD", panels, strict=False):
        angle = np.deg2rad(turn)
        turned = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        if kind == "four points":
            corners = 0.5 * np.array([[1, 1], [-1, -1], [1, -1], [-1, 1]]) @ turned + shift
            ax.plot(*corners[:2].T, "o", color=COLOURS[0], markersize=9)
            ax.plot(*corners[2:].T, "o", color=COLOURS[1], markersize=9, fillstyle="none", markeredgewidth=2)
        else:
            ax.fill(*(_outline(kind) @ turned + shift).T, facecolor=FILL, edgecolor=COLOURS[0], linewidth=1.6)
        ax.set(xlim=(-1, 1), ylim=(-1, 1), title=letter, aspect="equal", xticks=[], yticks=[])
    return figure


def _outline(kind: str) -> np.ndarray:
    """Corners of a region around the origin; those far away lie outside the picture."""
    far = 4.0
    if kind == "one line":
        return np.array([[-far, 0.1], [far, 0.1], [far, -far], [-far, -far]])
    if kind == "two lines":
        return np.array([[-far, 0.35], [far, 0.35], [far, -0.35], [-far, -0.35]])
    return np.array([[0.0, 0.75], [0.65, -0.4], [-0.65, -0.4]])


def _signed(number: float) -> str:
    return f"{number}".replace("-", "−")
