"""Form, relations, numbers: what is said of an answer first."""

from types import SimpleNamespace

import numpy as np
import pytest

from grader.checks.questions import (
    Right,
    array,
    items,
    number,
    pairs,
    question,
    same,
    truth,
    unchanged,
)
from grader.checks.questions.judging import judge
from grader.checks.questions.plain import opaque
from grader.checks.questions.record import Recorded, read, written

X = np.arange(6.0).reshape(2, 3) + 0.5
CASE = SimpleNamespace(X=X)


def asked(**options):
    @question("test_double", points=1, **options)
    def doubles(student, X):
        """Doubles every entry."""
        return student.double(X)

    return doubles


@pytest.mark.parametrize(
    ("form", "good", "bad", "told"),
    [
        (array(2, 3), X, X.T, "shape (2, 3) is expected, found an array of shape (3, 2)"),
        (array(None, 3), X, X[0], "(any, 3)"),
        (array(2, 3), X, X.tolist(), "a list"),
        (array(2, 3), X, X * np.nan, "NaN"),
        (array(2, 3), X, None, "None"),
        (number(), 2, X, "a single number"),
        (number(), np.float64(2), True, "a single number"),
        (number(), np.array(2.0), float("inf"), "infinity"),
        (truth(), np.True_, 1, "True or False"),
        (items(number(), 2), [1, 2.0], [1, "a"], "entry 2: a single number"),
        (items(number(), 2), (1, 2), [1], "a list of 2"),
        (items(items(number(), each_is="call"), 1, each_is="layer"), [[1]], [["a"]], "layer 1: call 1: a single"),
        (pairs(array(2, 3), None), [X, opaque("Layer")], [X], "2 things"),
    ],
)
def test_forms(form, good, bad, told):
    """What fits has no fault; of what does not it is said what was expected and found."""
    assert form(good) == "" and told in form(bad)


def test_a_form_comes_before_any_relation():
    """Code of an author's never meets what has another form."""
    doubles = asked(form=lambda case: array(*case.X.shape))
    doubles.relation(lambda answer, case: answer.shape == case.X.shape)
    assert judge(doubles, "text", CASE, Right(2 * X, "double")).verdict.code == "form"
    assert judge(doubles, 2 * X, CASE, Right(2 * X, "double")).verdict.ok


def test_one_of_two_parts_is_enough_where_the_number_only_says_whose_answer_it_is():
    """Whatever is wrong with the other. If none is right the first is told; a record keeps both."""
    doubles, right = asked(), Right(2 * X, "double", {"squares": X**2}, either=Right(-X, "minus", also=[X]))
    (kept,) = read(written({"doubles": Recorded(CASE, right, {})})).values()
    for known in (right, kept.right):
        for answer in ([2 * X, None], ["text", -X], [X, X]):
            assert judge(doubles, answer, CASE, known).verdict.ok
        verdict = judge(doubles, [X**2, 0 * X], CASE, known).verdict
        assert not verdict.ok and verdict.what == "double" and verdict.likely == "squares"


def test_of_two_parts_one_that_stopped_is_told_as_the_error_that_it_is():
    """Unless the other is wrong in a way that has a name; no number of the case is repeated in the hint."""
    doubles = asked()
    right = Right(2 * X, "double", either=Right(-X, "minus", {"the sign": X}))
    verdict = judge(doubles, ["ValueError: shapes (2,3) and 0.125", "KeyError: 3"], CASE, right).verdict
    assert verdict.full_code == "exception:ValueError" and "0.125" in verdict.text()
    assert verdict.hint() == "double: stopped with ValueError: shapes (2,3) and #"
    verdict = judge(doubles, ["ValueError: shapes", X], CASE, right).verdict
    assert (verdict.what, verdict.likely) == ("minus", "the sign")


