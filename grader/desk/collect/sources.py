"""What lies in a folder or an archive of handed-in work: every file with its path, its time and an e-mail's sender.

Read: plain folders, archives (also inside folders and inside archives, unpacked by `archives`), clones of git
repositories with every version that was committed, e-mails saved as `.eml`, and Gradescope's list of who handed in
what. Nothing is followed or executed; git reads a clone's objects only, never its configuration.

The time of a file is that of the outermost thing that carries it: what a student packed has the time of the archive
that the platform took in, never one from inside it.
"""

from __future__ import annotations

import email
import email.header
import email.message
import email.policy
import email.utils
import os
import re
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone, tzinfo
from pathlib import Path, PurePosixPath
from typing import TypeVar

import yaml

from grader.desk.collect import archives
from grader.desk.collect.file_names import of_disk, shown, writable
from grader.desk.collect.senders import is_of_platform
from grader.desk.collect.submissions import CHECKPOINTS, MAX_NOTEBOOK_MB, ONLY_CHECKPOINTS, is_hidden
from grader.desk.errors import DeskError

MAX_BYTES = MAX_NOTEBOOK_MB * 2**20
MAX_NESTING = 2  # an archive in the download of a class, and no archive in that
MAX_DEPTH = 20  # folders in folders
MAX_VERSIONS = 500  # of files in a clone, the newest
MAX_PARTS = 200  # of an e-mail
MAX_LIST_BYTES = 2**24  # of Gradescope's list
GIT_SECONDS = 60
ARCHIVES = (".tar.gz", ".tar.bz2", ".tar.xz", ".zip", ".tar", ".tgz", ".tbz2", ".txz")
UNKNOWN_ARCHIVES = (".rar", ".7z", ".xz", ".gz", ".bz2", ".zst")
GRADESCOPE = "submission_metadata.yml"
_SKIPPED = {"__MACOSX", "__pycache__", "node_modules"}
_SKIPPED_FILES = {"thumbs.db", "desktop.ini", "roster.csv", "mapping.csv"}

# Whose clock a time is, the surest last. A commit's is its author's: it decides only when a person says so.
NO_CLOCK, COMMIT, DISK, ARCHIVE, PLATFORM, GIVEN = (
    "nothing tells",
    "commits, which are by the student's clock",
    "files on this disk",
    "the archive's entries",
    "the platform or the mail server",
    "--times",
)
CLOCKS = (NO_CLOCK, COMMIT, DISK, ARCHIVE, PLATFORM, GIVEN)


@dataclass(frozen=True)
class Found:
    """One file of a source, not yet read.

    `when` is None where nothing tells the time, `clock` says which clock it is; of versions with a `turn` the higher
    one is later. `sent_by` are an e-mail's address and name. Of `path` the first `base` parts lie outside of whatever
    the student packed, in the archive of the name `packed`; None: all.
    """

    path: PurePosixPath
    read: Callable[[], bytes]
    size: int
    when: datetime | None
    clock: str
    origin: str
    sent_by: tuple[str, ...] = ()
    base: int | None = None
    turn: int = 0
    packed: str = ""


@dataclass(frozen=True)
class Trouble:
    """What could not be taken in, or only in part: where it lies, as in `Found`, and a sentence's end about it."""

    path: PurePosixPath
    text: str
    sent_by: tuple[str, ...] = ()
    base: int | None = None


_Handed = tuple[list[tuple[str, ...]], datetime | None]  # a submission of Gradescope's: whose, and when
NOBODY: _Handed = ([], None)
T = TypeVar("T", Found, Trouble)


@dataclass
class Reading:
    """The reading of the sources of one command: what was unpacked stays until the end of a `with`.

    `is_person` says whether a name is that of one student in the roster.
    """

    zone: tzinfo
    is_person: Callable[[str], bool] = lambda name: False
    troubles: list[Trouble] = field(default_factory=list)
    stack: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Reading:
        return self

    def __exit__(self, *error: object) -> None:
        self.stack.close()

    def place(self) -> Path:
        """A new folder for what is unpacked."""
        return Path(self.stack.enter_context(tempfile.TemporaryDirectory(prefix="grader-inbox-")))

    def tell(self, where: _Where, text: str) -> None:
        self.troubles.append(Trouble(where.path, shown(text).rstrip("."), where.sent_by, where.base))

    @contextmanager
    def fence(self, where: _Where) -> Iterator[None]:
        """Whatever goes wrong in reading one thing is a line about it, and everything else is read."""
        try:
            yield
        except Exception as error:
            self.tell(where, reason(error))


