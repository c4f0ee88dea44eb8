"""Steps worked out on paper, read from a notebook's variables and drawn on the loss."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.checks.figures.contours import LOOKS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def numbers(values: Any, count: int, name: str) -> np.ndarray:
    """The numbers in a list, as an array [count].

    NotImplementedError(name) while one of them is None; TypeError, in words, for anything else that is no list of
    `count` finite numbers.
    """
    if values is None or any(value is None for value in np.ravel(np.array(values, dtype=object))):
        raise NotImplementedError(name)
    try:
        array = np.array(values, dtype=float)
    except (TypeError, ValueError):
        raise TypeError(f"{name} must be a list of {count} numbers") from None
    if array.shape != (count,) or not np.isfinite(array).all():
        hint = f", without the start w0: it holds {array.size}" if array.size != count else ""
        raise TypeError(f"{name} must be a list of {count} finite numbers{hint}")
    return array


def draw_steps(
    loss: Callable[[float], float],
    steps: Mapping[str, Sequence],
    start: float = 0.0,
    window: tuple[float, float] | None = None,
    columns: int = 3,
    label: str = "w",
) -> Figure:
    """A panel for every list of steps {name: [w1, w2, ...]}: the loss as a curve, the steps as a path along it.

    window: (low, high) for the axis of w. Lists that still hold a None are left out; if all do, NotImplementedError.
    """
    import matplotlib.pyplot as plt

    written = {name: [start, *map(float, values)] for name, values in steps.items() if None not in list(values)}
    if not written:
        raise NotImplementedError(", ".join(steps))
    columns = min(columns, len(written))
    rows = -(-len(written) // columns)
    size = (3.5 * columns + 0.4, 2.9 * rows)
    figure, axes = plt.subplots(rows, columns, figsize=size, squeeze=False, sharey=True, layout="constrained")
    for ax, (name, path) in zip(axes.ravel(), written.items(), strict=False):
        _draw_path(ax, loss, path, window)
        ax.set(title=name, xlabel=label)
    for ax in axes.ravel()[len(written) :]:
        ax.set_visible(False)
    axes[0, 0].set_ylabel("loss")
    return figure


def _draw_path(
    ax: Axes, loss: Callable[[float], float], path: Sequence[float], window: tuple[float, float] | None
) -> None:
    low, high = window or (min(path) - 0.3, max(path) + 0.3)
    grid = np.linspace(low, high, 120)
    ax.plot(grid, [loss(w) for w in grid], color="#999999", linewidth=1.5)
    heights = [loss(w) for w in path]
    for k, (w, height) in enumerate(zip(path, heights, strict=True)):
        ax.plot(w, height, marker="o", color=LOOKS[2]["color"], markersize=7)
        ax.annotate(str(k), (w, height), textcoords="offset points", xytext=(5, 6), fontsize=10)
    for k in range(1, len(path)):
        arrow = {"arrowstyle": "->", "color": LOOKS[1]["color"], "shrinkA": 3, "shrinkB": 3}
        ax.annotate("", (path[k], heights[k]), (path[k - 1], heights[k - 1]), arrowprops=arrow)
