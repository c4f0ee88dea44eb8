"""What the checks of both practicals ask: they differ in their nets, and in nothing that is asked."""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from itertools import islice

import numpy as np

from grader.checks.questions import Question, Roles, array, items, lent, number, pairs, question, same, unchanged
from grader.checks.questions.forms import Form, described

# params and gradients: [(W, b), ...], W [in, out] and b [out]


def params_of(*sizes, judged="Wb"):
    """The form of params for these sizes. `judged` names the members of the pairs that are looked at."""
    shapes = list(zip(sizes, sizes[1:]))  # noqa: B905

    def wrong(value):
        listed = isinstance(value, (list, tuple)) and len(value) == len(shapes)
        if not listed:
            return f"a list of {len(shapes)} pairs is expected, one for each layer, found {described(value)}"
        for pair in value:
            if not (isinstance(pair, (list, tuple)) and len(pair) == 2):
                return f"each entry is to be a pair of two arrays, found {described(pair)}"
        found = [np.shape(W) if isinstance(W, np.ndarray) else None for W, _ in value]
        if found == shapes[::-1] != shapes:
            return "the layers are listed from the last to the first"
        for layer, (pair, shape) in enumerate(zip(value, shapes), start=1):  # noqa: B905
            for name, part, form in zip("Wb", pair, (array(*shape), array(shape[1]))):  # noqa: B905
                if name in judged and (fault := form(part)):
                    return f"layer {layer}, {name}: {fault}"
        return ""

    return Form(wrong)


def sizes_of(params):
    return [len(params[0][0]), *(len(b) for _, b in params)]


def copied(params):
    return [(W.copy(), b.copy()) for W, b in params]


def tied(params):
    """A copy, in which layers with equal numbers are one and the same pair, as where a net uses a layer twice."""
    made: list = []
    for pair in copied(params):
        made.append(next((one for one in made if same(one, pair)), pair))
    return made


def flat(params):
    return [part for pair in params for part in pair]


def weights(params):
    return [W for W, _ in params]


def biases(params):
    return [b for _, b in params]


def own_questions(module):
    """{name: question} of all about nets and descent, for a module that has its own keys for them."""
    cells = "test_two_hidden", "test_n_hidden", "test_sgd"
    every = [value for value in globals().values() if isinstance(value, Question)]
    return {one.name: one.own(module) for one in every if one.cell in cells}


# init_params, forward, backward: two hidden layers, then any number. Two exercises, so each question is asked twice.


def both_ways(student, x, y, params):
    """What forward and backward give; an error's text where one stops. For questions that judge something else."""

    def attempted(function, *args):
        try:
            return function(*args)
        except Exception as error:
            return f"{type(error).__name__}: {error}"

    return [
        attempted(lambda: student.forward(x.copy(), copied(params))),
        attempted(lambda: student.backward(x.copy(), y.copy(), copied(params))),
    ]


def one_works(found):
    """True, or what to say where `both_ways` gives errors' texts."""
    output, grads = found
    told = "as asked; it earns its points as soon as forward or backward works, too; forward stopped with"
    return f"{told} {output}" if isinstance(output, str) and isinstance(grads, str) else True


def layouts(student, several, x, y, params):
    """For each list of sizes what init_params gives and the list afterwards; and what forward and backward give."""
    found = []
    for sizes in several:
        given = list(sizes)
        found.append([student.init_params(given, np.random.default_rng(0)), given])
    return [found, both_ways(student, x, y, params)]


def of_layouts(case):
    return pairs(pairs(*(pairs(params_of(*sizes), None) for sizes in case.several)), None)


def leaves_sizes_alone(answer, case):
    """init_params does not change its list."""
    found, works = answer
    for (_, now), sizes in zip(found, case.several):  # noqa: B905
        if told := unchanged("init_params: sizes", now, sizes):
            return told
    return one_works(works)


def starts(student, sizes, seed, x, y, params):
    """Params of two calls in a row, those of the first once more with a generator like its own, and `both_ways`."""
    rng, again = np.random.default_rng(seed), np.random.default_rng(seed)
    found = [student.init_params(list(sizes), one) for one in (rng, rng, again)]
    return [*found, both_ways(student, x, y, params)]


