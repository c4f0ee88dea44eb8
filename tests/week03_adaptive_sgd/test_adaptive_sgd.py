"""The reference steps of homework 2 against identities that hold for any right implementation, and against optax."""

import re

import numpy as np
import pytest
from scipy.optimize import linprog

from grader.checks.questions.judging import judge
from grader.judge.grading.spec import reference_cells
from solutions.week03_adaptive_sgd.adaptive_sgd import step_keys
from solutions.week03_adaptive_sgd.adaptive_sgd.parted import PARTED, altered
from solutions.week03_adaptive_sgd.adaptive_sgd.steps import CALLS, RIGHT, WRONG
from tests import mirror
from tools.solved import released
from week03_adaptive_sgd.claims import claim
from week03_adaptive_sgd.objectives import quadratic, rescaled, tryouts
from week03_adaptive_sgd.trajectories import follow, gaps

STATES = [name for name in CALLS if name != "sgd"]
SETTINGS = {name: {"lr": 0.03, "mu": 0.8} if name in ("momentum", "nesterov") else {"lr": 0.03} for name in CALLS}


@pytest.fixture(scope="module")
def steps(repo):
    """The reference's step functions by name, as the notebook defines them."""
    namespace = {"np": np}
    for source in reference_cells(repo, "week03_adaptive_sgd", "adaptive_sgd").values():
        if source.startswith("def "):
            exec(source, namespace)
    return {name: namespace[f"{name}_step"] for name in CALLS}


@pytest.fixture
def bowl():
    return quadratic(20.0, dimensions=4, rng=np.random.default_rng(3), centre=0.5)


def path(steps, name, problem, n=12, **settings):
    return follow(steps[name], problem, n, **CALLS[name], **{**SETTINGS[name], **settings})


@pytest.mark.parametrize("name", CALLS)
def test_the_judges_own_steps_agree_with_the_reference(steps, bowl, name):
    """Two implementations written apart walk one path."""
    np.testing.assert_allclose(path(RIGHT, name, bowl), path(steps, name, bowl), rtol=1e-12)


@pytest.mark.parametrize("name", ["momentum", "nesterov"])
def test_without_memory_momentum_is_plain_descent(steps, bowl, name):
    """mu = 0 leaves nothing of the past."""
    np.testing.assert_allclose(path(steps, name, bowl, mu=0.0), path(steps, "sgd", bowl), rtol=1e-12)


def test_adam_without_first_moment_is_rmsprop_with_bias_correction(steps):
    """beta1 = 0: m^ is the gradient, and the correction of v is the factor sqrt(1 - alpha^t) on the learning rate."""
    rng, lr, alpha = np.random.default_rng(0), 0.1, 0.9
    adam, m, v = np.ones(3), np.zeros(3), np.zeros(3)
    rmsprop, mean_square = np.ones(3), np.zeros(3)
    for t in range(1, 9):
        grad = rng.normal(size=3)
        adam, m, v = steps["adam"](adam, grad, m, v, t, lr, beta1=0.0, beta2=alpha, eps=0.0)
        corrected = lr * np.sqrt(1 - alpha**t)
        rmsprop, mean_square = steps["rmsprop"](rmsprop, grad, mean_square, corrected, alpha=alpha, eps=0.0)
        np.testing.assert_allclose(adam, rmsprop, rtol=1e-12)


def test_adamw_without_decay_is_adam(steps, bowl):
    """weight_decay = 0 leaves Adam."""
    np.testing.assert_array_equal(path(steps, "adamw", bowl, weight_decay=0.0), path(steps, "adam", bowl))


def test_adamw_decay_alone_shrinks_the_weights_by_a_factor(steps):
    """With a zero gradient w <- (1 - lr weight_decay) w."""
    w, zeros = np.array([1.0, -2.0]), np.zeros(2)
    new, m, v = steps["adamw"](w, zeros, zeros, zeros, 1, 0.1, weight_decay=0.5)
    np.testing.assert_allclose(new, 0.95 * w)
    assert not m.any() and not v.any()


@pytest.mark.parametrize("name", ["rmsprop", "adagrad", "adam"])
@pytest.mark.parametrize("factor", [1e-6, 1e6])
def test_units_of_the_loss_do_not_matter(steps, bowl, name, factor):
    """Scaling every gradient leaves the path, for methods that divide by the size of the gradient."""
    usual, scaled = (path(steps, name, problem, eps=0.0) for problem in (bowl, rescaled(bowl, factor)))
    np.testing.assert_allclose(scaled, usual, rtol=1e-9)


@pytest.mark.parametrize("name", ["sgd", "momentum", "nesterov"])
def test_units_of_the_loss_matter_to_the_others(steps, bowl, name):
    """The check above can fail."""
    assert not np.allclose(path(steps, name, bowl), path(steps, name, rescaled(bowl, 0.1)))


@pytest.mark.parametrize("name", ["adagrad", "adam"])
def test_first_step_has_length_lr(steps, name):
    """Whatever the gradient is."""
    w, grad = np.zeros(3), np.array([1e6, -1e-3, 2.0])
    states = [np.zeros(3)] * CALLS[name]["states"]
    count = (1,) if CALLS[name].get("counted") else ()
    new = steps[name](w, grad, *states, *count, 0.1, eps=0.0)[0]
    np.testing.assert_allclose(new, -0.1 * np.sign(grad), rtol=1e-12)


