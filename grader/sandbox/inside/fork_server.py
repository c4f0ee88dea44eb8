"""The preloaded process from which kernels are forked, and how a fork is walled in. Runs inside bubblewrap.

``python -m grader.sandbox.inside.fork_server FD`` imports what nearly every notebook imports and waits at the socket
FD. It never runs code of students. Each request, one message with file descriptors, becomes two processes, and until
they have ended it waits and then says how:

- the *first* process of a user, pid, mount, ipc, network and uts namespace of its own mounts its own ``/proc``,
  ``/tmp`` and ``/dev/shm``, gives up every capability and the right to make further namespaces, loads the filter of
  system calls, and buries orphans;
- the *kernel* sets its limits and becomes an IPython kernel. Only it runs code of students.

References: man pages clone(2), user_namespaces(7), pid_namespaces(7), mount_namespaces(7), capabilities(7), seccomp(2).
"""

from __future__ import annotations

import base64
import contextlib
import ctypes
import fcntl
import gc
import importlib
import json
import os
import signal
import socket
import struct
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from grader.sandbox.inside import kernel

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.sandbox.protocol.fork_messages import ForkRequest, Report, ServerSettings

PRELOADED = (
    "numpy",
    "numpy.random",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    # What a kernel imports while it starts.
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "tornado.platform.asyncio",
    "tornado.queues",
    "tqdm.auto",
    "grader.checks",
    "grader.checks.derivatives.explain",
    "grader.checks.exercise.failed_cells",
    "grader.checks.exercise.model_answers",
    "grader.checks.questions",
    "grader.checks.questions.trained",
    "grader.checks.quiz.quiz",
)
MAX_REQUEST = 2**17
MAX_DESCRIPTORS = 16
GO = b"g"
READY = b"ready"

_NEW_NAMESPACES = 0x00020000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000  # NS UTS IPC USER PID NET
_NEW_CGROUP = 0x02000000
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_BIND, _MS_REC, _MS_PRIVATE = 2, 4, 8, 0x1000, 0x4000, 0x40000
_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT = 1, 22, 24, 38, 47
_PR_CAP_AMBIENT_CLEAR_ALL, _SECCOMP_MODE_FILTER = 4, 2
_CAPABILITY_VERSION_3 = 0x20080522
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1

_CLONE = {"x86_64": 56, "aarch64": 220}  # its number as a system call

_libc = ctypes.CDLL(None, use_errno=True)
_python_libc = ctypes.PyDLL(None, use_errno=True)  # keeps the interpreter's lock, so that a child has it too


def main(control_fd: int) -> None:
    """Preload, then fork a kernel for every request, one after the other, until the socket is closed."""
    control = socket.socket(fileno=control_fd)
    settings: ServerSettings = json.loads(control.recv(MAX_REQUEST))
    kernel.prepare_path(settings["libraries"])
    kernel.prepare_folders(os.environ["HOME"], settings["font_list"])
    preload()
    control.send(READY)
    while True:
        message, descriptors, *_ = socket.recv_fds(control, MAX_REQUEST, MAX_DESCRIPTORS)
        if not message:
            return
        _raise_kernel(control, json.loads(message), *descriptors)


def preload() -> None:
    """Import what notebooks import; what is not installed is left to them to miss."""
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"  # as a kernel sets it, but in time
    kernel.without_debugger()
    for name in PRELOADED:
        try:
            importlib.import_module(name)
        except ImportError:
            pass
    kernel.application()
    gc.collect()
    gc.freeze()  # pages that no collection writes to stay shared with all kernels


# One kernel, from its request to its end


def _raise_kernel(
    control: socket.socket, request: ForkRequest, report_fd: int, go_fd: int, stderr_fd: int, *listeners: int
) -> None:
    """Have a kernel behind walls of its own, and report how it ended."""
    user, group = os.getuid(), os.getgid()
    with socket.socket(fileno=report_fd) as report:
        try:
            first: int | None = _fork_into(_NEW_NAMESPACES)
        except OSError as error:
            first = None
            _complain(report, error)
        if first == 0:
            control.close()
            _first(request, user, group, report, go_fd, stderr_fd, listeners)
        for descriptor in (go_fd, stderr_fd, *listeners):
            os.close(descriptor)
        if first is None:
            return
        pidfd = os.pidfd_open(first)
        _tell(report, {"born": True}, [pidfd])  # if nobody listens any more, nobody tells it to go on either
        os.close(pidfd)
        _tell(report, {"exit": _exit_code(os.waitpid(first, 0)[1])})


def _fork_into(namespaces: int) -> int:
    """Like ``os.fork``, but the child is the first process of new namespaces. Raises ``OSError``.

    ``unshare`` would need one more fork, and a process that does nothing but wait costs what any copy of this one does.
    """
    number, flags, null = _CLONE[os.uname().machine], namespaces | signal.SIGCHLD, ctypes.c_void_p()
    ctypes.pythonapi.PyOS_BeforeFork()
    pid: int = _python_libc.syscall(ctypes.c_long(number), ctypes.c_ulong(flags), null, null, null, null)
    code = ctypes.get_errno()
    if pid == 0:
        ctypes.pythonapi.PyOS_AfterFork_Child()
    else:
        ctypes.pythonapi.PyOS_AfterFork_Parent()
    if pid < 0:
        raise OSError(code, f"clone: {os.strerror(code)}")
    return pid


def _exit_code(status: int) -> int:
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


# The first process of the namespaces


