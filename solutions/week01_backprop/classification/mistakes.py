"""Mistakes that students make in the practical on classification, planted one at a time in the reference."""

from grader.judge.authoring.mistakes import Mistake
from grader.judge.authoring.quiz import wrong_answers

from ..training_mistakes import TRAINING_MISTAKES
from .hidden_tests import first_loss, keeps

ERROR = "g3 = (softmax(a2 @ W3 + b3) - truth) / len(y)"

TWO_HIDDEN = [
    Mistake(
        "two_hidden_returns_logits",
        "forgets the softmax",
        cell="two_hidden",
        edit=[("    return softmax(a2 @ W3 + b3)\n", "    return a2 @ W3 + b3\n")],
        loses={"test_two_hidden": 0.3},
        hint="these are the logits",
    ),
    Mistake(
        "two_hidden_sigmoid_units",
        "keeps the sigmoid of the regression going forward",
        cell="two_hidden",
        edit=[
            (
                "    a2 = np.tanh(a1 @ W2 + b2)\n    return",
                "    a1, a2 = (a1 + 1) / 2, np.tanh(a1 @ W2 + b2)\n    return",
            ),
            (
                "    a1 = np.tanh(x @ W1 + b1)\n    a1, a2 = (a1 + 1) / 2, np.tanh(a1 @ W2 + b2)",
                "    a1 = 1 / (1 + np.exp(-(x @ W1 + b1)))\n    a2 = 1 / (1 + np.exp(-(a1 @ W2 + b2)))",
            ),
        ],
        loses={"test_two_hidden": 0.3},
        hint="a sigmoid in place of tanh",
    ),
    Mistake(
        "two_hidden_without_slope",
        "hands the error down through the weights alone",
        cell="two_hidden",
        edit=[(" * (1 - a2**2)", ""), (" * (1 - a1**2)", "")],
        loses={"test_two_hidden": 0.45},
        hint="slope of tanh is missing",
    ),
    Mistake(
        "two_hidden_slope_of_the_sigmoid",
        "keeps a (1 - a) from the regression",
        cell="two_hidden",
        edit=[("(1 - a2**2)", "a2 * (1 - a2)"), ("(1 - a1**2)", "a1 * (1 - a1)")],
        loses={"test_two_hidden": 0.45},
        hint="the slope is that of the sigmoid",
    ),
    Mistake(
        "two_hidden_without_the_truth",
        "does not take 1 off the true class",
        cell="two_hidden",
        edit=[(" - truth) / len(y)", ") / len(y)")],
        loses={"test_two_hidden": 0.45},
        hint="true class is not taken off",
    ),
    Mistake(
        "two_hidden_not_averaged",
        "leaves out the division by the batch size",
        cell="two_hidden",
        edit=[(" - truth) / len(y)", " - truth)")],
        loses={"test_two_hidden": 0.45},
        hint="not averaged over the batch",
    ),
    Mistake(
        "two_hidden_slope_of_the_softmax_again",
        "multiplies by p (1 - p), which the logarithm has taken away",
        cell="two_hidden",
        edit=[(ERROR, f"p = softmax(a2 @ W3 + b3)\n    {ERROR} * p * (1 - p)")],
        loses={"test_two_hidden": 0.45},
        hint="slope of the softmax again",
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
        "two_hidden_random_biases",
        "draws the biases as well",
        cell="two_hidden",
        edit=[("np.zeros(n_out)", "rng.normal(size=n_out)")],
        loses={"test_two_hidden": 0.1},
        hint="biases are to start at zero",
    ),
]

N_HIDDEN = [
    Mistake(
        "n_hidden_without_slope",
        "hands the error down through the weights alone",
        cell="n_hidden",
        edit=[(" * (1 - a**2)", "")],
        loses={"test_n_hidden": 0.45},
        hint="slope of tanh is missing",
    ),
    Mistake(
        "n_hidden_tanh_twice",
        "applies tanh to the activations in the slope",
        cell="n_hidden",
        edit=[("(1 - a**2)", "(1 - np.tanh(a) ** 2)")],
        loses={"test_n_hidden": 0.45},
        hint="applied a second time",
    ),
    Mistake(
        "n_hidden_tanh_before_the_softmax",
        "has a tanh in every layer, and the softmax after the last",
        cell="n_hidden",
        edit=[("softmax(z) if", "softmax(np.tanh(z)) if")],
        loses={"test_n_hidden": 0.8},
        hint="tanh before the softmax",
    ),
    Mistake(
        "n_hidden_needs_a_hidden_layer",
        "computes a first tanh layer before the loop",
        cell="n_hidden",
        edit=[
            ("outputs = [x]\n", "outputs = [x, np.tanh(x @ params[0][0] + params[0][1])]\n"),
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
        "n_hidden_true_class_only",
        "sets the gradient of all other classes to zero",
        cell="n_hidden",
        edit=[("(p - truth) / len(y)", "(p - truth) * truth / len(y)")],
        loses={"test_n_hidden": 0.55},
        hint="only the true class",
    ),
]

MISTAKES = [*TWO_HIDDEN, *N_HIDDEN, *TRAINING_MISTAKES, *wrong_answers(first_loss, keeps)]
