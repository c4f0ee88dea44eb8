"""What the checks of homework 1 ask, in the notebook and when it is graded."""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from grader.checks.questions import (
    Roles,
    array,
    checks_of,
    items,
    lent,
    number,
    pairs,
    question,
    same,
    through,
    truth,
    unchanged,
)
from grader.checks.questions.forms import described
from grader.checks.questions.trained import Learned, of_scores, scores

check = checks_of(__name__)
WORDS = {"G": "grad_output", "W": "the array weights", "b": "the array biases"}
LAYER = Roles(batch="X G", terms="b beta", words=WORDS)
MIXING = Roles(terms="beta", words=WORDS)  # a batch of one sample has no statistics to speak of
CHAIN = Roles(batch="X y", words={"factors": "the layers' factors", "shifts": "the layers' shifts"})

TINY = 1e-13  # a learning rate, or an eps, where it is not the question

# What layers are asked


def new(make, *args, values=None, **options):
    """A new layer, with these values for attributes.

    Options that it has under other names are given by position: their names are judged where they are what is asked.
    """
    try:
        layer = make(*args, **options)
    except TypeError as error:
        try:
            layer = make(*args, *options.values())
        except TypeError:
            raise error from None
    for name, value in (values or {}).items():
        setattr(layer, name, value.copy() if isinstance(value, np.ndarray) else value)
    return layer


def backward(layer, X, G, *names):
    """What backward(X, G) gives after forward(X), as in training; with names, in a list with those attributes."""
    try:
        layer.forward(X.copy())
    except Exception:
        pass  # what forward gives or raises is judged by other questions
    grad_input = layer.backward(X.copy(), G.copy())
    return [grad_input, *[np.array(getattr(layer, name)) for name in names]] if names else grad_input


def output_of(layer, X):
    """What forward(X) gives; None where it stops, which is judged by other questions."""
    try:
        return layer.forward(X.copy())
    except Exception:
        return None


def gradient_of(layer, X, G):
    """What backward(X, G) gives after forward(X); None where it stops."""
    try:
        return backward(layer, X, G)
    except Exception:
        return None


def copied(value):
    """The array that a value is now; None if it is None."""
    return None if value is None else np.array(value)


def backward_after(make, X, other, G, *names):
    """What backward(X, G) and `names` are after forward(X), without a forward, after forward(other); and with other.

    Then once more after forward(X), when there was a whole step with other before, of which `names` are undone. Each on
    a new layer. In place of all but the first an error's text, where there is one. The last item is what forward gives.
    """

    def run(seen, input, step=False):
        layer = make()
        if step:
            before = [np.array(getattr(layer, name)) for name in names]
            backward(layer, other, G[::-1])
            for name, value in zip(names, before):  # noqa: B905
                setattr(layer, name, value)
        try:
            if seen is not None:
                layer.forward(seen.copy())
        except Exception:
            pass
        grad_input = layer.backward(input.copy(), G.copy())
        return [copied(grad_input), *[np.array(getattr(layer, name)) for name in names]]

    def attempted(*how):
        try:
            return run(*how)
        except Exception as error:
            return f"{type(error).__name__}: {error}"

    runs = [run(X, X), attempted(None, X), attempted(other, X), attempted(None, other), attempted(X, X, True)]
    return [*runs, output_of(make(), X)]


def works_from_its_input(answer, case):
    """backward gives the same whatever forward and backward saw before, and not the same for another input."""
    usual, without, after_other, elsewhere, after_a_step, _ = answer
    if not isinstance(usual[0], np.ndarray):
        return f"backward: an array is expected, found {described(usual[0])}"
    hint = "backward must work from the input that it is given; it uses what the last forward left behind"
    for again in (without, after_other, elsewhere):
        if isinstance(again, str):
            return f"{hint}; without that forward it stopped with {again}"
    if not (same(without, usual) and same(after_other, usual)):
        return hint
    if isinstance(after_a_step, str) or not same(after_a_step, usual):
        return "backward keeps something of its earlier calls: a second one gives something else than the first"
    return "backward gives the same whatever the input is" if same(elsewhere, usual) else True


def arguments_of(layer, X, G):
    """What forward and backward give, and their arguments afterwards."""
    seen, output = X.copy(), None
    try:
        output = copied(layer.forward(seen))
    except Exception:
        pass  # judged by other questions
    input, grad_output = X.copy(), G.copy()
    grad_input = copied(layer.backward(input, grad_output))
    return [grad_input, output, seen, input, grad_output]


def leaves_arguments_alone(answer, case):
    """Neither forward nor backward changes its arguments."""
    grad_input, output, seen, input, grad_output = answer
    if not isinstance(grad_input, np.ndarray):
        return f"backward: an array is expected, found {described(grad_input)}"
    if same(output, case.X):
        return "forward gives back its input as it is"
    changed = unchanged("the input of forward", seen, case.X) or unchanged("the input of backward", input, case.X)
    return changed or unchanged("grad_output", grad_output, case.G)


def of_runs(case):
    """The form of what `backward_after` gives."""
    return items(length=6)


def gradient_and_output(answer, case):
    """Of what `backward_after` or `arguments_of` gives: one of them has to be right."""
    return [answer[0][0], answer[-1]] if isinstance(answer[0], list) else [answer[0], answer[1]]


def of_arguments(case):
    """The form of what `arguments_of` gives."""
    return pairs(None, None, None, None, None)


# ReLU


@question("test_relu", points=0.35, probes=LAYER)
def relu_zeroes_negative_inputs(student, X):
    """ReLU.forward keeps what is positive and puts zero for the rest."""
    return student.ReLU().forward(X)


