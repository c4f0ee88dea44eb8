"""Keys of Linear and Sequential: the layers with parameters."""

import numpy as np

from grader.checks.diagnosis.named import Named
from grader.checks.questions import Right
from grader.judge.authoring.keys import Case, key
from week02_matrix_diff import layers_questions as asked

from .activation_keys import EARLIER, NO_CHAIN

AVERAGED = Named("averaged_over_batch", "averaged over the batch; grad_output already is, so sum")


def values(rng):
    """W [3, 4], b [4], x and an earlier x [5, 3], and grad_output [5, 4]."""
    W, b = rng.normal(size=(3, 4)), rng.normal(size=4)
    x, other = rng.normal(size=(2, 5, 3))
    return Case(W=W, b=b, x=x, G=rng.normal(size=(5, 4)), other=other)


def some_values(*names):
    """A draw of `values` with these fields only."""
    return lambda rng: Case(**{name: getattr(values(rng), name) for name in names})


def outputs_of(x, W, b):
    """What forward gives after a mistake."""
    return {"b is forgotten": x @ W, "b is subtracted": x @ W - b}


@key(asked.linear_shapes)
class _:
    def draw(rng):
        W, b, x, G = (rng.normal(size=size) for size in ((6, 7), 7, (4, 6), (4, 7)))
        return Case(W=W, b=b, x=x, G=G)

    def right(case):
        also = list(outputs_of(case.x, case.W, case.b).values())
        return Right(case.x @ case.W + case.b, "Linear.forward", also=also)


@key(asked.linear_forward)
class _:
    draw = some_values("W", "b", "x")

    def right(case):
        return Right(case.x @ case.W + case.b, "Linear.forward", outputs_of(case.x, case.W, case.b))


@key(asked.linear_input_gradient)
class _:
    draw = values

    def right(case):
        x, G, W = case.x, case.G, case.W
        mistakes = {
            "the gradient of W is returned": x.T @ G,
            "grad_output is returned as it came": G,
            NO_CHAIN: np.ones_like(G) @ W.T,
            "divided by the batch size; that was done in the loss": G @ W.T / 5,
        }
        return Right(G @ W.T, "Linear.backward", mistakes, scales={"batch_size": 5})


def slips_of_W(x, G):
    """What the gradient of W is after a mistake."""
    return {
        AVERAGED: x.T @ G / 5,
        "transposed: a gradient has the shape of W": G.T @ x,
        "the order: W comes first, then b": G.sum(axis=0),
        NO_CHAIN: x.T @ np.ones_like(G),
        "the sign: these are gradients, not steps": -x.T @ G,
    }


def slips_of_b(G):
    """What the gradient of b is after a mistake."""
    return {
        AVERAGED: G.mean(axis=0),
        "one number for all; each entry of b has a gradient of its own": np.full(4, G.sum()),
        "added up along the wrong axis": G.sum(axis=1),
    }


@key(asked.linear_gradient_of_W)
class _:
    draw = values

    def right(case):
        x, G, other = case.x, case.G, case.other
        mistakes = {
            **slips_of_W(x, G),
            "nothing is added by backward": np.zeros((3, 4)),
            EARLIER: other.T @ G,
        }
        return Right(x.T @ G, "Linear.gradients()[0]", mistakes, scales={"batch_size": 5})


@key(asked.linear_gradient_of_b)
class _:
    draw = values

    def right(case):
        G = case.G
        mistakes = {
            **slips_of_b(G),
            "a gradient for each sample; b is shared by all of them": G,
            "nothing is added by backward": np.zeros(4),
        }
        return Right(G.sum(axis=0), "Linear.gradients()[1]", mistakes, scales={"batch_size": 5})


# By what factors the steps of the first and the last array are taken.
STEPPED = {
    "without the step": (0, 0),
    "after the step of the first array alone": (1, 0),
    "after the step of the last array alone": (0, 1),
    "after the step the other way": (-1, -1),
    "after the step taken twice": (2, 2),
}


@key(asked.linear_parameters_are_live)
class _:
    def draw(rng):
        steps = [rng.normal(size=(3, 4)), rng.normal(size=4)]
        return Case(**vars(some_values("W", "b", "x")(rng)), steps=steps)

    def others(case):
        return {
            f"what forward gives {words}": case.x @ (case.W - first * case.steps[0]) + case.b - last * case.steps[1]
            for words, (first, last) in STEPPED.items()
        }

    def right(case):
        x, W, b = case.x, case.W, case.b
        moved = W - case.steps[0], b - case.steps[1]
        copied = "parameters() hands out copies: a change in place has no effect on the layer"
        return Right(
            x @ moved[0] + moved[1],
            "Linear.forward after a step on its parameters()",
            {copied: x @ W + b},
            also=list(outputs_of(x, *moved).values()),
        )


@key(asked.linear_gradients_add_up)
class _:
    draw = some_values("W", "b", "x", "G")

    def right(case):
        x, G = case.x, case.G
        of_W, of_b = list(slips_of_W(x, G).values()), list(slips_of_b(G).values())
        return [
            Right(x.T @ G, "Linear.gradients()[0] after one backward", also=of_W),
            Right(G.sum(axis=0), "Linear.gradients()[1] after one backward", also=[*of_b, x.T @ G]),
        ]


