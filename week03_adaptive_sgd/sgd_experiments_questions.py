"""What the checks of the seminar on stochastic gradient descent ask, in the notebook and when it is graded."""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from grader.checks.questions import checks_of, items, question

check = checks_of(__name__)


@question("test_cosine_rate", points=0.3, form=items(length=3))
def half_a_wave(student, times, steps, high, low):
    """The learning rate on the way down."""
    return [student.cosine_rate(t, steps, high, low) for t in times]


@question("test_cosine_rate", points=0.2, form=items(length=3))
def after_the_end(student, t, steps, late, high, low):
    """lr_low at the end and after it; lr_low is 0 by default."""
    rate = student.cosine_rate
    return [rate(t, steps, high), rate(steps, steps, high), rate(late, steps, high, low)]
