"""The references of the matrix derivatives against exact calculus, and what the notebook says of each known mistake.

The exact derivatives are sympy's: each formula is written down once more as it stands in the exercise, at a point of
rational numbers, and differentiated by symbols along one entry after the other. No numpy, no step size.
"""

import contextlib
import inspect
import io
from pathlib import Path

import matplotlib
import nbformat
import numpy as np
import pytest
import sympy as sp

from grader.judge.grading.spec import load_mistakes, load_notebook, reference_cells
from grader.judge.rehearsal.rehearsal import filled
from week02_matrix_diff.derivations import FUNCTIONS

matplotlib.use("Agg")

REPO = Path(__file__).resolve().parents[2]
WEEK, NAME = "week02_matrix_diff", "matrix_diff"

REFERENCE = {"np": np}
for _source in reference_cells(REPO, WEEK, NAME).values():
    exec(_source, REFERENCE)


def rational(shape, seed):
    """Small fractions, as sympy's matrix; the diagonal of a square one is large, so that it can be inverted."""
    rng = np.random.default_rng(seed)
    tops = rng.integers(-9, 10, size=shape)
    M = sp.Matrix(*shape, [sp.Rational(int(top), 8) for top in tops.ravel()])
    return M + 3 * sp.eye(shape[0]) if shape[0] == shape[1] else M


def numbers(M):
    return np.array(M.evalf(25).tolist(), dtype=float)


def entries(M):
    """Every entry's index, and the matrix that is 1 there and 0 elsewhere."""
    for i in range(M.rows):
        for j in range(M.cols):
            E = sp.zeros(*M.shape)
            E[i, j] = 1
            yield i, j, E


def exact(f, point, letter):
    """Exact derivative of f(**point) by the matrix point[letter], as a list over its entries."""
    t = sp.Symbol("t")
    X = point[letter]
    values = []
    for _, _, E in entries(X):
        moved = f(**{**point, letter: X + t * E})
        values.append(sp.diff(moved, t).subs(t, 0))
    return values


SHAPES = {"a": (3, 1), "b": (2, 1), "x": (3, 1), "y": (2, 1), "w": (2, 1), "A": (3, 3), "B": (3, 3), "X": (3, 3)}
POINTS = {  # where a row needs other shapes than these
    "trace_ab": {"A": (2, 3), "B": (3, 2)},
    "bilinear": {"A": (3, 2)},
    "xab_x": {"A": (3, 2)},
    "xab_A": {"A": (3, 2)},
    "trace_axb": {"A": (4, 3), "X": (3, 2), "B": (2, 4)},
    "trace_axx": {"X": (2, 3)},
    "det_sandwich": {"X": (3, 2)},
    "factorization_A": {"X": (3, 4), "A": (3, 2), "S": (2, 4)},
    "factorization_S": {"X": (3, 4), "A": (3, 2), "S": (2, 4)},
}
# name: (the formula of the exercise, by which letter, arguments in the order of the contract)
GRADIENTS = {
    "dot": (lambda a, x: (a.T * x)[0], "x", "a x"),
    "quadratic": (lambda x, A: (x.T * A * x)[0], "x", "x A"),
    "log_quadratic": (lambda x, A: sp.log((x.T * A * x)[0]), "x", "x A"),
    "trace": (lambda X: X.trace(), "X", "X"),
    "trace_ab": (lambda A, B: (A * B).trace(), "A", "A B"),
    "bilinear": (lambda x, A, y: (x.T * A * y)[0], "A", "x A y"),
    "xab_x": (lambda x, A, b: (x.T * A * b)[0], "x", "x A b"),
    "xab_A": (lambda x, A, b: (x.T * A * b)[0], "A", "x A b"),
    "trace_axb": (lambda A, X, B: (A * X * B).trace(), "X", "A X B"),
    "trace_axx": (lambda A, X: (A * X.T * X).trace(), "X", "A X"),
    "sandwich": (lambda a, X, A: (a.T * X * A * X * a)[0], "X", "a X A"),
    "det": (lambda X: X.det(), "X", "X"),
    "logdet": (lambda X: sp.log(X.det()), "X", "X"),
    "trace_axbinv": (lambda A, X, B: (A * X * B * X.inv()).trace(), "X", "A X B"),
    "trace_hard": (lambda A, X, B: (A * X.T * X * B * X.inv().T).trace(), "X", "A X B"),
    "det_sandwich": (lambda X, A: (X.T * A * X).det(), "X", "X A"),
    "factorization_A": (lambda X, A, S: ((X - A * S).T * (X - A * S)).trace(), "A", "X A S"),
    "factorization_S": (lambda X, A, S: ((X - A * S).T * (X - A * S)).trace(), "S", "X A S"),
}


