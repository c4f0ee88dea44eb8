"""A private folder, and as root a private user id, for each kernel that runs at the same time.

When root grades, student code runs under a real unprivileged user id, one per concurrent kernel: files of root stay
unreadable and limits on processes count. The ids need no entry in /etc/passwd; 60578..61183 is the range that systemd's
list of user ids (https://systemd.io/UIDS-GIDS) leaves to nobody. An ordinary user runs student code as themselves.

A locked file marks an account as taken. The lock goes with the process that holds it, however that ends, so an
account is free again after a SIGKILL and what was left in its folder is removed when it is taken next.
"""

import fcntl
import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

FIRST_UID, LAST_UID = 60578, 61183
SLOTS = LAST_UID - FIRST_UID + 1
ROOT_HOMES = (Path("/run"), Path("/tmp"))


class NoAccount(RuntimeError):
    """No folder or user id could be had for a kernel."""


@dataclass
class Account:
    """``uid``: whose rights student code has outside its namespaces. ``folder``: private to us, empty when taken."""

    uid: int
    gid: int
    folder: Path
    _lock: int

    def release(self) -> None:
        """Remove what was left in the folder and give the account back. May be called again."""
        if self._lock >= 0:
            empty(self.folder)
            fcntl.flock(self._lock, fcntl.LOCK_UN)  # a process forked meanwhile may hold a copy of the descriptor
            os.close(self._lock)
            self._lock = -1


def take() -> Account:
    """A free account. Raises ``NoAccount`` when there is none, or its folder is not safely ours."""
    home = _home()
    for number in range(SLOTS):
        account = _try_to_take(home, number)
        if account:
            return account
    raise NoAccount(f"all {SLOTS} accounts for student code are in use; see {home}")


def _try_to_take(home: Path, number: int) -> Account | None:
    name = str(FIRST_UID + number if os.geteuid() == 0 else number)
    lock = os.open(home / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    uid, gid = (int(name), int(name)) if os.geteuid() == 0 else (os.geteuid(), os.getegid())
    if os.geteuid() == 0 and _owns_processes(uid):
        os.close(lock)
        return None
    folder = home / name
    folder.mkdir(mode=0o700, exist_ok=True)
    # The kernel's user may pass through, to reach what is bound from here. Nobody else on this machine may.
    os.chown(folder, -1, gid)
    folder.chmod(0o710)
    empty(folder)
    return Account(uid, gid, folder, lock)


def _home() -> Path:
    """The folder of all accounts: short (socket paths have about 100 bytes) and in nobody's hands but ours."""
    if os.geteuid() == 0:
        homes = [base / "grader" for base in ROOT_HOMES]
    else:
        runtime = os.environ.get("XDG_RUNTIME_DIR")
        homes = [Path(runtime) / "grader"] if runtime and len(runtime) < 40 else []
        homes.append(Path("/tmp") / f"grader-{os.geteuid()}")
    problems = []
    for home in homes:
        try:
            home.mkdir(mode=0o711, exist_ok=True)
            _check_ours(home)
            return home
        except OSError as error:
            problems.append(f"{home}: {error.strerror or error}")
    raise NoAccount("no folder for the sandbox's sockets: " + "; ".join(problems))


def _check_ours(home: Path) -> None:
    status = os.lstat(home)
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & 0o022:
        raise OSError(f"not a folder of user {os.geteuid()} that only they may write to")


def _owns_processes(uid: int) -> bool:
    """Whether any process runs under ``uid``: a stranger's, or a kernel that is still ending."""
    return any(is_alive(name) for name in os.listdir("/proc") if name.isdigit() and _owner(name) == uid)


def _owner(pid: str) -> int | None:
    try:
        return os.stat(f"/proc/{pid}").st_uid
    except OSError:
        return None  # it ended meanwhile


def is_alive(pid: str | int) -> bool:
    """False for a process that has ended and waits, perhaps for ever, to be asked how."""
    try:
        with open(f"/proc/{pid}/stat") as stream:
            return stream.read().rpartition(")")[2].split()[0] not in ("Z", "X")
    except OSError:
        return False


def empty(folder: Path) -> None:
    """Remove what is in ``folder``, following no links."""
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path, ignore_errors=True)
        else:
            os.unlink(entry.path)
