"""Pictures of optimisers at work: their paths over the contours of a problem, and the paths as an animation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.checks.figures.contours import draw_contours, looks
from week03_adaptive_sgd.objectives import Problem

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw_paths(
    problem: Problem,
    paths: Mapping[str, np.ndarray],
    ax: Axes | None = None,
    window: tuple[float, float, float, float] | None = None,
    title: str | None = None,
    marks: bool = True,
) -> Axes:
    """Paths {name: array [steps + 1, 2]} over the contours of their problem; returns the axes."""
    ax = _axes(ax, (6.0, 4.6))
    draw_contours(problem, ax, window)
    for name, look in looks(list(paths)).items():
        path = np.asarray(paths[name])
        style = look if marks else {**look, "marker": None}
        ax.plot(path[:, 0], path[:, 1], label=name, markersize=3.5, linewidth=1.4, **style)
    ax.set_title(title or problem.name)
    if len(paths) > 1:
        ax.legend(fontsize=8, loc="best", frameon=True)
    return ax


def animate_paths(
    problem: Problem,
    paths: Mapping[str, np.ndarray],
    frames: int = 24,
    window: tuple[float, float, float, float] | None = None,
    title: str | None = None,
    milliseconds: int = 120,
) -> Any:
    """The paths of `draw_paths` growing at the same pace, as an HTML player that a notebook shows.

    The player holds a small picture for each frame, some 30 kB each: keep `frames` below 40. Returns IPython's HTML
    object, or None outside IPython.
    """
    import matplotlib.pyplot as plt
    from matplotlib.animation import FuncAnimation

    figure, ax = plt.subplots(figsize=(4.8, 3.9), dpi=72)
    draw_contours(problem, ax, window, points=70)
    lines, ends = {}, {}
    for name, look in looks(list(paths)).items():
        (lines[name],) = ax.plot([], [], linewidth=1.5, label=name, **{**look, "marker": None})
        (ends[name],) = ax.plot([], [], marker=look["marker"], color=look["color"], markersize=7)
    ax.legend(fontsize=8, loc="upper right", frameon=True)
    longest = max(len(path) for path in paths.values())
    stops = np.unique(np.linspace(0, longest - 1, frames).round().astype(int))

    def draw(stop: int) -> list:
        for name, path in paths.items():
            walked = np.asarray(path)[: stop + 1]
            lines[name].set_data(walked[:, 0], walked[:, 1])
            ends[name].set_data(walked[-1:, 0], walked[-1:, 1])
        ax.set_title(f"{title or problem.name}: step {stop}")
        return [*lines.values(), *ends.values()]

    animation = FuncAnimation(figure, draw, frames=stops, interval=milliseconds, blit=False)
    with plt.rc_context({"animation.frame_format": "jpeg"}):  # an eighth of the size of the same frames as PNG
        player = animation.to_jshtml(default_mode="once")
    plt.close(figure)
    return _html(player)


def _axes(ax: Axes | None, size: tuple[float, float]) -> Axes:
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=size)[1]


def _html(text: str) -> Any:
    try:
        from IPython.display import HTML
    except ImportError:
        return None
    return HTML(text)
