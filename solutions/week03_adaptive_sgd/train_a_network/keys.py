"""Keys of the capstone."""

from dataclasses import replace
from functools import partial
from itertools import pairwise

import numpy as np

from grader.checks import digits
from grader.checks.questions import Right, same
from grader.checks.questions.trained import drawn
from grader.judge.authoring.keys import Case, key
from week03_adaptive_sgd import train_a_network_questions as asked

from .other_steps import COUNTS, PAIRINGS, adams, decays, defaults, falls, means_of_losses, rates_inside, sgds

# Dense

SHAPES = {"X": (6, 3), "other": (6, 3), "G": (6, 4), "W": (3, 4), "b": (4,)}


def layer_case(*names):
    """A draw of these arrays."""

    def draw(rng):
        return Case(**{name: rng.normal(size=SHAPES[name]) for name in names})

    return draw


def either_way(case):
    """Where something else is judged: what backward gives, or what forward gives."""
    back = Right(case.G @ case.W.T, "Dense.backward", also=[case.G @ case.W.T / len(case.X)])
    forth = Right(case.X @ case.W + case.b, "Dense.forward", also=[case.X @ case.W])
    return Right(back.value, back.what, also=back.also, either=forth)


def gradient_slips(rows, what):
    """Wrong sums over the batch of the rows' gradients [batch, ...], by name."""
    summed = rows.sum(axis=0)
    return {
        "averaged over the batch; grad_output already is, so sum": summed / len(rows),
        "the sign is turned round: what is kept is the gradient, the step subtracts it": -summed,
        f"nothing is kept: {what} is zero": 0 * summed,
        "the first sample alone; all of the batch add up": rows[0],
    }


def of_rows(X, G):
    """The gradients of weights [batch, in, out] and biases [batch, out] of each sample."""
    return X[:, :, None] * G[:, None, :], G


def kept_rights(X, G, slips=None):
    """Rights of grad_weights and grad_biases; `slips` has more mistakes of each, by name."""
    parts = []
    for rows, name in zip(of_rows(X, G), ("grad_weights", "grad_biases"), strict=True):
        mistakes = gradient_slips(rows, name)
        if name == "grad_biases":
            mistakes["summed over everything; every bias has a gradient of its own"] = np.full(G.shape[1], G.sum())
            mistakes["a gradient of ones; that of a bias is grad_output, summed over the batch"] = np.ones(G.shape[1])
        parts.append(Right(rows.sum(axis=0), f"Dense.{name} after backward", mistakes))
    return parts


@key(asked.dense_starts_small_and_random)
class _:
    def draw(rng):
        drawn = layer_case("X", "G", "W", "b")(rng)
        return Case(**vars(drawn), seeds=[int(seed) for seed in rng.integers(2**31, size=2)])

    def right(case):
        return [Right(np.zeros(90), "Dense.biases at the start"), either_way(case)]


@key(asked.dense_forward)
class _:
    draw = layer_case("X", "W", "b")

    def right(case):
        X, W, b = case.X, case.W, case.b
        mistakes = {
            "the biases are forgotten": X @ W,
            "the biases are subtracted": X @ W - b,
            "the weights are left out": X.sum(axis=1, keepdims=True) + b,
        }
        return Right(X @ W + b, "Dense.forward", mistakes)


@key(asked.dense_input_gradient)
class _:
    draw = layer_case("X", "G", "W", "b")

    def right(case):
        X, G, W = case.X, case.G, case.W
        mistakes = {
            "divided by the batch size; grad_output already is": G @ W.T / len(X),
            "the gradient of the weights is returned": X.T @ G,
            "grad_output is returned as it came": G,
        }
        what = "Dense.backward, the gradient of the input"
        return Right(G @ W.T, what, mistakes, scales={"batch_size": len(X)})


@key(asked.dense_keeps_its_gradients)
class _:
    draw = layer_case("X", "G", "W", "b")

    def right(case):
        return kept_rights(case.X, case.G)


def all_slips(X, G):
    """Of weights and biases what the kept gradients are after slips that another question judges."""
    return [list(right.mistakes.values()) for right in kept_rights(X, G)]


@key(asked.dense_gradients_are_of_this_call)
class _:
    draw = layer_case("X", "other", "G", "W", "b")

    def right(case):
        X, other, G = case.X, case.other, case.G
        now, before = of_rows(X, G), of_rows(other, 2 * G)
        elsewhere, slips, parts = of_rows(other, G), all_slips(X, G), []
        for place, name in enumerate(("grad_weights", "grad_biases")):
            wanted, also = now[place].sum(axis=0), slips[place]
            added = "the gradients of several calls add up; each call keeps its own alone"
            mistakes = {added: wanted + before[place].sum(axis=0), "those of the first call stay": before[place].sum(0)}
            known = {"the gradient of the call before": before[place].sum(axis=0)}
            parts.append(Right(wanted, f"Dense.{name} after a second backward", mistakes, known=known, also=also))
        for place, name in enumerate(("grad_weights", "grad_biases")):
            wanted = now[place].sum(axis=0)
            left = {"taken with the input of the last forward; use the one that backward gets": elsewhere[place].sum(0)}
            mistakes = {text: value for text, value in left.items() if not same(value, wanted)}
            what = f"Dense.{name} where forward saw another batch before"
            parts.append(Right(wanted, what, mistakes, also=slips[place]))
        return [*parts, either_way(case)]


@key(asked.dense_takes_no_step)
class _:
    draw = layer_case("X", "G", "W", "b")
    right = either_way


# Optimisers: a rule makes of an array w, its gradient, its state and the rate the new w and state.

NOT_IN_PLACE = (
    "the arrays are as they were: change them in place, w -= ... or w[...] = ...; w = w - ... and copies make new ones"
)
CLIMBS = "the step climbs: it is to be subtracted"
NO_RATE = "lr is left out"


