"""What the hidden tests of homework 2 have in common."""

from contextlib import contextmanager

import numpy as np

from grader.checks.diagnosis.named import numbered
from grader.judge import expect, expect_that, expect_unchanged
from grader.judge.authoring.verdicts import Wrong
from week03_adaptive_sgd.objectives import Problem, quadratic, rescaled
from week03_adaptive_sgd.step_mistakes import LIKELY
from week03_adaptive_sgd.trajectories import compare, follow, share_left

from .steps import CALLS, RIGHT, right_path, wrong_paths

ORDER = ["sgd", "momentum", "rmsprop", "nesterov", "adagrad", "adam", "adamw"]


@contextmanager
def right_steps_before(student, name):
    """The steps of earlier exercises are taken as right, for a step that is built of them."""
    earlier = ORDER[: ORDER.index(name)] if name in ORDER else ORDER
    with student.replacing(**{f"{step}_step": _quiet(RIGHT[step]) for step in earlier}):
        yield


def _quiet(step):
    def answer(*arguments, **options):
        with np.errstate(all="ignore"):
            return step(*arguments, **options)

    return answer


def parts(result, shapes, what):
    """The arrays that a step returned, once it is known that there is one of each shape and all are finite."""
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


def path_of(step, problem, steps, *settings, name, **options):
    """The path of the student's step, [steps + 1, shape of w]."""
    try:
        return follow(step, problem, steps, *settings, **CALLS[name], **options)
    except TypeError as error:
        raise Wrong(str(error), "type") from error


def expect_path(step, name, problem, steps, *settings, **options):
    """The student's whole path is the right one, from the same start; a mistake is named by its own path."""
    yours = path_of(step, problem, steps, *settings, name=name, **options)
    mistakes = wrong_paths(name, problem, steps, *settings, **options)
    verdict = compare(yours, right_path(name, problem, steps, *settings, **options), mistakes)
    hint = f"path of {steps} steps down a bowl: {verdict.hint()}"
    if verdict.code == "named":
        raise Wrong(hint, f"named:{verdict.likely.code}", verdict.likely)
    expect_that(verdict.ok, hint, f"path:{verdict.code}")


def eps_given_and_by_default(grad, square):
    """Two cases (grad, state, options): a large eps, and gradients so small that the default of 1e-8 counts."""
    return [(grad, square, {"eps": 0.3}), (1e-8 * grad, 0 * square, {})]


def expect_divided_by_root(step, grad, lr, after, before, eps, other_squares=None):
    """The step is -lr grad / (sqrt(after) + eps), ``after`` and ``before`` being the state returned and the one given.

    ``other_squares`` {text: what a mistake has in place of ``after``}.
    """
    after, rise = np.abs(after), -lr * grad
    with np.errstate(all="ignore"):
        mistakes = {
            LIKELY["no_root"]: rise / (after + eps),
            LIKELY["eps_inside"]: rise / np.sqrt(after + eps),
            LIKELY["no_eps"]: rise / np.sqrt(after),
            LIKELY["stale_square"]: rise / (np.sqrt(before) + eps),
            LIKELY["climbs"]: -rise / (np.sqrt(after) + eps),
            LIKELY["no_rate"]: rise / lr / (np.sqrt(after) + eps),
            "the gradient is missing: only the root is used": -lr / (np.sqrt(after) + eps),
        }
        for text, square in (other_squares or {}).items():
            mistakes[text] = rise / (np.sqrt(square) + eps)
    known = {text: wrong for text, wrong in numbered(mistakes) if np.isfinite(wrong).all()}
    expect(step, rise / (np.sqrt(after) + eps), what="the step of w", mistakes=known)


def expect_moves(path):
    """The path is finite and leaves its start: what a test of an invariance must know first."""
    expect_that(bool(np.isfinite(path).all()), "the path is not finite", "not_finite")
    expect_that(bool(np.any(path[-1] != path[0])), "w never moves", "still")


def expect_gap_below(share, step, name, problem, steps, *settings):
    """After so many steps no more than ``share`` of the gap to the minimum is left."""
    path = path_of(step, problem, steps, *settings, name=name)
    where = f"on a bowl of condition {problem.condition:g}"
    expect_that(bool(np.isfinite(path).all()), f"{where} the steps diverge where they should converge", "diverges")
    left = share_left(path, problem)
    expect_that(bool(left <= share), f"{where} {steps} steps leave {left:.2g} of the gap: too slow", "slow")


def expect_any_shape(step, name, rng, *settings):
    """Weights written as a matrix walk the same path as in one row, and one weight alone walks too."""
    bowl = quadratic(4.0, dimensions=6, rng=rng)
    flat = path_of(step, bowl, 3, *settings, name=name)
    expect_moves(flat)
    matrix = Problem(
        "a matrix",
        loss=lambda w: bowl.loss(w.reshape(6)),
        gradient=lambda w: bowl.gradient(w.reshape(6)).reshape(3, 2),
        start=bowl.start.reshape(3, 2),
    )
    path = path_of(step, matrix, 3, *settings, name=name)
    same = np.allclose(path.reshape(4, 6), flat, rtol=1e-6, equal_nan=False)  # public
    expect_that(bool(same), "weights of shape (3, 2) take another path than the same weights in one row", "any_shape")
    expect_moves(path_of(step, quadratic(1.0, dimensions=1), 2, *settings, name=name))


def expect_blind_to_units(step, name, rng, *settings):
    """The path is the same when the loss is a thousand times as large, and when it is a thousandth."""
    bowl = quadratic(6.0, dimensions=3, rng=rng)
    usual = path_of(step, bowl, 5, *settings, name=name, eps=1e-30)
    expect_moves(usual)
    for factor in (1000.0, 0.001):
        scaled = path_of(step, rescaled(bowl, factor), 5, *settings, name=name, eps=1e-30)
        same = bool(np.allclose(scaled, usual, rtol=1e-6, atol=1e-9))
        expect_that(same, "the path changes when the loss is multiplied by a constant, and must not", "units")


def expect_clean(student, step, arguments):
    """No array among the arguments {name: value} is changed in place, and nothing is kept between two calls."""
    kept = {name: _placed(student, value) for name, value in arguments.items()}
    first = _row(step(*kept.values()))
    for name, value in arguments.items():
        if isinstance(value, np.ndarray):
            expect_unchanged(kept[name], value, what=name)
    moved = isinstance(first[0], np.ndarray) and not np.array_equal(first[0], arguments["w"])
    expect_that(bool(moved), "w never moves", "still")
    step(*[2 * value if isinstance(value, np.ndarray) else value for value in arguments.values()])
    again = _row(step(*arguments.values()))
    same = len(first) == len(again) and all(map(np.array_equal, first, again))  # public
    hint = "the same call gives another result the second time: something is kept between calls"
    expect_that(bool(same), hint, "remembers")


def _placed(student, value):
    return student.put(value) if isinstance(value, np.ndarray) else value  # public


def _row(result):
    return list(result) if isinstance(result, (tuple, list)) else [result]


def _plain(value):
    numeric = isinstance(value, (np.ndarray, np.generic, float, int)) and np.asarray(value).dtype.kind in "bif"
    return np.asarray(value, dtype=float) if numeric else None
