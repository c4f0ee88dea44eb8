"""What the checks of homework 1 ask, in the notebook and when it is graded."""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from grader.checks.questions import array, checks_of, items, lent, number, pairs, question, same, truth, unchanged
from grader.checks.questions.forms import described

check = checks_of(__name__)

# What layers are asked


def new(make, *args, values=None, **options):
    """A new layer, with these values for attributes."""
    layer = make(*args, **options)
    for name, value in (values or {}).items():
        setattr(layer, name, value)
    return layer


def backward(layer, X, G, *names):
    """What backward(X, G) gives after forward(X), as in training; with names, in a list with those attributes."""
    try:
        layer.forward(X.copy())
    except Exception:
        pass  # what forward gives or raises is judged by other questions
    grad_input = layer.backward(X.copy(), G.copy())
    return [grad_input, *[np.array(getattr(layer, name)) for name in names]] if names else grad_input


def backward_after(make, X, other, G, *names):
    """What backward(X, G) and `names` are after forward(X), without a forward, after forward(other); and with other.

    Each on a new layer. In place of all but the first an error's text, where there is one.
    """

    def run(seen, input):
        layer = make()
        try:
            if seen is not None:
                layer.forward(seen.copy())
        except Exception:
            pass
        grad_input = layer.backward(input.copy(), G.copy())
        return [np.array(grad_input), *[np.array(getattr(layer, name)) for name in names]]

    def attempted(seen, input):
        try:
            return run(seen, input)
        except Exception as error:
            return f"{type(error).__name__}: {error}"

    return [run(X, X), attempted(None, X), attempted(other, X), attempted(None, other)]


def works_from_its_input(answer, case):
    """backward gives the same whatever forward saw before, and not the same for another input."""
    usual, without, after_other, elsewhere = answer
    hint = "backward must work from the input that it is given; it uses what the last forward left behind"
    for again in (without, after_other, elsewhere):
        if isinstance(again, str):
            return f"{hint}; without that forward it stopped with {again}"
    if not (same(without, usual) and same(after_other, usual)):
        return hint
    return "backward gives the same whatever the input is" if same(elsewhere, usual) else True


def arguments_of(layer, X, G):
    """What forward and backward give, and their arguments afterwards."""
    seen, output = X.copy(), None
    try:
        output = np.array(layer.forward(seen))
    except Exception:
        pass  # judged by other questions
    input, grad_output = X.copy(), G.copy()
    grad_input = np.array(layer.backward(input, grad_output))
    return [grad_input, output, seen, input, grad_output]


def leaves_arguments_alone(answer, case):
    """Neither forward nor backward changes its arguments."""
    _, output, seen, input, grad_output = answer
    if same(output, case.X):
        return "forward gives back its input as it is"
    changed = unchanged("the input of forward", seen, case.X) or unchanged("the input of backward", input, case.X)
    return changed or unchanged("grad_output", grad_output, case.G)


def of_runs(case):
    """The form of what `backward_after` gives."""
    return items(length=4)


def of_arguments(case):
    """The form of what `arguments_of` gives."""
    return pairs(array(*case.X.shape), None, None, None, None)


# ReLU


@question("test_relu", points=0.35)
def relu_zeroes_negative_inputs(student, X):
    """ReLU.forward keeps what is positive and puts zero for the rest."""
    return student.ReLU().forward(X)


@question("test_relu", points=0.35)
def relu_gradient_passes_where_input_is_positive(student, X, G):
    """ReLU.backward passes the gradient where the input was positive and stops it elsewhere."""
    return backward(student.ReLU(), X, G)


@question("test_relu", points=0.1)
def relu_slope_at_zero_is_zero(student, X, G):
    """ReLU'(0) = 0."""
    return backward(student.ReLU(), X, G)


@question("test_relu", points=0.1, form=of_runs)
def relu_backward_uses_its_input(student, X, other, G):
    """ReLU.backward is right for the input it is given, whatever forward saw before."""
    return backward_after(student.ReLU, X, other, G)


