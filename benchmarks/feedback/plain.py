"""The usual way to check homework, for comparison: `np.allclose` on the same quantities, and nothing else.

The hidden tests are asked as they are, with the same inputs; but every comparison is numpy's, with its broadcasting and
its tolerances, and what is no comparison of numbers (an argument changed in place, a property, statistics of random
numbers) is not asked. Expected values stand for finite differences that are free of error: at a kink, or where numbers
overflow, real ones would blame right solutions, so the comparison is in favour of the plain checks.
"""

from contextlib import contextmanager

import numpy as np

from grader.checks.verdict import Verdict
from grader.judge import hidden


@contextmanager
def plain_checks():
    """Within the block, `expect` compares with `np.allclose`, and the other expectations are not asked."""
    diagnose, codes = hidden.diagnose, (hidden.expect_that.__code__, hidden.expect_unchanged.__code__)
    hidden.diagnose = _allclose
    # The hidden tests hold these functions under names of their own: what they do is changed, not what they are.
    hidden.expect_that.__code__ = _not_asked.__code__
    hidden.expect_unchanged.__code__ = _not_asked_of_a_standin.__code__
    try:
        yield
    finally:
        hidden.diagnose = diagnose
        hidden.expect_that.__code__, hidden.expect_unchanged.__code__ = codes


def _allclose(yours, expected, what="result", **unused) -> Verdict:
    ok = _all(yours, expected)
    return Verdict(ok, "ok" if ok else "differs", what)


def _all(yours, expected) -> bool:
    if isinstance(expected, (list, tuple)) and isinstance(yours, (list, tuple)) and len(yours) == len(expected):
        return all(_all(mine, right) for mine, right in zip(yours, expected, strict=True))
    try:
        return bool(np.allclose(yours, expected))
    except (TypeError, ValueError):  # shapes that do not broadcast, or no numbers: this is noticed, too
        return False


def _not_asked(condition, hint, code="property"):
    return None


def _not_asked_of_a_standin(standin, original, *, what):
    return None
