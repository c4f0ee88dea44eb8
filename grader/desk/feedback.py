"""`grader feedback`: a page for every graded notebook, `feedback/<student>/<week>/<notebook>.html`.

nbgrader's generate_feedback with a page of our own (`templates/course_feedback`), in one process: its start costs more
than a page. Scores are read from the gradebook, so what a person changed in Formgrader is on the page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from nbconvert.exporters import HTMLExporter
from nbgrader.api import MissingEntry
from nbgrader.converters import GenerateFeedback

from grader.desk.course import Course, Week
from grader.desk.errors import DeskError
from grader.desk.files import write_atomically
from grader.desk.gradebook import Book, told
from grader.desk.nbgrader_glue import course_directory, nbgrader_config


class FeedbackExporter(HTMLExporter):
    """nbconvert's HTML exporter under a name of its own, so that its settings leave Formgrader's alone."""


@dataclass
class Written:
    """The pages that were written, and the notebooks that could not be shown, each with the reason."""

    pages: list[Path] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def feedback(
    course: Course,
    weeks: list[Week],
    students: tuple[str, ...] = (),
    *,
    seen: Callable[[Path], None] = lambda page: None,
    counted: Callable[[int], None] = lambda total: None,
) -> Written:
    """Write the pages of `weeks`, or only those of `students`."""
    with Book(course) as book:
        notebooks = [path for week in weeks for path in graded_notebooks(course, week, book, students)]
    if not notebooks:
        raise DeskError(f"Nothing has been graded in {course.root}.", "Run `grader grade` first.")
    counted(len(notebooks))
    written, converter = Written(), _converter(course)
    for path in notebooks:
        student, week = path.parent.parent.name, path.parent.name
        page = course.step("feedback", student, week, f"{path.stem}.html")
        try:
            with told(converter.coursedir.db_url):
                write_atomically(page, _page(converter, path))
            written.pages.append(page)
        except (MissingEntry, ValueError, KeyError, AttributeError) as error:
            written.problems.append(f"{path}: {type(error).__name__}: {error}")
        seen(page)
    return written


def graded_notebooks(course: Course, week: Week, book: Book, students: tuple[str, ...] = ()) -> list[Path]:
    """The graded notebooks of the week that the gradebook knows, by student."""
    known, names = set(book.scores(week.folder)), book.notebooks(week.folder)
    for student in students:
        if student not in known:
            raise DeskError(f"{student!r} has no graded work for {week.folder}.", "See the names in submitted/.")
    chosen = sorted(known.intersection(students) if students else known)
    paths = [course.step("autograded", who, week.folder, f"{name}.ipynb") for who in chosen for name in names]
    return [path for path in paths if path.is_file()]


def _converter(course: Course) -> GenerateFeedback:
    """nbgrader's converter, set up as its own `start` does, for one notebook after the other."""
    converter = GenerateFeedback(coursedir=course_directory(course), config=nbgrader_config(course))
    converter.exporter = converter.exporter_class(parent=converter, config=converter.config)
    for preprocessor in converter.preprocessors:
        converter.exporter.register_preprocessor(preprocessor)
    return converter


def _page(converter: GenerateFeedback, path: Path) -> str:
    resources = converter.init_single_notebook_resources(str(path))
    return converter.exporter.from_filename(str(path), resources=resources)[0]
