"""A film of training: still pictures of some moments, and all of them to play where ipywidgets is installed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from grader.checks.figures.sliders import column, picture
from grader.checks.figures.style import in_notebook

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MILLISECONDS = 250  # a frame
LARGER = 1.6  # the player than a still


def film(
    draw: Callable[[Axes, Any], object],
    moments: Sequence,
    stills: Sequence,
    size: tuple[float, float] = (3.2, 2.6),
    columns: int = 2,
    name: str = "epoch",
) -> Figure | None:
    """Show `draw` for `stills` in rows of `columns`; below them a player that goes through all `moments`.

    draw     function (axes, moment)
    moments  list of what draw may be given, in order: the frames
    stills   some of them
    size     width and height of a panel, in inches
    Frames are drawn when they are first shown, so an unplayed film costs one picture. Returns the still figure; None in
    a notebook, which shows it at once, so that it stands above the player.
    """
    figure = _still(draw, stills, size, columns)
    if not in_notebook():
        return figure
    _display_and_close(figure)
    _display_player(draw, list(moments), (size[0] * LARGER, size[1] * LARGER), name)
    return None


def _still(draw: Callable[[Axes, Any], object], stills: Sequence, size: tuple[float, float], columns: int) -> Figure:
    import matplotlib.pyplot as plt

    rows = -(-len(stills) // columns)
    shape = (size[0] * columns, size[1] * rows)
    figure, panels = plt.subplots(rows, columns, figsize=shape, squeeze=False, layout="constrained")
    for axes, moment in zip(panels.flat, stills):  # noqa: B905  panels that are left over stay empty
        draw(axes, moment)
    for axes in panels.flat[len(stills) :]:
        axes.set_visible(False)
    return figure


def _display_and_close(figure: Figure) -> None:
    import matplotlib.pyplot as plt
    from IPython.display import display

    display(figure)
    plt.close(figure)


def _display_player(
    draw: Callable[[Axes, Any], object], moments: Sequence, size: tuple[float, float], name: str
) -> None:
    try:
        import ipywidgets as widgets
        from IPython.display import display
    except ImportError:
        return
    frames = {}

    def frame(number: int) -> bytes:
        if number not in frames:
            frames[number] = picture(lambda axes, moment: draw(axes, moment), {"moment": moments[number]}, 1, size)
        return frames[number]

    last = len(moments) - 1
    play = widgets.Play(value=0, min=0, max=last, interval=MILLISECONDS)
    slider = widgets.SelectionSlider(options=[(str(moment), k) for k, moment in enumerate(moments)], description=name)
    image = widgets.Image(format="png", value=frame(0), layout={"max_width": "100%", "object_fit": "contain"})

    def show(change: dict) -> None:
        image.value = frame(change["new"])

    slider.observe(show, names="value")
    play.observe(lambda change: setattr(slider, "value", change["new"]), names="value")
    slider.observe(lambda change: setattr(play, "value", change["new"]), names="value")
    controls = widgets.HBox([play, slider], layout={"flex_flow": "row wrap"})
    display(column([controls, image], "(a player, where this notebook runs)"))
