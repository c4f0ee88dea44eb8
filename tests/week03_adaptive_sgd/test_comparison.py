"""Races and pictures: the best rate is chosen, unwritten methods are left out, pictures are drawn within bounds."""

import numpy as np
import pytest

from grader.checks.figures.decision_boundary import LiveBoundary
from week03_adaptive_sgd.comparison import draw_race, race
from week03_adaptive_sgd.objectives import quadratic, rosenbrock
from week03_adaptive_sgd.path_figures import animate_paths, draw_paths
from week03_adaptive_sgd.trajectories import follow

plt = pytest.importorskip("matplotlib.pyplot")


@pytest.fixture(autouse=True)
def no_open_figures():
    yield
    plt.close("all")


def descent(problem, steps, lr):
    return follow(lambda w, grad, lr: w - lr * grad, problem, steps, lr)


def unwritten(problem, steps, lr):
    raise NotImplementedError("adam")


def test_each_method_runs_with_its_best_rate():
    """0.19 is nearly the best of a bowl of condition 10, 0.3 diverges."""
    bowl = quadratic(10.0)
    run = race({"SGD": descent}, [bowl], 30, [1e-3, 0.18, 0.3])[bowl.name]["SGD"]
    assert run.learning_rate == 0.18
    assert run.gap[-1] < 1e-3 * run.gap[0]


def test_what_is_not_written_is_left_out():
    """And when nothing is written, that is told."""
    results = race({"SGD": descent, "Adam": unwritten}, [quadratic()], 5, [0.01])
    assert list(results["bowl of condition 25"]) == ["SGD"]
    with pytest.raises(NotImplementedError, match="Adam"):
        race({"Adam": unwritten}, [quadratic()], 5, [0.01])


def test_race_has_a_panel_a_problem():
    """Titles are those of the problems."""
    figure = draw_race(race({"SGD": descent}, [quadratic(), rosenbrock()], 5, [0.001]))
    assert [ax.get_title() for ax in figure.axes if ax.get_visible()] == ["bowl of condition 25", "Rosenbrock's valley"]


def test_paths_keep_to_the_window_and_have_names():
    """The contours decide the limits, not a path that runs away."""
    ax = draw_paths(quadratic(), {"far": np.array([[0.0, 0.0], [50.0, 50.0]]), "near": np.zeros((2, 2))})
    assert ax.get_xlim() == (-1.6, 1.6)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["far", "near"]


def test_animation_is_small_and_has_so_many_frames():
    """A player of ten frames stays below half a megabyte."""
    player = animate_paths(rosenbrock(), {"SGD": descent(rosenbrock(), 40, 0.001)}, frames=10)
    assert player.data.count("data:image/jpeg;base64") == 10
    assert len(player.data) < 500_000
    assert not plt.get_fignums()


class Clock:
    """Stands for the module `time`."""

    now = 0.0

    def monotonic(self):
        return self.now


def test_live_figure_is_redrawn_at_a_bounded_rate(monkeypatch):
    """A thousand updates in one second make ten pictures at most, and the last state is always drawn."""
    clock = Clock()
    monkeypatch.setattr("grader.checks.figures.decision_boundary.time", clock)
    X, y = np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([0, 1])
    live = LiveBoundary(X, y, lambda X, w: np.full(len(X), 0.5), every=1, min_seconds=0.1)
    for step in range(1, 41):
        clock.now += 0.02
        live.update(step, np.zeros(2), 1.0)
    drawn = live.pictures
    live.finish()
    assert 5 <= drawn <= 9
    assert live.pictures == drawn + 1
    assert "step 40" in live.plane.get_title()
