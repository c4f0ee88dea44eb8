"""A right result with one of its parts altered."""

import numpy as np

from grader.judge.authoring.parts import with_other_choices, with_other_terms


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
