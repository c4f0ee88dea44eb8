"""Lateness in the gradebook: what course.toml says today, in our command as in nbgrader's, without grading again."""

import re
import sqlite3

import pytest
from sqlalchemy.exc import OperationalError

from grader.desk.course.facts import load_course
from grader.desk.errors import DeskError
from grader.desk.feedback.feedback import feedback, late_words
from grader.desk.grade.run import grade
from grader.desk.gradebook.book import Book
from grader.desk.gradebook.late_days import Settled
from grader.desk.gradebook.lateness import Lateness, due_of, rule_of
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
        ("", "2 taken off for lateness; 2 days late<"),
        ("late_days = 2\n", "; 2 days late, 2 late days spent on it<"),
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
    late = [Settled(), Settled(1, 0, 1.0), Settled(2, 1, 1.0), Settled(9, 0, 2.5, too_late=True)]
    assert [late_words(settled) for settled in late] == [
        "",
        "1 day late",
        "2 days late, 1 late day spent on it",
        "9 days late, after the last moment that counts",
    ]
    assert late_words(None) == ""


def test_changes_of_the_rule_apply_without_grading_again(released):
    """Deadline, late days, an extension: each counts on the next `grader grade`, with unchanged submissions."""
    graded_late(released, LATE)
    for text, expected in (
        (f"{LATE}late_days = 1\n", {"ada": 1.0}),
        (f"{LATE}[week.{tiny.WEEK}]\ndeadline = 2026-10-12T23:59:00+02:00\n", {"ada": 1.0}),
        (f"{LATE}[week.{tiny.WEEK}]\nhard_deadline = 2026-10-13T00:00:00+02:00\n", {"ada": 2.5}),
        (f"{LATE}[extensions.ada]\nweek01 = 1\n", {"ada": 1.0}),
        (f"{LATE}[extensions.ada]\nweek01 = 2026-10-14T12:00:00\n", {}),
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
    due = due_of(course, course.weeks[0], "ada")
    assert due.soft.utcoffset().total_seconds() == 3 * 3600 and rule_of(course).points_per_day == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[late]\npoints_per_day = -1\n", "points_per_day"),
        ("[late]\nlate_days = 1.5\n", "late_days"),
        ("[late]\ndays = 3\n", "unknown line 'days'"),
        ("[late]\n[extensions.ada]\nweek09 = 1\n", "week09"),
        ("[late]\n[extensions]\nada = 2\n", "names no week"),
        ("[late]\n[extensions.ada]\nweek01 = '3 days'\n", "not a date"),
        (f"[late]\n[week.{tiny.WEEK}]\ndeadline = 2026-10-11\n", "not a date and time"),
        ('time_zone = "Berlin"\n', "not the name of a time zone"),
    ],
)
def test_what_is_wrong_in_the_rule_is_named(released, text, says):
    with pytest.raises(DeskError, match=says):
        course = facts(released, text)
        rule_of(course)
        due_of(course, course.weeks[0], "ada")
