"""What was handed in: `submitted/<student>/<week>/`, read once, without trusting anything in it.

Whatever lies there, reading ends within bounds and does not raise: what cannot be read is told.
"""

from __future__ import annotations

import os
import stat
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from pathlib import Path

from grader.desk.collect.notebook_names import SUFFIX, Handed, Match, match, normalised
from grader.desk.course.facts import Course, Week
from grader.desk.course.names import did_you_mean, nearest
from grader.desk.course.safe_names import CONTROLS, unsafe_name
from grader.desk.errors import DeskError
from grader.desk.gradebook.timestamps import TIMESTAMP, read_timestamp
from grader.judge.bounds import few
from grader.judge.grading.result import read_own
from grader.judge.repair.json_object import LINK, LONGEST_LINK, decode, is_link
from grader.judge.repair.recognising import Look, Recogniser
from grader.judge.sanitise.text import without_surrogates

MAX_NOTEBOOK_MB = 64
MAX_NOTEBOOKS, MAX_NOTEBOOKS_MB = 50, 256  # that are looked into
MAX_FILES_MB = 100
MAX_FILES = 200
MAX_DEPTH, MAX_ENTRIES, MAX_PATH = 20, 10_000, 1_000
MAX_NOTES = 20
LONGEST_MARK = 10_000  # bytes
SNIFFED = 2_000  # bytes from either end of a file

_IGNORED_NAMES = {TIMESTAMP, "feedback", "__pycache__", "submission_secret.txt"}
MARK = ".collected"  # where collect writes that it made the folder, and below it what it could not take
CHECKPOINTS = ".ipynb_checkpoints"
ONLY_CHECKPOINTS = (
    f"Only “{CHECKPOINTS}” was handed in, where Jupyter keeps older versions; hand in the notebook beside that folder."
)
_OF_A_SYSTEM = ("._", ".~")  # what macOS and editors put beside each file, under its name
# Files that may be somebody's work though no notebook can be made of them.
_DOCUMENTS = frozenset(".7z .doc .docx .gdoc .gz .htm .html .odt .pdf .rar .tar .tgz .url .webloc .zip".split(" "))
BY_CONTENT, CHOSEN = "known by its content only", "which file counts"


@dataclass(frozen=True)
class Work:
    """One notebook to grade.

    `submitted` is None when no file fits. `refused`: why not, where there are files that may have been meant; empty
    where nothing was handed in. `alone`: nothing at all of this submission fits, so the student is told on a graded
    copy of every notebook. `ask`: what a person should look at, each with its kind.
    """

    student: str
    week: str
    notebook: str
    submitted: bytes | None
    files: tuple[tuple[str, bytes], ...] = ()
    notes: tuple[str, ...] = ()
    alone: bool = False
    refused: str = ""
    ask: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        # Notes quote names of files; what is no text could not be written into a result, feedback or the gradebook.
        object.__setattr__(self, "notes", tuple(few([without_surrogates(note) for note in self.notes])))
        object.__setattr__(self, "refused", without_surrogates(self.refused))
        object.__setattr__(self, "ask", tuple((why, without_surrogates(said)) for why, said in self.ask))


@dataclass(frozen=True)
class Submission:
    """What one student handed in for one week.

    `timestamp`: what `timestamp.txt` says, if it says a time; else `time_trouble` says what is wrong with that file.
    """

    student: str
    week: str
    folder: Path
    works: tuple[Work, ...]
    timestamp: str | None = None
    unknown: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())
    time_trouble: str = ""


def students_with_work(course: Course, week: Week, only: Iterable[str] = ()) -> Iterator[str]:
    """The names of the folders `submitted/<student>` that hold the week, in order; `only` these, if any are named."""
    submitted = course.step("submitted")
    only = list(only)
    if not submitted.is_dir():
        return
    with os.scandir(submitted) as entries:
        names = sorted(entry.name for entry in entries if not entry.name.startswith("."))
    for name in names:
        folder = submitted / name / week.folder
        if (not only or name in only) and folder.is_dir():
            yield name


def link_to_another(course: Course, week: Week, student: str) -> str | None:
    """Why a submission whose folder is a link is refused, or None: it would have somebody else's points."""
    for folder in (course.step("submitted", student), course.step("submitted", student, week.folder)):
        if folder.is_symlink():
            return f"{folder} is a link, and links are not followed; put the files themselves there"
    return None


def refusal(course: Course, week: Week, student: str) -> str | None:
    """Why a submission is not graded at all, or None."""
    return unsafe_name(student) or link_to_another(course, week, student)