def of_starts(case):
    form = params_of(*case.sizes)
    return pairs(form, form, form, None)


def is_random(answer, case):
    """Weights that differ from unit to unit, from layer to layer and from call to call, and come from rng; biases 0."""
    first, second, again, works = answer
    beginnings = [W.ravel()[: min(V.size for V, _ in first)] for W, _ in first]
    for layer, (W, b) in enumerate(first, start=1):
        where = f"init_params, layer {layer}"
        if not W.any():
            return f"{where}: the weights start at zero, so that all units stay alike"
        if not (np.ptp(W, axis=0).all() and np.ptp(W, axis=1).all()):
            return f"{where}: units start with equal weights and would stay alike; draw each by itself"
        if b.any():
            return f"{where}: the biases are to start at zero"
        if layer > 1 and same(beginnings[0] * W.flat[0], beginnings[layer - 1] * first[0][0].flat[0]):
            return (
                f"{where}: starts with the numbers of layer 1; draw all layers from one generator, one after the other"
            )
    if any(np.array_equal(W, V) for (W, _), (V, _) in zip(first, second)):  # noqa: B905
        return "init_params: a second call gives the same weights again; draw them from rng"
    if not all(np.array_equal(W, V) for (W, _), (V, _) in zip(first, again)):  # noqa: B905
        return "init_params: rng started alike and the weights did not; draw them from rng and nothing else"
    return one_works(works)


def of_both_ways(answer, case):
    output, grads = answer[-1]
    return [output, grads if isinstance(grads, str) else [part for pair in grads for part in pair]]


def forwards(student, several):
    """What forward gives for each (x, params)."""
    return [student.forward(x, tied(params)) for x, params in several]


def of_forwards(case):
    return pairs(*(array(len(x), len(params[-1][1])) for x, params in case.several))


def backwards(student, several):
    """What backward gives for each (x, y, params)."""
    return [student.backward(x, y, tied(params)) for x, y, params in several]


def of_backwards(judged):
    """The form of what `backwards` gives, where the weights "W" or biases "b" are judged."""
    return lambda case: pairs(*(params_of(*sizes_of(params), judged=judged) for _, _, params in case.several))


def by_differences(place):
    """Of what the gradients of the weights, 0, or biases, 1, are the slopes: the error of what forward gives."""

    def forward(student, several, **case):
        error = student.squared_error if student.has("squared_error") else student.cross_entropy

        def of(x, y, params, layer):
            def moved(part):
                pair = [part if here == place else other for here, other in enumerate(params[layer])]
                return error(student.forward(x, [*params[:layer], tuple(pair), *params[layer + 1 :]]), y)

            return moved, params[layer][place]

        return [[of(x, y, params, layer) for layer in range(len(params))] for x, y, params in several]

    return forward


def all_weights(answer, case):
    return [weights(grads) for grads in answer]


def all_biases(answer, case):
    return [biases(grads) for grads in answer]


def arguments_after(student, x, y, params):
    """The arguments of forward and of backward after the call; whether backward gave a list; and `both_ways`."""
    seen, held = x.copy(), copied(params)
    try:
        student.forward(seen, held)
    except Exception:
        pass  # judged by other questions
    input, target, given = x.copy(), y.copy(), copied(params)
    listed = isinstance(student.backward(input, target, given), (list, tuple))
    return [[seen, held], [input, target, given], listed, both_ways(student, x, y, params)]


def leaves_arguments_alone(answer, case):
    """Neither forward nor backward changes x, y or params."""
    (seen, held), (input, target, given), listed, works = answer
    if not listed:
        return "backward: a list of pairs is expected"
    return (
        unchanged("forward: x", seen, case.x)
        or unchanged("forward: params", held, case.params)
        or unchanged("backward: x", input, case.x)
        or unchanged("backward: y", target, case.y)
        or unchanged("backward: params", given, case.params)
        or one_works(works)
    )


def lent_forward(judge):
    """forward, as it is lent where the question `judge` shows that the student's own does not do."""

    @lent(judge)
    def forward(x, params):
        """The outputs of the net, as `forward` of the exercise gives them."""

    return forward


of_arguments = pairs(pairs(None, None), pairs(None, None, None), None, None)


