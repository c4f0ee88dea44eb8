"""Kernels that are forked, behind walls of their own, from a process that has everything imported already.

A *fork server* is that process (see ``grader.sandbox.inside.fork_server``) inside bubblewrap, with an account of its
own; it holds one kernel at a time. Fork servers are kept and used again by the process that made them, and end with it.
One is replaced after ``KERNELS`` kernels, and at once when it does not do what it should.

What differs from a fresh process, and what does not, is told in docs/security.md.
"""

import atexit
import base64
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import warnings
from pathlib import Path
from typing import Literal

from grader.sandbox.inside.fork_server import GO, READY
from grader.sandbox.kernels.forked_process import MAX_REPORT, ForkedProcess
from grader.sandbox.kernels.sandboxed_kernel import (
    END_SECONDS,
    START_SECONDS,
    STEADY,
    SandboxedKernel,
    child_pid,
    font_data,
)
from grader.sandbox.protocol.fork_messages import ForkRequest, ServerSettings
from grader.sandbox.protocol.polling import readable
from grader.sandbox.walls import accounts, bubblewrap, cgroups, seccomp, visible_files
from grader.sandbox.walls.bubblewrap import INODES, Wall
from grader.sandbox.walls.limits import Limits

VARIABLE = "GRADER_KERNELS"
KERNELS = 200
SERVER_BYTES = 16 * 2**20  # of files in its own /tmp: matplotlib's list of fonts
PRELOAD_SECONDS = 60

_idle: "list[ForkServer]" = []  # fork servers that hold no kernel
_lock = threading.Lock()
_refused: str | None = None  # why kernels cannot be forked on this machine


class NoFork(RuntimeError):
    """Kernels cannot be forked here, though they may run as fresh processes. The text says why."""


def wanted() -> bool:
    """Whether kernels are to be forked: not when the environment says ``fresh``, nor after ``do_without``.

    A sandbox ends with the thread that started it (PR_SET_PDEATHSIG counts threads, not processes). So preloaded
    processes, which are used again and again, are made in the main thread only.
    """
    choice = os.environ.get(VARIABLE, "forked")
    if choice not in ("forked", "fresh"):
        raise ValueError(f"{VARIABLE}: expected 'forked' or 'fresh', found {choice!r}")
    return choice == "forked" and not _refused and threading.current_thread() is threading.main_thread()


def do_without(problem: NoFork) -> None:
    """From now on, in this process, every kernel is a fresh process. Says so once."""
    global _refused
    _refused = str(problem)
    warnings.warn(f"kernels are not forked from a preloaded process, which is slower: {problem}", stacklevel=3)


def close_all() -> None:
    """End the fork servers that hold no kernel."""
    with _lock:
        while _idle:
            _idle.pop().close()


def _take(packages: tuple[Path, ...]) -> "ForkServer":
    """A fork server that holds no kernel. Raises ``NoFork``."""
    with _lock:
        while _idle:
            server = _idle.pop()
            if server.usable() and server.sees == _seen(packages):
                server.wait_until_ready()
                return server
            server.close()
    server = ForkServer(packages)
    server.wait_until_ready()
    return server


def start_one(packages: tuple[Path, ...] = ()) -> None:
    """Have a fork server import what it imports while whoever will want a kernel is still busy. Raises ``NoFork``."""
    server = ForkServer(packages)
    with _lock:
        _idle.append(server)


def _seen(packages: tuple[Path, ...]) -> tuple[Path | list[Path] | list[str], ...]:
    """What of this machine a fork server that is made now would see."""
    seen = visible_files.modules_of(packages)
    return visible_files.interpreter(), visible_files.bound_folders(), visible_files.library_folders(), seen


def _give_back(server: "ForkServer") -> None:
    if server.usable() and server.kernels < KERNELS:
        with _lock:
            _idle.append(server)
    else:
        server.close()


def _forget_after_fork() -> None:
    _idle.clear()  # they belong to the parent


atexit.register(close_all)
os.register_at_fork(after_in_child=_forget_after_fork)


