"""What minibatches and train are asked, in regression and in classification alike."""

from itertools import permutations, product

import numpy as np

from grader.judge import expect, expect_that, expect_unchanged
from grader.judge.standin import Standin, drain

from .net_tests import generator
from .nets import (
    apart,
    draw_batch,
    draw_params,
    expect_params_unchanged,
    found,
    pairs,
    same,
)

# minibatches


def deal(student, x, y, batch_size, rng):
    """The batches of one epoch, as a list of (x, y), from a generator, an iterator or a list."""
    batches = student.minibatches(x, y, batch_size, rng)
    batches = drain(batches) if isinstance(batches, Standin) else batches
    listed = isinstance(batches, (list, tuple))
    expect_that(listed, f"minibatches: batches are to be yielded one after the other, found {found(batches)}")
    for batch in batches:
        paired = isinstance(batch, (list, tuple)) and len(batch) == 2
        paired = paired and all(isinstance(part, np.ndarray) for part in batch)
        expect_that(paired, f"minibatches: each batch is to be a pair of arrays (x, y), found {found(batch)}")
        x_part, y_part = batch
        fits = x_part.ndim == 2 and x_part.shape[1:] == np.shape(_value(x))[1:]
        fits = fits and y_part.shape[1:] == np.shape(_value(y))[1:]
        expect_that(fits, "minibatches: the parts of x and y in a batch do not have the shape of x and y by row")
        expect_that(len(x_part) == len(y_part), "minibatches: x and y of a batch differ in length")
    return batches


def _value(array):
    return array.value() if isinstance(array, Standin) else array


def rows_of(net, rng, n):
    """x [n, 2], whose first column counts the rows, and y that tells rows apart as well as labels can."""
    x, y = draw_batch(net, rng, n, (2, 3))
    x[:, 0] = np.arange(n)
    return x, y


def order(batches):
    """The numbers of the rows, in the order in which they were dealt."""
    return [int(i) for x_part, _ in batches for i in x_part[:, 0]]


def expect_every_sample_once(net, student, rng):
    """All rows, each exactly once, with their own y."""
    for n, batch_size in ((23, 5), (12, 4), (6, 1)):
        x, y = rows_of(net, rng, n)
        batches = deal(student, x, y, batch_size, generator(student, rng))
        rows = order(batches)
        missing = len(set(range(n)) - set(rows))
        epoch = f"minibatches of {batch_size} from {n} samples: in one epoch"
        expect_that(missing == 0 or len(set(rows)) < len(rows), f"{epoch} {missing} of the samples do not come at all")
        expect_that(missing == 0, f"{epoch} some samples come more than once and others not at all")
        expect_that(len(rows) == n, f"{epoch} some samples come more than once")
        x_dealt, y_dealt = (np.concatenate(parts) for parts in zip(*batches, strict=True))
        expect_that(np.array_equal(x_dealt, x[rows]), "minibatches: the rows of x are not those that were given")
        paired = np.array_equal(y_dealt, y[rows])
        expect_that(bool(paired), "minibatches: x and y are not shuffled alike, so that samples get the y of others")


def expect_batch_sizes(net, student, rng):
    """batch_size everywhere but perhaps in the last batch, and no empty batch."""
    for n, batch_size, wanted in ((23, 5, [5, 5, 5, 5, 3]), (12, 4, [4, 4, 4]), (6, 10, [6])):
        batches = deal(student, *rows_of(net, rng, n), batch_size, generator(student, rng))
        sizes = [len(x_part) for x_part, _ in batches]
        what = f"minibatches of {batch_size} from {n} samples have the sizes {sizes[:9]}, and should have {wanted}"
        expect_that(sizes == wanted, what)


def expect_new_order_each_call(net, student, rng):
    """Random, and another one at the next call with the same generator."""
    n, dice = 40, generator(student, rng)
    x, y = rows_of(net, rng, n)
    epochs = [order(deal(student, x, y, 7, dice)) for _ in range(3)]
    expect_that(epochs[0] != list(range(n)), "minibatches: the samples come in the order of the data: shuffle them")
    expect_that(epochs[0] != list(range(n))[::-1], "minibatches: the samples come in the order of the data, backwards")
    fresh = all(a != b for a, b in zip(epochs, epochs[1:], strict=False))
    expect_that(fresh, "minibatches: the next call deals in the same order; draw a new one from rng each time")
    together = {frozenset(part[:, 0]) for part, _ in deal(student, x, y, 8, dice)}
    neighbours = {frozenset(range(start, start + 8)) for start in range(0, n, 8)}
    expect_that(together != neighbours, "minibatches: the same samples share a batch in every epoch; shuffle them all")


def expect_data_unchanged(net, student, rng):
    """x and y keep their order."""
    x, y = rows_of(net, rng, 17)
    given_x, given_y = student.put(x), student.put(y)
    deal(student, given_x, given_y, 4, generator(student, rng))
    expect_unchanged(given_x, x, what="minibatches: x")
    expect_unchanged(given_y, y, what="minibatches: y")


# train

SIZES = (3, 4, 2)


def lendings(net, dice):
    """Right forward and backward; the same and right minibatches. The judge's own ``dice`` decide the order."""
    nets = {"forward": net.forward, "backward": net.backward}

    def dealt(x, y, batch_size, rng):
        chosen = np.array_split(dice.permutation(len(x)), range(batch_size, len(x), batch_size))
        return [(x[rows], y[rows]) for rows in chosen]

    return nets, {**nets, "minibatches": dealt}