def roles(*arguments, layers):
    """Of nets in the list `several`; the parameters of so many layers are changed in experiments."""
    params = tuple((f"W{layer}", f"b{layer}") for layer in range(1, layers + 1))
    terms = " ".join(b for _, b in params)
    return Roles(batch=" ".join(arguments), labels="y", calls="several", names=(*arguments, params), terms=terms)


OUTPUTS = {"two_hidden": roles("x", layers=3), "n_hidden": roles("x", layers=2)}
GRADIENTS = {"two_hidden": roles("x", "y", layers=3), "n_hidden": roles("x", "y", layers=2)}
RATE = Roles(fixed="x y", words={"rate": "learning_rate"})
RUN = Roles(calls="runs", names="patience min_delta")
GRADS = (("dW1", "db1"), ("dW2", "db2"))
DATA = Roles(batch="train", words={"train": "x_train", "other": "x_other"})


@question("test_two_hidden", points=0.1, form=of_layouts)
def two_hidden_params_have_their_layout(student, several, x, y, params):
    """init_params gives one (W [in, out], b [out]) a layer, and leaves sizes alone."""
    return layouts(student, several, x, y, params)


@question("test_two_hidden", points=0.1, form=of_starts)
def two_hidden_params_start_random(student, sizes, seed, x, y, params):
    """init_params draws the weights from rng and starts the biases at zero."""
    return starts(student, sizes, seed, x, y, params)


@question("test_two_hidden", points=0.3, form=of_forwards, probes=OUTPUTS["two_hidden"])
def two_hidden_forward(student, several):
    """forward returns the outputs of the net."""
    return forwards(student, several)


@question(
    "test_two_hidden",
    points=0.3,
    form=of_backwards("W"),
    lends=(lent_forward(two_hidden_forward),),
    probes=GRADIENTS["two_hidden"],
)
def two_hidden_weight_gradients(student, several):
    """backward returns the gradients of the weights."""
    return backwards(student, several)


@question(
    "test_two_hidden",
    points=0.15,
    form=of_backwards("b"),
    lends=(lent_forward(two_hidden_forward),),
    probes=GRADIENTS["two_hidden"],
)
def two_hidden_bias_gradients(student, several):
    """backward returns the gradients of the biases."""
    return backwards(student, several)


@question("test_two_hidden", points=0.05, form=of_arguments)
def two_hidden_leaves_arguments_alone(student, x, y, params):
    """forward and backward change none of their arguments."""
    return arguments_after(student, x, y, params)


@question("test_n_hidden", points=0.1, form=of_layouts)
def n_hidden_params_have_their_layout(student, several, x, y, params):
    """init_params gives one (W [in, out], b [out]) a layer at any depth; sizes stay."""
    return layouts(student, several, x, y, params)


@question("test_n_hidden", points=0.05, form=of_starts)
def n_hidden_params_start_random(student, sizes, seed, x, y, params):
    """init_params draws the weights from rng and starts the biases at zero."""
    return starts(student, sizes, seed, x, y, params)


@question("test_n_hidden", points=0.25, form=of_forwards, probes=OUTPUTS["n_hidden"])
def n_hidden_forward(student, several):
    """forward returns the outputs of the net, whatever the depth."""
    return forwards(student, several)


@question(
    "test_n_hidden",
    points=0.3,
    form=of_backwards("W"),
    lends=(lent_forward(n_hidden_forward),),
    probes=GRADIENTS["n_hidden"],
)
def n_hidden_weight_gradients(student, several):
    """backward returns the gradients of the weights, whatever the depth."""
    return backwards(student, several)


@question(
    "test_n_hidden",
    points=0.15,
    form=of_backwards("b"),
    lends=(lent_forward(n_hidden_forward),),
    probes=GRADIENTS["n_hidden"],
)
def n_hidden_bias_gradients(student, several):
    """backward returns the gradients of the biases, whatever the depth."""
    return backwards(student, several)


@question("test_n_hidden", points=0.05, form=of_arguments)
def n_hidden_leaves_arguments_alone(student, x, y, params):
    """forward and backward change none of their arguments."""
    return arguments_after(student, x, y, params)


def of_net(case):
    form = params_of(*sizes_of(case.params))
    return pairs(form, array(len(case.x), len(case.params[-1][1])), form)


