"""The worksheet's numbers are those of homework 2's formulas, and follow-through does what it says."""

import numpy as np
import pytest

from grader.judge.authoring.verdicts import Verdictless
from grader.judge.grading.spec import load_notebook
from solutions.week03_adaptive_sgd.adaptive_sgd import steps
from solutions.week03_adaptive_sgd.descent_by_hand import worked
from week03_adaptive_sgd.objectives import Problem
from week03_adaptive_sgd.trajectories import follow

POINTS = Problem("two points", loss=None, gradient=lambda w: np.array([worked.slope(w[0])]), start=np.zeros(1))
SETTINGS = {
    "sgd": (worked.descent, {"lr": 0.1}),
    "momentum": (worked.momentum, {"lr": 0.1, "mu": 0.9}),
    "nesterov": (worked.nesterov, {"lr": 0.1, "mu": 0.9}),
    "rmsprop": (worked.rmsprop, {"lr": 0.1, "alpha": 0.9, "eps": 0.0}),
    "adam": (worked.adam, {"lr": 0.1, "beta1": 0.9, "beta2": 0.9, "eps": 0.0}),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_worked_steps_are_those_of_homework_2(name):
    """Four steps of each method on the worksheet's two points."""
    step, settings = SETTINGS[name]
    weights = [0.0]
    for _ in range(4):
        weights.append(step(weights))
    path = follow(steps.RIGHT[name], POINTS, 4, **steps.CALLS[name], **settings)
    np.testing.assert_allclose(weights, path[:, 0], rtol=1e-12)


class Written:
    """A student who wrote these variables."""

    def __init__(self, **variables):
        self.__dict__.update(variables)


def passed(repo, cell, values):
    """Which steps of a list get their points."""
    tests = load_notebook(repo, "week03_adaptive_sgd", "descent_by_hand").tests[f"test_{cell}"]

    def passes(test):
        try:
            test.function(Written(**{cell: values}), np.random.default_rng(0))
        except Verdictless:
            return False
        return True

    return [passes(test) for test in tests]


@pytest.mark.parametrize(
    ("cell", "step"),
    [
        ("gd_steps", worked.descent),
        ("sgd_steps", worked.stochastic),
        ("momentum_steps", worked.momentum),
        ("nesterov_steps", worked.nesterov),
        ("rmsprop_steps", worked.rmsprop),
        ("adam_steps", worked.adam),
    ],
)
def test_what_follows_from_a_wrong_step_keeps_its_points(repo, cell, step):
    """A first step that is off by 0.05, and all others from it; then the exact ones, then one more that is wrong."""
    count = len(passed(repo, cell, [None] * 4))
    slipped, exact = [0.0], [0.0]
    for number in range(count):
        slipped.append(step(slipped) + (0.05 if number == 0 else 0.0))
        exact.append(step(exact))
    assert passed(repo, cell, slipped[1:]) == [False] + [True] * (count - 1)
    assert passed(repo, cell, exact[1:]) == [True] * count
    assert passed(repo, cell, [*exact[1:-1], exact[-1] + 0.05]) == [True] * (count - 1) + [False]
    assert passed(repo, cell, [exact[1]] + [None] * (count - 1)) == [True] + [False] * (count - 1)
