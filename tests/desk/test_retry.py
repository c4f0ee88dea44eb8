"""What SQLite answers is put into words by its code; only what is damaged is called damaged."""

import sqlite3

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DatabaseError

from grader.desk.errors import DeskError
from grader.desk.gradebook.retry import error_messages

INSERT, COUNT = "insert into grade values ('x')", "select max(name) from grade"


@pytest.fixture
def place(tmp_path):
    """A database with a table of some pages."""
    with sqlite3.connect(tmp_path / "gradebook.db") as book:
        book.execute("create table grade (name text)")
        book.executemany("insert into grade values (?)", [("x" * 500,)] * 200)
    book.close()
    return tmp_path / "gradebook.db"


def told(url, query):
    """The error in words."""
    engine = create_engine(url)
    try:
        with pytest.raises(DeskError) as raised, error_messages(url), engine.connect() as connection:
            connection.execute(text(query)).all()
    finally:
        engine.dispose()
    return str(raised.value)


def damage(place):
    content = bytearray(place.read_bytes())
    content[4096:9000] = b"\xff" * (9000 - 4096)
    place.write_bytes(content)


@pytest.mark.parametrize("spoil", [damage, lambda place: place.write_bytes(b"no database at all" * 100)])
def test_a_damaged_file_is_to_be_moved_away(place, spoil):
    spoil(place)
    words = told(f"sqlite:///{place}", COUNT)
    assert "is damaged" in words and "Move it away" in words


@pytest.mark.parametrize(
    ("options", "query", "words"),
    [
        ("?mode=ro&uri=true", INSERT, "read and write it"),
        ("", "select 1 from comment", "nbgrader db upgrade"),
        ("", "select score from grade", "nbgrader db upgrade"),
    ],
)
def test_a_whole_file_stays_where_it_is(place, options, query, words):
    """Moving it away would lose the scores that were given by hand."""
    found = told(f"sqlite:///file:{place}{options}" if options else f"sqlite:///{place}", query)
    assert words in found and "damaged" not in found and "Move it away" not in found


def test_a_place_that_cannot_be_opened_is_told(tmp_path):
    found = told(f"sqlite:///{tmp_path}/no/such/folder.db", COUNT)
    assert "cannot be used" in found and "address" in found


def test_a_full_disk_is_told(place):
    """With SQLite's own bound on the size of the file."""
    engine = create_engine(f"sqlite:///{place}")
    with pytest.raises(DeskError, match="Make room"), error_messages("x"), engine.connect() as connection:
        connection.execute(text("pragma max_page_count = 1"))
        for _ in range(100):
            connection.execute(text(f"insert into grade values ('{'x' * 4000}')"))
    engine.dispose()


@pytest.mark.parametrize("query", [INSERT, COUNT])
def test_without_codes_the_messages_are_known(place, query, monkeypatch):
    """As on Python 3.10, whose sqlite3 does not tell them."""
    from grader.desk.gradebook import retry

    damage(place)
    codes = retry._codes
    monkeypatch.setattr(retry, "getattr", lambda value, name, default: default, raising=False)
    assert "is damaged" in told(f"sqlite:///{place}", query) and retry._codes is codes


def test_extended_codes_are_those_of_their_kind():
    """SQLITE_CORRUPT_INDEX is damage, too."""
    reason = sqlite3.DatabaseError("damaged index")
    reason.sqlite_errorcode = 11 | 3 << 8
    with pytest.raises(DeskError, match="is damaged"), error_messages("x"):
        raise DatabaseError("select 1", {}, reason)
