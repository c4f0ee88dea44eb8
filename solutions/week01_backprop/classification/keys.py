"""Keys of the practical on classification: its net, and the wrong ones that students write."""

import numpy as np

from week01_backprop import classification_questions as asked

from .. import clip_keys, schedule_keys
from ..net_keys import net_keys, without_biases
from ..nets import CLASSIFICATION as NET
from ..nets import logistic, one_hot, row_softmax
from ..sgd_keys import sgd_keys
from . import answer_keys

__all__ = ["answer_keys", "clip_keys", "schedule_keys"]

FORWARD_MISTAKES = {
    "the biases are left out": without_biases(NET),
    "these are the logits; the softmax is missing": NET.but(finish=lambda z: z).forward,
    "the softmax runs down the columns; the classes of one sample are in a row": (
        NET.but(finish=lambda z: row_softmax(z.T).T).forward
    ),
    "a sigmoid at the end; the probabilities of a sample are to add up to 1": NET.but(finish=logistic).forward,
    "exponentials that are not divided by their sum": NET.but(finish=np.exp).forward,
    "there is no tanh between the layers": NET.but(activate=lambda z: z).forward,
    "a sigmoid in place of tanh": NET.but(activate=logistic).forward,
    "ReLU in place of tanh": NET.but(activate=lambda z: np.maximum(z, 0)).forward,
    "tanh before the softmax as well": NET.but(finish=lambda z: row_softmax(np.tanh(z))).forward,
}


def times_slope(p, y):
    """The gradient by p in place of z: as for a squared error of the probabilities."""
    return NET.error(p, y) * p * (1 - p)


BACKWARD_MISTAKES = {
    "the slope of tanh is missing on the way down": NET.but(slope=np.ones_like),
    "the slope is that of the sigmoid": NET.but(slope=lambda a: a * (1 - a)),
    "tanh is applied a second time in the slope": NET.but(slope=lambda a: 1 - np.tanh(a) ** 2),
    "the square is missing in the slope": NET.but(slope=lambda a: 1 - a),
    "the true class is not taken off the probabilities": NET.but(error=lambda p, y: p / len(y)),
    "the labels themselves are taken off; of each row, 1 is taken off at the true class only": (
        NET.but(error=lambda p, y: (p - y[:, None]) / len(y))
    ),
    "multiplied by the slope of the softmax again; together with the logarithm it is in p minus the truth already": (
        NET.but(error=times_slope)
    ),
    "labels are counted from 1 here; they begin at 0": NET.but(
        error=lambda p, y: (p - one_hot(y - 1, p.shape)) / len(y)
    ),
    "only the true class passes a gradient; the others have one as well": (
        NET.but(error=lambda p, y: NET.error(p, y) * one_hot(y, p.shape))
    ),
}

net_keys(asked, NET, FORWARD_MISTAKES, BACKWARD_MISTAKES)
sgd_keys(asked, NET)