def point_of(name, letters):
    shapes = {**SHAPES, **POINTS.get(name, {})}
    return {letter: rational(shapes[letter], seed) for seed, letter in enumerate(letters.split(), start=1)}


def argument(letter, M):
    """Lower-case letters are vectors, arrays with one axis."""
    return numbers(M).ravel() if letter.islower() else numbers(M)


@pytest.mark.parametrize("name", GRADIENTS)
def test_gradients_are_exact(name):
    """The reference agrees with symbolic differentiation of the formula, to twelve digits."""
    f, by, letters = GRADIENTS[name]
    point = point_of(name, letters)
    wanted = sp.Matrix(*point[by].shape, exact(f, point, by))
    found = REFERENCE[f"d_{name}"](*(argument(letter, M) for letter, M in point.items()))
    assert found == pytest.approx(argument(by, wanted), rel=1e-12, abs=1e-12)


def test_hessian_of_the_quadratic_form_is_exact():
    x, A = rational((3, 1), 1), rational((3, 3), 2)
    symbols = sp.Matrix(sp.symbols("p q r"))
    H = sp.hessian((symbols.T * A * symbols)[0], list(symbols))
    assert REFERENCE["d_quadratic_hessian"](numbers(x).ravel(), numbers(A)) == pytest.approx(numbers(H), rel=1e-13)


def test_jacobian_of_the_cubic_is_exact():
    symbols, at = sp.Matrix(sp.symbols("p q r")), rational((3, 1), 1)
    f = symbols * (symbols.T * symbols)[0]
    J = f.jacobian(symbols).subs(dict(zip(symbols, at, strict=True)))
    assert REFERENCE["d_cubic"](numbers(at).ravel()) == pytest.approx(numbers(J), rel=1e-13)


def test_chain_rule_is_exact():
    """J_f and grad_g of a composition that is differentiated as a whole."""
    x, u = sp.Matrix(sp.symbols("p q r")), sp.Matrix(sp.symbols("s t"))
    f, g = sp.Matrix([x[0] * x[1], x[1] + x[2] ** 2]), u[0] ** 3 * u[1]
    at = dict(zip(x, [2, sp.Rational(1, 3), -1], strict=True))
    there = dict(zip(u, f.subs(at), strict=True))
    J, grad = f.jacobian(x).subs(at), sp.Matrix([g.diff(s).subs(there) for s in u])
    whole = sp.Matrix([g.subs(dict(zip(u, f, strict=True))).diff(s).subs(at) for s in x])
    assert REFERENCE["d_chain"](numbers(J), numbers(grad).ravel()) == pytest.approx(numbers(whole).ravel(), rel=1e-13)


def test_differential_of_the_inverse_is_exact():
    t, X, dX = sp.Symbol("t"), rational((3, 3), 1), rational((3, 3), 2)
    wanted = (X + t * dX).inv().diff(t).subs(t, 0)
    assert REFERENCE["d_inverse"](numbers(X), numbers(dX)) == pytest.approx(numbers(wanted), rel=1e-12)


X, Y, W, LAM = rational((5, 2), 1), rational((5, 1), 2), rational((2, 1), 3), sp.Rational(3, 4)


@pytest.mark.parametrize(("name", "lam"), [("least_squares", 0), ("ridge", LAM)])
def test_linear_regression_is_exact(name, lam):
    """Gradient, Hessian and minimum of the formula, by symbols and fractions."""
    w = sp.Matrix(sp.symbols("p q"))
    E = ((Y - X * w).T * (Y - X * w) + lam * w.T * w)[0]
    grad = [E.diff(s) for s in w]
    at = dict(zip(w, W, strict=True))
    minimum = sp.solve(grad, list(w))
    X_, y_, w_ = numbers(X), numbers(Y).ravel(), numbers(W).ravel()
    more = [float(lam)] if lam else []
    found = REFERENCE[f"{name}_grad"](w_, X_, y_, *more)
    assert found == pytest.approx([float(g.subs(at)) for g in grad], rel=1e-12)
    assert REFERENCE[f"{name}_hessian"](w_, X_, y_, *more) == pytest.approx(numbers(sp.hessian(E, list(w))), rel=1e-12)
    assert REFERENCE[f"{name}_solve"](X_, y_, *more) == pytest.approx([float(minimum[s]) for s in w], rel=1e-12)


