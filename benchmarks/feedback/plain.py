"""The usual way to check homework, for comparison: `np.allclose` with finite differences, on inputs of order one.

The hidden tests are asked with the same inputs, but every comparison is numpy's, with its broadcasting and with the
tolerances that finite differences need, and this is not asked: what is no comparison of numbers (an argument changed in
place, a remembered input, statistics as conditions), and the inputs that random ones do not hit (exactly 0, 1e3, one
row). Expected values stand for finite differences free of error, which is in favour of the plain checks.
"""

import re
from contextlib import contextmanager

import numpy as np

from grader.checks.diagnosis.diagnose import CODES
from grader.checks.diagnosis.verdict import Verdict
from grader.checks.questions import judging

RTOL, ATOL = 1e-3, 1e-6
SPECIAL = re.compile(
    r"at_zero|exactly|kink|1e3|thousand|far_out|finite|large|overflow|stable|tiny|units|one_row|single|constant|"
    r"backward_uses_its_input|any_number|any_shape|default",
    re.IGNORECASE,
)
# Code that stops is noticed too. Other codes than these and those of the diagnosis are of properties that plain checks
# do not ask for. (Some tests, of quizzes for instance, compare with the diagnosis itself.)
STOPS = re.compile(r"exception|undigested|not_defined|not_written|timeout|crash")


@contextmanager
def plain_checks():
    """Within the block numbers are compared with `np.allclose`, and relations are not asked."""
    diagnose, fault_of = judging.diagnose, judging.fault_of
    judging.diagnose, judging.fault_of = _allclose, _fault_of_form
    try:
        yield
    finally:
        judging.diagnose, judging.fault_of = diagnose, fault_of


def seen(result) -> set[tuple[str, str]]:
    """(cell, hidden test) of all that plain checks notice in a rehearsal."""
    return {
        (cell, outcome.name)
        for cell, outcomes in result.outcomes.items()
        for outcome in outcomes
        if not outcome.passed
        and (outcome.code.partition(":")[0] in CODES or STOPS.match(outcome.code))
        and not SPECIAL.search(f"{outcome.name} {outcome.title}")
    }


def _allclose(yours, expected, what="result", rtol=RTOL, atol=None, **unused) -> Verdict:
    ok = _all(yours, expected, max(rtol, RTOL), max(atol or 0.0, ATOL))
    return Verdict(ok, "ok" if ok else "differs", what)


def _all(yours, expected, rtol: float, atol: float) -> bool:
    if isinstance(expected, (list, tuple)) and isinstance(yours, (list, tuple)) and len(yours) == len(expected):
        return all(_all(mine, right, rtol, atol) for mine, right in zip(yours, expected, strict=True))
    try:
        return bool(np.allclose(yours, expected, rtol=rtol, atol=atol))
    except (TypeError, ValueError):  # shapes that do not broadcast, or no numbers: this is noticed, too
        return yours == expected if isinstance(expected, (str, type(None))) else False


def _fault_of_form(asked, answer, case) -> Verdict | None:
    form = asked.form(case)
    fault = form(answer) if form else ""
    return Verdict(False, "form", asked.title, pattern=fault) if fault else None
