"""Keys of the lab: what a centred difference gives, how far two arrays are apart, and what mended functions return."""

from itertools import product

import numpy as np

from grader.checks.questions import Right
from grader.judge.authoring.keys import Case, key
from grader.judge.authoring.parts import with_other_choices, with_other_terms
from week01_backprop import gradient_lab_questions as asked

from . import answer_keys

__all__ = ["answer_keys", "asked"]

# numerical_grad. For W x^3 + (sum of x)^3 the quotient is a polynomial in h, so that the keys need no differences.


BY_ROW = "x[i] of a matrix is a whole row"
ONE_ARRAY = "both points are one array: up = x is a second name for x, not a copy"


def quotient(x, W, up, down):
    """(f(x + up e) - f(x - down e)) / (up + down) for every entry: quotients of differences of cubes."""

    def of_cube(t):
        above, below = t + up, t - down
        return above**2 + above * below + below**2

    return W * of_cube(x) + of_cube(np.sum(x))


def with_the_last_moved(x, W, h):
    """What comes out where an entry is moved back by one step only: the earlier ones are lower by h."""
    found, moved = np.zeros(np.size(x)), np.array(x, dtype=float).ravel()
    for place in range(moved.size):
        found[place] = np.ravel(quotient(moved.reshape(np.shape(x)), W, h, h))[place]
        moved[place] -= h
    return found.reshape(np.shape(x))


def by_rows(x, W, h):
    """What comes out of `for i in range(len(x))`: in every entry the slope of its whole row."""
    found, f = np.zeros(np.shape(x)), asked.entangled(W)
    for row in range(len(x)):
        step = np.zeros(np.shape(x))
        step[row] = h
        found[row] = (f(x + step) - f(x - step)) / (2 * h)
    return found


def slips(x, W, h):
    """Of the centred difference, with the step it is given."""
    right, f = quotient(x, W, h, h), asked.entangled(W)
    rows = {"a whole row is moved at once: x[i] of a matrix is a row": by_rows(x, W, h)} if np.ndim(x) > 1 else {}
    return {
        **rows,
        "one-sided: x + h is compared with x; the centred difference looks at both sides": quotient(x, W, h, 0),
        "one-sided: x is compared with x - h; the centred difference looks at both sides": quotient(x, W, 0, h),
        "divided by h; the two points are 2h apart": 2 * right,
        "divided by 2, not by 2h": h * right,
        "multiplied by h: 2 * h needs brackets below the fraction bar": h**2 * right,
        "f(x - h) comes first: the sign is turned round": -right,
        "the step that is given is not used": quotient(x, W, 1e-5, 1e-5),
        "each entry stays moved while the next one is measured; put it back first": with_the_last_moved(x, W, h),
        "all entries are moved at once; move one, and leave the others where they are": np.full_like(
            right, (f(x + h) - f(x - h)) / (2 * h)
        ),
    }


def left_moved(x, W, h, by, forth=True):
    """What comes out where an entry stays `by` away while those after it are measured."""
    found, moved = np.zeros(np.size(x)), np.array(x, dtype=float).ravel()
    for place in range(moved.size) if forth else reversed(range(moved.size)):
        found[place] = np.ravel(quotient(moved.reshape(np.shape(x)), W, h, h))[place]
        moved[place] += by
    return found.reshape(np.shape(x))


def other_quotients(x, W, h):
    """Slopes between other points, and with entries that were left elsewhere."""
    steps = {"0": 0.0, "h/2": h / 2, "h": h, "2h": 2 * h, "h^2": h**2, "1": 1.0}
    found = {
        f"the slope between {f'x - {low}' if down else 'x'} and {f'x + {high}' if up else 'x'}": quotient(
            x, W, up, down
        )
        for (high, up), (low, down) in product(steps.items(), steps.items())
        if up + down
    }
    for words, by in {"h higher": h, "h lower": -h, "2h higher": 2 * h, "2h lower": -2 * h}.items():
        found[f"what comes where each entry, once measured, stays {words}"] = left_moved(x, W, h, by)
        found[f"what comes where each entry, once measured, stays {words}, from the last to the first"] = left_moved(
            x, W, h, by, forth=False
        )
    f = asked.entangled(W)
    for words, axis in {"column": 0, "row": 1}.items():
        slopes = quotient(x, W, h, h) * 0
        for index in np.ndindex(np.shape(x)):
            step = np.zeros(np.shape(x))
            step[tuple(slice(None) if at == axis else one for at, one in enumerate(index))] = h
            slopes[index] = (f(x + step) - f(x - step)) / (2 * h)
        found[f"what comes where a whole {words} of x is moved at once"] = slopes
    found["what comes where all of x is moved at once"] = np.full_like(x, (f(x + h) - f(x - h)) / (2 * h))
    return found


