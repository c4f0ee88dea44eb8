"""Hidden tests of the practical on classification: the list of what is asked, in the order of the notebook.

What is judged is shared with the other practical (``nets.py`` and the modules ``*_tests.py`` of this week); here stand
the net, its mistakes and the points. Sizes are all different, so that a transposed rule cannot pass.
"""

import numpy as np

from grader.judge import hidden_test
from grader.judge.authoring.quiz import choice_question, number_question

from .. import net_tests, sgd_tests
from ..nets import CLASSIFICATION as NET
from ..nets import logistic, one_hot, row_softmax

TWO_HIDDEN = (3, 5, 4, 2)
DEPTHS = (3, 4, 2), (2, 5, 3, 6, 4), (4, 3, 5, 2, 6, 7, 3)
NO_HIDDEN = (4, 3)

FORWARD_MISTAKES = {
    "the biases are left out": net_tests.without_biases(NET),
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
    "multiplied by the slope of the softmax again; together with the logarithm it is in p minus the truth already": (
        NET.but(error=times_slope)
    ),
    "only the true class passes a gradient; the others have one as well": (
        NET.but(error=lambda p, y: NET.error(p, y) * one_hot(y, p.shape))
    ),
}


# questions

first_loss = number_question(
    "test_first_loss",
    points=0.5,
    right=np.log(3),
    rtol=6e-4,
    mistakes={
        "the logarithm is the natural one, not that with base 2": np.log2(3),
        "the logarithm is the natural one, not that with base 10": np.log10(3),
        "this is the probability; the loss is minus its logarithm": 1 / 3,
        "minus is missing": -np.log(3),
        "this is the share of wrong guesses": 2 / 3,
        "summed over the classes; only the true class counts": 3 * np.log(3),
    },
    title="The first cross-entropy of a classifier.",
)
keeps = choice_question(
    "test_keeps",
    points=0.5,
    right={"a", "d", "e"},
    reasons={
        "a": "init_params draws weights for any net, whatever its units do with them",
        "b": "forward has other units, and a softmax at its end",
        "c": "backward has another slope in it, and another error at the top",
        "d": "minibatches deals rows; what is in them is all one to it",
        "e": "train only asks backward for gradients and steps down",
    },
    title="What can stay when a regression becomes a classification.",
)


# two_hidden


@hidden_test("test_two_hidden", points=0.1)
def two_hidden_params_have_their_layout(student, rng):
    """init_params gives one (W, b) a layer, W [in, out] and b [out]."""
    net_tests.expect_layout(student, rng, TWO_HIDDEN)


@hidden_test("test_two_hidden", points=0.1)
def two_hidden_params_start_random(student, rng):
    """init_params draws the weights at random and starts the biases at zero."""
    net_tests.expect_random_start(student, rng, TWO_HIDDEN)


@hidden_test("test_two_hidden", points=0.3)
def two_hidden_forward(student, rng):
    """forward returns the probabilities."""
    net_tests.expect_forward(NET, student, rng, TWO_HIDDEN, mistakes=FORWARD_MISTAKES)


@hidden_test("test_two_hidden", points=0.3)
def two_hidden_weight_gradients(student, rng):
    """backward returns the gradients of the weights."""
    net_tests.expect_weight_gradients(NET, student, rng, TWO_HIDDEN, mistakes=BACKWARD_MISTAKES)


@hidden_test("test_two_hidden", points=0.15)
def two_hidden_bias_gradients(student, rng):
    """backward returns the gradients of the biases."""
    net_tests.expect_bias_gradients(NET, student, rng, TWO_HIDDEN, mistakes=BACKWARD_MISTAKES)


@hidden_test("test_two_hidden", points=0.05)
def two_hidden_leaves_arguments_alone(student, rng):
    """forward and backward change none of their arguments."""
    net_tests.expect_arguments_unchanged(NET, student, rng, TWO_HIDDEN)


# n_hidden


@hidden_test("test_n_hidden", points=0.1)
def n_hidden_params_have_their_layout(student, rng):
    """init_params gives one (W, b) a layer, W [in, out] and b [out], whatever the depth."""
    net_tests.expect_layout(student, rng, *DEPTHS)