@pytest.mark.parametrize("name", STATES)
def test_steps_keep_nothing_and_change_nothing(steps, bowl, name):
    """Two runs are equal, and interleaved runs too: all state is in the arguments."""
    first = path(steps, name, bowl)
    np.testing.assert_array_equal(path(steps, name, bowl), first)


def test_nesterov_seen_from_its_look_ahead_point_is_pytorchs(steps, bowl):
    """buf = mu buf + g(x); x <- x - lr (g(x) + mu buf): the x of PyTorch and optax is our w - mu v."""
    w, v, lr, mu = bowl.start, np.zeros(4), 0.03, 0.8
    x, buffer = bowl.start, np.zeros(4)
    for _ in range(10):
        w, v = steps["nesterov"](w, bowl.gradient, v, lr, mu)
        grad = bowl.gradient(x)
        buffer = mu * buffer + grad
        x = x - lr * (grad + mu * buffer)
        np.testing.assert_allclose(w - mu * v, x, rtol=1e-10)


# What the questions notice.

NAMES = {f"{name}_step": step for name, step in RIGHT.items()}


def passed(key, names, seed=0):
    case = key.draw(np.random.default_rng(seed))
    with np.errstate(all="ignore"):
        return judge(key.asked, key.asked.ask({**names}, vars(case)), case, key.right(case)).verdict.ok


def questions(name):
    return [key for key in mirror.keys("week03_adaptive_sgd", "adaptive_sgd") if key.asked.cell == f"test_{name}"]


@pytest.mark.parametrize("name", RIGHT)
def test_single_precision_costs_nothing(name):
    """The text does not ask for float64: results in float32 are compared as such."""

    def single(*arguments, **options):
        result = RIGHT[name](*arguments, **options)
        return tuple(map(np.float32, result)) if isinstance(result, tuple) else np.float32(result)

    names = {**NAMES, f"{name}_step": single}
    assert [key.asked.name for key in questions(name) if not all(passed(key, names, seed) for seed in range(3))] == []


def on_sgd(w, grad, velocity, lr, mu):
    """Momentum made of the student's own plain descent."""
    velocity = mu * velocity + lr * grad
    return NAMESPACE["sgd_step"](w, velocity, 1.0), velocity


NAMESPACE = {}


@pytest.mark.parametrize(
    ("sgd", "factor", "said"),
    [(RIGHT["sgd"], 1, True), (lambda w, g, lr: w + lr * g, 1, None), (RIGHT["sgd"], 2, False)],
    ids=["both right", "only its neighbour is wrong", "only momentum is wrong"],
)
def test_a_step_made_of_another_has_no_mark_while_the_other_is_wrong(sgd, factor, said):
    """In the notebook: judged apart when graded. Once the neighbour is right it has its mark, right or wrong."""
    NAMESPACE.update(NAMES, sgd_step=sgd, momentum_step=lambda w, g, v, lr, mu: on_sgd(w, factor * g, v, lr, mu))
    checks = mirror.at_home("week03_adaptive_sgd", "adaptive_sgd")
    (asked,) = [key.asked for key in questions("momentum") if key.asked.name == "momentum_path"]
    assert checks.result(asked, NAMESPACE, set())[0].ok is said


# What is said of the experiments


def test_an_experiment_that_shows_something_else_is_told(capsys):
    """One line, and nothing for one that shows what the text says."""
    claim("the loss falls", True)
    claim("the path is straight", False)
    assert capsys.readouterr().out.count("\n") == 1


def test_no_boundary_of_six_features_gets_all_points_of_the_circles_right(repo):
    """By a linear programme, which would find one; of the first ten points some do."""
    names = {"np": np}
    cells = {cell.id: cell.source for cell in released("week03_adaptive_sgd", "adaptive_sgd").cells}
    exec(reference_cells(repo, "week03_adaptive_sgd", "adaptive_sgd")["expand"] + "\n" + cells["given_data"], names)
    features, side = names["expand"](names["X_train"]), 2 * names["y_train"] - 1
    found = [
        linprog(np.zeros(6), A_ub=-side[:n, None] * features[:n], b_ub=-np.ones(n), bounds=(None, None)).status
        for n in (10, 400)
    ]
    assert found == [0, 2]  # solved; infeasible


def test_alternating_gradients_leave_about_half_and_equal_ones_ten_times():
    """What the text says of a velocity: 1 / (1 + mu) and 1 / (1 - mu)."""
    for slopes, times in (((1.0, 1.0), 10), ((1.0, -1.0), 1 / 1.9)):
        velocity = np.zeros(1)
        for number in range(200):
            _, velocity = RIGHT["momentum"](np.zeros(1), np.array([slopes[number % 2]]), velocity, 1.0, 0.9)
        assert abs(velocity[0]) == pytest.approx(times)


