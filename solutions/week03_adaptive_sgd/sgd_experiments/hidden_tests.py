"""Hidden tests of the seminar: numbers to a stated precision, choices with a reason for each wrong one."""

import numpy as np

from grader.judge import expect_that, hidden_test
from grader.judge.authoring.quiz import choice_question
from grader.judge.authoring.verdicts import NotWritten, Wrong, named

from ..descent_by_hand.answers import value_of


def near(student, name, right, within, mistakes):
    """The number in the variable ``name`` is within ``within`` of ``right``; a known slip is named."""
    value = value_of(student, name)
    if value is None:
        raise NotWritten("not written yet", "NotImplementedError")
    compare(value, right, within, name, mistakes)


def compare(value, right, within, what, mistakes):
    if abs(value - right) <= within:
        return
    for number, (text, wrong) in enumerate(mistakes.items()):
        if abs(value - wrong) <= min(within, abs(wrong - right) / 3):
            raise named(what, text, number)
    raise Wrong(f"{what}: another number is expected", "another_number")


@hidden_test("test_step_limit", points=0.5)
def largest_step(student, rng):
    """The largest learning rate at which plain descent converges."""
    near(
        student,
        "step_limit",
        0.25,
        0.002,
        {
            "this is the rate for the flattest axis; the steepest decides": 1.0,
            "this is the rate for the axis in the middle; the steepest decides": 0.4,
            "at this rate one step reaches the minimum along the steepest axis; up to twice as much converges": 0.125,
            "upside down: the steeper the loss, the smaller the rate": 4.0,
        },
    )


@hidden_test("test_batch_noise", points=0.5)
def noise_of_a_batch(student, rng):
    """How the scatter of the gradient falls with the batch."""
    near(
        student,
        "batch_noise",
        5.0,
        0.25,
        {
            "the variance falls in proportion to the batch; the standard deviation is its root": 25.0,
            "upside down: divided by, not multiplied by": 0.2,
            "this is the root of 100; the batches begin at 4, not at 1": 10.0,
            "this is the difference; what counts is the ratio": 96.0,
        },
    )


noise_floor = choice_question(
    "test_noise_floor",
    points=0.5,
    title="What halving a constant learning rate does in the long run.",
    right="b",
    reasons={
        "a": "the noise that a step adds is multiplied by the learning rate: a smaller rate lets less of it in",
        "c": "too much: each step adds noise in proportion to the square of the rate, and forgets old noise in "
        "proportion to the rate; what is left is their ratio",
        "d": "a constant rate lets fresh noise in at every step; only a rate that falls to zero gets rid of it",
    },
)

shuffling = choice_question(
    "test_shuffling",
    points=0.5,
    title="Which order ends every epoch off to the same side.",
    right="c",
    reasons={
        "a": "points drawn twice are other ones in every epoch: the weights scatter, to no side in particular",
        "b": "the last batch is another one in every epoch: the weights scatter, to no side in particular",
        "d": "the constant rate keeps all three from coming to rest, but only one repeats the same loop",
    },
)


@hidden_test("test_momentum_limit", points=0.5)
def largest_step_with_momentum(student, rng):
    """The largest learning rate at which momentum converges."""
    near(
        student,
        "momentum_limit",
        0.38,
        0.004,
        {
            "this is the limit of plain descent; momentum makes larger rates stable": 0.2,
            "the sign of mu: memory moves the border to the right, not to the left": 0.02,
            "a factor 2 is missing: with d, -d, d the equation reads eta c = 2 (1 + mu)": 0.19,
            "upside down: the steeper the loss, the smaller the rate": 19 / 5,
        },
    )


@hidden_test("test_best_momentum", points=0.5)
def best_pair(student, rng):
    """The fastest learning rate and mu for curvatures 1 and 25."""
    pair = value_of(student, "best_momentum", 2)
    if None in pair:
        raise NotWritten("not written yet", "NotImplementedError")
    swapped = abs(pair[0] - 4 / 9) <= 0.011 and abs(pair[1] - 1 / 9) <= 0.011
    expect_that(not swapped, "best_momentum: the order is (eta, mu)", "swapped")
    compare(
        pair[0],
        1 / 9,
        0.0101,
        "eta of best_momentum",
        {
            "this is the best rate of plain descent; with memory a larger one is best": 2 / 26,
            "the root is still to be squared": 1 / 3,
        },
    )
    compare(
        pair[1],
        4 / 9,
        0.0101,
        "mu of best_momentum",
        {
            "this is plain descent": 0.0,
            "0.9 is a good habit for badly conditioned losses, and too much for this one": 0.9,
            "this is the factor per step that it gives; mu is its square": 2 / 3,
        },
    )


@hidden_test("test_reach", points=0.5)
def finite_reach(student, rng):
    """How far a schedule can go whose rates have a finite sum."""
    near(
        student,
        "reach",
        np.pi**2 / 12,
        0.006,
        {
            "the factor 0.5 in front is missing": np.pi**2 / 6,
            "this is the first step alone": 0.5,
            "this is a partial sum: more terms still change the second decimal": 0.5
            * np.sum(1 / np.arange(1, 11) ** 2),
            "this is the sum of 1/2, 1/4, 1/8, ...: the squares of 1, 2, 3 are asked for": 1.0,
        },
    )
