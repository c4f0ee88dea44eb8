"""Keys of homework 1."""

from functools import partial
from types import SimpleNamespace

import numpy as np

from grader.checks.diagnosis.named import Named, numbered
from grader.checks.questions import Right, same
from grader.checks.questions.trained import drawn
from grader.judge.authoring.keys import Case, key
from grader.judge.authoring.slopes import with_another_slope
from week01_backprop import backprop_questions as asked

from ..nets import row_softmax

AVERAGED = Named("averaged_over_batch", "the gradient is averaged over the batch; grad_output already is, so sum")
CLIMBS = Named("step_climbs", "the step climbs: the gradient is to be subtracted")
NO_RATE = Named("no_learning_rate", "the learning rate is left out of the step")
NO_STEP = Named("no_step", "backward takes no step")
RATE_HANDED_DOWN = "multiplied by the learning rate, which belongs to the steps on weights and biases alone"
OF_A_SINGLE_STEP = 2e-7  # what a step in float32 leaves in weights in float64, of which some are small


def multiples(value, *sizes):
    """A right value with the factors that get lost or come in, where another question judges the factor."""
    return [factor * value for size in (2, *sizes) for factor in (size, 1 / size, -1)]


def with_small(draw, shape=(3, 4)):
    """`draw`, and the same for the record, with small arrays."""
    return draw, partial(draw, shape=shape)


# ReLU


def relu_numbers(rng, shape=(7, 4)):
    X, G = rng.normal(size=(2, *shape))
    # np.vectorize and the like take the type of everything from the first entry: a zero of integers there is told.
    X[0, 0] = -abs(X[0, 0])
    return Case(X=X, G=G)


def relu_slips(X, G):
    """What backward gives after the mistakes that the second question names."""
    return {
        "the ReLU of the gradient: what counts is the sign of the input": np.maximum(G, 0),
        "the gradient of the layer above is left out (chain rule)": (X > 0) * 1.0,
        "nothing is stopped where the input was negative": G,
        "multiplied by the output; the slope there is 1": G * np.maximum(X, 0),
        "the wrong half is kept": G * (X < 0),
        "the sign of the input is used as the slope; on the negative side it is 0": G * np.sign(X),
    }


@key(asked.relu_zeroes_negative_inputs)
class _:
    def draw(rng):
        return Case(X=3 * relu_numbers(rng).X)  # some beyond 1, whatever the draw: integers are seen

    def right(case):
        X = case.X
        mistakes = {
            "the sign is dropped: negative numbers are to become zero": np.abs(X),
            "the wrong half is kept": np.minimum(X, 0),
            "the mask itself comes back, without the values": (X > 0) * 1.0,
            "nothing is zeroed": X,
        }
        return Right(np.maximum(X, 0), "ReLU.forward", mistakes)


@key(asked.relu_gradient_passes_where_input_is_positive)
class _:
    draw, record = with_small(relu_numbers)

    def right(case):
        return Right(case.G * (case.X > 0), "ReLU.backward", relu_slips(case.X, case.G))


@key(asked.relu_slope_at_zero_is_zero)
class _:
    def draw(rng):
        X, G = rng.integers(-1, 2, size=(6, 5)).astype(float), rng.normal(size=(6, 5))
        X[0, :3] = 0.0, 1.0, -1.0
        return Case(X=X, G=G)

    def right(case):
        X, G = case.X, case.G
        mistakes = {
            "at 0 the slope is settled to be 0: compare with >, not >=": G * (X >= 0),
            "at 0 the slope is settled to be 0, not 1/2": G * (1 + np.sign(X)) / 2,
        }
        return Right(G * (X > 0), "ReLU.backward, some inputs exactly 0", mistakes)


def draw_another(rng, shape=(6, 5)):
    X, other, G = rng.normal(size=(3, *shape))
    return Case(X=X, other=other, G=G)


def relu_either_way(case):
    """Where the way in which forward and backward work is judged."""
    X, slips = case.X, relu_slips(case.X, case.G)
    forth = Right(np.maximum(X, 0), "ReLU.forward")
    return Right(case.G * (X > 0), "ReLU.backward", slips, also=list(slips.values()), either=forth)


@key(asked.relu_backward_uses_its_input)
class _:
    draw, record = with_small(draw_another)
    right = relu_either_way


@key(asked.relu_leaves_its_arguments_alone)
class _:
    draw, record = with_small(relu_numbers)
    right = relu_either_way


# Dense


def dense_numbers(rng):
    """X [5, 3], other [5, 3], G [5, 4], W [3, 4], b [4]: what the questions take of it, by name."""
    shapes = {"X": (5, 3), "other": (5, 3), "G": (5, 4), "W": (3, 4), "b": (4,)}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def drawing(*names, **given):
    """A draw of `dense_numbers`, of which these are given, and of what is given by value."""

    def draw(rng):
        numbers = dense_numbers(rng)
        return Case(**{name: numbers[name] for name in names}, **given)

    return draw


def outputs_with_slips(case):
    """What forward gives when the biases are dealt with in a wrong way."""
    X, W, b = case.X, case.W, case.b
    return {
        "the biases are forgotten": X @ W,
        "the biases are subtracted": X @ W - b,
        "the biases are added more than once": X @ W + 2 * b,
    }


def gradients_after_the_step(case, rate):
    """The gradient of the input with weights that took their step before."""
    X, G, W = case.X, case.G, case.W
    step = rate * X.T @ G
    return {
        "the weights were updated first; take the input gradient with the weights used forward (`-=` changes the "
        "array, also under another name)": G @ (W - step).T,
        "the weights were updated first, and in a wrong way": G @ (W - step / len(X)).T,
        "the weights were updated first, and uphill": G @ (W + step).T,
    }


def dense_either_way(case, b=None):
    """Where something else is judged, rate 0.1: backward or forward, with slips that other questions judge."""
    X, W = case.X, case.W
    slips = [case.G @ W.T / len(X), *gradients_after_the_step(case, 0.1).values()]
    forth = Right(X @ W, "Dense.forward")
    if b is not None:
        forth = Right(X @ W + b, "Dense.forward", also=list(outputs_with_slips(case).values()))
    return Right(case.G @ W.T, "Dense.backward, the gradient of the input", also=slips, either=forth)


