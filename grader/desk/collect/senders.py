"""Whose is a file? Read from its path, as platforms write it, and matched with the roster.

| from | looks like |
| --- | --- |
| Moodle | `Anna Müller_1234_assignsubmission_file_/hw.ipynb`, or the same in one name |
| Canvas | `mulleranna_LATE_1234_5678_hw-2.ipynb` |
| Google Classroom, Drive, Forms | `Anna Müller - hw.ipynb`, `hw - Anna Müller.ipynb`, `Copy of hw.ipynb` in a folder |
| GitHub Classroom | `hw1-annamueller/week01_backprop/hw.ipynb` |
| e-mail | the sender's address |
| a person | a folder for each student, or `mueller_hw.ipynb` |
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.desk.collect.notebook_names import normalised
from grader.desk.collect.submissions import is_notebook
from grader.desk.course.csv_files import csv_text, read_csv
from grader.desk.course.roster import Person, folded, words_of
from grader.desk.errors import DeskError
from grader.desk.files import write_atomically

MAPPING = "mapping.csv"
IGNORED = "-"
_MOODLE = re.compile(r"^(?P<who>.+?)_(?P<number>\d+)_assignsubmission_[a-z]+_?(?P<rest>.*)$")
_CANVAS = re.compile(r"^(?P<who>[^_]+)_(?:LATE_)?(?P<number>\d+)_\d+_(?P<rest>.+)$")


@dataclass(frozen=True)
class Sender:
    """What a path says: `hints` at whose file it is, the likeliest first, and the file's own `name` without them."""

    hints: tuple[str, ...]
    name: str


def sender_of(path: PurePosixPath, notebooks: Sequence[str], folder: str, sent_by: Sequence[str] = ()) -> Sender:
    """Read a path inside a source. `folder` is the week's, which may occur in it; `sent_by` an e-mail's sender."""
    parts = [unicodedata.normalize("NFC", part) for part in path.parts]
    if sent_by:
        return Sender(tuple(sent_by), parts[-1])
    for number, part in enumerate(parts):
        inside = parts[number + 1 :]
        if moodle := _MOODLE.match(part):
            return Sender(_numbered(moodle), _named(inside or [moodle["rest"]]))
        if canvas := _CANVAS.match(part):
            return Sender(_numbered(canvas), _named(inside or [_without_attempt(canvas["rest"], notebooks)]))
    if len(parts) > 1:
        inside = [part for part in parts[1:] if part != folder] or parts[-1:]
        return Sender(_folder_hints(parts[0]), _named(inside))
    return Sender(_file_hints(parts[0], notebooks), parts[0])


def platform_name(path: PurePosixPath) -> str:
    """How a platform wants the names of returned files to begin; nothing for a path that is of none."""
    for part in path.parts:
        if moodle := _MOODLE.match(part):
            return f"{part[: moodle.start('rest')].rstrip('_')}_/"
        if canvas := _CANVAS.match(part):
            return part[: canvas.start("rest")]
    return ""


def _named(parts: Sequence[str]) -> str:
    """The path inside the submission; a notebook is taken out of the folders that a student packed it into."""
    return parts[-1] if is_notebook(parts[-1]) else "/".join(parts)


def _numbered(found: re.Match) -> tuple[str, ...]:
    """Name and number together tell two of the same name apart; the name alone is what a roster knows."""
    return (f"{found['who']} {found['number']}", found["who"], found["number"])


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


class Who:
    """Finds students by what a path or an e-mail says; what nobody answers to is for a person to resolve."""

    def __init__(self, people: Iterable[Person], mapping: dict[str, str]):
        self.people = {person.id: person for person in people}
        self.mapping = mapping
        self.by_key: dict[str, set[str]] = defaultdict(set)
        for person in self.people.values():
            for key in person.keys:
                self.by_key[key].add(person.id)

    def student(self, hints: Sequence[str]) -> str | None:
        """The student's id; `-` where a person said to leave it out; None where nobody or several fit."""
        for hint in hints:
            if _as_listed(hint) in self.mapping:
                return self.mapping[_as_listed(hint)]
        if not self.people:
            return hints[0]
        for hint in hints:
            found = set.union(*(self.by_key.get(key, set()) for key in folded(hint)))
            if len(found) == 1:
                return found.pop()
        for hint in hints:
            words = set(words_of(hint))
            found = {who for who, person in self.people.items() if person.words and person.words <= words}
            if len(found) == 1:
                return found.pop()
        return None

    def suggestion(self, hints: Sequence[str]) -> str:
        """The student whose name looks most like one of the hints, or nothing."""
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


def read_mapping(place: Path, people: Iterable[Person]) -> dict[str, str]:
    """What a person wrote into `mapping.csv`: whose the files are that fit nobody. Lines left empty are open."""
    if not place.exists():
        return {}
    known = {person.id for person in people}
    found = {}
    for number, row in enumerate(read_csv(place), start=1):
        cells = [_as_listed(cell) for cell in (*row, "", "")]
        if number > 1 and cells[0] and cells[1]:
            if known and cells[1] not in known | {IGNORED}:
                raise DeskError(
                    f"{place}, line {number}: {cells[1]!r} is not in the roster.",
                    f"Write a student's id, or {IGNORED} to leave these files out.",
                )
            found[cells[0]] = cells[1]
    return found


def write_mapping(place: Path, mapping: dict[str, str], still_open: dict[str, str]) -> None:
    """Keep what is decided, and add a line for everything open: `found` -> the likeliest student, as a suggestion."""
    rows = [["found", "student", "did you mean", "(write a student's id into the second column, or -)"]]
    rows += [[found, student] for found, student in mapping.items()]
    rows += [[found, "", suggestion] for found, suggestion in still_open.items()]
    write_atomically(place, csv_text(rows))
