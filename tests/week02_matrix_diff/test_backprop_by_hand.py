"""Backpropagation by hand: the references against sympy, and the follow-through rule.

Each formula is written down once more, as it stands in the exercise, and differentiated by symbols; then rational
numbers are put in. No numpy, no step size.
"""

import inspect
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import sympy as sp

from grader.judge.grading.spec import load_notebook, reference_cells
from solutions.week02_matrix_diff.backprop_by_hand import graph_keys, step_keys
from tests import mirror
from week02_matrix_diff import backprop_by_hand_questions as questions

REPO = Path(__file__).resolve().parents[2]
WEEK, NAME = "week02_matrix_diff", "backprop_by_hand"
CELLS = reference_cells(REPO, WEEK, NAME)

REFERENCE = {"np": np, "sigmoid": lambda z: 1 / (1 + np.exp(-z))}
for _cell, _source in CELLS.items():
    if not _cell.startswith("why_"):
        exec(_source, REFERENCE)


def s(z):
    return 1 / (1 + sp.exp(-z))


def entrywise(f, M):
    return M.applyfunc(f)


def symbols(name, rows, columns=1):
    return sp.Matrix(rows, columns, lambda i, j: sp.Symbol(f"{name}{i}{j}"))


def fractions(M, seed):
    """{symbol: a small fraction}, one for each entry."""
    tops = np.random.default_rng(seed).integers(1, 12, size=len(M))
    return {symbol: sp.Rational(int(top) * (-1) ** k, 8) for k, (symbol, top) in enumerate(zip(M, tops, strict=True))}


def numbers(M, at):
    return np.array(sp.Matrix(M).subs(at).evalf(25).tolist(), dtype=float)


def derivatives(f, M, at):
    """The exact derivatives of f by the entries of M, as an array of the shape of M."""
    return numbers(M.applyfunc(lambda symbol: sp.diff(f, symbol)), at)


def test_partial_derivatives_of_the_graph_are_exact():
    x, y = sp.symbols("x y")
    f, at = x**2 + x * y + (x + y) ** 2, {x: sp.Rational(5, 4), y: sp.Rational(-7, 8)}
    wanted = [float(sp.diff(f, letter).subs(at)) for letter in (x, y)]
    assert REFERENCE["graph_grads"](1.25, -0.875) == pytest.approx(wanted, rel=1e-14)


def test_numbers_of_the_graph_are_exact():
    """Values at (3, 2), and the derivative of f by each node, all the others held."""
    a, b, c, d, x, y = sp.symbols("a b c d x y")
    at = {"a": x**2, "b": x * y, "c": x + y, "d": c**2}
    f = a + b + d
    point = {x: 3, y: 2}
    values = {name: at[name].subs(c, x + y).subs(point) for name in "abcd"}
    assert REFERENCE["graph_values"] == values | {"f": sum(values[name] for name in "abd")}
    of_c = f.subs(d, c**2)
    of_x = of_c.subs({a: x**2, b: x * y, c: x + y})
    gradients = {"f": 1} | {name: sp.diff(f, sp.Symbol(name)) for name in "abd"}
    gradients |= {"c": sp.diff(of_c, c).subs(c, 5)} | {str(v): sp.diff(of_x, v).subs(point) for v in (x, y)}
    assert REFERENCE["graph_gradients"] == gradients


def test_chain_of_three_weights_is_exact():
    x, y, *w = sp.symbols("x y w1 w2 w3")
    E = (y - w[2] * s(w[1] * s(w[0] * x))) ** 2 / 2
    at = fractions([x, y, *w], 1)
    wanted = [float(sp.diff(E, letter).subs(at).evalf(25)) for letter in w]
    assert REFERENCE["chain3_grads"](*map(float, at.values())) == pytest.approx(wanted, rel=1e-13)


class Counting(float):
    """A number that counts the multiplications it takes part in."""

    times = 0

    def __mul__(self, other):
        Counting.times += 1
        return Counting(float(self) * float(other))