# Sequential, judged with right layers.


def factors(rng):
    """Factors of the first layer, [3], and of the last, [6]."""
    return [rng.uniform(0.5, 1.5, size=size) * rng.choice([-1, 1], size=size) for size in (3, 6)]


def chained(rng):
    """Both factors, x [5, 3], and grad_output [5, 6]."""
    a, c = factors(rng)
    return Case(a=a, c=c, x=rng.normal(size=(5, 3)), G=rng.normal(size=(5, 6)))


def outputs(x, a, c):
    """What enters Cube, and what enters the last layer."""
    inner = x * a
    return inner, np.concatenate([inner**3, inner], axis=1)


def through(case, entered, G=None):
    """The gradient of what enters Cube, if `entered` did."""
    g = (case.G if G is None else G) * case.c
    return 3 * entered**2 * g[:, :3] + g[:, 3:]


def slips_back(case):
    """What backward gives after a mistake."""
    return {
        "a layer in the middle is given the x of the whole chain": through(case, case.x) * case.a,
        "the gradient of what enters the second layer; the first is left out": through(case, case.x * case.a),
    }


@key(asked.chain_forward)
class _:
    def draw(rng):
        a, c = factors(rng)
        return Case(a=a, c=c, x=rng.normal(size=(5, 3)))

    def right(case):
        _, middle = outputs(case.x, case.a, case.c)
        return Right(middle * case.c, "Sequential.forward", {"the last layer is left out": middle})


@key(asked.chain_backward)
class _:
    def draw(rng):
        return Case(**vars(chained(rng)), other=rng.normal(size=(5, 3)))

    def right(case):
        mistakes = {
            **slips_back(case),
            "grad_output is returned as it came": case.G,
            EARLIER: through(case, case.other * case.a) * case.a,
        }
        return Right(through(case, case.x * case.a) * case.a, "Sequential.backward", mistakes)


@key(asked.chain_runs_layers_once)
class _:
    draw = chained

    def right(case):
        also = list(slips_back(case).values())
        return Right(through(case, case.x * case.a) * case.a, "Sequential.backward", also=also)


def gradients(case):
    """Of both factors."""
    inner, middle = outputs(case.x, case.a, case.c)
    return np.sum(case.x * through(case, inner), axis=0), np.sum(middle * case.G, axis=0)


@key(asked.chain_gradients_of_parameters)
class _:
    draw = chained

    def right(case):
        first, last = gradients(case)
        wrong_order = "the order: the first layer comes first"
        return [
            Right(first, "Sequential.gradients()[0]", {wrong_order: last}),
            Right(last, "Sequential.gradients()[1]", {wrong_order: first}),
        ]


@key(asked.chain_parameters_are_flat_and_live)
class _:
    def draw(rng):
        a, c = factors(rng)
        steps = [0.3 * rng.normal(size=3), 0.3 * rng.normal(size=6)]
        return Case(a=a, c=c, x=rng.normal(size=(5, 3)), steps=steps)

    def others(case):
        x, a, c = case.x, case.a, case.c
        return {
            f"what forward gives {words}": [
                a,
                c,
                outputs(x, a - first * case.steps[0], c)[1] * (c - last * case.steps[1]),
            ]
            for words, (first, last) in STEPPED.items()
        }

    def right(case):
        x, a, c = case.x, case.a, case.c
        moved = a - case.steps[0], c - case.steps[1]
        _, middle = outputs(x, *moved)
        copied = "parameters() hands out copies: a change in place has no effect"
        what = "Sequential.forward after a step on its parameters()"
        return [
            Right(a, "Sequential.parameters()[0]", {"the order: the first layer comes first": c}),
            Right(c, "Sequential.parameters()[1]"),
            Right(middle * moved[1], what, {copied: outputs(x, a, c)[1] * c}, also=[middle]),
        ]


@key(asked.chain_gradients_add_up)
class _:
    draw = chained

    def right(case):
        first, last = gradients(case)
        return [
            Right(first, "Sequential.gradients()[0] after one backward", also=[last, np.zeros(3)]),
            Right(last, "Sequential.gradients()[1] after one backward", also=[first]),
        ]


@key(asked.chain_in_a_chain)
class _:
    def draw(rng):
        a = rng.uniform(0.5, 1.5, size=4)
        return Case(a=a, x=rng.normal(size=(3, 4)), G=rng.normal(size=(3, 4)))

    def right(case):
        a, x, G = case.a, case.x, case.G
        once, again = x, x**2 * a  # what enters the layer that stands twice
        twice = "a layer that stands twice in the chain is given one and the same x both times, the "
        mistakes = {
            twice + "first": 2 * once * a * 2 * once * G,
            twice + "last": 2 * again * a * 2 * again * G,
        }
        right = 2 * once * a * 2 * again * G
        return Right(right, "backward of a Sequential in a Sequential", mistakes)
