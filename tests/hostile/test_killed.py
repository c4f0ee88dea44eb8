"""A run is disturbed at random moments; the same command goes on, and ends where an undisturbed run ends.

Killed by SIGKILL: the grader, a worker, any process of a sandbox, the command that writes feedback. Besides: a full
disk, a gradebook that is locked, damaged or not there. Afterwards the gradebook's values, every graded notebook and
every page of feedback are, byte for byte, those of an undisturbed run.
"""

import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from grader.desk.course.facts import load_course
from grader.desk.exchange import SECRET
from tests.desk import tiny
from tests.desk.tools import rows
from tests.hostile import hostile_class

SECONDS = 120
KILLS = 50
SEED = 20261121
SLOW = "import time\ntime.sleep(0.2)\n"
CLASS = {
    "ada": tiny.RIGHT,
    "bob": {**tiny.SQUARES, "triple": SLOW + tiny.RIGHT["triple"]},
    "Мария +1": {**tiny.RIGHT, "why": "A sum.", "double": SLOW + tiny.RIGHT["double"]},
    "kim": {"double": "import os\nos._exit(1)"},
    "lee": {"double": "def double(x):\n    return x.tolist()", "triple": "def triple(x):\n    raise ValueError(x)"},
    "cut": b'{"cells": [',
}


@pytest.fixture(scope="module")
def ready(tmp_path_factory):
    """A released course folder in which the class has handed in."""
    place = tmp_path_factory.mktemp("ready")
    course = hostile_class.make_course(place)
    for student, content in CLASS.items():
        tiny.hand_in(course, student, content, timestamp="2026-10-01 12:00:00 UTC")
    return place


@contextmanager
def fresh(ready, place):
    """A course folder of its own; as root on a small file system, which can be full. Gives `(course, disk)`."""
    place.mkdir()
    mounted = (
        os.geteuid() == 0 and not subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", place]).returncode
    )
    try:
        shutil.copytree(ready, place, dirs_exist_ok=True)
        yield load_course(place / "class"), mounted
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", place], check=True)


def start(course, command):
    """`grader grade` or `feedback`, in a process group of its own."""
    line = [sys.executable, "-m", "grader.desk.cli", command, "--course", str(course.root)]
    line += ["--jobs", "2"] if command == "grade" else []
    return subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")


def ended(process):
    """What it said, once it has ended by itself; no traceback of ours is in it."""
    told, _ = process.communicate(timeout=SECONDS)
    assert "Traceback" not in told, told
    return told


def finished(course, command):
    process = start(course, command)
    told = ended(process)
    assert process.returncode == 0, told


