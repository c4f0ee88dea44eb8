"""Unpacks what was handed in as an archive, without trusting anything in it.

Only plain files come out, below the target folder, within bounds that are measured on what is really unpacked rather
than on what the archive says of itself. Links, devices, pipes and encrypted files are left out and told, so are names
that lead elsewhere (`..`, absolute, drives) and names that a file system or a person may take for one that is already
there (capitals, Unicode forms, trailing dots). A student's archive beyond the bounds is refused as a whole. In the
archive of a class each submission has bounds of its own: what one student handed in costs nobody else a file.

Kinds: zip (stored, deflate) and tar (plain, gzip, bzip2, xz). Archives inside archives stay as they are.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import shutil
import stat
import struct
import tarfile
import tempfile
import unicodedata
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone, tzinfo
from io import BufferedIOBase
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, NamedTuple

from grader.desk.collect.file_names import LONGEST_NAME, decoded, writable
from grader.desk.errors import DeskError

BLOCK = 2**18
ZIP_ENTRY, ZIP_ENCRYPTED, ZIP_UTF8 = b"PK\x01\x02", 0x1, 0x800
ZIP_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
UTC_TIMES, UNICODE_PATH = 0x5455, 0x7075  # extra fields of a zip: times in UTC, the name in UTF-8
# RuntimeError and NotImplementedError: zipfile's words for what it cannot unpack.
_OF_LIBRARIES = (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, struct.error)
DAMAGE = (*_OF_LIBRARIES, EOFError, RuntimeError, ValueError, OSError)
XZ, XZ_MEMORY = b"\xfd7zXZ\0", 2**27  # how an xz begins; bytes of its dictionary, which `xz -9` takes half of
LONGEST_HEADER = 2**20
SMALL = 2**20  # bytes below which no ratio is asked about


class BadArchive(DeskError):
    """The archive cannot be read, or is larger than its bounds allow. Nothing of it was unpacked."""

    def __init__(self, archive: Path, reason: str):
        self.reason = reason
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


# What a platform packed is as large as the class; the bounds are then those of each submission in it.
OF_A_CLASS = Bounds(400_000, 64 * 2**20, 64 * 2**30, 16 * 2**30, float("inf"), 20)
OF_ONE_IN_IT = Bounds(files=2_000, total_bytes=256 * 2**20)
Submission = Callable[[tuple[str, ...]], str]  # the parts of a path -> what stands for whose it is


class LeftOut(NamedTuple):
    """What was not unpacked: its path in the archive, as far as it can be shown, and why."""

    path: PurePosixPath
    why: str


@dataclass
class Unpacked:
    """`files`: what was written, relative to the target, with the time that the archive gives. `left_out`: what not."""

    files: dict[Path, datetime | None] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)


@dataclass(frozen=True)
class _Entry:
    name: str
    is_file: bool
    is_folder: bool
    trouble: str
    when: datetime | None
    stream: IO[bytes] | None


class _TooMuch(Exception):
    """One file, or one submission in the archive of a class, is beyond its bounds."""


@dataclass
class _Share:
    """What one submission in the archive of a class has taken so far."""

    files: int = 0
    bytes: int = 0


def unpack(
    archive: Path,
    target: Path,
    bounds: Bounds | None = None,
    *,
    zone: tzinfo = timezone.utc,
    submission: Submission | None = None,
) -> Unpacked:
    """Unpack `archive` into the folder `target`, which must not exist yet. It is there as a whole or not at all.

    With `submission` it is the archive of a class: what is damaged or beyond the bounds in one submission is left out,
    and the rest is unpacked. `zone` is that of a zip's times. Raises `BadArchive`.
    """
    bounds = bounds or (OF_A_CLASS if submission else Bounds())
    if target.exists() or target.is_symlink():
        raise BadArchive(archive, f"{target} is there already")
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=target.parent, prefix=".unpacking-"))
    try:
        found = _Unpacking(archive, work, bounds, zone, submission).run()
        work.chmod(0o755)
        os.rename(work, target)
        return found
    except DAMAGE as error:
        raise BadArchive(archive, f"it is damaged or of an unknown kind ({error})") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def names_in(archive: Path) -> list[tuple[str, ...]]:
    """The parts of the name of every plain file that `unpack` could write. Raises `BadArchive`."""
    reading = _Unpacking(archive, archive.parent, OF_A_CLASS, timezone.utc, lambda parts: "")
    try:
        names = [safe_parts(entry.name, OF_A_CLASS.depth) for entry in reading.entries_of() if entry.is_file]
    except DAMAGE as error:
        raise BadArchive(archive, f"it is damaged or of an unknown kind ({error})") from error
    return [name for name in names if name]


def safe_parts(name: str, depth: int = 16) -> tuple[str, ...] | None:
    """The parts of a path inside the target folder, long ones shortened; None for a name that cannot be given."""
    return None if wrong_with(name, depth) else tuple(_short(part) for part in _parts(name))


def wrong_with(name: str, depth: int = 16) -> str:
    """Why a path in an archive cannot be given: it leads, or may lead, elsewhere; empty where it can."""
    name, parts = name.replace("\\", "/"), _parts(name)
    if not parts or name.startswith("/") or ".." in parts or (len(name) > 1 and name[1] == ":"):
        return "its name leads elsewhere"
    if any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in name):
        return "its name holds characters that cannot be written"
    return f"it lies in more than {depth - 1} folders" if len(parts) > depth else ""


def _parts(name: str) -> list[str]:
    return [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]


def _short(part: str) -> str:
    """A name of more bytes than may be given; a hundred Cyrillic letters are."""
    return writable(part) if len(part.encode("utf-8", "replace")) > LONGEST_NAME else part


def same_name(parts: tuple[str, ...]) -> str:
    """Equal for names that some file system, or a reader, takes for one."""
    return "/".join(unicodedata.normalize("NFKC", part).casefold().rstrip(". ") for part in parts)


class _Unpacking:
    def __init__(self, archive: Path, folder: Path, bounds: Bounds, zone: tzinfo, submission: Submission | None = None):
        self.archive, self.folder, self.bounds, self.zone = archive, folder, bounds, zone
        self.submission = submission
        self.shares: dict[str, _Share] = defaultdict(_Share)
        self.size = archive.stat().st_size
        self.entries = self.written = 0
        self.taken: dict[str, bool] = {}  # whether it is a file
        self.found = Unpacked()

    def run(self) -> Unpacked:
        for entry in self.entries_of():
            self._take(entry)
        if not self.entries:
            raise BadArchive(self.archive, "there is nothing in it")
        return self.found

    def entries_of(self) -> Iterator[_Entry]:
        if not stat.S_ISREG(self.archive.lstat().st_mode):
            raise BadArchive(self.archive, "it is a link or a special file")
        if self.size > self.bounds.archive_bytes:
            raise BadArchive(self.archive, f"it is larger than {self.bounds.archive_bytes >> 20} MB")
        with open(self.archive, "rb") as file:
            # A tar may end with somebody's zip, which is_zipfile takes for the whole.
            yield from self._of_zip(file) if not _is_tar(file) and zipfile.is_zipfile(file) else self._of_tar(file)

    def _take(self, entry: _Entry) -> None:
        self.entries += 1
        if self.entries > 2 * self.bounds.files:  # folders count, too
            raise BadArchive(self.archive, f"it holds more than {self.bounds.files} files")
        if entry.is_folder and entry.name in (".", "./"):  # how `tar -c .` names the folder itself
            return
        parts = safe_parts(entry.name, self.bounds.depth)
        trouble = entry.trouble or wrong_with(entry.name, self.bounds.depth)
        if not trouble and not (entry.is_file or entry.is_folder):
            trouble = "it is a link or a special file"
        if trouble:
            self._leave_out(entry.name, trouble)
        elif parts and entry.stream is not None:
            try:
                self._file(entry, entry.stream, parts)
            except BadArchive:
                raise
            except (_TooMuch, *DAMAGE) as error:
                # A tar is one stream: what is damaged in it is damaged from there on.
                damaged = not isinstance(error, _TooMuch)
                if damaged and (not self.submission or isinstance(entry.stream, tarfile.ExFileObject)):
                    raise
                self.folder.joinpath(*parts).unlink(missing_ok=True)
                self._leave_out(entry.name, str(error) if isinstance(error, _TooMuch) else f"it is damaged ({error})")

    def _leave_out(self, name: str, why: str) -> None:
        self.found.left_out.append(LeftOut(PurePosixPath(name.replace("\\", "/")), why))

    def _file(self, entry: _Entry, stream: IO[bytes], parts: tuple[str, ...]) -> None:
        name, share = entry.name, self.shares[self.submission(parts)] if self.submission else None
        clash = self._clash(parts)
        if clash:
            self._leave_out(name, clash)
            return
        if share:
            share.files += 1
            if share.files > OF_ONE_IN_IT.files:
                raise _TooMuch(f"the submission holds more than {OF_ONE_IN_IT.files} files")
        if len(self.found.files) >= self.bounds.files:
            raise BadArchive(self.archive, f"it holds more than {self.bounds.files} files")
        place = self.folder.joinpath(*parts)
        place.parent.mkdir(parents=True, exist_ok=True)
        with open(place, "xb") as target:
            size = 0
            while block := stream.read(BLOCK):
                size += len(block)
                self._count(len(block), size, share)
                target.write(block)
        place.chmod(0o644)
        self.found.files[Path(*parts)] = entry.when

    def _clash(self, parts: tuple[str, ...]) -> str:
        """Why the name cannot be given: another one looks the same, or a file is where a folder would be."""
        for length in range(1, len(parts)):
            if self.taken.setdefault(same_name(parts[:length]), False):
                return "a file with the name of its folder is there already"
        if same_name(parts) in self.taken:
            return "another name in the archive is the same but for capitals, accents or dots"
        self.taken[same_name(parts)] = True
        return ""

    def _count(self, more: int, size: int, share: _Share | None) -> None:
        self.written += more
        if share:
            share.bytes += more
            if size > OF_ONE_IN_IT.file_bytes:
                raise _TooMuch(f"it is larger than {OF_ONE_IN_IT.file_bytes >> 20} MB")
            if share.bytes > OF_ONE_IN_IT.total_bytes:
                raise _TooMuch(f"the submission is larger than {OF_ONE_IN_IT.total_bytes >> 20} MB")
        if size > self.bounds.file_bytes:
            raise _TooMuch(f"it is larger than {self.bounds.file_bytes >> 20} MB")
        if self.written > self.bounds.total_bytes:
            raise BadArchive(self.archive, f"it unpacks to more than {self.bounds.total_bytes >> 20} MB")
        if self.written > max(SMALL, self.bounds.ratio * self.size):
            raise BadArchive(self.archive, f"it unpacks to more than {self.bounds.ratio:g} times its own size")

    def _of_zip(self, file: BinaryIO) -> Iterator[_Entry]:
        # zipfile reads the whole directory into memory: count first. A platform's is true, and students' zips inside
        # it would be counted with it.
        if not self.submission and _occurrences(file, ZIP_ENTRY) > 2 * self.bounds.files:
            raise BadArchive(self.archive, f"it holds more than {self.bounds.files} files")
        with zipfile.ZipFile(file) as packed:
            for info in packed.infolist():
                mode = info.external_attr >> 16
                special = bool(stat.S_IFMT(mode)) and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))
                trouble = "it is encrypted" if info.flag_bits & ZIP_ENCRYPTED else ""
                if info.compress_type not in ZIP_METHODS:
                    trouble = "it is packed in a way that is not known here"
                is_file = not info.is_dir() and not special
                name, when = _zip_name(info), _zip_time(info, self.zone)
                try:
                    opened = packed.open(info) if is_file and not trouble else _nothing()
                except DAMAGE as error:
                    if not self.submission:
                        raise
                    opened, trouble = _nothing(), f"it is damaged ({error})"
                with opened as stream:
                    yield _Entry(name, is_file, info.is_dir() and not special, trouble, when, stream)

    def _of_tar(self, file: BinaryIO) -> Iterator[_Entry]:
        with _unzipped(file) as plain, _open_tar(_Counted(plain, self)) as packed:
            for info in packed:
                # A sparse file is one whose size in the archive says nothing about its size outside.
                trouble = "it is a sparse file" if info.issparse() else ""
                stream = packed.extractfile(info) if info.isreg() and not trouble else None
                name, when = decoded(os.fsencode(info.name)), moment(info.mtime, self.zone)
                yield _Entry(name, info.isreg(), info.isdir(), trouble, when, stream)


def moment(seconds: float, zone: tzinfo) -> datetime | None:
    """A time since 1970, or None for 0 and for what no clock of these years says."""
    try:
        when = datetime.fromtimestamp(seconds, zone)
    except (ValueError, OverflowError, OSError):
        return None
    return when if 1980 < when.year < 2100 else None


def _extra(info: zipfile.ZipInfo) -> Iterator[tuple[int, bytes]]:
    """The extra fields of an entry; what is cut off is none."""
    rest = info.extra
    while len(rest) >= 4:
        kind, size = struct.unpack("<HH", rest[:4])
        yield kind, rest[4 : 4 + size]
        rest = rest[4 + size :]


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The name as its writer meant it: many programs write one that is not ASCII without saying in which encoding."""
    if info.flag_bits & ZIP_UTF8 or info.filename.isascii():
        return info.filename
    raw = info.filename.encode("cp437", "replace")  # zipfile has read it so, which loses nothing
    for kind, data in _extra(info):
        if kind == UNICODE_PATH and len(data) > 5 and struct.unpack("<I", data[1:5])[0] == zlib.crc32(raw):
            return data[5:].decode("utf-8", "replace")
    return decoded(raw)


