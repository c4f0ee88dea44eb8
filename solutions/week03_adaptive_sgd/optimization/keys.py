"""Keys of the lecture: rates of descent on quadratics, with memory and with noise."""

import numpy as np

from grader.checks.questions import Right
from grader.judge.authoring.keys import Case, key
from grader.judge.authoring.parts import with_other_parts
from week03_adaptive_sgd import optimization_questions as asked

__all__ = ["asked"]


def told(right, slips):
    """The slips that differ from what is right, on these numbers."""
    return {
        text: value
        for text, value in slips.items()
        if np.shape(value) != np.shape(right) or not np.allclose(value, right, rtol=0, atol=1e-5)
    }


def for_each(etas, function, slips):
    """Right numbers for each learning rate, and those of the slips that give a number."""
    each, right = [slips(eta) for eta in etas], np.array([function(eta) for eta in etas])
    numbers = [text for text, value in each[0].items() if np.ndim(value) == 0]
    return right, told(right, {text: np.array([one[text] for one in each]) for text in numbers})


# Tables of what may stand in the place of one number of several.

REDUCED = {
    "the largest": lambda each, of: each.max(),
    "the smallest": lambda each, of: each.min(),
    "the mean": lambda each, of: each.mean(),
    "the sum": lambda each, of: each.sum(),
    "the product": lambda each, of: each.prod(),
    "that of the largest curvature": lambda each, of: each[of.argmax()],
    "that of the smallest curvature": lambda each, of: each[of.argmin()],
    "that of the first curvature": lambda each, of: each[0],
    "that of the last curvature": lambda each, of: each[-1],
}
ONE_FOR_ALL = {
    "the mean": np.mean,
    "the median": np.median,
    "the geometric mean": lambda k: np.exp(np.log(k).mean()),
    "the sum": np.sum,
    "half the largest and the smallest": lambda k: (k.max() + k.min()) / 2,
}
MEANS = {
    "the sum": lambda a, b: a + b,
    "the difference": lambda a, b: b - a,
    "the product": lambda a, b: a * b,
    "the geometric mean": lambda a, b: np.sqrt(a * b),
    "the harmonic mean": lambda a, b: 2 * a * b / (a + b),
    "the root of the sum of the squares": lambda a, b: np.sqrt(a**2 + b**2),
    "the smaller": lambda a, b: a,
    "the larger": lambda a, b: b,
}


def reduced(factors, k):
    """What else can be made of the factors of all directions, by the words for it."""
    kinds = {"the factors with their signs": factors, "the sizes of the factors": np.abs(factors)}
    return {f"{word} of {kind}": of(each, k) for kind, each in kinds.items() for word, of in REDUCED.items()}


def of_one_for_all(function, k):
    """The function of one number in the place of all curvatures."""
    return {f"what is right for {word} of the curvatures alone": function(of(k)) for word, of in ONE_FOR_ALL.items()}


def over_each_mean(a, b, names):
    """1, 2 or 4 over what can be made of two numbers."""
    return {f"{n} over {word} of {names}": n / mean(a, b) for n in (1, 2, 4) for word, mean in MEANS.items()}


def for_etas(case, of_one):
    """Of each learning rate in turn, {words: numbers}."""
    each = [of_one(eta) for eta in case.etas]
    return {words: np.array([one[words] for one in each]) for words in each[0] if all(words in one for one in each)}


def no_constants(found):
    """Without those that say the same of every learning rate: too many are the same."""
    return {words: value for words, value in found.items() if np.ptp(value) > 1e-3 * np.abs(value).max()}


# gd_rate


def plain(eta, curvatures):
    """Largest |1 - eta k|."""
    return np.abs(np.subtract(1, np.multiply(eta, curvatures))).max()


