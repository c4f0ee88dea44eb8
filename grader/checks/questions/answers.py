"""Letters and numbers that a student worked out: compared without a word about the right ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.checks.diagnosis.named import code_of
from grader.checks.diagnosis.verdict import Verdict, number
from grader.checks.questions.right import Right

ALMOST, SHARE = 100, 0.02  # so many tolerances away, and this share of the right number, is a matter of digits
LAST_DIGIT = 0.1  # of a tolerance: what rounding to one digit more than asked for leaves open
WHY = "why"


class NoMark(ValueError):
    """Only grading can tell, for the reason given: the notebook sets no mark, and nothing waits for one."""


def answered(yours: Any, right: Right) -> Verdict:
    """The verdict on a text, a number or an array: right, a named mistake, or which entries are off.

    A number is right within `right.atol`, or 1e-9, and `right.rtol` times the right one.
    """
    what, values = right.what, (right.value, *right.also)
    if any(_agree(yours, value, right) for value in values):
        return Verdict(True, "ok", what)
    found = _shown(yours)
    given = [
        (text, wrong, code_of(text, place))
        for place, (text, wrong) in enumerate(right.mistakes.items())
        if _agree(yours, wrong, right) and not any(_agree(wrong, value, right, 2) for value in values)
    ]
    if given and isinstance(yours, (str, bool, np.bool_)):
        return Verdict(False, "choice", what, found, str(given[0][0]), detail=str(yours), label=WHY)
    if given:  # of numbers that lie near one another the nearest, and those that the last digit cannot tell from it
        mine = np.asarray(yours, dtype=float)
        away = {text: float(np.max(np.abs(mine - wrong), initial=0)) for text, wrong, _ in given}
        given.sort(key=lambda one: away[one[0]])
        cannot_tell = LAST_DIGIT * float(np.max(_tolerance(given[0][1], right), initial=0))
        texts = [str(text) for text, _, _ in given if away[text] <= away[given[0][0]] + cannot_tell]
        return Verdict(False, "named", what, found, likely="; or ".join(texts), detail=given[0][2])
    if not isinstance(yours, str) and any(_almost(yours, value, right) for value in values):
        digits = "almost; more digits have to be right, so round at the end only"
        return Verdict(False, "rounding", what, found, digits, label=WHY)
    if np.ndim(yours) and np.shape(yours) == np.shape(right.value):
        off = [str(index.tolist()) for index in np.argwhere(~_close(yours, right.value, right))]
        return Verdict(
            False, "another_number", what, found, f"another number is expected at {', '.join(off)}", label=WHY
        )
    kind = "answer" if isinstance(right.value, str) else "number"
    return Verdict(False, f"another_{kind}", what, found, f"another {kind} is expected", label=WHY)


def _agree(yours: Any, value: Any, right: Right, times: float = 1.0) -> bool:
    if isinstance(yours, str) or isinstance(value, str):
        return isinstance(yours, str) and isinstance(value, str) and yours == value
    return np.shape(yours) == np.shape(value) and bool(np.all(_close(yours, value, right, times)))


def _almost(yours: Any, value: Any, right: Right) -> bool:
    if not _agree(yours, value, right, ALMOST):
        return False
    size = np.abs(np.asarray(value, dtype=float))
    near = np.abs(np.asarray(yours, dtype=float) - value) <= SHARE * size
    return bool(np.all(near | _close(yours, value, right)))


def _close(yours: Any, value: Any, right: Right, times: float = 1.0) -> np.ndarray:
    wanted = np.asarray(value, dtype=float)
    with np.errstate(all="ignore"):
        near = np.abs(np.asarray(yours, dtype=float) - wanted) <= times * _tolerance(value, right)
    return np.asarray(near & np.isfinite(wanted))


def _tolerance(value: Any, right: Right) -> np.ndarray:
    atol = 1e-9 if right.atol is None else right.atol
    return np.asarray(atol + right.rtol * np.abs(np.asarray(value, dtype=float)))


def _shown(yours: Any) -> str:
    if isinstance(yours, (str, bool, np.bool_)):
        return str(yours)
    if np.ndim(yours):
        return f"[{', '.join(map(_shown, yours))}]"
    return number(yours, 10)