def named_steps(old, step, size, rate):
    """Parameters after wrong steps, by what was done."""
    return {
        AVERAGED: old - rate * step / size,
        CLIMBS: old + rate * step,
        NO_RATE: old - step,
        NO_STEP: old,
        "the default learning rate is used, not the one given": old - 0.1 * step,
        "the step is taken twice": old - 2 * rate * step,
    }


@key(asked.dense_starts_with_small_random_weights)
class _:
    draw = drawing("X", "G", "W", "b")

    def right(case):
        return dense_either_way(case, case.b)


@key(asked.dense_starts_with_zero_biases)
class _:
    draw = drawing("X", "G", "W")

    def right(case):
        return [Right(np.zeros(case.W.shape[1]), "Dense.biases at the start"), dense_either_way(case)]


@key(asked.dense_multiplies_by_its_weights)
class _:
    draw = drawing("X", "W")

    def right(case):
        return Right(case.X @ case.W, "Dense.forward, biases zero")


@key(asked.dense_adds_its_biases)
class _:
    draw = drawing("X", "W", "b")

    def right(case):
        return Right(case.X @ case.W + case.b, "Dense.forward", outputs_with_slips(case))


@key(asked.dense_input_gradient)
class _:
    draw = drawing("X", "G", "W", "b")

    def right(case):
        X, G, W = case.X, case.G, case.W
        mistakes = {
            "divided by the batch size; grad_output already is": G @ W.T / len(X),
            "the gradient of the weights is returned": X.T @ G,
            "grad_output is returned as it came": G,
            RATE_HANDED_DOWN: 1e-13 * G @ W.T,
        }
        what = "Dense.backward, the gradient of the input"
        return Right(G @ W.T, what, mistakes, scales={"learning_rate": asked.TINY})


@key(asked.dense_input_gradient_before_the_step)
class _:
    draw = drawing("X", "G", "W", "b", learning_rate=0.3)

    def right(case):
        rate, right = case.learning_rate, case.G @ case.W.T
        what = f"Dense.backward, the gradient of the input, learning rate {rate}"
        also = [*multiples(right, len(case.X)), rate * right]
        return Right(right, what, gradients_after_the_step(case, rate), also=also)


@key(asked.dense_weights_take_one_summed_step)
class _:
    draw = drawing("X", "G", "W", "b", learning_rate=0.07)

    def right(case):
        X, G, W, rate = case.X, case.G, case.W, case.learning_rate
        step = X.T @ G
        mistakes = named_steps(W, step, len(X), rate) | {
            "the learning rate is applied twice": W - rate**2 * step,
            "the weights are replaced by the step": -rate * step,
            "one number is taken off all weights; every weight has a gradient of its own": W - rate * step.mean(),
        }
        return [None, Right(W - rate * step, "Dense.weights after backward", mistakes, atol=OF_A_SINGLE_STEP)]


@key(asked.dense_biases_take_one_summed_step)
class _:
    draw = drawing("X", "G", "W", "b", learning_rate=0.07)

    def right(case):
        G, b, rate = case.G, case.b, case.learning_rate
        step = G.sum(axis=0)
        mistakes = named_steps(b, step, len(G), rate) | {
            "the biases are replaced by the step": -rate * step,
            "a gradient of ones; that of a bias is grad_output, summed over the batch": b - rate * np.ones_like(b),
            "summed over everything; every bias has a gradient of its own": b - rate * step.sum(),
            "averaged over everything; every bias has a gradient of its own, summed over the batch": b
            - rate * G.mean(),
        }
        return [None, Right(b - rate * step, "Dense.biases after backward", mistakes, atol=OF_A_SINGLE_STEP)]


@key(asked.dense_step_follows_its_learning_rate)
class _:
    def draw(rng):
        """Of sizes whose products are no quotients of learning rates."""
        return Case(X=rng.normal(size=(7, 3)), G=rng.normal(size=(7, 6)), W=rng.normal(size=(3, 6)))

    def right(case):
        gradient = case.X.T @ case.G
        step = -0.1 * gradient
        # A step taken twice is not among them: it looks like another default.
        slips = [step / len(case.X), -step, np.full_like(step, step.mean())]
        fixed = {"the learning rate that is given makes no difference": 4 * step}
        others = (0.5, 0.2, 0.05, 0.005, 0.001)
        without = {NO_RATE: -gradient, NO_STEP: 0 * step} | {
            f"the default learning rate is {rate}; it is to be 0.1": -rate * gradient for rate in others
        }
        without["the default learning rate is 0.01, or it is applied twice; it is to be 0.1"] = -0.01 * gradient
        without["it is the learning rate that another Dense was given: keep it on `self`"] = -0.025 * gradient
        usual = "Dense, the step with the default learning rate (0.1)"
        given = "Dense, four times the step with the learning rate 0.025, given "
        return [
            Right(step, usual, without, also=slips),
            Right(step, f"{given}by position", fixed, also=slips),
            Right(step, f"{given}by name", fixed, also=slips),
        ]


@key(asked.dense_backward_uses_its_input)
class _:
    draw = drawing("X", "other", "G", "W", "b")

    def right(case):
        return dense_either_way(case, case.b)


@key(asked.dense_leaves_its_arguments_alone)
class _:
    draw = drawing("X", "G", "W", "b")

    def right(case):
        return dense_either_way(case, case.b)


# forward and train


def chain(rng, depth, units):
    """Factors and shifts of ``depth`` layers: no two layers alike, no order of them as good as another."""
    return rng.permutation(np.linspace(0.6, 1.3, depth)), rng.normal(size=(depth, units))


def outputs(factors, shifts, X):
    """What each layer of a chain gives, in order."""
    results = []
    for factor, shift in zip(factors, shifts, strict=True):
        X = factor * X + shift
        results.append(X)
    return results


def twice(case):
    """The network in which a layer stands twice."""
    return tuple(values[asked.TWICE] for values in case.twice)


def right_activations(factors, shifts, X):
    """A right part for every activation."""
    depth, wanted = len(factors), outputs(factors, shifts, X)
    backwards, parts = outputs(factors[::-1], shifts[::-1], X), []
    for i in range(depth):
        mistakes = {"every layer must get the output of the layer before it, not X": factors[i] * X + shifts[i]}
        mistakes |= {"the list holds the inputs of the layers": wanted[i - 1] if i else X}
        mistakes |= {"the last layer comes first": backwards[i]}
        mistakes |= {"the activations are listed from the last to the first": wanted[depth - 1 - i]}
        mistakes = {text: value for text, value in numbered(mistakes) if not same(value, wanted[i])}
        parts.append(Right(wanted[i], f"forward, activation {i + 1} of {depth}", mistakes))
    return parts


