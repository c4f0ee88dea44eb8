"""nbgrader's own autograde, judged by us.

`nbgrader autograde` reads each notebook with an exporter and passes it through two lists of preprocessors. With
`nbgrader_config.py` the exporter reads any bytes a student may have handed in, under any name, and :class:`Judge` gives
back the graded notebook: the same function, and so the same scores, as `grader grade`.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat.notebooknode import NotebookNode
from nbgrader import utils
from nbgrader.converters import base
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool
from traitlets.log import get_logger

from grader.desk.collect.notebook_names import SUFFIX
from grader.desk.collect.submissions import (
    files_beside,
    read_submission,
    regular_files,
    unsafe_name,
)
from grader.desk.course.facts import load_course
from grader.desk.exchange import exchange_files
from grader.desk.grade.publish import inactive_name
from grader.desk.grade.results import Store, key_of
from grader.desk.grade.specs import isolation_for, specs_of
from grader.desk.grade.work import grade_work
from grader.desk.gradebook.book import Book
from grader.desk.gradebook.timestamps import parsed_timestamp, read_timestamp

SUBMITTED = "submitted"


class SubmissionExporter(NotebookExporter):
    """Reads a submitted notebook that may be damaged, renamed or not there; its content comes in by the judge.

    nbgrader makes it before it copies anything, so making it also has files listed by `files_to_copy`, for which
    nbgrader has no setting.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        base.find_all_files = files_to_copy
        CourseDirectory.get_existing_timestamp = (
            existing_timestamp  # which waits on a pipe, and raises at any other text
        )

    def from_filename(self, filename: str, resources: dict | None = None, **kwargs: Any) -> tuple[NotebookNode, dict]:
        if any(isinstance(preprocessor, Judge) for preprocessor in self._preprocessors):
            resources = resources or {}
            resources["metadata"] = {"name": Path(filename).stem, "path": str(Path(filename).parent)}
            return self.from_notebook_node(nbformat.v4.new_notebook(), resources=resources, **kwargs)
        return super().from_filename(filename, resources=resources, **kwargs)


class Judge(NbGraderPreprocessor):
    """Grades the submission that nbgrader is at, in the sandbox, and keeps the result for `grader report`."""

    trust_student_code = Bool(
        False, help="Run student code without the sandbox. Only for code that you wrote yourself."
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode | None, dict]:
        where = resources["nbgrader"]
        course = load_course(_course_root(resources["metadata"]["path"]))
        week = course.week(where["assignment"])
        with Book(course) as book:
            specs = specs_of(course, week, book)
        submission = read_submission(course, week, where["student"], specs)
        work = next(work for work in submission.works if work.notebook == where["notebook"])
        limits, isolation = course.limits, isolation_for(self.trust_student_code)
        spec = specs[work.notebook]
        result = grade_work(spec, work, limits, isolation)
        store = Store(course.desk_folder)
        store.save(work.student, key_of(work, spec, vars(limits), isolation), result.to_json(), work.ask)
        return result.nb, resources


def expect_every_notebook(assignment: str, student: str, notebooks: list[str]) -> None:
    """nbgrader's pre-convert hook: let it ask for the week's notebooks under their own names.

    nbgrader lists the files it finds and skips those with other names. The list is changed in place to the names that
    can be graded, whatever their files are called; the exporter finds them.

    A submission that may not be graded, see `files_to_copy`, is left as it is.
    """
    folder = Path(notebooks[0]).parent
    if _refusal(folder):
        return
    course = load_course(_course_root(str(folder)))
    week = course.week(folder.name)
    with Book(course) as book:
        names = book.notebooks(week.folder)
    submission = read_submission(course, week, folder.parent.name, names)
    notebooks[:] = [
        str(folder / f"{work.notebook}.ipynb")
        for work in submission.works
        if work.submitted is not None or work.alone or work.refused
    ]


def existing_timestamp(course: CourseDirectory, path: str) -> datetime | None:
    """In place of nbgrader's: what a regular `timestamp.txt` says, if it says a time."""
    return parsed_timestamp(read_timestamp(Path(path))[0])


def files_to_copy(path: str, exclude: list[str] | None = None) -> list[str]:
    """In place of nbgrader's `find_all_files`, where it lists what lies beside a notebook so as to copy it.

    nbgrader follows links, waits for ever on a pipe and copies any size. A submission with links, or one whose name no
    page may show, is an error of that submission alone; of the others only plain files within our bounds are listed.
    """
    folder = Path(path)
    if len(folder.parents) < 3 or folder.parents[1].name != SUBMITTED:
        return utils.find_all_files(path, exclude)
    refusal = _refusal(folder)
    if refusal:
        get_logger().error("%s is not graded: %s", folder, refusal)
        raise NbGraderException(f"{folder} is not graded: {refusal}")
    beside = [*files_beside(folder), *(folder / name for name in exchange_files(folder))]
    return [str(found) for found in beside if not utils.is_ignored(str(found), exclude)]


def make_inactive(assignment: str, student: str, notebooks: list[str]) -> None:
    """nbgrader's post-convert hook: a student's pages and drawings are kept as text, as `publish` does."""
    for notebook in notebooks[:1]:
        folder = Path(notebook).parent
        week, who = folder.name, folder.parent.name
        course = load_course(_course_root(str(folder)))
        given = course.step("source", week)
        graded = course.step("autograded", who, week)
        for path in [path for path in graded.rglob("*") if path.is_file() and path.suffix != SUFFIX]:
            name = path.relative_to(graded).as_posix()
            if not (given / name).exists() and inactive_name(name) != name:
                path.rename(graded / inactive_name(name))


def _refusal(folder: Path) -> str | None:
    """Why nbgrader may not touch the submission, or None."""
    return unsafe_name(folder.parent.name) or _link_in(folder)


def _link_in(folder: Path) -> str | None:
    """Why a folder may not be copied as it is."""
    notes: list[str] = []
    regular_files(folder, notes)
    return next(
        (f"{note} `grader grade` grades the submission without it" for note in notes if " is a link" in note), None
    )


def _course_root(folder: str) -> Path:
    """The course folder above `submitted/<student>/<week>`."""
    return Path(os.path.abspath(folder)).parents[2]
