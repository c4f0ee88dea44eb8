"""A right result with one of its parts altered."""

import numpy as np

from grader.judge.authoring.parts import with_other_terms


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