@pytest.mark.parametrize("scale", [1, 60, 1500])
def test_logistic_regression_is_exact_far_out(scale):
    """Gradient and step agree with arithmetic of 40 digits, for x'w up to about a thousand."""
    w, labels = sp.Matrix(sp.symbols("p q")), [1, -1, 1, 1, -1]
    margins = [label * (X[i, :] * w)[0] for i, label in enumerate(labels)]
    E = sum(sp.log(1 + sp.exp(-m)) for m in margins) + LAM * (w.T * w)[0]
    at = dict(zip(w, scale * W, strict=True))
    wanted = [float(E.diff(s).subs(at).evalf(40)) for s in w]
    arguments = numbers(scale * W).ravel(), numbers(X), np.array(labels, float), float(LAM)
    assert max(abs(float(m.subs(at))) for m in margins) > 0.6 * scale
    assert REFERENCE["logistic_l2_grad"](*arguments) == pytest.approx(wanted, rel=1e-12)
    step = REFERENCE["logistic_l2_step"](*arguments, 0.01)
    assert step == pytest.approx(arguments[0] - 0.01 * np.array(wanted), rel=1e-12)


def log_likelihood(X, mu, Sigma):
    """As in the exercise, a sum over the samples; Sigma need not be symmetric."""
    rows = [X[i, :].T - mu for i in range(X.rows)]
    squares = sum((r.T * Sigma.inv() * r)[0] for r in rows)
    return -sp.Rational(X.rows, 2) * sp.log(Sigma.det()) - squares / 2


def test_normal_distribution_is_exact():
    """Both gradients, entries of Sigma independent, and the maximum, where both vanish."""
    mu, Sigma = rational((2, 1), 4), sp.Matrix([[2, sp.Rational(1, 2)], [sp.Rational(1, 2), 1]])
    point = {"X": X, "mu": mu, "Sigma": Sigma}
    arguments = numbers(X), numbers(mu).ravel(), numbers(Sigma)
    by_mu = numbers(sp.Matrix(exact(log_likelihood, point, "mu"))).ravel()
    by_sigma = numbers(sp.Matrix(2, 2, exact(log_likelihood, point, "Sigma")))
    assert REFERENCE["gaussian_grad_mu"](*arguments) == pytest.approx(by_mu, rel=1e-12)
    assert REFERENCE["gaussian_grad_sigma"](*arguments) == pytest.approx(by_sigma, rel=1e-12)

    mean = sp.Matrix([sum(X[:, j]) / X.rows for j in range(2)])
    rows = [X[i, :].T - mean for i in range(X.rows)]
    covariance = sum((r * r.T for r in rows), sp.zeros(2, 2)) / X.rows
    best = {"X": X, "mu": mean, "Sigma": covariance}
    assert all(sp.simplify(value) == 0 for letter in ("mu", "Sigma") for value in exact(log_likelihood, best, letter))
    found = REFERENCE["gaussian_mle"](numbers(X))
    assert found[0] == pytest.approx(numbers(mean).ravel()) and found[1] == pytest.approx(numbers(covariance))


def logistic_sum(W, X, G):
    """<G, s(XW)>, s the sigmoid."""
    return sum(g / (1 + sp.exp(-z)) for g, z in zip(G, X * W, strict=True))


def cross_entropy_of(Z, labels):
    """The mean over the rows of Z of minus the logarithm of the probability of a label."""
    rows = [[sp.exp(entry) for entry in Z[i, :]] for i in range(Z.rows)]
    return -sum(sp.log(row[label] / sum(row)) for row, label in zip(rows, labels, strict=True)) / Z.rows


def slopes(f, at):
    return numbers(sp.Matrix(*at.shape, [value.evalf(30) for value in exact(f, {"X": at}, "X")]))


