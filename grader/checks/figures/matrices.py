"""Small matrices as grids of numbers, side by side with the signs between them, with the parts in question lit up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

TINTS = ("white", "#9CCBEA", "#F6BE93", "#93D6BF", "#EBC3DA")  # of no group, and of the groups 1, 2, 3, 4
GAP = 0.55  # between a matrix and a sign
INCHES = 0.42  # to a cell


@dataclass(frozen=True)
class Grid:
    """A matrix to draw.

    array    [rows, columns]; a vector is a single row
    name     written above it
    lit      array of its shape, or True for all of it: which cells are lit, as truth values or numbers of a group
    numbers  whether to write the numbers; without them it is a drawing of the shape
    """

    array: ArrayLike
    name: str = ""
    lit: ArrayLike = 0
    numbers: bool = True

    @property
    def cells(self) -> np.ndarray:
        return np.atleast_2d(self.array)


def row(array: ArrayLike, i: int) -> np.ndarray:
    """What `lit` must be for row i, of an array of this shape."""
    lit = np.zeros(np.shape(array), dtype=int)
    lit[i] = 1
    return lit


def column(array: ArrayLike, j: int) -> np.ndarray:
    """What `lit` must be for column j."""
    lit = np.zeros(np.shape(array), dtype=int)
    lit[:, j] = 1
    return lit


def entry(array: ArrayLike, i: int, j: int) -> np.ndarray:
    """What `lit` must be for a single cell."""
    lit = np.zeros(np.shape(array), dtype=int)
    lit[i, j] = 1
    return lit


def draw_equation(*parts: Grid | str, axes: Axes | None = None) -> Figure | SubFigure:
    """Draw grids and signs in a line: `draw_equation(Grid(A, "A"), "@", Grid(B, "B"), "=", Grid(A @ B, "A @ B"))`.

    A grid carries its name above and its shape below. Returns the figure; without `axes` a new one is made.
    """
    tallest = max(part.cells.shape[0] for part in parts if isinstance(part, Grid))
    width = sum(part.cells.shape[1] if isinstance(part, Grid) else GAP for part in parts) + GAP * (len(parts) + 1)
    axes = _empty_axes(axes, width, tallest)
    left = GAP
    for part in parts:
        if isinstance(part, Grid):
            _draw_grid(axes, part, left)
            left += part.cells.shape[1] + GAP
        else:
            axes.text(left + GAP / 2, 0, part, ha="center", va="center", fontsize=14)
            left += 2 * GAP
    return axes.figure


def _empty_axes(axes: Axes | None, width: float, height: float) -> Axes:
    import matplotlib.pyplot as plt

    if axes is None:
        _, axes = plt.subplots(figsize=(INCHES * width, INCHES * (height + 2.2)), layout="constrained")
    axes.set(xlim=(0, width), ylim=(-height / 2 - 1.1, height / 2 + 1.1), aspect="equal")
    axes.axis("off")
    return axes


def _draw_grid(axes: Axes, grid: Grid, left: float) -> None:
    from matplotlib.patches import Rectangle

    rows, columns = grid.cells.shape
    lit = np.broadcast_to(np.atleast_2d(grid.lit).astype(int), grid.cells.shape)
    for i in range(rows):
        for j in range(columns):
            corner = (left + j, rows / 2 - i - 1)
            axes.add_patch(Rectangle(corner, 1, 1, facecolor=TINTS[lit[i, j]], edgecolor="#888888", linewidth=0.8))
            if grid.numbers:
                weight = "bold" if lit[i, j] else "normal"
                text = f"{grid.cells[i, j] + 0.0:.3g}".replace("-", "\N{MINUS SIGN}")
                axes.text(corner[0] + 0.5, corner[1] + 0.5, text, ha="center", va="center", weight=weight, fontsize=11)
    middle, shape = left + columns / 2, ", ".join(map(str, np.shape(grid.array)))
    axes.text(middle, rows / 2 + 0.2, grid.name, ha="center", va="bottom", fontsize=12)
    axes.text(middle, -rows / 2 - 0.2, f"[{shape}]", ha="center", va="top", fontsize=10, color="#555555")
