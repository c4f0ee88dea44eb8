"""The digits are always the same, and a right net learns them from any usual start."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from grader import checks
from grader.checks import data as data_module


def test_digits_have_these_sizes_and_this_range():
    """1438 to train on, 359 held out, all ten classes in both, pixels in [0, 1]."""
    data = checks.digits()
    assert data.X_train.shape == (1438, 64) and data.X_val.shape == (359, 64)
    assert data.y_train.shape == (1438,) and data.y_val.shape == (359,)
    assert set(data.y_train) == set(data.y_val) == set(range(10))
    assert data.X_train.min() == 0 and data.X_train.max() == 1 and data.X_train.dtype == np.float64
    assert checks.digits(flat=False).X_val.shape == (359, 8, 8)


def test_digits_are_those_of_scikit_learn_and_need_not_import_it(monkeypatch):
    """A release that keeps the file elsewhere is imported; without scikit-learn the error names it."""
    code = "import sys; from grader import checks; checks.digits(); print('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "False"
    from_the_file = checks.digits()
    read_anew = data_module._table_of_digits.__wrapped__
    monkeypatch.setattr(data_module, "_table_of_digits", read_anew)
    monkeypatch.setattr(Path, "is_file", lambda path: False)
    assert all(map(np.array_equal, checks.digits(), from_the_file))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(ImportError, match="sklearn"):
        checks.digits()


def test_what_is_done_to_the_digits_does_not_last():
    """They are read once, and each call gives arrays of its own."""
    for part in checks.digits():
        part += 1
    assert checks.digits().X_train.max() == 1 and checks.digits().y_val.max() == 9


def test_split_is_fixed():
    """The same split on every machine and in every version: these are its first labels."""
    data = checks.digits()
    assert data.y_val[:10].tolist() == [1, 6, 3, 7, 0, 2, 1, 4, 1, 7]
    assert data.y_train[:10].tolist() == [1, 6, 4, 3, 8, 5, 7, 7, 9, 4]


def test_nothing_held_out_is_trained_on():
    """All 1797 digits appear, each in one part."""
    data = checks.digits()
    both = np.vstack([data.X_train, data.X_val])
    assert len(both) == 1797
    assert both.sum() == pytest.approx(checks.digits(flat=False).X_train.sum() + data.X_val.sum())


STARTS = {
    "small normal": lambda rng, n, m: 0.01 * rng.normal(size=(n, m)),
    "xavier": lambda rng, n, m: rng.uniform(-1, 1, (n, m)) * np.sqrt(6 / (n + m)),
    "he": lambda rng, n, m: rng.normal(size=(n, m)) * np.sqrt(2 / n),
}


@pytest.mark.parametrize("start", STARTS)
def test_hidden_layer_of_100_reaches_97_percent(start):
    """64-100-10, ReLU, plain SGD at rate 0.1, batches of 32, 60 epochs."""
    assert _trained_accuracy(STARTS[start], np.random.default_rng(3)) >= 0.97


def _trained_accuracy(start, rng, epochs=60, rate=0.1, batch=32):
    X, y, X_val, y_val = checks.digits()
    W1, b1, W2, b2 = start(rng, 64, 100), np.zeros(100), start(rng, 100, 10), np.zeros(10)
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for i in range(0, len(X) - batch + 1, batch):
            part = order[i : i + batch]
            hidden = np.maximum(X[part] @ W1 + b1, 0)
            logits = hidden @ W2 + b2
            p = np.exp(logits - logits.max(axis=1, keepdims=True))
            p /= p.sum(axis=1, keepdims=True)
            p[np.arange(batch), y[part]] -= 1
            grad = p / batch
            grad_hidden = (grad @ W2.T) * (hidden > 0)
            W2 -= rate * hidden.T @ grad
            b2 -= rate * grad.sum(axis=0)
            W1 -= rate * X[part].T @ grad_hidden
            b1 -= rate * grad_hidden.sum(axis=0)
    predicted = (np.maximum(X_val @ W1 + b1, 0) @ W2 + b2).argmax(axis=1)
    return np.mean(predicted == y_val)
