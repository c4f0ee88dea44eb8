"""Races: every method on every problem, each with the best of the same list of learning rates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grader.checks.landscapes import looks
from grader.checks.trajectories import gaps


@dataclass(frozen=True)
class Run:
    """One method on one problem: the learning rate it did best with, its path and the gap at every step."""

    learning_rate: float
    path: np.ndarray
    gap: np.ndarray


def race(methods, problems, steps, learning_rates):
    """{problem name: {method name: Run}}, each method with its best learning rate for that problem.

    methods         {name: function (problem, steps, learning_rate) -> path [steps + 1, shape of w]}
    learning_rates  tried in turn; the best is the one with the lowest final gap to the minimum
    A method that is not written yet (NotImplementedError) is left out.
    """
    return {
        problem.name: {
            name: run for name, method in methods.items()
            if (run := _best(method, problem, steps, learning_rates)) is not None
        }
        for problem in problems
    }


def draw_race(results, columns=2):
    """A panel a problem: the gap at every step, relative to the start, on a log scale."""
    import matplotlib.pyplot as plt

    rows = -(-len(results) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(4.6 * columns, 3.2 * rows), squeeze=False, layout="constrained")
    names = list(dict.fromkeys(name for runs in results.values() for name in runs))
    styles = looks(names)
    for ax, (title, runs) in zip(axes.ravel(), results.items(), strict=False):
        for name, run in runs.items():
            relative = np.maximum(run.gap / run.gap[0], 1e-16)
            style = {**styles[name], "markevery": max(1, len(relative) // 6), "markersize": 4}
            ax.semilogy(relative, label=f"{name}, lr {run.learning_rate:.2g}", linewidth=1.3, **style)
        ax.set(title=title, xlabel="step", ylabel="gap / gap at the start", ylim=(1e-10, 10))
        ax.legend(fontsize=6.5, loc="lower left")
    for ax in axes.ravel()[len(results):]:
        ax.set_visible(False)
    return figure


def _best(method, problem, steps, learning_rates):
    runs = []
    for learning_rate in learning_rates:
        try:
            path = method(problem, steps, learning_rate)
        except NotImplementedError:
            return None
        runs.append(Run(float(learning_rate), path, gaps(path, problem)))
    return min(runs, key=lambda run: run.gap[-1] if np.isfinite(run.gap[-1]) else np.inf)
