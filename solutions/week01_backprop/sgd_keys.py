"""Keys of minibatches and train, for regression and for classification: the net makes the difference."""

from itertools import permutations, product

import numpy as np

from grader.checks.diagnosis.named import numbered
from grader.checks.questions import Right, same
from grader.judge.authoring.keys import Case, key
from week01_backprop.net_questions import RUNS

from .nets import draw_batch, draw_params

SIZES = (2, 3, 2)
OTHER_DEPTHS = (3, 2), (1, 3, 4, 2)


def draw_seed(rng):
    return int(rng.integers(2**31))


def flat(params):
    return [array for pair in params for array in pair]


def sgd_keys(asked, net):
    """Declare the keys of the questions in ``asked``, a module of questions, about minibatches and train."""

    # minibatches

    def numbered_rows(rng, n):
        """x [n, 3], whose first column counts the rows and whose last one is constant, and y."""
        x, y = draw_batch(net, rng, n, (3, 3))
        x[:, 0], x[:, 2] = np.arange(n), rng.normal()
        return x, y

    def equal_rows(rng, n):
        x, y = draw_batch(net, rng, 1, (3, 3))
        return np.repeat(x, n, axis=0), np.repeat(y, n, axis=0)

    @key(asked.minibatches_deal_every_sample_once)
    class _:
        def draw(rng):
            several = [(*numbered_rows(rng, n), size) for n, size in ((23, 5), (12, 4), (6, 1))]
            return Case(several=several, seed=draw_seed(rng))

        def right(case):
            return [Right([x, y], "what minibatches deals, put in order") for x, y, _ in case.several]

    @key(asked.minibatches_have_their_size)
    class _:
        def draw(rng):
            several = [(*equal_rows(rng, n), size) for n, size in ((23, 5), (31, 2), (12, 4), (6, 10), (41, 2))]
            wanted = [[5, 5, 5, 5, 3], [*[2] * 15, 1], [4, 4, 4], [6], [*[2] * 20, 1]]
            return Case(several=several, wanted=wanted, seed=draw_seed(rng))

        def right(case):
            return [Right(x, "what minibatches deals of x, all samples alike") for x, _, _ in case.several]

    def common(x):
        return Right(x[:2, 2], "a column of x in which all numbers are equal, as minibatches deals it")

    @key(asked.minibatches_come_in_a_new_order)
    class _:
        def draw(rng):
            x, y = numbered_rows(rng, 40)
            return Case(x=x, y=y, seed=draw_seed(rng))

        def right(case):
            return [common(case.x)] * 5

    @key(asked.minibatches_leave_the_data_alone)
    class _:
        def draw(rng):
            x, y = numbered_rows(rng, 17)
            return Case(x=x, y=y, seed=draw_seed(rng))

        def right(case):
            return common(case.x)

    # train

    def lent_functions(case):
        def dealt(x, y, batch_size, seed):
            order = np.random.default_rng(seed).permutation(len(x))
            chosen = np.split(order, range(batch_size, len(x), batch_size))
            return [(x[rows], y[rows]) for rows in chosen]

        return {"forward": net.forward, "backward": net.backward, "minibatches": dealt}

    def repeated(x, y, params, rate, steps):
        for _ in range(steps):
            params = net.step(x, y, params, rate)
        return params

    def partly(x, y, params, rate, steps, kept):
        """Only the weights move, where the biases are ``kept``, or the other way round."""
        for _ in range(steps):
            stepped = net.step(x, y, params, rate)
            params = [(V, b) if kept == "biases" else (W, c) for (W, b), (V, c) in zip(params, stepped, strict=True)]
        return params

    def wrong_steps(rate):
        """{what is wrong: a step on a batch} of slips that `train_descends` judges."""
        return {
            "the steps climb: subtract the gradient": lambda *batch: net.step(*batch, -rate),
            "the learning rate is left out": lambda *batch: net.step(*batch, 1.0),
            "the gradient is divided by the batch size again": lambda x, *of: net.step(x, *of, rate / len(x)),
            "the biases do not move": lambda *batch: partly(*batch, rate, 1, "biases"),
            "only the biases move": lambda *batch: partly(*batch, rate, 1, "weights"),
            "the rate is 0.1, whatever `learning_rate` says": lambda *batch: net.step(*batch, 0.1),
            "the step is twice as long": lambda *batch: net.step(*batch, 2 * rate),
        }

    def after(step, x, y, params, batches):
        """params after a step for each of these batches, slices of the samples."""
        for batch in batches:
            params = step(x[batch], y[batch], params)
        return params

    def slips(x, y, params, rate, epochs):
        """{what is wrong: params after so many epochs of a single batch}"""
        whole = [slice(None)] * epochs
        wrong = {text: after(step, x, y, params, whole) for text, step in wrong_steps(rate).items()} | {
            "one epoch, whatever `epochs` says": repeated(x, y, params, rate, 1),
            "an epoch is missing": repeated(x, y, params, rate, epochs - 1),
            "an epoch too many": repeated(x, y, params, rate, epochs + 1),
            "the weights do not move at all": params,
        }
        return {text: flat(value) for text, value in numbered(wrong)}

    def where_some_move(params, moved):
        """{words: params} where only some of the arrays have come to where they should."""
        last = len(params) - 1
        kinds = {
            "the weights": lambda layer, place: place == 0,
            "the biases": lambda layer, place: place == 1,
            "the first layer": lambda layer, place: layer == 0,
            "the last layer": lambda layer, place: layer == last,
            "all layers but the first": lambda layer, place: layer > 0,
            "all layers but the last": lambda layer, place: layer < last,
        }
        return {
            words: [
                tuple(new if chosen(layer, place) else old for place, (old, new) in enumerate(zip(*both, strict=True)))
                for layer, both in enumerate(zip(params, moved, strict=True))
            ]
            for words, chosen in kinds.items()
        }

    def other_trainings(x, y, params, rate, steps):
        """{words: params} of other steps than are asked for: so many, so long, or of some of the arrays."""
        found = {
            f"what {n} steps lead to, where {steps} are due": repeated(x, y, params, rate, n) for n in range(1, 25)
        }
        for words, other in {
            "divided by the number of samples": rate / len(x),
            "multiplied by the number of samples": rate * len(x),
            "turned round": -rate,
            "halved": rate / 2,
            "doubled": 2 * rate,
            "squared": rate**2,
        }.items():
            found[f"what comes with each step {words}"] = repeated(x, y, params, other, steps)
        for words in where_some_move(params, params):
            some = params
            for _ in range(steps):
                some = where_some_move(some, net.step(x, y, some, rate))[words]
            found[f"what comes where {words} alone move"] = some
        return {words: flat(value) for words, value in found.items()}

    def each_order(x, y, params, rate, epochs):
        """The calls of backward in epochs of one batch, whose rows may come in any order."""
        for _ in range(epochs):
            for order in permutations(range(len(x))):
                rows = list(order)
                yield "backward", (x[rows], y[rows], params)
            params = net.step(x, y, params, rate)

    @key(asked.train_descends)
    class _:
        lent = lent_functions

        def draw(rng):
            sizes = {SIZES: 2, **dict.fromkeys(OTHER_DEPTHS, 1)}  # more samples, and the record has more calls
            nets = [(*draw_batch(net, rng, n, one), draw_params(rng, one)) for one, n in sizes.items()]
            return Case(nets=nets, epochs=3, rate=0.3, seed=draw_seed(rng))

        def right(case):
            rate, epochs = case.rate, case.epochs
            return [
                Right(
                    flat(repeated(x, y, params, rate, epochs)),
                    f"params after {epochs} epochs of one batch, {len(params)} layers",
                    slips(x, y, params, rate, epochs) if place == 0 else {},  # the first one names what is wrong in all
                )
                for place, (x, y, params) in enumerate(case.nets)
            ]

        def others(case):
            each = [other_trainings(*one, case.rate, case.epochs) for one in case.nets]
            return {words: [found[words] for found in each] for words in each[0]}

        def calls(case):
            return [call for one in case.nets for call in each_order(*one, case.rate, case.epochs)]

    @key(asked.train_steps_for_each_batch)
    class _:
        """All samples alike: the order makes no difference, the number of steps does. 3 batches of 3, 3 and 2."""

        lent = lent_functions

        def draw(rng):
            (x, y), params = draw_batch(net, rng, 1, SIZES), draw_params(rng, SIZES)
            x, y = np.repeat(x, 8, axis=0), np.repeat(y, 8, axis=0)
            return Case(x=x, y=y, params=params, epochs=2, batch_size=3, rate=0.2, seed=draw_seed(rng))

        def right(case):
            x, y, params, rate = case.x, case.y, case.params, case.rate
            summed = shared = params
            for size in (3, 3, 2) * case.epochs:
                summed = net.step(x, y, summed, rate * size)
                shared = net.step(x, y, shared, rate * size / case.batch_size)
            wrong = {
                "one step an epoch; take one for each batch": repeated(x, y, params, rate, 2),
                "the last batch of an epoch is left out when it is smaller": repeated(x, y, params, rate, 4),
                "one step for each sample, not for each batch": repeated(x, y, params, rate, 16),
                "the gradient is summed over the batch": summed,
                "the step of a smaller batch is as much smaller; its mean gradient takes the whole rate": shared,
            }
            mistakes = {text: flat(value) for text, value in numbered(wrong)}
            wanted, batches = flat(repeated(x, y, params, rate, 6)), [slice(0, 3), slice(3, 6), slice(6, 8)] * 2
            also = [flat(after(step, x, y, params, batches)) for step in wrong_steps(rate).values()]
            return Right(wanted, "params after 2 epochs of 3 batches", mistakes, also=also)

        def others(case):
            found = other_trainings(case.x, case.y, case.params, case.rate, 6)
            return {words: value for words, value in found.items() if "number of samples" not in words}

        def calls(case):
            params = case.params
            for size in (3, 3, 2) * case.epochs:
                yield "backward", (case.x[:size], case.y[:size], params)
                params = net.step(case.x, case.y, params, case.rate)

    @key(asked.train_deals_anew)
    class _:
        """Two samples, batches of one, two epochs. The outcomes are those of 01 01, 01 10, 10 01 and 10 10."""

        lent = lent_functions

        def draw(rng):
            sizes = (1, 2, 2)
            (x, y), params = draw_batch(net, rng, 2, sizes), draw_params(rng, sizes)
            seeds = [draw_seed(rng) for _ in range(RUNS)]
            return Case(x=x, y=y, params=params, epochs=2, rate=0.5, seeds=seeds)

        def right(case):
            def ends_of(step):
                orders = [first + second for first, second in product(permutations(range(2)), repeat=2)]
                ends = [after(step, case.x, case.y, case.params, [slice(i, i + 1) for i in one]) for one in orders]
                ends = np.array(
                    sorted((np.concatenate([part.ravel() for part in flat(end)]) for end in ends), key=tuple)
                )
                return [ends, *[np.delete(ends, left_out, axis=0) for left_out in range(4)]]

            wanted, *fewer = ends_of(lambda *batch: net.step(*batch, case.rate))
            wrong = [ends for step in wrong_steps(case.rate).values() for ends in ends_of(step)]
            what = "train, batches of one: the params that two epochs lead to, by the order of two samples"
            return Right(wanted, what, also=[*fewer, *wrong])

        def calls(case):
            starts = [case.params]
            for _ in range(case.epochs):
                ends = []
                for end, order in product(starts, permutations(range(2))):
                    for i in order:
                        one = case.x[i : i + 1], case.y[i : i + 1]
                        yield "backward", (*one, end)
                        end = net.step(*one, end, case.rate)
                    ends.append(end)
                starts = ends

    @key(asked.train_leaves_its_arguments_alone)
    class _:
        lent = lent_functions

        def draw(rng):
            (x, y), params = draw_batch(net, rng, 2, SIZES), draw_params(rng, SIZES)
            return Case(x=x, y=y, params=params, epochs=1, rate=0.2, seed=draw_seed(rng))

        def right(case):
            of = case.x, case.y, case.params, case.rate
            wanted, still = flat(repeated(*of, case.epochs)), flat(case.params)
            wrong = slips(*of, case.epochs).values()
            also = [value for value in wrong if not same(value, wanted) and not same(value, still)]
            return Right(wanted, "params after an epoch of one batch", also=also)

        def calls(case):
            return each_order(case.x, case.y, case.params, case.rate, case.epochs)
