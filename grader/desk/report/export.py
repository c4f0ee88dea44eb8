"""`grader export`: marks and points as tables for people, spreadsheets and learning platforms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grader.desk.course.csv_files import csv_text, read_csv
from grader.desk.course.facts import Course, Week
from grader.desk.course.roster import Person, folded, read_roster
from grader.desk.errors import DeskError
from grader.desk.files import write_atomically
from grader.desk.gradebook.book import Book
from grader.desk.gradebook.final_mark import WeekMark, formula_of
from grader.desk.gradebook.late_days import Settled
from grader.desk.gradebook.lateness import settle_lateness, settled
from grader.desk.report.week_report import Student, WeekReport, week_report

FORMATS = ("marks", "exercises", "moodle", "canvas")
CANVAS_HEAD = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")


@dataclass
class Gathered:
    """All that the tables are made of: weeks that were graded, and everyone in the roster or the gradebook."""

    course: Course
    weeks: list[WeekReport]
    people: list[Person]
    lateness: Mapping[str, Mapping[str, Settled]]
    formula: Callable[[Mapping[str, WeekMark]], float]
    rows: dict[str, dict[str, Student]] = field(init=False)

    def __post_init__(self) -> None:
        self.rows = {one.week.folder: {student.id: student for student in one.students} for one in self.weeks}

    def mark(self, week: str, who: str) -> float | None:
        """A week's mark; None for someone who handed nothing in."""
        student = self.rows[week].get(who)
        return student.mark if student else None

    def final(self, who: str) -> float:
        return self.formula(
            {one.week.folder: _week_mark(one, self.rows[one.week.folder].get(who)) for one in self.weeks}
        )

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
    unmatched: list[str]


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
    unmatched: list[str] = []
    tables: dict[Path, list[list]] = {}
    for name in formats:
        if name == "canvas":
            tables[folder / "canvas.csv"], unmatched = canvas_table(found, chosen, canvas)
        else:
            tables[folder / f"{name}.csv"] = _TABLES[name](found, chosen)
    for path, rows in tables.items():
        # Platforms read commas and points, whatever a spreadsheet here is set up for.
        ours = path.stem in ("marks", "exercises")
        text = csv_text(rows, separator=separator, decimal=decimal) if ours else csv_text(rows)
        if not dry_run:
            write_atomically(path, text)
    return Exported(tables, found.waiting, unmatched)


def gather(course: Course, *, dry_run: bool = False) -> Gathered:
    """Read the gradebook, lateness brought up to date first."""
    formula, people = formula_of(course), read_roster(course)
    with Book(course) as book:
        if not dry_run:
            settle_lateness(book)
        lateness = settled(book)
        weeks = [one for one in (week_report(course, week, book) for week in course.weeks) if one is not None]
    if not weeks:
        raise DeskError(f"Nothing has been graded in {course.root}.", "Run `grader grade` first.")
    known = {person.id for person in people}
    others = sorted({student.id for one in weeks for student in one.students} - known)
    return Gathered(course, weeks, [*people, *map(Person, others)], lateness, formula)


def _week_mark(one: WeekReport, student: Student | None) -> WeekMark:
    most = one.max_points["points"]
    if student is None:
        return WeekMark(most=most)
    return WeekMark(**student.points, penalty=student.penalty, most=most)


def marks_table(found: Gathered, weeks: list[WeekReport]) -> list[list]:
    """One row a student: each week's points, lateness and mark, and the final mark."""
    parts = ("points", "bonus", "practice", "days_late", "late_days_spent", "late_penalty", "mark")
    head = ["student", "first_name", "last_name", "email"]
    head += [f"{one.week.folder} {part}" for one in weeks for part in parts]
    rows: list[list] = [[*head, "waits_for_a_person", "final_mark"]]
    waiting = found.waiting
    for person in found.people:
        row: list = [person.id, person.first_name, person.last_name, person.email]
        for one in weeks:
            row += _week_cells(found, one, person.id)
        rows.append([*row, waiting.get(person.id, 0), float(found.final(person.id))])
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
        ["student", "first_name", "last_name", *head],
        ["(most points)", "", "", *(float(exercise.max_points) for _, exercise in columns)],
    ]
    for person in found.people:
        cells = []
        for one, exercise in columns:
            student = found.rows[one.week.folder].get(person.id)
            score = student.cells.get((exercise.notebook, exercise.grade_id)) if student else None
            cells.append(None if score is None else float(score))
        rows.append([person.id, person.first_name, person.last_name, *cells])
    return rows