@key(asked.every_entry)
class _:
    def draw(rng):
        x, W = rng.normal(size=(2, 3)), rng.uniform(1, 3, size=(2, 3))
        return Case(x=x, W=W, h=round(float(rng.uniform(0.2, 0.4)), 2))

    def right(case):
        x, W, h = case.x, case.W, case.h
        mistakes = {
            **slips(x, W, h),
            ONE_ARRAY: np.zeros_like(x),
            f"{BY_ROW}; and {ONE_ARRAY}": np.zeros(len(x)),
            f"{BY_ROW}; go through its entries one by one": by_rows(x, W, h)[:, 0],
        }
        return Right(quotient(x, W, h, h), "numerical_grad(f, x, h)", mistakes)

    def others(case):
        return other_quotients(case.x, case.W, case.h)


@key(asked.of_any_shape)
class _:
    def draw(rng):
        shapes = [(), (5,), (2, 2, 3)]
        return Case(several=[(rng.normal(size=one) + np.zeros(one), rng.uniform(1, 3, size=one)) for one in shapes])

    def right(case):
        names = ["one number", "a vector", "an array with three axes"]
        return [
            Right(quotient(x, W, 0.1, 0.1), f"numerical_grad of {name}", also=[*slips(x, W, 0.1).values()])
            for name, (x, W) in zip(names, case.several, strict=True)
        ]


@key(asked.default_step)
class _:
    def draw(rng):
        return Case(W=rng.uniform(1, 3, size=6), size=round(float(rng.uniform(2e10, 9e10)), -8))

    def right(case):
        right = case.size * 1e-10 * case.W  # at zero the quotient of c x^3 is c h^2
        mistakes = {
            f"the step is {h:g} where none is given": 1e10 * h**2 * right for h in (1e-3, 1e-4, 1e-6, 1e-7, 1e-8)
        } | {ONE_ARRAY: 0 * right}
        return Right(right, "numerical_grad without a step", mistakes, also=[k * right for k in (2, -1, 1e-5, 1e-10)])

    def others(case):
        steps = [digit * 10.0**-power for power in range(1, 13) for digit in (1, 2, 5)]
        return {f"what comes with a default step of {h:g}": case.size * h**2 * case.W for h in steps}


@key(asked.leaves_x_as_it_was)
class _:
    exact = True

    def draw(rng):
        x = rng.normal(size=(3, 4)) * np.geomspace(1e-4, 1, 12).reshape(3, 4)  # a step swallows digits of small numbers
        return Case(x=x, W=rng.uniform(1, 3, size=(3, 4)), h=0.1)

    def right(case):
        x, W, h = case.x, case.W, case.h
        return Right(quotient(x, W, h, h), "numerical_grad(f, x, h)", also=[*slips(x, W, h).values()])


# relative_error


def errors(a, b):
    """|a - b| / (|a| + |b|) of every entry; 0 where both are 0."""
    apart, size = np.abs(a - b), np.abs(a) + np.abs(b)
    return np.divide(apart, size, out=np.zeros_like(size), where=size > 0)


def error_slips(a, b):
    apart, size = np.abs(a - b), np.abs(a) + np.abs(b)
    safe = np.where(size > 0, size, 1)
    return {
        "the mean over the entries; one wrong entry hides among many right ones": errors(a, b).mean(),
        "the sum over the entries": errors(a, b).sum(),
        "the smallest, not the largest": errors(a, b).min(),
        "the difference itself, not relative to the numbers": apart.max(),
        "the largest difference over the largest size; divide entry by entry": apart.max() / size.max(),
        "the quotient of two norms; divide entry by entry": np.linalg.norm(a - b)
        / (np.linalg.norm(a) + np.linalg.norm(b)),
        "divided by the larger of the two, not by their sum": np.max(
            apart / np.where(size > 0, np.maximum(np.abs(a), np.abs(b)), 1)
        ),
        "divided by the mean of the two sizes; that is twice too large": 2 * np.max(apart / safe),
        "the absolute values are missing above: a negative difference is smaller than any right one": np.max(
            (a - b) / safe
        ),
        "relative to a alone": np.max(apart / np.where(a == 0, 1, np.abs(a))),
        "relative to b alone": np.max(apart / np.where(b == 0, 1, np.abs(b))),
        **{
            f"a small number, {eps:g}, is added to the divisor; a and b may be small themselves": np.max(
                apart / (size + eps)
            )
            for eps in (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9)
        },
        **{
            f"the divisor is {eps:g} at least; a and b may be smaller": np.max(apart / np.maximum(size, eps))
            for eps in (1e-3, 1e-4, 1e-5)
        },
    }


