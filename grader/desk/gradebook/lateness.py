"""What a class has settled about lateness (`Course.late`, `Course.due`), applied to the gradebook.

Without `[late]` in `course.toml`, nbgrader's own plugin decides, as nbgrader is configured. Late days may move from one
week to another as the term goes on, so a student's weeks are settled together: one late submission can change what an
earlier one costs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import TYPE_CHECKING

from nbgrader import api
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from grader.desk.course.deadlines import LateRule
from grader.desk.course.facts import Course
from grader.desk.gradebook.book import Book
from grader.desk.gradebook.cell_kinds import kinds_of
from grader.desk.gradebook.late_days import Handed, Settled, settle
from grader.desk.gradebook.nbgrader_settings import LATE_PLUGIN
from grader.desk.gradebook.retry import error_messages, retried
from grader.desk.gradebook.score import Score, as_decided

if TYPE_CHECKING:
    from nbgrader.preprocessors import AssignLatePenalties


@dataclass(frozen=True)
class _Row:
    """A handed-in notebook in the gradebook; `points` are those that count towards the mark."""

    id: str
    week: str
    notebook: str
    when: datetime | None
    points: float
    penalty: float | None


class Lateness:
    """The lateness of one course's submissions; knows the rule, and which cells count towards the mark."""

    def __init__(self, course: Course, session: Session, practice: Iterable[str] = ()):
        self.course, self.session, self.practice = course, session, list(practice)
        self.rule = course.late or LateRule()

    def settle(self, student: str | None = None) -> int:
        """Set deadlines, extensions and penalties of this student, or of everyone; returns how many rows changed.

        Nothing is committed. Penalties are spread over a week's notebooks in the order of their names, none taking more
        than its notebook earned.
        """
        self.session.flush()
        changed = self._deadlines() + self._extensions_of(student)
        for who, rows in self._rows(student).items():
            settled = self._settled(who, rows)
            left = {week: one.penalty for week, one in settled.items()}
            for row in rows:
                share = min(left[row.week], row.points)
                left[row.week] -= share
                if abs((row.penalty or 0.0) - share) > 1e-9:
                    changed += 1
                    table = api.SubmittedNotebook
                    self.session.execute(
                        update(table).where(table.id == row.id).values(late_submission_penalty=share or None)
                    )
        return changed

    def of(self, student: str | None = None) -> dict[str, dict[str, Settled]]:
        """What lateness comes to, by student and week; nothing is written."""
        return {who: self._settled(who, rows) for who, rows in self._rows(student).items()}

    def penalty(self, student: str, week: str, notebook: str) -> float:
        """What was set for one notebook."""
        rows = self._rows(student).get(student, [])
        return next((row.penalty or 0.0 for row in rows if (row.week, row.notebook) == (week, notebook)), 0.0)

    def _settled(self, student: str, rows: list[_Row]) -> dict[str, Settled]:
        handed: dict[str, Handed] = {}
        for week in self.course.weeks:
            mine = [row for row in rows if row.week == week.folder]
            if mine:
                points = sum(row.points for row in mine)
                handed[week.folder] = Handed(week.folder, self.course.due(week, student), mine[0].when, points)
        return settle(list(handed.values()), self.rule)

    def _deadlines(self) -> int:
        """The gradebook's deadlines brought to those of `course.toml`."""
        changed = 0
        for assignment in self.session.scalars(select(api.Assignment)):
            week = next((week for week in self.course.weeks if week.folder == assignment.name), None)
            due = _utc(week.deadline) if week else None
            if week and assignment.duedate != due:
                assignment.duedate, changed = due, changed + 1
        return changed

    def _extensions_of(self, student: str | None) -> int:
        """nbgrader's own note of an extension, so that its pages count from the student's deadline."""
        table, changed = api.SubmittedAssignment, 0
        extended = sorted({*self.course.extensions, *self.course.decisions.extended()})
        query = select(table).where(table.extension.is_not(None) | table.student_id.in_(extended))
        if student is not None:
            query = query.where(table.student_id == student)
        for submission in self.session.scalars(query):
            week = next((week for week in self.course.weeks if week.folder == submission.assignment.name), None)
            if week is None:
                continue
            due = self.course.due(week, submission.student_id).soft
            more = due - week.deadline if due and week.deadline else timedelta(0)
            if (submission.extension or timedelta(0)) != more:
                submission.extension, changed = more or None, changed + 1
        return changed

    def _rows(self, student: str | None) -> dict[str, list[_Row]]:
        """Everything handed in, by student; notebooks in the order of their names."""
        counts = api.Grade.score
        earned = (
            select(api.Grade.notebook_id, func.sum(counts).label("points"))
            .where(api.Grade.cell_id.not_in(self.practice))
            .group_by(api.Grade.notebook_id)
            .subquery()
        )
        submitted, notebook = api.SubmittedAssignment, api.SubmittedNotebook
        query = (
            select(
                submitted.student_id,
                notebook.id,
                api.Assignment.name,
                api.Notebook.name,
                submitted.timestamp,
                earned.c.points,
                notebook.late_submission_penalty,
            )
            .join(submitted, submitted.id == notebook.assignment_id)
            .join(api.Assignment, api.Assignment.id == submitted.assignment_id)
            .join(api.Notebook, api.Notebook.id == notebook.notebook_id)
            .outerjoin(earned, earned.c.notebook_id == notebook.id)
            .order_by(submitted.student_id, api.Assignment.name, api.Notebook.name)
        )
        if student is not None:
            query = query.where(submitted.student_id == student)
        known = {week.folder for week in self.course.weeks}
        decided = self._decided(student)
        found: dict[str, list[_Row]] = {}
        for who, key, week, name, when, points, penalty in self.session.execute(query):
            if week in known:
                aware = when.replace(tzinfo=timezone.utc) if when else None
                points = max(0.0, (points or 0.0) + decided.get(key, 0.0))
                found.setdefault(who, []).append(_Row(key, week, name, aware, points, penalty))
        return found

    def _decided(self, student: str | None) -> dict[str, float]:
        """How much more, or less, each notebook counts by what the instructor has decided about its cells."""
        by_week = {week.folder: self.course.decisions.about_scores(week.folder) for week in self.course.weeks}
        weeks = {week: about for week, about in by_week.items() if about}
        if not weeks:
            return {}
        submitted, notebook = api.SubmittedAssignment, api.SubmittedNotebook
        query = (
            select(
                notebook.id,
                submitted.student_id,
                api.Assignment.name,
                api.Notebook.name,
                api.BaseCell.name,
                api.Grade.auto_score,
                api.Grade.manual_score,
                api.Grade.extra_credit,
                api.Grade.needs_manual_grade,
                api.Grade.max_score,
            )
            .join(notebook, notebook.id == api.Grade.notebook_id)
            .join(submitted, submitted.id == notebook.assignment_id)
            .join(api.Assignment, api.Assignment.id == submitted.assignment_id)
            .join(api.Notebook, api.Notebook.id == notebook.notebook_id)
            .join(api.BaseCell, api.BaseCell.id == api.Grade.cell_id)
            .where(api.Assignment.name.in_(list(weeks)), api.Grade.cell_id.not_in(self.practice))
        )
        if student is not None:
            query = query.where(submitted.student_id == student)
        found: dict[str, float] = {}
        for key, who, week, name, cell, auto, manual, extra, needs, most in self.session.execute(query):
            score = as_decided(Score(auto, manual, extra, bool(needs)), weeks[week], who, f"{name}/{cell}", most)
            found[key] = found.get(key, 0.0) + score.points - score.graded
        return found


