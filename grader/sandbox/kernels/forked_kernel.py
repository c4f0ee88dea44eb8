"""Kernels that are forked, behind walls of their own, from a process that has everything imported already.

A *nursery* is that process (see ``zygote``) inside bubblewrap, with an account of its own; it holds one kernel at a
time. Nurseries are kept and used again by the process that made them, and end with it. One is replaced after
``KERNELS`` kernels, and at once when it does not do what it should.

What differs from a fresh process, and what does not, is told in docs/security.md.
"""

import atexit
import base64
import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
import warnings

from grader.sandbox.inside.fork_server import GO
from grader.sandbox.kernels.sandboxed_kernel import END_SECONDS, START_SECONDS, STEADY, Room, child_pid, font_data
from grader.sandbox.protocol.polling import readable
from grader.sandbox.walls import accounts, bubblewrap, cgroups, seccomp, visible_files
from grader.sandbox.walls.bubblewrap import INODES, Wall

VARIABLE = "GRADER_KERNELS"
KERNELS = 200
NURSERY_BYTES = 16 * 2**20  # of files in its own /tmp: matplotlib's list of fonts
PRELOAD_SECONDS = 60
MAX_REPORT = 4096

_idle = []  # nurseries that hold no kernel
_lock = threading.Lock()
_refused = None  # why kernels cannot be forked on this machine
_this_thread = threading.local()


class NoFork(RuntimeError):
    """Kernels cannot be forked here, though they may run as fresh processes. The text says why."""


def wanted():
    """Whether kernels are to be forked: not when the environment says ``fresh``, nor after ``do_without``."""
    choice = os.environ.get(VARIABLE, "forked")
    if choice not in ("forked", "fresh"):
        raise ValueError(f"{VARIABLE}: expected 'forked' or 'fresh', found {choice!r}")
    return choice == "forked" and not _refused and _lasts()


def this_thread_lasts():
    """Say of the calling thread that it lasts as long as its process, as the main thread does.

    A sandbox ends with the thread that started it (PR_SET_PDEATHSIG counts threads, not processes). So preloaded
    processes, which are used again and again, are made in the main thread only, or where this was called.
    """
    _this_thread.lasts = True


def _lasts():
    return threading.current_thread() is threading.main_thread() or getattr(_this_thread, "lasts", False)


def do_without(problem):
    """From now on, in this process, every kernel is a fresh process. Says so once."""
    global _refused
    _refused = str(problem)
    warnings.warn(f"kernels are not forked from a preloaded process, which is slower: {problem}", stacklevel=3)


def close_all():
    """End the nurseries that hold no kernel."""
    with _lock:
        while _idle:
            _idle.pop().close()


def _take(packages):
    """A nursery that holds no kernel. Raises ``NoFork``."""
    with _lock:
        while _idle:
            nursery = _idle.pop()
            if nursery.usable() and nursery.sees == _seen(packages):
                return nursery
            nursery.close()
    return Nursery(packages)


def _seen(packages):
    """What of this machine a nursery that is made now would see."""
    seen = visible_files.modules_of(packages)
    return visible_files.interpreter(), visible_files.bound_folders(), visible_files.library_folders(), seen


def _give_back(nursery):
    if nursery.usable() and nursery.kernels < KERNELS:
        with _lock:
            _idle.append(nursery)
    else:
        nursery.close()


def _forget_after_fork():
    _idle.clear()  # they belong to the parent


atexit.register(close_all)
os.register_at_fork(after_in_child=_forget_after_fork)


