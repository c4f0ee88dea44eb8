"""Keys of the lecture: two steps on paper for any samples, the gradients of a hidden layer."""

import numpy as np

from grader.checks.diagnosis.named import Named
from grader.checks.questions import Right
from grader.judge.authoring.keys import Case, key
from grader.judge.authoring.slopes import with_another_slope
from week01_backprop import intro_to_backprop_questions as asked

from . import answer_keys

__all__ = ["answer_keys", "asked"]

SUMMED = Named("summed_over_batch", "the slopes of the samples are summed; E is a mean over the samples")
CLIMBS = Named("step_climbs", "the step climbs: subtract the slope")
NO_RATE = Named("no_learning_rate", "the learning rate is missing")
STEP_ONLY = "this is the step alone; theta after the step is asked for"
SLOPE_ONLY = "this is the slope; theta after the step is asked for"
STILL = "theta does not move"


def step_mistakes(theta, rate, slope, n, others):
    """What a wrong step leads to; ``others`` maps a slip in the slope to the wrong slope."""
    slips = {text: theta - rate * wrong for text, wrong in others.items()}
    return {
        SUMMED: theta - rate * n * slope,
        CLIMBS: theta + rate * slope,
        NO_RATE: theta - slope,
        STEP_ONLY: -rate * slope,
        SLOPE_ONLY: slope,
        STILL: theta,
        "the 2 of the square is not cancelled by the 1/2 of E": theta - 2 * rate * slope,
        "half of the slope: the 2 of the square cancels the 1/2 of E": theta - rate * slope / 2,
        **slips,
    }


def also(mistakes):
    """Values that the other questions judge; not that of a function that gives theta back."""
    return [value for text, value in mistakes.items() if text != STILL]


# cube_step


def cube_slope(theta, x, y):
    return np.mean((theta * x**3 - y) * x**3)


def cube_right(theta, x, y, rate, what):
    error = theta * x**3 - y
    others = {
        "the chain rule's second factor is missing: how the prediction moves with theta": np.mean(error),
        "the second factor is the slope of the prediction in x; it is theta that moves": np.mean(
            3 * theta * x**2 * error
        ),
        "the second factor is x^3, not x": np.mean(error * x),
        "the error is y minus the prediction, so the sign turns": -cube_slope(theta, x, y),
    }
    if len(x) > 1:
        others["the product of two means; the mean of the products is wanted"] = np.mean(error) * np.mean(x**3)
    mistakes = step_mistakes(theta, rate, cube_slope(theta, x, y), len(x), others)
    return Right(theta - rate * cube_slope(theta, x, y), what, mistakes=mistakes, before=theta)


def cube_case(rng, n):
    """(theta, x, y, learning_rate), x of both signs where there is more than one."""
    signs = np.array([-1, *[1] * (n - 1)] if n > 1 else [1])
    x, y = rng.uniform(0.5, 1.5, size=n) * signs, rng.normal(size=n)
    return float(rng.uniform(1, 2)), x, y, float(rng.uniform(0.2, 0.4))


def named(theta, x, y, rate):
    return Case(theta=theta, x=x, y=y, learning_rate=rate)


@key(asked.cube_step_goes_down_the_mean_slope)
class _:
    def draw(rng):
        return named(*cube_case(rng, 3))

    def right(case):
        return cube_right(case.theta, case.x, case.y, case.learning_rate, "cube_step, three samples")


@key(asked.cube_step_takes_any_number_of_samples)
class _:
    def draw(rng):
        return Case(cases=[cube_case(rng, n) for n in (1, 8)])

    def right(case):
        return [cube_right(*args, f"cube_step, a batch of {len(args[1])}") for args in case.cases]


@key(asked.cube_step_leaves_the_samples_alone)
class _:
    def draw(rng):
        return named(*cube_case(rng, 3))

    def right(case):
        right = cube_right(case.theta, case.x, case.y, case.learning_rate, "cube_step")
        return [Right(right.value, right.what, also=also(right.mistakes)), None]


# quadratic_step


def features(x):
    return np.stack([x * x, x, x**0], axis=1)


def quadratic_right(theta, x, y, rate, what):
    n = len(x)
    error = features(x) @ theta - y
    slope = error @ features(x) / n
    backwards = features(x)[:, ::-1]
    updated = theta.copy()
    for k in range(3):
        updated[k] -= rate * np.mean((features(x) @ updated - y) * features(x)[:, k])
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
    if n != len(theta):
        others["divided by the number of parameters; the mean is over the samples"] = n * slope / len(theta)
    mistakes = step_mistakes(theta, rate, slope, n, others)
    mistakes["the parameters move one after the other; all slopes belong to the old point"] = updated
    mistakes["the rate of the text is written in; learning_rate is an argument"] = theta - 0.1 * slope
    return Right(theta - rate * slope, what, mistakes=mistakes, before=theta)


