"""What lies in a folder or an archive of handed-in work: every file with its path, its time and an e-mail's sender.

Read: plain folders, archives (also inside folders and inside archives, unpacked by `archives`), clones of git
repositories with every version that was committed, and e-mails saved as `.eml`. Nothing is followed or executed; git
reads a clone's objects only, never its configuration.
"""

from __future__ import annotations

import email
import email.policy
import email.utils
import os
import shutil
import stat
import struct
import subprocess
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone, tzinfo
from pathlib import Path, PurePosixPath

from grader.desk.collect import archives
from grader.desk.collect.submissions import MAX_NOTEBOOK_MB
from grader.desk.errors import DeskError

MAX_BYTES = MAX_NOTEBOOK_MB * 2**20
MAX_DEPTH = 2  # an archive in the download of a class, and no archive in that
GIT_SECONDS = 60
ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2")
UTC_TIMES = 0x5455  # the extra field of a zip in which Unix programs keep times in UTC
_SKIPPED = {"__MACOSX", "__pycache__", ".ipynb_checkpoints", "node_modules", ".git"}
_SKIPPED_FILES = {"thumbs.db", "desktop.ini", "roster.csv", "mapping.csv"}


@dataclass(frozen=True)
class Found:
    """One file of a source. `when` is None where nothing tells the time; `sent_by` are an e-mail's address and name."""

    path: PurePosixPath
    data: bytes
    when: datetime | None
    origin: str
    sent_by: tuple[str, ...] = ()


@dataclass
class _Reading:
    """What is known while reading: the time zone, problems so far and, inside an archive, the times that it gives."""

    zone: tzinfo
    problems: list[str]
    times: dict[Path, datetime | None] = field(default_factory=dict)
    depth: int = 0

    def time_of(self, path: Path) -> datetime | None:
        return self.times.get(path) if self.times else datetime.fromtimestamp(path.stat().st_mtime, self.zone)


def files_in(source: Path, zone: tzinfo, problems: list[str]) -> Iterator[Found]:
    """Every file below `source`. What cannot be read is told in `problems` and left out."""
    reading = _Reading(zone, problems)
    if source.is_dir():
        yield from _folder(source, PurePosixPath(), reading)
    elif source.is_file():
        yield from _file(source, PurePosixPath(source.name), reading, outer=True)
    else:
        raise DeskError(f"There is no file or folder {source}.", "Name a folder, an archive or a saved e-mail.")


def _folder(folder: Path, at: PurePosixPath, reading: _Reading) -> Iterator[Found]:
    if (folder / ".git").is_dir() and not reading.times:
        versions = list(_clone(folder, at, reading.problems))
        if versions:
            yield from versions
            return
    for entry in sorted(folder.iterdir(), key=lambda path: path.name):
        if _skipped(entry.name):
            continue
        mode = entry.lstat().st_mode
        if stat.S_ISDIR(mode):
            yield from _folder(entry, at / entry.name, reading)
        elif stat.S_ISREG(mode):
            yield from _file(entry, at / entry.name, reading)
        else:
            reading.problems.append(f"{entry}: a link or a special file; it was left out.")


def _file(path: Path, at: PurePosixPath, reading: _Reading, outer: bool = False) -> Iterator[Found]:
    if path.name.lower().endswith(ARCHIVES) and reading.depth < MAX_DEPTH:
        # The name of an archive that lies alone says whose it is, unless it is the download of the whole class.
        alone = at.with_name(at.name.partition(".")[0]) if at.parent == PurePosixPath() else at.parent
        yield from _archive(path, PurePosixPath() if outer else alone, reading)
        return
    size = path.stat().st_size
    if size > MAX_BYTES:
        reading.problems.append(f"{at}: {size >> 20} MB large, at most {MAX_NOTEBOOK_MB} MB are taken; left out.")
    elif path.suffix.lower() == ".eml":
        yield from _mail(path.read_bytes(), path.name, reading)
    else:
        yield Found(at, path.read_bytes(), reading.time_of(path), str(path if not reading.times else at))


def _archive(path: Path, at: PurePosixPath, reading: _Reading) -> Iterator[Found]:
    """What an archive holds, with the times it gives."""
    with tempfile.TemporaryDirectory(prefix="grader-inbox-") as place:
        folder = Path(place) / "unpacked"
        try:
            unpacked = archives.unpack(path, folder)
            times = archive_times(path, reading.zone)
        except archives.BadArchive as error:
            reading.problems.append(f"{at or path.name}: {error.what}")
            return
        reading.problems.extend(f"{path.name}: {text}" for text in unpacked.left_out)
        inside = _Reading(reading.zone, reading.problems, {folder.joinpath(*parts): t for parts, t in times.items()})
        inside.depth = reading.depth + 1
        inside.times.setdefault(folder, None)
        yield from _folder(folder, at, inside)


def archive_times(path: Path, zone: tzinfo) -> dict[tuple[str, ...], datetime | None]:
    """When each file of an archive was last changed, by the parts of its name.

    A zip says it in local time without naming the zone, taken as `zone`, and some also in UTC, which wins. The time
    that stands for "unknown" is None.
    """
    found: dict[tuple[str, ...], datetime | None] = {}
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            for entry in packed.infolist():
                found[archives.safe_parts(entry.filename) or ()] = _zip_time(entry, zone)
    else:
        with tarfile.open(path, "r|*") as stream:
            for info in stream:
                found[archives.safe_parts(info.name) or ()] = datetime.fromtimestamp(max(0, info.mtime), zone)
    return found


