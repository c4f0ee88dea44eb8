"""The sandbox's outer wall: the command line of bubblewrap, and whether it works on this machine.

Inside: own user, pid, ipc, uts, cgroup and network namespaces, no capabilities, no further user namespaces, no
network, a read-only root that holds the interpreter and nothing else of the machine, size-limited file systems in
memory for all that is written, an own ``/proc``, a ``/dev`` of harmless devices, an environment made from nothing.

Root first becomes the account's unprivileged user id. The interpreter may lie in a folder that only root can enter;
then root binds it, in a mount namespace of its own, to a place that the account can reach.
"""

import contextlib
import functools
import os
import platform
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from grader.sandbox.walls import accounts, seccomp, visible_files

INODES = 20_000
TRIAL_SECONDS = 30
INNER_UID = 1000
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "HOME": str(visible_files.HOME),
    "TMPDIR": "/tmp",
    "LANG": "C.UTF-8",
    "USER": "student",
    "LOGNAME": "student",
    "PYTHONPATH": str(visible_files.LIBRARY),
    "MPLCONFIGDIR": str(visible_files.HOME / ".matplotlib"),
}
# For the commands that build the sandbox: nothing of the grader's own environment, which /proc/1/environ would show.
START_ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"}
ETC = {
    "/etc/passwd": f"student:x:{INNER_UID}:{INNER_UID}::{visible_files.HOME}:/bin/sh\n".encode(),
    "/etc/group": f"student:x:{INNER_UID}:\n".encode(),
    "/etc/hosts": b"127.0.0.1 localhost\n::1 localhost\n",
    "/etc/nsswitch.conf": b"passwd: files\ngroup: files\nhosts: files\n",
}


class SandboxUnavailable(RuntimeError):
    """Student code cannot be isolated on this machine. ``reason`` says why, ``remedy`` what mends it."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason, remedy)  # exactly these, so that it survives the way from a worker process
        self.reason, self.remedy = reason, remedy

    def __str__(self) -> str:
        return f"the sandbox does not work here: {self.reason}. {self.remedy}"


@dataclass(frozen=True)
class Availability:
    """Whether student code can be isolated here; if not, ``reason`` says why and ``remedy`` what mends it."""

    ok: bool
    reason: str = ""
    remedy: str = ""


@dataclass(frozen=True)
class Wall:
    """What one sandbox is made of. All paths are outside, in a folder of the account's.

    ``run_dir`` and ``files`` are seen inside, read-only; ``stage`` is where root mounts what it binds; ``entrances``
    are the files by which a process joins control groups (root only); ``packages`` are folders of modules that can be
    imported inside, beside our own.
    """

    account: accounts.Account
    tmp_bytes: int
    entrances: tuple[Path, ...] = ()
    packages: tuple[Path, ...] = ()

    @property
    def run_dir(self) -> Path:
        return self.account.folder / "r"

    @property
    def files(self) -> Path:
        return self.account.folder / "f"

    @property
    def stage(self) -> Path:
        return self.account.folder / "m"

    def make_folders(self) -> None:
        for path in (self.run_dir, self.files, self.stage):
            path.mkdir()
            path.chmod(0o755)  # whatever the umask; the account's folder is closed to strangers


@dataclass(frozen=True)
class Launch:
    """A command, the descriptors it inherits, and a file from which bwrap's status can be read."""

    command: list[str]
    descriptors: list[int]
    status: FileIO


@contextlib.contextmanager
def launch(
    wall: Wall,
    inner_command: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    data: Mapping[str, bytes] | None = None,
    builds_walls: bool = False,
) -> Iterator[Launch]:
    """What to start so that ``inner_command`` runs behind ``wall``; valid inside the ``with``.

    ``data``: ``{path inside: bytes}``, read-only files besides those of ``ETC``. ``builds_walls``: the command is ours
    and walls in others before they run: it may make namespaces, and filters system calls for them itself.
    """
    _prepare_stage(wall)
    with contextlib.ExitStack() as stack:

        def readable(content: bytes) -> int:
            descriptor = descriptor_with(content)
            stack.callback(os.close, descriptor)
            return descriptor

        contents = {path: readable(content) for path, content in {**ETC, **(data or {})}.items()}
        filter_fd = readable(seccomp.program())
        status_fd, status_write = os.pipe()
        stack.callback(os.close, status_write)
        status = stack.enter_context(open(status_fd, "rb", buffering=0))
        arguments = _arguments(wall, environment or {}, contents, None if builds_walls else filter_fd, status_write)
        args_fd = readable("".join(f"{argument}\0" for argument in arguments).encode())
        descriptors = [*contents.values(), filter_fd, status_write, args_fd]
        yield Launch(_command(wall, inner_command, args_fd), descriptors, status)


