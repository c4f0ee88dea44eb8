"""Keys of homework 1."""

import numpy as np

from grader.checks.questions import Right
from grader.judge.authoring.keys import Case, key
from week01_backprop import backprop_questions as asked

from .asking import AVERAGED, CLIMBS, NO_RATE, NO_STEP

# ReLU


def relu_numbers(rng):
    X, G = rng.normal(size=(2, 7, 4))
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
        return Case(X=rng.normal(size=(7, 4)))

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
        slips = [step / len(case.X), -step, 2 * step, np.full_like(step, step.mean())]
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