def plain_slips(eta, curvatures):
    k = np.asarray(curvatures, dtype=float)
    factors, flat, steep = 1 - eta * k, 1 - eta * k.min(), 1 - eta * k.max()
    return {
        "the factor of each direction; the worst of them is asked for": np.abs(factors),
        "each direction's factor, with its sign; the largest size of them is asked for": factors,
        "the size of the factor is missing: a factor below -1 diverges as well": factors.max(),
        "the smallest factor, which is the fastest direction; the slowest is asked for": np.abs(factors).min(),
        "the mean over the directions; the worst of them is asked for": np.abs(factors).mean(),
        "the factor of the steepest direction alone; the flattest may be slower": abs(1 - eta * k.max()),
        "the factor of the flattest direction alone; the steepest may diverge": abs(1 - eta * k.min()),
        "the factor on the loss, which is a square; that on the distance is asked for": np.max(factors**2),
        "what a step takes away, eta k; asked is what it leaves": np.max(eta * k),
        "1 minus the factor; the factor is what a step leaves, not what it takes away": 1 - plain(eta, k),
        "1 plus eta k: this step climbs": 1 + np.max(eta * k),
        "the steepest direction alone, with its sign; the size of the slowest is asked for": steep,
        "the steepest direction alone, turned round at its limit; its factor is negative before": (
            -steep if steep < -1 else steep
        ),
        "the two ends change places at the limit; they do where their factors have the same size": (
            -steep if steep < -1 else flat
        ),
        "the factor of the mean curvature; each direction has its own": abs(1 - eta * k.mean()),
        "the factor at the best learning rate; that at eta is asked for": (k.max() - k.min()) / (k.max() + k.min()),
        "the factors of all directions multiplied; each direction goes its own way": np.prod(np.abs(factors)),
        "cut off at 1: where it diverges, the factor itself is asked for": min(1.0, np.abs(factors).max()),
        "the largest and the smallest curvature are told apart by their place; they come in any order": max(
            abs(factors[0]), abs(factors[-1])
        ),
    }


def rates_of(case):
    """What the lecture's other rates are for this case, by their names."""
    etas, k = np.atleast_1d(getattr(case, "etas", None) or case.eta), case.curvatures
    found = {
        "what gd_rate gives": [plain(eta, k) for eta in etas],
        "the rate that best_gd gives": [(k.max() - k.min()) / (k.max() + k.min())] * len(etas),
    }
    if hasattr(case, "mu"):
        found["the rate of Nesterov's method"] = [ahead(eta, case.mu, k) for eta in etas]
    return {name: np.array(rates) if hasattr(case, "etas") else rates[0] for name, rates in found.items()}


def plain_others(eta, k):
    return reduced(1 - eta * k, k) | of_one_for_all(lambda one: plain(eta, one), k)


def middle(rng, n=5):
    """Curvatures [n] in no order, the smallest and the largest of them inside."""
    k = np.sort(rng.uniform(0.5, 4, size=n)) * [0.4, *[1] * (n - 2), 1.5]
    return k[[2, 0, 4, 1, 3]]


@key(asked.slowest_direction)
class _:
    def others(case):
        return rates_of(case) | plain_others(case.eta, case.curvatures)

    def draw(rng):
        k = middle(rng)
        return Case(eta=1.2 / (k.min() + k.max()), curvatures=k)

    def right(case):
        slips = plain_slips(case.eta, case.curvatures)
        right = plain(case.eta, case.curvatures)
        return Right(right, "gd_rate(eta, curvatures)", told(right, slips))


@key(asked.steepest_direction)
class _:
    def others(case):
        return rates_of(case) | for_etas(case, lambda eta: plain_others(eta, case.curvatures))

    def draw(rng):
        k = middle(rng)
        alike = 2 / (1 + k.min() / k.max())  # beyond it the steepest direction is the slowest
        etas = [max(1.8, 1.01 * alike), 1.95, 1.1 * alike, 2.6, 3.7, 5]
        return Case(etas=[float(eta / k.max()) for eta in etas], curvatures=k)

    def right(case):
        right, slips = for_each(
            case.etas, lambda eta: plain(eta, case.curvatures), lambda eta: plain_slips(eta, case.curvatures)
        )
        return Right(right, "gd_rate for six learning rates: just below the limit, near it, beyond it", slips)


@key(asked.curvatures_in_any_order)
class _:
    def draw(rng):
        return Case(eta=rng.uniform(0.1, 0.4), one=rng.uniform(0.5, 2, size=1), mixed=middle(rng))

    def right(case):
        found = []
        for k, name in [(case.one, "one curvature"), (case.mixed, "curvatures in any order")]:
            slips = plain_slips(case.eta, k)
            place = {text: value for text, value in slips.items() if "any order" in text}
            also = [value for text, value in slips.items() if text not in place and np.ndim(value) == 0]
            found.append(Right(plain(case.eta, k), f"gd_rate of {name}", place, also=also))
        return found


# best_gd


def ends(rng):
    """Pairs (smallest, largest), from narrow to wide, and one where both are the same."""
    wide = [*rng.uniform(2, 10, size=4), *rng.uniform(30, 60, size=2), 1]
    return [(float(low), float(low * by)) for low, by in zip(rng.uniform(0.3, 2, size=7), wide, strict=True)]


