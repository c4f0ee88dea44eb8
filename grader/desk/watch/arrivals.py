"""Where work comes in, for `grader watch`: folders and archives, git remotes, nbgrader's exchange.

Each says whether something has changed, takes it in, and hands pages back where there is a way back.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from grader.desk.collect.collect import collect
from grader.desk.collect.sources import GIT_SECONDS, MAX_DEPTH
from grader.desk.course.facts import Course, Week
from grader.desk.errors import DeskError
from grader.desk.files import digest
from grader.desk.gradebook.nbgrader_settings import course_directory, nbgrader_config

ADDRESS = re.compile(r"\w[\w+.-]*://|[\w.-]+@[\w.-]+:")


class Arrivals(Protocol):
    """One way in."""

    returns: bool  # is there a way back for pages?

    def look(self, course: Course, week: Week) -> object:
        """What is there now, as a value that is another one when something has come; fetches what must be fetched."""

    def take_in(self, course: Course, week: Week) -> list[str]:
        """Bring it into `submitted/`; sentences about what a person should look at."""

    def give_back(self, course: Course, week: Week, students: Sequence[str]) -> None:
        """Hand their pages to these students."""


def arrivals(course: Course, week: Week, sources: Sequence[str], exchange: bool) -> Arrivals:
    """What these sources are: paths or addresses of git repositories, or the exchange."""
    if exchange:
        return Exchange()
    addresses = [source for source in sources if ADDRESS.match(source)]
    if addresses and len(addresses) < len(sources):
        raise DeskError(
            "These are folders and addresses of git repositories.", "Watch the ones or the others, or run it twice."
        )
    if addresses:
        return Remotes(addresses)
    paths = [Path(source).expanduser() for source in sources]
    for path in paths:
        if not path.exists():
            raise DeskError(f"There is no file or folder {path}.", "Create it, or name another one.")
    return Folders(paths)


class Folders:
    """Folders and archives, as `grader collect` reads them. A file's time is that on this disk."""

    returns = False

    def __init__(self, paths: Sequence[Path]):
        self.paths = list(paths)

    def look(self, course: Course, week: Week) -> object:
        return [fingerprint(path) for path in self.paths]

    def take_in(self, course: Course, week: Week) -> list[str]:
        done = collect(course, week, self.paths)
        unplaced = [
            f"{name!r} is nobody in the roster; write whose it is into {done.mapping}." for name in done.unplaced
        ]
        by_hand = [
            f"{student}: the folder in submitted/ was made by hand, and was left alone." for student in done.by_hand
        ]
        return [*unplaced, *by_hand, *done.problems, *done.doubts]

    def give_back(self, course: Course, week: Week, students: Sequence[str]) -> None:
        pass


class Remotes(Folders):
    """Git repositories at addresses: one that holds a folder for each student, or one for each student.

    Nothing is checked out, and no file of theirs is executed: the clones are read as `grader collect` reads clones.
    """

    def __init__(self, addresses: Sequence[str]):
        super().__init__([])
        self.addresses = list(addresses)

    def look(self, course: Course, week: Week) -> object:
        place = course.desk_folder / "remotes" / week.folder
        self.paths = [place]
        return [self._fetched(address, place) for address in self.addresses]

    def _fetched(self, address: str, place: Path) -> str:
        """The commit that the remote's branch is at, which is here now."""
        name = re.sub(r"[^\w.-]", "_", address.rstrip("/").removesuffix(".git").split("/")[-1].split(":")[-1]) or "work"
        if sum(name == other.rstrip("/").removesuffix(".git").split("/")[-1] for other in self.addresses) > 1:
            name = f"{name}-{digest(address)[:8]}"
        clone = place / name
        if not (clone / ".git").is_dir():
            clone.mkdir(parents=True, exist_ok=True)
            _git(clone, "init", "--quiet")
        _git(clone, "fetch", "--quiet", "--no-tags", "--update-head-ok", address, "+HEAD:refs/heads/watched")
        _git(clone, "symbolic-ref", "HEAD", "refs/heads/watched")
        return _git(clone, "rev-parse", "refs/heads/watched")


