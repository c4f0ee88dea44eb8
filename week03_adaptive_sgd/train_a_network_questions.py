"""What the checks of the capstone ask, in the notebook and when it is graded."""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

import numpy as np

from grader.checks.questions import Roles, array, checks_of, items, number, pairs, question, same, unchanged
from grader.checks.questions.forms import described
from grader.checks.questions.trained import Learned, of_scores, scores

check = checks_of(__name__)

# Dense

LAYER = Roles(batch="X G", terms="b", words={"G": "grad_output", "W": "the array weights", "b": "the array biases"})


def dense(student, W, b):
    """A layer of the student's with these parameters, laid into the arrays that it has."""
    layer = student.Dense(*W.shape, np.random.default_rng(0))
    for name, wanted in (("weights", W), ("biases", b)):
        found = getattr(layer, name)
        if not (isinstance(found, np.ndarray) and found.shape == wanted.shape):
            sizes = f"Dense({W.shape[0]}, {W.shape[1]}, rng)"
            raise ValueError(f"{name} of {sizes} must be an array of shape {wanted.shape}, found {described(found)}")
        setattr(layer, name, wanted.copy())
    return layer


def gradient_of(layer, X, G):
    """What backward(X, G) gives after forward(X), as in training."""
    try:
        layer.forward(X.copy())
    except Exception:
        pass  # what forward gives or raises is judged by other questions
    return layer.backward(X.copy(), G.copy())


def both_ways(make, X, G):
    """What backward gives, and what forward gives; an error's text where one stops. Something else is judged."""

    def attempted(function):
        try:
            return np.array(function())
        except Exception as error:
            return f"{type(error).__name__}: {error}"

    return [attempted(lambda: gradient_of(make(), X, G)), attempted(lambda: make().forward(X.copy()))]


def of_fresh_layers(case):
    """The form of the weights of four new layers [120, 90], the biases of one, and what comes with them."""
    return pairs(*[array(120, 90)] * 4, array(90), None)


@question("test_dense", points=0.1, form=of_fresh_layers)
def dense_starts_small_and_random(student, X, G, W, b, seeds):
    """Dense draws its weights from rng, small and around zero; its biases are zero at first."""
    one, again, other = (np.random.default_rng(seed) for seed in (seeds[0], *seeds))
    layers = [student.Dense(120, 90, rng) for rng in (one, one, again, other)]
    started = [np.array(layer.weights) for layer in layers]
    return [*started, np.array(layers[0].biases), both_ways(lambda: dense(student, W, b), X, G)]


@dense_starts_small_and_random.relation
def _(answer, case):
    """The weights do not start small and random around zero."""
    W, next_one, again, other, _, _ = answer
    if not W.any():
        return "the weights start at zero: all units would stay alike for ever"
    if not (np.ptp(W, axis=0).all() and np.ptp(W, axis=1).all()):
        return "the weights do not start random: units with equal weights stay alike for ever"
    if not abs(W.mean()) < 6 * W.std() / np.sqrt(W.size):
        return "the weights are not zero on average at the start"
    if not same(W, again):
        return "rng started alike and the weights did not: draw them from rng and nothing else"
    if same(W, other):
        return "another rng gives the same weights: draw from rng, not from a generator of your own"
    if same(W, next_one):
        return "two layers that draw from one rng start alike: use rng as it is, do not make a new one from it"
    return True if W.std() < 0.5 else "the weights start too large: scale them down"


@dense_starts_small_and_random.reading
def _(answer, case):
    return answer[4:]


@question("test_dense", points=0.1, probes=LAYER)
def dense_forward(student, X, W, b):
    """Dense.forward multiplies by the weights and adds the biases to every row."""
    return dense(student, W, b).forward(X)


@question("test_dense", points=0.1, probes=LAYER)
def dense_input_gradient(student, X, G, W, b):
    """Dense.backward returns the gradient with respect to its input."""
    return gradient_of(dense(student, W, b), X, G)