def all_ends(rng):
    return Case(ends=ends(rng))


def best_of(case):
    """What the functions of the lecture that look for the best give for these pairs, each number by its name."""
    a, b = np.array(case.ends).T
    low, high, rate = polyak(case)
    return {
        "the eta that best_gd gives": 2 / (a + b),
        "the rate that best_gd gives": (b - a) / (b + a),
        "the eta that best_heavy_ball gives": (2 / (low + high)) ** 2,
        "the mu that best_heavy_ball gives": rate**2,
        "the rate that best_heavy_ball gives": rate,
    }


def factors_at(a, b, names):
    """The factor of plain descent in a direction, at a learning rate that some other question has for an answer."""
    ends = {"flattest": a, "steepest": b}
    etas = {f"{n} over {word}": n / k for n in (1, 2) for word, k in zip(names.split(" and "), (a, b), strict=True)}
    return {
        f"the size of the factor of the {end} direction at eta = {told}": np.abs(1 - eta * k)
        for told, eta in etas.items()
        for end, k in ends.items()
    }


def gd_rate_lent(case):
    return {"gd_rate": plain}


def gd_rate_calls(case):
    """A best learning rate may be looked up with gd_rate, at the two ends."""
    return [("gd_rate", (2 / (a + b), np.array([a, b]))) for a, b in case.ends]


@key(asked.best_gd_eta)
class _:
    draw, lent, calls = all_ends, gd_rate_lent, gd_rate_calls

    def others(case):
        return best_of(case) | over_each_mean(*np.array(case.ends).T, "smallest and largest")

    def right(case):
        a, b = np.array(case.ends).T
        return Right(
            2 / (a + b),
            "eta of best_gd",
            {
                "this is the limit, where the steepest direction only just does not diverge": 2 / b,
                "one step ends the steepest direction here; the flattest would like a longer one": 1 / b,
                "the best rate for the flattest direction alone; the steepest diverges": 1 / a,
                "a factor 2 is missing: at the best rate the two ends' factors add up to 0": 1 / (a + b),
                "the best rate for the curvature half-way between, upside down": (a + b) / 2,
                "the best rate for the geometric mean; the two ends must shrink alike": 1 / np.sqrt(a * b),
                "the mean of the two ends' own best rates; the steepest diverges": (1 / a + 1 / b) / 2,
                "the order is (eta, rate)": (b - a) / (b + a),
            },
        )


@key(asked.best_gd_rate)
class _:
    draw, lent, calls = all_ends, gd_rate_lent, gd_rate_calls

    def others(case):
        return best_of(case) | factors_at(*np.array(case.ends).T, "smallest and largest")

    def right(case):
        a, b = np.array(case.ends).T
        rate = (b - a) / (b + a)
        return Right(
            rate,
            "rate of best_gd",
            {
                "the factor on the loss, which is a square; that on the distance is asked for": rate**2,
                "this is the steepest direction's factor with its sign; its size is asked for": -rate,
                "this is (k - 1) / k, the factor of the flattest direction at eta = 1/largest": 1 - a / b,
                "this is 1 - 2 / k, the factor of the flattest direction at the limit": 1 - 2 * a / b,
                "with the roots of the curvatures: momentum reaches this, plain descent does not": (
                    np.sqrt(b) - np.sqrt(a)
                )
                / (np.sqrt(b) + np.sqrt(a)),
                "the order is (eta, rate)": 2 / (a + b),
                "what a step takes away; the factor is what it leaves": 1 - rate,
                "the condition number; the factor lies below 1": b / a,
            },
        )


# noise_floor


def floor(eta, k, variance):
    """eta variance / (k (2 - eta k))."""
    return eta * variance / k / (2 - eta * k)


