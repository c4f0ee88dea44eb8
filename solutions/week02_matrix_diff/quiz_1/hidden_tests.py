"""Hidden tests of quiz 1. The numbers are drawn from the student's name, the answers are worked out in `worked`."""

from grader.judge.authoring.personal import personal_choice, personal_numbers
from week02_matrix_diff import quiz_1_questions as questions

from . import worked
from .gates import gate_test
from .pictures import draws_the_picture, smallest_net  # noqa: F401  (hidden tests are found by their names here)

at_a, at_b = personal_numbers(
    "test_neuron",
    questions.neuron,
    points=1,
    right=worked.neuron,
    mistakes=worked.neuron_slips,
    titles=("The output at A.", "The output at B."),
)
parameters = personal_numbers(
    "test_parameters",
    questions.parameters,
    points=1,
    right=worked.parameters,
    mistakes=worked.parameters_slips,
    titles=("The number of parameters.",),
)
formula = personal_choice(
    "test_formula",
    questions.formula,
    points=1,
    right=lambda q: "columns",
    reasons=worked.formula_reasons,
    title="The formula of the network that is drawn.",
)
slope, intercept = personal_numbers(
    "test_linear_net",
    questions.linear_net,
    points=1,
    right=worked.linear_net,
    mistakes=worked.linear_net_slips,
    titles=("The slope k.", "The intercept m."),
)
relu_net = personal_numbers(
    "test_relu_net",
    questions.relu_net,
    points=1,
    right=worked.relu_net,
    mistakes=worked.relu_net_slips,
    titles=("The output of the network.",),
)
left_kink, right_kink = personal_numbers(
    "test_kinks",
    questions.kinks,
    points=0.4,
    right=worked.kinks,
    mistakes=worked.kinks_slips,
    titles=("The left kink.", "The right kink."),
)
left_slope, middle_slope, right_slope = personal_numbers(
    "test_kinks",
    questions.kinks,
    points=0.6,
    right=worked.slopes,
    mistakes=worked.slopes_slips,
    titles=("The slope on the left.", "The slope between the kinks.", "The slope on the right."),
    variable="slopes",
)
gate_and, gate_or, gate_copy = (
    gate_test(place, title)
    for place, title in enumerate(("The bias of AND.", "The bias of OR.", "The bias of the copy."))
)
panel_a, panel_b, panel_c, panel_d = personal_numbers(
    "test_regions",
    questions.regions,
    points=1,
    right=worked.regions,
    mistakes=worked.regions_slips,
    titles=tuple(f"Picture {letter}." for letter in "ABCD"),
)
