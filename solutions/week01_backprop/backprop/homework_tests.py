"""Hidden tests of the required exercises: ReLU, Dense, forward, train, and the trained network."""

from functools import cache

import numpy as np

from grader import checks
from grader.checks.diagnosis.named import numbered
from grader.judge import expect, expect_that, expect_unchanged, hidden_test, kept, prop
from grader.judge.authoring.verdicts import StudentError, Wrong

from .asking import (
    found,
    numbers,
    same,
)

# forward


@prop
class Affine:
    """A layer y = factor * x + shift that notes what its backward is given.

    Each backward makes the factor larger, by a rule of its own, so that it is seen whether something was computed
    before or after it.
    """

    def __init__(self, factor, shift):
        self.factor, self.shift = factor, shift
        self.inputs, self.grads = [], []

    def forward(self, input):
        return self.factor * input + self.shift

    def backward(self, input, grad_output):
        self.inputs.append(np.array(input))
        self.grads.append(np.array(grad_output))
        grad_input = self.factor * grad_output
        self.factor = self.factor + 1
        return grad_input


@prop
def chained(layer, factors, shifts):
    """A network of such layers."""
    return [layer(factor, shift) for factor, shift in zip(factors, shifts, strict=True)]


@prop
def noted(layers, name):
    """What each of them has noted under this name."""
    return [getattr(layer, name) for layer in layers]


def affine_network(student, factors, shifts):
    """Layers of the kind ``Affine`` in the student's process."""
    return student.prop(chained)(student.prop(Affine), factors.tolist(), list(shifts))


def outputs(factors, shifts, X):
    """What each layer of a chain of ``Affine`` gives, in order."""
    results = []
    for factor, shift in zip(factors, shifts, strict=True):
        X = factor * X + shift
        results.append(X)
    return results


def chain(rng, depth, units=4):
    """Factors and shifts of ``depth`` layers: no two layers alike, no order of them as good as another."""
    return rng.permutation(np.linspace(0.6, 1.3, depth)), rng.normal(size=(depth, units))


def expect_activations(student, rng, depth):
    X = rng.normal(size=(6, 4))
    factors, shifts = chain(rng, depth)
    result = student.forward(affine_network(student, factors, shifts), X)
    wanted = outputs(factors, shifts, X)
    expect_that(not same(result, wanted[-1]), "forward returns the last activation alone; all of them are asked for")
    expect_that(
        isinstance(result, (list, tuple)), f"forward: a list of the activations is expected, found {found(result)}"
    )
    if len(result) == depth + 1 and same(result[0], X):
        expect_that(False, "forward: the list starts with the input, which is not an activation of any layer")
    count = f"forward: {len(result)} activations for a network of depth {depth}; there is one for each layer"
    expect_that(len(result) == depth, count)
    backwards = outputs(factors[::-1], shifts[::-1], X)
    for i in range(depth):
        mistakes = {"every layer must get the output of the layer before it, not X": factors[i] * X + shifts[i]}
        mistakes |= {"the list holds the inputs of the layers": wanted[i - 1] if i else X}
        mistakes |= {"the last layer comes first": backwards[i]}
        mistakes |= {"the activations are listed from the last to the first": wanted[depth - 1 - i]}
        mistakes = {text: value for text, value in numbered(mistakes) if not same(value, wanted[i])}
        expect(result[i], wanted[i], what=f"forward, activation {i + 1} of {depth}", mistakes=mistakes)


@hidden_test("test_forward", points=0.35)
def forward_lists_every_activation(student, rng):
    """forward returns the activation of every layer, in order."""
    expect_activations(student, rng, depth=3)


@hidden_test("test_forward", points=0.15)
def forward_takes_any_depth(student, rng):
    """forward works for a network of any number of layers, and leaves X as it is."""
    for depth in (1, 2, 7):
        expect_activations(student, rng, depth)
    X = rng.normal(size=(6, 4))
    given = student.put(X)
    student.forward([student.prop(Affine)(2.0, 1.0)], given)
    expect_unchanged(given, X, what="X")


# train: judged with the student's own forward and, where that does not do, with a right one in its place


