"""Questions with one right answer, declared in one call: hidden tests of quiz cells.

    steepest = choice_question(
        "test_steepest", points=0.5, right="b",
        reasons={"a": "this is where the curve is highest", "c": "this is where the curve is flat"},
    )
    rate = number_question("test_rate", points=0.5, right=0.25, mistakes={"upside down: one over it": 4.0})

    MISTAKES = wrong_answers(steepest, rate)    # in mistakes.py: every wrong answer that has a reason

What a call returns must be given a name in ``hidden_tests.py``: that is how the tests of a notebook are found. The
answer stands in a variable called like the solution cell (``test_steepest`` asks for ``steepest``), unless
``variable`` names another. One question a cell.
"""

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, cast

import numpy as np
from numpy.typing import ArrayLike

from grader.checks.quiz.quiz import NotAnAnswer, read_choice, read_number, read_numbers
from grader.judge.authoring.mistakes import Mistake, planted
from grader.judge.authoring.verdicts import NotWritten, StudentError, Wrong
from grader.judge.hidden import hidden_test
from grader.judge.standin import Standin, Student

ALMOST = 30  # so many tolerances away is a matter of digits
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class QuizQuestion:
    """What was declared: ``wrong`` maps the reason against a wrong answer to that answer as a student writes it."""

    cell: str
    variable: str
    points: float
    wrong: dict[str, Any]


class QuestionTest(Protocol):
    """A hidden test that says what was declared."""

    __name__: str
    question: QuizQuestion

    def __call__(self, student: Student, rng: np.random.Generator) -> None: ...


def choice_question(
    cell: str,
    *,
    points: float,
    right: str | Set[str],
    reasons: Mapping[str, str],
    variable: str | None = None,
    title: str | None = None,
) -> QuestionTest:
    """A hidden test of the test cell ``cell``: its variable must choose ``right``.

    right    a letter; or a set of letters where several are right and all of them must be chosen
    reasons  {letter: why not}; where several are right, for every letter: why not to choose it, or to leave it out
    title    what the student reads as the name of the question
    """
    several = isinstance(right, (set, frozenset))
    options = "".join(sorted(set(reasons) | set(right)))
    _declared_well(cell, right, reasons, several)

    def read(value: object) -> str:
        return read_choice(value, options, several)

    def judge(chosen: str, variable: str) -> None:
        against = [
            reasons[letter] for letter in options if (letter in chosen) != (letter in right) and letter in reasons
        ]
        if against:
            raise Wrong(f"{variable} = {chosen!r}: {'; '.join(against)}", f"choice:{chosen}")

    wrong = {reason: _flipped(right, letter) if several else letter for letter, reason in reasons.items()}
    wrong = {reason: letters for reason, letters in wrong.items() if letters}
    return _question(cell, points, variable, title, read, judge, wrong)


def number_question(
    cell: str,
    *,
    points: float,
    right: ArrayLike,
    rtol: float = 1e-3,
    atol: float = 1e-9,
    mistakes: Mapping[str, ArrayLike] | None = None,
    variable: str | None = None,
    title: str | None = None,
) -> QuestionTest:
    """A hidden test of the test cell ``cell``: its variable must hold ``right``, a number or a list of numbers.

    An answer is right within ``atol + rtol * |right|``; the question must say how many digits it wants. ``mistakes``
    maps a reason to the wrong number (or list) that it leads to.
    """
    wanted, mistakes = np.asarray(right, dtype=float), dict(mistakes or {})
    within = atol + rtol * np.abs(wanted)
    for reason, wrong in mistakes.items():
        if np.shape(wrong) != wanted.shape or np.all(np.abs(np.asarray(wrong) - wanted) <= 2 * within):
            raise ValueError(
                f"number_question {cell!r}: the mistake {reason!r} is too near the right answer, or too long"
            )

    def read(value: object) -> float | list[float]:
        return read_numbers(value, wanted.size) if wanted.ndim else read_number(value)

    def judge(found: ArrayLike, variable: str) -> None:
        if np.all(np.abs(found - wanted) <= within):
            return
        for reason, wrong in mistakes.items():
            if np.all(np.abs(np.asarray(wrong) - found) <= atol + rtol * np.abs(wrong)):
                raise Wrong(f"{variable}: likely {reason}", "named")
        if np.all(np.abs(found - wanted) <= ALMOST * within):
            raise Wrong(f"{variable}: almost; more digits have to be right, so round at the end only", "rounding")
        raise Wrong(f"{variable}: {'other numbers are' if wanted.ndim else 'another number is'} expected", "differs")

    answers = {reason: np.asarray(value, dtype=float).tolist() for reason, value in mistakes.items()}
    return _question(cell, points, variable, title, read, judge, answers)


