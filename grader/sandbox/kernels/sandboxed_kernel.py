"""A kernel in a sandbox: how it is watched and ended, with everything it started, without leaving a trace.

``SandboxedKernel`` is all that the executor and Jupyter's provisioner know of how a kernel runs. How one is started is
told by its two kinds, ``fresh_kernel`` and ``forked_kernel``; ``open`` chooses between them.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Protocol

from grader.sandbox.inside.kernel import CHANNELS
from grader.sandbox.kernels import copy_files, fonts
from grader.sandbox.protocol.fork_messages import KernelSettings
from grader.sandbox.protocol.polling import readable
from grader.sandbox.walls import visible_files
from grader.sandbox.walls.bubblewrap import Wall
from grader.sandbox.walls.cgroups import ControlGroup
from grader.sandbox.walls.limits import Limits
from grader.sandbox.walls.watchdog import Watch

START_SECONDS = 20
END_SECONDS = 5
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
STEADY = {
    **dict.fromkeys(THREADS, "1"),
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PIP_RETRIES": "0",  # a cell that calls pip fails at once
    "MALLOC_ARENA_MAX": "2",
    # Arrays of a training step come from the heap, which keeps its pages: given back and asked for again at every
    # step, they would cost four fifths of a notebook's page faults (mallopt(3)).
    "MALLOC_MMAP_THRESHOLD_": str(32 * 2**20),
    "MALLOC_TRIM_THRESHOLD_": str(128 * 2**20),
    "GRADER_QUIET": "1",  # what a notebook draws only for a person who waits
}
MEGABYTE = 2**20
# Address space that libraries and thread stacks reserve and never use.
RESERVED_BYTES = 2**30


class Process(Protocol):
    """What is needed of a kernel's process, as ``subprocess.Popen`` offers it."""

    @property
    def stderr(self) -> IO[bytes] | None: ...

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def kill(self) -> None: ...


