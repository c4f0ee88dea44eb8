"""The worksheet's numbers are those of homework 2's formulas, and follow-through does what it says."""

from types import SimpleNamespace

import numpy as np
import pytest

from solutions.week03_adaptive_sgd.adaptive_sgd import steps
from solutions.week03_adaptive_sgd.descent_by_hand import worked
from tests import mirror
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


KEYS = mirror.keys("week03_adaptive_sgd", "descent_by_hand")
STEPS = [
    ("gd_steps", worked.descent),
    ("sgd_steps", worked.stochastic),
    ("momentum_steps", worked.momentum),
    ("nesterov_steps", worked.nesterov),
    ("rmsprop_steps", worked.rmsprop),
    ("adam_steps", worked.adam),
]

COUNTS = {cell: sum(key.asked.cell == f"test_{cell}" for key in KEYS) for cell, _ in STEPS}


def passed(cell, values):
    """Which steps of a list get their points."""

    def passes(key):
        try:
            return key.judged(key.asked.ask({cell: values}, {}), SimpleNamespace()).verdict.ok
        except NotImplementedError:
            return False

    return [passes(key) for key in KEYS if key.asked.cell == f"test_{cell}"]


def marks(cell, values):
    """The marks of a list in the notebook."""
    report = mirror.at_home("week03_adaptive_sgd", "descent_by_hand").report(cell, {cell: values})
    return [result.ok for result in report.results]


@pytest.mark.parametrize(("cell", "step"), STEPS)
def test_what_follows_from_a_wrong_step_keeps_its_points(cell, step):
    """A first step that is off by 0.05, and all others from it; then the exact ones, then one more that is wrong."""
    count = COUNTS[cell]
    slipped, exact = [0.0], [0.0]
    for number in range(count):
        slipped.append(step(slipped) + (0.05 if number == 0 else 0.0))
        exact.append(step(exact))
    assert passed(cell, slipped[1:]) == [False] + [True] * (count - 1)
    assert marks(cell, slipped[1:]) == [False] + [None] * (count - 1)
    assert passed(cell, exact[1:]) == marks(cell, exact[1:]) == [True] * count
    last = [*exact[1:-1], exact[-1] + 0.05]
    assert passed(cell, last) == marks(cell, last) == [True] * (count - 1) + [False]
    first = [exact[1]] + [None] * (count - 1)
    assert passed(cell, first) == marks(cell, first) == [True] + [False] * (count - 1)


@pytest.mark.parametrize("cell", [cell for cell, _ in STEPS])
def test_made_up_numbers_get_no_mark_of_approval(cell):
    """Steps that go downhill and shrink, and are no one's."""
    count = COUNTS[cell]
    made_up = [0.3 + 0.11 * number for number in range(count)]
    report = mirror.at_home("week03_adaptive_sgd", "descent_by_hand").report(cell, {cell: made_up})
    assert [result.ok for result in report.results] == [False] + [None] * (count - 1)
    for number, result in zip(made_up[1:], report.results[1:], strict=True):
        assert (
            result.details[0].split() == ["yours", "read:", f"{number:g}"]
            and "has its points when graded" in result.details[1]
        )


def test_after_two_steps_nesterov_leads_momentum_and_plain_descent():
    """What the text says of the figure after row 7; and the adaptive ones are not yet halfway there."""

    def loss(step, count=2):
        w = [0.0]
        for _ in range(count):
            w.append(step(w))
        return np.mean([(y - w[-1] * x) ** 2 for x, y in worked.SAMPLES])

    plain, *others = (loss(step) for step in (worked.descent, worked.momentum, worked.nesterov))
    assert loss(lambda w: 1.6) == pytest.approx(0.1)
    assert (
        0.1 < others[1] < 0.105 < others[0] < plain < 1 < loss(worked.rmsprop) < loss(worked.adam) < loss(lambda w: 0)
    )
    assert loss(worked.descent, 8) < 0.101 < loss(worked.momentum, 24)


def test_momentum_swings_to_and_fro_for_dozens_of_steps():
    """Three dozen steps on, it still passes the minimum every few steps, by a tenth of the first distance and more."""
    w = [0.0]
    while len(w) <= 36:
        w.append(worked.momentum(w))
    off = np.array(w) - 1.6
    assert np.sum(off[1:] * off[:-1] < 0) > 6 and np.abs(off[-8:]).max() > 0.1 * abs(off[0])


def test_row_3_ends_in_a_cycle_around_the_minimum_nearly_as_wide_as_its_rate():
    """1.62 and 1.52, as the rubric says; with half the rate about half as wide."""

    def cycle(eta, steps=4000):
        w, ends = 0.0, []
        for number in range(steps):
            x, y = worked.SAMPLES[number % 2]
            w += 2 * eta * x * (y - w * x)
            ends = [*ends[-1:], w]
        return ends

    assert np.round(cycle(0.1), 2).tolist() == [1.62, 1.52]
    assert np.ptp(cycle(0.05)) / np.ptp(cycle(0.1)) == pytest.approx(0.5, abs=0.06)
