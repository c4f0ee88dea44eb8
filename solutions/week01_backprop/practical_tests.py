"""Hidden tests of both practicals, in the order of their notebooks: the net makes the difference.

What is judged stands in the other modules ``*_tests`` of this week; here are the titles and the points. Sizes are all
different, so that a transposed rule cannot pass.
"""

from collections.abc import Callable, Mapping

from grader.judge import hidden_test

from . import net_tests, sgd_tests
from .nets import Net

TWO_HIDDEN = (3, 5, 4, 2)
DEPTHS = (3, 4, 2), (2, 5, 3, 6, 4), (4, 3, 5, 2, 6, 7, 3)
NO_HIDDEN = (4, 3)


def titled(title: str) -> Callable:
    """Give a hidden test a title that depends on the practical."""

    def give(function: Callable) -> Callable:
        function.__doc__ = title
        return function

    return give


def practical_tests(
    net: Net, forward_mistakes: Mapping[str, Callable], backward_mistakes: Mapping[str, Net]
) -> dict[str, Callable]:
    """{name: hidden test} of the practical about ``net``.

    forward_mistakes   {what is wrong: a wrong forward(x, params)}
    backward_mistakes  {what is wrong: a net with a wrong backward}
    """

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
    @titled(f"forward returns {net.returns}.")
    def two_hidden_forward(student, rng):
        net_tests.expect_forward(net, student, rng, TWO_HIDDEN, mistakes=forward_mistakes)

    @hidden_test("test_two_hidden", points=0.3)
    def two_hidden_weight_gradients(student, rng):
        """backward returns the gradients of the weights."""
        net_tests.expect_weight_gradients(net, student, rng, TWO_HIDDEN, mistakes=backward_mistakes)

    @hidden_test("test_two_hidden", points=0.15)
    def two_hidden_bias_gradients(student, rng):
        """backward returns the gradients of the biases."""
        net_tests.expect_bias_gradients(net, student, rng, TWO_HIDDEN, mistakes=backward_mistakes)

    @hidden_test("test_two_hidden", points=0.05)
    def two_hidden_leaves_arguments_alone(student, rng):
        """forward and backward change none of their arguments."""
        net_tests.expect_arguments_unchanged(net, student, rng, TWO_HIDDEN)

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
    @titled(f"forward returns {net.returns}, whatever the depth.")
    def n_hidden_forward(student, rng):
        net_tests.expect_forward(net, student, rng, *DEPTHS, mistakes=forward_mistakes)

    @hidden_test("test_n_hidden", points=0.3)
    def n_hidden_weight_gradients(student, rng):
        """backward returns the gradients of the weights, whatever the depth."""
        net_tests.expect_weight_gradients(net, student, rng, *DEPTHS, mistakes=backward_mistakes)

    @hidden_test("test_n_hidden", points=0.15)
    def n_hidden_bias_gradients(student, rng):
        """backward returns the gradients of the biases, whatever the depth."""
        net_tests.expect_bias_gradients(net, student, rng, *DEPTHS, mistakes=backward_mistakes)

    @hidden_test("test_n_hidden", points=0.05)
    def n_hidden_leaves_arguments_alone(student, rng):
        """forward and backward change none of their arguments."""
        net_tests.expect_arguments_unchanged(net, student, rng, DEPTHS[1])

    @hidden_test("test_n_hidden", points=0.1)
    def n_hidden_may_be_none(student, rng):
        """All three work for a net without a hidden layer."""
        net_tests.expect_layout(student, rng, NO_HIDDEN)
        net_tests.expect_forward(net, student, rng, NO_HIDDEN, mistakes=forward_mistakes)
        net_tests.expect_weight_gradients(net, student, rng, NO_HIDDEN, mistakes=backward_mistakes)
        net_tests.expect_bias_gradients(net, student, rng, NO_HIDDEN, mistakes=backward_mistakes)

    # sgd

    @hidden_test("test_sgd", points=0.2)
    def minibatches_deal_every_sample_once(student, rng):
        """minibatches yields every sample exactly once, with its own y."""
        sgd_tests.expect_every_sample_once(net, student, rng)

    @hidden_test("test_sgd", points=0.1)
    def minibatches_have_their_size(student, rng):
        """minibatches yields batches of batch_size, but perhaps the last."""
        sgd_tests.expect_batch_sizes(net, student, rng)

    @hidden_test("test_sgd", points=0.15)
    def minibatches_come_in_a_new_order(student, rng):
        """minibatches shuffles all samples, anew at each call."""
        sgd_tests.expect_new_order_each_call(net, student, rng)

    @hidden_test("test_sgd", points=0.05)
    def minibatches_leave_the_data_alone(student, rng):
        """minibatches does not shuffle x and y in place."""
        sgd_tests.expect_data_unchanged(net, student, rng)

    @hidden_test("test_sgd", points=0.2)
    def train_descends(student, rng):
        """train steps down the gradient, once an epoch when there is a single batch."""
        sgd_tests.expect_descent(net, student, rng)

    @hidden_test("test_sgd", points=0.15)
    def train_steps_for_each_batch(student, rng):
        """train takes a step for each batch, also for a smaller one at the end."""
        sgd_tests.expect_a_step_for_each_batch(net, student, rng)

    @hidden_test("test_sgd", points=0.1)
    def train_deals_anew(student, rng):
        """train sees every sample once an epoch, and epochs differ in their order."""
        sgd_tests.expect_each_epoch_deals_anew(net, student, rng)

    @hidden_test("test_sgd", points=0.05)
    def train_leaves_its_arguments_alone(student, rng):
        """train returns new params and changes neither those it was given nor the data."""
        sgd_tests.expect_train_leaves_arguments(net, student, rng)

    return {test.__name__: test for test in list(locals().values()) if hasattr(test, "hidden_test")}