def moodle_table(found: Gathered, weeks: list[WeekReport]) -> list[list]:
    """For Grades > Import > CSV file of Moodle, which asks what each column is."""
    head = ["Username", "ID number", "Email address", "First name", "Last name"]
    rows: list[list] = [[*head, *(one.week.title for one in weeks), "Final mark"]]
    for person in found.people:
        number = person.also[0] if person.also else None
        who = [person.id, number, person.email, person.first_name, person.last_name]
        marks = [found.mark(one.week.folder, person.id) for one in weeks]
        rows.append([*who, *marks, float(found.final(person.id))])
    return rows


def canvas_table(found: Gathered, weeks: list[WeekReport], exported: Path | None) -> tuple[list[list], list[str]]:
    """For Grades > Import of Canvas; and the lines of its own export that fit nobody here."""
    titles = [*(one.week.title for one in weeks), "Final mark"]
    most = [*(float(one.max_points["points"]) for one in weeks), None]
    if exported is None:
        lines = [[_last_first(person), None, person.id, person.email or person.id, None] for person in found.people]
        pairs = list(zip(lines, found.people, strict=True))
        unmatched: list[str] = []
    else:
        pairs, unmatched, titles = _canvas_pairs(found, exported, titles)
    rows: list[list] = [[*CANVAS_HEAD, *titles], ["    Points Possible", *[None] * 4, *most]]
    for line, person in pairs:
        marks = [found.mark(one.week.folder, person.id) for one in weeks]
        rows.append([*line, *marks, float(found.final(person.id))])
    return rows, unmatched


def _canvas_pairs(
    found: Gathered, exported: Path, titles: list[str]
) -> tuple[list[tuple[list, Person]], list[str], list[str]]:
    """Each student's line of Canvas's own export, and its assignments' full titles, which end in a number."""
    try:
        table = read_csv(exported)
        places = {name: table[0].index(name) for name in CANVAS_HEAD if name in table[0]}
        missing = [name for name in CANVAS_HEAD if name not in table[0] and name != "SIS User ID"]
    except IndexError as error:
        raise DeskError(f"{exported} cannot be read: {error}.", "Export the gradebook from Canvas as CSV.") from None
    if missing:
        raise DeskError(f"{exported}, line 1: no column {missing[0]!r}.", "Export the gradebook from Canvas as CSV.")
    full = [next((name for name in table[0] if name.startswith(f"{title} (")), title) for title in titles]
    keys = {key: person for person in found.people for key in person.keys}
    pairs, unmatched = [], []
    for row in table[1:]:
        if not row or "Points Possible" in row[0] or "Student, Test" in row[0]:
            continue
        line = {name: row[place] if place < len(row) else "" for name, place in places.items()}
        hints = [line.get(name, "") for name in ("SIS Login ID", "SIS User ID", "ID", "Student")]
        person = next((keys[key] for hint in hints if hint for key in folded(hint) if key in keys), None)
        if person is None:
            unmatched.append(row[0])
        else:
            pairs.append(([line.get(name) for name in CANVAS_HEAD], person))
    return pairs, unmatched, full


def _last_first(person: Person) -> str:
    return ", ".join(filter(None, (person.last_name, person.first_name))) or person.id


_TABLES = {"marks": marks_table, "exercises": exercises_table, "moodle": moodle_table}
