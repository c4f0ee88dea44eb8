"""Keys of the steps: the numbers of one step from a random state, the paths down random bowls, the manners.

What one test judges is taken as given by the others: their ``also`` has the numbers of every step in ``steps.WRONG``.
"""

from dataclasses import replace

import numpy as np

from grader.checks.questions import Right
from grader.judge.authoring.keys import Case, key
from week03_adaptive_sgd import adaptive_sgd_questions as asked
from week03_adaptive_sgd.objectives import quadratic

from .parted import altered
from .steps import RIGHT, WRONG
from .words import LIKELY

SIZE = 6
LR, MU = 0.07, 0.8
ROWS = {name: getattr(asked, name) for name in RIGHT}

# Given wherever a default is not what is asked: a wrong one costs one test.
BETAS = {"beta1": 0.7, "beta2": 0.8}
OPTIONS = {
    "rmsprop": {"alpha": 0.7, "eps": 0.02},
    "adagrad": {"eps": 0.02},
    "adam": {**BETAS, "eps": 0.02},
    "adamw": {**BETAS, "eps": 0.02, "weight_decay": 0.3},
}

# Cases


def bowl(rng, condition=20.0, dimensions=2, centre=0.0, units=1.0):
    """A, centre and start of a random bowl whose smallest curvature is 1."""
    problem = quadratic(condition, dimensions=dimensions, rng=rng, centre=centre)
    lowest = problem.minimisers[0]
    A = np.array([problem.gradient(lowest + axis) for axis in np.eye(dimensions)])
    return units * (A + A.T) / 2, lowest, problem.start


def shaped(rng, shape, settings, **options):
    """A walk of one step for weights of this shape."""
    A, centre, start = bowl(rng, 4.0, int(np.prod(shape)))
    return A, centre, start.reshape(shape), 1, settings, options


def shapes(rng, *settings, **options):
    """Walks for weights in a matrix, and for one weight alone."""
    return [shaped(rng, shape, list(settings), **options) for shape in ((3, 2), (1,))]


def in_flight(name, rng):
    """w, gradient and states [SIZE] of a step that is under way, with its number where it counts."""
    w, grad, direction = rng.normal(size=(3, SIZE))
    square, t = rng.uniform(0.5, 2.0, size=SIZE), int(rng.integers(3, 6))
    states = {"velocity": direction, "m": direction}
    if ROWS[name].looks_ahead:
        grad = list(bowl(rng, 10.0, SIZE, rng.normal(size=SIZE))[:2])
    return w, grad, [states.get(state, square) for state in ROWS[name].states], [t] if ROWS[name].counted else []


def call(name, rng, *settings, tiny=False, **options):
    """The arguments of one call. ``tiny``: with gradients of the size of the default eps, 1e-8, so that it counts."""
    w, grad, states, count = in_flight(name, rng)
    if tiny:
        sizes = {"m": 1e-8}
        grad = 1e-8 * grad
        states = [sizes.get(of, 1e-16) * state for of, state in zip(ROWS[name].states, states, strict=True)]
    return w, grad, states, [*count, *settings], options


# What is right, and what is not


def answers(name, one):
    """(right, {words: wrong}) of what one call gives, [w, *states] each."""
    w, grad, *rest, options = one
    grad = asked.slope_of(*grad) if isinstance(grad, list) else grad
    states, others = rest
    with np.errstate(all="ignore"):
        right = listed(RIGHT[name](w, grad, *states, *others, **options))
        wrong = {LIKELY[of]: listed(step(w, grad, *states, *others, **options)) for of, step in WRONG[name].items()}
    return right, wrong


def listed(result):
    return list(result) if isinstance(result, tuple) else [result]


def told(right, wrong):
    """Mistakes that can be told by their numbers."""
    return {of: value for of, value in wrong.items() if finite(value) and not same(value, right)}


def finite(value):
    return all(map(finite, value)) if isinstance(value, list) else bool(np.isfinite(value).all())


def different(values):
    """The values, each once."""
    return list({np.round(value, 9).tobytes(): value for value in values}.values())


def same(one, other):
    """Are two arrays, or lists of such, equal but for rounding?"""
    if isinstance(one, list):
        return all(map(same, one, other))
    return np.shape(one) == np.shape(other) and np.abs(one - other).max() <= 1e-11 + 1e-8 * np.abs(other).max()


