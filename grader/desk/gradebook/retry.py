"""What the database says: tried again where another program is writing, in words where it cannot be used."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.exc import ArgumentError, DatabaseError, IntegrityError, OperationalError

from grader.desk.errors import DeskError

LOCK_SECONDS = 60

# What PostgreSQL answers to one of two that do the same at once: a row, or a table, that has just been made by the
# other; a transaction that cannot be put before or after the other's; two that wait for each other.
_MET_ANOTHER = {"23505", "42P07", "40001", "40P01"}


def _met_another(error: DatabaseError) -> bool:
    """Whether the same would work once another program is done with what it is writing."""
    reason = str(error.orig or error)
    return (
        getattr(error.orig, "sqlstate", None) in _MET_ANOTHER
        or (isinstance(error, OperationalError) and "locked" in reason)
        or (isinstance(error, IntegrityError) and "UNIQUE constraint failed" in reason)
    )


def retried(action: Callable):
    """Try again while another program writes the same, or holds SQLite's lock as an open Formgrader page does.

    `action` must leave nothing half done behind it when it raises.
    """
    until, pause = time.monotonic() + LOCK_SECONDS, 0.05
    while True:
        try:
            return action()
        except DatabaseError as error:
            if not _met_another(error) or time.monotonic() > until:
                raise
            time.sleep(pause)
            pause = min(2 * pause, 1.0)


@contextmanager
def error_messages(url: str) -> Iterator[None]:
    """The database's errors in words."""
    where = url.split("@")[-1]
    try:
        yield
    except (ArgumentError, ImportError) as error:
        raise DeskError(
            f"The gradebook {where} cannot be used: {error}.",
            "PostgreSQL is named postgresql+psycopg://user:password@host/database; its driver comes with "
            "`pip install 'backprop-grader[scale]'`.",
        ) from None
    except OperationalError as error:
        reason = str(error.orig or error).strip()
        if "locked" in reason:
            advice = (
                "Another program is writing to it. Close it (a second `grader grade`, nbgrader) and run this again. "
                "Several graders may write at once where `[gradebook] db_url` names a PostgreSQL database."
            )
        elif "no such column" in reason or "no such table" in reason:
            advice = "It was made by another version of nbgrader: back it up, then run `nbgrader db upgrade`."
        else:
            advice = "See that the address is right and that you may read and write it; nothing graded so far is lost."
        raise DeskError(f"The gradebook {where} cannot be used: {reason}.", advice) from None
    except DatabaseError as error:
        raise DeskError(
            f"The gradebook {where} is damaged: {str(error.orig or error).strip()}.",
            "Move it away, then run `grader release` and this command again: automatic scores are put back from "
            ".grader/. Scores given by hand are only in a backup.",
        ) from None