@dataclass(frozen=True)
class _Where:
    """Where something lies, and what that says of its time.

    `times` are those that an archive gives its files; `fixed`: everything inside has the time `when`.
    """

    path: PurePosixPath
    sent_by: tuple[str, ...] = ()
    base: int | None = None
    nesting: int = 0
    when: datetime | None = None
    fixed: bool = False
    clock: str = DISK
    origin: str = ""
    times: dict[Path, datetime | None] | None = None

    def __truediv__(self, name: str) -> _Where:
        return replace(self, path=self.path / name)


def reason(error: Exception) -> str:
    """An error as the end of a sentence."""
    if isinstance(error, DeskError):
        return error.what
    if isinstance(error, RecursionError):
        return "it is nested too deeply to be read"
    if isinstance(error, OSError) and error.strerror:
        return f"it cannot be read: {error.strerror}"
    return f"it cannot be read ({type(error).__name__}: {error})"


def files_in(source: Path, reading: Reading) -> list[Found]:
    """Every file below `source`. What cannot be read is told in `reading.troubles` and left out."""
    already = len(reading.troubles)
    if source.is_dir():
        found = list(_folder(source, _Where(PurePosixPath()), reading))
    elif source.is_file():
        found = list(_source_file(source, reading))
    else:
        raise DeskError(f"There is no file or folder {source}.", "Name a folder, an archive or a saved e-mail.")
    return _by_gradescope(found, reading, already)


def _source_file(source: Path, reading: Reading) -> Iterator[Found]:
    where = _Where(PurePosixPath(of_disk(source.name)), origin=str(source))
    with reading.fence(where):
        if source.name.lower().endswith(ARCHIVES):
            yield from _download(source, replace(where, path=PurePosixPath()), reading)
        elif source.suffix.lower() == ".eml":
            yield from _mail(source, where, reading)
        else:
            yield from _file(source, where, reading)


def _folder(top: Path, where: _Where, reading: Reading) -> Iterator[Found]:
    """Without recursion: a student's folders may be nested deeper than Python's stack."""
    waiting = [(top, where, 0, where.base is None)]
    while waiting:
        folder, here, depth, alone = waiting.pop()
        with reading.fence(here):
            if depth > MAX_DEPTH:
                reading.tell(here, f"folders deeper than {MAX_DEPTH} were left out")
                continue
            if here.times is None and here.base is None and (folder / ".git").is_dir():
                versions = list(_clone(folder, here, reading))
                if versions:
                    yield from versions
                    continue
            with os.scandir(folder) as entries:
                names = sorted(entry.name for entry in entries)
            listed = [name for name in names if not _skipped(name)]
            if not listed and CHECKPOINTS in names:
                reading.tell(here / CHECKPOINTS, ONLY_CHECKPOINTS)
            mails = alone and _is_mailbox(folder, listed)
            for name in listed:
                below = here / writable(of_disk(name))
                with reading.fence(below):
                    mode = (folder / name).lstat().st_mode
                    if stat.S_ISDIR(mode):
                        around = alone and len(listed) == 1 and not (is_of_platform(name) or reading.is_person(name))
                        waiting.append((folder / name, below, depth + 1, around))
                    elif not stat.S_ISREG(mode):
                        reading.tell(below, "a link or a special file; it was left out")
                    elif mails and name.lower().endswith(".eml"):
                        yield from _mail(folder / name, below, reading)
                    else:
                        yield from _file(folder / name, below, reading)


def _is_mailbox(folder: Path, names: Iterable[str]) -> bool:
    """Whether the plain files of a source are e-mails. One that a student hands in among other files is a file."""
    plain = [name for name in names if not (folder / name).is_dir()]
    return all(name.lower().endswith(".eml") and not is_of_platform(name) for name in plain)


