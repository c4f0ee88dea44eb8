"""Keys of the student's own optimiser: the notebook's problems, and others of the same kinds drawn anew.

The notebook states the goals: 1 % of the gap (5 % in bent valleys) within 300 steps, one setting for all. Each kind has
weights of about a thousandth and of about a thousand, so that no fixed rate is right for both.
"""

import numpy as np

from grader.checks.questions import Right
from grader.judge.authoring.keys import Case, key
from grader.judge.authoring.verdicts import Wrong
from grader.judge.hidden import Rank
from week03_adaptive_sgd import adaptive_sgd_questions as asked
from week03_adaptive_sgd import contest_questions as contest
from week03_adaptive_sgd.objectives import Problem, elsewhere, matrix_regression, quadratic, rosenbrock, saddle, tryouts

from .steps import RIGHT

SHARE, SHARE_IN_VALLEYS = 0.01, 0.05
EASY = 0  # among the tryouts
SMALL, MIDDLE, LARGE = (-3.0, -2.5), (-1.0, 1.0), (2.5, 3.0)  # powers of ten


def run_of(problem, share):
    """The start, and the slope as the judge gives it."""
    return [problem.start, contest.Slope(problem, share)]


def shown(*kinds):
    """Numbers of the notebook's problems whose name begins so."""
    return [number for number, (problem, _) in enumerate(tryouts()) if problem.name.startswith(kinds)]


def in_units(problem, rng, lengths, share=SHARE):
    """The run down a problem in units that are drawn, at a place that nobody can know."""
    factor, length = 10 ** rng.uniform(-3, 3), 10 ** rng.uniform(*lengths)
    return run_of(elsewhere(problem, factor, length, rng), share)


def bowls(rng):
    """Turned bowls in 3 to 7 dimensions, condition up to 100."""
    sizes, conditions = 3 + rng.permutation(5)[:3], rng.uniform(20, 100, size=3)
    return [
        in_units(quadratic(condition, dimensions=int(size), rng=rng), rng, lengths)
        for size, condition, lengths in zip(sizes, conditions, (SMALL, MIDDLE, LARGE), strict=True)
    ]


def valley_and_saddle(rng):
    """A bent valley and a saddle, each from a start of its own."""
    valley = rosenbrock(rng.uniform(15, 50), start=(rng.uniform(-1.4, -1.0), rng.uniform(0.6, 1.4)))
    beside_the_ridge = (rng.uniform(0.2, 0.4), rng.choice([-1, 1]) * 10 ** rng.uniform(-4, -3))
    one, other = rng.permutation([SMALL, LARGE])
    return [
        in_units(valley, rng, one, SHARE_IN_VALLEYS),
        in_units(saddle(rng.uniform(20, 40), start=beside_the_ridge), rng, other),
    ]


def regressions(rng):
    """A logistic loss, and a regression with a matrix of weights."""
    one, other = rng.permutation([SMALL, LARGE])
    return [in_units(logistic(rng), rng, one), in_units(matrix_regression(rng, (3, 2)), rng, other)]


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


def twice_down_a_bowl(rng):
    """Two runs down one and the same."""
    problem = elsewhere(quadratic(10.0, dimensions=3, rng=rng), 1.0, 1.0, rng)
    return [run_of(problem, SHARE) for _ in range(2)]


def right_steps(case):
    """Of the exercises before, for an optimiser that is made of them."""
    return {lent.__name__: _quiet(RIGHT[lent.__name__.removesuffix("_step")]) for lent in asked.STEPS_BEFORE}


def _quiet(step):
    def answer(*arguments, **options):
        with np.errstate(all="ignore"):
            return step(*arguments, **options)

    return answer


def contest_key(question, new, old):
    """The key of a question whose runs are those of the notebook with the numbers ``old``, and ``new(rng)``."""

    @key(question)
    class _:
        exact = True
        lent = right_steps

        def draw(rng):
            return Case(runs=[*(run_of(*tryouts()[number]) for number in old), *new(rng)])

        def record(rng):
            return Case(runs=old or [EASY, EASY])

        def right(case):
            shares = [tryouts()[run][1] if isinstance(run, int) else run[1].share for run in case.runs]
            return [Right(0.0, "share of the gap", atol=share * (1 + 1e-9)) for share in shares]

        def calls(case):
            return ()  # an optimiser may call them in any way: no table has them all


contest_key(asked.bowls_in_any_units, bowls, shown("bowl"))
contest_key(asked.a_bent_valley_and_a_saddle, valley_and_saddle, shown("Rosenbrock", "a saddle"))
contest_key(asked.logistic_loss_and_a_matrix, regressions, shown("regression"))
contest_key(asked.every_run_starts_afresh, twice_down_a_bowl, [])


@key(asked.ranking)
class _:
    lent = right_steps

    def draw(rng):
        fixed = np.random.default_rng(2015)  # not the submission's own: what is ranked must be comparable
        return Case(runs=[run for kind in (bowls, valley_and_saddle, regressions) for run in kind(fixed)])

    def record(rng):
        return Case(runs=list(range(len(tryouts()))))

    def decide(case, answer):
        """The geometric mean of the steps to the goal over seven problems."""
        slopes = contest.slopes(case, answer)
        missed = sum(not slope.reached for slope in slopes)
        if missed:
            raise Wrong(f"{missed} of {len(slopes)} goals missed: only who reaches all is ranked", "goal")
        mean = float(np.exp(np.mean(np.log([len(slope.points) - 1 for slope in slopes]))))
        return Rank(mean, f"{mean:.1f} steps to the goal")