@question("test_n_hidden", points=0.1, form=of_net, probes=Roles(batch="x y"))
def n_hidden_may_be_none(student, x, y, params):
    """All three work for a net without a hidden layer."""
    fresh = student.init_params(sizes_of(params), np.random.default_rng(0))
    return [fresh, student.forward(x.copy(), copied(params)), student.backward(x, y, params)]


@n_hidden_may_be_none.reading
def _(answer, case):
    _, output, grads = answer
    return [output, weights(grads), biases(grads)]


@n_hidden_may_be_none.differences
def forward(student, x, y, params):
    return [None, *[by_differences(place)(student, [(x, y, params)])[0] for place in (0, 1)]]


for asked in (two_hidden_params_have_their_layout, n_hidden_params_have_their_layout):
    asked.relation(leaves_sizes_alone)
    asked.reading(of_both_ways)
for asked in (two_hidden_params_start_random, n_hidden_params_start_random):
    asked.relation(is_random)
    asked.reading(of_both_ways)
for asked in (two_hidden_weight_gradients, n_hidden_weight_gradients):
    asked.reading(all_weights)
    asked.differences(by_differences(0))
for asked in (two_hidden_bias_gradients, n_hidden_bias_gradients):
    asked.reading(all_biases)
    asked.differences(by_differences(1))
for asked in (two_hidden_leaves_arguments_alone, n_hidden_leaves_arguments_alone):
    asked.relation(leaves_arguments_alone)
    asked.reading(of_both_ways)
del asked


# minibatches. The first column of x numbers the rows, the last one holds the same number in every row.


def dealt(student, x, y, batch_size, rng):
    """The batches of one epoch, as a list of [x, y], copied at once; a few more than there can be, where it goes on."""
    found = []
    for batch in islice(iter(student.minibatches(x, y, batch_size, rng)), len(x) + 3):
        copy = isinstance(batch, (list, tuple))
        found.append([part.copy() if hasattr(part, "copy") else part for part in batch] if copy else batch)
    return found


def batches_of(x, y):
    """The form of batches of x and y."""

    def wrong(value):
        if not isinstance(value, (list, tuple)):
            return f"batches are to be yielded one after the other, found {described(value)}"
        for batch in value:
            paired = isinstance(batch, (list, tuple)) and len(batch) == 2
            if not (paired and all(isinstance(part, np.ndarray) and part.dtype.kind in "bif" for part in batch)):
                return f"each batch is to be a pair of arrays (x, y), found {described(batch)}"
            x_part, y_part = batch
            if (
                x_part.ndim != x.ndim
                or y_part.ndim != y.ndim
                or x_part.shape[1:] + y_part.shape[1:] != x.shape[1:] + y.shape[1:]
            ):
                return "the parts of x and y in a batch do not have the shape of x and y by row"
            if len(x_part) != len(y_part):
                return "x and y of a batch differ in length"
            if not np.isfinite(x_part).all():
                return "a batch holds NaN or infinity"
        return "" if any(len(x_part) for x_part, _ in value) else "no sample was dealt at all"

    return Form(wrong)


def order(batches):
    """The numbers of the rows, in the order in which they were dealt."""
    return [int(i) for x_part, _ in batches for i in x_part[:, 0]]


def together(batches):
    """[x, y] of all batches, one row after the other."""
    return [np.concatenate(parts) for parts in zip(*batches)]  # noqa: B905


def of_deals(case):
    return pairs(*(batches_of(x, y) for x, y, _ in case.several))


@question("test_sgd", points=0.2, form=of_deals)
def minibatches_deal_every_sample_once(student, several, seed):
    """minibatches yields every sample exactly once, with its own y."""
    return [dealt(student, x, y, batch_size, np.random.default_rng(seed)) for x, y, batch_size in several]


@minibatches_deal_every_sample_once.relation
def _(answer, case):
    """Each row is there, once, with what belongs to it."""
    for batches, (x, y, batch_size) in zip(answer, case.several):  # noqa: B905
        rows, n = order(batches), len(x)
        missing, epoch = len(set(range(n)) - set(rows)), f"minibatches of {batch_size} from {n} samples: in one epoch"
        if not set(rows) <= set(range(n)):
            return "minibatches: the rows of x are not those that were given"
        if missing and len(set(rows)) == len(rows):
            return f"{epoch} {missing} of the samples do not come at all"
        if len(rows) != n or missing:
            return f"{epoch} some samples come more than once{' and others not at all' if missing else ''}"
        x_dealt, y_dealt = together(batches)
        if not np.array_equal(x_dealt, x[rows]):
            return "minibatches: the rows of x are not those that were given"
        if not np.array_equal(y_dealt, y[rows]):
            return "minibatches: x and y are not shuffled alike, so that samples get the y of others"
    return True


