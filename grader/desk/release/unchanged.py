"""Which weeks are released already just as they would be: nbgrader is not asked to lock and enter these again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import timezone
from importlib.metadata import version
from pathlib import Path

from grader.desk.addresses import sqlite_file
from grader.desk.course.facts import Course, Week
from grader.desk.files import digest, write_atomically
from grader.desk.gradebook.book import Book
from grader.desk.gradebook.nbgrader_settings import CONFIG, address_of
from grader.desk.gradebook.rows import moment
from grader.desk.nbgrader import configure

MARKS = "released.json"


def is_released(course: Course, week: Week, new: Path) -> bool:
    """Is what nbgrader would make of the folder `new` there, files and gradebook, and was it made by the same?"""
    return _marks(course).get(week.folder) == _mark(course, week, new) and _is_entered(course, week)


def note(course: Course, week: Week) -> None:
    """To be called once `source/` and `release/` hold the week."""
    marks = {**_marks(course), week.folder: _mark(course, week, course.step("source", week.folder))}
    write_atomically(course.desk_folder / MARKS, json.dumps(marks, indent=1))


def _marks(course: Course) -> Mapping[str, str]:
    try:
        return dict(json.loads((course.desk_folder / MARKS).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def _mark(course: Course, week: Week, new: Path) -> str:
    """Of the week's folder as it goes in and as nbgrader made it, of nbgrader, and of what it is told."""
    settings = course.root / CONFIG
    return digest(
        version("nbgrader"),
        Path(configure.__file__).read_bytes(),
        settings.read_bytes() if settings.exists() else "",
        *_parts(new),
        "source",
        *_parts(course.step("source", week.folder)),
        "release",
        *_parts(course.step("release", week.folder)),
    )


def _parts(folder: Path) -> Iterator[str | bytes]:
    """Names and bytes of all files."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix()
            yield path.read_bytes()


def _is_entered(course: Course, week: Week) -> bool:
    """Does the gradebook hold the cells of the released notebooks, with their points, and the deadline?"""
    place = sqlite_file(address_of(course))
    if place and not place.exists():
        return False
    with Book(course, new_too=True) as book:
        rows = book.rows("select duedate from assignment where name = :week", week=week.folder)
        due = week.deadline.astimezone(timezone.utc).replace(tzinfo=None) if week.deadline else None
        if not rows or (due and moment(rows[0][0]) != due):
            return False
        return _cells(course, week) == {
            name: (dict(layout.points), dict(layout.checksums)) for name, layout in book.layouts(week.folder).items()
        }


def _cells(course: Course, week: Week) -> dict[str, tuple[dict, dict]]:
    """Points of graded cells and checksums of all that nbgrader knows, by notebook."""
    found = {}
    for path in course.step("release", week.folder).glob("*.ipynb"):
        cells = json.loads(path.read_bytes())["cells"]
        marks = [cell["metadata"]["nbgrader"] for cell in cells if cell["metadata"].get("nbgrader")]
        points = {mark["grade_id"]: mark["points"] for mark in marks if mark.get("grade")}
        found[path.stem] = points, {mark["grade_id"]: mark.get("checksum") for mark in marks}
    return found