def kept(layer):
    """The gradients that a layer keeps."""
    return [np.array(layer.grad_weights), np.array(layer.grad_biases)]


@question("test_dense", points=0.1, form=pairs(None, None), probes=LAYER)
def dense_keeps_its_gradients(student, X, G, W, b):
    """Dense.backward keeps grad_weights and grad_biases, summed over the batch."""
    layer = dense(student, W, b)
    gradient_of(layer, X, G)
    return kept(layer)


@question("test_dense", points=0.05, form=items(length=5))
def dense_gradients_are_of_this_call(student, X, other, G, W, b):
    """What is kept belongs to this call, whatever forward and backward saw before."""
    layer = dense(student, W, b)
    gradient_of(layer, other, 2 * G)
    gradient_of(layer, X, G)
    found = kept(layer)
    alone = dense(student, W, b)
    try:
        alone.forward(other.copy())
    except Exception:
        pass  # judged by other questions
    grad_input = np.array(alone.backward(X.copy(), G.copy()))
    return [*found, *kept(alone), both_ways(lambda: _Returns(grad_input, dense(student, W, b)), X, G)]


class _Returns:
    """A layer whose backward has been called already, and that goes forward as another does."""

    def __init__(self, grad_input, layer):
        self.grad_input, self.forward = grad_input, layer.forward

    def backward(self, input, grad_output):
        return self.grad_input


@question("test_dense", points=0.05, form=items(length=6))
def dense_takes_no_step(student, X, G, W, b):
    """Dense.backward leaves weights and biases alone, and both methods their arguments."""
    layer, seen, input, grad_output = dense(student, W, b), X.copy(), X.copy(), G.copy()
    try:
        layer.forward(seen)
    except Exception:
        pass  # judged by other questions
    layer.backward(input, grad_output)
    after = [np.array(layer.weights), np.array(layer.biases), seen, input, grad_output]
    return [*after, both_ways(lambda: dense(student, W, b), X, G)]


@dense_takes_no_step.relation
def _(answer, case):
    weights, biases, seen, input, grad_output, _ = answer
    for name, now, before in (("weights", weights, case.W), ("biases", biases, case.b)):
        if not same(now, before):
            return f"backward changes the {name}: the step is the optimiser's now"
    told = unchanged("the input of forward", seen, case.X) or unchanged("the input of backward", input, case.X)
    return told or unchanged("grad_output", grad_output, case.G) or True


@dense_takes_no_step.reading
def _(answer, case):
    return answer[5]


# Optimisers


def arrays_after(make, starts, gradients, *settings, rates=None, reuse=False, **options):
    """The very arrays that an optimiser was given, after each step: [[array, ...], ...].

    make       the student's class; `settings` and `options` follow the list of arrays
    gradients  of each step those of all arrays
    rates      what `lr` is set to before each step
    reuse      the gradients come in the same arrays each time
    """
    held = [np.array(start) for start in starts]
    optimizer, found = make(list(held), *settings, **options), []
    given = [np.zeros_like(start) for start in held]
    for step, of_step in enumerate(gradients):
        if rates is not None:
            optimizer.lr = rates[step]
        if reuse:
            for place, gradient in zip(given, of_step):  # noqa: B905
                place[...] = gradient
        optimizer.step(given if reuse else [np.array(gradient) for gradient in of_step])
        found.append([np.array(one) for one in held])
    return found


def one_array(make, w, grads, *settings, **options):
    """What one array is after each step, [steps, *shape]."""
    after = arrays_after(make, [w], [[gradient] for gradient in grads], *settings, **options)
    return np.array([one for (one,) in after])


def by_array(answer):
    """The ways of all arrays, one after the other, from lists of all arrays after each step."""
    return [np.array(way) for way in zip(*answer)]  # noqa: B905


def of_steps(case):
    """The form of what `arrays_after` gives."""
    return items(pairs(*(array(*np.shape(one)) for one in case.starts)), len(case.gradients), each_is="step")