def way(rule, w, grads, rates):
    """Where w is after each step, [steps, *shape]. The state is two arrays of zeros at first, and a count."""
    state, places = (np.zeros_like(w), np.zeros_like(w)), []
    with np.errstate(all="ignore"):
        for t, (g, lr) in enumerate(zip(grads, rates, strict=True), start=1):
            w, state = rule(w, g, *state, lr, t)
            places.append(w)
    return np.array(places)


def sgd_rule(momentum=0.0, decay=0.0):
    def rule(w, g, u, _, lr, t):
        u = momentum * u + lr * (g + decay * w)
        return w - u, (u, _)

    return rule


def wrong_sgd(velocity, move=lambda w, old, new, g, lr: w - new):
    """A rule from a velocity (w, g, u, lr) and a move (w, old u, new u, g, lr)."""

    def rule(w, g, u, _, lr, t):
        new = velocity(w, g, u, lr)
        return move(w, u, new, g, lr), (new, _)

    return rule


def momentum_slips(mu, decay=0.0):
    """Rules with the mistakes of the velocity; each has the decay as it should be."""

    def right(w, g, u, lr):
        return mu * u + lr * (g + decay * w)

    return {
        "the velocity from before the step is used; use the new one": wrong_sgd(right, lambda w, u, v, g, lr: w - u),
        "the gradient is multiplied by 1 - momentum, which is not in the formula": wrong_sgd(
            lambda w, g, u, lr: mu * u + (1 - mu) * lr * (g + decay * w)
        ),
        "lr is left out of the velocity": wrong_sgd(lambda w, g, u, lr: mu * u + g + decay * w),
        CLIMBS: wrong_sgd(right, lambda w, u, v, g, lr: w + v),
        "there is no momentum: the velocity is forgotten from step to step": wrong_sgd(
            lambda w, g, u, lr: lr * (g + decay * w)
        ),
        "all of the velocity is kept: it is to be multiplied by momentum": wrong_sgd(
            lambda w, g, u, lr: u + lr * (g + decay * w)
        ),
        "that is Nesterov's step": wrong_sgd(right, lambda w, u, v, g, lr: w - mu * v - lr * (g + decay * w)),
        "lr multiplies the velocity once more": wrong_sgd(right, lambda w, u, v, g, lr: w - lr * v),
        "momentum times the whole step: it multiplies the old velocity alone": wrong_sgd(
            lambda w, g, u, lr: mu * (u + lr * (g + decay * w))
        ),
    }


def decay_slips(mu, decay):
    def plain(w, g, u, lr):
        return mu * u + lr * g

    return {
        "the decay stays outside the velocity, as in AdamW; here it is a part of the gradient": wrong_sgd(
            plain, lambda w, u, v, g, lr: w - v - lr * decay * w
        ),
        "the decay pushes away from zero: it is to be added to the gradient": wrong_sgd(
            lambda w, g, u, lr: mu * u + lr * (g - decay * w)
        ),
        "weight_decay makes no difference": wrong_sgd(plain),
        "lr does not multiply the decay": wrong_sgd(lambda w, g, u, lr: mu * u + lr * g + decay * w),
        "twice the decay: the term is weight_decay times the array": wrong_sgd(
            lambda w, g, u, lr: mu * u + lr * (g + 2 * decay * w)
        ),
        "the decay is the same for all entries; it is in proportion to the array": wrong_sgd(
            lambda w, g, u, lr: mu * u + lr * (g + decay)
        ),
        "the sign of the array counts alone; the decay is in proportion to it": wrong_sgd(
            lambda w, g, u, lr: mu * u + lr * (g + decay * np.sign(w))
        ),
    }


STARTS = ((3, 2), (2,), (2, 4))


def arrays(rng, steps, shapes=STARTS, **settings):
    """Several arrays and their gradients at each step."""
    starts = [rng.normal(size=shape) for shape in shapes]
    gradients = [[rng.normal(size=shape) for shape in shapes] for _ in range(steps)]
    return Case(starts=starts, gradients=gradients, **settings)


def between(rng, low, high):
    return float(rng.uniform(low, high))


def rights_of_arrays(case, rule, rates, wrong, what, less_start=False, **options):
    """A right for the way of each array; `wrong` has rules, or functions of the array's place that give one."""
    parts = []
    for place, start in enumerate(case.starts):
        grads, origin = [of_step[place] for of_step in case.gradients], start if less_start else 0
        wanted, mistakes = way(rule, start, grads, rates) - origin, {}
        for text, (slip, its_rates) in wrong.items():
            value = way(slip(place) if text.startswith("the count") else slip, start, grads, its_rates) - origin
            if not np.allclose(value, wanted, rtol=1e-5):
                mistakes[text] = value
        mistakes[NOT_IN_PLACE] = np.array([start - origin] * len(grads))
        parts.append(Right(wanted, f"{what}, array {place + 1} of {len(case.starts)}", mistakes, **options))
    return parts


def one_way(case, rule, slips, what):
    """A right for one array."""
    rates = [case.lr] * len(case.grads)
    mistakes = {text: way(slip, case.w, case.grads, rates) for text, slip in slips.items()}
    mistakes[NOT_IN_PLACE] = np.array([case.w] * len(case.grads))
    return Right(way(rule, case.w, case.grads, rates), what, mistakes)


def made_of_arrays(case, rates):
    """What a rule makes of each array."""

    def made(rule):
        grads = zip(*case.gradients, strict=True)
        return [way(rule, start, its, rates) for start, its in zip(case.starts, grads, strict=True)]

    return made


def made_of_one(case):
    return lambda rule: way(rule, case.w, case.grads, [case.lr] * len(case.grads))


def with_columns(pairs):
    """For `with_column`."""
    return {words: [value, value[..., 0]] for words, value in pairs}


def wrong_rates(case, rule):
    """What comes with other rates than those that are set before each step."""
    others = {
        "the first lr in every step": [case.lr] * len(case.rates),
        "the rate of the step before": [case.lr, *case.rates[:-1]],
        "the last rate in every step": [case.rates[-1]] * len(case.rates),
        "the mean of the rates so far": np.cumsum(case.rates) / np.arange(1, len(case.rates) + 1),
        "the first lr times the rate that is set": [case.lr * rate for rate in case.rates],
    }
    return {f"what comes with {words}": made_of_arrays(case, rates)(rule) for words, rates in others.items()}


