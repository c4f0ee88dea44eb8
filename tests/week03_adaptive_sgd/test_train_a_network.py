"""What the capstone's text says of its exercises, held against the reference."""

import os

import numpy as np
import pytest

from grader.judge.grading.spec import reference_cells
from tools.solved import released

WEEK, NAME = "week03_adaptive_sgd", "train_a_network"


@pytest.fixture(scope="module")
def capstone(repo):
    """What the notebook gives, and the reference's functions."""
    os.environ.setdefault("MPLBACKEND", "agg")
    names, cells = {}, {cell.id: cell.source for cell in released(WEEK, NAME).cells}
    references = reference_cells(repo, WEEK, NAME)
    for cell in ("setup", "given_dataset", "given_data", "given_network"):
        exec(cells[cell], names)
    for cell in ("dense", "sgd", "adam", "warmup_cosine", "fit"):
        exec(references[cell], names)
    return names


def test_what_is_expected_of_a_layer(capstone):
    """Its output, and all three gradients."""
    layer = capstone["Dense"](2, 1, np.random.default_rng(0))
    layer.weights[...], layer.biases[...] = [[2.0], [3.0]], [1.0]
    X = np.array([[1.0, 1.0], [0.0, 2.0]])
    assert layer.forward(X).tolist() == [[6], [7]]
    assert layer.backward(X, np.array([[1.0], [10.0]])).tolist() == [[2, 3], [20, 30]]
    assert layer.grad_weights.tolist() == [[1], [21]] and layer.grad_biases.tolist() == [11]


def test_what_is_expected_of_optimisers_and_schedule(capstone):
    """The numbers below the exercises."""
    w = np.array([1.0])
    optimizer = capstone["SGD"]([w], lr=0.1, momentum=0.5, weight_decay=1.0)
    for after in (0.8, 0.52):
        optimizer.step([np.array([1.0])])
        assert w == pytest.approx(after)
    w = np.array([1.0, 1.0])
    capstone["Adam"]([w], lr=0.1).step([np.array([5.0, -0.001])])
    assert w == pytest.approx([0.9, 1.1], abs=5e-5)
    rates = [capstone["warmup_cosine"](step, 8, 1.0, 4) for step in range(8)]
    assert rates == pytest.approx([0.25, 0.5, 0.75, 1, 1, 0.854, 0.5, 0.146], abs=5e-4)


@pytest.mark.parametrize(("optimizer", "options"), [("SGD", {"lr": 0.1, "momentum": 0.9}), ("Adam", {"lr": 0.003})])
def test_the_settings_that_section_8_begins_with_read_98_percent(capstone, optimizer, options):
    """One hidden layer of 128 units, batches of 32, 30 epochs; the loss ends below 0.05."""
    rng = np.random.default_rng(0)
    network = [capstone["Dense"](64, 128, rng), capstone["ReLU"](), capstone["Dense"](128, 10, rng)]
    moved = capstone[optimizer](capstone["parameters_of"](network), **options)
    losses = capstone["fit"](network, moved, capstone["X_train"], capstone["y_train"], 30, 32, rng)
    assert losses[-1] < 0.05 and capstone["held_out"](network)[1] >= 0.98
