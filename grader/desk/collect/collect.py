"""`grader collect`: what platforms and people deliver -> `submitted/<student>/<week>/`.

There is one fence around each submission: whatever goes wrong with it, in reading, choosing or writing, becomes one
line in the report and in `collected.csv`, where `grader todo` finds it, and everyone else is taken in.

Everything is kept in `attempts/`; of several attempts the last before the student's deadline is put into `submitted/`.
Files that fit nobody are listed in `mapping.csv` for a person to resolve; the same command then takes them in.
"""

from __future__ import annotations

import errno
import re
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from pathlib import Path, PurePosixPath

from grader.desk.collect.archives import OF_ONE_IN_IT, same_name
from grader.desk.collect.attempts import ATTEMPTS, Attempt, Attempts, that_count
from grader.desk.collect.file_names import shown, writable
from grader.desk.collect.notebook_names import normalised
from grader.desk.collect.senders import (
    DRAFTS,
    MAPPING,
    TURNED_IN,
    Sender,
    Who,
    folder_sender,
    is_of_platform,
    read_mapping,
    sender_of,
    write_mapping,
)
from grader.desk.collect.sources import (
    ARCHIVE,
    COMMIT,
    DISK,
    GIVEN,
    NO_CLOCK,
    PLATFORM,
    Found,
    Reading,
    Trouble,
    files_in,
    reason,
)
from grader.desk.collect.submissions import MARK, is_notebook, link_to_another, looks_like_notebook
from grader.desk.collect.troubles import still_open, write_troubles
from grader.desk.course.csv_files import read_csv
from grader.desk.course.deadlines import Due, LateRule
from grader.desk.course.facts import Course, Week
from grader.desk.course.roster import IGNORED, NO_STUDENT, ROSTER, Person, handed_in, read_roster, refuse_eaten_zeros
from grader.desk.course.safe_names import unsafe_name
from grader.desk.errors import DeskError
from grader.desk.files import digest, swap_folder, write_atomically
from grader.desk.gradebook.late_days import days_late, is_too_late
from grader.desk.gradebook.timestamps import TIMESTAMP

_MADE_HERE = "put here by `grader collect`, which may replace it; attempts/ has all versions\n"
_UNTITLED = re.compile(r"untitled\d*")
SUSPICIOUS = 0.5
TOLD = 3  # sentences about one submission; the others are counted
# What is wrong with the disk of the course is wrong for everybody.
_FOR_ALL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


@dataclass(frozen=True)
class Taken:
    """What now counts for one student: the file names with the origin of each, and how late the last of them is.

    `clock` says whose time that is.
    """

    student: str
    files: dict[str, str]
    when: datetime | None
    days_late: int
    too_late: bool
    attempts: int
    changed: bool
    clock: str = NO_CLOCK


@dataclass
class Collected:
    """The outcome.

    `unplaced` are the files that fit nobody, by what stood in the place of a name, and `several` the students where
    more than one fit; `problems` has one sentence for each submission that was not taken in as a whole, `doubts` what
    was taken in and may be wrong for more than one.
    """

    week: str
    taken: list[Taken] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unplaced: dict[str, list[str]] = field(default_factory=dict)
    several: dict[str, list[str]] = field(default_factory=dict)
    without_notebook: list[str] = field(default_factory=list)
    by_hand: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    mapping: Path | None = None

    @property
    def needs_a_person(self) -> bool:
        return bool(self.unplaced or self.problems or self.by_hand or self.doubts or self.without_notebook)


