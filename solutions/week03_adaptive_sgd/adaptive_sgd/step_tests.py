"""Hidden tests of the three steps that count: plain descent, momentum, RMSProp."""

import numpy as np

from grader.judge import expect, hidden_test
from week03_adaptive_sgd.objectives import quadratic
from week03_adaptive_sgd.step_mistakes import LIKELY

from .asking import (
    eps_given_and_by_default,
    expect_any_shape,
    expect_blind_to_units,
    expect_clean,
    expect_divided_by_root,
    expect_gap_below,
    expect_moves,
    expect_path,
    parts,
    path_of,
    right_steps_before,
)
from .steps import sgd, wrong_values

SIZE = 5
VELOCITY = {"w": (SIZE,), "velocity": (SIZE,)}
SQUARE = {"w": (SIZE,), "mean_square": (SIZE,)}


@hidden_test("test_sgd", points=0.2)
def sgd_takes_one_step(student, rng):
    """w <- w - lr grad."""
    w, g = rng.normal(size=(2, SIZE))
    expect(student.sgd_step(w, g, 0.07), w - 0.07 * g, what="w", mistakes=wrong_values("sgd", None, w, g, 0.07))


@hidden_test("test_sgd", points=0.1)
def sgd_converges_as_theory_says(student, rng):
    """On a bowl of condition 10 the gap falls by ((10 - 1) / (10 + 1))^2 per step at the best rate."""
    bowl = quadratic(10.0, dimensions=3, rng=rng)
    expect_gap_below(1.01 * (9 / 11) ** 80, student.sgd_step, "sgd", bowl, 40, 2 / 11)


@hidden_test("test_sgd", points=0.1)
def sgd_any_shape(student, rng):
    """w may have any shape."""
    expect_any_shape(student.sgd_step, "sgd", rng, 0.1)


@hidden_test("test_sgd", points=0.1)
def sgd_is_pure(student, rng):
    """The arguments are left as they were, and nothing is kept between calls."""
    w, g = rng.normal(size=(2, SIZE))
    expect_clean(student, student.sgd_step, {"w": w, "grad": g, "lr": 0.07})


def moving(rng):
    """w, gradient and velocity [SIZE] in mid-flight, with lr and mu."""
    w, g, v = rng.normal(size=(3, SIZE))
    return w, g, v, 0.07, 0.8


@hidden_test("test_momentum", points=0.3)
def momentum_velocity(student, rng):
    """velocity <- mu velocity + lr grad."""
    w, g, v, lr, mu = moving(rng)
    with right_steps_before(student, "momentum"):
        _, velocity = parts(student.momentum_step(w, g, v, lr, mu), VELOCITY, "momentum_step")
    mistakes = wrong_values("momentum", 1, w, g, v, lr, mu)
    expect(velocity, mu * v + lr * g, what="velocity", mistakes=mistakes, scales={"lr": lr, "mu": mu})


@hidden_test("test_momentum", points=0.2)
def momentum_moves_by_the_new_velocity(student, rng):
    """w <- w - velocity, by the velocity that is returned."""
    w, g, v, lr, mu = moving(rng)
    with right_steps_before(student, "momentum"):
        new, velocity = parts(student.momentum_step(w, g, v, lr, mu), VELOCITY, "momentum_step")
    expect(
        new,
        w - velocity,
        what="w",
        mistakes={
            LIKELY["old_velocity"]: w - v,
            LIKELY["velocity_climbs"]: w + velocity,
            LIKELY["rate_outside"]: w - lr * velocity,
            "w is not moved at all": w,
            "w is replaced by the velocity": velocity,
        },
    )


@hidden_test("test_momentum", points=0.2)
def momentum_path(student, rng):
    """The path of ten steps down a random bowl, from rest."""
    with right_steps_before(student, "momentum"):
        expect_path(student.momentum_step, "momentum", quadratic(20.0, dimensions=3, rng=rng), 10, 0.03, 0.8)


