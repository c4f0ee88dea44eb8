"""`grader release`: weeks -> nbgrader's release -> the repository that students see.

Nothing has to be stripped: a week folder holds what is public and nothing else. The release checks that, copies the
week into the course folder, lets nbgrader lock the cells and enter them into the gradebook, and builds the student
repository.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.converters import GenerateAssignment
from nbgrader.utils import capture_log

from grader.desk.course.facts import Course, Week
from grader.desk.errors import DeskError
from grader.desk.files import swap_folder, write_atomically
from grader.desk.gradebook.nbgrader_settings import (
    CONFIG,
    CONFIG_TEXT,
    course_directory,
    nbgrader_config,
    programs_on_path,
)
from grader.desk.gradebook.retry import error_messages, retried
from grader.desk.release import leaks, links, revision, student_repository, validate
from grader.desk.release.git_branch import Branch
from grader.desk.release.revision import CellChange
from grader.desk.release.student_repository import Changes
from grader.desk.release.times import note_release

STUDENT_REPOSITORY = Path("build") / "student"


@dataclass(frozen=True)
class Released:
    """What a release made: the weeks, where the student repository is, and what changed in it for students.

    `repository` is a folder; of a branch, the repository that has it, and `commit` what was added to it, if anything.
    """

    weeks: list[str]
    repository: Path
    changes: Changes
    cells: list[CellChange]
    commit: str | None = None


def release(
    course: Course,
    weeks: list[Week],
    say: Callable[[str], None] = lambda text: None,
    *,
    to: Path | Branch | None = None,
    dry_run: bool = False,
) -> Released:
    """Release `weeks` and rebuild the student repository from everything released so far.

    `to` is the folder or the branch where the student repository goes, `build/student` by default; `dry_run` checks all
    the same, and only says what would change. Work handed in for an earlier release stays gradable.

    Errors: `DeskError` with exit code 1 when a week is not fit to be released; nothing has been written then.
    """
    if isinstance(to, Branch):
        to.check()
    say("checking notebooks, points and links")
    _refuse([problem for week in weeks for problem in validate.problems(course, week)])
    _refuse([f"{path} is not up to date with course.toml; run `grader sync`." for path in _stale(course, weeks)])
    say("looking for solutions in public files")
    _refuse([str(leak) for leak in _leaks_in_checkout(course, weeks)])
    _refuse([reason for week in weeks for reason in revision.refusals(course, week)])
    cells = [change for week in weeks for change in revision.changes_of(course, week)]
    if dry_run:
        return Released([week.folder for week in weeks], _place(course, to), _preview(course, weeks, to, cells), cells)
    ensure_config(course)
    for week in weeks:
        say(f"{week.folder}: locking cells, writing the gradebook")
        revision.make_room(course, week)
        _copy_to_source(course, week)
        _generate(course, week)
        note_release(course, week)
    say("building the student repository")
    return _build_repository(course, weeks, to, cells)


def released_weeks(course: Course) -> list[Week]:
    """The weeks that have been released in this course folder."""
    return [week for week in course.weeks if course.step("release", week.folder).is_dir()]


def ensure_config(course: Course) -> None:
    """Give the course folder a `nbgrader_config.py`, so that nbgrader's own commands work in it."""
    if not (course.root / CONFIG).exists():
        write_atomically(course.root / CONFIG, CONFIG_TEXT)


def _refuse(found: list[str]) -> None:
    if found:
        listed = "\n".join(f"  - {problem}" for problem in found)
        raise DeskError(f"Not released, nothing was changed:\n{listed}", "Mend these and run it again.", exit_code=1)


def _stale(course: Course, weeks: list[Week]) -> list[Path]:
    return links.synchronise(course, weeks, check=True)


