"""What nbgrader's own commands read of a check; nothing of it where a student runs the notebook."""

import ast
import sys

import nbformat
import pytest

from grader import checks
from grader.checks.exercise import html
from grader.checks.exercise.for_nbgrader import NotRight
from grader.checks.exercise.results import ExerciseReport, Result

RIGHT, WRONG, OPEN = Result("doubles", True), Result("keeps x", False, ["  likely   in place"]), Result("later", None)


@pytest.fixture
def shown(monkeypatch):
    """What the cell's result would be, as the kernel shows it."""
    values = []
    monkeypatch.setattr(sys, "displayhook", values.append)
    return values


def report(*results, points=(0.5, 1.0), **more):
    return ExerciseReport("double", list(results), points=points, **more)


def test_in_a_student_s_notebook_nothing_is_raised_and_no_number_shown(shown, monkeypatch):
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    html.show(report(WRONG))
    html.show(report(OPEN))
    assert shown == []


@pytest.mark.parametrize(
    "found",
    [report(RIGHT, WRONG), report(missing="double", points=None), report(points=None)],
    ids=["wrong", "not written", "nothing checked"],
)
def test_validate_stops_at_what_is_wrong_or_not_written_with_the_check_s_words(found, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    with pytest.raises(NotRight) as told:
        html.show(found)
    assert told.value._render_traceback_() == found.text().splitlines()


def test_validate_lets_right_work_pass_and_what_only_grading_can_tell(monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    assert html.show(report(RIGHT, OPEN)) is None
    assert html.show(report(OPEN, points=(0.0, 1.0))) is None


def test_autograde_reads_the_points_of_the_recorded_properties(shown, monkeypatch, capsys):
    """A quiz's answer is not known in the notebook: nothing for it. A block of checks has all or nothing."""
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    html.show(report(RIGHT, WRONG))
    html.show(report(missing="double", points=None))
    html.show(report(OPEN, points=(0.0, 1.0)))
    with checks.exercise("x") as check:
        check.that("holds", True)
    assert shown == [0.5, 0.0, 0.0]
    with checks.exercise("x") as check:
        print("a warning of the student's code", file=sys.stderr)
        check.that("holds", False)
    assert shown == [0.5, 0.0, 0.0, 0.0] and capsys.readouterr().err == ""


def test_every_test_cell_of_the_course_ends_in_a_check_that_nbgrader_can_read(repo):
    """It takes one that ends quietly for right."""
    told = {"check", "checks.exercise"}
    for path in sorted(repo.glob("week*/*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            data = cell.metadata.get("nbgrader", {})
            if data.get("grade") and not data.get("solution"):
                last = ast.parse(cell.source).body[-1]
                call = last.items[0].context_expr if isinstance(last, ast.With) else last.value
                assert ast.unparse(call.func) in told, (path, cell.id)