@pytest.mark.parametrize(("n", "once", "apart"), [(3, 7, 9), (100, 298, 10_000)])
def test_the_algorithm_for_a_chain_takes_3n_minus_2_multiplications(n, once, apart):
    """In place of n^2, for the same derivatives: of chain3, and of a chain of a hundred weights."""
    entering, weights, slopes = np.random.default_rng(n).uniform(0.9, 1.1, size=(3, n))

    def handed_on():
        message = Counting(1.3)
        for k in reversed(range(n)):
            yield message * entering[k]
            message = message * weights[k] * slopes[k] if k else None

    def each_by_itself():
        for k in reversed(range(n)):
            product = Counting(1.3)
            for j in reversed(range(k + 1, n)):
                product = product * weights[j] * slopes[j]
            yield product * entering[k]

    found = []
    for way, times in ((handed_on, once), (each_by_itself, apart)):
        Counting.times = 0
        found.append(list(way()))
        assert Counting.times == times
    assert found[0] == pytest.approx(found[1])


def test_sigmoid_backward_is_exact():
    z, d = symbols("z", 3, 2), symbols("d", 3, 2)
    E = sum(d.multiply_elementwise(entrywise(s, z)))
    at = fractions(z, 1) | fractions(d, 2)
    found = REFERENCE["sigmoid_backward"](numbers(z, at), numbers(d, at))
    assert found == pytest.approx(derivatives(E, z, at), rel=1e-13)


def test_linear_backward_is_exact():
    X, W, dZ = symbols("x", 3, 2), symbols("w", 2, 4), symbols("g", 3, 4)
    E = (dZ.T * X * W).trace()
    at = fractions(X, 1) | fractions(W, 2) | fractions(dZ, 3)
    dX, dW = REFERENCE["linear_backward"](*(numbers(M, at) for M in (X, W, dZ)))
    assert dX == pytest.approx(derivatives(E, X, at), rel=1e-13)
    assert dW == pytest.approx(derivatives(E, W, at), rel=1e-13)


NET = symbols("X", 3, 2), symbols("y", 3), symbols("V", 2, 2), symbols("W", 2, 2), symbols("u", 2)


def net_loss(X, y, W1, W2, w3):
    error = entrywise(s, entrywise(s, X * W1) * W2) * w3 - y
    return (error.T * error)[0] / (2 * X.rows)


def test_matrix_net_is_exact():
    at = {symbol: value for seed, M in enumerate(NET) for symbol, value in fractions(M, seed).items()}
    X, y, W1, W2, w3 = (numbers(M, at) for M in NET)
    found = REFERENCE["matrix_net_grads"](X, y[:, 0], W1, W2, w3[:, 0])
    E = net_loss(*NET)
    for mine, M in zip(found, NET[2:], strict=True):
        wanted = derivatives(E, M, at)
        assert mine == pytest.approx(wanted if M.cols > 1 else wanted[:, 0], rel=1e-12)


def test_two_steps_are_exact():
    """The weights after each step on one sample, from zero; and who moves first in the steps after."""
    X, y, *weights = symbols("X", 1, 2), symbols("y", 1), *NET[2:]
    E = net_loss(X, y, *weights)
    values = [np.zeros(M.shape) for M in weights]
    moved = {}
    for step in range(1, 5):
        sample = {1: [5, 2, 0], 0: [1, 1, 1]}[step % 2]
        at = dict(zip([*X, *y], sample, strict=True))
        for M, value in zip(weights, values, strict=True):
            at |= dict(zip(M, map(sp.Float, value.ravel()), strict=True))
        for k, (name, M) in enumerate(zip(["W1", "W2", "w3"], weights, strict=True)):
            gradient = derivatives(E, M, at)
            if np.abs(gradient).max() > 1e-12:
                moved.setdefault(name, step)
            values[k] = values[k] - gradient
        if step <= 2:
            sheet = REFERENCE[f"after_step_{step}"]
            for name, value in zip(["W1", "W2", "w3"], values, strict=True):
                assert np.reshape(sheet[name], value.shape) == pytest.approx(value, abs=1e-12)
    assert moved == REFERENCE["first_moves"]


Z, A, P, W1, W2 = symbols("z", 2, 2), symbols("a", 2, 2), symbols("p", 2), symbols("W", 2, 2), symbols("v", 2)
X0 = sp.Matrix([[1, 2], [-1, 2]])
W1_0, W2_0 = sp.Matrix([[1, -1], [sp.Rational(1, 2), 0]]), sp.Matrix([sp.Rational(1, 2), 1])
HEADS = {
    "squared_head": lambda out: ((out[0] - 2) ** 2 + (out[1] - 1) ** 2) / 4,
    "log_head": lambda out: -(sp.log(1 - s(out[0])) + sp.log(s(out[1]))) / 2,
}


