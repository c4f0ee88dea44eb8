"""Paths of optimisers: how they are followed, and what is said when two of them part."""

import numpy as np
import pytest

from week03_adaptive_sgd.objectives import quadratic
from week03_adaptive_sgd.trajectories import compare, follow, follow_own, steps_to

BOWL = quadratic(6.0, angle=0.3)


def descent(w, grad, lr):
    return w - lr * grad


def heavy_ball(w, grad, v, lr, mu):
    v = mu * v + lr * grad
    return w - v, v


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
    """None first, then whatever was returned; no step after `until` holds."""
    states = []

    def step(w, grad, state, t):
        states.append(state)
        return w - 0.1 * grad, ("memory", t)

    walked = follow_own(step, BOWL, 50, until=lambda w: BOWL.gap(w) < 0.05 * BOWL.gap(BOWL.start))
    assert states[:2] == [None, ("memory", 1)]
    assert len(walked) - 1 == len(states) == steps_to(walked, BOWL, 0.05) < 50


def changed(right, code):
    """A path with the fault that `code` names."""
    wrong = {
        "mirrored": 2 * right[0] - right,
        "still": np.repeat(right[:1], len(right), axis=0),
        "delayed": np.concatenate([right[:1], right[:-1]]),
        "later": np.concatenate([right[:4], right[4:] * 1.1]),
        "scaled": right[0] + 0.5 * (right - right[0]) * (1 + 0.1 * np.arange(len(right)))[:, None] / 1.1,
        "not_finite": np.where(np.arange(len(right))[:, None] > 3, np.nan, right),
        "shape": right[:, :1],
        "differs": np.concatenate([right[:1], right[1:] + np.array([0.3, -0.1])]),
    }
    return wrong[code]


@pytest.mark.parametrize("code", ["mirrored", "still", "delayed", "later", "scaled", "not_finite", "shape", "differs"])
def test_each_pattern_is_seen(code):
    """One planted fault for every rule."""
    verdict = compare(changed(path(), code), path())
    assert not verdict.ok
    assert verdict.code == code
    assert verdict.hint()


def test_later_says_how_many_steps_are_right():
    """The number is of steps, not of rows."""
    verdict = compare(changed(path(), "later"), path())
    assert verdict.step == 4
    assert "first 3 steps are right" in verdict.pattern


def test_a_named_mistake_wins():
    """The path of plain descent in place of momentum's."""
    verdict = compare(path(), path(heavy_ball, 0.1, 0.9, states=1), {"no memory": path()})
    assert verdict.code == "named"
    assert verdict.likely == "no memory"


def test_a_path_of_nan_is_no_named_mistake():
    """Two paths of nothing but nan tell nothing about each other."""
    lost = np.full((9, 2), np.nan)
    assert compare(lost, path(), {"some mistake": lost}).code == "not_finite"


def test_rounding_is_no_fault():
    """A path computed in another order is the same path."""
    assert compare(path() * (1 + 1e-12), path()).ok
