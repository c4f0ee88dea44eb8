"""A class is graded whatever it hands in, nothing is graded twice, and a run that was killed is continued."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

import nbformat
import pytest

from grader.desk.course.facts import load_course
from grader.desk.errors import DeskError
from grader.desk.grade import run as grading
from grader.desk.grade.job import is_first
from grader.desk.grade.results import Store
from grader.desk.gradebook.book import Book, Score
from tests.desk import tiny
from tests.desk.tools import rows, run


def everything(course, **options):
    return grading.grade(course, list(course.weeks), **{"jobs": 2, **options})


def points(course, student):
    with Book(course) as book:
        rows = book.scores(tiny.WEEK).get(student, {}).get(tiny.NOTEBOOK, {})
    return sum(score.points for score in rows.values())


def test_everyone_gets_a_status_and_a_score(graded_once):
    """Broken, empty, foreign, renamed and absent notebooks included; nobody stops the run."""
    course, summary = graded_once
    found = {one.student: (points(course, one.student), one.status[tiny.NOTEBOOK]) for one in summary.submissions}
    for student, (_, _, expected, status) in tiny.CLASS.items():
        assert found[student] == (expected, status), student
    assert not summary.failed


def test_graded_notebooks_lie_where_nbgrader_looks(graded_once):
    """Read-only, with the timestamp and the files handed in beside them."""
    course, _ = graded_once
    folder = course.step("autograded", "ada", tiny.WEEK)
    assert (folder / "timestamp.txt").read_text().startswith("2026-10-01")
    assert oct((folder / "double.ipynb").stat().st_mode)[-3:] == "444"
    nb = nbformat.read(folder / "double.ipynb", as_version=4)
    assert nb.cells[-1].metadata.nbgrader.checksum
    assert (course.step("autograded", "nothing", tiny.WEEK) / "note.txt").exists()


def test_the_student_is_told_what_was_done_with_the_file(graded_once):
    """A renamed notebook, and a submission without any: on the graded notebook itself."""
    course, _ = graded_once
    for student, words in (
        ("bob", "Copy of double (2).ipynb"),
        ("nothing", "No file fits this notebook. These files fit no notebook of the week: “note.txt”"),
    ):
        nb = nbformat.read(course.step("autograded", student, tiny.WEEK, "double.ipynb"), as_version=4)
        assert words in nb.cells[0].source.replace("\\", "")


def test_written_answers_wait_for_a_person(graded_once):
    """An answer does; an empty one gets 0 and the comment of nbgrader."""
    course, _ = graded_once
    with Book(course) as book:
        scores = book.scores(tiny.WEEK)
    assert scores["Мария +1"]["double"]["why"].needs_person
    assert scores["ada"]["double"]["why"] == Score(auto=0.0, manual=None, extra=None, needs_person=False)


def test_an_unchanged_class_is_not_graded_again(graded):
    summary = everything(graded)
    assert not any(one.again for one in summary.submissions) and summary.seconds < 10


@pytest.mark.parametrize("change", ["submission", "tests", "limits", "force"])
def test_what_changed_is_graded_again(graded, change):
    """A new file concerns one student; a corrected hidden test, other limits or --force everybody."""
    if change == "submission":
        tiny.hand_in(graded, "ada", tiny.SQUARES)
    elif change == "tests":
        path = graded.repo / "solutions" / tiny.WEEK / tiny.NOTEBOOK / "keys.py"
        path.write_text(path.read_text().replace("3 * case.x, what", "2 * case.x, what"))
    elif change == "limits":
        own = graded.root / "course.toml"
        own.write_text(own.read_text() + "[limits]\ncell_seconds = 4\n")
    graded = load_course(graded.root)
    summary = everything(graded, students=("ada", "cut"), force=change == "force")
    again = {one.student for one in summary.submissions if one.again}
    assert again == ({"ada"} if change == "submission" else {"ada", "cut"})
    assert points(graded, "ada") == {"submission": 1.5, "tests": 1.5}.get(change, 2.5)


def test_a_score_given_by_hand_survives_grading_again(graded):
    """nbgrader's rule: it stays, and is marked to be looked at again."""
    with sqlite3.connect(graded.root / "gradebook.db") as book:
        book.execute("update grade set manual_score = 0.25, needs_manual_grade = 0 where auto_score = 1.5")
    tiny.hand_in(graded, "ada", tiny.SQUARES)
    everything(graded, students=("ada",))
    with Book(graded) as book:
        score = book.scores(tiny.WEEK)["ada"]["double"]["test_double"]
    assert (score.auto, score.manual, score.needs_person) == (0.5, 0.25, True)


