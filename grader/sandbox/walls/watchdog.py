"""Watches a sandbox from outside while it runs, and ends it when it takes more than its share or its time.

Memory is counted here where no control group counts it: the proportional share (PSS) of all processes, so that
memory shared by a process and the copies it forks counts once. Files count by number; their size has a limit of
its own.
"""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from grader.sandbox.walls.bubblewrap import INODES
from grader.sandbox.walls.cgroups import ControlGroup
from grader.sandbox.walls.limits import Limits

SECONDS = 0.1
SPARE_BYTES = 64 * 2**20
WRITABLE = ("tmp", "dev/shm")
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Watch:
    """Calls ``end(reason)`` once: "memory", "files", or "time" after ``seconds``.

    ``pid``: the sandbox's first process. ``group``: its ``ControlGroup``, or None. ``count_files``: whether what is
    at ``/tmp`` for that process is its own.
    """

    def __init__(
        self,
        pid: int,
        limits: Limits,
        group: ControlGroup | None,
        end: Callable[[str], None],
        seconds: float,
        *,
        count_files: bool = True,
    ) -> None:
        self.pid, self.limits, self.group, self.end = pid, limits, group, end
        self.count_files = count_files
        self.rounds_left = int(seconds / SECONDS)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sandbox-watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(SECONDS):
            self.rounds_left -= 1
            reason = self._reason()
            if reason:
                self.end(reason)
                return

    def _reason(self) -> str | None:
        if self.rounds_left <= 0:
            return "time"
        if self.group:
            return "memory" if self.group.ran_out_of_memory() else None  # files are limited by their mount
        if memory_of_tree(self.pid, self.limits.memory_bytes) > self.limits.memory_bytes + SPARE_BYTES:
            return "memory"
        return "files" if self.count_files and files_written(self.pid) > INODES else None


def memory_of_tree(pid: int, enough: int) -> int:
    """Bytes of memory used by ``pid`` and everything it started; exact only if it may be more than ``enough``.

    Orphans of a sandbox become children of its first process, so none is missed.
    """
    tree = list(_tree(pid))
    resident = sum(_resident(member) for member in tree)
    return resident if resident <= enough else sum(_proportional(member) for member in tree)


def files_written(pid: int) -> int:
    """Number of files in the sandbox's writable places."""
    total = 0
    for place in WRITABLE:
        try:
            status = os.statvfs(f"/proc/{pid}/root/{place}")
            total += status.f_files - status.f_ffree
        except OSError:
            pass  # not mounted yet, or gone already
    return total


def _tree(pid: int) -> Iterator[int]:
    yield pid
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            for child in Path(f"/proc/{pid}/task/{task}/children").read_text().split():
                yield from _tree(int(child))
    except OSError:
        pass  # it ended meanwhile


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def _proportional(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    except OSError:
        return _resident(pid)  # may not be read: counted in full