relu_backward_uses_its_input.relation(works_from_its_input)


@relu_backward_uses_its_input.reading
def _(answer, case):
    return answer[0][0]


@question("test_relu", points=0.1, form=of_arguments)
def relu_leaves_its_arguments_alone(student, X, G):
    """ReLU changes neither its input nor grad_output in place."""
    return arguments_of(student.ReLU(), X, G)


relu_leaves_its_arguments_alone.relation(leaves_arguments_alone)


@relu_leaves_its_arguments_alone.reading
def _(answer, case):
    return answer[0]


# Dense


def dense(student, W, b, **options):
    """A layer of the student's with these parameters."""
    return new(student.Dense, *W.shape, values={"weights": W.copy(), "biases": b.copy()}, **options)


def dense_output(student, X, W, b=None):
    """What forward gives with these parameters, where weights [out, in] are judged by another question."""
    layer = student.Dense(*W.shape)
    layer.weights = W.T.copy() if np.shape(layer.weights) == W.shape[::-1] else W.copy()
    if b is not None:
        layer.biases = b.copy()
    return layer.forward(X)


def of_fresh_weights(case):
    """The form of the weights of two new layers [120, 90], and what comes with them."""
    return pairs(array(120, 90), array(120, 90), None)


@question("test_dense", points=0.15, form=of_fresh_weights)
def dense_starts_with_small_random_weights(student, X, W, b):
    """Dense starts with weights [in, out] that are random, small, and zero on average."""
    started = [np.array(student.Dense(120, 90).weights) for _ in range(2)]
    return [*started, dense_output(student, X, W, b)]


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
def dense_starts_with_zero_biases(student, X, W):
    """Dense starts with biases [out], all zero."""
    return [student.Dense(*W.shape).biases, dense_output(student, X, W)]


@question("test_dense", points=0.3)
def dense_multiplies_by_its_weights(student, X, W):
    """Dense.forward multiplies every row by the weights."""
    return dense(student, W, np.zeros(W.shape[1])).forward(X)


@question("test_dense", points=0.2)
def dense_adds_its_biases(student, X, W, b):
    """Dense.forward adds the biases to every row."""
    return dense(student, W, b).forward(X)


@question("test_dense", points=0.3)
def dense_input_gradient(student, X, G, W, b):
    """Dense.backward returns the gradient of its input (learning rate next to zero)."""
    return backward(dense(student, W, b, learning_rate=1e-13), X, G)


@question("test_dense", points=0.2)
def dense_input_gradient_before_the_step(student, X, G, W, b):
    """Dense.backward takes the input gradient with the weights from before the step."""
    return backward(dense(student, W, b, learning_rate=0.3), X, G)


@question("test_dense", points=0.3, form=pairs(None, None))
def dense_weights_take_one_summed_step(student, X, G, W, b):
    """Dense.backward takes one step on the weights, by learning_rate, down their gradient summed over the batch."""
    return backward(dense(student, W, b, learning_rate=0.07), X, G, "weights")


@question("test_dense", points=0.2, form=pairs(None, None))
def dense_biases_take_one_summed_step(student, X, G, W, b):
    """Dense.backward takes one step on the biases, by learning_rate, down their gradient summed over the batch."""
    return backward(dense(student, W, b, learning_rate=0.07), X, G, "biases")


@question("test_dense", points=0.05, form=lambda case: items(array(*case.W.shape), length=3))
def dense_step_follows_its_learning_rate(student, X, G, W):
    """Dense steps in proportion to its learning_rate, which is 0.1 unless given."""

    def stepped(*args, **options):
        layer = new(student.Dense, *W.shape, *args, values={"weights": W.copy()}, **options)
        return backward(layer, X, G, "weights")[1]

    return [stepped(), stepped(0.02), stepped(learning_rate=0.02)]


