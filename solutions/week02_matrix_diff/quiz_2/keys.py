"""Keys of quiz 2. The numbers are drawn from the student's name, the answers are worked out in `worked`."""

from grader.judge.authoring.personal import personal_choice
from week02_matrix_diff import quiz_2_questions as asked

from ..quizzes import keys_of_numbers
from . import worked

keys_of_numbers(asked, worked)
personal_choice(
    asked.dead_what_a_step_changes_while_the_unit_is_silent,
    right=lambda q: "c",
    reasons=worked.dead_reasons,
)
personal_choice(
    asked.layer_gradient_the_gradient_of_a_linear_layer,
    right=worked.layer_right,
    reasons=worked.layer_reasons,
)
personal_choice(
    asked.trace_rule_the_gradient_of_a_trace,
    right=lambda q: "left' right'",
    reasons=worked.trace_reasons,
)
