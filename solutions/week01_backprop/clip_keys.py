"""Keys of clip_by_global_norm and standardize, the same in regression and in classification."""

import numpy as np

from grader.checks.diagnosis.named import numbered
from grader.checks.questions import Right
from grader.judge.authoring.keys import Case, key
from week01_backprop import net_questions as asked

from .nets import draw_params

SIZES = (3, 4, 2)
LIMITS = [7.0, 1e6]


def global_norm(grads):
    return np.sqrt(sum((array**2).sum() for pair in grads for array in pair))


def flat(grads):
    return [array for pair in grads for array in pair]


def times(grads, factor):
    return [(factor * dW, factor * db) for dW, db in grads]


def norm_of(grads, limit, judged=True):
    """The norm of gradients; ``judged``: a slip is told. Else it is accepted, since another test judges it."""
    norm, by_array = global_norm(grads), [np.linalg.norm(array) for array in flat(grads)]
    mistakes = {
        "this is the square of the norm": norm**2,
        "the norms of the arrays were added up": sum(by_array),
        "this is the largest norm of a single array": max(by_array),
        "np.linalg.norm(W, 2) of a matrix is its largest singular value; all entries count": np.linalg.norm(
            [np.linalg.norm(array, 2) for array in flat(grads)]
        ),
        "the biases are left out": np.sqrt(sum((dW**2).sum() for dW, _ in grads)),
        "the norm was taken after the clipping": min(norm, limit),
        "only the first layer is counted": global_norm(grads[:1]),
    }
    mistakes = {text: value for text, value in numbered(mistakes) if not np.isclose(value, norm)}
    also = [] if judged else [*mistakes.values(), norm / 2, norm / 2**0.5, norm * 2**0.5, 2 * norm]
    return Right(norm, "the norm that clip_by_global_norm returns", mistakes, also=also)


@key(asked.norm_is_that_of_all_gradients_together)
class _:
    def draw(rng):
        return Case(several=[times(draw_params(rng, sizes), 10.0) for sizes in (SIZES, (2, 5))], limits=LIMITS)

    def right(case):
        return [norm_of(grads, limit) for grads in case.several for limit in case.limits]


@key(asked.long_gradients_are_shortened)
class _:
    def others(case):
        def clipped(grads, limit, eps):
            return flat(times(grads, limit / (global_norm(grads) + eps)))

        sizes = [10.0**power for power in range(-12, -2)]
        return {
            f"what comes with {eps:g} added to the norm": [clipped(*one, eps) for one in case.several] for eps in sizes
        }

    def draw(rng):
        tiny = times(draw_params(rng, SIZES), 1e-4)  # what is added to a norm shows where the norm is small
        return Case(several=[(times(draw_params(rng, SIZES), 10.0), LIMITS[0]), (tiny, 1e-4)])

    def right(case):
        (grads, limit), (tiny, small) = case.several
        norm, tiny_norm = global_norm(grads), global_norm(tiny)
        wrong = {
            "nothing is clipped": grads,
            "every array is clipped by itself; one factor for all keeps the direction": [
                tuple(a * min(1, limit / np.linalg.norm(a)) for a in pair) for pair in grads
            ],
            "every entry is clipped by itself; one factor for all keeps the direction": [
                tuple(np.clip(a, -limit, limit) for a in pair) for pair in grads
            ],
            "scaled to norm 1, not to max_norm": times(grads, 1 / norm),
            "the factor is upside down": times(grads, norm / limit),
            "divided by the square of the norm": times(grads, limit / norm**2),
            "each layer is clipped by itself; one factor for all keeps the direction": [
                times([pair], min(1, limit / global_norm([pair])))[0] for pair in grads
            ],
        }
        mistakes = {text: flat(value) for text, value in numbered(wrong)}
        added = {"1e-6 is added to the norm, which shortens too much": flat(times(tiny, small / (tiny_norm + 1e-6)))}
        return [
            Right(flat(times(grads, limit / norm)), "gradients longer than max_norm", mistakes),
            Right(flat(times(tiny, small / tiny_norm)), "tiny gradients, longer than a tiny max_norm", added),
        ]


@key(asked.short_gradients_stay)
class _:
    def draw(rng):
        grads = draw_params(rng, SIZES)
        return Case(grads=grads, limit=float(rng.uniform(2, 4) * global_norm(grads)))

    def right(case):
        stretched = times(case.grads, case.limit / global_norm(case.grads))
        mistakes = {"short gradients are stretched to max_norm; they are to stay as they are": flat(stretched)}
        shortened = times(case.grads, min(1.0, case.limit / global_norm(case.grads)))  # 1, but for other limits
        return [
            Right(flat(shortened), "gradients shorter than max_norm", mistakes),
            norm_of(case.grads, case.limit, judged=False),
        ]


@key(asked.zero_gradients_are_no_trouble)
class _:
    def draw(rng):
        grads = draw_params(rng, SIZES)
        return Case(zeros=times(grads, 0.0), grads=grads, limit=1e6)

    def right(case):
        return [
            Right(flat(case.zeros), "gradients that are all zero"),
            Right(0.0, "the norm of gradients that are all zero"),
            norm_of(case.grads, case.limit, judged=False),
        ]