def floor_slips(eta, k, variance):
    a = 1 - eta * k
    return {
        "the limit for short steps only: the square of eta k was dropped": eta * variance / (2 * k),
        "the factor must be squared before it multiplies E[w^2]": eta**2 * variance / (1 - a),
        "eta multiplies the variance once: it multiplies the noise, so the variance twice": eta * variance / (1 - a**2),
        "the noise that one step adds; what is left of earlier noise comes on top": eta**2 * variance,
        "the root of it, a distance; the mean squared distance is asked for": np.sqrt(floor(eta, k, variance)),
        "the mean loss, (k/2) E[w^2]; the mean squared distance is asked for": k / 2 * floor(eta, k, variance),
        "the variance is squared; it is already the mean of squares": floor(eta, k, variance**2),
        "the root of the variance is taken for the variance": floor(eta, k, np.sqrt(variance)),
        "the noise is not multiplied by eta": variance / (1 - a**2),
        "divided by the square of eta k; the square is that of 1 - eta k, and is taken from 1": variance / k**2,
        "divided by a^2; it settles where E[w^2] less a^2 E[w^2] is what a step adds": eta**2 * variance / a**2,
        "multiplied by 1 - a^2, where it is to be divided": eta**2 * variance * (1 - a**2),
        "a plus where a minus belongs: a^2 E[w^2] comes to the other side": eta**2 * variance / (1 + a**2),
        "a plus where a minus belongs: a^2 = 1 - 2 eta k + (eta k)^2 is taken from 1": eta
        * variance
        / k
        / (2 + eta * k),
        "a curvature is lost: the square of eta k has its own": eta * variance / k / (2 - eta),
        "the curvature multiplies, where it is to divide": k**2 * floor(eta, k, variance),
        "the limit for short steps only, and the curvature multiplies, where it is to divide": eta * variance * k / 2,
        "the limit for short steps only, and the curvature is left out": eta * variance / 2,
        "the limit for short steps only, without the curvature and the 2 of the mixed term": eta * variance,
        "the sign: what shrinks is subtracted from 1": -floor(eta, k, variance),
        "the mean of w is 0; the mean of w^2 is not": 0.0,
        "a curvature is lost: a^2 = 1 - 2 eta k + (eta k)^2, so 1 - a^2 = eta k (2 - eta k)": eta
        * variance
        / (2 - eta * k),
        "the 2 of the mixed term is lost: a^2 = 1 - 2 eta k + (eta k)^2": eta * variance / k / (1 - eta * k),
        "the factor is 1 - eta: the curvature is left out": eta**2 * variance / (1 - (1 - eta) ** 2),
    }


def floor_parts(eta, k, variance):
    """{words: number} of the floor with one part altered: of the balance, and of the same with its brackets opened."""

    eta, k = np.float64(eta), np.float64(k)  # what is divided by 0 is left out

    def balance(part):
        a = part("a", 1 - part("eta * curvature in a", eta * k))
        return part("what the noise adds", eta**2 * variance) / (1 - part("a^2", a**2))

    def settled(part):
        return eta**2 * variance / part("1 - a^2", 1 - (1 - eta * k) ** 2)

    def opened(part):
        square = part("the square of eta * curvature", (eta * k) ** 2)
        return eta**2 * variance / (part("2 * eta * curvature", 2 * eta * k) - square)

    def short(part):
        steep = part("eta * curvature in 2 - eta * curvature", eta * k)
        return eta * variance / part("the curvature that divides", k) / (2 - steep)

    beside = {"eta": eta, "curvature": k, "the square of eta * curvature": (eta * k) ** 2}
    more = {"1 over it": lambda one: 1 / one}
    found = {}
    for form, known in ((settled, {"a^2": (1 - eta * k) ** 2}), (balance, {}), (opened, {}), (short, {})):
        found |= with_other_parts(form, beside | known, {"eta": eta, "curvature": k}, more)
    return found


@key(asked.small_steps)
class _:
    def draw(rng):
        k = rng.uniform(1.3, 3)
        return Case(eta=rng.uniform(0.1, 0.3) / k, curvature=k, variance=rng.uniform(1.5, 4))

    def right(case):
        three = case.eta, case.curvature, case.variance
        return Right(floor(*three), "noise_floor(eta, curvature, variance)", floor_slips(*three))


@key(asked.long_steps)
class _:
    def others(case):
        return for_etas(case, lambda eta: floor_parts(eta, case.curvature, case.variance))

    def draw(rng):
        k = rng.uniform(1.3, 3)
        return Case(
            etas=[float(eta / k) for eta in np.sort(rng.uniform(1.1, 1.8, size=5))]
            + [float(rng.uniform(1.85, 1.95) / k)],
            curvature=k,
            variance=rng.uniform(2, 4),
        )

    def right(case):
        rest = case.curvature, case.variance
        right, slips = for_each(case.etas, lambda eta: floor(eta, *rest), lambda eta: floor_slips(eta, *rest))
        return Right(right, "noise_floor for six learning rates, the last near the limit", slips)


# heavy_ball_rate


def two_roots(eta, mu, k):
    """Of z^2 - (1 + mu - eta k) z + mu, as complex numbers."""
    half = (1 + mu - eta * k) / 2
    gap = np.sqrt(complex(half**2 - mu))
    return np.array([half + gap, half - gap])


