"""`grader waive`, `drop`, `bonus`, `rename` and `undo`: what a term's hard days ask of an instructor."""

from __future__ import annotations

import math
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.desk.commands.command import Told, chosen, command, course_option, say, students_option, warn
from grader.desk.commands.grading import print_moves
from grader.desk.course.decisions import (
    BONUS,
    DECISIONS,
    EXTENSION,
    FULL,
    MOST_DAYS,
    OUT,
    READ,
    RENAME,
    UNDO,
    Decision,
)
from grader.desk.errors import DeskError

if TYPE_CHECKING:
    from grader.desk.course.facts import Course, Week


class Points(click.FloatRange):
    """A number of points, `0,5` as well as `0.5`; `nan` is none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        number = super().convert(str(value).replace(",", "."), param, ctx)  # type: ignore[arg-type]
        if not math.isfinite(number):
            self.fail(f"{value!r} is no number.", param, ctx)
        return number


def _reason(ctx: click.Context, param: click.Parameter, value: str) -> str:
    """The reason on one line, as it stands in the log; where one is needed, spaces are none."""
    value = " ".join(value.split())
    if param.required and not value:
        raise click.BadParameter("Write a reason; the student reads it.", ctx, param)
    return value


why_option = click.option(
    "--why", default="", metavar="TEXT", callback=_reason, help="For the log; that of a score is on pages, too."
)


@command("waive", 'grader waive week01_backprop --student ada --days 2 --why "ill"')
@click.argument("week")
@click.argument("exercise", required=False)
@course_option
@students_option
@click.option("--days", type=click.IntRange(1, MOST_DAYS), help="The students have so many days more.")
@click.option("--until", metavar="MOMENT", help="Or until then, as 2026-10-25T12:00, in the course's time zone.")
@click.option("--points", type=Points(0), help="What an answer counts that nobody reads.")
@why_option
def waive(
    week: str,
    exercise: str | None,
    folder: Path,
    students: tuple[str, ...],
    days: int | None,
    until: str | None,
    points: float | None,
    why: str,
    dry_run: bool,
) -> Told:
    """Let a deadline or an unread answer go.

    With --days or --until, the students named have more time for WEEK. With EXERCISE, answers to it that only a person
    can read need not be read: of the students named, or everybody's. With neither, this holds for all answers of WEEK
    that are worth no points. A score that a person has given stays.
    """
    course, (named,) = chosen(folder, (week,))
    if days or until:
        if exercise or points is not None or (days and until) or not students:
            raise click.UsageError("More time: --days or --until, and --student; without EXERCISE and --points.")
        _in_time(course, named, until)
        value = str(days) if days else _moment(course, named, until or "").isoformat()
        lines = [
            Decision(EXTENSION, _known(course, who), named.folder, value=value, why=why)
            for who in dict.fromkeys(students)
        ]
        return _decided(course, lines, dry_run)
    place, worth = "", 0.0
    if exercise:
        from grader.desk.decisions.decide import the_exercise

        place, worth = the_exercise(course, named, exercise)
        if worth and points is None:
            raise DeskError(
                f"{exercise} is worth {worth:g} points, and an answer that nobody reads has none of its own.",
                "Say with --points what each of them counts.",
            )
        if points and points > worth:
            raise DeskError(f"{exercise} is worth {worth:g} points, not {points:g}.", "Take fewer.")
    elif students or points:
        raise click.UsageError("--student and --points go with EXERCISE, or with --days or --until.")
    value = f"{points:g}" if points else ""
    people = [_known(course, who) for who in dict.fromkeys(students)] or [""]
    return _decided(
        course, [Decision(READ, who, named.folder, place, value, why) for who in people], dry_run, reads=True
    )


@command("drop", 'grader drop week01_backprop dense --why "its test was wrong"')
@click.argument("week")
@click.argument("exercise")
@course_option
@click.option("--out", "taken_out", is_flag=True, help="Take it out of the sum, in place of full points for all.")
@why_option
def drop(week: str, exercise: str, folder: Path, taken_out: bool, why: str, dry_run: bool) -> Told:
    """Give everyone full points for an exercise, or take it out of the sum.

    Everyone is whoever has handed in something of that week. Taken out, it counts for nobody, and the points to be had
    are so many less. Its hints are no longer on the pages of those who had lost points by it.
    """
    from grader.desk.decisions.decide import the_exercise

    course, (named,) = chosen(folder, (week,))
    place, _ = the_exercise(course, named, exercise)
    return _decided(course, [Decision(OUT if taken_out else FULL, "", named.folder, place, why=why)], dry_run)


@command("bonus", 'grader bonus ada 0.5 --why "explained backpropagation to the class"')
@click.argument("student")
@click.argument("points", type=Points(0, 1e6, min_open=True))
@course_option
@click.option("--week", metavar="WEEK", help="Where it counts. Default: the last week in which the student was graded.")
@click.option(
    "--why",
    required=True,
    metavar="TEXT",
    callback=_reason,
    help="The reason. It is kept, and the student reads it.",
)
def bonus(student: str, points: float, folder: Path, week: str | None, why: str, dry_run: bool) -> Told:
    """Add bonus points to a student's week. Lateness takes nothing off them."""
    from grader.desk.decisions.decide import last_graded_week

    course, named = chosen(folder, (week,) if week else ())
    where = last_graded_week(course, _known(course, student), named[0] if week else None)
    return _decided(course, [Decision(BONUS, student, where.folder, value=f"{points:g}", why=why)], dry_run)


