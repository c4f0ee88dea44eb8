"""Hidden tests of the lecture: two steps on paper for any samples, the gradients of a hidden layer, short questions."""

import numpy as np

from grader.checks.diagnosis.named import Named
from grader.judge import expect, expect_that, expect_unchanged, hidden_test

from .questions import two_paths, two_steps_down, unit_change, which_way, why_not_step, zero_start

__all__ = ["two_paths", "two_steps_down", "unit_change", "which_way", "why_not_step", "zero_start"]

SUMMED = Named("summed_over_batch", "the slopes of the samples are summed; E is a mean over the samples")
CLIMBS = Named("step_climbs", "the step climbs: subtract the slope")
NO_RATE = Named("no_learning_rate", "the learning rate is missing")
STEP_ONLY = "this is the step alone; theta after the step is asked for"
SLOPE_ONLY = "this is the slope; theta after the step is asked for"


def step_mistakes(theta, rate, slope, n, others):
    """What a wrong step leads to; ``others`` maps a slip in the slope to the wrong slope."""
    slips = {text: theta - rate * wrong for text, wrong in others.items()}
    return {
        SUMMED: theta - rate * n * slope,
        CLIMBS: theta + rate * slope,
        NO_RATE: theta - slope,
        STEP_ONLY: -rate * slope,
        SLOPE_ONLY: slope,
        "theta does not move": theta,
        "the 2 of the square is not cancelled by the 1/2 of E": theta - 2 * rate * slope,
        "half of the slope: the 2 of the square cancels the 1/2 of E": theta - rate * slope / 2,
        **slips,
    }


# cube_step


def cube_slope(theta, x, y):
    return np.mean((theta * x**3 - y) * x**3)


def expect_cube_step(student, theta, x, y, rate, what):
    error = theta * x**3 - y
    others = {
        "the chain rule's second factor is missing: how the prediction moves with theta": np.mean(error),
        "the second factor is the slope of the prediction in x; it is theta that moves": np.mean(
            3 * theta * x**2 * error
        ),
        "the second factor is x^3, not x": np.mean(error * x),
        "the error is y minus the prediction, so the sign turns": -cube_slope(theta, x, y),
    }
    mistakes = step_mistakes(theta, rate, cube_slope(theta, x, y), len(x), others)
    expect(student.cube_step(theta, x, y, rate), theta - rate * cube_slope(theta, x, y), what=what, mistakes=mistakes)


@hidden_test("test_cube_step", points=0.7)
def cube_step_goes_down_the_mean_slope(student, rng):
    """cube_step goes down the slope of the error, averaged over the samples."""
    x, y = rng.uniform(0.5, 1.5, size=3) * [-1, 1, 1], rng.normal(size=3)
    expect_cube_step(student, float(rng.uniform(1, 2)), x, y, 0.3, "cube_step, three samples")


@hidden_test("test_cube_step", points=0.2)
def cube_step_takes_any_number_of_samples(student, rng):
    """cube_step takes any number of samples."""
    for n in (1, 8):
        x, y = rng.uniform(0.5, 1.5, size=n), rng.normal(size=n)
        expect_cube_step(student, float(rng.uniform(1, 2)), x, y, 0.3, f"cube_step, a batch of {n}")


@hidden_test("test_cube_step", points=0.1)
def cube_step_leaves_the_samples_alone(student, rng):
    """cube_step changes neither x nor y in place."""
    x, y = rng.normal(size=(2, 5))
    given = student.put(x), student.put(y)
    student.cube_step(1.5, *given, 0.1)
    for standin, before, name in zip(given, (x, y), "xy", strict=True):
        expect_unchanged(standin, before, what=name)


# quadratic_step


def features(x):
    return np.stack([x * x, x, x**0], axis=1)


def expect_quadratic_step(student, n, rng, what):
    theta, x, y = rng.uniform(0.5, 1.5, size=3), rng.normal(size=n), rng.normal(size=n)
    error = features(x) @ theta - y
    slope = error @ features(x) / n
    backwards = features(x)[:, ::-1]
    updated = theta.copy()
    for k in range(3):
        updated[k] -= 0.2 * np.mean((features(x) @ updated - y) * features(x)[:, k])
    others = {
        "the chain rule's second factor is missing: how the prediction moves with each theta": np.full(
            3, np.mean(error)
        ),
        "theta[0] belongs to x^2, theta[2] is the constant: the order is turned round": (backwards @ theta - y)
        @ backwards
        / n,
        "the prediction is right and the slopes are in the wrong order": slope[::-1],
        "theta[0] belongs to x^2: its slope holds x^2, not 2 x": np.mean(
            error * np.stack([2 * x, x**0, 0 * x]), axis=1
        ),
    }
    mistakes = step_mistakes(theta, 0.2, slope, n, others)
    mistakes["the parameters move one after the other; all slopes belong to the old point"] = updated
    expect(student.quadratic_step(theta, x, y, 0.2), theta - 0.2 * slope, what=what, mistakes=mistakes)


@hidden_test("test_quadratic_step", points=0.6)
def quadratic_step_goes_down_the_gradient(student, rng):
    """quadratic_step goes down the gradient of the error, averaged over the samples."""
    expect_quadratic_step(student, 3, rng, "quadratic_step, three samples")


