"""The two practicals with small nets as a student meets them: visible checks, demonstrations, parts judged apart."""

import contextlib
import io
from functools import cache
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest

from grader.judge.grading.spec import reference_cells
from grader.judge.rehearsal.rehearsal import rehearse

REPO = Path(__file__).resolve().parents[2]
WEEK = "week01_backprop"
EXERCISES = ("two_hidden", "n_hidden", "sgd", "schedule", "clip")
PRACTICALS = ("regression", "classification")
EVERY = pytest.mark.parametrize("name", PRACTICALS)
FOR_EVERY_EXERCISE = pytest.mark.parametrize("exercise", EXERCISES)


@cache
def code(name):
    cells = nbformat.read(REPO / WEEK / f"{name}.ipynb", as_version=4).cells
    return [cell for cell in cells if cell.cell_type == "code"]


@cache
def reference(name):
    return reference_cells(REPO, WEEK, name)


def run(name, cells, until=None, everything=False):
    """What the cell ``until`` prints after the cells before it, filled from ``cells``; without it, all of them.

    Other test cells and demonstrations are left out unless ``everything`` is asked for.
    """
    names, printed = {"__name__": "notebook"}, io.StringIO()
    for cell in code(name):
        aside = cell.id.startswith("test_") or "skip-grading" in cell.metadata.get("tags", [])
        if everything or cell.id == until or not aside:
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed), np.errstate(all="ignore"):
                exec(compile(cells.get(cell.id, cell.source), cell.id, "exec"), names)
        if cell.id == until:
            break
    return printed.getvalue()


def run_all_ends(name, cells):
    """Whether Run All gets behind the last cell, with these sources in place of the released ones."""
    last = code(name)[-1]
    behind = cells.get(last.id, last.source) + "\nprint('behind the last cell')"
    return run(name, {**cells, last.id: behind}, everything=True).endswith("behind the last cell\n")


@pytest.fixture(autouse=True)
def no_figures_left():
    yield
    plt.close("all")


@EVERY
@FOR_EVERY_EXERCISE
def test_visible_checks_accept_the_reference(name, exercise):
    """Every line is a tick."""
    lines = run(name, reference(name), f"test_{exercise}").splitlines()
    assert lines and all(line.startswith("✓") or "properties" in line for line in lines), lines


@EVERY
def test_visible_check_of_train_does_not_lean_on_the_net(name):
    """With sgd written and both nets still to be written, all its lines are ticks."""
    printed = run(name, {"sgd": reference(name)["sgd"]}, "test_sgd")
    assert "✓" in printed and "✗" not in printed and "not written" not in printed


@EVERY
@FOR_EVERY_EXERCISE
def test_half_finished_notebooks_run_to_their_end(name, exercise):
    """One exercise alone, and all but one: no cell raises, whatever the demonstrations lack."""
    assert run_all_ends(name, {exercise: reference(name)[exercise]})
    if exercise in ("n_hidden", "sgd"):
        assert run_all_ends(name, {cell: source for cell, source in reference(name).items() if cell != exercise})


NEVER = """

class EarlyStopping(EarlyStopping):
    def update(self, val_loss):
        return False
"""


NOTHING = "\n\ndef train(*args):\n    pass\n"


@EVERY
def test_demonstrations_bear_wrong_functions(name):
    """A stopping that never stops shows in the figure; a train that returns nothing is told: neither ends Run All."""
    wrong = {"schedule": reference(name)["schedule"] + NEVER, "sgd": reference(name)["sgd"] + NOTHING}
    assert run_all_ends(name, {**reference(name), **wrong})