@key(asked.sgd_steps_in_place)
class _:
    def draw(rng):
        return arrays(rng, 2, lr=between(rng, 0.05, 0.3))

    def right(case):
        wrong = {
            CLIMBS: (wrong_sgd(lambda w, g, u, lr: lr * g, lambda w, u, v, g, lr: w + v), [case.lr] * 2),
            NO_RATE: (sgd_rule(), [1.0, 1.0]),
            "each step is taken twice": (sgd_rule(), [2 * case.lr] * 2),
            "the array is replaced by the step": (
                wrong_sgd(lambda w, g, u, lr: lr * g, lambda w, u, v, g, lr: -v),
                [case.lr] * 2,
            ),
        }
        return rights_of_arrays(case, sgd_rule(), [case.lr] * 2, wrong, "SGD without momentum")


def one_case(rng, steps=4, **settings):
    return Case(w=rng.normal(size=(3, 2)), grads=rng.normal(size=(steps, 3, 2)), **settings)


@key(asked.sgd_momentum)
class _:
    def draw(rng):
        return one_case(rng, lr=between(rng, 0.05, 0.3), momentum=between(rng, 0.6, 0.9))

    def right(case):
        mu = case.momentum
        return one_way(case, sgd_rule(mu), momentum_slips(mu), "SGD with momentum, the array after each step")

    def others(case):
        return dict(sgds(made_of_one(case), case.momentum))


def with_column(right):
    """And a right for the first column of the matrix alone: an array of one axis, as biases are."""

    def column(value):
        return np.asarray(value)[..., 0]

    mistakes = {text: column(value) for text, value in right.mistakes.items()}
    what = f"{right.what}, for an array of one axis"
    return [right, Right(column(right.value), what, mistakes, also=[column(one) for one in right.also])]


@key(asked.sgd_weight_decay)
class _:
    def draw(rng):
        settings = {"lr": (0.05, 0.3), "momentum": (0.6, 0.9), "weight_decay": (0.1, 0.4)}
        return one_case(rng, **{name: between(rng, *limits) for name, limits in settings.items()})

    def right(case):
        mu, decay = case.momentum, case.weight_decay
        what = "SGD with weight decay, the array after each step"
        right = one_way(case, sgd_rule(mu, decay), decay_slips(mu, decay), what)
        rates = [case.lr] * len(case.grads)
        also = [way(slip, case.w, case.grads, rates) for slip in momentum_slips(mu, decay).values()]
        return with_column(Right(right.value, what, right.mistakes, also=also))

    def others(case):
        return with_columns(decays(made_of_one(case), sgd_rule(case.momentum), case.weight_decay))


def changing(rng, steps):
    """A first rate, and one for each step, all different."""
    rates = rng.permutation(np.linspace(0.05, 0.4, steps))
    return {"lr": between(rng, 0.5, 0.7), "rates": [float(rate) for rate in rates]}


@key(asked.sgd_rate_may_change)
class _:
    def draw(rng):
        return arrays(rng, 4, momentum=between(rng, 0.6, 0.9), **changing(rng, 4))

    def right(case):
        mu = case.momentum
        outside = wrong_sgd(lambda w, g, u, lr: mu * u + g, lambda w, u, v, g, lr: w - lr * v)
        wrong = {
            "the rate of this step multiplies the whole velocity; it belongs inside: each gradient keeps its own": (
                outside,
                case.rates,
            ),
            "the first lr is used in every step: read self.lr in step": (sgd_rule(mu), [case.lr] * 4),
        }
        parts = rights_of_arrays(case, sgd_rule(mu), case.rates, wrong, "SGD, lr set before each step")
        slips = momentum_slips(mu)
        return [with_slips(part, case, place, slips, case.rates) for place, part in enumerate(parts)]

    def others(case):
        mu = case.momentum
        return wrong_rates(case, sgd_rule(mu)) | dict(sgds(made_of_arrays(case, case.rates), mu))


@key(asked.sgd_keeps_to_itself)
class _:
    def draw(rng):
        settings = {"lr": (0.05, 0.3), "momentum": (0.6, 0.9), "weight_decay": (0.1, 0.4)}
        return arrays(rng, 3, **{name: between(rng, *limits) for name, limits in settings.items()})

    def right(case):
        mu, decay, rates = case.momentum, case.weight_decay, [case.lr] * 3
        outside = wrong_sgd(lambda w, g, u, lr: mu * u + g + decay * w, lambda w, u, v, g, lr: w - lr * v)
        slips = [*momentum_slips(mu, decay).values(), *decay_slips(mu, decay).values(), outside]
        return ends(case, sgd_rule(mu, decay), slips, rates, "SGD")


def ends(case, rule, slips, rates, what):
    """Rights for where the arrays end, whatever slip another question judges."""
    parts = []
    for place, start in enumerate(case.starts):
        grads = [of_step[place] for of_step in case.gradients]
        also = [way(slip, start, grads, rates)[-1] for slip in slips] + [start]
        parts.append(Right(way(rule, start, grads, rates)[-1], f"{what}, where the arrays end", also=also))
    return parts


def adam_rule(beta1=0.9, beta2=0.999, eps=1e-8, decay=0.0, count=lambda t: t, step=None):
    """Adam with decoupled decay; `step(m, v, t)` in place of its direction, `count` in place of t."""

    def direction(m, v, t):
        return m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)

    def rule(w, g, m, v, lr, t):
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        return w - lr * (step or direction)(m, v, count(t)) - lr * decay * w, (m, v)

    return rule


