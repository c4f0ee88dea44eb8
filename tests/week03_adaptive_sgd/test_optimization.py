"""The five functions of the lecture against walks that are simulated, and their best choices against all neighbours."""

import numpy as np
import pytest

from grader.judge.grading.spec import reference_cells
from week03_adaptive_sgd.heavy_ball import distances, rate


@pytest.fixture(scope="module")
def lecture(repo):
    """The functions of the reference, by name."""
    names = {"np": np}
    for source in reference_cells(repo, "week03_adaptive_sgd", "optimization").values():
        exec(source, names)
    return names


@pytest.mark.parametrize(("eta", "mu"), [(0.03, 0.0), (0.1, 0.3), (0.07, 0.8), (0.3, 0.5), (0.15, 0.95)])
def test_rates_are_those_of_the_weeks_own_module(lecture, eta, mu):
    """With momentum and without, where it converges and where it does not."""
    curvatures = np.array([2.0, 10.0, 1.0])
    assert lecture["heavy_ball_rate"](eta, mu, curvatures) == pytest.approx(rate(eta, mu, curvatures))
    assert lecture["gd_rate"](eta, curvatures) == pytest.approx(rate(eta, 0.0, curvatures))


def test_the_best_rate_of_plain_descent_is_the_best(lecture):
    """No other learning rate has a smaller factor."""
    eta, best = lecture["best_gd"](0.7, 5.0)
    assert best == pytest.approx(lecture["gd_rate"](eta, np.array([0.7, 5.0])))
    assert min(lecture["gd_rate"](other, np.array([0.7, 2.0, 5.0])) for other in np.linspace(0, 0.5, 301)) >= best


def test_the_best_pair_is_the_best(lecture):
    """No pair of a fine grid has a smaller factor."""
    eta, mu, best = lecture["best_heavy_ball"](0.7, 5.0)
    assert best == pytest.approx(rate(eta, mu, [0.7, 5.0]), abs=1e-6)
    etas, mus = np.meshgrid(np.linspace(0.01, 0.9, 300), np.linspace(0, 0.99, 300))
    assert rate(etas, mus, [0.7, 5.0]).min() >= best - 1e-6


@pytest.mark.parametrize("eta", [0.05, 0.4, 0.9])
def test_the_floor_is_where_many_walks_settle(lecture, eta):
    """Within four standard errors, for short steps and for steps that jump across the minimum."""
    rng, w = np.random.default_rng(0), np.zeros(20_000)
    for _ in range(150):
        w = w - eta * (1.7 * w + np.sqrt(0.6) * rng.normal(size=w.shape))
    assert np.mean(w**2) == pytest.approx(lecture["noise_floor"](eta, 1.7, 0.6), rel=4 * np.sqrt(2 / len(w)))


def test_what_is_expected_of_momentum_in_the_text(lecture):
    """Roots (1 +- i sqrt 15) / 8 for curvature 1, eta 1, mu 1/4; curvatures 1 and 9 have the pair (1/4, 1/4)."""
    assert lecture["heavy_ball_rate"](1.0, 0.25, np.array([1.0])) == pytest.approx(0.5)
    assert lecture["heavy_ball_rate"](0.25, 0.25, np.array([1.0])) == pytest.approx(0.5, abs=1e-6)
    assert lecture["best_heavy_ball"](1.0, 9.0) == pytest.approx((0.25, 0.25, 0.5))
    late = np.abs(distances(0.25, 0.25, [1.0, 9.0], 40)[-1])
    assert np.all(late < 41 * 0.5**40 * 4)