def test_a_network_by_differentials_is_exact():
    """The three gradients agree with arithmetic of 25 digits, for logits of a hundred."""
    inputs, first, second, G = (rational(shape, 5) for shape in [(2, 1), (1, 3), (3, 2), (2, 3)])
    scale, labels = 80, [1, 0]
    Z, far = scale * rational((2, 3), 6), scale * first
    Y, Y2 = np.eye(3)[labels], np.eye(2)[labels]
    wanted = slopes(lambda X: logistic_sum(X, inputs, G), far)
    found = REFERENCE["d_sigmoid_layer"](numbers(inputs), numbers(far), numbers(G))
    assert found == pytest.approx(wanted, rel=1e-11, abs=1e-12)
    wanted = slopes(lambda X: cross_entropy_of(X, labels), Z)
    assert REFERENCE["d_softmax_cross_entropy"](numbers(Z), Y) == pytest.approx(wanted, rel=1e-11, abs=1e-15)

    def loss(W1, W2):
        return cross_entropy_of((inputs * W1).applyfunc(sp.tanh) * scale * W2, labels)

    found = REFERENCE["two_layer_grads"](numbers(inputs), Y2, numbers(first), scale * numbers(second))
    of_first, of_second = slopes(lambda X: loss(X, second), first), slopes(lambda X: loss(first, X), second)
    assert found[0] == pytest.approx(of_first, rel=1e-9, abs=1e-12)
    assert found[1] == pytest.approx(of_second / scale, rel=1e-9, abs=1e-12)


# What the notebook says under "Expected", by hand.
QUARTER, TWISTED = np.array([[1.0, 3.0], [0.0, 2.0]]), np.array([[0.0, 1.0], [0.0, 0.0]])
POINT, LINE, TARGETS = np.array([1.0, 2.0]), np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]]), np.array([0.0, 2.0, 1.0])
FORM = POINT, np.array([[1.0, 0.0, 1.0], [2.0, 1.0, 0.0]]), np.array([1.0, 1.0, -1.0])
PRODUCT = np.array([[1.0, 0, 0], [0, 0, 2]]), np.array([[1.0], [2.0]]), np.array([[1.0, 0.0, 1.0]])
CORNERS = np.array([[0.0, 0.0], [2.0, 0.0], [0.0, 2.0], [2.0, 2.0]])
ROWS_OF_TWO, LABELS = np.array([[2.0, 0.0], [0.0, 4.0]]), np.array([1.0, -1.0])
EXPECTED = [
    ("d_quadratic", (POINT, QUARTER), [8, 11]),
    ("d_quadratic_hessian", (POINT, QUARTER), [[2, 3], [3, 4]]),
    ("d_log_quadratic", (POINT, QUARTER), [8 / 15, 11 / 15]),
    ("d_cubic", (POINT,), [[7, 4], [4, 13]]),
    ("d_chain", (np.array([[1.0, 2, 0], [0, 1, 3]]), np.array([2.0, -1.0])), [2, 3, -3]),
    ("d_bilinear", (POINT, np.ones((2, 3)), np.array([3.0, 0.0, -1.0])), [[3, 0, -1], [6, 0, -2]]),
    ("d_xab_x", FORM, [0, 3]),
    ("d_xab_A", FORM, [[1, 1, -1], [2, 2, -2]]),
    ("d_trace_axb", (np.array([[1.0, 2.0]]), np.ones((2, 2)), np.array([[3.0], [4.0]])), [[3, 4], [6, 8]]),
    ("d_trace_axx", (np.array([[1.0, 2.0], [0.0, 1.0]]), np.diag([1.0, 2.0])), [[2, 2], [4, 4]]),
    ("d_sandwich", (np.array([1.0, 0.0]), np.array([[1.0, 2.0], [3.0, 4.0]]), TWISTED), [[3, 0], [1, 0]]),
    ("d_inverse", (np.diag([2.0, 4.0]), TWISTED), [[0, -1 / 8], [0, 0]]),
    ("d_det", (np.array([[1.0, 2.0], [3.0, 4.0]]),), [[4, -3], [-2, 1]]),
    ("d_logdet", (np.array([[2.0, 1.0], [0.0, 1.0]]),), [[0.5, 0], [-0.5, 1]]),
    ("d_trace_axbinv", (TWISTED, np.eye(2), np.diag([1.0, 2.0])), [[0, 0], [-1, 0]]),
    ("d_trace_hard", (TWISTED, np.eye(2), np.diag([1.0, 2.0])), [[0, -1], [1, 0]]),
    ("d_det_sandwich", (POINT[:, None], QUARTER), [[8], [11]]),
    ("least_squares_grad", (np.zeros(2), LINE, TARGETS), [-6, -8]),
    ("least_squares_hessian", (np.zeros(2), LINE, TARGETS), [[6, 6], [6, 10]]),
    ("least_squares_solve", (LINE, TARGETS), [0.5, 0.5]),
    ("ridge_grad", (np.array([1.0, 0.0]), LINE, TARGETS, 1.0), [2, -2]),
    ("ridge_solve", (LINE, TARGETS, 1.0), [2 / 5, 7 / 15]),
    ("d_factorization_A", PRODUCT, [[2], [4]]),
    ("d_factorization_S", PRODUCT, [[8, 0, 2]]),
    ("logistic_l2_grad", (np.zeros(2), ROWS_OF_TWO, LABELS, 0.0), [-1, 2]),
    ("logistic_l2_step", (np.zeros(2), ROWS_OF_TWO, LABELS, 0.0, 0.5), [0.5, -1]),
    ("gaussian_grad_mu", (CORNERS, np.zeros(2), np.eye(2)), [4, 4]),
    ("gaussian_grad_sigma", (CORNERS, np.ones(2), 2 * np.eye(2)), [[-0.5, 0], [0, -0.5]]),
    ("d_sigmoid_layer", (POINT[None], np.zeros((2, 1)), np.array([[4.0]])), [[1], [2]]),
    ("d_softmax_cross_entropy", (np.array([[0, np.log(3)]]), np.array([[1.0, 0.0]])), [[-3 / 4, 3 / 4]]),
]


