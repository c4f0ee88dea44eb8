"""What is on a figure, in words: for readers who do not see it, and for pages that cannot show it.

`use_style` has every matplotlib figure of a notebook carry them as its alternative text: what its titles, axes and
legends say, with the numbers between which each curve runs. `described` gives a figure words of its own in their place.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

    Drawn = TypeVar("Drawn", Figure, SubFigure, Figure | SubFigure)

MOST = 700  # characters
MOST_PANELS = 6  # told one by one; of more, the titles
MOST_PARTS = 8  # curves of one panel, or words written into it
TURN = 0.1  # of its range, by which a curve goes beyond both of its ends
WORDS = "_grader_words"


def described(figure: Drawn, words: str) -> Drawn:
    """The figure, of which this is said in place of what `alt_text` finds."""
    setattr(figure, WORDS, words)
    return figure


def alt_text(figure: Figure) -> str:
    """A few sentences on what is drawn."""
    words = getattr(figure, WORDS, "") or " ".join(_sentences(figure))
    return words if len(words) <= MOST else words[: MOST - 2].rsplit(" ", 1)[0] + " …"


def show_alt_texts() -> None:
    """From now on every figure that IPython shows has its words with it; outside IPython nothing is done."""
    ipython = sys.modules.get("IPython")  # imported by nobody yet, there is no shell
    shell = ipython.get_ipython() if ipython else None
    if shell is not None:
        formatter = shell.display_formatter.mimebundle_formatter
        formatter.for_type_by_name("matplotlib.figure", "Figure", lambda figure: ({}, _metadata(figure)))


def _metadata(figure: Figure) -> dict[str, dict[str, str]]:
    try:
        return {"image/png": {"alt": alt_text(figure)}}
    except Exception:  # a figure of a student's may hold anything; it is shown all the same
        return {}


def _sentences(figure: Figure) -> Iterator[str]:
    drawn = [axes for axes in figure.axes if axes.get_visible() and axes.get_label() != "<colorbar>"]
    panels = [(axes, parts) for axes in drawn if (parts := list(_parts(axes)))]
    heading = figure.get_suptitle() if hasattr(figure, "get_suptitle") else ""
    if heading:
        yield f"{plain(heading)}."
    if len(panels) > 1:
        yield f"{len(panels)} panels."
    if len(panels) > MOST_PANELS:
        yield f"Their titles: {_some([plain(axes.get_title()) or 'none' for axes, _ in panels])}."
        return
    for number, (_, parts) in enumerate(panels, start=1):
        yield f"{f'Panel {number}: ' if len(panels) > 1 else ''}{'; '.join(parts)}."


def _parts(axes: Axes) -> Iterator[str]:
    """Title, axes, curves, points, bars, pictures and words of a panel."""
    if title := plain(axes.get_title()):
        yield title
    labels = [(name, plain(text)) for name, text in (("x", axes.get_xlabel()), ("y", axes.get_ylabel()))]
    if told := ", ".join(f"{name}: {text}" for name, text in labels if text):
        yield told
    curves = [told for line in axes.get_lines() if (told := _curve(line))]
    if curves:
        yield _some(curves)
    clouds = [told for cloud in axes.collections if (told := _cloud(cloud))]
    if clouds:
        yield _some(clouds)
    for bars in axes.containers:
        heights = np.array([patch.get_height() for patch in getattr(bars, "patches", ())])
        if heights.size:
            yield f"{heights.size} bars, from {heights.min():.3g} to {heights.max():.3g}"
    for image in axes.images:
        height, width = np.asarray(image.get_array()).shape[:2]
        yield f"a picture of {height} by {width} cells"
    written = [text for one in axes.texts if (text := plain(one.get_text()))]
    if written:
        yield f"written in it: {_some(written)}"


def _curve(line: Any) -> str:
    """ "train, from 2.3 to 0.05", of a curve that the legend names or that has more than two points."""
    label = _label(line)
    y = np.asarray(line.get_ydata(), dtype=float)
    y = y[np.isfinite(y)]
    if not y.size or (not label and y.size <= 2):
        return ""
    if y.size == 1:
        return f"{label or 'a point'}, at {y[0] + 0.0:.3g}"
    turns = max(y.max() - max(y[0], y[-1]), min(y[0], y[-1]) - y.min()) > TURN * np.ptp(y)
    between = f", between {y.min() + 0.0:.3g} and {y.max() + 0.0:.3g}" if turns else ""
    return f"{label or 'a curve'}, from {y[0] + 0.0:.3g} to {y[-1] + 0.0:.3g}{between}"


def _cloud(cloud: Any) -> str:
    label, count = _label(cloud), len(np.atleast_1d(cloud.get_offsets()))
    return f"{label or 'points'} ({count})" if count > 1 else label


def _label(artist: Any) -> str:
    label = str(artist.get_label())
    return "" if label.startswith("_") else plain(label)


def _some(parts: Sequence[str]) -> str:
    more = f", and {len(parts) - MOST_PARTS} more" if len(parts) > MOST_PARTS else ""
    return "; ".join(parts[:MOST_PARTS]) + more


def plain(text: str) -> str:
    """Without the signs of mathematics: `$\\eta = 0.1$` is "eta = 0.1"."""
    text = re.sub(r"\\[td]?frac\{?(\w)\}?\{?(\w)\}?", r"\1/\2", text).replace(r"\cdot", "·")
    text = re.sub(r"\\(?:mathbf|mathrm|text|operatorname)\s*", "", text)
    return " ".join(re.sub(r"[$\\{}]", "", text).split()).rstrip(".")
