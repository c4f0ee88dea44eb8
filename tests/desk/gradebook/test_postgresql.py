"""Two graders may write to one PostgreSQL gradebook at once; with SQLite the second is told to wait, in words."""

import csv
import gc
import shutil
import sqlite3
import subprocess
import sys
import threading
import time

import pytest
from nbgrader import api
from sqlalchemy import create_engine, text

from grader.desk.course.facts import load_course
from grader.desk.doctor.class_files import gradebook
from grader.desk.errors import DeskError
from grader.desk.grade import run as grading
from grader.desk.gradebook import retry
from grader.desk.gradebook.book import Book
from tests.desk import postgres, tiny, tools


@pytest.fixture(scope="module")
def server():
    """The address of a running server."""
    folder = postgres.programs()
    if folder is None:
        pytest.skip("no PostgreSQL server on this machine: run `make setup-tests`")
    with postgres.server(folder) as url:
        yield url


@pytest.fixture(scope="module")
def released_there(server, tmp_path_factory):
    """A folder with a checkout and a course folder whose week is released; its gradebook is the database `released`."""
    from grader.desk.release.release import release

    place = tmp_path_factory.mktemp("released_there")
    course = tiny.write_course(place / "first", tiny.write_checkout(place / "checkout"))
    own = course.root / "course.toml"
    own.write_text(own.read_text() + f'[gradebook]\ndb_url = "{server.replace("/postgres?", "/class?")}"\n')
    administer(server, "create database class")
    course = load_course(course.root)
    release(course, list(course.weeks))
    end_connections = "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'class'"
    administer(server, end_connections, "alter database class rename to released")
    return place


@pytest.fixture
def url(server, released_there):
    """The address of the gradebook, as it was after the release."""
    administer(server, "drop database if exists class with (force)", "create database class template released")
    return server.replace("/postgres?", "/class?")


@pytest.fixture
def machines(released_there, tmp_path, url):
    """Two course folders with one gradebook, as on two machines: the week is released on one and copied."""
    shutil.copytree(released_there, tmp_path, dirs_exist_ok=True)
    shutil.copytree(tmp_path / "first", tmp_path / "second")
    return load_course(tmp_path / "first"), load_course(tmp_path / "second")


def administer(server, *commands):
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for command in commands:
            connection.execute(text(command))
    engine.dispose()


def hand_in(course, students):
    for student in students:
        cells = tiny.SQUARES if student.endswith("3") else tiny.RIGHT
        tiny.hand_in(course, student, {**cells, "why": f"Because, says {student}."})


def command(course, *words):
    words = [sys.executable, "-m", "grader.desk.cli", *words, "--course", course.root]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def count(url, table):
    engine = create_engine(url)
    with engine.connect() as connection:
        number = connection.execute(text(f"select count(*) from {table}")).scalar()
    engine.dispose()
    return number


def test_two_graders_at_once(machines, url):
    """Other students and the same ones: every row once, every score right, and nbgrader's export reads them."""
    students = [f"s{number:02}" for number in range(9)]
    hand_in(machines[0], students[:6])
    hand_in(machines[1], students[3:])
    runs = [command(course, "grade", "--jobs", "1") for course in machines]
    for run in runs:
        told, _ = run.communicate(timeout=300)
        assert run.returncode == 0 and "6 submissions" in told and "locked" not in told, told
    expected = {student: 1.5 if student.endswith("3") else 2.5 for student in students}
    assert exported(machines[0]) == expected
    assert count(url, "student") == count(url, "submitted_assignment") == count(url, "submitted_notebook") == 9
    assert count(url, "grade") == 9 * 3


def test_a_new_id_takes_every_row_along_and_is_taken_back(machines, url):
    """This server holds to what refers to what: a student with work cannot be taken away."""
    course, tables = machines[0], ("student", "submitted_assignment", "submitted_notebook", "grade", "comment")
    hand_in(course, ["s01", "s03"])
    grading.grade(course, list(course.weeks), jobs=1)
    before = exported(course), [count(url, table) for table in tables]
    assert before[0] == {"s01": 2.5, "s03": 1.5}
    for words, now in ((("rename", "s03", "zoe"), "zoe"), (("undo", "1"), "s03")):
        done = tools.run(*words, "--course", course.root)
        assert done.exit_code == 0 and "changed: the gradebook" in done.output, done.output
        assert exported(course) == {"s01": 2.5, now: 1.5}
        assert [count(url, table) for table in tables] == before[1]


def exported(course):
    """Scores by student, from `nbgrader export`."""
    done = subprocess.run([sys.executable, "-m", "nbgrader", "export"], cwd=course.root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with open(course.root / "grades.csv", newline="") as file:
        return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}


def test_a_student_made_by_both_at_the_same_moment(machines, url):
    """One waits for the other's transaction, meets the other's row, and tries again."""
    with Book(machines[0]) as first, Book(machines[1]) as second:
        layout = first.layout(tiny.WEEK, tiny.NOTEBOOK)
        assert layout.points["test_double"] == 1.5
        other = threading.Thread(target=lambda: second.write("ada", tiny.WEEK, {tiny.NOTEBOOK: None}))

        def before_commit():
            other.start()
            time.sleep(0.5)
            assert other.is_alive()

        first.write("ada", tiny.WEEK, {tiny.NOTEBOOK: None}, before_commit=before_commit)
        other.join(30)
        assert not other.is_alive() and set(second.scores(tiny.WEEK)) == {"ada"}
    assert count(url, "student") == 1 and count(url, "grade") == 3


