"""What the gradebook holds for the pages of a week, in three queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.desk.gradebook.book import Book
from grader.desk.gradebook.rows import OF_SUBMISSIONS, whose
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
    theirs, values = whose(student)
    where = f"where assignment.name = :week and {theirs}"
    for who, notebook, penalty in book.rows(
        "select submitted_assignment.student_id, notebook.name, submitted_notebook.late_submission_penalty"
        f" from {OF_SUBMISSIONS} {where}",
        week=week,
        **values,
    ):
        penalties[who, notebook] = penalty or 0.0
    for who, notebook, cell, manual, automatic in book.rows(
        "select submitted_assignment.student_id, notebook.name, base_cell.name, comment.manual_comment,"
        f" comment.auto_comment from {OF_SUBMISSIONS} join comment on comment.notebook_id = submitted_notebook.id"
        f" join base_cell on base_cell.id = comment.cell_id {where}",
        week=week,
        **values,
    ):
        # As nbgrader: what a person wrote stands in place of what was written for them.
        if manual or automatic:
            comments.setdefault((who, notebook), {})[cell] = manual or automatic
    return {
        (who, notebook): Marks(cells, comments.get((who, notebook), {}), penalties.get((who, notebook), 0.0))
        for who, of_student in scores.items()
        for notebook, cells in of_student.items()
    }
