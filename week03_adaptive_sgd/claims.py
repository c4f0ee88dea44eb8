"""What the notebooks of this week say about their experiments, checked where these are run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from week03_adaptive_sgd.comparison import Races
from week03_adaptive_sgd.objectives import Problem

FAST = ("momentum", "Nesterov", "Adam")
DIVIDING = ("RMSProp", "AdaGrad", "Adam")


def claim(text: str, holds: object) -> None:
    """Say so if an experiment does not show what the text says about it: a step is wrong, or settings were changed."""
    if not holds:
        print(f"not seen here: {text}. Is every step right, and are the settings as they were?")


def claims_of_race(races: Races, learning_rates: Sequence[float], circles: Problem) -> None:
    """What the text says about the race of seven methods on a bowl, Rosenbrock's valley, a saddle and the circles.

    Unless all seven have run, nothing is checked.
    """
    if any(len(runs) < 7 for runs in races.values()):
        return
    bowl, valley, saddle, rings = (
        {name: run.gap / run.gap[0] for name, run in runs.items()} for runs in races.values()
    )
    best = {name: np.array([runs[name].learning_rate for runs in races.values()]) for name in bowl}
    every = np.concatenate(list(best.values()))
    claim("no best rate is at an end of the list", min(learning_rates) < min(every) <= max(every) < max(learning_rates))
    claim("SGD's best rates lie a factor of 4000 apart", near(max(best["SGD"]) / min(best["SGD"]), 4000))
    claim("Adam's a factor of 4", near(max(best["Adam"]) / min(best["Adam"]), 4))
    apart = best["Adam"] / best["SGD"]
    claim(
        "Adam's are 40 times too large for SGD on the bowl, 25 times too small on the circles",
        near(apart[[0, 3]], [40, 0.04]),
    )

    end = {name: gap[-1] for name, gap in bowl.items()}
    claim("on the bowl SGD leaves 2e-5", near(end["SGD"], 1.7e-5))
    claim("three leave less than 1e-8", all(end[name] < 1e-8 for name in FAST))
    claim("they need a third of its steps", all(min(bowl[name][:67]) < end["SGD"] for name in FAST))
    risen = 10 * min(bowl["RMSProp"]) < end["RMSProp"] == max(end.values())
    claim("RMSProp is lifted up again and ends last", risen)
    claim("AdaGrad is not", np.argmin(bowl["AdaGrad"]) == 200)
    claim("AdamW stops short", end["AdamW"] > 1000 * end["Adam"])

    end = {name: gap[-1] for name, gap in valley.items()}
    claim("in the valley momentum gets furthest", end["momentum"] == min(end.values()))
    claim(
        "it leaves 1e-4, Adam 8e-4, SGD 6e-3", near([end["momentum"], end["Adam"], end["SGD"]], [1.0e-4, 8e-4, 5.6e-3])
    )

    gone = {name: int(np.argmax(gap < 0.14)) for name, gap in saddle.items()}
    claim("SGD needs a hundred steps at the saddle", 95 <= gone["SGD"] <= 105)
    claim("a method that divides is gone within ten", all(gone[name] <= 10 for name in DIVIDING))
    side = races["a saddle"]["SGD"].path[:50, 1]
    claim("SGD leaves the ridge by a constant factor", np.allclose(side[1:] / side[:-1], side[1] / side[0], rtol=1e-3))

    end = {name: gap[-1] for name, gap in rings.items()}
    claim(
        "on the circles the same three leave less than 1e-8, SGD 1e-6",
        all(end[name] < 1e-8 for name in FAST) and near(end["SGD"], 1.2e-6),
    )
    claim(
        "RMSProp leaves 4e-3 and is last there, too", near(end["RMSProp"], 4e-3) and end["RMSProp"] == max(end.values())
    )
    claim("AdamW stops short there, too", end["AdamW"] > 1000 * end["Adam"])
    lowest, reach = races[circles.name]["Adam"].path[-1], 1e-4 * np.eye(6)
    hessian = [(circles.gradient(lowest + step) - circles.gradient(lowest - step)) / 2e-4 for step in reach]
    claim("the condition number of the circles is about 130", near(np.linalg.cond(hessian), 130))


def near(found: ArrayLike, told: ArrayLike) -> bool:
    """Are these numbers what the text says, give or take a tenth?"""
    return bool(np.allclose(found, told, rtol=0.1))
