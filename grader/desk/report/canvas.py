"""Whose line of Canvas's gradebook is whose, and which of its columns is which week's."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.desk.course.canvas_file import LOGIN, NUMBER, SIS_ID, CanvasFile, CanvasLine
from grader.desk.course.csv_files import read_csv
from grader.desk.course.roster import Person, folded
from grader.desk.errors import DeskError

CANVAS_HEAD = ("Student", NUMBER, SIS_ID, LOGIN, "Section")
_ID_COLUMNS = (LOGIN, SIS_ID, NUMBER)


@dataclass(frozen=True)
class Matched:
    """Canvas's gradebook and this class, side by side.

    `pairs` are its lines of students with the person each belongs to, None where several fit (`ambiguous` says who);
    lines that fit nobody are left out, and are in `unmatched`. `titles` are the columns to write, `places` where they
    are in Canvas's file, None for one that is not there. `unfilled` are Canvas's assignments that get no marks, `new`
    the weeks for which it has none, and `absent` those of the class who have no line.
    """

    head: list[str]
    pairs: list[tuple[CanvasLine, Person | None]]
    unmatched: list[str]
    ambiguous: list[str]
    titles: list[str]
    places: list[int | None]
    unfilled: list[str]
    new: list[str]
    absent: list[str]

    @property
    def needs_a_person(self) -> bool:
        return bool(self.unmatched or self.ambiguous or self.absent or (self.new and self.unfilled))


def matched(exported: Path, people: Sequence[Person], titles: Sequence[str], listed: Collection[str]) -> Matched:
    """Canvas's own export, read. `titles` are the weeks', the final mark's last; `listed` the ids of the roster.

    Raises `DeskError` where the file is none of Canvas's.
    """
    table = read_csv(exported)
    if not table or not CanvasFile.is_one(table[0]):
        missing = [name for name in CANVAS_HEAD if name != SIS_ID and name not in (table[0] if table else ())]
        raise DeskError(
            f"{exported}, line 1: no column {(missing or ['Student'])[0]!r}.",
            "Export the gradebook from Canvas as CSV: Grades, then Export.",
        )
    canvas = CanvasFile(table)
    lines = [line for line in canvas.lines if line.is_student]
    owners = _owners(lines, people)
    pairs: list[tuple[CanvasLine, Person | None]] = []
    unmatched, ambiguous = [], []
    for line, found in zip(lines, owners, strict=True):
        if len(found) == 1:
            pairs.append((line, found[0]))
        elif found:
            pairs.append((line, None))
            several = " or ".join(dict.fromkeys(person.id for person in found))
            ambiguous.append(f"{line.name} ({line.login or line.number}): {several}")
        else:
            unmatched.append(line.name)
    columns = [_column(canvas, title) for title in titles]
    there = {person.id for _, person in pairs if person}
    return Matched(
        canvas.own,
        pairs,
        unmatched,
        ambiguous,
        [column or title for column, title in zip(columns, titles, strict=True)],
        [canvas.head.index(column) if column else None for column in columns],
        [title for title in canvas.assignments if title not in columns],
        [title for column, title in zip(columns, titles[:-1], strict=False) if column is None],
        [person.id for person in people if person.id not in there and (person.id in listed or not listed)],
    )


def _column(canvas: CanvasFile, title: str) -> str | None:
    """The one assignment of this title; None where there is none, or there are several."""
    found = [column for column, name in canvas.assignments.items() if name == title]
    return found[0] if len(found) == 1 else None


def _owners(lines: Sequence[CanvasLine], people: Sequence[Person]) -> list[list[Person]]:
    """For each line the person whose it is; several where that cannot be told, none where nobody fits.

    First what is written as ids are, letter by letter; then the other names, as they are; then folded forms. A person
    found in an earlier way has their line. Whoever fits several lines, or shares one with others, gets none of them.
    """
    owners: list[list[Person]] = [[] for _ in lines]
    taken: set[str] = set()
    ways: list[tuple[Callable[[CanvasLine], set[str]], Callable[[Person], set[str]]]] = [
        (_written, lambda person: {_exact(person.id)}),
        (_written, lambda person: {_exact(text) for text in (person.email, person.number, *person.also) if text}),
        (_folded, lambda person: person.keys),
    ]
    for of_line, of_person in ways:
        by_key = defaultdict(list)
        for person in people:
            for key in of_person(person):
                by_key[key].append(person)
        fits = [
            list({person.id: person for key in sorted(of_line(line)) for person in by_key[key]}.values())
            if not owners[number]
            else []
            for number, line in enumerate(lines)
        ]
        counts: dict[str, int] = defaultdict(int)
        for found in fits:
            for person in found:
                counts[person.id] += 1
        for number, found in enumerate(fits):
            if len(found) == 1 and (found[0].id in taken):
                continue  # their line is another
            if len(found) == 1 and counts[found[0].id] > 1:
                # Both lines look like this one person's.
                owners[number] = [found[0], found[0]]
            elif found:
                owners[number] = sorted(found, key=lambda person: person.id)
        taken |= {found[0].id for found in owners if len(found) == 1}
    return owners


def _exact(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def _written(line: CanvasLine) -> set[str]:
    return {_exact(line.who[name]) for name in _ID_COLUMNS if line.who.get(name)}


def _folded(line: CanvasLine) -> set[str]:
    return {key for text in (*_written(line), line.name) for key in folded(text) if key}