class SandboxedKernel:
    """A kernel and the sandbox around it.

    ``sockets``: ``{channel: path}``, in a folder of ours that the sandbox does not see; ``key`` signs messages.
    ``run_dir``: a private folder, short enough for socket paths, seen inside, read-only, as ``inner_run_dir``.
    ``death``: why we killed it, None otherwise.
    """

    process: Process

    def __init__(self, isolation: str, limits: Limits, key: str, wall: Wall) -> None:
        self.isolation, self.limits, self.key = isolation, limits, key
        self.walled = isolation == "bubblewrap"
        self.death: str | None = None
        self._wall = wall
        self._account = wall.account
        self._closing = contextlib.ExitStack()  # what to undo, in reverse order
        folder = self._account.folder
        self.address = str(folder / "s" / "k")
        self.sockets = {name: f"{self.address}-{number}" for number, name in enumerate(CHANNELS, start=1)}
        self._group: ControlGroup | None = None
        self._first_process: int | None = None
        self.run_dir = self._wall.run_dir
        self.inner_run_dir = visible_files.RUN if self.walled else self.run_dir

    def poll(self) -> int | None:
        """None while the kernel runs, else its exit code (128 + n after signal n)."""
        code = self.process.poll()
        return code if code is None or code >= 0 else 128 - code

    def wait(self, seconds: float) -> bool:
        """Wait at most ``seconds`` for the kernel to end by itself. Returns whether it has."""
        try:
            self.process.wait(seconds)
            return True
        except subprocess.TimeoutExpired:
            return False

    def kill(self, reason: str) -> None:
        """End every process in the sandbox, and remember the first ``reason`` given. Returns when they are gone."""
        if self.poll() is None:
            self.death = self.death or reason
        self._end_everything()
        if not self.wait(END_SECONDS):
            self.process.kill()
            self.process.wait()

    def cause_of_death(self) -> str | None:
        """Why the kernel is gone: a reason given to ``kill``, "memory", "killed", "crash", "exit"; None if it runs."""
        code = self.poll()
        if code is None:
            return None
        if self._group and self._group.ran_out_of_memory():
            return "memory"
        if self.death:
            return self.death
        if code == 128 + signal.SIGKILL:
            return "killed"
        return "crash" if code > 128 else "exit"

    def close(self) -> None:
        """Kill what runs and remove what is left. May be called again."""
        self._closing.close()

    def last_words(self) -> str:
        """The end of what the kernel's process wrote to its real stderr, for a kernel that does not start."""
        stderr = self.process.stderr
        if stderr is None or stderr.closed or not readable([stderr], 0):
            return ""
        return os.read(stderr.fileno(), 2**16)[-2000:].decode("utf-8", "replace").strip()

    def watch(self, seconds: float) -> None:
        """Kill the sandbox when it goes beyond its limits or, whatever it does then, after ``seconds``."""
        watch = Watch(self._top(), self.limits, self._group, self.kill, seconds, count_files=self.walled)
        self._closing.callback(watch.stop)

    def _top(self) -> int:
        """The process from which all others of the sandbox descend."""
        assert self._first_process is not None
        return self._first_process

    def _end_everything(self) -> None:
        # The first process of a pid namespace takes all others with it, and is not gone before they are. It may
        # outlive bwrap's outer process, which ends with the kernel and leaves what the kernel started to the first.
        if self._first_process:
            try:
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
                readable([self._pidfd], END_SECONDS)
            except ProcessLookupError:
                pass  # it has just ended

    def _forget_first_process(self) -> None:
        os.close(self._pidfd)
        self._first_process = None

    # Starting

    def start(self, handed_in: str | os.PathLike[str] | None) -> None:
        """Start the kernel's process; ``handed_in`` is a folder of files for its working folder, or None."""
        if self._group:
            self._closing.callback(self._group.remove)
        os.mkdir(os.path.dirname(self.address), mode=0o700)
        if handed_in is not None:
            copy_files.copy_plain_files(handed_in, self._wall.files, self.limits)
        with contextlib.ExitStack() as listening:
            listeners = {name: listening.enter_context(_listener(path)) for name, path in self.sockets.items()}
            self._start({name: listener.fileno() for name, listener in listeners.items()})

    def _start(self, descriptors: dict[str, int]) -> None:
        """Start a process that listens on ``{channel: file descriptor}``."""
        raise NotImplementedError

    def _remember_first_process(self, pid: int, pidfd: int) -> None:
        self._first_process, self._pidfd = pid, pidfd
        self._closing.callback(self._forget_first_process)
        self._closing.callback(self.kill, "closed")

    def _settings(
        self, descriptors: Mapping[str, int], work: Path, handed_in: Path, font_list: Path | None
    ) -> KernelSettings:
        return {
            "sockets": dict(descriptors),
            "key": self.key,
            "limits": self._resource_limits(),
            "work": str(work),
            "files": str(handed_in),
            "libraries": visible_files.library_folders(),
            "font_list": str(font_list) if font_list else None,
        }

    def _resource_limits(self) -> dict[str, int]:
        limits = self.limits
        result = {
            "RLIMIT_DATA": limits.memory_bytes,
            "RLIMIT_AS": limits.memory_bytes + RESERVED_BYTES,
            "RLIMIT_FSIZE": int(limits.file_mb * MEGABYTE),
            "RLIMIT_NOFILE": int(limits.open_files),
            "RLIMIT_CORE": 1,  # 1 also keeps a core dump from being piped to a program of the host's; 0 does not
            "RLIMIT_CPU": int(limits.submission_seconds * 2 + 60),
            "RLIMIT_MSGQUEUE": 0,
            "RLIMIT_MEMLOCK": 2**16,
        }
        if self.walled:
            # Counted for the sandbox's own user namespace. Outside one, a user's other programs would count too.
            result["RLIMIT_NPROC"] = int(limits.processes)
        return result


def font_data() -> tuple[Path | None, dict[str, bytes]]:
    """Matplotlib's list of fonts: ``(its path inside, {path inside: bytes})``; None and nothing where there is none."""
    font_list = fonts.font_list()
    if not font_list:
        return None, {}
    inside = visible_files.SANDBOX / font_list.name
    return inside, {str(inside): font_list.read_bytes()}


def child_pid(status: IO[bytes], process: Process) -> int | None:
    """The first process of the sandbox, by our own pid namespace, or None if bwrap did not get that far."""
    deadline, text = time.monotonic() + START_SECONDS, b""
    while time.monotonic() < deadline and process.poll() is None:
        if readable([status], 0.1):
            text += status.read(4096)
        if b"\n" in text:
            pid: int | None = json.loads(text.split(b"\n")[0]).get("child-pid")
            return pid
    return None


def _listener(path: str) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path)
    listener.listen(8)
    return listener
