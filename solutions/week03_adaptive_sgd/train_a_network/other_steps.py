"""Steps, schedules and reductions in which one thing is another one than it should be, for the ``others`` of keys.

A student whose numbers are those of such a step is told which: what the text's formulas are made of is altered in every
place, and no list of known mistakes is asked.
"""

from itertools import product

import numpy as np

from grader.judge.authoring.parts import with_other_choices


def in_brackets(words):
    return f"({words})" if " " in words else words


def means(of, name, beta, value, other, other_value):
    """Shares of the old mean and of what comes in, the right ones first."""
    old = {beta: value, f"1 - {beta}": 1 - value, other: other_value, "1": 1.0}
    new = {f"1 - {beta}": 1 - value, beta: value, f"1 - {other}": 1 - other_value, "1": 1.0}

    def term(words, what):
        return what if words == "1" else f"{in_brackets(words)} {what}"

    return {
        f"{name} <- {term(one, name)} + {term(two, of)}": (keep, share)
        for (one, keep), (two, share) in product(old.items(), new.items())
    }


def corrections(name, beta, value, other, other_value):
    """What a mean is divided by at step t, the right one first."""
    return {
        f"{name} / (1 - {beta}^t)": lambda t: 1 - value**t,
        f"{name} / (1 - {beta}^(t + 1))": lambda t: 1 - value ** (t + 1),
        f"{name} uncorrected": lambda t: 1.0,
        f"{name} / (1 - {beta}) in every step": lambda t: 1 - value,
        f"{name} / (1 - {other}^t)": lambda t: 1 - other_value**t,
        f"{name} / (1 - {beta}^(t/2))": lambda t: 1 - value ** (t / 2),
        f"{name} / {beta}^t": lambda t: value**t,
        f"{name} times (1 - {beta}^t)": lambda t: 1 / (1 - value**t),
        f"{name} / (1 + {beta}^t)": lambda t: 1 + value**t,
    }


def adams(made, beta1, beta2, eps):
    """Pairs of words and what is made of Adam's rule with another choice; rules are as `keys.way` takes them."""

    def step(m, v, first, second, square, below, above, rate, kept):
        def one(w, g, old_m, old_v, lr, t):
            new_m = m[0] * old_m + m[1] * g
            new_v = v[0] * old_v + v[1] * square(g, new_m)
            found = {"g": g, "m": new_m, "v": new_v, "old_m": old_m, "old_v": old_v}
            found |= {"mean": new_m / first(t), "first": first(t), "second": second(t), "square": new_v / second(t)}
            state = found["mean"] if "m" in kept else new_m, found["square"] if "v" in kept else new_v
            return w - rate(lr, t) * above(found) / below(found), state

        return one

    places = {
        "m": means("g", "m", "beta1", beta1, "beta2", beta2),
        "v": means("g^2", "v", "beta2", beta2, "beta1", beta1),
        "first": corrections("m", "beta1", beta1, "beta2", beta2),
        "second": corrections("v", "beta2", beta2, "beta1", beta1),
        "square": {
            "g^2 in v": lambda g, m: g**2,
            "|g| in v, in place of g^2": lambda g, m: np.abs(g),
            "m^2 in v, in place of g^2": lambda g, m: m**2,
            "(g - m)^2 in v, in place of g^2": lambda g, m: (g - m) ** 2,
        },
        "below": {
            "sqrt(corrected v) + eps as the divisor": lambda of: np.sqrt(of["square"]) + eps,
            "sqrt(corrected v + eps) as the divisor": lambda of: np.sqrt(of["square"] + eps),
            "sqrt(corrected v + eps^2) as the divisor": lambda of: np.sqrt(of["square"] + eps**2),
            "corrected v + eps, without a root, as the divisor": lambda of: of["square"] + eps,
            "sqrt(corrected v), without eps, as the divisor": lambda of: np.sqrt(of["square"]),
            "sqrt(corrected v) - eps as the divisor": lambda of: np.sqrt(of["square"]) - eps,
            "sqrt(v) / (1 - beta2^t) + eps as the divisor": lambda of: np.sqrt(of["v"]) / of["second"] + eps,
            "v from before the step in the divisor": lambda of: np.sqrt(of["old_v"] / of["second"]) + eps,
            "the larger of sqrt(corrected v) and eps as the divisor": lambda of: np.maximum(np.sqrt(of["square"]), eps),
            "no divisor": lambda of: 1.0,
        },
        "above": {
            "corrected m": lambda of: of["mean"],
            "g in place of the corrected m": lambda of: of["g"],
            "the sign of m in place of the corrected m": lambda of: np.sign(of["mean"]),
            "m from before the step in place of the new one": lambda of: of["old_m"] / of["first"],
            "a look ahead, as Nesterov's, in place of the corrected m": lambda of: (
                beta1 * of["mean"] + (1 - beta1) * of["g"] / of["first"]
            ),
        },
        "rate": {
            "lr": lambda lr, t: lr,
            "1 in place of lr": lambda lr, t: 1.0,
            "-lr in place of lr": lambda lr, t: -lr,
            "lr^2 in place of lr": lambda lr, t: lr**2,
            "lr / t in place of lr": lambda lr, t: lr / t,
            "lr / sqrt(t) in place of lr": lambda lr, t: lr / np.sqrt(t),
        },
        "kept": {
            "m and v kept as they are": "",
            "the corrected m kept for the next step": "m",
            "the corrected v kept for the next step": "v",
            "the corrected means kept for the next step": "mv",
        },
    }
    return with_other_choices(lambda **choices: made(step(**choices)), places, [("m", "v"), ("first", "second")])