@minibatches_deal_every_sample_once.reading
def _(answer, case):
    return [[part[np.argsort(order(batches))] for part in together(batches)] for batches in answer]


@question("test_sgd", points=0.1, form=of_deals)
def minibatches_have_their_size(student, several, wanted, seed):
    """minibatches yields batches of batch_size, but perhaps the last."""
    return [dealt(student, x, y, batch_size, np.random.default_rng(seed)) for x, y, batch_size in several]


@minibatches_have_their_size.relation
def _(answer, case):
    """The sizes are those that are wanted; no batch is empty."""
    for batches, (x, _, batch_size), wanted in zip(answer, case.several, case.wanted):  # noqa: B905
        sizes = [len(x_part) for x_part, _ in batches]
        if sizes != wanted:
            what = f"minibatches of {batch_size} from {len(x)} samples have the sizes {sizes[:9]}"
            return f"{what}, and should have {wanted}"
    return True


@minibatches_have_their_size.reading
def _(answer, case):
    return [together(batches)[0] for batches in answer]  # all samples alike here: in whatever order, and whichever


def last_column(batches):
    """The number that all rows have in common, as it came in those of the batches."""
    numbers = together(batches)[0][:, -1]
    return np.array([numbers.min(), numbers.max()])


@question("test_sgd", points=0.15, form=lambda case: items(batches_of(case.x, case.y), length=5))
def minibatches_come_in_a_new_order(student, x, y, seed):
    """minibatches shuffles all samples, anew at each call, by rng."""
    rng, again = np.random.default_rng(seed), np.random.default_rng(seed)
    return [dealt(student, x.copy(), y.copy(), *of) for of in ((7, rng), (7, rng), (7, rng), (8, rng), (7, again))]


@minibatches_come_in_a_new_order.relation
def _(answer, case):
    """Another order at each call, and the same one for generators that start alike."""
    *epochs, _, again = [order(batches) for batches in answer]
    in_order = list(range(len(case.x)))
    if epochs[0] == in_order:
        return "minibatches: the samples come in the order of the data: shuffle them"
    if epochs[0] == in_order[::-1]:
        return "minibatches: the samples come in the order of the data, backwards"
    if epochs[0] == epochs[1] or epochs[1] == epochs[2]:
        return "minibatches: the next call deals in the same order; draw a new one from rng each time"
    neighbours = {frozenset(in_order[start : start + 8]) for start in in_order[::8]}
    if {frozenset(order([batch])) for batch in answer[3]} == neighbours:
        return "minibatches: the same samples share a batch in every epoch; shuffle them all"
    return (
        again == epochs[0] or "minibatches: rng started alike and the order did not; draw it from rng and nothing else"
    )


@minibatches_come_in_a_new_order.reading
def _(answer, case):
    return [last_column(batches) for batches in answer]


@question("test_sgd", points=0.05, form=lambda case: pairs(None, None, batches_of(case.x, case.y)))
def minibatches_leave_the_data_alone(student, x, y, seed):
    """minibatches does not shuffle x and y in place."""
    seen, target = x.copy(), y.copy()
    return [seen, target, dealt(student, seen, target, 4, np.random.default_rng(seed))]


@minibatches_leave_the_data_alone.relation
def _(answer, case):
    return unchanged("minibatches: x", answer[0], case.x) or unchanged("minibatches: y", answer[1], case.y) or True


@minibatches_leave_the_data_alone.reading
def _(answer, case):
    return last_column(answer[2])


# train


@lent(n_hidden_weight_gradients, n_hidden_bias_gradients, n_hidden_may_be_none, n_hidden_leaves_arguments_alone)
def backward(x, y, params):
    """The gradients in the layout of params."""


