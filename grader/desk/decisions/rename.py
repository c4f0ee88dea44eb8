"""A student's id becomes another one, everywhere in the class's folder.

The line in `decisions.csv` is written first; then everything moves, one thing after the other, each whole or not at
all. A rename that was stopped is continued by the same command.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import tomllib
from nbgrader import api
from sqlalchemy import update

from grader.desk.collect.attempts import ATTEMPTS
from grader.desk.collect.senders import MAPPING
from grader.desk.collect.troubles import TROUBLES
from grader.desk.course.csv_files import csv_text, read_csv
from grader.desk.course.decisions import RENAME, Decision, Decisions, write_decisions
from grader.desk.course.facts import FACTS, Course
from grader.desk.course.roster import ROSTER, read_roster
from grader.desk.course.safe_names import unsafe_name
from grader.desk.decisions.decide import as_written, with_decision
from grader.desk.errors import DeskError
from grader.desk.feedback.no_page import KEPT
from grader.desk.feedback.pack import RETURNS
from grader.desk.files import write_atomically
from grader.desk.grade.run import only_one_grader
from grader.desk.gradebook.book import Book
from grader.desk.gradebook.retry import error_messages, retried
from grader.desk.report.last_report import LAST


@dataclass(frozen=True)
class Step:
    """Something that bears the old id, and how it gets the new one."""

    what: str
    do: Callable[[], object]


def rename(course: Course, old: str, new: str, line: Decision, *, dry_run: bool = False) -> list[str]:
    """Give `old` the id `new`, and the log its `line`; returns what bears the id.

    Raises `DeskError` before anything is changed.
    """
    _refuse(course, old, new, line)
    if dry_run:
        return [step.what for step in _steps(course, old, new)]
    with only_one_grader(course):
        now = as_written(course)
        if not _is_last(now.decisions, line):
            write_decisions(course.root, with_decision(now, line).decisions)
        steps = list(_steps(course, old, new))
        for step in steps:
            step.do()
    return [step.what for step in steps]


def renaming(old: str, new: str, why: str = "") -> Decision:
    """Its line in the log."""
    return Decision(RENAME, student=new, value=old, why=why)


def _is_last(decisions: Decisions, line: Decision) -> bool:
    """Was a run stopped after it had written this line? Then it is not written again."""
    last = decisions.log[-1] if decisions.log else None
    return last is not None and (last.what, last.student, last.value) == (line.what, line.student, line.value)


def _refuse(course: Course, old: str, new: str, line: Decision) -> None:
    wrong = unsafe_name(new) or (None if new and "/" not in new and not new.startswith((".", "-")) else "no folder")
    if wrong or new == old:
        raise DeskError(f"{new!r} cannot be the new id: {wrong or 'it is the old one'}.", "Choose another id.")
    if {old, new} <= {person.id for person in read_roster(course)}:
        raise DeskError(
            f"{ROSTER} has both {old!r} and {new!r}. Two students cannot be one.",
            f"If they are the same student, take the line of {old!r} out of it first.",
        )
    if not list(_steps(course, old, new)) and not _is_last(course.decisions, line):
        raise DeskError(f"There is no student {old!r} in {course.root}.", "Write the id that their folder has.")
    taken = [f"{theirs}" for mine, theirs in _places(course, old, new) if mine.exists() and theirs.exists()]
    with Book(course) as book:
        session = book.session
        both = [session.query(api.SubmittedAssignment).filter_by(student_id=who).count() for who in (old, new)]
        session.rollback()
    if taken or all(both):
        raise DeskError(
            f"{new!r} has work of their own: {', '.join(taken) or 'in the gradebook'}. Two students cannot be one.",
            "If that is the same student's, put what is right into one of the folders, and take the other away.",
        )


def _places(course: Course, old: str, new: str) -> Iterator[tuple[Path, Path]]:
    """Files and folders that are called by the id, with their new places."""
    for name in ("submitted", "autograded", "feedback", ATTEMPTS):
        yield course.root / name / old, course.root / name / new
    for week in course.weeks:
        results = course.desk_folder / "results" / week.folder
        yield results / old, results / new
        packed = course.root / RETURNS / week.folder
        yield packed / f"{old}.zip", packed / f"{new}.zip"


def _steps(course: Course, old: str, new: str) -> Iterator[Step]:
    """What is still to be done."""
    with Book(course) as book:
        known = book.session.get(api.Student, old) is not None
        book.session.rollback()
    if known:
        yield Step("the gradebook", partial(_in_gradebook, course, old, new))
    for place, target in _places(course, old, new):
        if place.exists() or place.is_symlink():
            yield Step(str(place.relative_to(course.root)), partial(os.rename, place, target))
    tables = {
        ROSTER: _roster(course, old, new),
        MAPPING: _cells(course.root / MAPPING, 1, old, new),
        TROUBLES: _cells(course.root / TROUBLES, 1, old, new),
        FACTS: _facts(course, old, new),
    }
    for name, text in tables.items():
        if text is not None:
            yield Step(name, partial(write_atomically, course.root / name, text, 0o600))
    for name in (KEPT, LAST):
        place = course.desk_folder / name
        text = _json(place, old, new)
        if text is not None:
            yield Step(f".grader/{name}", partial(write_atomically, place, text))


def _in_gradebook(course: Course, old: str, new: str) -> None:
    def change(book: Book) -> None:
        session = book.session
        try:
            before = session.get(api.Student, old)
            if session.get(api.Student, new) is None:
                same = {key: getattr(before, key) for key in ("first_name", "last_name", "email", "lms_user_id")}
                session.add(api.Student(id=new, **same))
                session.flush()
            rows = update(api.SubmittedAssignment).where(api.SubmittedAssignment.student_id == old)
            session.execute(rows.values(student_id=new))
            session.expire_all()
            session.delete(session.get(api.Student, old))
            session.commit()
        finally:
            session.rollback()

    with Book(course) as book, error_messages(book.url):
        retried(lambda: change(book))


def _roster(course: Course, old: str, new: str) -> str | None:
    """The roster with the id changed, the old one kept as a name that files may still come under."""
    people = {person.id for person in read_roster(course)}
    if old not in people or new in people:
        return None
    rows = read_csv(course.root / ROSTER)
    place = next((n for n, title in enumerate(rows[0]) if title.strip().casefold() == "also"), None)
    for row in rows[1:]:
        if old in (cell.strip() for cell in row):
            row[:] = [new if cell.strip() == old else cell for cell in row]
            if place is not None:
                row += [""] * (place + 1 - len(row))
                also = [one.strip() for one in (*row[place].split(";"), old)]
                row[place] = "; ".join(dict.fromkeys(one for one in also if one not in ("", new)))
    return csv_text(rows)


def _cells(place: Path, column: int, old: str, new: str) -> str | None:
    """A table of ours with the id changed in one column, where several may stand with `;` between them."""
    if not place.exists():
        return None
    rows = read_csv(place)
    changed = False
    for row in rows[1:]:
        named = [one.strip() for one in row[column].split(";")] if len(row) > column else []
        if old in named:
            row[column], changed = "; ".join(new if one == old else one for one in named), True
    return csv_text(rows) if changed else None


def _facts(course: Course, old: str, new: str) -> str | None:
    """`course.toml` with the headings of the student's extensions changed, the rest as it is."""
    place = course.root / FACTS
    text = place.read_text(encoding="utf-8-sig") if place.exists() else ""
    given = tomllib.loads(text).get("extensions", {})
    if old not in given:
        if old in course.extensions:
            raise DeskError(
                f"{course.repo / FACTS} gives {old!r} an extension, and belongs to every class.",
                f"Write it into {place} instead, then run the same command again.",
            )
        return None
    heading = re.compile(
        rf"""(?m)^(\s*\[\s*extensions\s*\.\s*)(?:"{re.escape(old)}"|'{re.escape(old)}'|{re.escape(old)})(\s*\])"""
    )
    changed = heading.sub(lambda found: f"{found[1]}{json.dumps(new, ensure_ascii=False)}{found[2]}", text)
    meant = {new if who == old else who: weeks for who, weeks in given.items()}
    if new in given or tomllib.loads(changed).get("extensions") != meant:
        raise DeskError(
            f"{place} gives {old!r} an extension, which cannot be renamed there.",
            f"Write {new!r} in its place by hand, then run the same command again.",
        )
    return changed


def _json(place: Path, old: str, new: str) -> str | None:
    """A file of ours in which ids are keys, alone or before a `/`."""
    try:
        kept = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    changed = _renamed_keys(kept, old, new)
    return None if changed == kept else json.dumps(changed, ensure_ascii=False, indent=1)


def _renamed_keys(kept: object, old: str, new: str) -> object:
    if not isinstance(kept, dict):
        return kept
    return {
        new if key == old else f"{new}/{key.removeprefix(f'{old}/')}" if key.startswith(f"{old}/") else key: (
            _renamed_keys(value, old, new)
        )
        for key, value in kept.items()
    }
