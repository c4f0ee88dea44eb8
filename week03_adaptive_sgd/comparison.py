"""Races: every method on every problem, each with the best of the same list of learning rates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from grader.checks.figures.contours import looks
from week03_adaptive_sgd.objectives import Problem
from week03_adaptive_sgd.trajectories import gaps

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Run:
    """One method on one problem: the learning rate it did best with, its path and the gap at every step."""

    learning_rate: float
    path: np.ndarray
    gap: np.ndarray


Method = Callable[[Problem, int, float], np.ndarray]
Races = dict[str, dict[str, Run]]


def race(
    methods: Mapping[str, Method], problems: Sequence[Problem], steps: int, learning_rates: Sequence[float]
) -> Races:
    """{problem name: {method name: Run}}, each method with its best learning rate for that problem.

    methods         {name: function (problem, steps, learning_rate) -> path [steps + 1, shape of w]}
    learning_rates  tried in turn; the best has the lowest gap on average over the run, on a log scale: fast and steady
    A method that is not written yet (NotImplementedError) is left out; if all are, NotImplementedError is raised.
    """
    results = {problem.name: _runs(methods, problem, steps, learning_rates) for problem in problems}
    if not any(results.values()):
        raise NotImplementedError(f"one of {', '.join(methods)}")
    return results


def draw_race(results: Races, columns: int = 2) -> Figure:
    """One panel for each problem: the gap at every step, relative to the start, on a log scale."""
    import matplotlib.pyplot as plt

    rows = -(-len(results) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(6.2 * columns, 3.2 * rows), squeeze=False, layout="constrained")
    names = list(dict.fromkeys(name for runs in results.values() for name in runs))
    styles = looks(names)
    for ax, (title, runs) in zip(axes.ravel(), results.items(), strict=False):
        for name, run in runs.items():
            relative = np.maximum(run.gap / run.gap[0], 1e-16)
            style = {**styles[name], "markevery": max(1, len(relative) // 6), "markersize": 4}
            ax.semilogy(relative, label=f"{name}, lr {run.learning_rate:.2g}", linewidth=1.3, **style)
        ax.set(title=title, xlabel="step", ylabel="gap / gap at the start", ylim=(1e-10, 10))
        ax.legend(fontsize=8, loc="upper left", bbox_to_anchor=(1.01, 1.0))  # beside the curves, never over them
    for ax in axes.ravel()[len(results) :]:
        ax.set_visible(False)
    return figure


def _runs(
    methods: Mapping[str, Method], problem: Problem, steps: int, learning_rates: Sequence[float]
) -> dict[str, Run]:
    runs = {name: _best(method, problem, steps, learning_rates) for name, method in methods.items()}
    return {name: run for name, run in runs.items() if run is not None}


def _best(method: Method, problem: Problem, steps: int, learning_rates: Sequence[float]) -> Run | None:
    runs = []
    for learning_rate in learning_rates:
        try:
            path = method(problem, steps, learning_rate)
        except NotImplementedError:
            return None
        runs.append(Run(float(learning_rate), path, gaps(path, problem)))
    return min(runs, key=lambda run: _mean_log_gap(run.gap))


def _mean_log_gap(gap: np.ndarray) -> float:
    """Average of log10 of the gap relative to the start, in [1e-10, 1e3]; a lost path counts as far off."""
    relative = np.where(np.isfinite(gap), gap, np.inf) / gap[0]
    return float(np.mean(np.log10(np.clip(relative, 1e-10, 1e3))))
