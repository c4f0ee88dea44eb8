"""`grader feedback`: a page for every graded notebook, `feedback/<student>/<week>/<notebook>.html`.

nbgrader's generate_feedback with a page of our own (`templates/course_feedback`), in one process: its start costs more
than a page. Scores are read from the gradebook, so what a person changed in Formgrader is on the page.
"""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbgrader.converters import GenerateFeedback

from grader.desk.course.facts import Course, Week, load_course
from grader.desk.errors import DeskError
from grader.desk.feedback.no_page import remember
from grader.desk.files import write_atomically
from grader.desk.grade.results import Store
from grader.desk.gradebook.book import Book
from grader.desk.gradebook.late_days import Settled
from grader.desk.gradebook.lateness import settle_lateness, settled
from grader.desk.gradebook.nbgrader_settings import course_directory, nbgrader_config
from grader.desk.gradebook.retry import error_messages
from grader.desk.report.week_report import KINDS
from grader.judge.bounds import PAGE_SECONDS, bounded

MAX_REASON = 300  # characters of an error that are told
PAGE_MB = 700


class FeedbackExporter(HTMLExporter):
    """nbconvert's HTML exporter under a name of its own, so that its settings leave Formgrader's alone.

    Beside the graded notebook it is given what the judge found, from the results that the desk keeps.
    """

    def default_filters(self) -> Iterator[tuple[str, Callable]]:
        yield from super().default_filters()
        yield "points_by_kind", points_by_kind
        yield "lost_properties", lost_properties
        yield "script_hash", script_hash

    def from_filename(self, filename: str, resources: dict | None = None, **options: Any) -> tuple[Any, dict[str, Any]]:
        """The page of `autograded/<student>/<week>/<notebook>.ipynb`."""
        resources = {} if resources is None else resources
        resources["outcomes"] = outcomes_of(Path(os.path.abspath(filename)))
        return super().from_filename(filename, resources=resources, **options)


def script_hash(source: str) -> str:
    """What a Content-Security-Policy calls a script that stands in the page itself."""
    return f"sha256-{b64encode(sha256(source.encode()).digest()).decode()}"


def outcomes_of(path: Path) -> dict[str, list[dict]]:
    """What the judge found in a graded notebook, by grade_id of the test cell; nothing if no result is kept."""
    store = Store(load_course(path.parents[3]).desk_folder)
    kept = store.load(path.parent.name, path.parent.parent.name, path.stem)
    return {grade_id: part["outcomes"] for grade_id, part in kept.data["parts"].items()} if kept else {}


def points_by_kind(nb: NotebookNode) -> list[tuple[str, float, float]]:
    """`(kind, given, most)` for points, bonus and practice, as far as the notebook has them."""
    total = {kind: [0.0, 0.0] for kind in KINDS}
    for cell in nb.cells:
        data, tags = cell.metadata.get("nbgrader", {}), cell.metadata.get("tags", [])
        if data.get("grade"):
            kind = next((tag for tag in ("bonus", "practice") if tag in tags), "points")
            total[kind][0] += data["score"]
            total[kind][1] += data["points"]
    return [(kind, given, most) for kind, (given, most) in total.items() if most]


def lost_properties(cell: NotebookNode, outcomes: Mapping[str, list[dict]]) -> list[tuple[str, str]]:
    """`(property, hint)` of what a graded cell lost.

    Nothing for a cell that has all its points, be it by a person's hand. A hint that explains several is given once.
    """
    data = cell.metadata.nbgrader
    if data.score >= data.points:
        return []
    lost = [
        (f"{outcome['title']} ({outcome['points']:g} of {outcome['max_points']:g})", outcome["hint"])
        for outcome in outcomes.get(data.grade_id, ())
        if not outcome["passed"]
    ]
    hints = {hint for _, hint in lost}
    return [(f"{len(lost)} properties", hints.pop())] if len(lost) > 2 and len(hints) == 1 else lost


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
    pages = pages_to_write(course, weeks, students)
    with Book(course) as book:
        settle_lateness(book)
        late = settled(book)
    counted(len(pages))
    written, converter = Written(), _converter(course)
    failed: dict[Path, str] = {}
    for page, path in pages.items():
        try:
            with error_messages(converter.coursedir.db_url), bounded(PAGE_SECONDS, PAGE_MB):
                week, who = path.parent.name, path.parent.parent.name
                write_atomically(page, _page(converter, path, late_words(late.get(who, {}).get(week))))
            written.pages.append(page)
        except DeskError:
            raise  # of the gradebook, which is everyone's
        except Exception as error:  # whatever this one notebook holds: everyone else's page is made
            told = " ".join(str(error).split())[:MAX_REASON]
            written.problems.append(f"{path}: {type(error).__name__}: {told}")
            failed[path] = f"no page: {type(error).__name__}: {told}"
        seen(page)
    remember(course, pages.values(), failed)
    return written


def pages_to_write(course: Course, weeks: list[Week], students: tuple[str, ...] = ()) -> dict[Path, Path]:
    """The graded notebook of every page. Raises `DeskError` when there is none."""
    with Book(course) as book:
        notebooks = [path for week in weeks for path in graded_notebooks(course, week, book, students)]
    if not notebooks:
        who = f" of {', '.join(students)}" if students else ""
        raise DeskError(f"Nothing{who} has been graded in {course.root}.", "Run `grader grade` first.")
    return {
        course.step("feedback", path.parent.parent.name, path.parent.name, f"{path.stem}.html"): path
        for path in notebooks
    }


def graded_notebooks(course: Course, week: Week, book: Book, students: tuple[str, ...] = ()) -> list[Path]:
    """The graded notebooks of the week that the gradebook knows, by student."""
    known, names = set(book.scores(week.folder)), book.notebooks(week.folder)
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


def late_words(settled: Settled | None) -> str:
    """What a student is told of how late a week was, apart from the points; empty for work that was in time."""
    if settled is None or not (settled.days or settled.too_late):
        return ""
    late = f"{_counted(settled.days, 'day')} late" if settled.days else "late"
    if settled.too_late:
        return f"{late}, after the last moment that counts"
    return f"{late}, {_counted(settled.spent, 'late day')} spent on it" if settled.spent else late


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number > 1 else ''}"


def _page(converter: GenerateFeedback, path: Path, late: str) -> str:
    resources = converter.init_single_notebook_resources(str(path))
    resources["late"] = late
    return converter.exporter.from_filename(str(path), resources=resources)[0]
