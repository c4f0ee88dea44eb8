"""What the gradebook holds for the pages of a week, in three queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nbgrader import api
from sqlalchemy import select

from grader.desk.gradebook.book import Book
from grader.desk.gradebook.retry import error_messages
from grader.desk.gradebook.score import Score


@dataclass(frozen=True)
class Marks:
    """Of one notebook of one student: scores and comments by grade_id, and what lateness costs."""

    scores: Mapping[str, Score]
    comments: Mapping[str, str] = field(default_factory=dict)
    penalty: float = 0.0


def marks_of(book: Book, week: str, student: str | None = None) -> dict[tuple[str, str], Marks]:
    """Everyone's, or one student's, by `(student, notebook)`."""
    scores = book.scores(week, student)
    comments: dict[tuple[str, str], dict[str, str]] = {}
    penalties: dict[tuple[str, str], float] = {}
    notebooks = (
        select(api.SubmittedAssignment.student_id, api.Notebook.name)
        .select_from(api.SubmittedNotebook)
        .join(api.Notebook, api.Notebook.id == api.SubmittedNotebook.notebook_id)
        .join(api.SubmittedAssignment, api.SubmittedAssignment.id == api.SubmittedNotebook.assignment_id)
        .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
        .where(api.Assignment.name == week)
    )
    if student is not None:
        notebooks = notebooks.where(api.SubmittedAssignment.student_id == student)
    written = (
        notebooks.add_columns(api.BaseCell.name, api.Comment.manual_comment, api.Comment.auto_comment)
        .join(api.Comment, api.Comment.notebook_id == api.SubmittedNotebook.id)
        .join(api.BaseCell, api.BaseCell.id == api.Comment.cell_id)
    )
    with error_messages(book.url):
        for who, notebook, penalty in book.session.execute(
            notebooks.add_columns(api.SubmittedNotebook.late_submission_penalty)
        ):
            penalties[who, notebook] = penalty or 0.0
        for who, notebook, cell, manual, automatic in book.session.execute(written):
            # As nbgrader: what a person wrote stands in place of what was written for them.
            if manual or automatic:
                comments.setdefault((who, notebook), {})[cell] = manual or automatic
        book.session.rollback()
    return {
        (who, notebook): Marks(cells, comments.get((who, notebook), {}), penalties.get((who, notebook), 0.0))
        for who, of_student in scores.items()
        for notebook, cells in of_student.items()
    }