@key(asked.forward_lists_every_activation)
class _:
    def draw(rng, shape=(6, 4)):
        X, (factors, shifts) = rng.normal(size=shape), chain(rng, 3, shape[1])
        return Case(factors=factors, shifts=shifts, X=X)

    record = partial(draw, shape=(2, 3))

    def right(case):
        return right_activations(case.factors, case.shifts, case.X)


@key(asked.forward_takes_any_depth)
class _:
    def draw(rng, shape=(6, 4)):
        X = rng.normal(size=shape)
        networks = [chain(rng, depth, shape[1]) for depth in (1, 2, 7)]
        return Case(networks=networks, twice=chain(rng, 2, shape[1]), X=X)

    record = partial(draw, shape=(2, 2))

    def right(case):
        networks = [*case.networks, twice(case)]
        return [part for factors, shifts in networks for part in right_activations(factors, shifts, case.X)]


PROBABILITIES = "probabilities are taken for logits: the softmax is taken twice"


def crossentropies(logits, y):
    """The loss of every sample, and its gradient [batch, classes]."""
    shifted = logits - logits.max(axis=1, keepdims=True)  # public
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))  # public
    rows = np.arange(len(y))
    slopes = np.exp(log_p)
    slopes[rows, y] -= 1
    return -log_p[rows, y], slopes


class Training:
    """What should come of one call of train."""

    def __init__(self, factors, shifts, X, y):
        self.activations = outputs(factors, shifts, X)
        self.losses, slopes = crossentropies(self.activations[-1], y)
        self.grads = [slopes / len(y)]
        for factor in factors[:0:-1]:
            self.grads.insert(0, self.grads[0] * factor)
        self.inputs = [X, *self.activations[:-1]]
        self.losses_after, _ = crossentropies(outputs(factors + 1, shifts, X)[-1], y)


def training(case):
    return Training(case.factors, case.shifts, case.X, case.y)


def draw_training(rng, shape=(6, 4)):
    size, units = shape
    X, y, (factors, shifts) = rng.normal(size=shape), rng.integers(0, units, size=size), chain(rng, 3, units)
    return Case(factors=factors, shifts=shifts, X=X, y=y)


def lent_forward(case):
    """A right forward, for a train whose author's own is wrong. The layers come as [factor, shift]."""
    return {"forward": lambda network, X: outputs(*zip(*network, strict=True), X)}


def without_ends(notes):
    """Notes of a train that calls no backward of the first, or of the last layer, which another test judges."""
    first, last = notes.copy(), notes.copy()
    first[0], last[-1] = 0, 0
    return [first, last]


@key(asked.train_returns_mean_loss)
class _:
    lent = lent_forward
    draw, record = with_small(draw_training, (3, 4))

    def right(case):
        run, size = training(case), len(case.y)
        mistakes = {
            "train returns the loss of every sample; their mean is asked for": run.losses,
            "summed over the batch; the mean is asked for": run.losses.sum(),
            "the loss is taken after the step; it is asked for before": run.losses_after.mean(),
            "divided by the batch size twice": run.losses.mean() / size,
            "the loss of one sample; the mean over the batch is asked for": run.losses[-1],
            "divided by the number of classes; the mean is over the batch": run.losses.sum() / case.X.shape[1],
            PROBABILITIES: crossentropies(row_softmax(run.activations[-1]), case.y)[0].mean(),
        }
        return Right(run.losses.mean(), "the loss that train returns", mistakes, scales={"batch_size": size})


@key(asked.train_passes_gradients_back)
class _:
    lent = lent_forward
    draw, record = with_small(draw_training, (3, 4))

    def right(case):
        run, factors, size = training(case), case.factors, len(case.y)
        grads, top, depth = np.array(run.grads), run.grads[-1], range(len(factors))
        passed_over = grads / factors[-1]
        _, of_shares = crossentropies(row_softmax(run.activations[-1]), case.y)
        passed_over[-1] = 0
        mistakes = {
            "divided by the batch size once more": grads / size,
            "not divided by the batch size": grads * size,
            "multiplied by the loss; the gradient of the loss itself is asked for": grads * run.losses.mean(),
            "every layer gets the gradient of the loss, not what the layer after it handed down": [top for _ in depth],
            "the gradient enters at the first layer; it enters at the last": [
                top * np.prod(factors[:i]) for i in depth
            ],
            "the last layer is passed over": passed_over,
            "handed down by a layer that had taken its step before": [
                top * np.prod(factors[i + 1 :] + 1) for i in depth
            ],
            PROBABILITIES: [of_shares / size * np.prod(factors[i + 1 :]) for i in depth],
        }
        mistakes = {text: np.array(value) for text, value in mistakes.items()}
        what = "train, the grad_output given to the backward of each layer"
        return Right(grads, what, mistakes, also=without_ends(grads)[:1])


@key(asked.train_gives_each_layer_its_own_input)
class _:
    lent = lent_forward
    draw, record = with_small(draw_training, (3, 4))

    def right(case):
        run = training(case)
        inputs = np.array(run.inputs)
        mistakes = {
            "the layer's own output; its input is asked for": run.activations,
            "X for every layer, which is the input of the first alone": [case.X for _ in inputs],
            "the layers are taken in reverse, their inputs are not": inputs[::-1],
            "off by one: the input of the layer before": [case.X, *run.inputs[:-1]],
            "the first layer gets the logits, the last entry of the list; its input is X": [
                run.activations[-1],
                *run.activations[:-1],
            ],
        }
        mistakes = {text: np.array(value) for text, value in mistakes.items()}
        return Right(
            inputs, "train, the input given to the backward of each layer", mistakes, also=without_ends(inputs)
        )


