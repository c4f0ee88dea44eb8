"""How far a function is from its linearisation, step by step: what tells a differential from a guess.

With L the linear map that is claimed to be the differential of f at x, and D a direction, the remainder

    r(h) = |f(x + h D) - f(x) - h L(D)|

falls as h^2 (or faster) if L is right, because all that is linear in h is taken away, and as h if L is wrong. If f is
itself linear along D, a right L leaves rounding only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.checks.derivatives.numerical import Function

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

STEPS = tuple(10.0 ** -np.arange(2, 5.1, 0.5))
EPS = float(np.finfo(np.float64).eps)
ABOVE_ROUNDING = 100  # a remainder below so many times the rounding error says nothing of its order
NEAR_WHOLE = 0.15  # an order so near to a whole number is told as that number
BELOW = 0.3  # guides are drawn below the points, to be seen beside them
TRUSTED = 3  # the order is read from so many of the smallest steps that can be trusted


@dataclass(frozen=True)
class Linearisation:
    """Remainders of a linearisation.

    steps: [k], the sizes h, falling. errors: [directions, k], the remainders r(h); nan where f is not finite.
    rounding: [directions, k], what r(h) may be by rounding alone.
    """

    steps: np.ndarray
    errors: np.ndarray
    rounding: np.ndarray

    @property
    def order(self) -> float:
        """The p of r(h) ~ h^p: the least of all directions. inf: nothing but rounding is left in any of them."""
        orders = [_order(self.steps, *row) for row in zip(self.errors, self.rounding, strict=True)]
        return min(orders, default=np.inf)

    def text(self) -> str:
        """ "the error of the linearisation falls as h^2", or that there is none."""
        if np.isinf(self.order):
            return "the linearisation is exact"
        whole = round(self.order)
        power = str(whole) if abs(self.order - whole) <= NEAR_WHOLE else f"{self.order:.1f}"
        return f"the error of the linearisation falls as h{'' if power == '1' else '^' + power}"

    def plot(self, axis: Axes | None = None, label: str = "", **style: Any) -> Axes:
        """Draw the largest remainder over the step, both logarithmic, beside lines of slope 1 and 2."""
        import matplotlib.pyplot as plt

        axis = axis or plt.subplots(figsize=(5.2, 3.6), layout="constrained")[1]
        with np.errstate(all="ignore"):
            worst = np.fmax.reduce(np.fmax(self.errors, np.finfo(float).tiny), axis=0)
        for power, line in ((1, "--"), (2, ":")) if not axis.lines else ():
            guide = BELOW * np.max(worst) * (self.steps / self.steps[0]) ** power
            axis.loglog(self.steps, guide, line, color="0.6", lw=1.2, label=f"$h^{power}$" if power > 1 else "$h$")
        axis.loglog(self.steps, worst, **{"marker": "o", "label": label or "error", **style})
        axis.set(xlabel="step $h$", ylabel="error of the linearisation")
        axis.legend()
        return axis


def linearise(f: Function, x: np.ndarray, along: list[tuple], steps: ArrayLike = STEPS) -> Linearisation:
    """Remainders of f at x for every pair (D, L(D)) in `along`: a direction and what is claimed to be linear there."""
    steps = np.asarray(steps, dtype=float)
    centre = _value(f, x)
    errors, rounding = np.full((2, len(along), len(steps)), np.nan)
    with np.errstate(all="ignore"):
        for i, (direction, linear) in enumerate(along):
            for k, h in enumerate(steps):
                value = _value(f, x + h * direction)
                errors[i, k] = np.linalg.norm(np.ravel(value - centre - h * linear))
                rounding[i, k] = EPS * (np.linalg.norm(np.ravel(value)) + np.linalg.norm(np.ravel(centre)))
    return Linearisation(steps, errors, rounding)


def _value(f: Function, x: np.ndarray) -> np.ndarray:
    return np.array(f(x.copy()), dtype=np.float64)


def _order(steps: np.ndarray, errors: np.ndarray, rounding: np.ndarray) -> float:
    with np.errstate(all="ignore"):
        trusted = np.flatnonzero(np.isfinite(errors) & (errors > ABOVE_ROUNDING * rounding))
        if len(trusted) < 2:
            return np.inf
        slopes = np.diff(np.log(errors[trusted])) / np.diff(np.log(steps[trusted]))
    return float(np.median(slopes[-TRUSTED:]))
