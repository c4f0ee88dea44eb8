"""What may stand in a `course.toml`, the checkout's or a class's: tables, keys, the values they take, their defaults.

docs/course-toml.md lists the same for people; a test compares the two. Everything that one file alone can get wrong is
found here; what concerns two files, weeks, students or time is looked at in `reading.py`.
"""

from __future__ import annotations

import dataclasses
import re
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    create_model,
)

from grader.desk.course.deadlines import Extension
from grader.desk.course.names import did_you_mean, nearest
from grader.sandbox.walls.limits import Limits

LARGEST = 1e6
YEARS = range(2000, 3000)


def _amount(value: object) -> int | float:
    """A number as it was written: 60 stays a whole number, which results of earlier gradings were kept under."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("is not a number")
    if not 0 <= value < LARGEST:
        raise ValueError(f"is no number that makes sense: from 0 to {LARGEST:,.0f}")
    return value


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("is not a whole number")
    return int(_amount(value))


def _positive(value: int | float) -> int | float:
    if value <= 0:
        raise ValueError("is not above 0")
    return value


def _percent(value: int | float) -> int | float:
    if value > 100:
        raise ValueError("is more than 100 percent")
    return value


def _moment(value: object) -> datetime:
    if not isinstance(value, datetime):
        raise ValueError("is not a date and time. Write it as 2026-10-11T23:59:00, without quotes")
    if value.year not in YEARS:
        raise ValueError(f"is not in the years {YEARS.start} to {YEARS.stop - 1}")
    return value


def _extension(value: object) -> Extension:
    if isinstance(value, bool) or not isinstance(value, int | datetime):
        raise ValueError("is not a number of days and not a date and time, as 2 or 2026-10-11T23:59:00 without quotes")
    if isinstance(value, datetime):
        return _moment(value)
    if value < 0:
        raise ValueError("is less than 0; days can only be added")
    return _whole(value)


def _zone(value: object) -> str:
    try:
        return ZoneInfo(str(value)).key
    except (KeyError, ValueError, OSError):
        ends = [name for name in sorted(available_timezones()) if name.endswith(f"/{value}")]
        near = ends[:2] or nearest(str(value), available_timezones())
        raise ValueError(f"is not the name of a time zone.{did_you_mean(near)}") from None


def _text(value: str) -> str:
    if "\0" in value:
        raise ValueError("has a character in it that nothing can be called by")
    return value


def _folder(value: str) -> str:
    if "/" in value or "\\" in value or value.startswith("."):
        raise ValueError("is not the plain name of a folder or notebook")
    return value


def _slug(value: str) -> str:
    if value.count("/") != 1 or not all(value.split("/")) or " " in value:
        raise ValueError("is not the name of a repository, as owner/name")
    return value


def _line(value: str) -> str:
    if len(value.splitlines()) > 1 or not value.isprintable():
        raise ValueError("is more than one line")
    return value


def _with_release(value: str) -> str:
    if "{release}" not in value:
        raise ValueError("does not say where the number of the release goes: write {release} there")
    return value


Text = Annotated[str, Field(min_length=1, strict=True), AfterValidator(_text)]
Name = Annotated[Text, AfterValidator(_folder)]
Line = Annotated[Text, AfterValidator(_line)]
Amount = Annotated[float, PlainValidator(_amount)]
Whole = Annotated[int, PlainValidator(_whole)]
Percent = Annotated[float, PlainValidator(lambda value: _percent(_amount(value)))]
Moment = Annotated[datetime, PlainValidator(_moment)]


class Table(BaseModel):
    """A table of the file: other keys than these are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def given(self, key: str) -> bool:
        """Does the file say it, rather than leave it to its default?"""
        return key in self.model_fields_set


class CourseTable(Table):
    """`[course]`: what the whole course is called, where it is published, in which time zone it lives."""

    id: Text = "course"
    title: Text | None = None
    repository: Annotated[Text, AfterValidator(_slug)] | None = None
    branch: Text = "main"
    package: Text | None = None
    demonstration: Annotated[bool, Field(strict=True)] = False
    quizzes_at_once: Annotated[bool, Field(strict=True)] = False
    time_zone: Annotated[str, PlainValidator(_zone)] = "UTC"
    checkout: Text | None = None


