"""Pictures of the notebooks in one style, and progress that stays quiet where nobody watches.

Colours are those of Okabe and Ito (2008), told apart without colour vision; lines differ by their marker as well.
Matplotlib, tqdm and IPython are imported when they are first used.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.checks.figures.alt_text import show_alt_texts

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike
    from tqdm import tqdm

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
MOST_MARKERS = 12  # markers on one curve


def use_style() -> None:
    """Set matplotlib's style for a notebook: palette, grid, sizes; and have figures say in words what is on them."""
    import matplotlib.pyplot as plt

    show_alt_texts()
    plt.rcParams.update(
        {
            "axes.prop_cycle": plt.cycler(color=COLOURS),
            "axes.grid": True,
            "axes.axisbelow": True,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "figure.figsize": (6.4, 3.6),
            "figure.dpi": 100,
            "font.size": 11,
            "grid.alpha": 0.3,
            "image.cmap": "gray_r",
            "legend.frameon": False,
            "lines.linewidth": 2,
            "lines.markersize": 5,
        }
    )


def quiet() -> bool:
    """GRADER_QUIET=1, set for grading: nothing is drawn or shown that only a person who waits would look at."""
    return os.environ.get("GRADER_QUIET", "0") not in ("", "0")


def watched() -> bool:
    """Does a person see output as it comes? A Jupyter kernel or a terminal says yes.

    GRADER_QUIET=1 says no, and so does pytest, whose nbval compares outputs with saved ones.
    """
    if quiet() or "PYTEST_CURRENT_TEST" in os.environ:
        return False
    return in_notebook() or bool(getattr(sys.stderr, "isatty", lambda: False)())


def in_notebook() -> bool:
    """Is this a Jupyter kernel? Looks only at what is already imported."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell is not None and hasattr(shell, "kernel")


def progress(iterable: Iterable, desc: str = "", **options: Any) -> Iterable:
    """The iterable with a progress bar; without one where nobody watches, so that saved output stays the same."""
    return progress_bar(iterable, desc=desc, **options)


def progress_bar(iterable: Iterable | None = None, **options: Any) -> tqdm:
    """A tqdm bar on stderr that disappears when it is done; silent where nobody watches."""
    from tqdm.auto import tqdm

    options = {"leave": False, "disable": not watched(), **options}
    return tqdm(iterable, **options)


class LiveCurves:
    """Learning curves that grow while training runs.

        curves = LiveCurves(x="epoch", y="accuracy")
        for epoch in range(epochs):
            curves.add(epoch, train=..., validation=...)
        curves.close()

    In a watched notebook they are drawn anew at most every `seconds`; elsewhere once, by `close`, and with
    GRADER_QUIET=1 only by `draw`. It can be used as a context manager. `history` holds the points:
    {name: ([x, ...], [value, ...])}.
    """

    def __init__(self, x: str = "epoch", y: str = "accuracy", title: str = "", seconds: float = 0.5) -> None:
        self.x, self.y, self.title, self.seconds = x, y, title, seconds
        self.history: dict[str, tuple[list[float], list[float]]] = {}
        self.figure: Figure | None = None
        self._live = in_notebook() and watched()
        self._shown: Any = None
        self._drawn_at = -np.inf

    def __enter__(self) -> LiveCurves:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add(self, x: float, **values: float) -> None:
        """Add a point at x to each named curve."""
        for name, value in values.items():
            xs, ys = self.history.setdefault(name, ([], []))
            xs.append(float(x))
            ys.append(float(value))
        if self._live and time.monotonic() - self._drawn_at >= self.seconds:
            self._show()

    def close(self) -> None:
        """Draw all points a last time, and leave that figure in the notebook."""
        import matplotlib.pyplot as plt

        if self.history and not quiet():
            self._show()
        if self.figure is not None:
            plt.close(self.figure)

    def draw(self) -> Figure:
        """The figure with all points so far, also for saving."""
        import matplotlib.pyplot as plt

        if self.figure is None:
            self.figure, _ = plt.subplots()
        axes = self.figure.axes[0]
        axes.clear()
        for number, (name, (xs, ys)) in enumerate(self.history.items()):
            every = max(1, len(xs) // MOST_MARKERS)
            style: dict[str, Any] = {"color": COLOURS[number % len(COLOURS)], "marker": MARKERS[number % len(MARKERS)]}
            axes.plot(xs, ys, label=name.replace("_", " "), markevery=every, **style)
        axes.set(xlabel=self.x, ylabel=self.y, title=self.title)
        axes.grid(alpha=0.3)
        axes.legend()
        return self.figure

    def _show(self) -> None:
        self._drawn_at = time.monotonic()
        self.draw()
        if in_notebook():
            self._display()

    def _display(self) -> None:
        """Show the figure below the cell, in place of the one shown before."""
        from IPython.display import display

        if self._shown is None:
            self._shown = display(self.figure, display_id=True)
        else:
            self._shown.update(self.figure)


def show_mistakes(images: ArrayLike, y_true: ArrayLike, y_pred: ArrayLike, most: int = 12, columns: int = 6) -> Figure:
    """Draw up to `most` wrongly classified digits with their label and what the network said. Returns the figure.

    images [n, pixels] of square images, or [n, height, width]; y_true and y_pred [n].
    """
    import matplotlib.pyplot as plt

    images, y_true, y_pred = np.asarray(images), np.asarray(y_true), np.asarray(y_pred)
    wrong = np.flatnonzero(y_true != y_pred)
    shown = wrong[:most]
    rows = max(1, -(-len(shown) // columns))
    figure, axes = plt.subplots(rows, columns, figsize=(1.3 * columns, 1.6 * rows + 0.5), squeeze=False)
    for axis, index in _pairs(axes, shown):
        axis.axis("off")
        if index is not None:
            axis.imshow(_square(images[index]), cmap="gray_r", interpolation="nearest")
            axis.set_title(f"{y_true[index]} read as {y_pred[index]}", fontsize=9)
    figure.suptitle(
        f"{len(wrong)} of {len(y_true)} wrong" + (f", the first {len(shown)}" if len(shown) < len(wrong) else ""),
        x=0.02,
        ha="left",  # above the first image, also where there are few
    )
    figure.tight_layout()
    return figure


def _pairs(axes: np.ndarray, shown: np.ndarray) -> Iterator[tuple]:
    """Every axis with the index of the image for it, or None."""
    for number, axis in enumerate(axes.flat):
        yield axis, int(shown[number]) if number < len(shown) else None


def _square(image: np.ndarray) -> np.ndarray:
    side = int(round(np.sqrt(image.size)))
    return image.reshape(side, -1) if image.ndim == 1 else image
