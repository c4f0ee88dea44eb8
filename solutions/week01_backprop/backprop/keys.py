"""Keys of homework 1."""

import numpy as np

from grader.checks.diagnosis.named import numbered
from grader.checks.questions import Right, same
from grader.judge.authoring.keys import Case, key
from week01_backprop import backprop_questions as asked

from .asking import AVERAGED, CLIMBS, NO_RATE, NO_STEP

# ReLU


def relu_numbers(rng):
    X, G = rng.normal(size=(2, 7, 4))
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
        return Case(X=relu_numbers(rng).X)

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
    draw = relu_numbers

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
        return Right(G * (X > 0), "ReLU.backward for inputs that are exactly 0", mistakes)


@key(asked.relu_backward_uses_its_input)
class _:
    def draw(rng):
        X, other, G = rng.normal(size=(3, 7, 4))
        return Case(X=X, other=other, G=G)

    def right(case):
        slips = relu_slips(case.X, case.G)
        return Right(case.G * (case.X > 0), "ReLU.backward", slips, also=list(slips.values()))


@key(asked.relu_leaves_its_arguments_alone)
class _:
    draw = relu_numbers

    def right(case):
        slips = relu_slips(case.X, case.G)
        return Right(case.G * (case.X > 0), "ReLU.backward", slips, also=list(slips.values()))


# Dense


def dense_numbers(rng):
    """X [5, 3], other [5, 3], G [5, 4], W [3, 4], b [4]: what the questions take of it, by name."""
    shapes = {"X": (5, 3), "other": (5, 3), "G": (5, 4), "W": (3, 4), "b": (4,)}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def drawing(*names):
    """A draw of `dense_numbers`, of which these are given."""

    def draw(rng):
        numbers = dense_numbers(rng)
        return Case(**{name: numbers[name] for name in names})

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
        "the weights were updated first; take the input gradient with the weights used forward": G @ (W - step).T,
        "the weights were updated first, and in a wrong way": G @ (W - step / len(X)).T,
        "the weights were updated first, and uphill": G @ (W + step).T,
    }


def slipped_gradients(case):
    """Gradients of the input that are wrong in a way that other questions judge, rate 0.1."""
    return [case.G @ case.W.T / len(case.X), *gradients_after_the_step(case, 0.1).values()]


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
    draw = drawing("X", "W", "b")

    def right(case):
        slips = list(outputs_with_slips(case).values())
        return Right(case.X @ case.W + case.b, "Dense.forward", also=slips)


@key(asked.dense_starts_with_zero_biases)
class _:
    draw = drawing("X", "W")

    def right(case):
        X, W = case.X, case.W
        return [
            Right(np.zeros(W.shape[1]), "Dense.biases at the start"),
            Right(X @ W, "Dense.forward with the biases of the start"),
        ]


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
        }
        what = "Dense.backward, the gradient of the input"
        return Right(G @ W.T, what, mistakes, scales={"batch_size": len(X)})


@key(asked.dense_input_gradient_before_the_step)
class _:
    draw = drawing("X", "G", "W", "b")

    def right(case):
        what = "Dense.backward, the gradient of the input, learning rate 0.3"
        scales = {"batch_size": len(case.X), "learning_rate": 0.3}
        return Right(case.G @ case.W.T, what, gradients_after_the_step(case, 0.3), scales=scales)


@key(asked.dense_weights_take_one_summed_step)
class _:
    draw = drawing("X", "G", "W", "b")

    def right(case):
        X, G, W = case.X, case.G, case.W
        step = X.T @ G
        mistakes = named_steps(W, step, len(X), 0.07) | {
            "the learning rate is applied twice": W - 0.07**2 * step,
            "the weights are replaced by the step": -0.07 * step,
            "one number is taken off all weights; every weight has a gradient of its own": W - 0.07 * step.mean(),
        }
        return [None, Right(W - 0.07 * step, "Dense.weights after backward", mistakes)]


@key(asked.dense_biases_take_one_summed_step)
class _:
    draw = drawing("X", "G", "W", "b")

    def right(case):
        G, b = case.G, case.b
        step = G.sum(axis=0)
        mistakes = named_steps(b, step, len(G), 0.07) | {
            "the biases are replaced by the step": -0.07 * step,
            "summed over everything; every bias has a gradient of its own": b - 0.07 * step.sum(),
            "averaged over everything; every bias has a gradient of its own, summed over the batch": b
            - 0.07 * G.mean(),
        }
        return [None, Right(b - 0.07 * step, "Dense.biases after backward", mistakes)]


