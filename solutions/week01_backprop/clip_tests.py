"""Hidden tests of clip_by_global_norm and standardize, the same in regression and in classification."""

import numpy as np

from grader.checks.diagnosis.named import numbered
from grader.judge import expect, expect_that, expect_unchanged, hidden_test, prop

from .nets import draw_params, expect_params_unchanged, found, pairs

SIZES = (3, 4, 2)


def global_norm(grads):
    return np.sqrt(sum((array**2).sum() for pair in grads for array in pair))


def clipped(student, grads, max_norm, sizes=SIZES):
    """-> (clipped gradients as pairs, the norm before)."""
    result = student.clip_by_global_norm(grads, max_norm)
    paired = isinstance(result, (list, tuple)) and len(result) == 2
    expect_that(paired, f"clip_by_global_norm returns two things, (clipped, norm); found {found(result)}")
    return pairs(result[0], sizes, "the clipped gradients"), result[1]


def expect_flat(yours, wanted, what, mistakes):
    """All arrays of both lists of pairs agree."""

    def flat(grads):
        return [array for pair in grads for array in pair]

    expect(flat(yours), flat(wanted), what=what, mistakes={text: flat(value) for text, value in mistakes.items()})


def times(grads, factor):
    return [(factor * dW, factor * db) for dW, db in grads]


@hidden_test("test_clip", points=0.15)
def norm_is_that_of_all_gradients_together(student, rng):
    """clip_by_global_norm returns the norm of all gradients together, as it was before."""
    for sizes in (SIZES, (2, 5)):
        grads = times(draw_params(rng, sizes), 10.0)
        norm = global_norm(grads)
        by_array = [np.linalg.norm(array) for pair in grads for array in pair]
        mistakes = {
            "this is the square of the norm": norm**2,
            "the norms of the arrays were added up": sum(by_array),
            "this is the largest norm of a single array": max(by_array),
            "the biases are left out": np.sqrt(sum((dW**2).sum() for dW, _ in grads)),
            "the norm was taken after the clipping": 7.0,
            "only the first layer is counted": global_norm(grads[:1]),
        }
        mistakes = {text: value for text, value in numbered(mistakes) if not np.isclose(value, norm)}
        for max_norm in (7.0, 1e6):
            _, yours = clipped(student, grads, max_norm, sizes)
            expect(yours, norm, what="the norm that clip_by_global_norm returns", mistakes=mistakes)


@hidden_test("test_clip", points=0.2)
def long_gradients_are_shortened(student, rng):
    """clip_by_global_norm shortens all gradients by one factor, to max_norm."""
    grads, max_norm = times(draw_params(rng, SIZES), 10.0), 7.0
    norm = global_norm(grads)
    wanted = times(grads, max_norm / norm)
    each = [tuple(a * min(1, max_norm / np.linalg.norm(a)) for a in pair) for pair in grads]
    mistakes = {
        "nothing is clipped": grads,
        "every array is clipped by itself; one factor for all keeps the direction": each,
        "every entry is clipped by itself; one factor for all keeps the direction": [
            tuple(np.clip(a, -max_norm, max_norm) for a in pair) for pair in grads
        ],
        "scaled to norm 1, not to max_norm": times(grads, 1 / norm),
        "the factor is upside down": times(grads, norm / max_norm),
        "divided by the square of the norm": times(grads, max_norm / norm**2),
        "each layer is clipped by itself; one factor for all keeps the direction": [
            times([pair], min(1, max_norm / global_norm([pair])))[0] for pair in grads
        ],
    }
    yours, _ = clipped(student, grads, max_norm)
    expect_flat(yours, wanted, "gradients longer than max_norm", mistakes)


@hidden_test("test_clip", points=0.1)
def short_gradients_stay(student, rng):
    """clip_by_global_norm leaves gradients that are short enough as they are."""
    grads = draw_params(rng, SIZES)
    norm = global_norm(grads)
    yours, _ = clipped(student, grads, 3 * norm)
    stretched = {"short gradients are stretched to max_norm; they are to stay as they are": times(grads, 3.0)}
    expect_flat(yours, grads, "gradients shorter than max_norm", stretched)


@hidden_test("test_clip", points=0.05)
def zero_gradients_are_no_trouble(student, rng):
    """clip_by_global_norm gives zeros and the norm 0 for gradients that are all zero."""
    grads = times(draw_params(rng, SIZES), 0.0)
    yours, norm = clipped(student, grads, 1.0)
    expect_flat(yours, grads, "gradients that are all zero", {})
    expect(norm, 0.0, what="the norm of gradients that are all zero")


@prop
class Sharing:
    """Do the arrays that come out share their memory with those that went in?"""

    def count(self, clip, grads, max_norm):
        clipped, _ = clip(grads, max_norm)
        inside = [array for pair in grads for array in pair]
        return sum(np.shares_memory(array, other) for pair in clipped for array in pair for other in inside)


@hidden_test("test_clip", points=0.1)
def arguments_are_left_alone(student, rng):
    """clip_by_global_norm gives copies; neither function changes its arguments."""
    grads = times(draw_params(rng, SIZES), 10.0)
    given = student.put(grads)
    for max_norm in (7.0, 1e6):
        clipped(student, given, max_norm)
        expect_params_unchanged(given, grads, "clip_by_global_norm: grads")
    for max_norm in (7.0, 1e6):
        shared = student.prop(Sharing)().count(student.clip_by_global_norm, grads, max_norm)
        expect_that(shared == 0, "clip_by_global_norm: the result shares memory with grads; copies are asked for")
    x_train, x_other = rng.normal(2, 3, size=(6, 3)), rng.normal(2, 3, size=(4, 3))
    train, other = student.put(x_train), student.put(x_other)
    standardized(student, train, other, (6, 3), (4, 3))
    expect_unchanged(train, x_train, what="standardize: x_train")
    expect_unchanged(other, x_other, what="standardize: x_other")


