"""What an instructor has decided about marks: `decisions.csv` of the class's folder, a line each.

Marks are computed from it each time, beside the gradebook, so a decision survives every regrading and is undone
without a trace in the scores. Lines are only ever added: one is taken back by another one that says so.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

from grader.desk.course.csv_files import csv_text, read_csv
from grader.desk.course.deadlines import Extension
from grader.desk.course.names import NoSuchWeek, week_called
from grader.desk.errors import DeskError
from grader.desk.files import write_atomically

DECISIONS = "decisions.csv"
HEAD = ("number", "when", "what", "student", "week", "exercise", "value", "why")
FULL, OUT, READ = "full points", "taken out", "waived"
EXTENSION, BONUS, RENAME, UNDO = "extension", "bonus", "rename", "undo"
# What each kind of line cannot do without.
NEEDS = {
    FULL: ("week", "exercise"),
    OUT: ("week", "exercise"),
    READ: ("week",),
    EXTENSION: ("student", "week", "value"),
    BONUS: ("student", "week", "value"),
    RENAME: ("student", "value"),
    UNDO: ("value",),
}
MOST_DAYS = 400


@dataclass(frozen=True)
class Decision:
    """One line. `what` is one of `NEEDS`; `student` is empty for everybody, and of a rename the new id.

    `exercise` is `notebook/grade_id`; a waiver without one is about all answers of the week that are worth no points.
    `value`: the points of a bonus or of a waived answer, an extension's days or moment, the old id of a rename, the
    number of the line that is taken back.
    """

    what: str
    student: str = ""
    week: str = ""
    exercise: str = ""
    value: str = ""
    why: str = ""
    number: int = 0
    when: str = ""

    @property
    def points(self) -> float:
        """The value as a number; a spreadsheet may have written it with a comma."""
        return float(self.value.replace(",", ".") or 0)

    @property
    def extension(self) -> Extension:
        return int(self.value) if self.value.isdigit() else datetime.fromisoformat(self.value)

    @property
    def subject(self) -> tuple[str, str, str]:
        """Whom and what it is about."""
        return (self.student, self.week, self.exercise)

    @property
    def name(self) -> str:
        """The exercise as people call it."""
        return self.exercise.rpartition("/")[2].removeprefix("test_")

    def __str__(self) -> str:
        """The decision as a sentence for the instructor, without its reason."""
        where = "/".join(filter(None, (self.week, self.exercise.rpartition("/")[0], self.name)))
        match self.what:
            case "full points":
                return f"full points for everyone in {where}"
            case "taken out":
                return f"{where} is taken out of the sum"
            case "waived":
                whose = f"the answer of {self.student}" if self.student else "unread answers"
                worth = f"they count {self.points:g}" if not self.student else f"it counts {self.points:g}"
                about = f"to {where}" if self.exercise else f"of {where} that are worth no points"
                return f"{whose} {about} need not be read" + (f"; {worth}" if self.points else "")
            case "extension":
                more = f"{self.value} days more" if self.value.isdigit() else f"until {self.value}"
                return f"{self.student} has {more} for {where}"
            case "bonus":
                return f"{self.points:g} bonus points for {self.student} in {where}"
            case "rename":
                return f"{self.value} is now called {self.student}"
        return f"line {self.value} is taken back"

    @property
    def for_students(self) -> str:
        """The same on a student's page, with its reason."""
        match self.what:
            case "full points":
                said = "everyone gets full points for this exercise"
            case "taken out":
                said = "this exercise counts for nobody"
            case "waived":
                said = f"this answer is not read, and counts {self.points:g}"
            case _:
                said = f"you get {self.points:g} bonus points for this week"
        return f"Decided by your instructor: {said}{f' ({self.why})' if self.why else ''}."


