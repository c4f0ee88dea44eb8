"""What a week is graded by: today's hidden tests on the notebooks as released, the limits, the sandbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.desk.course.course import NO_FOLDER
from grader.desk.course.facts import FACTS, Course, Week
from grader.desk.errors import DeskError
from grader.desk.release.exercise_points import WRITTEN
from grader.judge.grading.result import read_own
from grader.judge.grading.spec import NotebookSpec, SpecError, load_notebook
from grader.judge.hidden import HiddenTest

if TYPE_CHECKING:  # a worker, which only loads specs, does without nbgrader
    from grader.desk.gradebook.book import Book


def specs_of(course: Course, week: Week, book: Book) -> dict[str, NotebookSpec]:
    """The notebooks of the week that are graded, each in the edition that the gradebook knows."""
    specs = {}
    for name in book.notebooks(week.folder):
        try:
            spec = load_spec(str(course.repo), week.folder, name, str(released_notebook(course, week, name)))
        except OSError as error:
            raise DeskError(
                f"{error.filename} cannot be read: {error.strerror}.",
                f"Release the week again: grader release {week.folder}",
            ) from None
        except SpecError as error:
            raise DeskError(f"{error}.", "Correct the hidden tests or the notebook; nothing was graded.") from None
        except Exception as error:
            raise DeskError(
                f"The tests of {week.folder}/{name} cannot be read: {type(error).__name__}: {error}.",
                f"Mend solutions/{week.folder}/{name}/keys.py; nothing was graded.",
            ) from None
        _check_points(week, name, spec, book.layout(week.folder, name).points)
        specs[name] = spec
    return specs


def _check_points(week: Week, name: str, spec: NotebookSpec, points: Mapping[str, float]) -> None:
    """The gradebook, the released notebook and the hidden tests of today must agree on cells and points."""
    tested = {
        cell.grade_id: cell.points if cell.manual else sum(test.points for test in spec.tests.get(cell.grade_id, ()))
        for cell in spec.cells
    }
    if points.keys() != tested.keys() or any(abs(points[cell] - tested[cell]) > 1e-9 for cell in points):
        raise DeskError(
            f"The graded cells of {week.folder}/{name}, or their points, are no longer those that were released.",
            f"Release the week again: grader release {week.folder}",
        )


def load_spec(repo: str, week: str, notebook: str, released: str) -> NotebookSpec:
    """The hidden tests as they are now, on the notebook as it was released."""
    edition = read_own(released)
    spec = replace(load_notebook(repo, week, notebook), released=edition)
    return replace(spec, tests=_with_points_of_the_class(spec))


def _with_points_of_the_class(spec: NotebookSpec) -> dict[str, list[HiddenTest]]:
    """The tests of each cell share what the class gives for it as they share what the course gives."""
    found = dict(spec.tests)
    for cell in spec.released.cells:
        if written := cell.metadata.get(WRITTEN):
            mark = cell.metadata.nbgrader
            tests = spec.tests.get(mark.grade_id, [])
            found[mark.grade_id] = [replace(one, points=one.points * mark.points / written) for one in tests]
    return found


def released_notebook(course: Course, week: Week, notebook: str) -> Path:
    """The notebook as students got it."""
    return course.step("release", week.folder, f"{notebook}.ipynb")


def released(course: Course, weeks: list[Week]) -> list[Week]:
    """Those of `weeks` that students were given."""
    released = [week for week in weeks if course.step("release", week.folder).is_dir()]
    if not released:
        names = ", ".join(week.folder for week in weeks)
        if not (course.root / FACTS).exists():
            raise DeskError(f"{course.root} is no course folder: there is no {FACTS} in it.", NO_FOLDER)
        raise DeskError(f"Nothing of {names} has been released in {course.root}.", "Run `grader release` first.")
    if not course.step("submitted").is_dir():
        raise DeskError(
            f"There is no folder {course.step('submitted')}.",
            "Put each student's files into submitted/<student>/<week>/, for example "
            f"submitted/ada/{released[0].folder}/{released[0].notebooks[0].name}.ipynb.",
        )
    return released


def isolation_for(trusted: bool, here: bool = True) -> str:
    """How student code is run. Raises `DeskError` when that is to be `here` and cannot be."""
    if trusted or not here:
        return "trusted" if trusted else "bubblewrap"
    from grader.sandbox.walls import bubblewrap

    state = bubblewrap.available()
    if not state.ok:
        raise DeskError(
            f"No student code was run: the sandbox does not work here: {state.reason}",
            f"{state.remedy}\n`grader doctor` checks again. Code that you wrote yourself may be graded without a "
            "sandbox: --trust-student-code",
        )
    return "bubblewrap"
