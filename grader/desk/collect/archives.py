"""Unpacks what was handed in as an archive, without trusting anything in it.

Only plain files come out, below the target folder, within bounds that are measured on what is really unpacked rather
than on what the archive says of itself. Links, devices, pipes and encrypted files are left out and told, so are names
that lead elsewhere (`..`, absolute, drives) and names that a file system or a person may take for one that is already
there (capitals, Unicode forms, trailing dots). An archive beyond the bounds is refused as a whole.

Kinds: zip (stored, deflate) and tar (plain, gzip, bzip2). Archives inside archives stay as they are.
"""

from __future__ import annotations

import bz2
import gzip
import os
import shutil
import stat
import tarfile
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BufferedIOBase
from pathlib import Path
from typing import IO, BinaryIO

from grader.desk.errors import DeskError

BLOCK = 2**18
ZIP_ENTRY, ZIP_ENCRYPTED = b"PK\x01\x02", 0x1
ZIP_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
LONGEST_HEADER = 2**20
SMALL = 2**20  # bytes below which no ratio is asked about


class BadArchive(DeskError):
    """The archive cannot be read, or is larger than its bounds allow. Nothing of it was unpacked."""

    def __init__(self, archive: Path, reason: str):
        super().__init__(f"{archive} was not unpacked: {reason}.", "Look at it by hand, or ask for single files.")


@dataclass(frozen=True)
class Bounds:
    """What may come out of one archive. `ratio`: bytes unpacked for each byte of the archive."""

    files: int = 5_000
    file_bytes: int = 64 * 2**20
    total_bytes: int = 1024 * 2**20
    archive_bytes: int = 512 * 2**20
    ratio: float = 200.0
    depth: int = 16


@dataclass
class Unpacked:
    """`files`: what was written, relative to the target. `left_out`: sentences about what was not."""

    files: list[Path] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Entry:
    name: str
    is_file: bool
    is_folder: bool
    trouble: str
    stream: IO[bytes] | None


def unpack(archive: Path, target: Path, bounds: Bounds | None = None) -> Unpacked:
    """Unpack `archive` into the folder `target`, which must not exist yet. It is there as a whole or not at all.

    Raises `BadArchive`.
    """
    bounds = bounds or Bounds()
    if target.exists() or target.is_symlink():
        raise BadArchive(archive, f"{target} is there already")
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=target.parent, prefix=".unpacking-"))
    try:
        found = _Unpacking(archive, work, bounds).run()
        work.chmod(0o755)
        os.rename(work, target)
        return found
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, RuntimeError, ValueError, OSError) as error:
        # RuntimeError and NotImplementedError: zipfile's words for what it cannot unpack.
        raise BadArchive(archive, f"it is damaged or of an unknown kind ({error})") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def safe_parts(name: str, depth: int = 16) -> tuple[str, ...] | None:
    """The parts of a path inside the target folder, or None for a name that leads, or may lead, anywhere else."""
    name = name.replace("\\", "/")
    parts = [part for part in name.split("/") if part not in ("", ".")]
    bad = (
        not parts
        or name.startswith("/")
        or len(parts) > depth
        or any(part == ".." or len(part.encode("utf-8", "replace")) > 200 for part in parts)
        or (len(name) > 1 and name[1] == ":")
        or any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in name)
    )
    return None if bad else tuple(parts)


def same_name(parts: tuple[str, ...]) -> str:
    """Equal for names that some file system, or a reader, takes for one."""
    return "/".join(unicodedata.normalize("NFKC", part).casefold().rstrip(". ") for part in parts)


