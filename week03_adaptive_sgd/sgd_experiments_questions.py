"""What the checks of the seminar on stochastic gradient descent ask, in the notebook and when it is graded."""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from grader.checks.questions import Roles, checks_of, items, question
from grader.checks.quiz.quiz import read_choice, read_number, read_numbers

check = checks_of(__name__)


@question("test_step_limit", points=0.5)
def step_limit(student):
    """The largest learning rate at which plain descent converges."""
    return read_number(student.step_limit)


@question("test_batch_noise", points=0.5)
def batch_noise(student):
    """How the scatter of the gradient falls with the batch."""
    return read_number(student.batch_noise)


@question("test_noise_floor", points=0.5)
def noise_floor(student):
    """What halving a constant learning rate does in the long run."""
    return read_choice(student.noise_floor, "abcd")


@question("test_shuffling", points=0.5)
def shuffling(student):
    """Which order ends every epoch off to the same side."""
    return read_choice(student.shuffling, "abcd")


@question("test_momentum_limit", points=0.5)
def momentum_limit(student):
    """The largest learning rate at which momentum converges."""
    return read_number(student.momentum_limit)


@question("test_best_momentum", points=0.5)
def best_momentum(student):
    """The fastest learning rate and mu for curvatures 1 and 25."""
    return read_numbers(student.best_momentum, 2)


@question("test_reach", points=0.5)
def reach(student):
    """How far a schedule can go whose rates have a finite sum."""
    return read_number(student.reach)


@question("test_cosine_rate", points=0.3, form=items(length=3), probes=Roles(terms="lr_low"))
def half_a_wave(student, times, steps, lr_high, lr_low):
    """The learning rate on the way down."""
    return [student.cosine_rate(t, steps, lr_high, lr_low) for t in times]


@question(
    "test_cosine_rate",
    points=0.2,
    form=items(length=3),
    probes=Roles(count="late", words={"late": "how long after the end it is"}),
)
def after_the_end(student, t, steps, late, lr_high, lr_low):
    """lr_low at the end and after it; lr_low is 0 by default."""
    rate = student.cosine_rate
    return [rate(t, steps, lr_high), rate(steps, steps, lr_high), rate(late, steps, lr_high, lr_low)]
