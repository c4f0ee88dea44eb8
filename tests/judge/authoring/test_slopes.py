"""What stands in the place of a slope: planted slips are found by their words."""

import numpy as np
import pytest

from grader.judge.authoring.slopes import with_another_slope, with_other_slopes

Z, Y = np.random.default_rng(0).normal(size=(2, 4, 3))
ACTIVATIONS = {
    "sigmoid": (1 / (1 + np.exp(-Z)), lambda out: out * (1 - out)),
    "tanh": (np.tanh(Z), lambda out: 1 - out**2),
}


def named(found, value):
    """The words of what is equal to a value."""
    return [words for words, other in found.items() if np.allclose(other, value)]


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize(
    ("slip", "words"),
    [
        (lambda z, out: np.ones_like(z), "1"),
        (lambda z, out: z > 0, "1 where z is positive, and else 0,"),
        (lambda z, out: z, "z"),
        (lambda z, out: out, "a"),
        (lambda z, out: 1 - out, "1 - a"),
        (lambda z, out: z * (1 - z), "z (1 - z)"),
        (lambda z, out: 1 - z**2, "1 - z^2"),
        (lambda z, out: np.tanh(out), "tanh of a"),
        (lambda z, out: 1 - np.tanh(out) ** 2, "the slope of tanh at a"),
    ],
)
def test_a_slip_is_told_in_words(name, slip, words):
    out, _ = ACTIVATIONS[name]
    found = with_another_slope(lambda slope: Y.T @ (Y * slope), z=Z, a=out)
    wrong = Y.T @ (Y * slip(Z, out))
    assert f"what comes with {words} in place of the activation's slope at z" in named(found, wrong)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_slope_is_the_other_activations_only_where_it_is(name):
    """The right one is in the table, as the slope of its own activation, and as nothing else; keys leave it out."""
    out, slope = ACTIVATIONS[name]
    right = named(with_another_slope(lambda one: one, z=Z, a=out), slope(out))
    text = "what comes with {} in place of the activation's slope at z"
    own = {"sigmoid": ("the slope of the sigmoid at z", "a (1 - a)"), "tanh": ("the slope of tanh at z", "1 - a^2")}
    assert sorted(right) == sorted(map(text.format, own[name]))


def test_both_slopes_and_one_alone_are_told_apart():
    first, second = ((Z, np.tanh(Z)), (Y, np.tanh(Y)))
    both = with_other_slopes(lambda one, other: one * other, first, second)
    alone = with_other_slopes(lambda one: one * (1 - second[1] ** 2), first, told="the slope of hidden layer 1 alone")
    assert named(both | alone, Z * Y) == ["what comes with z in place of both slopes"]
    slip = Z * (1 - np.tanh(Y) ** 2)
    assert named(both | alone, slip) == ["what comes with z in place of the slope of hidden layer 1 alone"]