def _file(path: Path, where: _Where, reading: Reading) -> Iterator[Found]:
    name, when = where.path.name.lower(), where.when
    if not where.fixed:
        times = where.times
        when = archives.moment(path.stat().st_mtime, reading.zone) if times is None else times.get(path)
    where = replace(where, when=when, origin=where.origin or of_disk(str(path)))
    if name.endswith(ARCHIVES) and where.nesting < MAX_NESTING:
        try:
            packed = list(_archive(path, where, reading))
        except archives.BadArchive as error:
            reading.tell(where, f"an archive that was not unpacked, and kept as it is: {error.reason}")
        else:
            yield from packed
            return
    size = path.stat().st_size
    if name.endswith(UNKNOWN_ARCHIVES):
        kind = PurePosixPath(name).suffix
        reading.tell(where, f"an archive of a kind that is not read ({kind}), and kept as it is; ask for a .zip")
    if size > MAX_BYTES:
        reading.tell(where, f"{size >> 20} MB large, at most {MAX_NOTEBOOK_MB} MB are taken; left out")
        return
    if name.endswith(".eml") and not where.fixed:
        reading.tell(where, "taken as a file; to read it as an e-mail, name it, or a folder of e-mails, as a source")
    yield Found(where.path, path.read_bytes, size, when, where.clock, where.origin, where.sent_by, where.base)


def _archive(path: Path, where: _Where, reading: Reading) -> Iterator[Found]:
    """One in a source: a student's, which has one time, or a platform's that lies in the folder."""
    # Its name may say whose it is; in a folder of archives, unless everything in it says so.
    stem = without_ending(where.path.name) or ""
    at = where.path.with_name(stem.strip(". ") or "archive")
    if where.nesting == 0 and len(at.parts) == 1 and not where.sent_by and not is_of_platform(at.name):
        names = [name for name in archives.names_in(path) if not any(map(_skipped, name))]
        depth = _around(names)
        if names and not reading.is_person(at.name) and all(is_of_platform(name[depth]) for name in names):
            yield from _download(path, replace(where, path=PurePosixPath()), reading)
            return
    folder = reading.place() / "unpacked"
    unpacked = archives.unpack(path, folder)
    # Times inside are the student's: all files have that of the archive.
    inside = replace(where, path=at, base=len(at.parts), nesting=MAX_NESTING, fixed=True)
    for name, why in unpacked.left_out[:MAX_PARTS]:
        reading.tell(where, f"{name} in it was left out: {why}")
    found = list(_folder(folder, inside, reading))
    if unpacked.left_out and not found:  # Kept as it is: whoever handed it in is not missing.
        raise archives.BadArchive(path, "nothing in it can be taken")
    yield from (replace(one, packed=where.path.name) for one in found)


def without_ending(name: str) -> str | None:
    """The name of an archive, read or not, without its ending; None for another file's."""
    endings = [ending for ending in (*ARCHIVES, *UNKNOWN_ARCHIVES) if name.lower().endswith(ending)]
    return name[: -len(endings[0])] if endings else None


def _download(path: Path, where: _Where, reading: Reading) -> Iterator[Found]:
    """The archive of a class, as a platform packed it, with the times that it gives."""
    names = [name for name in archives.names_in(path) if not any(map(_skipped, name))]
    depth = _around(names)
    folder = reading.place() / "unpacked"

    def submission(parts: tuple[str, ...]) -> str:
        return next((part for part in parts if is_of_platform(part)), parts[min(depth, len(parts) - 1)])

    try:
        unpacked = archives.unpack(path, folder, zone=reading.zone, submission=submission)
    except archives.BadArchive as error:
        reading.tell(replace(where, path=PurePosixPath(of_disk(path.name))), f"not unpacked: {error.reason}")
        return
    for name, why in unpacked.left_out:
        reading.tell(replace(where, path=PurePosixPath(*map(shown, name.parts))), f"left out: {why}")
    times = {folder / name: when for name, when in unpacked.files.items()}
    inside = replace(where, path=PurePosixPath(), nesting=1, clock=ARCHIVE, times=times, origin="")
    for found in _folder(folder, inside, reading):
        yield replace(found, origin=str(found.path)) if found.clock == ARCHIVE else found


def _around(names: Iterable[tuple[str, ...]]) -> int:
    """How many folders are around all of the files."""
    depth, names = 0, list(names)
    while names and all(len(name) > depth + 1 for name in names) and len({name[depth] for name in names}) == 1:
        if is_of_platform(names[0][depth]):
            break
        depth += 1
    return depth