def paths(name, walk, wrong=None):
    """(right, {words: wrong}) of the places that are compared; of the mistakes ``wrong`` names, or of all."""

    def of(step):
        with np.errstate(all="ignore"):
            return asked.ends_of(ROWS[name].walk(step, *walk))

    right = of(RIGHT[name])
    return right, told(right, {LIKELY[one]: of(WRONG[name][one]) for one in wrong or WRONG[name]})


# Keys


def lending(name):
    """Right functions for a step that is made of earlier ones whose own are wrong."""
    earlier = [lending.__name__ for lending in ROWS[name].lends]
    return (lambda case: {one: RIGHT[one.removesuffix("_step")] for one in earlier}) if earlier else None


def numbers(question, name, part, draw_calls, moved=None):
    """For ``Step.numbers``; ``part`` "w", "states" or None for all.

    ``moved(call, *states)`` is w if these are the new states: a w that fits wrong states is accepted.
    """

    def taken(result):
        return result[0] if part == "w" or len(result) == 1 else asked.one_or_all(result[1:]) if part else result

    def right_of(one):
        right, wrong = answers(name, one)
        fits = {of for of, parts in wrong.items() if moved and finite(parts) and same(parts[0], moved(one, *parts[1:]))}
        mistakes = told(taken(right), {of: taken(parts) for of, parts in wrong.items() if of not in fits})
        if part == "w" and moved:
            mistakes |= {
                "w is not moved at all": one[0],
                "what is subtracted is given in place of w": one[0] - right[0],
            }
        what = ", ".join({"states": ROWS[name].states}.get(part, ["w", *([] if part else ROWS[name].states)]))
        before = one[0] if part == "w" or len(right) == 1 else None
        also = [taken(wrong[of]) for of in wrong if of in fits]
        return Right(taken(right), what, mistakes, scales_of(name, one), also=also, before=before)

    @key(question)
    class _:
        lent = lending(name)

        def draw(rng):
            return Case(calls=draw_calls(rng))

        def right(case):
            return named_once([right_of(one) for one in case.calls])

        def others(case):
            given = [beside(name, one) for one in case.calls]
            every = [other for other in ROWS if all(other in results for results in given)]
            found = {f"what {other}_step gives": [taken(results[other]) for results in given] for other in every}
            with np.errstate(all="ignore"):
                calls = [with_parts_altered(name, one) for one in case.calls]
            words = [told for told in calls[0] if all(told in results for results in calls)]
            return found | {told: [taken(results[told]) for results in calls] for told in words}


def with_parts_altered(name, one):
    """What the step gives where one part of it is another one, {words: [w, *states]}."""
    w, grad, *rest, options = one
    grad = asked.slope_of(*grad) if isinstance(grad, list) else grad
    return altered(name, (w, grad, *rest, options), ROWS[name].roles.names[3], ROWS[name].roles.defaults)


# Arguments of one step that stand for those of another.
ALIKE = [{"velocity", "m"}, {"mean_square", "sum_square", "v"}, {"mu", "beta1"}, {"alpha", "beta2"}]


def beside(name, one):
    """What other steps give for this call, {name: [w, *states]}, where they have all that they need."""
    w, grad, states, rest, options = one
    own = [*ROWS[name].states, *ROWS[name].roles.names[3]]
    known = dict(zip(own, [*states, *rest], strict=True)) | options
    for alike in ALIKE:
        known |= {other: known[this] for this in alike & known.keys() for other in alike - known.keys()}
    slope = asked.slope_of(*grad) if isinstance(grad, list) else lambda w: grad
    found = {}
    for other, row in ROWS.items():
        needed = [*row.states, *row.roles.names[3]]
        if other != name and all(argument in known for argument in needed):
            given = {of: known[of] for of in row.roles.defaults if of in known}
            at_w = slope if row.looks_ahead else slope(w)
            with np.errstate(all="ignore"):
                found[other] = listed(RIGHT[other](w, at_w, *(known[argument] for argument in needed), **given))
    return found


def named_once(rights):
    """Each mistake is named where it shows first: what comes behind is not looked at."""
    seen, found = set(), []
    for right in rights:
        mistakes = {of: value for of, value in right.mistakes.items() if of not in seen} if right else {}
        found.append(right and replace(right, mistakes=mistakes))
        seen |= mistakes.keys()
    return found


def scales_of(name, one):
    """Numbers of which a wrong factor may be made."""
    lr, *mu = one[3][-2:] if "velocity" in ROWS[name].states else one[3][-1:]
    return {"lr": lr, **({"mu": mu[0]} if mu else {}), "len(w)": float(len(one[0]))}