def rates_inside(beta1, beta2):
    """Pairs of words and of rules of Adam where lr multiplies elsewhere, which shows where lr changes."""

    def rule(inside, outside):
        def one(w, g, m, v, lr, t):
            m, v = beta1 * m + (1 - beta1) * inside(lr) * g, beta2 * v + (1 - beta2) * g**2
            return w - outside(lr) * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + 1e-8), (m, v)

        return one

    def lr_itself(lr):
        return lr

    def one(lr):
        return 1.0

    yield "lr g in place of g in m, and no lr outside", rule(lr_itself, one)
    yield "lr g in place of g in m, and lr outside as well", rule(lr_itself, lr_itself)
    yield "lr nowhere", rule(one, one)


def sgds(made, mu, decay=0.0):
    """Pairs of words and what is made of a step with momentum with another velocity, another move, or both."""
    keeps = {"momentum u": mu, "(1 - momentum) u": 1 - mu, "u": 1.0, "momentum^2 u": mu**2}
    shares = {
        "lr g": lambda lr: lr,
        "g": lambda lr: 1.0,
        "(1 - momentum) lr g": lambda lr: (1 - mu) * lr,
        "(1 - momentum) g": lambda lr: 1 - mu,
        "momentum lr g": lambda lr: mu * lr,
        "lr^2 g": lambda lr: lr**2,
    }
    moves = {
        "w - u": lambda old, new, lr, push: new,
        "w - lr u": lambda old, new, lr, push: lr * new,
        "w + u": lambda old, new, lr, push: -new,
        "w - u, with u from before the step": lambda old, new, lr, push: old,
        "w - momentum u": lambda old, new, lr, push: mu * new,
        "w - (momentum u + lr g)": lambda old, new, lr, push: mu * new + lr * push,
        "w - (u + lr g)": lambda old, new, lr, push: new + lr * push,
    }

    def step(keep, share, move):
        def one(w, g, old, _, lr, t):
            push = g + decay * w
            new = keep * old + share(lr) * push
            return w - move(old, new, lr, push), (new, _)

        return one

    for (old, keep), (new, share), (where, move) in product(keeps.items(), shares.items(), moves.items()):
        if "momentum u" == old or where == "w - u":
            yield f"what comes with u <- {old} + {new} and w <- {where}", made(step(keep, share, move))