def ball(eta, mu, curvatures):
    """Largest root in size over all directions."""
    return max(np.abs(two_roots(eta, mu, k)).max() for k in np.ravel(curvatures))


def ahead(eta, mu, curvatures):
    """The same of Nesterov's method: of z^2 - (1 + mu) (1 - eta k) z + mu (1 - eta k)."""
    left = 1 - eta * np.ravel(curvatures)
    return max(np.abs(np.roots([1, -(1 + mu) * one, mu * one])).max() for one in left)


TRACE = "the trace of the matrix is 1 + mu - eta k"
SMALLER = "the smaller root of each direction; the larger in size is asked for"


def ball_slips(eta, mu, curvatures):
    k = np.ravel(curvatures)
    of_each = np.array([np.abs(two_roots(eta, mu, one)).max() for one in k])
    halves = (1 + mu - eta * k) / 2
    real, below = np.sqrt(np.maximum(halves**2 - mu, 0)), halves**2 - mu
    roots = [two_roots(eta, mu, one) for one in k]
    with np.errstate(invalid="ignore"):
        by_numpy = np.abs(halves) + np.sqrt(below)  # nan where the roots are complex
    steps = [np.array([[1 - eta * one, -mu], [eta * one, mu]]) for one in k]
    turned = [np.abs(np.linalg.eigvals([[1 - eta * one, mu], [eta * one, mu]])).max() for one in k]
    undamped = [np.abs(np.linalg.eigvals([[1 + eta * one, mu], [eta * one, mu]])).max() for one in k]
    unfinished = [np.abs(np.linalg.eigvals([[1, -mu], [eta * one, mu]])).max() for one in k]
    smaller = [np.abs(two_roots(eta, mu, one)).min() for one in k]
    other_trace = [np.abs(np.roots([1, -(1 - mu - eta * one), mu])).max() for one in k]
    old = [np.abs(np.linalg.eigvals([[1, -1], [eta * one, mu]])).max() for one in k]
    return {
        "the factor of each direction; the worst of them is asked for": of_each,
        "the root of mu, which holds only where all roots are complex": np.sqrt(mu),
        "the mean over the directions; the worst of them is asked for": of_each.mean(),
        "the fastest direction; the slowest is asked for": of_each.min(),
        "the flattest direction alone; another one is slower here": of_each[np.argmin(k)],
        "the steepest direction alone; another one is slower here": of_each[np.argmax(k)],
        "the first direction alone; the worst of them is asked for": of_each[0],
        "the real part of the roots; the size of a complex number is asked for": np.abs(
            [two_roots(eta, mu, one).real for one in k]
        ).max(),
        "where the roots are complex, their imaginary part was dropped": np.max(np.abs(halves) + real),
        "the larger of the two roots, not the larger in size: a negative one may be larger, and diverges below -1": max(
            two_roots(eta, mu, one).real.max() for one in k
        ),
        "the largest singular value (a norm) of the matrix; in the long run its eigenvalues count": max(
            np.linalg.norm(step, 2) for step in steps
        ),
        "the velocity is multiplied by 1 - mu: here the gradient enters it with eta, undiminished": ball(
            (1 - mu) * eta, mu, k
        ),
        "the rate is divided by 1 - mu; here the gradient enters the velocity with eta": ball(eta / (1 - mu), mu, k),
        "the gradient is taken ahead, as in Nesterov's method; here it is that at w": ahead(eta, mu, k),
        "the memory is left out: this is plain descent": plain(eta, k),
        "w moves by the velocity of before; it is the new one": max(old),
        "mu v enters the new w with the wrong sign": max(turned),
        "the velocity is added to w, where it is subtracted": max(undamped),
        "the first row lacks -eta k: w moves by the *new* velocity, so put the second line into the first": max(
            unfinished
        ),
        TRACE: max(other_trace),
        SMALLER: max(smaller),
        "the product of the two roots of a direction; the larger of them is asked for": mu,
        "the square: the factor on the loss; that on the distance is asked for": of_each.max() ** 2,
        "cut off at 1: where it diverges, the factor itself is asked for": min(1.0, of_each.max()),
        "the imaginary part alone; the size of a complex number is asked for": np.abs(np.imag(roots)).max(),
        "the sum of the two roots of a direction; the larger in size is asked for": 2 * np.abs(halves).max(),
        "the mean of the two roots of a direction; the larger in size is asked for": np.abs(roots).mean(axis=1).max(),
        "where the roots are real, what comes from below the root is left out: they are not equal": np.where(
            below < 0, np.sqrt(mu), np.abs(halves)
        ).max(),
        "the minus was dropped below the root: where it is negative the roots are complex": np.max(
            np.abs(halves) + np.sqrt(np.abs(below))
        ),
        "a 4 is lost below the root: the square of half the trace less the determinant": max(
            np.abs(np.roots([1, -2 * half, mu / 4])).max() for half in halves
        ),
        "a root of a negative number is nan: its roots are complex, so compute with complex numbers": by_numpy.max(),
        "directions with complex roots are left out; these have a size, too": max(by_numpy[below >= 0], default=np.nan),
    }


