"""Keys of questions with one right answer: a letter, several, or numbers that the question itself decides.

    # week01_backprop/primer_questions.py
    @question("test_steepest", points=0.5)
    def steepest(student):
        \"\"\"Where the curve is steepest.\"\"\"
        return read_choice(student.steepest, "abc")

    # solutions/week01_backprop/primer/keys.py
    choice_key(asked.steepest, "b", {"a": "this is where the curve is highest", "c": "this is where it is flat"})
    number_key(asked.rate, 0.25, {"upside down: one over it": 4.0})

    MISTAKES = wrong_answers(asked.steepest, asked.rate)    # in mistakes.py: every wrong answer that has a reason

The answer stands in a variable called like the solution cell (``test_steepest`` asks for ``steepest``).
"""

from collections.abc import Iterator, Mapping, Set
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from grader.checks.questions.question import Question
from grader.checks.questions.right import Right
from grader.judge.authoring.keys import Case, Key, Rights
from grader.judge.authoring.mistakes import Mistake, planted


def answer_key(asked: Question, right: Rights) -> None:
    """The key of a question without a case whose answer is ``right``."""

    asked.key = Key(asked, draw=lambda rng: Case(), right=lambda case: right)


def choice_key(asked: Question, right: str | Set[str], reasons: Mapping[str, str]) -> None:
    """The key of a question that returns what ``read_choice`` gives.

    right    a letter; or a set of letters where several are right and all of them must be chosen
    reasons  {letter: why not}; where several are right, for every letter: why not to choose it, or to leave it out
    """
    _declared_well(asked.cell, right, reasons)
    wrong = {reason: letter for letter, reason in reasons.items()}
    if not isinstance(right, str):
        flips = [flipped for count in range(1, len(reasons) + 1) for flipped in combinations(sorted(reasons), count)]
        wrong = {"; ".join(map(reasons.__getitem__, some)): "".join(sorted(right ^ set(some))) for some in flips}
    mistakes = {reason: letters for reason, letters in wrong.items() if letters}
    answer_key(asked, Right("".join(sorted(right)), variable(asked), mistakes, hidden=True))


def number_key(
    asked: Question,
    right: ArrayLike,
    mistakes: Mapping[str, ArrayLike],
    *,
    rtol: float = 1e-3,
    atol: float = 1e-9,
) -> None:
    """The key of a question that returns a number, or a list of numbers.

    An answer is right within ``atol + rtol * |right|``; the question must say how many digits it wants. ``mistakes``
    maps a reason to the wrong number (or list) that it leads to.
    """
    wanted = np.asarray(right, dtype=float)
    within = atol + rtol * np.abs(wanted)
    for reason, wrong in mistakes.items():
        if np.shape(wrong) != wanted.shape or np.all(np.abs(np.asarray(wrong) - wanted) <= 2 * within):
            raise ValueError(f"{asked.cell!r}: the mistake {reason!r} is too near the right answer, or too long")
    answer_key(asked, Right(right, variable(asked), mistakes, rtol=rtol, atol=atol, hidden=True))


def variable(asked: Question) -> str:
    """The name under which a student writes the answer."""
    return asked.cell.removeprefix("test_")


def wrong_answers(*questions: Question) -> list[Mistake]:
    """A ``Mistake`` for every wrong answer that has a reason, and one for an answer that cannot be read."""
    return [mistake for question in questions for mistake in _wrong_answers(question)]


def _wrong_answers(asked: Question) -> Iterator[Mistake]:
    right, name = asked.key.right(Case()), variable(asked)
    wrong = dict(right.mistakes)
    if isinstance(right.value, str):  # of several letters, one wrong at a time
        fewest = min(len(set(letters) ^ set(right.value)) for letters in wrong.values())
        wrong = {text: letters for text, letters in wrong.items() if len(set(letters) ^ set(right.value)) == fewest}
    answers: list[tuple[str, Any, str]] = [
        (f"wrong_{number}", np.asarray(answer).tolist(), reason)
        for number, (reason, answer) in enumerate(wrong.items(), 1)
    ]
    for which, answer, hint in [*answers, ("in_words", "I would say so", "write")]:
        loses = {asked.cell: asked.points}
        yield planted(name, f"{name}_{which}", f"answers {answer!r}", loses, hint, f"{name} = {answer!r}")


def _declared_well(cell: str, right: str | Set[str], reasons: Mapping[str, str]) -> None:
    """Errors: ``ValueError`` for a question that no answer, or no wrong answer, could be judged by."""
    letters = [*right, *reasons]
    if not right or any(
        not isinstance(letter, str) or len(letter) != 1 or letter != letter.lower() for letter in letters
    ):
        raise ValueError(f"{cell!r}: choices are single small letters")
    if not isinstance(right, str) and not set(right) <= set(reasons):
        raise ValueError(f"{cell!r}: say for every right letter why it may not be left out")
    if isinstance(right, str) and (len(right) != 1 or right in reasons):
        raise ValueError(f"{cell!r}: right is one letter, and reasons are for the others")
    if not reasons or len(set(reasons.values())) != len(reasons) or not all(reasons.values()):
        raise ValueError(f"{cell!r}: every wrong choice needs a reason of its own")
