"""What an instructor has decided about marks: `decisions.csv` of the class's folder, a line each.

Marks are computed from it each time, beside the gradebook, so a decision survives every regrading and is undone
without a trace in the scores. Lines are only ever added: one is taken back by another one that says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

from grader.desk.course.csv_files import csv_text, read_csv
from grader.desk.course.deadlines import Extension
from grader.desk.errors import DeskError
from grader.desk.files import write_atomically

DECISIONS = "decisions.csv"
HEAD = ("number", "when", "what", "student", "week", "exercise", "value", "why")
FULL, OUT, READ = "full points", "taken out", "waived"
EXTENSION, BONUS, RENAME, UNDO = "extension", "bonus", "rename", "undo"
KINDS = (FULL, OUT, READ, EXTENSION, BONUS, RENAME, UNDO)
NUMBERED = (BONUS, UNDO)


@dataclass(frozen=True)
class Decision:
    """One line. `what` is one of `KINDS`; `student` is empty for everybody, and of a rename the new id.

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
        return float(self.value or 0)

    @property
    def extension(self) -> Extension:
        return int(self.value) if self.value.isdigit() else datetime.fromisoformat(self.value)

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
                taken_back = [one for one in found if one.number == int(line.points)]
                found = [one for one in found if one not in taken_back]
                for one in taken_back:
                    if one.what == RENAME:
                        found = [_renamed(other, one.student, one.value) for other in found]
                continue
            if line.what == RENAME:
                found = [_renamed(one, line.value, line.student) for one in found]
            found.append(line)
        return tuple(found)

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


def read_decisions(root: Path) -> Decisions:
    """The log in the class's folder; empty without one. Raises `DeskError` that names the line."""
    place = root / DECISIONS
    if not place.exists():
        return Decisions()
    lines = [
        _line(row, f"{place}, line {number}") for number, row in enumerate(read_csv(place)[1:], start=2) if any(row)
    ]
    return Decisions(tuple(lines))


def _line(row: list[str], where: str) -> Decision:
    cells = dict(zip(HEAD, [*row, *[""] * len(HEAD)], strict=False))
    number = cells.pop("number")
    try:
        one = Decision(**cells, number=int(number))
        if one.what not in KINDS:
            raise ValueError(f"{one.what!r} is no decision; known are {', '.join(KINDS)}")
        _ = one.extension if one.what == EXTENSION else one.points if one.what in (*NUMBERED, READ) else None
    except ValueError as error:
        raise DeskError(
            f"{where}: {error}.", "Put the line back as it was. Commands write this file: `grader undo` takes back."
        ) from None
    return one


def write_decisions(root: Path, decisions: Decisions) -> None:
    write_atomically(
        root / DECISIONS, csv_text([HEAD, *([getattr(one, key) for key in HEAD] for one in decisions.log)])
    )