@key(asked.arguments_are_left_alone)
class _:
    def draw(rng):
        train, other = rng.normal(2, 3, size=(6, 3)), rng.normal(2, 3, size=(4, 3))
        return Case(grads=times(draw_params(rng, SIZES), 10.0), limits=LIMITS, train=train, other=other)

    def right(case):
        x, other = case.train, case.other
        mean, std = x.mean(axis=0), x.std(axis=0)
        norms = (np.array([global_norm(case.grads)] * len(case.limits)), "the norms that clip_by_global_norm returns")
        scaled = Right([(x - mean) / std, (other - mean) / std], "standardize, both sets")
        return Right(*norms, either=scaled, sequences=True)


# standardize


def stretched(rng):
    """Training data [6, 3] and other data [4, 3], in columns of different size."""
    x = rng.normal(size=(10, 3)) * np.geomspace(0.1, 50, 3) + np.linspace(-3, 40, 3)
    return Case(train=x[:6], other=x[6:])


@key(asked.training_columns_get_mean_0_and_deviation_1)
class _:
    draw = stretched

    def right(case):
        x, both = case.train, np.concatenate([case.train, case.other])
        mean, std = x.mean(axis=0), x.std(axis=0)
        mistakes = {
            "divided by the variance": (x - mean) / std**2,
            "the deviation has n - 1 in it (ddof 1); n is asked for": (x - mean) / x.std(axis=0, ddof=1),
            "only centred": x - mean,
            "not centred": x / std,
            "the deviation is taken around 0, not around the mean": (x - mean) / np.sqrt(np.mean(x**2, axis=0)),
            "by the mean and deviation of all numbers; every column has its own": (x - x.mean()) / x.std(),
            "by the mean and deviation of both sets together": (x - both.mean(axis=0)) / both.std(axis=0),
            "scaled to the range from 0 to 1": (x - x.min(axis=0)) / np.ptp(x, axis=0),
        }
        return Right((x - mean) / std, "standardize, x_train", mistakes)


@key(asked.other_data_by_the_same_numbers)
class _:
    draw = stretched

    def right(case):
        x, other = case.train, case.other
        mean, std = x.mean(axis=0), x.std(axis=0)
        own = (other - other.mean(axis=0)) / other.std(axis=0)
        mistakes = {
            "by its own mean and deviation; a net that was trained must see both sets through one lens": own,
            "the deviation has n - 1 in it (ddof 1); n is asked for": (other - mean) / x.std(axis=0, ddof=1),
            "it comes back as it was": other,
            "centred by its own mean": (other - other.mean(axis=0)) / std,
            "only centred": other - mean,
            "divided by the variance": (other - mean) / std**2,
            "not centred": other / std,
            "the deviation is taken around 0, not around the mean": (other - mean) / np.sqrt(np.mean(x**2, axis=0)),
        }
        return Right((other - mean) / std, "standardize, x_other", mistakes)


def with_constant(rng, n, constant):
    x = rng.normal(size=(n, 3))
    x[:, 1] = constant
    return x


def only_centred(train, other, what):
    """Of the second column; a difference that rounding makes is accepted."""
    column, rest = train[:, 1], other[:, 1]
    scale = max(np.abs(column).max(), 1)
    wanted = np.concatenate([0 * column, rest - column.mean()])
    return Right(wanted, f"standardize: {what} is to be centred and not divided", rtol=1e-6, atol=1e-9 * scale)


@key(asked.constant_columns_are_centred)
class _:
    exact = True

    def draw(rng):
        nearly = np.array([0.1 + 0.2, 0.3, 0.3, 0.1 + 0.2, 0.3, 0.3, 0.3])
        columns = [(7, 3.0), (7, 0.0), (7, nearly), (6, 0.1), (6, -0.1)]  # the sum of six times 0.1 is rounded
        return Case(several=[(with_constant(rng, n, column), rng.normal(size=(4, 3))) for n, column in columns])

    def right(case):
        nearly = "a column that is constant up to rounding"
        names = ["a constant column", "a column of zeros", nearly, nearly, nearly]
        return [only_centred(*both, name) for both, name in zip(case.several, names, strict=True)]


@key(asked.rounding_is_relative)
class _:
    exact = True

    def draw(rng):
        large = 1e9 / 3 * (1 + np.finfo(float).eps * np.array([0, 1, 0, 2, 1, 0, 1]))
        tiny = rng.normal(size=7) * 1e-9
        x, x_other = with_constant(rng, 7, tiny), with_constant(rng, 4, 1e-9)
        x[:, 0] *= 1e9  # each column has a size of its own
        return Case(several=[(with_constant(rng, 7, large), with_constant(rng, 4, 1e9 / 3)), (x, x_other)])

    def right(case):
        large, (train, other) = case.several
        both = np.concatenate([train[:, 1], other[:, 1]])
        varied = "standardize: a column of tiny numbers that differ is no constant one: divide it by its deviation"
        return [
            only_centred(*large, "a column of large numbers, equal up to rounding,"),
            Right((both - train[:, 1].mean()) / train[:, 1].std(), varied),
        ]