def test_a_lost_gradebook_row_or_folder_is_put_back_without_grading(graded):
    """What was graded is kept in .grader; the gradebook and autograded/ are made from it."""
    shutil.rmtree(graded.step("autograded", "ada"))
    with sqlite3.connect(graded.root / "gradebook.db") as book:
        book.execute("update grade set auto_score = 0")
    summary = everything(graded)
    assert not any(one.again for one in summary.submissions)
    assert points(graded, "ada") == 2.5 and graded.step("autograded", "ada", tiny.WEEK, "double.ipynb").exists()


def test_a_damaged_result_is_graded_again(graded):
    place = Store(graded.desk_folder).place(tiny.WEEK, "ada", tiny.NOTEBOOK)
    place.write_text("{")
    summary = everything(graded, students=("ada",))
    assert summary.submissions[0].again and points(graded, "ada") == 2.5


def test_links_in_a_submission_are_not_followed(released):
    """Neither as the notebook nor beside it."""
    secret = released.root / "secret.txt"
    secret.write_text("the answers")
    folder = tiny.hand_in(released, "mallory", tiny.RIGHT).parent
    (folder / "link.txt").symlink_to(secret)
    os.symlink("/etc", folder / "etc")
    everything(released, jobs=1)
    names = {path.name for path in released.step("autograded", "mallory", tiny.WEEK).iterdir()}
    given = {path.name for path in released.step("release", tiny.WEEK).iterdir()}
    assert names == given and points(released, "mallory") == 2.5


def test_a_folder_name_that_no_page_may_show_is_refused(released):
    tiny.hand_in(released, "<b>eve", tiny.RIGHT)
    tiny.hand_in(released, "ada", tiny.RIGHT)
    summary = everything(released, jobs=1)
    assert {one.student: next(iter(one.status.values())) for one in summary.submissions} == {
        "<b>eve": grading.REFUSED,
        "ada": "graded",
    }


def listen_to_ctrl_c():
    """A suite that a script starts in the background ignores Ctrl-C, and so would every program it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("how", [pytest.param(signal.SIGKILL, marks=pytest.mark.long), signal.SIGINT])
def test_a_run_that_was_stopped_is_continued_by_the_same_command(released, how):
    """In the middle, by force or by Ctrl-C; afterwards everything is there, and nothing was graded twice."""
    for number in range(4):
        triple = f"def triple(x):\n    return 3 * x + {number} * 0"
        tiny.hand_in(released, f"s{number}", {**tiny.RIGHT, "triple": triple})
    command = [sys.executable, "-m", "grader.desk.cli", "grade", "--course", str(released.root), "--jobs", "1"]
    run = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, preexec_fn=listen_to_ctrl_c
    )
    store = Store(released.desk_folder)
    until = time.monotonic() + 90
    while sum(1 for _ in store.all(tiny.WEEK)) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    run.send_signal(how)
    told, _ = run.communicate(timeout=30)
    assert "Traceback" not in told and run.returncode == (130 if how == signal.SIGINT else -9)
    summary = everything(released)
    fresh = sum(one.again for one in summary.submissions)
    assert 0 < fresh <= 2 and all(points(released, f"s{number}") == 2.5 for number in range(4))


def test_a_worker_that_always_dies_costs_one_submission(released, monkeypatch):
    """It gets no points, its student is told, a person is asked to look, and the next run tries again."""
    tiny.hand_in(released, "ada", tiny.RIGHT)
    tiny.hand_in(released, "poison", {**tiny.RIGHT, "double": "# poison\ndouble = 1"})
    monkeypatch.setattr(grading, "grade_job", dies_of_poison)
    summary = everything(released)
    assert [one.student for one in summary.failed] == ["poison"] and points(released, "ada") == 2.5
    with Book(released) as book:
        score = book.scores(tiny.WEEK)["poison"]["double"]["test_double"]
    assert score.auto == 0 and score.needs_person
    monkeypatch.undo()
    assert [one.again for one in everything(released).submissions] == [False, True]


def dies_of_poison(job):
    if b"# poison" in job.work.submitted:
        os._exit(9)
    return grading.grade_job(job)


def test_without_a_sandbox_nothing_is_run(released, monkeypatch):
    """Unless the code is said to be trusted."""
    from grader.sandbox.walls import bubblewrap

    tiny.hand_in(released, "ada", tiny.RIGHT)
    monkeypatch.setattr(bubblewrap, "available", lambda: bubblewrap.Availability(False, "no bwrap", "install it"))
    with pytest.raises(DeskError, match="install it"):
        everything(released)
    assert points(released, "ada") == 0
    everything(released, trusted=True, jobs=1)
    assert points(released, "ada") == 2.5


def test_two_graders_of_one_course_do_not_meet(released):
    tiny.hand_in(released, "ada", tiny.RIGHT)
    with grading.only_one_grader(released), pytest.raises(DeskError, match="Another grader"):
        everything(released)


def test_a_week_that_was_not_released_is_not_graded(course):
    with pytest.raises(DeskError, match="grader release"):
        everything(course)


def test_a_submission_that_cannot_be_looked_at_costs_nobody_else_anything(released, monkeypatch):
    """Whatever went wrong in reading it is logged, and the same command grades it when that is mended."""
    for student in ("ada", "bob"):
        folder = tiny.hand_in(released, student, tiny.RIGHT).parent
        (folder / "__init__.py").touch()
        (folder / "double.ipynb.d").mkdir()
    read = grading.read_submission

    def fails(course, week, student, names):
        if student == "ada":
            raise RecursionError("too deep")
        return read(course, week, student, names)

    with monkeypatch.context() as patch:
        patch.setattr(grading, "read_submission", fails)
        summary = everything(released, trusted=True, jobs=1)
    assert {one.student: one.status["double"] for one in summary.submissions} == {"ada": "failed", "bob": "graded"}
    assert "too deep" in (released.desk_folder / grading.LOG).read_text()
    assert points(released, "bob") == 2.5 and points(released, "ada") == 0
    everything(released, trusted=True, jobs=1)
    assert points(released, "ada") == 2.5


def test_a_file_of_theirs_whose_name_is_a_folder_of_ours_stays_where_it_is(released):
    folder = tiny.hand_in(released, "ada", tiny.RIGHT, "Untitled.ipynb").parent
    (folder / "double.ipynb").mkdir()
    (folder / "double.ipynb" / "data.csv").write_text("1")
    everything(released, trusted=True, jobs=1)
    assert points(released, "ada") == 2.5 and released.step("autograded", "ada", tiny.WEEK, "double.ipynb").is_file()


def test_data_of_the_week_lie_beside_the_notebook_and_win_over_what_was_handed_in(released):
    """A name of the student's that is a given folder stops nothing."""
    data = released.repo / tiny.WEEK / "data"
    data.mkdir()
    (data / "three.txt").write_text("3")
    work = {**tiny.RIGHT, "triple": "def triple(x):\n    return float(open('data/three.txt').read()) * x"}
    folder = tiny.hand_in(released, "ada", work).parent
    (folder / "data").mkdir()
    (folder / "data" / "three.txt").write_text("4")
    (tiny.hand_in(released, "bob", work).parent / "data").write_text("a file")
    assert [one.points for one in grading.grade(released, list(released.weeks), jobs=2).submissions] == [2.5, 2.5]