class _Unpacking:
    def __init__(self, archive: Path, folder: Path, bounds: Bounds):
        self.archive, self.folder, self.bounds = archive, folder, bounds
        self.size = archive.stat().st_size
        self.entries = self.written = 0
        self.taken: dict[str, bool] = {}  # whether it is a file
        self.found = Unpacked()

    def run(self) -> Unpacked:
        if not stat.S_ISREG(self.archive.lstat().st_mode):
            raise BadArchive(self.archive, "it is a link or a special file")
        if self.size > self.bounds.archive_bytes:
            raise BadArchive(self.archive, f"it is larger than {self.bounds.archive_bytes >> 20} MB")
        with open(self.archive, "rb") as file:
            entries = self._of_zip(file) if zipfile.is_zipfile(file) else self._of_tar(file)
            for entry in entries:
                self._take(entry)
        if not self.entries:
            raise BadArchive(self.archive, "there is nothing in it")
        return self.found

    def _take(self, entry: _Entry) -> None:
        self.entries += 1
        if self.entries > 2 * self.bounds.files:  # folders count, too
            raise BadArchive(self.archive, f"it holds more than {self.bounds.files} files")
        if entry.is_folder and entry.name in (".", "./"):  # how `tar -c .` names the folder itself
            return
        parts = safe_parts(entry.name, self.bounds.depth)
        trouble = entry.trouble or ("" if parts else "its name leads elsewhere or cannot be written")
        if not trouble and not (entry.is_file or entry.is_folder):
            trouble = "it is a link or a special file"
        if trouble:
            self.found.left_out.append(f"{entry.name!r} was left out: {trouble}.")
        elif parts and entry.stream is not None:
            self._file(entry.name, entry.stream, parts)

    def _file(self, name: str, stream: IO[bytes], parts: tuple[str, ...]) -> None:
        clash = self._clash(parts)
        if clash:
            self.found.left_out.append(f"{name!r} was left out: {clash}.")
            return
        if len(self.found.files) >= self.bounds.files:
            raise BadArchive(self.archive, f"it holds more than {self.bounds.files} files")
        place = self.folder.joinpath(*parts)
        place.parent.mkdir(parents=True, exist_ok=True)
        with open(place, "xb") as target:
            size = 0
            while block := stream.read(BLOCK):
                size += len(block)
                self._count(len(block), size, name)
                target.write(block)
        place.chmod(0o644)
        self.found.files.append(Path(*parts))

    def _clash(self, parts: tuple[str, ...]) -> str:
        """Why the name cannot be given: another one looks the same, or a file is where a folder would be."""
        for length in range(1, len(parts)):
            if self.taken.setdefault(same_name(parts[:length]), False):
                return "a file with the name of its folder is there already"
        if same_name(parts) in self.taken:
            return "another name in the archive is the same but for capitals, accents or dots"
        self.taken[same_name(parts)] = True
        return ""

    def _count(self, more: int, size: int, name: str) -> None:
        self.written += more
        if size > self.bounds.file_bytes:
            raise BadArchive(self.archive, f"{name!r} is larger than {self.bounds.file_bytes >> 20} MB")
        if self.written > self.bounds.total_bytes:
            raise BadArchive(self.archive, f"it unpacks to more than {self.bounds.total_bytes >> 20} MB")
        if self.written > max(SMALL, self.bounds.ratio * self.size):
            raise BadArchive(self.archive, f"it unpacks to more than {self.bounds.ratio:g} times its own size")

    def _of_zip(self, file: BinaryIO) -> Iterator[_Entry]:
        # zipfile reads the whole directory into memory: count first.
        if _occurrences(file, ZIP_ENTRY) > 2 * self.bounds.files:
            raise BadArchive(self.archive, f"it holds more than {self.bounds.files} files")
        with zipfile.ZipFile(file) as packed:
            for info in packed.infolist():
                mode = info.external_attr >> 16
                special = bool(stat.S_IFMT(mode)) and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))
                trouble = "it is encrypted" if info.flag_bits & ZIP_ENCRYPTED else ""
                if info.compress_type not in ZIP_METHODS:
                    trouble = "it is packed in a way that is not known here"
                is_file = not info.is_dir() and not special
                with packed.open(info) if is_file and not trouble else _nothing() as stream:
                    yield _Entry(info.filename, is_file, info.is_dir() and not special, trouble, stream)

    def _of_tar(self, file: BinaryIO) -> Iterator[_Entry]:
        with _unzipped(file) as plain, _open_tar(_Counted(plain, self)) as packed:
            for info in packed:
                # A sparse file is one whose size in the archive says nothing about its size outside.
                trouble = "it is a sparse file" if info.issparse() else ""
                stream = packed.extractfile(info) if info.isreg() and not trouble else None
                yield _Entry(info.name, info.isreg(), info.isdir(), trouble, stream)


def _open_tar(stream: _Counted) -> tarfile.TarFile:
    # A stream takes no more than read(); the stubs ask for a whole file.
    return tarfile.open(fileobj=stream, mode="r|", tarinfo=_ShortHeaders)  # type: ignore[call-overload]


class _ShortHeaders(tarfile.TarInfo):
    """An entry whose headers are short: tarfile reads those of other kinds into memory whatever their size."""

    def _proc_member(self, packed: tarfile.TarFile) -> tarfile.TarInfo:
        if not (self.isreg() or self.isdir()) and self.size > LONGEST_HEADER:
            raise tarfile.ReadError("a header of impossible size")
        return super()._proc_member(packed)  # type: ignore[misc]  # the stubs do not know it


class _Counted:
    """A stream that ends the unpacking when more is read from it than the bounds allow."""

    def __init__(self, stream: BinaryIO | BufferedIOBase, unpacking: _Unpacking):
        self.stream, self.unpacking, self.read_so_far = stream, unpacking, 0

    def read(self, size: int) -> bytes:
        data = self.stream.read(min(size, BLOCK))
        self.read_so_far += len(data)
        bounds, small = self.unpacking.bounds, SMALL + 2048 * 2 * self.unpacking.bounds.files
        if self.read_so_far > min(bounds.total_bytes + small, max(small, bounds.ratio * self.unpacking.size)):
            raise BadArchive(self.unpacking.archive, "it unpacks to far more than its size lets one expect")
        return data


@contextmanager
def _nothing() -> Iterator[None]:
    yield None


@contextmanager
def _unzipped(file: BinaryIO) -> Iterator[BinaryIO | BufferedIOBase]:
    file.seek(0)
    start = file.read(3)
    file.seek(0)
    if start[:2] == b"\x1f\x8b":
        yield gzip.GzipFile(fileobj=file)
    elif start == b"BZh":
        yield bz2.BZ2File(file)
    else:
        yield file


def _occurrences(file: BinaryIO, mark: bytes) -> int:
    """How often `mark` stands in the file, and leaves the file at its start."""
    file.seek(0)
    count, end = 0, b""
    while block := file.read(BLOCK):
        count += (end + block).count(mark)
        end = block[-len(mark) + 1 :]
    file.seek(0)
    return count