def everything_in(course):
    """Values of the gradebook, graded notebooks and pages, comparable between two folders.

    Of a secret only the length counts: each folder draws its own.
    """
    files = {}
    for step in ("autograded", "feedback"):
        for path in sorted(course.step(step).rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                content = b"x" * path.stat().st_size if path.name == SECRET else path.read_bytes()
                files[str(path.relative_to(course.root))] = content.replace(str(course.root).encode(), b"")
    return rows(course), files


# Disturbances: a running process, the course and chance; each returns how many processes it has killed.


def kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
        return 1
    except ProcessLookupError:
        return 0


def below(pid):
    """All processes that `pid` has started, and theirs."""
    try:
        names = [Path(f"/proc/{pid}/task/{task}/children").read_text() for task in os.listdir(f"/proc/{pid}/task")]
    except OSError:
        return []
    children = [int(child) for name in names for child in name.split()]
    return [one for child in children for one in (child, *below(child))]


def kill_grader(process, course, chance, disk):
    return kill(process.pid)


def kill_worker(process, course, chance, disk):
    own = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    workers = [int(pid) for pid in own.read_text().split()] if own.exists() else []
    return kill(chance.choice(workers)) if workers else 0


def kill_sandbox(process, course, chance, disk):
    """Any process below a worker: bubblewrap's own, the kernel, the copy that answers."""
    inner = [pid for worker in below(process.pid) for pid in below(worker)]
    return kill(chance.choice(inner)) if inner else 0


def fill_disk(process, course, chance, disk):
    """Until the command has ended. Without a disk of our own: no file may grow."""
    if not disk:
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
        ended(process)
        return 0
    ballast = course.root / "ballast"
    try:
        with open(ballast, "wb") as file:
            while True:
                file.write(bytes(2**16))
                file.flush()
    except OSError:
        pass
    ended(process)
    ballast.unlink()
    return 0


def lock_gradebook(process, course, chance, disk):
    """For a moment, as an open Formgrader does; sometimes the grader is killed while it waits."""
    with sqlite3.connect(course.root / "gradebook.db", isolation_level=None, timeout=30) as book:
        book.execute("begin exclusive")
        time.sleep(chance.uniform(0.5, 2))
        killed = kill(process.pid) if chance.random() < 0.5 else 0
        book.execute("rollback")
    book.close()
    return killed


def damage_gradebook(process, course, chance, disk):
    """It is gone and something else in its place until the command has ended; then it is put back."""
    book, aside = course.root / "gradebook.db", course.root / "aside.db"
    kill(process.pid)
    process.wait()
    book.rename(aside)
    journal = course.root / "gradebook.db-journal"
    kept = journal.read_bytes() if journal.exists() else None
    journal.unlink(missing_ok=True)
    if chance.random() < 0.5:
        book.write_bytes(b"no database" * 1000)
    else:
        book.mkdir()
    again = start(course, "grade")
    assert "gradebook" in ended(again) and again.returncode == 3
    book.rmdir() if book.is_dir() else book.unlink()
    aside.rename(book)
    if kept is not None:
        journal.write_bytes(kept)
    return 1


DISTURBANCES = (
    [kill_grader] * 4 + [kill_worker] * 3 + [kill_sandbox] * 4 + [fill_disk, lock_gradebook, damage_gradebook]
)


def disturbed(course, chance, seconds, disk):
    """Run the command and disturb it, until it has done its work in between. Returns the number of kills."""
    kills = 0
    for _ in range(100):
        process = start(course, "grade")
        try:
            process.wait(chance.uniform(0, seconds))
        except subprocess.TimeoutExpired:
            kills += chance.choice(DISTURBANCES)(process, course, chance, disk)
        told = ended(process)
        if process.returncode == 0 and "failed" not in told:
            break
    finished(course, "grade")
    process = start(course, "feedback")
    time.sleep(chance.uniform(0.5, seconds))
    kills += kill(process.pid) if process.poll() is None else 0
    process.communicate()
    finished(course, "feedback")
    return kills


@pytest.fixture(scope="module")
def undisturbed(ready, tmp_path_factory):
    """`(everything, seconds)` of a run that nobody disturbs."""
    with fresh(ready, tmp_path_factory.mktemp("undisturbed") / "course") as (course, _):
        started = time.monotonic()
        finished(course, "grade")
        seconds = time.monotonic() - started
        finished(course, "feedback")
        return everything_in(course), seconds


def assert_equal(course, wanted):
    values, files = everything_in(course)
    assert values == wanted[0]
    assert files.keys() == wanted[1].keys()
    assert [name for name in files if files[name] != wanted[1][name]] == []


@pytest.mark.long
@pytest.mark.timeout(2400)
def test_fifty_kills_change_nothing(ready, undisturbed, tmp_path):
    """Also no half of a file, no student's file and no process stays behind."""
    wanted, seconds = undisturbed
    chance, kills, rounds = random.Random(SEED), 0, 0
    while kills < KILLS:
        with fresh(ready, tmp_path / str(rounds)) as (course, disk):
            kills += disturbed(course, chance, seconds, disk)
            assert_equal(course, wanted)
        rounds += 1


@pytest.mark.long
@pytest.mark.parametrize("disturbance", dict.fromkeys(DISTURBANCES), ids=lambda one: one.__name__)
def test_each_disturbance_by_itself(ready, undisturbed, tmp_path, disturbance):
    """In the middle of the work."""
    wanted, seconds = undisturbed
    with fresh(ready, tmp_path / "one") as (course, disk):
        process = start(course, "grade")
        time.sleep(0.6 * seconds)
        disturbance(process, course, random.Random(SEED), disk)
        ended(process)
        finished(course, "grade")
        finished(course, "feedback")
        assert_equal(course, wanted)