# nbgrader does not close what it has opened when it cannot make the tables.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
def test_both_may_make_the_tables_at_once(machines, url):
    """Of an empty database; neither fails."""
    with Book(machines[0]) as book:
        tables = ", ".join(f'"{table.name}"' for table in api.Base.metadata.sorted_tables)
        book.session.execute(text(f"drop table {tables}, alembic_version cascade"))
        book.session.commit()
    failures = []

    def make(course):
        try:
            with Book(course):
                pass
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=make, args=(course,)) for course in machines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    gc.collect()
    assert failures == [] and count(url, "course") == 1


def test_the_doctor_looks_at_the_server(machines):
    """Whether it answers is told, the password is not."""
    (finding,) = gradebook(load_course(machines[0].root))
    assert finding.ok and "class" in finding.found
    own = machines[0].root / "course.toml"
    own.write_text(own.read_text().replace("grader@/class", "grader:secret@localhost:9/class"))
    (finding,) = gradebook(load_course(machines[0].root))
    assert not finding.ok and finding.remedy and "secret" not in finding.found


DAMAGE = "do $$ begin raise sqlstate 'XX001' using message = 'invalid page in block 3'; end $$"


@pytest.mark.parametrize(
    ("before", "work", "words"),
    [
        ('revoke all on "grade" from reader', None, "permission denied.*let you read and write it"),
        ("alter role reader set default_transaction_read_only = on", None, "read-only.*let you read and write it"),
        ("", "x" * 300, "value too long.*shorten what was too long"),
        ('alter table "grade" rename to "grades"', None, "does not exist.*nbgrader db upgrade"),
        ('alter table "grade" rename column "auto_score" to "score"', None, "does not exist.*nbgrader db upgrade"),
        (DAMAGE, None, "is damaged: invalid page.*Move it away"),
    ],
)
def test_only_damage_is_called_damage(machines, url, before, work, words):
    """By the code of the server's answer: moving the gradebook away costs the scores given by hand."""
    roles = "drop role if exists reader", "create role reader login"
    rights = (
        "grant all on all tables in schema public to reader",
        "grant all on all sequences in schema public to reader",
    )
    rid_of = ["drop owned by reader"] if count_roles(url) else []
    administer(url, *rid_of, *roles, *rights)
    if before.startswith("alter role"):  # which new connections follow
        administer(url, before)
    own = machines[0].root / "course.toml"
    own.write_text(own.read_text().replace("grader@/class", "reader@/class"))
    with pytest.raises(DeskError, match=f"(?s){words}") as told, Book(load_course(machines[0].root)) as book:
        book.session.rollback()
        if before == DAMAGE:
            with retry.error_messages(book.url):
                book.session.execute(text(DAMAGE))
        elif before:
            administer(url, before)
        book.write(work or "ada", tiny.WEEK, {tiny.NOTEBOOK: None})
    assert ("Move it away" in str(told.value)) == (before == DAMAGE)


def count_roles(url):
    engine = create_engine(url)
    with engine.connect() as connection:
        number = connection.execute(text("select count(*) from pg_roles where rolname = 'reader'")).scalar()
    engine.dispose()
    return number


def test_a_server_that_is_not_there_is_told(released):
    own = released.root / "course.toml"
    own.write_text(own.read_text() + '[gradebook]\ndb_url = "postgresql+psycopg://me:secret@localhost:9/class"\n')
    with pytest.raises(DeskError, match="localhost:9/class cannot be used") as raised, Book(load_course(released.root)):
        pass
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("scheme", ["nosql", "postgresql+no_such_driver"])
def test_a_missing_driver_is_told(released, scheme):
    own = released.root / "course.toml"
    own.write_text(own.read_text() + f'[gradebook]\ndb_url = "{scheme}://localhost/class"\n')
    with pytest.raises(DeskError, match="backprop-grader\\[scale\\]"), Book(load_course(released.root)):
        pass


def test_sqlite_and_a_second_grader(released):
    """Told which process is at work, not that a database is locked."""
    tiny.hand_in(released, "ada", b"")
    with grading.only_one_grader(released):
        run = command(released, "grade", "--jobs", "1")
        told, _ = run.communicate(timeout=120)
    assert run.returncode == 3 and "Another grader is at work" in told and "Traceback" not in told


def test_sqlite_and_two_course_folders(released, tmp_path, monkeypatch):
    """A gradebook that another machine's grader holds for long: in words, and the same command goes on later."""
    monkeypatch.setattr(retry, "LOCK_SECONDS", 0.2)
    second = tmp_path / "second"
    shutil.copytree(released.root, second)
    own = second / "course.toml"
    own.write_text(own.read_text() + f'[gradebook]\ndb_url = "sqlite:///{released.root}/gradebook.db"\n')
    course = load_course(second)
    tiny.hand_in(course, "ada", b"")
    holder = sqlite3.connect(released.root / "gradebook.db")
    holder.execute("begin immediate")
    with pytest.raises(DeskError, match="PostgreSQL"):
        grading.grade(course, list(course.weeks), jobs=1)
    holder.rollback()
    holder.close()
    assert not grading.grade(course, list(course.weeks), jobs=1).failed
