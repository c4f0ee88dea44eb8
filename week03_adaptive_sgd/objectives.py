"""Functions to minimise whose curvature, minimum and difficulty are known.

A `Problem` is what an optimiser is raced on: a loss, its gradient, a start and, where it is known, the lowest value.
Everything is float64; `w` has the shape of `start`, which may be any.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Problem:
    """A function of `w` to be minimised.

    name       for titles and legends
    loss       w -> float
    gradient   w -> array of the shape of w
    start      the first w
    lowest     the smallest value of the loss, None if it is not known
    minimisers the places where it is taken, as a list of arrays (empty if not known)
    condition  largest / smallest curvature of a quadratic, None for the others
    steepest   largest curvature of a quadratic: descent diverges above learning rate 2 / steepest
    window     (x_low, x_high, y_low, y_high) for a contour plot of a problem in two dimensions
    """

    name: str
    loss: Callable
    gradient: Callable
    start: np.ndarray
    lowest: float | None = None
    minimisers: tuple = ()
    condition: float | None = None
    steepest: float | None = None
    window: tuple[float, float, float, float] | None = None

    def gap(self, w: ArrayLike) -> float:
        """How far the loss at `w` lies above the lowest value (above 0 where that is not known)."""
        return float(self.loss(np.asarray(w, dtype=float))) - (self.lowest or 0.0)


def quadratic(
    condition: float = 25.0,
    dimensions: int = 2,
    steepest: float | None = None,
    angle: float = 0.0,
    rng: np.random.Generator | None = None,
    centre: float | np.ndarray = 0.0,
) -> Problem:
    """L(w) = (1/2) (w - c)' A (w - c), the eigenvalues of A spread evenly on a log scale over a range of `condition`.

    steepest is the largest eigenvalue (default: `condition`, so that the smallest is 1). The axes are turned by `angle`
    (radians, two dimensions) or at random with `rng`. Along every axis of the bowl the start is one unit away from
    the centre c.
    """
    steepest = float(condition if steepest is None else steepest)
    curvatures = np.geomspace(steepest / condition, steepest, dimensions)
    axes = _rotation(dimensions, angle, rng)
    matrix = axes @ np.diag(curvatures) @ axes.T
    lowest_at = np.zeros(dimensions) + centre
    start = lowest_at + axes @ np.where(np.arange(dimensions) == 0, -1.0, 1.0)
    window = None
    if dimensions == 2:
        x, y = lowest_at
        window = (x - 1.6, x + 1.6, y - 1.4, y + 1.4)
    return Problem(
        name=f"bowl of condition {condition:g}",
        loss=lambda w: 0.5 * float((w - lowest_at) @ matrix @ (w - lowest_at)),
        gradient=lambda w: matrix @ (w - lowest_at),
        start=start,
        lowest=0.0,
        minimisers=(lowest_at,),
        condition=float(condition),
        steepest=steepest,
        window=window,
    )


def rosenbrock(steepness: float = 100.0, start: tuple[float, float] = (-1.2, 1.0)) -> Problem:
    """L(x, y) = (1 - x)^2 + steepness (y - x^2)^2: a bent valley with a flat floor, minimum 0 at (1, 1).

    Rosenbrock, "An automatic method for finding the greatest or least value of a function", 1960.
    """

    def loss(w: np.ndarray) -> float:
        x, y = w
        return float((1 - x) ** 2 + steepness * (y - x**2) ** 2)

    def gradient(w: np.ndarray) -> np.ndarray:
        x, y = w
        return np.array([-2 * (1 - x) - 4 * steepness * x * (y - x**2), 2 * steepness * (y - x**2)])

    return Problem(
        name="Rosenbrock's valley",
        loss=loss,
        gradient=gradient,
        start=np.array(start, dtype=float),
        lowest=0.0,
        minimisers=(np.array([1.0, 1.0]),),
        window=(-1.7, 1.7, -0.7, 1.7),
    )


def saddle(steepness: float = 30.0, start: tuple[float, float] = (0.25, 1e-3)) -> Problem:
    """L(x, y) = steepness x^2 / 2 - y^2 / 2 + y^4 / 4 + 1/4: a saddle at (0, 0) between minima of 0 at (0, -1), (0, 1).

    The start lies almost on the ridge y = 0, where descent leads into the saddle, and towards neither minimum.
    The walls are steep, so that plain descent needs small steps and leaves the ridge slowly.
    """
    return Problem(
        name="a saddle",
        loss=lambda w: float(steepness * w[0] ** 2 / 2 - w[1] ** 2 / 2 + w[1] ** 4 / 4 + 0.25),
        gradient=lambda w: np.array([steepness * w[0], w[1] ** 3 - w[1]]),
        start=np.array(start, dtype=float),
        lowest=0.0,
        minimisers=(np.array([0.0, -1.0]), np.array([0.0, 1.0])),
        window=(-0.6, 0.6, -1.5, 1.5),
    )


def matrix_regression(rng: np.random.Generator, shape: tuple[int, int] = (4, 3)) -> Problem:
    """L(W) = mean of ln cosh(X W - Y): regression that forgives outliers, for a *matrix* of weights of the given shape.

    Y is made from known weights without noise, so the lowest value is 0.
    """
    X = rng.normal(size=(12 * shape[0], shape[0])) * np.geomspace(0.3, 1.5, shape[0])
    W_true = rng.uniform(0.5, 1.5, size=shape) * rng.choice([-1.0, 1.0], size=shape)

    def loss(W: np.ndarray) -> float:
        residual = X @ (W - W_true)
        return float(np.mean(np.logaddexp(residual, -residual) - np.log(2.0)))

    def gradient(W: np.ndarray) -> np.ndarray:
        residual = X @ (W - W_true)
        return X.T @ np.tanh(residual) / residual.size

    return Problem(
        name=f"regression with weights {shape}",
        loss=loss,
        gradient=gradient,
        start=np.zeros(shape),
        lowest=0.0,
        minimisers=(W_true,),
    )


def rescaled(problem: Problem, factor: float, length: float = 1.0, place: float | np.ndarray = 0.0) -> Problem:
    """The same problem in other units: the loss times `factor`, the weights times `length`, seen from elsewhere.

    Its loss at `length * w + place` is `factor` times that of `problem` at w. Start, minimisers and curvature move and
    scale with it.
    """
    units = "" if length == 1 else f", w x {length:g}"

    def inside(w: ArrayLike) -> np.ndarray:
        return np.asarray((np.asarray(w, dtype=float) - place) / length)

    return replace(
        problem,
        name=f"{problem.name}, loss x {factor:g}{units}",
        loss=lambda w: factor * problem.loss(inside(w)),
        gradient=lambda w: factor / length * problem.gradient(inside(w)),
        start=length * problem.start + place,
        lowest=None if problem.lowest is None else factor * problem.lowest,
        minimisers=tuple(length * w + place for w in problem.minimisers),
        steepest=None if problem.steepest is None else factor / length**2 * problem.steepest,
        window=problem.window if length == 1 and not np.any(place) else None,
    )


def elsewhere(problem: Problem, factor: float, length: float, rng: np.random.Generator) -> Problem:
    """The same problem in other units, and at a place drawn at random: no minimum is where you could guess it."""
    return rescaled(problem, factor, length, length * rng.uniform(-1, 1, size=problem.start.shape))


def tryouts() -> list[tuple[Problem, float]]:
    """Problems for an optimiser that needs no tuning, each with the share of its gap that may be left.

    An easy bowl to begin with, two more, a bent valley, a saddle and two regressions with a matrix of weights: losses
    and weights in very different units.
    """
    rng = np.random.default_rng(3)
    chosen = [
        (quadratic(10.0, dimensions=3, rng=np.random.default_rng(4)), 1.0, 1.0, 0.01),
        (quadratic(100.0, angle=0.4), 0.001, 1000.0, 0.01),
        (quadratic(30.0, dimensions=5, rng=np.random.default_rng(1)), 1000.0, 0.001, 0.01),
        (rosenbrock(steepness=40.0), 1.0, 0.002, 0.05),
        (saddle(), 10.0, 300.0, 0.01),
        (matrix_regression(np.random.default_rng(2), shape=(4, 3)), 1.0, 500.0, 0.01),
        (matrix_regression(np.random.default_rng(5), shape=(3, 2)), 0.01, 0.002, 0.01),
    ]
    return [(elsewhere(problem, factor, length, rng), share) for problem, factor, length, share in chosen]


def _rotation(dimensions: int, angle: float, rng: np.random.Generator | None) -> np.ndarray:
    """Orthogonal matrix [dimensions, dimensions]: random with `rng`, else a turn of the plane by `angle`."""
    if rng is not None:
        return np.linalg.qr(rng.normal(size=(dimensions, dimensions)))[0]
    turn = np.eye(dimensions)
    if dimensions > 1:
        turn[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    return turn