@pytest.mark.parametrize(("function", "arguments", "wanted"), EXPECTED, ids=[row[0] for row in EXPECTED])
def test_what_the_notebook_says_is_expected(function, arguments, wanted):
    assert REFERENCE[function](*arguments) == pytest.approx(np.array(wanted), abs=1e-12)


def test_the_best_normal_distribution_is_as_expected():
    mu, Sigma = REFERENCE["gaussian_mle"](CORNERS)
    assert mu == pytest.approx([1, 1]) and Sigma == pytest.approx(np.eye(2))


def test_the_gradients_of_a_network_that_begins_at_zero_are_as_expected():
    first, second = REFERENCE["two_layer_grads"](
        POINT[None], np.array([[1.0, 0.0]]), np.zeros((2, 1)), np.array([[1.0, -1.0]])
    )
    assert first == pytest.approx(np.array([[-1.0], [-2.0]])) and second == pytest.approx(np.zeros((1, 2)))


# What the contract says of names and arguments.
ARGUMENTS = {
    "quadratic_hessian": {"d_quadratic_hessian": "x A"},
    "cubic": {"d_cubic": "x"},
    "inverse": {"d_inverse": "X dX"},
    "chain": {"d_chain": "J_f grad_g"},
    "xab": {"d_xab_x": "x A b", "d_xab_A": "x A b"},
    "least_squares": {"least_squares_grad": "w X y", "least_squares_hessian": "w X y", "least_squares_solve": "X y"},
    "ridge": {"ridge_grad": "w X y lam", "ridge_hessian": "w X y lam", "ridge_solve": "X y lam"},
    "logistic_l2": {"logistic_l2_grad": "w X y lam", "logistic_l2_step": "w X y lam learning_rate"},
    "gaussian_mle": {"gaussian_mle": "X", "gaussian_grad_mu": "X mu Sigma", "gaussian_grad_sigma": "X mu Sigma"},
    "matrix_factorization": {"d_factorization_A": "X A S", "d_factorization_S": "X A S"},
}
ROWS = ARGUMENTS | {
    name: {f"d_{name}": letters}
    for name, (_, _, letters) in GRADIENTS.items()
    if not name.startswith(("xab", "factorization"))
}
NETWORK = {
    "sigmoid_layer": {"d_sigmoid_layer": "X W G"},
    "softmax_cross_entropy": {"d_softmax_cross_entropy": "Z Y"},
    "two_layer": {"two_layer_grads": "X Y W1 W2"},
}


@pytest.fixture(scope="module")
def spec():
    return load_notebook(REPO, WEEK, NAME)


DERIVED = [f"derive_{name}" for name in FUNCTIONS]


def test_twenty_four_rows_and_twelve_derivations(spec):
    """A quarter of a point for each row of the contract, half a point for a derivation and, as bonus, for a network."""
    automatic = {cell.grade_id: cell.points for cell in spec.cells if not cell.manual}
    assert (len(ROWS), len(DERIVED)) == (24, 12)
    wanted = dict.fromkeys(ROWS, 0.25) | dict.fromkeys([*DERIVED, *NETWORK], 0.5)
    assert automatic == {f"test_{name}": points for name, points in wanted.items()}
    assert not any(cell.manual for cell in spec.cells)


