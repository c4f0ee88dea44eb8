"""Keys of the practical on regression: its net, and the wrong ones that students write."""

import numpy as np

from week01_backprop import regression_questions as asked

from .. import clip_keys, schedule_keys
from ..net_keys import net_keys, without_biases
from ..nets import REGRESSION as NET
from ..nets import logistic
from ..sgd_keys import sgd_keys
from . import answer_keys

__all__ = ["answer_keys", "clip_keys", "schedule_keys"]

FORWARD_MISTAKES = {
    "the biases are left out": without_biases(NET),
    "the last layer goes through the sigmoid as well; it is to be linear": NET.but(finish=logistic).forward,
    "there is no sigmoid between the layers": NET.but(activate=lambda z: z).forward,
    "tanh in place of the sigmoid": NET.but(activate=np.tanh).forward,
    "ReLU in place of the sigmoid": NET.but(activate=lambda z: np.maximum(z, 0)).forward,
}
BACKWARD_MISTAKES = {
    "the slope of the sigmoid is missing on the way down": NET.but(slope=np.ones_like),
    "the slope is that of tanh": NET.but(slope=lambda a: 1 - a**2),
    "the sigmoid is applied a second time in the slope": NET.but(slope=lambda a: logistic(a) * (1 - logistic(a))),
    "only half of the slope: a where a(1 - a) belongs": NET.but(slope=lambda a: a),
    "twice too large: the 1/2 in E takes the 2 of the square away": NET.but(error=lambda p, y: 2 * NET.error(p, y)),
    "averaged over the outputs as well; E sums over them": NET.but(error=lambda p, y: NET.error(p, y) / y.shape[1]),
}

net_keys(asked, NET, FORWARD_MISTAKES, BACKWARD_MISTAKES)
sgd_keys(asked, NET)
