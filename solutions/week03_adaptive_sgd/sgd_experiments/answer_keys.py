"""The right numbers and letters of the seminar, to a stated precision, with a reason against each wrong one."""

import numpy as np

from grader.checks.questions import Right
from grader.judge.authoring.keys import Case, key
from grader.judge.authoring.quiz import choice_key, number_key
from week03_adaptive_sgd import sgd_experiments_questions as asked

number_key(
    asked.step_limit,
    0.25,
    {
        "this is the rate for the flattest axis; the steepest decides": 1.0,
        "this is the rate for the axis in the middle; the steepest decides": 0.4,
        "at this rate one step reaches the minimum along the steepest axis; up to twice as much converges": 0.125,
        "upside down: the steeper the loss, the smaller the rate": 4.0,
        "this is 2 over the sum of the curvatures; the steepest alone decides": 2 / 15,
        "this is 2 over the sum of the steepest and the flattest: the best rate, not the largest": 0.2,
    },
    rtol=0.008,
)
number_key(
    asked.batch_noise,
    5.0,
    {
        "the variance falls in proportion to the batch; the standard deviation is its root": 25.0,
        "upside down: divided by, not multiplied by": 0.2,
        "this is the root of 100; the batches begin at 4, not at 1": 10.0,
        "this is the root of the difference; what counts is the ratio": np.sqrt(96),
        "this is the difference; what counts is the ratio": 96.0,
    },
    rtol=0.05,
)
choice_key(
    asked.noise_floor,
    "b",
    {
        "a": "the noise that a step adds is multiplied by the learning rate: a smaller rate lets less of it in",
        "c": "too much: each step adds noise in proportion to the square of the rate, and forgets old noise in "
        "proportion to the rate; what is left is their ratio",
        "d": "a constant rate lets fresh noise in at every step; only a rate that falls to zero gets rid of it",
    },
)
choice_key(
    asked.shuffling,
    "c",
    {
        "a": "points drawn twice are other ones in every epoch: the weights scatter, to no side in particular",
        "b": "the last batch is another one in every epoch: the weights scatter, to no side in particular",
        "d": "the constant rate keeps all three from coming to rest, but only one repeats the same loop",
    },
)
number_key(
    asked.momentum_limit,
    0.38,
    {
        "this is the limit of plain descent; momentum makes larger rates stable": 0.2,
        "the sign of mu: memory moves the border to the right, not to the left": 0.02,
        "a factor 2 is missing: with d, -d, d the equation reads eta c = 2 (1 + mu)": 0.19,
        "the curvature is missing: 2 (1 + mu) is eta c, and not eta": 19 / 5,
        "this is the limit of plain descent divided by 1 - mu; the border is where the steps turn back, d, -d, d": 2.0,
    },
    rtol=0.01,
)


@key(asked.best_momentum)
class _:
    def draw(rng):
        return Case()

    def right(case):
        eta = {
            "this is mu: the order is (eta, mu)": 4 / 9,
            "this is the best rate of plain descent; with memory a larger one is best": 2 / 26,
            "the root is still to be squared": 1 / 3,
        }
        mu = {
            "this is plain descent": 0.0,
            "0.9 is a good habit for badly conditioned losses, and too much for this one": 0.9,
            "this is the factor per step that it gives; mu is its square": 2 / 3,
            "the curvatures stand in place of their roots": (24 / 26) ** 2,
        }
        return [
            Right(1 / 9, "eta of best_momentum", eta, rtol=0.0, atol=0.0101, hidden=True),
            Right(4 / 9, "mu of best_momentum", mu, rtol=0.0, atol=0.0101, hidden=True),
        ]


number_key(
    asked.reach,
    np.pi**2 / 12,
    {
        "the factor 0.5 in front is missing": np.pi**2 / 6,
        "rounded to one decimal; two are asked for": 0.8,
        "this is the first step alone": 0.5,
        "the first term of the sum is left out: the sum begins at 1": 0.5 * (np.pi**2 / 6 - 1),
        "this is a partial sum: more terms still change the second decimal": 0.5 * np.sum(1 / np.arange(1, 11) ** 2),
        "this is the sum of 1/2, 1/4, 1/8, ...: the squares of 1, 2, 3 are asked for": 1.0,
    },
    rtol=0.0,
    atol=0.006,
)