@key(asked.train_steps_every_layer_once)
class _:
    lent = lent_forward

    def draw(rng, shape=(6, 4)):
        X, y = rng.normal(size=shape), rng.integers(0, shape[1], size=shape[0])
        networks = [chain(rng, depth, shape[1]) for depth in (3, 1, 6)]
        return Case(networks=networks, twice=chain(rng, 2, shape[1]), X=X, y=y)

    record = partial(draw, shape=(2, 3))

    def right(case):
        parts, size = [], len(case.y)
        for factors, shifts in case.networks:
            run = Training(factors, shifts, case.X, case.y)
            top = run.grads[-1]
            slips = [*multiples(top, size), top * np.prod(factors[:-1])]
            last = Right(run.inputs[-1], "train, the input given to the backward of the last layer")
            what = "train, the grad_output given to the backward of the last layer"
            parts.append(Right(top, what, also=slips, either=last))
        X, (first, second, third) = case.X, outputs(*twice(case), case.X)
        by_layer = {
            "kept by layer, so that one overwrites the other: keep inputs by place": [second, second, first],
            "both times the input of its first place: keep inputs by place, without index": [X, X, first],
        }
        by_layer = {text: np.array(value) for text, value in by_layer.items()}
        slips = [[third, first, second], [X, X, X], [X, second, first], [first, X, X]]
        what = "train, the inputs given to the backwards where a layer stands twice in the network"
        return [*parts, Right(np.array([second, X, first]), what, by_layer, also=[np.array(one) for one in slips])]


# The trained network


@key(asked.network_reads_unseen_digits)
class _:
    draw = drawn

    def record(rng):
        return drawn(rng, sent=False)

    def right(case):
        return asked.LEARNED.rights()


# Sigmoid, Tanh, LeakyReLU


def logistic(x):
    return np.where(x >= 0, 1, np.exp(np.minimum(x, 0))) / (1 + np.exp(-np.abs(x)))


def draw_input(rng, shape=(6, 5)):
    return Case(X=rng.normal(size=shape))


def draw_both_ways(rng, shape=(6, 5)):
    X, G = rng.normal(size=(2, *shape))
    return Case(X=X, G=G)


def sigmoid_slips(X, G):
    s = logistic(X)
    return {
        "the input is taken for the output": G * X * (1 - X),
        "the gradient of the layer above is left out (chain rule)": s * (1 - s),
        "the factor 1 - s is missing": G * s,
        "the factor s is missing": G * (1 - s),
        "this is the slope of tanh, 1 - s^2": G * (1 - s**2),
        "the sigmoid is taken twice": G * logistic(s) * (1 - logistic(s)),
    }


def tanh_slips(X, G):
    t = np.tanh(X)
    return {
        "the input is taken for the output": G * (1 - X**2),
        "the gradient of the layer above is left out (chain rule)": 1 - t**2,
        "the square is missing": G * (1 - t),
        "1 - tanh(x^2); the square is that of the output": G * (1 - np.tanh(X**2)),
        "this is the slope of the sigmoid, t (1 - t)": G * t * (1 - t),
        "the tanh is taken twice": G * (1 - np.tanh(t) ** 2),
    }


def leaky_slips(X, G, slope):
    return {
        "nothing passes on the negative side: that is the ReLU": G * (X > 0),
        "the slope has the wrong sign on the negative side": G * np.where(X > 0, 1, -slope),
        "the sign of grad_output decides; what counts is the sign of the input": G * np.where(G > 0, 1, slope),
        "the gradient of the layer above is left out (chain rule)": np.where(X > 0, 1, slope),
        "multiplied by the output in place of the slope": G * np.where(X > 0, X, slope * X),
        "the slope is on the wrong side": G * np.where(X > 0, slope, 1),
        "on the negative side the slope comes out alone, without grad_output": np.where(X > 0, G, slope),
    }


@key(asked.sigmoid_forward)
class _:
    draw, record = with_small(draw_input)

    def right(case):
        X, s = case.X, logistic(case.X)
        mistakes = {
            "the sign of the exponent: 1 / (1 + exp(+x)) falls from 1 to 0": 1 - s,
            "this is the tanh": np.tanh(X),
            "this is the softmax, which mixes the units": np.exp(X) / np.exp(X).sum(axis=1, keepdims=True),
        }
        return Right(s, "Sigmoid.forward", mistakes)


@key(asked.sigmoid_backward)
class _:
    draw, record = with_small(draw_both_ways)

    def right(case):
        s = logistic(case.X)
        return Right(case.G * s * (1 - s), "Sigmoid.backward", sigmoid_slips(case.X, case.G))

    def others(case):
        return with_another_slope(lambda slope: case.G * slope, input=case.X, output=logistic(case.X))


@key(asked.tanh_forward)
class _:
    draw, record = with_small(draw_input)

    def right(case):
        X = case.X
        mistakes = {
            "the exponent lacks its factor 2: tanh(x) = 2 s(2x) - 1": np.tanh(X / 2),
            "this is the sigmoid": logistic(X),
            "the sign is turned round": -np.tanh(X),
        }
        return Right(np.tanh(X), "Tanh.forward", mistakes)


@key(asked.tanh_backward)
class _:
    draw, record = with_small(draw_both_ways)

    def right(case):
        return Right(case.G * (1 - np.tanh(case.X) ** 2), "Tanh.backward", tanh_slips(case.X, case.G))

    def others(case):
        return with_another_slope(lambda slope: case.G * slope, input=case.X, output=np.tanh(case.X))


@key(asked.leaky_forward)
class _:
    draw, record = with_small(draw_input)

    def right(case):
        X, parts = case.X, []
        for slope in (0.2, 0.3, 0.01):
            mistakes = {
                "zero on the negative side: that is the ReLU": np.maximum(X, 0),
                "the negative side goes up: multiply x itself, not its absolute value": np.where(X > 0, X, -slope * X),
                "the slope itself comes out on the negative side; it multiplies x": np.where(X > 0, X, slope),
                "the slope is on the wrong side": np.where(X > 0, slope * X, X),
            }
            if slope != 0.01:
                mistakes["the slope of the constructor is not used"] = np.where(X > 0, X, 0.01 * X)
            parts.append(Right(np.where(X > 0, X, slope * X), f"LeakyReLU.forward, slope {slope}", mistakes))
        return parts


@key(asked.leaky_backward)
class _:
    draw, record = with_small(draw_both_ways)

    def right(case):
        X, G = case.X, case.G
        mistakes = leaky_slips(X, G, 0.2) | {"the slope of the constructor is not used": G * np.where(X > 0, 1, 0.01)}
        return Right(G * np.where(X > 0, 1, 0.2), "LeakyReLU.backward, slope 0.2", mistakes)