def collect(
    course: Course,
    week: Week,
    sources: Sequence[Path],
    *,
    roster: Path | None = None,
    times: Path | None = None,
    file_times: bool | None = None,
    dry_run: bool = False,
) -> Collected:
    """Take in `sources` for `week`.

    `times` is a CSV with the columns student and time that wins over all other times. `file_times=False` leaves out
    those of files, so that nobody is late by them; True trusts them and those of commits, which a student can set.
    None: those of commits are left out, and a doubt is told where files on this disk make somebody late. `dry_run`
    writes nothing.
    """
    people = read_roster(course, roster)
    known_times = _times(times, course) if times else {}
    mapping = read_mapping(course.root / MAPPING, people)
    with Reading(course.zone) as reading:
        run = _Run(course, week, Who(people, mapping), known_times, file_times, dry_run)
        reading.is_person = run.is_person
        for source in sources:
            already = len(reading.troubles)
            found = files_in(source, reading)
            run.sort_out(found, reading.troubles[already:], source)
            if not found and not reading.troubles[already:]:
                run.result.doubts.append(f"{shown(str(source))}: there is no file in it that could be handed-in work.")
        place = roster or course.root / ROSTER
        if place.exists() and not people:
            run.result.doubts.append(
                f"{place} {NO_STUDENT}: nobody can be missing, and any name is taken for a student's."
            )
        refuse_eaten_zeros(place, people, [*run.result.unplaced, *handed_in(course.root)])
        run.tell_what_was_left()
        for student in sorted({*run.files, *run.told_of, *_collected_before(course, week)}):
            with run.fence(student):
                run.take(student)
    result = run.finish()
    if result.unplaced and not dry_run:
        result.mapping = course.root / MAPPING
        still_open = {label: run.who.suggestion(run.hints[label]) for label in result.unplaced}
        write_mapping(result.mapping, mapping, still_open)
    if not dry_run:
        lines = {label: (text, run.read_from[label]) for label, text in run.lines().items()}
        write_troubles(course.root, week.folder, {*run.files}, run.sources, lines)
        if people and course.step("release").is_dir():
            _tell_gradebook(course, people)
    return result


