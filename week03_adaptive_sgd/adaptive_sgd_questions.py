"""What the checks of homework 2 ask, in the notebook and when it is graded: the same of every step.

A step is asked for its numbers from a random state, for its paths down bowls, and for its manners. Nothing here says
how any of them steps; the numbers come from elsewhere.
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from dataclasses import replace

import numpy as np

from grader.checks.questions import Roles, array, checks_of, items, lent, pairs, question, same, unchanged
from grader.checks.questions.forms import Form, described
from grader.checks.questions.plain import own

from .classifier_questions import *  # noqa: F403  (questions are found by their names here, in their order there)
from .contest_questions import SECONDS, Ranking, as_before, contest, some_paths, walked

check = checks_of(__name__)

# How a step is called


def slope_of(A, centre):
    """The gradient of a bowl with matrix A [n, n] and lowest point centre [n], a function of w of any shape."""
    return lambda w: (A @ (np.ravel(w) - centre)).reshape(np.shape(w))


def called(step, w, grad, states, rest, options):
    """What one step gives. In place of a gradient there may be [A, centre] of a bowl: the step takes a function.

    rest are the other arguments that have no default, options those that have one; these are given by name.
    """
    return step(w, slope_of(*grad) if isinstance(grad, list) else grad, *states, *rest, **options)


class Step:
    """One exercise, and how its function is called.

    of           gives the function: student -> step
    states       the names of what it returns behind w
    counted      does the number of the step, 1, 2, ..., come after the states?
    looks_ahead  does it take the gradient as a function of w?
    settings     the names of the other arguments that have no default
    lends        earlier steps of which it may be made
    defaults     of its other arguments, as the text has them
    """

    def __init__(self, exercise, of, *states, counted=False, looks_ahead=False, settings="lr", lends=(), **defaults):
        self.exercise, self.of, self.states, self.lends = exercise, of, states, lends
        self.counted, self.looks_ahead = counted, looks_ahead
        self.asked = []
        rest = (*(["t"] if counted else []), *settings.split())
        names: tuple = ("w", "grad_fn" if looks_ahead else "grad", states, rest, {})
        terms = " ".join(name for name in ("w", *settings.split(), *defaults) if name not in ("lr", "alpha"))
        kinds = Roles(terms=terms, alike="beta1 beta2", states=" ".join(states), count="t")
        self.roles = replace(kinds, calls="calls", names=names, defaults=defaults)
        self.of_walks = Roles(calls="walks", names=("", "", "", "", tuple(settings.split()), {}), defaults=defaults)

    def walk(self, step, A, centre, start, steps, settings, options):
        """Where w is after each step down a bowl, [steps, shape of w], all states being zero at first.

        Another walk begins before, which must leave nothing behind.
        """
        slope = slope_of(A, centre)
        path: list = []
        with np.errstate(all="ignore"):
            for first, count in ((2 * start, 1), (start, steps)):
                w, states, path = first, [np.zeros_like(start) for _ in self.states], []
                for t in range(1, count + 1):
                    grad, number = slope if self.looks_ahead else slope(w), [t] if self.counted else []
                    result = step(np.copy(w), grad, *map(np.copy, states), *number, *settings, **options)
                    w, *states = self.parts(result, np.shape(start))
                    path.append(np.array(w))
        return np.array(path)

    def parts(self, result, shape):
        """A list of w and the states. Errors: `TypeError` for something else, or a w of another shape."""
        if fault := self.fault_of(result):
            raise TypeError(fault)
        parts = list(result) if self.states else [result]
        if np.shape(parts[0]) != shape:
            raise TypeError(f"{self.name} must keep the shape {shape} of w, it returned shape {np.shape(parts[0])}")
        return parts

    @property
    def name(self):
        return f"{self.exercise}_step"

    def fault_of(self, result):
        """What is wrong with the structure of a result, or ""."""
        if result is None:
            return f"{self.name} returned None: is there a return?"
        wanted = 1 + len(self.states)
        if self.states and not (isinstance(result, (tuple, list)) and len(result) == wanted):
            found = f"{len(result)} values" if isinstance(result, (tuple, list)) else described(result)
            return f"{self.name} must return ({', '.join(['w', *self.states])}), it returned {found}"
        return ""

    def result(self, shape):
        """The form of what one step gives."""

        def fault(result):
            if wrong := self.fault_of(result):
                return wrong
            named = zip(["w", *self.states], result if self.states else [result])  # noqa: B905
            return next((f"{name}: {wrong}" for name, part in named if (wrong := array(*shape)(part))), "")

        return Form(fault)

    # Questions

    def ask(self, name, points, title, function, **options):
        """The question of this name in this module."""
        function.__doc__ = title
        made = globals()[name] = question(
            f"test_{self.exercise}", points=points, name=name, lends=self.lends, **options
        )(function)
        self.asked.append(made)
        return made

    def numbers(self, name, points, title, part=None):
        """What the step gives for some calls, one after the other: "w", "states", or all of it."""
        of = self.of

        def asked(student, calls):
            return [called(of(student), *call) for call in calls]

        def form(case):
            return items(self.result(np.shape(case.calls[0][0])))

        made = self.ask(name, points, title, asked, form=form, probes=self.roles)

        @made.reading
        def _(answer, case):
            taken = {"w": lambda result: result[0], "states": lambda result: one_or_all(result[1:])}
            return [taken[part](result) for result in answer] if part else answer

    def walks(self, name, points, title, alike=None, far=False):
        """The paths of the step down some bowls.

        alike  those from this one on are the same, as only the units of the loss differ
        far    no more than `case.share` of the gap to the lowest loss is left at the end of the first
        """
        of, walk = self.of, self.walk

        def asked(student, walks, **known):
            return [walk(of(student), *one) for one in walks]

        form = of_walks if far else lambda case: items(None, len(case.walks))
        probes = self.of_walks if alike is None and not far else None
        made = self.ask(name, points, title, asked, form=form, probes=probes)
        made.reading(lambda answer, case: [ends_of(path) for path in answer])
        if far:
            made.relation(is_near_the_bottom)
        if alike is not None:

            @made.relation
            def _(answer, case):
                """The path changes when the loss is multiplied by a constant, and must not."""
                return all(same(path, answer[alike], 1e-4, 1e-6) for path in answer[alike:])

    def manners(self, name, points, title):
        """Arguments are left alone and nothing is kept; and some paths from starts of other shapes."""
        of, walk = self.of, self.walk

        def asked(student, call, walks):
            step, seen = of(student), own(call)
            first = own(called(step, *seen))
            called(step, *twice(call))
            again = own(called(step, *own(call)))
            return [first, seen, again, [walk(step, *one) for one in walks] if same(again, first) else []]

        def form(case):
            result = self.result(np.shape(case.call[0]))
            return pairs(result, pairs(*[None] * 5), result, items())

        made = self.ask(name, points, title, asked, form=form)
        made.reading(lambda answer, case: [answer[0][0] if self.states else answer[0], *map(ends_of, answer[3])])

        @made.relation
        def _(answer, case):
            """The same call gives another result the second time: something is kept between calls."""
            first, seen, again, _ = answer
            (w, grad, states, *_), before = seen, case.call
            named = zip(["w", "grad", *self.states], [w, grad, *states], [*before[:2], *before[2]])  # noqa: B905
            changed = next((told for one in named if (told := unchanged(*one))), "")
            return changed or same(again, first)


def one_or_all(parts):
    """The only one of the parts, or a list of all."""
    return parts[0] if len(parts) == 1 else list(parts)


def ends_of(path):
    """The first and the last place of a path: few numbers to record. Apart, as they are no rows of a result."""
    return list(path[:: max(1, len(path) - 1)])


def twice(call):
    """The arguments of another call."""
    w, grad, states, rest, options = call
    doubled = [2 * part for part in grad] if isinstance(grad, list) else 2 * grad
    return 2 * w, doubled, [2 * state for state in states], rest, options


def of_walks(case):
    """The form of paths down bowls."""
    return items(array(case.walks[0][3], *np.shape(case.walks[0][2])), len(case.walks))


def is_near_the_bottom(answer, case):
    """Little of the gap to the lowest loss is left at the end."""
    A, centre, start, steps = case.walks[0][:4]
    here, there = answer[0][-1] - centre, start - centre
    left = (here @ A @ here) / (there @ A @ there)
    if left > 1:
        return f"{steps} steps make the gap {left:.2g} times as large: the wrong way, or steps that are too long"
    return True if left <= case.share else f"{steps} steps leave {left:.2g} of the gap: too slow"


# What is asked, in the order of the notebook

ANY_SHAPE = "w may have any shape."
PURE = "The arguments are left as they were, and nothing is kept between calls."
BOTH = "w may have any shape; arguments stay as they were, nothing is kept between calls."

sgd = Step("sgd", lambda s: s.sgd_step)
sgd.numbers("sgd_takes_one_step", 0.2, "w <- w - lr grad.")
sgd.walks(
    "sgd_converges_as_theory_says",
    0.1,
    "On a bowl of condition 10 the gap falls by (9/11)^2 per step at the best rate.",
    far=True,
)
sgd.walks("sgd_any_shape", 0.1, ANY_SHAPE)
sgd.manners("sgd_is_pure", 0.1, PURE)


@lent(*sgd.asked)
def sgd_step(w, grad, lr):
    """One step of gradient descent: the new w."""


momentum = Step("momentum", lambda s: s.momentum_step, "velocity", settings="lr mu", lends=(sgd_step,))
momentum.numbers("momentum_velocity", 0.3, "velocity <- mu velocity + lr grad.", "states")
momentum.numbers("momentum_moves_by_the_new_velocity", 0.2, "w <- w - velocity, by the new velocity.", "w")
momentum.walks("momentum_path", 0.2, "The path of ten steps down a random bowl, from rest.")
momentum.walks("momentum_without_memory_is_sgd", 0.1, "With mu = 0 the path is that of plain descent.")
momentum.walks(
    "momentum_is_fast", 0.1, "100 steps leave less than 1e-8 of the gap on a bowl of condition 100.", far=True
)
momentum.manners("momentum_is_pure", 0.1, BOTH)


@lent(*momentum.asked)
def momentum_step(w, grad, velocity, lr, mu):
    """One step with momentum: the new (w, velocity)."""


@question(
    "test_my_follow",
    points=0.3,
    form=lambda case: array(case.steps + 1, *np.shape(case.start)),
    probes=Roles(count="steps"),
)
def own_path(student, start, bend, steps):
    """Every place in turn: the slope is asked for there, and the state is handed on."""
    return np.array(student.my_follow(*unknown_method(bend), start, steps))


@question("test_my_follow", points=0.2)
def own_path_of_any_shape(student, start, bend):
    """Places of any shape; without a step the start alone, which stays as it was."""
    paths = [np.array(student.my_follow(*unknown_method(bend), start, steps)) for steps in (0, 2)]
    return [*paths, start]


@own_path_of_any_shape.relation
def _(answer, case):
    return unchanged("start", answer[2], case.start)


@own_path_of_any_shape.reading
def _(answer, case):
    return answer[:2]


def unknown_method(bend):
    """A step that nobody would take, and a slope: what they do is not the point."""
    return lambda w, grad, state: (np.cos(w) + state, np.sin(grad) - bend * state), lambda w: np.exp(bend - w)


rmsprop = Step("rmsprop", lambda s: s.rmsprop_step, "mean_square", lends=(sgd_step, momentum_step), alpha=0.9, eps=1e-8)
rmsprop.numbers("rmsprop_mean_square", 0.25, "mean_square <- alpha mean_square + (1 - alpha) grad^2.", "states")
rmsprop.numbers(
    "rmsprop_divides_by_the_root", 0.25, "w <- w - lr grad / (sqrt(mean_square) + eps), by the new mean_square.", "w"
)
rmsprop.walks("rmsprop_path", 0.2, "The path of ten steps down a random bowl with the default alpha and eps.")
rmsprop.walks("rmsprop_is_blind_to_units", 0.1, "The path is the same when the loss is multiplied by a constant.", 0)
rmsprop.walks("rmsprop_any_shape", 0.1, ANY_SHAPE)
rmsprop.manners("rmsprop_is_pure", 0.1, PURE)


@lent(*rmsprop.asked)
def rmsprop_step(w, grad, mean_square, lr, alpha=0.9, eps=1e-8):
    """One step of RMSProp: the new (w, mean_square)."""


nesterov = Step(
    "nesterov",
    lambda s: s.nesterov_step,
    "velocity",
    looks_ahead=True,
    settings="lr mu",
    lends=(sgd_step, momentum_step, rmsprop_step),
)
nesterov.numbers("nesterov_looks_ahead", 0.2, "velocity <- mu velocity + lr grad_fn(w - mu velocity); w moves by it.")
nesterov.walks("nesterov_path", 0.1, "The path of ten steps from rest; with mu = 0 that of plain descent.")
nesterov.manners("nesterov_is_pure", 0.1, BOTH)

adagrad = Step(
    "adagrad", lambda s: s.adagrad_step, "sum_square", lends=(sgd_step, momentum_step, rmsprop_step), eps=1e-8
)
adagrad.numbers("adagrad_sum_square", 0.1, "sum_square <- sum_square + grad^2.", "states")
adagrad.numbers(
    "adagrad_divides_by_the_root", 0.1, "w <- w - lr grad / (sqrt(sum_square) + eps), by the new sum_square.", "w"
)
adagrad.walks("adagrad_path", 0.1, "The path of eight steps down a random bowl, whatever the units of the loss.", 1)
adagrad.manners("adagrad_is_pure", 0.1, BOTH)


@lent(*adagrad.asked)
def adagrad_step(w, grad, sum_square, lr, eps=1e-8):
    """One step of AdaGrad: the new (w, sum_square)."""


adam = Step(
    "adam",
    lambda s: s.adam_step,
    "m",
    "v",
    counted=True,
    lends=(sgd_step, momentum_step, rmsprop_step, adagrad_step),
    beta1=0.9,
    beta2=0.999,
    eps=1e-8,
)
adam.numbers("adam_moments", 0.1, "m and v are running means of grad and grad^2, without their correction.", "states")
adam.numbers("adam_moves_by_corrected_moments", 0.1, "w <- w - lr m^ / (sqrt(v^) + eps), both moments corrected.", "w")
adam.walks("adam_path", 0.1, "The path of eight steps down a random bowl with the default beta1, beta2 and eps.")
adam.walks("adam_first_step_has_length_lr", 0.05, "The first step moves every coordinate by lr, in any units.", 1)
adam.manners("adam_is_pure", 0.05, BOTH)


@lent(*adam.asked)
def adam_step(w, grad, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """One step of Adam: the new (w, m, v)."""


adamw = Step(
    "adamw",
    lambda s: s.adamw_step,
    "m",
    "v",
    counted=True,
    lends=(sgd_step, momentum_step, rmsprop_step, adagrad_step, adam_step),
    beta1=0.9,
    beta2=0.999,
    eps=1e-8,
    weight_decay=0.01,
)
adamw.numbers("adamw_moments_do_not_see_the_decay", 0.1, "m and v are those of Adam, without the decay.", "states")
adamw.numbers(
    "adamw_decays_the_old_weights", 0.15, "w: Adam's step, and from the same old w minus lr weight_decay w.", "w"
)
adamw.walks("adamw_path", 0.1, "The path of five steps down a random bowl; without decay that of Adam.")
adamw.manners("adamw_is_pure", 0.05, BOTH)


@lent(*adamw.asked)
def adamw_step(w, grad, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    """One step of AdamW: the new (w, m, v)."""


STEPS_BEFORE = (sgd_step, momentum_step, rmsprop_step, adagrad_step, adam_step, adamw_step)

bowls_in_any_units = contest(
    __name__, 0.1, STEPS_BEFORE, "bowls_in_any_units", "Bowls in 3 to 7 dimensions, losses and weights in any units."
)
a_bent_valley_and_a_saddle = contest(
    __name__, 0.15, STEPS_BEFORE, "a_bent_valley_and_a_saddle", "A bent valley and a saddle, in any units."
)
logistic_loss_and_a_matrix = contest(
    __name__, 0.1, STEPS_BEFORE, "logistic_loss_and_a_matrix", "Logistic loss, and regression with a matrix of weights."
)
every_run_starts_afresh = contest(
    __name__,
    0.05,
    STEPS_BEFORE,
    "every_run_starts_afresh",
    "A second run is like the first, and arrives: all that is kept is in the state.",
)
every_run_starts_afresh.relation(as_before)


def _ranked(student, runs):
    """For the ranking, no points: how many steps it takes."""
    return walked(student, runs)


ranking = Ranking("test_own_optimizer", 0.0, _ranked, some_paths, STEPS_BEFORE, SECONDS, name="ranking")