DIFFERENCES = {
    "|a - b|": lambda a, b: np.abs(a - b),
    "a - b in place of |a - b|": lambda a, b: a - b,
    "b - a in place of |a - b|": lambda a, b: b - a,
    "(a - b)^2 in place of |a - b|": lambda a, b: (a - b) ** 2,
    "||a| - |b|| in place of |a - b|": lambda a, b: np.abs(np.abs(a) - np.abs(b)),
}
SIZES = {
    "|a| + |b|": lambda a, b: np.abs(a) + np.abs(b),
    "|a| as the divisor": lambda a, b: np.abs(a),
    "|b| as the divisor": lambda a, b: np.abs(b),
    "the larger of |a| and |b| as the divisor": lambda a, b: np.maximum(np.abs(a), np.abs(b)),
    "the smaller of |a| and |b| as the divisor": lambda a, b: np.minimum(np.abs(a), np.abs(b)),
    "|a + b| as the divisor": lambda a, b: np.abs(a + b),
    "a + b as the divisor": lambda a, b: a + b,
    "a as the divisor": lambda a, b: a,
    "b as the divisor": lambda a, b: b,
    "|a b| as the divisor": lambda a, b: np.abs(a * b),
    "the root of |a b| as the divisor": lambda a, b: np.sqrt(np.abs(a * b)),
    "the root of a^2 + b^2 as the divisor": np.hypot,
    "a^2 + b^2 as the divisor": lambda a, b: a**2 + b**2,
    "1 + |a| as the divisor": lambda a, b: 1 + np.abs(a),
    "1 + |b| as the divisor": lambda a, b: 1 + np.abs(b),
    "1 + |a| + |b| as the divisor": lambda a, b: 1 + np.abs(a) + np.abs(b),
    "no divisor": lambda a, b: np.ones_like(a),
}
TAKEN = {
    "the largest entry": np.max,
    "the mean over the entries": np.mean,
    "the sum over the entries": np.sum,
    "the smallest entry": np.min,
    "the middle one of all entries": np.median,
    "the norm over the entries": np.linalg.norm,
    "the root mean square over the entries": lambda entries: np.sqrt(np.mean(entries**2)),
    "the first entry": lambda entries: np.ravel(entries)[0],
    "the last entry": lambda entries: np.ravel(entries)[-1],
}


def safe(size):
    return np.where(size == 0, 1, size)  # public


def other_errors(pairs):
    """Errors in which the difference, the size, what is taken of the entries, or the order of both is another."""

    def made(above, below, taken):
        return [taken(above(a, b) / safe(below(a, b))) for a, b in pairs]

    found = dict(with_other_choices(made, {"above": DIFFERENCES, "below": SIZES, "taken": TAKEN}))
    for words, taken in TAKEN.items():
        found[f"what comes with {words} of |a - b|, divided by that of |a| + |b|"] = [
            taken(np.abs(a - b)) / safe(taken(np.abs(a) + np.abs(b))) for a, b in pairs
        ]
        found[f"what comes with {words} of |a - b|, divided by that of |a| plus that of |b|"] = [
            taken(np.abs(a - b)) / safe(taken(np.abs(a)) + taken(np.abs(b))) for a, b in pairs
        ]
    return found


def mostly_alike(rng, shape, place, gap):
    """Arrays of numbers from 0.1 to 100 in size, most of them close together; the entry at `place` is `gap` apart."""
    size = 10 ** rng.uniform(0.5, 2, size=shape)
    a = size * rng.choice([-1.0, 1.0], size=shape)
    b = a * (1 + rng.uniform(0.001, 0.02, size=shape) * rng.choice([-1.0, 1.0], size=shape))
    a[place] = rng.uniform(0.2, 0.5) * np.sign(gap)
    b[place] = a[place] * (1 + abs(gap))
    return a, b