@question("test_relu", points=0.35, probes=LAYER)
def relu_gradient_passes_where_input_is_positive(student, X, G):
    """ReLU.backward passes the gradient where the input was positive and stops it elsewhere."""
    return backward(student.ReLU(), X, G)


@relu_gradient_passes_where_input_is_positive.differences
def _(student, X, G, **case):
    return through(student.ReLU().forward, X, G)


@question("test_relu", points=0.1)
def relu_slope_at_zero_is_zero(student, X, G):
    """ReLU'(0) = 0."""
    return backward(student.ReLU(), X, G)


@question("test_relu", points=0.1, form=of_runs)
def relu_backward_uses_its_input(student, X, other, G):
    """ReLU.backward is right for the input it is given, whatever was called before."""
    return backward_after(student.ReLU, X, other, G)


relu_backward_uses_its_input.relation(works_from_its_input)


relu_backward_uses_its_input.reading(gradient_and_output)


@question("test_relu", points=0.1, form=of_arguments)
def relu_leaves_its_arguments_alone(student, X, G):
    """ReLU changes neither its input nor grad_output in place."""
    return arguments_of(student.ReLU(), X, G)


relu_leaves_its_arguments_alone.relation(leaves_arguments_alone)


relu_leaves_its_arguments_alone.reading(gradient_and_output)


# Dense


def dense(student, W, b, **options):
    """A layer of the student's with these parameters."""
    return new(student.Dense, *W.shape, values={"weights": W, "biases": b}, **options)


def dense_both_ways(student, X, G, W, b=None):
    """What backward and forward give with these parameters, None in place of one that stops.

    Weights [out, in] are judged by another question.
    """

    def layer():
        made = student.Dense(*W.shape)
        made.weights = W.T.copy() if np.shape(made.weights) == W.shape[::-1] else W.copy()
        if b is not None:
            made.biases = b.copy()
        return made

    output = output_of(layer(), X)
    try:
        return [backward(layer(), X, G), output]
    except Exception:
        return [None, layer().forward(X.copy()) if output is None else output]


def of_fresh_weights(case):
    """The form of the weights of two new layers [120, 90], and what comes with them."""
    return pairs(array(120, 90), array(120, 90), None)


@question("test_dense", points=0.15, form=of_fresh_weights)
def dense_starts_with_small_random_weights(student, X, G, W, b):
    """Dense starts with weights [in, out] that are random, small, and zero on average."""
    started = [student.Dense(120, 90) for _ in range(2)]
    return [*[np.array(layer.weights) for layer in started], dense_both_ways(student, X, G, W, b)]


@dense_starts_with_small_random_weights.relation
def _(answer, case):
    """The weights do not start small and random around zero."""
    W, again, _ = answer
    if not W.any():
        return "the weights start at zero: all units would stay alike for ever"
    if not (np.ptp(W, axis=0).all() and np.ptp(W, axis=1).all()):
        return "the weights do not start random: units with equal weights stay alike for ever"
    if not abs(W.mean()) < 6 * W.std() / np.sqrt(W.size):
        return "the weights are not zero on average at the start"
    if same(W, again):
        return "every new layer starts with the same weights: draw them anew, without a seed of your own"
    return True if W.std() < 0.5 else "the weights start too large: scale them down"


@dense_starts_with_small_random_weights.reading
def _(answer, case):
    return answer[2]


@question("test_dense", points=0.1, form=pairs(None, None))
def dense_starts_with_zero_biases(student, X, G, W):
    """Dense starts with biases [out], all zero."""
    return [student.Dense(*W.shape).biases, dense_both_ways(student, X, G, W)]


@question("test_dense", points=0.3, probes=LAYER)
def dense_multiplies_by_its_weights(student, X, W):
    """Dense.forward multiplies every row by the weights."""
    return dense(student, W, np.zeros(W.shape[1])).forward(X)


@question("test_dense", points=0.2, probes=LAYER)
def dense_adds_its_biases(student, X, W, b):
    """Dense.forward adds the biases to every row."""
    return dense(student, W, b).forward(X)


@question("test_dense", points=0.3, probes=LAYER)
def dense_input_gradient(student, X, G, W, b):
    """Dense.backward returns the gradient of its input (learning rate next to zero)."""
    return backward(dense(student, W, b, learning_rate=TINY), X, G)


@dense_input_gradient.differences
def _(student, X, G, **case):
    return through(dense(student, case["W"], case["b"]).forward, X, G)


@question("test_dense", points=0.2, probes=LAYER)
def dense_input_gradient_before_the_step(student, X, G, W, b, learning_rate):
    """Dense.backward takes the input gradient with the weights from before the step."""
    return backward(dense(student, W, b, learning_rate=learning_rate), X, G)


@question("test_dense", points=0.3, form=pairs(None, None), probes=LAYER)
def dense_weights_take_one_summed_step(student, X, G, W, b, learning_rate):
    """Dense.backward takes a step of learning_rate on the weights, down their summed gradient."""
    return backward(dense(student, W, b, learning_rate=learning_rate), X, G, "weights")


@question("test_dense", points=0.2, form=pairs(None, None), probes=LAYER)
def dense_biases_take_one_summed_step(student, X, G, W, b, learning_rate):
    """Dense.backward takes a step of learning_rate on the biases, down their summed gradient."""
    return backward(dense(student, W, b, learning_rate=learning_rate), X, G, "biases")