@key(asked.dense_step_follows_its_learning_rate)
class _:
    draw = drawing("X", "G", "W")

    def right(case):
        gradient = case.X.T @ case.G
        step = -0.1 * gradient
        # A step taken twice is not among them: it looks like another default.
        slips = [step / len(case.X), -step, np.full_like(step, step.mean())]
        fixed = {"the learning rate that is given makes no difference": 5 * step}
        without = {NO_RATE: -gradient, NO_STEP: 0 * step}
        usual = "Dense, the step with the default learning rate (0.1)"
        given = "Dense, five times the step with the learning rate 0.02, given "
        return [
            Right(step, usual, without, also=slips),
            Right(step, f"{given}by position", fixed, also=slips),
            Right(step, f"{given}by name", fixed, also=slips),
        ]


@key(asked.dense_backward_uses_its_input)
class _:
    draw = drawing("X", "other", "G", "W", "b")

    def right(case):
        what = "Dense.backward, the gradient of the input"
        return Right(case.G @ case.W.T, what, also=slipped_gradients(case))


@key(asked.dense_leaves_its_arguments_alone)
class _:
    draw = drawing("X", "G", "W", "b")

    def right(case):
        what = "Dense.backward, the gradient of the input"
        return Right(case.G @ case.W.T, what, also=slipped_gradients(case))


# forward and train


def chain(rng, depth, units=4):
    """Factors and shifts of ``depth`` layers: no two layers alike, no order of them as good as another."""
    return rng.permutation(np.linspace(0.6, 1.3, depth)), rng.normal(size=(depth, units))


def outputs(factors, shifts, X):
    """What each layer of a chain gives, in order."""
    results = []
    for factor, shift in zip(factors, shifts, strict=True):
        X = factor * X + shift
        results.append(X)
    return results


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
    def draw(rng):
        X, (factors, shifts) = rng.normal(size=(6, 4)), chain(rng, 3)
        return Case(factors=factors, shifts=shifts, X=X)

    def right(case):
        return right_activations(case.factors, case.shifts, case.X)


@key(asked.forward_takes_any_depth)
class _:
    def draw(rng):
        X = rng.normal(size=(6, 4))
        return Case(networks=[chain(rng, depth) for depth in (1, 2, 7)], X=X)

    def right(case):
        return [part for factors, shifts in case.networks for part in right_activations(factors, shifts, case.X)]


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


def draw_training(rng):
    X, y, (factors, shifts) = rng.normal(size=(6, 4)), rng.integers(0, 4, size=6), chain(rng, 3)
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
    draw, lent = draw_training, lent_forward

    def right(case):
        run, size = training(case), len(case.y)
        mistakes = {
            "train returns the loss of every sample; their mean is asked for": run.losses,
            "summed over the batch; the mean is asked for": run.losses.sum(),
            "the loss is taken after the step; it is asked for before": run.losses_after.mean(),
            "divided by the batch size twice": run.losses.mean() / size,
            "the loss of one sample; the mean over the batch is asked for": run.losses[-1],
        }
        return Right(run.losses.mean(), "the loss that train returns", mistakes, scales={"batch_size": size})


@key(asked.train_passes_gradients_back)
class _:
    draw, lent = draw_training, lent_forward

    def right(case):
        run, factors, size = training(case), case.factors, len(case.y)
        grads, top, depth = np.array(run.grads), run.grads[-1], range(len(factors))
        passed_over = grads / factors[-1]
        passed_over[-1] = 0
        mistakes = {
            "divided by the batch size once more": grads / size,
            "not divided by the batch size": grads * size,
            "every layer gets the gradient of the loss, not what the layer after it handed down": [top for _ in depth],
            "the gradient enters at the first layer; it enters at the last": [
                top * np.prod(factors[:i]) for i in depth
            ],
            "the last layer is passed over": passed_over,
            "handed down by a layer that had taken its step before": [
                top * np.prod(factors[i + 1 :] + 1) for i in depth
            ],
        }
        mistakes = {text: np.array(value) for text, value in mistakes.items()}
        what = "train, the grad_output given to the backward of each layer"
        return Right(grads, what, mistakes, also=without_ends(grads)[:1])