def wrong_answers(*questions: QuestionTest) -> list[Mistake]:
    """A ``Mistake`` for every wrong answer that has a reason, and one for an answer that cannot be read."""
    return [mistake for question in questions for mistake in _wrong_answers(question.question)]


def _wrong_answers(question: QuizQuestion) -> Iterator[Mistake]:
    cell, variable, loses = question.cell.removeprefix("test_"), question.variable, {question.cell: question.points}
    answers = [(f"wrong_{number}", wrong, reason) for number, (reason, wrong) in enumerate(question.wrong.items(), 1)]
    for name, answer, hint in [*answers, ("in_words", "I would say so", "write")]:
        yield planted(cell, f"{variable}_{name}", f"answers {answer!r}", loses, hint, f"{variable} = {answer!r}")


def _question(
    cell: str,
    points: float,
    variable: str | None,
    title: str | None,
    read: Callable[[object], Answer],
    judge: Callable[[Answer, str], None],
    wrong: dict[str, Any],
) -> QuestionTest:
    variable = variable or cell.removeprefix("test_")

    def answer(student: Student, rng: np.random.Generator) -> None:
        value = getattr(student, variable)
        try:
            judge(read(by_value(value)), variable)
        except NotImplementedError:
            raise NotWritten("not written yet", "NotImplementedError") from None
        except NotAnAnswer as error:
            raise Wrong(f"{variable}: {error}", "type") from None

    test = cast(QuestionTest, answer)
    test.__name__ = variable
    test.__doc__ = title or f"The question {variable}."
    test.question = QuizQuestion(cell, variable, float(points), wrong)
    return hidden_test(cell, points=points)(test)


def _declared_well(cell: str, right: str | Set[str], reasons: Mapping[str, str], several: bool) -> None:
    """Errors: ``ValueError`` for a question that no answer, or no wrong answer, could be judged by."""
    letters = [*right, *reasons]
    if not right or any(
        not isinstance(letter, str) or len(letter) != 1 or letter != letter.lower() for letter in letters
    ):
        raise ValueError(f"choice_question {cell!r}: choices are single small letters")
    if several and not set(right) <= set(reasons):
        raise ValueError(f"choice_question {cell!r}: say for every right letter why it may not be left out")
    if not several and (len(right) != 1 or right in reasons):
        raise ValueError(f"choice_question {cell!r}: right is one letter, and reasons are for the others")
    if not reasons or len(set(reasons.values())) != len(reasons) or not all(reasons.values()):
        raise ValueError(f"choice_question {cell!r}: every wrong choice needs a reason of its own")


def _flipped(right: str | Set[str], letter: str) -> str:
    """The right letters with a single error in them."""
    return "".join(sorted(set(right) ^ {letter}))


def by_value(value: object) -> object:
    """Fractions and decimals live in the sandbox: fetch them as numbers."""
    if isinstance(value, (list, tuple)):
        return [by_value(part) for part in value]
    if not isinstance(value, Standin):
        return value
    try:
        above, below = value.as_integer_ratio()
        if type(above) is not int or type(below) is not int:
            raise TypeError
        return above / below
    except (StudentError, TypeError, ValueError, ArithmeticError):
        raise NotAnAnswer("found an object that is no answer; write it out") from None