@lent(
    minibatches_deal_every_sample_once,
    minibatches_have_their_size,
    minibatches_come_in_a_new_order,
    minibatches_leave_the_data_alone,
)
def minibatches(x, y, batch_size, rng):
    """Yields (x_batch, y_batch): every sample once, shuffled by rng, anew at each call."""
    yield


NEIGHBOURS = lent_forward(n_hidden_forward), backward, minibatches


@question(
    "test_sgd",
    points=0.2,
    lends=NEIGHBOURS,
    form=lambda case: pairs(*(params_of(*sizes_of(params)) for _, _, params in case.nets)),
    probes=RATE,
)
def train_descends(student, nets, epochs, rate, seed):
    """train steps down the gradient in a net of any depth, once an epoch for one batch."""
    rng = np.random.default_rng(seed)
    return [student.train(x, y, copied(params), epochs, len(x), rate, rng) for x, y, params in nets]


@train_descends.reading
def _(answer, case):
    return [flat(params) for params in answer]


def of_training(case):
    return params_of(*sizes_of(case.params))


@question("test_sgd", points=0.15, lends=NEIGHBOURS, form=of_training, probes=RATE)
def train_steps_for_each_batch(student, x, y, params, epochs, batch_size, rate, seed):
    """train takes a step for each batch, also for a smaller one at the end."""
    return student.train(x, y, params, epochs, batch_size, rate, np.random.default_rng(seed))


@train_steps_for_each_batch.reading
def _(answer, case):
    return flat(answer)


RUNS = 36  # so many that at least three of four outcomes that are equally likely are seen
AGAIN = 16  # so many that chance does not give the same outcomes again


@question(
    "test_sgd",
    points=0.1,
    lends=NEIGHBOURS,
    form=lambda case: items(params_of(*sizes_of(case.params)), length=RUNS + AGAIN),
)
def train_deals_anew(student, x, y, params, epochs, rate, seeds):
    """train sees every sample once an epoch, and epochs differ in their order, by rng."""
    runs = [np.random.default_rng(seed) for seed in (*seeds, *seeds[:AGAIN])]
    return [student.train(x.copy(), y.copy(), copied(params), epochs, 1, rate, rng) for rng in runs]


def outcomes(runs):
    """The params to which runs lead, each once, as an array with a row for each, sorted."""
    different: list[np.ndarray] = []
    for params in runs:
        numbers = np.concatenate([part.ravel() for part in flat(params)])
        if not any(same(numbers, one) for one in different):
            different.append(numbers)
    return np.array(sorted(different, key=lambda numbers: tuple(numbers)))


@train_deals_anew.relation
def _(answer, case):
    """Two samples in batches of one, two epochs: four outcomes are possible, two where epochs are alike."""
    runs, again = answer[:RUNS], answer[RUNS:]
    if not all(same(flat(one), flat(other)) for one, other in zip(again, runs)):  # noqa: B905
        return "train: rng started alike and the results differ; hand rng on to minibatches, and draw nothing else"
    different = len(outcomes(runs))
    if different == 2:
        return "train: every epoch runs through the same batches; deal them anew in each epoch"
    if different == 1:
        return "train: all runs end alike; a step takes its batch alone, not all samples, and rng makes the order"
    hint = "train, batches of one: not what one step for each sample, each once an epoch, leads to"
    return different in (3, 4) or hint


@train_deals_anew.reading
def _(answer, case):
    return outcomes(answer[:RUNS])


@question(
    "test_sgd",
    points=0.05,
    lends=NEIGHBOURS,
    form=lambda case: pairs(None, None, None, params_of(*sizes_of(case.params))),
)
def train_leaves_its_arguments_alone(student, x, y, params, epochs, rate, seed):
    """train returns new params and changes neither those it was given nor the data."""
    seen, target, given = x.copy(), y.copy(), copied(params)
    trained = student.train(seen, target, given, epochs, len(x), rate, np.random.default_rng(seed))
    return [seen, target, given, trained]


@train_leaves_its_arguments_alone.relation
def _(answer, case):
    seen, target, given, _ = answer
    return (
        unchanged("train: params", given, case.params)
        or unchanged("train: x", seen, case.x)
        or unchanged("train: y", target, case.y)
        or True
    )


@train_leaves_its_arguments_alone.reading
def _(answer, case):
    return flat(answer[3])