@question("test_dense", points=0.05, form=lambda case: items(array(*case.W.shape), length=3), probes=LAYER)
def dense_step_follows_its_learning_rate(student, X, G, W):
    """Dense steps in proportion to its learning_rate, which is 0.1 unless given."""

    def stepped(layer):
        layer.weights = W.copy()
        return backward(layer, X, G, "weights")[1]

    units = W.shape  # all are there before one of them steps: each has a rate of its own
    layers = [student.Dense(*units), student.Dense(*units, 0.025), student.Dense(*units, learning_rate=0.025)]
    return [stepped(layer) for layer in layers]


@dense_step_follows_its_learning_rate.reading
def _(answer, case):
    usual, *given = ((after - case.W).astype(after.dtype) for after in answer)
    return [usual, *(4 * step for step in given)]


@question("test_dense", points=0.1, form=of_runs)
def dense_backward_uses_its_input(student, X, other, G, W, b):
    """Dense.backward is right for the input it is given, whatever was called before."""
    return backward_after(lambda: dense(student, W, b, learning_rate=0.1), X, other, G, "weights", "biases")


dense_backward_uses_its_input.relation(works_from_its_input)


dense_backward_uses_its_input.reading(gradient_and_output)


@question("test_dense", points=0.1, form=of_arguments)
def dense_leaves_its_arguments_alone(student, X, G, W, b):
    """Dense changes neither its input nor grad_output in place."""
    return arguments_of(dense(student, W, b, learning_rate=0.1), X, G)


dense_leaves_its_arguments_alone.relation(leaves_arguments_alone)


dense_leaves_its_arguments_alone.reading(gradient_and_output)


# forward and train, on layers of our own


class Affine(list):
    """A layer y = factor * x + shift, which is the list of these two, so that a network of such layers is plain data.

    It notes what its backward is given, and how often it went forward before. Each backward makes the factor larger, by
    a rule of its own, so that it is seen whether something was computed before or after it. Two are never equal.
    """

    __hash__ = object.__hash__  # type: ignore[assignment]
    __eq__ = object.__eq__
    __ne__ = object.__ne__

    def __init__(self, factor, shift):
        super().__init__([factor, shift])
        self.inputs, self.grads, self.forwards, self.forwards_before = [], [], 0, []

    def forward(self, input):
        self.forwards += 1
        return self[0] * input + self[1]

    def backward(self, input, grad_output):
        self.forwards_before.append(self.forwards)
        self.inputs.append(np.array(input))
        self.grads.append(np.array(grad_output))
        grad_input = self[0] * grad_output
        self[0] = self[0] + 1
        return grad_input


def chained(factors, shifts):
    """A network of such layers."""
    return [Affine(float(factor), shift.copy()) for factor, shift in zip(factors, shifts)]  # noqa: B905


def is_as_it_was(network, before):
    """Does the list hold the very layers that it held?"""
    return len(network) == len(before) and all(a is b for a, b in zip(network, before))  # noqa: B905


TWICE = [0, 1, 0]  # a network in which the first of two layers stands once more


def activations(student, factors, shifts, X, order=None):
    """What forward returns, X afterwards, whether the network is as it was, and how often each layer was called."""
    layers, given = chained(factors, shifts), X.copy()
    network = [layers[i] for i in order] if order else list(layers)
    before = list(network)
    found = student.forward(network, given)
    return [found, given, is_as_it_was(network, before), [layer.forwards for layer in layers]]


def lists_every_activation(answer, case):
    """forward returns a list, with the output of each layer."""
    found, depth = answer[0], len(case.factors)
    if isinstance(found, np.ndarray) and found.shape == case.X.shape:
        return "forward returns the last activation alone, or one array; all activations are asked for, in a list"
    if not isinstance(found, (list, tuple)):
        return f"forward: a list of the activations is expected, found {described(found)}"
    if len(found) == depth + 1 and same(found[0], case.X):
        return "forward: the list starts with the input, which is not an activation of any layer"
    count = f"forward: {len(found)} activations for a network of depth {depth}; there is one for each layer"
    return True if len(found) == depth else count


AGAIN = "once is right: a layer such as dropout gives something else each time"


def leaves_network_and_batch_alone(answer, case, calls):
    """forward changes neither X nor the network, and calls each layer as often as it stands there."""
    _, X, kept, called = answer
    if not kept:
        return "forward: the network was changed in place; it must hold the same layers as before"
    if any(found > most for found, most in zip(called, calls)):  # noqa: B905
        return f"forward: a layer is called more than once; {AGAIN}"
    return unchanged("X", X, case.X) or True


@question("test_forward", points=0.35, form=pairs(None, None, truth(), None), probes=CHAIN)
def forward_lists_every_activation(student, factors, shifts, X):
    """forward returns the activation of every layer, in order."""
    return activations(student, factors, shifts, X)


@question(
    "test_forward",
    points=0.15,
    form=lambda case: items(pairs(None, None, truth(), items(number())), len(case.networks) + 1),
)
def forward_takes_any_depth(student, networks, twice, X):
    """forward calls each layer once, at any depth, and leaves X and the network as they are."""
    found = [activations(student, factors, shifts, X) for factors, shifts in networks]
    factors, shifts = twice
    return [*found, activations(student, factors, shifts, X, TWICE)]


forward_lists_every_activation.relation(lists_every_activation)


@forward_lists_every_activation.reading
def _(answer, case):
    return answer[0]


