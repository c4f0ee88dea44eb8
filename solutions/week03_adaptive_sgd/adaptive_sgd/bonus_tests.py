"""Hidden tests of the bonus steps: Nesterov, AdaGrad, Adam, AdamW."""

import numpy as np

from grader.judge import expect, expect_that, hidden_test
from week03_adaptive_sgd.objectives import quadratic

from .asking import (
    eps_given_and_by_default,
    expect_any_shape,
    expect_blind_to_units,
    expect_clean,
    expect_divided_by_root,
    expect_moves,
    expect_path,
    parts,
    path_of,
    right_steps_before,
)
from .steps import adam, adamw, nesterov, sgd, wrong_values

SIZE = 5
MOMENTS = {"w": (SIZE,), "m": (SIZE,), "v": (SIZE,)}


def slope_of_a_bowl(rng):
    """The gradient of a random bowl in SIZE dimensions, as a function of w."""
    return quadratic(10.0, dimensions=SIZE, rng=rng, centre=rng.normal(size=SIZE)).gradient


@hidden_test("test_nesterov", points=0.2)
def nesterov_looks_ahead(student, rng):
    """velocity <- mu velocity + lr grad_fn(w - mu velocity), then w <- w - velocity."""
    (w, v), slope, lr, mu = rng.normal(size=(2, SIZE)), slope_of_a_bowl(rng), 0.07, 0.8
    with right_steps_before(student, "nesterov"):
        result = student.nesterov_step(w, slope, v, lr, mu)
    new, velocity = parts(result, {"w": (SIZE,), "velocity": (SIZE,)}, "nesterov_step")
    right = nesterov(w, slope, v, lr, mu)
    expect(velocity, right[1], what="velocity", mistakes=wrong_values("nesterov", 1, w, slope, v, lr, mu))
    expect(new, right[0], what="w", mistakes=wrong_values("nesterov", 0, w, slope, v, lr, mu))


@hidden_test("test_nesterov", points=0.1)
def nesterov_path(student, rng):
    """The path of ten steps down a random bowl, from rest; with mu = 0 that of plain descent."""
    bowl = quadratic(20.0, dimensions=3, rng=rng)
    with right_steps_before(student, "nesterov"):
        expect_path(student.nesterov_step, "nesterov", bowl, 10, 0.03, 0.8)
        plain = path_of(student.nesterov_step, bowl, 4, 0.03, 0.0, name="nesterov")
    expect(plain, path_of(sgd, bowl, 4, 0.03, name="sgd"), what="the path with mu = 0")


@hidden_test("test_nesterov", points=0.1)
def nesterov_is_pure(student, rng):
    """w may have any shape; arguments are left as they were, and nothing is kept between calls."""
    (w, v), slope = rng.normal(size=(2, SIZE)), slope_of_a_bowl(rng)
    with right_steps_before(student, "nesterov"):
        expect_clean(student, student.nesterov_step, {"w": w, "grad_fn": slope, "velocity": v, "lr": 0.07, "mu": 0.8})
        expect_any_shape(student.nesterov_step, "nesterov", rng, 0.1, 0.5)


@hidden_test("test_adagrad", points=0.1)
def adagrad_sum_square(student, rng):
    """sum_square <- sum_square + grad^2."""
    (w, g), s = rng.normal(size=(2, SIZE)), rng.uniform(0.5, 2.0, size=SIZE)
    with right_steps_before(student, "adagrad"):
        result = student.adagrad_step(w, g, s, 0.07)
    _, square = parts(result, {"w": (SIZE,), "sum_square": (SIZE,)}, "adagrad_step")
    mistakes = {**wrong_values("adagrad", 1, w, g, s, 0.07), "the old sum_square is returned": s}
    expect(square, s + g**2, what="sum_square", mistakes=mistakes)


