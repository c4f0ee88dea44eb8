"""Visible checks of the two practicals with small nets: they ask the same of both.

`params` is a list of (W, b), W [in, out] and b [out]. Expected values are worked by hand or come from differences.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from grader.checks.exercise.exercise import Exercise
from grader.checks.questions.names import replacing

Params = list[tuple[np.ndarray, np.ndarray]]
Backward = Callable[[np.ndarray, np.ndarray, Params], Params]


def copied(params: Params) -> Params:
    """Arrays and list anew, to compare with later."""
    return [(np.array(W), np.array(b)) for W, b in params]


def draw_params(rng: np.random.Generator, sizes: Sequence[int]) -> Params:
    """Weights and biases of order one for a net of these sizes."""
    return [(rng.normal(size=(a, b)), rng.normal(size=b)) for a, b in zip(sizes[:-1], sizes[1:])]  # noqa: B905


# init_params, forward, backward


def well_formed(check: Exercise, what: str, value: Any, sizes: Sequence[int]) -> bool:
    """Is it a list of pairs of the right shapes? One line, whatever the outcome."""
    wanted = [((n_in, n_out), (n_out,)) for n_in, n_out in zip(sizes, sizes[1:])]  # noqa: B905  sizes[1:] is shorter
    hint = _out_of_form(value, wanted)
    return check.that(f"{what}: a pair (W [in, out], b [out]) for each layer", not hint, hint)


def _out_of_form(value: Any, wanted: list) -> str:
    """What keeps the value from being pairs of these shapes; "" if it is just that."""
    if not isinstance(value, (list, tuple)):
        return f"a list is wanted, and this is of the type {type(value).__name__}"
    if len(value) != len(wanted):
        return f"a list of {len(wanted)} pairs is wanted, and this one has {len(value)} entries"
    if not all(isinstance(pair, (list, tuple)) and len(pair) == 2 for pair in value):
        return "every entry of the list is to be a pair of two arrays"
    shapes = [tuple(np.shape(array) for array in pair) for pair in value]
    return "" if shapes == wanted else f"the shapes are {shapes}, and should be {wanted}"


def starts(
    check: Exercise, init_params: Callable[[list[int], np.random.Generator], Params], sizes: Sequence[int]
) -> None:
    """Layout of fresh params; weights random, biases zero."""
    rng = np.random.default_rng(0)
    params = init_params(list(sizes), rng)
    if not well_formed(check, f"init_params({list(sizes)}, rng)", params, sizes):
        return
    again = init_params(list(sizes), rng)
    random = all(np.ptp(W, axis=axis).all() for W, _ in params for axis in (0, 1) if W.shape[axis] > 1)
    check.that("weights start random", random, "units that start equal stay equal")
    check.that("and differ at each call", not np.array_equal(params[0][0], again[0][0]), "draw them from rng")
    check.that("biases start at zero", all(not np.any(b) for _, b in params), "some are not 0")


def gradients(
    check: Exercise, loss: Callable[[Params], float], backward: Backward, x: np.ndarray, y: np.ndarray, params: Params
) -> None:
    """backward(x, y, params) against differences of loss(params); arguments unchanged."""
    sizes = [len(params[0][0]), *(len(b) for _, b in params)]
    before = [np.array(x), np.array(y), copied(params)]
    grads = backward(x, y, params)
    if not well_formed(check, f"backward, sizes {sizes}", grads, sizes):
        return
    for k in range(len(params)):
        for place, name in enumerate(("weights", "biases")):

            def moved(array: np.ndarray, k: int = k, place: int = place) -> float:
                W, b = params[k]
                return loss([*params[:k], (array, b) if place == 0 else (W, array), *params[k + 1 :]])

            what = f"layer {k + 1} of {len(params)}: gradient of the {name}"
            check.gradient(what, moved, params[k][place], grads[k][place], scales={"batch_size": len(x)})
    check.unchanged("what backward is given", [x, y, copied(params)], before)


# minibatches, train


def deals(
    check: Exercise, minibatches: Callable[..., Iterable[tuple[np.ndarray, np.ndarray]]], labels: bool = False
) -> None:
    """Ten numbered samples in batches of four. With labels, y is [n] of integers, else [n, 1]."""
    rng = np.random.default_rng(0)
    x = np.arange(10.0).reshape(10, 1)
    y = 7 * np.arange(10) if labels else 7 * x
    x_before, y_before = x.copy(), y.copy()
    epochs = [[(np.array(a), np.array(b)) for a, b in minibatches(x, y, 4, rng)] for _ in range(3)]
    sizes = [len(a) for a, _ in epochs[0]]
    check.that("sizes of the batches", sizes == [4, 4, 2], f"10 samples in fours gave {sizes}")
    rows = [np.concatenate([a.ravel() for a, _ in epoch]).tolist() for epoch in epochs]
    once = all(sorted(order) == list(range(10)) for order in rows)
    check.that("every sample once an epoch", once, f"an epoch dealt the samples {sorted(map(int, rows[0]))}")
    paired = all(len(a) == len(b) and np.array_equal(7 * a.ravel(), np.ravel(b)) for epoch in epochs for a, b in epoch)
    check.that("each with its own y", paired, "x and y must be shuffled alike")
    new = rows[0] != sorted(rows[0]) and rows[0] != rows[1] and rows[1] != rows[2]
    check.that("a new random order each time", new, f"two epochs dealt {rows[0]} and {rows[1]}")
    even = [len(a) for a, _ in minibatches(x, y, 5, rng)]
    check.that("no empty batch at the end", even == [5, 5], f"10 samples in fives gave {even}")
    check.unchanged("the data", [x, y], [x_before, y_before])


def trains(
    check: Exercise,
    train: Callable[..., Params],
    namespace: dict,
    loss: Callable[[Params], float],
    backward: Backward,
    x: np.ndarray,
    y: np.ndarray,
    params: Params,
) -> None:
    """train with right gradients lent to it: its step, the number of steps, fresh batches in every epoch.

    namespace: the notebook's globals(); loss: params -> E over all of x, y; backward: right for these params.
    """
    rate, before = 0.25, copied(params)
    with replacing(namespace, {"backward": backward}):
        trained = train(x, y, params, 1, len(x), rate, np.random.default_rng(0))
    sizes = [len(params[0][0]), *(len(b) for _, b in params)]
    if not well_formed(check, "train returns params", trained, sizes):
        return
    check.unchanged("params", copied(params), before)
    (W, b), *rest = params
    steps = [(old - new) / rate for old, new in zip(params[0], trained[0])]  # noqa: B905
    scales = {"batch_size": len(x), "learning_rate": rate}
    check.gradient("one batch: step of weights / rate", lambda W: loss([(W, b), *rest]), W, steps[0], scales=scales)
    check.gradient("one batch: step of biases / rate", lambda b: loss([(W, b), *rest]), b, steps[1], scales=scales)
    _counts_steps(check, train, namespace)


def _counts_steps(check: Exercise, train: Callable[..., Params], namespace: dict) -> None:
    """Every gradient is 1 here, so the params fall by learning_rate at every step: 2 epochs of 3 batches, 6 steps."""
    seen = []

    def ones(x: np.ndarray, y: np.ndarray, params: Params) -> Params:
        seen.append(np.ravel(x).tolist())
        return [(np.ones_like(W), np.ones_like(b)) for W, b in params]

    x, params = np.arange(10.0).reshape(10, 1), [(np.zeros((1, 1)), np.zeros(1))]
    with replacing(namespace, {"backward": ones, "forward": lambda x, params: np.zeros_like(x)}):
        trained = train(x, np.zeros(10, dtype=int), params, 2, 4, 0.5, np.random.default_rng(0))
    if not seen:
        return  # the gradients are computed inside train: there is nothing to count
    mistakes = {
        "one step an epoch; every batch is to have its own": [[-1.0]],
        "the last batch, which is smaller, is left out": [[-2.0]],
        "the steps climb": [[3.0]],
    }
    check.equal("10 samples in fours, 2 epochs, all gradients 1, rate 0.5", trained[0][0], [[-3.0]], mistakes=mistakes)
    whole = [sorted(sum(seen[:3], [])), sorted(sum(seen[3:], []))] == [list(range(10))] * 2
    check.that("every epoch runs through all samples", whole, "some are left out, or come twice")
    check.that("epochs differ in their order", seen[:3] != seen[3:], "deal the batches anew in each epoch")
