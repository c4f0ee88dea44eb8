"""Hidden tests of quiz 2. The numbers are drawn from the student's name, the answers are worked out in `worked`."""

from functools import partial

from grader.judge.authoring.personal import personal_choice
from week02_matrix_diff import quiz_2_questions as questions

from ..quizzes import numbers as numbers_of
from . import worked

numbers = partial(numbers_of, questions, worked)

gradient = numbers("gradient", "The slope of the loss.")
new_u, new_v = numbers("two_weights", "The new u.", "The new v.")
with_respect_to_w, with_respect_to_v = numbers("chain", "The derivative with respect to w.", "With respect to v.")
dead = personal_choice(
    "test_dead",
    questions.dead,
    points=1,
    right=lambda q: "c",
    reasons=worked.dead_reasons,
    title="What a step changes while the unit is silent.",
)
one_step, limit = numbers("rate", "The rate that arrives in one step.", "The rate from which on it diverges.")
layer_gradient = personal_choice(
    "test_layer_gradient",
    questions.layer_gradient,
    points=1,
    right=worked.layer_right,
    reasons=worked.layer_reasons,
    title="The gradient of a linear layer.",
)
quadratic_1, quadratic_2 = numbers("quadratic_form", "The first component.", "The second component.")
trace_rule = personal_choice(
    "test_trace_rule",
    questions.trace_rule,
    points=1,
    right=lambda q: "left' right'",
    reasons=worked.trace_reasons,
    title="The gradient of a trace.",
)
least_squares_1, least_squares_2 = numbers("least_squares", "The first component.", "The second component.")
