"""Contours of a function of two weights, and the colours and dashes by which curves are told apart."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito's colours, which stay apart without colour vision; dash and marker differ as well.
LOOKS: list[dict[str, Any]] = [
    {"color": "#000000", "linestyle": "-", "marker": "o"},
    {"color": "#D55E00", "linestyle": "--", "marker": "s"},
    {"color": "#0072B2", "linestyle": "-.", "marker": "^"},
    {"color": "#009E73", "linestyle": ":", "marker": "D"},
    {"color": "#CC79A7", "linestyle": (0, (5, 1)), "marker": "v"},
    {"color": "#E69F00", "linestyle": (0, (3, 1, 1, 1)), "marker": "P"},
    {"color": "#56B4E9", "linestyle": (0, (1, 1)), "marker": "X"},
    {"color": "#7A7A7A", "linestyle": (0, (7, 2, 2, 2)), "marker": "<"},
]


class Surface(Protocol):
    """A function of two weights to draw: its height over the lowest value, and where that is taken."""

    @property
    def window(self) -> tuple[float, float, float, float] | None: ...

    @property
    def minimisers(self) -> Sequence[np.ndarray]: ...

    def gap(self, w: np.ndarray) -> float: ...


def looks(names: Sequence[str]) -> dict[str, dict]:
    """{name: line style} in the order given: the same name looks the same in all figures of one order."""
    return dict(zip(names, islice(cycle(LOOKS), len(names)), strict=False))


def draw_contours(
    problem: Surface, ax: Axes, window: tuple[float, float, float, float] | None = None, points: int = 90
) -> None:
    """Contour lines of a problem in two dimensions, closer together near the bottom, and a star at every minimum."""
    bounds = window or problem.window
    if bounds is None:
        raise ValueError("give a window: the problem has none of its own")
    x_low, x_high, y_low, y_high = bounds
    x, y = np.meshgrid(np.linspace(x_low, x_high, points), np.linspace(y_low, y_high, points))
    heights = np.array([problem.gap(w) for w in np.stack([x.ravel(), y.ravel()], axis=1)]).reshape(x.shape)
    top = heights.max()
    ax.contour(x, y, heights, levels=top * np.linspace(0.02, 1, 14) ** 2, colors="#B8B8B8", linewidths=0.7)
    for minimiser in problem.minimisers:
        ax.plot(*minimiser, marker="*", markersize=13, color="#333333", markerfacecolor="white", zorder=4)
    ax.set(xlim=(x_low, x_high), ylim=(y_low, y_high), xlabel="w[0]", ylabel="w[1]")
    ax.grid(False)


def as_png(figure: Figure) -> bytes:
    """The figure as PNG bytes, at its own dpi."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()