class ForkServer:
    """A preloaded process behind bubblewrap; ``wait_until_ready`` before it is asked. Raises ``NoFork``."""

    process: "subprocess.Popen[bytes]"

    def __init__(self, packages: tuple[Path, ...] = ()) -> None:
        self.kernels = 0
        self.failed = False
        self._ready = False
        self.sees = _seen(packages)
        self.account = accounts.take()
        self.wall = Wall(self.account, SERVER_BYTES, packages=packages)
        self.font_list, self._data = font_data()
        self._closing = contextlib.ExitStack()  # what to undo, in reverse order
        self._closing.callback(self.account.release)
        try:
            self.wall.make_folders()
            self._start()
        except BaseException:
            self.close()
            raise

    def _start(self) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._closing.callback(self._control.close)
        module = "grader.sandbox.inside.fork_server"
        command = [str(visible_files.interpreter()), "-s", "-P", "-m", module, str(theirs.fileno())]
        with theirs, bubblewrap.launch(
            self.wall, command, environment=STEADY, data=self._data, builds_walls=True
        ) as start:  # fmt: skip
            self.process = subprocess.Popen(
                start.command,
                env=bubblewrap.START_ENVIRONMENT,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=[theirs.fileno(), *start.descriptors],
                start_new_session=True,
            )
            self._closing.callback(self._end_process)
            # Open until the end: bwrap writes there how its command ended, and must not fail at it.
            status = self._closing.enter_context(open(os.dup(start.status.fileno()), "rb", buffering=0))
            pid = child_pid(status, self.process)
            if pid:
                self._first = os.pidfd_open(pid)
                self._closing.callback(self._end_first)
        self._begin()

    def _begin(self) -> None:
        settings: ServerSettings = {
            "libraries": visible_files.library_folders(),
            "font_list": str(self.font_list) if self.font_list else None,
        }
        self._control.settimeout(PRELOAD_SECONDS)
        try:
            self._control.send(json.dumps(settings).encode())
        except OSError as error:
            raise NoFork(f"the preloaded process did not come up: {error}; {self._complaint()}") from None

    def wait_until_ready(self) -> None:
        """Until everything is imported. Raises ``NoFork`` if it does not come up, and ends it."""
        if self._ready:
            return
        try:
            ready = self._control.recv(MAX_REPORT)
        except OSError as error:
            problem = f"the preloaded process did not come up: {error}; {self._complaint()}"
        else:
            self._ready = ready == READY
            problem = "" if self._ready else f"the preloaded process ended: {self._complaint()}"
        if problem:
            self.close()
            raise NoFork(problem)

    def _complaint(self) -> str:
        stderr = self.process.stderr
        if stderr is None or not readable([stderr], 0.5):
            return ""
        return os.read(stderr.fileno(), 2**16)[-500:].decode("utf-8", "replace")

    def usable(self) -> bool:
        """Whether it may be asked for another kernel."""
        return not self.failed and self.process.poll() is None

    def ask(self, request: ForkRequest, descriptors: list[int]) -> None:
        """Have a kernel forked. Raises ``NoFork`` when the process is gone."""
        self.kernels += 1
        try:
            socket.send_fds(self._control, [json.dumps(request).encode()], descriptors)
        except OSError as error:
            self.failed = True
            raise NoFork(f"the preloaded process is gone: {error}") from None

    def sweep(self) -> None:
        """Remove what the last kernel was given."""
        accounts.empty(self.wall.run_dir)
        accounts.empty(self.wall.files)

    def close(self) -> None:
        """End the process with all it holds, and give the account back. May be called again."""
        self._closing.close()

    def _end_first(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._first, signal.SIGKILL)
            readable([self._first], END_SECONDS)
        os.close(self._first)

    def _end_process(self) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stderr:
            self.process.stderr.close()


class ForkedKernel(SandboxedKernel):
    """A kernel forked by a fork server. Raises ``NoFork`` where that does not work."""

    process: ForkedProcess

    def __init__(self, limits: Limits, key: str, packages: tuple[Path, ...] = ()) -> None:
        server = _take(packages)
        super().__init__("bubblewrap", limits, key, server.wall)
        self._server = server
        self._closing.callback(self._leave)
        if os.geteuid() == 0:
            self._group = cgroups.make(self._account.folder.name, limits)

    def _leave(self) -> None:
        self._server.sweep()
        shutil.rmtree(os.path.dirname(self.address), ignore_errors=True)
        _give_back(self._server)

    def kill(self, reason: str) -> None:
        super().kill(reason)
        self._server.failed = self._server.failed or self.process.lost

    def _start(self, descriptors: dict[str, int]) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        go_read, go_write = os.pipe()
        stderr_read, stderr_write = os.pipe()
        self.process = ForkedProcess(ours, stderr_read)
        self._closing.callback(self.process.close)
        try:
            request: ForkRequest = {
                "settings": self._settings({}, visible_files.WORK, visible_files.FILES, self._server.font_list),
                "tmp_bytes": self.limits.tmp_bytes,
                "inodes": INODES,
                "filter": base64.b64encode(seccomp.program()).decode(),
            }
            handed = [theirs.fileno(), go_read, stderr_write, *descriptors.values()]
            self._server.ask(request, handed)
            theirs.close()
            (pidfd,) = self._expect("born", 1)
            pid = _pid_of(pidfd)
            self._remember_first_process(pid, pidfd)
            for entrance in self._group.entrances if self._group else ():
                entrance.write_text(str(pid))
            os.write(go_write, GO)
            self._expect("ready", 0)
        except BaseException:
            self._server.failed = True
            raise
        finally:
            theirs.close()
            for descriptor in (go_read, go_write, stderr_write):
                os.close(descriptor)

    def _expect(self, what: Literal["born", "ready"], count: int) -> list[int]:
        """The file descriptors that come with the next report, which must be ``what``."""
        report, descriptors = self.process.report(START_SECONDS, count)
        if not report.get(what) or len(descriptors) != count:
            raise NoFork(report.get("error") or f"it said {report} where {what!r} was expected")
        return descriptors


def _pid_of(pidfd: int) -> int:
    """The number of a process, in our own pid namespace, by a descriptor of it."""
    with open(f"/proc/self/fdinfo/{pidfd}") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("Pid:"))