class LateTable(Table):
    """`[late]`: what lateness costs."""

    late_days: Whole = 0
    points_per_day: Amount = 0
    percent_per_day: Percent = 0
    grace_minutes: Amount = 0


def _limit(kind: Any) -> Any:
    """The sandbox's limits in whole numbers and in seconds; none may be 0."""
    check = _whole if kind in (int, "int") else _amount
    return Annotated[float, PlainValidator(lambda value: _positive(check(value)))]


LimitsTable: type[Table] = create_model(
    "LimitsTable",
    __base__=Table,
    __doc__="`[limits]`: what one submission may use; the names and defaults are the sandbox's own.",
    **{limit.name: (_limit(limit.type), limit.default) for limit in dataclasses.fields(Limits)},  # type: ignore[call-overload]
)


class SetupTable(Table):
    """`[setup]`: what a released notebook's set-up cell says, in the language of the class."""

    comment: Line = "Set-up: installs the course's package where it is missing or too old."
    prints: Annotated[Line, AfterValidator(_with_release)] = "The course's package, release {release}."


def _version(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"\d{1,3}\.\d{1,3}", value):
        raise ValueError('is not a version, as "3.12" in quotes')
    return value


class StudentsTable(Table):
    """`[students]`: what most of them run their notebooks with. `grader doctor` compares."""

    python: Annotated[str, PlainValidator(_version)] | None = None
    numpy: Annotated[str, PlainValidator(_version)] | None = None


class MarkTable(Table):
    """`[mark]`: the final mark."""

    formula: Text | None = None


class WatchTable(Table):
    """`[watch]`: what students may ask of `grader watch`."""

    verdicts_per_day: Annotated[int, PlainValidator(lambda value: _positive(_whole(value)))] | None = None


class GradebookTable(Table):
    """`[gradebook]`: where nbgrader keeps its gradebook."""

    db_url: Text | None = None


class NotebookTable(Table):
    """`[[weeks.notebooks]]`: one notebook of the week above it."""

    name: Name
    title: Text
    kind: Text
    points: Amount = 0
    bonus: Amount = 0
    practice: Amount = 0


class WeekTable(Table):
    """`[[weeks]]`: one week of the course, in the order of the term."""

    folder: Name
    title: Text | None = None
    deadline: Moment | None = None
    hard_deadline: Moment | None = None
    model_answers: Moment | None = None
    notebooks: list[NotebookTable] = []


class WeekOfClassTable(Table):
    """`[week.NAME]`: what one class has otherwise than the checkout's week of that name."""

    title: Text | None = None
    points: Amount | None = None
    exercises: dict[str, Amount] | None = None
    deadline: Moment | None = None
    hard_deadline: Moment | None = None
    model_answers: Moment | None = None


class File(Table):
    """A whole file. Every table may be left out; what the two files must say together is looked at in `reading.py`."""

    course: CourseTable = CourseTable()
    late: LateTable | None = None
    limits: LimitsTable = LimitsTable()  # type: ignore[valid-type]
    students: StudentsTable = StudentsTable()
    mark: MarkTable = MarkTable()
    setup: SetupTable = SetupTable()
    watch: WatchTable = WatchTable()
    gradebook: GradebookTable = GradebookTable()
    weeks: list[WeekTable] = []
    week: dict[str, WeekOfClassTable] = {}
    extensions: dict[str, dict[str, Annotated[Extension, PlainValidator(_extension)]]] = {}


# The tables by their headings; NAME is a week's.
TABLES: dict[str, type[Table]] = {
    "": File,
    "[course]": CourseTable,
    "[late]": LateTable,
    "[limits]": LimitsTable,
    "[students]": StudentsTable,
    "[mark]": MarkTable,
    "[setup]": SetupTable,
    "[watch]": WatchTable,
    "[gradebook]": GradebookTable,
    "[[weeks]]": WeekTable,
    "[[weeks.notebooks]]": NotebookTable,
    "[week.NAME]": WeekOfClassTable,
}