def walks(question, name, draw_walks, follows=(), alike=None, share=None):
    """For ``Step.walks``. The paths of mistakes that ``follows`` names are accepted, as other tests judge them.

    So are all at the walk ``alike``; those behind it must be as it is, which a relation says.
    """

    def right_of(number, walk):
        behind = alike is not None and number > alike
        return None if behind else path_right(name, walk, WRONG[name] if number == alike else follows)

    @key(question)
    class _:
        lent = lending(name)
        exact = bool(share)  # the speed is that of this condition number and no other

        def draw(rng):
            return Case(walks=draw_walks(rng), **({"share": share} if share else {}))

        def right(case):
            return named_once([right_of(*numbered) for numbered in enumerate(case.walks)])


def path_right(name, walk, follows=()):
    right, wrong = paths(name, walk, follows)
    what = f"w after the first and after the last of {walk[3]} steps" if walk[3] > 1 else "w after the step"
    before = [walk[2]] * len(right)
    also = different(wrong.values()) if follows else []
    return Right(right, what, {} if follows else wrong, before=before, also=also, whole=True)


def manners(question, name, draw_call, draw_walks=lambda rng: []):
    """For ``Step.manners``."""

    @key(question)
    class _:
        lent = lending(name)

        def draw(rng):
            return Case(call=draw_call(rng), walks=draw_walks(rng))

        def right(case):
            right, wrong = answers(name, case.call)
            also = different(told(right[0], {of: parts[0] for of, parts in wrong.items()}).values())
            first = Right(right[0], "w", also=also)
            return [first, *(path_right(name, walk, WRONG[name]) for walk in case.walks)]


def walk_down(*settings, steps, condition=20.0, dimensions=2, centre=0.0, **options):
    """Draws one walk down a random bowl."""
    return lambda rng: [(*bowl(rng, condition, dimensions, centre), steps, list(settings), options)]


def in_units(*settings, **options):
    """Draws walks down one bowl in three units of loss."""

    def draw(rng):
        A, centre, start = bowl(rng, 6.0)
        return [
            (units * A, centre, start, 5, list(settings), {**options, "eps": 1e-30}) for units in (1.0, 1000.0, 0.001)
        ]

    return draw


def steep(draw):
    """Draws what this draws until all of the first gradient is above 1: what eps does to less, another test judges."""

    def drawn(rng):
        while True:
            ((A, centre, start, *settings),) = draw(rng)
            away = start - centre
            if np.abs(A @ away).min() > 1:
                return [(A, centre, start, *settings)]

    return drawn


def one_after_the_other(*draws):
    """Draws what these draw, in one list."""
    return lambda rng: [one for draw in draws for one in draw(rng)]


# sgd

numbers(asked.sgd_takes_one_step, "sgd", None, lambda rng: [call("sgd", rng, LR)])
walks(
    asked.sgd_converges_as_theory_says,
    "sgd",
    walk_down(2 / 11, steps=40, condition=10.0),
    share=1.01 * (9 / 11) ** 80,
)
walks(asked.sgd_any_shape, "sgd", lambda rng: shapes(rng, 0.15), follows=WRONG["sgd"])
manners(asked.sgd_is_pure, "sgd", lambda rng: call("sgd", rng, LR))

# momentum


def heavy_ball(rng):
    return call("momentum", rng, LR, MU)


numbers(asked.momentum_velocity, "momentum", "states", lambda rng: [heavy_ball(rng)])
numbers(
    asked.momentum_moves_by_the_new_velocity,
    "momentum",
    "w",
    lambda rng: [heavy_ball(rng)],
    moved=lambda one, velocity: one[0] - velocity,
)
walks(asked.momentum_path, "momentum", walk_down(0.03, MU, steps=10))
walks(asked.momentum_without_memory_is_sgd, "momentum", walk_down(0.08, 0.0, steps=6, condition=5.0))
walks(
    asked.momentum_is_fast,
    "momentum",
    walk_down((2 / 11) ** 2, (9 / 11) ** 2, steps=100, condition=100.0, dimensions=4),
    follows=("mu_on_all", "first_step_skipped"),  # these are fast, too
    share=1e-8,
)
manners(asked.momentum_is_pure, "momentum", heavy_ball, lambda rng: shapes(rng, 0.15, 0.5))

# rmsprop


def by_root(one, square):
    """w after a step that divides by the root of this square."""
    w, grad, _, (lr,), options = one
    return w - lr * grad / (np.sqrt(np.abs(square)) + options.get("eps", 1e-8))


def large_and_tiny(name, **options):
    """Draws a call with a large eps, and one in which the default counts."""
    return lambda rng: [call(name, rng, LR, eps=0.3, **options), call(name, rng, LR, tiny=True, **options)]


