"""A submission is in the gradebook and in `autograded/` as a whole, or not at all."""

import sqlite3

import pytest

from grader.desk.errors import DeskError
from grader.desk.files import digest, swap_folder, write_atomically
from grader.desk.grade import publish
from grader.desk.grade.run import grade
from grader.desk.gradebook import retry
from grader.desk.gradebook.book import Book
from tests.desk import tiny


def submissions(course):
    with Book(course) as book:
        return set(book.scores(tiny.WEEK))


def test_an_error_while_writing_leaves_nothing_and_the_next_run_goes_on(released, monkeypatch):
    """What was graded is kept; rows and folder come together."""
    tiny.hand_in(released, "ada", tiny.RIGHT)

    def fails(submission):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(publish, "late_penalties", lambda book: fails)
        with pytest.raises(OSError, match="No space"):
            grade(released, list(released.weeks), jobs=1)
    assert submissions(released) == set() and not released.step("autograded", "ada").exists()
    summary = grade(released, list(released.weeks), jobs=1)
    assert not summary.submissions[0].again and submissions(released) == {"ada"}


def test_a_locked_gradebook_is_explained(released, monkeypatch):
    """After some patience, in words; not `database is locked`."""
    monkeypatch.setattr(retry, "LOCK_SECONDS", 0.1)
    tiny.hand_in(released, "ada", b"")
    other = sqlite3.connect(released.root / "gradebook.db")
    other.execute("begin exclusive")
    try:
        with pytest.raises(DeskError, match="Another program is writing to it"):
            grade(released, list(released.weeks), jobs=1)
    finally:
        other.rollback()
        other.close()


def test_a_folder_is_swapped_as_a_whole(tmp_path):
    """Nothing of the old one is left, read-only files included."""
    for name, text in (("new", "1"), ("place", "0")):
        write_atomically(tmp_path / name / f"{text}.txt", text, mode=0o444)
    swap_folder(tmp_path / "new", tmp_path / "place", tmp_path / "attic")
    assert [path.name for path in (tmp_path / "place").iterdir()] == ["1.txt"] and not (tmp_path / "new").exists()
    assert list((tmp_path / "attic").iterdir()) == []


def test_a_file_that_could_not_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    write_atomically(tmp_path / "a", "old")
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        write_atomically(tmp_path / "a", "new")
    assert [path.name for path in tmp_path.iterdir()] == ["a"] and (tmp_path / "a").read_text() == "old"


def test_digests_tell_lists_apart():
    """`ab, c` and `a, bc` are different."""
    assert digest("ab", "c") != digest("a", "bc")