@key(asked.leaky_slope_at_zero)
class _:
    def draw(rng, shape=(6, 5)):
        G = rng.normal(size=shape)
        return Case(X=np.zeros_like(G), G=G)

    record = partial(draw, shape=(3, 4))

    def right(case):
        G, parts = case.G, []
        for slope in (0.3, 0.0):
            mistakes = {
                "at 0 the slope is settled to be negative_slope, not 1": G,
                "at 0 the slope is settled to be negative_slope, not the mean of both sides": G * (1 + slope) / 2,
            }
            if slope:
                mistakes["at 0 the slope is settled to be negative_slope, not 0"] = 0 * G
            parts.append(Right(slope * G, "LeakyReLU.backward for inputs that are exactly 0", mistakes))
        return parts


def draw_large(rng):
    return Case(X=np.array([[-1e3, 710.0, 40.0, -300.0], [-40.0, -710.0, 300.0, 1e3]]))


def right_when_large(output, slope, what):
    """Forward and backward, to an absolute tolerance."""
    options = {"rtol": 1e-6, "atol": 1e-9}
    cut = {"cut off too early: results near 0 or 1 are not 0 or 1 yet": np.round(output)}
    return [
        Right(output, f"{what}.forward, inputs of size up to 1e3", cut, **options),
        Right(slope, f"{what}.backward, inputs of size up to 1e3", **options),
    ]


@key(asked.sigmoid_of_large_inputs)
class _:
    def draw(rng):
        # With 7 and -15, where a cut-off is seen.
        return Case(X=np.hstack([draw_large(rng).X, [[7.0], [-15.0]]]))

    def right(case):
        return right_when_large(logistic(case.X), logistic(case.X) * logistic(-case.X), "Sigmoid")


@key(asked.tanh_of_large_inputs)
class _:
    draw = draw_large

    def right(case):
        return right_when_large(np.tanh(case.X), 1 - np.tanh(case.X) ** 2, "Tanh")


@key(asked.activations_use_their_input_and_leave_it_alone)
class _:
    draw, record = with_small(draw_another)

    def right(case):
        X, G, s = case.X, case.G, logistic(case.X)
        slips = [list(found.values()) for found in (sigmoid_slips(X, G), tanh_slips(X, G), leaky_slips(X, G, 0.01))]
        forth = [
            Right(s, "Sigmoid.forward"),
            Right(np.tanh(X), "Tanh.forward"),
            Right(np.where(X > 0, X, 0.01 * X), "LeakyReLU.forward"),
        ]
        return [
            Right(G * s * (1 - s), "Sigmoid.backward", also=slips[0], either=forth[0]),
            Right(G * (1 - np.tanh(X) ** 2), "Tanh.backward", also=slips[1], either=forth[1]),
            Right(G * np.where(X > 0, 1, 0.01), "LeakyReLU.backward", also=slips[2], either=forth[2]),
        ]


# Dropout

VALUES = np.array([-1.5, -0.5, 0.75, 2.0, 1.0])  # so few that each is kept somewhere


def few_values(rng, *, zeros=False):
    """[6, 5], in which each row and each column has every value; with zeros, these in place of the last one.

    So no line is negative throughout, and none is zero throughout where a ReLU goes before the mask.
    """
    values = rng.permutation(VALUES * (VALUES != 1.0) if zeros else VALUES)
    return values[(np.arange(5) - np.arange(6)[:, None]) % 5]


def draw_dropout(rng):
    return Case(X=few_values(rng), G=few_values(rng), p=0.3)


def draw_forward_of_dropout(rng):
    return Case(X=few_values(rng), p=0.3)


def scalings(p):
    """The smallest and the largest factor of what is kept, after the mistakes in it."""
    return {
        "what is kept is to be divided by 1 - p (inverted dropout)": np.ones(2),
        "divided by p in place of 1 - p": np.full(2, 1 / p),
        "multiplied by 1 - p, where it is to be divided": np.full(2, 1 - p),
        "the mask comes out without the input": np.array([-2, 4 / 3]) / (1 - p),
        "scaled twice": np.full(2, 1 / (1 - p) ** 2),
    }


RELU_INSIDE = "what is negative is zeroed as well, as a ReLU does; dropout does not look at the numbers"


def right_scale(p=0.3, what="Dropout in training, what is kept", **options):
    """The factor, where others judge it: roughly, as the share that was dropped this time may be in it."""
    wanted = np.full(2, 1 / (1 - p))
    slips = [*scalings(p).values(), *multiples(wanted)]
    return Right(wanted, what, **{"also": slips, "rtol": 0.15, **options})


@key(asked.dropout_starts_training)
class _:
    def draw(rng):
        return Case(X=few_values(rng))

    def right(case):
        mistakes = {RELU_INSIDE: np.maximum(case.X, 0)}
        return [Right(case.X, "Dropout.forward, p = 0", mistakes, also=multiples(case.X)), right_scale()]


@key(asked.dropout_drops_its_share)
class _:
    def draw(rng):
        signs = rng.permutation(np.repeat([-1.0, 1.0], [64, 16])).reshape(10, 8)
        return Case(X=signs * rng.uniform(0.5, 1.5, size=(10, 8)), shares=[0.25, 0.8])

    def right(case):
        what, parts = "Dropout, the share of elements that are dropped", []
        for p in case.shares:
            mistakes = {"p is the probability to drop, not to keep": 1 - p, "nothing is dropped in training": 0.0}
            mistakes[RELU_INSIDE] = p + 0.8 * (1 - p)  # so many are negative that it is no share named here
            if p == 0.25:
                mistakes["randn is not uniform: it is below p more often; compare np.random.rand with p"] = 0.6
            parts.append(Right(p, what, mistakes, rtol=0, atol=0.06))
        return parts


@key(asked.dropout_scales_what_it_keeps)
class _:
    draw = draw_forward_of_dropout

    def right(case):
        what = "Dropout.forward in training, the factor of what is kept"
        return Right(np.full(2, 1 / (1 - case.p)), what, scalings(case.p))


@key(asked.dropout_mask_is_fresh_for_every_element)
class _:
    draw = draw_forward_of_dropout

    def right(case):
        return right_scale(case.p)


@key(asked.dropout_backward_reuses_the_mask)
class _:
    def draw(rng):
        return Case(X=few_values(rng, zeros=True), G=few_values(rng), p=0.3)

    def right(case):
        return right_scale(case.p, "Dropout.backward in training, the factor of the gradient")