def quadratic_case(rng, n):
    """(theta, x, y, learning_rate)."""
    return rng.uniform(0.5, 1.5, size=3), rng.normal(size=n), rng.normal(size=n), float(rng.uniform(0.15, 0.3))


@key(asked.quadratic_step_goes_down_the_gradient)
class _:
    def draw(rng):
        return named(*quadratic_case(rng, 3))

    def right(case):
        return quadratic_right(case.theta, case.x, case.y, case.learning_rate, "quadratic_step, three samples")


@key(asked.quadratic_step_takes_any_number_of_samples)
class _:
    def draw(rng):
        return Case(cases=[quadratic_case(rng, n) for n in (1, 9)])

    def right(case):
        return [quadratic_right(*args, f"quadratic_step, a batch of {len(args[1])}") for args in case.cases]


@key(asked.quadratic_step_returns_a_new_array)
class _:
    def draw(rng):
        return named(*quadratic_case(rng, 3))

    def right(case):
        right = quadratic_right(case.theta, case.x, case.y, case.learning_rate, "quadratic_step")
        return [Right(right.value, right.what, also=also(right.mistakes)), None]


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


def gradient_mistakes(place, arrays):
    right, n = gradients(*arrays)[place], len(arrays[0])
    mistakes = {
        "summed over the samples: E is a mean, so the error carries 1/n": right * n,
        "divided by the batch size twice: once is enough": right / n,
        "the sign: the error is the prediction minus y; if dw1 is right, the slope's": -right,
        "the 2 of the square is cancelled by the 1/2 of E": 2 * right,
    }
    if place < 2:
        mistakes |= {text: gradients(*arrays, slope=slope)[place] for text, slope in SLIPS.items()}
        mistakes["the message is not multiplied by w1 on its way to the hidden units"] = unweighted(*arrays)[place]
    if place == 2:
        x, y, w0, b0, w1, b1 = arrays
        error = (sigma(x @ w0 + b0) @ w1 + b1 - y) / n
        mistakes["the input of the sigmoid is taken for its output: w1 multiplies h"] = (x @ w0 + b0).T @ error
    return mistakes


def gradients_with_another_slope(place, x, y, w0, b0, w1, b1):
    """Of dw0 or db0, by words, what comes with something else in the place of the sigmoid's slope."""
    if place > 1:
        return {}
    z = x @ w0 + b0
    h = sigma(z)
    message = (h @ w1 + b1 - y) / len(x) @ w1.T
    behind = np.transpose(x) if place == 0 else np.ones(len(x))
    return with_another_slope(lambda slope: behind @ (message * slope), z=z, h=h)


def slips_of(place, arrays):
    """What another question judges, told there by name or not."""
    return [*gradient_mistakes(place, arrays).values(), *gradients_with_another_slope(place, *arrays).values()]


NAMES = ("dw0", "db0", "dw1", "db1")
NET = ("x", "y", "w0", "b0", "w1", "b1")


def gradient_key(question, place):
    """The key of the question about one of the four gradients."""

    @key(question)
    class _:
        def draw(rng):
            return Case(**dict(zip(NET, problem(rng), strict=True)), others=problem(rng)[:2])

        def right(case):
            arrays = [getattr(case, name) for name in NET]
            right = gradients(*arrays)[place]
            mistakes = gradient_mistakes(place, arrays)
            mistakes["the gradients of an earlier call are still in it: each call begins at zero"] = (
                right + gradients(*case.others, *arrays[2:])[place]
            )
            told = Right(right, NAMES[place], mistakes=mistakes, scales={"batch_size": len(case.x)})
            return [told if here == place else None for here in range(4)]

        def others(case):
            return gradients_with_another_slope(place, *(getattr(case, name) for name in NET))


for place, question in enumerate(
    (asked.gradient_of_w0, asked.gradient_of_b0, asked.gradient_of_w1, asked.gradient_of_b1)
):
    gradient_key(question, place)


@key(asked.any_sizes)
class _:
    def draw(rng):
        return Case(cases=[problem(rng, **{size: 1}) for size in "ndh"])

    def right(case):
        return [
            Right(right, f"{name} with {size} = 1", also=slips_of(place, arrays))
            for size, arrays in zip("ndh", case.cases, strict=True)
            for place, (name, right) in enumerate(zip(NAMES, gradients(*arrays), strict=True))
        ]


@key(asked.arguments_stay)
class _:
    def draw(rng):
        return Case(**dict(zip(NET, problem(rng), strict=True)))

    def right(case):
        arrays = list(vars(case).values())
        found, either = gradients(*arrays), None
        for place, (name, right) in reversed(list(enumerate(zip(NAMES, found, strict=True)))):
            # Also the second layer in place of the first.
            also = [*gradient_mistakes(place, arrays).values(), found[(place + 2) % 4]]
            either = Right(right, name, also=also, either=either)
        return either
