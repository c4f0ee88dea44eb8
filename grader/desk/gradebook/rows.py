"""Rows of nbgrader's gradebook, read by plain SQL and written table by table.

Most gradebooks are a file of SQLite's. Python's own module reads and writes it at once; to import nbgrader's classes,
with SQLAlchemy, takes longer than most commands do in all.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

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
# The points of a row of `grade`, as nbgrader counts them: a person's score wins, extra credit comes on top of either.
POINTS = (
    "case when coalesce(manual_score, auto_score) is null then 0.0"
    " else coalesce(manual_score, auto_score) + coalesce(extra_credit, 0.0) end"
)
_EPOCH = datetime(1970, 1, 1)

Row = Mapping[str, object]  # a row's values by column; those that are written together have the same columns


class Tables(Protocol):
    """What can be read by SQL with `:names` for values, and written by the tables' names."""

    def rows(self, sql: str, **values: object) -> list[tuple]: ...

    def insert(self, table: str, rows: Sequence[Row]) -> None:
        """Write new rows, with their ids."""

    def update(self, table: str, rows: Sequence[Row]) -> None:
        """Write some columns of the rows that have these ids."""


class File:
    """A gradebook that is a file. Everything raises `sqlite3.Error`."""

    def __init__(self, path: Path):
        self._connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)

    def rows(self, sql: str, **values: object) -> list[tuple]:
        return self._connection.execute(sql, values).fetchall()

    def insert(self, table: str, rows: Sequence[Row]) -> None:
        columns = [*rows[0]]
        named = ", ".join(f":{column}" for column in columns)
        self._write(f"insert into {table} ({', '.join(columns)}) values ({named})", rows)

    def update(self, table: str, rows: Sequence[Row]) -> None:
        changes = ", ".join(f"{column} = :{column}" for column in rows[0] if column != "id")
        self._write(f"update {table} set {changes} where id = :id", rows)

    def _write(self, sql: str, rows: Sequence[Row]) -> None:
        self._connection.executemany(sql, [{name: _kept(value) for name, value in row.items()} for row in rows])

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written in the block, or nothing. Others may read, and write where nothing is written here."""
        self._connection.execute("begin")
        try:
            yield
            self._connection.commit()
        except BaseException:
            self._connection.rollback()
            raise

    def close(self) -> None:
        self._connection.close()


class Opened:
    """A gradebook that nbgrader has opened, with what is written there and not yet committed.

    Everything raises SQLAlchemy's errors.
    """

    def __init__(self, session: scoped_session):
        self.session = session

    def rows(self, sql: str, **values: object) -> list[tuple]:
        """A transaction that was not there before is ended."""
        from sqlalchemy import text

        amid = self.session().in_transaction()
        try:
            return [tuple(row) for row in self.session.execute(text(sql), values)]
        finally:
            if not amid:
                self.session.rollback()

    def insert(self, table: str, rows: Sequence[Row]) -> None:
        from sqlalchemy import insert

        self.session.execute(insert(_class_of(table)), list(rows))

    def update(self, table: str, rows: Sequence[Row]) -> None:
        """What is in the session must be flushed: it is read anew."""
        from sqlalchemy import update

        self.session.execute(update(_class_of(table)), list(rows))
        self.session.expire_all()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written in the block, or nothing."""
        try:
            self.session.connection()
            yield
            self.session.commit()
        except BaseException:
            self.session.rollback()
            raise


def _class_of(table: str) -> Any:
    """nbgrader's class of a table: `SubmittedNotebook` of `submitted_notebook`."""
    from nbgrader import api

    return getattr(api, table.title().replace("_", ""))


def _kept(value: object) -> object:
    """A value as SQLAlchemy keeps it in SQLite; `moment` and `span` read it."""
    if isinstance(value, timedelta):
        value = _EPOCH + value
    return value.isoformat(" ", "microseconds") if isinstance(value, datetime) else value


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