def adam_slips(b1, b2, eps):
    """Rules with the mistakes of Adam's direction."""
    using = partial(adam_rule, b1, b2, eps)

    def root(v):
        return np.sqrt(v) + eps

    def stale(w, g, m, v, lr, t):
        moved, _ = using()(w, 0 * g, m / b1, v / b2, lr, t)
        return moved, (b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g)

    def other(keeps=(b1, b2), shares=(1 - b1, 1 - b2), corrects=(b1, b2), square=np.square, rate=None):
        """With other numbers in some places: what the two means keep, what comes in, what corrects them."""

        def rule(w, g, m, v, lr, t):
            m, v = keeps[0] * m + shares[0] * g, keeps[1] * v + shares[1] * square(g)
            return w - (lr if rate is None else rate) * m / (1 - corrects[0] ** t) / root(v / (1 - corrects[1] ** t)), (
                m,
                v,
            )

        return rule

    def rate_inside(w, g, m, v, lr, t, outside=1.0):
        m, v = b1 * m + (1 - b1) * lr * g, b2 * v + (1 - b2) * g * g
        return w - outside * m / (1 - b1**t) / root(v / (1 - b2**t)), (m, v)

    def rate_twice(w, g, m, v, lr, t):
        return rate_inside(w, g, m, v, lr, t, outside=lr)

    def multiplied(m, v, t):
        return m / (1 - b1 * t) / root(v / (1 - b2 * t))

    def centred(w, g, m, v, lr, t):
        m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
        return w - lr * g / root(v / (1 - b2**t)), (m, v)

    return {
        "neither mean is corrected for its start at zero": using(step=lambda m, v, t: m / root(v)),
        "the mean is not corrected": using(step=lambda m, v, t: m / root(v / (1 - b2**t))),
        "the mean square is not corrected": using(step=lambda m, v, t: m / (1 - b1**t) / root(v)),
        "t counts from 1: at the first step it is 1, not 2": using(count=lambda t: t + 1),
        "the correction always is that of the first step: t has to grow": using(count=lambda t: 1),
        "eps is inside the root": using(step=lambda m, v, t: m / (1 - b1**t) / np.sqrt(v / (1 - b2**t) + eps)),
        "there is no root: divide by the root of the mean square": using(
            step=lambda m, v, t: m / (1 - b1**t) / (v / (1 - b2**t) + eps)
        ),
        "eps is left out": using(step=lambda m, v, t: m / (1 - b1**t) / np.sqrt(v / (1 - b2**t))),
        "beta1 and beta2 have changed places": adam_rule(b2, b1, eps),
        "the corrected means are kept, and corrected again": kept_corrected(b1, b2, eps),
        CLIMBS: using(step=lambda m, v, t: -m / (1 - b1**t) / root(v / (1 - b2**t))),
        "the means from before the step are used": stale,
        "the mean of the sizes; it is that of the squares": other(square=np.abs),
        "the mean of the gradients under the root; it is that of their squares": other(square=lambda g: g),
        "the new gradient comes in whole; its share is 1 - beta": other(shares=(1, 1)),
        "the new gradient comes into m whole; its share is 1 - beta1": other(shares=(1, 1 - b2)),
        "the new square comes into v whole; its share is 1 - beta2": other(shares=(1 - b1, 1)),
        "old and new have changed places: beta is the share of the old mean": other((1 - b1, 1 - b2), (b1, b2)),
        "the gradient itself is divided; it is its running mean": centred,
        "v is corrected with beta1; it is kept with beta2, and corrected with beta2": other(corrects=(b1, b1)),
        "m is corrected with beta2; it is kept with beta1, and corrected with beta1": other(corrects=(b2, b2)),
        "the corrections have changed places: beta1 belongs to m, beta2 to v": other(corrects=(b2, b1)),
        "beta1 and beta2 have changed places in the means, not in the corrections": other((b2, b1), (1 - b2, 1 - b1)),
        "v keeps a share of beta1; it is to be beta2": other(keeps=(b1, b1)),
        "the new square has a share of 1 - beta1; it is to be 1 - beta2": other(shares=(1 - b1, 1 - b1)),
        "v is a mean with beta1; it is to be one with beta2": other((b1, b1), (1 - b1, 1 - b1)),
        "v is a mean with beta1, corrected with beta1; it is beta2 for both": other(
            (b1, b1), (1 - b1, 1 - b1), (b1, b1)
        ),
        "the root is taken before v is corrected; correct it first": using(
            step=lambda m, v, t: m / (1 - b1**t) / (np.sqrt(v) / (1 - b2**t) + eps)
        ),
        "t counts from 1: at the first step it is 1, not 0, so raise it before it is used": using(
            count=lambda t: t - 1
        ),
        "beta times t; it is beta to the power t": using(step=multiplied),
        "lr is inside m: what was gathered at an old rate keeps it; lr multiplies the whole step": rate_inside,
        "lr multiplies twice, in m and outside": rate_twice,
        NO_RATE: other(rate=1.0),
    }


def kept_corrected(b1, b2, eps):
    def rule(w, g, m, v, lr, t):
        m, v = (b1 * m + (1 - b1) * g) / (1 - b1**t), (b2 * v + (1 - b2) * g * g) / (1 - b2**t)
        return w - lr * m / (np.sqrt(v) + eps), (m, v)

    return rule


def adam_decay_slips(b1, b2, eps, decay):
    using = partial(adam_rule, b1, b2, eps)

    def coupled(w, g, m, v, lr, t):
        return using()(w, g + decay * w, m, v, lr, t)

    def of_the_new(w, g, m, v, lr, t):
        new, state = using()(w, g, m, v, lr, t)
        return new - lr * decay * new, state

    def without_rate(w, g, m, v, lr, t):
        new, state = using()(w, g, m, v, lr, t)
        return new - decay * w, state

    return {
        "the decay is added to the gradient, where the root divides it away; take it from the array directly": coupled,
        "the decay is taken from the array after its step; both come from the old one": of_the_new,
        "lr does not multiply the decay": without_rate,
        "weight_decay makes no difference": using(),
        "the decay pushes away from zero": using(decay=-decay),
    }


