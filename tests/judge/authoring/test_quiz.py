"""Questions with one right answer: right answers pass however written, each wrong one gets its own reason."""

from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest

from grader.checks.questions import question, record
from grader.checks.questions.checking import Checks
from grader.checks.quiz.quiz import NotAnAnswer, read_choice, read_number, read_numbers
from grader.judge.authoring.quiz import choice_key, number_key, wrong_answers


@question("test_sign", points=0.5)
def sign(student):
    """The sign of the step."""
    return read_choice(student.sign, "abc")


@question("test_signs", points=0.5)
def signs(student):
    """All signs."""
    return read_choice(student.signs, "abc", several=True)


@question("test_rate", points=0.25)
def rate(student):
    """The rate."""
    return read_number(student.rate)


@question("test_both", points=1)
def both(student):
    """Both rates."""
    return read_numbers(student.both, 2)


choice_key(sign, "b", {"a": "it climbs", "c": "it stays"})
choice_key(signs, {"a", "c"}, {"a": "a is one", "b": "b is none", "c": "c is one"})
number_key(rate, 0.25, {"upside down": 4.0, "no half": 0.5})
number_key(both, [1.0, 2.0], {"swapped": [2.0, 1.0]})
ASKED = [sign, signs, rate, both]
TEXT = record.written({asked.name: asked.key.recorded(np.random.default_rng(0)) for asked in ASKED})


def graded(asked, value):
    """The hint of the grader, "" when the answer is right."""
    verdict = asked.key.judged(asked.ask({asked.name: value}, {}), SimpleNamespace()).verdict
    return "" if verdict.ok else verdict.hint()


def at_home(asked, value):
    """What the notebook says, from the record alone."""
    checks = Checks("")
    checks.module, checks.recorded = SimpleNamespace(**{one.name: one for one in ASKED}), record.read(TEXT)
    return checks.report(asked.name, {asked.name: value}).text()


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        (sign, "b"),
        (sign, " (B) "),
        (signs, {"c", "a"}),
        (signs, "a, C"),
        (rate, 1 / 4),
        (rate, 0.2501),
        (rate, Fraction(1, 4)),
        (rate, Decimal("0.25")),
        (rate, np.array([0.25])),
        (both, (1, 2)),
        (both, np.array([1, 2])),
        (both, [Fraction(1), 2.0]),
    ],
)
def test_right_answers_pass(asked, value):
    """However they are written: at home and when graded."""
    assert graded(asked, value) == ""
    assert at_home(asked, value).startswith("✓ ok")


@pytest.mark.parametrize(
    ("asked", "value", "hint"),
    [
        (sign, "a", "it climbs"),
        (sign, "c", "it stays"),
        (signs, "a", "c is one"),
        (signs, "b", "a is one; b is none; c is one"),
        (signs, "abc", "b is none"),
        (rate, 4, "upside down"),
        (rate, 4.003, "upside down"),
        (rate, 0.251, "almost"),
        (rate, 3, "another number is expected"),
        (both, [2, 1], "swapped"),
        (both, [1, 3], "another number is expected at [1]"),
    ],
)
def test_wrong_answers_are_told_why_and_not_what_is_right(asked, value, hint):
    """The reason of the wrong choice, the slip behind the wrong number: in both places, without the right answer."""
    assert hint in graded(asked, value)
    said = at_home(asked, value)
    assert said.startswith("✗ wrong") and hint in said
    assert "expected  " not in said and "0.25 " not in said.replace("of 0.25 points", "")


@pytest.mark.parametrize(
    ("asked", "value", "hint"),
    [
        (sign, "d", "write one of a, b or c"),
        (sign, 2, "write one of"),
        (sign, len, "write one of"),
        (rate, "0.25", "without quotes"),
        (rate, len, "write a number"),
        (both, 1.0, "a list of 2 numbers"),
    ],
)
def test_what_is_no_answer_is_told_what_to_write(asked, value, hint):
    """The form that is asked for."""
    with pytest.raises(NotAnAnswer, match=hint):
        asked.ask({asked.name: value}, {})
    said = at_home(asked, value)
    assert said.startswith("✗ wrong") and hint in said


def test_no_answer_is_not_written_yet():
    """At home and when graded."""
    assert at_home(sign, None) == "sign: not written yet"
    with pytest.raises(NotImplementedError):
        sign.ask({"sign": None}, {})


def test_nobody_reads_an_answer_by_accident():
    """Neither the right one nor a reason stands in the record."""
    assert not any(words in TEXT for words in ("climbs", "stays", "upside", "swapped", '"b"', "0.25"))


@pytest.mark.parametrize(
    ("declare", "told"),
    [
        (lambda: choice_key(sign, "b", {}), "reason of its own"),
        (lambda: choice_key(sign, "b", {"a": "no", "c": "no"}), "reason of its own"),
        (lambda: choice_key(sign, "b", {"b": "no"}), "the others"),
        (lambda: choice_key(sign, "bc", {"a": "no"}), "one letter"),
        (lambda: choice_key(sign, "b", {"A": "no"}), "small letters"),
        (lambda: choice_key(sign, {"b"}, {"a": "no"}), "left out"),
        (lambda: number_key(sign, 2.0, {"near": 2.001}), "'near' is too near"),
        (lambda: number_key(sign, 2.0, {"long": [3.0, 4.0]}), "too long"),
    ],
)
def test_what_is_declared_badly_is_told_to_its_author(declare, told):
    """With the name of the cell."""
    with pytest.raises(ValueError, match=told) as error:
        declare()
    assert "'test_sign'" in str(error.value)


def test_the_catalogue_follows_from_the_question():
    """Each reason has its wrong answer, and each such answer gets its reason."""
    mistakes = wrong_answers(*ASKED)
    assert [m.name for m in mistakes[:3]] == ["sign_wrong_1", "sign_wrong_2", "sign_in_words"]
    assert sum(m.cell == "signs" for m in mistakes) == 4
    for mistake in mistakes:
        names, asked = {}, next(one for one in ASKED if one.name == mistake.cell)
        exec(mistake.source, names)
        assert mistake.hint in at_home(asked, names[mistake.cell])
