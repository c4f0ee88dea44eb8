"""Wrong answers in the primer: they follow from its questions."""

from grader.judge.authoring.quiz import wrong_answers

from .hidden_tests import QUESTIONS

MISTAKES = wrong_answers(*QUESTIONS)
