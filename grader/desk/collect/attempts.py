"""Every version of every file that was handed in, kept: `attempts/<student>/<week>/`.

The same content under the same name is one attempt, at the earliest time that the surest clock says. Which of them
counts is decided anew at each collecting, so that an extension given later brings back one that was too late before.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath

from grader.desk.collect.archives import safe_parts
from grader.desk.collect.file_names import shown
from grader.desk.collect.notebook_names import Handed, match, normalised, rank
from grader.desk.collect.sources import CLOCKS, MAX_DEPTH, without_ending
from grader.desk.collect.submissions import is_notebook
from grader.desk.course.deadlines import Due, LateRule
from grader.desk.errors import DeskError
from grader.desk.files import digest, write_atomically
from grader.desk.gradebook.timestamps import TIMESTAMP

ATTEMPTS = "attempts"
INDEX = "index.json"


@dataclass(frozen=True)
class Attempt:
    """One version of one file: `name` is its path inside the submission, `when` is None if nothing tells.

    `clock` says whose time that is, and of versions with a `turn` the higher one is later. `packed` is the archive that
    it came out of.
    """

    name: str
    when: datetime | None
    origin: str
    content: str
    clock: str = ""
    turn: int = 0
    packed: str = ""

    @property
    def order(self) -> tuple:
        """An attempt of unknown time is taken as the earliest; the order of equals does not depend on the machine."""
        return (*self.moment, self.name, self.content)

    @property
    def moment(self) -> tuple[float, int]:
        """What is later by the platform's clock, or else by the platform's order, is greater."""
        return (self.when.timestamp() if self.when else 0.0, self.turn)


class Attempts:
    """The attempts of one student for one week."""

    def __init__(self, root: Path, student: str, week: str):
        self.folder = root / ATTEMPTS / student / week
        self.all: list[Attempt] = self._read()
        self._new: dict[str, bytes] = {}

    def add(self, one: Attempt, data: bytes, *, said: bool = False) -> None:
        """Keep a version, whose `content` is filled in here.

        A time by a surer clock replaces the one known; so does any that a person `said` is right.
        """
        content = digest(data)[:32]
        one = replace(one, content=content)
        for number, known in enumerate(self.all):
            if (known.name, known.content, known.turn) == (one.name, content, one.turn):
                surer = _sureness(one.clock) - _sureness(known.clock)
                earlier = one.when and (known.when is None or one.when < known.when)
                if said or surer > 0 or (surer == 0 and earlier):
                    self.all[number] = one
                elif one.packed:
                    self.all[number] = replace(known, packed=one.packed)
                return
        self.all.append(one)
        self._new[content] = data

    def data(self, attempt: Attempt) -> bytes:
        known = self._new.get(attempt.content)
        return (self.folder / attempt.content).read_bytes() if known is None else known

    def save(self) -> None:
        """Contents before the index that names them: a run killed in between leaves nothing half."""
        for content, data in self._new.items():
            write_atomically(self.folder / content, data)
        rows = [{**vars(one), "when": one.when and one.when.isoformat()} for one in sorted(self.all, key=_order)]
        write_atomically(self.folder / INDEX, json.dumps(rows, ensure_ascii=False, indent=1))

    def _read(self) -> list[Attempt]:
        place = self.folder / INDEX
        if not place.exists():
            return []
        try:
            rows = json.loads(place.read_text(encoding="utf-8"))
            return [Attempt(**{**row, "when": row["when"] and datetime.fromisoformat(row["when"])}) for row in rows]
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise DeskError(
                f"{place} cannot be read: {error}.", "Put back a copy, or move it away and collect this student again."
            ) from None


def _order(attempt: Attempt) -> tuple:
    return attempt.order


def _sureness(clock: str) -> int:
    return CLOCKS.index(clock) if clock in CLOCKS else -1


@dataclass(frozen=True)
class Choice:
    """The attempts that count, one for each notebook and each other file, and sentences about what was not clear."""

    taken: list[Attempt]
    unclear: list[str]


def that_count(attempts: Iterable[Attempt], notebooks: Sequence[str], due: Due, rule: LateRule) -> Choice:
    """One attempt for each notebook and each other file.

    The last one before the deadline; if there is none, the last before the hard deadline; else the last of all.
    Different names of one notebook (`hw.ipynb`, `hw (2).ipynb`) are attempts at the same; handed in at one time, the
    name that fits best wins. A file cannot be where another one has its folder: notebooks stay, and then the later one.
    An archive that could not be read does not count once one of its name, not an earlier one, was unpacked.
    """
    unclear: list[str] = []
    attempts = list(attempts)
    unpacked: dict[str, tuple[float, int]] = {}
    for one in attempts:
        if one.packed:
            name = _archive(one.packed) or ""
            unpacked[name] = max(one.moment, unpacked.get(name, one.moment))
    attempts = [one for one in attempts if one.moment > unpacked.get(_archive(one.name) or "/", (-1.0, 0))]
    groups: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        if safe_parts(attempt.name, MAX_DEPTH) is None:
            unclear.append(f"{shown(attempt.name)} was left out: no file can have that name")
        elif PurePosixPath(attempt.name).parts[:1] != (TIMESTAMP,):
            groups[_what(attempt.name, notebooks)].append(attempt)
    last = [_last(group, notebooks, due, rule, unclear) for _, group in sorted(groups.items())]
    return Choice(_side_by_side(last, unclear), unclear)


def _archive(name: str) -> str | None:
    """The name of an archive whatever its kind and whichever copy it is; None for another file's."""
    stem = without_ending(name)
    return None if stem is None else normalised(stem)


def _what(name: str, notebooks: Sequence[str]) -> str:
    """The notebook that a file is by its own name, or the file itself."""
    if is_notebook(name) and "/" not in name:
        taken = match([Handed(name)], [*notebooks, "\0"]).taken  # two notebooks: a foreign name is not paired with one
        return f"{next(iter(taken), name)}\0"  # a plain file of that name is another thing
    return name


def _last(group: Sequence[Attempt], notebooks: Sequence[str], due: Due, rule: LateRule, unclear: list[str]) -> Attempt:
    for until in (due.soft, due.hard):
        if until is not None:
            in_time = [one for one in group if one.when is None or one.when <= until + rule.grace]
            if in_time:
                return _latest(in_time, notebooks, unclear)
    return _latest(group, notebooks, unclear)


def _latest(group: Sequence[Attempt], notebooks: Sequence[str], unclear: list[str]) -> Attempt:
    moment = max(one.moment for one in group)
    equal = [one for one in group if one.moment == moment]
    best = max(equal, key=lambda one: (-rank(one.name, notebooks), _order(one)))
    rest = [one for one in equal if one.content != best.content]
    others = sorted({f"another {one.name}" if one.name == best.name else one.name for one in rest})
    if others:
        when = "at the same time" if best.when else "and nothing tells which is later"
        unclear.append(f"{best.name} was taken, and also handed in {when}: {', '.join(others[:5])}")
    return best


def _side_by_side(chosen: list[Attempt], unclear: list[str]) -> list[Attempt]:
    """Without files in the place of folders."""
    taken: list[Attempt] = []
    files: set[PurePosixPath] = set()
    folders: set[PurePosixPath] = set()
    for one in sorted(chosen, key=lambda one: (is_notebook(one.name), one.order), reverse=True):
        path = PurePosixPath(one.name)
        around = set(path.parents) - {PurePosixPath()}
        if path in folders or around & files:
            unclear.append(f"{one.name} was left out: there is a later file or folder of that name")
        else:
            taken.append(one)
            files.add(path)
            folders |= around
    return sorted(taken, key=lambda one: one.name)
