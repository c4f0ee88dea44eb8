"""What a week is graded by: today's hidden tests on the notebooks as released, the limits, the sandbox."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.desk.course.course import NO_FOLDER
from grader.desk.course.facts import FACTS, Course, Week
from grader.desk.errors import DeskError
from grader.desk.release.exercise_points import WRITTEN
from grader.judge.grading.digests import SpecError, digest_of_notebook
from grader.judge.grading.result import read_own

if TYPE_CHECKING:  # a worker does without the gradebook; where nothing is graded, hidden tests are not loaded
    from grader.desk.gradebook.book import Book
    from grader.judge.grading.spec import NotebookSpec
    from grader.judge.hidden import HiddenTest


@dataclass(frozen=True)
class Edition:
    """A graded notebook as the class has it: the file, the points of its graded cells as the gradebook has them.

    `digest`: of everything of the course's that decides its grade. That needs no hidden test loaded, so what was graded
    before by the same is known at once.
    """

    path: str
    points: tuple[tuple[str, float], ...]
    digest: str


def editions_of(course: Course, week: Week, book: Book) -> dict[str, Edition]:
    """The notebooks of the week that are graded, each in the edition that the gradebook knows."""
    found = {}
    for name in book.notebooks(week.folder):
        path = released_notebook(course, week, name)
        with _in_words(week.folder, name):
            nb = read_own(path)
            digest = digest_of_notebook(course.repo, week.folder, name, nb)
        marks = [cell.metadata.nbgrader for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("grade")]
        points = book.layout(week.folder, name).points
        _check_points(week.folder, name, points, {mark.grade_id: float(mark.get("points", 0)) for mark in marks})
        found[name] = Edition(str(path), tuple(points.items()), digest)
    return found


def specs_of(course: Course, week: Week, book: Book) -> dict[str, NotebookSpec]:
    """The same with their hidden tests."""
    return {
        name: checked_spec(str(course.repo), week.folder, name, edition.path, edition.points)
        for name, edition in editions_of(course, week, book).items()
    }


def checked_spec(repo: str, week: str, name: str, released: str, points: tuple[tuple[str, float], ...]) -> NotebookSpec:
    """The hidden tests as they are now, on the notebook as it was released with `points`. Raises `DeskError`."""
    from grader.judge.grading.spec import load_notebook

    with _in_words(week, name):
        spec = replace(load_notebook(repo, week, name), released=read_own(released))
        spec = replace(spec, tests=_with_points_of_the_class(spec))
    tested = {
        cell.grade_id: cell.points if cell.manual else sum(one.points for one in spec.tests.get(cell.grade_id, ()))
        for cell in spec.cells
    }
    _check_points(week, name, dict(points), tested)
    return spec


def _with_points_of_the_class(spec: NotebookSpec) -> dict[str, list[HiddenTest]]:
    """The tests of each cell share what the class gives for it as they share what the course gives."""
    found = dict(spec.tests)
    for cell in spec.released.cells:
        if written := cell.metadata.get(WRITTEN):
            mark = cell.metadata.nbgrader
            tests = spec.tests.get(mark.grade_id, [])
            found[mark.grade_id] = [replace(one, points=one.points * mark.points / written) for one in tests]
    return found


@contextmanager
def _in_words(week: str, name: str) -> Iterator[None]:
    """What is wrong with a notebook's files, and what to do about it."""
    try:
        yield
    except OSError as error:
        raise DeskError(
            f"{error.filename} cannot be read: {error.strerror}.",
            f"Release the week again: grader release {week}",
        ) from None
    except SpecError as error:
        raise DeskError(f"{error}.", "Correct the hidden tests or the notebook; nothing was graded.") from None
    except Exception as error:
        raise DeskError(
            f"The tests of {week}/{name} cannot be read: {type(error).__name__}: {error}.",
            f"Mend solutions/{week}/{name}/keys.py; nothing was graded.",
        ) from None


def _check_points(week: str, name: str, known: Mapping[str, float], points: Mapping[str, float]) -> None:
    """The gradebook, the released notebook and the hidden tests of today must agree on cells and points."""
    if known.keys() != points.keys() or any(abs(known[cell] - points[cell]) > 1e-9 for cell in known):
        raise DeskError(
            f"The graded cells of {week}/{name}, or their points, are no longer those that were released.",
            f"Release the week again: grader release {week}",
        )


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