def descriptor_with(content: bytes) -> int:
    """A file descriptor from which the bytes ``content`` can be read once."""
    descriptor = os.memfd_create("grader", os.MFD_CLOEXEC)
    os.write(descriptor, content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _command(wall: Wall, inner_command: Sequence[str], args_fd: int) -> list[str]:
    # Arguments read from a descriptor do not show in /proc/1/cmdline inside.
    bwrap = [_program("bwrap"), "--args", str(args_fd), "--", *inner_command]
    if os.geteuid() != 0:
        return bwrap
    identity = [f"--reuid={wall.account.uid}", f"--regid={wall.account.gid}", "--clear-groups", "--no-new-privs"]
    script = " && ".join([*_staging(wall), 'exec "$@"'])
    return [
        *(_program("unshare"), "--mount", "--propagation", "private", "--", "/bin/sh", "-c", script, "sh"),
        *(_program("setpriv"), *identity, "--inh-caps=-all", "--bounding-set=-all", "--"),
        *bwrap,
    ]


def _program(name: str) -> str:
    return shutil.which(name) or name


def _staging(wall: Wall) -> Iterator[str]:
    """Shell commands by which root makes what the account could not make or reach itself."""
    for entrance in wall.entrances:
        yield f"echo $$ > {shlex.quote(str(entrance))}"
    owner = f"mode=0700,uid={wall.account.uid},gid={wall.account.gid},nosuid,nodev"
    for name, (_, size) in _writable(wall).items():
        options = f"{owner},size={size},nr_inodes={INODES}"
        yield shlex.join(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(wall.stage / name)])
    for source, place in _staged(wall).items():
        yield shlex.join(["mount", "--bind", str(source), str(place)])


def _staged(wall: Wall) -> dict[Path, Path]:
    """``{source: place}`` for the sources that need root to be reached."""
    sources = [*visible_files.bound_folders(), *(outside for outside, _ in visible_files.package_files(wall.packages))]
    hard = [path for path in sources if path.exists() and not _reachable(path)]
    return {path: wall.stage / str(number) for number, path in enumerate(hard)}


def _reachable(path: Path) -> bool:
    """Whether every user can enter all folders above ``path``."""
    return all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents)


def _prepare_stage(wall: Wall) -> None:
    """Make the places that the staging commands mount on."""
    if os.geteuid() == 0:
        for name in _writable(wall):
            (wall.stage / name).mkdir()
        for source, place in _staged(wall).items():
            place.mkdir() if source.is_dir() else place.touch()


def _arguments(
    wall: Wall,
    environment: Mapping[str, str],
    contents: Mapping[str, int],
    filter_fd: int | None,
    status_fd: int,
) -> list[str]:
    """bwrap's own arguments."""
    return [
        *("--unshare-all", "--unshare-user", "--cap-drop", "ALL"),
        *(("--disable-userns", "--seccomp", str(filter_fd)) if filter_fd is not None else ()),
        *("--uid", str(INNER_UID), "--gid", str(INNER_UID), "--hostname", "sandbox"),
        *("--die-with-parent", "--new-session", "--json-status-fd", str(status_fd)),
        *_environment(environment),
        *_file_system(wall),
        *_contents(contents),
        *("--chdir", "/", "--remount-ro", "/"),
    ]


def _environment(more: Mapping[str, str]) -> list[str]:
    result = ["--clearenv"]
    for name, value in {**ENVIRONMENT, **more}.items():
        result += ["--setenv", name, value]
    return result


def _file_system(wall: Wall) -> list[str]:
    # What can be written to comes first, because an interpreter may live below /tmp.
    return [
        *("--proc", "/proc", "--dev", "/dev"),
        *_writable_mounts(wall),
        *_libraries(wall, _staged(wall) if os.geteuid() == 0 else {}),
        *(
            "--ro-bind",
            str(wall.run_dir),
            str(visible_files.RUN),
            "--ro-bind",
            str(wall.files),
            str(visible_files.FILES),
        ),
        *("--remount-ro", "/dev"),
    ]


def _writable_mounts(wall: Wall) -> list[str]:
    result: list[str] = []
    for name, (place, size) in _writable(wall).items():
        if os.geteuid() == 0:
            result += ["--bind", str(wall.stage / name), place]
        else:
            result += ["--size", str(size), "--perms", "0700", "--tmpfs", place]
    return result


