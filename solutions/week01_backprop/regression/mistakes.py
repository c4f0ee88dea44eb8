"""Mistakes that students make in the practical on regression, planted one at a time in the reference."""

from functools import partial

from grader.judge.authoring.mistakes import planted
from grader.judge.authoring.quiz import wrong_answers

from ..practical_mistakes import PRACTICAL_MISTAKES
from .keys import asked

GRADS = "return [(x.T @ g1, g1.sum(axis=0)), (a1.T @ g2, g2.sum(axis=0)), (a2.T @ g3, g3.sum(axis=0))]"
GRADS_AVERAGED = "return [(x.T @ g1, g1.mean(axis=0)), (a1.T @ g2, g2.mean(axis=0)), (a2.T @ g3, g3.mean(axis=0))]"

two_hidden = partial(planted, "two_hidden")
TWO_HIDDEN = [
    two_hidden("two_hidden_without_slope", "hands the error down through the weights alone", 0.45,
        "slope of the sigmoid is missing", (" * a2 * (1 - a2)", ""), (" * a1 * (1 - a1)", "")),
    two_hidden("two_hidden_slope_of_tanh", "uses 1 - a^2", 0.45, "the slope is that of tanh",
        ("a2 * (1 - a2)", "(1 - a2**2)"), ("a1 * (1 - a1)", "(1 - a1**2)")),
    two_hidden("two_hidden_not_averaged", "leaves out the division by the batch size", 0.45,
        "not averaged over the batch", ("(a2 @ W3 + b3 - y) / len(y)", "a2 @ W3 + b3 - y")),
    two_hidden("two_hidden_averaged_over_outputs", "divides by the number of all entries of y", 0.45,
        "averaged over the outputs as well", ("/ len(y)", "/ y.size")),
    two_hidden("two_hidden_factor_two", "differentiates the square and forgets the 1/2", 0.45, "twice too large",
        ("g3 = (a2", "g3 = 2 * (a2")),
    two_hidden("two_hidden_biases_averaged", "averages the gradients of the biases", 0.15,
        "averaged over the batch once more", (GRADS, GRADS_AVERAGED)),
    two_hidden("two_hidden_sigmoid_at_the_output", "sends the output through the sigmoid", 0.3, "it is to be linear",
        ("    return a2 @ W3 + b3\n", "    return sigmoid(a2 @ W3 + b3)\n")),
    two_hidden("two_hidden_steps_in_backward", "updates the params, as the layers of homework 1 do", 0.05,
        "backward: params was changed in place",
        (GRADS,
         GRADS.replace("return", "grads =") + "\n    for (W, b), (dW, db) in zip(params, grads, strict=True):\n"
         "        W -= 0.1 * dW\n        b -= 0.1 * db\n    return grads")),
]

n_hidden = partial(planted, "n_hidden")
N_HIDDEN = [
    n_hidden("n_hidden_only_two", "still unpacks three layers", 0.85, "unpack",
        ("    *inputs, predicted = layer_outputs(x, params)\n",
         "    (_, _), (_, _), (_, _) = params\n    *inputs, predicted = layer_outputs(x, params)\n"),
        ("    return layer_outputs(x, params)[-1]",
         "    (_, _), (_, _), (_, _) = params\n    return layer_outputs(x, params)[-1]")),
    n_hidden("n_hidden_without_slope", "hands the error down through the weights alone", 0.45,
        "slope of the sigmoid is missing", (" * a * (1 - a)", "")),
    n_hidden("n_hidden_sigmoid_at_the_output", "has a sigmoid in every layer", 0.8, "it is to be linear",
        ("z if k == len(params) else sigmoid(z)", "sigmoid(z)")),
    n_hidden("n_hidden_needs_a_hidden_layer", "computes a first sigmoid layer before the loop", 0.1, "sizes [4, 3]",
        ("outputs = [x]\n", "outputs = [x, sigmoid(x @ params[0][0] + params[0][1])]\n"),
        ("enumerate(params, start=1)", "enumerate(params[1:], start=2)")),
    n_hidden("n_hidden_biases_as_rows", "keeps the gradients of the biases as arrays [1, out]", 0.25,
        "an array of shape", ("grad.sum(axis=0)", "grad.sum(axis=0, keepdims=True)")),
    n_hidden("n_hidden_every_layer_alike", "draws all units of a layer equal", 0.05, "stay alike",
        ("size=(n_in, n_out)), np", "size=(n_in, 1)) * np.ones(n_out), np")),
]

MISTAKES = [*TWO_HIDDEN, *N_HIDDEN, *PRACTICAL_MISTAKES, *wrong_answers(asked.parameters, asked.keep_which)]