def test_one_rate_for_adam_is_not_enough_for_the_problems_of_bonus_e():
    """Thousands of steps for the long ways; on two of the short ones it never arrives."""
    first = {}
    for problem, share in tryouts():
        path = follow(RIGHT["adam"], problem, 2100, 0.1, states=2, counted=True)
        reached = gaps(path, problem) <= share * problem.gap(problem.start)
        first[problem.name] = int(np.argmax(reached)) if reached.any() else None
    long, short = ([first[name] for name in first if re.search(way, name)] for way in ("w x .*00$", "w x 0.00"))
    assert len(long) == len(short) == 3
    assert all(steps is None or steps > 1000 for steps in long) and short.count(None) == 2


# optax, an implementation that is not ours. Where its defaults differ from ours they are given.


@pytest.fixture(scope="module")
def optax():
    jax = pytest.importorskip("jax")
    module = pytest.importorskip("optax")
    jax.config.update("jax_enable_x64", True)
    yield module
    jax.config.update("jax_enable_x64", False)


def optax_path(optimiser, problem, n=12):
    """The path of an optax optimiser, [n + 1, shape of w]."""
    w, found = problem.start, [problem.start]
    state = optimiser.init(w)
    for _ in range(n):
        change, state = optimiser.update(problem.gradient(w), state, w)
        w = w + np.asarray(change)
        found.append(w)
    return np.array(found)


def from_optax(optax, name):
    settings = {
        "sgd": lambda: optax.sgd(0.03),
        "momentum": lambda: optax.sgd(0.03, momentum=0.8),
        "rmsprop": lambda: optax.rmsprop(0.03, decay=0.9, eps=1e-8, eps_in_sqrt=False),
        "adam": lambda: optax.adam(0.03),
        "adamw": lambda: optax.adamw(0.03, weight_decay=0.01),
    }
    return settings[name]()


@pytest.mark.parametrize("name", ["sgd", "momentum", "rmsprop", "adam", "adamw"])
def test_path_is_that_of_optax(optax, steps, bowl, name):
    """Step by step, in float64."""
    np.testing.assert_allclose(path(steps, name, bowl), optax_path(from_optax(optax, name), bowl), rtol=1e-7)


def test_adagrad_is_that_of_optax_up_to_eps(optax, steps, bowl):
    """optax has eps inside the root and starts from 0.1: compared without either."""
    theirs = optax_path(optax.adagrad(0.03, initial_accumulator_value=0.0, eps=0.0), bowl)
    np.testing.assert_allclose(path(steps, "adagrad", bowl, eps=0.0), theirs, rtol=1e-7)


def test_nesterov_is_that_of_optax_at_the_look_ahead_point(optax, steps, bowl):
    """optax, as PyTorch, keeps the look-ahead point in place of w."""
    theirs = optax_path(optax.sgd(0.03, momentum=0.8, nesterov=True), bowl)
    w, v = bowl.start, np.zeros(4)
    for expected in theirs[1:]:
        w, v = steps["nesterov"](w, bowl.gradient, v, 0.03, 0.8)
        np.testing.assert_allclose(w - 0.8 * v, expected, rtol=1e-7)


def call_of(name, seed=3):
    """The arguments of a random step, the state and the options among them."""
    settings = [step_keys.LR, *([step_keys.MU] if name in ("momentum", "nesterov") else [])]
    call = step_keys.call(name, np.random.default_rng(seed), *settings, **step_keys.OPTIONS.get(name, {}))
    w, grad, states, rest, options = call
    return w, step_keys.asked.slope_of(*grad) if isinstance(grad, list) else grad, states, rest, options


@pytest.mark.parametrize("name", PARTED)
def test_a_step_in_parts_is_the_step(name):
    w, grad, states, rest, options = call_of(name)
    found = PARTED[name](lambda part, value: value, w, grad, *states, *rest, **options)
    right = step_keys.listed(RIGHT[name](w, grad, *states, *rest, **options))
    assert all(np.allclose(one, other, rtol=1e-12, atol=0) for one, other in zip(found, right, strict=True))


@pytest.mark.parametrize(
    ("name", "slip", "words"),
    [
        ("nesterov", "looks_back", "what comes with mu * velocity in the look-ahead point replaced by minus it"),
        ("rmsprop", "no_root", "what comes with the root of the new square replaced by the new square"),
        ("rmsprop", "stale_square", "what comes with the new square replaced by mean_square"),
        ("adamw", "decay_without_rate", "what comes with lr * weight_decay * w divided by lr once too often"),
        ("adamw", "decay_of_new", "what comes with w in the decay replaced by the new w"),
        ("momentum", "velocity_of_w", ""),
        ("adamw", "coupled", ""),
    ],
)
def test_a_part_of_a_step_that_is_another_one_is_told_in_words(name, slip, words):
    """A mistake of another kind is told nothing."""
    w, grad, states, rest, options = call = call_of(name)
    wrong = step_keys.listed(WRONG[name][slip](w, grad, *states, *rest, **options))
    row = step_keys.ROWS[name].roles
    found = altered(name, call, row.names[3], row.defaults)
    told = [one for one, parts in found.items() if step_keys.same(parts, wrong)]
    assert told[:1] == ([words] if words else [])