def _git(clone: Path, *arguments: str) -> str:
    """git in a clone of ours; it never asks for a password."""
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
    command = ["git", "-C", str(clone), *arguments]
    try:
        done = subprocess.run(
            command,
            env=environment,
            capture_output=True,
            text=True,
            timeout=GIT_SECONDS,
            check=True,
            stdin=subprocess.DEVNULL,
        )
    except FileNotFoundError:
        raise DeskError("git is not installed.", "Install it; the system's package is called git.") from None
    except subprocess.TimeoutExpired:
        raise DeskError(f"git {arguments[0]} took more than {GIT_SECONDS} s.", "Is the network there?") from None
    except subprocess.CalledProcessError as error:
        said = error.stderr.strip().splitlines()
        raise DeskError(
            f"git {arguments[0]}: {said[-1] if said else 'failed'}",
            "Can you clone it yourself, without typing a password?",
        ) from None
    return done.stdout.strip()


class Exchange:
    """nbgrader's, as `nbgrader_config.py` says; its own commands move the files."""

    returns = True

    def look(self, course: Course, week: Week) -> object:
        from nbgrader.exchange.default import ExchangeCollect

        config = nbgrader_config(course)
        directory = course_directory(course, config)
        inbound = Path(ExchangeCollect(coursedir=directory, config=config).root) / directory.course_id / "inbound"
        if not inbound.is_dir():
            raise DeskError(
                f"nbgrader's exchange has no folder {inbound}.",
                f"Set c.Exchange.root in {course.root / 'nbgrader_config.py'}, and release the week there: "
                f"nbgrader release_assignment {week.folder}",
            )
        return [fingerprint(path) for path in sorted(inbound.glob(f"*+{week.folder}+*"))]

    def take_in(self, course: Course, week: Week) -> list[str]:
        log = _done(lambda: _nbgrader(course).collect(week.folder, update=True), "collect from the exchange")
        return [line for line in log.splitlines() if "cheating attempt" in line]

    def give_back(self, course: Course, week: Week, students: Sequence[str]) -> None:
        api = _nbgrader(course)
        for student in students:
            _done(lambda student=student: api.release_feedback(week.folder, student), f"return {student}'s page")  # type: ignore[misc]


def _nbgrader(course: Course):  # type: ignore[no-untyped-def]
    from nbgrader.apps.api import NbGraderAPI

    config = nbgrader_config(course)
    return NbGraderAPI(course_directory(course, config), config=config)


def _done(what: Callable[[], dict], name: str) -> str:
    """Run one of nbgrader's commands to its end, whatever signal comes: it copies folders file by file."""
    with undisturbed():
        result = what()
    if not result["success"]:
        lines = [line.strip() for line in result.get("error", result.get("log", "")).splitlines() if line.strip()]
        raise DeskError(f"nbgrader could not {name}: {lines[-1] if lines else 'no reason given'}", "Mend that.")
    return result.get("log", "")


@contextmanager
def undisturbed() -> Iterator[None]:
    """A signal to stop waits until the end of the block."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def fingerprint(top: Path) -> str:
    """Of the names, sizes and times of all files below, as deep as `collect` reads; no link is followed."""
    found, waiting = [], [(top, 0)]
    while waiting:
        path, depth = waiting.pop()
        try:
            facts = path.lstat()
            found.append(f"{path}\0{facts.st_size}\0{facts.st_mtime_ns}")
            if depth <= MAX_DEPTH and path.is_dir() and not path.is_symlink():
                waiting += [(Path(entry), depth + 1) for entry in os.scandir(path)]
        except OSError:
            continue  # it went away, or cannot be read: `collect` tells
    return digest(*(line.encode("utf-8", "surrogateescape") for line in sorted(found)))
