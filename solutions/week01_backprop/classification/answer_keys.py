"""The right answers to the short questions of the practical on classification, with a reason against each wrong one."""

import numpy as np

from grader.judge.authoring.quiz import choice_key, number_key
from week01_backprop import classification_questions as asked

number_key(
    asked.first_loss,
    np.log(3),
    {
        "the logarithm is the natural one, not that with base 2": np.log2(3),
        "the logarithm is the natural one, not that with base 10": np.log10(3),
        "this is the probability; the loss is minus its logarithm": 1 / 3,
        "minus is missing": -np.log(3),
        "this is the share of wrong guesses": 2 / 3,
        "summed over the classes; only the true class counts": 3 * np.log(3),
    },
    rtol=6e-4,
)

choice_key(
    asked.keeps,
    {"a", "d", "e"},
    {
        "a": "init_params draws weights for any net, whatever its units do with them",
        "b": "forward has other units, and a softmax at its end",
        "c": "backward has another slope in it, and another error at the top",
        "d": "minibatches deals rows; what is in them is all one to it",
        "e": "train only asks backward for gradients and steps down",
    },
)
