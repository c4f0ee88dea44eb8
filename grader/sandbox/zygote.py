"""The preloaded process from which kernels are forked, and how a fork is walled in. Runs inside bubblewrap.

``python -m grader.sandbox.zygote FD`` imports what nearly every notebook imports and waits at the socket FD. It never
runs code of students. Each request, one message with file descriptors, becomes a family of three processes:

- the *parent* enters a user, pid, mount, ipc, network and uts namespace of its own and says how its child ended;
- the *first* process of these namespaces mounts its own ``/proc``, ``/tmp`` and ``/dev/shm``, gives up every
  capability and the right to make further namespaces, loads the filter of system calls, and buries orphans;
- the *kernel* sets its limits and becomes an IPython kernel. Only it runs code of students.

References: man pages user_namespaces(7), pid_namespaces(7), mount_namespaces(7), capabilities(7), seccomp(2).
"""

import base64
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

from grader.sandbox import kernel

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
    "grader.sandbox.probe",
)
MAX_REQUEST = 2**17
MAX_DESCRIPTORS = 16
GO = b"g"

_NEW_NAMESPACES = 0x00020000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000  # NS UTS IPC USER PID NET
_NEW_CGROUP = 0x02000000
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_BIND, _MS_REC, _MS_PRIVATE = 2, 4, 8, 0x1000, 0x4000, 0x40000
_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT = 1, 22, 24, 38, 47
_PR_CAP_AMBIENT_CLEAR_ALL, _SECCOMP_MODE_FILTER = 4, 2
_CAPABILITY_VERSION_3 = 0x20080522
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1

_libc = ctypes.CDLL(None, use_errno=True)


def main(control_fd):
    """Preload, then fork a family for every request, until the socket is closed."""
    control = socket.socket(fileno=control_fd)
    settings = json.loads(control.recv(MAX_REQUEST))
    kernel.prepare_path(settings["libraries"])
    kernel.prepare_folders(os.environ["HOME"], settings["font_list"])
    preload()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # how a family ended, its parent reports
    control.send(b"ready")
    while True:
        message, descriptors, *_ = socket.recv_fds(control, MAX_REQUEST, MAX_DESCRIPTORS)
        if not message:
            return
        if os.fork() == 0:
            control.close()
            _parent(json.loads(message), *descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def preload():
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


# The parent


def _parent(request, report_fd, go_fd, stderr_fd, *listeners):
    report = socket.socket(fileno=report_fd)
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _end_with(os.getppid())
        _enter_namespaces()
        first = os.fork()
        if first == 0:
            _first(request, report, go_fd, stderr_fd, listeners)
        for descriptor in (go_fd, stderr_fd, *listeners):
            os.close(descriptor)
        pidfd = os.pidfd_open(first)
        socket.send_fds(report, [json.dumps({"born": True}).encode()], [pidfd])
        os.close(pidfd)
        code = _exit_code(os.waitpid(first, 0)[1])
        report.send(json.dumps({"exit": code}).encode())
    except BaseException as error:
        _complain(report, error)
    finally:
        os._exit(0)


def _enter_namespaces():
    uid, gid = os.getuid(), os.getgid()
    _call("unshare", _NEW_NAMESPACES)
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{uid} {uid} 1")
    _write("/proc/self/gid_map", f"{gid} {gid} 1")


def _exit_code(status):
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


# The first process of the namespaces


def _first(request, report, go_fd, stderr_fd, listeners):
    try:
        _end_with(None)
        if os.read(go_fd, 1) != GO:  # by now we are counted in the control groups
            os._exit(1)
        os.setsid()
        _mount_own(request["tmp_bytes"], request["inodes"])
        _write("/proc/sys/user/max_user_namespaces", "0")
        _bring_loopback_up()
        _drop_capabilities()
        _filter_system_calls(base64.b64decode(request["filter"]))
        report.send(json.dumps({"ready": True}).encode())
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


def _mount_own(tmp_bytes, inodes):
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


def _mounts_below(folder):
    """Mount points below ``folder`` that lie in no other such mount point."""
    with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as lines:
        places = {_unescaped(line.split()[4]) for line in lines}
    below = sorted(place for place in places if place.startswith(folder + "/"))
    return [place for place in below if not any(place.startswith(other + "/") for other in below)]


def _unescaped(text):
    for code in ("040", "011", "012", "134"):
        text = text.replace("\\" + code, chr(int(code, 8)))
    return text


def _make_place(path, like):
    folder = os.fstat(like).st_mode & 0o170000 == 0o040000
    os.makedirs(path if folder else os.path.dirname(path), exist_ok=True)
    if not folder:
        with open(path, "x"):
            pass


def _bring_loopback_up():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        flags = struct.unpack("16xH", fcntl.ioctl(any_socket, _SIOCGIFFLAGS, struct.pack("16sH14x", b"lo", 0))[:18])[0]
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | _IFF_UP))


def _drop_capabilities():
    with open("/proc/sys/kernel/cap_last_cap") as last:
        for number in range(int(last.read()) + 1):
            _call("prctl", _PR_CAPBSET_DROP, number, 0, 0, 0)
    _call("prctl", _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    _call("capset", header, (ctypes.c_uint32 * 6)())


def _filter_system_calls(program):
    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]

    _call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _call("prctl", _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(Program(len(program) // 8, program)), 0, 0)


# The kernel


def _kernel(request, stderr_fd, listeners):
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


def _flush():
    for stream in (sys.__stdout__, sys.__stderr__):
        try:
            stream.flush()
        except (OSError, ValueError):
            pass


def _close_all_but(kept):
    begin = 3
    for descriptor in sorted(kept):
        os.closerange(begin, descriptor)
        begin = descriptor + 1
    os.closerange(begin, os.sysconf("SC_OPEN_MAX"))


# System calls


def _end_with(parent):
    """End this process when its parent ends. ``parent``: its number, to see that it has not ended already."""
    _call("prctl", _PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if parent is not None and os.getppid() != parent:
        os._exit(1)


def _mount(source, target, kind, flags, options=None):
    parts = [part and part.encode() for part in (source, target, kind)]
    _call("mount", *parts, ctypes.c_ulong(flags), options and options.encode())


def _call(name, *arguments):
    if getattr(_libc, name)(*arguments) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}{arguments[:2]}: {os.strerror(code)}")


def _write(path, text):
    with open(path, "w") as stream:
        stream.write(text)


def _complain(report, error):
    try:
        report.send(json.dumps({"error": f"{type(error).__name__}: {error}"[:500]}).encode())
    except OSError:
        pass  # nobody listens any more


if __name__ == "__main__":
    main(int(sys.argv[1]))