SIZES = {
    "the largest size of a real part": lambda two: np.abs(two.real).max(),
    "the mean of the sizes of a direction's two roots": lambda two: np.abs(two).mean(),
    "the largest real part": lambda two: two.real.max(),
    "the root of the product of a direction's two roots": lambda two: np.abs(np.prod(two)) ** 0.5,
    "the smaller size of a direction's two roots": lambda two: np.abs(two).min(),
    "the product of a direction's two roots": lambda two: np.abs(np.prod(two)),
    "the size of the sum of a direction's two roots": lambda two: np.abs(np.sum(two)),
    "the size of the mean of a direction's two roots": lambda two: np.abs(np.mean(two)),
    "the size of the difference of a direction's two roots": lambda two: np.abs(two[0] - two[1]),
    "the largest size of an imaginary part": lambda two: np.abs(two.imag).max(),
    "the real part of the square of the largest root": lambda two: (two**2).real.max(),
}
OF_MATRIX = {
    "the largest singular value of the matrix": lambda step: np.linalg.norm(step, 2),
    "the root of the sum of the squares of the matrix": lambda step: np.linalg.norm(step),
    "the largest sum of sizes in a row of the matrix": lambda step: np.linalg.norm(step, np.inf),
    "the largest entry of the matrix": lambda step: np.abs(step).max(),
}


def ball_plain(eta, mu, curvatures):
    """{words: number}: another number of each direction than the larger size of its roots, or of all directions."""
    k = np.ravel(curvatures)
    roots = [two_roots(eta, mu, each) for each in k]
    steps = [np.array([[1 - eta * each, -mu], [eta * each, mu]]) for each in k]
    sizes = np.array([np.abs(two).max() for two in roots])
    found = {word: max(map(of, roots)) for word, of in SIZES.items()}
    found |= {word: max(map(of, steps)) for word, of in OF_MATRIX.items()}
    found |= {f"{word} of the directions' factors": of(sizes, k) for word, of in REDUCED.items()}
    return found | of_one_for_all(lambda each: ball(eta, mu, each), k)


def joined(found):
    """Words that say the same number are one, as long as they are few."""
    kept = {}
    for words, value in found.items():
        same = next((other for other, known in kept.items() if np.allclose(known, value, rtol=1e-6)), None)
        if same is None:
            kept[words] = value
        elif same.count("; or ") < 2:
            kept = {(f"{same}; or {words}" if other == same else other): known for other, known in kept.items()}
    return kept


def ball_parts(eta, mu, curvatures):
    """{words: number}: the rate with one part of the step altered, or of the roots, or another number of each root."""
    k = np.ravel(curvatures)
    one, none = np.ones_like(k), np.zeros_like(k)

    def worst(step):
        return np.abs(np.linalg.eigvals(np.moveaxis(np.array(step), -1, 0))).max()

    def by_push(part):
        """Rows: of d and of the velocity, by what d and what the velocity are multiplied."""
        push, kept = part("eta * k in the new velocity", eta * k), part("mu in the new velocity", mu * one)
        return worst([[one - push, -kept], [push, kept]])

    def by_move(part):
        push, kept = eta * k, mu * one
        moved = part("the new velocity, by which d moves,", np.array([push, kept]))
        return worst([np.array([one, none]) - moved, [push, kept]])

    def by_row(part):
        """The row of d, after the new velocity is put in."""
        of_d = part("the factor of d in the row of d", 1 - eta * k)
        return worst([[of_d, part("the factor of v in the row of d", -mu * one)], [eta * k, mu * one]])

    def by_roots(part):
        half = part("half the trace", (1 + mu - eta * k) / 2)
        gap = part("what stands below the root", half**2 - part("the determinant", mu * one))
        root = np.sqrt(gap.astype(complex))
        return np.abs([half + root, half - root]).max()

    moves = {"the old velocity": np.array([none, one]), "the gradient's step": np.array([eta * k, none])}
    cut = {
        "0 where it is negative": lambda part: np.maximum(part, 0),
        "0 where it is positive": lambda part: np.minimum(part, 0),
        "a quarter of it": lambda part: part / 4,
        "4 times it": lambda part: part * 4,
    }
    found = {}
    scales = {"mu": mu}
    for form, beside in ((by_push, {}), (by_row, {}), (by_move, moves), (by_roots, {})):
        found |= with_other_parts(form, beside, scales, cut)
    return found