def trained(student, rng, x, y, params, epochs, batch_size, rate):
    """params after the student's train, [(W, b), ...]; stand-ins pass through."""
    sizes = [len(params[0][0]), *(len(b) for _, b in params)]
    dice = generator(student, rng)
    return pairs(student.train(x, y, params, epochs, batch_size, rate, dice), sizes, "what train returns")


def flat(params):
    return [array for pair in params for array in pair]


def repeated(net, x, y, params, rate, steps):
    for _ in range(steps):
        params = net.step(x, y, params, rate)
    return params


def expect_descent(net, student, rng):
    """With a single batch, train is gradient descent: one step an epoch."""
    n, rate, epochs = 6, 0.3, 3
    (x, y), params = draw_batch(net, rng, n, SIZES), draw_params(rng, SIZES)
    wanted = repeated(net, x, y, params, rate, epochs)
    mistakes = {
        "the steps climb: subtract the gradient": repeated(net, x, y, params, -rate, epochs),
        "the learning rate is left out": repeated(net, x, y, params, 1.0, epochs),
        "the gradient is divided by the batch size again": repeated(net, x, y, params, rate / n, epochs),
        "one epoch, whatever `epochs` says": repeated(net, x, y, params, rate, 1),
        "an epoch is missing": repeated(net, x, y, params, rate, epochs - 1),
        "an epoch too many": repeated(net, x, y, params, rate, epochs + 1),
        "the weights do not move at all": params,
        "the biases do not move": _some_fixed(net, x, y, params, rate, epochs, biases=True),
        "only the biases move": _some_fixed(net, x, y, params, rate, epochs, biases=False),
    }

    def question():
        yours = trained(student, rng, x, y, params, epochs, n, rate)
        wrong = {text: flat(value) for text, value in mistakes.items()}
        expect(flat(yours), flat(wanted), what="params after 3 epochs of one batch", mistakes=wrong)

    apart(student, question, *lendings(net, rng))


def _some_fixed(net, x, y, params, rate, epochs, biases):
    for _ in range(epochs):
        stepped = net.step(x, y, params, rate)
        params = [(V, b) if biases else (W, c) for (W, b), (V, c) in zip(params, stepped, strict=True)]
    return params


def expect_a_step_for_each_batch(net, student, rng):
    """All samples alike: the order makes no difference, the number of steps does. 3 batches of 3, 3 and 2."""
    (x, y), params = draw_batch(net, rng, 1, SIZES), draw_params(rng, SIZES)
    x, y, rate = np.repeat(x, 8, axis=0), np.repeat(y, 8, axis=0), 0.2
    wanted = repeated(net, x, y, params, rate, 6)
    mistakes = {
        "one step an epoch; take one for each batch": repeated(net, x, y, params, rate, 2),
        "the last batch of an epoch is left out when it is smaller": repeated(net, x, y, params, rate, 4),
        "one step for each sample, not for each batch": repeated(net, x, y, params, rate, 16),
        "the gradient is summed over the batch": _summed(net, x, y, params, rate),
    }

    def question():
        yours = trained(student, rng, x, y, params, 2, 3, rate)
        wrong = {text: flat(value) for text, value in mistakes.items()}
        expect(flat(yours), flat(wanted), what="params after 2 epochs of 3 batches", mistakes=wrong)

    apart(student, question, *lendings(net, rng))


def _summed(net, x, y, params, rate):
    for size in (3, 3, 2) * 2:
        params = net.step(x, y, params, rate * size)
    return params


def expect_each_epoch_deals_anew(net, student, rng):
    """Three samples, batches of one, two epochs: 36 outcomes are possible, and not only the 6 with equal epochs."""
    (x, y), params, rate = draw_batch(net, rng, 3, SIZES), draw_params(rng, SIZES), 0.5
    orders = list(permutations(range(3)))
    outcomes = {}
    for first, second in product(orders, orders):
        end = params
        for i in first + second:
            end = net.step(x[i : i + 1], y[i : i + 1], end, rate)
        outcomes[first, second] = end

    def question():
        seen = set()
        for _ in range(12):
            yours = trained(student, rng, x, y, params, 2, 1, rate)
            possible = [key for key, end in outcomes.items() if same(yours, end)]
            hint = "train, batches of one: not what one step for each sample, each once an epoch, leads to"
            expect_that(bool(possible), hint)
            seen.add(possible[0])
        again = all(first == second for first, second in seen)
        expect_that(not again, "train: every epoch runs through the same batches; deal them anew in each epoch")

    apart(student, question, *lendings(net, rng))


def expect_train_leaves_arguments(net, student, rng):
    """x, y and params are the caller's."""
    (x, y), params = draw_batch(net, rng, 6, SIZES), draw_params(rng, SIZES)

    def question():
        given = student.put(x), student.put(y), student.put(params)
        sizes = list(SIZES)
        dice = generator(student, rng)
        pairs(student.train(*given, 2, 4, 0.1, dice), sizes, "what train returns")
        expect_params_unchanged(given[2], params, "train: params")
        expect_unchanged(given[0], x, what="train: x")
        expect_unchanged(given[1], y, what="train: y")

    apart(student, question, *lendings(net, rng))
