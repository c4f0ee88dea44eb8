"""One decision: what it would move is worked out first, then its line is written and lateness is settled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from grader.desk.course.decisions import DECISIONS, RENAME, UNDO, Decision, Decisions, read_decisions, write_decisions
from grader.desk.course.exercise_points import names_of
from grader.desk.course.facts import Course, Week
from grader.desk.course.names import did_you_mean, nearest
from grader.desk.course.roster import handed_in, read_roster
from grader.desk.errors import DeskError
from grader.desk.feedback.feedback import stale_pages
from grader.desk.grade.run import only_one_grader
from grader.desk.gradebook.book import Book
from grader.desk.gradebook.cell_kinds import kinds_of
from grader.desk.gradebook.lateness import settle_lateness
from grader.desk.gradebook.moves import Marks, Shift, marks_of, shifts


@dataclass(frozen=True)
class Decided:
    """What a decision does: its line, whose marks move, how many answers wait no longer, pages that are stale."""

    decision: Decision
    moved: list[Shift] = field(default_factory=list)
    read: int = 0
    stale: list[Path] = field(default_factory=list)


def decide(course: Course, decision: Decision, *, dry_run: bool = False) -> Decided:
    """Add a line to the log."""
    if dry_run:
        after = with_decision(course, decision)
        with Book(course) as old, Book(after) as book:
            return _decided(_marks(old), _marks(book), after)
    with only_one_grader(course):
        with Book(course) as old:
            before = _marks(old)
        after = with_decision(as_written(course), decision)
        write_decisions(course.root, after.decisions)
        with Book(after) as book:
            settle_lateness(book)
            done = _decided(before, _marks(book), after)
            return replace(done, stale=_stale(book, decision, done.moved))


def _stale(book: Book, decision: Decision, moved: Iterable[Shift]) -> list[Path]:
    """Pages that tell less than this decision. One about everybody concerns the whole week."""
    weeks = {decision.week, *(one.week for one in moved)}
    people = {decision.student, *(one.student for one in moved)}
    if not decision.student:
        people |= book.scores(decision.week).keys()
    return stale_pages(book.course, book, [week for week in book.course.weeks if week.folder in weeks], people)


def as_written(course: Course) -> Course:
    """The class with the log as it is now."""
    return replace(course, decisions=read_decisions(course.root, [week.folder for week in course.weeks]))


def with_decision(course: Course, decision: Decision) -> Course:
    """The class as it is with one line more."""
    when = datetime.now(course.zone).isoformat(sep=" ", timespec="seconds")
    return replace(course, decisions=course.decisions.plus(decision, when))


def _marks(book: Book) -> dict[str, Marks]:
    return marks_of(book, book.course.weeks, as_settled=True)


def _decided(before: dict[str, Marks], after: dict[str, Marks], course: Course) -> Decided:
    waited, waiting = (sum(one.waiting for one in marks.values()) for marks in (before, after))
    return Decided(course.decisions.log[-1], shifts(before, after), waited - waiting)


def line_to_take_back(decisions: Decisions, number: int) -> Decision:
    """The line of that number, if it stands; or if it is a rename of which taking back was stopped.

    A rename waits for later ones of the same ids: they may be another student's by now.
    """
    last = decisions.log[-1] if decisions.log else Decision("")
    stopped = int(last.value) if last.what == UNDO else 0
    renames = [one for one in decisions.log if one.what == RENAME and one.number == stopped]
    for one in (*decisions.standing, *renames):
        if one.number == number:
            _refuse_before_later(decisions, one)
            return one
    known = ", ".join(str(one.number) for one in decisions.standing) or "none"
    raise DeskError(f"No line {number} of {DECISIONS} stands.", f"Those that do: {known}.")


def _refuse_before_later(decisions: Decisions, line: Decision) -> None:
    for one in reversed(decisions.standing if line.what == RENAME else ()):
        shared = {one.student, one.value} & {line.student, line.value}
        if one.what == RENAME and one.number > line.number and shared:
            raise DeskError(f"Line {one.number} came later: {one}.", f"Take that back first: grader undo {one.number}")


def the_exercise(course: Course, week: Week, written: str) -> tuple[str, float]:
    """`notebook/grade_id` of an exercise, called as reports call it, and the points to be had for it."""
    with Book(course) as book:
        cells = kinds_of(course, week, book) if course.step("source", week.folder).is_dir() else {}
    if not cells:
        raise DeskError(f"{week.folder} has not been released in {course.root}.", f"grader release {week.folder}")
    names: dict[str, list[tuple[str, float]]] = {}
    for (notebook, grade_id), kind in cells.items():
        for name in names_of(notebook, grade_id):
            names.setdefault(name, []).append((f"{notebook}/{grade_id}", kind.most))
    found = names.get(written, [])
    if len(found) == 1:
        return found[0]
    if found:
        which = " or ".join(one.replace("/test_", "/") for one, _ in found)
        raise DeskError(f"{week.folder} has several exercises {written!r}.", f"Write {which}.")
    raise DeskError(
        f"{week.folder} has no graded exercise {written!r}.{did_you_mean(nearest(written, names))}",
        f"Its exercises: {', '.join(dict.fromkeys(cell.removeprefix('test_') for _, cell in cells))}.",
    )


def the_student(course: Course, written: str, known: Iterable[str] = ()) -> str:
    """An id that is in the roster, in `submitted/` or `known`."""
    people = {*known, *(person.id for person in read_roster(course)), *handed_in(course.root)}
    if written not in people:
        raise DeskError(f"There is no student {written!r}.{did_you_mean(nearest(written, people))}", "Write their id.")
    return written


def last_graded_week(course: Course, student: str, chosen: Week | None = None) -> Week:
    """The last week in which the student was graded, or the `chosen` one, if so."""
    weeks = [chosen] if chosen else list(reversed(course.weeks))
    with Book(course) as book:
        for week in weeks:
            if student in book.scores(week.folder, student):
                return week
    where = chosen.folder if chosen else "any week"
    raise DeskError(f"Nothing of {student} has been graded in {where}.", "Points are added to a week with a grade.")