@key(asked.dropout_is_the_identity_otherwise)
class _:
    draw = draw_forward_of_dropout

    def right(case):
        mistakes = {
            "scaled by 1 - p; inverted dropout has done its scaling in training": case.X * (1 - case.p),
            "still divided by 1 - p; it is the identity then": case.X / (1 - case.p),
        }
        return [right_scale(case.p), Right(case.X, "Dropout.forward when not training", mistakes)]


@key(asked.dropout_passes_gradients_otherwise)
class _:
    draw = draw_dropout

    def right(case):
        mistakes = {
            "scaled by 1 - p": case.G * (1 - case.p),
            "still divided by 1 - p": case.G / (1 - case.p),
        }
        return [right_scale(case.p), Right(case.G, "Dropout.backward when not training", mistakes)]


@key(asked.dropout_leaves_its_arguments_alone)
class _:
    def draw(rng):
        # Many entries: the share that is kept this time, which may be in the factor, is near 1 - p.
        small = draw_dropout(rng)
        return Case(X=np.tile(small.X, (10, 10)), G=np.tile(small.G, (10, 10)), p=small.p)

    def right(case):
        return right_scale(case.p)


# BatchNorm


def draw_state(rng, units):
    """gamma, beta, running_mean and running_var, each [units]."""
    return {
        "gamma": rng.uniform(0.5, 2, size=units),
        "beta": rng.normal(size=units),
        "running_mean": rng.normal(size=units),
        "running_var": rng.uniform(0.5, 2, size=units),
    }


def normalising(*names, **given):
    """A draw of X, other, G and a state, of which these are given, and of what is given by value.

    And the same for the record, with small arrays.
    """

    def draw(rng, shape=(6, 4)):
        units = shape[1]
        X, other, G = rng.normal(size=(3, *shape)) * [1, 2, 0.5, 1][:units] + [0, 1, -2, 3][:units]
        numbers = {"X": X, "other": other, "G": G, "state": draw_state(rng, units)}
        return Case(**{name: numbers[name] for name in names}, **given)

    return with_small(draw, (4, 3))


class Normalised:
    """What comes of an input [batch, units] by the formulas: (right, {mistake: wrong})."""

    def __init__(self, X, state, eps=0.0):
        self.X, self.state, self.eps, self.size = X, SimpleNamespace(**state), eps, len(X)
        self.mean, self.var = X.mean(axis=0), X.var(axis=0)
        self.unbiased = self.var * self.size / (self.size - 1)
        self.running_deviation = np.sqrt(self.state.running_var + eps)
        self.by_running = (X - self.state.running_mean) / self.running_deviation
        self.deviation, self.n = self.by(self.var)

    def by(self, var):
        """The deviation of this variance, and the input normalised by it."""
        deviation = np.sqrt(var + self.eps)
        return deviation, (self.X - self.mean) / deviation

    def forward(self):
        X, eps, n, gamma, beta = self.X, self.eps, self.n, self.state.gamma, self.state.beta
        by_rows = (X - X.mean(axis=1, keepdims=True)) / np.sqrt(X.var(axis=1, keepdims=True) + eps)
        overall = (X - X.mean()) / np.sqrt(X.var() + eps)
        return gamma * n + beta, {
            "the variance is the unbiased one; divide by the batch size": gamma * self.by(self.unbiased)[1] + beta,
            "gamma and beta are left out": n,
            "beta is left out": gamma * n,
            "gamma is left out": n + beta,
            "normalised over each row; the statistics are those of each column": gamma * by_rows + beta,
            "normalised over the whole array; the statistics are those of each column": gamma * overall + beta,
            "divided by the variance; its root is asked for": gamma * (X - self.mean) / (self.var + eps) + beta,
            "the running statistics are used in training": gamma * self.by_running + beta,
            "beta is added before gamma multiplies": gamma * (n + beta),
            "the mean is not subtracted": gamma * X / self.deviation + beta,
        }

    def predicting(self):
        X, gamma, beta = self.X, self.state.gamma, self.state.beta
        squared = gamma * (X - self.state.running_mean) / self.running_deviation**2
        return gamma * self.by_running + beta, {
            "the statistics of the batch are used; the running ones are asked for": gamma * self.n + beta,
            "gamma and beta are left out": self.by_running,
            "divided by the running variance; its root is asked for": squared + beta,
        }

    def backward(self, G):
        deviation, n, gamma = self.deviation, self.n, self.state.gamma

        def gradient(h, n=n, deviation=deviation):
            return (h - h.mean(axis=0) - n * (h * n).mean(axis=0)) / deviation

        h = G * gamma
        deviation_of_unbiased, n_of_unbiased = self.by(self.unbiased)
        stepped = gamma - 0.1 * (G * n).sum(axis=0)
        return gradient(h), {
            "mean and variance are treated as constants; they depend on the input too": h / deviation,
            "the part through the variance is missing": (h - h.mean(axis=0)) / deviation,
            "the part through the mean is missing": (h - n * (h * n).mean(axis=0)) / deviation,
            "gamma is left out": gradient(G),
            "the variance is the unbiased one": gradient(h, n_of_unbiased, deviation_of_unbiased),
            "gamma is used after its step": gradient(G * stepped),
            "sums over the batch where means are asked for": (h - h.sum(axis=0) - n * (h * n).sum(axis=0)) / deviation,
            "the division by the deviation is missing": gradient(h) * deviation,
            "the running statistics are used in training": h / self.running_deviation,
        }

    def backward_when_predicting(self, G):
        h, n, m = G * self.state.gamma, self.n, self.by_running
        stepped = self.state.gamma - 0.1 * (G * m).sum(axis=0)
        return h / self.running_deviation, {
            "it goes through the statistics of the batch, which play no part then": (
                (h - h.mean(axis=0) - n * (h * n).mean(axis=0)) / self.deviation
            ),
            "nothing goes through the statistics then: they are constants": (
                (h - h.mean(axis=0) - m * (h * m).mean(axis=0)) / self.running_deviation
            ),
            "divided by the deviation of the batch, not by the running one": h / self.deviation,
            "gamma is left out": G / self.running_deviation,
            "gamma is used after its step": G * stepped / self.running_deviation,
        }


def normalised(case, eps=asked.TINY):
    return Normalised(case.X, case.state, eps)


