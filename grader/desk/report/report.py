"""`grader report`: one page about a graded class that opens anywhere, and its numbers as CSV."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup

from grader.desk import pages
from grader.desk.course.csv_files import csv_text
from grader.desk.course.decisions import UNDO
from grader.desk.course.facts import Course, Week
from grader.desk.course.roster import read_roster
from grader.desk.errors import DeskError
from grader.desk.files import write_atomically
from grader.desk.gradebook.book import Book
from grader.desk.gradebook.lateness import settle_lateness
from grader.desk.release.times import release_times
from grader.desk.report import svg
from grader.desk.report.common_mistakes import way
from grader.desk.report.last_report import Changed, changed_since, remember
from grader.desk.report.term_report import Term, term
from grader.desk.report.week_report import KINDS, WeekReport, week_report

MOST_STUMBLES = 25
HARD = 0.5  # an exercise of which the class has less than this share has failed it


@dataclass(frozen=True)
class Report:
    """The files that were written."""

    page: Path
    tables: list[Path]
    lists: list[Path]
    problems: list[str]


def report(course: Course, weeks: list[Week], folder: Path | None = None, *, dry_run: bool = False) -> Report:
    """Write `report.html` and `totals.csv`, and for each graded week `scores_<week>.csv` and `submissions_<week>.html`.

    The last is what Formgrader lists of the week, as one page that needs no server. Files go into `folder`; `dry_run`
    writes nothing and says which files it would be.
    """
    folder = folder or course.root / "reports"
    now = datetime.datetime.now(course.zone)
    with Book(course) as book:
        if not dry_run:
            settle_lateness(book)
        found = [one for one in (week_report(course, week, book) for week in weeks) if one is not None]
        times = {one.week.folder: book.times(one.week.folder) for one in found}
    if not found:
        raise DeskError(f"Nothing has been graded in {course.root}.", "Run `grader grade` first.")
    people = {person.id: person for person in read_roster(course)}
    everyone = list(people)
    released = {week: datetime.datetime.fromisoformat(when[0]) for week, when in release_times(course).items() if when}
    whole = term(found, everyone=everyone, handed_in=times, released=released)
    page = folder / "report.html"
    environment = _environment({person.id: person.name for person in people.values()}, folder)
    lists = {folder / f"submissions_{one.week.folder}.html": _submissions(course, one, environment) for one in found}
    tables = {folder / f"scores_{one.week.folder}.csv": _scores(one) for one in found}
    tables[folder / "totals.csv"] = _totals(found)
    if not dry_run:
        news = changed_since(course.desk_folder, found)
        write_atomically(page, _page(course, found, whole, len(everyone), environment, now=now, news=news))
        for path, text in lists.items():
            write_atomically(path, text)
        for path, rows in tables.items():
            write_atomically(path, csv_text(rows))
        remember(course.desk_folder, found, now, len(course.decisions.log))
    return Report(page, list(tables), list(lists), [problem for one in found for problem in one.unreadable])


def _environment(names: Mapping[str, str], folder: Path) -> Environment:
    """`names` are by id: a page says both."""
    environment = pages.environment()
    environment.filters["number"] = lambda value: f"{round(float(value), 2) + 0.0:g}"
    environment.filters["who"] = lambda who: f"{names[who]} ({who})" if names.get(who) else who
    environment.filters["way"] = lambda example: way(example, folder)
    return environment


def _submissions(course: Course, one: WeekReport, environment: Environment) -> str:
    return environment.get_template("submissions.html.j2").render(course=course, one=one)


def _page(
    course: Course,
    found: list[WeekReport],
    whole: Term,
    everyone: int,
    environment: Environment,
    *,
    now: datetime.datetime,
    news: Changed | None,
) -> str:
    sections = [(one, _distribution(one), _success(one)) for one in found]
    trend = Markup(
        svg.share_bars(
            [(row.week.split("_")[0], row.share) for row in whole.weeks], title="Mean share of points by week"
        )
    )
    facts: dict[str, object] = {
        "term": whole,
        "trend": trend,
        "everyone": everyone,
        "most": MOST_STUMBLES,
    }
    facts |= {"news": news, "zone": course.zone, "hard": HARD, "taken_back": _taken_back(course)}
    return environment.get_template("report.html.j2").render(course=course, sections=sections, now=now, **facts)


def _taken_back(course: Course) -> dict[int, int]:
    """Lines of the log that stand no longer, with the lines that took them back."""
    return {int(one.value): one.number for one in course.decisions.log if one.what == UNDO}


def _distribution(one: WeekReport) -> Markup:
    marks = [student.points["points"] + student.points["bonus"] for student in one.students]
    top = one.max_points["points"] + one.max_points["bonus"]
    return Markup(svg.histogram(marks, top or 1.0, title="Points and bonus", unit="points and bonus"))


def _success(one: WeekReport) -> Markup:
    several = len({exercise.notebook for exercise in one.exercises}) > 1
    rows = [
        (
            f"{exercise.notebook}: {exercise.name}" if several else exercise.name,
            exercise.full,
            exercise.part,
            exercise.none,
        )
        for exercise in one.exercises
        if exercise.max_points and exercise.judged
    ]
    return Markup(svg.success_bars(rows, title="Who got all points, some, none, by exercise"))


def _scores(one: WeekReport) -> list[list]:
    """One row a student, one column an exercise."""
    head = [f"{exercise.notebook}/{exercise.name}" for exercise in one.exercises]
    most = [exercise.max_points for exercise in one.exercises]
    rows: list[list] = [["student", "in_roster", *head], ["(most points)", "", *most]]
    for student in one.students:
        cells = [student.judged((e.notebook, e.grade_id)) for e in one.exercises]
        rows.append([student.id, one.in_roster(student.id), *cells])
    return rows


def _totals(found: list[WeekReport]) -> list[list]:
    """One row a student and week."""
    rows: list[list] = [
        ["student", "in_roster", "week", *KINDS, "late_penalty", "mark", "most_points", "status", "waits_for_a_person"]
    ]
    for one in found:
        for student in one.students:
            status = "; ".join(f"{name}: {status}" for name, status in sorted(student.status.items()))
            points = [round(student.points[kind], 6) for kind in KINDS]
            mark = round(student.mark, 6)
            rows.append(
                [
                    student.id,
                    one.in_roster(student.id),
                    one.week.folder,
                    *points,
                    student.penalty,
                    mark,
                    one.max_points["points"],
                    status,
                    student.waiting,
                ]
            )
    return rows
