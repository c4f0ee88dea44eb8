"""Whose is a file? Read from its path, as platforms write it, and matched with the roster.

| from | looks like |
| --- | --- |
| Moodle | `Anna Müller_1234_assignsubmission_file_/hw.ipynb`, or the same in one name |
| Canvas | `mulleranna_LATE_1234_5678_hw-2.ipynb`; `mulleranna_1234_text.html` and `_link.html` for what was typed |
| Canvas, anonymous | `LATE_anon_aB3dE_5678_hw.ipynb` |
| Google Classroom, Drive, Forms | `Anna Müller - hw.ipynb`, `hw - Anna Müller.ipynb`, `Copy of hw.ipynb` in a folder |
| Blackboard | `Homework 1_annamueller_attempt_2026-10-11-21-30-00_hw.ipynb` |
| Teams | `Submitted files/Anna Müller/Homework 1/Version 3/hw.ipynb` |
| nbgrader | `annamueller_attempt_2026-10-11-21-30-00_hw.ipynb` |
| its exchange | `annamueller+week01_backprop+2026-10-11 19:30:00 UTC/hw.ipynb` |
| GitHub Classroom | `hw1-annamueller/week01_backprop/hw.ipynb` |
| e-mail | the sender's address |
| a person | a folder for each student, or `mueller_hw.ipynb` |
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone, tzinfo
from pathlib import Path, PurePosixPath

from grader.desk.collect.notebook_names import normalised
from grader.desk.collect.submissions import is_notebook
from grader.desk.course.csv_files import csv_text, read_csv
from grader.desk.course.roster import IGNORED, Person, folded
from grader.desk.errors import DeskError
from grader.desk.files import write_atomically

MAPPING = "mapping.csv"
_MOODLE = re.compile(r"^(?P<who>.+?)_(?P<number>\d+)_assignsubmission_[a-z]+_?(?P<rest>.*)$")
# As its `ContentZipper` writes them; the name of a group, in place of a student's, may hold a `_`.
_CANVAS = re.compile(
    r"^(?P<who>[^_]+|.+?(?=_(?:LATE_)?\d{2,}_\d{2,}_))_(?P<late>LATE_)?(?P<number>\d+)_"
    r"(?:(?P<file>\d+)_(?P<rest>.+)|(?P<typed>(?:text|link)\.html))$"
)
_ANONYMOUS = re.compile(r"^(?P<late>LATE_)?(?P<who>anon_[A-Za-z0-9]+)_(?P<file>\d+)_(?P<rest>.+)$")
# Blackboard's name without a rest is its own summary of the attempt.
_ATTEMPT = re.compile(r"^(?P<who>.+?)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<rest>.+)|\.txt)?$")
_EXCHANGE = re.compile(
    r"^(?P<who>.+)\+(?P<week>[^+]+)\+(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.\d+)? (?P<zone>\w+)(?:\+.*)?$"
)
_PLATFORMS = (_MOODLE, _ANONYMOUS, _CANVAS, _ATTEMPT, _EXCHANGE)
_VERSION = re.compile(r"^version (\d{1,9})$", re.IGNORECASE)
TURNED_IN, DRAFTS = "Submitted files", "Working files"  # Teams'


@dataclass(frozen=True)
class Sender:
    """What a path says: `hints` at whose file it is, the likeliest first, and the file's own `name` without them.

    An empty name: the file is the platform's own. `alone` is the student where no roster tells better; `when` the time
    that the platform wrote into the name, `late` what Canvas says of that, `turn` the number of the attempt, `week` the
    week's folder if the name says so.
    """

    hints: tuple[str, ...]
    name: str
    alone: str = ""
    when: datetime | None = None
    late: bool | None = None
    turn: int = 0
    week: str = ""


def sender_of(
    path: PurePosixPath,
    notebooks: Sequence[str],
    folder: str,
    sent_by: Sequence[str] = (),
    *,
    base: int | None = None,
    levels: int | None = None,
    zone: tzinfo = timezone.utc,
) -> Sender:
    """Read a path inside a source. `folder` is the week's, which may occur in it; `sent_by` an e-mail's sender.

    Only the first `base` parts say whose it is, the last of them being what a student packed; what is in that may look
    like anything. At most `levels` parts are looked at. `zone` is that of times in names.
    """
    parts = [unicodedata.normalize("NFC", part) for part in path.parts]
    if sent_by:
        return Sender(tuple(sent_by), _named(parts[base:] if base is not None else parts))
    levels = min(levels or len(parts), len(parts) if base is None else base)

    def after(number: int) -> list[str]:
        """The parts inside the one that says whose it is, without the name of an archive."""
        return [part for n, part in enumerate(parts) if n > number and (base is None or n != base - 1)]

    for number, part in enumerate(parts[:levels]):
        inside = after(number)
        if moodle := _MOODLE.match(part):
            return Sender(_numbered(moodle), _named(inside or [moodle["rest"]]))
        if canvas := _ANONYMOUS.match(part) or _CANVAS.match(part):
            found = canvas.groupdict()
            name = _named(inside or [found.get("typed") or _without_attempt(canvas["rest"], notebooks)])
            hints = _numbered(canvas) if "number" in found else (canvas["who"],)
            return Sender(hints, name, late=bool(canvas["late"]), turn=int((canvas["file"] or "0")[:15]))
        if attempt := _ATTEMPT.match(part):
            hints, when = _endings(attempt["who"]), _when(attempt["time"], zone)
            # Without a roster nothing tells where the assignment's name ends.
            return Sender(hints, _named(inside or [attempt["rest"] or ""]), alone=hints[-1], when=when)
        if exchange := _EXCHANGE.match(part):
            when = _when(exchange["time"], timezone.utc if exchange["zone"] in ("UTC", "GMT") else zone)
            return Sender((exchange["who"],), _named(inside or [part]), when=when, week=exchange["week"])
    if len(parts) > 1:
        for number, part in enumerate(parts[1:base][:3], start=1):
            if version := _VERSION.match(part):
                return Sender(_folder_hints(parts[0]), _named(after(number) or [part]), turn=int(version[1]) + 1)
        inside = [part for part in after(0) if part != folder] or parts[-1:]
        return Sender(_folder_hints(parts[0]), _named(inside))
    return Sender(_file_hints(parts[0], notebooks), parts[0])


def is_of_platform(part: str) -> bool:
    """Whether the name of a file or a folder is one that a platform gives."""
    name = unicodedata.normalize("NFC", part)
    return any(pattern.match(name) for pattern in _PLATFORMS)


def folder_sender(folder: str) -> tuple[str, ...]:
    """The hints in the name of a student's folder, when nothing else is known."""
    return _folder_hints(unicodedata.normalize("NFC", folder))