def _zip_time(info: zipfile.ZipInfo, zone: tzinfo) -> datetime | None:
    extra = info.extra
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        if kind == UTC_TIMES and size >= 5 and extra[4] & 1:
            return datetime.fromtimestamp(struct.unpack("<I", extra[5:9])[0], zone)
        extra = extra[4 + size :]
    try:
        return datetime(*info.date_time, tzinfo=zone) if info.date_time[0] > 1980 else None
    except ValueError:
        return None


def _skipped(name: str) -> bool:
    return name in _SKIPPED or name.startswith(".") or name.lower() in _SKIPPED_FILES


def _mail(data: bytes, name: str, reading: _Reading) -> Iterator[Found]:
    """The attachments of a saved e-mail. The time is that of the server that took it in, not the sender's clock."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    sender, address = email.utils.parseaddr(str(message.get("From", "")))
    if not address:
        reading.problems.append(f"{name}: an e-mail without a sender; it was left out.")
        return
    received = message.get_all("Received") or []
    when = _mail_time(str(received[0]).rpartition(";")[2] if received else str(message.get("Date", "")))
    for part in message.iter_attachments():
        content = part.get_payload(decode=True)
        file = PurePosixPath(part.get_filename() or "attachment").name
        if isinstance(content, bytes) and len(content) <= MAX_BYTES:
            with tempfile.TemporaryDirectory(prefix="grader-mail-") as place:
                (Path(place) / "attachment").write_bytes(content)
                yield from _attachment(Path(place), file, when, tuple(filter(None, (address, sender))), name, reading)


def _attachment(
    place: Path, file: str, when: datetime | None, sent_by: tuple[str, ...], name: str, reading: _Reading
) -> Iterator[Found]:
    """An attachment, or what is in it when it is an archive; the time and the sender are the e-mail's."""
    attached = (place / "attachment").rename(place / f"attachment{PurePosixPath(file).suffix[:8]}")
    if not attached.name.lower().endswith(ARCHIVES):
        yield Found(PurePosixPath(file), attached.read_bytes(), when, name, sent_by)
        return
    for found in _archive(attached, PurePosixPath(), reading):
        yield replace(found, when=when, origin=name, sent_by=sent_by)


def _mail_time(text: str) -> datetime | None:
    try:
        when = email.utils.parsedate_to_datetime(text.strip())
    except (ValueError, TypeError):
        return None
    return when if when.tzinfo else when.replace(tzinfo=timezone.utc)


def _clone(folder: Path, at: PurePosixPath, problems: list[str]) -> Iterator[Found]:
    """Every committed version of every file of a clone, the time being that of the commit.

    A commit's time is what its author's clock said; a platform's own record of pushes is better where there is one.
    """
    with tempfile.TemporaryDirectory(prefix="grader-git-") as place:
        git = _reader(folder / ".git", Path(place))
        try:
            git("cat-file", "-e", "HEAD^{commit}")
        except (subprocess.SubprocessError, OSError):
            text = "a git repository without a commit that can be read; its files were taken instead."
            problems.append(f"{folder}: {text}")
            return
        try:
            commits = git("log", "--format=%H %ct", "HEAD").decode().split("\n")
            seen: set[tuple[str, str]] = set()
            # The oldest first: an unchanged file keeps the time of the commit that brought it.
            for line in reversed([line for line in commits if line]):
                commit, seconds = line.split()
                for entry in git("ls-tree", "-r", "-z", commit).decode("utf-8", "replace").split("\0"):
                    if not entry:
                        continue
                    (mode, kind, blob), name = entry.split("\t", 1)[0].split(), entry.split("\t", 1)[1]
                    path = PurePosixPath(name)
                    if kind != "blob" or mode == "120000" or any(map(_skipped, path.parts)) or (blob, name) in seen:
                        continue
                    seen.add((blob, name))
                    when = datetime.fromtimestamp(int(seconds), timezone.utc)
                    if int(git("cat-file", "-s", blob)) <= MAX_BYTES:
                        yield Found(at / path, git("cat-file", "blob", blob), when, f"{folder.name}@{commit[:8]}")
        except (subprocess.SubprocessError, OSError, ValueError) as error:
            problems.append(f"{folder}: its git history cannot be read ({type(error).__name__}).")


def _reader(repository: Path, place: Path) -> Callable[..., bytes]:
    """git on a repository of ours with the clone's branches and its objects; the clone's settings stay unread."""
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(place),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": str((repository / "objects").resolve()),
    }

    def git(*arguments: str) -> bytes:
        command = ["git", "--no-pager", *arguments]
        done = subprocess.run(command, cwd=place, env=environment, capture_output=True, timeout=GIT_SECONDS, check=True)
        return done.stdout

    git("init", "--quiet", "--bare", ".")
    for source in (repository / "HEAD", repository / "packed-refs", *sorted((repository / "refs").rglob("*"))):
        if source.is_file() and not source.is_symlink():
            copy = place / source.relative_to(repository)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
    return git