@dataclass
class _Run:
    """One run of `collect`: the files and the troubles of each student so far."""

    course: Course
    week: Week
    who: Who
    known_times: dict[str, datetime]
    file_times: bool | None
    dry_run: bool
    files: dict[str, list[tuple[Sender, Found]]] = field(default_factory=lambda: defaultdict(list))
    troubles: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    unsure: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # whose files, one name for each
    hints: dict[str, tuple[str, ...]] = field(default_factory=dict)
    told_of: set[str] = field(default_factory=set)  # students of the roster about whom there is trouble
    sources: set[str] = field(default_factory=set)
    read_from: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # by label of a trouble
    other_weeks: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    drafts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # of students, "" of nobody
    spelt: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # the names of a student's folders

    def __post_init__(self) -> None:
        self.result = Collected(self.week.folder)
        self.rule = self.course.late or LateRule(zone=self.course.zone)
        self.names = [notebook.name for notebook in self.week.notebooks]

    def is_person(self, name: str) -> bool:
        """Whether a folder of that name is a student's; without a roster nobody can say."""
        return bool(self.who.people) and self.who.student(folder_sender(name)) is not None

    @contextmanager
    def fence(self, student: str, file: str = "") -> Iterator[None]:
        """Whatever goes wrong with one student's submission, or one file of it, is a line about it."""
        try:
            yield
        except Exception as error:
            if isinstance(error, OSError) and error.errno in _FOR_ALL:
                raise
            self.troubles[student].append(f"{file}{': ' * bool(file)}{shown(reason(error)).rstrip('.')}")

    def sort_out(self, found: list[Found], troubles: list[Trouble], source: Path) -> None:
        """Files and troubles of one source by student; what fits nobody goes to `unplaced`."""
        name = str(source.absolute())
        self.sources.add(name)
        shorter = _unwrapped([*found, *troubles], self.week, self.names, self.who)
        first = {path.parts[0] for one in found if not one.sent_by and (path := shorter(one))}
        # One level of folders says whose it is: a student's folder may hold one named as if it were somebody else's.
        outermost = any(is_of_platform(name) or self.is_person(name) for name in first)
        levels = 1 if outermost else None
        things: list[Found | Trouble] = [*found, *troubles]
        for one in things:
            path = shorter(one)
            with self.fence(shown(str(one.path))):
                if path is None:
                    self._draft(one)
                else:
                    self._place(one, path, levels, name)

    def _draft(self, one: Found | Trouble) -> None:
        """A file that Teams keeps for its student and that was not turned in, perhaps beside one that was."""
        path = PurePosixPath(*one.path.parts[one.path.parts.index(DRAFTS) + 1 :])
        hints = sender_of(path, self.names, self.week.folder, levels=1).hints if path.parts else ()
        student = self.who.student(hints) if hints and self.who.people else None
        if isinstance(one, Found):
            self.drafts[student or ""].append(shown(path.name))

    def tell_what_was_left(self) -> None:
        """Of students of whom there is nothing else, what was seen and could not be handed-in work of the week."""
        known = {week.folder for week in self.course.weeks}
        here = {*self.files, *_collected_before(self.course, self.week)}
        for student in sorted({*self.drafts, *self.other_weeks} & self.who.people.keys() - here):
            if drafts := self.drafts.get(student):
                self._tell(student, f"nothing was turned in; there are drafts in “{DRAFTS}”: {_few(drafts)}")
            elsewhere = sorted(self.other_weeks.get(student, {}).keys() - known)
            if elsewhere:
                self._tell(student, f"handed in for {_few(elsewhere)}, which is no week of this course")
        for student, names in sorted(self.spelt.items()):
            if len(names) > 1:
                listed = ", ".join(repr(name) for name in sorted(names))
                self._tell(student, f"these folders are one student's by their names, and were taken so: {listed}")
        alike = defaultdict(list)
        for student in sorted(here):
            alike[same_name((student,))].append(repr(student))
        self.result.doubts += [
            f"These ids differ in capitals or accents only, and were taken as different students: {', '.join(ids)}."
            for ids in alike.values()
            if len(ids) > 1 and not self.who.people
        ]

    def _tell(self, student: str, text: str, source: str = "") -> None:
        self.troubles[student].append(text)
        self.read_from[student] |= {source} if source else self.sources
        if student in self.who.people:
            self.told_of.add(student)

    def _place(self, one: Found | Trouble, path: PurePosixPath, levels: int | None, source: str) -> None:
        """Give a file, or what is told about one, to its student; `path` is without the folders around all."""
        base = one.base
        if base is not None and not one.sent_by:
            base = max(1, base - len(one.path.parts) + len(path.parts))
        folder, zone = self.week.folder, self.course.zone
        sender = sender_of(path, self.names, folder, one.sent_by, base=base, levels=levels, zone=zone)
        student = self.who.student(sender.hints)
        if isinstance(one, Found) and self._is_nameless(sender.hints) and student not in self.who.people:
            # `backprop` alone would stand in mapping.csv for everybody's, today and later.
            label = shown(str(one.path)) + (f" #{digest(one.read())[:8]}" if len(one.path.parts) == 1 else "")
            student = self.who.mapping.get(label)
            sender = replace(sender, hints=(label,), alone="")
        if student is None and isinstance(one, Trouble) and not one.sent_by:  # it may be about a whole folder
            student = self.who.student(sender_of(path / "x", self.names, folder, levels=levels).hints)
        if sender.alone and not self.who.people and student == sender.hints[0]:
            student = sender.alone
        if isinstance(one, Found) and one.packed and one.base:
            archive = PurePosixPath(*path.parts[: (base or 1) - 1], one.packed)
            packed = sender_of(archive, self.names, folder, one.sent_by, levels=levels, zone=zone).name
            one = replace(one, packed=packed)
        for each in self.who.everyone(student):
            self._give(one, path, sender, each, source)

    def _give(
        self, one: Found | Trouble, path: PurePosixPath, sender: Sender, student: str | None, source: str
    ) -> None:
        """What `_place` gives to one student, or to nobody."""
        if sender.week and sender.week != self.week.folder:
            self.other_weeks[student or ""][shown(sender.week)] += isinstance(one, Found)
        elif student == IGNORED or (isinstance(one, Found) and not sender.name):
            pass
        elif isinstance(one, Trouble):
            where = shown(sender.name or path.name if student else path.name)
            named = any(f"{where}{after}" in one.text for after in (":", "'", "”", " was", " in it"))
            text = one.text if named else f"{where}: {one.text}"
            self._tell(student or shown(str(one.path)), text, source)
        elif student is None:
            label = sender.hints[0]
            self.result.unplaced.setdefault(label, []).append(shown(str(one.path)))
            self.hints.setdefault(label, sender.hints)
            if fitting := self.who.fitting(sender.hints):
                self.result.several[label] = fitting
        else:
            if len(path.parts) > 1 and sender.hints[0] == path.parts[0] and not self.who.is_mapped(path.parts[0]):
                self.spelt[student].add(path.parts[0])
            self.files[student].append((sender, one))

    def _is_nameless(self, hints: Sequence[str]) -> bool:
        """Whether all that is known of whose a file is are names that anybody's may have."""
        ours = {normalised(notebook.name) for week in self.course.weeks for notebook in week.notebooks}
        return all((name := normalised(hint)) in ours or _UNTITLED.fullmatch(name) for hint in hints)

    def take(self, student: str) -> None:
        """Keep what a student handed in, and put what counts into `submitted/`."""
        wrong = unsafe_name(student)
        if wrong or student.startswith(".") or "/" in student:
            raise DeskError(f"{student!r} cannot be a student's folder: {wrong or 'not a name'}")
        linked = link_to_another(self.course, self.week, student)
        if linked:
            raise DeskError(linked)
        due = self.course.due(self.week, student)
        attempts = Attempts(self.course.root, student, self.week.folder)
        handed = self._within_bounds(student)
        for one, data in _in_order([(self._attempt(student, due, *pair), pair[1]) for pair in handed], self, student):
            attempts.add(one, data, said=one.clock == GIVEN or self.file_times is not None)
        if handed and not any(is_notebook(one.name) for one in attempts.all):
            small = (attempts.data(one) for one in attempts.all)
            if not any(map(looks_like_notebook, small)):
                self.result.without_notebook.append(student)
        if attempts.all:
            self._put(student, attempts, due)
        elif not self.dry_run:
            self._put_word(student)

    def _put_word(self, student: str) -> None:
        """For a student of whom there is trouble and nothing else: a folder that says so, and so a page that does."""
        folder = self.course.step("submitted", student, self.week.folder)
        text = self.lines().get(student, "")
        if text and (not folder.exists() or (folder / MARK).exists()):
            _put(self.course, folder, {}, f"{text}.\n")

    def _within_bounds(self, student: str) -> list[tuple[Sender, Found]]:
        """The notebooks first, then others, as far as the bounds of one submission go."""
        taken: list[tuple[Sender, Found]] = []
        size = 0
        handed = sorted(self.files.get(student, ()), key=lambda pair: (not is_notebook(pair[0].name), pair[0].name))
        for pair in handed:
            size += pair[1].size
            if len(taken) >= OF_ONE_IN_IT.files or size > OF_ONE_IN_IT.total_bytes:
                most = f"{OF_ONE_IN_IT.files} files and {OF_ONE_IN_IT.total_bytes >> 20} MB"
                self.troubles[student].append(
                    f"{len(handed) - len(taken)} files were left out: at most {most} are taken"
                )
                break
            taken.append(pair)
        return taken

    def _attempt(self, student: str, due: Due, sender: Sender, one: Found) -> Attempt:
        """A file with the time that counts for it; its content is not read yet."""
        name, turn = "/".join(writable(part) for part in sender.name.split("/")), one.turn or sender.turn
        has_deadline = due.soft is not None or due.hard is not None
        given = self.known_times.get(student)
        when, clock = (sender.when, PLATFORM) if sender.when else (one.when, one.clock)
        if given:
            when, clock = given, GIVEN
        elif self.file_times is False and clock in (COMMIT, DISK, ARCHIVE):
            when, clock = None, NO_CLOCK
        elif clock == COMMIT and not self.file_times:
            when, clock = None, NO_CLOCK
            self.unsure[COMMIT] += [student] * has_deadline
        elif sender.late is not None and clock in (DISK, ARCHIVE):
            after = days_late(due, when, self.rule) > 0
            if not sender.late and after:
                return Attempt(
                    name, None, one.origin, "", PLATFORM, turn, one.packed
                )  # Canvas took it in time; the time is that of the download
            elif sender.late:
                self.unsure["LATE" if after else "LATE, in time"].append(student)
        if when is None and self.file_times is None and one.clock != COMMIT:
            self.unsure[NO_CLOCK] += [student] * has_deadline
        return Attempt(name, when, one.origin, "", clock if when else NO_CLOCK, turn, one.packed)

    def _put(self, student: str, attempts: Attempts, due: Due) -> None:
        """Put what counts into `submitted/`, unless a person has put something there by hand."""
        folder = self.course.step("submitted", student, self.week.folder)
        if folder.exists() and not (folder / MARK).exists():
            self.result.by_hand.append(student)
            return
        choice = that_count(attempts.all, self.names, due, self.rule)
        self.troubles[student] += choice.unclear
        timed = [one for one in choice.taken if one.when and is_notebook(one.name)] or [
            one for one in choice.taken if one.when
        ]
        last = max(timed, key=lambda one: one.moment, default=None)
        when = last.when if last else None
        files = {one.name: attempts.data(one) for one in choice.taken}
        if when:
            files[TIMESTAMP] = _timestamp(when)
        changed = not _is_there(folder, files)
        if not self.dry_run:
            attempts.save()
            if changed:
                _put(self.course, folder, files)
        clock = last.clock if last else NO_CLOCK
        taken = _taken(student, choice.taken, when, due, self.rule, len(attempts.all), changed)
        self.result.taken.append(replace(taken, clock=clock))

    def lines(self) -> dict[str, str]:
        """One sentence for each submission with trouble."""
        told = {}
        for label, texts in sorted(self.troubles.items()):
            different = list(dict.fromkeys(texts))
            if different:
                more = f" (and {len(different) - TOLD} more)" if len(different) > TOLD else ""
                told[label] = "; ".join(different[:TOLD]) + more
        return told

    def finish(self) -> Collected:
        result = self.result
        result.problems += [f"{label}: {text}." for label, text in self.lines().items()]
        # Of whom an earlier download holds what could not be taken, too, and no person has dealt with it.
        lines = still_open(self.course.root, result.week, self.files, self.sources)
        waiting = {line.label.removeprefix("'") for line in lines if line.week == result.week}
        there = {one.student for one in result.taken} | set(result.by_hand) | set(self.lines()) | waiting
        result.missing = [
            who
            for who in self.who.people
            if who not in there and not self.course.step("submitted", who, self.week.folder).is_dir()
        ]
        _doubt_times(result, self.known_times, self.file_times, self.unsure)
        known = self.who.people or self.files
        if strangers := [repr(who) for who in self.known_times if who not in known]:
            result.doubts.append(f"Times were given of nobody by these ids, and not used: {_few(strangers)}.")
        if (drafts := self.drafts.get("")) and not self.files:
            result.doubts.append(f"{len(drafts)} files are drafts in “{DRAFTS}”, which nobody has turned in.")
        elsewhere = sum(sum(weeks.values()) for weeks in self.other_weeks.values())
        if elsewhere and not self.files:
            result.doubts.append(f"{elsewhere} files are of other weeks by their names, and none of this one.")
        return result


