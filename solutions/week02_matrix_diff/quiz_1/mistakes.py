"""Mistakes of quiz 1: they follow from its questions."""

from ..quizzes import mistakes_of
from . import hidden_tests

MISTAKES = mistakes_of(hidden_tests)