@key(asked.train_gives_each_layer_its_own_input)
class _:
    draw, lent = draw_training, lent_forward

    def right(case):
        run = training(case)
        inputs = np.array(run.inputs)
        mistakes = {
            "the layer's own output; its input is asked for": run.activations,
            "X for every layer, which is the input of the first alone": [case.X for _ in inputs],
            "the layers are taken in reverse, their inputs are not": inputs[::-1],
            "off by one: the input of the layer before": [case.X, *run.inputs[:-1]],
        }
        mistakes = {text: np.array(value) for text, value in mistakes.items()}
        return Right(
            inputs, "train, the input given to the backward of each layer", mistakes, also=without_ends(inputs)
        )


@key(asked.train_steps_every_layer_once)
class _:
    lent = lent_forward

    def draw(rng):
        X, y = rng.normal(size=(6, 4)), rng.integers(0, 4, size=6)
        return Case(networks=[chain(rng, depth) for depth in (3, 1, 6)], X=X, y=y)

    def right(case):
        parts, size = [], len(case.y)
        for factors, shifts in case.networks:
            top = Training(factors, shifts, case.X, case.y).grads[-1]
            slips = [top / size, top * size, top * np.prod(factors[:-1])]
            parts.append(Right(top, "train, the grad_output given to the backward of the last layer", also=slips))
        return parts


# Sigmoid, Tanh, LeakyReLU


def logistic(x):
    return np.where(x >= 0, 1, np.exp(np.minimum(x, 0))) / (1 + np.exp(-np.abs(x)))


def draw_input(rng):
    return Case(X=rng.normal(size=(6, 5)))


def draw_both_ways(rng):
    X, G = rng.normal(size=(2, 6, 5))
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
    draw = draw_input

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
    draw = draw_both_ways

    def right(case):
        s = logistic(case.X)
        return Right(case.G * s * (1 - s), "Sigmoid.backward", sigmoid_slips(case.X, case.G))


@key(asked.tanh_forward)
class _:
    draw = draw_input

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
    draw = draw_both_ways

    def right(case):
        return Right(case.G * (1 - np.tanh(case.X) ** 2), "Tanh.backward", tanh_slips(case.X, case.G))


@key(asked.leaky_forward)
class _:
    draw = draw_input

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
    draw = draw_both_ways

    def right(case):
        X, G = case.X, case.G
        mistakes = leaky_slips(X, G, 0.2) | {"the slope of the constructor is not used": G * np.where(X > 0, 1, 0.01)}
        return Right(G * np.where(X > 0, 1, 0.2), "LeakyReLU.backward, slope 0.2", mistakes)


@key(asked.leaky_slope_at_zero)
class _:
    def draw(rng):
        G = rng.normal(size=(6, 5))
        return Case(X=np.zeros_like(G), G=G)

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


def right_when_large(X, output, what):
    """Forward this, and backward zero, to an absolute tolerance."""
    options = {"rtol": 1e-6, "atol": 1e-9}
    return [
        Right(output, f"{what}.forward, inputs of size up to 1e3", **options),
        Right(np.zeros_like(X), f"{what}.backward, inputs of size up to 1e3", **options),
    ]


@key(asked.sigmoid_of_large_inputs)
class _:
    draw = draw_large

    def right(case):
        return right_when_large(case.X, logistic(case.X), "Sigmoid")


@key(asked.tanh_of_large_inputs)
class _:
    draw = draw_large

    def right(case):
        return right_when_large(case.X, np.tanh(case.X), "Tanh")


@key(asked.activations_use_their_input_and_leave_it_alone)
class _:
    def draw(rng):
        X, other, G = rng.normal(size=(3, 6, 5))
        return Case(X=X, other=other, G=G)

    def right(case):
        X, G, s = case.X, case.G, logistic(case.X)
        slips = [list(found.values()) for found in (sigmoid_slips(X, G), tanh_slips(X, G), leaky_slips(X, G, 0.01))]
        return [
            Right(G * s * (1 - s), "Sigmoid.backward", also=slips[0]),
            Right(G * (1 - np.tanh(X) ** 2), "Tanh.backward", also=slips[1]),
            Right(G * np.where(X > 0, 1, 0.01), "LeakyReLU.backward", also=slips[2]),
        ]
