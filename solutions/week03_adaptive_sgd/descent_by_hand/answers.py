"""Numbers and truth values that a student wrote into variables: read carefully, judged to the worksheet's precision."""

import numpy as np

from grader.judge import Standin, expect_that
from grader.judge.authoring.verdicts import NotWritten, Wrong, named

WITHIN = 5e-5 * (1 + 1e-6)  # 0.00005 itself is still right, whatever rounding does to it


def value_of(student, name, count=None):
    """The number in the variable, or the list of ``count`` numbers, with None where one is not written yet."""
    value = getattr(student, name)
    if count is None:
        return _number(value, name)
    values = _row(value, name)
    extra = ": the start w0 is not part of the list" if len(values) == count + 1 else ""
    expect_that(len(values) == count, f"{name} holds {len(values)} values, {count} are expected{extra}", "shape")
    return [None if item is None else _number(item, name) for item in values]


def judge(value, right, what, mistakes):
    """Pass if the value is within 5e-5 of one of the ``right`` ones; name the mistake if it is near a wrong one.

    Mistakes that give the same number are all named, "this; or that".
    """
    if value is None:
        raise NotWritten("not written yet", "NotImplementedError")
    if any(abs(value - number) <= WITHIN for number in right if np.isfinite(number)):
        return
    near = {
        text: wrong
        for text, wrong in mistakes.items()
        if (value == wrong or abs(value - wrong) <= WITHIN) and all(abs(wrong - n) > 2 * WITHIN for n in right)
    }
    if near:
        first = next(iter(near.values()))
        same = [text for text, wrong in near.items() if wrong == first or abs(wrong - first) < 1e-9]
        raise named(what, "; or ".join(same), list(mistakes).index(same[0]))
    nearest = min(abs(value - number) for number in right if np.isfinite(number))
    if nearest < 5e-3:
        raise Wrong(f"{what}: almost; four decimals have to be right, so round at the end only", "rounding")
    raise Wrong(f"{what}: another number is expected", "another_number")


def truth_values(student):
    """The five truth values, once it is known that they are five and do not all say the same."""
    values = _row(student.robbins_monro, "robbins_monro")
    if any(value is None for value in values):
        raise NotWritten("not written yet", "NotImplementedError")
    fit = len(values) == 5 and all(
        isinstance(value, (bool, np.bool_, int, float)) and value in (0, 1) for value in values
    )
    expect_that(bool(fit), "robbins_monro must be a list of five truth values", "type")
    values = [bool(value) for value in values]
    expect_that(
        len(set(values)) == 2, "all five values are the same; some rates qualify and some do not", "all_the_same"
    )
    return values


def _row(value, name):
    if isinstance(value, np.ndarray) and value.ndim == 1:
        return list(value)
    expect_that(isinstance(value, (list, tuple)), f"{name} must be a list", "type")
    return list(value)


def _number(value, name):
    """A float from a number, a 0-d array or a fraction."""
    if value is None:
        raise NotWritten("not written yet", "NotImplementedError")
    if isinstance(value, Standin):
        value = _fraction(value, name)
    single = isinstance(value, (int, float, np.number)) or (isinstance(value, np.ndarray) and value.size == 1)
    expect_that(bool(single) and not isinstance(value, bool), f"{name}: a number is expected", "type")
    return float(np.asarray(value).reshape(()))


def _fraction(standin, name):
    """The value of a fractions.Fraction that lives in the sandbox."""
    top, bottom = standin.numerator, standin.denominator
    expect_that(type(top) is int and type(bottom) is int and bottom != 0, f"{name}: a number is expected", "type")
    return top / bottom