def _leaks_in_checkout(course: Course, weeks: list[Week]) -> list[leaks.Leak]:
    """Secrets in what is going to be public: the week folders and the package of checks."""
    public = [course.repo / week.folder for week in weeks]
    public += [course.repo / "grader" / folder for folder in student_repository.PACKAGE_FOLDERS]
    files = [path for folder in public for path in student_repository.files_of(folder)]
    return leaks.find_leaks(course.repo / "solutions", files, course.repo)


def _copy_to_source(course: Course, week: Week) -> None:
    """Put the public week folder where nbgrader looks for it."""
    with tempfile.TemporaryDirectory(dir=_work_folder(course)) as work:
        new = Path(work) / "new"
        shutil.copytree(course.repo / week.folder, new, ignore=shutil.ignore_patterns("__pycache__", ".*"))
        swap_folder(new, course.step("source", week.folder), Path(work) / "attic")


def _work_folder(course: Course) -> Path:
    folder = course.desk_folder / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _generate(course: Course, week: Week) -> None:
    """nbgrader's generate_assignment, which also enters the cells and their points into the gradebook."""
    programs_on_path()
    directory = course_directory(course, assignment_id=week.folder)
    config = nbgrader_config(course)
    converter = GenerateAssignment(coursedir=directory, config=config)
    converter.force = True
    with error_messages(directory.db_url):
        result = retried(lambda: capture_log(converter))
    if not result["success"]:
        raise DeskError(
            f"nbgrader could not release {week.folder}: {_reason(result)}",
            "If a notebook was taken away after students handed it in, their scores would be lost: put it back, or "
            "release into a new course folder.",
            exit_code=1,
        )
    if week.deadline:
        _set_deadline(course, week, week.deadline, directory.db_url)


def _reason(result: dict) -> str:
    """The line of nbgrader's log that says why."""
    lines = [line.strip() for line in (result.get("log", "") + result.get("error", "")).splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith(("RuntimeError", "[ERROR]", "ValidationError", "nbgrader."))]
    return (telling or lines or ["no reason given"])[0][:500]


def _set_deadline(course: Course, week: Week, deadline: datetime, db_url: str) -> None:
    due = deadline.astimezone(timezone.utc).replace(tzinfo=None)
    with error_messages(db_url), Gradebook(db_url, course.id) as book:
        retried(lambda: book.update_or_create_assignment(week.folder, duedate=due))


def _place(course: Course, to: Path | Branch | None) -> Path:
    return to.repository if isinstance(to, Branch) else to or course.root / STUDENT_REPOSITORY


def _preview(course: Course, weeks: list[Week], to: Path | Branch | None, cells: list[CellChange]) -> Changes:
    """What the release would change. A notebook without changed cells is taken as it was released."""
    touched = {change.notebook for change in cells}
    files = student_repository.tree(course, released_weeks(course))
    for week in weeks:
        for name in [name for name in files if name.startswith(f"{week.folder}/") and not name.endswith(".ipynb")]:
            del files[name]
        for path in student_repository.files_of(course.repo / week.folder):
            name = f"{week.folder}/{path.relative_to(course.repo / week.folder).as_posix()}"
            if path.suffix != ".ipynb" or path.stem in touched or name not in files:
                files[name] = path.read_bytes()
    return to.compare(files) if isinstance(to, Branch) else student_repository.compare(_place(course, to), files)


def _build_repository(course: Course, weeks: list[Week], to: Path | Branch | None, cells: list[CellChange]) -> Released:
    place, names = _place(course, to), [week.folder for week in weeks]
    files = student_repository.tree(course, released_weeks(course))
    with tempfile.TemporaryDirectory(dir=_work_folder(course)) as work:
        student_repository.write(Path(work), files)
        written = student_repository.files_of(Path(work))
        _refuse([str(leak) for leak in leaks.find_leaks(course.repo / "solutions", written, Path(work))])
    if isinstance(to, Branch):
        changes, commit = to.commit(files, f"Release {', '.join(names)}")
        return Released(names, place, changes, cells, commit)
    return Released(names, place, student_repository.write(place, files), cells)
