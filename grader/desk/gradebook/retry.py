"""What the database says: tried again where another program is writing, in words where it cannot be used."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from grader.desk.addresses import FORM, parsed, shown, without_secrets
from grader.desk.errors import DeskError

if TYPE_CHECKING:  # SQLAlchemy is imported once there is an error of it
    from sqlalchemy.exc import DatabaseError

LOCK_SECONDS = 60

# What PostgreSQL answers to one of two that do the same at once: a row, or a table, that has just been made by the
# other; a transaction that cannot be put before or after the other's; two that wait for each other.
_MET_ANOTHER = {"23505", "42P07", "40001", "40P01"}
# The rest by PostgreSQL's SQLSTATE, or its first two characters, and by SQLite's primary result code.
_DAMAGED = {"XX001", "XX002", 11, 26}
_LOCKED = {"55P03", 5, 6}
_OTHER_VERSION = {"42P01", "42703"}
_NOT_ALLOWED = {"42501", "25006", "28", 3, 8, 23}
_TOO_LONG = {"22001", 18}
_FULL = {"53100", 13}
# Python 3.10 does not tell SQLite's codes.
_SQLITE_MESSAGES = {
    "database is locked": 5,
    "database table is locked": 6,
    "attempt to write a readonly database": 8,
    "database disk image is malformed": 11,
    "database or disk is full": 13,
    "file is not a database": 26,
}


def _codes(error: DatabaseError) -> set[str | int]:
    """What the database calls its error: SQLSTATE and its class, or SQLite's primary result code."""
    state = getattr(error.orig, "sqlstate", None)
    if state:
        return {state, state[:2]}
    number = getattr(error.orig, "sqlite_errorcode", None) or _SQLITE_MESSAGES.get(str(error.orig))
    return {number & 0xFF} if number else set()


def _met_another(error: DatabaseError) -> bool:
    """Whether the same would work once another program is done with what it is writing."""
    from sqlalchemy.exc import IntegrityError

    unique = isinstance(error, IntegrityError) and "UNIQUE constraint failed" in str(error.orig)
    return unique or bool(_codes(error) & (_MET_ANOTHER | _LOCKED))


Made = TypeVar("Made")


@contextmanager
def _not_interrupted() -> Iterator[None]:
    """Let what has begun end before Ctrl-C counts: amid a commit it leaves a session that nothing can close.

    A second Ctrl-C counts at once, should the database not answer.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # Ctrl-C comes to the main thread only
        return
    held: list[bool] = []

    def hold(*_: object) -> None:
        if held:
            raise KeyboardInterrupt
        held.append(True)

    before = signal.signal(signal.SIGINT, hold)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before or signal.SIG_DFL)
        if held:
            signal.raise_signal(signal.SIGINT)


def retried(action: Callable[[], Made]) -> Made:
    """Try again while another program writes the same, or holds SQLite's lock as an open Formgrader page does.

    `action` must leave nothing half done behind it when it raises.
    """
    until, pause = time.monotonic() + LOCK_SECONDS, 0.05
    while True:
        try:
            with _not_interrupted():
                return action()
        except Exception as error:
            from sqlalchemy.exc import DatabaseError

            if not isinstance(error, DatabaseError) or not _met_another(error) or time.monotonic() > until:
                raise
            time.sleep(pause)
            pause = min(2 * pause, 1.0)


@contextmanager
def error_messages(url: str) -> Iterator[None]:
    """The database's errors in words, without the password in its address."""
    try:
        yield
    except DeskError:
        raise
    except Exception as error:
        from sqlalchemy.exc import ArgumentError, DatabaseError

        if isinstance(error, (ArgumentError, ImportError)):
            parsed(url)
            why = without_secrets(error, url)
            raise DeskError(f"The gradebook {shown(url)} cannot be used: {why}.", FORM) from None
        if isinstance(error, ValueError):
            parsed(url)  # a port that is no number is a plain ValueError
        if not isinstance(error, DatabaseError):
            raise
        if "://" in url:
            parsed(url)
        state = "is damaged" if _codes(error) & _DAMAGED else "cannot be used"
        why = without_secrets(_reason(error), url)
        raise DeskError(f"The gradebook {shown(url)} {state}: {why}.", _advice(error)) from None


def _reason(error: DatabaseError) -> str:
    return str(error.orig or error).strip()


def _advice(error: DatabaseError) -> str:
    """What to do; moving the gradebook away, which costs the scores given by hand, only where it is damaged."""
    codes, reason = _codes(error), _reason(error)
    if codes & _DAMAGED:
        return (
            "Move it away, then run `grader release` and this command again: automatic scores are put back from "
            ".grader/. Scores given by hand are only in a backup."
        )
    if codes & _LOCKED:
        return (
            "Another program is writing to it. Close it (a second `grader grade`, nbgrader) and run this again. "
            "Several graders may write at once where `[gradebook] db_url` names a PostgreSQL database."
        )
    if codes & _OTHER_VERSION or "no such column" in reason or "no such table" in reason:
        return "It was made by another version of nbgrader: back it up, then run `nbgrader db upgrade`."
    if codes & _NOT_ALLOWED:
        return "Leave it where it is, and have its owner let you read and write it; nothing graded so far is lost."
    if codes & _TOO_LONG:
        return "Leave it where it is, and shorten what was too long, a name or an address in the roster for instance."
    if codes & _FULL:
        return "Make room on its disk and run this again; nothing graded so far is lost."
    return "See that the address is right and that you may read and write it; nothing graded so far is lost."