def right_forward(network, X):
    """forward as the contract asks for it, for a train whose author's own forward is wrong."""
    activations = []
    for layer in network:
        X = layer.forward(X)
        activations.append(X)
    return activations


def apart_from_forward(student, question):
    """Ask; if that fails, ask again with a right ``forward`` in place of the student's."""
    try:
        question()
    except (Wrong, StudentError):
        with student.replacing(forward=right_forward):
            question()


def crossentropies(logits, y):
    """The loss of every sample, and its gradient [batch, classes]."""
    shifted = logits - logits.max(axis=1, keepdims=True)  # public
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))  # public
    rows = np.arange(len(y))
    slopes = np.exp(log_p)
    slopes[rows, y] -= 1
    return -log_p[rows, y], slopes


class Training:
    """One call of the student's train on a chain of ``Affine`` layers, beside what should come of it."""

    def __init__(self, rng, depth=3):
        self.X, self.y = rng.normal(size=(6, 4)), rng.integers(0, 4, size=6)
        self.factors, self.shifts = chain(rng, depth)
        self.activations = outputs(self.factors, self.shifts, self.X)
        self.losses, slopes = crossentropies(self.activations[-1], self.y)
        self.grads = [slopes / len(self.y)]
        for factor in self.factors[:0:-1]:
            self.grads.insert(0, self.grads[0] * factor)
        self.inputs = [self.X, *self.activations[:-1]]
        stepped = outputs(self.factors + 1, self.shifts, self.X)[-1]
        self.losses_after, _ = crossentropies(stepped, self.y)

    def run(self, student):
        """-> (what train returned, the layers with their notes)."""
        layers = affine_network(student, self.factors, self.shifts)
        return student.train(layers, self.X, self.y), layers

    def expect_notes(self, student, name, wanted, mistakes, what):
        """The first backward of layer i noted ``wanted[i]`` under ``name``. Layers never called are left out.

        ``mistakes`` hold, as ``wanted`` does, one array for each layer: most of them show only in all layers together.
        """
        _, layers = self.run(student)
        notes = dict(enumerate(student.prop(noted)(layers, name)))
        called = [i for i, note in notes.items() if len(note)]
        expect_that(bool(called), "train calls no layer's backward")
        for i in reversed(called):
            numbers(notes[i][0], wanted[i].shape, f"train, {what} of layer {i + 1} of {len(layers)}")
        together = {text: np.array([value[i] for i in called]) for text, value in mistakes.items()}
        yours, right = np.array([notes[i][0] for i in called]), np.array([wanted[i] for i in called])
        expect(yours, right, what=f"train, {what} of each layer", mistakes=together)


@hidden_test("test_train", points=0.3)
def train_returns_mean_loss(student, rng):
    """train returns the mean loss of the batch, before the step."""
    case = Training(rng)

    def question():
        loss, _ = case.run(student)
        expect_that(not same(loss, case.losses), "train returns the loss of every sample; their mean is asked for")
        expect(
            loss,
            case.losses.mean(),
            what="the loss that train returns",
            mistakes={
                "summed over the batch; the mean is asked for": case.losses.sum(),
                "the loss is taken after the step; it is asked for before": case.losses_after.mean(),
                "divided by the batch size twice": case.losses.mean() / len(case.y),
                "the loss of one sample; the mean over the batch is asked for": case.losses[-1],
            },
            scales={"batch_size": len(case.y)},
        )

    apart_from_forward(student, question)


@hidden_test("test_train", points=0.25)
def train_passes_gradients_back(student, rng):
    """train starts from the gradient of the loss and passes it back through the layers, last to first."""
    case = Training(rng)
    factors, top, size = case.factors, case.grads[-1], len(case.y)
    depth = range(len(factors))
    mistakes = {
        "divided by the batch size once more": [grad / size for grad in case.grads],
        "not divided by the batch size": [grad * size for grad in case.grads],
        "every layer gets the gradient of the loss, not what the layer after it handed down": [top for _ in depth],
        "the gradient enters at the first layer; it enters at the last": [top * np.prod(factors[:i]) for i in depth],
        "the last layer is passed over": [grad / factors[-1] for grad in case.grads],
        "handed down by a layer that had taken its step before": [top * np.prod(factors[i + 1 :] + 1) for i in depth],
    }
    apart_from_forward(
        student,
        lambda: case.expect_notes(student, "grads", case.grads, mistakes, "the grad_output given to the backward"),
    )


