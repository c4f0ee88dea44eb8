"""Hidden tests of the worksheet: every step of a list is judged for itself, from the student's own step before it.

A number is right when it is within 5e-5 of the exact one, or of what follows from the student's own earlier numbers.
"""

import numpy as np

from grader.judge import expect, expect_that, hidden_test

from .answers import judge, truth_values, value_of
from .worked import SAMPLES, adam, descent, momentum, nesterov, rmsprop, slope, stochastic

ETA = 0.1


@hidden_test("test_ols", points=0.5)
def least_squares(student, rng):
    """The weight with the smallest mean squared error."""
    judge(
        value_of(student, "ols"),
        [1.6],
        "ols",
        {
            "this is the line through both points; here it has to pass through the origin": 1.0,
            "this is the ratio of the means": 5 / 3,
            "this is the mean of the two ratios y / x": 1.75,
            "this is upside down: which of the two sums is above?": 5 / 8,
            "this fits the second sample only": 1.5,
            "this fits the first sample only": 2.0,
        },
    )


def step_test(cell, number, points, follow, mistakes):
    """A hidden test of step ``number`` (from 1) of the list ``cell``.

    follow(w) -> the next weight after the weights w = [0, w1, ...]; mistakes(w) -> {text: wrong next weight}.
    """

    def right_step(student, rng):
        own = value_of(student, cell, LENGTHS[cell])
        exact = [0.0]
        for _ in range(number):
            exact.append(follow(exact))
        before = [0.0, *own[: number - 1]]
        if None in before:
            before = exact[:-1]
        # the wrong values from the exact weights come first: own weights may be wrong themselves
        wrong = {text: value for base in (exact[:-1], before) for text, value in mistakes(base).items()}
        judge(own[number - 1], [exact[-1], follow(before)], f"step {number} of {cell}", wrong)

    right_step.__name__ = f"{cell}_{number}"
    right_step.__doc__ = f"Step {number} of {cell}" + (", from your own steps before it." if number > 1 else ".")
    return hidden_test(f"test_{cell}", points=points)(right_step)


LENGTHS = {
    "gd_steps": 3,
    "sgd_steps": 4,
    "momentum_steps": 2,
    "nesterov_steps": 2,
    "rmsprop_steps": 2,
    "adam_steps": 2,
}


def descent_mistakes(w):
    g = slope(w[-1])
    return {
        "the loss is the mean of both squared errors, not their sum": w[-1] - ETA * 2 * g,
        "the 2 of the squares is missing from the derivative": w[-1] - ETA * g / 2,
        "the step climbs: subtract the slope": w[-1] + ETA * g,
        "the learning rate is missing": w[-1] - g,
        "this is the step itself; the weight after it is asked for": -ETA * g,
        "the inner derivative is missing: each term carries a factor x": w[-1] + ETA * (2 - w[-1] + 3 - 2 * w[-1]),
    }


def stochastic_mistakes(w):
    t = len(w) - 1
    x, y = SAMPLES[t % 2]
    other_x, other_y = SAMPLES[(t + 1) % 2]
    return {
        "the slope of (y - w x)^2 is -2 x (y - w x): the 2, or the x, is missing": w[-1] + ETA * x * (y - w[-1] * x),
        "this is the step of the other sample: they come in order": w[-1]
        + 2 * ETA * other_x * (other_y - w[-1] * other_x),
        "this is a step on both samples; here it is one at a time": w[-1] - ETA * slope(w[-1]),
        "the step climbs: subtract the slope": w[-1] - 2 * ETA * x * (y - w[-1] * x),
    }


def momentum_mistakes(w):
    g, v = slope(w[-1]), (w[-2] - w[-1] if len(w) > 1 else 0.0)
    return {
        **descent_mistakes(w),
        "the old velocity is left out: this is plain descent": w[-1] - ETA * g,
        "the velocity is kept whole: alpha is missing": w[-1] - v - ETA * g,
        "the slope enters with weight 1 - alpha; here it enters with eta alone": w[-1] - 0.9 * v - 0.1 * ETA * g,
        "w moves by the old velocity: update the velocity first": w[-1] - v,
        "the old velocity has the wrong sign": w[-1] + 0.9 * v - ETA * g,
    }


def nesterov_mistakes(w):
    g, v = slope(w[-1]), (w[-2] - w[-1] if len(w) > 1 else 0.0)
    return {
        **momentum_mistakes(w),
        "this is momentum: the slope is taken at w, not at the look-ahead point": w[-1] - 0.9 * v - ETA * g,
        "it looks back: ahead is w - alpha v": w[-1] - 0.9 * v - ETA * slope(w[-1] + 0.9 * v),
        "the look-ahead point is w - alpha v: alpha is missing": w[-1] - 0.9 * v - ETA * slope(w[-1] - v),
    }


