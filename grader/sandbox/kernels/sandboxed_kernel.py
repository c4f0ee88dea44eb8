"""Starts a kernel in a sandbox and ends it, with everything it started, without leaving a trace.

``open_room`` is the one place where kernels come from; what it returns is all that the executor and Jupyter's
provisioner know of how a kernel runs. A kernel is forked from a process that has everything imported (``forked``), or,
where that cannot be had, is a fresh process behind a wall of its own.
"""

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import time
from pathlib import Path

from grader.sandbox.inside.kernel import CHANNELS
from grader.sandbox.kernels import copy_files, fonts
from grader.sandbox.protocol.polling import readable
from grader.sandbox.walls import accounts, bubblewrap, cgroups, visible_files
from grader.sandbox.walls.bubblewrap import Wall
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


class Room:
    """A kernel and the sandbox around it.

    ``sockets``: ``{channel: path}``, in a folder of ours that the sandbox does not see; ``key`` signs messages.
    ``run_dir``: a private folder, short enough for socket paths, seen inside, read-only, as ``inner_run_dir``.
    ``death``: why we killed it, None otherwise.
    """

    def __init__(self, isolation, limits, key, wall):
        self.isolation, self.limits, self.key = isolation, limits, key
        self.walled = isolation == "bubblewrap"
        self.death = None
        self.process = None
        self._wall = wall
        self._account = wall.account
        self._closing = contextlib.ExitStack()  # what to undo, in reverse order
        folder = self._account.folder
        self.address = str(folder / "s" / "k")
        self.sockets = {name: f"{self.address}-{number}" for number, name in enumerate(CHANNELS, start=1)}
        self._group = None
        self._first_process = None
        self.run_dir = self._wall.run_dir
        self.inner_run_dir = visible_files.RUN if self.walled else self.run_dir

    def poll(self):
        """None while the kernel runs, else its exit code (128 + n after signal n)."""
        code = self.process.poll()
        return code if code is None or code >= 0 else 128 - code

    def wait(self, seconds):
        """Wait at most ``seconds`` for the kernel to end by itself. Returns whether it has."""
        try:
            self.process.wait(seconds)
            return True
        except subprocess.TimeoutExpired:
            return False

    def kill(self, reason):
        """End every process in the sandbox, and remember the first ``reason`` given. Returns when they are gone."""
        if self.poll() is None:
            self.death = self.death or reason
        self._end_everything()
        if not self.wait(END_SECONDS):
            self.process.kill()
            self.process.wait()

    def cause_of_death(self):
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

    def close(self):
        """Kill what runs and remove what is left. May be called again."""
        self._closing.close()

    def last_words(self):
        """The end of what the kernel's process wrote to its real stderr, for a kernel that does not start."""
        stderr = self.process.stderr
        if stderr.closed or not readable([stderr], 0):
            return ""
        return os.read(stderr.fileno(), 2**16)[-2000:].decode("utf-8", "replace").strip()

    def watch(self, seconds):
        """Kill the sandbox when it goes beyond its limits or, whatever it does then, after ``seconds``."""
        pid = self._first_process or self.process.pid
        watch = Watch(pid, self.limits, self._group, self.kill, seconds, count_files=self.walled)
        self._closing.callback(watch.stop)

    def _end_everything(self):
        # The first process of a pid namespace takes all others with it, and is not gone before they are. It may
        # outlive bwrap's outer process, which ends with the kernel and leaves what the kernel started to the first.
        try:
            if self._first_process:
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
                readable([self._pidfd], END_SECONDS)
            elif self.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass  # it has just ended

    def _forget_first_process(self):
        os.close(self._pidfd)
        self._first_process = None

    # Starting

    def start(self, handed_in):
        """Start the kernel's process; ``handed_in`` is a folder of files for its working folder, or None."""
        if self._group:
            self._closing.callback(self._group.remove)
        os.mkdir(os.path.dirname(self.address), mode=0o700)
        if handed_in is not None:
            copy_files.copy_plain_files(handed_in, self._wall.files, self.limits)
        with contextlib.ExitStack() as listening:
            listeners = {name: listening.enter_context(_listener(path)) for name, path in self.sockets.items()}
            self._start({name: listener.fileno() for name, listener in listeners.items()})

    def _start(self, descriptors):
        """Start a process that listens on ``{channel: file descriptor}``."""
        raise NotImplementedError

    def _remember_first_process(self, pid, pidfd):
        self._first_process, self._pidfd = pid, pidfd
        self._closing.callback(self._forget_first_process)
        self._closing.callback(self.kill, "closed")

    def _settings(self, descriptors, work, handed_in, font_list):
        return {
            "sockets": descriptors,
            "key": self.key,
            "limits": self._resource_limits(),
            "work": str(work),
            "files": str(handed_in),
            "libraries": visible_files.library_folders(),
            "font_list": font_list and str(font_list),
        }

    def _resource_limits(self):
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


