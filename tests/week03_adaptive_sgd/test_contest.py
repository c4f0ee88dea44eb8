"""The contest of optimisers: what the judge counts, and what a cheat can know."""

from types import SimpleNamespace

import numpy as np
import pytest

from grader.checks.questions.judging import judge
from grader.judge.grading.spec import reference_cells
from grader.judge.rehearsal.rehearsal import rehearse
from tests import mirror
from week03_adaptive_sgd.contest_questions import STEPS, Slope, walked
from week03_adaptive_sgd.objectives import quadratic, rescaled, tryouts
from week03_adaptive_sgd.trajectories import follow_own

WEEK, NAME = "week03_adaptive_sgd", "adaptive_sgd"
BOWL = rescaled(quadratic(10.0, dimensions=3, rng=np.random.default_rng(0)), 2.0, 0.1, 5.0)


def contest_keys():
    return {key.asked.name: key for key in mirror.keys(WEEK, NAME) if key.asked.cell == "test_own_optimizer"}


def test_a_slope_counts_and_ends_at_the_goal_or_with_the_steps():
    """Each asking is a point; none is given from the goal on, and none beyond the last step."""
    slope = Slope(BOWL, 0.01)
    assert slope.left() == 1.0 and slope(BOWL.start) is not None
    assert slope(BOWL.minimisers[0]) is None and slope.reached
    assert slope(BOWL.start) is None and len(slope.points) == 2
    tired = Slope(BOWL, 0.01)
    assert [tired(BOWL.start) is None for _ in range(STEPS + 3)] == [False] * (STEPS + 1) + [True] * 2
    assert len(tired.points) == STEPS + 1 and not tired.reached
    for nothing in (None, [1.0], "abc", [np.nan]):
        with pytest.raises((ValueError, TypeError)):
            Slope(BOWL, 0.01)(nothing)
    assert Slope(BOWL, 0.01)(np.full(3, np.nan)) is not None  # it may wander off: nothing is left of that


def test_rescaled_problems_have_their_minimum_elsewhere_and_their_slope():
    """By differences, in all units of the notebook's problems; nothing is to be had at zero or one."""
    for problem, share in tryouts():
        w = problem.start + 1e-3 * (problem.minimisers[0] - problem.start)
        tiny = 1e-6 * np.max(np.abs(problem.minimisers[0] - problem.start))
        slope = problem.gradient(w)
        for index in np.ndindex(w.shape):
            step = np.zeros(w.shape)
            step[index] = tiny
            found = (problem.loss(w + step) - problem.loss(w - step)) / (2 * tiny)
            assert abs(found - slope[index]) <= 1e-4 * np.max(np.abs(slope))
        assert problem.gap(problem.minimisers[0]) < 1e-9 * problem.gap(problem.start)
        for guess in (0 * w, np.ones_like(w)):
            assert problem.gap(guess) > share * problem.gap(problem.start)


def test_what_is_answered_counts_for_nothing_what_was_asked_counts():
    """Whoever forges the answer, be it the very path of somebody who is right, has asked for no slope."""
    names = mirror.namespace(WEEK, NAME, {}, {"test_own_optimizer"})
    for key in contest_keys().values():
        case = key.draw(np.random.default_rng(3))
        honest = key.asked.ask(names, vars(case))
        assert key.judged(honest, case).verdict.ok
        fresh = key.draw(np.random.default_rng(3))
        try:
            assert not key.judged(honest, fresh).verdict.ok
        except Exception as error:
            assert "missed" in str(error)


def test_the_notebook_judges_the_path_that_was_walked():
    """On its own problems: the same question, with numbers of problems for a case."""
    key = contest_keys()["a_bent_valley_and_a_saddle"]
    case = key.record(None)
    names = mirror.namespace(WEEK, NAME, {}, {"test_own_optimizer"})
    path = walked(SimpleNamespace(my_step=names["my_step"]), case.runs)
    assert judge(key.asked, path, case, key.right(case)).verdict.ok
    assert not judge(key.asked, [one[:2] for one in path], case, key.right(case)).verdict.ok


MADE_OF_ADAM = """
def my_step(w, grad, state, t):
    if state is None:
        state = np.zeros_like(w), np.zeros_like(w), 0, 1e-3, np.zeros_like(w)
    m, v, count, rate, move = state
    if np.sum(move * grad) > 0:
        m, v, count, rate = np.zeros_like(w), np.zeros_like(w), 0, rate / 2
    else:
        rate = 1.15 * rate
    new, m, v = adam_step(w, grad, m, v, count + 1, rate, beta1=0.9, beta2=0.99)
    return new, (m, v, count + 1, rate, new - w)
"""
# It finds, in the frames above it, whatever could tell a slope or a minimum, asks for many slopes in one step, and goes
# where they say; and if there is a problem to be seen that is none of the notebook's, it goes to its minimum.
CHEAT = """
import sys

def my_step(w, grad, state, t):
    frame, known, slope = sys._getframe(1), None, None
    while frame is not None:
        for value in list(frame.f_locals.values()):
            if hasattr(value, "minimisers") and value.start.shape == w.shape and np.array_equal(value.start, w):
                known = value
            if hasattr(value, "gradient") and value.gradient is not None:
                slope = value.gradient
        frame = frame.f_back
    if t == 1 and slope is not None:
        try:
            slope.__closure__
            for _ in range(400):
                slope(w + np.random.normal(size=w.shape))
        except Exception:
            pass
    guesses = known.minimisers if known is not None else ()
    return (guesses[0] if len(guesses) and guesses[0].shape == w.shape else w - 1e-3 * grad), None
"""


@pytest.mark.long
def test_a_cheat_that_looks_around_finds_no_problem_and_no_free_slope():
    """In the sandbox there is a function that asks the judge, who counts: no loss, no minimum, no other case."""
    found = rehearse(WEEK, NAME, {**reference_cells(mirror.REPO, WEEK, NAME), "own_optimizer": CHEAT})
    assert found.points["test_own_optimizer"] == 0


@pytest.mark.long
def test_an_optimiser_made_of_a_wrong_step_has_its_points_with_a_right_one():
    """By its own lights it climbs; the step it is made of costs its own points, once."""
    cells = {**reference_cells(mirror.REPO, WEEK, NAME), "own_optimizer": MADE_OF_ADAM}
    cells["adam"] = cells["adam"].replace("return w - lr", "return w + lr")
    found = rehearse(WEEK, NAME, cells)
    assert found.points["test_adam"] < 0.4 and found.points["test_own_optimizer"] == 0.4
    assert found.outcomes["test_own_optimizer"][-1].rank_text.endswith("steps to the goal")


def test_an_optimiser_may_return_the_buffer_it_writes_to():
    """Every point is kept as it was."""
    buffer = np.zeros(3)

    def step(w, grad, state, t):
        buffer[:] = w - 1e-3 * grad
        return buffer, None

    path = follow_own(step, BOWL, 5)
    assert len({tuple(point) for point in path}) == 6
