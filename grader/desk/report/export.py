"""`grader export`: marks and points as tables for people, spreadsheets and learning platforms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grader.desk.course.csv_files import csv_text
from grader.desk.course.facts import Course, Week
from grader.desk.course.final_mark import WeekMark
from grader.desk.course.roster import ROSTER, Person, read_roster, refuse_eaten_zeros
from grader.desk.errors import DeskError
from grader.desk.files import write_atomically
from grader.desk.gradebook.book import Book
from grader.desk.gradebook.late_days import Settled
from grader.desk.gradebook.lateness import settle_lateness, settled
from grader.desk.report.canvas import CANVAS_HEAD, Matched, matched
from grader.desk.report.week_report import Student, WeekReport, in_roster, week_report

FORMATS = ("marks", "exercises", "moodle", "canvas")
FINAL = "Final mark"


@dataclass
class Gathered:
    """All that the tables are made of: weeks that were graded, and everyone in the roster or the gradebook.

    `listed` are the ids of the roster. `problems` says whose final mark has no value, and why.
    """

    course: Course
    weeks: list[WeekReport]
    people: list[Person]
    lateness: Mapping[str, Mapping[str, Settled]]
    listed: frozenset[str] = frozenset()
    rows: dict[str, dict[str, Student]] = field(init=False)
    finals: dict[str, float | None] = field(init=False)
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rows = {one.week.folder: {student.id: student for student in one.students} for one in self.weeks}
        self.problems += [problem for one in self.weeks for problem in one.unreadable]
        self.finals = {person.id: self._final(person.id) for person in self.people}

    def mark(self, week: str, who: str) -> float | None:
        """A week's mark; None for someone who handed nothing in."""
        student = self.rows[week].get(who)
        return student.mark if student else None

    def final(self, who: str) -> float | None:
        """The final mark; None where the formula has no value for this student."""
        return self.finals[who]

    def _final(self, who: str) -> float | None:
        weeks = {one.week.folder: _week_mark(one, self.rows[one.week.folder].get(who)) for one in self.weeks}
        try:
            return float(self.course.final_mark(weeks))
        except DeskError as error:
            self.problems.append(f"{who} has no final mark: {error.what}")
            return None

    def in_roster(self, who: str) -> str:
        """`yes`, `no` for those who are in the gradebook alone, nothing where there is no roster."""
        return in_roster(who, self.listed)

    @property
    def waiting(self) -> dict[str, int]:
        """Students for whom something waits for a person, with how much."""
        found: dict[str, int] = {}
        for one in self.weeks:
            for student in one.students:
                if student.waiting:
                    found[student.id] = found.get(student.id, 0) + student.waiting
        return found


@dataclass(frozen=True)
class Exported:
    """The tables by file, whether or not they were written, and what a person should know."""

    tables: dict[Path, list[list]]
    waiting: dict[str, int]
    problems: list[str]
    dropped_out: list[str]
    canvas: Matched | None = None

    @property
    def unmatched(self) -> list[str]:
        """The lines of Canvas's gradebook that fit nobody."""
        return self.canvas.unmatched if self.canvas else []

    @property
    def needs_a_person(self) -> bool:
        return bool(self.waiting or self.problems or (self.canvas and self.canvas.needs_a_person))


def export(
    course: Course,
    weeks: list[Week],
    folder: Path | None = None,
    *,
    formats: tuple[str, ...] = FORMATS,
    canvas: Path | None = None,
    separator: str = ",",
    decimal: str = ".",
    dry_run: bool = False,
) -> Exported:
    """Write the tables of `formats` into `folder`.

    `canvas` is a gradebook exported from Canvas; its columns that identify students are taken over, so that Canvas
    knows them again. The final mark counts all weeks of the course that were graded, whichever `weeks` are written.
    """
    folder = folder or course.root / "exports"
    found = gather(course, dry_run=dry_run)
    chosen = [one for one in found.weeks if one.week in weeks]
    theirs: Matched | None = None
    tables: dict[Path, list[list]] = {}
    for name in formats:
        if name == "canvas":
            tables[folder / "canvas.csv"], theirs = canvas_table(found, chosen, canvas)
        else:
            tables[folder / f"{name}.csv"] = _TABLES[name](found, chosen)
    for path, rows in tables.items():
        # Platforms read commas and points, whatever a spreadsheet here is set up for.
        ours = path.stem in ("marks", "exercises")
        text = csv_text(rows, separator=separator, decimal=decimal) if ours else csv_text(rows)
        if not dry_run:
            write_atomically(path, text)
    dropped_out = [person.id for person in found.people if found.in_roster(person.id) == "no"]
    return Exported(tables, found.waiting, found.problems, dropped_out, theirs)


def gather(course: Course, *, dry_run: bool = False) -> Gathered:
    """Read the gradebook, lateness brought up to date first."""
    people = read_roster(course)
    with Book(course) as book:
        if not dry_run:
            settle_lateness(book)
        lateness = settled(book)
        weeks = [one for one in (week_report(course, week, book) for week in course.weeks) if one is not None]
    if not weeks:
        raise DeskError(f"Nothing has been graded in {course.root}.", "Run `grader grade` first.")
    known = frozenset(person.id for person in people)
    graded = {student.id for one in weeks for student in one.students}
    refuse_eaten_zeros(course.root / ROSTER, people, graded)
    return Gathered(course, weeks, [*people, *map(Person, sorted(graded - known))], lateness, known)