@key(asked.adam_defaults)
class _:
    def draw(rng):
        case = arrays(rng, 3)
        case.gradients = [[one * size for one, size in zip(of_step, (1.0, 1e-7, 1e-3), strict=True)]
                          for of_step in case.gradients]  # fmt: skip
        case.starts[1] *= 1e-3
        return case

    def right(case):
        rates = [1e-3] * 3
        others = {
            "the steps are ten times too long: lr is 0.01 by default, or a gradient comes into m whole": (
                adam_rule(),
                [0.01] * 3,
            ),
            "the steps are ten times too short: lr is 0.0001 by default, or a share in v is 1 - beta1": (
                adam_rule(),
                [1e-4] * 3,
            ),
            "lr is 0.1 by default; it is to be 0.001": (adam_rule(), [0.1] * 3),
        }
        others["beta1 is not 0.9 by default"] = (adam_rule(beta1=0.99), rates)
        others["beta2 is not 0.999 by default"] = (adam_rule(beta2=0.99), rates)
        others["eps is not 1e-8 by default"] = (adam_rule(eps=1e-7), rates)
        others["there is a decay by default"] = (adam_rule(decay=0.01), rates)
        what = "Adam's way with all defaults"
        parts = rights_of_arrays(case, adam_rule(), rates, others, what, less_start=True)
        slips, many = adam_slips(0.9, 0.999, 1e-8), len(case.starts)
        for text in ("eps is left out", "the gradient itself is divided; it is its running mean"):
            del slips[text]  # as with a default of 0

        def all_slips_at(place):
            return slips | {"counted for each array": adam_rule(count=lambda t: many * (t - 1) + place + 1)}

        return [
            with_slips(part, case, place, all_slips_at(place), rates, origin=True) for place, part in enumerate(parts)
        ]

    def others(case):
        def made(rule, rate):
            ways = made_of_arrays(case, [rate] * 3)(rule)
            return [way - start for way, start in zip(ways, case.starts, strict=True)]

        return dict(defaults(made, adam_rule))


def with_slips(part, case, place, slips, rates, origin=False):
    """The same right, which also takes what follows from slips that another question judges."""
    start, grads = case.starts[place], [of_step[place] for of_step in case.gradients]
    also = [way(slip, start, grads, rates) - (start if origin else 0) for slip in slips.values()]
    also = [value for value in also if not any(same(value, wrong) for wrong in part.mistakes.values())]
    return Right(part.value, part.what, part.mistakes, part.scales, rtol=1e-6, atol=1e-12, also=also)


BETAS = {"beta1": (0.6, 0.85), "beta2": (0.9, 0.97)}


@key(asked.adam_moments)
class _:
    def draw(rng):
        settings = {"lr": (0.05, 0.3), **BETAS, "eps": (0.1, 0.3)}
        return one_case(rng, **{name: between(rng, *limits) for name, limits in settings.items()})

    def right(case):
        settings = case.beta1, case.beta2, case.eps
        what = "Adam, the array after each step"
        slips = adam_slips(*settings) | {"the eps that is given is not used": adam_rule(case.beta1, case.beta2)}
        return one_way(case, adam_rule(*settings), slips, what)

    def others(case):
        return dict(adams(made_of_one(case), case.beta1, case.beta2, case.eps))


@key(asked.adam_decay)
class _:
    def draw(rng):
        settings = {"lr": (0.05, 0.3), **BETAS, "eps": (0.01, 0.05), "weight_decay": (0.2, 0.6)}
        return one_case(rng, **{name: between(rng, *limits) for name, limits in settings.items()})

    def right(case):
        settings, decay = (case.beta1, case.beta2, case.eps), case.weight_decay
        right = one_way(case, adam_rule(*settings, decay), adam_decay_slips(*settings, decay), "Adam with weight decay")
        rates, also = [case.lr] * len(case.grads), []
        for slip in adam_slips(*settings).values():
            also.append(way(with_decay(slip, decay), case.w, case.grads, rates))
        return with_column(Right(right.value, right.what, right.mistakes, also=also))

    def others(case):
        return with_columns(decays(made_of_one(case), adam_rule(case.beta1, case.beta2, case.eps), case.weight_decay))


def with_decay(rule, decay):
    """The rule, with decoupled decay."""

    def both(w, g, m, v, lr, t):
        new, state = rule(w, g, m, v, lr, t)
        return new - lr * decay * w, state

    return both


@key(asked.adam_counts_steps)
class _:
    def draw(rng):
        settings = {name: between(rng, *limits) for name, limits in BETAS.items()}
        return arrays(rng, 4, **settings, **changing(rng, 4))

    def right(case):
        betas, many = (case.beta1, case.beta2), len(case.starts)

        def for_each_array(place):
            return adam_rule(*betas, count=lambda t: many * (t - 1) + place + 1)

        inside = "lr is inside m: what was gathered at an old rate keeps it; lr multiplies the whole step"
        slips = adam_slips(*betas, 1e-8)
        wrong = {
            inside: (slips.pop(inside), case.rates),
            "the count grows with every array; it is that of the steps": (for_each_array, case.rates),
            "the first lr is used in every step: read self.lr in step": (adam_rule(*betas), [case.lr] * 4),
        }
        parts = rights_of_arrays(case, adam_rule(*betas), case.rates, wrong, "Adam, lr set before each step")
        return [with_slips(part, case, place, slips, case.rates) for place, part in enumerate(parts)]

    def others(case):
        betas, many = (case.beta1, case.beta2), len(case.starts)
        counts = {
            "t counted up for every array, in place of once for a step": lambda t, n: many * (t - 1) + n + 1,
            "t counted for all arrays before the first of them moves": lambda t, n: many * t,
            "the number of the array as t": lambda t, n: n + 1,
        }
        grads, made = [*zip(*case.gradients, strict=True)], made_of_arrays(case, case.rates)
        found = wrong_rates(case, adam_rule(*betas))
        found |= {f"what comes with {words}": made(rule) for words, rule in rates_inside(*betas)}
        for words, of in counts.items():
            rules = [adam_rule(*betas, count=partial(of, n=n)) for n in range(many)]
            given = zip(rules, case.starts, grads, strict=True)
            found[f"what comes with {words}"] = [way(*one, case.rates) for one in given]
        return found