PATH = Roles(
    terms="momentum beta1 beta2 eps weight_decay",
    alike="beta1 beta2",
    words={"grads": "the gradients", "w": "the array", "lr": "the lr that it was made with"},
)


@question("test_sgd", points=0.1, form=of_steps)
def sgd_steps_in_place(student, starts, gradients, lr):
    """step changes the very arrays it was given: plain descent by default."""
    return arrays_after(student.SGD, starts, gradients, lr)


@question("test_sgd", points=0.15, probes=PATH)
def sgd_momentum(student, w, grads, lr, momentum):
    """With momentum, each step keeps a share of the step before."""
    return one_array(student.SGD, w, grads, lr=lr, momentum=momentum)


def matrix_and_column(make, w, grads, *settings, **options):
    """What a matrix is after each step, and what its first column is, alone: biases decay like weights."""
    column = one_array(make, w[:, 0].copy(), [gradient[:, 0].copy() for gradient in grads], *settings, **options)
    return [one_array(make, w, grads, *settings, **options), column]


def of_both(case):
    steps, (rows, columns) = len(case.grads), case.w.shape
    return pairs(array(steps, rows, columns), array(steps, rows))


@question("test_sgd", points=0.1, probes=PATH, form=of_both)
def sgd_weight_decay(student, w, grads, lr, momentum, weight_decay):
    """weight_decay times the array is added to its gradient."""
    return matrix_and_column(student.SGD, w, grads, lr, momentum, weight_decay)


@question("test_sgd", points=0.1, form=of_steps, probes=PATH)
def sgd_rate_may_change(student, starts, gradients, lr, momentum, rates):
    """Each array has a velocity of its own, and lr may be set between steps."""
    return arrays_after(student.SGD, starts, gradients, lr, momentum=momentum, rates=rates)


def manners(make, starts, gradients, *settings, **options):
    """Where arrays end, when gradients come in the same arrays each time and another optimiser works beside.

    Then the gradients of a single step afterwards; then where the arrays end of an optimiser that came later.
    """
    held, others = [np.array(start) for start in starts], [np.array(start) for start in starts]
    optimizer, given = make(list(held), *settings, **options), [np.zeros_like(start) for start in held]
    beside = make(others, *settings, **options)
    for of_step in gradients:
        for place, gradient in zip(given, of_step):  # noqa: B905
            place[...] = gradient
        optimizer.step(given)
        beside.step([2 * np.array(gradient) for gradient in of_step])
    later = arrays_after(make, starts, gradients, *settings, **options)[-1]
    return [[np.array(one) for one in held], given, later]


def of_manners(case):
    shapes = pairs(*(array(*np.shape(one)) for one in case.starts))
    return pairs(shapes, None, shapes)


def leaves_gradients_alone(answer, case):
    """The gradients were changed in place."""
    held, given, later = answer
    if told := unchanged("a gradient", given, [np.array(one) for one in case.gradients[-1]]):
        return told
    told = "two optimisers of the same kind, or two calls of step, share something: keep all state on self, as copies"
    return same(held, later) or told


@question("test_sgd", points=0.05, form=of_manners)
def sgd_keeps_to_itself(student, starts, gradients, lr, momentum, weight_decay):
    """Gradients stay as they are, and no two optimisers share a state."""
    return manners(student.SGD, starts, gradients, lr, momentum=momentum, weight_decay=weight_decay)


@question("test_adam", points=0.1, form=of_steps, probes=PATH)
def adam_defaults(student, starts, gradients):
    """Three steps with all settings as they are by default."""
    return arrays_after(student.Adam, starts, gradients)


@adam_defaults.reading
def _(answer, case):
    return [way - start for way, start in zip(by_array(answer), case.starts)]  # noqa: B905


@question("test_adam", points=0.15, probes=PATH)
def adam_moments(student, w, grads, lr, beta1, beta2, eps):
    """The step is the corrected mean over the root of the corrected mean square."""
    return one_array(student.Adam, w, grads, lr, beta1, beta2, eps)


