"""The right answers to the short questions of the lab, with a reason against each wrong one."""

from grader.judge.authoring.quiz import choice_key, number_key
from week01_backprop import gradient_lab_questions as asked

number_key(
    asked.tenfold,
    100.0,
    {
        "this is for the one-sided quotient; the centred one has no term in h": 10.0,
        "what is left of the centred quotient has h squared in it, and not its cube": 1000.0,
        "this is the share that is left; asked is how many times smaller the error becomes": 0.01,
    },
)

choice_key(
    asked.kink_reading,
    "c",
    {
        "a": "a bug in a ReLU layer would show in more entries than the one whose input lies within a step of the kink",
        "b": "errors up to 0.5 are what a wrong factor of 2 or 3 looks like: you would never see one again",
        "d": "a longer step reaches across the kink of many more entries",
    },
)

choice_key(
    asked.both_zero,
    "b",
    {
        "a": "tanh has no kink, and a step of 1e-5 is as good at zero as anywhere else",
        "c": "two zeros do agree; it is the point that is badly chosen, not the measure",
        "d": "the targets are random, so the loss is far from zero; and a loss of zero would still have a gradient",
    },
)

choice_key(
    asked.twenty,
    "d",
    {
        "a": "twenty digits with random labels were learnt by heart just as well",
        "b": "the network with the first bug learnt its twenty digits, too, along the same curve",
        "c": "the network learnt labels that were dealt out at random",
    },
)
