"""What the checks of the practical on regression ask, in the notebook and when it is graded."""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from grader.checks.questions import checks_of, question
from grader.checks.quiz.quiz import read_choice, read_number

from .net_questions import *  # noqa: F403  (questions are found by their names here, in their order there)
from .net_questions import own_questions

globals().update(own_questions(__name__))

check = checks_of(__name__)


@question("test_parameters", points=0.5)
def parameters(student):
    """The parameters of a net are counted."""
    return read_number(student.parameters)


@question("test_keep_which", points=0.5)
def keep_which(student):
    """The params to keep after early stopping."""
    return read_choice(student.keep_which, "abcd")
