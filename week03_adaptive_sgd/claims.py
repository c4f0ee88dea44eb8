"""What the notebooks of this week say of their experiments, held against them where they are run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from week03_adaptive_sgd.comparison import Races
from week03_adaptive_sgd.objectives import Problem

FAST = ("momentum", "Nesterov", "Adam")
DIVIDING = ("RMSProp", "AdaGrad", "Adam")


def claim(text: str, holds: object) -> None:
    """Says so if an experiment does not show what the text says of it: a step is wrong, or settings were changed."""
    if not holds:
        print(f"not seen here: {text}. Is every step right, and are the settings as they were?")


def claims_of_race(races: Races, learning_rates: Sequence[float], circles: Problem) -> None:
    """What is said of the race of seven methods on a bowl, Rosenbrock's valley, a saddle and the circles.

    Without all seven nothing is said.
    """
    if any(len(runs) < 7 for runs in races.values()):
        return
    bowl, valley, saddle, rings = (
        {name: run.gap / run.gap[0] for name, run in runs.items()} for runs in races.values()
    )
    best = {name: [runs[name].learning_rate for runs in races.values()] for name in bowl}
    every = sum(best.values(), [])
    claim("no best rate is at an end of the list", min(learning_rates) < min(every) <= max(every) < max(learning_rates))
    spread = {name: max(rates) / min(rates) for name, rates in best.items()}
    claim("SGD's best rates lie a factor of 4000 apart", np.isclose(spread["SGD"], 4000, rtol=0.01))
    claim("Adam's a factor of 4", np.isclose(spread["Adam"], 4, rtol=0.01))

    third = 200 // 3
    claim("on the bowl three need a third of SGD's steps", all(bowl[name][third] < bowl["SGD"][-1] for name in FAST))
    claim("RMSProp is lifted up again", bowl["RMSProp"][-20:].min() > 10 * bowl["RMSProp"].min())
    claim("AdaGrad is not", np.argmin(bowl["AdaGrad"]) == 200)

    ends = {name: gap[-1] for name, gap in valley.items()}
    claim("in the valley momentum gets furthest", min(ends, key=ends.__getitem__) == "momentum")
    claim("and nobody is fast", min(ends.values()) > 5e-5)

    gone = {name: int(np.argmax(gap < 0.15)) for name, gap in saddle.items()}
    claim("SGD needs a hundred steps at the saddle", 90 <= gone["SGD"] <= 110)
    claim("a method that divides is gone within ten", max(gone[name] for name in DIVIDING) <= 10)
    side = races["a saddle"]["SGD"].path[:50, 1]
    claim("SGD leaves the ridge by a constant factor", np.allclose(side[1:] / side[:-1], side[1] / side[0], rtol=1e-3))

    order = sorted(rings, key=lambda name: rings[name][-1])
    claim("on the circles the same three are ahead", {*order[:3]} == {*FAST})
    claim("RMSProp is last there", order[-1] == "RMSProp")
    claim("and on the bowl", max(bowl, key=lambda name: bowl[name][-1]) == "RMSProp")
    lowest, reach = races[circles.name]["Adam"].path[-1], 1e-4 * np.eye(6)
    hessian = [(circles.gradient(lowest + step) - circles.gradient(lowest - step)) / 2e-4 for step in reach]
    claim("the condition number of the circles is about 130", 125 < np.linalg.cond(hessian) < 135)
    claim("AdamW stops short", all(gap["AdamW"][-1] > 1000 * gap["Adam"][-1] for gap in (bowl, rings)))