def decays(made, one_step, decay):
    """Pairs of words and what is made where the decay is another one, or acts in another place.

    one_step   the rule without decay
    """
    sizes = {
        "lr weight_decay w": lambda w, lr: lr * decay * w,
        "weight_decay w": lambda w, lr: decay * w,
        "-lr weight_decay w": lambda w, lr: -lr * decay * w,
        "lr weight_decay^2 w": lambda w, lr: lr * decay**2 * w,
        "lr^2 weight_decay w": lambda w, lr: lr**2 * decay * w,
        "lr weight_decay w^2": lambda w, lr: lr * decay * w**2,
        "lr weight_decay sign(w)": lambda w, lr: lr * decay * np.sign(w),
        "lr weight_decay": lambda w, lr: lr * decay,
    }

    def before(size):
        def step(w, g, m, v, lr, t):
            new, state = one_step(w, g, m, v, lr, t)
            return new - size(w, lr), state

        return step

    def after(size):
        def step(w, g, m, v, lr, t):
            new, state = one_step(w, g, m, v, lr, t)
            return new - size(new, lr), state

        return step

    def inside(size):
        def step(w, g, m, v, lr, t):
            return one_step(w, g + size(w, lr), m, v, lr, t)

        return step

    where = {
        "subtracted from the array, w being that before the step": before,
        "subtracted from the array, w being that after the step": after,
        "added to the gradient": inside,
    }
    for (words, size), (place, way) in product(sizes.items(), where.items()):
        yield f"what comes with {words} {place}", made(way(size))
    yield "what comes with weight_decay w added to the gradient", made(inside(lambda w, lr: decay * w))
    yield "what comes without any decay", made(one_step)


FALL = "x being the share of the steps after the warm-up that is behind"
WAVES = {
    "lr (1 + cos(pi x)) / 2": lambda x: (1 + np.cos(np.pi * x)) / 2,
    "lr cos(pi x)": lambda x: np.cos(np.pi * x),
    "lr cos(x)": np.cos,
    "lr (1 + cos(x)) / 2": lambda x: (1 + np.cos(x)) / 2,
    "lr (1 - cos(pi x)) / 2": lambda x: (1 - np.cos(np.pi * x)) / 2,
    "lr (1 + cos(pi x) / 2)": lambda x: 1 + np.cos(np.pi * x) / 2,
    "lr (1 - cos(pi x))": lambda x: 1 - np.cos(np.pi * x),
    "lr (1 + cos(2 pi x)) / 2": lambda x: (1 + np.cos(2 * np.pi * x)) / 2,
    "lr (1 + cos(pi x / 2)) / 2": lambda x: (1 + np.cos(np.pi * x / 2)) / 2,
    "lr (1 + cos(180 x)) / 2": lambda x: (1 + np.cos(180 * x)) / 2,
    "lr cos(pi x / 2)": lambda x: np.cos(np.pi * x / 2),
    "lr |cos(pi x)|": lambda x: np.abs(np.cos(np.pi * x)),
    "lr cos(pi x)^2": lambda x: np.cos(np.pi * x) ** 2,
    "lr sin(pi x)": lambda x: np.sin(np.pi * x),
    "lr (1 + sin(pi x)) / 2": lambda x: (1 + np.sin(np.pi * x)) / 2,
    "a straight line, lr (1 - x)": lambda x: 1 - x,
    "a straight line that rises, lr x": lambda x: x,
    "lr (1 - x)^2": lambda x: (1 - x) ** 2,
    "lr (1 - x^2)": lambda x: 1 - x**2,
    "lr": np.ones_like,
}
SHARES = {  # of the fall that is behind, by names of the arguments
    "(step - warmup) / (steps - warmup)": lambda k, n, K: (k - K) / (n - K),
    "(step - warmup + 1) / (steps - warmup)": lambda k, n, K: (k - K + 1) / (n - K),
    "(step - warmup) / (steps - warmup - 1)": lambda k, n, K: (k - K) / (n - K - 1),
    "(step - warmup) / (steps - warmup + 1)": lambda k, n, K: (k - K) / (n - K + 1),
    "(step - warmup) / steps": lambda k, n, K: (k - K) / n,
    "(step - warmup) / (steps - 1)": lambda k, n, K: (k - K) / (n - 1),
    "step / steps": lambda k, n, K: k / n,
    "step / (steps - warmup)": lambda k, n, K: k / (n - K),
    "(steps - step) / (steps - warmup)": lambda k, n, K: (n - k) / (n - K),
    "the whole part of (step - warmup) / (steps - warmup)": lambda k, n, K: (k - K) // (n - K),
}


def falls(calls):
    """{words: the rates of these calls} after the warm-up, with another wave or another share of the fall."""
    k, n, lr, K = np.array(calls, dtype=float).T
    wave, share = next(iter(WAVES.values())), next(iter(SHARES.values()))
    found = {f"{words}, {FALL}": lr * other(share(k, n, K)) for words, other in WAVES.items()}
    for words, of in SHARES.items():
        found[f"what comes with {words} as the share of the fall that is behind"] = lr * wave(of(k, n, K))
    return found


