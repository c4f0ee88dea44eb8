"""Hidden tests of the student's own optimiser: the notebook's problems, and others of the same kinds drawn anew.

The notebook states the goals: 1 % of the gap (5 % in bent valleys) within 300 steps, one setting for all.
"""

from functools import partial

import numpy as np

from grader.judge import Rank, expect_that, hidden_test
from grader.judge.authoring.verdicts import Lost, TooSlow, Verdictless, Wrong
from week03_adaptive_sgd.objectives import Problem, matrix_regression, quadratic, rescaled, rosenbrock, saddle, tryouts
from week03_adaptive_sgd.trajectories import follow_own, share_left, steps_to

from .steps import RIGHT

STEPS = 300
SHARE, SHARE_IN_VALLEYS = 0.01, 0.05


def by_own_lights(student, ask):
    """``ask()`` with the student's own steps and, where that does not do, with right ones in their place."""
    try:
        return ask()
    except (TooSlow, Lost):
        raise
    except Verdictless:
        with student.replacing(**{f"{name}_step": _quiet(step) for name, step in RIGHT.items()}):
            return ask()


def _quiet(step):
    def answer(*arguments, **options):
        with np.errstate(all="ignore"):
            return step(*arguments, **options)

    return answer


def shown(kind):
    """The problems of the notebook whose name begins with ``kind``."""
    return [problem for problem, _ in tryouts() if problem.name.startswith(kind)]


def share_of(problem):
    """The share of the gap that may be left."""
    return SHARE_IN_VALLEYS if problem.name.startswith("Rosenbrock") else SHARE


def bowls(rng):
    """Turned bowls in 3 to 7 dimensions, condition up to 100, losses in thousandths, ones and thousands."""
    sizes, conditions = 3 + rng.permutation(5)[:3], rng.uniform(20, 100, size=3)
    factors = np.array([0.001, 1.0, 300.0]) * rng.uniform(1, 3, size=3)
    return [
        rescaled(quadratic(condition, dimensions=int(size), rng=rng), factor)
        for size, condition, factor in zip(sizes, conditions, factors, strict=True)
    ]


def valley_and_saddle(rng):
    """A bent valley and a saddle, each from a start of its own."""
    beside_the_ridge = (rng.uniform(0.2, 0.4), rng.choice([-1, 1]) * 10 ** rng.uniform(-4, -3))
    return [
        rosenbrock(rng.uniform(15, 50), start=(rng.uniform(-1.4, -1.0), rng.uniform(0.6, 1.4))),
        saddle(rng.uniform(20, 40), start=beside_the_ridge),
    ]


def regressions(rng):
    """A logistic loss in small units, and a regression with a matrix of weights in large ones."""
    return [rescaled(logistic(rng), 0.003), rescaled(matrix_regression(rng, (3, 2)), 1000 * rng.uniform(0.3, 1))]


def logistic(rng):
    """Logistic loss of random points with a small penalty; its minimum is found by Newton's method."""
    X = rng.normal(size=(60, 4)) * rng.permutation(np.geomspace(0.5, 2, 4))
    y = (rng.uniform(size=60) < 1 / (1 + np.exp(-X @ rng.normal(size=4)))).astype(float)

    def loss(w):
        return float(np.mean(np.logaddexp(0, X @ w) - y * (X @ w)) + 0.01 * w @ w)

    def gradient(w):
        return X.T @ ((1 + np.tanh(X @ w / 2)) / 2 - y) / 60 + 0.02 * w

    w = np.zeros(4)
    for _ in range(50):
        p = (1 + np.tanh(X @ w / 2)) / 2
        w = w - np.linalg.solve((X.T * p * (1 - p)) @ X / 60 + 0.02 * np.eye(4), gradient(w))
    return Problem("logistic loss", loss, gradient, start=np.zeros(4), lowest=loss(w))


def own_path(step, problem, steps, until=None):
    """The path of the student's own optimiser, [steps + 1, shape of w] or shorter."""
    try:
        return follow_own(step, problem, steps, until)
    except TypeError as error:
        raise Wrong(str(error), "type") from error


def expect_goal(step, problem, share):
    """The optimiser brings the gap down to ``share`` of its start within STEPS steps; returns the steps it took."""
    goal = share * problem.gap(problem.start)
    path = own_path(step, problem, STEPS, until=lambda w: problem.gap(w) <= goal)
    steps = steps_to(path, problem, share)
    if steps is None:
        left = f"{share_left(path, problem):.2g} of the gap is left after {len(path) - 1} steps, {share:g} is the goal"
        raise Wrong(f"{problem.name}: {left}; one setting has to serve every loss and any units", "goal")
    return steps


def expect_goals(student, problems):
    """All goals are reached, by one setting."""

    def ask():
        for problem in problems:
            expect_goal(student.my_step, problem, share_of(problem))

    by_own_lights(student, ask)


@hidden_test("test_own_optimizer", points=0.15)
def bowls_in_any_units(student, rng):
    """Bowls in 3 to 7 dimensions, losses from thousandths to thousands."""
    expect_goals(student, [*shown("bowl"), *bowls(rng)])


@hidden_test("test_own_optimizer", points=0.1)
def a_bent_valley_and_a_saddle(student, rng):
    """A bent valley and a saddle."""
    expect_goals(student, [*shown("Rosenbrock"), *shown("a saddle"), *valley_and_saddle(rng)])


@hidden_test("test_own_optimizer", points=0.1)
def logistic_loss_and_a_matrix(student, rng):
    """Logistic loss, and regression with a matrix of weights."""
    expect_goals(student, [*shown("regression"), *regressions(rng)])


@hidden_test("test_own_optimizer", points=0.05)
def every_run_starts_afresh(student, rng):
    """A second run is like the first: all that is kept is in the state."""
    problem = quadratic(10.0, dimensions=3, rng=rng)

    def ask():
        first, again = [own_path(student.my_step, problem, 12) for _ in range(2)]
        moves = bool(np.isfinite(first).all() and np.any(first[-1] != first[0]))
        expect_that(moves, "w never moves, or not to a number")
        same = first.shape == again.shape and np.allclose(first, again, rtol=1e-9)
        hint = "a second run takes another path: something is kept between runs, outside the state"
        expect_that(bool(same), hint, "remembers")

    by_own_lights(student, ask)


@hidden_test("test_own_optimizer", points=0)
def ranking(student, rng):
    """For the ranking, no points: how many steps it took on problems that are the same for all.

    Returns the rank: the geometric mean of the steps to the goal over seven problems, and behind all who reach every
    goal those who miss some.
    """
    fixed = np.random.default_rng(2015)  # not the submission's own: what is ranked must be comparable
    kinds = (bowls, valley_and_saddle, regressions)
    problems = [problem for kind in kinds for problem in kind(fixed)]
    steps, missed = [], 0
    for problem in problems:
        try:
            steps.append(by_own_lights(student, partial(expect_goal, student.my_step, problem, share_of(problem))))
        except Wrong:
            missed += 1
    if missed:
        return Rank(1e9 + missed, f"{missed} of {len(problems)} goals missed")
    mean = float(np.exp(np.mean(np.log(steps))))
    return Rank(mean, f"{mean:.1f} steps to the goal")
