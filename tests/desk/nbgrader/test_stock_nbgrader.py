"""nbgrader's own commands, unchanged, give the same scores and work on what we leave."""

import csv
from pathlib import Path

import nbformat
import pytest

from grader.desk.course.csv_files import read_csv
from grader.desk.gradebook.book import Book
from tests.desk import tiny
from tests.desk.tools import nbgrader, rows, run

# nbgrader finds no notebook in a folder without one, and does not see that something was handed in.
UNSEEN = {"nothing", "o'brien [x]"}


@pytest.fixture(scope="module")
def autograded(released_once, tmp_path_factory):
    """The same class, graded by `nbgrader autograde`."""
    import shutil

    from grader.desk.course.facts import load_course

    place = tmp_path_factory.mktemp("stock")
    shutil.copytree(released_once, place, dirs_exist_ok=True)
    course = load_course(place / "class")
    tiny.hand_in_class(course)
    done = nbgrader(course, "autograde", tiny.WEEK)
    assert done.returncode == 0, done.stderr[-3000:]
    return course


def test_autograde_leaves_the_same_gradebook(autograded, graded_once):
    """Scores, what waits for a person, comments, timestamps: broken and renamed notebooks included."""
    ours, theirs = rows(graded_once[0]), rows(autograded)
    assert len(theirs) > 30 and theirs == [row for row in ours if row[0] not in UNSEEN]


def test_autograde_leaves_the_same_notebooks(autograded, graded_once):
    """Also the reasons in them, and the notes on top."""
    for student in set(tiny.CLASS) - UNSEEN:
        ours, theirs = (
            nbformat.read(course.step("autograded", student, tiny.WEEK, "double.ipynb"), as_version=4)
            for course in (graded_once[0], autograded)
        )
        assert ours.cells == theirs.cells, student


def test_autograde_refuses_links(released):
    """nbgrader would copy what they point to."""
    folder = tiny.hand_in(released, "mallory", tiny.RIGHT).parent
    (folder / "notes.txt").symlink_to("/etc/hostname")
    done = nbgrader(released, "autograde", tiny.WEEK)
    assert done.returncode == 1 and "is a link" in done.stderr
    assert not released.step("autograded", "mallory", tiny.WEEK).exists()


def test_autograde_neither_waits_on_a_timestamp_nor_refuses_a_student_for_it(released):
    """nbgrader's own reading waits on a pipe, and ends at what is no time."""
    import os

    for student, content in (("pipe", None), ("garbage", "soon"), ("folder", {}), ("init", "2026-10-01 12:00:00 UTC")):
        folder = tiny.hand_in(released, student, tiny.RIGHT).parent
        if content is None:
            os.mkfifo(folder / "timestamp.txt")
        elif content == {}:
            (folder / "timestamp.txt").mkdir()
        else:
            (folder / "timestamp.txt").write_text(content)
            (folder / "__init__.py").touch()
    for _ in range(2):
        done = nbgrader(released, "autograde", tiny.WEEK)
        assert done.returncode == 0, done.stderr[-3000:]
    with Book(released) as book:
        scores = book.scores(tiny.WEEK)
    assert {who: sum(cell.points for cell in rows["double"].values()) for who, rows in scores.items()} == dict.fromkeys(
        ("pipe", "garbage", "folder", "init"), 2.5
    )


def test_generate_feedback_works_on_what_we_leave(graded):
    """And gives the page that `grader feedback` gives."""
    from grader.desk.feedback.feedback import feedback

    done = nbgrader(graded, "generate_feedback", tiny.WEEK, "--student", "bob")
    page = graded.step("feedback", "bob", tiny.WEEK, "double.html")
    assert done.returncode == 0, done.stderr[-2000:]
    theirs = page.read_text()
    page.unlink()
    feedback(graded, list(graded.weeks), ("bob",))
    assert page.read_text() == theirs


def test_export_gives_the_marks_that_our_export_gives(graded):
    """In nbgrader's columns: points and bonus of all that may be had without bonus."""
    done = nbgrader(graded, "export")
    assert done.returncode == 0, done.stderr[-2000:]
    with open(graded.root / "grades.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    scores = {row["student_id"]: float(row["score"]) for row in rows}
    assert scores == {student: points for student, (_, _, points, _) in tiny.CLASS.items()}
    assert run("export", "--course", graded.root).exit_code <= 1
    marks = read_csv(graded.root / "exports" / "marks.csv")
    mark = marks[0].index(f"{tiny.WEEK} mark")
    assert scores == {row[0]: float(row[mark]) for row in marks[1:]}
    assert {row["max_score"] for row in rows} == {"2.5"}


def test_late_penalties_are_those_of_nbgrader_s_plugin(graded):
    """The plugin that the instructor has configured decides, in our command as in nbgrader's."""
    config = graded.root / "nbgrader_config.py"
    config.write_text(config.read_text() + 'c.LateSubmissionPlugin.penalty_method = "zero"\n')
    from grader.desk.grade.run import grade

    tiny.hand_in(graded, "ada", tiny.RIGHT, timestamp="2026-12-01 12:00:00 UTC")
    grade(graded, list(graded.weeks), ("ada", "bob"))
    with Book(graded) as book:
        penalties = book.penalties(tiny.WEEK)
    assert penalties["ada"] == 2.5 and penalties["bob"] == 0


def test_the_repository_s_own_configuration_is_the_same(repo):
    """nbgrader run in the checkout itself reads the same settings."""
    text = Path(repo, "nbgrader_config.py").read_text()
    assert "configure(c, __file__)" in text
