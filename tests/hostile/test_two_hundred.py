"""After every submission the machine is as before: processes, memory, open files, folders, shared memory, mounts."""

import os
import resource
import tempfile
import time
from pathlib import Path

import nbformat
import pytest

from grader.desk.collect.submissions import Work
from grader.desk.grade.work import grade_work
from grader.judge.grading.spec import load_notebook
from grader.sandbox.kernels import forked_kernel
from grader.sandbox.walls.limits import Limits
from tests.desk import tiny
from tests.hostile.health import children_of_ours, files_of_students
from tests.sandbox.tools import state

TIMES = 200
WARM = 12  # submissions until everything that is made once has been made
GROWTH_MB = 24
SETTLE_SECONDS = 5
LIMITS = Limits(cell_seconds=5, submission_seconds=20, question_seconds=2, memory_mb=1024, tmp_mb=64)
DAEMON = """
import os, threading, time
for _ in range(4):
    if os.fork() == 0:
        os.setsid()
        time.sleep(600)
threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
open("/tmp/left", "w").write("x" * 2**20); open("/dev/shm/left", "w").write("x" * 2**20)
"""
SUBMISSIONS = [
    tiny.RIGHT,
    tiny.SQUARES,
    {**tiny.RIGHT, "double": DAEMON + tiny.RIGHT["double"]},
    {**tiny.RIGHT, "triple": "import os\nos._exit(1)"},
    {**tiny.RIGHT, "double": "import ctypes\ndef double(x):\n    return ctypes.string_at(0)"},
    {**tiny.RIGHT, "double": "print('x' * 10**6)\n" + tiny.RIGHT["double"]},
    {**tiny.RIGHT, "triple": "hoard = [bytearray(2**20) for _ in range(300)]\n" + tiny.RIGHT["triple"]},
]


def now():
    """What is there, as numbers: the process that kernels are forked from may have been replaced by another one."""
    found = state()
    folders = sorted(map(tuple, found.pop("folders").values()))
    numbers = {name: len(value) if isinstance(value, list) else value for name, value in found.items()}
    return folders, numbers, len(children_of_ours()), files_of_students()


def settled(wanted):
    """The same once what is ending has ended; the first process of a sandbox may take a moment to be reaped."""
    until = time.monotonic() + SETTLE_SECONDS
    while (found := now()) != wanted and time.monotonic() < until:
        time.sleep(0.05)
    return found


def memory_mb():
    """What this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("kernels", ["forked", "fresh"])
def test_two_hundred_in_a_row_leave_nothing(tmp_path, monkeypatch, own_accounts, kernels):
    """Looked at after each: honest ones, daemons, crashes, floods, hoards; files handed in beside the notebook, too."""
    monkeypatch.setenv("GRADER_KERNELS", kernels)
    monkeypatch.setattr(forked_kernel, "KERNELS", 2 * TIMES)  # one preloaded process, so that what it leaves adds up
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    spec = load_notebook(tiny.write_checkout(tmp_path / "checkout"), tiny.WEEK, tiny.NOTEBOOK)
    before = memory = None
    for number in range(TIMES if kernels == "forked" else TIMES // 4):
        notebook = nbformat.writes(tiny.solved(SUBMISSIONS[number % len(SUBMISSIONS)], spec.released)).encode()
        work = Work("ada", tiny.WEEK, tiny.NOTEBOOK, notebook, files=(("data.csv", b"1,2"),))
        result = grade_work(spec, work, LIMITS, "bubblewrap")
        assert result.status == "graded" and result.points > 0
        if number < WARM:
            time.sleep(0.2)
            before, memory = now(), memory_mb()
            continue
        assert settled(before) == before, number
        assert os.listdir(tmp_path / "tmp") == []
    assert memory_mb() - memory < GROWTH_MB
