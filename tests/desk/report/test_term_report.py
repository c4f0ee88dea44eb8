"""The term in numbers: difficulty, discrimination, who falls behind, on one page that needs nothing else."""

from datetime import datetime, timezone

import pytest

from grader.desk.course.facts import Week
from grader.desk.report.report import report
from grader.desk.report.term_report import correlation, falling_behind, items, term
from grader.desk.report.week_report import Exercise, Student, WeekReport
from tests.desk import tiny


def week(name, **scores):
    """A week of one exercise for each letter of the scores: `ada="10"` has the first and not the second."""
    count = len(next(iter(scores.values())))
    exercises = [
        Exercise("nb", f"test_{n}", "points", False, 1.0, tuple(float(row[n]) for row in scores.values()))
        for n in range(count)
    ]
    students = [
        Student(who, points={"points": float(sum(map(int, row))), "bonus": 0.0, "practice": 0.0})
        for who, row in scores.items()
    ]
    due = datetime(2026, 10, 11, tzinfo=timezone.utc)
    return WeekReport(
        Week(name, name, due, ()),
        students,
        exercises,
        [],
        {},
        {"points": float(count), "bonus": 0.0, "practice": 0.0},
        [],
    )


# The first two exercises go together, the third goes against them, the fourth everyone has.
MIXED = week("w1", a="1101", b="1101", c="1101", d="0001", e="0011", f="0011")


def test_difficulty_is_the_mean_share_and_discrimination_the_correlation_with_the_rest():
    first, second, third, fourth = items(MIXED)
    assert first.difficulty == 0.5 and fourth.difficulty == 1.0
    assert first.discrimination > 0.3 > 0 > third.discrimination
    assert fourth.discrimination is None and "nearly everyone" in fourth.remark and "read a few" in third.remark


def test_discrimination_is_the_textbook_point_biserial():
    """(mean of those who have it - mean of the others) / deviation * sqrt(p q), worked by hand."""
    assert correlation([1, 1, 1, 0, 0], [4, 3, 2, 1, 0]) == pytest.approx((3 - 0.5) / 2**0.5 * (0.6 * 0.4) ** 0.5)
    assert correlation([1, 0], [1, 0]) is None


def test_falling_behind_are_those_who_are_below_half_or_absent_in_the_last_two_weeks():
    weeks = [
        week("w1", ada="11", bob="00", cem="11"),
        week("w2", ada="00", bob="00", cem="11"),
        week("w3", ada="11", bob="10", cem="11"),
    ]
    assert [one.student for one in falling_behind(weeks)] == []
    weeks[2] = week("w3", ada="00", cem="11")
    found = falling_behind(weeks, everyone=["ada", "bob", "cem", "dan"])
    assert [one.student for one in found] == ["dan", "bob", "ada"]
    assert "nothing in for the last 2 weeks" in found[0].why and found[1].shares == (0.0, 0.0, None)


def test_times_are_counted_from_the_release_to_the_deadline():
    due = datetime(2026, 10, 11, tzinfo=timezone.utc)
    handed = {"w1": {"a": due.replace(day=9), "b": due.replace(day=10), "c": due.replace(day=11)}}
    row = term([MIXED], handed_in=handed, released={"w1": due.replace(day=4)}).weeks[0]
    assert (row.days_taken, row.hours_before) == (6.0, 24.0)
    later = term([MIXED], handed_in=handed, released={"w1": due.replace(day=10)}).weeks[0]
    assert later.days_taken == 0.5, "what came before the release has no time since it"


def test_the_page_has_the_term_and_a_static_list_of_submissions(graded, tmp_path):
    """Plots have a text in their place; nothing is fetched, nothing runs; names are text."""
    (graded.root / "roster.csv").write_text("id\nada\nnobody\n")
    done = report(graded, list(graded.weeks), tmp_path)
    page = done.page.read_text()
    for words in ("The term so far", "handed nothing in for the last week", "discrimination", 'aria-label="Mean share'):
        assert words in page, words
    listed = done.lists[0].read_text()
    assert all(who.replace("'", "&#39;") in listed for who in tiny.CLASS) and "to read" in listed
    for text in (page, listed):
        assert "<script" not in text and "http" not in text.replace("http-equiv", "")
