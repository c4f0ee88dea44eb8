"""The term as a whole: how the weeks went, what each exercise told, who is falling behind."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from grader.desk.report.week_report import Exercise, Student, WeekReport

LOW = 0.5
RECENT = 2
EASY, HARD, WEAK = 0.95, 0.3, 0.1


@dataclass(frozen=True)
class Item:
    """One exercise as a question put to a class.

    `difficulty` is the mean share of its points, 1 the easiest. `discrimination` is the point-biserial correlation with
    the rest of the week: of the exercise's points with the sum of all others' (Pearson's r, the exercise itself left
    out, so that it is not compared with itself). None where either is the same for all, or for fewer than 5 people.
    """

    week: str
    exercise: Exercise
    difficulty: float
    discrimination: float | None

    @property
    def remark(self) -> str:
        """What the numbers suggest to look at."""
        if self.difficulty >= EASY:
            return "nearly everyone has it"
        if self.difficulty <= HARD:
            return "few have it: is it explained, is its hidden test right?"
        if self.discrimination is not None and self.discrimination < WEAK:
            return "says little about the rest, or is lost by those who have the rest: read a few answers"
        return ""


@dataclass(frozen=True)
class WeekRow:
    """One week in a line. `share` is the mean of points over the points to be had; times are medians."""

    week: str
    title: str
    students: int
    share: float | None
    late: int
    days_taken: float | None
    hours_before: float | None


@dataclass(frozen=True)
class Behind:
    """A student who is falling behind, and why."""

    student: str
    why: str
    shares: tuple[float | None, ...]


@dataclass(frozen=True)
class Term:
    """Everything about the term."""

    weeks: list[WeekRow]
    items: list[Item]
    behind: list[Behind]


def term(
    weeks: Sequence[WeekReport],
    *,
    everyone: Sequence[str] = (),
    handed_in: Mapping[str, Mapping[str, datetime]] | None = None,
    released: Mapping[str, datetime] | None = None,
) -> Term:
    """The term of the graded `weeks`, in their order.

    `everyone` are the students of the roster, if there is one; `handed_in[week][student]` and `released[week]` the
    times as far as they are known.
    """
    handed_in, released = handed_in or {}, released or {}
    rows = [_row(one, handed_in.get(one.week.folder, {}), released.get(one.week.folder)) for one in weeks]
    return Term(rows, [item for one in weeks for item in items(one)], falling_behind(weeks, everyone))


def items(one: WeekReport) -> list[Item]:
    """Every exercise of a week that has points."""
    with_points = [exercise for exercise in one.exercises if exercise.max_points]
    everyones = zip(*(exercise.scores for exercise in with_points), strict=True)
    totals = [sum(score or 0.0 for score in scores) for scores in everyones]
    found = []
    for exercise in with_points:
        pairs = zip(totals, exercise.scores, strict=True)
        rest = [total - score for total, score in pairs if score is not None]
        found.append(Item(one.week.folder, exercise, exercise.success, correlation(exercise.judged, rest)))
    return [item for item in found if item.exercise.judged]


def correlation(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Pearson's r; None for fewer than 5 pairs, or where one side does not vary."""
    if len(one) < 5 or max(one) - min(one) < 1e-9 or max(other) - min(other) < 1e-9:
        return None
    return statistics.correlation(one, other)


def falling_behind(weeks: Sequence[WeekReport], everyone: Sequence[str] = ()) -> list[Behind]:
    """Students who handed nothing in, or stayed below half of the points, in each of the last two weeks with points.

    With one week so far, that week. The order: who has missed most, then who has least.
    """
    counted = [one for one in weeks if one.max_points["points"]]
    recent = counted[-RECENT:]
    rows = {one.week.folder: {student.id: student for student in one.students} for one in counted}
    found = []
    for who in sorted({*everyone, *(student for by_id in rows.values() for student in by_id)}):
        shares = [_share(one, rows[one.week.folder].get(who)) for one in counted]
        last = shares[-len(recent) :] if recent else []
        if last and all(share is None or share < LOW for share in last):
            found.append(Behind(who, _why(last), tuple(shares)))
    return sorted(found, key=lambda one: (-sum(share is None for share in one.shares), _sum(one.shares), one.student))


def _why(last: Sequence[float | None]) -> str:
    missed = sum(share is None for share in last)
    weeks = "week" if len(last) == 1 else f"{len(last)} weeks"
    if missed == len(last):
        return f"handed nothing in for the last {weeks}"
    if missed:
        return f"handed nothing in once in the last {weeks}, below half of the points otherwise"
    return f"below half of the points in the last {weeks}"


def _sum(shares: Sequence[float | None]) -> float:
    return sum(share or 0.0 for share in shares)


def _share(one: WeekReport, student: Student | None) -> float | None:
    """The student's share of the week's points; None when nothing was handed in."""
    if student is None or (student.status and set(student.status.values()) == {"missing"}):
        return None
    return one.share(student)


def _row(one: WeekReport, handed_in: Mapping[str, datetime], released: datetime | None) -> WeekRow:
    shares = [
        share
        for student in one.students
        if one.max_points["points"]
        for share in [_share(one, student)]
        if share is not None
    ]
    late = sum(student.penalty > 0 for student in one.students)
    taken = (
        [(when - released) / timedelta(days=1) for when in handed_in.values() if when >= released] if released else []
    )
    due = one.week.deadline
    before = [(due - when) / timedelta(hours=1) for when in handed_in.values()] if due else []
    return WeekRow(
        one.week.folder,
        one.week.title,
        len(one.students),
        statistics.mean(shares) if shares else None,
        late,
        statistics.median(taken) if taken else None,
        statistics.median(before) if before else None,
    )
