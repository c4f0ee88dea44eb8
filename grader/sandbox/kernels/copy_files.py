"""Copies the files handed in beside a notebook: plain files only, no links followed, sizes bounded."""

import os
import stat

from grader.sandbox.walls.limits import Limits

MAX_FILES = 1000
MAX_DEPTH = 8


class TooManyFiles(ValueError):
    """The folder is larger than what may be handed in."""


def copy_plain_files(source: str | os.PathLike[str], target: str | os.PathLike[str], limits: Limits) -> None:
    """Copy the regular files below ``source`` into ``target``. Links, devices and pipes are left out.

    Raises ``TooManyFiles`` if they are more or larger than ``limits`` allow (half of ``tmp_mb``; ``file_mb`` each).
    """
    budget = _Budget(limits)
    top = os.open(source, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        _copy_folder(top, str(target), budget, MAX_DEPTH)
    finally:
        os.close(top)


class _Budget:
    def __init__(self, limits: Limits) -> None:
        self.files = MAX_FILES
        self.each = int(limits.file_mb * 2**20)
        self.total = limits.tmp_bytes // 2

    def spend(self, size: int) -> None:
        self.files -= 1
        self.total -= size
        if self.files < 0:
            raise TooManyFiles(f"more than {MAX_FILES} files were handed in")
        if size > self.each or self.total < 0:
            raise TooManyFiles("the files handed in are too large")


def _copy_folder(folder: int, target: str, budget: _Budget, depth: int) -> None:
    if depth == 0:
        raise TooManyFiles(f"folders are nested more than {MAX_DEPTH} deep")
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        mode = entry.stat(follow_symlinks=False).st_mode
        place = os.path.join(target, entry.name)
        if stat.S_ISDIR(mode):
            inner = os.open(entry.name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
            try:
                os.mkdir(place, 0o755)
                _copy_folder(inner, place, budget, depth - 1)
            finally:
                os.close(inner)
        elif stat.S_ISREG(mode):
            _copy_file(folder, entry.name, place, budget)


def _copy_file(folder: int, name: str, place: str, budget: _Budget) -> None:
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    with open(descriptor, "rb") as source, open(place, "wb") as target:
        budget.spend(os.fstat(descriptor).st_size)
        while block := source.read(2**20):
            target.write(block)
    os.chmod(place, 0o644)
