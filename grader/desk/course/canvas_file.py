"""A gradebook as Canvas exports it (*Grades > Export*), read by the rules of Canvas's own exporter and importer.

Its first columns tell who: `Student`, or `LastName` and `FirstName`; `ID`; perhaps `SIS User ID`; `SIS Login ID`;
perhaps `Integration ID` and `Root Account`; `Section`. Assignments are called `title (number)`. Of its lines, one
may say only which assignments are posted by hand, one has the points possible, and one may be Canvas's test student.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

LAST = "Section"
LOGIN, SIS_ID, NUMBER = "SIS Login ID", "SIS User ID", "ID"
TEST_STUDENT = "Student, Test"
_NO_STUDENT = re.compile(r"\s*(muted|manual posting.*)\s*", re.IGNORECASE)
_POINTS = "Points Possible"
_ASSIGNMENT = re.compile(r"(?P<title>.*) \((?P<number>\d+)\)\s*")


@dataclass(frozen=True)
class CanvasLine:
    """One line below the head; `who` are its first columns by name."""

    who: dict[str, str]
    cells: list[str]

    @property
    def login(self) -> str:
        return self.who.get(LOGIN, "")

    @property
    def sis_id(self) -> str:
        return self.who.get(SIS_ID, "")

    @property
    def number(self) -> str:
        """Canvas's own number of the student."""
        return self.who.get(NUMBER, "")

    @property
    def name(self) -> str:
        """`Lovelace, Ada`."""
        if "Student" in self.who:
            return _unquoted(self.who["Student"])
        return ", ".join(_unquoted(self.who.get(part, "")) for part in ("LastName", "FirstName"))

    @property
    def first_last(self) -> tuple[str, str]:
        last, comma, first = self.name.partition(",")
        if not comma:
            first, _, last = self.name.rpartition(" ")
        return first.strip(), last.strip()

    @property
    def is_student(self) -> bool:
        first = next(iter(self.who.values()), "")
        nobody = not any(self.who.values()) or _NO_STUDENT.fullmatch(first) is not None
        return not nobody and _POINTS not in first and self.name != TEST_STUDENT


class CanvasFile:
    """The table, line by line."""

    def __init__(self, table: Sequence[list[str]]):
        self.head = [title.strip() for title in table[0]]
        self.rows = table[1:]
        self.own = self.head[: self.head.index(LAST) + 1] if LAST in self.head else []

    @staticmethod
    def is_one(head: Sequence[str]) -> bool:
        """Are these the columns of a gradebook of Canvas?"""
        titles = {title.strip() for title in head}
        return {NUMBER, LOGIN, LAST} <= titles and ("Student" in titles or "LastName" in titles)

    @property
    def lines(self) -> Iterator[CanvasLine]:
        for row in self.rows:
            cells = [*row, *[""] * (len(self.head) - len(row))]
            who = zip(self.own, (cell.strip() for cell in cells), strict=False)
            yield CanvasLine(dict(who), cells)

    @cached_property
    def assignments(self) -> dict[str, str]:
        """The titles of the assignments by the titles of their columns."""
        found = {title: _ASSIGNMENT.fullmatch(title) for title in self.head[len(self.own) :]}
        return {title: match["title"] for title, match in found.items() if match}


def _unquoted(name: str) -> str:
    """Canvas writes a name that begins with `=` as `="name"`."""
    return name[2:-1] if name.startswith('="') and name.endswith('"') else name