@hidden_test("test_adagrad", points=0.1)
def adagrad_divides_by_the_root(student, rng):
    """w <- w - lr grad / (sqrt(sum_square) + eps), by the sum_square that is returned."""
    (w, g), s = rng.normal(size=(2, SIZE)), rng.uniform(0.5, 2.0, size=SIZE)
    for grad, before, options in eps_given_and_by_default(g, s):
        with right_steps_before(student, "adagrad"):
            result = student.adagrad_step(w, grad, before, 0.07, **options)
        new, after = parts(result, {"w": (SIZE,), "sum_square": (SIZE,)}, "adagrad_step")
        expect_divided_by_root(new - w, grad, 0.07, after, before, options.get("eps", 1e-8))


@hidden_test("test_adagrad", points=0.1)
def adagrad_path(student, rng):
    """The path of eight steps down a random bowl, whatever the units of the loss."""
    with right_steps_before(student, "adagrad"):
        expect_path(student.adagrad_step, "adagrad", quadratic(20.0, dimensions=3, rng=rng), 8, 0.3)
        expect_blind_to_units(student.adagrad_step, "adagrad", rng, 0.3)


@hidden_test("test_adagrad", points=0.1)
def adagrad_is_pure(student, rng):
    """w may have any shape; arguments are left as they were, and nothing is kept between calls."""
    w, g, s = rng.normal(size=(3, SIZE))
    with right_steps_before(student, "adagrad"):
        expect_clean(student, student.adagrad_step, {"w": w, "grad": g, "sum_square": s**2, "lr": 0.07})
        expect_any_shape(student.adagrad_step, "adagrad", rng, 0.3)


def in_flight(rng):
    """w, gradient, m, v [SIZE] in mid-flight and the number t of the step."""
    w, g, m = rng.normal(size=(3, SIZE))
    return w, g, m, rng.uniform(0.5, 2.0, size=SIZE), int(rng.integers(3, 6))


def barely_moving(rng):
    """The same with gradients of the size of the default eps, 1e-8: here it counts."""
    w, g, m, v, t = in_flight(rng)
    return w, 1e-8 * g, 1e-8 * m, 1e-16 * v, t


@hidden_test("test_adam", points=0.1)
def adam_moments(student, rng):
    """m and v are running means of grad and grad^2, returned without their correction."""
    arguments = (*in_flight(rng), 0.07, 0.7, 0.9)
    with right_steps_before(student, "adam"):
        _, m, v = parts(student.adam_step(*arguments), MOMENTS, "adam_step")
    _, right_m, right_v = adam(*arguments)
    expect(m, right_m, what="m", mistakes=wrong_values("adam", 1, *arguments))
    expect(v, right_v, what="v", mistakes=wrong_values("adam", 2, *arguments))


@hidden_test("test_adam", points=0.1)
def adam_moves_by_corrected_moments(student, rng):
    """w <- w - lr m^ / (sqrt(v^) + eps), m^ = m / (1 - beta1^t), v^ = v / (1 - beta2^t), eps outside the root."""
    large, small = (*in_flight(rng), 0.07, 0.7, 0.9), (*barely_moving(rng), 0.07, 0.7, 0.9)
    for arguments, options in ((large, {"eps": 0.3}), (small, {})):
        w = arguments[0]
        with right_steps_before(student, "adam"):
            new, _, _ = parts(student.adam_step(*arguments, **options), MOMENTS, "adam_step")
        wrong = {text: value - w for text, value in wrong_values("adam", 0, *arguments, **options).items()}
        expect(new - w, adam(*arguments, **options)[0] - w, what="the step of w", mistakes=wrong)


@hidden_test("test_adam", points=0.1)
def adam_path(student, rng):
    """The path of eight steps down a random bowl with the default beta1, beta2 and eps."""
    with right_steps_before(student, "adam"):
        expect_path(student.adam_step, "adam", quadratic(20.0, dimensions=3, rng=rng), 8, 0.1)


