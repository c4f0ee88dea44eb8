"""Keys of the worksheet: every step of a list is judged for itself, from the student's own step before it.

A number is right when it is within 5e-5 of the exact one, or of what follows from the student's own earlier numbers.
"""

from functools import partial

import numpy as np

from grader.checks.questions import Right
from grader.judge.authoring.keys import Case, key
from grader.judge.authoring.quiz import answer_key, number_key
from week03_adaptive_sgd import descent_by_hand_questions as asked

from .worked import SAMPLES, adam, descent, momentum, nesterov, rmsprop, slope, stochastic

ETA = 0.1
WITHIN = 5e-5 * (1 + 1e-6)  # 0.00005 itself is still right, whatever rounding does to it
Number = partial(Right, rtol=0.0, atol=WITHIN, hidden=True)

number_key(
    asked.least_squares,
    1.6,
    {
        "this is the line through both points; here it has to pass through the origin": 1.0,
        "this is the ratio of the means": 5 / 3,
        "this is the mean of the two ratios y / x": 1.75,
        "this is upside down: which of the two sums is above?": 5 / 8,
        "this fits the second sample only": 1.5,
        "this fits the first sample only": 2.0,
    },
    rtol=0.0,
    atol=WITHIN,
)


def step_key(question, follow, mistakes):
    """The key of a step, the last number of the answer.

    follow(w) -> the next weight after the weights w = [0, w1, ...]; mistakes(w) -> {text: wrong next weight}.
    """
    cell, number = question.name.rsplit("_", 1)
    exact = [0.0]
    for _ in range(int(number)):
        exact.append(follow(exact))

    def after(weights):
        wrong = {text: value for text, value in mistakes(weights).items() if np.isfinite(value)}
        return Number(follow(weights), f"step {number} of {cell}", wrong)

    @key(question)
    class _:
        def draw(rng):
            return Case()

        def right(case):
            return after(exact[:-1])

        def follow(case, answer):
            before = [0.0, *answer[:-1]]
            return after(exact[:-1] if None in before else before)


def descent_mistakes(w):
    g = slope(w[-1])
    return {
        "the loss is the mean of both squared errors, not their sum": w[-1] - ETA * 2 * g,
        "the 2 of the squares is missing from the derivative": w[-1] - ETA * g / 2,
        "the step climbs: subtract the slope": w[-1] + ETA * g,
        "the learning rate is missing": w[-1] - g,
        "this is the step itself; the weight after it is asked for": -ETA * g,
        "the inner derivative is missing: each term carries a factor x": w[-1] + ETA * (2 - w[-1] + 3 - 2 * w[-1]),
        "the slope at w = 0 is used again: each step has that of its own weight": w[-1] - ETA * slope(0.0),
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
        "this is the velocity; the weight after the step is asked for": 0.9 * v + ETA * g,
    }


