"""Nothing of a run stays on the machine: processes, mounts, folders, control groups, descriptors, threads."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader.sandbox.kernels.open import open_kernel
from grader.sandbox.walls import accounts
from grader.sandbox.walls.limits import Limits
from tests.sandbox.tools import run, state, statuses, user_of

REPO = Path(__file__).resolve().parents[2]
DAEMON = (
    "import os, time, threading\n"
    "open('/tmp/file', 'w').write('left'); open('/dev/shm/left', 'w').write('left')\n"
    "for _ in range(3):\n"
    "    if os.fork() == 0:\n"
    "        os.setsid()\n"
    "        if os.fork(): os._exit(0)\n"
    "        time.sleep(600)\n"
    "threading.Thread(target=time.sleep, args=(600,)).start()"
)


pytestmark = pytest.mark.usefixtures("own_accounts")


def settled():
    """The state a moment after a run: what tells us how a kernel has ended is still to end itself."""
    time.sleep(0.3)
    return state()


def soon(wanted):
    """Whether the state is as wanted, at once or in a moment."""
    until = time.monotonic() + 2
    while state() != wanted and time.monotonic() < until:
        time.sleep(0.02)
    return state() == wanted


@pytest.mark.parametrize("last", ["1", "import os; os._exit(1)", "import os; os.kill(os.getpid(), 19)"])
def test_nothing_is_left_over(last, impatient):
    """Daemons, threads, files and shared memory of a notebook are gone when its run returns, however it ended."""
    run("1")  # what is made once per process is made
    before = settled()
    execution = run(DAEMON, last, cell_seconds=1)
    assert statuses(execution)[0] == "ok"
    assert soon(before)


@pytest.mark.parametrize("seconds", [0.02, 0.1, 0.5])
def test_a_killed_grader_takes_its_sandbox_along(seconds):
    """After SIGKILL to the grader, while the sandbox starts or later, no process of the sandbox lives on.

    Not within the microseconds in which bwrap has told its child's number and has not let it go: a child whose other
    half is killed just then waits for ever, before it has run anything of ours.
    """
    code = (
        "from grader.sandbox.kernels.open import open_kernel\n"
        "from grader.sandbox.walls.limits import Limits\n"
        "kernel = open_kernel(Limits())\nprint(kernel._first_process, flush=True)\nimport time; time.sleep(60)"
    )
    grader = subprocess.Popen([sys.executable, "-c", code], cwd=REPO, stdout=subprocess.PIPE, text=True)
    with grader:
        sandboxed = int(grader.stdout.readline())
        assert accounts.is_alive(sandboxed)
        time.sleep(seconds)
        os.kill(grader.pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while accounts.is_alive(sandboxed) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not accounts.is_alive(sandboxed), Path(f"/proc/{sandboxed}/status").read_text()


def test_concurrent_kernels_have_different_accounts():
    """No two kernels share a folder, and as root no user id; an account is free again after its release."""
    kernels = [open_kernel(Limits()) for _ in range(2)]
    try:
        assert len({kernel.run_dir for kernel in kernels}) == 2
        if os.geteuid() == 0:
            uids = {user_of(kernel._first_process) for kernel in kernels}
            assert len(uids) == 2 and all(accounts.FIRST_UID <= uid <= accounts.LAST_UID for uid in uids)
    finally:
        for kernel in kernels:
            kernel.close()
            kernel.close()


def test_other_users_of_the_machine_cannot_look_in():
    """What was handed in, and the judge's socket, are closed to strangers while a kernel runs."""
    kernel = open_kernel(Limits())
    try:
        look = ["ls", str(kernel.run_dir)]
        if os.geteuid() == 0:
            assert subprocess.run(["setpriv", "--reuid=54321", "--clear-groups", "--regid=54321", *look]).returncode
        assert kernel._account.folder.stat().st_mode & 0o067 == 0
        assert subprocess.run(look).returncode == 0
    finally:
        kernel.close()


def test_an_account_is_taken_once():
    """Before any process runs the lock alone keeps two kernels apart; the next one to take it gets it empty."""
    first, second = accounts.take(), accounts.take()
    assert first.folder != second.folder
    (first.folder / "left").mkdir()
    first.release()
    third = accounts.take()
    assert third.folder == first.folder and os.listdir(third.folder) == []
    for account in (second, third):
        account.release()
        account.release()


def test_a_failed_start_leaves_nothing(tmp_path):
    """Files beyond the limits are refused before anything runs, and the account is given back."""
    from grader.sandbox.kernels.copy_files import TooManyFiles

    run("1")
    (tmp_path / "large").write_bytes(bytes(2 * 2**20))
    before = settled()
    with pytest.raises(TooManyFiles):
        run("1", files=tmp_path, file_mb=1)
    assert soon(before)
