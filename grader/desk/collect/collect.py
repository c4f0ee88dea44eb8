"""`grader collect`: what platforms and people deliver -> `submitted/<student>/<week>/`.

Everything is kept in `attempts/`; of several attempts the last before the student's deadline is put into `submitted/`.
Files that fit nobody are listed in `mapping.csv` for a person to resolve; the same command then takes them in.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path, PurePosixPath

from grader.desk.collect.attempts import ATTEMPTS, Attempt, Attempts, that_count
from grader.desk.collect.senders import IGNORED, MAPPING, Who, read_mapping, sender_of, write_mapping
from grader.desk.collect.sources import Found, files_in
from grader.desk.collect.submissions import is_notebook
from grader.desk.course.csv_files import read_csv
from grader.desk.course.deadlines import Due, LateRule
from grader.desk.course.facts import Course, Week
from grader.desk.course.roster import ROSTER, Person, handed_in, read_roster, refuse_eaten_zeros
from grader.desk.course.safe_names import unsafe_name
from grader.desk.errors import DeskError
from grader.desk.files import swap_folder, write_atomically
from grader.desk.gradebook.late_days import days_late, is_too_late

MARK = ".collected"
SUSPICIOUS = 0.5


@dataclass(frozen=True)
class Taken:
    """What now counts for one student: the file names with the origin of each, and how late the last of them is."""

    student: str
    files: dict[str, str]
    when: datetime | None
    days_late: int
    too_late: bool
    attempts: int
    changed: bool


@dataclass
class Collected:
    """The outcome. `unplaced` are the files that fit nobody, by what stood in the place of a name."""

    week: str
    taken: list[Taken] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unplaced: dict[str, list[str]] = field(default_factory=dict)
    without_notebook: list[str] = field(default_factory=list)
    by_hand: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    mapping: Path | None = None

    @property
    def needs_a_person(self) -> bool:
        return bool(self.unplaced or self.problems or self.by_hand or self.doubts)


def collect(
    course: Course,
    week: Week,
    sources: Sequence[Path],
    *,
    roster: Path | None = None,
    times: Path | None = None,
    file_times: bool = True,
    dry_run: bool = False,
) -> Collected:
    """Take in `sources` for `week`.

    `times` is a CSV with the columns student and time that wins over the files' own times; `file_times=False` leaves
    those out, so that nobody is late without it. `dry_run` writes nothing.
    """
    people, result = read_roster(course, roster), Collected(week.folder)
    known_times = _times(times, course) if times else {}
    mapping = read_mapping(course.root / MAPPING, people)
    who = Who(people, mapping)
    found = [one for source in sources for one in files_in(source, course.zone, result.problems)]
    by_student = _sorted_out(found, week, who, result)
    refuse_eaten_zeros(roster or course.root / ROSTER, people, [*result.unplaced, *handed_in(course.root)])
    rule = course.late or LateRule(zone=course.zone)
    for student in sorted({*by_student, *_collected_before(course, week)}):
        wrong = unsafe_name(student)
        if wrong or student.startswith(".") or "/" in student:
            result.problems.append(f"{student!r} cannot be a student's folder: {wrong or 'not a name'}")
            continue
        attempts = Attempts(course.root, student, week.folder)
        for name, one in by_student.get(student, ()):
            when = known_times.get(student) or (one.when if file_times else None)
            attempts.add(name, one.data, when, one.origin, sure=student in known_times or not file_times)
        _take(course, week, student, attempts, rule, result, dry_run)
    there = {one.student for one in result.taken} | set(result.by_hand)
    result.missing = [person.id for person in people if person.id not in there]
    _doubt_times(result, bool(times) or not file_times)
    if result.unplaced and not dry_run:
        result.mapping = course.root / MAPPING
        still_open = {label: who.suggestion([label]) for label in result.unplaced}
        write_mapping(result.mapping, mapping, still_open)
    if people and not dry_run and course.step("release").is_dir():
        _tell_gradebook(course, people)
    return result


def _sorted_out(found: list[Found], week: Week, who: Who, result: Collected) -> dict[str, list[tuple[str, Found]]]:
    """`(name, file)` by student; what fits nobody goes to `result.unplaced`."""
    names = [notebook.name for notebook in week.notebooks]
    by_student: dict[str, list[tuple[str, Found]]] = {}
    paths = _unwrapped([one.path for one in found if not one.sent_by], week, names, who)
    for one in found:
        sender = sender_of(paths.get(one.path, one.path), names, week.folder, one.sent_by)
        student = who.student(sender.hints)
        if student is None:
            result.unplaced.setdefault(sender.hints[0], []).append(str(one.path))
        elif student != IGNORED:
            by_student.setdefault(student, []).append((sender.name, one))
    for student, files in list(by_student.items()):
        if not any(is_notebook(name) for name, _ in files):
            result.without_notebook.append(student)
    return by_student


def _unwrapped(
    paths: list[PurePosixPath], week: Week, names: Sequence[str], who: Who
) -> dict[PurePosixPath, PurePosixPath]:
    """Paths without the folders around all of them (`submissions/`, `hw1-2026-10-11/`) that are no student's."""
    shorter = {path: path for path in paths}
    while shorter:
        first = {path.parts[0] for path in shorter.values()}
        inside = {path.parts[1] for path in shorter.values() if len(path.parts) > 2}
        alone = len(first) == 1 and all(len(path.parts) > 1 for path in shorter.values())
        if not alone:
            break
        hints = sender_of(PurePosixPath(*first, "x"), names, week.folder).hints
        if who.student(hints) is not None if who.people else len(inside) < 2:
            break
        shorter = {path: PurePosixPath(*short.parts[1:]) for path, short in shorter.items()}
    return shorter