# So small are some gradients. 1e-8 in the divisor is seen; 1e-12, which only keeps 0 out of it, is not.
SMALL, NEARLY = 1e-5, 5e-5


@key(asked.largest_of_all)
class _:
    def draw(rng):
        gap = rng.uniform(0.5, 0.9)
        pairs = [mostly_alike(rng, (3, 4), (1, 2), gap), mostly_alike(rng, (3, 4), (2, 0), -gap)]
        pairs += [mostly_alike(rng, (7,), (6,), gap)[::-1], mostly_alike(rng, (5,), (3,), gap)]
        a, b = pairs[-1]
        pairs[-1] = a * SMALL, b * SMALL
        return Case(several=pairs)

    def right(case):
        return [
            Right(wanted, "relative_error(a, b)", _apart(error_slips(a, b), wanted), rtol=NEARLY)
            for a, b in case.several
            for wanted in [errors(a, b).max()]
        ]

    def others(case):
        return other_errors(case.several)


def _apart(mistakes, right):
    return {text: value for text, value in mistakes.items() if not np.isclose(value, right, rtol=NEARLY)}


def accepted_slips(a, b):
    """Slips that another test judges; but none that gives 0, which anybody may answer."""
    return [value for value in _apart(error_slips(a, b), errors(a, b).max()).values() if abs(value) > 1e-9]


@key(asked.zeros_agree)
class _:
    def draw(rng):
        a, b = mostly_alike(rng, (2, 5), (0, 1), rng.uniform(0.5, 0.9))
        a[1, 3] = b[1, 3] = 0.0
        return Case(several=[(a, b), (np.zeros((2, 3)), np.zeros((2, 3)))])

    def right(case):
        (a, b), _ = case.several
        return [
            Right(errors(a, b).max(), "relative_error where an entry is 0 in both", also=accepted_slips(a, b)),
            Right(0.0, "relative_error of two arrays of zeros"),
        ]


@key(asked.opposite_signs)
class _:
    def draw(rng):
        a, b = mostly_alike(rng, (2, 4), (1, 1), rng.uniform(0.5, 0.9))
        c, d = mostly_alike(rng, (2, 4), (1, 1), rng.uniform(0.5, 0.9))
        b[0, 2] = -a[0, 2] * rng.uniform(0.3, 0.6)
        return Case(a=a, b=b, c=c, d=d)

    def right(case):
        a, b, c, d = case.a, case.b, case.c, case.d
        signed = np.max(np.abs(a - b) / np.abs(a + b))
        mistakes = {"divided by |a + b|: numbers of opposite sign cancel there": signed}
        also = [*error_slips(a, b).values()]
        return [
            Right(errors(a, b).max(), "relative_error where two signs differ", mistakes, also=also),
            Right(errors(c, d).max(), "relative_error where no signs differ", also=accepted_slips(c, d)),
        ]

    def others(case):
        return other_errors([(case.a, case.b), (case.c, case.d)])


# The three functions. What they return as they are given is no news to the student: the hint sends them to the reading.

AS_GIVEN = "as it was given, with its bug: read the check above, what fails in it and what does not"


def _named(mistakes, right):
    """Those that differ from the right numbers."""
    return {text: value for text, value in mistakes.items() if not np.allclose(value, right)}


@key(asked.dense_backward)
class _:
    def draw(rng):
        batches = [5, 1]
        return Case(
            several=[(rng.normal(size=(n, 3)), rng.normal(size=(3, 4)), rng.normal(size=(n, 4))) for n in batches]
        )

    def right(case):
        found = []
        for X, W, G in case.several:
            dX = np.array([[sum(w * g) for w in W] for g in G])
            dW = sum(np.outer(x, g) for x, g in zip(X, G, strict=True))
            db = np.ones(len(G)) @ G
            n, where = len(X), f"for a batch of {len(X)}"
            found += [
                Right(dX, f"dX {where}", _named({"divided by the batch size": dX / n}, dX)),
                Right(dW, f"dW {where}", _named({"divided by the batch size": dW / n}, dW)),
                Right(
                    db,
                    f"db {where}",
                    _named(
                        {
                            AS_GIVEN: db / n,
                            "of the first sample alone": G[0],
                            "divided by the batch size twice": db / n**2,
                            "of the last sample alone": G[-1],
                        },
                        db,
                    ),
                ),
            ]
        return found


