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
from types import SimpleNamespace
from typing import TYPE_CHECKING

from grader.desk.course.deadlines import LateRule
from grader.desk.course.facts import Course
from grader.desk.gradebook.book import Book
from grader.desk.gradebook.cell_kinds import kinds_of
from grader.desk.gradebook.late_days import Handed, Settled, settle
from grader.desk.gradebook.nbgrader_settings import decides_lateness
from grader.desk.gradebook.retry import error_messages
from grader.desk.gradebook.rows import MOST, OF_GRADES, OF_SUBMISSIONS, POINTS, Tables, listed, moment, span, whose
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

    def __init__(self, course: Course, tables: Tables, practice: Iterable[str] = ()):
        self.course, self.tables, self.practice = course, tables, list(practice)
        self.rule = course.late or LateRule()

    def settle(self, student: str | None = None) -> int:
        """Set deadlines, extensions and penalties of this student, or of everyone; returns how many rows changed.

        Nothing is committed; what is to be found of a session must be flushed. Penalties are spread over a week's
        notebooks in the order of their names, none taking more than its notebook earned.
        """
        changed = self._deadlines() + self._extensions_of(student)
        for who, rows in self._rows(student).items():
            settled = self._settled(who, rows)
            left = {week: one.penalty for week, one in settled.items()}
            for row in rows:
                share = min(left[row.week], row.points)
                left[row.week] -= share
                if abs((row.penalty or 0.0) - share) > 1e-9:
                    changed += 1
                    self._set("submitted_notebook", row.id, late_submission_penalty=share or None)
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
        weeks = {week.folder: week for week in self.course.weeks}
        for key, name, kept in self.tables.rows("select id, name, duedate from assignment"):
            due = _utc(weeks[name].deadline) if name in weeks else None
            if name in weeks and moment(kept) != due:
                self._set("assignment", key, duedate=due)
                changed += 1
        return changed

    def _extensions_of(self, student: str | None) -> int:
        """nbgrader's own note of an extension, so that its pages count from the student's deadline."""
        extended, changed = {*self.course.extensions, *self.course.decisions.extended()}, 0
        weeks = {week.folder: week for week in self.course.weeks}
        theirs, values = whose(student)
        for key, who, name, kept in self.tables.rows(
            "select submitted_assignment.id, submitted_assignment.student_id, assignment.name,"
            " submitted_assignment.extension from submitted_assignment"
            f" join assignment on assignment.id = submitted_assignment.assignment_id where {theirs}"
            + ("" if extended else " and submitted_assignment.extension is not null"),
            **values,
        ):
            if name not in weeks or (kept is None and who not in extended):
                continue
            due, usual = self.course.due(weeks[name], who).soft, weeks[name].deadline
            more = due - usual if due and usual else timedelta(0)
            if (span(kept) or timedelta(0)) != more:
                self._set("submitted_assignment", key, extension=more or None)
                changed += 1
        return changed

    def _set(self, table: str, key: str, **values: object) -> None:
        self.tables.update(table, [{"id": key, **values}])

    def _rows(self, student: str | None) -> dict[str, list[_Row]]:
        """Everything handed in, by student; notebooks in the order of their names."""
        practice, ids = listed("cell", self.practice)
        theirs, values = whose(student)
        rows = self.tables.rows(
            "select submitted_assignment.student_id, submitted_notebook.id, assignment.name, notebook.name,"
            " submitted_assignment.timestamp, earned.points, submitted_notebook.late_submission_penalty"
            f" from {OF_SUBMISSIONS} left join (select notebook_id, sum({POINTS}) as points from grade"
            f" where {f'cell_id not in {practice}' if ids else '1 = 1'} group by notebook_id) as earned"
            f" on earned.notebook_id = submitted_notebook.id where {theirs}"
            " order by submitted_assignment.student_id, assignment.name, notebook.name",
            **ids,
            **values,
        )
        known = {week.folder for week in self.course.weeks}
        decided = self._decided(student)
        found: dict[str, list[_Row]] = {}
        for who, key, week, name, timestamp, points, penalty in rows:
            if week in known:
                when = moment(timestamp)
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
        names, named = listed("week", list(weeks))
        theirs, values = whose(student)
        found: dict[str, float] = {}
        for key, who, week, name, cell_id, cell, auto, manual, extra, needs, most in self.tables.rows(
            "select submitted_notebook.id, submitted_assignment.student_id, assignment.name, notebook.name,"
            " base_cell.id, base_cell.name, grade.auto_score, grade.manual_score, grade.extra_credit,"
            f" grade.needs_manual_grade, {MOST} from {OF_GRADES} where assignment.name in {names} and {theirs}",
            **named,
            **values,
        ):
            if cell_id in self.practice:
                continue
            score = as_decided(Score(auto, manual, extra, bool(needs)), weeks[week], who, f"{name}/{cell}", most)
            found[key] = found.get(key, 0.0) + score.points - score.graded
        return found


def _utc(when: datetime | None) -> datetime | None:
    """nbgrader keeps times in UTC, without saying so."""
    return when.astimezone(timezone.utc).replace(tzinfo=None) if when else None


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
    if not decides_lateness(book.course):
        return None
    return Lateness(book.course, book, practice_cells(book))


def settle_lateness(book: Book) -> int:
    """Bring deadlines, extensions and penalties to what `course.toml` says today; returns how many rows changed.

    No submission is graded again for it. The penalties of another plugin are left alone.
    """
    lateness = lateness_of(book)
    return book.write_all(lateness.settle) if lateness else 0


def settled(book: Book) -> dict[str, dict[str, Settled]]:
    """What lateness comes to, by student and week; nothing where penalties are another plugin's."""
    with error_messages(book.url):
        lateness = lateness_of(book)
        return lateness.of() if lateness else {}


def late_penalties(book: Book) -> Callable[[str, str], object]:
    """A function that sets the late penalties of a submission that is being written, and of what follows from it.

    It is given the student and the week. Where `course.toml` has no rule, the penalties are what nbgrader's
    late-submission plugin, whichever is configured, says.
    """
    lateness = lateness_of(book)
    if lateness:
        return lambda student, week: lateness.settle(student)

    @cache
    def assigning() -> AssignLatePenalties:
        from nbgrader.preprocessors import AssignLatePenalties  # with nbconvert: only once somebody is late

        assign = AssignLatePenalties(config=book.config)
        assign.init_plugin()
        return assign

    def set_penalties(student: str, week: str) -> None:
        theirs, values = whose(student)
        for key, when, due, extension, score, before in book.rows(
            "select submitted_notebook.id, submitted_assignment.timestamp, assignment.duedate,"
            f" submitted_assignment.extension, (select coalesce(sum({POINTS}), 0.0) from grade"
            " where grade.notebook_id = submitted_notebook.id), submitted_notebook.late_submission_penalty"
            f" from {OF_SUBMISSIONS} where assignment.name = :week and {theirs}",
            week=week,
            **values,
        ):
            penalty, seconds = None, _seconds_late(moment(when), moment(due), span(extension))
            if seconds > 0:
                assign = assigning()
                penalty = assign.plugin_inst.late_submission_penalty(student, score, seconds)
                if penalty is not None:
                    penalty = assign._check_late_penalty(SimpleNamespace(score=score), penalty)
            if penalty != before:
                book.update("submitted_notebook", [{"id": key, "late_submission_penalty": penalty}])

    return set_penalties


def _seconds_late(when: datetime | None, due: datetime | None, extension: timedelta | None) -> float:
    """As nbgrader counts them."""
    return max(0.0, (when - due - (extension or timedelta(0))).total_seconds()) if when and due else 0.0