def platform_name(path: PurePosixPath) -> str:
    """How a platform wants the names of returned files to begin; nothing for a path that is of none."""
    for part in path.parts:
        if moodle := _MOODLE.match(part):
            return f"{part[: moodle.start('rest')].rstrip('_')}_/"
        if canvas := _ANONYMOUS.match(part) or _CANVAS.match(part):
            return part[: canvas.start("rest")] if canvas["rest"] else ""
    return ""


def _named(parts: Sequence[str]) -> str:
    """The path inside the submission; a notebook is taken out of the folders that a student packed it into."""
    return parts[-1] if is_notebook(parts[-1]) else "/".join(parts)


def _numbered(found: re.Match) -> tuple[str, ...]:
    """Name and number together tell two of the same name apart; the name alone is what a roster knows."""
    return (f"{found['who']} {found['number']}", found["who"], found["number"])


def _endings(text: str) -> tuple[str, ...]:
    """`Homework 1_anna_mueller`, `anna_mueller`, `mueller`: the student's name is at the end, and may hold a `_`."""
    return (text, *(text[found.end() :] for found in re.finditer("_", text) if text[found.end() :]))


def _when(written: str, zone: tzinfo) -> datetime | None:
    year, month, day, hour, minute, second = (int(number) for number in re.findall(r"\d+", written))
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None


def _without_attempt(name: str, notebooks: Sequence[str]) -> str:
    """Canvas adds `-2` to the second attempt's file; a notebook whose own name ends so keeps it."""
    stem, dot, ending = name.rpartition(".")
    shorter = re.sub(r"-\d+$", "", stem)
    known = {normalised(notebook) for notebook in notebooks}
    return f"{shorter}{dot}{ending}" if normalised(stem) not in known and normalised(shorter) in known else name


def _folder_hints(folder: str) -> tuple[str, ...]:
    """The folder's name, and what is left of `homework-login` without its beginning."""
    dashes = [match.end() for match in re.finditer("[-_]", folder)]
    return (folder, *(folder[end:] for end in dashes if folder[end:]))


def _file_hints(file: str, notebooks: Sequence[str]) -> tuple[str, ...]:
    """What is left of a file's name without the notebook's."""
    stem = file.rpartition(".")[0] or file
    sides = [side.strip() for side in stem.split(" - ")] if " - " in stem else []
    known = [normalised(notebook) for notebook in notebooks]
    others = [side for side in sides if normalised(side) not in known]
    plain = normalised(file)
    for name in sorted(known, key=len, reverse=True):
        for rest in (plain.removeprefix(f"{name}_"), plain.removesuffix(f"_{name}")):
            if rest != plain:
                others.append(rest)
    return tuple(others) or (stem,)


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\W_]+", unicodedata.normalize("NFC", text)) if word]


