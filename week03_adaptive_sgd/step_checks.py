"""Checks of an optimiser's step for the notebook: its path, its manners and what it is blind to.

Each function takes the `check` of `with checks.exercise(...) as check` and prints one line through it. No formula of
any optimiser is here: paths are compared with recorded numbers, the rest are properties.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from grader.checks.exercise.exercise import Exercise
from week03_adaptive_sgd.objectives import Problem, quadratic, rescaled
from week03_adaptive_sgd.step_mistakes import LIKELY
from week03_adaptive_sgd.trajectories import compare, follow

# Five steps down one bowl, recorded. BOWL are the arguments of `quadratic`; for every step SETTINGS are its own,
# CALLS is how `follow` calls it, RIGHT its path [6, 2], WRONG the paths of mistakes by their key in LIKELY.
_RECORDED = json.loads(Path(__file__).with_name("recorded_paths.json").read_text(encoding="utf-8"))
BOWL, SETTINGS, CALLS, RIGHT, WRONG = map(_RECORDED.get, ("BOWL", "SETTINGS", "CALLS", "RIGHT", "WRONG"))


def same_path(check: Exercise, name: str, step: Callable) -> None:
    """Five steps of the student's `step` from the recorded start end where they should, and pass where they should."""
    settings = SETTINGS[name]
    path = _path(step, name, _bowl(), len(RIGHT[name]) - 1)
    mistakes = {LIKELY[key]: np.array(wrong) for key, wrong in WRONG[name].items()}
    verdict = compare(path, RIGHT[name], mistakes)
    told = ", ".join(f"{key} = {value:g}" for key, value in settings.items())
    check.that(f"path of five steps down a bowl ({told})", verdict.ok, verdict.hint())


def good_manners(check: Exercise, step: Callable, *arguments: Any) -> None:
    """No array among the arguments is changed in place, and a second call with the same arguments gives the same."""
    given = _copies(arguments)
    first = _arrays(step(*given))
    for name, now, before in zip(inspect.signature(step).parameters, given, arguments, strict=False):
        if isinstance(before, np.ndarray):
            check.unchanged(name, now, before)
    again = _arrays(step(*_copies(arguments)))
    same = len(first) == len(again) and all(map(np.array_equal, first, again))
    check.that("nothing is kept between calls", same, "a second call with the same arguments gave another result")


def any_shape(check: Exercise, name: str, step: Callable) -> None:
    """The step works for a matrix of weights as it does for the same numbers in one row."""
    bowl = quadratic(5.0, dimensions=6, rng=np.random.default_rng(4))
    flat = _path(step, name, bowl, 3)
    as_matrix = replace(
        bowl, start=bowl.start.reshape(2, 3), gradient=lambda w: bowl.gradient(w.reshape(6)).reshape(2, 3)
    )
    path = _path(step, name, as_matrix, 3)
    same = np.allclose(path.reshape(4, 6), flat, rtol=1e-6, equal_nan=True)
    check.that("weights of shape (2, 3)", same, "written as a matrix, the same weights took another path")


def blind_to_units(check: Exercise, name: str, step: Callable, factor: float = 1000.0) -> None:
    """The path is the same when the loss, and with it every gradient, is multiplied by `factor`."""
    path, other = (_path(step, name, problem, 4, eps=1e-30) for problem in (_bowl(), rescaled(_bowl(), factor)))
    moved = np.all(np.isfinite(path)) and np.any(path[-1] != path[0])
    same = bool(moved) and np.allclose(path, other, rtol=1e-6, atol=1e-9)
    hint = "the path depends on the units of the loss"
    check.that(f"the same path when the loss is {factor:g} times as large", same, hint)


def _bowl() -> Problem:
    return quadratic(BOWL["condition"], angle=BOWL["angle"])


def _path(step: Callable, name: str, problem: Problem, steps: int, **settings: float) -> np.ndarray:
    """The path of a student's step, called as the recorded ones were and with their settings but for these."""
    options: dict[str, Any] = {**CALLS[name], **SETTINGS[name], **settings}
    return follow(step, problem, steps, **options)


def _copies(arguments: Sequence) -> list:
    return [np.copy(value) if isinstance(value, np.ndarray) else value for value in arguments]


def _arrays(result: Any) -> list[np.ndarray]:
    return [np.asarray(part) for part in (result if isinstance(result, (tuple, list)) else (result,))]