def out_of_place(course: Course) -> Iterator[tuple[str, str]]:
    """What lies in `submitted/` where no command looks: `(student, path below submitted/)`."""
    submitted, weeks = course.step("submitted"), {week.folder for week in course.weeks}
    for student in sorted(submitted.glob("[!.]*")):
        if not student.is_dir():
            yield "", student.name
        elif not student.is_symlink():
            for inside in sorted(student.glob("[!.]*")):
                if inside.name not in weeks or not inside.is_dir():
                    yield student.name, f"{student.name}/{inside.name}"


def require_work(course: Course, weeks: Iterable[Week], students: Iterable[str]) -> None:
    """Raise `DeskError` for a student who has handed in nothing for any of the weeks."""
    weeks, submitted = list(weeks), course.step("submitted")
    for student in students:
        if not any((submitted / student / week.folder).is_dir() for week in weeks):
            names = ", ".join(week.folder for week in weeks)
            meant = did_you_mean(nearest(student, (path.name for path in submitted.glob("*"))))
            raise DeskError(
                f"{student!r} has handed in nothing for {names}.{meant}", f"Look for the folder in {submitted}."
            )


def read_submission(course: Course, week: Week, student: str, notebooks: Iterable[str]) -> Submission:
    """Read what `student` handed in for `week` and say which file is which of `notebooks`, by content, then by name.

    Links are not followed and large files are not read; both are told in `notes`.
    """
    folder = course.step("submitted", student, week.folder)
    notes: list[str] = []
    names = list(notebooks)
    # Notebooks of the week that nobody grades are known too: one of them is not taken for a homework that is missing.
    known = list(dict.fromkeys([*names, *(notebook.name for notebook in week.notebooks)]))
    odd: list[str] = []
    paths = regular_files(folder, notes, odd)
    reader = _Reader(
        folder, _recogniser(course, week, known), [path for path in paths if _may_be_notebook(path)], notes
    )
    found = reader.matched(names, known)
    scripts = [path for path in paths if path.suffix.lower() == ".py"]
    reader.match_scripts(found, scripts, [name for name in names if name not in found.taken])
    taken = {*reader.paths, *found.taken.values()}
    plain = [path for path in paths if _name(folder, path) not in taken]
    files = _auxiliary(folder, plain, notes)
    nothing_fits = not set(names).intersection(found.taken)
    left = [
        *found.unknown,
        *(_name(folder, one) for one in plain if nothing_fits or one.suffix.lower() in _DOCUMENTS),
    ]
    works = []
    for name in names:
        told = list(found.notes.get(name, ()))
        file = found.taken.get(name)
        data = reader.read(file) if file else None
        refused = ""
        if data is None:
            refused = next(iter(odd), "") if file is None else ""
            refused = refused or reader.why_not(file, left) or (notes[0] if nothing_fits and notes else "")
            refused = refused or ("" if paths else not_taken(folder))
        works.append(
            Work(
                student,
                week.folder,
                name,
                data,
                files,
                (*told, *_shortened(notes)),
                alone=nothing_fits,
                refused=refused,
                ask=tuple(reader.questions(found, name)),
            )
        )
    timestamp, trouble = read_timestamp(folder)
    unknown, shorter = tuple(found.unknown), tuple(_shortened(notes))
    return Submission(student, week.folder, folder, tuple(works), timestamp, unknown, shorter, trouble)


def unread_submission(course: Course, week: Week, student: str, notebooks: Iterable[str]) -> Submission:
    """In place of a submission that could not even be looked at."""
    why = "The submission could not be read."
    works = tuple(Work(student, week.folder, name, None, alone=True, refused=why) for name in notebooks)
    return Submission(student, week.folder, course.step("submitted", student, week.folder), works)


def not_taken(folder: Path) -> str:
    """What `grader collect` found of a student of whom it could take nothing; empty where that is not so."""
    path = folder / MARK
    try:
        if stat.S_ISREG(path.lstat().st_mode) and path.stat().st_size < LONGEST_MARK:
            told = path.read_text(encoding="utf-8").partition("\n")[2].strip()
            return f"Nothing of what was handed in could be taken: {told}" if told else ""
    except (OSError, UnicodeDecodeError):
        pass
    return ""