def _utc(moment: datetime | None) -> datetime | None:
    """nbgrader keeps times in UTC, without saying so."""
    return moment.astimezone(timezone.utc).replace(tzinfo=None) if moment else None


def practice_cells(book: Book) -> list[str]:
    """The gradebook's ids of the cells that count for nothing, of all weeks released here."""
    return [
        book.layout(week.folder, name).grade_cells[grade_id]
        for week in book.course.weeks
        if book.course.step("source", week.folder).is_dir()
        for (name, grade_id), kind in kinds_of(book.course, week, book).items()
        if kind.kind == "practice"
    ]


def lateness_of(book: Book) -> Lateness | None:
    """What `course.toml` says about lateness, or None where another plugin of nbgrader's decides."""
    if book.config.AssignLatePenalties.get("plugin_class") != LATE_PLUGIN:
        return None
    return Lateness(book.course, book.session, practice_cells(book))


def settle_lateness(book: Book) -> int:
    """Bring deadlines, extensions and penalties to what `course.toml` says today; returns how many rows changed.

    No submission is graded again for it. The penalties of another plugin are left alone.
    """

    def settle_and_commit(lateness: Lateness) -> int:
        try:
            changed = lateness.settle()
            if changed:
                book.session.commit()
            return changed
        finally:
            book.session.rollback()

    with error_messages(book.url):
        lateness = lateness_of(book)
        return retried(lambda: settle_and_commit(lateness)) if lateness else 0


def settled(book: Book) -> dict[str, dict[str, Settled]]:
    """What lateness comes to, by student and week; nothing where penalties are another plugin's."""
    with error_messages(book.url):
        lateness = lateness_of(book)
        return lateness.of() if lateness else {}


def late_penalties(book: Book) -> Callable[[api.SubmittedAssignment], object]:
    """A function that sets the late penalties of a submission that is being written, and of what follows from it.

    Where `course.toml` has no rule, they are what nbgrader's late-submission plugin, whichever is configured, says.
    """
    lateness = lateness_of(book)
    if lateness:
        return lambda submission: lateness.settle(submission.student_id)

    @cache
    def assigning() -> AssignLatePenalties:
        from nbgrader.preprocessors import AssignLatePenalties  # with nbconvert: only once somebody is late

        assign = AssignLatePenalties(config=book.config)
        assign.init_plugin()
        return assign

    def set_penalties(submission: api.SubmittedAssignment) -> None:
        for notebook in submission.notebooks:
            notebook.late_submission_penalty = None
            if submission.total_seconds_late > 0:
                assign = assigning()
                penalty = assign.plugin_inst.late_submission_penalty(
                    submission.student_id, notebook.score, submission.total_seconds_late
                )
                if penalty is not None:
                    notebook.late_submission_penalty = assign._check_late_penalty(notebook, penalty)

    return set_penalties
