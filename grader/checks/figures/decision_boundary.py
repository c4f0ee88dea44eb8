"""A live figure of a classifier in the plane: decision boundary on the left, loss on the right."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from grader.checks.figures.contours import as_png


class LiveBoundary:
    """Redraws itself while a classifier of points in the plane is trained.

    X, y           points [n, 2] and labels 0 or 1, drawn as circles and crosses
    probability    function (X, w) -> P(y = 1) of every row
    every          steps between two pictures
    min_seconds    pictures that would follow the last one sooner are left out: drawing must not be the training

    Call `update(step, w, loss)` after every step and `finish()` at the end, which always draws. Without IPython
    nothing is shown; `figure` can be saved.
    """

    def __init__(
        self,
        X: ArrayLike,
        y: ArrayLike,
        probability: Callable[[np.ndarray, np.ndarray], ArrayLike],
        every: int = 10,
        min_seconds: float = 0.1,
        title: str = "",
    ) -> None:
        import matplotlib.pyplot as plt

        self.X, self.y, self.probability = np.asarray(X), np.asarray(y), probability
        self.every, self.min_seconds, self.title = every, min_seconds, title
        self.steps: list[int] = []
        self.losses: list[float] = []
        self.w: np.ndarray | None = None
        self.pictures, self._last = 0, -np.inf
        self._handle: Any = None
        self.figure, (self.plane, self.curve) = plt.subplots(1, 2, figsize=(9, 3.8), dpi=72, layout="constrained")
        plt.close(self.figure)  # shown by its handle; an open figure would be shown a second time by the notebook
        low, high = self.X.min(axis=0) - 0.3, self.X.max(axis=0) + 0.3
        self._grid = np.meshgrid(np.linspace(low[0], high[0], 70), np.linspace(low[1], high[1], 70))

    def update(self, step: int, w: ArrayLike, loss: float) -> None:
        """Note the loss after `step`; draw if it is time to."""
        self.steps.append(step)
        self.losses.append(float(loss))
        self.w = np.array(w)
        if step % self.every == 0 and time.monotonic() - self._last >= self.min_seconds:
            self._draw(self.w)

    def finish(self) -> None:
        """Draw the last state and leave it standing."""
        if self.w is not None:
            self._draw(self.w)

    def _draw(self, w: np.ndarray) -> None:
        self._last = time.monotonic()
        self._draw_plane(w)
        self._draw_curve()
        self.pictures += 1
        self._show()

    def _draw_plane(self, w: np.ndarray) -> None:
        x, y = self._grid
        points = np.stack([x.ravel(), y.ravel()], axis=1)
        p = np.asarray(self.probability(points, w)).reshape(x.shape)
        ax = self.plane
        ax.clear()
        ax.contourf(x, y, p, levels=np.linspace(0, 1, 11), cmap="PuOr", alpha=0.75)
        if p.min() < 0.5 < p.max():
            ax.contour(x, y, p, levels=[0.5], colors="black", linewidths=1.8)
        for label, marker in ((0, "o"), (1, "x")):
            chosen = self.X[self.y == label]
            face = {"facecolors": "white", "edgecolors": "#B35806"} if marker == "o" else {"color": "#2D004B"}
            ax.scatter(chosen[:, 0], chosen[:, 1], marker=marker, s=16, linewidths=0.9, label=f"y = {label}", **face)
        ax.set(title=f"{self.title} step {self.steps[-1]}".strip(), xlabel="x0", ylabel="x1")
        ax.grid(False)
        ax.legend(fontsize=8, loc="upper right", frameon=True)

    def _draw_curve(self) -> None:
        ax = self.curve
        ax.clear()
        ax.plot(self.steps, self.losses, color="#0072B2", linewidth=1.2)
        ax.set(title=f"loss {self.losses[-1]:.3f}", xlabel="step", ylabel="mean logistic loss", ylim=(0, None))

    def _show(self) -> None:
        try:
            from IPython import get_ipython
            from IPython.display import Image, display
        except ImportError:
            return
        if get_ipython() is None:
            return
        picture = Image(data=as_png(self.figure), format="png")
        if self._handle is None:
            self._handle = display(picture, display_id=True)
        else:
            self._handle.update(picture)
