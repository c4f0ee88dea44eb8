"""The right answers to the short questions of the practical on regression, with a reason against each wrong one."""

from grader.judge.authoring.quiz import choice_key, number_key
from week01_backprop import regression_questions as asked

number_key(
    asked.parameters,
    54,
    {
        "the biases are left out": 43,
        "the inputs have no biases of their own": 57,
        "a layer has as many biases as outputs, not as inputs": 55,
        "these are the units": 14,
        "weights lie between neighbouring layers alone": 120,
    },
    rtol=1e-9,
)

choice_key(
    asked.keep_which,
    "b",
    {
        "a": "epoch 5 is when you know that it got no better; what you want is the net from before it got worse",
        "c": "that epoch is neither the best nor the last",
        "d": "the held-out loss says otherwise, and training would have ended before",
    },
)
