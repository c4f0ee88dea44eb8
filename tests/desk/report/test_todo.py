"""What needs a person is listed, and only that; a rubric stands beside its answer and nowhere else."""

import json
from pathlib import Path

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter

from grader.desk.collect.submissions import BY_CONTENT, CHOSEN
from grader.desk.feedback.feedback import feedback
from grader.desk.grade.results import Store
from grader.desk.grade.run import grade
from grader.desk.gradebook.book import Book
from grader.desk.gradebook.nbgrader_settings import nbgrader_config
from grader.desk.nbgrader.rubric import section
from grader.desk.report.todo import (
    AGAIN,
    NO_TIME,
    NOT_GRADED,
    NOT_REACHED,
    NOWHERE,
    UNPLACED,
    WAITING,
    WRITTEN,
    ZERO,
    todo,
)
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
        NOT_GRADED: [("cut", "broken"), ("empty", "empty"), ("nothing", "not read"), ("stranger", "wrong notebook")],
        ZERO: [("o'brien [x]", "not written yet")],
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


def test_what_a_person_has_scored_waits_no_longer(graded):
    """Also a 0 that stands: it is entered once. A file that is none of several notebooks is one line, and one look."""
    store = Store(graded.desk_folder)
    kept = store.load(tiny.WEEK, "nothing", "double")
    store.save("nothing", "key", {**kept.whole(), "name": "other"})
    (asked,) = (one for one in todo(graded, list(graded.weeks)) if one.student == "nothing")
    assert asked.notebook == "double, other"
    with Book(graded) as book:
        for student in ("cut", "nothing", "o'brien [x]"):
            cell = book.nbgrader.find_submission_notebook(tiny.NOTEBOOK, tiny.WEEK, student)
            next(row for row in cell.grades if row.name == "test_double").manual_score = 0.0
        book.session.commit()
    assert by_reason(graded)[NOT_GRADED] == [("empty", "empty"), ("stranger", "wrong notebook")]
    assert ZERO not in by_reason(graded)


def test_files_known_by_content_and_choices_wait(released):
    """A copy nobody worked on, or the same file twice, is no choice."""
    for student in ("ada", "bob", "cem", "dan"):
        tiny.hand_in(released, student, tiny.RIGHT, "Untitled0.ipynb" if student == "ada" else "double.ipynb")
    tiny.hand_in(released, "bob", tiny.SQUARES, "double (1).ipynb")
    tiny.hand_in(released, "cem", {}, "double (1).ipynb")
    tiny.hand_in(released, "dan", tiny.RIGHT, "double (1).ipynb")
    tiny.hand_in(released, "eve", {}, "double.ipynb")
    tiny.hand_in(released, "eve", tiny.RIGHT, "my solution.ipynb")
    summary = grade(released, list(released.weeks), jobs=1, trusted=True)
    assert all(one.points == 2.5 for one in summary.submissions)
    assert by_reason(released) == {
        BY_CONTENT: [
            ("ada", "“Untitled0.ipynb” is this notebook by what is in it"),
            ("eve", "“my solution.ipynb” is this notebook by what is in it"),
        ],
        CHOSEN: [("bob", "“double.ipynb” was graded, not “double (1).ipynb”")],
    }


ENDS = "import os\nos._exit(0)"


def test_every_file_that_earns_nothing_waits_wherever_it_lies(released, tmp_path):
    """In a folder that is refused, in no week's, hidden, or behind a cell that ended the process."""
    for student in ("ada", "eve\x1b[1m", "аda", "hid", "dir", "two"):
        tiny.hand_in(released, student, {**tiny.RIGHT, "triple": ENDS if student == "ada" else tiny.RIGHT["triple"]})
    submitted = released.step("submitted")
    (submitted / "bob").symlink_to("ada")
    (submitted / "loose.ipynb").touch()
    (submitted / "two" / "week01").mkdir()
    for student, name in (("hid", ".ipynb_checkpoints/double-checkpoint.ipynb"), ("dir", "double.ipynb/x.txt")):
        place = submitted / student / tiny.WEEK
        (place / "double.ipynb").rename(submitted / "moved")
        (place / name).parent.mkdir()
        (submitted / "moved").rename(place / name)
    grade(released, list(released.weeks), jobs=1)
    tiny.hand_in(released, "zoe", tiny.RIGHT)
    assert by_reason(released) == {
        NOT_REACHED: [("ada", "triple")],
        BY_CONTENT: [("dir", "“double.ipynb/x.txt” is this notebook by what is in it")],
        NOT_GRADED: [
            ("hid", "not read"),
            ("bob", "refused"),
            ("eve\ufffd[1m", "refused"),
            ("аda", "refused"),
        ],
        WAITING: [("zoe", "run `grader grade`")],
        NOWHERE: [("", ""), ("two", "")],
    }
    told = run("todo", "--course", released.root).output
    assert "\x1b" not in told and "loose.ipynb)" in told


def test_open_lines_of_the_mapping_wait(graded):
    (graded.root / "mapping.csv").write_text("found,student\nx,ada\ny,\n")
    assert by_reason(graded)[UNPLACED] == [("", "y")]


def test_the_command_ends_with_1_while_something_waits(graded):
    told = run("todo", "--course", graded.root)
    assert told.exit_code == 1 and "why" in told.output and "cut" in told.output
    assert len(json.loads(run("todo", "--json", "--course", graded.root).stdout)["todo"]) == 6


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


def test_a_time_that_is_none_is_asked_about_and_no_earlier_one_counts(released):
    """By `grade` and by `todo`, which say what was taken in its place."""
    tiny.hand_in(released, "ada", b"see my e-mail", "note.txt", timestamp="2026-10-20 12:00:00 UTC")
    tiny.hand_in(released, "bob", b"see my e-mail", "note.txt")
    told = run("grade", "--course", released.root)
    assert told.exit_code == 0 and "Without a timestamp.txt, and so in time: bob." in told.output
    tiny.hand_in(released, "ada", b"see my e-mail", "note.txt", timestamp="12")
    told = run("grade", "--course", released.root)
    said = "timestamp.txt says no time: '12'. Taken as in time"
    assert told.exit_code == 1 and f"ada: {tiny.WEEK}: {said}" in told.output
    with Book(released) as book:
        assert book.times(tiny.WEEK) == {}
    (asked,) = (one for one in todo(released, list(released.weeks)) if one.why == NO_TIME)
    assert asked.student == "ada" and said in asked.detail
