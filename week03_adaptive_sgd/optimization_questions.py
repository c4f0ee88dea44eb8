"""What the checks of the lecture on optimisation ask, in the notebook and when it is graded."""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

import numpy as np

from grader.checks.questions import Roles, checks_of, items, lent, number, pairs, question, unchanged

check = checks_of(__name__)


@lent
def gd_rate(eta, curvatures):
    """The factor by which plain descent shrinks the worst of these directions, curvatures [n]: a number."""


@lent
def heavy_ball_rate(eta, mu, curvatures):
    """The factor per step, in the long run, of the worst of these directions, curvatures [n]: a number."""


def of_each_eta(case):
    """The form of a list with a number for each learning rate of the case."""
    return items(number(), length=len(case.etas))


# gd_rate

RATE = Roles(each="curvatures", terms="mu")


@question("test_gd_rate", points=0.4, probes=RATE)
def slowest_direction(student, eta, curvatures):
    """the flattest direction, when it is the slowest"""
    return student.gd_rate(eta, curvatures)


@question("test_gd_rate", points=0.4, form=of_each_eta, probes=RATE)
def steepest_direction(student, etas, curvatures):
    """the steepest direction, where a step jumps across its minimum"""
    return [student.gd_rate(eta, curvatures.copy()) for eta in etas]


@question("test_gd_rate", points=0.2, form=pairs(number(), number(), None), probes=Roles())
def curvatures_in_any_order(student, eta, one, mixed):
    """one curvature or many, in any order; the array stays as it is"""
    return [student.gd_rate(eta, one), student.gd_rate(eta, mixed), mixed]


@curvatures_in_any_order.relation
def _(answer, case):
    return unchanged("curvatures", answer[2], case.mixed)


@curvatures_in_any_order.reading
def _(answer, case):
    return answer[:2]


# best_gd and best_heavy_ball: each part of what is returned has points of its own


def part(exercise, place, of, points, name, title, lends):
    """A question for one of the `of` numbers that the function returns for each pair (smallest, largest)."""

    def ask(student, ends):
        found = [getattr(student, exercise)(*pair) for pair in ends]
        return [list(one) if isinstance(one, np.ndarray) else one for one in found]  # an array will do for a tuple

    def form(case):
        return items(pairs(*[number()] * of), length=len(case.ends))

    ask.__doc__ = title
    roles = Roles(calls="ends", names="smallest largest", small="smallest")
    made = question(f"test_{exercise}", points=points, name=name, lends=lends, form=form, probes=roles)(ask)
    made.reading(lambda answer, case: np.array([float(numbers[place]) for numbers in answer]))
    return made


best_gd_eta = part("best_gd", 0, 2, 0.5, "best_gd_eta", "the best learning rate for the worst direction", (gd_rate,))
best_gd_rate = part("best_gd", 1, 2, 0.5, "best_gd_rate", "the factor per step that it gives", (gd_rate,))


# noise_floor


@question("test_noise_floor", points=0.6, probes=Roles(small="eta"))
def small_steps(student, eta, curvature, variance):
    """where steps are short"""
    return student.noise_floor(eta, curvature, variance)


@question("test_noise_floor", points=0.4, form=of_each_eta, probes=Roles())
def long_steps(student, etas, curvature, variance):
    """where every step jumps across the minimum"""
    return [student.noise_floor(eta, curvature, variance) for eta in etas]


# heavy_ball_rate


@question("test_heavy_ball_rate", points=0.3, probes=RATE)
def oscillating(student, eta, mu, curvatures):
    """where the roots are complex, and the path turns"""
    return student.heavy_ball_rate(eta, mu, curvatures)


@question("test_heavy_ball_rate", points=0.3, probes=RATE)
def creeping(student, eta, mu, curvatures):
    """where the roots of the slowest direction are real"""
    return student.heavy_ball_rate(eta, mu, curvatures)


@question("test_heavy_ball_rate", points=0.2, form=of_each_eta, probes=RATE)
def diverging(student, etas, mu, curvatures):
    """where steps are long: the path zigzags, or runs away"""
    return [student.heavy_ball_rate(eta, mu, curvatures.copy()) for eta in etas]


for several in (steepest_direction, long_steps, diverging):
    several.reading(lambda answer, case: np.array(answer, dtype=float))
del several


@question("test_heavy_ball_rate", points=0.2, form=pairs(number(), number(), None))
def without_memory(student, eta, one, mixed):
    """without memory, for one curvature or many in any order; the array stays as it is"""
    return [student.heavy_ball_rate(eta, 0.0, one), student.heavy_ball_rate(eta, 0.0, mixed), mixed]


@without_memory.relation
def _(answer, case):
    return unchanged("curvatures", answer[2], case.mixed)


@without_memory.reading
def _(answer, case):
    return answer[:2]


BALL = (heavy_ball_rate,)
best_eta = part("best_heavy_ball", 0, 3, 0.4, "best_eta", "the best learning rate", BALL)
best_mu = part("best_heavy_ball", 1, 3, 0.3, "best_mu", "the best mu", BALL)
best_rate = part("best_heavy_ball", 2, 3, 0.3, "best_rate", "the factor per step that they give", BALL)