class Who:
    """Finds students by what a path or an e-mail says; what nobody answers to is for a person to resolve."""

    def __init__(self, people: Iterable[Person], mapping: dict[str, str]):
        self.people = {person.id: person for person in people}
        self.mapping = mapping
        self.by_key: dict[str, set[str]] = defaultdict(set)
        # Every word of a full name in the ways in which it may be written: Müller is Muller, or Mueller.
        self.words = {
            person.id: [folded(word) for word in _words(person.name)]
            for person in self.people.values()
            if person.first_name and person.last_name
        }
        for person in self.people.values():
            for key in person.keys:
                self.by_key[key].add(person.id)

    def student(self, hints: Sequence[str]) -> str | None:
        """The student's id; `-` where a person said to leave it out; None where nobody or several fit."""
        for hint in hints:
            if self.is_mapped(hint):
                return self.mapping[_as_listed(hint)]
        if not self.people:
            return hints[0]
        for hint in hints:
            found = set.union(*(self.by_key.get(key, set()) for key in folded(hint)))
            if len(found) == 1:
                return found.pop()
            # Letter by letter the id of one, and of the others no more than the id in another spelling: 007, 00-7.
            if hint in found and all(folded(hint) & folded(who) for who in found):
                return hint
        for hint in hints:
            here = {form for word in _words(hint) for form in folded(word)}
            found = {who for who, words in self.words.items() if all(word & here for word in words)}
            if len(found) == 1:
                return found.pop()
        return None

    def is_mapped(self, hint: str) -> bool:
        """Whether a person has said in `mapping.csv` whose this is."""
        return _as_listed(hint) in self.mapping

    def everyone(self, student: str | None) -> list[str | None]:
        """Whose what is `student`'s is: each one's of the group that a person wrote into `mapping.csv`."""
        return [student] if student is None else [*_group(student, self.people)]

    def fitting(self, hints: Sequence[str]) -> list[str]:
        """The students whom the likeliest hint that fits anybody fits."""
        for hint in hints:
            if found := set.union(*(self.by_key.get(key, set()) for key in folded(hint))):
                return sorted(found)
        return []

    def suggestion(self, hints: Sequence[str]) -> str:
        """The students of that name, or the one whose name looks most like one of the hints, or nothing."""
        if fitting := self.fitting(hints):
            return " or ".join(fitting)
        keys = {key: who for key, found in self.by_key.items() if len(found) == 1 for who in found}
        for hint in hints:
            for key in folded(hint):
                close = difflib.get_close_matches(key, keys, n=1, cutoff=0.75)
                if close:
                    return keys[close[0]]
        return ""


def _as_listed(text: str) -> str:
    """What a path or a mail says, in the form in which `mapping.csv` has it, however a spreadsheet has saved that."""
    return unicodedata.normalize("NFC", text).strip()


def _group(written: str, known: Collection[str]) -> list[str]:
    """The ids in a cell of `mapping.csv`: one, or those of a group with `;` between them."""
    if not known or written in known:
        return [written]
    return [*dict.fromkeys(filter(None, map(_as_listed, written.split(";"))))] or [written]


def read_mapping(place: Path, people: Iterable[Person]) -> dict[str, str]:
    """What a person wrote into `mapping.csv`: whose the files are that fit nobody. Lines left empty are open.

    The work of a group is several students', with `;` between them.
    """
    if not place.exists():
        return {}
    known = {person.id for person in people}
    found = {}
    for number, row in enumerate(read_csv(place), start=1):
        cells = [_as_listed(cell) for cell in (*row, "", "")]
        if number > 1 and cells[0] and cells[1]:
            stranger = next((one for one in _group(cells[1], known) if one not in known), None)
            if known and cells[1] != IGNORED and stranger is not None:
                raise DeskError(
                    f"{place}, line {number}: {stranger!r} is not in the roster.",
                    f"Write a student's id, a group's with ; between them, or {IGNORED} to leave these files out.",
                )
            found[cells[0]] = cells[1]
    return found


def write_mapping(place: Path, mapping: dict[str, str], still_open: dict[str, str]) -> None:
    """Keep what is decided, and add a line for everything open: `found` -> the likeliest student, as a suggestion."""
    what_to_do = "(write a student's id into the second column, a group's with ; between them, or -)"
    rows = [["found", "student", "did you mean", what_to_do]]
    rows += [[found, student] for found, student in mapping.items()]
    rows += [[found, "", suggestion] for found, suggestion in still_open.items()]
    write_atomically(place, csv_text(rows))