def _take(
    course: Course, week: Week, student: str, attempts: Attempts, rule: LateRule, result: Collected, dry_run: bool
) -> None:
    """Put what counts into `submitted/`, unless a person has put something there by hand."""
    folder = course.step("submitted", student, week.folder)
    if folder.exists() and not (folder / MARK).exists():
        result.by_hand.append(student)
        return
    due = course.due(week, student)
    chosen = that_count(attempts.all, [notebook.name for notebook in week.notebooks], due, rule)
    times = [one.when for one in chosen if one.when and is_notebook(one.name)] or [
        one.when for one in chosen if one.when
    ]
    when = max(times) if times else None
    files = {one.name: attempts.data(one) for one in chosen}
    if when:
        files["timestamp.txt"] = _timestamp(when)
    changed = not _is_there(folder, files)
    if not dry_run:
        attempts.save()
        if changed:
            _put(course, folder, files)
    result.taken.append(_taken(student, chosen, when, due, rule, len(attempts.all), changed))


def _taken(
    student: str,
    chosen: Iterable[Attempt],
    when: datetime | None,
    due: Due,
    rule: LateRule,
    attempts: int,
    changed: bool,
) -> Taken:
    origins = {one.name: one.origin for one in chosen}
    return Taken(student, origins, when, days_late(due, when, rule), is_too_late(due, when, rule), attempts, changed)


def _timestamp(when: datetime) -> bytes:
    """As nbgrader writes it."""
    return when.astimezone(timezone.utc).strftime("%Y-%m-%d %H:%M:%S UTC").encode()


def _is_there(folder: Path, files: dict[str, bytes]) -> bool:
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {MARK}
    return there == set(files) and all((folder / name).read_bytes() == data for name, data in files.items())


def _put(course: Course, folder: Path, files: dict[str, bytes]) -> None:
    work = course.desk_folder / "tmp"
    work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=work, ignore_cleanup_errors=True) as place:
        new = Path(place) / "new"
        for name, data in files.items():
            write_atomically(new / name, data)
        write_atomically(new / MARK, "put here by `grader collect`, which may replace it; attempts/ has all versions\n")
        swap_folder(new, folder, Path(place) / "attic")


def _collected_before(course: Course, week: Week) -> list[str]:
    """Students with attempts: an extension given since may have changed which of them counts."""
    return [path.parent.name for path in (course.root / ATTEMPTS).glob(f"*/{week.folder}") if path.is_dir()]


def _times(place: Path, course: Course) -> dict[str, datetime]:
    """When each student handed in, from a CSV with the columns student and time (ISO 8601)."""
    found = {}
    for number, row in enumerate(read_csv(place), start=1):
        if number == 1 or not any(row):
            continue
        try:
            when = datetime.fromisoformat(row[1].strip())
        except (ValueError, IndexError):
            raise DeskError(
                f"{place}, line {number}: {','.join(row)!r} is not a student and a time.",
                "Write lines such as ada,2026-10-11T21:30:00+02:00 below a first line student,time.",
            ) from None
        found[row[0].strip()] = when if when.tzinfo else when.replace(tzinfo=course.zone)
    return found


def _doubt_times(result: Collected, sure: bool) -> None:
    late = [one for one in result.taken if one.days_late or one.too_late]
    if not sure and len(late) > 2 and len(late) > SUSPICIOUS * len(result.taken):
        result.doubts.append(
            f"{len(late)} of {len(result.taken)} submissions would be late by the times of the files. If those are "
            "the times of a download, give the real ones with --times FILE, or none with --no-file-times."
        )


def _tell_gradebook(course: Course, people: list[Person]) -> None:
    """Names and addresses, for nbgrader's pages and exports."""
    from grader.desk.gradebook.book import Book

    with Book(course) as book:
        book.enter_students(people)
