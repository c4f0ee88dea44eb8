"""What init_params, forward and backward are asked, in regression and in classification alike."""

import numpy as np

from grader.checks.diagnosis.named import numbered
from grader.judge import expect, expect_that, expect_unchanged, prop
from grader.judge.authoring.verdicts import StudentError

from .nets import (
    apart,
    biases,
    draw_batch,
    draw_params,
    expect_params_unchanged,
    found,
    numbers,
    pairs,
    weights,
)

BATCH = 7


@prop
class Dice:
    """Holds a random generator."""

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)


def generator(student, rng):
    """A numpy Generator that lives beside the student's code."""
    return student.prop(Dice)(int(rng.integers(2**31))).rng


# init_params


def expect_layout(student, rng, *all_sizes):
    """One (W, b) a layer, W [in, out] and b [out]."""
    for sizes in all_sizes:
        pairs(student.init_params(list(sizes), generator(student, rng)), sizes, f"init_params({list(sizes)}, rng)")


def expect_random_start(student, rng, sizes):
    """Weights that differ from unit to unit and from call to call; biases zero."""
    dice = generator(student, rng)
    first, second = [pairs(student.init_params(list(sizes), dice), sizes, "init_params") for _ in range(2)]
    for i, (W, b) in enumerate(first, start=1):
        layer = f"init_params, layer {i}"
        expect_that(bool(W.any()), f"{layer}: the weights start at zero, so that all units stay alike")
        varied = bool(np.ptp(W, axis=0).all() and np.ptp(W, axis=1).all())
        expect_that(varied, f"{layer}: units start with equal weights and would stay alike; draw each by itself")
        expect_that(not b.any(), f"{layer}: the biases are to start at zero")
    again = any(np.array_equal(W, V) for (W, _), (V, _) in zip(first, second, strict=True))
    expect_that(not again, "init_params: a second call gives the same weights again; draw them from rng")


# forward


def expect_forward(net, student, rng, *all_sizes, mistakes):
    """``mistakes`` maps a text to a wrong forward(x, params)."""
    for sizes in all_sizes:
        x, params = rng.normal(size=(BATCH, sizes[0])), draw_params(rng, sizes)
        wrong = {text: guess(x, params) for text, guess in mistakes.items()}
        wanted = net.forward(x, params)
        wrong = {text: value for text, value in numbered(wrong) if not np.allclose(value, wanted)}
        yours = student.forward(x, params)
        expect_that(not isinstance(yours, (list, tuple)), f"forward: one array is expected, found {found(yours)}")
        expect(yours, wanted, what=f"forward, sizes {list(sizes)}", mistakes=wrong)


def without_biases(net):
    return lambda x, params: net.forward(x, [(W, 0 * b) for W, b in params])


# backward


def expect_weight_gradients(net, student, rng, *all_sizes, mistakes):
    """``mistakes`` maps a text to a wrong net."""
    _expect_gradients(net, student, rng, all_sizes, mistakes, "W")


def expect_bias_gradients(net, student, rng, *all_sizes, mistakes):
    """As for the weights; summing over everything or averaging have names of their own."""
    _expect_gradients(net, student, rng, all_sizes, mistakes, "b")


def _expect_gradients(net, student, rng, all_sizes, mistakes, judged):
    part, what = {"W": (weights, "weights"), "b": (biases, "biases")}[judged]
    for sizes in all_sizes:
        (x, y), params = draw_batch(net, rng, BATCH, sizes), draw_params(rng, sizes)
        wanted = part(net.backward(x, y, params))
        wrong = {text: part(other.backward(x, y, params)) for text, other in mistakes.items()}
        wrong["averaged over the batch once more; the division by its size is done at the output"] = [
            grad / BATCH for grad in wanted
        ]
        wrong["not averaged over the batch: E is a mean"] = [grad * BATCH for grad in wanted]
        wrong["the sign is turned: the error is what came out minus what was wanted"] = [-grad for grad in wanted]

        def question(x=x, y=y, params=params, sizes=sizes, wanted=wanted, wrong=wrong):
            yours = part(pairs(student.backward(x, y, params), sizes, "backward", judged))
            name = f"backward, the gradients of the {what}, sizes {list(sizes)}"
            expect(yours, wanted, what=name, mistakes=wrong, scales={"batch_size": BATCH})

        apart(student, question, {"forward": net.forward})


def expect_arguments_unchanged(net, student, rng, sizes):
    """Neither forward nor backward changes x, y or params."""
    (x, y), params = draw_batch(net, rng, BATCH, sizes), draw_params(rng, sizes)
    given = {"x": student.put(x), "y": student.put(y), "params": student.put(params)}
    try:
        student.forward(given["x"], given["params"])
    except StudentError:
        pass  # judged by other tests
    expect_unchanged(given["x"], x, what="forward: x")
    expect_params_unchanged(given["params"], params, "forward: params")
    grads = student.backward(given["x"], given["y"], given["params"])
    expect_that(isinstance(grads, (list, tuple)), f"backward: a list of pairs is expected, found {found(grads)}")
    expect_unchanged(given["x"], x, what="backward: x")
    expect_unchanged(given["y"], y, what="backward: y")
    expect_params_unchanged(given["params"], params, "backward: params")
    fresh = numbers(student.forward(x, params), (BATCH, sizes[-1]), "forward")
    expect_that(bool(np.ptp(fresh, axis=0).any()), "forward gives the same for every sample")