def _skipped(name: str) -> bool:
    return name in _SKIPPED or is_hidden(name) or name.lower() in _SKIPPED_FILES


def _mail(path: Path, where: _Where, reading: Reading) -> Iterator[Found]:
    """The attachments of a saved e-mail. The time is that of the server that took it in, not the sender's clock."""
    if path.stat().st_size > 2 * MAX_BYTES:
        reading.tell(where, f"an e-mail of more than {2 * MAX_NOTEBOOK_MB} MB; it was left out")
        return
    data = path.read_bytes()
    head = email.message_from_bytes(re.split(rb"\r?\n\r?\n", data, maxsplit=1)[0], policy=email.policy.compat32)
    senders = head.get_all("From") or [""]
    sender, address = email.utils.parseaddr(_decoded_header(senders[0]))
    if not address or len(senders) > 1:
        reading.tell(where, f"an e-mail {'of two senders' if address else 'without a sender'}; it was left out")
        return
    received = head.get_all("Received") or []
    when = _mail_time(str(received[0]).rpartition(";")[2]) if received else None
    sent = replace(
        where,
        sent_by=tuple(filter(None, (shown(address), shown(sender)))),
        when=when,
        fixed=True,
        clock=PLATFORM if when else NO_CLOCK,
        origin=where.path.name,
    )
    with reading.fence(sent):
        message = email.message_from_bytes(data, policy=email.policy.default)
        files = [part for part in message.walk() if not part.is_multipart() and _is_attachment(part)]
        if not files and any(part.defects for part in message.walk()):
            reading.tell(sent, "an e-mail without a part that can be read: it is damaged, or nested too deeply")
        elif not files:
            reading.tell(sent, "an e-mail without an attachment; there may be a link in it")
        place = reading.place()
        for number, part in enumerate(files):
            if number >= MAX_PARTS:
                reading.tell(sent, f"an e-mail with more than {MAX_PARTS} attachments; the rest was left out")
                break
            with reading.fence(sent):
                yield from _attachment(part, place / str(number), sent, reading)


def _is_attachment(part: email.message.Message) -> bool:
    try:
        return part.get_filename() is not None or part.get_content_disposition() == "attachment"
    except Exception:  # the parser of parameters stumbles over some
        return True


def _attachment(part: email.message.Message, place: Path, sent: _Where, reading: Reading) -> Iterator[Found]:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return
    given = part.get_filename() or "attachment"
    last = re.split(r"[/\\]", given)[-1]
    name, where = writable(last), replace(sent, path=PurePosixPath(writable(last)))
    place.write_bytes(content)
    if name != last:
        reading.tell(where, f"an attachment named {given[:80]!r} was kept as {name!r}")
    yield from _file(place, where, reading)


def _decoded_header(text: object) -> str:
    """A header with its encoded words read, whatever is in it."""
    try:
        return str(email.header.make_header(email.header.decode_header(str(text or ""))))
    except (ValueError, LookupError):
        return str(text or "")