@dense_step_follows_its_learning_rate.reading
def _(answer, case):
    usual, by_position, by_name = answer
    return [usual - case.W, 5 * (by_position - case.W), 5 * (by_name - case.W)]


@question("test_dense", points=0.1, form=of_runs)
def dense_backward_uses_its_input(student, X, other, G, W, b):
    """Dense.backward is right for the input it is given, whatever forward saw before."""
    return backward_after(lambda: dense(student, W, b, learning_rate=0.1), X, other, G, "weights", "biases")


dense_backward_uses_its_input.relation(works_from_its_input)


@dense_backward_uses_its_input.reading
def _(answer, case):
    return answer[0][0]


@question("test_dense", points=0.1, form=of_arguments)
def dense_leaves_its_arguments_alone(student, X, G, W, b):
    """Dense changes neither its input nor grad_output in place."""
    return arguments_of(dense(student, W, b, learning_rate=0.1), X, G)


dense_leaves_its_arguments_alone.relation(leaves_arguments_alone)


@dense_leaves_its_arguments_alone.reading
def _(answer, case):
    return answer[0]


# forward and train, on layers of our own


class Affine(list):
    """A layer y = factor * x + shift, which is the list of these two, so that a network of such layers is plain data.

    It notes what its backward is given. Each backward makes the factor larger, by a rule of its own, so that it is seen
    whether something was computed before or after it. Two of them are never equal.
    """

    __hash__ = object.__hash__  # type: ignore[assignment]
    __eq__ = object.__eq__
    __ne__ = object.__ne__

    def __init__(self, factor, shift):
        super().__init__([factor, shift])
        self.inputs, self.grads = [], []

    def forward(self, input):
        return self[0] * input + self[1]

    def backward(self, input, grad_output):
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


def activations(student, factors, shifts, X):
    """What forward returns, X afterwards, and whether the network is as it was."""
    network, given = chained(factors, shifts), X.copy()
    before = list(network)
    found = student.forward(network, given)
    return [found, given, is_as_it_was(network, before)]


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


def leaves_network_and_batch_alone(answer, case):
    """forward changes neither X nor the network."""
    _, X, kept = answer
    changed = "forward: the network was changed in place; it must hold the same layers as before"
    return unchanged("X", X, case.X) or (True if kept is True else changed)


@question("test_forward", points=0.35, form=pairs(None, None, truth()))
def forward_lists_every_activation(student, factors, shifts, X):
    """forward returns the activation of every layer, in order."""
    return activations(student, factors, shifts, X)


@question("test_forward", points=0.15, form=items(items(length=3), length=3))
def forward_takes_any_depth(student, networks, X):
    """forward works for a network of any number of layers, and leaves X and the network as they are."""
    return [activations(student, factors, shifts, X) for factors, shifts in networks]


forward_lists_every_activation.relation(lists_every_activation)


@forward_lists_every_activation.reading
def _(answer, case):
    return answer[0]


@forward_takes_any_depth.relation
def _(answer, case):
    """Right for each of the networks."""
    for (factors, _), one in zip(case.networks, answer):  # noqa: B905
        its = SimpleNamespace(factors=factors, X=case.X)
        said = lists_every_activation(one, its)
        if said is True:
            said = leaves_network_and_batch_alone(one, its)
        if said is not True:
            return said
    return True


@forward_takes_any_depth.reading
def _(answer, case):
    return [activation for found, _, _ in answer for activation in found]


@lent
def forward(network, X):
    """The output of every layer, in order: a list of as many arrays as layers, without X."""


@question("test_train", points=0.3, lends=(forward,))
def train_returns_mean_loss(student, factors, shifts, X, y):
    """train returns the mean loss of the batch, before the step."""
    return student.train(chained(factors, shifts), X, y)


def trained(student, factors, shifts, X, y):
    """After train: of each layer what its backward was given at its first call, and the number of calls.

    Behind it whether the network is as it was, and the batch.
    """
    network, images, labels = chained(factors, shifts), X.copy(), y.copy()
    before = list(network)
    student.train(network, images, labels)
    notes = [[layer.inputs[:1], layer.grads[:1], len(layer.grads)] for layer in before]
    return [notes, is_as_it_was(network, before), images, labels]