def squares(w, keep=0.9, add=0.1):
    total = 0.0
    for weight in w:
        total = keep * total + add * slope(weight) ** 2
    return total


def rmsprop_mistakes(w):
    g, s, t = slope(w[-1]), squares(w), len(w)
    old = squares(w[:-1])
    return {
        "the square root is missing": w[-1] - ETA * g / s,
        "the squares are added up: that is AdaGrad": w[-1] - ETA * g / np.sqrt(squares(w, 1.0, 1.0)),
        "the average is corrected for its start: that is Adam": w[-1] - ETA * g / np.sqrt(s / (1 - 0.9**t)),
        "alpha and 1 - alpha are swapped": w[-1] - ETA * g / np.sqrt(squares(w, 0.1, 0.9)),
        "the old average is left out": w[-1] - ETA * g / np.sqrt(0.1 * g**2),
        "the average is updated after the step: use the new one": w[-1] - ETA * g / np.sqrt(old) if old else np.inf,
        "the step climbs: subtract": w[-1] + ETA * g / np.sqrt(s),
        "the learning rate is missing": w[-1] - g / np.sqrt(s),
        "this is plain descent: the root is missing": w[-1] - ETA * g,
    }


def adam_mistakes(w):
    slopes, t = [slope(weight) for weight in w], len(w)
    m, v = 0.0, 0.0
    for g in slopes:
        m, v = 0.9 * m + 0.1 * g, 0.9 * v + 0.1 * g**2
    correction = 1 - 0.9**t
    return {
        "both corrections are missing": w[-1] - ETA * m / np.sqrt(v),
        "m is not corrected for its start at zero": w[-1] - ETA * m / np.sqrt(v / correction),
        "v is not corrected for its start at zero": w[-1] - ETA * m / correction / np.sqrt(v),
        "the corrections are those of the first step: t is 2 now": w[-1] - ETA * (m / 0.1) / np.sqrt(v / 0.1),
        "the square root is missing": w[-1] - ETA * m / v,
        "the gradient stands in place of its average": w[-1] - ETA * slopes[-1] / np.sqrt(v / correction),
        "the step climbs: subtract": w[-1] + ETA * m / correction / np.sqrt(v / correction),
        "the learning rate is missing": w[-1] - m / correction / np.sqrt(v / correction),
    }


gd_1 = step_test("gd_steps", 1, 0.2, descent, descent_mistakes)
gd_2 = step_test("gd_steps", 2, 0.15, descent, descent_mistakes)
gd_3 = step_test("gd_steps", 3, 0.15, descent, descent_mistakes)
sgd_1 = step_test("sgd_steps", 1, 0.125, stochastic, stochastic_mistakes)
sgd_2 = step_test("sgd_steps", 2, 0.125, stochastic, stochastic_mistakes)
sgd_3 = step_test("sgd_steps", 3, 0.125, stochastic, stochastic_mistakes)
sgd_4 = step_test("sgd_steps", 4, 0.125, stochastic, stochastic_mistakes)
momentum_1 = step_test("momentum_steps", 1, 0.25, momentum, momentum_mistakes)
momentum_2 = step_test("momentum_steps", 2, 0.25, momentum, momentum_mistakes)
nesterov_1 = step_test("nesterov_steps", 1, 0.25, nesterov, nesterov_mistakes)
nesterov_2 = step_test("nesterov_steps", 2, 0.25, nesterov, nesterov_mistakes)
rmsprop_1 = step_test("rmsprop_steps", 1, 0.25, rmsprop, rmsprop_mistakes)
rmsprop_2 = step_test("rmsprop_steps", 2, 0.25, rmsprop, rmsprop_mistakes)
adam_1 = step_test("adam_steps", 1, 0.25, adam, adam_mistakes)
adam_2 = step_test("adam_steps", 2, 0.25, adam, adam_mistakes)


@hidden_test("test_logistic_step", points=0.5)
def logistic(student, rng):
    """One step of logistic regression."""
    s = 1 / (1 + np.exp(5))  # sigma(w x) at w = 1, x = -5
    judge(
        value_of(student, "logistic_step"),
        [1 - 0.05 * (1 - s)],
        "logistic_step",
        {
            "the step climbs, or the sign of x is lost": 1 + 0.05 * (1 - s),
            "the factor is 1 - sigma(w x), with the sign of x in it": 1 - 0.05 * s,
            "this climbs, with sigma(-w x) for sigma(w x)": 1 + 0.05 * s,
            "the factor x is missing (inner derivative)": 1 - 0.01 * (1 - s),
            "the factor x is missing (inner derivative), and the step climbs": 1 + 0.01 * (1 - s),
            "the learning rate is missing": 1 - 5 * (1 - s),
            "the slope of the sigmoid is there once too often: it cancels against the logarithm": 1
            - 0.05 * s * (1 - s),
            "this is the slope, not the weight after the step": 5 * (1 - s),
        },
    )


