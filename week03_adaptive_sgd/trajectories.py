"""Paths of optimisers: follow one, and say where and how two of them part.

A step function of the course is pure: it takes `w`, a gradient, the states of the optimiser and the settings, and
returns the new `w` and the new states. `follow` runs it on a `Problem`; `compare` judges the whole path.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from week03_adaptive_sgd.objectives import Problem

RTOL = 1e-6
ATOL = 1e-9
LARGEST = 1e100  # a path beyond this has diverged: the rest is filled with nan, squares would overflow


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
        looks_ahead  whether the step wants the function problem.gradient in place of its value at w

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


def follow_own(
    step: Callable, problem: Problem, steps: int, until: Callable[[np.ndarray], bool] | None = None
) -> np.ndarray:
    """The path of an optimiser with a state of its own making: step(w, gradient, state, t) -> (w, state).

    The first state is None and t counts from 1. Stops early when `until(w)` holds; the path then has fewer entries.
    """
    w, state = np.array(problem.start, dtype=float), None
    path = [w]
    with np.errstate(all="ignore"):
        for t in range(1, steps + 1):
            if until is not None and until(w):
                break
            result = step(w.copy(), problem.gradient(w), state, t)
            if not (isinstance(result, (tuple, list)) and len(result) == 2):
                raise TypeError(f"a step must return (w, state), it returned {_describe(result)}")
            w, state = _as_w(result[0], w.shape), result[1]
            if not np.all(np.abs(w) < LARGEST):
                break
            path.append(w)
    return np.array(path)


def steps_to(path: np.ndarray, problem: Problem, fraction: float) -> int | None:
    """The first step at which the gap to the lowest loss is at most `fraction` of that at the start; None if never."""
    goal = fraction * problem.gap(path[0])
    for t, w in enumerate(path):
        if np.all(np.isfinite(w)) and problem.gap(w) <= goal:
            return t
    return None


def share_left(path: np.ndarray, problem: Problem) -> float:
    """The gap to the lowest loss at the end of a path, as a share of that at its start."""
    return problem.gap(path[-1]) / problem.gap(path[0])


def gaps(path: np.ndarray, problem: Problem) -> np.ndarray:
    """The gap to the lowest loss at every entry of a path, nan where the path is."""
    with np.errstate(all="ignore"):
        return np.array([problem.gap(w) if np.all(np.isfinite(w)) else np.nan for w in path])


@dataclass(frozen=True)
class PathVerdict:
    """How a path compares with the expected one.

    ok      the two agree everywhere
    code    "ok", "named", "shape", "not_finite", "still", "mirrored", "delayed", "scaled", "later" or "differs"
    step    the first step (from 1) at which they part, None if they agree
    pattern what can be seen, always true;  likely  a guess at the cause, may be empty
    """

    ok: bool
    code: str
    step: int | None = None
    pattern: str = ""
    likely: str = ""

    def hint(self) -> str:
        """One line without any expected number."""
        return self.pattern + (f"; likely {self.likely}" if self.likely else "")


def compare(
    yours: ArrayLike,
    expected: ArrayLike,
    mistakes: Mapping[str, ArrayLike] | None = None,
    rtol: float = RTOL,
    atol: float = ATOL,
) -> PathVerdict:
    """Judge a whole path [steps + 1, shape of w] against the expected one from the same start.

    mistakes: {what the student may have done: the path that this would give}. A named mistake wins over the general
    patterns. Returns a `PathVerdict`; never raises for numbers of the wrong shape.
    """
    expected = np.asarray(expected, dtype=float)
    try:
        yours = np.asarray(yours, dtype=float)
    except (TypeError, ValueError):
        return PathVerdict(False, "shape", None, "the path does not consist of numbers of one shape")
    if yours.shape != expected.shape:
        return PathVerdict(False, "shape", None, f"the path has shape {yours.shape}, not {expected.shape}")
    apart = _apart(yours, expected, rtol, atol)
    if not apart.any():
        return PathVerdict(True, "ok")
    step = int(np.argmax(apart))
    finite = np.isfinite(yours[1:]).any()  # paths of nothing but nan are all alike: none of them is a named mistake
    for text, wrong in (mistakes if finite and mistakes else {}).items():
        if not _apart(yours, np.asarray(wrong, dtype=float), rtol, atol).any():
            return PathVerdict(False, "named", step, _where(step), text)
    code, pattern, likely = _pattern(yours, expected, step, rtol, atol)
    return PathVerdict(False, code, step, pattern, likely)


def _pattern(yours: np.ndarray, expected: np.ndarray, step: int, rtol: float, atol: float) -> tuple[str, str, str]:
    """(code, pattern, likely): the first rule that fits."""
    moves, wanted = yours[1:] - yours[0], expected[1:] - expected[0]
    if not np.all(np.isfinite(yours)):
        first = int(np.argmax(~np.isfinite(yours).reshape(len(yours), -1).all(axis=1)))
        return "not_finite", f"from step {first} on the path is not finite", "a division by zero, or steps that grow"
    if not np.any(moves):
        return "still", "the path never leaves its start", "the new w is not what is returned"
    if not _apart(moves[:1], -wanted[:1], rtol, atol).any():
        return "mirrored", "the first step goes exactly the other way", "the step climbs: a sign"
    late, early = (yours[2:], expected[1:-1]), (yours[1:-1], expected[2:])
    if not _apart(*late, rtol, atol).any() or not _apart(*early, rtol, atol).any():
        return "delayed", "the path is the right one, shifted by one step", "an old value is used before it is updated"
    if step > 1:
        return (
            "later",
            f"the first {step - 1} steps are right, then the paths part",
            ("the state that comes back, or the use of it, as it is zero at the start"),
        )
    ratio = _common_ratio(moves[:1], wanted[:1])
    if ratio is not None:
        return "scaled", f"the first step is {ratio:.6g} times as long as it should be", ""
    return "differs", _where(step), ""


def _where(step: int) -> str:
    return "the paths part at the first step" if step == 1 else f"the paths part at step {step}"


def _apart(yours: np.ndarray, expected: np.ndarray, rtol: float, atol: float) -> np.ndarray:
    """For every entry of a path: do the two differ? A mistake's path of another shape differs everywhere."""
    if yours.shape != expected.shape:
        return np.ones(max(1, len(yours)), dtype=bool)
    with np.errstate(all="ignore"):
        size = np.nanmax(np.abs(expected), initial=0.0)
        near = np.abs(yours - expected) <= atol + rtol * size
    both_lost = np.isnan(yours) & np.isnan(expected)
    return ~(near | both_lost).reshape(len(yours), -1).all(axis=1)


def _common_ratio(yours: np.ndarray, expected: np.ndarray) -> float | None:
    """yours / expected where it is one number in all entries, else None."""
    used = np.abs(expected) > 1e-12
    if not used.any() or np.any(np.abs(yours[~used]) > 1e-9):
        return None
    ratios = yours[used] / expected[used]
    return float(ratios[0]) if np.allclose(ratios, ratios[0], rtol=1e-5) else None


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
