"""A worker that dies costs its task a try, and never the run."""

import os
import signal
import subprocess
import sys
import time
from functools import partial
from multiprocessing.connection import Connection

import pytest

from grader.desk.grade import pool


def square(number):
    return number * number


def die_sometimes(place):
    """Dies the first time it sees a place, answers the second time."""
    if not os.path.exists(place):
        open(place, "w").close()
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def die(_):
    os._exit(3)


def die_while_answering(place):
    """Dies the first time it sees a place, with half of its answer sent."""

    def send_half(connection, data):
        os.write(connection.fileno(), bytes(data[: len(data) // 2]))
        os.kill(os.getpid(), signal.SIGKILL)

    if os.path.exists(place):
        return "done"
    open(place, "w").close()
    Connection._send = send_half
    return "x" * 20_000


def sleep(seconds):
    time.sleep(seconds)
    return seconds


def fail(_):
    raise ValueError("a mistake of ours")


def threads(_):
    return os.environ["OMP_NUM_THREADS"]


def test_every_task_is_answered():
    answers = dict(pool.run(square, range(7), workers=2))
    assert answers == {number: number**2 for number in range(7)}


def test_a_task_whose_worker_died_is_tried_again(tmp_path):
    assert [value for _, value in pool.run(die_sometimes, [str(tmp_path / "seen")], workers=1)] == ["done"]


def test_half_an_answer_is_none(tmp_path):
    """A worker that dies while it sends costs its own task a try, and the others nothing."""
    tasks = [str(tmp_path / "seen"), str(tmp_path)]
    started = time.monotonic()
    answers = dict(pool.run(die_while_answering, tasks, workers=2, seconds=60))
    assert answers == dict.fromkeys(tasks, "done") and time.monotonic() - started < 30


def test_a_deadly_task_is_given_up_and_the_others_go_on():
    answers = dict(pool.run(die, ["a", "b"], workers=2, tries=2))
    assert {value.kind for value in answers.values()} == {"died"} and len(answers) == 2


def test_a_task_that_never_ends_is_stopped():
    answers = dict(pool.run(sleep, [60, 0], workers=2, seconds=8, tries=1))  # a worker starts within it, too
    assert answers[60].kind == "late" and answers[0] == 0


def test_an_exception_is_told_with_where_it_happened():
    ((_, failure),) = pool.run(fail, ["x"], workers=1, tries=2)
    assert failure.kind == "error" and "a mistake of ours" in failure.detail


def test_a_worker_has_one_thread():
    assert [value for _, value in pool.run(threads, [0], workers=1)] == ["1"]


def test_tasks_are_taken_one_by_one():
    """A class of any size costs the memory of the tasks in work."""
    taken = []

    def tasks():
        for number in range(20):
            taken.append(number)
            yield number

    run = pool.run(square, tasks(), workers=2)
    next(run)
    assert len(taken) <= 4
    run.close()


def test_closing_the_run_ends_its_workers():
    run = pool.run(sleep, [0, 300, 300], workers=2)
    next(run)
    started = time.monotonic()
    run.close()
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("name", pool.ONE_THREAD)
def test_the_environment_is_put_back(name):
    before = os.environ.get(name)
    list(pool.run(square, [1], workers=1))
    assert os.environ.get(name) == before


def write(place):
    with open(place, "a") as file:
        file.write("ready ")


@pytest.mark.parametrize("early", [False, True])
def test_a_crew_prepares_before_there_are_tasks_and_stays_for_the_next_ones(tmp_path, early):
    with pool.Crew(square, partial(write, str(tmp_path / "seen"))) as crew:
        if early:
            crew.start_early()
        first = crew.start()
        assert dict(pool.run_with(crew, [1, 2], workers=1)) == {1: 1, 2: 4}
        assert dict(pool.run_with(crew, [3], workers=1)) == {3: 9}
        assert crew.members == [first]
    assert (tmp_path / "seen").read_text() == "ready "
    assert not first.process.is_alive()


def test_a_worker_does_not_run_the_program_that_started_it(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(
        "from operator import neg\nfrom grader.desk.grade import pool\nprint(dict(pool.run(neg, [1], workers=1)))\n"
    )
    done = subprocess.run([sys.executable, program], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("{1: -1}\n", "")