def test_an_argument_that_stayed_as_it_was_is_not_blamed_for_a_wrong_number():
    """What the relation found is said beside it."""
    manners = asked()
    manners.relation(lambda answer, case: unchanged("double: X", answer[1], case.X) or True)
    rights = [Right(2 * X, "double"), None]
    assert judge(manners, [X, X], CASE, rights).verdict.what == "double (unchanged: X)"
    assert judge(manners, [X, -X], CASE, rights).verdict.pattern == "double: X was changed in place: work on a copy"
    assert judge(manners, [2 * X, X], CASE, rights).verdict.ok


def test_relations_come_before_numbers():
    """With the hint that a relation gives, or its docstring."""
    doubles = asked()

    @doubles.relation
    def first(answer, case):
        """something else
        is wrong"""
        return not same(answer, 3 * case.X)

    doubles.relation(lambda answer, case: unchanged("X", case.X, X) or "no relation holds" * same(answer, 4 * case.X))
    right = Right(2 * X, "double", {"squares in place of doubling": X**2})
    assert judge(doubles, 3 * X, CASE, right).verdict.hint() == "Doubles every entry.: something else is wrong"
    assert "no relation" in judge(doubles, 4 * X, CASE, right).verdict.hint()
    assert "squares in place" in judge(doubles, X**2, CASE, right).verdict.hint()
    assert judge(doubles, 2 * X, CASE, right).verdict.ok


def test_a_reading_is_what_is_compared():
    """With a list of right parts each with its own, None for what the key leaves to the relations."""
    doubles = asked()
    doubles.reading(lambda answer, case: [answer.mean(), answer])
    rights = [Right(6.0, "the mean"), None]
    assert judge(doubles, 2 * X, CASE, rights).verdict.ok
    assert judge(doubles, X, CASE, rights).verdict.what == "the mean"
    with pytest.raises(TypeError, match="1 right parts"):
        judge(doubles, X, CASE, [None])


def test_what_follows_from_another_slip_is_accepted():
    """And nothing else is."""
    right = Right([X, 2 * X], "both", also=[[X, X]])
    assert judge(asked(), [X, X], CASE, right).verdict.ok and judge(asked(), [X, 2 * X], CASE, right).verdict.ok
    assert not judge(asked(), [2 * X, X], CASE, right).verdict.ok


def test_single_precision_is_compared_as_such():
    """A float32 result is right to the digits it has, for every draw; what is wrong stays wrong."""
    for seed in range(200):
        A, B = np.random.default_rng(seed).normal(size=(2, 6, 6))
        product = A.astype(np.float32) @ B.astype(np.float32)
        right = Right(A @ B, "the product", also=[A @ B.T])
        assert judge(asked(), product, CASE, right).verdict.ok
        assert not judge(asked(), np.float32(1.001) * product, CASE, right).verdict.ok
        assert judge(asked(), A.astype(np.float32) @ B.T.astype(np.float32), CASE, right).verdict.ok


def test_far_too_much_is_not_looked_at():
    """Neither by form nor by relation."""
    doubles = asked()
    doubles.relation(lambda answer, case: 1 / 0)
    assert judge(doubles, np.zeros((3000, 1000)), CASE, Right(2 * X, "double")).verdict.code == "too_large"


def test_a_record_gives_the_same_verdicts():
    """Of right numbers, named mistakes, other accepted values and what is read off."""
    right = Right(2 * X, "double", {"squares": X**2}, {"n": 2}, {"input": X}, X, 1e-3, 0.1, also=[3 * X])
    found = read(written({"a": Recorded(CASE, right, {}), "b": Recorded(CASE, [right, None], {"f": [([X], 2.0)]})}))
    back = found["a"].right
    assert (back.what, back.rtol, back.atol, dict(back.scales)) == (right.what, right.rtol, right.atol, {"n": 2})
    for answer in (2 * X, X**2, 3 * X, X, None, "a"):
        before, after = (judge(asked(), answer, CASE, one).verdict for one in (right, back))
        assert before == after
    assert found["b"].right[1] is None and found["b"].lent["f"][0][1] == 2.0
