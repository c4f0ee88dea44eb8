"""The facts of a course come from one file, and what is wrong with it is said with its name."""

import pytest

from grader.desk.course.facts import load_course
from grader.desk.errors import DeskError
from tests.desk import tiny


def test_a_course_folder_takes_its_facts_from_the_checkout(course, checkout):
    """Weeks, notebooks and points are the checkout's."""
    assert course.repo == checkout and course.week("week01").notebook("double").points == 2.5


def test_a_course_folder_lays_its_own_facts_over_them(course):
    """A deadline or a limit for one class needs no change in the checkout."""
    own = course.root / "course.toml"
    own.write_text(own.read_text() + '\n[limits]\ncell_seconds = 7\n[gradebook]\ndb_url = "sqlite:///other.db"\n')
    again = load_course(course.root)
    assert again.facts["limits"] == {"cell_seconds": 7, "submission_seconds": 30, "question_seconds": 2}
    assert again.db_url == "sqlite:///other.db"


def test_the_real_course_can_be_read(repo):
    """The checkout itself is a course folder too."""
    assert load_course(repo).week("week01").notebook("backprop").points == 5


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[course", "not valid TOML"),
        ("[[weeks]]\nfolder = 'x'\n", "lacks"),
        ("[course]\ncheckout = 'no'\n", "checkout"),
    ],
)
def test_a_wrong_course_file_is_named(tmp_path, text, says):
    """No traceback: the file and what is wrong with it."""
    (tmp_path / "course.toml").write_text(text)
    with pytest.raises(DeskError, match=says) as told:
        load_course(tmp_path)
    assert "course.toml" in str(told.value)


def test_an_unknown_week_lists_the_weeks(course):
    with pytest.raises(DeskError, match=tiny.WEEK):
        course.week("week9")
