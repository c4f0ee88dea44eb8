"""Mistakes of quiz 2: what each of the usual slips leads to with the numbers of the name in the reference."""

from grader.judge.authoring.personal import wrong_answers

from . import hidden_tests

NAME = "Emmy Noether"
TESTS = [value for value in vars(hidden_tests).values() if hasattr(value, "hidden_test")]

MISTAKES = wrong_answers(NAME, *TESTS)