# schedule


@question("test_schedule", points=0.2, form=lambda case: items(number(), length=len(case.epochs)), probes=Roles())
def rate_decays(student, epochs, lr0, decay):
    """lr_at follows its formula at every epoch."""
    return [student.lr_at(epoch, lr0, decay) for epoch in epochs]


@rate_decays.reading
def _(answer, case):
    return np.array([float(rate) for rate in answer])


@question("test_schedule", points=0.1, form=items(number(), length=3), probes=Roles())
def rate_starts_at_lr0(student, epoch, lr0, decay):
    """lr_at gives lr0 at epoch 0, and at every epoch when decay is 0."""
    return [student.lr_at(0, lr0, decay), student.lr_at(epoch, lr0, 0.0), student.lr_at(epoch, lr0, decay)]


def says(stopping, losses):
    """What update answers to one loss after the other, until it says stop."""
    answers = []
    for loss in losses:
        answers.append(stopping.update(loss))
        if answers[-1]:
            break
    return answers


def on_the_class(cls):
    """The values that a class itself keeps for all its instances, as they are printed."""
    kept = (value for name, value in vars(cls).items() if not name.startswith("__") and not callable(value))
    return [repr(value) for value in kept]


def yes_or_no(value):
    known = value is None or isinstance(value, (bool, int, np.bool_, np.integer)) or np.shape(value) == ()
    single = known and not isinstance(value, (str, list, tuple, dict))
    return "" if single else f"update says True or False, found {described(value)}"


def of_stops(case):
    """The form of what EarlyStopping says in every run, and of what its class kept before and after."""
    return pairs(items(items(Form(yes_or_no)), length=len(case.runs)), None, None)


def stopping_question(name, points, title):
    """A question whose runs, (patience, min_delta, losses), show one property of EarlyStopping."""

    def stops(student, runs):
        before = on_the_class(student.EarlyStopping)
        said = [says(student.EarlyStopping(patience, min_delta), losses) for patience, min_delta, losses in runs]
        return [said, before, on_the_class(student.EarlyStopping)]

    stops.__doc__ = title
    asked = question("test_schedule", points=points, form=of_stops, name=name, probes=RUN)(stops)

    @asked.relation
    def _(answer, case):
        """A new EarlyStopping goes on where another one was: keep what it counts on `self`, not on the class."""
        return answer[1] == answer[2]

    @asked.reading
    def _(answer, case):
        """The epoch of the first True of every run, counted from 1; 0 where there is none."""
        return [float(len(said)) if said and said[-1] else 0.0 for said in answer[0]]

    return asked


stops_when_patience_is_over = stopping_question(
    "stops_when_patience_is_over",
    0.25,
    "EarlyStopping says True at the patience-th epoch in a row that does not improve.",
)
an_improvement_starts_the_count_anew = stopping_question(
    "an_improvement_starts_the_count_anew",
    0.15,
    "EarlyStopping counts epochs in a row: an improvement sets the count back.",
)
the_best_is_what_counts = stopping_question(
    "the_best_is_what_counts",
    0.15,
    "EarlyStopping compares with the best loss so far, not with the last one.",
)
small_improvements_do_not_count = stopping_question(
    "small_improvements_do_not_count",
    0.15,
    "EarlyStopping asks for an improvement of more than min_delta.",
)


# clip


def of_clipping(*many):
    """The form of what clip_by_global_norm gives for gradients, one after the other."""
    return pairs(*(pairs(params_of(*sizes_of(grads)), None) for grads in many))


@question(
    "test_clip",
    points=0.15,
    form=lambda case: of_clipping(*[g for g in case.several for _ in case.limits]),
    probes=Roles(calls="several", names=GRADS),
)
def norm_is_that_of_all_gradients_together(student, several, limits):
    """clip_by_global_norm returns the norm of all gradients together, as it was before."""
    return [student.clip_by_global_norm(copied(grads), limit) for grads in several for limit in limits]


@norm_is_that_of_all_gradients_together.reading
def _(answer, case):
    return [norm for _, norm in answer]