def _mail_time(text: str) -> datetime | None:
    try:
        when = email.utils.parsedate_to_datetime(text.strip())
        return archives.moment(when.replace(tzinfo=when.tzinfo or timezone.utc).timestamp(), timezone.utc)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _by_gradescope(found: list[Found], reading: Reading, already: int) -> list[Found]:
    """Whose each folder is, where Gradescope's list lies around all of them; the work of a group is everybody's."""
    depth = _around(one.path.parts for one in found)
    lists = [one for one in found if one.path.name == GRADESCOPE and len(one.path.parts) == depth + 1]
    if len(lists) != 1 or not any(one.path.parts[depth].startswith("submission_") for one in found):
        return found
    known: object = None
    with reading.fence(_Where(lists[0].path)):
        if lists[0].size > MAX_LIST_BYTES:
            raise DeskError("it is too large to be Gradescope's list")
        known = yaml.load(lists[0].read(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    handed: dict[str, _Handed] = {}
    for folder, entry in known.items() if isinstance(known, dict) else ():
        with reading.fence(_Where(PurePosixPath(str(folder)))):
            names = [[person.get(key) for key in (":sid", ":email", ":name")] for person in entry[":submitters"]]
            people = [tuple(str(name) for name in row if name) for row in names]
            handed[str(folder)] = ([row for row in people if row], _list_time(entry.get(":created_at")))

    def placed(one: T) -> list[T]:
        people, _ = handed.get(one.path.parts[depth], NOBODY) if len(one.path.parts) > depth + 1 else NOBODY
        base, inner = one.base, PurePosixPath(*one.path.parts[depth + 1 :])
        base = None if base is None else max(0, base - depth - 1)
        return [replace(one, path=inner, base=base, sent_by=person) for person in people] or [one]

    def timed(one: Found) -> Found:
        when = handed.get(one.path.parts[depth], NOBODY)[1]
        return replace(one, when=when, clock=PLATFORM) if when else one

    reading.troubles[already:] = [new for one in reading.troubles[already:] for new in placed(one)]
    return [new for one in found if one is not lists[0] for new in placed(timed(one))]


def _list_time(written: object) -> datetime | None:
    try:
        when = written if isinstance(written, datetime) else datetime.fromisoformat(str(written))
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=timezone.utc)


def _clone(folder: Path, where: _Where, reading: Reading) -> Iterator[Found]:
    """Every committed version of every file of a clone, in the order of the commits of its branch.

    A commit's time is what its author's clock said, so it is told apart (`COMMIT`); its place in the order is not.
    """
    git = _reader(folder / ".git", reading.place())
    try:
        git("cat-file", "-e", "HEAD^{commit}")
    except (subprocess.SubprocessError, OSError):
        reading.tell(where, "a git repository without a commit that can be read; its files were taken instead")
        return
    with reading.fence(where):
        for other in _other_branches(git):
            reading.tell(where, f"a git repository with work on another branch: {other}; only HEAD was taken")
        total = int(git("rev-list", "--count", "HEAD"))
        log = git("log", "--topo-order", f"--max-count={MAX_VERSIONS}", "--format=%H %ct", "HEAD").decode()
        commits = [line for line in log.split("\n") if line][::-1]
        now: dict[str, str] = {}
        versions: list[Found] = []
        # The oldest first: an unchanged file keeps the turn of the commit that brought it.
        for turn, line in enumerate(commits, start=total - len(commits) + 1):
            commit, seconds = line.split()
            for entry in git("ls-tree", "-r", "-l", "-z", commit).split(b"\0"):
                if not entry:
                    continue
                facts, _, raw = entry.partition(b"\t")
                mode, kind, blob, size = facts.decode().split()
                name = of_disk(os.fsdecode(raw))
                path = PurePosixPath(*map(writable, name.split("/")))
                if kind != "blob" or mode == "120000" or any(map(_skipped, path.parts)) or now.get(name) == blob:
                    continue
                now[name] = blob
                if int(size) > MAX_BYTES:
                    reading.tell(where / str(path), f"{int(size) >> 20} MB large in commit {commit[:8]}; left out")
                    continue
                when = archives.moment(int(seconds), timezone.utc)
                origin = f"{folder.name}@{commit[:8]}"
                read = _blob(git, blob)
                base = len(where.path.parts)
                versions.append(Found(where.path / path, read, int(size), when, COMMIT, origin, (), base, turn))
        if len(versions) > MAX_VERSIONS:
            reading.tell(where, f"a git repository with {len(versions)} versions; the last {MAX_VERSIONS} were taken")
        yield from versions[-MAX_VERSIONS:]


def _blob(git: Callable[..., bytes], blob: str) -> Callable[[], bytes]:
    return lambda: git("cat-file", "blob", blob)


def _other_branches(git: Callable[..., bytes]) -> list[str]:
    """Branches with commits that HEAD does not have, and how many."""
    names = git("for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes").decode("utf-8", "replace")
    found = []
    for name in names.split("\n")[:20]:
        if name and not name.endswith("/HEAD"):
            more = int(git("rev-list", "--count", name, "--not", "HEAD"))
            if more:
                name = name.removeprefix("refs/heads/").removeprefix("refs/remotes/")
                found.append(f"{name} ({more} commit{'s' * (more != 1)} more)")
    return found


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
    refs = (path for path in sorted((repository / "refs").glob("*/*")) + sorted((repository / "refs").glob("*/*/*")))
    for source in (repository / "HEAD", repository / "packed-refs", *refs):
        if source.is_file() and not source.is_symlink():
            copy = place / source.relative_to(repository)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
    return git
