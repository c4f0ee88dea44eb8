"""Deadlines, late days and what lateness costs: arithmetic only, no file and no gradebook.

A week has a soft and a hard deadline. Each begun day after the soft one costs points, and after the hard one the week
is worth nothing. A student may spend a number of late days over the term; a late day spent takes one day's cost away.
Days are spent by this module, not by the student: always so that the term's points are the most, and of equal ways the
one that spends the fewest days, in the earliest weeks. So the answer depends on what was handed in and on nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

from grader.desk.course.deadlines import DAY, Due, LateRule

PLACES = 9  # points are compared to this many decimals: sums of floats are not exact


@dataclass(frozen=True)
class Handed:
    """One week of one student: when it was due and handed in (None: unknown, taken as in time), and what it earned."""

    week: str
    due: Due
    when: datetime | None
    points: float


@dataclass(frozen=True)
class Settled:
    """What lateness comes to: begun days late, how many of them are paid with late days, and the points taken off."""

    days: int = 0
    spent: int = 0
    penalty: float = 0.0
    too_late: bool = False


def days_late(due: Due, when: datetime | None, rule: LateRule) -> int:
    """The number of days begun after the soft deadline, 0 when handed in by then."""
    if due.soft is None or when is None or when <= due.soft + rule.grace:
        return 0
    soft, days = due.soft.astimezone(rule.zone), max(1, math.floor((when - due.soft) / DAY) - 1)
    # Wall-clock days: adding to a local time keeps its time of day; the comparison is then made in UTC.
    while when.astimezone(timezone.utc) > (soft + days * DAY).astimezone(timezone.utc) + rule.grace:
        days += 1
    return days


def is_too_late(due: Due, when: datetime | None, rule: LateRule) -> bool:
    """Was it handed in after the hard deadline?"""
    return due.hard is not None and when is not None and when > due.hard + rule.grace


def settle(handed: Sequence[Handed], rule: LateRule) -> dict[str, Settled]:
    """What lateness costs a student in each of the weeks, late days spent so that they save the most points.

    After the hard deadline a week is lost, and late days do not bring it back. `handed` is in the order of the term.
    """
    late = [(one, 0 if is_too_late(one.due, one.when, rule) else days_late(one.due, one.when, rule)) for one in handed]
    plan = _cheapest([(one.points, days) for one, days in late], rule)
    return {
        one.week: _lost(one, rule)
        if is_too_late(one.due, one.when, rule)
        else Settled(days, spent, rule.cost(one.points, days - spent))
        for (one, days), spent in zip(late, plan, strict=True)
    }


def _lost(one: Handed, rule: LateRule) -> Settled:
    return Settled(days_late(one.due, one.when, rule), 0, one.points, too_late=True)


def _cheapest(weeks: Sequence[tuple[float, int]], rule: LateRule) -> tuple[int, ...]:
    """Late days to spend in each of `weeks`, given as `(points, days late)`.

    A knapsack: the cheapest plan for every number of days spent so far, week by week. Costs are capped by the points,
    so spending day after day where it helps most at once would miss plans in which only the second day helps.
    """
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for points, days in weeks:
        found: dict[int, tuple[float, tuple[int, ...]]] = {}
        for used, (cost, plan) in best.items():
            for spent in range(min(days, rule.late_days - used) + 1):
                total = round(cost + rule.cost(points, days - spent), PLACES)
                candidate = (total, (*plan, spent))
                if used + spent not in found or _better(candidate, found[used + spent]):
                    found[used + spent] = candidate
        best = found
    used = min(best, key=lambda used: (best[used][0], used))
    return best[used][1]


def _better(one: tuple[float, tuple[int, ...]], other: tuple[float, tuple[int, ...]]) -> bool:
    """Cheaper, or as cheap and spent earlier in the term."""
    return (one[0], [-spent for spent in one[1]]) < (other[0], [-spent for spent in other[1]])