@question(
    "test_clip",
    points=0.2,
    form=lambda case: of_clipping(*(grads for grads, _ in case.several)),
    probes=Roles(calls="several", names=(GRADS,)),
)
def long_gradients_are_shortened(student, several):
    """clip_by_global_norm shortens all gradients by one factor, to max_norm."""
    return [student.clip_by_global_norm(grads, limit) for grads, limit in several]


@long_gradients_are_shortened.reading
def _(answer, case):
    return [flat(clipped) for clipped, _ in answer]


@question("test_clip", points=0.1, form=lambda case: of_clipping(case.grads), probes=Roles())
def short_gradients_stay(student, grads, limit):
    """clip_by_global_norm leaves gradients that are short enough as they are."""
    return [student.clip_by_global_norm(grads, limit)]


@short_gradients_stay.reading
def _(answer, case):
    ((clipped, norm),) = answer
    return [flat(clipped), norm]


@question("test_clip", points=0.05, form=lambda case: of_clipping(case.zeros, case.grads))
def zero_gradients_are_no_trouble(student, zeros, grads, limit):
    """clip_by_global_norm gives zeros and the norm 0 for gradients that are all zero."""
    return [student.clip_by_global_norm(zeros, limit), student.clip_by_global_norm(grads, limit)]


@zero_gradients_are_no_trouble.reading
def _(answer, case):
    (clipped, nothing), (_, norm) = answer
    return [flat(clipped), nothing, norm]


@question("test_clip", points=0.1, form=pairs(items(length=3), items(length=3), items(length=3)))
def arguments_are_left_alone(student, grads, limits, train, other):
    """clip_by_global_norm gives copies; neither function changes its arguments."""
    found = []
    for limit in limits:
        given = copied(grads)
        clipped, norm = student.clip_by_global_norm(given, limit)
        shared = sum(np.shares_memory(one, old) for one in flat(clipped) for old in flat(given))
        found.append([given, int(shared), norm])
    x_train, x_other = train.copy(), other.copy()
    standardized = student.standardize(x_train, x_other)
    return [*found, [x_train, x_other, list(standardized)]]


@arguments_are_left_alone.relation
def _(answer, case):
    *clippings, (train, other, standardized) = answer
    for given, shared, _ in clippings:
        if told := unchanged("clip_by_global_norm: grads", given, case.grads):
            return told
        if shared:
            return "clip_by_global_norm: the result shares memory with grads; copies are asked for"
    told = unchanged("standardize: x_train", train, case.train) or unchanged("standardize: x_other", other, case.other)
    return told or len(standardized) == 2 or "standardize returns two things, both of its arguments standardised"


@arguments_are_left_alone.reading
def _(answer, case):
    *clippings, (_, _, standardized) = answer
    return [[norm for _, _, norm in clippings], standardized]


def of_standardizing(train, other):
    return pairs(array(*train.shape, finite=False), array(*other.shape, finite=False))


@question("test_clip", points=0.15, form=lambda case: of_standardizing(case.train, case.other), probes=DATA)
def training_columns_get_mean_0_and_deviation_1(student, train, other):
    """standardize gives every column of x_train the mean 0 and the standard deviation 1."""
    return student.standardize(train, other)


@training_columns_get_mean_0_and_deviation_1.reading
def _(answer, case):
    return answer[0]


@question("test_clip", points=0.1, form=lambda case: of_standardizing(case.train, case.other), probes=DATA)
def other_data_by_the_same_numbers(student, train, other):
    """standardize treats x_other by the numbers of x_train."""
    return student.standardize(train, other)


@other_data_by_the_same_numbers.reading
def _(answer, case):
    return answer[1]


def of_several(case):
    return pairs(*(of_standardizing(*both) for both in case.several))


def second_columns(answer, case):
    """Of each pair of data sets the second column, that of the training data above the other."""
    return [np.concatenate([train[:, 1], other[:, 1]]) for train, other in answer]


@question("test_clip", points=0.1, form=of_several)
def constant_columns_are_centred(student, several):
    """standardize only centres a column that is constant, up to rounding, in x_train."""
    return [student.standardize(train, other) for train, other in several]


constant_columns_are_centred.reading(second_columns)


@question("test_clip", points=0.05, form=of_several)
def rounding_is_relative(student, several):
    """standardize tells rounding from variation by the size of the numbers."""
    return [student.standardize(train, other) for train, other in several]


rounding_is_relative.reading(second_columns)