@forward_takes_any_depth.relation
def _(answer, case):
    """Right for each of the networks."""
    networks = [(factors, [1] * len(factors)) for factors, _ in case.networks]
    for (factors, calls), one in zip([*networks, (TWICE, [2, 1])], answer):  # noqa: B905
        its = SimpleNamespace(factors=factors, X=case.X)
        said = lists_every_activation(one, its)
        if calls == [2, 1] and isinstance(one[0], (list, tuple)) and len(one[0]) == len(calls):
            said = f"{said}, and one layer stands there twice: keep activations by place, not by layer"
        if said is True:
            said = leaves_network_and_batch_alone(one, its, calls)
        if said is not True:
            return said
    return True


@forward_takes_any_depth.reading
def _(answer, case):
    return [activation for found, *_ in answer for activation in found]


@lent
def forward(network, X):
    """The output of every layer, in order: a list of as many arrays as layers, without X."""


@question("test_train", points=0.3, lends=(forward,), probes=CHAIN)
def train_returns_mean_loss(student, factors, shifts, X, y):
    """train returns the mean loss of the batch, before the step."""
    return student.train(chained(factors, shifts), X, y)


def trained(student, factors, shifts, X, y, order=None):
    """What came of train: of each layer a note, then whether the network is as it was, and the batch.

    The note: what its backward was given at its first two calls, how often it was called, and how often forward was
    called before.
    """
    layers, images, labels = chained(factors, shifts), X.copy(), y.copy()
    network = [layers[i] for i in order] if order else list(layers)
    before = list(network)
    student.train(network, images, labels)
    notes = [[layer.inputs[:2], layer.grads[:2], len(layer.grads), sum(layer.forwards_before[:1])] for layer in layers]
    return [notes, is_as_it_was(network, before), images, labels]


def of_training(case, inputs=True):
    """The form of what `trained` gives, with the inputs of backward where these are judged."""
    given = items(array(*case.X.shape) if inputs else None, most=2, each_is="input of backward")
    return pairs(items(pairs(given, items(most=2), number(), number()), each_is="layer"), truth(), None, None)


def calls_a_backward(answer, case):
    """train calls no layer's backward."""
    return any(count for _, _, count, _ in answer[0])


def grad_fits(answer, case):
    """Each backward is given a gradient of the shape of what its layer puts out."""
    for layer, (_, grads, _, _) in reversed(list(enumerate(answer[0], start=1))):
        for grad in grads:
            if not (isinstance(grad, np.ndarray) and grad.shape == case.X.shape):
                told = f"train: layer {layer} is given {described(grad)} for the gradient of its output,"
                return f"{told} which has the shape {case.X.shape}; the loss has a gradient for every logit"
    return True


def first_notes(notes, place):
    """The first note of each layer; zeros for a layer that was never called, which another question judges."""
    shape = next(note[place][0].shape for note in notes if note[place])
    return np.array([note[place][0] if note[place] else np.zeros(shape) for note in notes])


@question("test_train", points=0.25, lends=(forward,), form=lambda case: of_training(case, inputs=False))
def train_passes_gradients_back(student, factors, shifts, X, y):
    """train passes the gradient of the loss back through the layers, from the last to the first."""
    return trained(student, factors, shifts, X, y)


train_passes_gradients_back.relation(calls_a_backward)
train_passes_gradients_back.relation(grad_fits)


@train_passes_gradients_back.reading
def _(answer, case):
    return first_notes(answer[0], 1)


@question("test_train", points=0.25, lends=(forward,), form=of_training)
def train_gives_each_layer_its_own_input(student, factors, shifts, X, y):
    """train gives the backward of every layer the input which that layer had going forward."""
    return trained(student, factors, shifts, X, y)


train_gives_each_layer_its_own_input.relation(calls_a_backward)


@train_gives_each_layer_its_own_input.reading
def _(answer, case):
    return first_notes(answer[0], 0)


@question(
    "test_train",
    points=0.2,
    lends=(forward,),
    form=lambda case: items(of_training(case, inputs=False), len(case.networks) + 1, each_is="network"),
)
def train_steps_every_layer_once(student, networks, twice, X, y):
    """train goes once each way through every layer, at any depth, and changes no argument."""
    found = [trained(student, factors, shifts, X, y) for factors, shifts in networks]
    factors, shifts = twice
    return [*found, trained(student, factors, shifts, X, y, TWICE)]


@train_steps_every_layer_once.relation
def _(answer, case):
    """Once each way for each layer, for each place that it has; network, X and y as they were."""
    places = [[1] * len(factors) for factors, _ in case.networks]
    for (notes, kept, X, y), calls in zip(answer, [*places, [2, 1]]):  # noqa: B905
        counts = [count for _, _, count, _ in notes]
        where = f"train, a network of {sum(calls)} layers: backward"
        if not any(counts):
            return f"{where} is never called, so that nothing learns"
        if not counts[0]:
            return f"{where} is not called for the first layer, which never learns"
        if not counts[-1]:
            return f"{where} is not called for the last layer, which never learns"
        if not all(counts):
            return f"{where} is not called for every layer"
        if any(count > most for count, most in zip(counts, calls)):  # noqa: B905
            return f"{where} is called more than once for a layer; one step a batch is asked for"
        if counts != calls:
            return f"{where} is called once for a layer that stands twice in the network"
        forwards = max(found - most for (*_, found), most in zip(notes, calls))  # noqa: B905
        if forwards > 0:
            return f"train: forward is called more than once for a layer before its backward; {AGAIN}"
        if not kept:
            return "train: the network was changed in place; it must hold the same layers as before"
        changed = unchanged("X", X, case.X) or unchanged("y", y, case.y)
        if changed:
            return changed
    return True


