"""What gradient descent with memory does on a quadratic, exactly: its rate, where it converges, and its path.

In the direction of curvature c the distance d to the minimum obeys

    d[t+1] = (1 + mu - eta c) d[t] - mu d[t-1]

so each step shrinks it by the larger root of  z^2 - (1 + mu - eta c) z + mu = 0  (Polyak, 1964; Goh, "Why momentum
really works", 2017). mu = 0 is plain descent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def rate(eta: ArrayLike, mu: ArrayLike, curvatures: ArrayLike) -> float | np.ndarray:
    """Factor per step in the long run: the largest root over all curvatures. Below 1 the method converges.

    eta and mu may be arrays of one shape; curvatures is a number or a list.
    """
    eta, mu = np.asarray(eta, dtype=float), np.asarray(mu, dtype=float)
    worst = np.zeros(np.broadcast(eta, mu).shape)
    for curvature in np.atleast_1d(curvatures):
        worst = np.maximum(worst, np.abs(roots(eta, mu, curvature)).max(axis=0))
    return float(worst) if worst.ndim == 0 else worst


def roots(eta: ArrayLike, mu: ArrayLike, curvature: float) -> np.ndarray:
    """The two roots z in a direction of this curvature, complex: [2, *shape of eta and mu]."""
    eta, mu = np.asarray(eta, dtype=float), np.asarray(mu, dtype=float)
    half = (1 + mu - eta * curvature) / 2
    apart = np.sqrt(half**2 - mu + 0j)
    return np.array([half + apart, half - apart])


def distances(eta: float, mu: float, curvatures: ArrayLike, steps: int) -> np.ndarray:
    """Distances to the minimum [steps + 1, len(curvatures)] from 1 in every direction, starting at rest."""
    c = np.atleast_1d(np.asarray(curvatures, dtype=float))
    path = np.ones((steps + 1, len(c)))
    before = path[0]
    with np.errstate(all="ignore"):
        for t in range(steps):
            path[t + 1] = (1 + mu - eta * c) * path[t] - mu * before
            before = path[t]
    return path


def draw_region(
    ax: Axes,
    curvatures: ArrayLike,
    eta: float | None = None,
    mu: float | None = None,
    eta_high: float | None = None,
    points: int = 160,
) -> Axes:
    """A map of the speed, -ln(rate), over eta and mu: bright is fast; hatched where it diverges; the chosen point."""
    eta_high = eta_high or 4.4 / max(np.atleast_1d(curvatures))
    etas, mus = np.meshgrid(np.linspace(1e-4, eta_high, points), np.linspace(0, 0.999, points))
    draw_map(ax, etas, mus, np.asarray(rate(etas, mus, curvatures)))
    if eta is not None and mu is not None:
        draw_point(ax, eta, mu)
    return ax


def draw_map(ax: Axes, etas: np.ndarray, mus: np.ndarray, rates: np.ndarray) -> None:
    """The map of `draw_region` from rates [n, m] at a grid of eta and mu, [n, m] each, wherever the rates come from."""
    speed = -np.log(np.clip(rates, 0.2, None))
    top = max(speed.max(), 1e-3)
    ax.contourf(etas, mus, speed, levels=np.linspace(0, top, 13), cmap="viridis")
    ax.contourf(etas, mus, rates, levels=[1.0, 1e9], colors="#EEEEEE", hatches=["//"])
    ax.contour(etas, mus, rates, levels=[1.0], colors="black", linewidths=2)
    ax.set(xlabel="learning rate", ylabel="mu", xlim=(0, etas.max()), ylim=(0, 1))
    ax.grid(False)


def draw_point(ax: Axes, eta: float, mu: float) -> None:
    """A chosen pair, as a white point on the map."""
    ax.plot(eta, mu, marker="o", color="white", markeredgecolor="black", markersize=10, clip_on=False, zorder=5)
