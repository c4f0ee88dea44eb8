"""Pictures of optimisers at work: contours, paths over them, and the paths as an animation."""

from __future__ import annotations

import io
from itertools import cycle, islice

import numpy as np

# Okabe and Ito's colours, which stay apart without colour vision; dash and marker differ as well.
LOOKS = [
    {"color": "#000000", "linestyle": "-", "marker": "o"},
    {"color": "#D55E00", "linestyle": "--", "marker": "s"},
    {"color": "#0072B2", "linestyle": "-.", "marker": "^"},
    {"color": "#009E73", "linestyle": ":", "marker": "D"},
    {"color": "#CC79A7", "linestyle": (0, (5, 1)), "marker": "v"},
    {"color": "#E69F00", "linestyle": (0, (3, 1, 1, 1)), "marker": "P"},
    {"color": "#56B4E9", "linestyle": (0, (1, 1)), "marker": "X"},
    {"color": "#7A7A7A", "linestyle": (0, (7, 2, 2, 2)), "marker": "<"},
]


def looks(names):
    """{name: line style} in the order given: the same name looks the same in all figures of one order."""
    return dict(zip(names, islice(cycle(LOOKS), len(names)), strict=False))


def draw_contours(problem, ax, window=None, points=90):
    """Contour lines of a problem in two dimensions, closer together near the bottom, and a star at every minimum."""
    x_low, x_high, y_low, y_high = window or problem.window
    x, y = np.meshgrid(np.linspace(x_low, x_high, points), np.linspace(y_low, y_high, points))
    heights = np.array([problem.gap(w) for w in np.stack([x.ravel(), y.ravel()], axis=1)]).reshape(x.shape)
    top = heights.max()
    ax.contour(x, y, heights, levels=top * np.linspace(0.02, 1, 14) ** 2, colors="#B8B8B8", linewidths=0.7)
    for minimiser in problem.minimisers:
        ax.plot(*minimiser, marker="*", markersize=13, color="#333333", markerfacecolor="white", zorder=4)
    ax.set(xlim=(x_low, x_high), ylim=(y_low, y_high), xlabel="w[0]", ylabel="w[1]")
    ax.grid(False)


def draw_paths(problem, paths, ax=None, window=None, title=None, marks=True):
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


def animate_paths(problem, paths, frames=24, window=None, title=None, milliseconds=120):
    """The paths of `draw_paths` growing at the same pace, as an HTML player that a notebook shows.

    The player holds one small picture a frame, some 30 kB each: keep `frames` below 40. Returns IPython's HTML object,
    or None outside IPython.
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

    def draw(stop):
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


def as_png(figure):
    """The figure as PNG bytes, at its own dpi."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


def _axes(ax, size):
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=size)[1]


def _html(text):
    try:
        from IPython.display import HTML
    except ImportError:
        return None
    return HTML(text)