@train_steps_every_layer_once.reading
def _(answer, case):
    *others, (of_twice, *_) = answer
    inputs = [given for given, *_ in of_twice]
    return [*[[notes[-1][1][0], notes[-1][0][0]] for notes, *_ in others], np.array([*inputs[0], inputs[1][0]])]


# The trained network

LEARNED = Learned(0.97, noisy=0.94)


# A network written with loops may take its time for this many images.
@question("test_accuracy", points=0.5, seconds=60, form=of_scores)
def network_reads_unseen_digits(student, images, order, noise, classes):
    """The trained network reads at least 97 % of the held-out digits."""
    if len(student.network) == 0:
        # What stopped the training stops this step, too, and is told.
        network = [student.Dense(2, 3, learning_rate=0.3), student.ReLU(), student.Dense(3, 2, learning_rate=0.3)]
        student.train(network, np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([0, 1]))
        raise ValueError("`network` is an empty list: its training did not run to its end, or something emptied it")
    return scores(student, images, order, noise, classes)


network_reads_unseen_digits.reading(LEARNED.shares)
network_reads_unseen_digits.relation(LEARNED.relation)


# Sigmoid, Tanh, LeakyReLU


@question("test_activations", points=0.15, probes=LAYER)
def sigmoid_forward(student, X):
    """Sigmoid.forward is 1 / (1 + exp(-x))."""
    return student.Sigmoid().forward(X)


@question("test_activations", points=0.15, probes=LAYER)
def sigmoid_backward(student, X, G):
    """Sigmoid.backward is grad_output times the slope of the sigmoid at the input."""
    return backward(student.Sigmoid(), X, G)


@sigmoid_backward.differences
def _(student, X, G, **case):
    return through(student.Sigmoid().forward, X, G)


@question("test_activations", points=0.1, probes=LAYER)
def tanh_forward(student, X):
    """Tanh.forward is the hyperbolic tangent."""
    return student.Tanh().forward(X)


@question("test_activations", points=0.15, probes=LAYER)
def tanh_backward(student, X, G):
    """Tanh.backward is grad_output times the slope of tanh at the input."""
    return backward(student.Tanh(), X, G)


@tanh_backward.differences
def _(student, X, G, **case):
    return through(student.Tanh().forward, X, G)


@question("test_activations", points=0.1, form=items(length=3), probes=LAYER)
def leaky_forward(student, X):
    """LeakyReLU.forward multiplies what is negative by negative_slope, 0.01 unless given."""
    layers = [student.LeakyReLU(0.2), student.LeakyReLU(negative_slope=0.3), student.LeakyReLU()]
    return [layer.forward(X.copy()) for layer in layers]


@question("test_activations", points=0.15, probes=LAYER)
def leaky_backward(student, X, G):
    """LeakyReLU.backward multiplies by 1 where the input was positive, else by negative_slope."""
    return backward(student.LeakyReLU(negative_slope=0.2), X, G)


@leaky_backward.differences
def _(student, X, G, **case):
    return through(student.LeakyReLU(negative_slope=0.2).forward, X, G)


@question("test_activations", points=0.05, form=items(length=2))
def leaky_slope_at_zero(student, X, G):
    """LeakyReLU has the slope negative_slope at 0."""
    return [backward(student.LeakyReLU(slope), X, G) for slope in (0.3, 0.0)]


def both_ways(layer, X):
    """What forward gives, and backward with a grad_output of ones."""
    return [layer.forward(X.copy()), layer.backward(X.copy(), np.ones_like(X))]


def no_overflow(answer, case):
    """NaN comes from exp of a large number divided by another; choose a form in which exp gets no large argument."""
    return not any(
        isinstance(value, np.ndarray) and value.dtype.kind == "f" and np.isnan(value).any() for value in answer
    )


@question("test_activations", points=0.05, form=pairs(None, None))
def sigmoid_of_large_inputs(student, X):
    """Sigmoid is right for inputs as large as 1e3, forward and backward."""
    return both_ways(student.Sigmoid(), X)


@question("test_activations", points=0.05, form=pairs(None, None))
def tanh_of_large_inputs(student, X):
    """Tanh is right for inputs as large as 1e3, forward and backward."""
    return both_ways(student.Tanh(), X)


sigmoid_of_large_inputs.relation(no_overflow)
tanh_of_large_inputs.relation(no_overflow)


@question("test_activations", points=0.05, form=lambda case: items(pairs(of_runs(case), of_arguments(case)), length=3))
def activations_use_their_input_and_leave_it_alone(student, X, other, G):
    """The three backwards work from the input they are given; no argument is changed in place."""
    kinds = [student.Sigmoid, student.Tanh, student.LeakyReLU]
    return [[backward_after(kind, X, other, G), arguments_of(kind(), X, G)] for kind in kinds]


@activations_use_their_input_and_leave_it_alone.relation
def _(answer, case):
    """As the title says."""
    for runs, arguments in answer:
        for said in (works_from_its_input(runs, case), leaves_arguments_alone(arguments, case)):
            if isinstance(said, str) and said:
                return said
    return True


@activations_use_their_input_and_leave_it_alone.reading
def _(answer, case):
    return [gradient_and_output(runs, case) for runs, _ in answer]


# Dropout


def dropout(student, p):
    """A layer of the student's, in training."""
    return new(student.Dropout, p, values={"training": True})


def large(X):
    """The small array of the case many times over: [60, 50]."""
    return np.tile(X, (10, 10))


def kept(output, X):
    """The smallest and the largest factor of the entries that are not zero; zeros if all are."""
    use = (X != 0) & (output != 0)
    found = output[use] / X[use]
    return np.array([found.min(), found.max()]) if found.size else np.zeros(2)


