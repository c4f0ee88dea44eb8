"""What our own work on one submission may take. It is bounded apart from student code, which has the sandbox's limits.

Time is processor time of this process, so a busy machine costs nobody anything; memory is what is added to what the
process has. Where the system or the thread knows no such limit, the worker pool's own limit of time is what is left.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

try:
    import resource
except ImportError:  # not on Windows
    resource = None  # type: ignore[assignment]

REPAIR_SECONDS = 20.0
SANITISE_SECONDS = 20.0
PAGE_SECONDS = 60.0
RUNS = 3  # of a notebook whose process is killed
MEMORY_MB = 512
MAX_NOTES, MAX_NOTE = 40, 600  # notes on a page, and characters of each


class TakesTooLong(Exception):
    """More processor time than a submission may take."""


@contextmanager
def bounded(seconds: float, megabytes: float = MEMORY_MB) -> Iterator[None]:
    """Raise ``TakesTooLong`` after so much processor time, ``MemoryError`` for so much more memory."""
    with _memory(megabytes), _time(seconds):
        yield


@contextmanager
def _time(seconds: float) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(*_: object) -> None:
        raise TakesTooLong(f"more than {seconds:g} s of processor time")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds, 1)  # once more each second, should somebody catch it
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextmanager
def _memory(megabytes: float) -> Iterator[None]:
    taken = _data_bytes()
    if taken is None:
        yield
        return
    before, most = resource.getrlimit(resource.RLIMIT_DATA)
    soft = taken + int(megabytes * 2**20)
    if most != resource.RLIM_INFINITY:
        soft = min(soft, most)
    resource.setrlimit(resource.RLIMIT_DATA, (soft, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (before, most))


def _data_bytes() -> int | None:
    """The memory of this process that RLIMIT_DATA counts; None where that cannot be known."""
    try:
        with open("/proc/self/statm", "rb", buffering=0) as file:  # asked for each test: the cheap way
            pages = int(file.read(200).split()[5])
    except (OSError, ValueError, IndexError):
        return None
    return pages * resource.getpagesize() if resource else None


def few(notes: Sequence[str]) -> list[str]:
    """The notes that are told: some of very many, and of a long one its beginning."""
    told = [note if len(note) <= MAX_NOTE else f"{note[: MAX_NOTE - 1]}…" for note in notes[:MAX_NOTES]]
    return told if len(notes) <= MAX_NOTES else [*told, f"... and {len(notes) - MAX_NOTES} more such notes."]
