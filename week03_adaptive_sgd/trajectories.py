"""Paths of optimisers: follow one, and say how close to the minimum it came.

A step function of the course is pure: it takes `w`, a gradient, the states of the optimiser and the settings, and
returns the new `w` and the new states. `follow` runs it on a `Problem`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from week03_adaptive_sgd.objectives import Problem

LARGEST = 1e100  # beyond this a path has diverged, and the rest is nan: squares would overflow


def follow(
    step: Callable,
    problem: Problem,
    steps: int,
    *settings: float,
    states: int = 0,
    counted: bool = False,
    looks_ahead: bool = False,
    start: ArrayLike | None = None,
    **options: float,
) -> np.ndarray:
    """The path of an optimiser as an array [steps + 1, shape of w]; its first entry is the start.

    Every step calls  step(w, gradient, *state, [t,] *settings, **options)  with

        states       how many states the optimiser has; they begin as zeros of the shape of w
        counted      whether the number of the step, t = 1, 2, ..., comes after the states
        looks_ahead  whether the step wants the function problem.gradient instead of its value at w

    The functions get copies, so that a step that changes its arguments in place cannot disturb the record. From the
    step on where the path is no longer finite it is nan. Raises TypeError when a step does not return w and `states`
    states.
    """
    w = np.array(problem.start if start is None else start, dtype=float)
    state = [np.zeros_like(w) for _ in range(states)]
    path = np.full((steps + 1, *w.shape), np.nan)
    path[0] = w
    with np.errstate(all="ignore"):
        for t in range(1, steps + 1):
            gradient = problem.gradient if looks_ahead else problem.gradient(w)
            count = (t,) if counted else ()
            result = step(w.copy(), gradient, *[np.copy(s) for s in state], *count, *settings, **options)
            w, state = _unpack(result, states, w.shape)
            if not np.all(np.abs(w) < LARGEST):
                break
            path[t] = w
    return path


def follow_own(step: Callable, problem: Problem, steps: int) -> np.ndarray:
    """The path of an optimiser with a state of its own making: step(w, gradient, state, t) -> (w, state).

    The first state is None and t counts from 1. Ends early where `problem.gradient` gives None, as it may to say that
    the goal is reached; the path, an array [steps + 1, shape of w], then has fewer entries. Raises TypeError when a
    step does not return two things, of which the first has the shape of w.
    """
    w, state = np.array(problem.start, dtype=float), None
    path = [w]
    with np.errstate(all="ignore"):
        for t in range(1, steps + 2):
            gradient = problem.gradient(w)
            if gradient is None or t > steps:
                break
            result = step(w.copy(), gradient, state, t)
            if not (isinstance(result, (tuple, list)) and len(result) == 2):
                raise TypeError(f"a step must return (w, state), it returned {_describe(result)}")
            w, state = np.array(_as_w(result[0], w.shape)), result[1]
            if not np.all(np.abs(w) < LARGEST):
                break
            path.append(w)
    return np.array(path)


def share_left(path: np.ndarray, problem: Problem) -> float:
    """The gap to the lowest loss at the end of a path, as a share of that at its start."""
    return problem.gap(path[-1]) / problem.gap(path[0])


def gaps(path: np.ndarray, problem: Problem) -> np.ndarray:
    """The gap to the lowest loss at every entry of a path, nan where the path is."""
    with np.errstate(all="ignore"):
        return np.array([problem.gap(w) if np.all(np.isfinite(w)) else np.nan for w in path])


def _unpack(result: Any, states: int, shape: tuple[int, ...]) -> tuple[np.ndarray, list]:
    """The new w and the list of states from what a step returned."""
    if states == 0:
        return _as_w(result, shape), []
    if not isinstance(result, (tuple, list)) or len(result) != states + 1:
        raise TypeError(f"a step must return w and {states} state(s), it returned {_describe(result)}")
    return _as_w(result[0], shape), list(result[1:])


def _as_w(value: Any, shape: tuple[int, ...]) -> np.ndarray:
    if value is None:
        raise TypeError("a step returned None in place of w: is there a return?")
    w = np.asarray(value, dtype=float)
    if w.shape != shape:
        raise TypeError(f"a step must keep the shape {shape} of w, it returned shape {w.shape}")
    return w


def _describe(value: Any) -> str:
    if isinstance(value, (tuple, list)):
        return f"{len(value)} values"
    return f"an array of shape {value.shape}" if isinstance(value, np.ndarray) else f"a {type(value).__name__}"
