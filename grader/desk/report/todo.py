"""`grader todo`: what only a person can do, from the gradebook and the kept results."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nbgrader import api
from sqlalchemy import select

from grader.desk.collect.senders import MAPPING
from grader.desk.collect.troubles import TROUBLES, read_troubles
from grader.desk.course.csv_files import read_csv
from grader.desk.course.facts import Course, Week
from grader.desk.feedback.no_page import without_page
from grader.desk.grade.results import Store
from grader.desk.gradebook.book import Book
from grader.desk.gradebook.retry import error_messages
from grader.judge.grading.result import GRADED

# Reasons, in the order in which one would look at them.
WRITTEN, AGAIN, NOT_GRADED, UNPLACED = "written answer", "graded again", "not graded", "whose file"
NO_PAGE = "no feedback"
COLLECTED = "collected in part"
_SELF_SAID = {GRADED, "missing"}


@dataclass(frozen=True)
class Todo:
    """One thing to look at; `where` is the page of Formgrader that shows it, or a file."""

    why: str
    week: str = ""
    notebook: str = ""
    exercise: str = ""
    student: str = ""
    detail: str = ""
    where: str = ""


def todo(course: Course, weeks: list[Week]) -> list[Todo]:
    """Everything that waits: answers to read, scores to confirm, ungraded notebooks, files of nobody."""
    with Book(course) as book:
        found = [one for week in weeks for one in _cells(book, week)]
    found += [one for week in weeks for one in _ungraded(course, week)]
    return found + _collected(course, weeks) + _unplaced(course.root / MAPPING)


def _cells(book: Book, week: Week) -> list[Todo]:
    query = (
        select(
            api.SubmittedAssignment.student_id,
            api.Notebook.name,
            api.BaseCell.name,
            api.Grade.manual_score,
            api.SubmittedNotebook.id,
        )
        .join(api.SubmittedNotebook, api.SubmittedNotebook.id == api.Grade.notebook_id)
        .join(api.Notebook, api.Notebook.id == api.SubmittedNotebook.notebook_id)
        .join(api.SubmittedAssignment, api.SubmittedAssignment.id == api.SubmittedNotebook.assignment_id)
        .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
        .join(api.BaseCell, api.BaseCell.id == api.Grade.cell_id)
        .where(api.Assignment.name == week.folder, api.Grade.needs_manual_grade)
        .order_by(api.Notebook.name, api.BaseCell.name, api.SubmittedAssignment.student_id)
    )
    with error_messages(book.url):
        rows = book.session.execute(query).all()
        book.session.rollback()
    return [
        Todo(
            WRITTEN if score is None else AGAIN,
            week.folder,
            notebook,
            cell.removeprefix("test_"),
            student,
            "" if score is None else f"your score of {score:g} was kept; the work was graded again since",
            f"/formgrader/submissions/{submission}/?index=0",
        )
        for student, notebook, cell, score, submission in rows
    ]


def _ungraded(course: Course, week: Week) -> list[Todo]:
    store = Store(course.desk_folder)
    return [
        Todo(NOT_GRADED, week.folder, kept.data["name"], "", kept.student, _reason(kept.data), str(kept.place))
        for kept in store.all(week.folder)
        if kept.data["status"] not in _SELF_SAID
    ] + [
        Todo(NO_PAGE, week.folder, notebook, "", student, why, f"{student}/{week.folder}/{notebook}.ipynb")
        for student, notebook, why in without_page(course, week.folder)
    ] + [
        Todo(NOT_GRADED, week.folder, place.stem, "", place.parent.name, "grade it again: no result", str(place))
        for place in store.unreadable(week.folder)
    ]


def _reason(result: dict) -> str:
    said = " ".join(result["notes"])
    return f"{result['status'].replace('_', ' ')}: {said}" if said else result["status"].replace("_", " ")


def _unplaced(mapping: Path) -> list[Todo]:
    """Lines of `mapping.csv` that nobody has filled in."""
    if not mapping.exists():
        return []
    rows = [row for row in read_csv(mapping)[1:] if row and row[0] and not "".join(row[1:2]).strip()]
    return [Todo(UNPLACED, detail=row[0], where=str(mapping)) for row in rows]


def _collected(course: Course, weeks: list[Week]) -> list[Todo]:
    """What `grader collect` could not take in as a whole, or had to choose."""
    named, place = {week.folder for week in weeks}, str(course.root / TROUBLES)
    return [
        Todo(COLLECTED, week, student=student, detail=what, where=place)
        for week, student, what in read_troubles(course.root)
        if week in named
    ]
