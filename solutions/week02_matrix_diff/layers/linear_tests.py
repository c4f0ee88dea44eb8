"""Hidden tests of Linear and Sequential: the layers with parameters."""

import numpy as np

from grader.checks.diagnosis.named import Named
from grader.judge import expect, expect_that, hidden_test

from .asking import (
    NO_CHAIN,
    Cube,
    Factor,
    arrays,
    back,
    descend,
    expect_adding_up,
    expect_manners,
    linear_with,
)

AVERAGED = Named("averaged_over_batch", "averaged over the batch; grad_output already is, so sum")


def linear(student, rng):
    """A Linear(3, 4) with known W and b, changed in place, and x [5, 3], G [5, 4], W, b."""
    W, b, x, G = rng.normal(size=(3, 4)), rng.normal(size=4), rng.normal(size=(5, 3)), rng.normal(size=(5, 4))
    return student.prop(linear_with)(student.Linear, W, b), x, G, W, b


@hidden_test("test_Linear", points=0.05)
def linear_shapes(student, rng):
    """Linear starts with W [in, out], small and random, and b [out], zero, and leaves its arguments alone."""
    layer = student.Linear(6, 7)
    for name, shape in (("W", (6, 7)), ("b", (7,))):
        array = getattr(layer, name)
        fit = isinstance(array, np.ndarray) and array.shape == shape and bool(np.isfinite(array).all())
        expect_that(bool(fit), f"Linear.{name}: an array of shape {shape} is expected for Linear(6, 7)", "shape")
    expect(layer.b, np.zeros(7), what="Linear.b at the start")
    W = student.Linear(100, 80).W
    expect_that(bool(np.std(W) > 0), "Linear.W at the start: all weights are equal", "start")
    expect_that(bool(np.abs(W).mean() < 2), "Linear.W at the start: the weights are not small", "start")
    expect_manners(student, layer, rng.normal(size=(4, 6)), rng.normal(size=(4, 7)))


@hidden_test("test_Linear", points=0.1)
def linear_forward(student, rng):
    """Linear.forward multiplies by W and adds b to every row."""
    layer, x, _, W, b = linear(student, rng)
    mistakes = {"b is forgotten": x @ W, "b is subtracted": x @ W - b}
    expect(layer.forward(x), x @ W + b, what="Linear.forward", mistakes=mistakes)


@hidden_test("test_Linear", points=0.1)
def linear_input_gradient(student, rng):
    """Linear.backward returns the gradient of x."""
    layer, x, G, W, _ = linear(student, rng)
    expect(
        back(layer, x, G),
        G @ W.T,
        what="Linear.backward",
        mistakes={
            "the gradient of W is returned": x.T @ G,
            "grad_output is returned as it came": G,
            NO_CHAIN: np.ones_like(G) @ W.T,
            "divided by the batch size; that was done in the loss": G @ W.T / 5,
        },
        scales={"batch_size": 5},
    )


def linear_gradient(student, rng, k):
    layer, x, G, W, b = linear(student, rng)
    back(layer, x, G)
    return arrays(layer.gradients(), 2, "Linear.gradients()")[k], x, G


@hidden_test("test_Linear", points=0.1)
def linear_gradient_of_W(student, rng):
    """Linear.gradients() begins with the gradient of W."""
    found, x, G = linear_gradient(student, rng, 0)
    expect(
        found,
        x.T @ G,
        what="Linear.gradients()[0]",
        mistakes={
            AVERAGED: x.T @ G / 5,
            "transposed: a gradient has the shape of W": G.T @ x,
            "the order: W comes first, then b": G.sum(axis=0),
            NO_CHAIN: x.T @ np.ones_like(G),
            "nothing is added by backward": np.zeros((3, 4)),
            "the sign: these are gradients, not steps": -x.T @ G,
        },
        scales={"batch_size": 5},
    )


@hidden_test("test_Linear", points=0.05)
def linear_gradient_of_b(student, rng):
    """Linear.gradients() ends with the gradient of b."""
    found, x, G = linear_gradient(student, rng, 1)
    expect(
        found,
        G.sum(axis=0),
        what="Linear.gradients()[1]",
        mistakes={
            AVERAGED: G.mean(axis=0),
            "a gradient for each sample; b is shared by all of them": G,
            "one number for all; each entry of b has a gradient of its own": np.full(4, G.sum()),
            "added up along the wrong axis": G.sum(axis=1),
            "nothing is added by backward": np.zeros(4),
        },
        scales={"batch_size": 5},
    )


@hidden_test("test_Linear", points=0.05)
def linear_parameters_are_live(student, rng):
    """Changing the arrays of Linear.parameters() in place changes the layer."""
    layer, x, G, W, b = linear(student, rng)
    first, second = arrays(layer.parameters(), 2, "Linear.parameters()")
    order = first.shape == (3, 4) and second.shape == (4,)
    expect_that(bool(order), "Linear.parameters() is [W, b], in this order", "shape")
    back(layer, x, G)
    steps = arrays(layer.gradients(), 2, "Linear.gradients()")
    student.prop(descend)(layer, 0.3)
    expect(
        layer.forward(x),
        x @ (W - 0.3 * steps[0]) + b - 0.3 * steps[1],
        what="Linear.forward after a step on its parameters()",
        mistakes={"parameters() hands out copies: a change in place has no effect on the layer": x @ W + b},
    )