def of_training(case):
    """The form of what `trained` gives."""
    note = items(array(*case.X.shape), most=1)
    return pairs(items(pairs(note, note, number())), truth(), None, None)


def calls_a_backward(answer, case):
    """train calls no layer's backward."""
    return any(count for _, _, count in answer[0])


def first_notes(notes, place):
    """The first note of each layer; zeros for a layer that was never called, which another question judges."""
    shape = next(note[place][0].shape for note in notes if note[place])
    return np.array([note[place][0] if note[place] else np.zeros(shape) for note in notes])


@question("test_train", points=0.25, lends=(forward,), form=of_training)
def train_passes_gradients_back(student, factors, shifts, X, y):
    """train starts from the gradient of the loss and passes it back through the layers, last to first."""
    return trained(student, factors, shifts, X, y)


train_passes_gradients_back.relation(calls_a_backward)


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


@question("test_train", points=0.2, lends=(forward,), form=lambda case: items(of_training(case), len(case.networks)))
def train_steps_every_layer_once(student, networks, X, y):
    """train calls the backward of every layer exactly once, in a network of any depth, and changes no argument."""
    return [trained(student, factors, shifts, X, y) for factors, shifts in networks]


@train_steps_every_layer_once.relation
def _(answer, case):
    """backward once for each layer; network, X and y as they were."""
    for notes, kept, X, y in answer:
        counts = [count for _, _, count in notes]
        where = f"train, a network of {len(counts)} layers: backward"
        if not any(counts):
            return f"{where} is never called, so that nothing learns"
        if not counts[0]:
            return f"{where} is not called for the first layer, which never learns"
        if not counts[-1]:
            return f"{where} is not called for the last layer, which never learns"
        if not all(counts):
            return f"{where} is not called for every layer"
        if max(counts) > 1:
            return f"{where} is called more than once for a layer; one step a batch is asked for"
        if not kept:
            return "train: the network was changed in place; it must hold the same layers as before"
        changed = unchanged("X", X, case.X) or unchanged("y", y, case.y)
        if changed:
            return changed
    return True


@train_steps_every_layer_once.reading
def _(answer, case):
    return [notes[-1][1][0] for notes, *_ in answer]


# Sigmoid, Tanh, LeakyReLU


@question("test_activations", points=0.15)
def sigmoid_forward(student, X):
    """Sigmoid.forward is 1 / (1 + exp(-x))."""
    return student.Sigmoid().forward(X)


@question("test_activations", points=0.15)
def sigmoid_backward(student, X, G):
    """Sigmoid.backward is grad_output times the slope of the sigmoid at the input."""
    return backward(student.Sigmoid(), X, G)


@question("test_activations", points=0.1)
def tanh_forward(student, X):
    """Tanh.forward is the hyperbolic tangent."""
    return student.Tanh().forward(X)


@question("test_activations", points=0.15)
def tanh_backward(student, X, G):
    """Tanh.backward is grad_output times the slope of tanh at the input."""
    return backward(student.Tanh(), X, G)


@question("test_activations", points=0.1, form=items(length=3))
def leaky_forward(student, X):
    """LeakyReLU.forward keeps what is positive and multiplies the rest by negative_slope, 0.01 unless given."""
    layers = [student.LeakyReLU(0.2), student.LeakyReLU(negative_slope=0.3), student.LeakyReLU()]
    return [layer.forward(X.copy()) for layer in layers]


@question("test_activations", points=0.15)
def leaky_backward(student, X, G):
    """LeakyReLU.backward multiplies by 1 where the input was positive, else by negative_slope."""
    return backward(student.LeakyReLU(negative_slope=0.2), X, G)


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
    """The three backwards work from the input they are given, and no argument is changed in place."""
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
    return [runs[0][0] for runs, _ in answer]