def _zip_time(info: zipfile.ZipInfo, zone: tzinfo) -> datetime | None:
    """When it was last changed: in local time without a zone, taken as `zone`, or also in UTC, which wins."""
    for kind, data in _extra(info):
        if kind == UTC_TIMES and len(data) >= 5 and data[0] & 1:
            return moment(struct.unpack("<I", data[1:5])[0], zone)
    try:
        return datetime(*info.date_time, tzinfo=zone) if info.date_time[0] > 1980 else None
    except ValueError:
        return None


def _is_tar(file: BinaryIO) -> bool:
    file.seek(0)
    start = file.read(512)
    file.seek(0)
    return start.startswith((b"\x1f\x8b", b"BZh", XZ)) or start[257:262] == b"ustar"


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

    def __init__(self, stream: _Readable, unpacking: _Unpacking):
        self.stream, self.unpacking, self.read_so_far = stream, unpacking, 0

    def read(self, size: int) -> bytes:
        data = self.stream.read(min(size, BLOCK))
        self.read_so_far += len(data)
        bounds, small = self.unpacking.bounds, SMALL + 2048 * 2 * self.unpacking.bounds.files
        if self.read_so_far > min(bounds.total_bytes + small, max(small, bounds.ratio * self.unpacking.size)):
            raise BadArchive(self.unpacking.archive, "it unpacks to far more than its size lets one expect")
        return data


class _Xz:
    """What is packed by xz, within a bound of memory that `lzma.open` does not know."""

    def __init__(self, file: BinaryIO):
        self.file, self.packed = file, lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY)

    def read(self, size: int) -> bytes:
        while not self.packed.eof:
            more = self.file.read(BLOCK) if self.packed.needs_input else b""
            if self.packed.needs_input and not more:
                raise EOFError("it is cut off")
            if data := self.packed.decompress(more, size):
                return data
        return b""


_Readable = BinaryIO | BufferedIOBase | _Xz


@contextmanager
def _nothing() -> Iterator[None]:
    yield None


@contextmanager
def _unzipped(file: BinaryIO) -> Iterator[_Readable]:
    file.seek(0)
    start = file.read(len(XZ))
    file.seek(0)
    if start.startswith(b"\x1f\x8b"):
        yield gzip.GzipFile(fileobj=file)
    elif start.startswith(b"BZh"):
        yield bz2.BZ2File(file)
    elif start == XZ:
        yield _Xz(file)
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
