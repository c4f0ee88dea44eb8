"""How grading reads and writes nbgrader's gradebook; release, revision and lateness write their own parts of it.

A submission is written in one transaction: the student, the submission, its grades, its comments, its late penalty. The
values are the ones that nbgrader's own autograde would leave, so that Formgrader, feedback and export work unchanged.
Scores and comments that a person gave are never touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cached_property
from sqlite3 import Error as SQLiteError
from typing import TYPE_CHECKING, TypeVar
from uuid import uuid4

from grader.desk.addresses import shown, sqlite_file
from grader.desk.course.course import NO_FOLDER
from grader.desk.course.facts import FACTS, Course
from grader.desk.course.roster import Person
from grader.desk.errors import DeskError
from grader.desk.gradebook.nbgrader_settings import address_of, nbgrader_config, programs_on_path
from grader.desk.gradebook.retry import error_messages, retried
from grader.desk.gradebook.rows import OF_GRADES, OF_SUBMISSIONS, File, Opened, Row, moment, whose
from grader.desk.gradebook.score import Score, as_decided
from grader.desk.gradebook.timestamps import parsed_timestamp

if TYPE_CHECKING:  # imported where it is not a file, or where nbgrader's own classes are asked for
    from nbformat.notebooknode import NotebookNode
    from nbgrader import api
    from sqlalchemy.orm import scoped_session
    from traitlets.config import Config

Made = TypeVar("Made")


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
    points: dict[str, float]
    grade_cells: dict[str, str]
    comment_cells: dict[str, str]
    checksums: dict[str, str]


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

    A file is read and written as it is, until nbgrader is asked to open it; any other database is opened by nbgrader.
    Raises `DeskError` where there is none, or one that knows nothing of this class, unless `new_too`, for a release.
    """

    def __init__(self, course: Course, *, new_too: bool = False):
        programs_on_path()
        self.course, self.new_too = course, new_too
        self.url = address_of(course)
        self._releases: dict[str, Release] = {}
        self._file: File | None = None
        self._nbgrader: api.Gradebook | None = None

    def __enter__(self) -> Book:
        with error_messages(self.url):
            place = sqlite_file(self.url)
        if place is not None and place.exists():
            with suppress(SQLiteError):  # nbgrader's attempt says in words what is wrong
                self._file = File(place)
        try:
            if not self.new_too:
                self._refuse_to_make_one()
                self._refuse_another()
        except BaseException:
            self.__exit__()
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
        known = {name for (name,) in self.rows("select name from assignment")}
        kept = self.course.desk_folder / "results"
        graded = [week.folder for week in self.course.weeks if (kept / week.folder).is_dir()]
        if graded and known.isdisjoint(graded):
            raise DeskError(
                f"The gradebook {shown(self.url)} knows nothing of {', '.join(graded)}, graded here: it is empty, or "
                "another class's.",
                _BRING_BACK,
            )

    def __exit__(self, *exception: object) -> None:
        for opened in (self._file, self._nbgrader):
            if opened is not None:
                opened.close()
        self._file = self._nbgrader = None

    @cached_property
    def config(self) -> Config:
        """nbgrader's configuration in this course folder."""
        return nbgrader_config(self.course)

    @property
    def nbgrader(self) -> api.Gradebook:
        if self._nbgrader is None:
            with error_messages(self.url):
                from nbgrader import api

                self._nbgrader = retried(lambda: api.Gradebook(self.url, self.course.id))
        return self._nbgrader

    @property
    def session(self) -> scoped_session:
        return self.nbgrader.db

    def rows(self, sql: str, **values: object) -> list[tuple]:
        """What `sql` finds, with a `:name` for each of `values`; what a write has not yet committed is found too.

        A file that cannot be read is left to nbgrader, which makes tables that are missing, and waits where it is
        locked; what is wrong with it then is said in words.
        """
        tables = self._tables()
        if isinstance(tables, File):
            try:
                return tables.rows(sql, **values)
            except SQLiteError:
                if tables.in_transaction:
                    raise
        with error_messages(self.url):
            return Opened(self.session).rows(sql, **values)

    def insert(self, table: str, rows: Sequence[Row]) -> None:
        """Write new rows; in a function that `write_all` is given."""
        if rows:
            self._tables().insert(table, rows)

    def update(self, table: str, rows: Sequence[Row]) -> None:
        """Write some columns of rows that are there; in a function that `write_all` is given."""
        if rows:
            self._tables().update(table, rows)

    def write_all(self, change: Callable[[], Made]) -> Made:
        """What `change` writes, all of it or nothing; tried again while another program writes."""
        with error_messages(self.url):
            return retried(lambda: self._written(change))

    def _written(self, change: Callable[[], Made]) -> Made:
        tables = self._tables()
        if isinstance(tables, File):
            try:
                with tables.transaction():
                    return change()
            except SQLiteError:
                pass  # left to nbgrader, as in `rows`
        tables = Opened(self.session)
        with tables.transaction():
            return change()

    def _tables(self) -> File | Opened:
        return self._file if self._file is not None and self._nbgrader is None else Opened(self.session)

    def notebooks(self, week: str) -> list[str]:
        """The released notebooks of the week that have graded cells. Empty when the week was not released here."""
        release = self._found(week)
        return [name for name, layout in release.layouts.items() if layout.grade_cells] if release else []

    def layout(self, week: str, notebook: str) -> Layout:
        """The cells of a released notebook."""
        return self._release(week).layouts[notebook]

    def layouts(self, week: str) -> dict[str, Layout]:
        """The cells of all released notebooks of the week, by name."""
        return dict(self._release(week).layouts)

    def scores(self, week: str, student: str | None = None) -> dict[str, dict[str, dict[str, Score]]]:
        """`scores[student][notebook][grade_id]` of a week, in one query, with what was decided about them."""
        theirs, values = whose(student)
        rows = self.rows(
            "select submitted_assignment.student_id, notebook.name, base_cell.name, grade.auto_score,"
            f" grade.manual_score, grade.extra_credit, grade.needs_manual_grade from {OF_GRADES}"
            f" where assignment.name = :week and {theirs}",
            week=week,
            **values,
        )
        found: dict[str, dict[str, dict[str, Score]]] = {}
        about = self.course.decisions.about_scores(week)
        for who, notebook, cell, auto, manual, extra, needs in rows:
            score = Score(auto, manual, extra, bool(needs))
            if about:
                most = self._release(week).layouts[notebook].points.get(cell, 0.0)
                score = as_decided(score, about, who, f"{notebook}/{cell}", most)
            found.setdefault(who, {}).setdefault(notebook, {})[cell] = score
        return found

    def penalties(self, week: str) -> dict[str, float]:
        """Points taken off for lateness, by student."""
        found: dict[str, float] = {}
        for student, penalty in self.rows(
            f"select submitted_assignment.student_id, submitted_notebook.late_submission_penalty from {OF_SUBMISSIONS}"
            " where assignment.name = :week",
            week=week,
        ):
            found[student] = found.get(student, 0.0) + (penalty or 0.0)
        return found

    def times(self, week: str) -> dict[str, datetime]:
        """When each student handed in, as far as it is known."""
        rows = self.rows(
            "select submitted_assignment.student_id, submitted_assignment.timestamp from submitted_assignment"
            " join assignment on assignment.id = submitted_assignment.assignment_id"
            " where assignment.name = :week and submitted_assignment.timestamp is not null",
            week=week,
        )
        times = ((student, moment(when)) for student, when in rows)
        return {student: when.replace(tzinfo=timezone.utc) for student, when in times if when}

    def write(
        self,
        student: str,
        week: str,
        graded: Mapping[str, Grades | None],
        *,
        timestamp: str | None = None,
        for_a_person: frozenset[str] = frozenset(),
        before_commit: Callable[[], object] = lambda: None,
    ) -> None:
        """Put one submission into the gradebook.

        `graded` maps every notebook of the week to its grades, or to None when nothing was handed in for it, which
        scores 0. Cells of notebooks in `for_a_person` are marked for a person to look at. `before_commit` is called
        when all is written and nothing is committed; what it raises undoes the whole submission.
        """

        def write() -> None:
            release = self._release(week)
            submission = self._submission(student, release, parsed_timestamp(timestamp))
            for name, layout in release.layouts.items():
                notebook = self._notebook(submission, layout)
                if name in graded:
                    self._write_grades(layout, notebook, graded[name], name in for_a_person)
                    self._write_comments(layout, notebook, graded[name])
            before_commit()

        self.write_all(write)

    def _submission(self, student: str, release: Release, when: datetime | None) -> str:
        """The id of the submission's row, which has this time."""
        known = self.rows(
            "select id, timestamp from submitted_assignment where assignment_id = :week and student_id = :student",
            week=release.assignment_id,
            student=student,
        )
        for key, before in known:
            if moment(before) != when:
                self.update("submitted_assignment", [{"id": key, "timestamp": when}])
            return key
        if not self.rows("select id from student where id = :student", student=student):
            self.insert("student", [{"id": student}])
        key = _new_id()
        row = {"id": key, "assignment_id": release.assignment_id, "student_id": student, "timestamp": when}
        self.insert("submitted_assignment", [row])
        return key

    def _notebook(self, submission: str, layout: Layout) -> str:
        """The id of the row of a submitted notebook, which has a grade and a comment for each of its cells."""
        known = self.rows(
            "select id from submitted_notebook where assignment_id = :submission and notebook_id = :notebook",
            submission=submission,
            notebook=layout.notebook_id,
        )
        key = known[0][0] if known else _new_id()
        if not known:
            row = {"id": key, "assignment_id": submission, "notebook_id": layout.notebook_id, "flagged": False}
            self.insert("submitted_notebook", [row])
        for table, cells, values in (
            ("grade", layout.grade_cells, {"needs_manual_grade": False}),
            ("comment", layout.comment_cells, {}),
        ):
            there = {cell for (cell,) in self.rows(f"select cell_id from {table} where notebook_id = :key", key=key)}
            missing = [cell for cell in cells.values() if cell not in there]
            self.insert(table, [{"id": _new_id(), "notebook_id": key, "cell_id": cell, **values} for cell in missing])
        return key

    def _write_grades(self, layout: Layout, notebook: str, found: Grades | None, for_a_person: bool) -> None:
        rows = self.rows(
            "select cell_id, id, auto_score, needs_manual_grade, manual_score from grade where notebook_id = :notebook",
            notebook=notebook,
        )
        known, changed = {cell: rest for cell, *rest in rows}, []
        for grade_id, cell_id in layout.grade_cells.items():
            key, score_before, needs_before, by_a_person = known[cell_id]
            score = 0.0 if found is None else found.points[grade_id]
            # nbgrader's rule: a score that a person gave is to be looked at again once the work was graded again.
            needs = found is not None and (for_a_person or by_a_person is not None or score is None)
            if (score, needs) != (score_before, needs_before):
                changed.append({"id": key, "auto_score": score, "needs_manual_grade": needs})
        self.update("grade", changed)

    def _write_comments(self, layout: Layout, notebook: str, found: Grades | None) -> None:
        if found is None:
            return
        rows = self.rows(
            "select cell_id, id, auto_comment from comment where notebook_id = :notebook", notebook=notebook
        )
        known, changed = {cell: rest for cell, *rest in rows}, []
        for grade_id, cell_id in layout.comment_cells.items():
            key, before = known[cell_id]
            comment = "No response." if grade_id in found.unanswered else None
            if comment != before:
                changed.append({"id": key, "auto_comment": comment})
        self.update("comment", changed)

    def enter_students(self, people: Iterable[Person]) -> None:
        """Names and addresses of `people` (of :mod:`grader.desk.course.roster`), for nbgrader's pages and exports."""
        people = list(people)

        def enter() -> None:
            for known, row in self._news_of(people):
                write = self.update if known else self.insert
                write("student", [row])

        if self._news_of(people):
            self.write_all(enter)

    def _news_of(self, people: Iterable[Person]) -> list[tuple[bool, dict[str, str]]]:
        """Who is not in the gradebook, or not as the roster has them: (is there a row, what of it is to be written)."""
        keys = ("first_name", "last_name", "email")
        known = {row[0]: row[1:] for row in self.rows(f"select id, {', '.join(keys)} from student")}
        found = []
        for person in people:
            old = dict(zip(keys, known.get(person.id, (None, None, None)), strict=True))
            new = {key: value for key in keys if (value := getattr(person, key)) and value != old[key]}
            if new or person.id not in known:
                found.append((person.id in known, {"id": person.id, **new}))
        return found

    def _release(self, week: str) -> Release:
        release = self._found(week)
        if release is None:
            raise DeskError(f"{week} is not in the gradebook.", f"Run `grader release {week}` first.")
        return release

    def _found(self, week: str) -> Release | None:
        """The week as it was released, read once; None where it was not released here."""
        if week not in self._releases:
            for (assignment,) in self.rows("select id from assignment where name = :week", week=week):
                self._releases[week] = Release(assignment, self._layouts(assignment))
        return self._releases.get(week)

    def _layouts(self, assignment: str) -> dict[str, Layout]:
        notebooks = self.rows(
            "select id, name from notebook where assignment_id = :assignment order by name", assignment=assignment
        )
        cells = self.rows(
            "select base_cell.notebook_id, base_cell.id, base_cell.name, base_cell.type,"
            " coalesce(grade_cells.max_score, task_cells.max_score) from base_cell"
            " join notebook on notebook.id = base_cell.notebook_id"
            " left join grade_cells on grade_cells.id = base_cell.id"
            " left join task_cells on task_cells.id = base_cell.id"
            " where notebook.assignment_id = :assignment",
            assignment=assignment,
        )
        sources = self.rows(
            "select source_cell.notebook_id, source_cell.name, source_cell.checksum from source_cell"
            " join notebook on notebook.id = source_cell.notebook_id where notebook.assignment_id = :assignment",
            assignment=assignment,
        )
        layouts = {key: (name, Layout(key, {}, {}, {}, {})) for key, name in notebooks}
        for key, cell_id, name, kind, points in cells:
            _, layout = layouts[key]
            if kind in ("GradeCell", "TaskCell"):
                layout.points[name], layout.grade_cells[name] = points, cell_id
            if kind in ("SolutionCell", "TaskCell"):
                layout.comment_cells[name] = cell_id
        for key, name, checksum in sources:
            layouts[key][1].checksums[name] = checksum
        return dict(layouts.values())


def _new_id() -> str:
    """As nbgrader makes them."""
    return uuid4().hex


def is_ours(cell: NotebookNode) -> bool:
    """Does the cell carry one of nbgrader's ids?"""
    return bool(cell.metadata.get("nbgrader", {}).get("grade_id"))