def _libraries(wall: Wall, staged: Mapping[Path, Path]) -> list[str]:
    """The interpreter, installed packages and our public part. ``staged``: where root has put what is hard to reach."""
    bound, hidden = visible_files.bound_folders(), visible_files.hidden_folders()
    outer = [path for path in bound if not any(other in path.parents for other in bound)]
    inner = [path for path in bound if any(folder in path.parents for folder in hidden)]
    result: list[str] = []
    for path in outer:
        result += ["--ro-bind", str(staged.get(path, path)), str(path)]
    for folder in hidden:
        result += ["--tmpfs", str(folder)]
    for path in inner:
        result += ["--ro-bind", str(staged.get(path, path)), str(path)]
    for folder in hidden:
        result += ["--remount-ro", str(folder)]
    for link, target in visible_files.symbolic_links():
        result += ["--symlink", target, link]
    for outside, inside in visible_files.package_files(wall.packages):
        result += ["--ro-bind", str(staged.get(outside, outside)), str(inside)]
    return result


def _writable(wall: Wall) -> dict[str, tuple[str, int]]:
    """``{name: (place inside, bytes)}`` of what can be written to."""
    return {"tmp": ("/tmp", wall.tmp_bytes), "shm": ("/dev/shm", wall.tmp_bytes // 4)}


def _contents(descriptors: Mapping[str, int]) -> list[str]:
    result: list[str] = []
    for path, descriptor in descriptors.items():
        result += ["--perms", "0444", "--ro-bind-data", str(descriptor), path]
    return result


# Whether it works


def available() -> Availability:
    """Whether student code can be isolated here, as an ``Availability``. A success is remembered."""
    try:
        _try_once()
        return Availability(True)
    except SandboxUnavailable as problem:
        return Availability(False, problem.reason, problem.remedy)


def require() -> None:
    """Raise ``SandboxUnavailable`` unless student code can be isolated here."""
    _try_once()


def require_parts() -> None:
    """Raise ``SandboxUnavailable`` where something is missing without which no sandbox can come up."""
    if platform.system() != "Linux":
        raise SandboxUnavailable(f"it needs Linux, this is {platform.system()}", "Grade on Linux, or in a Linux VM.")
    missing = [name for name in _programs() if not shutil.which(name)]
    if missing:
        packages = "bubblewrap" if missing == ["bwrap"] else "bubblewrap and util-linux"
        raise SandboxUnavailable(
            f"{' and '.join(missing)} not found",
            f"Install {packages}: apt-get install {packages.replace(' and', '')}, or your system's equivalent.",
        )
    if not seccomp.supported():
        machines = " and ".join(seccomp.MACHINES)
        raise SandboxUnavailable(f"no filter of system calls for {platform.machine()}", f"Grade on {machines}.")


@functools.cache  # an exception is not cached: what has been mended meanwhile is found working
def _try_once() -> None:
    require_parts()
    _try_to_start_python()


def _programs() -> list[str]:
    return ["bwrap", *(["unshare", "setpriv", "mount"] if os.geteuid() == 0 else [])]


def _try_to_start_python() -> None:
    account = accounts.take()
    try:
        wall = Wall(account, 2**20)
        wall.make_folders()
        with launch(wall, [str(visible_files.interpreter()), "-I", "-c", "print('works')"]) as start:
            done = subprocess.run(
                start.command,
                env=START_ENVIRONMENT,
                pass_fds=start.descriptors,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=TRIAL_SECONDS,
            )
    except accounts.NoAccount as error:
        raise SandboxUnavailable(str(error), "Make one of these folders writable.") from error
    except (OSError, subprocess.SubprocessError) as error:
        raise SandboxUnavailable(f"it could not be started: {error}", "Run `grader doctor`.") from error
    finally:
        account.release()
    if done.stdout.strip() != "works":
        raise SandboxUnavailable(*_explain(done.stderr.strip()))


def _explain(complaint: str) -> tuple[str, str]:
    """``(reason, remedy)`` for what bubblewrap or a helper wrote to stderr."""
    for marks, remedy in _REMEDIES:
        if any(mark in complaint for mark in marks):
            return complaint, remedy
    return complaint or "the sandbox started and said nothing", "Try the command `bwrap --ro-bind / / true`."


_USER_NAMESPACES = (
    "Allow user namespaces: sysctl -w kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000, and on "
    "Ubuntu 24.04 or later sysctl -w kernel.apparmor_restrict_unprivileged_userns=0 (or an AppArmor profile for "
    "bwrap). In a container, start it with --privileged."
)
_REMEDIES = (
    (("nknown option",), "Install bubblewrap 0.8 or later."),
    (("o permissions to create new namespace", "reating new namespace failed", "uid map"), _USER_NAMESPACES),
    (("unshare:", "mount:", "mount proc", "setpriv:"), "In a container, start it with --privileged."),
    (
        ("execvp", "Permission denied", "ModuleNotFoundError"),
        "Let every user read the interpreter and its packages: chmod -R o+rX on the folder of the virtual environment "
        "and of the python it was made from.",
    ),
)
