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
from datetime import timezone
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.converters import GenerateAssignment
from nbgrader.utils import capture_log

from grader.desk import leaks, links, student_repository, validate
from grader.desk.course import Course, Week
from grader.desk.errors import DeskError
from grader.desk.files import swap_folder, write_atomically
from grader.desk.gradebook import retried, told
from grader.desk.nbgrader_glue import CONFIG, CONFIG_TEXT, course_directory, nbgrader_config, programs_on_path
from grader.desk.student_repository import Changes

STUDENT_REPOSITORY = Path("build") / "student"


@dataclass(frozen=True)
class Released:
    """What a release made: the weeks, the student repository's folder, and what changed in it."""

    weeks: list[str]
    repository: Path
    changes: Changes


def release(course: Course, weeks: list[Week], say: Callable[[str], None] = lambda text: None) -> Released:
    """Release `weeks` and rebuild the student repository from everything released so far.

    Errors: `DeskError` with exit code 1 when a week is not fit to be released; nothing has been written then.
    """
    say("checking notebooks, points and links")
    _refuse([problem for week in weeks for problem in validate.problems(course, week)])
    _refuse([f"{path} is not up to date with course.toml; run `grader sync`." for path in _stale(course, weeks)])
    say("looking for solutions in public files")
    _refuse([str(leak) for leak in _leaks_in_checkout(course, weeks)])
    ensure_config(course)
    for week in weeks:
        say(f"{week.folder}: locking cells, writing the gradebook")
        _copy_to_source(course, week)
        _generate(course, week)
    say("building the student repository")
    return _build_repository(course, weeks)


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
    with told(directory.db_url):
        result = retried(lambda: capture_log(converter))
    if not result["success"]:
        raise DeskError(
            f"nbgrader could not release {week.folder}: {_reason(result)}",
            "If cells or notebooks were added or taken away after students handed in, their scores would be lost: "
            "change only texts and hidden tests, or release into a new course folder.",
            exit_code=1,
        )
    if week.deadline:
        _set_deadline(course, week, directory.db_url)


def _reason(result: dict) -> str:
    """The line of nbgrader's log that says why."""
    lines = [line.strip() for line in (result.get("log", "") + result.get("error", "")).splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith(("RuntimeError", "[ERROR]", "ValidationError", "nbgrader."))]
    return (telling or lines or ["no reason given"])[0][:500]


def _set_deadline(course: Course, week: Week, db_url: str) -> None:
    due = week.deadline.astimezone(timezone.utc).replace(tzinfo=None)
    with told(db_url), Gradebook(db_url, course.id) as book:
        retried(lambda: book.update_or_create_assignment(week.folder, duedate=due))


def _build_repository(course: Course, weeks: list[Week]) -> Released:
    place = course.root / STUDENT_REPOSITORY
    files = student_repository.tree(course, released_weeks(course))
    with tempfile.TemporaryDirectory(dir=_work_folder(course)) as work:
        student_repository.write(Path(work), files)
        written = student_repository.files_of(Path(work))
        _refuse([str(leak) for leak in leaks.find_leaks(course.repo / "solutions", written, Path(work))])
    return Released([week.folder for week in weeks], place, student_repository.write(place, files))
