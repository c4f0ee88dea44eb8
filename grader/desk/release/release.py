"""`grader release`: weeks -> nbgrader's release -> the repository that students see.

Nothing has to be stripped: a week folder holds what is public and nothing else. The release checks that, copies the
week into the course folder, lets nbgrader lock the cells and enter them into the gradebook, and builds the student
repository.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from grader.desk.course.course import PLACEHOLDER, WHY_NOT, own_repository
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
from grader.desk.release import leaks, links, package_number, revision, student_repository, unchanged, validate
from grader.desk.release.git_branch import Branch, NotCommitted
from grader.desk.release.package_number import Numbers
from grader.desk.release.revision import CellChange
from grader.desk.release.student_repository import Changes
from grader.desk.release.times import note_release

STUDENT_REPOSITORY = Path("build") / "student"


@dataclass(frozen=True)
class Released:
    """What a release made: the weeks, where the student repository is, and what changed in it for students.

    `repository` is the folder of the student repository, or the repository that was given a branch; `commit` what was
    added to it, if anything, and `trouble` why git took nothing.
    """

    weeks: list[str]
    repository: Path
    changes: Changes
    cells: list[CellChange]
    commit: str | None = None
    trouble: str = ""


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
    _refuse_placeholder(course)
    say("checking notebooks, points and links")
    _refuse([problem for week in weeks for problem in validate.problems(course, week)])
    say("looking for solutions in public files")
    _refuse([str(leak) for leak in _leaks_in_checkout(course, weeks)])
    numbers = package_number.next_of(course, [*released_weeks(course), *weeks])
    with tempfile.TemporaryDirectory(dir=None if dry_run else _work_folder(course)) as work:
        new = {week.folder: _as_released(course, week, Path(work), numbers) for week in weeks}
        _refuse([reason for week in weeks for reason in revision.refusals(course, week, new[week.folder])])
        cells = [change for week in weeks for change in revision.changes_of(course, week, new[week.folder])]
        if dry_run:
            changes = _preview(course, weeks, to, cells, new, numbers)
            return Released([week.folder for week in weeks], _place(course, to), changes, cells)
        ensure_config(course)
        for week in weeks:
            if unchanged.is_released(course, week, new[week.folder]):
                say(f"{week.folder}: released already, as it is")
                note_release(course, week)
                continue
            say(f"{week.folder}: locking cells, writing the gradebook")
            revision.make_room(course, week, new[week.folder])
            swap_folder(new[week.folder], course.step("source", week.folder), Path(work) / "attic")
            _generate(course, week)
            unchanged.note(course, week)
            note_release(course, week)
    numbers.save(course)
    say("building the student repository")
    return _build_repository(course, weeks, to, cells, numbers)


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


def _refuse_placeholder(course: Course) -> None:
    if course.is_placeholder and not course.demonstration:
        raise DeskError(
            f"Not released: {PLACEHOLDER} is a placeholder that nobody owns. {WHY_NOT}",
            f"{own_repository(course)} For a demonstration, write `demonstration = true` there.",
            exit_code=1,
        )


def _leaks_in_checkout(course: Course, weeks: list[Week]) -> list[leaks.Leak]:
    """Secrets in what is going to be public: the week folders and the package of checks."""
    public = [course.repo / week.folder for week in weeks]
    public += [course.repo / "grader" / folder for folder in student_repository.PACKAGE_FOLDERS]
    files = [path for folder in public for path in student_repository.files_of(folder)]
    return leaks.find_leaks(course.repo / "solutions", files, course.repo)


def _as_released(course: Course, week: Week, work: Path, numbers: Numbers) -> Path:
    """A copy of the public week folder, with the badges, links and set-up cells of this class."""
    new = work / week.folder
    shutil.copytree(course.repo / week.folder, new, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    links.write_for_release(course, week, new, numbers.weeks[week.folder])
    return new


def _work_folder(course: Course) -> Path:
    folder = course.desk_folder / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _generate(course: Course, week: Week) -> None:
    """nbgrader's generate_assignment, which also enters the cells and their points into the gradebook."""
    from nbgrader.converters import GenerateAssignment  # with all that converts notebooks
    from nbgrader.utils import capture_log

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
    from nbgrader.api import Gradebook

    due = deadline.astimezone(timezone.utc).replace(tzinfo=None)
    with error_messages(db_url), Gradebook(db_url, course.id) as book:
        retried(lambda: book.update_or_create_assignment(week.folder, duedate=due))


def _place(course: Course, to: Path | Branch | None) -> Path:
    return to.repository if isinstance(to, Branch) else to or course.root / STUDENT_REPOSITORY


def _preview(
    course: Course,
    weeks: list[Week],
    to: Path | Branch | None,
    cells: list[CellChange],
    new: Mapping[str, Path],
    numbers: Numbers,
) -> Changes:
    """What the release would change. A notebook without changed cells is taken as it was released."""
    touched = {change.notebook for change in cells}
    later = [week for week in course.weeks if week in (*released_weeks(course), *weeks)]
    files = student_repository.tree(course, later, numbers.package)
    for week in weeks:
        for name in [name for name in files if name.startswith(f"{week.folder}/") and not name.endswith(".ipynb")]:
            del files[name]
        for path in student_repository.files_of(new[week.folder]):
            name = f"{week.folder}/{path.relative_to(new[week.folder]).as_posix()}"
            if path.suffix != ".ipynb" or path.stem in touched or name not in files:
                files[name] = path.read_bytes()
    return to.compare(files) if isinstance(to, Branch) else student_repository.compare(_place(course, to), files)


def _build_repository(
    course: Course, weeks: list[Week], to: Path | Branch | None, cells: list[CellChange], numbers: Numbers
) -> Released:
    place, names = _place(course, to), [week.folder for week in weeks]
    files = student_repository.tree(course, released_weeks(course), numbers.package)
    with tempfile.TemporaryDirectory(dir=_work_folder(course)) as work:
        student_repository.write(Path(work), files)
        written = student_repository.files_of(Path(work))
        _refuse([str(leak) for leak in leaks.find_leaks(course.repo / "solutions", written, Path(work))])
    if isinstance(to, Branch):
        changes, commit = to.commit(files, f"Release {', '.join(names)}")
        return Released(names, place, changes, cells, commit)
    before = student_repository.compare(place, files)
    changes, made = student_repository.write(place, files), Branch(place, course.branch)
    try:
        commit = made.commit_folder(
            [*files, *before.removed, student_repository.MANIFEST], f"Release {', '.join(names)}"
        )
    except NotCommitted as error:
        return Released(names, place, changes, cells, trouble=str(error))
    return Released(names, place, changes, cells, commit)