@question("test_dropout", points=0.05, form=pairs(truth(), None, array(60, 50)))
def dropout_starts_training(student, X):
    """Dropout starts in training, and p = 0 drops nothing."""
    return [student.Dropout(0.3).training, student.Dropout(p=0.0).forward(X), dropout(student, 0.3).forward(large(X))]


@dropout_starts_training.relation
def _(answer, case):
    """Dropout: training is not True at the start"""
    return bool(answer[0])


@dropout_starts_training.reading
def _(answer, case):
    return [answer[1], kept(answer[2], large(case.X))]


@question("test_dropout", points=0.15, form=lambda case: items(array(150, *case.X.shape), len(case.shares)))
def dropout_drops_its_share(student, X, shares):
    """In training each element is dropped with probability p."""
    # Many forwards: the share must come out right even if whole rows or columns go, which others judge.
    layers = [dropout(student, p) for p in shares]
    return [np.array([np.asarray(layer.forward(X.copy())) == 0 for _ in range(150)]) for layer in layers]


@dropout_drops_its_share.relation
def _(answer, case):
    """Entries with a fate of their own: the number that is dropped differs from one forward to the next."""
    for zeros in answer:
        counts = zeros.sum(axis=(1, 2))
        # The same mask every time has the same number, too; that is judged by another question.
        if 0 < counts[0] < zeros[0].size and (counts == counts[0]).all() and (zeros != zeros[0]).any():
            return "Dropout: every forward drops just as many; each is to be dropped independently of the others"
    return True


@dropout_drops_its_share.reading
def _(answer, case):
    return [round(20 * float(zeros.mean())) / 20 for zeros in answer]


@question("test_dropout", points=0.2, form=array(60, 50), probes=Roles(fixed="X"))
def dropout_scales_what_it_keeps(student, X, p):
    """In training what is kept is scaled by one factor, so that the mean stays."""
    return dropout(student, p).forward(large(X))


@dropout_scales_what_it_keeps.relation
def _(answer, case):
    """Dropout.forward in training: everything is zero"""
    return bool(answer.any())


@dropout_scales_what_it_keeps.reading
def _(answer, case):
    return kept(answer, large(case.X))


@question("test_dropout", points=0.15, form=items(array(60, 50), length=3))
def dropout_mask_is_fresh_for_every_element(student, X, p):
    """In training each element has its own fate, drawn anew by every forward and in every layer."""
    one = dropout(student, p)
    outputs = [np.array(one.forward(large(X))) for _ in range(2)]
    return [*outputs, dropout(student, p).forward(large(X))]


@dropout_mask_is_fresh_for_every_element.relation
def _(answer, case):
    """Neither rows nor columns, and no two forwards, share their fate."""
    first, second, other = (output == 0 for output in answer)
    if not first.any() or first.all():
        return "Dropout.forward in training drops nothing, or everything"
    for axis, lines in ((0, "columns"), (1, "rows")):
        alike = (first == np.take(first, [0], axis)).all() or (first.all(axis) | ~first.any(axis)).any()
        if alike:
            return f"Dropout: whole {lines} are dropped; the mask has the shape of the input"
    if (first == second).all():
        return "Dropout: every forward uses the same mask; draw a new one each time"
    return "Dropout: every new layer draws the same masks; set no seed of your own" if (first == other).all() else True


@dropout_mask_is_fresh_for_every_element.reading
def _(answer, case):
    return kept(answer[0], large(case.X))


@question("test_dropout", points=0.2, form=items(array(60, 50), length=2))
def dropout_backward_reuses_the_mask(student, X, G, p):
    """In training backward multiplies by the very mask that the last forward used."""
    layer = dropout(student, p)
    layer.forward(large(X))
    output = np.array(layer.forward(large(X)))
    return [output, layer.backward(large(X), large(G))]


@dropout_backward_reuses_the_mask.relation
def _(answer, case):
    """The gradient is stopped where the output was, and scaled as it was."""
    output, grad = answer
    X, G = large(case.X), large(case.G)
    seen, what = X != 0, "Dropout.backward in training"
    dropped, stopped = (output == 0)[seen], (grad == 0)[seen]
    if not dropped.any() or dropped.all():
        return "Dropout.forward in training drops nothing, or everything"
    if not stopped.any():
        return f"{what}: the gradient passes where the element was dropped"
    if (stopped != dropped).any():
        return (
            f"{what}: zero in other places than the output of the forward before it; use its mask, and draw none here"
        )
    unseen = (grad == 0)[~seen]
    if unseen.all() or not unseen.any():
        return f"{what}: an input of 0 looks dropped and need not be; keep the mask, do not read it off the output"
    both = seen & (output != 0)
    back, forth = grad[both] / G[both], output[both] / X[both]
    if same(back, np.ones_like(back)) and not same(forth, back):
        return f"{what}: masked, but not scaled as in forward"
    return same(back, forth) or f"{what}: not scaled as in forward"


@dropout_backward_reuses_the_mask.reading
def _(answer, case):
    return kept(answer[1], large(case.G))


@question("test_dropout", points=0.1, form=pairs(array(60, 50), None))
def dropout_is_the_identity_otherwise(student, X, p):
    """When not training, Dropout.forward gives back its input."""
    layer = dropout(student, p)
    trained = np.array(layer.forward(large(X)))
    layer.training = False
    return [trained, layer.forward(X)]


