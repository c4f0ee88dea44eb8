"""Keys of quiz 1. The numbers are drawn from the student's name, the answers are worked out in `worked`."""

from grader.judge.authoring.personal import personal_choice
from week02_matrix_diff import quiz_1_questions as asked

from ..quizzes import keys_of_numbers
from . import worked
from .gates import gate_keys
from .pictures import picture_keys

keys_of_numbers(asked, worked)
gate_keys()
picture_keys()
personal_choice(
    asked.formula_the_formula_of_the_network_that_is_drawn,
    right=lambda q: "columns",
    reasons=worked.formula_reasons,
)