@question("test_adam", points=0.1, probes=PATH, form=of_both)
def adam_decay(student, w, grads, lr, beta1, beta2, eps, weight_decay):
    """The decay is decoupled, and taken from the array as it was before the step."""
    settings = {"lr": lr, "beta1": beta1, "beta2": beta2, "eps": eps}
    return matrix_and_column(student.Adam, w, grads, **settings, weight_decay=weight_decay)


@question("test_adam", points=0.1, form=of_steps, probes=PATH)
def adam_counts_steps(student, starts, gradients, lr, beta1, beta2, rates):
    """One count for each step, however many arrays there are; lr may be set between steps."""
    return arrays_after(student.Adam, starts, gradients, lr, beta1, beta2, rates=rates)


@question("test_adam", points=0.05, form=of_manners)
def adam_keeps_to_itself(student, starts, gradients, lr, beta1, beta2, weight_decay):
    """Gradients stay as they are, and no two optimisers share a state."""
    return manners(student.Adam, starts, gradients, lr, beta1=beta1, beta2=beta2, weight_decay=weight_decay)


for asked in (sgd_steps_in_place, sgd_rate_may_change, adam_counts_steps):
    asked.reading(lambda answer, case: by_array(answer))
for asked in (sgd_keeps_to_itself, adam_keeps_to_itself):
    asked.relation(leaves_gradients_alone)
    asked.reading(lambda answer, case: answer[0])

# The schedule

CALLS = Roles(calls="calls", names=("step", "steps", "lr", "warmup"), terms="warmup")


def rates_of(student, calls):
    return [float(student.warmup_cosine(*call)) for call in calls]


def of_rates(case):
    return items(number(), len(case.calls), each_is="call")


@question("test_warmup_cosine", points=0.1, form=of_rates, probes=CALLS)
def warms_up(student, calls):
    """The rate rises in equal steps, and the last step of the warm-up has all of lr."""
    return rates_of(student, calls)


@question("test_warmup_cosine", points=0.15, form=of_rates, probes=CALLS)
def falls_by_a_cosine(student, calls):
    """Then it falls from lr by half a cosine, also where there is no warm-up."""
    return rates_of(student, calls)


for asked in (warms_up, falls_by_a_cosine):
    asked.reading(lambda answer, case: np.array(answer))
del asked

# fit: with layers of the student's own `Dense`, and with layers that count as such, whose numbers are known


def same_layers(network, before):
    """Are these the same layers in the same order?"""
    return len(network) == len(before) and all(a is b for a, b in zip(network, before))  # noqa: B905


MOST_STEPS = 100


class Shrinking:
    """An optimiser that notes its rate, the rows seen last and the gradients at each step, and shrinks all arrays.

    It also notes whether it ever met the network in another order.
    What it does depends on no gradient, so that no wrong one spoils what comes after it.
    """

    def __init__(self, parameters, lr, seen, network):
        self.parameters, self.lr, self.seen, self.notes = parameters, lr, seen, []
        self.network, self.before, self.met_turned = network, list(network), False

    def step(self, gradients):
        if len(self.notes) == MOST_STEPS:
            raise ValueError("fit calls step far more often than there are batches")
        self.met_turned |= not same_layers(self.network, self.before)
        rows = self.seen[-1] if self.seen else np.zeros(0)
        self.notes.append([self.lr, rows, [np.array(gradient) for gradient in gradients]])
        for array_ in self.parameters:
            array_ *= 0.9


def of_own_kind(student, seen):
    """The student's own Dense, which also notes the numbers of the rows that come forward, from their first column."""

    class Noting(student.Dense):  # type: ignore[name-defined]
        def forward(self, input):
            if self.is_first:
                seen.append(np.array(input)[:, 0])
            return super().forward(input)

    def make(W, b):
        layer = Noting(*W.shape, np.random.default_rng(0))
        layer.weights, layer.biases = W.copy(), b.copy()
        return layer

    return make


