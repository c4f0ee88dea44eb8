"""What the desk writes into the gradebook is, row by row, what nbgrader's own classes would have written."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import datetime, timedelta

import pytest
from nbgrader import api

from grader.desk.addresses import sqlite_file
from grader.desk.course.roster import Person
from grader.desk.gradebook.book import Book, Grades
from grader.desk.gradebook.nbgrader_settings import address_of
from tests.desk import tiny

POINTS = {"test_double": 1.5, "test_triple": 0.0, "why": None}
# Who, what was found in their notebook, when they handed in: in this order, some of them again.
WRITTEN = [
    ("ada", Grades(POINTS, frozenset({"double"})), "2026-10-12 08:30:00.25 UTC"),
    ("bob", None, None),
    ("ada", Grades({**POINTS, "test_triple": 1.0}), "2026-10-13 08:30:00 UTC"),
    ("Мария +1", Grades({**POINTS, "why": 0.0}, frozenset({"why", "triple"})), None),
    ("bob", Grades(POINTS), "2026-10-10 08:30:00 UTC"),
    ("ada", None, None),
]
BY_A_PERSON, EXTENSION, DUE, PENALTY = 0.5, timedelta(days=2, hours=1), datetime(2026, 10, 9, 21, 59), 0.75


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # nbgrader adds rows to a session late
@pytest.mark.parametrize("by_nbgrader", [False, True], ids=["as a file", "opened by nbgrader"])
def test_every_row_is_the_one_that_nbgrader_would_have_written(released, by_nbgrader):
    place = sqlite_file(address_of(released))
    before = place.read_bytes()
    with Book(released) as book:
        assert not by_nbgrader or book.session
        write_ours(book)
        assert bool(book._nbgrader) == by_nbgrader
    ours = rows(place)
    place.write_bytes(before)
    with api.Gradebook(f"sqlite:///{place}", released.id) as theirs:
        write_theirs(theirs)
    assert ours == rows(place)
    assert len(ours["grade"]) == len(WRITTEN) // 2 * 3 and len(ours["student"]) == 4


def write_ours(book):
    book.enter_students([Person("ada", first_name="Ada"), Person("eve", email="eve@example.org")])
    book.enter_students([Person("ada", first_name="Ada", last_name="Lovelace")])
    for number, (student, found, when) in enumerate(WRITTEN):
        book.write(student, tiny.WEEK, {tiny.NOTEBOOK: found}, timestamp=when)
        if number == 1:
            book.write_all(lambda: settle_ours(book))


def settle_ours(book):
    """What a person and the rule about lateness do to a row."""
    for table, values in (
        ("assignment", {"duedate": DUE}),
        ("submitted_assignment", {"extension": EXTENSION}),
        ("submitted_notebook", {"late_submission_penalty": PENALTY}),
        ("grade", {"manual_score": BY_A_PERSON}),
    ):
        book.update(table, [{"id": key, **values} for (key,) in book.rows(f"select id from {table}")])


def write_theirs(theirs):
    theirs.update_or_create_student("ada", first_name="Ada", last_name="Lovelace")
    theirs.update_or_create_student("eve", email="eve@example.org")
    for number, (student, found, when) in enumerate(WRITTEN):
        theirs.update_or_create_student(student)
        submission = theirs.update_or_create_submission(tiny.WEEK, student, timestamp=when)
        (notebook,) = submission.notebooks
        for grade in notebook.grades:
            grade.auto_score = 0.0 if found is None else found.points[grade.name]
            again = grade.manual_score is not None or grade.auto_score is None
            grade.needs_manual_grade = found is not None and again
        for comment in notebook.comments if found else ():
            comment.auto_comment = "No response." if comment.name in found.unanswered else None
        theirs.db.commit()
        if number == 1:
            theirs.find_assignment(tiny.WEEK).duedate = DUE
            for one in theirs.db.query(api.SubmittedAssignment):
                one.extension = EXTENSION
            for one in theirs.db.query(api.SubmittedNotebook):
                one.late_submission_penalty = PENALTY
            for one in theirs.db.query(api.Grade):
                one.manual_score = BY_A_PERSON
            theirs.db.commit()


def rows(place):
    """All tables with the types of their values, rows in the order of what they are about; ids told by that, too."""
    with closing(sqlite3.connect(place)) as file:
        tables = [name for (name,) in file.execute("select name from sqlite_master where type = 'table'")]
        about = {}
        for table, columns in (
            ("submitted_assignment", "assignment_id, student_id"),
            ("submitted_notebook", "assignment_id, notebook_id"),
            ("grade", "notebook_id, cell_id"),
            ("comment", "notebook_id, cell_id"),
        ):
            for key, *ids in file.execute(f"select id, {columns} from {table}"):
                assert len(key) == 32 and key.isalnum()
                about[key] = "/".join([table, *(about.get(one, one) for one in ids)])
        return {
            table: sorted(
                [
                    [(about.get(value, value), type(value)) for value in row]
                    for row in file.execute(f"select * from {table}")
                ],
                key=repr,
            )
            for table in tables
        }


def test_what_fails_leaves_nothing_and_nobody_sees_half_of_it(released):
    place = sqlite_file(address_of(released))
    with Book(released) as book:
        with pytest.raises(RuntimeError), closing(sqlite3.connect(place)) as other:
            book.write("ada", tiny.WEEK, {tiny.NOTEBOOK: None}, before_commit=lambda: fail(other))
        assert not book.scores(tiny.WEEK) and not book.rows("select id from student")


def fail(other):
    assert not other.execute("select * from student").fetchall()
    raise RuntimeError


WRITES = """
import sys
from grader.desk.course.facts import load_course
from grader.desk.gradebook.book import Book
with Book(load_course(sys.argv[1])) as book:
    book.write("ada", sys.argv[2], {sys.argv[3]: None})
print(*sys.modules)
"""


def test_a_file_is_written_without_nbgrader(released):
    words = [sys.executable, "-c", WRITES, released.root, tiny.WEEK, tiny.NOTEBOOK]
    loaded = subprocess.run(words, capture_output=True, text=True, check=True).stdout.split()
    assert not {"nbgrader.api", "sqlalchemy", "traitlets"} & {*loaded}
    with Book(released) as book:
        assert set(book.scores(tiny.WEEK)) == {"ada"}
