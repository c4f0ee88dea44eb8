"""Quiz cells: what counts as an answer, and that the visible check says no more than that."""

from fractions import Fraction

import numpy as np
import pytest

from grader.checks.quiz import quiz


@pytest.mark.parametrize("value", ["b", "B", " b ", "(b)", "b)", '"b"', ["b"], {"b"}])
def test_a_letter_however_written(value):
    """Case and what stands around it do not matter."""
    assert quiz.read_choice(value, "abcd") == "b"


@pytest.mark.parametrize("value", ["ac", "c, a", "A C", ["a", "c"], {"c", "a"}, ("c", "a"), "{a, c}"])
def test_several_letters_however_written(value):
    """In any order, as a text or as a collection."""
    assert quiz.read_choice(value, "abcd", several=True) == "ac"


@pytest.mark.parametrize("value", ["e", "ab", "half", 2, True, ["a", "b"], [1], np.array(["a"]), b"a"])
def test_what_is_no_choice(value):
    """A letter that is not offered, two letters, words, other types: told what to write."""
    with pytest.raises(quiz.NotAnAnswer, match="write one of a, b, c or d"):
        quiz.read_choice(value, "abcd")


@pytest.mark.parametrize("value", [None, "", "  ", [], set()])
def test_an_empty_choice_is_not_written_yet(value):
    """None, and what holds no letter."""
    with pytest.raises(NotImplementedError):
        quiz.read_choice(value, "abcd")


@pytest.mark.parametrize("value", [0.25, Fraction(1, 4), np.float32(0.25), np.array(0.25), np.array([[0.25]])])
def test_a_number_of_any_type(value):
    """Whatever float() makes a number of."""
    assert quiz.read_number(value) == 0.25


@pytest.mark.parametrize("value", ["0.25", True, [0.25], np.nan, np.inf, 1j, len, 10**400, np.zeros(2)])
def test_what_is_no_number(value):
    """Texts, truth values, lists, and what is not finite."""
    with pytest.raises(quiz.NotAnAnswer, match="write"):
        quiz.read_number(value)


def test_numbers_in_a_row():
    """A list of the right length; None in it is not written yet."""
    assert quiz.read_numbers((1, Fraction(1, 2)), 2) == [1.0, 0.5]
    with pytest.raises(quiz.NotAnAnswer, match="a list of 2 numbers"):
        quiz.read_numbers([1.0, 2.0, 3.0], 2)
    with pytest.raises(NotImplementedError):
        quiz.read_numbers([1.0, None], 2)


@pytest.mark.parametrize("value", [[[1, 2]], ([1, 2],), np.array([[1.0, 2.0]]), [(Fraction(1), np.int64(2))]])
def test_rows_however_written(value):
    """Lists, tuples and arrays of rows."""
    assert quiz.read_rows(value, 2) == [[1.0, 2.0]]


@pytest.mark.parametrize("value", [[], [1, 2], [[1]], [[1, 2, 3]], "[[1, 2]]", 3, [[1, 2]] * 21, np.zeros(2)])
def test_what_are_no_rows(value):
    """None at all, numbers, rows of another length, too many: told what to write."""
    with pytest.raises(quiz.NotAnAnswer, match="write a list of"):
        quiz.read_rows(value, 2)


def test_a_row_comes_with_what_was_written_before():
    """What stands before is None where it is no number yet; the last must be one."""
    assert quiz.read_row([1, None, 3, "x"], 4, 3) == [1.0, None, 3.0]
    assert quiz.read_row(["x", 2], 2, 2) == [None, 2.0]
    with pytest.raises(NotImplementedError):
        quiz.read_row([1, None], 2, 2)
    for value in ([1.0], 2.0, "12"):
        with pytest.raises(quiz.NotAnAnswer, match="a list of 2 numbers"):
            quiz.read_row(value, 2, 1)


@pytest.mark.parametrize("value", [[[1, 2], [3, 4]], ((1, 2.0), (Fraction(3), 4)), np.array([[1, 2], [3, 4]])])
def test_an_array_however_written(value):
    """Lists, tuples, fractions, arrays; a column for a row."""
    np.testing.assert_array_equal(quiz.read_array(value, (2, 2), "W"), [[1.0, 2.0], [3.0, 4.0]])
    np.testing.assert_array_equal(quiz.read_array([[1], [2]], (2,), "w"), [1.0, 2.0])
    assert quiz.read_array(np.array([5]), (), "L") == 5.0


@pytest.mark.parametrize("value", ["ab", [1.0], [1.0, np.nan], [[1.0, 2.0]], [[1], [1, 2]], {1: 2}, [True, 1.0]])
def test_what_is_no_such_array(value):
    """Told with the name of the entry."""
    with pytest.raises(quiz.NotAnAnswer, match="w: .*write"):
        quiz.read_array(value, (2,), "w")
    with pytest.raises(NotImplementedError):
        quiz.read_array([None, value], (2,), "w")


def test_rows_not_written_yet():
    """None stands for a number still to come."""
    for value in (None, [[None, 1]], [None]):
        with pytest.raises(NotImplementedError):
            quiz.read_rows(value, 2)
