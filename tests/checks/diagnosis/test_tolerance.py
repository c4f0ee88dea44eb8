"""The tolerance policy: relative first, absolute only for what has no size."""

import numpy as np
import pytest

from grader.checks.diagnosis.tolerance import close


@pytest.mark.parametrize("size", [1e-7, 1e-3, 1.0, 1e5, 1e10])
def test_tolerance_follows_the_size(size):
    """The same relative error is right or wrong at every size."""
    e = size * np.array([1.0, -2.0])
    assert close(e * (1 + 5e-7), e).all()
    assert not close(e * (1 + 5e-6), e).any()


def test_small_entry_beside_large_ones_may_carry_their_rounding():
    """1e6 and 1e-9 in one array: the small one is allowed the rounding of the large one."""
    e = np.array([1e6, 1e-9])
    assert close(e + [0, 1e-7], e).all()


def test_debris_around_zero_has_no_size():
    """1e-17 in place of 0, and 0 in place of 1e-17, are right."""
    assert close(np.array([1e-16]), np.array([0.0])).all()
    assert close(np.array([0.0, 3e-16]), np.array([-1e-17, 2e-17])).all()


def test_given_atol_is_kept():
    """An author who says atol=1e-9 means it, also for tiny numbers."""
    assert close(np.array([0.0]), np.array([1e-12]), atol=1e-9).all()
    assert not close(np.array([0.0]), np.array([1e-12])).any()
    assert close(np.array([1.0 + 5e-7, 5e-10]), np.array([1.0, 0.0])).all()  # not given: 1e-9 beside 1.0
    assert not close(np.array([1.0, 5e-9]), np.array([1.0, 0.0])).all()


def test_infinities_agree_with_themselves_only_and_nan_with_nothing():
    """inf is right where inf is expected; nan is never right."""
    e = np.array([np.inf, -np.inf, np.inf, np.nan, 1.0])
    y = np.array([np.inf, np.inf, 1e308, np.nan, np.nan])
    assert close(y, e).tolist() == [True, False, False, False, False]