class _Reader:
    """Looks into the files of one submission that may be notebooks. ``paths``: by their names within the folder."""

    def __init__(self, folder: Path, recogniser: Recogniser, paths: list[Path], notes: list[str]) -> None:
        self.folder, self.recogniser = folder, recogniser
        self.paths = {_name(folder, path): path for path in paths[:MAX_NOTEBOOKS]}
        self.looks: dict[str, Look | None] = {}
        self.refused: dict[str, str] = {}
        self.left = MAX_NOTEBOOKS_MB * 2**20
        if len(paths) > MAX_NOTEBOOKS:
            notes.append(f"There are {len(paths)} notebooks; {MAX_NOTEBOOKS} of them were looked at.")

    def look(self, name: str) -> Look | None:
        """The file's content; None where it cannot be read, and then ``refused`` says why."""
        if name not in self.looks:
            data = self._data(name)
            self.looks[name] = None if data is None else self.recogniser.look(data)
        return self.looks[name]

    def read(self, name: str) -> bytes | None:
        look = self.look(name)
        return look.data if look else None

    def _data(self, name: str) -> bytes | None:
        try:
            with open(self.folder / name, "rb") as file:
                size = os.fstat(file.fileno()).st_size
                if size > MAX_NOTEBOOK_MB * 2**20:
                    self.refused[name] = (
                        f"“{name}” is {size >> 20} MB large; at most {MAX_NOTEBOOK_MB} MB are read. "
                        "Clear the outputs, save, and hand it in again."
                    )
                elif size > self.left:
                    self.refused[name] = f"“{name}” was not read: the notebooks are too large in all."
                else:
                    self.left -= size
                    return file.read(size)
        except OSError as error:
            self.refused[name] = f"“{name}” could not be read: {error.strerror}."
        return None

    def matched(self, names: list[str], known: list[str]) -> Match:
        """Which file is which notebook; where several are, those that nobody worked on count last."""
        top = [name for name in self.paths if "/" not in name]
        found = self._match(top, known)
        if set(names) - set(found.taken) and len(top) < len(self.paths):
            found = self._match(list(self.paths), known)  # what lies deeper, too
        return found

    def _match(self, files: list[str], known: list[str]) -> Match:
        handed = [Handed(name, _changed(self.paths[name])) for name in files]
        looks = {name: self.look(name) for name in files}
        content = {name: look.notebook for name, look in looks.items() if look}
        found = match(handed, known, content)
        several = [
            (name, one) for name, others in found.others.items() if others for one in [found.taken[name], *others]
        ]
        idle = {one for name, one in several if not ((look := looks[one]) and look.is_worked_on(name))}
        return match(handed, known, content, idle) if idle else found

    def match_scripts(self, found: Match, paths: list[Path], missing: list[str]) -> None:
        """A notebook that was exported as a Python script, where nothing else is that notebook."""
        for path in paths[:MAX_NOTEBOOKS] if missing else ():
            name = _name(self.folder, path)
            look = self.look(name)
            inside = look.notebook if look else None
            meant = inside or next((one for one in missing if normalised(path.name) == normalised(one)), None)
            if meant in missing and meant not in found.taken:
                found.taken[meant] = name
                found.notes[meant] = [f"The script “{name}” was graded as “{meant}{SUFFIX}”."]
                found.by_content.add(meant)

    def why_not(self, file: str | None, left: list[str]) -> str:
        """Why a notebook is not graded though something was handed in; empty where nothing was."""
        if file is not None:
            return self.refused.get(file, f"“{file}” could not be read.")
        if not left:
            return ""
        for name in left:
            if _is_link(self.folder / name):
                return f"“{name}”: {LINK}"
        listed = ", ".join(f"“{name}”" for name in left[:5])
        return f"No file fits this notebook. These files fit no notebook of the week: {listed}."

    def questions(self, found: Match, name: str) -> Iterator[tuple[str, str]]:
        """What a person should look at before the points of this notebook stand."""
        file = found.taken.get(name)
        look = self.look(file) if file else None
        if look is None:
            return
        if name in found.by_content:
            yield BY_CONTENT, f"“{file}” is this notebook by what is in it"
        rivals = [other for other in found.others.get(name, ()) if self._rivals(look, other, name)]
        if rivals:
            yield CHOSEN, f"“{file}” was graded, not " + ", ".join(f"“{other}”" for other in rivals[:5])

    def _rivals(self, look: Look, other: str, name: str) -> bool:
        theirs = self.look(other)
        return theirs is None or (theirs.data != look.data and theirs.is_worked_on(name))


@lru_cache(maxsize=8)
def _recogniser_of(released: tuple[tuple[str, str, float], ...]) -> Recogniser:
    return Recogniser({name: read_own(path) for name, path, _ in released})


def _recogniser(course: Course, week: Week, names: Iterable[str]) -> Recogniser:
    """What knows the notebooks of the week as they were released; read once."""
    places = [(name, course.step("release", week.folder, f"{name}{SUFFIX}")) for name in names]
    return _recogniser_of(tuple((name, str(path), path.stat().st_mtime) for name, path in places if path.is_file()))


def files_beside(folder: Path) -> list[Path]:
    """The plain files handed in beside the notebooks, as far as they are kept; a folder may have a notebook's name."""
    notes: list[str] = []
    paths = regular_files(folder, notes)
    plain = [path for path in paths if not any(map(is_notebook, path.relative_to(folder).parts))]
    return [folder / name for name, _ in _auxiliary(folder, plain, notes)]


