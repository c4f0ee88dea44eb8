"""A right result with one of its parts altered."""

import numpy as np

from grader.judge.authoring.parts import with_other_choices, with_other_parts, with_other_terms


def test_each_term_is_altered_in_each_way():
    rng = np.random.default_rng(3)
    square, other = rng.normal(size=(2, 3, 3))
    found = dict(with_other_terms({"the term of X": square, "the term of A": other}))
    assert len(found) == 10
    assert np.allclose(found["the right result without the term of X"], other)
    assert np.allclose(found["the right result with the wrong sign of the term of A"], square - other)
    assert np.allclose(found["the right result with twice the term of X"], 2 * square + other)
    assert np.allclose(found["the right result with the term of A transposed"], square + other.T)


def test_a_term_that_is_not_square_is_not_transposed():
    terms = {"the term of X": np.ones((2, 3)), "the term of A": np.ones((2, 3))}
    assert not any("transposed" in words for words, _ in with_other_terms(terms))


V, G = np.random.default_rng(4).normal(size=(2, 6))


def heavy_ball(part):
    """A step from 0 with memory 0.8 and rate 0.1."""
    new = part("0.8 * velocity", 0.8 * V) + part("0.1 * grad", 0.1 * G)
    return -part("the new velocity", new)


def named(value):
    found = with_other_parts(heavy_ball, {"velocity": V, "grad": G}, {"mu": 0.8})
    return [words for words, other in found.items() if np.allclose(other, value)]


def test_a_part_that_is_another_one_is_told():
    assert named(-0.8 * V - 0.02 * G) == ["what comes with 0.1 * grad multiplied by 1 - mu once too often"]
    assert named(-0.8 * V - G)[0] == "what comes with 0.1 * grad replaced by grad"
    assert named(-V)[0] == "what comes with the new velocity replaced by velocity"  # the old one
    assert named(0.8 * V - 0.1 * G) == ["what comes with 0.8 * velocity replaced by minus it"]
    assert "what comes with the new velocity replaced by minus it" in named(0.8 * V + 0.1 * G)


def test_two_parts_altered_at_once_and_right_numbers_are_told_nothing():
    assert named(0.8 * V - 0.2 * G) == []
    assert named(-0.8 * np.sort(V) - 0.1 * G) == []
    assert named(-0.8 * V - 0.1 * G) == []


def test_what_cannot_be_computed_is_left_out():
    found = with_other_parts(lambda part: 1.0 / part("half", 0.5))
    assert "what comes with half replaced by 0" not in found
    assert found["what comes with half replaced by its square"] == 4.0


def product_of(one, other):
    return one * other


PLACES = {"one": {"2": 2, "3": 3, "5": 5}, "other": {"7": 7, "11": 11, "13": 13}}


def test_one_choice_is_another_one_at_a_time():
    """The right choices alone are not among them."""
    found = dict(with_other_choices(product_of, PLACES))
    assert found == {
        f"what comes with {words}": value for words, value in {"3": 21, "5": 35, "11": 22, "13": 26}.items()
    }


def test_two_choices_are_altered_alike():
    found = dict(with_other_choices(product_of, PLACES, [("one", "other")]))
    assert found["what comes with 3 and 11"] == 33 and found["what comes with 5 and 13"] == 65 and len(found) == 6