@hidden_test("test_one_step_parabola", points=0.3)
def one_over_the_curvature(student, rng):
    """The learning rate for random parabolas."""
    a, b, c = rng.uniform(1.5, 3), rng.uniform(1, 2), rng.uniform(-1, 1)
    expect(
        student.one_step_parabola(a, b, c),
        1 / (2 * a),
        what="the learning rate",
        mistakes={
            "the derivative of a x^2 is 2 a x: a factor 2 is missing": 1 / a,
            "upside down: the steeper the parabola, the smaller the rate": 2 * a,
            "this is where the minimum is, not the learning rate": -b / (2 * a),
            "a factor 2 too much: the second derivative is 2 a": 1 / (4 * a),
            "the sign: a learning rate is positive": -1 / (2 * a),
            "b has no influence on the curvature": b / (2 * a),
        },
    )


@hidden_test("test_one_step_parabola", points=0.2)
def from_anywhere(student, rng):
    """It depends on nothing but the curvature."""
    a = rng.uniform(0.01, 0.1)
    rates = [student.one_step_parabola(a, b, c) for b, c in [(0.0, 0.0), (-5.0, 2.0), (3.0, -40.0)]]
    for rate in rates:
        numeric = isinstance(rate, (float, int, np.ndarray, np.generic)) and np.shape(rate) == ()
        expect_that(bool(numeric), "the learning rate must be one number", "type")
    same = np.allclose([float(rate) for rate in rates], float(rates[0]), rtol=1e-9)
    expect_that(bool(same), "it changes with b or c: shifting a parabola does not change its curvature")
    other = student.one_step_parabola(10 * a, 0.0, 0.0)
    hint = "a parabola ten times as steep needs a tenth of the rate"
    expect_that(bool(np.isclose(10 * float(other), float(rates[0]), rtol=1e-9)), hint)


@hidden_test("test_ridge_step", points=0.5)
def ridge(student, rng):
    """One step with a penalty."""
    judge(
        value_of(student, "ridge_step"),
        [0.2],
        "ridge_step",
        {
            "there is a 1/2 in front of the square: no factor 2 is left in the derivative": 0.4,
            "the step climbs: subtract the slope": -0.2,
            "the learning rate is missing": 2.0,
            "the slope of the error at w = 0 is -x (y - 0)": 0.1,
            "this is where infinitely many steps would end": 1.0,
            "this is one step without the start at zero: at w0 = 0 the penalty has no slope": 0.18,
        },
    )


@hidden_test("test_robbins_monro", points=0.1)
def one_over_t(student, rng):
    """1/t: the sum diverges, the sum of squares does not."""
    values = truth_values(student)
    hint = "1/t: the harmonic series diverges, and the sum of 1/t^2 is finite"
    expect_that(values[0] is True, hint, "robbins_monro_1")


@hidden_test("test_robbins_monro", points=0.1)
def too_slow(student, rng):
    """The rates that fall too slowly."""
    values = truth_values(student)
    expect_that(values[1] is False, "0.1 t^-0.3: look at the sum of the squares, t^-0.6", "robbins_monro_2")
    expect_that(values[2] is False, "1/sqrt(t): its square is 1/t, whose sum diverges", "robbins_monro_3")


@hidden_test("test_robbins_monro", points=0.1)
def too_fast(student, rng):
    """The rates that fall too fast."""
    values = truth_values(student)
    expect_that(
        values[3] is False, "1/t^2: its own sum is finite, so only a finite distance can be walked", "robbins_monro_4"
    )
    expect_that(
        values[4] is False, "exp(-t): its own sum is finite, so only a finite distance can be walked", "robbins_monro_5"
    )


@hidden_test("test_robbins_monro", points=0.2)
def exponents(student, rng):
    """The exponents p for which the schedule satisfies both conditions."""
    low, high = value_of(student, "p_range", 2)
    judge(
        low,
        [0.5],
        "the lower end of p_range",
        {
            "at 0 the rate is constant: the squares must have a finite sum too": 0.0,
            "above 1 the sum of the rates is finite: both ends are too high": 1.0,
        },
    )
    judge(
        high,
        [1.0],
        "the upper end of p_range",
        {
            "above 1 the sum of the rates itself is finite": 2.0,
            "this is the lower end: beyond it the squares have a finite sum": 0.5,
            "there is an upper end: above 1 the sum of the rates is finite": np.inf,
        },
    )
