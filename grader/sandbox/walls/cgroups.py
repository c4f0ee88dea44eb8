"""Limits on all processes of a sandbox together, where the kernel's control groups may be used: in practice, as root.

Both versions are known: one tree (2), or one tree for each kind of resource (1). Where they cannot be used, the
sandbox is watched by polling instead (see ``watchdog``), which is coarser: a group also counts files in memory and what
the kernel allocates on a process's behalf, and holds a sandbox to one processor.

Reference: Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/ in the Linux source.
"""

import errno
import os
from dataclasses import dataclass
from pathlib import Path

from grader.sandbox.walls.limits import Limits

PERIOD = 100_000  # microseconds; a quota of the same length is one processor
SPARE_PROCESSES = 8  # bubblewrap's own, and the threads it starts with
SPARE_BYTES = 64 * 2**20
NAME = "grader"
KINDS = ("memory", "pids", "cpu")


@dataclass(frozen=True)
class ControlGroup:
    """``folders``: its folder in each tree. ``events``: the file that counts processes killed for memory.

    ``before``: that count when the group was made, which a folder that is used again may bring along.
    """

    folders: tuple[Path, ...]
    events: Path
    before: int

    @property
    def entrances(self) -> tuple[Path, ...]:
        """The files that take in a process that writes its number there."""
        return tuple(folder / "cgroup.procs" for folder in self.folders)

    def ran_out_of_memory(self) -> bool:
        """Whether the kernel has ended a process of the group because its memory was used up."""
        return _killed(self.events) > self.before

    def remove(self) -> None:
        """Remove the group. Its processes must be gone."""
        for folder in self.folders:
            try:
                folder.rmdir()
            except OSError:
                pass  # reused, with new limits, by the next kernel of the same account


def make(name: str, limits: Limits, mounts: Path = Path("/proc/self/mounts")) -> ControlGroup | None:
    """A group with these ``Limits``, or None where there can be none."""
    trees = _trees(mounts.read_text())
    memory = limits.memory_bytes + limits.tmp_bytes * 5 // 4 + SPARE_BYTES
    processes = int(limits.processes) + SPARE_PROCESSES
    try:
        if all(kind in trees for kind in KINDS):
            return _version_1(trees, name, memory, processes)
        if "cgroup2" in trees:
            return _version_2(trees["cgroup2"], name, memory, processes)
    except OSError:
        pass
    return None


def _trees(mounts: str) -> dict[str, Path]:
    """``{kind or "cgroup2": root}`` from the text of /proc/self/mounts."""
    trees: dict[str, Path] = {}
    for line in mounts.splitlines():
        _, place, kind, options = line.split()[:4]
        if kind == "cgroup2":
            trees["cgroup2"] = Path(place)
        elif kind == "cgroup":
            trees.update({name: Path(place) for name in options.split(",") if name in KINDS})
    return trees


def _version_1(trees: dict[str, Path], name: str, memory: int, processes: int) -> ControlGroup:
    folders = {kind: _folder(trees[kind] / NAME / name) for kind in KINDS}
    _write(folders["memory"] / "memory.limit_in_bytes", memory)
    _write_if_there(folders["memory"] / "memory.memsw.limit_in_bytes", memory)
    _write(folders["pids"] / "pids.max", processes)
    _write(folders["cpu"] / "cpu.cfs_quota_us", PERIOD)
    unique = tuple(dict.fromkeys(folders.values()))
    events = folders["memory"] / "memory.oom_control"
    return ControlGroup(unique, events, _killed(events))


def _version_2(root: Path, name: str, memory: int, processes: int) -> ControlGroup:
    for parent in (root, _folder(root / NAME)):
        _write(parent / "cgroup.subtree_control", " ".join(f"+{kind}" for kind in KINDS))
    folder = _folder(root / NAME / name)
    _write(folder / "memory.max", memory)
    _write_if_there(folder / "memory.swap.max", 0)
    _write(folder / "memory.oom.group", 1)
    _write(folder / "pids.max", processes)
    _write(folder / "cpu.max", f"{PERIOD} {PERIOD}")
    events = folder / "memory.events"
    return ControlGroup((folder,), events, _killed(events))


def _killed(events: Path) -> int:
    """Number of processes killed for memory, by the group's own count."""
    try:
        lines = [line.split() for line in events.read_text().splitlines()]
    except OSError:
        return 0
    return sum(int(line[1]) for line in lines if line[0] == "oom_kill")


def _folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path


def _write(path: Path, value: int | str) -> None:
    if not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, "not writable", str(path))
    path.write_text(str(value))


def _write_if_there(path: Path, value: int) -> None:
    if path.exists():
        path.write_text(str(value))