@hidden_test("test_momentum", points=0.1)
def momentum_without_memory_is_sgd(student, rng):
    """With mu = 0 the path is that of plain descent."""
    bowl = quadratic(5.0, dimensions=3, rng=rng)
    with right_steps_before(student, "momentum"):
        path = path_of(student.momentum_step, bowl, 6, 0.1, 0.0, name="momentum")
    expect_moves(path)
    expect(path, path_of(sgd, bowl, 6, 0.1, name="sgd"), what="the path with mu = 0")


@hidden_test("test_momentum", points=0.1)
def momentum_is_fast(student, rng):
    """On a bowl of condition 100 a hundred steps leave less than 1e-8 of the gap, at the best lr and mu."""
    bowl = quadratic(100.0, dimensions=4, rng=rng)
    with right_steps_before(student, "momentum"):
        expect_gap_below(1e-8, student.momentum_step, "momentum", bowl, 100, (2 / 11) ** 2, (9 / 11) ** 2)


@hidden_test("test_momentum", points=0.1)
def momentum_is_pure(student, rng):
    """w may have any shape; arguments are left as they were, and nothing is kept between calls."""
    w, g, v, lr, mu = moving(rng)
    with right_steps_before(student, "momentum"):
        expect_clean(student, student.momentum_step, {"w": w, "grad": g, "velocity": v, "lr": lr, "mu": mu})
        expect_any_shape(student.momentum_step, "momentum", rng, 0.1, 0.5)


@hidden_test("test_rmsprop", points=0.25)
def rmsprop_mean_square(student, rng):
    """mean_square <- alpha mean_square + (1 - alpha) grad^2."""
    w, g = rng.normal(size=(2, SIZE))
    s = rng.uniform(0.5, 2.0, size=SIZE)
    with right_steps_before(student, "rmsprop"):
        result = student.rmsprop_step(w, g, s, 0.07, 0.7)
    _, square = parts(result, SQUARE, "rmsprop_step")
    mistakes = {**wrong_values("rmsprop", 1, w, g, s, 0.07, 0.7), "the old mean_square is returned": s}
    expect(square, 0.7 * s + 0.3 * g**2, what="mean_square", mistakes=mistakes)


@hidden_test("test_rmsprop", points=0.25)
def rmsprop_divides_by_the_root(student, rng):
    """w <- w - lr grad / (sqrt(mean_square) + eps), by the mean_square that is returned."""
    w, g = rng.normal(size=(2, SIZE))
    s = rng.uniform(0.5, 2.0, size=SIZE)
    for grad, before, options in eps_given_and_by_default(g, s):
        with right_steps_before(student, "rmsprop"):
            result = student.rmsprop_step(w, grad, before, 0.07, 0.4, **options)
        new, after = parts(result, SQUARE, "rmsprop_step")
        corrected = {LIKELY["bias_corrected"]: np.abs(after) / (1 - 0.4)}
        expect_divided_by_root(new - w, grad, 0.07, after, before, options.get("eps", 1e-8), corrected)


@hidden_test("test_rmsprop", points=0.2)
def rmsprop_path(student, rng):
    """The path of ten steps down a random bowl with the default alpha and eps."""
    with right_steps_before(student, "rmsprop"):
        expect_path(student.rmsprop_step, "rmsprop", quadratic(20.0, dimensions=3, rng=rng), 10, 0.05)


@hidden_test("test_rmsprop", points=0.1)
def rmsprop_is_blind_to_units(student, rng):
    """The path is the same when the loss is multiplied by a constant."""
    with right_steps_before(student, "rmsprop"):
        expect_blind_to_units(student.rmsprop_step, "rmsprop", rng, 0.1)


@hidden_test("test_rmsprop", points=0.1)
def rmsprop_any_shape(student, rng):
    """w may have any shape."""
    with right_steps_before(student, "rmsprop"):
        expect_any_shape(student.rmsprop_step, "rmsprop", rng, 0.1)


@hidden_test("test_rmsprop", points=0.1)
def rmsprop_is_pure(student, rng):
    """The arguments are left as they were, and nothing is kept between calls."""
    w, g, s = rng.normal(size=(3, SIZE))
    with right_steps_before(student, "rmsprop"):
        arguments = {"w": w, "grad": g, "mean_square": s**2, "lr": 0.07, "alpha": 0.7}
        expect_clean(student, student.rmsprop_step, arguments)