@command("rename", "grader rename ada ada.lovelace")
@click.argument("old")
@click.argument("new")
@course_option
@why_option
def rename(old: str, new: str, folder: Path, why: str, dry_run: bool) -> Told:
    """Give a student another id: work, attempts, scores, late days, feedback, roster and mapping go along."""
    from grader.desk.decisions.rename import renaming

    course, _ = chosen(folder, ())
    return _renamed(course, old, new, renaming(old, new, why), dry_run)


@command("undo", "grader undo 3")
@click.argument("number", type=click.IntRange(1), required=False)
@course_option
@why_option
def undo(number: int | None, folder: Path, why: str, dry_run: bool) -> Told:
    """Take back a line of decisions.csv, by its number. Without one: the lines that stand."""
    from grader.desk.decisions.decide import line_to_take_back

    course, _ = chosen(folder, ())
    standing = course.decisions.standing
    if number is None:
        for one in standing:
            say(f"{one.number}  {one}{f' ({one.why})' if one.why else ''}")
        if not standing:
            say(f"No decision stands in {course.root / DECISIONS}.")
        return Told({"standing": [vars(one) for one in standing]})
    line = line_to_take_back(course.decisions, number)
    back = Decision(UNDO, line.student, line.week, line.exercise, str(number), why)
    if line.what == RENAME:
        return _renamed(course, line.student, line.value, back, dry_run)
    return _decided(course, [back], dry_run)


def _decided(course: Course, lines: list[Decision], dry_run: bool, *, reads: bool = False) -> Told:
    """Write the lines, and say what each of them does."""
    from grader.desk.course.facts import load_course
    from grader.desk.decisions.decide import decide

    facts: list[dict[str, object]] = []
    for line in lines:
        if there := course.decisions.repeated(line):
            say(f"{DECISIONS}, line {there.number} says so already: {there}")
            continue
        done = decide(course, line, dry_run=dry_run)
        number = done.decision.number
        say(f"would decide: {line}" if dry_run else f"{DECISIONS}, line {number}: {line}")
        print_moves(done.moved, done.stale, would=dry_run)
        if done.read:
            now = "need not be read" if done.read > 0 else "wait for a person again"
            say(f"Answers that {'would ' if dry_run else ''}{now}: {abs(done.read)}.")
        elif not done.moved and (reads or line.what in (FULL, OUT)):
            warn("Nothing is changed by it today; it holds for what is graded from now on.")
        facts.append({"decision": vars(done.decision), "moved": [vars(one) for one in done.moved]})
        facts[-1] |= {"answers_read": done.read, "stale_pages": done.stale, "written": not dry_run}
        if not dry_run:
            if line.what != UNDO:
                say(f"To take it back: grader undo {number}")
            course = load_course(course.root)
            for one in course.decisions.standing if line.what == UNDO else ():
                if one.subject == line.subject and one.what not in (BONUS, RENAME):
                    say(f"Line {one.number} still stands: {one}")
    return Told({"decided": facts})


def _renamed(course: Course, old: str, new: str, line: Decision, dry_run: bool) -> Told:
    from grader.desk.decisions.rename import rename

    steps = rename(course, old, new, line, dry_run=dry_run)
    for step in steps:
        say(f"{'would change' if dry_run else 'changed'}: {step}")
    say(f"{old} {'would be' if dry_run else 'is now'} called {new}.")
    if not dry_run:
        say("Reports, exports and a week's archive in returns/ have the old id until they are made anew.")
    return Told({"old": old, "new": new, "changed": steps, "written": not dry_run})


def _known(course: Course, student: str) -> str:
    from grader.desk.decisions.decide import the_student

    return the_student(course, student)


def _in_time(course: Course, week: Week, until: str | None) -> None:
    """Is there a deadline that could be another one?"""
    if week.deadline is None and week.hard_deadline is None:
        raise DeskError(f"{week.folder} has no deadline that could be extended.", "Nobody is late for it.")
    general = week.deadline or week.hard_deadline
    if until and general and _moment(course, week, until) < general:
        raise DeskError(f"{until} is before the deadline that everybody has, {general.isoformat()}.", "Give more time.")


def _moment(course: Course, week: Week, until: str) -> datetime:
    try:
        moment = datetime.fromisoformat(until)
    except ValueError:
        raise DeskError(f"{until!r} is not a date and time.", "Write it as 2026-10-25T12:00.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=course.zone)
