"""Figures with sliders, for those who run the notebook, and still ones for those who read it.

The still figure is always drawn: it is what GitHub, a printed page and the feedback show. The sliders come below it
where ipywidgets is installed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from grader.checks.figures.contours import as_png
from grader.checks.figures.style import in_notebook

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI = 80


def explore(
    draw: Callable,
    stills: Sequence[dict],
    panels: int = 1,
    size: tuple[float, float] = (4.2, 3.2),
    sliders: Mapping[str, tuple[float, float, float]] | None = None,
    alt: str = "",
) -> Figure | None:
    """Show `draw` for some settings side by side, then with sliders.

    draw     function (axes, **values): one axes, or an array of `panels` of them
    stills   list of settings {name: value}, a still picture each
    size     width and height of a panel, in inches
    sliders  {name: (low, high, step)}; they start at the first of the stills
    alt      what the still figure shows, for those who cannot see it
    Returns the still figure; None in a notebook, which shows it at once, so that it stands above the sliders.
    """
    figure = _still(draw, stills, panels, size)
    if not in_notebook():
        return figure
    show(figure, alt)
    if sliders:
        _display_sliders(draw, stills[0], panels, size, sliders)
    return None


def show(figure: Figure, alt: str = "") -> None:
    """Show a figure and close it; `alt` says what it shows, for those who cannot see it. Nothing outside a notebook."""
    import matplotlib.pyplot as plt

    if in_notebook():
        from IPython.display import display

        display(figure, metadata={"image/png": {"alt": alt}} if alt else None)
    plt.close(figure)


def _still(draw: Callable, stills: Sequence[dict], panels: int, size: tuple[float, float]) -> Figure:
    import matplotlib.pyplot as plt

    rows, columns = (1, len(stills)) if panels == 1 else (len(stills), panels)
    shape = (size[0] * columns, size[1] * rows)
    figure, axes = plt.subplots(rows, columns, figsize=shape, squeeze=False, layout="constrained")
    for number, values in enumerate(stills):
        draw(axes[0, number] if panels == 1 else axes[number], **values)
    return figure


def picture(draw: Callable, values: Mapping, panels: int, size: tuple[float, float]) -> bytes:
    """One picture of `draw` for these values, as PNG bytes."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(
        1, panels, figsize=(size[0] * panels, size[1]), dpi=DPI, squeeze=False, layout="constrained"
    )
    try:
        draw(axes[0, 0] if panels == 1 else axes[0], **values)
        return as_png(figure)
    finally:
        plt.close(figure)


def _display_sliders(
    draw: Callable,
    start: Mapping[str, float],
    panels: int,
    size: tuple[float, float],
    ranges: Mapping[str, tuple[float, float, float]],
) -> None:
    try:
        import ipywidgets as widgets
        from IPython.display import display
    except ImportError:
        return
    controls = {
        name: widgets.FloatSlider(
            value=start[name],
            min=low,
            max=high,
            step=step,
            description=name,
            continuous_update=False,
            readout_format=".3g",
        )
        for name, (low, high, step) in ranges.items()
    }
    image = widgets.Image(format="png", value=picture(draw, start, panels, size))
    image.layout.width, image.layout.max_width = f"{size[0] * panels * DPI:.0f}px", "100%"
    image.layout.object_fit = "contain"

    def redraw(_: object) -> None:
        values = {name: control.value for name, control in controls.items()}
        image.value = picture(draw, {**start, **values}, panels, size)

    for control in controls.values():
        control.observe(redraw, names="value")
    display(column([*controls.values(), image], "(sliders, where this notebook runs)"))


def column(parts: Sequence[Any], instead: str) -> Any:
    """Widgets below each other; `instead` stands where none can be shown, as in a notebook that is only read."""
    import ipywidgets as widgets

    class Column(widgets.VBox):
        def __repr__(self) -> str:
            return instead

    return Column(parts, layout={"align_items": "flex-start"})