def _in_order(handed: list[tuple[Attempt, Found]], run: _Run, student: str) -> Iterator[tuple[Attempt, bytes]]:
    """Attempts with their contents, none earlier than one before it in the platform's own order."""
    latest: datetime | None = None
    for one, found in sorted(handed, key=lambda pair: pair[0].turn):
        if one.turn and one.when:
            latest = one.when if latest is None else max(latest, one.when)
            one = replace(one, when=latest)
        with run.fence(student, shown(one.name)):
            yield one, found.read()


def _unwrapped(
    things: Sequence[Found | Trouble], week: Week, names: Sequence[str], who: Who
) -> Callable[[Found | Trouble], PurePosixPath | None]:
    """Takes away the folders around all files of a source (`submissions/`, `hw1-2026-10-11/`) that are no student's.

    Drafts that Teams keeps beside what was handed in are None.
    """
    paths = [one.path for one in things if isinstance(one, Found) and not one.sent_by]
    around: list[str] = []
    while paths:
        first = {path.parts[0] for path in paths}
        inside = {path.parts[1] for path in paths if len(path.parts) > 2}
        if any(len(path.parts) < 2 for path in paths):
            break
        if first <= {TURNED_IN, DRAFTS}:
            around.append(TURNED_IN)
            paths = [PurePosixPath(*path.parts[1:]) for path in paths if path.parts[0] == TURNED_IN]
            continue
        if len(first) != 1:
            break
        hints = sender_of(PurePosixPath(*first, "x"), names, week.folder).hints
        if is_of_platform(*first) or (who.student(hints) is not None if who.people else len(inside) < 2):
            break
        around += first
        paths = [PurePosixPath(*path.parts[1:]) for path in paths]

    def shorter(one: Found | Trouble) -> PurePosixPath | None:
        parts = one.path.parts
        if TURNED_IN in around and parts[around.index(TURNED_IN) :][:1] == (DRAFTS,):
            return None
        if not one.sent_by and list(parts[: len(around)]) == around and len(parts) > len(around):
            return PurePosixPath(*parts[len(around) :])
        return one.path

    return shorter


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
    if not folder.is_dir():
        return False
    there, waiting = set(), [folder]
    while waiting:
        for path in waiting.pop().iterdir():
            if path.is_dir() and not path.is_symlink():
                waiting.append(path)
            else:
                there.add(path.relative_to(folder).as_posix())
    return there - {MARK} == set(files) and all((folder / name).read_bytes() == data for name, data in files.items())