def crossed(logits, y, axis):
    """Mean cross-entropy and its careless gradient, softmax along an axis."""
    e = np.exp(logits)
    p = e / e.sum(axis=axis, keepdims=True)
    one_hot = np.eye(logits.shape[1])[y]
    return -np.log((p * one_hot).sum(axis=1)).mean(), (p - one_hot) / len(y), p, one_hot


AXES = {"along the batch": 0, "along a row": 1, "over all entries": None}


def other_softmaxes(several):
    """Losses and gradients where maximum and sum are taken along other axes."""
    found = {}
    for (words, top), (more, axis) in product(AXES.items(), AXES.items()):
        if axis == 0 and top != 1:
            continue  # as it was given: the student is to find that
        parts = []
        for logits, y in several:
            e = np.exp(logits - logits.max(axis=top, keepdims=True))
            p = e / e.sum(axis=axis, keepdims=True)
            parts += [-np.log(p[range(len(y)), y]).mean(), (p - np.eye(logits.shape[1])[y]) / len(y)]
        found[f"what comes with the maximum {words} and the sum {more}"] = parts
    return found


@key(asked.softmax_cross_entropy)
class _:
    def draw(rng):
        labels = np.array([2, 0, 2, 1, 2])
        return Case(several=[(rng.normal(size=(5, 3)), labels), (rng.normal(size=(1, 4)), np.array([3]))])

    def right(case):
        found = []
        for logits, y in case.several:
            loss, gradient, p, one_hot = crossed(logits, y, axis=1)
            wrong_loss, wrong_gradient, q, _ = crossed(logits, y, axis=0)
            n, where = len(y), f"for a batch of {len(y)}"
            shifted_loss, shifted_gradient, *_ = crossed(logits - logits.max(axis=0), y, axis=1)
            maximum = "the maximum is still taken along the batch; both axes have to be turned"
            losses = {AS_GIVEN: wrong_loss, "the sum, not the mean": n * loss, "the sign is turned round": -loss}
            losses[maximum] = shifted_loss
            gradients = {
                AS_GIVEN: wrong_gradient,
                "still of the softmax along the batch, averaged or not": n * wrong_gradient,
                "not divided by the batch size": n * gradient,
                "the gradient of that other loss: mend the softmax, and the gradient is as simple as before": (
                    q * one_hot.sum(axis=0) - one_hot
                )
                / n,
                "the probabilities alone": p / n,
                maximum: shifted_gradient,
            }
            found += [
                Right(loss, f"the loss {where}", _named(losses, loss)),
                Right(gradient, f"the gradient {where}", _named(gradients, gradient)),
            ]
        return found

    def others(case):
        return other_softmaxes(case.several)


def back(X, G, eps, through_mean=True, through_variance=True, n_minus_1=False):
    """By the chain rule for one column after the other, with the ways that are wanted."""
    found = np.zeros_like(X)
    for column, (x, g) in enumerate(zip(X.T, G.T, strict=True)):
        n, m = len(x), x.mean()
        s = np.sqrt(x.var() + eps)
        jacobian = np.eye(n)
        if through_mean:
            jacobian = jacobian - 1 / n
        if through_variance:
            jacobian = jacobian - np.outer(x - m, x - m) / (s**2 * (n - n_minus_1))
        found[:, column] = jacobian.T @ g / s
    return found


def summed_back(X, G, eps):
    """The usual formula, with the sum of G * Z in place of its mean."""
    s = np.sqrt(X.var(axis=0) + eps)  # public
    Z = (X - X.mean(axis=0)) / s
    return (G - G.mean(axis=0) - Z * np.sum(G * Z, axis=0)) / s


def other_root(X, G, eps):
    """The usual formula, with numbers that are standardised without eps."""
    Z = (X - X.mean(axis=0)) / X.std(axis=0)
    return (G - G.mean(axis=0) - Z * np.mean(G * Z, axis=0)) / np.sqrt(X.var(axis=0) + eps)


def by_column(function):
    return lambda array: function(array, axis=0)


