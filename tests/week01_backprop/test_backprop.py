"""Homework 1 as a student meets it: what its given cells and visible checks do, and what its text promises."""

import contextlib
import io
import re
from functools import cache
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest

from grader.judge.grading.spec import load_mistakes, reference_cells

REPO = Path(__file__).resolve().parents[2]
PLACE = (REPO, "week01_backprop", "backprop")
NOTEBOOK = nbformat.read(REPO / "week01_backprop" / "backprop.ipynb", as_version=4)
REFERENCE = reference_cells(*PLACE)
MISTAKES = load_mistakes(*PLACE)
POINTS = {"relu": 1, "dense": 2, "forward": 0.5, "train": 1, "accuracy": 0.5}
BONUS = {"activations": 1, "dropout": 1, "batchnorm": 1, "better_init": 0.5}
CODE = [cell for cell in NOTEBOOK.cells if cell.cell_type == "code"]
TEXT = "\n".join(cell.source for cell in NOTEBOOK.cells if cell.cell_type == "markdown")


def run(cells, until, skip=(), everything=False):
    """The namespace and the printed text of the cell ``until``, after the cells before it.

    ``cells``: sources by cell id in place of the released ones. Test cells and demonstrations on the way are left out
    unless ``everything`` is asked for.
    """
    names, printed = {"__name__": "notebook"}, io.StringIO()
    for cell in CODE:
        printed = io.StringIO()
        on_the_way = cell.id.startswith("test_") or "skip-grading" in cell.metadata.get("tags", [])
        if cell.id not in skip and (everything or cell.id == until or not on_the_way):
            with contextlib.redirect_stdout(printed), np.errstate(all="ignore"):
                exec(compile(cells.get(cell.id, cell.source), cell.id, "exec"), names)
        if cell.id == until:
            return names, printed.getvalue()
    raise KeyError(until)


def run_all_ends(cells):
    """Whether Run All gets behind the last cell, with these sources in place of the released ones."""
    last = CODE[-1].id
    behind = cells.get(last, CODE[-1].source) + "\nbehind_the_last_cell = True"
    return run({**cells, last: behind}, last, everything=True)[0]["behind_the_last_cell"]


@pytest.fixture(autouse=True)
def no_figures_left():
    """What demonstrations drew is closed, as the end of a cell does in Jupyter."""
    yield
    plt.close("all")


@cache
def solved(until):
    return run(REFERENCE, until, skip=("given_training",))[0]


@pytest.mark.parametrize("name", {**POINTS, **BONUS})
def test_visible_checks_accept_the_reference(name):
    """Every line that a visible check prints about the reference is a tick."""
    _, printed = run(REFERENCE, f"test_{name}", skip=() if name == "accuracy" else ("given_training",))
    lines = [line for line in printed.splitlines() if line.startswith(("✓", "✗", f"{name}: not"))]
    assert lines and all(line.startswith("✓") for line in lines), printed


@pytest.mark.parametrize("name", {**POINTS, **BONUS})
def test_visible_checks_of_the_stub_say_so(name):
    """An exercise that is not written yet is called that, and nothing is raised."""
    _, printed = run({}, f"test_{name}")
    assert printed.startswith(f"{name}: not written yet")


@pytest.mark.parametrize("name", {**POINTS, **BONUS})
def test_one_exercise_alone_runs_to_the_end(name):
    """With a single exercise written no cell raises: Run All never stops at what is still missing."""
    assert run_all_ends({name: REFERENCE[name]})


@pytest.mark.parametrize("name", ["relu", "dense", "forward", "train", "batchnorm"])
def test_all_exercises_but_one_run_to_the_end(name):
    """The same with all but one, with which half of the demonstrations have what they need."""
    assert run_all_ends({cell: source for cell, source in REFERENCE.items() if cell != name})


@pytest.mark.parametrize("mistake", [m for m in MISTAKES if m.cell == "forward"], ids=lambda m: m.name)
def test_a_wrong_forward_costs_no_mark_of_train(mistake):
    """In the notebook a right train is lent a right forward, as in grading: no line of it has a cross."""
    _, printed = run({**REFERENCE, "forward": mistake.apply(REFERENCE)}, "test_train", skip=("given_training",))
    assert "✗" not in printed and "✓" in printed, printed


def test_visible_check_of_accuracy_notices_an_untrained_network():
    """A network that was built and never trained does not pass."""
    untrained = "network = [Dense(64, 128), ReLU(), Dense(128, 10)]"
    _, printed = run({**REFERENCE, "given_training": untrained}, "test_accuracy")
    assert "✗" in printed


INITS = {
    "0.001 * normal": "0.001 * np.random.randn(i, o)",
    "0.01 * normal": "0.01 * np.random.randn(i, o)",
    "He": "np.sqrt(2 / i) * np.random.randn(i, o)",
    "Glorot": "np.sqrt(6 / (i + o)) * np.random.uniform(-1, 1, (i, o))",
    "unseeded": "np.random.default_rng().uniform(-0.1, 0.1, (i, o))",
}

ANOTHER_START = """

class Dense(Dense):
    def __init__(self, i, o, learning_rate=0.1):
        super().__init__(i, o, learning_rate)
        self.weights = {weights}
"""