@hidden_test("test_n_hidden", points=0.05)
def n_hidden_params_start_random(student, rng):
    """init_params draws the weights at random and starts the biases at zero."""
    net_tests.expect_random_start(student, rng, DEPTHS[1])


@hidden_test("test_n_hidden", points=0.25)
def n_hidden_forward(student, rng):
    """forward returns the probabilities, whatever the depth."""
    net_tests.expect_forward(NET, student, rng, *DEPTHS, mistakes=FORWARD_MISTAKES)


@hidden_test("test_n_hidden", points=0.3)
def n_hidden_weight_gradients(student, rng):
    """backward returns the gradients of the weights, whatever the depth."""
    net_tests.expect_weight_gradients(NET, student, rng, *DEPTHS, mistakes=BACKWARD_MISTAKES)


@hidden_test("test_n_hidden", points=0.15)
def n_hidden_bias_gradients(student, rng):
    """backward returns the gradients of the biases, whatever the depth."""
    net_tests.expect_bias_gradients(NET, student, rng, *DEPTHS, mistakes=BACKWARD_MISTAKES)


@hidden_test("test_n_hidden", points=0.05)
def n_hidden_leaves_arguments_alone(student, rng):
    """forward and backward change none of their arguments."""
    net_tests.expect_arguments_unchanged(NET, student, rng, DEPTHS[1])


@hidden_test("test_n_hidden", points=0.1)
def n_hidden_may_be_none(student, rng):
    """All three work for a net without a hidden layer."""
    net_tests.expect_layout(student, rng, NO_HIDDEN)
    net_tests.expect_forward(NET, student, rng, NO_HIDDEN, mistakes=FORWARD_MISTAKES)
    net_tests.expect_weight_gradients(NET, student, rng, NO_HIDDEN, mistakes=BACKWARD_MISTAKES)
    net_tests.expect_bias_gradients(NET, student, rng, NO_HIDDEN, mistakes=BACKWARD_MISTAKES)


# sgd


@hidden_test("test_sgd", points=0.2)
def minibatches_deal_every_sample_once(student, rng):
    """minibatches yields every sample exactly once, with its own y."""
    sgd_tests.expect_every_sample_once(NET, student, rng)


@hidden_test("test_sgd", points=0.1)
def minibatches_have_their_size(student, rng):
    """minibatches yields batches of batch_size, but perhaps the last."""
    sgd_tests.expect_batch_sizes(NET, student, rng)


@hidden_test("test_sgd", points=0.15)
def minibatches_come_in_a_new_order(student, rng):
    """minibatches shuffles all samples, anew at each call."""
    sgd_tests.expect_new_order_each_call(NET, student, rng)


@hidden_test("test_sgd", points=0.05)
def minibatches_leave_the_data_alone(student, rng):
    """minibatches does not shuffle x and y in place."""
    sgd_tests.expect_data_unchanged(NET, student, rng)


@hidden_test("test_sgd", points=0.2)
def train_descends(student, rng):
    """train steps down the gradient, once an epoch when there is a single batch."""
    sgd_tests.expect_descent(NET, student, rng)


@hidden_test("test_sgd", points=0.15)
def train_steps_for_each_batch(student, rng):
    """train takes a step for each batch, also for a smaller one at the end."""
    sgd_tests.expect_a_step_for_each_batch(NET, student, rng)


@hidden_test("test_sgd", points=0.1)
def train_deals_anew(student, rng):
    """train sees every sample once an epoch, and epochs differ in their order."""
    sgd_tests.expect_each_epoch_deals_anew(NET, student, rng)


@hidden_test("test_sgd", points=0.05)
def train_leaves_its_arguments_alone(student, rng):
    """train returns new params and changes neither those it was given nor the data."""
    sgd_tests.expect_train_leaves_arguments(NET, student, rng)


# schedule and clip know nothing of the net: the same in both practicals

from ..schedule_tests import *  # noqa: E402, F403, I001  in the order of the notebook
from ..clip_tests import *  # noqa: E402, F403