@key(asked.oscillating)
class _:
    def others(case):
        three = case.eta, case.mu, case.curvatures
        return rates_of(case) | joined(ball_plain(*three)) | ball_parts(*three)

    def draw(rng):
        mu, k = rng.uniform(0.7, 0.9), middle(rng)
        return Case(eta=(1 - np.sqrt(mu)) ** 2 * 1.3 / k.min(), mu=mu, curvatures=k)

    def right(case):
        right = ball(case.eta, case.mu, case.curvatures)
        slips = told(right, ball_slips(case.eta, case.mu, case.curvatures))
        return Right(right, "heavy_ball_rate(eta, mu, curvatures)", slips)


@key(asked.creeping)
class _:
    def others(case):
        three = case.eta, case.mu, case.curvatures
        return rates_of(case) | joined(ball_plain(*three)) | ball_parts(*three)

    def draw(rng):
        mu, k = rng.uniform(0.2, 0.5), middle(rng)
        return Case(eta=(1 - np.sqrt(mu)) ** 2 * 0.12 / k.min(), mu=mu, curvatures=k)

    def right(case):
        right = ball(case.eta, case.mu, case.curvatures)
        slips = told(right, ball_slips(case.eta, case.mu, case.curvatures))
        for text in (TRACE, SMALLER):  # of complex roots, in other directions, both are the root of mu, which says less
            if np.isclose(slips[text], np.sqrt(case.mu)):
                del slips[text]
        return Right(right, "heavy_ball_rate of a slow direction", slips)


@key(asked.diverging)
class _:
    def others(case):
        plain, parts = (
            for_etas(case, lambda eta, of=of: of(eta, case.mu, case.curvatures)) for of in (ball_plain, ball_parts)
        )
        return rates_of(case) | joined(no_constants(plain)) | no_constants(parts)

    def draw(rng):
        mu, k = rng.uniform(0.3, 0.8), middle(rng)
        limit, real = 2 * (1 + mu), (1 + np.sqrt(mu)) ** 2  # of eta k: there it diverges; from there the roots are real
        etas = [0.25 * limit + 0.75 * real, 0.75 * limit + 0.25 * real, *(limit * np.array([1.15, 1.4, 2, 3]))]
        return Case(etas=[float(eta / k.max()) for eta in etas], mu=mu, curvatures=k)

    def right(case):
        mu, k = case.mu, case.curvatures
        right, slips = for_each(case.etas, lambda eta: ball(eta, mu, k), lambda eta: ball_slips(eta, mu, k))
        calm = np.full(len(case.etas), np.sqrt(mu))
        least = "of complex roots, as in the first direction; in the steepest both are negative, and one is larger"
        what = "heavy_ball_rate for six learning rates: in a zigzag, beyond the limit, far beyond it"
        return Right(right, what, {**told(calm, slips), least: calm})


@key(asked.without_memory)
class _:
    def draw(rng):
        return Case(eta=rng.uniform(0.1, 0.3), one=rng.uniform(0.5, 2, size=1), mixed=middle(rng))

    def right(case):
        found = []
        for k, name in [(case.one, "one curvature"), (case.mixed, "curvatures in any order")]:
            right = plain(case.eta, k)
            slips = told(right, ball_slips(case.eta, 0.0, k)).values()
            also = [
                value
                for value in slips
                if np.ndim(value) == 0 and np.isfinite(value) and min(value, abs(value - 1)) > 1e-9
            ]  # 0 and 1 anyone has
            found.append(Right(right, f"heavy_ball_rate without memory, {name}", also=also))
        return found


# best_heavy_ball


def some_ends(rng):
    return Case(ends=ends(rng)[:-1])


def ball_lent(case):
    return {"heavy_ball_rate": ball}


def ball_calls(case):
    """The factor may be looked up with heavy_ball_rate, at the two ends."""
    for pair in case.ends:
        low, high = np.sqrt(pair)
        best = (2 / (low + high)) ** 2, ((high - low) / (high + low)) ** 2
        yield "heavy_ball_rate", (*best, np.array(pair))