def test_stubs_have_the_names_and_arguments_of_the_contract(spec):
    """In the released notebook and in the reference alike."""
    stubs = {}
    for cell in spec.released.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") in ROWS | NETWORK:
            exec(cell.source, stubs)
    for functions in (ROWS | NETWORK).values():
        for name, letters in functions.items():
            for namespace in (stubs, REFERENCE):
                assert " ".join(inspect.signature(namespace[name]).parameters) == letters, name


@pytest.fixture(scope="module")
def solved(spec):
    """(namespace, {test cell: what it printed}) of the solved notebook after all its cells, figures included."""
    namespace, printed = {}, {}
    nb = filled(spec.released, reference_cells(REPO, WEEK, NAME))
    for cell in nb.cells:
        if cell.cell_type == "code":
            printed[cell.id] = run(cell.source, namespace)
    return namespace, {cell: printed[cell] for cell in spec.tests}


def run(source, namespace):
    import matplotlib.pyplot as plt

    out = io.StringIO()
    with contextlib.redirect_stdout(out), np.errstate(all="ignore"):
        exec(source, namespace)
    plt.close("all")
    return out.getvalue()


@pytest.mark.filterwarnings("ignore:FigureCanvasAgg is non-interactive")
def test_the_solved_notebook_passes_every_visible_check(solved):
    _, printed = solved
    assert len(printed) == 39
    for cell, text in printed.items():
        assert "✓" in text and "✗" not in text and "not written" not in text, cell


@pytest.mark.parametrize("mistake", load_mistakes(REPO, WEEK, NAME), ids=lambda mistake: mistake.name)
@pytest.mark.filterwarnings("ignore:FigureCanvasAgg is non-interactive")
def test_a_visible_check_sees_every_catalogued_mistake(mistake, solved, spec):
    """The student is told in the notebook already, and told in full: at most a screen of text."""
    namespace = dict(solved[0])
    exec(mistake.apply(reference_cells(REPO, WEEK, NAME)), namespace)
    test = next(cell for cell in spec.released.cells if cell.id == f"test_{mistake.cell}")
    text = run(test.source, namespace)
    assert "✗" in text
    assert len(text.splitlines()) <= 40


def test_readings_are_all_there():
    """The week's README keeps every source of the course it follows."""
    text = (REPO / WEEK / "README.md").read_text()
    missing = [link for link in SOURCES if link not in text]
    assert not missing


SOURCES = [
    "https://github.com/FUlyankin/deep_learning_tf/raw/main/week03_matrix_diff/nn_slides_3.pdf",
    "https://github.com/FUlyankin/deep_learning_tf/raw/main/week03_matrix_diff/sem03-vector-diff.pdf",
    "https://github.com/esokolov/ml-course-hse",
    "https://youtu.be/jNJrzuJm59k",
    "https://github.com/FUlyankin/deep_learning_tf/raw/main/week03_matrix_diff/neural_nets_tasks_part_4.pdf",
    "https://github.com/FUlyankin/deep_learning_tf/raw/main/week04_backprop_again/neural_nets_tasks_part_5.pdf",
    "http://matrixcookbook.com/",
    "http://www.matrixcalculus.org/",
    "https://mattmazur.com/2015/03/17/a-step-by-step-backpropagation-example/",
    "https://www.youtube.com/watch?v=Ilg3gGewQ5U",
    "https://www.youtube.com/watch?v=59Hbtz7XgjM",
    "http://cs231n.github.io/optimization-2/",
    "https://www.coursera.org/lecture/intro-to-deep-learning/backpropagation-CxUe5",
    "https://github.com/ZEMUSHKA/mml-minor",
    "https://drive.google.com/file/d/1bNWF262guJHTphptCTYARAsUKRPC9QmS/view",
]


def test_no_solved_cell_is_released(spec):
    """Solution cells of the release only raise NotImplementedError; saved without outputs."""
    for cell in spec.released.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") in ROWS:
            assert cell.source.count("raise NotImplementedError") == len(ROWS[cell.metadata["nbgrader"]["grade_id"]])
        assert not cell.get("outputs")
    nbformat.validate(spec.released)
