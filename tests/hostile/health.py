"""What a run may leave on the machine, measured around it: processes, files, shared memory, mounts."""

import ctypes
import os
import time
from contextlib import contextmanager
from pathlib import Path

from grader.sandbox.walls import accounts
from tests.hostile.hostile_class import HOST_MARKS, SECRETS
from tests.hostile.leaving import LEFT
from tests.sandbox.tools import mounted

PR_SET_CHILD_SUBREAPER = 36
END_SECONDS = 20
SHARED = ("/tmp", "/dev/shm", "/var/tmp")


@contextmanager
def healthy():
    """After the block no process, file, shared memory or mount of it is left. Others may use the machine meanwhile."""
    # Whatever loses its parent in the block becomes a child of ours, and is found.
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    children, files, mounts = _children(), _files(), _mounts()
    yield
    until = time.monotonic() + END_SECONDS
    while (left := _living(_children() - children)) and time.monotonic() < until:
        time.sleep(0.1)
    assert not left, f"still running: {[Path(f'/proc/{pid}/cmdline').read_text() for pid in left]}"
    assert _of_students(_files() - files) == []
    assert _mounts() == mounts


def files_of_students():
    """What student code has left in folders that everybody shares."""
    return _of_students(_files())


def children_of_ours():
    """The processes that this one has started and that still run."""
    return _living(_children())


def _children():
    return {int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()}


def _living(pids):
    """Those that run; those that have ended are reaped, if nobody else waits for them."""
    alive = set()
    for pid in pids:
        try:
            if os.waitpid(pid, os.WNOHANG) == (0, 0):
                alive.add(pid)
        except ChildProcessError:
            pass
    return alive


def _files():
    return {os.path.join(place, name) for place in SHARED for name in os.listdir(place)}


def _of_students(paths):
    """Those that student code made: by their names, or by the users under whom it runs when root grades."""
    marks = (LEFT, *HOST_MARKS, *SECRETS.values())
    return sorted(path for path in paths if any(mark in path for mark in marks) or _owner(path) in _USERS)


_USERS = range(accounts.FIRST_UID, accounts.LAST_UID + 1)


def _owner(path):
    try:
        return os.lstat(path).st_uid
    except OSError:
        return None


def _mounts():
    """Those below the accounts of student code; other tests beside this one have mounts of their own."""
    return sorted(place for place in mounted() if place.startswith(f"{accounts._home()}/"))