@EVERY
@pytest.mark.parametrize("broken", ["raise ValueError", "return [(0 * W, 0 * b) for W, b in params]"])
def test_train_is_judged_apart_from_a_wrong_backward(name, broken):
    """A wrong backward costs its own points, and none of sgd's."""
    wrong = f"{reference(name)['n_hidden']}\n\ndef backward(x, y, params):\n    {broken}\n"
    cells = {**reference(name), "n_hidden": wrong}
    result = rehearse(WEEK, name, cells)
    assert result.points["test_n_hidden"] < 1
    assert result.points["test_sgd"] == 1
    assert "✗" not in run(name, cells, "test_sgd")


@EVERY
def test_a_wrong_train_is_wrong_whatever_its_neighbours(name):
    """With right ones the notebook says so; where backward is wrong, too, it has no mark. Its points are lost."""
    climbing = reference(name)["sgd"].replace("- learning_rate", "+ learning_rate")
    broken_too = "\n\ndef backward(x, y, params):\n    raise ValueError\n"
    for broken, mark, times in (("", "✗", 1), (broken_too, "· open", 3)):
        cells = {**reference(name), "sgd": climbing, "n_hidden": reference(name)["n_hidden"] + broken}
        assert run(name, cells, "test_sgd").count(mark) == times
        assert rehearse(WEEK, name, cells).points["test_sgd"] == pytest.approx(0.8)


@EVERY
@pytest.mark.parametrize("exercise", ["two_hidden", "n_hidden"])
def test_backward_is_judged_apart_from_a_forward_that_it_calls(name, exercise):
    """A forward that is wrong in a way of its own costs what is forward's, and no gradient; at home as well."""
    source = reference(name)[exercise] + "\n\nright_forward, right_backward = forward, backward\n"
    source += "def forward(x, params):\n    return right_forward(x, params) ** 3\n\n"
    source += "def backward(x, y, params):\n    from_forward = forward(x, params)\n"
    source += "    return [(W * f, b * f) for (W, b) in right_backward(x, y, params) for f in [FACTOR]]\n"
    source = source.replace("FACTOR", "np.allclose(from_forward, right_forward(x, params))")
    cells = {**reference(name), exercise: source}
    printed = run(name, cells, f"test_{exercise}")
    assert [("✓" in line) for line in printed.splitlines() if "gradients of the" in line][:2] == [True, True], printed
    hints = rehearse(WEEK, name, cells).hints[f"test_{exercise}"]
    assert not [hint for hint in hints if hint.startswith("backward returns")], hints


@EVERY
def test_a_wrong_gradient_is_measured_on_the_students_own_forward(name):
    """In whichever layer of whichever net it is; a forward that is wrong as well confirms nothing."""
    source = reference(name)["n_hidden"] + "\n\nright_backward, right_forward = backward, forward\n"
    source += "def backward(x, y, params):\n    *first, (W, b) = right_backward(x, y, params)\n"
    source += "    return [*first, (W, b + 0.1)]\n"
    printed = run(name, {**reference(name), "n_hidden": source}, "test_n_hidden")
    assert printed.count("by differences of your own forward, as expected") == 2, printed
    shifted = (
        "def forward(x, params):\n    return right_forward(x, [*params[:-1], (params[-1][0], 2 * params[-1][1])])\n"
    )
    printed = run(name, {**reference(name), "n_hidden": source + shifted}, "test_n_hidden")
    assert "as expected" not in printed


@EVERY
def test_train_is_judged_apart_from_wrong_minibatches(name):
    """Batches of one, always: the points of minibatches are lost, those of train are not."""
    wrong = "\n\ndef minibatches(x, y, batch_size, rng):\n    yield x[:1], y[:1]\n"
    result = rehearse(WEEK, name, {**reference(name), "sgd": reference(name)["sgd"] + wrong})
    assert result.points["test_sgd"] == pytest.approx(0.55)


@EVERY
def test_the_first_nets_are_judged_where_they_stand(name):
    """two_hidden alone keeps its point, though the stub of n_hidden redefines its names."""
    assert rehearse(WEEK, name, {"two_hidden": reference(name)["two_hidden"]}).points["test_two_hidden"] == 1