@question("test_dropout", points=0.1, form=pairs(array(60, 50), None))
def dropout_passes_gradients_otherwise(student, X, G, p):
    """When not training, Dropout.backward gives back grad_output."""
    layer = dropout(student, p)
    trained = np.array(layer.forward(large(X)))
    layer.forward(X.copy())
    layer.training = False
    return [trained, backward(layer, X, G)]


@dropout_is_the_identity_otherwise.relation
def _(answer, case):
    """Dropout.forward when not training: still drops; it is the identity then"""
    return not (isinstance(answer[1], np.ndarray) and answer[1].shape == case.X.shape and (answer[1] == 0).any())


@dropout_passes_gradients_otherwise.relation
def _(answer, case):
    """Dropout.backward when not training: still masked by the last forward in training"""
    return not (isinstance(answer[1], np.ndarray) and answer[1].shape == case.G.shape and (answer[1] == 0).any())


@dropout_is_the_identity_otherwise.reading
@dropout_passes_gradients_otherwise.reading
def _(answer, case):
    return [kept(answer[0], large(case.X)), answer[1]]


@question("test_dropout", points=0.05, form=of_arguments)
def dropout_leaves_its_arguments_alone(student, X, G, p):
    """Dropout changes neither its input nor grad_output in place."""
    return arguments_of(dropout(student, p), X, G)


dropout_leaves_its_arguments_alone.relation(leaves_arguments_alone)


@dropout_leaves_its_arguments_alone.reading
def _(answer, case):
    return kept(answer[0], case.G)


# BatchNorm


def batchnorm(student, state, training=True, momentum=0.9, eps=TINY, learning_rate=0.1):
    """A layer of the student's with this state: gamma, beta, running_mean, running_var."""
    values = {**state, "training": training}
    options = {"momentum": momentum, "eps": eps, "learning_rate": learning_rate}
    return new(student.BatchNorm, len(state["gamma"]), values=values, **options)


def with_state(layer, state, training=True):
    """The layer, which was made in a way that is part of the question, with this state."""
    return new(lambda: layer, values={**state, "training": training})


def backward_when_predicting(student, state, X, G, eps=TINY):
    """What backward gives with this state, whether forward moves it or not."""
    layer = batchnorm(student, state, training=False, eps=eps)
    try:
        layer.forward(X.copy())
    except Exception:
        pass  # judged by other questions
    return with_state(layer, state, training=False).backward(X.copy(), G.copy())


@question("test_batchnorm", points=0.1, form=pairs(truth(), None, None, None, None, None))
def batchnorm_starts_neutral(student, X, G):
    """BatchNorm starts in training; gamma and running variance 1, beta and running mean 0."""
    layer = student.BatchNorm(X.shape[1])
    names = ["training", "gamma", "beta", "running_mean", "running_var"]
    output = new(student.BatchNorm, X.shape[1]).forward(X.copy())
    return [*[getattr(layer, name) for name in names], [output, gradient_of(new(student.BatchNorm, X.shape[1]), X, G)]]


@batchnorm_starts_neutral.relation
def _(answer, case):
    """BatchNorm: training is not True at the start"""
    return bool(answer[0])


@question("test_batchnorm", points=0.2, probes=MIXING)
def batchnorm_normalises_by_the_batch(student, X, state):
    """In training, forward normalises by the batch, scales by gamma and shifts by beta."""
    return batchnorm(student, state).forward(X)


@question("test_batchnorm", points=0.05, form=items(length=6), probes=MIXING)
def batchnorm_eps_is_inside_the_root(student, X, G, state, eps):
    """The deviation is sqrt(variance + eps), forward and backward, and eps is 1e-5 unless given."""
    units = X.shape[1]
    made = [student.BatchNorm(units, eps=eps), student.BatchNorm(units, 0.9, eps), student.BatchNorm(units)]
    outputs = [with_state(layer, state).forward(X.copy()) for layer in made]
    predicting = batchnorm(student, state, training=False, eps=eps)
    outputs.append(np.array(predicting.forward(X.copy())))
    in_training = backward(batchnorm(student, state, eps=eps), X, G)
    return [*outputs, in_training, backward_when_predicting(student, state, X, G, eps=eps)]


@question("test_batchnorm", points=0.15, form=items(pairs(None, None), length=5), probes=MIXING)
def batchnorm_moves_its_running_statistics(student, X, G, state, momentum):
    """running <- momentum * running + (1 - momentum) * batch, by forward in training alone."""
    units = X.shape[1]

    def moved(layer, step=False):
        layer.forward(X.copy())
        try:
            if step:
                layer.backward(X.copy(), G.copy())
        except Exception:
            pass  # judged by other questions
        return [np.array(layer.running_mean), np.array(layer.running_var)]

    made = [student.BatchNorm(units, momentum=momentum), student.BatchNorm(units, momentum), student.BatchNorm(units)]
    after = [moved(with_state(layer, state)) for layer in made]
    stepped = moved(with_state(student.BatchNorm(units), state), step=True)
    return [*after, stepped, moved(batchnorm(student, state, training=False))]


@batchnorm_moves_its_running_statistics.relation
def _(answer, case):
    """By each forward in training, and by nothing else."""
    *_, usual, stepped, predicting = answer
    for name, value in zip(("running_mean", "running_var"), predicting):  # noqa: B905
        if not same(value, case.state[name]):
            return f"BatchNorm.{name} moves when not training"
    return same(stepped, usual) or "backward moves the running statistics once more: it must not run forward again"


@batchnorm_moves_its_running_statistics.reading
def _(answer, case):
    return [value for moved in answer[:3] for value in moved]


