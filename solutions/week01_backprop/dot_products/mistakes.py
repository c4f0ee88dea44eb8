"""Wrong answers in the primer: they follow from its questions."""

from grader.checks.questions.question import questions_of
from grader.judge.authoring.quiz import wrong_answers

from .keys import dot_products_questions as asked

MISTAKES = wrong_answers(*questions_of(asked))