class Nursery:
    """A preloaded process behind bubblewrap. Raises ``NoFork`` if it does not come up."""

    def __init__(self, packages=()):
        self.kernels = 0
        self.failed = False
        self.sees = _seen(packages)
        self.account = accounts.take()
        self.wall = Wall(self.account, NURSERY_BYTES, packages=packages)
        self.process = self._control = self._first = None
        try:
            self.wall.make_folders()
            self._start()
        except BaseException:
            self.close()
            raise

    def _start(self):
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        inner_fonts, data = font_data()
        self.font_list = inner_fonts and str(inner_fonts)
        command = [
            str(visible_files.interpreter()),
            "-s",
            "-P",
            "-m",
            "grader.sandbox.inside.fork_server",
            str(theirs.fileno()),
        ]
        with theirs, bubblewrap.launch(
            self.wall, command, environment=STEADY, data=data, builds_walls=True
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
            self._status = os.dup(start.status.fileno())  # bwrap writes there how its command ended
            with open(os.dup(self._status), "rb", buffering=0) as status:
                pid = child_pid(status, self.process)
            if pid:
                self._first = os.pidfd_open(pid)
        self._control.settimeout(PRELOAD_SECONDS)
        settings = {"libraries": visible_files.library_folders(), "font_list": self.font_list}
        try:
            self._control.send(json.dumps(settings).encode())
            ready = self._control.recv(MAX_REPORT)
        except OSError as error:
            raise NoFork(f"the preloaded process did not come up: {error}; {self._complaint()}") from None
        if ready != b"ready":
            raise NoFork(f"the preloaded process ended: {self._complaint()}")

    def _complaint(self):
        stderr = self.process.stderr
        return os.read(stderr.fileno(), 2**16)[-500:].decode("utf-8", "replace") if readable([stderr], 0.5) else ""

    def usable(self):
        """Whether it may be asked for another kernel."""
        return not self.failed and self.process.poll() is None

    def ask(self, request, descriptors):
        """Have a kernel forked. Raises ``NoFork`` when the process is gone."""
        self.kernels += 1
        try:
            socket.send_fds(self._control, [json.dumps(request).encode()], descriptors)
        except OSError as error:
            self.failed = True
            raise NoFork(f"the preloaded process is gone: {error}") from None

    def sweep(self):
        """Remove what the last kernel was given."""
        accounts.empty(self.wall.run_dir)
        accounts.empty(self.wall.files)

    def close(self):
        """End the process with all it holds, and give the account back. May be called again."""
        if self._first is not None:
            try:
                signal.pidfd_send_signal(self._first, signal.SIGKILL)
                readable([self._first], END_SECONDS)
            except ProcessLookupError:
                pass
            os.close(self._first)
            os.close(self._status)
            self._first = None
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process.stderr.close()
        if self._control:
            self._control.close()
        self.account.release()


class ForkedRoom(Room):
    """A kernel forked in a nursery. Raises ``NoFork`` where that does not work."""

    def __init__(self, limits, key, packages=()):
        nursery = _take(packages)
        super().__init__("bubblewrap", limits, key, nursery.wall)
        self._nursery = nursery
        self._closing.callback(self._leave)
        if os.geteuid() == 0:
            self._group = cgroups.make(self._account.folder.name, limits)

    def _leave(self):
        self._nursery.sweep()
        shutil.rmtree(os.path.dirname(self.address), ignore_errors=True)
        _give_back(self._nursery)

    def kill(self, reason):
        super().kill(reason)
        self._nursery.failed = self._nursery.failed or self.process.lost

    def _start(self, descriptors):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        go_read, go_write = os.pipe()
        stderr_read, stderr_write = os.pipe()
        self.process = ForkedProcess(ours, stderr_read)
        self._closing.callback(self.process.close)
        try:
            request = {
                "settings": self._settings({}, visible_files.WORK, visible_files.FILES, self._nursery.font_list),
                "tmp_bytes": self.limits.tmp_bytes,
                "inodes": INODES,
                "filter": base64.b64encode(seccomp.program()).decode(),
            }
            handed = [theirs.fileno(), go_read, stderr_write, *descriptors.values()]
            self._nursery.ask(request, handed)
            theirs.close()
            report, (pidfd,) = self._expect("born", 1)
            pid = _pid_of(pidfd)
            self._remember_first_process(pid, pidfd)
            for entrance in self._group.entrances if self._group else ():
                entrance.write_text(str(pid))
            os.write(go_write, GO)
            self._expect("ready", 0)
        except BaseException:
            self._nursery.failed = True
            raise
        finally:
            theirs.close()
            for descriptor in (go_read, go_write, stderr_write):
                os.close(descriptor)

    def _expect(self, what, count):
        """The next report, which must be ``what``, and the file descriptors that come with it."""
        report, descriptors = self.process.report(START_SECONDS, count)
        if not report.get(what) or len(descriptors) != count:
            raise NoFork(report.get("error") or f"it said {report} where {what!r} was expected")
        return report, descriptors


class ForkedProcess:
    """A kernel's process as far as its room needs it: like ``subprocess.Popen`` in what it offers.

    It is no child of ours: its parent, inside, reports how it ended.
    """

    def __init__(self, reports, stderr):
        self._reports = reports
        self.stderr = open(stderr, "rb", buffering=0)
        self.status = None
        self.lost = False  # whether nobody told how it ended

    def report(self, seconds, count=0):
        """``(report, file descriptors)``; an empty report when none came in time or no more can come."""
        if not readable([self._reports], seconds):
            return {}, []
        message, descriptors, *_ = socket.recv_fds(self._reports, MAX_REPORT, count)
        return (json.loads(message) if message else {"exit": 128 + signal.SIGKILL}), descriptors

    def poll(self):
        """None while it runs, else its exit code (128 + n after signal n)."""
        if self.status is None:
            self._look(0)
        return self.status

    def wait(self, seconds=None):
        """Its exit code. Raises ``subprocess.TimeoutExpired``."""
        deadline = None if seconds is None else time.monotonic() + seconds
        while self.status is None:
            left = 1 if deadline is None else deadline - time.monotonic()
            if left <= 0:
                raise subprocess.TimeoutExpired("kernel", seconds)
            self._look(min(left, 1))
        return self.status

    def _look(self, seconds):
        report, _ = self.report(seconds)
        if "exit" in report:
            self.status = report["exit"]

    def kill(self):
        """Nothing more can be done from here: its nursery is given up, and takes it along."""
        self.status, self.lost = 128 + signal.SIGKILL, True

    def close(self):
        self._reports.close()
        self.stderr.close()


def _pid_of(pidfd):
    """The number of a process, in our own pid namespace, by a descriptor of it."""
    with open(f"/proc/self/fdinfo/{pidfd}") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("Pid:"))
