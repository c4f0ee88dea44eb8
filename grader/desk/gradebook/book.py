"""How grading reads and writes nbgrader's gradebook; release, revision and lateness write their own parts of it.

A submission is written in one transaction: the student, the submission, its grades, its comments, its late penalty. The
values are the ones that nbgrader's own autograde would leave, so that Formgrader, feedback and export work unchanged.
Scores and comments that a person gave are never touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TypeVar

from nbformat import NotebookNode
from nbgrader import api
from sqlalchemy import select
from sqlalchemy.orm import Session

from grader.desk.addresses import shown, sqlite_file
from grader.desk.course.course import NO_FOLDER
from grader.desk.course.facts import FACTS, Course
from grader.desk.course.roster import Person
from grader.desk.errors import DeskError
from grader.desk.gradebook.nbgrader_settings import course_directory, nbgrader_config, programs_on_path
from grader.desk.gradebook.retry import error_messages, retried
from grader.desk.gradebook.score import Score, as_decided
from grader.desk.gradebook.timestamps import parsed_timestamp

Row = TypeVar("Row")


@dataclass(frozen=True)
class Grades:
    """What grading found in one notebook, by grade_id: points of graded cells, None where a person is to give them;
    and the answers that are as they were released."""

    points: Mapping[str, float | None]
    unanswered: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Layout:
    """What the gradebook knows of a released notebook, by grade_id."""

    notebook_id: str
    points: Mapping[str, float]
    grade_cells: Mapping[str, str]
    comment_cells: Mapping[str, str]
    checksums: Mapping[str, str]


@dataclass(frozen=True)
class Release:
    """What the gradebook knows of a released week; layouts are by the name of the notebook."""

    assignment_id: str
    layouts: Mapping[str, Layout]


_BRING_BACK = (
    "Put it back from where it was moved to, or from a backup. If it is lost: `grader release`, then `grader grade` "
    "put the automatic scores back from .grader/; scores given by hand were in it alone."
)


class Book:
    """nbgrader's gradebook of a course; use as a context manager.

    Raises `DeskError` where there is none, or one that knows nothing of this class, unless `new_too`, for a release.
    """

    def __init__(self, course: Course, *, new_too: bool = False):
        programs_on_path()
        self.course, self.new_too = course, new_too
        self.config = nbgrader_config(course)
        self.url = course_directory(course, self.config).db_url
        self._releases: dict[str, Release] = {}

    def __enter__(self) -> Book:
        if not self.new_too:
            self._refuse_to_make_one()
        with error_messages(self.url):
            self.nbgrader = retried(lambda: api.Gradebook(self.url, self.course.id))
        try:
            if not self.new_too:
                self._refuse_another()
        except BaseException:
            self.nbgrader.close()
            raise
        return self

    def _refuse_to_make_one(self) -> None:
        """SQLite would make an empty gradebook in the place of one that was moved away, and scores would be gone."""
        with error_messages(self.url):
            place = sqlite_file(self.url)
        if place is None or place.exists():
            return
        if self.course.step("release").is_dir():
            raise DeskError(f"The gradebook {place} is not there, and weeks were released with it.", _BRING_BACK)
        if not (self.course.root / FACTS).exists():
            raise DeskError(f"{self.course.root} is no course folder: there is no {FACTS} in it.", NO_FOLDER)
        raise DeskError(
            f"There is no gradebook {place} yet: nothing has been released in {self.course.root}.",
            "Run `grader release` first.",
        )

    def _refuse_another(self) -> None:
        """An empty gradebook, or another class's, knows no week of which results are kept here."""
        with error_messages(self.url):
            known = set(self.session.scalars(select(api.Assignment.name)))
            self.session.rollback()
        kept = self.course.desk_folder / "results"
        graded = [week.folder for week in self.course.weeks if (kept / week.folder).is_dir()]
        if graded and known.isdisjoint(graded):
            raise DeskError(
                f"The gradebook {shown(self.url)} knows nothing of {', '.join(graded)}, graded here: it is empty, or "
                "another class's.",
                _BRING_BACK,
            )

    def __exit__(self, *exception: object) -> None:
        self.nbgrader.close()

    @property
    def session(self) -> Session:
        return self.nbgrader.db

    def notebooks(self, week: str) -> list[str]:
        """The released notebooks of the week that have graded cells. Empty when the week was not released here."""
        with error_messages(self.url):
            assignment = self._assignment(week)
            return (
                [notebook.name for notebook in assignment.notebooks if self._layout_of(notebook).grade_cells]
                if assignment
                else []
            )

    def layout(self, week: str, notebook: str) -> Layout:
        """The cells of a released notebook."""
        with error_messages(self.url):
            return self._release(week).layouts[notebook]

    def scores(self, week: str, student: str | None = None) -> dict[str, dict[str, dict[str, Score]]]:
        """`scores[student][notebook][grade_id]` of a week, in one query, with what was decided about them."""
        query = (
            select(
                api.SubmittedAssignment.student_id,
                api.Notebook.name,
                api.BaseCell.name,
                api.Grade.auto_score,
                api.Grade.manual_score,
                api.Grade.extra_credit,
                api.Grade.needs_manual_grade,
            )
            .join(api.SubmittedNotebook, api.SubmittedNotebook.id == api.Grade.notebook_id)
            .join(api.Notebook, api.Notebook.id == api.SubmittedNotebook.notebook_id)
            .join(api.SubmittedAssignment, api.SubmittedAssignment.id == api.SubmittedNotebook.assignment_id)
            .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
            .join(api.BaseCell, api.BaseCell.id == api.Grade.cell_id)
            .where(api.Assignment.name == week)
        )
        if student is not None:
            query = query.where(api.SubmittedAssignment.student_id == student)
        found: dict[str, dict[str, dict[str, Score]]] = {}
        about = self.course.decisions.about_scores(week)
        with error_messages(self.url):
            for who, notebook, cell, auto, manual, extra, needs in self.session.execute(query).all():
                score = Score(auto, manual, extra, bool(needs))
                if about:
                    most = self._release(week).layouts[notebook].points.get(cell, 0.0)
                    score = as_decided(score, about, who, f"{notebook}/{cell}", most)
                found.setdefault(who, {}).setdefault(notebook, {})[cell] = score
            self.session.rollback()
        return found

    def penalties(self, week: str) -> dict[str, float]:
        """Points taken off for lateness, by student."""
        query = (
            select(api.SubmittedAssignment.student_id, api.SubmittedNotebook.late_submission_penalty)
            .join(api.SubmittedAssignment, api.SubmittedAssignment.id == api.SubmittedNotebook.assignment_id)
            .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
            .where(api.Assignment.name == week)
        )
        found: dict[str, float] = {}
        with error_messages(self.url):
            for student, penalty in self.session.execute(query):
                found[student] = found.get(student, 0.0) + (penalty or 0.0)
            self.session.rollback()
        return found

    def times(self, week: str) -> dict[str, datetime]:
        """When each student handed in, as far as it is known."""
        query = (
            select(api.SubmittedAssignment.student_id, api.SubmittedAssignment.timestamp)
            .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
            .where(api.Assignment.name == week, api.SubmittedAssignment.timestamp.is_not(None))
        )
        with error_messages(self.url):
            rows = self.session.execute(query).all()
            self.session.rollback()
        return {student: when.replace(tzinfo=timezone.utc) for student, when in rows}

    def write(
        self,
        student: str,
        week: str,
        graded: Mapping[str, Grades | None],
        *,
        timestamp: str | None = None,
        for_a_person: frozenset[str] = frozenset(),
        before_commit: Callable[[api.SubmittedAssignment], None] = lambda submission: None,
    ) -> None:
        """Put one submission into the gradebook.

        `graded` maps every notebook of the week to its grades, or to None when nothing was handed in for it, which
        scores 0. Cells of notebooks in `for_a_person` are marked for a person to look at. `before_commit` is given
        the submission's row when all is written and nothing is committed; what it raises undoes the whole submission.
        """
        with error_messages(self.url):
            retried(lambda: self._write(student, week, graded, timestamp, for_a_person, before_commit))

    def _write(
        self,
        student: str,
        week: str,
        graded: Mapping[str, Grades | None],
        timestamp: str | None,
        for_a_person: frozenset[str],
        before_commit: Callable[[api.SubmittedAssignment], None],
    ) -> None:
        session = self.session
        try:
            release = self._release(week)
            submission = self._submission(student, release)
            submission.timestamp = parsed_timestamp(timestamp)
            submitted = {notebook.notebook_id: notebook for notebook in submission.notebooks}
            for name, grades in graded.items():
                layout = release.layouts[name]
                self._write_notebook(layout, submitted[layout.notebook_id], grades, name in for_a_person)
            session.flush()
            before_commit(submission)
            session.commit()
        except BaseException:
            session.rollback()
            raise

    def _write_notebook(
        self, layout: Layout, submitted: api.SubmittedNotebook, found: Grades | None, for_a_person: bool
    ) -> None:
        grades = {grade.cell_id: grade for grade in submitted.grades}
        for grade_id, cell_id in layout.grade_cells.items():
            grade = grades.get(cell_id) or self._added(api.Grade(cell_id=cell_id, notebook=submitted))
            if found is None:
                grade.auto_score, grade.needs_manual_grade = 0.0, False
                continue
            grade.auto_score = found.points[grade_id]
            # nbgrader's rule: a score that a person gave is to be looked at again once the work was graded again.
            grade.needs_manual_grade = for_a_person or grade.manual_score is not None or grade.auto_score is None
        comments = {comment.cell_id: comment for comment in submitted.comments}
        if found is None:
            return
        for grade_id, cell_id in layout.comment_cells.items():
            comment = comments.get(cell_id) or self._added(api.Comment(cell_id=cell_id, notebook=submitted))
            comment.auto_comment = "No response." if grade_id in found.unanswered else None

    def enter_students(self, people: Iterable[Person]) -> None:
        """Names and addresses of `people` (of :mod:`grader.desk.course.roster`), for nbgrader's pages and exports."""

        def enter() -> None:
            known = {row.id: row for row in self.session.scalars(select(api.Student))}
            for person in people:
                row = known.get(person.id) or self._added(api.Student(id=person.id))
                for key in ("first_name", "last_name", "email"):
                    value = getattr(person, key)
                    if value and getattr(row, key) != value:
                        setattr(row, key, value)
            self.session.commit()

        with error_messages(self.url):
            try:
                retried(enter)
            finally:
                self.session.rollback()

    def _submission(self, student: str, release: Release) -> api.SubmittedAssignment:
        """The submission's row, with all its notebooks, grades and comments. What is new is not yet in the database."""
        query = select(api.SubmittedAssignment).where(
            api.SubmittedAssignment.assignment_id == release.assignment_id,
            api.SubmittedAssignment.student_id == student,
        )
        submission = self.session.scalars(query).one_or_none()
        if submission is None:
            if self.session.get(api.Student, student) is None:
                self._added(api.Student(id=student))
            new = api.SubmittedAssignment(assignment_id=release.assignment_id, student_id=student, notebooks=[])
            submission = self._added(new)
        there = {notebook.notebook_id for notebook in submission.notebooks}
        for layout in release.layouts.values():
            if layout.notebook_id not in there:
                submission.notebooks.append(self._new_notebook(layout))
        return submission

    @staticmethod
    def _new_notebook(layout: Layout) -> api.SubmittedNotebook:
        return api.SubmittedNotebook(
            notebook_id=layout.notebook_id,
            grades=[api.Grade(cell_id=cell_id) for cell_id in layout.grade_cells.values()],
            comments=[api.Comment(cell_id=cell_id) for cell_id in layout.comment_cells.values()],
        )

    def _release(self, week: str) -> Release:
        if week not in self._releases:
            assignment = self._assignment(week)
            if assignment is None:
                raise DeskError(f"{week} is not in the gradebook.", f"Run `grader release {week}` first.")
            layouts = {notebook.name: self._layout_of(notebook) for notebook in assignment.notebooks}
            self._releases[week] = Release(assignment.id, layouts)
        return self._releases[week]

    def _added(self, row: Row) -> Row:
        self.session.add(row)
        return row

    def _assignment(self, week: str) -> api.Assignment | None:
        return self.session.scalars(select(api.Assignment).where(api.Assignment.name == week)).one_or_none()

    @staticmethod
    def _layout_of(notebook: api.Notebook) -> Layout:
        return Layout(
            notebook_id=notebook.id,
            points={cell.name: cell.max_score for cell in [*notebook.grade_cells, *notebook.task_cells]},
            grade_cells={cell.name: cell.id for cell in [*notebook.grade_cells, *notebook.task_cells]},
            comment_cells={cell.name: cell.id for cell in [*notebook.solution_cells, *notebook.task_cells]},
            checksums={cell.name: cell.checksum for cell in notebook.source_cells},
        )


def is_ours(cell: NotebookNode) -> bool:
    """Does the cell carry one of nbgrader's ids?"""
    return bool(cell.metadata.get("nbgrader", {}).get("grade_id"))