@hidden_test("test_Linear", points=0.05)
def linear_gradients_add_up(student, rng):
    """The gradients of Linear add up until zero_grad()."""
    layer, x, G, *_ = linear(student, rng)
    expect_adding_up(layer, x, G, 2, "Linear")


# Sequential, judged with layers of the judge's.


def chain(student, rng):
    """Factor(3), Cube, Factor(6) in a Sequential; x [5, 3], G [5, 6], both factors."""
    a, c = (rng.uniform(0.5, 1.5, size=size) * rng.choice([-1, 1], size=size) for size in (3, 6))
    layers = student.prop(Factor)(a), student.prop(Cube)(), student.prop(Factor)(c)
    return student.Sequential(*layers), rng.normal(size=(5, 3)), rng.normal(size=(5, 6)), a, c


def outputs(x, a, c):
    """What enters Cube, and what enters the last layer."""
    inner = x * a
    return inner, np.concatenate([inner**3, inner], axis=1)


@hidden_test("test_Sequential", points=0.1)
def chain_forward(student, rng):
    """Sequential.forward passes x through the layers in order."""
    network, x, _, a, c = chain(student, rng)
    inner, middle = outputs(x, a, c)
    mistakes = {"the last layer is left out": middle, "the layers run in the wrong order": np.nan * middle}
    expect(network.forward(x), middle * c, what="Sequential.forward", mistakes=mistakes)


@hidden_test("test_Sequential", points=0.15)
def chain_backward(student, rng):
    """Sequential.backward goes from the last layer to the first, each with what entered it."""
    network, x, G, a, c = chain(student, rng)
    inner, middle = outputs(x, a, c)
    g = G * c

    def through(entered):
        return (3 * entered**2 * g[:, :3] + g[:, 3:]) * a

    expect(
        back(network, x, G),
        through(inner),
        what="Sequential.backward",
        mistakes={
            "a layer in the middle is given the x of the whole chain": through(x),
            "the gradient of what enters the second layer; the first is left out": through(inner) / a,
            "grad_output is returned as it came": G,
        },
    )


@hidden_test("test_Sequential", points=0.05)
def chain_gradients_of_parameters(student, rng):
    """Each layer of a Sequential gets the gradients of its parameters."""
    network, x, G, a, c = chain(student, rng)
    inner, middle = outputs(x, a, c)
    g = G * c
    back(network, x, G)
    first, last = arrays(network.gradients(), 2, "Sequential.gradients()")
    wrong_order = "the order: the first layer comes first"
    right = np.sum(x * (3 * inner**2 * g[:, :3] + g[:, 3:]), axis=0), np.sum(middle * G, axis=0)
    expect(first, right[0], what="Sequential.gradients()[0]", mistakes={wrong_order: right[1]})
    what = "Sequential.gradients()[1]"
    mistakes = {wrong_order: right[0]}
    expect(last, right[1], what=what, mistakes=mistakes)


@hidden_test("test_Sequential", points=0.1)
def chain_parameters_are_flat_and_live(student, rng):
    """Sequential.parameters() is flat, in the order of the layers, and live."""
    network, x, G, a, c = chain(student, rng)
    first, last = arrays(network.parameters(), 2, "Sequential.parameters()")
    expect(first, a, what="Sequential.parameters()[0]", mistakes={"the order: the first layer comes first": c})
    expect(last, c, what="Sequential.parameters()[1]")
    back(network, x, G)
    steps = arrays(network.gradients(), 2, "Sequential.gradients()")
    student.prop(descend)(network, 0.1)
    moved = a - 0.1 * steps[0], c - 0.1 * steps[1]
    expect(
        network.forward(x),
        outputs(x, *moved)[1] * moved[1],
        what="Sequential.forward after a step on its parameters()",
        mistakes={"parameters() hands out copies: a change in place has no effect": outputs(x, a, c)[1] * c},
    )


@hidden_test("test_Sequential", points=0.05)
def chain_gradients_add_up(student, rng):
    """The gradients of a Sequential add up until zero_grad()."""
    network, x, G, *_ = chain(student, rng)
    expect_adding_up(network, x, G, 2, "Sequential")


@hidden_test("test_Sequential", points=0.05)
def chain_in_a_chain(student, rng):
    """A Sequential may contain another, and leaves its arguments alone."""
    a, c = rng.uniform(0.5, 1.5, size=(2, 4))
    inside = student.Sequential(student.prop(Factor)(a))
    network = student.Sequential(inside, student.prop(Cube)())
    x, G = rng.normal(size=(3, 4)), rng.normal(size=(3, 8))
    arrays(network.parameters(), 1, "parameters() of a Sequential in a Sequential")
    expect_manners(student, network, x, G)
    g = (3 * (x * a) ** 2 * G[:, :4] + G[:, 4:]) * a
    expect(back(network, x, G), g, what="backward of a Sequential in a Sequential")
