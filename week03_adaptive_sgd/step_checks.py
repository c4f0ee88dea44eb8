"""Checks of an optimiser's step for the notebook: its path, its manners and what it is blind to.

Each function takes the `check` of `with checks.exercise(...) as check` and prints one line through it. No formula of
any optimiser is here: paths are compared with recorded numbers, the rest are properties.
"""

from __future__ import annotations

import inspect
import json
from pathlib import Path

import numpy as np

from week03_adaptive_sgd.objectives import quadratic, rescaled
from week03_adaptive_sgd.step_mistakes import LIKELY
from week03_adaptive_sgd.trajectories import compare, follow

# Five steps down one bowl, recorded. BOWL are the arguments of `quadratic`; for every step SETTINGS are its own,
# CALLS is how `follow` calls it, RIGHT its path [6, 2], WRONG the paths of mistakes by their key in LIKELY.
_RECORDED = json.loads(Path(__file__).with_name("recorded_paths.json").read_text(encoding="utf-8"))
BOWL, SETTINGS, CALLS, RIGHT, WRONG = map(_RECORDED.get, ("BOWL", "SETTINGS", "CALLS", "RIGHT", "WRONG"))


def same_path(check, name, step):
    """Five steps of the student's `step` from the recorded start end where they should, and pass where they should."""
    settings = SETTINGS[name]
    path = follow(step, quadratic(**BOWL), len(RIGHT[name]) - 1, **CALLS[name], **settings)
    mistakes = {LIKELY[key]: np.array(wrong) for key, wrong in WRONG[name].items()}
    verdict = compare(path, RIGHT[name], mistakes)
    told = ", ".join(f"{key} = {value:g}" for key, value in settings.items())
    check.that(f"path of five steps down a bowl ({told})", verdict.ok, verdict.hint())


def good_manners(check, step, *arguments):
    """No array among the arguments is changed in place, and a second call with the same arguments gives the same."""
    given = _copies(arguments)
    first = _arrays(step(*given))
    for name, now, before in zip(inspect.signature(step).parameters, given, arguments, strict=False):
        if isinstance(before, np.ndarray):
            check.unchanged(name, now, before)
    again = _arrays(step(*_copies(arguments)))
    same = len(first) == len(again) and all(map(np.array_equal, first, again))
    check.that("nothing is kept between calls", same, "a second call with the same arguments gave another result")


def any_shape(check, name, step):
    """The step works for a matrix of weights as it does for the same numbers in one row."""
    bowl = quadratic(5.0, dimensions=6, rng=np.random.default_rng(4))
    flat = follow(step, bowl, 3, **CALLS[name], **SETTINGS[name])

    class Matrix:
        """The bowl with its six weights written as a matrix [2, 3]."""

        start = bowl.start.reshape(2, 3)

        @staticmethod
        def gradient(w):
            return bowl.gradient(w.reshape(6)).reshape(2, 3)

    path = follow(step, Matrix, 3, **CALLS[name], **SETTINGS[name])
    same = np.allclose(path.reshape(4, 6), flat, rtol=1e-6, equal_nan=True)
    check.that("weights of shape (2, 3)", same, "written as a matrix, the same weights took another path")


def blind_to_units(check, name, step, factor=1000.0):
    """The path is the same when the loss, and with it every gradient, is multiplied by `factor`."""
    bowl = quadratic(**BOWL)
    settings = {**SETTINGS[name], "eps": 1e-30}
    paths = [follow(step, problem, 4, **CALLS[name], **settings) for problem in (bowl, rescaled(bowl, factor))]
    moved = np.all(np.isfinite(paths[0])) and np.any(paths[0][-1] != paths[0][0])
    same = bool(moved) and np.allclose(*paths, rtol=1e-6, atol=1e-9)
    hint = "the path depends on the units of the loss"
    check.that(f"the same path when the loss is {factor:g} times as large", same, hint)


def _copies(arguments):
    return [np.copy(value) if isinstance(value, np.ndarray) else value for value in arguments]


def _arrays(result):
    return [np.asarray(part) for part in (result if isinstance(result, (tuple, list)) else (result,))]
