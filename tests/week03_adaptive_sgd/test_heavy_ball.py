"""Gradient descent with memory on quadratics: the exact rate against the path, and against what theory promises."""

import numpy as np
import pytest

from week03_adaptive_sgd.heavy_ball import distances, draw_map, draw_region, rate, roots


@pytest.mark.parametrize(("eta", "mu"), [(0.03, 0.0), (0.1, 0.3), (0.07, 0.8), (0.15, 0.95)])
def test_rate_is_what_the_path_shrinks_by(eta, mu):
    """The distance after many steps, by its growth per step."""
    path = np.abs(distances(eta, mu, [1.0, 10.0], 900)).max(axis=1)
    late = [path[k : k + 100].max() for k in (400, 700)]
    assert (late[1] / late[0]) ** (1 / 300) == pytest.approx(rate(eta, mu, [1.0, 10.0]), rel=2e-2)


@pytest.mark.parametrize("mu", [0.0, 0.5, 0.9])
def test_border_of_convergence(mu):
    """eta = 2 (1 + mu) / curvature."""
    border = 2 * (1 + mu) / 7.0
    assert rate(0.999 * border, mu, 7.0) < 1 < rate(1.001 * border, mu, 7.0)


def test_polyaks_choice_is_the_best():
    """The factor is (sqrt(k) - 1) / (sqrt(k) + 1), and no neighbour has a smaller one."""
    eta, mu = (2 / 6) ** 2, (4 / 6) ** 2
    assert rate(eta, mu, [1, 25]) == pytest.approx(4 / 6, rel=1e-6)
    etas, mus = np.meshgrid(eta + np.linspace(-0.05, 0.05, 11), mu + np.linspace(-0.1, 0.1, 11))
    assert rate(etas, mus, [1, 25]).min() >= 4 / 6 - 1e-6


def test_map_has_its_border_and_its_point():
    """Drawn without a display."""
    plt = pytest.importorskip("matplotlib.pyplot")
    ax = draw_region(plt.figure().add_subplot(), [1, 25], 0.1, 0.5)
    assert ax.get_xlabel() == "learning rate"
    assert [tuple(line.get_xydata()[0]) for line in ax.lines] == [(0.1, 0.5)]
    plt.close("all")


@pytest.mark.parametrize("x", [0.02, 0.5, 3.26])
def test_roots_belong_to_the_path(x):
    """z^t is a path for either root, and their product is mu."""
    for z in roots(x, 0.64, 1.0):
        assert z**2 == pytest.approx((1.64 - x) * z - 0.64)
    assert np.prod(roots(x, 0.64, 1.0)) == pytest.approx(0.64)


def test_a_map_can_be_drawn_of_rates_from_elsewhere():
    """Any array of rates will do, as those that a student's own function gives."""
    plt = pytest.importorskip("matplotlib.pyplot")
    ax = plt.figure().add_subplot()
    etas, mus = np.meshgrid(np.linspace(0.01, 0.4, 6), np.linspace(0, 0.9, 5))
    draw_map(ax, etas, mus, rate(etas, mus, [1, 9]))
    assert ax.get_xlim() == (0, 0.4) and len(ax.collections) >= 3
    plt.close("all")
