"""Paths of optimisers: how they are followed."""

from dataclasses import replace

import numpy as np
import pytest

from week03_adaptive_sgd.objectives import quadratic
from week03_adaptive_sgd.trajectories import follow, follow_own

BOWL = quadratic(6.0, angle=0.3)


def descent(w, grad, lr):
    return w - lr * grad


def path(step=descent, *settings, n=8, **options):
    return follow(step, BOWL, n, *(settings or (0.1,)), **options)


def test_a_path_starts_at_the_start_and_has_a_row_a_step():
    """[steps + 1, shape of w]."""
    walked = path()
    assert walked.shape == (9, 2)
    np.testing.assert_array_equal(walked[0], BOWL.start)


def test_a_step_that_works_in_place_cannot_spoil_the_record():
    """The step gets copies."""

    def in_place(w, grad, lr):
        w -= lr * grad
        return w

    np.testing.assert_array_equal(path(in_place), path())


def test_a_path_that_diverges_is_nan_from_there():
    """And no warning is printed on the way."""
    walked = path(descent, 1e60)
    assert np.isfinite(walked[:2]).all() and np.isnan(walked[3:]).all()


@pytest.mark.parametrize(
    ("step", "options"),
    [
        (lambda w, g, lr: None, {}),
        (lambda w, g, lr: w[:1], {}),
        (lambda w, g, v, lr: w, {"states": 1}),
        (lambda w, g, v, lr: (w, v, v), {"states": 1}),
    ],
)
def test_a_step_that_returns_something_else_is_told_so(step, options):
    """TypeError, in words for a student."""
    with pytest.raises(TypeError, match="a step"):
        path(step, **options)


def test_counts_look_ahead_and_states_reach_the_step():
    """t = 1, 2, ... after the states; the function in place of its value."""
    seen = []

    def spy(w, grad_fn, m, v, t, lr):
        seen.append((t, callable(grad_fn), m.shape, v.shape))
        return w, m, v

    path(spy, n=2, states=2, counted=True, looks_ahead=True)
    assert seen == [(1, True, (2,), (2,)), (2, True, (2,), (2,))]


def test_own_optimiser_gets_its_state_back_and_stops_at_the_goal():
    """None first, then whatever was returned; no step where there is no slope any more."""
    states = []

    def step(w, grad, state, t):
        states.append(state)
        return w - 0.1 * grad, ("memory", t)

    goal = 0.05 * BOWL.gap(BOWL.start)
    walked = follow_own(step, replace(BOWL, gradient=lambda w: None if BOWL.gap(w) < goal else BOWL.gradient(w)), 50)
    assert states[:2] == [None, ("memory", 1)]
    reached = [BOWL.gap(w) <= goal for w in walked]
    assert len(walked) - 1 == len(states) == reached.index(True) < 50