@dataclass(frozen=True)
class Decisions:
    """The log of a class, and what of it stands."""

    log: tuple[Decision, ...] = ()

    @cached_property
    def standing(self) -> tuple[Decision, ...]:
        """What is not taken back, under the ids that students have now."""
        found: list[Decision] = []
        for line in self.log:
            if line.what == UNDO:
                taken_back = [one for one in found if one.number == int(line.value)]
                found = [one for one in found if one not in taken_back]
                for one in taken_back:
                    if one.what == RENAME:
                        found = [_renamed(other, one.student, one.value) for other in found]
                continue
            if line.what == RENAME:
                found = [_renamed(one, line.value, line.student) for one in found]
            found.append(line)
        return tuple(found)

    def repeated(self, line: Decision) -> Decision | None:
        """The decision that stands and says what `line` would say. A bonus is another one each time."""
        kinds = (FULL, OUT) if line.what in (FULL, OUT) else (line.what,)
        about = [one for one in self.standing if one.what in kinds and one.subject == line.subject]
        same = about and (about[-1].what, about[-1].value) == (line.what, line.value)
        return about[-1] if same and line.what != BONUS and line.why in ("", about[-1].why) else None

    def plus(self, decision: Decision, when: str = "") -> Decisions:
        number = max((one.number for one in self.log), default=0) + 1
        return Decisions((*self.log, replace(decision, number=number, when=when)))

    def extension(self, student: str, week: str) -> Extension | None:
        """The last one that was given."""
        given = [one for one in self.standing if (one.what, one.student, one.week) == (EXTENSION, student, week)]
        return given[-1].extension if given else None

    def extended(self) -> set[str]:
        """Students who were given an extension."""
        return {one.student for one in self.standing if one.what == EXTENSION}

    def bonus(self, week: str) -> dict[str, list[Decision]]:
        """By student."""
        found: dict[str, list[Decision]] = {}
        for one in self.standing:
            if (one.what, one.week) == (BONUS, week):
                found.setdefault(one.student, []).append(one)
        return found

    def about_scores(self, week: str) -> list[Decision]:
        """Those that change what cells of the week count."""
        return [one for one in self.standing if one.week == week and one.what in (FULL, OUT, READ)]


def _renamed(one: Decision, old: str, new: str) -> Decision:
    return replace(one, student=new) if one.student == old and one.what != RENAME else one


def ruling(
    about: Iterable[Decision], student: str, exercise: str, *, most: float, waits: bool, scored: bool
) -> Decision | None:
    """Which of the decisions about a week says what this cell counts; the last one wins, a drop over a waiver.

    A waiver is about an answer that waits, and is nothing against a score that a person has given.
    """
    found = None
    for one in about:
        if one.what in (FULL, OUT):
            if one.exercise == exercise:
                found = one
        elif waits and one.student in ("", student) and (not scored or not most):
            covers = one.exercise == exercise if one.exercise else not most
            if covers and (found is None or found.what == READ):
                found = one
    return found


def read_decisions(root: Path, weeks: Sequence[str]) -> Decisions:
    """The log in the class's folder, as a spreadsheet may have saved it; empty without one.

    Columns are known by their titles, lines by their numbers, in whichever order; `weeks` are the course's folders.
    Raises `DeskError` that names the line.
    """
    place = root / DECISIONS
    rows = read_csv(place) if place.exists() else []
    if not rows:
        return Decisions()
    titles = [title.strip().casefold() for title in rows[0]]
    missing = [title for title in HEAD if title not in titles]
    if missing:
        raise DeskError(f"{place}, line 1: there is no column {', '.join(missing)}.", f"Titles: {','.join(HEAD)}")
    found: dict[int, Decision] = {}
    for number, row in enumerate(rows[1:], start=2):
        cells = dict(zip(titles, [cell.strip() for cell in (*row, *[""] * len(titles))], strict=False))
        if any(cells.values()):
            _put(found, cells, weeks, f"{place}, line {number}")
    return Decisions(tuple(found[number] for number in sorted(found)))


def _put(found: dict[int, Decision], cells: Mapping[str, str], weeks: Sequence[str], where: str) -> None:
    try:
        one = Decision(**{key: cells[key] for key in HEAD[1:]}, number=int(cells["number"]))
        one = replace(one, week=week_called(one.week, weeks)) if one.week else one
        if one.number in found:
            raise ValueError(f"number {one.number} is there twice")
        _check(one)
    except (ValueError, OverflowError, NoSuchWeek) as error:
        raise DeskError(
            f"{where}: {str(error).removesuffix('.')}.",
            "Put the line back as it was. Commands write this file: `grader undo` takes back.",
        ) from None
    found[one.number] = one


def _check(one: Decision) -> None:
    """Raise `ValueError` that says what a line lacks or has too much of."""
    if one.what not in NEEDS:
        raise ValueError(f"{one.what!r} is no decision; known are {', '.join(NEEDS)}")
    lacking = [key for key in NEEDS[one.what] if not getattr(one, key)]
    if lacking:
        raise ValueError(f"{one.what!r} says no {lacking[0]}; is the line whole?")
    match one.what:
        case "extension":
            given = one.extension
            if isinstance(given, int) and not 0 < given <= MOST_DAYS:
                raise ValueError(f"an extension has 1 to {MOST_DAYS} days, not {given}")
        case "undo":
            if not 0 < int(one.value) < one.number:
                raise ValueError(f"{one.value} is the number of no line above")
        case "bonus" | "waived":
            if not math.isfinite(one.points) or one.points < 0 or (one.what == BONUS and not one.points):
                raise ValueError(f"{one.value} is no number of points to be given")


def write_decisions(root: Path, decisions: Decisions) -> None:
    write_atomically(
        root / DECISIONS, csv_text([HEAD, *([getattr(one, key) for key in HEAD] for one in decisions.log)])
    )
