"""Whose mark is another than before, by how much, and why: after a grading, a decision, a release, a report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from grader.desk.course.facts import Week
from grader.desk.gradebook.book import Book
from grader.desk.gradebook.cell_kinds import Kind, kinds_of
from grader.desk.gradebook.lateness import lateness_of, settled
from grader.desk.gradebook.score import Score

SMALLEST = 1e-9

Scores = Mapping[str, Mapping[str, Mapping[str, Score]]]


@dataclass(frozen=True)
class Moved:
    """An exercise whose points are others; `kind` is points, bonus or practice."""

    student: str
    week: str
    notebook: str
    exercise: str
    kind: str
    before: float
    after: float


@dataclass(frozen=True)
class Shift:
    """The mark of one week that is another than it was. `why`: what of it moved, each from what to what."""

    student: str
    week: str
    before: float
    after: float
    why: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.student} {self.week}: {_number(self.before)} → {_number(self.after)} ({'; '.join(self.why)})"


@dataclass(frozen=True)
class Marks:
    """What decides the marks of a week: scores, penalties by student, bonus that was given, kinds of cells."""

    week: str
    scores: Scores
    penalties: Mapping[str, float]
    given: Mapping[str, float]
    kinds: Mapping[tuple[str, str], Kind]

    @property
    def waiting(self) -> int:
        """The answers that wait for a person."""
        return sum(cell.needs_person for _, _, cells in self._notebooks() for cell in cells.values())

    def mark(self, student: str) -> float:
        """Points and bonus, less what lateness costs; practice counts for nothing."""
        counted = sum(
            score.points
            for notebook, cells in self.scores.get(student, {}).items()
            for cell, score in cells.items()
            if self.kind(notebook, cell) != "practice"
        )
        return max(0.0, counted + self.given.get(student, 0.0) - self.penalties.get(student, 0.0))

    def kind(self, notebook: str, cell: str) -> str:
        return self.kinds[notebook, cell].kind if (notebook, cell) in self.kinds else "points"

    def _notebooks(self) -> Iterator[tuple[str, str, Mapping[str, Score]]]:
        for student, notebooks in self.scores.items():
            for notebook, cells in notebooks.items():
                yield student, notebook, cells


def marks_of(book: Book, weeks: Iterable[Week], *, as_settled: bool = False) -> dict[str, Marks]:
    """The marks as the gradebook has them, by week.

    With `as_settled` lateness is what the course says of it now, whatever was written.
    """
    rules = settled(book) if as_settled and lateness_of(book) else None
    found = {}
    for week in weeks:
        if not book.course.step("source", week.folder).is_dir():
            continue
        penalties = (
            book.penalties(week.folder)
            if rules is None
            else {who: of[week.folder].penalty for who, of in rules.items() if week.folder in of}
        )
        bonus = book.course.decisions.bonus(week.folder)
        given = {who: sum(one.points for one in some) for who, some in bonus.items()}
        kinds = kinds_of(book.course, week, book)
        found[week.folder] = Marks(week.folder, book.scores(week.folder), penalties, given, kinds)
    return found


def moved_cells(before: Marks, after: Marks, student: str) -> list[Moved]:
    """The exercises of one student whose points are others; what was not graded before has not moved."""
    found = []
    for notebook, cells in before.scores.get(student, {}).items():
        for cell, was in cells.items():
            now = after.scores.get(student, {}).get(notebook, {}).get(cell)
            if now is not None and abs(now.points - was.points) > SMALLEST:
                exercise, kind = cell.removeprefix("test_"), after.kind(notebook, cell)
                found.append(Moved(student, before.week, notebook, exercise, kind, was.points, now.points))
    return found


def shifts(before: Mapping[str, Marks], after: Mapping[str, Marks]) -> list[Shift]:
    """Everyone's marks that moved, by student and week; who was graded for the first time is no news."""
    found = []
    for week, now in after.items():
        was = before.get(week)
        for student in was.scores if was else ():
            assert was is not None
            one, other = was.mark(student), now.mark(student)
            if abs(one - other) > SMALLEST:
                found.append(Shift(student, week, one, other, tuple(_reasons(was, now, student))))
    return sorted(found, key=lambda shift: (shift.student, shift.week))


def _reasons(before: Marks, after: Marks, student: str) -> Iterator[str]:
    for one in moved_cells(before, after, student):
        if one.kind != "practice":
            yield f"{one.exercise} {_number(one.before)} → {_number(one.after)}"
    for what, was, now in (
        ("bonus given", before.given, after.given),
        ("taken off for lateness", before.penalties, after.penalties),
    ):
        one_was, one_now = was.get(student, 0.0), now.get(student, 0.0)
        if abs(one_was - one_now) > SMALLEST:
            yield f"{what} {_number(one_was)} → {_number(one_now)}"


def _number(value: float) -> str:
    return f"{round(value, 4) + 0.0:g}"