def _week_mark(one: WeekReport, student: Student | None) -> WeekMark:
    most = one.max_points["points"]
    mark = WeekMark(most=most)
    if student is not None:
        mark = WeekMark(**student.points, penalty=student.penalty, most=most)
    # A week that counts for so many points does so without what was taken out of its sum, too.
    return mark.scaled(one.week.points / most) if one.week.counts is not None and most else mark


def marks_table(found: Gathered, weeks: list[WeekReport]) -> list[list]:
    """One row a student: each week's points, lateness and mark, and the final mark."""
    parts = ("points", "bonus", "practice", "days_late", "late_days_spent", "late_penalty", "mark")
    head = ["student", "in_roster", "first_name", "last_name", "email"]
    head += [f"{one.week.folder} {part}" for one in weeks for part in parts]
    rows: list[list] = [[*head, "waits_for_a_person", "final_mark"]]
    waiting = found.waiting
    for person in found.people:
        row: list = [person.id, found.in_roster(person.id), person.first_name, person.last_name, person.email]
        for one in weeks:
            row += _week_cells(found, one, person.id)
        rows.append([*row, waiting.get(person.id, 0), found.final(person.id)])
    return rows


def _week_cells(found: Gathered, one: WeekReport, who: str) -> list:
    student = found.rows[one.week.folder].get(who)
    if student is None:
        return [None] * 7
    late = found.lateness.get(who, {}).get(one.week.folder, Settled())
    points = [float(student.points[kind]) for kind in ("points", "bonus", "practice")]
    return [*points, late.days, late.spent, float(student.penalty), float(student.mark)]


def exercises_table(found: Gathered, weeks: list[WeekReport]) -> list[list]:
    """One row a student, one column an exercise; the points to be had in the second row."""
    columns = [(one, exercise) for one in weeks for exercise in one.exercises]
    head = [f"{one.week.folder}/{exercise.notebook}/{exercise.name}" for one, exercise in columns]
    rows: list[list] = [
        ["student", "in_roster", "first_name", "last_name", *head],
        ["(most points)", "", "", "", *(float(exercise.max_points) for _, exercise in columns)],
    ]
    for person in found.people:
        cells = []
        for one, exercise in columns:
            student = found.rows[one.week.folder].get(person.id)
            score = student.judged((exercise.notebook, exercise.grade_id)) if student else None
            cells.append(None if score is None else float(score))
        rows.append([person.id, found.in_roster(person.id), person.first_name, person.last_name, *cells])
    return rows


def moodle_table(found: Gathered, weeks: list[WeekReport]) -> list[list]:
    """For Grades > Import > CSV file of Moodle, which asks what each column is.

    "ID number" is Moodle's own field of that name, and nothing else a student may go by.
    """
    head = ["Username", "ID number", "Email address", "First name", "Last name", "In roster"]
    rows: list[list] = [[*head, *(one.week.title for one in weeks), FINAL]]
    for person in found.people:
        who = [person.id, person.number or None, person.email, person.first_name, person.last_name]
        marks = [found.mark(one.week.folder, person.id) for one in weeks]
        rows.append([*who, found.in_roster(person.id), *marks, found.final(person.id)])
    return rows


def canvas_table(found: Gathered, weeks: list[WeekReport], exported: Path | None) -> tuple[list[list], Matched | None]:
    """For Grades > Import of Canvas; with its own export, its lines and columns, and what of them fits nobody here."""
    titles = [*(one.week.title for one in weeks), FINAL]
    most = [*(float(one.max_points["points"]) for one in weeks), None]
    if exported is None:
        rows: list[list] = [[*CANVAS_HEAD, *titles], ["    Points Possible", *[None] * 4, *most]]
        for person in found.people:
            name = _marked(found, person.id, _last_first(person))
            rows.append([name, None, person.id, person.email or person.id, None, *_marks(found, weeks, person.id)])
        return rows, None
    theirs = matched(exported, found.people, titles, found.listed)
    rows = [[*theirs.head, *theirs.titles], ["    Points Possible", *[None] * (len(theirs.head) - 1), *most]]
    for line, owner in theirs.pairs:
        who = line.who if owner is None else _marked_line(found, owner.id, line.who)
        marks = _marks(found, weeks, owner.id) if owner else [None] * len(titles)
        # An empty cell would delete what Canvas has there.
        kept = [line.cells[place] if place is not None else None for place in theirs.places]
        rows.append([*who.values(), *(old if new is None else new for new, old in zip(marks, kept, strict=True))])
    return rows, theirs


def _marks(found: Gathered, weeks: list[WeekReport], who: str) -> list[float | None]:
    return [*(found.mark(one.week.folder, who) for one in weeks), found.final(who)]


def _marked(found: Gathered, who: str, name: str) -> str:
    return f"{name} (not in the roster)" if found.in_roster(who) == "no" else name


def _marked_line(found: Gathered, who: str, line: dict[str, str]) -> dict[str, str]:
    """Canvas's line, the name marked: Canvas itself goes by the number beside it."""
    first = next(iter(line))
    return {**line, first: _marked(found, who, line[first])}


def _last_first(person: Person) -> str:
    return ", ".join(filter(None, (person.last_name, person.first_name))) or person.id


_TABLES = {"marks": marks_table, "exercises": exercises_table, "moodle": moodle_table}