def moved_and_scaled(X, scale, place):
    """What a layer of the other kind gives: every column measured from its place, and scaled."""
    return np.multiply(scale, np.subtract(X, place))


def slopes_of_it(X, G, scale, place):
    """Its gradients with respect to X, scale and place."""
    return scale * G, np.einsum("nj,nj->j", X - place, G), np.einsum("j,nj->j", -scale, G)


def of_known_kind(student, seen):
    """A kind of Dense that moves and scales every column; weights and biases have one number a column."""

    written = student.has("Dense") and isinstance(student.Dense, type)

    class Scaling(student.Dense if written else object):  # type: ignore[misc]
        def __init__(self, scale, shift):
            self.weights, self.biases = scale.copy(), shift.copy()

        def forward(self, input):
            if self.is_first:
                seen.append(np.array(input)[:, 0])
            return moved_and_scaled(input, self.weights, self.biases)

        def backward(self, input, grad_output):
            slopes = slopes_of_it(input, grad_output, self.weights, self.biases)
            grad_input, self.grad_weights, self.grad_biases = slopes
            return grad_input

    return Scaling


TURNED = "fit changed the list `network` in place, and the next batch met its layers in another order"


def what_stopped(error, fit, network, before):
    """An error as a text; where the cause is known, that."""
    said = f"{type(error).__name__}: {error}"
    if not same_layers(network, before):
        return f"{TURNED}: go through them backwards without changing the list"
    names = getattr(getattr(fit, "__code__", None), "co_names", ())
    read = " and ".join(name for name in ("X_train", "y_train") if name in names)
    fits_not = read and isinstance(error, (ValueError, IndexError))
    return f"fit reads {read} of the notebook: work with X and y, its arguments" if fits_not else said


def fitted(student, params, X, y, epochs, batch_size, seed, schedule=None, lr=0.25):
    """What came of fit, of each kind: [losses, the optimiser's notes, is the network as it was, X, y].

    Of a kind with which it stopped, why. Errors: what stopped both.
    """
    found: list = []
    errors, met_turned = [], False
    for make_kind in (of_own_kind, of_known_kind):
        seen: list = []
        network: list = []
        before: list = []
        try:
            make = make_kind(student, seen)
            first, last = (make(*pair) for pair in params["dense" if make_kind is of_own_kind else "scaling"])
            first.is_first, last.is_first = True, False
            network = [first, student.ReLU(), last]
            before = list(network)
            optimizer = Shrinking([first.weights, first.biases, last.weights, last.biases], lr, seen, network)
            images, labels, rng = X.copy(), y.copy(), np.random.default_rng(seed)
            args = [network, optimizer, images, labels, epochs, batch_size, rng]
            losses = student.fit(*args, **({} if schedule is None else {"schedule": schedule}))
            met_turned = optimizer.met_turned
            found.append([plain_losses(losses), optimizer.notes, same_layers(network, before), images, labels])
        except Exception as error:
            found.append(what_stopped(error, student.has("fit") and student.fit, network, before))
            errors.append(error)
    if len(errors) == 2 or errors and met_turned and str(found[0]).startswith(TURNED):
        known = found[0].startswith((TURNED, "fit reads"))
        raise ValueError(found[0]) if known else errors[-1]
    return found


def plain_losses(losses):
    """Losses as an array where they are a list of numbers; else as they are."""
    if isinstance(losses, (list, tuple)) and all(np.ndim(one) == 0 and one is not None for one in losses):
        return np.array([float(one) for one in losses])
    return losses


def either_run(judged):
    """A relation that holds if it does for one of both runs; told is that of the first that ran to its end."""

    def holds(answer, case):
        said = [judged(run, case) for run in answer if not isinstance(run, str)]
        return True if True in [one is True for one in said] else said[0]

    return holds