@pytest.mark.parametrize("head", HEADS)
def test_hidden_backprop_is_exact(head):
    """Every gradient is the derivative of the loss by that node; where Z is not positive, ReLU is the constant 0."""
    sheet, loss = REFERENCE[head], HEADS[head]
    Z0 = X0 * W1_0
    open_ = Z0.applyfunc(lambda z: 1 if z > 0 else 0)
    A0 = Z0.multiply_elementwise(open_)
    at = dict(zip(W1, W1_0, strict=True)) | dict(zip(W2, W2_0, strict=True))
    at |= dict(zip(A, A0, strict=True)) | dict(zip(Z, Z0, strict=True)) | dict(zip(P, A0 * W2_0, strict=True))
    of_A = loss(A * W2)
    of_Z = loss(Z.multiply_elementwise(open_) * W2)
    of_W1 = loss((X0 * W1).multiply_elementwise(open_) * W2)
    wanted = {
        "L": numbers([loss(P)], at)[0, 0],
        "d_y_hat": derivatives(loss(P), P, at)[:, 0],
        "d_W2": derivatives(of_A, W2, at)[:, 0],
        "d_A": derivatives(of_A, A, at),
        "d_Z": derivatives(of_Z, Z, at),
        "d_W1": derivatives(of_W1, W1, at),
    }
    wanted["new_W2"] = numbers(W2_0, at)[:, 0] - wanted["d_W2"]
    wanted["new_W1"] = numbers(W1_0, at) - wanted["d_W1"]
    forward = {"Z": Z0, "A": A0, "y_hat": (A0 * W2_0).T} if head == "squared_head" else {"p": entrywise(s, A0 * W2_0).T}
    wanted |= {name: np.squeeze(numbers(M, at)) for name, M in forward.items()}
    assert sheet.keys() == wanted.keys()
    for name, value in wanted.items():
        assert np.array(sheet[name], dtype=float) == pytest.approx(value, abs=1e-5), name


# The follow-through rule.


def asked_of(part):
    return {key.asked.name: key for key in mirror.keys(WEEK, NAME) if key.asked.cell == f"test_{part}"}


def written(sheet, values):
    """The names of the notebook of a student who wrote these values, {entry: value}."""
    names = {}
    for name, entry in sheet.entries.items():
        variable, key = re.fullmatch(r'(\w+)\["(\w+)"\]', entry.what).groups()
        names.setdefault(variable, {})[key] = np.asarray(values[name]).tolist()
    return names


def wrong_rows(part, rows, names):
    """The entries of the rows that lose their points; in the notebook no other row is called wrong."""
    graded = {own for own, name in rows.items() if not verdict(asked_of(part)[name], names).ok}
    checks = mirror.at_home(WEEK, NAME)
    at_home = {own: checks.result(asked_of(part)[name].asked, names, set())[0].ok for own, name in rows.items()}
    assert {own for own, ok in at_home.items() if ok is False} == graded
    assert graded or None not in at_home.values()
    return graded


def verdict(key, names):
    return key.judged(key.asked.ask(names, {}), SimpleNamespace()).verdict


SHEETS = {
    "graph": (graph_keys.SHEET, questions.GRAPH),
    "two_steps": (step_keys.STEPS, questions.STEPS),
    "hidden_backprop": (step_keys.HEADS, questions.HEADS),
}
SLIPS = [(part, name) for part, (sheet, _) in SHEETS.items() for name in sheet.entries]


@pytest.mark.parametrize(("part", "slip"), SLIPS)
def test_what_follows_from_a_slip_keeps_its_points(part, slip):
    """An entry is off by 0.2, all later ones are computed from it: only its row is wrong; in the other case, too."""
    sheet, asked = SHEETS[part]
    rows, values = {own: question.name for own, question in asked.items()}, {}
    for name, entry in sheet.entries.items():
        values[name] = np.asarray(entry.follow(values), dtype=float) + (0.2 if name == slip else 0.0)
    its_row = {own for own in rows if slip in own}
    assert wrong_rows(part, rows, written(sheet, values)) == its_row
    off = written(sheet, {**sheet.exact, slip: sheet.exact[slip] + 0.2})
    assert {own for own, name in rows.items() if not verdict(asked_of(part)[name], off).ok} == its_row
    assert wrong_rows(part, rows, written(sheet, sheet.exact)) == set()


