"""What the checks of the practical on classification ask, in the notebook and when it is graded."""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from grader.checks.questions import checks_of, question
from grader.checks.quiz.quiz import read_choice, read_number

from .net_questions import *  # noqa: F403  (questions are found by their names here, in their order there)
from .net_questions import own_questions

globals().update(own_questions(__name__))

check = checks_of(__name__)


@question("test_first_loss", points=0.5)
def first_loss(student):
    """The first cross-entropy of a classifier."""
    return read_number(student.first_loss)


@question("test_keeps", points=0.5)
def keeps(student):
    """What can stay when a regression becomes a classification."""
    return read_choice(student.keeps, "abcde", several=True)