@key(asked.adam_keeps_to_itself)
class _:
    def draw(rng):
        settings = {"lr": (0.05, 0.3), **BETAS, "weight_decay": (0.2, 0.6)}
        return arrays(rng, 3, **{name: between(rng, *limits) for name, limits in settings.items()})

    def right(case):
        betas, decay, many = (case.beta1, case.beta2), case.weight_decay, len(case.starts)
        slips = [with_decay(slip, decay) for slip in adam_slips(*betas, 1e-8).values()]
        slips += adam_decay_slips(*betas, 1e-8, decay).values()
        parts = ends(case, adam_rule(*betas, decay=decay), slips, [case.lr] * 3, "Adam")
        for place, part in enumerate(parts):
            grads = [of_step[place] for of_step in case.gradients]
            counted = adam_rule(*betas, decay=decay, count=lambda t, place=place: many * (t - 1) + place + 1)
            part.also.append(way(counted, case.starts[place], grads, [case.lr] * 3)[-1])
        return parts


# The schedule


def cosine_of(step, steps, lr, warmup):
    return lr * np.cos(np.pi / 2 * (step - warmup) / (steps - warmup)) ** 2


def drawn_calls(rng, many, warming):
    """Calls before the end of the warm-up, or from there on; the first and the last step are among them."""
    calls = []
    for number in range(many):
        steps, lr = int(rng.integers(30, 200)), between(rng, 0.01, 0.5)
        warmup = int(rng.integers(4, steps // 2))
        if warming:
            step = (0, warmup - 1, int(rng.integers(1, warmup - 1)))[number % 3]
        else:
            warmup *= number % 4 != 3
            later = int(rng.integers(warmup + 1, steps - 1))
            step = (warmup, steps - 1, later, later)[number % 4]
        calls.append([step, steps, lr, warmup])
    return calls


def numbers(function, calls):
    with np.errstate(all="ignore"):
        return np.array([function(*call) for call in calls], dtype=float)


def finite(mistakes, calls):
    found = {text: numbers(function, calls) for text, function in mistakes.items()}
    return {text: value for text, value in found.items() if np.isfinite(value).all()}


@key(asked.warms_up)
class _:
    def draw(rng):
        return Case(calls=drawn_calls(rng, 6, warming=True))

    def right(case):
        mistakes = {
            "the first step has the rate 0, and lr is reached one step too late": lambda i, n, lr, k: lr * i / k,
            "lr is not reached in the last step of the warm-up": lambda i, n, lr, k: lr * (i + 1) / (k + 1),
            "there is no warm-up: the cosine begins at the first step": lambda i, n, lr, k: cosine_of(i, n, lr, 0),
            "the rate is lr from the start": lambda i, n, lr, k: lr,
            "the rate falls during the warm-up": lambda i, n, lr, k: lr * (k - i) / k,
            "divided by the number of all steps, not by those of the warm-up": lambda i, n, lr, k: lr * (i + 1) / n,
            "the share alone: lr is left out": lambda i, n, lr, k: (i + 1) / k,
        }
        right = numbers(lambda i, n, lr, k: lr * (i + 1) / k, case.calls)
        return Right(right, "warmup_cosine during the warm-up", finite(mistakes, case.calls))


@key(asked.falls_by_a_cosine)
class _:
    def draw(rng):
        return Case(calls=drawn_calls(rng, 8, warming=False))

    def right(case):
        mistakes = {
            "the cosine begins at step 0; it begins where the warm-up ends": lambda i, n, lr, k: cosine_of(i, n, lr, 0),
            "the steps of the warm-up are not taken off the whole number": lambda i, n, lr, k: (
                lr * (1 + np.cos(np.pi * (i - k) / n)) / 2
            ),
            "the rate does not come down to 0: the cosine itself goes to -1, so add 1 and halve": lambda i, n, lr, k: (
                lr * np.cos(np.pi * (i - k) / (n - k))
            ),
            "not halved: at the top it is twice lr": lambda i, n, lr, k: 2 * cosine_of(i, n, lr, k),
            "it falls in a straight line": lambda i, n, lr, k: lr * (n - i) / (n - k),
            "it rises: the sign before the cosine": lambda i, n, lr, k: lr - cosine_of(i, n, lr, k),
            "one step ahead": lambda i, n, lr, k: cosine_of(i + 1, n, lr, k),
            "one step behind: the cosine begins at step `warmup`": lambda i, n, lr, k: cosine_of(i - 1, n, lr, k),
            "step `warmup` belongs to the cosine; the warm-up takes one step too many": lambda i, n, lr, k: (
                lr * (i + 1) / k if i == k else cosine_of(i, n, lr, k)
            ),
            "counted from step 0, divided by the steps after the warm-up": lambda i, n, lr, k: (
                lr * (1 + np.cos(np.pi * i / (n - k))) / 2
            ),
            "the cosine alone is halved; halve the sum of 1 and the cosine": lambda i, n, lr, k: (
                lr * (1 + np.cos(np.pi * (i - k) / (n - k)) / 2)
            ),
            "pi is left out": lambda i, n, lr, k: lr * (1 + np.cos((i - k) / (n - k))) / 2,
            "a quarter of a wave: half a wave goes from 0 to pi": lambda i, n, lr, k: (
                lr * np.cos(np.pi / 2 * (i - k) / (n - k))
            ),
            "a whole wave: half a wave goes from 0 to pi": lambda i, n, lr, k: (
                lr * np.cos(np.pi * (i - k) / (n - k)) ** 2
            ),
            "zero is reached one step too early: steps - warmup steps, the last of them above 0": lambda i, n, lr, k: (
                cosine_of(i, n - 1, lr, k)
            ),
            "the share alone: lr is left out": lambda i, n, lr, k: cosine_of(i, n, 1.0, k),
        }
        right = numbers(cosine_of, case.calls)
        return Right(right, "warmup_cosine after the warm-up", finite(mistakes, case.calls), atol=1e-12)

    def others(case):
        return falls(case.calls)


# fit: what comes of each kind of layers, when all parameters are shrunk by the same factor after each step

SHRINK = 0.9


def matrix_layer(X, W, b):
    return X @ W + b, lambda G: (G @ W.T, X.T @ G, G.sum(axis=0))


def scaling_layer(X, s, c):
    return asked.moved_and_scaled(X, s, c), lambda G: asked.slopes_of_it(X, G, s, c)


KINDS = {"dense": matrix_layer, "scaling": scaling_layer}


class Pass:
    """What one step should see: the losses of the samples, and the gradients of their mean."""

    def __init__(self, kind, params, X, y, step):
        (W1, b1), (W2, b2) = [[part * SHRINK**step for part in pair] for pair in params]
        hidden, back_first = KINDS[kind](X, W1, b1)
        self.positive = hidden > 0
        logits, back_last = KINDS[kind](hidden * self.positive, W2, b2)
        shifted = np.exp(logits - logits.max(axis=1, keepdims=True))  # public
        p = shifted / shifted.sum(axis=1, keepdims=True)  # public
        rows = np.arange(len(y))
        self.losses = -np.log(p[rows, y])
        p[rows, y] -= 1
        self.top = p / len(y)
        self.back_first, self.back_last = back_first, back_last

    def gradients(self, mask=True, scale=1.0, skip=False):
        """[dW1, db1, dW2, db2]; without the way back through the ReLU, or through the last layer, on request."""
        down, dW2, db2 = self.back_last(scale * self.top)
        _, dW1, db1 = self.back_first((scale * self.top if skip else down) * (self.positive if mask else 1))
        return [dW1, db1, dW2, db2]


def net_case(rng, n, batch_size, epochs, alike=False, **more):
    """Parameters of both kinds, images whose first column numbers them and has no part in any result, and labels."""
    X = rng.normal(size=(n, 4))
    y = rng.permutation(np.arange(n) % 3)
    if alike:
        X[:], y[:] = X[0], y[0]
    X[:, 0] = np.arange(n)
    first, scale = rng.normal(size=(4, 5)), rng.uniform(0.5, 1.5, size=4)
    first[0], scale[0] = 0, 0
    shift = rng.normal(size=4)
    shift[0] = 0
    dense = [(first, rng.normal(size=5)), (rng.normal(size=(5, 3)), rng.normal(size=3))]
    scaling = [(scale, shift), (rng.uniform(0.5, 1.5, size=4), rng.normal(size=4))]
    params = {"dense": dense, "scaling": scaling}
    seed = int(rng.integers(2**31))
    return Case(params=params, X=X, y=y, epochs=epochs, batch_size=batch_size, seed=seed, **more)


def batches_of(case):
    """The sizes of the batches of an epoch."""
    ends = [*range(0, len(case.X), case.batch_size), len(case.X)]
    return [high - low for low, high in pairwise(ends)]


def mean_losses(case, kind, shift=0):
    """Of each epoch the losses of its batches, all samples being alike."""
    sizes, step, found = batches_of(case), shift, []
    for _ in range(case.epochs):
        of_epoch = []
        for _ in sizes:
            of_epoch.append(Pass(kind, case.params[kind], case.X[:1], case.y[:1], step).losses[0])
            step += 1
        found.append(of_epoch)
    return np.array(found)


def losses_right(case, judged):
    """Rights of the losses, in both kinds; where something else is judged, slips count as well."""
    rights = []
    for kind in KINDS:
        found, later, sizes = mean_losses(case, kind), mean_losses(case, kind, 1), np.array(batches_of(case))
        by_sample, by_batch = found @ sizes / len(case.X), found.mean(axis=1)
        slips = {
            "taken after the step; the loss of a batch is asked for before it": later @ sizes / len(case.X),
            "the loss of the last batch alone; the mean over the epoch is asked for": found[:, -1],
            "the loss of the first batch alone; the mean over the epoch is asked for": found[:, 0],
            "summed over all samples of the epoch; the mean is asked for": found @ sizes,
            "summed over the batches; the mean is asked for": found.sum(axis=1),
            "the losses of all epochs so far are in it: start from zero in each epoch": np.cumsum(by_sample),
            "means of batches, divided by the number of samples": found.sum(axis=1) / len(case.X),
            "divided by the number of the notebook's images; those of X count": found @ sizes / len(digits().X_train),
            "the loss after the epoch; that of each batch before its step is asked for": later[:, -1],
        }
        even = [len(part) for part in np.array_split(case.X, len(sizes))]
        what, also = "fit, the loss of each epoch", [by_batch, found @ even / len(case.X)]
        if not judged:
            passes = [Pass(kind, case.params[kind], case.X[:1], case.y[:1], step) for step in range(found.size)]
            lasts = np.array([one.gradients()[-1] for one in passes])
            also += [later.mean(axis=1), *slips.values(), found.ravel(), lasts]
        rights.append((by_sample, what, slips if judged else {}, also))
    scales = {
        "number of samples": len(case.X),
        "batch_size": case.batch_size,
        "number of batches": len(batches_of(case)),
    }
    dense, scaling = (Right(value, what, slips, scales, also=also) for value, what, slips, also in rights)
    return replace(dense, either=scaling)


@key(asked.fit_returns_mean_losses)
class _:
    def draw(rng):
        return net_case(rng, 10, 3, 6, alike=True)  # no two of the numbers that may divide are equal

    def right(case):
        return losses_right(case, judged=True)

    def others(case):
        before, after = mean_losses(case, "dense"), mean_losses(case, "dense", 1)
        divisors = {
            "the number of the notebook's images": len(digits().X_train),
            "batch_size": case.batch_size,
            "the number of all steps": before.size,
            "the number of epochs": case.epochs,
            "the number of samples of all epochs": case.epochs * len(case.X),
            "the number of samples": len(case.X),
            "the number of samples in full batches": len(case.X) // case.batch_size * case.batch_size,
        }
        return means_of_losses(before, after, np.array(batches_of(case)), divisors)


@key(asked.fit_shuffles)
class _:
    def draw(rng):
        return net_case(rng, 10, 4, 3, alike=True, other_seed=int(rng.integers(2**31)))

    def right(case):
        return losses_right(case, judged=False)


@key(asked.fit_leaves_its_arguments_alone)
class _:
    def draw(rng):
        return net_case(rng, 10, 3, 2, alike=True)

    def right(case):
        return losses_right(case, judged=False)


@key(asked.fit_hands_over_gradients)
class _:
    def draw(rng):
        return net_case(rng, 6, 6, 2)

    def right(case):
        rights = []
        for kind in KINDS:
            X, y, params = case.X, case.y, case.params[kind]
            steps = [(X, y, step) for step in range(case.epochs)] + [(X[:1], y[:1], 1)]  # the last: of uneven batches
            passes = [Pass(kind, params, *of_step) for of_step in steps]
            first = Pass(kind, params, X[:1], y[:1], 0)
            wanted = [part for one in passes for part in one.gradients()]
            by_step = [one.gradients() for one in passes]

            def ordered(order, by_step=by_step):
                return [of_step[place] for of_step in by_step for place in order]

            orders = np.random.default_rng(case.seed)
            mixed = [
                Pass(kind, params, X[orders.permutation(len(its))], its, step).gradients()
                for _, its, step in steps[:-1]
            ]
            stale = [part for one in (passes[0], *passes[:-2], first) for part in one.gradients()]
            full = wanted[:-4]
            also = [[*full, *first.gradients()]]  # the smaller batch is left out
            slips = {
                "not divided by the batch size; grad_softmax_crossentropy_with_logits does it": 6 * 1.0,
                "divided by the batch size once more": 1 / 6,
                "the sign is turned round; step subtracts": -1.0,
            }
            mistakes = {text: [factor * part for part in wanted] for text, factor in slips.items()}
            mistakes |= {
                "the last layer comes first; they are asked for in the order of the network": ordered((2, 3, 0, 1)),
                "biases before weights": ordered((1, 0, 3, 2)),
                "all weights first, then all biases; each layer has weights, then biases": ordered((0, 2, 1, 3)),
                "from the last to the first": ordered((3, 2, 1, 0)),
                "the way back leaves out the ReLU": [part for one in passes for part in one.gradients(mask=False)],
                "the gradients of the step before": stale,
                "labels and images do not belong together": [part for one in mixed for part in one] + wanted[-4:],
                "divided by batch_size also where the last batch is smaller; its mean is over its own samples": [
                    *full,
                    *(part * 2 / 3 for part in wanted[-4:]),
                ],
            }
            what = "fit, the gradients that step gets"
            if kind == "scaling":
                mistakes = {}
            rights.append(Right(wanted, what, mistakes, {"batch_size": case.batch_size}, also=also))
        dense, scaling = rights
        return replace(dense, either=scaling)

    def others(case):
        X, y, params, found = case.X, case.y, case.params["dense"], {}

        def gradients(X, y, step):
            return Pass("dense", params, X, y, step).gradients()

        last = gradients(X[:1], y[:1], 1)
        for words, pairing in PAIRINGS.items():
            orders, parts = np.random.default_rng(case.seed), []
            for step in range(case.epochs):
                images, labels = pairing(partial(orders.permutation, len(X)), np.arange(len(X)))
                parts += gradients(X[images], y[labels], step)
            found[f"what comes with {words}"] = [*parts, *last]
        right = [part for step in range(case.epochs) for part in gradients(X, y, step)]
        for words, factor in {"batch_size": 2 / 3, "nothing": 2.0, "the number of all samples": 2 / 5}.items():
            found[f"what comes where the gradients of a smaller last batch are summed and divided by {words}"] = [
                *right,
                *(factor * part for part in last),
            ]
        return found


@key(asked.fit_follows_the_schedule)
class _:
    def draw(rng):
        rates = [float(rate) for rate in rng.permutation(np.linspace(0.1, 0.9, 8))]
        return net_case(rng, 7, 3, 2, alike=True, rates=rates)

    def right(case):
        rates, many = np.array(case.rates[:6]), len(batches_of(case))
        usual = np.full(6, 0.25)
        mistakes = {
            "the schedule makes no difference": usual,
            "what schedule returns is the rate; here it multiplies the rate of the step before": 0.25
            * np.cumprod(rates),
            "what schedule returns is the rate; here it multiplies the first one": 0.25 * rates,
            "schedule is asked for the epoch, without the smaller last batch; it counts the steps": rates[
                np.arange(6) // (many - 1)
            ],
            "the count begins anew in each epoch": np.tile(rates[:many], 2),
            "the rate is set after the step": np.concatenate([[0.25], rates[:-1]]),
            "schedule is asked for the epoch; it counts the steps": np.repeat(rates[:2], many),
            "the count begins at 1; the first step is 0": np.array(case.rates[1:7]),
        }
        what = "fit, the rate at each step with a schedule, and without one; and the losses"
        losses = losses_right(case, judged=False)

        def with_losses(rates, losses):
            return [rates, usual, losses]

        def of_kind(its, mistakes):
            named = {text: with_losses(value, its.value) for text, value in mistakes.items()}
            also = [with_losses(rates, value) for value in its.also]
            known = {"the rate without a schedule": with_losses(usual, its.value)}
            return Right(with_losses(rates, its.value), what, named, known=known, also=also)

        return replace(of_kind(losses, mistakes), either=of_kind(losses.either, {}))

    def others(case):
        many, losses = len(batches_of(case)), losses_right(case, judged=False).value
        steps = [(epoch, batch) for epoch in range(case.epochs) for batch in range(many)]
        asked_for = {words: [of(*step, many) for step in steps] for words, of in COUNTS.items()}
        return {
            f"what comes where schedule is asked for {words}": [np.array(case.rates)[at], np.full(6, 0.25), losses]
            for words, at in asked_for.items()
        }


# The trained network


@key(asked.network_reads_unseen_digits)
class _:
    draw = drawn

    def record(rng):
        return drawn(rng, sent=False)

    def right(case):
        return asked.LEARNED.rights()
