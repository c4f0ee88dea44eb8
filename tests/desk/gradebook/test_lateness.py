"""Lateness in the gradebook: what course.toml says today, in our command as in nbgrader's, without grading again."""

import re
import sqlite3

import pytest
from sqlalchemy.exc import OperationalError

from grader.desk.course.deadlines import LateRule
from grader.desk.course.facts import load_course
from grader.desk.errors import DeskError
from grader.desk.feedback.feedback import feedback
from grader.desk.feedback.opening import late_words
from grader.desk.grade.run import grade
from grader.desk.gradebook.book import Book
from grader.desk.gradebook.late_days import Settled
from grader.desk.gradebook.lateness import Lateness
from tests.desk import tiny
from tests.desk.tools import nbgrader

LATE = "[late]\npoints_per_day = 1\n"


def facts(course, text):
    """The course folder with these lines added to its course.toml."""
    own = course.root / "course.toml"
    own.write_text(f'[course]\ncheckout = "../{course.repo.name}"\n{text}')
    return load_course(course.root)


def hand_in_late(course, student="ada", timestamp="2026-10-13 12:00:00 UTC"):
    """Two days begun after the deadline of 11 October, 23:59 +0200, with the 2.5 points of a solved notebook."""
    tiny.hand_in(course, student, tiny.RIGHT, timestamp=timestamp)


def penalties(course):
    with Book(course) as book:
        return {who: penalty for who, penalty in book.penalties(tiny.WEEK).items() if penalty}


def graded_late(released, text):
    course = facts(released, text)
    hand_in_late(course)
    grade(course, list(course.weeks), jobs=1, trusted=True)
    return course


def test_a_begun_day_costs_a_point_and_nbgrader_agrees(released):
    """The plugin gives nbgrader's own autograde the same penalty."""
    course = graded_late(released, LATE)
    assert penalties(course) == {"ada": 2.0}
    with Book(course) as book:
        book.session.execute(book_update())
        book.session.commit()
    assert penalties(course) == {}
    done = nbgrader(course, "autograde", tiny.WEEK, "--force", "--student", "ada")
    assert done.returncode == 0, done.stderr[-2000:]
    assert penalties(course) == {"ada": 2.0}


def book_update():
    from nbgrader import api
    from sqlalchemy import update

    return update(api.SubmittedNotebook).values(late_submission_penalty=None)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("", "Handed in 2 days late: 2 points taken off for it.<"),
        ("late_days = 3\n", "Handed in 2 days late: 2 late days spent on it. 1 late day of 3 left for the term.<"),
    ],
)
def test_the_student_reads_what_lateness_cost(released, rule, said):
    course = graded_late(released, LATE + rule)
    (page,) = feedback(course, list(course.weeks)).pages
    text = re.sub(r"\s+", " ", page.read_text())
    assert said in text and ("taken off" in text) == ("taken off" in said)


def test_a_gradebook_locked_meanwhile_is_explained(released, monkeypatch):
    """Between bringing penalties up to date and reading what lateness comes to."""
    course = graded_late(released, LATE)

    def fails(*_):
        raise OperationalError("select", {}, sqlite3.OperationalError("database is locked"))

    monkeypatch.setattr(Lateness, "of", fails)
    with pytest.raises(DeskError, match="Another program is writing to it"):
        feedback(course, list(course.weeks))


def test_the_words_for_lateness():
    rule = LateRule(late_days=4)
    late = [(Settled(), 0), (Settled(1, 0, 1.0), 1), (Settled(2, 1, 1.0), 1), (Settled(9, 0, 2.5, too_late=True), 2.5)]
    assert [late_words(one, penalty) for one, penalty in late] == [
        "",
        "Handed in 1 day late: 1 point taken off for it.",
        "Handed in 2 days late: 1 late day spent on it, 1 point taken off for it.",
        "Handed in 9 days late, after the last moment that counts: 2.5 points taken off for it.",
    ]
    assert late_words(Settled(1, 1), 0, rule, spent=3).endswith(
        ": 1 late day spent on it. 1 late day of 4 left for the term."
    )
    assert late_words(None, 2) == "Handed in late: 2 points taken off for it."  # by another plugin of nbgrader's
    assert late_words(None) == ""


def test_changes_of_the_rule_apply_without_grading_again(released):
    """Deadline, late days, an extension: each counts on the next `grader grade`, with unchanged submissions."""
    graded_late(released, LATE)
    for text, expected in (
        (f"{LATE}late_days = 1\n", {"ada": 1.0}),
        (f"{LATE}[week.week01]\ndeadline = 2026-10-12T23:59:00+02:00\n", {"ada": 1.0}),
        (f"{LATE}[week.{tiny.WEEK}]\nhard_deadline = 2026-10-13T00:00:00+02:00\n", {"ada": 2.5}),
        (f"{LATE}[extensions.ada]\nweek01 = 1\n", {"ada": 1.0}),
        (f"time_zone = 'UTC'\n{LATE}[extensions.ada]\nweek01 = 2026-10-14T12:00:00\n", {}),
        (LATE, {"ada": 2.0}),
    ):
        course = facts(released, text)
        summary = grade(course, list(course.weeks), jobs=1, trusted=True)
        assert not any(one.again for one in summary.submissions), text
        assert penalties(course) == expected, text


def test_the_gradebook_s_own_deadline_and_extension_follow(released):
    """nbgrader's pages count lateness from them."""
    course = graded_late(released, f"{LATE}[extensions.ada]\nweek01 = 1\n")
    with Book(course) as book:
        submission = book.nbgrader.find_submission(tiny.WEEK, "ada")
        assert submission.extension.days == 1 and str(submission.duedate) == "2026-10-12 21:59:00"


def test_a_penalty_never_exceeds_the_points_and_spares_the_others(released):
    course = facts(released, f"{LATE}[week.{tiny.WEEK}]\ndeadline = 2026-09-01T00:00:00Z\n")
    hand_in_late(course)
    tiny.hand_in(course, "bob", tiny.RIGHT, timestamp="2026-08-31 12:00:00 UTC")
    grade(course, list(course.weeks), jobs=1, trusted=True)
    assert penalties(course) == {"ada": 2.5}


def test_a_deadline_without_offset_is_local_time(released):
    course = facts(
        released,
        f'time_zone = "Europe/Moscow"\n{LATE}[week.{tiny.WEEK}]\ndeadline = 2026-10-11T23:59:00\n',
    )
    due = course.due(course.weeks[0], "ada")
    assert due.soft.utcoffset().total_seconds() == 3 * 3600 and course.late.points_per_day == 1
