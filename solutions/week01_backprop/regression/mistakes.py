"""Mistakes that students make in the practical on regression, planted one at a time in the reference."""

from grader.judge.authoring.mistakes import Mistake
from grader.judge.authoring.quiz import wrong_answers

from ..training_mistakes import TRAINING_MISTAKES
from .hidden_tests import keep_which, parameters

GRADS = "return [(x.T @ g1, g1.sum(axis=0)), (a1.T @ g2, g2.sum(axis=0)), (a2.T @ g3, g3.sum(axis=0))]"
GRADS_AVERAGED = "return [(x.T @ g1, g1.mean(axis=0)), (a1.T @ g2, g2.mean(axis=0)), (a2.T @ g3, g3.mean(axis=0))]"

TWO_HIDDEN = [
    Mistake(
        "two_hidden_without_slope",
        "hands the error down through the weights alone",
        cell="two_hidden",
        edit=[(" * a2 * (1 - a2)", ""), (" * a1 * (1 - a1)", "")],
        loses={"test_two_hidden": 0.45},
        hint="slope of the sigmoid is missing",
    ),
    Mistake(
        "two_hidden_slope_of_tanh",
        "uses 1 - a^2",
        cell="two_hidden",
        edit=[("a2 * (1 - a2)", "(1 - a2**2)"), ("a1 * (1 - a1)", "(1 - a1**2)")],
        loses={"test_two_hidden": 0.45},
        hint="the slope is that of tanh",
    ),
    Mistake(
        "two_hidden_not_averaged",
        "leaves out the division by the batch size",
        cell="two_hidden",
        edit=[("(a2 @ W3 + b3 - y) / len(y)", "a2 @ W3 + b3 - y")],
        loses={"test_two_hidden": 0.45},
        hint="not averaged over the batch",
    ),
    Mistake(
        "two_hidden_averaged_over_outputs",
        "divides by the number of all entries of y",
        cell="two_hidden",
        edit=[("/ len(y)", "/ y.size")],
        loses={"test_two_hidden": 0.45},
        hint="averaged over the outputs as well",
    ),
    Mistake(
        "two_hidden_factor_two",
        "differentiates the square and forgets the 1/2",
        cell="two_hidden",
        edit=[("g3 = (a2", "g3 = 2 * (a2")],
        loses={"test_two_hidden": 0.45},
        hint="twice too large",
    ),
    Mistake(
        "two_hidden_biases_averaged",
        "averages the gradients of the biases",
        cell="two_hidden",
        edit=[(GRADS, GRADS_AVERAGED)],
        loses={"test_two_hidden": 0.15},
        hint="averaged over the batch once more",
    ),
    Mistake(
        "two_hidden_sigmoid_at_the_output",
        "sends the output through the sigmoid",
        cell="two_hidden",
        edit=[("    return a2 @ W3 + b3\n", "    return sigmoid(a2 @ W3 + b3)\n")],
        loses={"test_two_hidden": 0.3},
        hint="it is to be linear",
    ),
    Mistake(
        "two_hidden_starts_at_zero",
        "starts the weights at zero",
        cell="two_hidden",
        edit=[("rng.normal(scale=n_in**-0.5, size=(n_in, n_out))", "np.zeros((n_in, n_out))")],
        loses={"test_two_hidden": 0.1},
        hint="start at zero",
    ),
    Mistake(
        "two_hidden_steps_in_backward",
        "updates the params, as the layers of homework 1 do",
        cell="two_hidden",
        edit=[
            (
                GRADS,
                GRADS.replace("return", "grads =") + "\n    for (W, b), (dW, db) in zip(params, grads, strict=True):\n"
                "        W -= 0.1 * dW\n        b -= 0.1 * db\n    return grads",
            )
        ],
        loses={"test_two_hidden": 0.05},
        hint="backward: params was changed in place",
    ),
]

N_HIDDEN = [
    Mistake(
        "n_hidden_only_two",
        "still unpacks three layers",
        cell="n_hidden",
        edit=[
            (
                "    *inputs, predicted = layer_outputs(x, params)\n",
                "    (_, _), (_, _), (_, _) = params\n    *inputs, predicted = layer_outputs(x, params)\n",
            ),
            (
                "    return layer_outputs(x, params)[-1]",
                "    (_, _), (_, _), (_, _) = params\n    return layer_outputs(x, params)[-1]",
            ),
        ],
        loses={"test_n_hidden": 0.85},
        hint="unpack",
    ),
    Mistake(
        "n_hidden_without_slope",
        "hands the error down through the weights alone",
        cell="n_hidden",
        edit=[(" * a * (1 - a)", "")],
        loses={"test_n_hidden": 0.45},
        hint="slope of the sigmoid is missing",
    ),
    Mistake(
        "n_hidden_sigmoid_at_the_output",
        "has a sigmoid in every layer",
        cell="n_hidden",
        edit=[("z if k == len(params) else sigmoid(z)", "sigmoid(z)")],
        loses={"test_n_hidden": 0.8},
        hint="it is to be linear",
    ),
    Mistake(
        "n_hidden_needs_a_hidden_layer",
        "computes a first sigmoid layer before the loop",
        cell="n_hidden",
        edit=[
            ("outputs = [x]\n", "outputs = [x, sigmoid(x @ params[0][0] + params[0][1])]\n"),
            ("enumerate(params, start=1)", "enumerate(params[1:], start=2)"),
        ],
        loses={"test_n_hidden": 0.1},
        hint="sizes [4, 3]",
    ),
    Mistake(
        "n_hidden_last_layer_first",
        "collects the gradients on the way back and does not turn the list round",
        cell="n_hidden",
        edit=[("grads.insert(0, (", "grads.append((")],
        loses={"test_n_hidden": 0.45},
        hint="from the last to the first",
    ),
    Mistake(
        "n_hidden_biases_as_rows",
        "keeps the gradients of the biases as arrays [1, out]",
        cell="n_hidden",
        edit=[("grad.sum(axis=0)", "grad.sum(axis=0, keepdims=True)")],
        loses={"test_n_hidden": 0.25},
        hint="an array of shape",
    ),
    Mistake(
        "n_hidden_every_layer_alike",
        "draws all units of a layer equal",
        cell="n_hidden",
        edit=[("size=(n_in, n_out)), np", "size=(n_in, 1)) * np.ones(n_out), np")],
        loses={"test_n_hidden": 0.05},
        hint="stay alike",
    ),
]

MISTAKES = [*TWO_HIDDEN, *N_HIDDEN, *TRAINING_MISTAKES, *wrong_answers(parameters, keep_which)]