def rate_parts(case):
    """The factor with one of its parts altered."""
    low, high, _ = polyak(case)

    def rate(part):
        above = part("the difference of the roots", high - low)
        return above / part("the sum of the roots", high + low)

    return with_other_parts(rate, {"the smaller root": low, "the larger root": high})


def tolerant(value, what, mistakes, **options):
    """Where the roots are double, a root is known to half of the digits: a factor is right to 1e-6."""
    return Right(value, what, mistakes, atol=1e-6, **options)


def polyak(case):
    """Roots of the curvatures' ends, and the factor."""
    low, high = np.sqrt(np.array(case.ends)).T
    return low, high, (high - low) / (high + low)


@key(asked.best_eta)
class _:
    draw, lent, calls = some_ends, ball_lent, ball_calls

    def others(case):
        low, high, _ = polyak(case)
        names = "smallest and largest"
        return (
            best_of(case)
            | over_each_mean(low**2, high**2, names)
            | over_each_mean(low, high, f"the roots of {names}")
            | {f"the square of {words}": value**2 for words, value in over_each_mean(low**2, high**2, names).items()}
        )

    def right(case):
        low, high, rate = polyak(case)
        return tolerant(
            (2 / (low + high)) ** 2,
            "eta of best_heavy_ball",
            {
                "the root of it: sqrt(eta) is still to be squared": 2 / (low + high),
                "the best rate of plain descent; with memory a longer step is best": 2 / (low**2 + high**2),
                "a factor is missing: the two roots of eta k add up to 2": (1 / (low + high)) ** 2,
                "the limit of plain descent": 2 / high**2,
                "with the curvatures in place of their roots": (2 / (low**2 + high**2)) ** 2,
                "the 2 above the line is to be squared, too": 2 / (low + high) ** 2,
                "the sum of the roots is still to be squared": 4 / (low + high),
                "the curvatures themselves are added; their roots are to be added, and the sum squared": 4
                / (low**2 + high**2),
                "the square root of the product of the curvatures, not the square of the sum of their roots": 1
                / (low * high),
                "the limit for this mu, 2 (1 + mu) / largest; there it does not converge": 2 * (1 + rate**2) / high**2,
                "mu in place of its root: at the left end eta * smallest = (1 - sqrt(mu))^2": ((1 - rate**2) / low)
                ** 2,
                "the order is (eta, mu, rate)": rate**2,
            },
            scales={"4": 4.0},
        )


@key(asked.best_mu)
class _:
    draw, lent, calls = some_ends, ball_lent, ball_calls

    def others(case):
        return best_of(case) | {f"the square of {words}": value**2 for words, value in rate_parts(case).items()}

    def right(case):
        low, high, rate = polyak(case)
        return tolerant(
            rate**2,
            "mu of best_heavy_ball",
            {
                "this is the factor per step, the root of mu; mu is its square": rate,
                "with the curvatures in place of their roots": ((high**2 - low**2) / (high**2 + low**2)) ** 2,
                "the factor of plain descent": (high**2 - low**2) / (high**2 + low**2),
                "0.9 is a good habit where nothing is known; here the two curvatures decide": np.full_like(low, 0.9),
                "without memory: this is plain descent": np.zeros_like(low),
                "the square of 1 - 1 / sqrt(k): near, but not mu itself": (1 - low / high) ** 2,
                "squared once too often: mu is the square of the factor": rate**4,
                "the order is (eta, mu, rate)": (2 / (low + high)) ** 2,
            },
        )


@key(asked.best_rate)
class _:
    draw, lent, calls = some_ends, ball_lent, ball_calls

    def others(case):
        return best_of(case) | rate_parts(case)

    def right(case):
        low, high, rate = polyak(case)
        return tolerant(
            rate,
            "rate of best_heavy_ball",
            {
                "this is mu, the product of the two roots; a root itself has the size sqrt(mu)": rate**2,
                "the factor of plain descent, with the curvatures in place of their roots": (high**2 - low**2)
                / (high**2 + low**2),
                "1 - 1 / sqrt(k): near, but not the factor itself": 1 - low / high,
                "what a step takes away; the factor is what it leaves": 1 - rate,
                "a root too many: the factor is the root of mu": np.sqrt(rate),
                "the sign: the root of the smaller curvature is subtracted": -rate,
                "the order is (eta, mu, rate)": (2 / (low + high)) ** 2,
            },
        )