@pytest.mark.parametrize("weights", INITS.values(), ids=INITS)
def test_training_reaches_the_goal_from_any_sane_start(weights):
    """97 % do not hang on a lucky draw: weights of any usual size, several seeds, a margin of a percent."""
    cells = {**REFERENCE, "dense": REFERENCE["dense"] + ANOTHER_START.format(weights=weights)}
    names, _ = run(cells, "given_fit")
    training = next(cell.source for cell in CODE if cell.id == "given_training")
    for seed in range(3):
        with contextlib.redirect_stdout(io.StringIO()):
            exec(training.replace("np.random.seed(0)", f"np.random.seed({seed})"), names)
        assert names["accuracy"](names["network"], names["X_val"], names["y_val"]) >= 0.98


def test_training_is_the_same_each_time():
    """The given training cell leaves nothing to chance."""
    first, second = (run(REFERENCE, "given_training")[0]["network"][0].weights for _ in range(2))
    assert np.array_equal(first, second)


@pytest.mark.parametrize("kind", ["list", "tuple", "iter"])
def test_predict_takes_what_forward_returns(kind):
    """forward may return a list or a tuple, and predict would read an iterator too."""
    names = dict(solved("given_tools"))
    predict, forward = names["predict"], names["forward"]
    predict.__globals__["forward"] = lambda network, X: {"list": list, "tuple": tuple, "iter": iter}[kind](
        forward(network, X)
    )
    try:
        layer = names["Dense"](2, 3)
        layer.weights = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
        assert predict([layer], np.array([[5.0, 1.0], [1.0, 5.0]])).tolist() == [1, 2]
    finally:
        predict.__globals__["forward"] = forward


def test_predict_switches_training_off_and_back():
    """Dropout and batch normalisation predict while predicting, and go on training afterwards."""
    names = solved("given_tools")
    seen = []

    class Watcher(names["Layer"]):
        training = True

        def forward(self, input):
            seen.append(self.training)
            return input

    layer = Watcher()
    names["predict"]([layer], np.eye(2))
    assert seen == [False] and layer.training


def test_minibatches_deal_every_sample_once():
    """Every sample comes once with its own label; all pieces but the last are full; the caller's rng decides."""
    deal, X = solved("given_tools")["iterate_minibatches"], np.arange(10.0)[:, None]
    pieces = list(deal(X, np.arange(10), 4, rng=np.random.default_rng(0)))
    assert [len(piece) for piece, _ in pieces] == [4, 4, 2]
    assert all(np.array_equal(piece[:, 0], labels) for piece, labels in pieces)
    assert sorted(np.concatenate([labels for _, labels in pieces])) == list(range(10))
    again = list(deal(X, np.arange(10), 4, rng=np.random.default_rng(0)))
    assert all(np.array_equal(piece, other) for (piece, _), (other, _) in zip(pieces, again, strict=True))
    assert next(deal(X, np.arange(10), 4, shuffle=False))[1].tolist() == [0, 1, 2, 3]


def test_given_loss_is_stable_and_has_its_gradient():
    """ln 4 by hand, finite at logits of 1e4, and a gradient that is already divided by the batch size."""
    names = solved("given_loss")
    loss, gradient = names["softmax_crossentropy_with_logits"], names["grad_softmax_crossentropy_with_logits"]
    assert np.allclose(loss(np.array([[0.0, np.log(3)]]), np.array([0])), np.log(4))
    assert np.allclose(loss(np.array([[1e4, 0.0, -1e4]]), np.array([2])), 2e4)
    logits, y = np.random.default_rng(0).normal(size=(5, 3)), np.array([0, 2, 1, 1, 0])
    differences = names["checks"].numerical_gradient(lambda logits: loss(logits, y).mean(), logits)
    assert np.allclose(gradient(logits, y), differences, atol=1e-8)


@pytest.mark.parametrize(("name", "points"), {**POINTS, **BONUS}.items())
def test_every_row_of_the_contract_has_its_cells(name, points):
    """A stub under the row's name, and a locked test cell with the row's points, tagged when they are bonus."""
    cells = {cell.id: cell for cell in CODE}
    solution, test = cells[name].metadata.nbgrader, cells[f"test_{name}"].metadata.nbgrader
    assert solution.solution and not solution.grade and not solution.locked
    assert test.grade and test.locked and not test.solution and test.points == points
    assert ("bonus" in cells[f"test_{name}"].metadata.get("tags", [])) == (name in BONUS)


def test_headings_carry_points_and_minutes_that_add_up():
    """The points at the top of the notebook are those of the headings; reading takes time besides the exercises."""
    headings = re.findall(r"^## (Exercise|Bonus) .* — ([\d.]+) (?:bonus )?points?, (\d+) minutes$", TEXT, re.MULTILINE)
    top = re.search(r"\*\*([\d.]+) points and ([\d.]+) bonus points · about ", TEXT)
    for kind, total in [("Exercise", top[1]), ("Bonus", top[2])]:
        mine = [(float(p), int(m)) for k, p, m in headings if k == kind]
        points, minutes = map(sum, zip(*mine, strict=True))
        assert points == float(total) and 60 < minutes < 180
    assert len(headings) == len(POINTS) + len(BONUS)


def test_notebook_is_saved_without_results():
    """No outputs, no execution counts: a diff of the notebook shows what an author changed."""
    assert all(not cell.outputs and cell.execution_count is None for cell in CODE)


def test_demonstrations_are_not_run_when_grading():
    """Every cell that draws is tagged, but the training that exercise 5 is about."""
    drawing = {cell.id for cell in CODE if re.search(r"plt\.(show|subplots)|show_mistakes|fit\(\[", cell.source)}
    tagged = {cell.id for cell in CODE if "skip-grading" in cell.metadata.get("tags", [])}
    assert drawing - tagged <= {"accuracy"}