# standardize


def standardized(student, x_train, x_other, *shapes):
    result = student.standardize(x_train, x_other)
    fits = isinstance(result, (list, tuple)) and len(result) == 2
    expect_that(fits, f"standardize returns two things, both of its arguments standardised; found {found(result)}")
    for value, shape, name in zip(result, shapes, ("x_train", "x_other"), strict=True):
        fits = isinstance(value, np.ndarray) and value.shape == shape
        expect_that(fits, f"standardize, {name}: an array of shape {shape} is expected, found {found(value)}")
    return result


def stretched(rng, n, columns=3):
    return rng.normal(size=(n, columns)) * np.geomspace(0.1, 50, columns) + np.linspace(-3, 40, columns)


@hidden_test("test_clip", points=0.15)
def training_columns_get_mean_0_and_deviation_1(student, rng):
    """standardize gives every column of x_train the mean 0 and the standard deviation 1."""
    x, other = stretched(rng, 6), stretched(rng, 4)
    mean, std = x.mean(axis=0), x.std(axis=0)
    yours, _ = standardized(student, x, other, (6, 3), (4, 3))
    both = np.concatenate([x, other])
    mistakes = {
        "divided by the variance": (x - mean) / std**2,
        "the deviation has n - 1 in it (ddof 1); n is asked for": (x - mean) / x.std(axis=0, ddof=1),
        "only centred": x - mean,
        "not centred": x / std,
        "by the mean and deviation of all numbers; every column has its own": (x - x.mean()) / x.std(),
        "by the mean and deviation of both sets together": (x - both.mean(axis=0)) / both.std(axis=0),
        "scaled to the range from 0 to 1": (x - x.min(axis=0)) / np.ptp(x, axis=0),
    }
    expect(yours, (x - mean) / std, what="standardize, x_train", mistakes=mistakes)


@hidden_test("test_clip", points=0.1)
def other_data_by_the_same_numbers(student, rng):
    """standardize treats x_other by the numbers of x_train."""
    x, other = stretched(rng, 6), stretched(rng, 4)
    mean, std = x.mean(axis=0), x.std(axis=0)
    _, yours = standardized(student, x, other, (6, 3), (4, 3))
    own = (other - other.mean(axis=0)) / other.std(axis=0)
    mistakes = {
        "by its own mean and deviation; a net that was trained must see both sets through one lens": own,
        "the deviation has n - 1 in it (ddof 1); n is asked for": (other - mean) / x.std(axis=0, ddof=1),
        "it comes back as it was": other,
        "centred by its own mean": (other - other.mean(axis=0)) / std,
        "only centred": other - mean,
        "divided by the variance": (other - mean) / std**2,
        "not centred": other / std,
    }
    expect(yours, (other - mean) / std, what="standardize, x_other", mistakes=mistakes)


def with_constant(rng, n, constant):
    x = rng.normal(size=(n, 3))
    x[:, 1] = constant
    return x


def expect_only_centred(student, x, other, what):
    yours, others = standardized(student, x, other, x.shape, other.shape)
    hint = f"standardize: {what} is to be centred and not divided"
    for value in (yours, others):
        expect_that(bool(np.isfinite(value).all()), f"{hint}; it became NaN or infinity")
    mean, scale = x[:, 1].mean(), np.abs(x[:, 1]).max()
    close = np.allclose(yours[:, 1], 0, atol=1e-9 * max(scale, 1))
    close = close and np.allclose(others[:, 1], other[:, 1] - mean, rtol=1e-6, atol=1e-9 * max(scale, 1))
    expect_that(bool(close), hint)


@hidden_test("test_clip", points=0.1)
def constant_columns_are_centred(student, rng):
    """standardize only centres a column that is constant, up to rounding, in x_train."""
    other = rng.normal(size=(4, 3))
    expect_only_centred(student, with_constant(rng, 7, 3.0), other, "a constant column")
    expect_only_centred(student, with_constant(rng, 7, 0.0), other, "a column of zeros")
    nearly = np.array([0.1 + 0.2, 0.3, 0.3, 0.1 + 0.2, 0.3, 0.3, 0.3])
    expect_only_centred(student, with_constant(rng, 7, nearly), other, "a column that is constant up to rounding")
    for constant in (0.1, -0.1):  # the sum of six of them is rounded
        expect_only_centred(student, with_constant(rng, 6, constant), other, "a column that is constant up to rounding")


@hidden_test("test_clip", points=0.05)
def rounding_is_relative(student, rng):
    """standardize tells rounding from variation by the size of the numbers."""
    other = with_constant(rng, 4, 1e9 / 3)
    noise = 1e9 / 3 * (1 + np.finfo(float).eps * np.array([0, 1, 0, 2, 1, 0, 1]))
    expect_only_centred(student, with_constant(rng, 7, noise), other, "a column of large numbers, equal up to rounding")
    tiny = rng.normal(size=7) * 1e-9
    x, x_other = with_constant(rng, 7, tiny), with_constant(rng, 4, 1e-9)
    x[:, 0] *= 1e9  # each column has a size of its own
    yours, _ = standardized(student, x, x_other, (7, 3), (4, 3))
    hint = "standardize: a column of tiny numbers that differ is no constant one: divide it by its deviation"
    expect_that(bool(np.isclose(np.std(yours[:, 1]), 1, rtol=1e-6)), hint)