def test_nobody_is_shown_a_number_of_the_sheets():
    """Of a wrong array when graded; in the notebook, where all are 7."""
    sheet, hidden = step_keys.HEADS, ("0.18", "0.134", "0.365", "0.268", "0.73", "0.81")
    wrong = written(sheet, {**sheet.exact, "log_d_W1": np.array([[0.1, 0.7], [0.3, 0.9]])})
    hint = verdict(asked_of("hidden_backprop")["hidden_backprop_log_d_W1"], wrong).hint()
    sevens = written(sheet, {name: np.full(value.shape, 7.0) for name, value in sheet.exact.items()})
    said = mirror.at_home(WEEK, NAME).report("hidden_backprop", sevens).text()
    assert "✗" in said and "✓" not in said
    assert not any(number in text for number in hidden for text in (hint, said))


# The notebook.


@pytest.fixture(scope="module")
def spec():
    return load_notebook(REPO, WEEK, NAME)


PARTS = {
    "graph": ("graph_grads", "x y"),
    "chain3": ("chain3_grads", "x y w1 w2 w3"),
    "sigmoid_backward": ("sigmoid_backward", "z d_sigma"),
    "linear_backward": ("linear_backward", "X W dZ"),
    "matrix_net": ("matrix_net_grads", "X y W1 W2 w3"),
}


def test_names_and_arguments_are_those_of_the_contract(spec):
    """In the released stubs and in the reference alike; every part, and two questions for a person."""
    tests = {cell.grade_id for cell in spec.cells if not cell.manual}
    assert tests == {f"test_{part}" for part in [*PARTS, "two_steps", "hidden_backprop"]}
    assert {cell.grade_id for cell in spec.cells if cell.manual} == {"why_not_zero", "why_old_weights"}
    stubs = {}
    for cell in spec.released.cells:
        if cell.id in PARTS:
            exec(cell.source, stubs)
    for name, letters in PARTS.values():
        for namespace in (stubs, REFERENCE):
            assert " ".join(inspect.signature(namespace[name]).parameters) == letters, name


def test_what_the_rubric_says_of_fresh_weights_is_true():
    """Through the new W2 the gradient of W1 is three times the right one; with both units open it is no multiple."""
    X, old = np.array([[1.0, 2.0], [-1.0, 2.0]]), np.array([0.5, 1.0])
    Z = X @ np.array([[1.0, -1.0], [0.5, 0.0]])
    A = np.maximum(Z, 0)
    d_y_hat = (A @ old - [2.0, 1.0]) / 2
    new = old - A.T @ d_y_hat
    right, fresh = [X.T @ (np.outer(d_y_hat, W2) * (Z > 0)) for W2 in (old, new)]
    assert list(new) == [1.5, 1.0] and list(np.outer(d_y_hat, new)[0]) == [-0.75, -0.5]
    assert fresh.tolist() == [[-0.75, 0], [-1.5, 0]] and np.array_equal(fresh, 3 * right)
    right, fresh = [X.T @ np.outer(d_y_hat, W2) for W2 in (old, new)]
    assert np.linalg.matrix_rank([right.ravel(), fresh.ravel()]) == 2


def test_what_the_rubric_says_of_equal_weights_is_true():
    """From 0.3 everywhere all weights move, and the units of a layer stay equal; at 0 the sigmoid is steepest."""
    samples = [(np.array([[5.0, 2.0]]), np.zeros(1)), (np.array([[1.0, 1.0]]), np.ones(1))]
    weights = [np.full((2, 2), 0.3), np.full((2, 2), 0.3), np.full(2, 0.3)]
    for step in range(1000):
        x, y = samples[step % 2]
        weights = [W - dW for W, dW in zip(weights, REFERENCE["matrix_net_grads"](x, y, *weights), strict=True)]
    for W in weights:
        assert np.all(W != 0.3) and np.ptp(W, axis=W.ndim - 1).max() < 1e-9
    z = np.linspace(-3, 3, 61)
    assert np.argmax(REFERENCE["sigmoid"](z) * (1 - REFERENCE["sigmoid"](z))) == 30