@key(asked.batchnorm_starts_neutral)
class _:
    draw, record = normalising("X", "G")

    def right(case):
        units = case.X.shape[1]
        starts = {"gamma": np.ones, "beta": np.zeros, "running_mean": np.zeros, "running_var": np.ones}
        of_start = {name: start(units) for name, start in starts.items()}
        output, slips = Normalised(case.X, of_start, 1e-5).forward()
        outside = (case.X - case.X.mean(axis=0)) / (case.X.std(axis=0) + 1e-5)
        slips = [*slips.values(), outside, Normalised(case.X, of_start).n]
        back = Right(Normalised(case.X, of_start, 1e-5).backward(case.G)[0], "BatchNorm.backward of a new layer")
        return [
            None,
            *[Right(start, f"BatchNorm.{name} at the start") for name, start in of_start.items()],
            Right(output, "BatchNorm.forward of a new layer", also=slips, either=back),
        ]


@key(asked.batchnorm_normalises_by_the_batch)
class _:
    draw, record = normalising("X", "state")

    def right(case):
        return told(case, "forward", (), "BatchNorm.forward in training")


def told(case, name, arguments, what, **options):
    """What comes of it next to no eps; whether the one given is used at all, another question judges."""
    wanted, slips = getattr(normalised(case), name)(*arguments)
    usual_eps = getattr(normalised(case, 1e-5), name)(*arguments)[0]
    return Right(wanted, what, slips, also=[usual_eps], **options)


EPS_NOT_GIVEN = "the default eps is used, not the one given"


@key(asked.batchnorm_eps_is_inside_the_root)
class _:
    def draw(rng, shape=(6, 4)):
        case = normalising("X", "G", "state", eps=0.5)[0](rng, shape)
        case.state |= {"gamma": np.ones(shape[1]), "beta": np.zeros(shape[1])}
        return case

    record = partial(draw, shape=(4, 3))

    def right(case):
        X, without, usual, parts = case.X, normalised(case), normalised(case, 1e-5), []
        centred, deviation = X - X.mean(axis=0), X.std(axis=0)
        given = f"eps = {case.eps}"
        for eps, what in ((case.eps, given), (case.eps, f"{given} as the third argument"), (1e-5, "the default eps")):
            wanted, slips = normalised(case, eps).forward()
            slips.pop("divided by the variance; its root is asked for")
            mistakes = {
                "eps is not inside the root, or there is no root": centred / (deviation + eps),
                "eps is left out": without.n,
                "eps is added as a square": centred / np.sqrt(deviation**2 + eps**2),
            }
            if what != "the default eps":
                mistakes[EPS_NOT_GIVEN] = usual.n
            if len(parts) == 1:
                mistakes["it is taken for momentum: the order is units, momentum, eps, learning_rate"] = centred / (
                    np.sqrt(deviation**2 + 0.9)
                )
            also = [value for value in slips.values() if not same(value, wanted)]
            parts.append(Right(wanted, f"BatchNorm.forward with {what}", mistakes, rtol=1e-7, also=also))

        with_eps, running = normalised(case, case.eps), case.state["running_var"]
        for name, arguments, what in (
            ("predicting", (), f"BatchNorm.forward when not training, with {given}"),
            ("backward", (case.G,), f"BatchNorm.backward in training, with {given}"),
            ("backward_when_predicting", (case.G,), f"BatchNorm.backward when not training, with {given}"),
        ):
            wanted, slips = getattr(with_eps, name)(*arguments)
            slips.pop("divided by the running variance; its root is asked for", None)
            outside = np.sqrt(running + case.eps) / (np.sqrt(running) + case.eps)
            mistakes = {
                "eps is left out": getattr(without, name)(*arguments)[0],
                EPS_NOT_GIVEN: getattr(usual, name)(*arguments)[0],
            }
            if name != "backward":
                mistakes["eps is not inside the root"] = wanted * outside
            also = [value for value in slips.values() if not same(value, wanted)]
            parts.append(Right(wanted, what, mistakes, also=also))
        return parts


@key(asked.batchnorm_moves_its_running_statistics)
class _:
    draw, record = normalising("X", "G", "state", momentum=0.7)

    def right(case):
        found, parts = normalised(case), []
        given = case.momentum
        for momentum, how in ((given, ", momentum given by name"), (given, ", momentum given by position"), (0.9, "")):
            for name, batch in (("running_mean", found.mean), ("running_var", found.var)):
                old = case.state[name]
                mistakes = {
                    "momentum is on the wrong side; it multiplies what was there": (1 - momentum) * old
                    + momentum * batch,
                    "replaced by the statistics of the batch": batch,
                    "not moved by a forward in training": old,
                    "the factor 1 - momentum is missing": momentum * old + batch,
                }
                if name == "running_var":
                    mistakes |= {
                        "the unbiased variance; the biased one is asked for": momentum * old
                        + (1 - momentum) * found.unbiased,
                        "the deviation in place of the variance": momentum * old + (1 - momentum) * np.sqrt(batch),
                        "the deviation in place of the variance, with eps in its root": momentum * old
                        + (1 - momentum) * np.sqrt(batch + 1e-5),
                    }
                if how:
                    mistakes["the default momentum is used, not the one given"] = 0.9 * old + 0.1 * batch
                wanted = momentum * old + (1 - momentum) * batch
                parts.append(Right(wanted, f"BatchNorm.{name} after one forward in training{how}", mistakes))
        return parts


@key(asked.batchnorm_uses_running_statistics_otherwise)
class _:
    draw, record = normalising("X", "state")

    def right(case):
        return told(case, "predicting", (), "BatchNorm.forward when not training")


@key(asked.batchnorm_gradient_through_the_statistics)
class _:
    draw, record = normalising("X", "G", "state")

    def right(case):
        what = "BatchNorm.backward in training, the gradient of the input"
        return told(case, "backward", (case.G,), what, scales={"batch_size": len(case.X)})


@key(asked.batchnorm_gradient_otherwise)
class _:
    draw, record = normalising("X", "G", "state")

    def right(case):
        return told(case, "backward_when_predicting", (case.G,), "BatchNorm.backward when not training")