@hidden_test("test_adam", points=0.05)
def adam_first_step_has_length_lr(student, rng):
    """The first step moves every coordinate by lr, and the path does not depend on the units of the loss."""
    w, g = rng.normal(size=SIZE), rng.choice([-1, 1], size=SIZE) * 10 ** rng.uniform(-3, 3, size=SIZE)
    with right_steps_before(student, "adam"):
        new, _, _ = parts(student.adam_step(w, g, 0 * w, 0 * w, 1, 0.07, eps=1e-30), MOMENTS, "adam_step")
        hint = "the first step is not lr in every coordinate: both moments have to be corrected for t = 1"
        expect_that(bool(np.allclose(w - new, 0.07 * np.sign(g), rtol=1e-6)), hint, "first_step")
        expect_blind_to_units(student.adam_step, "adam", rng, 0.1)


@hidden_test("test_adam", points=0.05)
def adam_is_pure(student, rng):
    """w may have any shape; arguments are left as they were, and nothing is kept between calls."""
    w, g, m, v, t = in_flight(rng)
    with right_steps_before(student, "adam"):
        expect_clean(student, student.adam_step, {"w": w, "grad": g, "m": m, "v": v, "t": t, "lr": 0.07})
        expect_any_shape(student.adam_step, "adam", rng, 0.1)


@hidden_test("test_adamw", points=0.1)
def adamw_moments_do_not_see_the_decay(student, rng):
    """m and v are those of Adam: the decay is not part of the gradient."""
    arguments, options = (*in_flight(rng), 0.07, 0.7, 0.9), {"weight_decay": 0.4}
    with right_steps_before(student, "adamw"):
        _, m, v = parts(student.adamw_step(*arguments, **options), MOMENTS, "adamw_step")
    _, right_m, right_v = adam(*arguments)
    expect(m, right_m, what="m", mistakes=wrong_values("adamw", 1, *arguments, **options))
    expect(v, right_v, what="v", mistakes=wrong_values("adamw", 2, *arguments, **options))


@hidden_test("test_adamw", points=0.15)
def adamw_decays_the_old_weights(student, rng):
    """w <- Adam's step, and from the same old w minus lr weight_decay w; the default weight_decay is 0.01."""
    large, small = (*in_flight(rng), 0.07, 0.7, 0.9), (*barely_moving(rng), 0.07, 0.7, 0.9)
    for arguments, options in (((*large, 0.3), {"weight_decay": 0.4}), ((*large, 0.3), {}), (small, {})):
        w = arguments[0]
        with right_steps_before(student, "adamw"):
            new, _, _ = parts(student.adamw_step(*arguments, **options), MOMENTS, "adamw_step")
        wrong = {text: value - w for text, value in wrong_values("adamw", 0, *arguments, **options).items()}
        expect(new - w, adamw(*arguments, **options)[0] - w, what="the step of w", mistakes=wrong)


@hidden_test("test_adamw", points=0.1)
def adamw_path(student, rng):
    """The path of eight steps down a random bowl; without decay that of Adam."""
    bowl = quadratic(20.0, dimensions=3, rng=rng, centre=2.0)
    with right_steps_before(student, "adamw"):
        bare = path_of(student.adamw_step, bowl, 4, 0.1, name="adamw", weight_decay=0.0)
        expect_path(student.adamw_step, "adamw", bowl, 8, 0.1, weight_decay=0.3)
    expect(bare, path_of(adam, bowl, 4, 0.1, name="adam"), what="the path with weight_decay = 0")


@hidden_test("test_adamw", points=0.05)
def adamw_is_pure(student, rng):
    """w may have any shape; arguments are left as they were, and nothing is kept between calls."""
    w, g, m, v, t = in_flight(rng)
    with right_steps_before(student, "adamw"):
        expect_clean(student, student.adamw_step, {"w": w, "grad": g, "m": m, "v": v, "t": t, "lr": 0.07})
        expect_any_shape(student.adamw_step, "adamw", rng, 0.1)
        expect_moves(path_of(student.adamw_step, quadratic(2.0), 2, 0.1, name="adamw"))
