"""Questions declared in one call: right answers pass however written, each wrong one gets its own reason."""

import socket
import threading

import numpy as np
import pytest

from grader.judge.authoring.quiz import choice_question, number_question, wrong_answers
from grader.judge.authoring.verdicts import NotDefined, NotWritten, Wrong
from grader.judge.standin import Connection, Student
from grader.sandbox.inside.helper import Responder
from grader.sandbox.protocol.channel import Frames

REASONS = {"a": "it climbs", "c": "it stays"}
ONE = choice_question("test_sign", points=0.5, right="b", reasons=REASONS)
SOME = choice_question(
    "test_signs", points=0.5, right={"a", "c"}, reasons={"a": "a is one", "b": "b is none", "c": "c is one"}
)
RATE = number_question("test_rate", points=0.25, right=0.25, mistakes={"upside down": 4.0, "no half": 0.5})
PAIR = number_question("test_pair", points=1, right=[1.0, 2.0], mistakes={"swapped": [2.0, 1.0]}, variable="both")


def ask(question, code):
    """Ask the question of a namespace made by this code, over the same channel as in grading."""
    namespace = {}
    exec(code, namespace)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        threading.Thread(target=Responder(Frames(theirs), namespace).answer_all, daemon=True).start()
        connection = Connection(Frames(ours))
        connection.start(10)
        return question(Student(connection), np.random.default_rng(0))


@pytest.mark.parametrize(
    ("question", "code"),
    [
        (ONE, "sign = 'b'"),
        (ONE, "sign = ' (B) '"),
        (SOME, "signs = {'c', 'a'}"),
        (SOME, "signs = 'a, C'"),
        (RATE, "rate = 1 / 4"),
        (RATE, "rate = 0.2501"),
        (RATE, "from fractions import Fraction; rate = Fraction(1, 4)"),
        (RATE, "from decimal import Decimal; rate = Decimal('0.25')"),
        (RATE, "import numpy as np; rate = np.array([0.25])"),
        (PAIR, "both = (1, 2)"),
        (PAIR, "import numpy as np; both = np.array([1, 2])"),
        (PAIR, "from fractions import Fraction; both = [Fraction(1), 2.0]"),
    ],
)
def test_right_answers_pass(question, code):
    """However they are written: nothing is raised, and there is nothing to say."""
    assert ask(question, code) is None


@pytest.mark.parametrize(
    ("question", "code", "hint"),
    [
        (ONE, "sign = 'a'", "sign = 'a': it climbs"),
        (ONE, "sign = 'c'", "sign = 'c': it stays"),
        (ONE, "sign = 'd'", "write one of a, b or c"),
        (ONE, "sign = 2", "write one of"),
        (ONE, "sign = len", "no answer"),
        (SOME, "signs = 'a'", "c is one"),
        (SOME, "signs = 'b'", "a is one; b is none; c is one"),
        (SOME, "signs = 'abc'", "b is none"),
        (RATE, "rate = 4", "likely upside down"),
        (RATE, "rate = 4.003", "likely upside down"),
        (RATE, "rate = 0.251", "almost"),
        (RATE, "rate = 3", "another number"),
        (RATE, "rate = '0.25'", "without quotes"),
        (RATE, "rate = lambda: 0.25", "no answer"),
        (RATE, "class Odd:\n def as_integer_ratio(self): return 1, 0\nrate = Odd()", "no answer"),
        (PAIR, "both = [2, 1]", "likely swapped"),
        (PAIR, "both = 1.0", "a list of 2 numbers"),
        (PAIR, "both = [1, 3]", "other numbers"),
    ],
)
def test_wrong_answers_are_told_why(question, code, hint):
    """The reason of the wrong choice; the slip behind the wrong number; the form that is asked for."""
    with pytest.raises(Wrong, match=hint.replace("(", r"\(")):
        ask(question, code)


def test_no_answer():
    """None is not written yet; a variable that is gone is not defined."""
    with pytest.raises(NotWritten):
        ask(ONE, "sign = None")
    with pytest.raises(NotDefined):
        ask(ONE, "")


@pytest.mark.parametrize(
    ("declare", "told"),
    [
        (lambda: choice_question("test_q", points=1, right="b", reasons={}), "reason of its own"),
        (lambda: choice_question("test_q", points=1, right="b", reasons={"a": "no", "c": "no"}), "reason of its own"),
        (lambda: choice_question("test_q", points=1, right="b", reasons={"b": "no"}), "the others"),
        (lambda: choice_question("test_q", points=1, right="bc", reasons={"a": "no"}), "one letter"),
        (lambda: choice_question("test_q", points=1, right="b", reasons={"A": "no"}), "small letters"),
        (lambda: choice_question("test_q", points=1, right={"b"}, reasons={"a": "no"}), "left out"),
        (lambda: number_question("test_q", points=1, right=2.0, mistakes={"near": 2.001}), "'near' is too near"),
        (lambda: number_question("test_q", points=1, right=2.0, mistakes={"long": [3.0, 4.0]}), "too long"),
    ],
)
def test_what_is_declared_badly_is_told_to_its_author(declare, told):
    """With the name of the cell."""
    with pytest.raises(ValueError, match=told) as error:
        declare()
    assert "'test_q'" in str(error.value)


def test_the_catalogue_follows_from_the_question():
    """Each reason has its wrong answer, and each such answer gets its reason."""
    mistakes = wrong_answers(ONE, SOME, RATE, PAIR)
    assert [m.name for m in mistakes[:3]] == ["sign_wrong_1", "sign_wrong_2", "sign_in_words"]
    questions = {q.question.cell: q for q in (ONE, SOME, RATE, PAIR)}
    for mistake in mistakes:
        (cell,) = mistake.loses
        with pytest.raises(Wrong, match=mistake.hint):
            ask(questions[cell], mistake.source)
