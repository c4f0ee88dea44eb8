"""`collected.csv`: what collecting could not take in as a whole, one line a submission, until a person has looked.

Collecting a student again replaces the line, or takes it away when all is well; a person deletes a line that is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from grader.desk.course.csv_files import csv_text, read_csv
from grader.desk.files import write_atomically

TROUBLES = "collected.csv"


def read_troubles(root: Path) -> list[tuple[str, str, str]]:
    """`(week, student or file, what)` of every line."""
    place = root / TROUBLES
    rows = read_csv(place)[1:] if place.exists() else []
    return [(row[0], row[1], row[2]) for row in rows if len(row) > 2]


def write_troubles(root: Path, week: str, seen: Iterable[str], lines: Mapping[str, str]) -> None:
    """Replace the lines of `week` about those `seen` by `lines`."""
    seen, before = set(seen), read_troubles(root)
    kept = [row for row in before if row[0] != week or row[1].removeprefix("'") not in seen]
    rows = sorted({*kept, *((week, label, text) for label, text in lines.items())})
    if rows != before:
        head = ("week", "student", "what (delete a line that is done)")
        write_atomically(root / TROUBLES, csv_text([head, *rows]))