@question("test_batchnorm", points=0.1, probes=LAYER)
def batchnorm_uses_running_statistics_otherwise(student, X, state):
    """When not training, forward normalises by the running statistics."""
    return batchnorm(student, state, training=False).forward(X)


@question("test_batchnorm", points=0.2, probes=MIXING)
def batchnorm_gradient_through_the_statistics(student, X, G, state):
    """In training, the input gradient goes through the batch's mean and variance too."""
    return backward(batchnorm(student, state), X, G)


@batchnorm_gradient_through_the_statistics.differences
def _(student, X, G, **case):
    return through(batchnorm(student, case["state"]).forward, X, G)


@question("test_batchnorm", points=0.05, probes=LAYER)
def batchnorm_gradient_otherwise(student, X, G, state):
    """When not training, the statistics are constants for the gradient."""
    return backward_when_predicting(student, state, X, G)


@question("test_batchnorm", points=0.1, form=items(pairs(None, None, None), length=2), probes=LAYER)
def batchnorm_takes_one_step(student, X, G, state, learning_rate):
    """In training, backward takes a step on gamma and beta, gradients summed over the batch."""
    units = X.shape[1]
    made = [student.BatchNorm(units, learning_rate=learning_rate), student.BatchNorm(units)]
    return [backward(with_state(layer, state), X, G, "gamma", "beta") for layer in made]


@batchnorm_takes_one_step.reading
def _(answer, case):
    return [value for _, *stepped in answer for value in stepped]


@question("test_batchnorm", points=0.05, form=lambda case: pairs(of_runs(case), of_arguments(case)))
def batchnorm_backward_uses_its_input(student, X, other, G, state):
    """BatchNorm.backward is right for the input it is given; no argument is changed in place."""
    runs = backward_after(lambda: batchnorm(student, state), X, other, G, "gamma", "beta")
    return [runs, arguments_of(batchnorm(student, state), X, G)]


@batchnorm_backward_uses_its_input.relation
def _(answer, case):
    """As the title says."""
    runs, arguments = answer
    said = works_from_its_input(runs, case)
    return leaves_arguments_alone(arguments, case) if said is True else said


@batchnorm_backward_uses_its_input.reading
def _(answer, case):
    return gradient_and_output(answer[0], case)


# Initialisation


SIZES = Roles(sizes="input_units output_units", fixed="seeds")


def drawn(init, input_units, output_units, *seeds):
    """Weights of these sizes, for each seed from a generator of its own."""
    return [np.array(init(input_units, output_units, np.random.default_rng(seed))) for seed in seeds]


def of_weights(case):
    """The form of weights."""
    return items(array(case.input_units, case.output_units))


def centred(answer, case):
    """Are the weights zero on average, and not all alike?"""
    W = answer[0]
    if not W.std() > 0:
        return f"all {W.size} weights are equal"
    return bool(abs(W.mean()) < 6 * W.std() / np.sqrt(W.size)) or "the mean is not zero"


def from_its_generator(answer, case):
    """Are the weights drawn from `rng`, and from nothing else?"""
    W, again, other = answer
    if not same(W, again):
        return "the same rng gives other weights: draw all of them from rng, none from np.random"
    return "another rng gives the same weights: draw from rng, not from one of your own" if same(W, other) else True


def deviation(answer, case):
    return float(answer[0].std())


def shape_and_deviation(answer, case):
    """The kurtosis in steps of 0.3, and the standard deviation."""
    squares = (answer[0] - answer[0].mean()) ** 2
    return [round(10 * float((squares**2).mean() / squares.mean() ** 2) / 3) * 3 / 10, deviation(answer, case)]


@question("test_better_init", points=0.05, form=of_weights)
def he_weights_are_zero_on_average(student, input_units, output_units, seeds):
    """he_init gives weights [in, out] that are zero on average."""
    return drawn(student.he_init, input_units, output_units, *seeds)


@question("test_better_init", points=0.15, form=of_weights, probes=SIZES)
def he_deviation(student, input_units, output_units, seeds):
    """he_init has the variance of He et al."""
    return drawn(student.he_init, input_units, output_units, *seeds)


@question("test_better_init", points=0.05, form=of_weights, probes=SIZES)
def he_is_normal(student, input_units, output_units, seeds):
    """he_init draws from a normal distribution, and all of it from rng."""
    return drawn(student.he_init, input_units, output_units, seeds[0], *seeds)


@question("test_better_init", points=0.05, form=of_weights)
def xavier_weights_are_zero_on_average(student, input_units, output_units, seeds):
    """xavier_init gives weights [in, out] that are zero on average."""
    return drawn(student.xavier_init, input_units, output_units, *seeds)


@question("test_better_init", points=0.15, form=of_weights, probes=SIZES)
def xavier_deviation(student, input_units, output_units, seeds):
    """xavier_init has the variance of Glorot and Bengio."""
    return drawn(student.xavier_init, input_units, output_units, *seeds)


@question("test_better_init", points=0.05, form=of_weights, probes=SIZES)
def xavier_is_uniform(student, input_units, output_units, seeds):
    """xavier_init draws from a uniform distribution, and all of it from rng."""
    return drawn(student.xavier_init, input_units, output_units, seeds[0], *seeds)


for _asked in (he_weights_are_zero_on_average, xavier_weights_are_zero_on_average):
    _asked.relation(centred)
for _asked in (he_is_normal, xavier_is_uniform):
    _asked.relation(from_its_generator)
    _asked.reading(shape_and_deviation)
for _asked in (he_weights_are_zero_on_average, he_deviation, xavier_weights_are_zero_on_average, xavier_deviation):
    _asked.reading(deviation)
