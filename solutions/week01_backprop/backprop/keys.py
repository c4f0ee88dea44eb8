"""Keys of homework 1."""

import numpy as np

from grader.checks.questions import Right
from grader.judge.authoring.keys import Case, key
from week01_backprop import backprop_questions as asked

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
