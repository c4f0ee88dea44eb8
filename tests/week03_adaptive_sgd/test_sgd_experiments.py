"""The answers of the seminar are what its experiments show. They are asserted here, where students do not read them."""

import os

import numpy as np
import pytest

from grader.judge.grading.spec import reference_cells
from tools.solved import released
from week03_adaptive_sgd.heavy_ball import distances, rate

WEEK, NAME = "week03_adaptive_sgd", "sgd_experiments"


@pytest.fixture(scope="module")
def seminar(repo):
    """The notebook's data and tools, its ways to draw batches, and the right answers."""
    os.environ.setdefault("MPLBACKEND", "agg")
    names, cells = {}, {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in released(WEEK, NAME).cells}
    for cell in ("setup", "given_tools", "given_data"):
        exec(cells[cell].source, names)
    (ways,) = [cell.source for cell in released(WEEK, NAME).cells if cell.source.startswith("def epochs(")]
    exec(ways[: ways.index("figure, axes")], names)
    for source in reference_cells(repo, WEEK, NAME).values():
        exec(source, names)
    return names


def test_the_largest_steps_are_where_descent_begins_to_diverge(seminar):
    """With and without momentum."""
    limit = seminar["step_limit"]
    for factor, grows in ((0.99, False), (1.01, True)):
        assert np.any(np.abs(distances(factor * limit, 0.0, [2, 5, 8], 800)[-1]) > 1) == grows
        assert (rate(factor * seminar["momentum_limit"], 0.9, 10) > 1) == grows


def test_the_noise_of_a_batch_falls_as_answered(seminar):
    """From 4 points to 100."""
    gradient, drawn, start = (seminar[name] for name in ("gradient", "drawn", "START"))
    small, large = (np.std([gradient(start, rows) for rows in drawn(3000, size)], axis=0) for size in (4, 100))
    np.testing.assert_allclose(small / large, seminar["batch_noise"], rtol=0.06)


def test_half_the_rate_leaves_half_the_floor(seminar):
    """Answer b, and no other."""
    gap, walk, drawn = (seminar[name] for name in ("gap", "walk", "drawn"))
    floors = [np.mean([gap(walk(drawn(3000, 4, seed), eta)[1000:]) for seed in range(2)]) for eta in (0.05, 0.025)]
    assert seminar["noise_floor"] == "b" and 1.6 < floors[0] / floors[1] < 2.5


def test_only_the_sorted_table_goes_round_one_loop_and_ends_off_to_one_side(seminar):
    """Answer c: pulled towards the largest y. The others scatter, to no side."""
    assert seminar["shuffling"] == "c"
    best, largest = seminar["BEST"], slice(-40, None)
    x, y = seminar["x"][largest], seminar["y"][largest]
    for name, path in seminar["ways"].items():
        ends, is_sorted = path[300::50] - best, name == "as the table is"
        assert (np.abs(path[-51:] - path[-101:-50]).max() < 1e-3) == is_sorted
        aside = np.abs(ends.mean(axis=0)) / ends.std(axis=0)
        assert np.all(aside > 10) if is_sorted else np.all(aside < 2)
    w = seminar["ways"]["as the table is"][-1]
    assert np.mean((w[0] + w[1] * x - y) ** 2) < 0.6 * np.mean((best[0] + best[1] * x - y) ** 2)


def test_the_best_pair_is_the_fastest(seminar):
    """And plain descent is far behind: 24/26 a step."""
    etas = np.linspace(0.001, 0.079, 500)
    assert rate(*seminar["best_momentum"], [1, 25]) < 0.675
    assert rate(etas, 0 * etas, [1, 25]).min() == pytest.approx(24 / 26, abs=1e-3)