def defaults(made, rule):
    """Pairs of words and what is made of Adam's rule with another default: powers of ten, and what stands in papers."""
    rates = {power: f"a default lr of {power:g}" for power in (1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 3e-4, 1e-4, 1e-5)}
    rates[0.01] += ", or of all of g in m"  # a share of 1 in place of 1 - 0.9 is the same
    rates[1e-4] += ", or of a share of 1 - beta1 in v"
    for value, words in rates.items():
        yield f"what comes of {words}", made(rule(), value)
    for name, values in {
        "beta1": (0.0, 0.5, 0.8, 0.95, 0.99, 0.999),
        "beta2": (0.0, 0.5, 0.9, 0.95, 0.98, 0.99, 0.9999),
        "eps": (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-9),
        "decay": (1e-4, 1e-3, 0.01, 0.1),
    }.items():
        for value in values:
            said = "weight_decay" if name == "decay" else name
            yield f"what comes of a default {said} of {value:g}", made(rule(**{name: value}), 1e-3)


def means_of_losses(before, after, sizes, divisors):
    """{words: numbers of all epochs} for losses [epochs, batches] that are brought together otherwise.

    before, after   the losses of the batches before their steps, and after
    divisors        {words: number} of what a sum may be divided by
    """
    ways = {
        "the mean over the samples": lambda losses: losses @ sizes / sizes.sum(),
        "the last batch of an epoch alone": lambda losses: losses[:, -1],
        "the first batch of an epoch alone": lambda losses: losses[:, 0],
        "the largest loss of an epoch's batches": lambda losses: losses.max(axis=1),
        "the smallest loss of an epoch's batches": lambda losses: losses.min(axis=1),
        "the middle one of an epoch's losses": lambda losses: np.median(losses, axis=1),
        "the sum of an epoch's losses": lambda losses: losses @ sizes,
        "the sum of the means of an epoch's batches": lambda losses: losses.sum(axis=1),
        "the last batch of an epoch left out": lambda losses: losses[:, :-1].mean(axis=1),
        "the first batch of an epoch left out": lambda losses: losses[:, 1:].mean(axis=1),
    }
    found = {}
    for words, of in ways.items():
        for when, losses in {"": before, ", taken after the step": after}.items():
            found[f"what comes with {words}{when}"] = of(losses)
            found[f"what comes with {words}{when}, added up over all epochs so far"] = np.cumsum(of(losses))
    epochs = np.arange(1, len(before) + 1)
    by_sample = before @ sizes
    found["what comes with the mean over all epochs so far"] = np.cumsum(by_sample / sizes.sum()) / epochs
    for words, number in divisors.items():
        found[f"what comes with the sum of an epoch's losses divided by {words}"] = by_sample / number
        found[f"what comes with the sum of the means of the batches divided by {words}"] = before.sum(axis=1) / number
    return found


PAIRINGS = {  # of images and labels: which rows are taken, by a function that draws an order, and all rows
    "images in a new order and labels in the old one": lambda draw, rows: (draw(), rows),
    "labels in a new order and images in the old one": lambda draw, rows: (rows, draw()),
    "an order for the images and another one for the labels": lambda draw, rows: (draw(), draw()),
    "an order for the labels and another one for the images": lambda draw, rows: (draw(), draw())[::-1],
    "labels in the reverse of the order of the images": lambda draw, rows: (rows, rows[::-1]),
    "images in a new order and labels in the reverse of it": lambda draw, rows: (order := draw(), order[::-1]),
    "images in an order that is applied twice": lambda draw, rows: ((order := draw())[order], order),
    "labels in an order that is applied twice": lambda draw, rows: (order := draw(), order[order]),
}
COUNTS = {  # what a schedule may be asked for, by epoch, batch of the epoch, and batches of an epoch
    "the batch's number within its epoch": lambda epoch, batch, many: batch,
    "the epoch": lambda epoch, batch, many: epoch,
    "the epoch, counted from 1,": lambda epoch, batch, many: epoch + 1,
    "the number of the epoch plus that of the batch": lambda epoch, batch, many: epoch + batch,
    "the step, counted from 1,": lambda epoch, batch, many: epoch * many + batch + 1,
    "the step before": lambda epoch, batch, many: max(epoch * many + batch - 1, 0),
    "the first step of all": lambda epoch, batch, many: 0,
    "the last step of the epoch": lambda epoch, batch, many: (epoch + 1) * many - 1,
    "the first step of the epoch": lambda epoch, batch, many: epoch * many,
}
