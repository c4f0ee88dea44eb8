"""Mistakes that students make in the practical on classification, planted one at a time in the reference."""

from functools import partial

from grader.judge.authoring.mistakes import planted
from grader.judge.authoring.quiz import wrong_answers

from ..practical_mistakes import PRACTICAL_MISTAKES
from .keys import asked

ERROR = "g3 = (softmax(a2 @ W3 + b3) - truth) / len(y)"

two_hidden = partial(planted, "two_hidden")
TWO_HIDDEN = [
    two_hidden("two_hidden_returns_logits", "forgets the softmax", 0.3, "these are the logits",
        ("    return softmax(a2 @ W3 + b3)\n", "    return a2 @ W3 + b3\n")),
    two_hidden("two_hidden_sigmoid_units", "keeps the sigmoid of the regression going forward", 0.3,
        "a sigmoid in place of tanh",
        ("    a2 = np.tanh(a1 @ W2 + b2)\n    return", "    a1, a2 = (a1 + 1) / 2, np.tanh(a1 @ W2 + b2)\n    return"),
        ("    a1 = np.tanh(x @ W1 + b1)\n    a1, a2 = (a1 + 1) / 2, np.tanh(a1 @ W2 + b2)",
         "    a1 = 1 / (1 + np.exp(-(x @ W1 + b1)))\n    a2 = 1 / (1 + np.exp(-(a1 @ W2 + b2)))")),
    two_hidden("two_hidden_without_slope", "hands the error down through the weights alone", 0.45,
        "slope of tanh is missing", (" * (1 - a2**2)", ""), (" * (1 - a1**2)", "")),
    two_hidden("two_hidden_slope_of_the_sigmoid", "keeps a (1 - a) from the regression", 0.45,
        "the slope is that of the sigmoid", ("(1 - a2**2)", "a2 * (1 - a2)"), ("(1 - a1**2)", "a1 * (1 - a1)")),
    two_hidden("two_hidden_without_the_truth", "does not take 1 off the true class", 0.45,
        "true class is not taken off", (" - truth) / len(y)", ") / len(y)")),
    two_hidden("two_hidden_not_averaged", "leaves out the division by the batch size", 0.45,
        "not averaged over the batch", (" - truth) / len(y)", " - truth)")),
    two_hidden("two_hidden_slope_of_the_softmax_again", "multiplies by p (1 - p), which the logarithm has taken away",
        0.45, "slope of the softmax again", (ERROR, f"p = softmax(a2 @ W3 + b3)\n    {ERROR} * p * (1 - p)")),
    two_hidden("two_hidden_counts_the_labels", "takes the largest label for the last class", 0.55, "ValueError",
        ("np.arange(len(b3)) == y[:, None]", "np.eye(max(y) + 1)[y]")),
    two_hidden("two_hidden_random_biases", "draws the biases as well", 0.1, "biases are to start at zero",
        ("np.zeros(n_out)", "rng.normal(size=n_out)")),
]

n_hidden = partial(planted, "n_hidden")
N_HIDDEN = [
    n_hidden("n_hidden_without_slope", "hands the error down through the weights alone", 0.45,
        "slope of tanh is missing", (" * (1 - a**2)", "")),
    n_hidden("n_hidden_tanh_twice", "applies tanh to the activations in the slope", 0.45, "applied a second time",
        ("(1 - a**2)", "(1 - np.tanh(a) ** 2)")),
    n_hidden("n_hidden_tanh_before_the_softmax", "has a tanh in every layer, and the softmax after the last", 0.8,
        "tanh before the softmax", ("softmax(z) if", "softmax(np.tanh(z)) if")),
    n_hidden("n_hidden_needs_a_hidden_layer", "computes a first tanh layer before the loop", 0.1, "sizes [4, 3]",
        ("outputs = [x]\n", "outputs = [x, np.tanh(x @ params[0][0] + params[0][1])]\n"),
        ("enumerate(params, start=1)", "enumerate(params[1:], start=2)")),
    n_hidden("n_hidden_counts_the_labels", "takes the largest label for the last class", 0.55, "ValueError",
        ("np.arange(p.shape[1]) == y[:, None]", "np.eye(max(y) + 1)[y]")),
    n_hidden("n_hidden_true_class_only", "sets the gradient of all other classes to zero", 0.45, "only the true class",
        ("(p - truth) / len(y)", "(p - truth) * truth / len(y)")),
]

MISTAKES = [*TWO_HIDDEN, *N_HIDDEN, *PRACTICAL_MISTAKES, *wrong_answers(asked.first_loss, asked.keeps)]