@hidden_test("test_quadratic_step", points=0.2)
def quadratic_step_takes_any_number_of_samples(student, rng):
    """quadratic_step takes any number of samples."""
    for n in (1, 9):
        expect_quadratic_step(student, n, rng, f"quadratic_step, a batch of {n}")


@hidden_test("test_quadratic_step", points=0.2)
def quadratic_step_returns_a_new_array(student, rng):
    """quadratic_step leaves theta and the samples as they were."""
    arrays = [rng.normal(size=size) for size in (3, 5, 5)]
    given = [student.put(array) for array in arrays]
    student.quadratic_step(*given, 0.1)
    for standin, before, name in zip(given, arrays, ("theta", "x", "y"), strict=True):
        expect_unchanged(standin, before, what=name)


# hidden_layer_grads


def sigma(z):
    return 1 / (1 + np.exp(-z))


def problem(rng, n=7, d=3, h=5):
    """x, y, w0, b0, w1, b1 of sizes that all differ."""
    return [rng.normal(size=shape) for shape in ((n, d), (n, 1), (d, h), (h,), (h, 1), (1,))]


def gradients(x, y, w0, b0, w1, b1, slope=lambda hidden: hidden * (1 - hidden)):
    """(dw0, db0, dw1, db1), summed over samples one after the other; ``slope`` is the sigmoid's, from its value."""
    totals = [np.zeros_like(parameter) for parameter in (w0, b0, w1, b1)]
    for row, target in zip(x, y, strict=True):
        value = sigma(row @ w0 + b0)
        error = (value @ w1 + b1 - target) / len(x)
        message = error * w1[:, 0] * slope(value)
        for total, part in zip(totals, (np.outer(row, message), message, np.outer(value, error), error), strict=True):
            total += part
    return totals


SLIPS = {
    "the slope of the sigmoid is missing": lambda hidden: np.ones_like(hidden),
    "the slope of the sigmoid is taken at its value; with h = sigmoid(z) it is h (1 - h)": lambda h: (
        sigma(h) * (1 - sigma(h))
    ),
    "the sigmoid itself stands in the place of its slope": lambda hidden: hidden,
    "the slope of the sigmoid is h (1 - h), and not 1 - h": lambda hidden: 1 - hidden,
    "the slope of the sigmoid is h (1 - h); this is that of tanh": lambda hidden: 1 - hidden**2,
}


def unweighted(x, y, w0, b0, w1, b1):
    """dw0 and db0 if the message of the output reached the hidden units as it is."""
    hidden = sigma(x @ w0 + b0)
    message = (hidden @ w1 + b1 - y) / len(x) * hidden * (1 - hidden)
    return x.T @ message, message.sum(axis=0)


def parts(student, arrays):
    """The four gradients, once it is known that they are four."""
    grads = student.hidden_layer_grads(*arrays)
    fits = isinstance(grads, (tuple, list)) and len(grads) == 4
    expect_that(fits, "hidden_layer_grads must return four arrays: (dw0, db0, dw1, db1)", "type")
    return grads


def expect_gradient(student, place, arrays, name):
    right, n = gradients(*arrays)[place], len(arrays[0])
    mistakes = {
        "summed over the samples: E is a mean, so the error carries 1/n": right * n,
        "divided by the batch size twice: once is enough": right / n,
        "the sign: the error is the prediction minus y": -right,
        "the 2 of the square is cancelled by the 1/2 of E": 2 * right,
    }
    if place < 2:
        mistakes |= {text: gradients(*arrays, slope=slope)[place] for text, slope in SLIPS.items()}
        mistakes["the message is not multiplied by w1 on its way to the hidden units"] = unweighted(*arrays)[place]
    expect(parts(student, arrays)[place], right, what=name, mistakes=mistakes, scales={"batch_size": n})


@hidden_test("test_hidden_layer_grads", points=0.25)
def gradient_of_w0(student, rng):
    """The gradient of w0."""
    expect_gradient(student, 0, problem(rng), "dw0")


@hidden_test("test_hidden_layer_grads", points=0.2)
def gradient_of_b0(student, rng):
    """The gradient of b0."""
    expect_gradient(student, 1, problem(rng), "db0")


@hidden_test("test_hidden_layer_grads", points=0.2)
def gradient_of_w1(student, rng):
    """The gradient of w1."""
    expect_gradient(student, 2, problem(rng), "dw1")


@hidden_test("test_hidden_layer_grads", points=0.15)
def gradient_of_b1(student, rng):
    """The gradient of b1."""
    expect_gradient(student, 3, problem(rng), "db1")


@hidden_test("test_hidden_layer_grads", points=0.1)
def any_sizes(student, rng):
    """All four for other sizes: a single sample, a single input, a single hidden unit."""
    for sizes in ({"n": 1}, {"d": 1}, {"h": 1}):
        arrays = problem(rng, **sizes)
        for place, name in enumerate(("dw0", "db0", "dw1", "db1")):
            what = f"{name} with {next(iter(sizes))} = 1"
            expect(parts(student, arrays)[place], gradients(*arrays)[place], what=what)


@hidden_test("test_hidden_layer_grads", points=0.1)
def arguments_stay(student, rng):
    """No argument is changed in place."""
    arrays = problem(rng)
    given = [student.put(array) for array in arrays]
    parts(student, given)
    for standin, before, name in zip(given, arrays, ("x", "y", "w0", "b0", "w1", "b1"), strict=True):
        expect_unchanged(standin, before, what=name)