numbers(asked.rmsprop_mean_square, "rmsprop", "states", lambda rng: [call("rmsprop", rng, LR, alpha=0.7)])
numbers(asked.rmsprop_divides_by_the_root, "rmsprop", "w", large_and_tiny("rmsprop", alpha=0.4), moved=by_root)
walks(asked.rmsprop_path, "rmsprop", walk_down(0.05, steps=10))
walks(asked.rmsprop_is_blind_to_units, "rmsprop", in_units(0.15, alpha=0.7), alike=0)
walks(asked.rmsprop_any_shape, "rmsprop", lambda rng: shapes(rng, 0.15, **OPTIONS["rmsprop"]), follows=WRONG["rmsprop"])
manners(asked.rmsprop_is_pure, "rmsprop", lambda rng: call("rmsprop", rng, LR, **OPTIONS["rmsprop"]))

# nesterov


def down_and_without_memory(rng):
    ((*place, _, _, _),) = walk_down(0.03, MU, steps=10)(rng)
    return [(*place, 10, [0.03, MU], {}), (*place, 4, [0.03, 0.0], {})]


numbers(asked.nesterov_looks_ahead, "nesterov", None, lambda rng: [call("nesterov", rng, LR, MU)])
walks(asked.nesterov_path, "nesterov", down_and_without_memory)
manners(
    asked.nesterov_is_pure, "nesterov", lambda rng: call("nesterov", rng, LR, MU), lambda rng: shapes(rng, 0.15, 0.5)
)

# adagrad

numbers(asked.adagrad_sum_square, "adagrad", "states", lambda rng: [call("adagrad", rng, LR)])
numbers(asked.adagrad_divides_by_the_root, "adagrad", "w", large_and_tiny("adagrad"), moved=by_root)
walks(asked.adagrad_path, "adagrad", one_after_the_other(walk_down(0.3, steps=8), in_units(0.3)), alike=1)
manners(
    asked.adagrad_is_pure,
    "adagrad",
    lambda rng: call("adagrad", rng, LR, **OPTIONS["adagrad"]),
    lambda rng: shapes(rng, 0.3, **OPTIONS["adagrad"]),
)

# adam


def one_long_step(rng):
    """The first step, for gradients from a millionth to a thousand: an eps that is not the given one is seen."""
    curvatures = np.diag(10 ** rng.permutation(np.linspace(-6, 3, SIZE)))
    return [(curvatures, np.zeros(SIZE), rng.normal(size=SIZE), 1, [LR], {**BETAS, "eps": 1e-30})]


numbers(asked.adam_moments, "adam", "states", lambda rng: [call("adam", rng, LR, **BETAS)])
numbers(asked.adam_moves_by_corrected_moments, "adam", "w", large_and_tiny("adam", **BETAS))
walks(asked.adam_path, "adam", steep(walk_down(0.15, steps=8)))
walks(asked.adam_first_step_has_length_lr, "adam", one_after_the_other(one_long_step, in_units(0.15, **BETAS)), alike=1)
manners(
    asked.adam_is_pure,
    "adam",
    lambda rng: call("adam", rng, LR, **OPTIONS["adam"]),
    lambda rng: shapes(rng, 0.15, **OPTIONS["adam"]),
)

# adamw


def with_decay_and_without(rng):
    ((*place, _, _, _),) = walk_down(0.15, steps=5, centre=2.0)(rng)
    return [(*place, 5, [0.15], {"weight_decay": 0.3}), (*place, 2, [0.15], {"weight_decay": 0.0})]


def decaying(rng):
    """Decay given and by default; eps given, and by default where it counts."""
    return [
        call("adamw", rng, LR, **BETAS, eps=0.3, weight_decay=0.4),
        call("adamw", rng, LR, **BETAS, eps=0.3),
        call("adamw", rng, LR, **BETAS, tiny=True),
    ]


numbers(
    asked.adamw_moments_do_not_see_the_decay,
    "adamw",
    "states",
    lambda rng: [call("adamw", rng, LR, **BETAS, weight_decay=0.4)],
)
numbers(asked.adamw_decays_the_old_weights, "adamw", "w", decaying)
walks(asked.adamw_path, "adamw", with_decay_and_without)
manners(
    asked.adamw_is_pure,
    "adamw",
    lambda rng: call("adamw", rng, LR, **OPTIONS["adamw"]),
    lambda rng: shapes(rng, 0.15, **OPTIONS["adamw"]),
)
