"""What the hidden tests of the model have in common."""

import numpy as np

from grader.judge import expect_that, expect_unchanged

from .model import features, loss, probability


def batch(rng, n):
    """Points [n, 2], integer labels [n] with both classes among them, weights [6]: logits of order one."""
    X, y, w = rng.normal(size=(n, 2)), rng.integers(0, 2, size=n), 0.7 * rng.normal(size=6)
    if n > 1:
        y[:2] = [0, 1]
    return X, y, w


def with_logit(rng, z):
    """One point [1, 2] and weights [6] that give it the logit z, without large numbers that cancel."""
    X = rng.uniform(-1, 1, size=(1, 2))
    return X, np.array([0, 0, 0, 0, 0, float(z)])


def right_model_before(student, name):
    """The functions of the exercises before ``name`` are taken as right."""
    model = {"expand": features, "classify": probability, "compute_loss": loss}
    earlier = list(model)[: [*model, "compute_grad"].index(name)]
    return student.replacing(**{function: model[function] for function in earlier})


def parts(result, shapes, what):
    """The arrays that a function returned, once it is known that there is one of each shape and all are finite."""
    names = list(shapes)
    if len(names) == 1:
        result = (result,)
    told = ", ".join(names)
    is_row = isinstance(result, (tuple, list)) and len(result) == len(names)
    found = f"{len(result)} values" if isinstance(result, (tuple, list)) else f"one {type(result).__name__}"
    expect_that(is_row, f"{what} must return ({told}), it returned {found}", "type")
    return [_numbers(value, shapes[name], f"{name} from {what}") for name, value in zip(names, result, strict=True)]


def _numbers(value, shape, what):
    array = _plain(value)
    expect_that(array is not None, f"{what} is no array of numbers", "type")
    expect_that(array.shape == shape, f"{what} has shape {array.shape}, expected {shape}", "shape")
    expect_that(bool(np.isfinite(array).all()), f"{what} holds nan or inf", "not_finite")
    return array


def _placed(student, value):
    return student.put(value) if isinstance(value, np.ndarray) else value  # public


def number_from(student, function, what, *arguments):
    """The number that a function of the student's returns, as a float; its arguments must be left as they were."""
    return float(_value_from(student, function, what, (), arguments))


def six_from(student, function, what, *arguments):
    """The array [6] that a function of the student's returns; its arguments must be left as they were."""
    return _value_from(student, function, what, (6,), arguments)


def _value_from(student, function, what, shape, arguments):
    kept = [_placed(student, value) for value in arguments]
    (value,) = parts(function(*kept), {"the result": shape}, what)
    for name, standin, original in zip(("X", "y", "w"), kept, arguments, strict=True):
        expect_unchanged(standin, original, what=name)
    return value


def has_nan(value):
    """Is there a nan in it? False for what is no array of numbers: that is judged elsewhere."""
    array = _plain(value)
    return bool(array is not None and np.isnan(array).any())


def has_infinity(value):
    """Is there an infinity in it?"""
    array = _plain(value)
    return bool(array is not None and np.isinf(array).any())


def _plain(value):
    numeric = isinstance(value, (np.ndarray, np.generic, float, int)) and np.asarray(value).dtype.kind in "bif"
    return np.asarray(value, dtype=float) if numeric else None
