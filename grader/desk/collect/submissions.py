"""What was handed in: `submitted/<student>/<week>/`, read once, without trusting anything in it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from grader.desk.collect.notebook_names import SUFFIX, Handed, match
from grader.desk.course.facts import Course, Week
from grader.desk.course.names import did_you_mean, nearest
from grader.desk.course.safe_names import CONTROLS, unsafe_name  # noqa: F401  (asked of a submission's folder)
from grader.desk.errors import DeskError
from grader.judge.bounds import few
from grader.judge.sanitise.text import without_surrogates

MAX_NOTEBOOK_MB = 64
MAX_FILES_MB = 100
MAX_FILES = 200
MAX_LISTED = 2_000
MAX_DEPTH = 20
MAX_NOTES = 10

_IGNORED_NAMES = {"timestamp.txt", "feedback", "__pycache__", "submission_secret.txt"}


@dataclass(frozen=True)
class Work:
    """One notebook to grade.

    `submitted` is None when no file fits; `notes` then say what was found instead. `alone`: nothing at all of this
    submission fits, so the student is told on a graded copy of every notebook.
    """

    student: str
    week: str
    notebook: str
    submitted: bytes | None
    files: tuple[tuple[str, bytes], ...] = ()
    notes: tuple[str, ...] = ()
    alone: bool = False

    def __post_init__(self) -> None:
        # Notes quote names of files; what is no text could not be written into a result, feedback or the gradebook.
        object.__setattr__(self, "notes", tuple(few([without_surrogates(note) for note in self.notes])))


@dataclass(frozen=True)
class Submission:
    """What one student handed in for one week."""

    student: str
    week: str
    folder: Path
    works: tuple[Work, ...]
    timestamp: str | None = None
    unknown: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())


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
    """Read what `student` handed in for `week` and say which file is which of `notebooks`.

    Links are not followed and large files are not read; both are told in `notes`.
    """
    folder = course.step("submitted", student, week.folder)
    notes: list[str] = []
    plain, notebook_files = _listed(folder, notes)
    names = list(notebooks)
    # Notebooks of the week that nobody grades are known too: one of them is not taken for a homework that is missing.
    known = list(dict.fromkeys([*names, *(notebook.name for notebook in week.notebooks)]))
    found = match([Handed(path.name, _changed(path)) for path in notebook_files], known)
    files = _auxiliary(folder, plain, notes)
    notes[:] = _few(notes)
    nothing_fits = not set(names).intersection(found.taken)
    works = []
    for name in names:
        told = list(found.notes.get(name, ()))
        taken = found.taken.get(name)
        data = _read(folder / taken, told) if taken else None
        if taken is None and found.unknown:
            listed = ", ".join(f"“{other}”" for other in found.unknown[:5])
            told.append(f"No file fits “{name}{SUFFIX}”. These files fit no notebook of the week: {listed}.")
        works.append(Work(student, week.folder, name, data, files, (*told, *notes), alone=nothing_fits))
    return Submission(
        student, week.folder, folder, tuple(works), _timestamp(folder), tuple(found.unknown), tuple(notes)
    )


def files_beside(folder: Path) -> list[Path]:
    """The plain files handed in beside the notebooks, as far as they are kept."""
    notes: list[str] = []
    plain, _ = _listed(folder, notes)
    return [folder / name for name, _ in _auxiliary(folder, plain, notes)]


def _listed(folder: Path, notes: list[str]) -> tuple[list[Path], list[Path]]:
    """The regular files below `folder`: others than notebooks, and the notebooks directly in it."""
    plain: list[Path] = []
    notebooks: list[Path] = []
    if folder.is_symlink():
        notes.append("The submission's folder is a link; links are not followed.")
        return plain, notebooks
    # Without recursion: folders may be nested deeper than Python's stack.
    waiting = [folder]
    while waiting and len(plain) + len(notebooks) < MAX_LISTED:
        place = waiting.pop()
        inside = []
        try:
            for path in sorted(place.iterdir()):
                if _ignored(path.name):
                    continue
                shown = str(path.relative_to(folder))
                mode = path.lstat().st_mode
                if not _is_text(shown):
                    notes.append(f"A file whose name cannot be shown, {ascii(path.name)[:80]}, was left out.")
                elif stat.S_ISDIR(mode):
                    if len(path.relative_to(folder).parts) > MAX_DEPTH:
                        notes.append(f"Folders deeper than {MAX_DEPTH} were left out, below “{shown[:80]}”.")
                    else:
                        inside.append(path)
                elif not stat.S_ISREG(mode):
                    notes.append(f"“{shown}” is a link or a special file and was left out.")
                elif is_notebook(path.name):
                    if place == folder:
                        notebooks.append(path)
                else:
                    plain.append(path)
        except OSError as error:
            notes.append(f"“{place.name[:80]}” could not be read as a whole: {error.strerror}.")
        waiting += reversed(inside)
    return plain, notebooks


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


def _ignored(name: str) -> bool:
    return name.startswith(".") or name in _IGNORED_NAMES or name.endswith(".pyc")


def _few(notes: list[str]) -> list[str]:
    """As many as anybody reads, and the number of the others."""
    return (
        notes if len(notes) <= MAX_NOTES else [*notes[:MAX_NOTES], f"And {len(notes) - MAX_NOTES} more of this kind."]
    )


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _read(path: Path, notes: list[str]) -> bytes | None:
    try:
        size = path.stat().st_size
        if size > MAX_NOTEBOOK_MB * 2**20:
            notes.append(f"“{path.name}” is {size >> 20} MB large; at most {MAX_NOTEBOOK_MB} MB are read.")
            return None
        return path.read_bytes()
    except OSError as error:
        notes.append(f"“{path.name}” could not be read: {error.strerror}.")
        return None


def _auxiliary(folder: Path, paths: list[Path], notes: list[str]) -> tuple[tuple[str, bytes], ...]:
    """The other files handed in beside the notebooks, up to a number and a total size."""
    files: list[tuple[str, bytes]] = []
    total = 0
    for path in paths:
        try:
            size = path.stat().st_size
        except OSError as error:
            notes.append(f"“{path.relative_to(folder)}” could not be read: {error.strerror}.")
            continue
        if len(files) >= MAX_FILES or total + size > MAX_FILES_MB * 2**20:
            notes.append(f"“{path.relative_to(folder)}” was left out: too many or too large files.")
            continue
        try:
            files.append((path.relative_to(folder).as_posix(), path.read_bytes()))
            total += size
        except OSError as error:
            notes.append(f"“{path.relative_to(folder)}” could not be read: {error.strerror}.")
    return tuple(files)


def _timestamp(folder: Path) -> str | None:
    path = folder / "timestamp.txt"
    try:
        if stat.S_ISREG(path.lstat().st_mode) and path.stat().st_size < 200:
            return path.read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError):
        pass
    return None