def regular_files(folder: Path, notes: list[str], odd: list[str] | None = None) -> list[Path]:
    """The regular files below `folder`, as far down and as many as are looked at; `notes` tell of the others.

    `odd` is given those of the notes that are about something called as a notebook is.
    """
    found: list[Path] = []
    if folder.is_symlink() or folder.parent.is_symlink():
        notes.append("The submission's folder is a link; links are not followed.")
        return found
    places, entries, left_out, hidden = deque([(folder, 0)]), 0, 0, 0
    while places:
        place, depth = places.popleft()
        try:
            with os.scandir(place) as listing:
                here = sorted(islice(listing, MAX_ENTRIES + 1), key=lambda entry: entry.name)
        except OSError as error:
            notes.append(f"“{_name(folder, place)}” could not be read: {error.strerror}.")
            continue
        for entry in here:
            entries += 1
            path = Path(entry.path)
            if _ignored(entry.name):
                hidden += entry.name == CHECKPOINTS
                continue
            if entries > MAX_ENTRIES or len(_name(folder, path)) > MAX_PATH or depth > MAX_DEPTH:
                left_out += 1
            elif not _is_text(_name(folder, path)):
                notes.append(f"A file whose name cannot be shown, {ascii(entry.name)[:80]}, was left out.")
            elif _is(entry, stat.S_ISREG):
                found.append(path)
            else:
                if is_folder := _is(entry, stat.S_ISDIR):
                    places.append((path, depth + 1))
                if not is_folder or is_notebook(entry.name):
                    what = "a link" if _is(entry, stat.S_ISLNK) else "a folder" if is_folder else "no ordinary file"
                    notes.append(f"“{_name(folder, path)}” is {what} and was left out.")
                    if odd is not None and is_notebook(entry.name):
                        odd.append(notes[-1])
    if hidden and not found:
        notes.append(ONLY_CHECKPOINTS)
    if left_out:
        notes.append(f"{left_out} files or folders lay too deep or were too many and were left out.")
    return found


def _is(entry: os.DirEntry[str], kind: object) -> bool:
    try:
        return bool(kind(entry.stat(follow_symlinks=False).st_mode))  # type: ignore[operator]
    except OSError:  # it has gone meanwhile
        return False


def _name(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()


def _changed(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except OSError:
        return 0.0


def _shortened(notes: list[str]) -> list[str]:
    more = len(notes) - MAX_NOTES
    return [*notes[:MAX_NOTES], f"{more} more files were left out."] if more > 0 else notes


def _may_be_notebook(path: Path) -> bool:
    """By its name, or by its first and last bytes: a notebook may have lost its suffix, or have another one."""
    if is_notebook(path.name):
        return True
    try:
        with open(path, "rb") as file:
            first = file.read(SNIFFED)
            file.seek(max(0, os.fstat(file.fileno()).st_size - SNIFFED))
            ends = first + file.read(SNIFFED)
    except OSError:
        return False
    keys = (b'"nbformat"', b'"cells"', b'"worksheets"')
    return first.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and any(key in ends for key in keys)


def _is_link(path: Path) -> bool:
    try:
        if path.lstat().st_size > LONGEST_LINK:
            return False
        return is_link(decode(path.read_bytes())[0])
    except OSError:
        return False


def is_notebook(name: str) -> bool:
    """A notebook by its name, also when a mail program or a browser has added `.txt` or `.json`."""
    return name.lower().endswith((SUFFIX, f"{SUFFIX}.txt", f"{SUFFIX}.json"))


def looks_like_notebook(data: bytes) -> bool:
    """Whether a file of any name has a notebook's outer form; its cells are judged when it is graded."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" and b'"cells"' in data


def _is_text(name: str) -> bool:
    """Whether a file's name is UTF-8 without controls; other bytes come as lone surrogates, which nothing can write."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return not CONTROLS.intersection(name)


def is_hidden(name: str) -> bool:
    """Whether a file or folder is left alone for its dot. A notebook may be called `.backprop.ipynb`, or `.ipynb`."""
    return name.startswith(".") and (not is_notebook(name) or name.startswith(_OF_A_SYSTEM))


def _ignored(name: str) -> bool:
    return is_hidden(name) or name in _IGNORED_NAMES or name.endswith(".pyc")


def _auxiliary(folder: Path, paths: list[Path], notes: list[str]) -> tuple[tuple[str, bytes], ...]:
    """The other files handed in beside the notebooks, up to a number and a total size."""
    files: list[tuple[str, bytes]] = []
    total = 0
    for path in paths:
        name = _name(folder, path)
        try:
            size = path.stat().st_size
            if len(files) >= MAX_FILES or total + size > MAX_FILES_MB * 2**20:
                notes.append(f"“{name}” was left out: too many or too large files.")
                continue
            files.append((name, path.read_bytes()))
            total += size
        except OSError as error:
            notes.append(f"“{name}” could not be read: {error.strerror}.")
    return tuple(files)