class FreshRoom(Room):
    """A kernel in a new process, behind a wall of its own or, for trusted code, behind none."""

    def __init__(self, isolation, limits, key, packages=()):
        account = accounts.take()
        group = cgroups.make(account.folder.name, limits) if isolation == "bubblewrap" and os.geteuid() == 0 else None
        wall = Wall(account, limits.tmp_bytes, group.entrances if group else (), packages)
        super().__init__(isolation, limits, key, wall)
        self._group = group
        self._closing.callback(account.release)

    def start(self, handed_in):
        self._wall.make_folders()
        super().start(handed_in)

    def _start(self, descriptors):
        self._start_walled(descriptors) if self.walled else self._start_plain(descriptors)

    def _start_walled(self, descriptors):
        inner_fonts, data = font_data()
        settings = self._settings(descriptors, visible_files.WORK, visible_files.FILES, inner_fonts)
        with (
            _settings_fd(settings) as fd,
            bubblewrap.launch(self._wall, _kernel_command(fd), environment=STEADY, data=data) as start,
        ):
            self._spawn(start.command, bubblewrap.START_ENVIRONMENT, [fd, *start.descriptors, *descriptors.values()])
            # Open until the end: bwrap writes there how its command ended, and must not fail at it.
            status = self._closing.enter_context(open(os.dup(start.status.fileno()), "rb", buffering=0))
            first = child_pid(status, self.process)
            if first:
                self._remember_first_process(first, os.pidfd_open(first))

    def _start_plain(self, descriptors):
        work = self._account.folder / "w"
        importable = [visible_files.PACKAGE.parent, *(folder.parent for folder in self._wall.packages)]
        environment = {**os.environ, **STEADY, "HOME": str(work / "home")}
        environment["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(map(str, importable)))
        environment["JPY_PARENT_PID"] = str(os.getpid())  # with which a kernel ends itself when its parent is gone
        environment.pop("MPLBACKEND", None)
        settings = self._settings(descriptors, work / "work", self._wall.files, None)
        with _settings_fd(settings) as fd:
            self._spawn(_kernel_command(fd), environment, [fd, *descriptors.values()])

    def _spawn(self, command, environment, descriptors):
        self.process = subprocess.Popen(
            command,
            env=environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=descriptors,
            start_new_session=True,
        )
        self._closing.callback(self.process.stderr.close)
        self._closing.callback(self.kill, "closed")


def open_room(limits, *, isolation="bubblewrap", handed_in=None, key=None, packages=()):
    """A ``Room`` with a kernel that is starting, which can import ``packages``, folders of modules.

    The environment variable ``GRADER_KERNELS=fresh`` gives every kernel a process and a wall of its own.

    Raises ``SandboxUnavailable`` when student code cannot be isolated here, ``ValueError`` for an unknown isolation.
    """
    if isolation not in ("bubblewrap", "trusted"):
        raise ValueError(f"isolation: expected 'bubblewrap' or 'trusted', found {isolation!r}")
    key = key or secrets.token_hex(16)
    packages = tuple(Path(folder) for folder in packages)
    if isolation == "bubblewrap":
        bubblewrap.require()
        from grader.sandbox.kernels import forked_kernel

        if forked_kernel.wanted():
            try:
                return _started(forked_kernel.ForkedRoom(limits, key, packages), handed_in)
            except forked_kernel.NoFork as problem:
                forked_kernel.do_without(problem)
    return _started(FreshRoom(isolation, limits, key, packages), handed_in)


def _started(room, handed_in):
    try:
        room.start(handed_in)
    except BaseException:
        room.close()
        raise
    return room


def font_data():
    """Matplotlib's list of fonts: ``(its path inside, {path inside: bytes})``; None and nothing where there is none."""
    font_list = fonts.font_list()
    if not font_list:
        return None, {}
    inside = visible_files.ROOM / font_list.name
    return inside, {str(inside): font_list.read_bytes()}


def _kernel_command(settings_fd):
    return [str(visible_files.interpreter()), "-s", "-P", "-m", "grader.sandbox.inside.kernel", str(settings_fd)]


@contextlib.contextmanager
def _settings_fd(settings):
    descriptor = bubblewrap.descriptor_with(json.dumps(settings).encode())
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def child_pid(status, process):
    """The first process of the sandbox, by our own pid namespace, or None if bwrap did not get that far."""
    deadline, text = time.monotonic() + START_SECONDS, b""
    while time.monotonic() < deadline and process.poll() is None:
        if readable([status], 0.1):
            text += status.read(4096)
        if b"\n" in text:
            return json.loads(text.split(b"\n")[0]).get("child-pid")
    return None


def _listener(path):
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path)
    listener.listen(8)
    return listener
