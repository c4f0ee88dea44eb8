"""A submission is in the gradebook and in `autograded/` as a whole, or not at all."""

import errno
import signal
import sqlite3
from contextlib import contextmanager

import nbformat
import pytest
from nbgrader import utils

from grader.desk.errors import DeskError
from grader.desk.files import digest, swap_folder, write_atomically
from grader.desk.grade import publish
from grader.desk.grade.results import Store
from grader.desk.grade.run import grade
from grader.desk.gradebook import retry
from grader.desk.gradebook.book import Book, is_ours
from tests.desk import tiny


def submissions(course):
    with Book(course) as book:
        return set(book.scores(tiny.WEEK))


def test_an_error_while_writing_leaves_nothing_and_the_next_run_goes_on(released, monkeypatch):
    """What was graded is kept; rows and folder come together."""
    tiny.hand_in(released, "ada", tiny.RIGHT)

    def fails(student, week):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(publish, "late_penalties", lambda book: fails)
        with pytest.raises(OSError, match="No space"):
            grade(released, list(released.weeks), jobs=1)
    assert submissions(released) == set() and not released.step("autograded", "ada").exists()
    summary = grade(released, list(released.weeks), jobs=1)
    assert not summary.submissions[0].again and submissions(released) == {"ada"}


@contextmanager
def listening():
    """Ctrl-C counts, though a shell starts what runs in the background deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def test_ctrl_c_while_writing_lets_the_submission_be_written_whole(released, monkeypatch):
    """In the middle of a commit it would leave a session that nothing can close, and end in a traceback."""
    tiny.hand_in(released, "ada", tiny.RIGHT)
    tiny.hand_in(released, "bob", tiny.RIGHT)
    interrupts = lambda student, week: signal.raise_signal(signal.SIGINT)  # noqa: E731
    with monkeypatch.context() as patch:
        patch.setattr(publish, "late_penalties", lambda book: interrupts)
        with listening(), pytest.raises(KeyboardInterrupt):
            grade(released, list(released.weeks), jobs=1)
    assert submissions(released) == {"ada"} and released.step("autograded", "ada").exists()


def without_the_answer(course):
    nb = tiny.solved(tiny.RIGHT, tiny.released(course))
    nb.cells = [cell for cell in nb.cells if cell.id != "why"]
    return nb


def test_the_gradebook_is_told_what_nbgrader_would_read(graded):
    """Scores and comments come as data; the graded notebook gives the same to whoever reads it by nbgrader's rule."""
    tiny.hand_in(graded, "dan", without_the_answer(graded))
    grade(graded, list(graded.weeks), ("dan",), jobs=1)
    with Book(graded) as book:
        checksums = book.layout(tiny.WEEK, tiny.NOTEBOOK).checksums
    found = 0
    for kept in Store(graded.desk_folder).all(tiny.WEEK):
        place = graded.step("autograded", kept.student, tiny.WEEK, f"{tiny.NOTEBOOK}.ipynb")
        told = publish.grades_of(kept)
        assert (told is None) == (not place.exists())
        cells = [cell for cell in nbformat.read(place, as_version=4).cells if is_ours(cell)] if told else []
        read = {
            cell.metadata.nbgrader.grade_id: utils.determine_grade(cell)[0] for cell in cells if utils.is_grade(cell)
        }
        unanswered = {
            cell.metadata.nbgrader.grade_id
            for cell in cells
            if utils.is_solution(cell) and checksums[cell.metadata.nbgrader.grade_id] == utils.compute_checksum(cell)
        }
        assert told is None or (told.points, told.unanswered) == (read, unanswered), kept.student
        found += bool(told)
    assert found >= len(tiny.CLASS) - 1


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
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full", "temporary")))
    with pytest.raises(OSError, match=r"\[Errno 28\] full: '[^']*/a'$"):
        write_atomically(tmp_path / "a", "new")
    assert [path.name for path in tmp_path.iterdir()] == ["a"] and (tmp_path / "a").read_text() == "old"


def test_digests_tell_lists_apart():
    """`ab, c` and `a, bc` are different."""
    assert digest("ab", "c") != digest("a", "bc")