def nesterov_mistakes(w):
    g, v = slope(w[-1]), (w[-2] - w[-1] if len(w) > 1 else 0.0)
    return {
        **momentum_mistakes(w),
        "this is momentum: the slope is taken at w, not at the look-ahead point": w[-1] - 0.9 * v - ETA * g,
        "it looks back: ahead is w - alpha v": w[-1] - 0.9 * v - ETA * slope(w[-1] + 0.9 * v),
        "the look-ahead point is w - alpha v: alpha is missing": w[-1] - 0.9 * v - ETA * slope(w[-1] - v),
        "this is the look-ahead point; the weight after the step is asked for": w[-1] - 0.9 * v if v else np.inf,
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
        "the squares enter whole: the factor 1 - alpha is missing": w[-1] - ETA * g / np.sqrt(squares(w, 0.9, 1.0)),
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


for rows, follow, mistakes in [
    (asked.gd_steps, descent, descent_mistakes),
    (asked.sgd_steps, stochastic, stochastic_mistakes),
    (asked.momentum_steps, momentum, momentum_mistakes),
    (asked.nesterov_steps, nesterov, nesterov_mistakes),
    (asked.rmsprop_steps, rmsprop, rmsprop_mistakes),
    (asked.adam_steps, adam, adam_mistakes),
]:
    for row in rows:
        step_key(row, follow, mistakes)

s = 1 / (1 + np.exp(5))  # sigma(w x) at w = 1, x = -5
number_key(
    asked.logistic,
    1 - 0.05 * (1 - s),
    {
        "the step climbs, or the sign of x is lost": 1 + 0.05 * (1 - s),
        "the factor is 1 - sigma(w x), with the sign of x in it": 1 - 0.05 * s,
        "x = 5, or the label 0, is taken; the sample is x = -5 with the label 1": 1 + 0.05 * s,
        "the factor x is missing (inner derivative)": 1 + 0.01 * (1 - s),
        "of the factor x (inner derivative) only the sign is there": 1 - 0.01 * (1 - s),
        "the learning rate is missing": 1 - 5 * (1 - s),
        "the slope of the sigmoid is there once too often: it cancels against the logarithm": 1 - 0.05 * s * (1 - s),
        "this is the slope, not the weight after the step": 5 * (1 - s),
    },
    rtol=0.0,
    atol=WITHIN,
)


@key(asked.one_rate)
class _:
    def draw(rng):
        return Case(a=rng.uniform(1.5, 3), b=rng.uniform(1, 2), c=rng.uniform(-1, 1))

    def right(case):
        a, b = case.a, case.b
        mistakes = {
            "the derivative of a x^2 is 2 a x: a factor 2 is missing": 1 / a,
            "upside down: the steeper the parabola, the smaller the rate": 2 * a,
            "this is where the minimum is, not the learning rate": -b / (2 * a),
            "a factor 2 too much: the second derivative is 2 a": 1 / (4 * a),
            "the sign: a learning rate is positive": -1 / (2 * a),
            "b has no influence on the curvature": b / (2 * a),
        }
        return Right(1 / (2 * a), "the learning rate", mistakes)


@key(asked.from_anywhere)
class _:
    def draw(rng):
        return Case(a=rng.uniform(0.01, 0.1))

    def right(case):
        rates = np.array([1, 1, 1, 0.1]) / (2 * case.a)
        steep = {"a parabola ten times as steep needs a tenth of the rate": rates[:1].repeat(4)}
        return Right(rates, "the learning rates of four parabolas", steep, also=[2 * rates, rates / 2, -rates])


number_key(
    asked.ridge,
    0.2,
    {
        "a factor 2 is left in the derivative: the 1/2 in front of the square cancels it": 0.4,
        "the step climbs: subtract the slope": -0.2,
        "the learning rate is missing": 2.0,
        "the slope of the error at w = 0 is -x (y - 0)": 0.1,
        "this is where infinitely many steps would end": 1.0,
        "this is one step without the start at zero: at w0 = 0 the penalty has no slope": 0.18,
    },
    rtol=0.0,
    atol=WITHIN,
)


def truth(value, reason):
    return Right(value, "robbins_monro", {reason: not value}, hidden=True)


answer_key(asked.one_over_t, truth(True, "1/t: the harmonic series diverges, and the sum of 1/t^2 is finite"))
answer_key(
    asked.too_slow,
    [
        truth(False, "0.1 t^-0.3: look at the sum of the squares, t^-0.6"),
        truth(False, "1/sqrt(t): its square is 1/t, whose sum diverges"),
    ],
)
answer_key(
    asked.too_fast,
    [
        truth(False, f"{rate}: its own sum is finite, so only a finite distance can be walked")
        for rate in ("1/t^2", "exp(-t)")
    ],
)
answer_key(
    asked.exponents,
    [
        Number(
            0.5,
            "the lower end of p_range",
            {
                "too low: at 0 the rate is constant, and the squares must have a finite sum too": 0.0,
                "this is the upper end, or both ends are too high: above 1 the sum of the rates is finite": 1.0,
            },
        ),
        Number(
            1.0,
            "the upper end of p_range",
            {
                "too high: above 1 the sum of the rates itself is finite": 2.0,
                "this is the lower end: beyond it the squares have a finite sum": 0.5,
            },
        ),
    ],
)