def test_a_trial_says_whose_points_would_move_and_keeps_nothing(graded):
    """After a changed key: both ways, with a person's score left alone; the gradebook stays as it was."""
    keys = graded.repo / "solutions" / tiny.WEEK / tiny.NOTEBOOK / "keys.py"
    text = keys.read_text()
    assert text.count("return Right(2 * case.x,") == 1
    keys.write_text(text.replace("return Right(2 * case.x,", "return Right(case.x**2,"))
    kept = {path: path.read_bytes() for path in (graded.desk_folder / "results").rglob("*") if path.is_file()}
    before = rows(graded)
    told = run("grade", "--dry-run", "--marks", "--jobs", 2, "--course", graded.root)
    assert told.exit_code == 0 and rows(graded) == before, told.output
    assert {path: path.read_bytes() for path in kept} == kept
    moves = [line for line in told.output.splitlines() if line.startswith("would move")]
    assert f"would move: ada {tiny.WEEK}/double: double from 1.5 to 0.5" in moves
    assert f"would move: bob {tiny.WEEK}/double: double from 0.5 to 1.5" in moves and len(moves) == 3
    assert "would move for 3 students" in told.output
    assert run("grade", "--marks", "--course", graded.root).exit_code == 2


def test_a_first_work_is_known_from_the_folders(released):
    """So that its worker may start before anything is read; where it is not plain, it starts later."""
    ask = lambda weeks, students: is_first(released.root, weeks, students)  # noqa: E731
    tiny.hand_in(released, "ada", tiny.RIGHT)
    assert ask([tiny.WEEK], ["bob", "ada"])
    assert not ask([], ["ada"]) and not ask([tiny.WEEK], []) and not ask([tiny.WEEK], ["bob"])
    Store(released.desk_folder).place(tiny.WEEK, "ada", tiny.NOTEBOOK).parent.mkdir(parents=True)
    assert not ask([tiny.WEEK], ["ada"])
