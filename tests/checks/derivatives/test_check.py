"""Gradient checks along random directions: few calls where right, the same verdict where wrong, kinks not blamed."""

import numpy as np
import pytest

from grader.checks.derivatives.check import MOST_ENTRIES, derivative
from grader.checks.derivatives.numerical import NoDerivative

RNG = np.random.default_rng(1)
X, W, G = RNG.normal(size=(20, 60)), RNG.normal(size=(60, 50)) / 8, RNG.normal(size=(20, 50))
GRADIENT = X.T @ (G * (1 - np.tanh(X @ W) ** 2))
SCALES = {"batch_size": 20}


class Loss:
    """A loss of W [60, 50], more entries than are looked at one by one, that counts its calls."""

    def __init__(self, activation=np.tanh):
        self.calls, self.activation = 0, activation

    def __call__(self, W):
        self.calls += 1
        return float((self.activation(X @ W) * G).sum())


def verdict(yours, f=None, x=W):
    return derivative(f or Loss(), x, yours, "gradient of weights", 1e-5, scales=SCALES)


def test_a_right_gradient_costs_a_few_calls():
    """Of 3,000 entries and of 12 alike."""
    loss = Loss()
    assert verdict(GRADIENT, loss).verdict.ok
    assert loss.calls <= 14
    calls = []
    assert verdict(2 * W[:3, :4], lambda w: calls.append(0) or float(np.sum(w**2)), W[:3, :4]).verdict.ok
    assert len(calls) <= 14


def one_entry(array, index, change):
    copy = array.copy()
    copy[index] += change
    return copy


NAN = one_entry(GRADIENT, (0, 1), np.nan)
WRONG = {
    "averaged": (GRADIENT / 20, "factor", "= 1/20 = 1/batch_size in all"),
    "zero": (GRADIENT * 0, "zero", "yours is 0 in all"),
    "minus": (-GRADIENT, "sign", "yours = -numerical in all"),
    "one entry": (one_entry(GRADIENT, (33, 17), 1.0), "part", "only entry [33, 17] is wrong"),
    "one entry by little": (one_entry(GRADIENT, (33, 17), 1e-3), "precision", "off by less than"),
    "transposed": (GRADIENT.T, "transposed", "yours.T is right in all 3000 entries"),
    "flat": (GRADIENT.ravel(), "shape", "the numbers are right, the shape is (3000,)"),
    "for every sample": (np.stack([GRADIENT / 2, GRADIENT / 2]), "not_summed", "the sum of yours over axis 0 is right"),
    "another shape": (GRADIENT[:, :3], "shape", ""),
    "nan": (NAN, "not_finite", "1 of 3000 entries are nan"),
    "list": (GRADIENT.tolist(), "type", "a list of length 60"),
    "nothing": (None, "type", "None where an array"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_gradient_of_many_entries_is_diagnosed_from_few(name):
    """The wrong entry is found among 3,000; not all of them are looked at."""
    yours, code, pattern = WRONG[name]
    loss = Loss()
    found = verdict(yours, loss)
    assert (found.verdict.ok, found.verdict.code) == (False, code)
    assert pattern in found.verdict.pattern
    assert loss.calls < 24 * 70 + 400 < 12 * MOST_ENTRIES


def test_the_sample_is_told():
    """A verdict on some entries does not look like one on all."""
    assert verdict(GRADIENT / 20).remark == " (48 of 3000 entries compared one by one)"


def test_a_relu_net_is_judged_between_its_kinks():
    """Steps that cross kinks are shortened until they do not."""
    relu = Loss(lambda z: np.maximum(z, 0))
    assert verdict(X.T @ (G * (X @ W > 0)), relu).verdict.ok
    assert verdict(X.T @ (G * (X @ W >= 0.1)), relu).verdict.code != "ok"


def test_at_a_kink_nobody_is_blamed():
    """Entries at 0 may have any slope; what is around them is judged."""
    x = W.copy()
    x[::2] = 0.0
    right = (x > 0) * 1.0
    f = lambda x: float(np.maximum(x, 0).sum())  # noqa: E731
    assert verdict(np.where(x == 0, 0.37, right), f, x).verdict.ok
    assert not verdict(1 - right, f, x).verdict.ok


def test_float32_on_the_way_is_not_blamed():
    """Its rounding is far below the tolerance of the check, in yours and in f."""
    assert verdict(GRADIENT.astype(np.float32)).verdict.ok
    rough = Loss(lambda z: np.tanh(z).astype(np.float32))
    assert verdict(GRADIENT, rough).verdict.code in ("ok", "reference")


def test_what_is_random_cannot_be_judged():
    with pytest.raises(NoDerivative, match="two different values"):
        verdict(GRADIENT, lambda W: float(RNG.normal()))


def test_a_jacobian_is_judged_row_by_row():
    """One small row among large ones counts as much as its size allows."""
    A = RNG.normal(size=(5, 7)) * np.array([[1e3], [1], [1], [1], [1]])
    x = RNG.normal(size=7)
    assert verdict(A, lambda x: A @ x, x).verdict.ok
    assert not verdict(one_entry(A, (3, 2), 0.1), lambda x: A @ x, x).verdict.ok
