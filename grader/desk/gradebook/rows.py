"""Rows of nbgrader's gradebook, by plain SQL.

Most commands only read a file of SQLite's. Python's own module does that at once; to import nbgrader's classes, with
SQLAlchemy, takes longer than most commands do in all.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sqlalchemy.orm import scoped_session

# Every cell of every notebook that was handed in, by the names by which people know them.
OF_SUBMISSIONS = """
    submitted_assignment
    join assignment on assignment.id = submitted_assignment.assignment_id
    join submitted_notebook on submitted_notebook.assignment_id = submitted_assignment.id
    join notebook on notebook.id = submitted_notebook.notebook_id
"""
OF_GRADES = f"""
    {OF_SUBMISSIONS}
    join grade on grade.notebook_id = submitted_notebook.id
    join base_cell on base_cell.id = grade.cell_id
    left join grade_cells on grade_cells.id = grade.cell_id
    left join task_cells on task_cells.id = grade.cell_id
"""
MOST = "coalesce(grade_cells.max_score, task_cells.max_score, 0.0)"  # the points of a row of `OF_GRADES`
_EPOCH = datetime(1970, 1, 1)


class Tables(Protocol):
    """What can be read by SQL with `:names` for values, and written through a session."""

    def rows(self, sql: str, **values: object) -> list[tuple]: ...

    @property
    def session(self) -> scoped_session: ...


class File:
    """A gradebook that is a file, to be read."""

    def __init__(self, path: Path):
        self._connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)

    def rows(self, sql: str, **values: object) -> list[tuple]:
        """Raises `sqlite3.Error`."""
        return self._connection.execute(sql, values).fetchall()

    def close(self) -> None:
        self._connection.close()


class Opened:
    """A gradebook that nbgrader has opened, with what is written there and not yet committed."""

    def __init__(self, session: scoped_session):
        self.session = session

    def rows(self, sql: str, **values: object) -> list[tuple]:
        """Raises SQLAlchemy's errors. A transaction that was not there before is ended."""
        from sqlalchemy import text

        amid = self.session().in_transaction()
        try:
            return [tuple(row) for row in self.session.execute(text(sql), values)]
        finally:
            if not amid:
                self.session.rollback()


def whose(student: str | None) -> tuple[str, dict[str, object]]:
    """A condition of SQL that this student's rows fulfil, or all, and the value in it."""
    return ("1 = 1", {}) if student is None else ("submitted_assignment.student_id = :student", {"student": student})


def listed(prefix: str, values: list) -> tuple[str, dict[str, object]]:
    """`(:prefix0, :prefix1)` for SQL's `in`, with its values; nothing is in an empty list, and `(null)` says so."""
    named = {f"{prefix}{number}": value for number, value in enumerate(values)}
    return "(" + (", ".join(f":{name}" for name in named) or "null") + ")", named


def moment(value: datetime | str | None) -> datetime | None:
    """A time as nbgrader keeps it, in UTC without saying so. SQLite keeps it as text."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def span(value: timedelta | str | None) -> timedelta | None:
    """An extension. Where the database has no such thing, nbgrader keeps the time that is so long after 1970 began."""
    return datetime.fromisoformat(value) - _EPOCH if isinstance(value, str) else value
