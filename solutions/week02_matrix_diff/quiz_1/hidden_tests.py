"""Hidden tests of quiz 1. The numbers are drawn from the student's name, the answers are worked out in `worked`."""

from functools import partial

from grader.judge.authoring.personal import personal_choice
from week02_matrix_diff import quiz_1_questions as questions

from ..quizzes import numbers as numbers_of
from . import worked
from .gates import gate_test
from .pictures import draws_the_picture, smallest_net  # noqa: F401  (hidden tests are found by their names here)

numbers = partial(numbers_of, questions, worked)

at_a, at_b = numbers("neuron", "The output at A.", "The output at B.")
parameters = numbers("parameters", "The number of parameters.")
formula = personal_choice(
    "test_formula",
    questions.formula,
    points=1,
    right=lambda q: "columns",
    reasons=worked.formula_reasons,
    title="The formula of the network that is drawn.",
)
slope, intercept = numbers("linear_net", "The slope k.", "The intercept m.")
relu_net = numbers("relu_net", "The output of the network.")
left_kink, right_kink = numbers("kinks", "The left kink.", "The right kink.", points=0.4)
left_slope, middle_slope, right_slope = numbers(
    "kinks",
    "The slope on the left.",
    "The slope between the kinks.",
    "The slope on the right.",
    points=0.6,
    variable="slopes",
)
gate_and, gate_or, gate_copy = (
    gate_test(place, title)
    for place, title in enumerate(("The bias of AND.", "The bias of OR.", "The bias of the copy."))
)
panel_a, panel_b, panel_c, panel_d = numbers("regions", *(f"Picture {letter}." for letter in "ABCD"))
