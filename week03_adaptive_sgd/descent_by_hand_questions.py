"""What the checks of the worksheet ask: the numbers that were worked out, each step with those before it."""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

import numpy as np

from grader.checks.questions import Question, Roles, checks_of, items, number, question, same, truth
from grader.checks.quiz.quiz import NotAnAnswer, read_number, read_numbers, read_row

check = checks_of(__name__)


@question("test_ols", points=0.5)
def least_squares(student):
    """The weight with the smallest mean squared error."""
    return read_number(student.ols)


def steps(name, *points):
    """A question for each step in the list `name`, worth these points; it comes with the student's steps before it."""

    def ask(place, so_far):
        def step(student):
            values = getattr(student, name)
            if isinstance(values, (list, tuple, np.ndarray)) and len(values) == len(points) + 1:
                raise NotAnAnswer(f"the start w0 is not part of the list; write {len(points)} numbers")
            return read_row(values, len(points), place)

        step.__doc__ = f"Step {place} of {name}" + (", from your own steps before it." if place > 1 else ".")
        made = question(f"test_{name}", points=points[place - 1], name=f"{name}_{place}", after=so_far)(step)
        made.reading(lambda answer, case: answer[-1])
        return made

    rows: list[Question] = []
    while len(rows) < len(points):
        rows.append(ask(len(rows) + 1, rows))
    globals().update({row.name: row for row in rows})
    return rows


gd_steps = steps("gd_steps", 0.2, 0.15, 0.15)
sgd_steps = steps("sgd_steps", 0.125, 0.125, 0.125, 0.125)
momentum_steps = steps("momentum_steps", 0.25, 0.25)
nesterov_steps = steps("nesterov_steps", 0.25, 0.25)
rmsprop_steps = steps("rmsprop_steps", 0.25, 0.25)
adam_steps = steps("adam_steps", 0.25, 0.25)


@question("test_logistic_step", points=0.5)
def logistic(student):
    """One step of logistic regression."""
    return read_number(student.logistic_step)


@question("test_one_step_parabola", points=0.3, probes=Roles())
def one_rate(student, a, b, c):
    """The learning rate for a parabola."""
    return student.one_step_parabola(a, b, c)


@question("test_one_step_parabola", points=0.2, form=items(number(), 4))
def from_anywhere(student, a):
    """It depends on nothing but the curvature."""
    rate = student.one_step_parabola
    return [rate(a, 0.0, 0.0), rate(a, -5.0, 2.0), rate(a, 3.0, -40.0), rate(10 * a, 0.0, 0.0)]


@from_anywhere.reading
def _(answer, case):
    return np.array([float(rate) for rate in answer])


@from_anywhere.relation
def _(answer, case):
    """it changes with b or c: shifting a parabola does not change its curvature"""
    return same(answer[:2], answer[1:3])


@question("test_ridge_step", points=0.5)
def ridge(student):
    """One step with a penalty."""
    return read_number(student.ridge_step)


def truth_values(points, reading):
    """A question for some of the five truth values."""

    def declare(function):
        made = question("test_robbins_monro", points=points, form=items(truth(), 5))(function)
        made.relation(not_all_alike)
        made.reading(reading)
        return made

    return declare


def not_all_alike(answer, case):
    """all five values are the same; some rates qualify and some do not"""
    return len(set(answer)) == 2


def five(values):
    """Five truth values, of whatever type, 0 and 1 too."""
    row = [value for value in values if value is not None] if isinstance(values, (list, tuple, np.ndarray)) else []
    if len(row) < 5 and np.size(values) == 5:
        raise NotImplementedError
    if len(row) != 5 or not all(isinstance(value, (bool, int, float, np.generic)) and value in (0, 1) for value in row):
        raise NotAnAnswer("write a list of five truth values, True or False")
    return [bool(value) for value in row]


@truth_values(0.1, lambda answer, case: answer[0])
def one_over_t(student):
    """1/t: the sum diverges, the sum of squares does not."""
    return five(student.robbins_monro)


@truth_values(0.1, lambda answer, case: answer[1:3])
def too_slow(student):
    """The rates that fall too slowly."""
    return five(student.robbins_monro)


@truth_values(0.1, lambda answer, case: answer[3:])
def too_fast(student):
    """The rates that fall too fast."""
    return five(student.robbins_monro)


@question("test_robbins_monro", points=0.2)
def exponents(student):
    """The exponents p for which the schedule satisfies both conditions."""
    return read_numbers(student.p_range, 2)
