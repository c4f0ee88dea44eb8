"""`collected.csv`: what collecting could not take in as a whole, one line a submission, until a person has looked.

A line is replaced, or goes when all is well, when its student is collected again or what it was read from is read
again; a person deletes one that is done.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.desk.course.csv_files import csv_text, read_csv
from grader.desk.files import write_atomically

TROUBLES = "collected.csv"
_HEAD = ("week", "student", "what (delete a line that is done)", "from")


@dataclass(frozen=True)
class Line:
    """`label` is the student, or the file of which nobody knows whose it is; `sources` what was read then."""

    week: str
    label: str
    what: str
    sources: tuple[str, ...] = ()


def read_troubles(root: Path) -> list[Line]:
    place = root / TROUBLES
    rows = read_csv(place)[1:] if place.exists() else []
    found = [(*row, "") for row in rows if len(row) > 2]
    return [Line(row[0], row[1], row[2], tuple(filter(None, row[3].split("; ")))) for row in found]


def still_open(root: Path, week: str, seen: Collection[str], sources: Collection[str]) -> list[Line]:
    """The lines that stay when those `seen` were collected for `week`, and all of `sources` was read."""
    return [
        line
        for line in read_troubles(root)
        if line.week != week
        or not (line.label.removeprefix("'") in seen or (line.sources and set(line.sources) <= set(sources)))
    ]


def write_troubles(
    root: Path, week: str, seen: Collection[str], sources: Collection[str], lines: Mapping[str, tuple[str, set[str]]]
) -> None:
    """Replace the lines of `week` by `lines`: by label what is wrong and what it was read from."""
    new = [Line(week, label, text, tuple(sorted(read))) for label, (text, read) in lines.items()]
    kept = still_open(root, week, {*seen, *lines}, sources)
    after = sorted({*kept, *new}, key=lambda line: (line.week, line.label, line.what))
    if after != read_troubles(root):
        rows = [(line.week, line.label, line.what, "; ".join(line.sources)) for line in after]
        write_atomically(root / TROUBLES, csv_text([_HEAD, *rows]))
