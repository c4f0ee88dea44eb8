"""What lateness costs: days begun after the deadline, late days spent for the student, nothing after the end."""

import itertools
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.desk.gradebook.late_days import Due, Handed, Rule, days_late, extended, settle

SOFT = datetime(2026, 10, 11, 23, 59, tzinfo=timezone.utc)
DUE = Due(SOFT, SOFT + timedelta(days=7))
RULE = Rule(late_days=3, points_per_day=1)


def handed(week, days, points=5.0, due=DUE):
    return Handed(week, due, SOFT + timedelta(days=days), points)


@pytest.mark.parametrize(
    ("seconds", "days"), [(-1, 0), (0, 0), (1, 1), (86400, 1), (86401, 2), (3 * 86400, 3), (30 * 86400 + 1, 31)]
)
def test_a_day_counts_once_it_has_begun(seconds, days):
    assert days_late(DUE, SOFT + timedelta(seconds=seconds), RULE) == days


def test_grace_passes_before_anything_is_late():
    rule = Rule(points_per_day=1, grace=timedelta(minutes=5))
    assert days_late(DUE, SOFT + timedelta(minutes=5), rule) == 0
    assert days_late(DUE, SOFT + timedelta(minutes=5, seconds=1), rule) == 1
    assert days_late(DUE, SOFT + timedelta(days=1, minutes=5), rule) == 1


def test_a_day_ends_at_the_same_time_of_day_when_clocks_change():
    """Berlin's 25 October 2026 has an hour more: 23:58 local time is one day late, after nearly 25 hours."""
    berlin = ZoneInfo("Europe/Berlin")
    due = Due(datetime(2026, 10, 24, 23, 59, tzinfo=berlin))
    rule = Rule(points_per_day=1, zone=berlin)
    when = datetime(2026, 10, 25, 23, 58, tzinfo=berlin).astimezone(timezone.utc)
    assert when - due.soft.astimezone(timezone.utc) > timedelta(hours=24)
    assert days_late(due, when, rule) == 1
    assert days_late(due, when + timedelta(minutes=2), rule) == 2


def test_an_unknown_time_is_in_time():
    assert settle([Handed("w1", DUE, None, 5.0)], RULE)["w1"].penalty == 0


def test_after_the_hard_deadline_nothing_is_left_and_no_late_day_is_spent():
    found = settle([handed("w1", 8)], RULE)["w1"]
    assert (found.penalty, found.spent, found.too_late) == (5.0, 0, True)


def test_late_days_are_spent_where_they_save_most():
    """Two days late with 5 points beat two days late with 1 point; the third day goes to the other."""
    found = settle([handed("w1", 1.5, points=1.0), handed("w2", 1.5)], RULE)
    assert (found["w2"].spent, found["w2"].penalty) == (2, 0)
    assert (found["w1"].spent, found["w1"].penalty) == (0, 1.0), "one day of two would save nothing"


def test_equal_ways_spend_few_days_in_early_weeks():
    found = settle([handed(week, 1.5) for week in ("w1", "w2", "w3")], RULE)
    assert [found[week].spent for week in ("w1", "w2", "w3")] == [2, 1, 0]
    assert settle([handed("w1", 1.5, points=0.0)], RULE)["w1"].spent == 0


def test_percent_a_day_is_of_what_was_earned():
    assert settle([handed("w1", 1.5, points=4.0)], Rule(percent_per_day=10))["w1"].penalty == pytest.approx(0.8)


def test_an_extension_moves_both_deadlines():
    due = extended(DUE, 2, timezone.utc)
    assert (due.soft, due.hard) == (SOFT + timedelta(days=2), SOFT + timedelta(days=9))


weeks = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 8)), max_size=4)


@settings(deadline=None, max_examples=150)
@given(weeks, st.integers(0, 4), st.sampled_from([Rule(points_per_day=1), Rule(points_per_day=2.5), Rule(0, 0.5, 10)]))
def test_no_other_plan_is_better_for_the_student(weeks, late_days, rule):
    """Against every way to spend the days."""
    rule = Rule(late_days, rule.points_per_day, rule.percent_per_day)
    work = [handed(f"w{n}", days - 0.5, float(points), Due(SOFT)) for n, (points, days) in enumerate(weeks)]
    found = settle(work, rule)
    spent = [one.spent for one in found.values()]
    assert sum(spent) <= late_days
    plans = itertools.product(*(range(days + 1) for _, days in weeks))
    costs = [
        sum(rule.cost(float(points), days - used) for (points, days), used in zip(weeks, plan, strict=True))
        for plan in plans
        if sum(plan) <= late_days
    ]
    assert sum(one.penalty for one in found.values()) == pytest.approx(min(costs))
