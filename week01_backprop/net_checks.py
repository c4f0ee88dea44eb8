"""Visible checks of the two practicals with small nets: they ask the same of both.

`params` is a list of (W, b), W [in, out] and b [out]. Expected values are worked by hand or come from differences.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from grader.checks.exercise.exercise import Exercise

Params = list[tuple[np.ndarray, np.ndarray]]
Backward = Callable[[np.ndarray, np.ndarray, Params], Params]


@contextmanager
def lending(namespace: dict, **functions: Callable) -> Iterator[None]:
    """Put functions in place of names of a notebook, so that an exercise is checked apart from an earlier one."""
    missing = object()
    before = {name: namespace.get(name, missing) for name in functions}
    namespace.update(functions)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is missing:
                namespace.pop(name, None)
            else:
                namespace[name] = value


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
    with lending(namespace, backward=backward):
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
    with lending(namespace, backward=ones, forward=lambda x, params: np.zeros_like(x)):
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


# lr_at, EarlyStopping


def decays(check: Exercise, lr_at: Callable[[int, float, float], float]) -> None:
    """Worked by hand for lr0 = 0.6 and decay = 0.5."""
    check.equal("epoch 0", lr_at(0, 0.6, 0.5), 0.6)
    check.equal("epoch 2, half of it", lr_at(2, 0.6, 0.5), 0.3, mistakes={"a geometric decay": 0.15})
    check.equal("epoch 4, a third", lr_at(4, 0.6, 0.5), 0.2)
    check.equal("no decay", lr_at(4, 0.6, 0.0), 0.6)


def stops(check: Exercise, EarlyStopping: Callable[[int, float], Any]) -> None:
    """Sequences of losses and what is to be said at each of them."""

    def says(what: str, patience: int, min_delta: float, losses: list[float], hint: str) -> None:
        stopping = EarlyStopping(patience, min_delta)
        answers = [bool(stopping.update(loss)) for loss in losses]
        wanted = [False] * (len(losses) - 1) + [True]
        check.that(what, answers == wanted, f"{hint}; the losses {losses} gave {answers}")

    says("patience 1", 1, 0.0, [5.0, 4.0, 6.0], "one bad epoch is enough")
    says("patience 3", 3, 0.0, [5.0, 4.0, 6.0, 5.0, 4.5], "three in a row, compared with the best")
    says("an equal loss is no improvement", 2, 0.0, [4.0, 4.0, 4.0], "two epochs without improvement")
    says("an improvement starts the count anew", 2, 0.0, [4.0, 5.0, 3.0, 5.0, 5.0], "bad epochs count in a row")
    says("min_delta", 2, 0.5, [4.0, 3.0, 2.75, 2.625], "only improvements of more than 0.5 count")


# clip_by_global_norm, standardize


def clips(check: Exercise, clip_by_global_norm: Callable[[Params, float], tuple[Params, float]]) -> None:
    """Gradients of one layer with norm 13: weights (3, 4) and a bias of 12."""
    grads = [(np.array([[3.0], [4.0]]), np.array([12.0]))]
    before = copied(grads)
    clipped, norm = clip_by_global_norm(grads, 6.5)
    mistakes = {"the bias is left out": 5.0, "the norms of both arrays, added up": 17.0, "the root is missing": 169.0}
    check.equal("norm", norm, 13.0, mistakes=mistakes)
    if well_formed(check, "clipped", clipped, (2, 1)):
        check.equal("half as long, weights", clipped[0][0], [[1.5], [2.0]], mistakes={"nothing is clipped": [[3], [4]]})
        check.equal("half as long, bias", clipped[0][1], [6.0], mistakes={"clipped by itself": [6.5]})
    kept, _ = clip_by_global_norm(grads, 26.0)
    check.equal("short enough: as it was", kept[0][0], [[3.0], [4.0]], mistakes={"stretched": [[6.0], [8.0]]})
    copy = not any(np.shares_memory(a, b) for pair, other in zip(kept, grads) for a, b in zip(pair, other))  # noqa: B905
    check.that("short enough: a copy", copy, "the result shares its memory with the argument")
    none, norm = clip_by_global_norm([(np.zeros((2, 1)), np.zeros(1))], 1.0)
    check.equal("all zero: norm", norm, 0.0)
    check.equal("all zero: stays zero", none[0][0], [[0.0], [0.0]])
    check.unchanged("grads", copied(grads), before)


def standardizes(
    check: Exercise, standardize: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]
) -> None:
    """Columns (1, 3), which has mean 2 and deviation 1, and constant ones."""
    train, other = np.array([[1.0, 5.0], [3.0, 25.0]]), np.array([[5.0, 15.0]])
    train_before, other_before = train.copy(), other.copy()
    found, found_other = standardize(train, other)
    mistakes = {"ddof is 0 here: divide by n": np.array([[-1, -1], [1, 1]]) / np.sqrt(2)}
    check.equal("x_train by hand", found, [[-1, -1], [1, 1]], mistakes=mistakes)
    mistakes = {"by its own mean; that of x_train is wanted": [[0.0, 0.0]]}
    check.equal("x_other by hand", found_other, [[3, 0]], mistakes=mistakes)
    check.unchanged("what standardize is given", [train, other], [train_before, other_before])

    same = np.array([[0.3, 1e9 / 3]] * 6)
    same[::2, 0] = 0.1 + 0.2  # 0.30000000000000004
    found, found_other = standardize(same, same[:1] + [[2.0, 2.0]])
    off = np.max(np.abs(found), axis=0)
    only = off[0] < 1e-6 and abs(found_other[0, 0] - 2) < 1e-6
    check.that("a column that is constant up to rounding is only centred", only, f"0.3 became {found[0, 0]:.3g}")
    only = off[1] < 1e-3 and abs(found_other[0, 1] - 2) < 1e-3
    hint = f"a column of {1e9 / 3:.0f} became {found[0, 1]:.3g}: how large is rounding for numbers like that?"
    check.that("also when its numbers are large", only, hint)
    tiny, _ = standardize(1e-9 * train, 1e-9 * other)
    check.equal("but tiny numbers that differ are no constant", tiny, [[-1, -1], [1, 1]])
