"""The contest of optimisers: what is asked of one's own, in the notebook and when it is graded.

An optimiser walks down problems that it cannot see: it is told the slope where it stands. In the notebook the problems
are those of `tryouts`; when graded the slope is asked of the judge, who counts, and says nothing else about a problem.
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from grader.checks.questions import Question, array, items, question, same
from week03_adaptive_sgd.objectives import Problem, tryouts
from week03_adaptive_sgd.trajectories import follow_own

STEPS = 300
SECONDS = 20  # each step crosses to the judge and back


class Slope:
    """The slope of a problem where it is asked for; None from where `share` of the gap, or less, is left.

    points  where it was asked for, in order, [shape of w]: at most one more than an optimiser takes steps
    """

    def __init__(self, problem: Problem, share: float) -> None:
        self.problem, self.share = problem, share
        self.points: list[np.ndarray] = []
        self.reached = False

    def __call__(self, w: Any) -> np.ndarray | None:
        """Errors: `ValueError` for what is no array of the right shape."""
        at = np.array(w, dtype=float)
        if at.shape != self.problem.start.shape:
            raise ValueError(f"w has shape {self.problem.start.shape}")
        if self.reached or len(self.points) > STEPS:
            return None
        self.points.append(at)
        with np.errstate(all="ignore"):
            self.reached = bool(self.left() <= self.share)
            return None if self.reached else np.asarray(self.problem.gradient(at))

    def left(self) -> float:
        """The share of the gap that is left where the slope was asked for last; 1 before it was."""
        with np.errstate(all="ignore"):
            gap = self.problem.gap(self.points[-1]) if self.points else np.inf
            return gap / self.problem.gap(self.problem.start) if np.isfinite(gap) else 1.0


def slopes(case: Any, answer: Sequence[np.ndarray]) -> list[Slope]:
    """What was asked for in each run: as the judge has counted it, or in the notebook as the answer says."""
    found = []
    for run, path in zip(case.runs, answer):  # noqa: B905
        if isinstance(run, int):
            slope = Slope(*tryouts()[run])
            list(map(slope, path))
        else:
            slope = run[1]
        found.append(slope)
    return found


def walked(student: Any, runs: Sequence[Any]) -> list[np.ndarray]:
    """The path down each problem: given by its number among the tryouts, or by a start and its slope."""
    paths = []
    for run in runs:
        problem = tryouts()[0 if not isinstance(run, int) else run][0]
        start, slope = (problem.start, Slope(*tryouts()[run])) if isinstance(run, int) else run
        paths.append(follow_own(student.my_step, replace(problem, start=start, gradient=slope), STEPS))
    return paths


def some_paths(case: Any) -> Any:
    """The form of an answer."""
    shapes = {(tryouts()[run][0].start if isinstance(run, int) else run[0]).shape for run in case.runs}
    one = array(None, *next(iter(shapes)), finite=False) if len(shapes) == 1 else None
    return items(one, length=len(case.runs))


def reach_their_goals(answer: Any, case: Any) -> bool | str:
    """Every run reaches its goal."""
    for slope in slopes(case, answer):
        if not slope.reached:
            goal, taken = f"{slope.share:g} is the goal", max(len(slope.points) - 1, 0)
            left = f"{slope.left():.2g} of the gap is left after {taken} steps, {goal}"
            return f"{slope.problem.name}: {left}; one setting has to serve every loss and any units"
    return True


def shares_left(answer: Any, case: Any) -> list[float]:
    """The share of the gap that is left in each run."""
    return [slope.left() for slope in slopes(case, answer)]


def contest(module: str, points: float, lends: Sequence[Callable], name: str, title: str) -> Question:
    """A question of a module whose case has `runs`, which are to reach their goals."""

    def asked(student, runs):
        return walked(student, runs)

    asked.__doc__, asked.__module__ = title, module
    made = question("test_own_optimizer", points=points, name=name, lends=lends, form=some_paths, seconds=SECONDS)(
        asked
    )
    made.relation(reach_their_goals)
    made.reading(shares_left)
    return made


def as_before(answer: Any, case: Any) -> bool | str:
    """A second run takes another path: something is kept between runs, outside the state"""
    first, again = (np.array(slope.points) for slope in slopes(case, answer))
    return same(first, again, rtol=1e-9)


class Ranking(Question):
    """For the report: how many steps the runs took."""

    def shown(self, answer: Any) -> str:
        steps = [len(path) - 1 for path in answer]
        return f"{', '.join(map(str, steps))} steps on the problems above ({STEPS} or more is too many)"