def _put(course: Course, folder: Path, files: dict[str, bytes], word: str = "") -> None:
    work = course.desk_folder / "tmp"
    work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=work, ignore_cleanup_errors=True) as place:
        new = Path(place) / "new"
        for name, data in files.items():
            write_atomically(new / name, data)
        write_atomically(new / MARK, _MADE_HERE + word)
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


def _count(students: list[str], thing: str) -> str:
    """`3 files (ada, bob)`: how many, and whose."""
    return f"{len(students)} {thing}{'s' * (len(students) != 1)} ({_few(sorted(set(students)))})"


def _few(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _doubt_times(
    result: Collected, known: dict[str, datetime], trusted: bool | None, unsure: dict[str, list[str]]
) -> None:
    """Ask the person, where no platform has told the time, and where all are late."""
    answer = "Give the real times with --times FILE, or answer with --file-times or --no-file-times."
    if unsure[COMMIT]:
        result.doubts.append(
            f"{_count(unsure[COMMIT], 'version')} from clones. Times of commits are by the student's clock and were "
            f"not used: the last commit was taken, as in time. {answer}"
        )
    if trusted is not None:
        return
    if unsure[NO_CLOCK]:
        result.doubts.append(f"{_count(unsure[NO_CLOCK], 'file')} without a time, taken as in time. {answer}")
    if unsure["LATE"]:
        result.doubts.append(
            f"Late by Canvas, which does not say how late: {_count(unsure['LATE'], 'file')}; the time of the "
            f"download's entries was used. {answer}"
        )
    if unsure["LATE, in time"]:
        result.doubts.append(
            f"Late by Canvas, in time by the times and deadlines here, which were used: "
            f"{_count(unsure['LATE, in time'], 'file')}. {answer}"
        )
    late = [one for one in result.taken if (one.days_late or one.too_late) and one.student not in known]
    by_disk = [one.student for one in late if one.clock == DISK]
    if by_disk:
        result.doubts.append(
            f"Late by the times of files on this disk, which were used because no platform says the time: "
            f"{_count(by_disk, 'submission')}. {answer}"
        )
    if len(late) > 2 and len(late) > SUSPICIOUS * len(result.taken):
        result.doubts.append(
            f"{len(late)} of {len(result.taken)} submissions would be late. If those are the times of a download, give "
            "the real ones with --times FILE, or none with --no-file-times."
        )


def _tell_gradebook(course: Course, people: list[Person]) -> None:
    """Names and addresses, for nbgrader's pages and exports."""
    from grader.desk.gradebook.book import Book

    with Book(course) as book:
        book.enter_students(people)
