"""What needs a person is listed, and only that; a rubric stands beside its answer and nowhere else."""

import json
from pathlib import Path

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter

from grader.desk.feedback.feedback import feedback
from grader.desk.grade.run import grade
from grader.desk.gradebook.book import Book
from grader.desk.gradebook.nbgrader_settings import nbgrader_config
from grader.desk.nbgrader.rubric import section
from grader.desk.report.todo import AGAIN, NOT_GRADED, UNPLACED, WRITTEN, todo
from tests.desk import tiny
from tests.desk.tools import run

MARIA = "Мария +1"
RUBRIC = """# Rubric

## `why` (1 point)

One point for *a sum*.

### Details of why

Half a point for less.

## why_not

Something else.
"""


def by_reason(course):
    found = {}
    for one in todo(course, list(course.weeks)):
        found.setdefault(one.why, []).append((one.student, one.exercise or one.detail.split(":")[0]))
    return found


def test_answers_and_what_could_not_be_graded_wait(graded):
    assert by_reason(graded) == {
        WRITTEN: [(MARIA, "why")],
        NOT_GRADED: [("cut", "broken"), ("empty", "empty"), ("stranger", "wrong notebook")],
    }


def test_a_read_answer_waits_no_longer_until_it_is_graded_again(graded):
    """And the score given by hand is still there after grading again."""
    with Book(graded) as book:
        cell = book.nbgrader.find_submission_notebook(tiny.NOTEBOOK, tiny.WEEK, MARIA)
        answer = next(row for row in cell.grades if row.name == "why")
        answer.manual_score, answer.needs_manual_grade = 0.75, False
        book.session.commit()
    assert WRITTEN not in by_reason(graded)
    grade(graded, list(graded.weeks), (MARIA,), force=True, jobs=1, trusted=True)
    found = by_reason(graded)
    assert found[AGAIN] == [(MARIA, "why")] and WRITTEN not in found
    with Book(graded) as book:
        assert book.scores(tiny.WEEK)[MARIA][tiny.NOTEBOOK]["why"].points == 0.75


def test_open_lines_of_the_mapping_wait(graded):
    (graded.root / "mapping.csv").write_text("found,student\nx,ada\ny,\n")
    assert by_reason(graded)[UNPLACED] == [("", "y")]


def test_the_command_ends_with_1_while_something_waits(graded):
    told = run("todo", "--course", graded.root)
    assert told.exit_code == 1 and "why" in told.output and "cut" in told.output
    assert len(json.loads(run("todo", "--json", "--course", graded.root).stdout)["todo"]) == 4


@pytest.mark.parametrize(
    ("grade_id", "part"),
    [
        ("why", "One point for *a sum*.\n\n### Details of why\n\nHalf a point for less."),
        ("why_not", "Something else."),
        ("other", RUBRIC.strip()),
    ],
)
def test_the_section_of_a_rubric_is_found_by_grade_id(grade_id, part):
    assert section(RUBRIC, grade_id) == part


def test_formgrader_s_page_shows_the_rubric_and_feedback_does_not(graded):
    """The page is made as Formgrader makes it: its template, its resources."""
    import nbgrader.server_extensions.formgrader as formgrader

    place = graded.repo / "solutions" / tiny.WEEK / tiny.NOTEBOOK / "rubric.md"
    place.write_text(RUBRIC + "\n<script>alert(1)</script>\n")
    config = nbgrader_config(graded)
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [str(Path(formgrader.__file__).parent / "templates")]
    nb = nbformat.read(graded.step("autograded", MARIA, tiny.WEEK, "double.ipynb"), as_version=4)
    resources = {
        "assignment_id": tiny.WEEK,
        "notebook_id": tiny.NOTEBOOK,
        "submission_id": "1",
        "index": 0,
        "total": 1,
        "base_url": "",
        "student": MARIA,
        "last_name": "",
        "first_name": "",
        "notebook_path": "x",
    }
    page = HTMLExporter(config=config).from_notebook_node(nb, resources=resources)[0]
    assert "One point for <em>a sum</em>" in page and "Something else" not in page and "<script>alert" not in page
    feedback(graded, list(graded.weeks), (MARIA,))
    assert "One point for" not in graded.step("feedback", MARIA, tiny.WEEK, "double.html").read_text()