@key(asked.batchnorm_takes_one_step)
class _:
    draw, record = normalising("X", "G", "state", learning_rate=0.03)

    def right(case):
        # The default eps, in whatever place: which one that is, another question judges.
        found, G, parts = normalised(case, 1e-5), case.G, []
        centred = case.X - case.X.mean(axis=0)
        without_eps = [centred / case.X.std(axis=0), centred / (case.X.std(axis=0) + 1e-5)]
        for rate, how in ((case.learning_rate, ""), (0.1, ", default learning_rate")):
            for name, rows in (("gamma", G * found.n), ("beta", G)):
                old, step = case.state[name], rows.sum(axis=0)
                mistakes = {
                    NO_STEP: old,
                    AVERAGED: old - rate * step / len(case.X),
                    CLIMBS: old + rate * step,
                    NO_RATE: old - step,
                }
                if not how:
                    mistakes["the default learning rate is used, not the one given"] = old - 0.1 * step
                if name == "gamma":
                    output = found.forward()[0]
                    mistakes |= {
                        "the gradient is taken with the input; it is grad_output times the normalised input": old
                        - rate * (G * case.X).sum(axis=0),
                        "the gradient is taken with the output; it is grad_output times the normalised input": old
                        - rate * (G * output).sum(axis=0),
                        "the variance is the unbiased one": old - rate * step * np.sqrt(1 - 1 / len(case.X)),
                        "the step of beta is taken": old - rate * G.sum(axis=0),
                    }
                also = [old - rate * (G * n).sum(axis=0) for n in without_eps] if name == "gamma" else []
                what = f"BatchNorm.{name} after backward{how}"
                parts.append(Right(old - rate * step, what, mistakes, rtol=1e-4, also=also))
        return parts


@key(asked.batchnorm_backward_uses_its_input)
class _:
    draw, record = normalising("X", "other", "G", "state")

    def right(case):
        wanted, slips = normalised(case).backward(case.G)
        usual = normalised(case, 1e-5)
        forth = Right(normalised(case).forward()[0], "BatchNorm.forward in training", also=[usual.forward()[0]])
        also = [*slips.values(), usual.backward(case.G)[0]]
        return Right(wanted, "BatchNorm.backward in training", also=also, either=forth)


# Initialisation


def drawing_weights(inputs, outputs, seeds=1):
    """A draw of so many seeds for weights of these sizes."""

    def draw(rng):
        drawn = [int(seed) for seed in rng.integers(2**31, size=seeds)]
        return Case(input_units=inputs, output_units=outputs, seeds=drawn)

    return draw


KURTOSIS = {"a uniform distribution": 1.8, "a normal distribution": 3.0, "a normal distribution without its tails": 2.4}
CUT_OFF = 0.8796  # the deviation of a standard normal number that is drawn anew where it is beyond 2


def he_deviations(inputs, outputs):
    return np.sqrt(2 / inputs), {
        "cut off beyond two deviations, which makes the deviation smaller": CUT_OFF * np.sqrt(2 / inputs),
        "the outputs are counted; He counts the inputs": np.sqrt(2 / outputs),
        "2 / input_units is the variance; the deviation is its root": 2 / inputs,
        "1 / input_units: the factor 2 for the half that a ReLU zeroes is missing": np.sqrt(1 / inputs),
        "inputs and outputs are both counted: that is Glorot's": np.sqrt(2 / (inputs + outputs)),
        "not scaled at all": 1.0,
    }


def xavier_deviations(inputs, outputs):
    both = inputs + outputs
    return np.sqrt(2 / both), {
        "the bound of the interval is sqrt(6 / (in + out)); that root of 2 is the deviation": np.sqrt(2 / both / 3),
        "the bound of the interval is the root of 6 / (in + out)": 6 / both / np.sqrt(3),
        "the inputs alone are counted; Glorot counts inputs and outputs": np.sqrt(2 / inputs),
        "the inputs alone are counted, 1 / in; Glorot counts inputs and outputs": np.sqrt(1 / inputs),
        "half the interval is missing: it goes from -a to a": np.sqrt(2 / both) / 2,
        "brackets are missing below the line: 6 / in + out": np.sqrt((6 / inputs + outputs) / 3),
        "brackets are missing below the line: 2 / in + out": np.sqrt(2 / inputs + outputs),
        "inputs and outputs are added up; Glorot takes their mean": np.sqrt(1 / both),
        "the deviation is too large by the root of 3: the 6 belongs to the bound of a uniform": np.sqrt(6 / both),
    }


def deviation_of(deviations, name, case, named):
    """The standard deviation, where it is judged, or where others judge it."""
    wanted, mistakes = deviations(case.input_units, case.output_units)
    clipped = 0.96 * wanted  # at two deviations
    also = [*mistakes.values(), *multiples(wanted, 4, 3, 2**0.5), clipped]
    others = {"mistakes": mistakes} if named else {"also": also}
    return Right(float(wanted), f"{name}, the standard deviation", rtol=0.03, atol=0.0, **others)


def key_of_initialisation(name, deviations, average, deviation, distribution, kurtosis, other, told_of_other):
    """The keys of the three questions about one initialisation."""

    @key(average)
    class _:
        draw = drawing_weights(150, 100)

        def right(case):
            return deviation_of(deviations, name, case, named=False)

    @key(deviation)
    class _:
        draw = drawing_weights(300, 200)

        def right(case):
            return deviation_of(deviations, name, case, named=True)

    @key(distribution)
    class _:
        draw = drawing_weights(150, 100, seeds=2)

        def right(case):
            what = f"{name}, the distribution by its kurtosis"
            named = {told_of_other: other, "cut off: the tails are missing, and the deviation is smaller": 2.4}
            shape = Right(kurtosis, what, named, rtol=0, atol=0.35)
            return [shape, deviation_of(deviations, name, case, named=False)]

        def others(case):
            size = deviations(case.input_units, case.output_units)[0]
            return {f"the kurtosis of {one}": [value, size] for one, value in KURTOSIS.items() if value != kurtosis}


key_of_initialisation(
    "he_init",
    he_deviations,
    asked.he_weights_are_zero_on_average,
    asked.he_deviation,
    asked.he_is_normal,
    3.0,
    1.8,
    "uniform; a normal distribution is asked for",
)
key_of_initialisation(
    "xavier_init",
    xavier_deviations,
    asked.xavier_weights_are_zero_on_average,
    asked.xavier_deviation,
    asked.xavier_is_uniform,
    1.8,
    3.0,
    "normal; a uniform distribution is asked for",
)
