"""Hidden tests of the practical on regression: the list of what is asked, in the order of the notebook.

What is judged is shared with the other practical (``nets.py`` and the modules ``*_tests.py`` of this week); here stand
the net, its mistakes and the points. Sizes are all different, so that a transposed rule cannot pass.
"""

import numpy as np

from grader.judge import hidden_test
from grader.judge.authoring.quiz import choice_question, number_question

from .. import net_tests, sgd_tests
from ..nets import REGRESSION as NET
from ..nets import logistic

TWO_HIDDEN = (3, 5, 4, 2)
DEPTHS = (3, 4, 2), (2, 5, 3, 6, 4), (4, 3, 5, 2, 6, 7, 3)
NO_HIDDEN = (4, 3)

FORWARD_MISTAKES = {
    "the biases are left out": net_tests.without_biases(NET),
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
    """forward returns the predictions."""
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


# questions

parameters = number_question(
    "test_parameters",
    points=0.5,
    right=54,
    rtol=1e-9,
    mistakes={
        "the biases are left out": 43,
        "the inputs have no biases of their own": 57,
        "these are the units": 14,
        "weights lie between neighbouring layers alone": 120,
    },
    title="The parameters of a net are counted.",
)
keep_which = choice_question(
    "test_keep_which",
    points=0.5,
    right="b",
    reasons={
        "a": "epoch 5 is when you know that it got no better; what you want is the net from before it got worse",
        "c": "that epoch is neither the best nor the last",
        "d": "the held-out loss says otherwise, and training would have ended before",
    },
    title="The params to keep after early stopping.",
)


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
    """forward returns the predictions, whatever the depth."""
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
