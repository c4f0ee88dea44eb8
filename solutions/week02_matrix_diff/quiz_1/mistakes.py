"""Mistakes of quiz 1: they follow from its questions."""

from week02_matrix_diff import quiz_1_questions as asked

from ..quizzes import mistakes_of
from . import keys  # noqa: F401  (the keys say what is wrong)

MISTAKES = mistakes_of(asked)
