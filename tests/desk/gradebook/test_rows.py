"""What the desk reads of the gradebook by SQL is what nbgrader itself says of it."""

from datetime import datetime, timedelta, timezone

import pytest
from nbgrader import api

from grader.desk.course.facts import load_course
from grader.desk.course.new_course import CONFIG_TEXT
from grader.desk.gradebook.book import Book
from grader.desk.gradebook.lateness import Lateness
from grader.desk.gradebook.nbgrader_settings import (
    LATE_PLUGIN,
    address_of,
    course_directory,
    decides_lateness,
    nbgrader_config,
)
from grader.desk.gradebook.rows import MOST, OF_GRADES, moment, span
from tests.desk import tiny


@pytest.fixture
def filled(graded):
    """The graded class with a task cell, scores of all kinds, a penalty, a time and an extension."""
    with Book(graded) as book:
        notebook = book.nbgrader.find_notebook(tiny.NOTEBOOK, tiny.WEEK)
        book.session.add(api.TaskCell(name="task", notebook=notebook, max_score=3, cell_type="markdown"))
        for number, grade in enumerate(book.session.query(api.Grade)):
            grade.manual_score = [None, 0.25, 1.0][number % 3]
            grade.extra_credit = [None, 0.5][number % 2]
        submission = book.session.query(api.SubmittedAssignment).first()
        submission.timestamp, submission.extension = datetime(2026, 10, 13, 12, 0, 1), timedelta(days=2, hours=1)
        submission.notebooks[0].late_submission_penalty = 0.75
        book.session.commit()
    return graded


def test_cells_scores_penalties_and_times_are_nbgraders(filled):
    with Book(filled) as book, Book(filled) as theirs:
        layout = book.layout(tiny.WEEK, tiny.NOTEBOOK)
        notebook = theirs.nbgrader.find_notebook(tiny.NOTEBOOK, tiny.WEEK)
        graded = [*notebook.grade_cells, *notebook.task_cells]
        assert layout.notebook_id == notebook.id
        assert layout.points == {cell.name: cell.max_score for cell in graded} and layout.points["task"] == 3
        assert layout.grade_cells == {cell.name: cell.id for cell in graded}
        written = [*notebook.solution_cells, *notebook.task_cells]
        assert layout.comment_cells == {cell.name: cell.id for cell in written}
        assert layout.checksums == {cell.name: cell.checksum for cell in notebook.source_cells}
        scores, penalties, times = book.scores(tiny.WEEK), {}, {}
        earned = {row.id: row.points for rows in Lateness(filled, book)._rows(None).values() for row in rows}
        for one in theirs.session.query(api.SubmittedAssignment):
            penalties[one.student_id] = one.late_submission_penalty
            if one.timestamp:
                times[one.student_id] = one.timestamp.replace(tzinfo=timezone.utc)
            for submitted in one.notebooks:
                assert earned[submitted.id] == pytest.approx(submitted.score)
                for grade in submitted.grades:
                    assert scores[one.student_id][submitted.name][grade.name].graded == pytest.approx(grade.score)
        assert book.penalties(tiny.WEEK) == penalties and book.times(tiny.WEEK) == times
        most = dict(book.rows(f"select grade.id, {MOST} from {OF_GRADES}"))
        assert most == {grade.id: grade.max_score for grade in theirs.session.query(api.Grade)}
        ((kept,),) = book.rows("select extension from submitted_assignment where extension is not null")
        assert span(kept) == timedelta(days=2, hours=1)


def test_a_session_that_writes_is_read_with_what_it_has_not_committed(filled):
    query = "select timestamp from submitted_assignment where timestamp is not null"
    with Book(filled) as book:
        before = book.rows(query)
        for submission in book.session.query(api.SubmittedAssignment):
            submission.timestamp = datetime(2026, 10, 1)
        book.session.flush()
        assert {moment(when) for (when,) in book.rows(query)} == {datetime(2026, 10, 1)}
        book.session.rollback()
        assert book.rows(query) == before


@pytest.mark.parametrize(
    ("late", "own"),
    [
        ("", ""),
        ("[late]\nlate_days = 1\n", ""),
        ("", 'c.CourseDirectory.db_url = "sqlite:////elsewhere/of.db"\n'),
        ("[late]\nlate_days = 1\n", 'c.AssignLatePenalties.plugin_class = "their.Plugin"\n'),
    ],
)
def test_settings_of_ones_own_count(course, late, own):
    facts, config = course.root / "course.toml", course.root / "nbgrader_config.py"
    facts.write_text(facts.read_text() + late)
    config.write_text(CONFIG_TEXT + own)
    course = load_course(course.root)
    assert address_of(course) == course_directory(course).db_url
    assert decides_lateness(course) == (nbgrader_config(course).AssignLatePenalties.get("plugin_class") == LATE_PLUGIN)