def _first(
    request: ForkRequest,
    user: int,
    group: int,
    report: socket.socket,
    go_fd: int,
    stderr_fd: int,
    listeners: tuple[int, ...],
) -> NoReturn:
    """Wall this process in, fork the kernel, wait for it; never returns. ``user``, ``group``: ours so far."""
    try:
        _call("prctl", _PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        _write("/proc/self/setgroups", "deny")
        _write("/proc/self/uid_map", f"{user} {user} 1")
        _write("/proc/self/gid_map", f"{group} {group} 1")
        if os.read(go_fd, 1) != GO:  # by now we are counted in the control groups
            os._exit(1)
        os.setsid()
        _mount_own(request["tmp_bytes"], request["inodes"])
        _write("/proc/sys/user/max_user_namespaces", "0")
        _bring_loopback_up()
        _drop_capabilities()
        _filter_system_calls(base64.b64decode(request["filter"]))
        _tell(report, {"ready": True})
    except BaseException as error:
        _complain(report, error)
        os._exit(1)
    child = os.fork()
    if child == 0:
        _kernel(request, stderr_fd, listeners)
    os.closerange(0, os.sysconf("SC_OPEN_MAX"))
    while True:
        pid, status = os.wait()
        if pid == child:
            os._exit(_exit_code(status))


def _mount_own(tmp_bytes: int, inodes: int) -> None:
    """Own /proc, and empty file systems in memory for what may be written; what was bound below /tmp stays there."""
    _call("unshare", _NEW_CGROUP)
    _mount(None, "/", None, _MS_REC | _MS_PRIVATE)
    kept = [(path, os.open(path, os.O_PATH | os.O_CLOEXEC)) for path in _mounts_below("/tmp")]
    for place, size in (("/tmp", tmp_bytes), ("/dev/shm", tmp_bytes // 4)):
        options = f"mode=0700,size={size},nr_inodes={inodes}"
        _mount("tmpfs", place, "tmpfs", _MS_NOSUID | _MS_NODEV, options)
    for path, descriptor in kept:
        _make_place(path, descriptor)
        _mount(f"/proc/self/fd/{descriptor}", path, None, _MS_BIND | _MS_REC)
        os.close(descriptor)
    _mount("proc", "/proc", "proc", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC)


def _mounts_below(folder: str) -> list[str]:
    """Mount points below ``folder`` that lie in no other such mount point."""
    with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as lines:
        places = {_unescaped(line.split()[4]) for line in lines}
    below = sorted(place for place in places if place.startswith(folder + "/"))
    return [place for place in below if not any(place.startswith(other + "/") for other in below)]


def _unescaped(text: str) -> str:
    for code in ("040", "011", "012", "134"):
        text = text.replace("\\" + code, chr(int(code, 8)))
    return text


def _make_place(path: str, like: int) -> None:
    folder = os.fstat(like).st_mode & 0o170000 == 0o040000
    os.makedirs(path if folder else os.path.dirname(path), exist_ok=True)
    if not folder:
        with open(path, "x"):
            pass


def _bring_loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        flags = struct.unpack("16xH", fcntl.ioctl(any_socket, _SIOCGIFFLAGS, struct.pack("16sH14x", b"lo", 0))[:18])[0]
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | _IFF_UP))


def _drop_capabilities() -> None:
    with open("/proc/sys/kernel/cap_last_cap") as last:
        for number in range(int(last.read()) + 1):
            _call("prctl", _PR_CAPBSET_DROP, number, 0, 0, 0)
    _call("prctl", _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    _call("capset", header, (ctypes.c_uint32 * 6)())


def _filter_system_calls(program: bytes) -> None:
    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]

    _call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _call("prctl", _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(Program(len(program) // 8, program)), 0, 0)


# The kernel


def _kernel(request: ForkRequest, stderr_fd: int, listeners: tuple[int, ...]) -> NoReturn:
    """Become a kernel; never returns."""
    code = 1
    try:
        os.dup2(stderr_fd, 2)
        _close_all_but(listeners)
        settings = request["settings"]
        settings["sockets"] = dict(zip(kernel.CHANNELS, listeners, strict=True))
        kernel.run(settings)
        code = 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        _flush()
        os._exit(code & 0xFF)


def _flush() -> None:
    for stream in (sys.__stdout__, sys.__stderr__):
        with contextlib.suppress(OSError, ValueError, AttributeError):  # None where there is no such stream
            stream.flush()  # type: ignore[union-attr]


def _close_all_but(kept: Iterable[int]) -> None:
    begin = 3
    for descriptor in sorted(kept):
        os.closerange(begin, descriptor)
        begin = descriptor + 1
    os.closerange(begin, os.sysconf("SC_OPEN_MAX"))


# System calls


def _mount(source: str | None, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    parts = [part and part.encode() for part in (source, target, kind)]
    _call("mount", *parts, ctypes.c_ulong(flags), options and options.encode())


def _call(name: str, *arguments: Any) -> None:
    if getattr(_libc, name)(*arguments) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}{arguments[:2]}: {os.strerror(code)}")


def _write(path: str, text: str) -> None:
    with open(path, "w") as stream:
        stream.write(text)


def _tell(report: socket.socket, what: Report, descriptors: Sequence[int] = ()) -> None:
    try:
        socket.send_fds(report, [json.dumps(what).encode()], descriptors)
    except OSError:
        pass  # nobody listens any more


def _complain(report: socket.socket, error: BaseException) -> None:
    _tell(report, {"error": f"{type(error).__name__}: {error}"[:500]})


if __name__ == "__main__":
    main(int(sys.argv[1]))