OVER = {
    "the mean of {}": by_column(np.mean),
    "the sum of {} in place of its mean": by_column(np.sum),
    "the mean over all of {} in place of that by column": np.mean,
    "the largest of {} in place of its mean": by_column(np.max),
    "{} itself in place of its mean": lambda array: array,
}
ROOTS = {
    "the root of the variance and eps": lambda X, eps: np.sqrt(X.var(axis=0) + eps),
    "the root of the variance, without eps,": lambda X, eps: X.std(axis=0),
    "eps added to the root, not to the variance,": lambda X, eps: X.std(axis=0) + eps,
    "eps^2 in place of eps": lambda X, eps: np.sqrt(X.var(axis=0) + eps**2),
    "n - 1 in the variance": lambda X, eps: np.sqrt(X.var(axis=0, ddof=1) + eps),
    "the variance and eps, without a root,": lambda X, eps: X.var(axis=0) + eps,
    "the variance of all numbers, not by column,": lambda X, eps: np.sqrt(X.var() + eps),
    "1": lambda X, eps: 1.0,
}
CENTRED = {
    "X less its mean": lambda X: X - X.mean(axis=0),
    "X itself in Z, not less its mean,": lambda X: X,
    "X less the mean of all numbers in Z": lambda X: X - X.mean(),
}


def back_by_choice(X, G, eps, above, root, centred, of_G, of_GZ):
    s = root(X, eps)
    Z = centred(X) / above(X, eps)
    return (G - of_G(G) - Z * of_GZ(G * Z)) / s


def other_ways_back(both):
    """Of each (X, G, eps) what comes with another mean, another root, another term, or another eps."""
    places = {
        "of_G": {words.format("G"): function for words, function in OVER.items()},
        "of_GZ": {words.format("G Z"): function for words, function in OVER.items()},
        "centred": CENTRED,
        "above": {f"{words} as the divisor in Z": root for words, root in ROOTS.items()},
        "root": {f"{words} as the divisor of all": root for words, root in ROOTS.items()},
    }

    def made(**choices):
        return [back_by_choice(*one, **choices) for one in both]

    with np.errstate(all="ignore"):
        found = dict(with_other_choices(made, places, [("of_G", "of_GZ"), ("above", "root")]))
        terms = []
        for X, G, eps in both:
            s = np.sqrt(X.var(axis=0) + eps)  # public
            Z = (X - X.mean(axis=0)) / s
            way = {"the straight way": G / s, "the way through the mean": -np.ones_like(G) * G.mean(axis=0) / s}
            terms.append(with_other_terms(way | {"the way through the variance": -Z * (G * Z).mean(axis=0) / s}))
        found |= {words: [one, other] for (words, one), (_, other) in zip(*terms, strict=True)}
        usual, (X, G, _) = back(*both[0]), both[1]
        for value in (0.1, 1e-2, 1e-3, 1e-4, 1e-6, 1e-7, 1e-8, 0.0):
            told = f"of {value:g}" if value else "of 0, or next to it"
            found[f"what comes with a default eps {told}"] = [usual, back(X, G, value)]
    return found


@key(asked.standardise_backward)
class _:
    def draw(rng):
        X, G = rng.normal(size=(6, 3)) * [0.5, 1, 2], rng.normal(size=(6, 3))
        return Case(X=X, narrow=1 + 0.004 * rng.normal(size=(6, 3)), G=G, eps=round(float(rng.uniform(0.2, 0.4)), 2))

    def right(case):
        X, G, eps, narrow = case.X, case.G, case.eps, case.narrow
        mistakes = {
            AS_GIVEN: back(X, G, eps, False, False),
            "the way through the variance is missing": back(X, G, eps, True, False),
            "the way through the mean is missing": back(X, G, eps, False, True),
            "n - 1 is in the variance, where n belongs": back(X, G, eps, n_minus_1=True),
            "a sum over the batch where the mean belongs": summed_back(X, G, eps),
            "eps is left out": back(X, G, 0.0),
            "eps is left out of the standardised numbers; they have the same root below": other_root(X, G, eps),
            "eps is the default, not the one that is given": back(X, G, 1e-5),
        }
        others = {f"eps is {value:g} where none is given": back(narrow, G, value) for value in (0.0, 1e-8, 1e-3)}
        more = [back(narrow, G, 1e-5, *ways) for ways in ((False, False), (True, False), (False, True))]
        return [
            Right(back(X, G, eps), "the gradient, with eps as given", mistakes),
            Right(back(narrow, G, 1e-5), "the gradient, with the default eps", others, also=more),
        ]

    def others(case):
        return other_ways_back([(case.X, case.G, case.eps), (case.narrow, case.G, 1e-5)])