def has_losses(run, case):
    """A list with a number for every epoch."""
    losses, epochs = run[0], case.epochs
    if losses is None:
        return "fit returned nothing: the list of losses is asked for"
    if not isinstance(losses, np.ndarray):
        return f"fit: a list of {epochs} losses is expected, one for each epoch, found {described(losses)}"
    steps = len(run[1])
    if len(losses) == steps != epochs:
        return f"fit returns {steps} losses, one for each step; the mean of each epoch is asked for, {epochs} in all"
    return True if len(losses) == epochs else f"fit returns {len(losses)} losses for {epochs} epochs"


def steps_of_epochs(run, case):
    """As many steps as there are batches."""
    batches = -(-len(case.X) // case.batch_size)
    found, wanted = len(run[1]), case.epochs * batches
    told = f"{case.epochs} epochs of {len(case.X)} samples in batches of {case.batch_size}"
    return True if found == wanted else f"fit calls step {found} times for {told}; {wanted} are right"


def losses_of(answer, case):
    """The losses of both runs; the error's text of one that stopped."""
    return [run if isinstance(run, str) else run[0] for run in answer]


def numbers_of(answer, case):
    """The same where something else is judged; of a run without a list of losses the last bias's gradients."""

    def numbers(run):
        if isinstance(run, str) or isinstance(run[0], np.ndarray):
            return run if isinstance(run, str) else run[0]
        lasts = [gradients[-1] for _, _, gradients in run[1] if gradients]
        return np.array(lasts) if len({np.shape(one) for one in lasts}) == 1 else None

    return [numbers(run) for run in answer]


def of_runs(case):
    return pairs(None, None)


TRAINING = Roles(fixed="X y epochs batch_size seed rates")


@question("test_fit", points=0.15, form=of_runs, probes=TRAINING)
def fit_returns_mean_losses(student, params, X, y, epochs, batch_size, seed):
    """fit returns each epoch's mean loss, every batch's taken before its step."""
    return fitted(student, params, X, y, epochs, batch_size, seed)


fit_returns_mean_losses.relation(either_run(has_losses))
fit_returns_mean_losses.reading(losses_of)


@question("test_fit", points=0.2, form=pairs(pairs(None, None), pairs(None, None), pairs(None, None)))
def fit_shuffles(student, params, X, y, epochs, batch_size, seed, other_seed):
    """Each epoch takes every sample once, in a new order from rng, in full batches."""
    return [fitted(student, params, X, y, epochs, batch_size, one) for one in (seed, seed, other_seed)]


def rows_of(run):
    """The numbers of the rows that each step was taken for."""
    return [np.rint(np.asarray(rows)).astype(int) for _, rows, _ in run[1]]


def is_shuffled(runs, case):
    """Each epoch is a new order of all samples."""
    n, size = len(case.X), case.batch_size
    steps = steps_of_epochs(runs[0], case)
    if steps is not True:
        return steps
    rows = rows_of(runs[0])
    wanted = [size] * (n // size) + ([n % size] if n % size else [])
    sizes = [len(batch) for batch in rows]
    if sizes != wanted * case.epochs:
        found = f"the batches of the first epoch have the sizes {sizes[: len(wanted)]}; {wanted} are right"
        return f"fit: {found}: batch_size samples each, and what is left in the last"
    orders = np.concatenate(rows).reshape(case.epochs, n)
    for epoch, order in enumerate(orders, start=1):
        if not np.array_equal(np.sort(order), np.arange(n)):
            return f"fit: epoch {epoch} does not take each sample once; some come twice, others never"
    if any(np.array_equal(order, np.arange(n)) for order in orders):
        return "fit: the samples come in the order of the table; draw a new order in each epoch"
    if any(np.array_equal(one, other) for one, other in zip(orders, orders[1:])):  # noqa: B905
        return "fit: two epochs have the same order; draw a new one in each"
    again, other = (np.concatenate(rows_of(run)) for run in runs[1:])
    if not np.array_equal(orders.ravel(), again):
        return "fit: rng started alike and the order did not: draw it from rng and nothing else"
    return not np.array_equal(again, other) or "fit: another rng gives the same order: draw it from rng"


@fit_shuffles.relation
def _(answer, case):
    said = []
    for runs in zip(*answer):  # noqa: B905
        if not any(isinstance(run, str) for run in runs):
            said.append(is_shuffled(runs, case))
    return True if any(one is True for one in said) else said[0]


@fit_shuffles.reading
def _(answer, case):
    return numbers_of(answer[0], case)


@question("test_fit", points=0.25, form=of_runs, probes=TRAINING)
def fit_hands_over_gradients(student, params, X, y, epochs, batch_size, seed):
    """step gets the gradients of the mean loss, in the order of the parameters."""
    whole = fitted(student, params, X, y, epochs, batch_size, seed)
    # Five times the same sample, in batches of three: the last one has two, and every order is as good.
    uneven = fitted(student, params, X[[0] * 5], y[[0] * 5], 1, 3, seed)
    runs = []
    for run, other in zip(whole, uneven):  # noqa: B905
        stopped = [one for one in (run, other) if isinstance(one, str)]
        runs.append(stopped[0] if stopped else [*run, other[1][-1:]])
    return runs


def has_gradients(run, case):
    """As many gradients at each step as there are parameters."""
    steps = steps_of_epochs(run, case)
    if steps is not True:
        return steps
    counts = {len(gradients) for _, _, gradients in run[1]}
    told = "step got {} gradients, for weights and biases of two layers; 4 are right"
    return True if counts == {4} else told.format(sorted(counts - {4})[0])


fit_hands_over_gradients.relation(either_run(has_gradients))


@fit_hands_over_gradients.reading
def _(answer, case):
    """The gradients of all steps, and of the last one of the uneven batches."""

    def parts(run):
        return run if isinstance(run, str) else [part for _, _, step in (*run[1], *run[-1]) for part in step]

    return [parts(run) for run in answer]


@question("test_fit", points=0.1, form=pairs(pairs(None, None), pairs(None, None)), probes=TRAINING)
def fit_follows_the_schedule(student, params, X, y, epochs, batch_size, seed, rates):
    """schedule(step) sets the rate before each step and counts through all epochs."""
    asked_for: list = []

    def schedule(step):
        asked_for.append(step)
        return rates[step]

    scheduled = fitted(student, params, X, y, epochs, batch_size, seed, schedule)
    return [scheduled, fitted(student, params, X, y, epochs, batch_size, seed)]


@fit_follows_the_schedule.reading
def _(answer, case):
    """Of both kinds the rate at each step with the schedule and without one, and the losses."""
    numbers = numbers_of(answer[0], case)

    def read(kind):
        runs = [one[kind] for one in answer]
        stopped = [run for run in runs if isinstance(run, str)]
        return stopped[0] if stopped else [*(np.array([rate for rate, _, _ in run[1]]) for run in runs), numbers[kind]]

    return [read(0), read(1)]


@question("test_fit", points=0.05, form=of_runs)
def fit_leaves_its_arguments_alone(student, params, X, y, epochs, batch_size, seed):
    """The list of layers, X and y stay as they are."""
    return fitted(student, params, X, y, epochs, batch_size, seed)


@either_run
def leaves_all_alone(run, case):
    _, _, kept_layers, images, labels = run
    if not kept_layers:
        return "the list of layers was changed in place; it must hold the same layers as before"
    return unchanged("X", images, case.X) or unchanged("y", labels, case.y) or True


fit_leaves_its_arguments_alone.relation(leaves_all_alone)
fit_leaves_its_arguments_alone.reading(numbers_of)

# The trained network

LEARNED = Learned(0.98, noisy=0.95)


@question("test_accuracy", points=0.5, seconds=60, form=of_scores)
def network_reads_unseen_digits(student, images, order, noise, classes):
    """The trained network reads at least 98 % of the held-out digits."""
    if len(student.network) == 0:
        raise NotImplementedError("network")
    return scores(student, images, order, noise, classes)


network_reads_unseen_digits.reading(LEARNED.shares)
network_reads_unseen_digits.relation(LEARNED.relation)
