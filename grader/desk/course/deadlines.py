"""When work is due and what lateness costs, as `course.toml` of a class says; what follows is in `gradebook/`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo

DAY = timedelta(days=1)
# What one student is given for one week: days more, or another deadline.
Extension = int | datetime


@dataclass(frozen=True)
class Due:
    """When a week's work is due, for one student. Either may be None: then it never passes."""

    soft: datetime | None = None
    hard: datetime | None = None

    def extended(self, given: Extension, zone: tzinfo) -> Due:
        """Both deadlines later: by calendar days, at the same time of day in `zone`, or as far as the new one is.

        A new one without an offset of its own is in `zone`.
        """
        if isinstance(given, int):
            return Due(_later(self.soft, given, zone), _later(self.hard, given, zone))
        given = given if given.tzinfo else given.replace(tzinfo=zone)
        moved = given - self.soft if self.soft else timedelta(0)
        return Due(given, None if self.hard is None else max(self.hard + moved, given))


def _later(moment: datetime | None, days: int, zone: tzinfo) -> datetime | None:
    return None if moment is None else moment.astimezone(zone) + days * DAY


@dataclass(frozen=True)
class LateRule:
    """What lateness costs: points a begun day, or percent of the points earned; `late_days` may be spent over the term.

    `grace` passes before anything counts as late. A day ends at the deadline's own time of day in `zone`, also on a day
    of 23 or 25 hours.
    """

    late_days: int = 0
    points_per_day: float = 0.0
    percent_per_day: float = 0.0
    grace: timedelta = timedelta(0)
    zone: tzinfo = timezone.utc

    def cost(self, points: float, days: int) -> float:
        """What `days` late days take off a week that earned `points`; never more than those."""
        return min(points, days * (self.points_per_day + points * self.percent_per_day / 100))
