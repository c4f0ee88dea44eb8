"""Where work comes in, for `grader watch`: folders and archives, git remotes, nbgrader's exchange.

Each says whether something has changed, takes it in, and hands pages back where there is a way back.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from grader.desk.collect.collect import collect
from grader.desk.collect.sources import GIT_SECONDS, MAX_DEPTH
from grader.desk.course.decisions import RENAME
from grader.desk.course.facts import Course, Week
from grader.desk.course.roster import read_roster
from grader.desk.errors import DeskError
from grader.desk.files import digest
from grader.desk.gradebook.nbgrader_settings import course_directory, nbgrader_config

# Of a clone: what was fetched, what of it is taken in, and where its remote was then.
NEW, WATCHED, THEIRS = "refs/watch/new", "refs/heads/watched", "refs/watch/theirs"
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


def arrivals(sources: Sequence[str], exchange: bool, file_times: bool | None = None) -> Arrivals:
    """What these sources are: paths or addresses of git repositories, or the exchange.

    `file_times` is what `collect` calls so.
    """
    if exchange:
        return Exchange()
    addresses = [source for source in sources if ADDRESS.match(source)]
    if addresses and len(addresses) < len(sources):
        raise DeskError(
            "These are folders and addresses of git repositories.", "Watch the ones or the others, or run it twice."
        )
    if addresses:
        return Remotes(addresses, file_times)
    paths = [Path(source).expanduser() for source in sources]
    for path in paths:
        if not path.exists():
            raise DeskError(f"There is no file or folder {path}.", "Create it, or name another one.")
    return Folders(paths, file_times)


class Folders:
    """Folders and archives, as `grader collect` reads them. A file's time is that on this disk.

    One that is not there stops none of the others.
    """

    returns = False

    def __init__(self, paths: Sequence[Path], file_times: bool | None = None):
        self.paths, self.file_times = list(paths), file_times
        self._doubted: set[str] = set()

    def look(self, course: Course, week: Week) -> object:
        return [fingerprint(path) for path in self.paths]

    def take_in(self, course: Course, week: Week) -> list[str]:
        there = [path for path in self.paths if path.exists()]
        gone = [f"There is no file or folder {path}." for path in self.paths if there and path not in there]
        done = collect(course, week, there or self.paths, file_times=self.file_times)
        unplaced = [
            f"{name!r} is nobody in the roster; write whose it is into {done.mapping}." for name in done.unplaced
        ]
        by_hand = [
            f"{student}: the folder in submitted/ was made by hand, and was left alone." for student in done.by_hand
        ]
        return [*gone, *unplaced, *by_hand, *done.problems, *filter(self._is_new, done.doubts)]

    def _is_new(self, doubt: str) -> bool:
        """A doubt is about all students, so with each one more it comes in other words; it is told once."""
        kind = re.sub(r"\d", "", doubt.partition("(")[0]).rstrip("s ")
        known, self._doubted = kind in self._doubted, self._doubted | {kind}
        return not known

    def give_back(self, course: Course, week: Week, students: Sequence[str]) -> None:
        pass


class Remotes(Folders):
    """Git repositories at addresses: one that holds a folder for each student, or one for each student.

    Nothing is checked out, and no file of theirs is executed: the clones are read as `grader collect` reads clones.
    One that cannot be fetched stops none of the others; what was fetched of it before stays.
    """

    def __init__(self, addresses: Sequence[str], file_times: bool | None = None):
        super().__init__([], file_times)
        self.addresses = list(addresses)
        self._lost: list[str] = []

    def look(self, course: Course, week: Week) -> object:
        place = course.desk_folder / "remotes" / week.folder
        self.paths, found, lost = [place], [], []
        for address in self.addresses:
            try:
                found.append(self._fetched(address, place))
            except DeskError as error:
                lost.append(error)
        if len(lost) == len(self.addresses):
            raise lost[0]
        self._lost = [error.what for error in lost]
        return found, self._lost

    def take_in(self, course: Course, week: Week) -> list[str]:
        return [*self._lost, *super().take_in(course, week)]

    def _fetched(self, address: str, place: Path) -> str:
        """The commit that the remote's branch is at, which is here now as `watched`.

        Where a student has pushed another history over it, both are kept: a commit of ours with the new files comes
        after the old history and the new one, so that what came last is the last.
        """
        name = re.sub(r"[^\w.-]", "_", address.rstrip("/").removesuffix(".git").split("/")[-1].split(":")[-1]) or "work"
        if sum(name == other.rstrip("/").removesuffix(".git").split("/")[-1] for other in self.addresses) > 1:
            name = f"{name}-{digest(address)[:8]}"
        clone = place / name
        if not (clone / ".git").is_dir():
            clone.mkdir(parents=True, exist_ok=True)
            _git(clone, "init", "--quiet")
        before, last = _commit(clone, THEIRS), _commit(clone, WATCHED)
        try:
            _git(clone, "fetch", "--quiet", "--no-tags", address, f"+HEAD:{NEW}")
        except DeskError as error:
            if not last:
                shutil.rmtree(clone)  # an empty repository is no work
            raise DeskError(f"{_shown(address)}: {_shown(error.what)}", error.remedy) from None
        new = _commit(clone, NEW)
        if last and new == before:
            return last
        if last and not _git(clone, "merge-base", "--all", last, new, may_fail=True).startswith(last):
            us = ("-c", "user.name=watch", "-c", "user.email=watch@localhost")
            last = _git(clone, *us, "commit-tree", f"{new}^{{tree}}", "-p", last, "-p", new, "-m", "pushed over")
        else:
            last = new
        _git(clone, "update-ref", WATCHED, last)
        _git(clone, "update-ref", THEIRS, new)
        _git(clone, "symbolic-ref", "HEAD", WATCHED)
        return last


def _shown(text: str) -> str:
    """Without the name and the password in an address."""
    return re.sub(r"//[^/@\s]*@", "//", text)


def _commit(clone: Path, ref: str) -> str:
    """The commit that the reference names; nothing where there is none."""
    return _git(clone, "for-each-ref", "--format=%(objectname)", ref)


def _git(clone: Path, *arguments: str, may_fail: bool = False) -> str:
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
            check=not may_fail,
            stdin=subprocess.DEVNULL,
        )
    except FileNotFoundError:
        raise DeskError("git is not installed.", "Install it; the system's package is called git.") from None
    except subprocess.TimeoutExpired:
        raise DeskError(f"git {arguments[0]} took more than {GIT_SECONDS} s.", "Is the network there?") from None
    except subprocess.CalledProcessError as error:
        said = error.stderr.strip().splitlines()
        fatal = [line for line in said if line.startswith(("fatal:", "error:"))]
        raise DeskError(
            f"git {arguments[0]}: {(fatal or said or ['failed'])[0]}",
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
        """What lies there under an id that somebody had before is theirs who has another one now, and stays there."""
        now = {one.value: one.student for one in course.decisions.standing if one.what == RENAME}
        class_list = {person.id for person in read_roster(course)}
        places = {who: course.step("submitted", who, week.folder) for who in now.keys() - class_list}
        gone = {who: place for who, place in places.items() if not place.exists()}
        log = _done(lambda: _nbgrader(course).collect(week.folder, update=True), "collect from the exchange")
        told = [line for line in log.splitlines() if "cheating attempt" in line]
        for who, place in gone.items():
            if place.exists():
                shutil.rmtree(place)
                if not any(place.parent.iterdir()):
                    place.parent.rmdir()
                told.append(f"{who} is called {now[who]} now; what the exchange has under the old id was left there.")
        return told

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