@hidden_test("test_train", points=0.25)
def train_gives_each_layer_its_own_input(student, rng):
    """train gives the backward of every layer the input which that layer had going forward."""
    case = Training(rng)
    mistakes = {
        "the layer's own output; its input is asked for": case.activations,
        "X for every layer, which is the input of the first alone": [case.X for _ in case.inputs],
        "the layers are taken in reverse, their inputs are not": case.inputs[::-1],
        "off by one: the input of the layer before": [case.X, *case.inputs[:-1]],
    }
    apart_from_forward(
        student, lambda: case.expect_notes(student, "inputs", case.inputs, mistakes, "the input given to the backward")
    )


@hidden_test("test_train", points=0.2)
def train_steps_every_layer_once(student, rng):
    """train calls the backward of every layer exactly once, in a network of any depth."""
    cases = [Training(rng, depth) for depth in (3, 1, 6)]

    def question():
        for case in cases:
            _, layers = case.run(student)
            counts = [len(grads) for grads in student.prop(noted)(layers, "grads")]
            where = f"train, a network of {len(counts)} layers: backward"
            expect_that(any(counts), f"{where} is never called, so that nothing learns")
            expect_that(counts[0] > 0, f"{where} is not called for the first layer, which never learns")
            expect_that(counts[-1] > 0, f"{where} is not called for the last layer, which never learns")
            expect_that(all(counts), f"{where} is not called for every layer")
            expect_that(
                max(counts) == 1, f"{where} is called more than once for a layer; one step a batch is asked for"
            )

    apart_from_forward(student, question)


# The trained network

NEEDED = 0.97
NOISE = 0.01  # in units of the brightest pixel
NEEDED_IN_NOISE = 0.94  # what was learned survives such noise with ease; a table of the known images does not


def labels_by_layers(student, network, X):
    """Each layer of ``network`` in turn, without the student's own forward; the largest logit wins."""
    *first, last = network
    for layer in first:
        X = kept(layer.forward, X)
    logits = last.forward(X)
    return logits.argmax(axis=1) if isinstance(logits, np.ndarray) and logits.ndim == 2 else None


def labels_by_predict(student, network, X):
    return student.predict(network, X)


@cache
def held_out_digits():
    digits = checks.digits()
    return digits.X_val, digits.y_val


def share_right(labels, y):
    """The share of ``y`` that is met; 0 if ``labels`` are not one number a row."""
    fits = isinstance(labels, np.ndarray) and labels.shape == y.shape
    return float(np.mean(labels == y)) if fits else 0.0


# A network written with loops may take its time for this many images.
@hidden_test("test_accuracy", points=0.5, seconds=60)
def network_reads_unseen_digits(student, rng):
    """The trained network reads at least 97 % of the held-out digits."""
    expect_that(student.has("network"), "there is no trained network: the cells above did not run to their end")
    network = student.network
    expect_that(len(network) > 0, "the network has no layers: it was not trained")
    X, y = held_out_digits()
    noisy = X + rng.normal(scale=NOISE, size=X.shape)
    results, trouble = [], None
    for labels in (labels_by_layers, labels_by_predict):
        try:
            clean, in_noise = (share_right(labels(student, network, images), y) for images in (X, noisy))
        except StudentError as error:
            trouble = trouble or error
            continue
        if clean >= NEEDED and in_noise >= NEEDED_IN_NOISE:
            return
        results.append([clean, in_noise])
    if not results:
        raise trouble
    clean, in_noise = max(results)
    short = "no better than guessing: nothing was learned" if clean < 0.2 else "it learned something, but not enough"
    expect_that(clean >= NEEDED, f"{100 * clean:.1f} % of the held-out digits are right, 97 % are asked for; {short}")
    by_heart = "the held-out digits are read as they are, but not with a little noise: learned by heart"
    expect_that(in_noise >= NEEDED_IN_NOISE, by_heart)
