"""`grader feedback`: a page for every graded notebook, `feedback/<student>/<week>/<notebook>.html`.

Scores are read from the gradebook, so what a person changed in Formgrader is on the page. A page begins with a mark of
all it was made of; one whose mark is still right is left as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import cached_property
from pathlib import Path

from grader.checks.exercise.model_answers import ModelAnswer
from grader.desk.course.facts import Course, Week
from grader.desk.errors import DeskError
from grader.desk.exchange import make_returnable
from grader.desk.feedback.marks import Marks, marks_of
from grader.desk.feedback.no_page import remember
from grader.desk.feedback.opening import late_words
from grader.desk.feedback.page import Facts, page
from grader.desk.feedback.released import Sheet, sheet_of
from grader.desk.files import write_atomically
from grader.desk.grade.results import Store
from grader.desk.gradebook.book import Book
from grader.desk.gradebook.late_days import Settled
from grader.desk.gradebook.lateness import settle_lateness, settled
from grader.judge.authoring.models import models_of
from grader.judge.bounds import PAGE_SECONDS, bounded

MAX_REASON = 300  # characters of an error that are told
PAGE_MB = 700


@dataclass
class Written:
    """The pages that are there now, how many of them were made anew and whose, and notebooks that cannot be shown."""

    pages: list[Path] = field(default_factory=list)
    made: int = 0
    whose: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Wanted:
    """A page and the graded notebook that it shows."""

    student: str
    week: Week
    notebook: str
    path: Path
    page: Path


class Pages:
    """The pages of some weeks of a class, and what they are made of."""

    def __init__(self, course: Course, book: Book, weeks: Iterable[Week], students: Iterable[str] = ()):
        self.course, self.book, self.weeks = course, book, list(weeks)
        self.students = frozenset(students)
        self._store = Store(course.desk_folder)
        self._sheets: dict[tuple[str, str], Sheet] = {}
        self._known_models: dict[tuple[str, str], dict[str, ModelAnswer]] = {}

    @cached_property
    def marks(self) -> dict[str, dict[tuple[str, str], Marks]]:
        only = next(iter(self.students)) if len(self.students) == 1 else None
        return {week.folder: marks_of(self.book, week.folder, only) for week in self.weeks}

    @cached_property
    def late(self) -> dict[str, dict[str, Settled]]:
        return settled(self.book)

    def wanted(self) -> Iterator[Wanted]:
        """Every graded notebook that the gradebook knows, by week and student."""
        for week in self.weeks:
            names = self.book.notebooks(week.folder)
            known = {who for who, _ in self.marks[week.folder]}
            for who in sorted(known & self.students if self.students else known):
                for name in names:
                    path = self.course.step("autograded", who, week.folder, f"{name}.ipynb")
                    if path.is_file():
                        place = self.course.step("feedback", who, week.folder, f"{name}.html")
                        yield Wanted(who, week, name, path, place)

    def facts(self, one: Wanted) -> Facts:
        """What its page is made of. Raises OSError or ValueError where something of it cannot be read."""
        key = one.week.folder, one.notebook
        if key not in self._sheets:
            self._sheets[key] = sheet_of(self.course, one.week, one.notebook)
        marks = self.marks[one.week.folder][one.student, one.notebook]
        kept = self._store.load(one.week.folder, one.student, one.notebook)
        weeks = self.late.get(one.student, {})
        spent = sum(week.spent for week in weeks.values())
        given = self.course.decisions.bonus(one.week.folder).get(one.student, ())
        late = late_words(weeks.get(one.week.folder), marks.penalty, self.course.late, spent)
        late = " ".join(filter(None, [late, *(bonus.for_students for bonus in given)]))
        made_from = one.path.read_bytes(), kept.place.read_bytes() if kept else b""
        return Facts(self._sheets[key], marks, late, *made_from, self._models(one.week, self._sheets[key]))

    def _models(self, week: Week, sheet: Sheet) -> dict[str, ModelAnswer]:
        """The model answers that a page may show now, by the graded cell."""
        if week.model_answers is None or datetime.now(timezone.utc) < week.model_answers:
            return {}
        key = week.folder, sheet.notebook.name
        if key not in self._known_models:
            self._known_models[key] = models_of(self.course.repo, *key)
        owners = {grade_id: asked.owner for grade_id, asked in sheet.asked.items()}
        known = self._known_models[key]
        return {grade_id: known[owner] for grade_id, owner in owners.items() if owner in known}


def feedback(
    course: Course,
    weeks: list[Week],
    students: tuple[str, ...] = (),
    *,
    seen: Callable[[Path], None] = lambda page: None,
    counted: Callable[[int], None] = lambda total: None,
) -> Written:
    """Bring the pages of `weeks`, or only those of `students`, up to date."""
    with Book(course) as book:
        settle_lateness(book)
        pages = Pages(course, book, weeks, students)
        wanted, _ = _some(pages), pages.late
    counted(len(wanted))
    written = Written()
    failed: dict[Path, str] = {}
    for one in wanted:
        try:
            with bounded(PAGE_SECONDS, PAGE_MB):
                made = _bring_up_to_date(pages, one)
                written.made += made
                written.whose |= {one.student} if made else set()
            written.pages.append(one.page)
        except Exception as error:  # whatever this one notebook holds: everyone else's page is made
            told = " ".join(str(error).split())[:MAX_REASON]
            written.problems.append(f"{one.path}: {type(error).__name__}: {told}")
            failed[one.path] = f"no page: {type(error).__name__}: {told}"
        seen(one.page)
    make_returnable(course, written.pages)
    remember(course, [one.path for one in wanted], failed)
    return written


def _bring_up_to_date(pages: Pages, one: Wanted) -> bool:
    """Write the page if it is not what its facts make; was it written?"""
    facts = pages.facts(one)
    if _begins_with(one.page, facts.mark):
        return False
    write_atomically(one.page, page(facts))
    return True


def _begins_with(page: Path, mark: str) -> bool:
    try:
        with page.open("rb") as file:
            return file.read(len(mark)) == mark.encode()
    except OSError:
        return False


def stale_pages(course: Course, book: Book, weeks: Iterable[Week], students: Iterable[str]) -> list[Path]:
    """The pages of `students` that are there and are not what `feedback` would make today."""
    students = set(students) - {""}
    written = [week for week in weeks if any(course.step("feedback", who, week.folder).is_dir() for who in students)]
    pages, found = Pages(course, book, written, students), []
    for one in pages.wanted() if written else ():
        try:
            if one.page.exists() and not _begins_with(one.page, pages.facts(one).mark):
                found.append(one.page)
        except (OSError, ValueError, KeyError, TypeError):
            found.append(one.page)  # nothing can be said of it but that it is not made of what is there
    return found


def pages_to_write(course: Course, weeks: list[Week], students: tuple[str, ...] = ()) -> list[Path]:
    """The pages that `feedback` would look at. Raises `DeskError` when nothing has been graded."""
    with Book(course) as book:
        return [one.page for one in _some(Pages(course, book, weeks, students))]


def _some(pages: Pages) -> list[Wanted]:
    wanted = list(pages.wanted())
    if not wanted:
        who = f" of {', '.join(sorted(pages.students))}" if pages.students else ""
        raise DeskError(f"Nothing{who} has been graded in {pages.course.root}.", "Run `grader grade` first.")
    return wanted


def page_of(course: Course, student: str, week: Week, notebook: str) -> str:
    """One page as it is now."""
    with Book(course) as book:
        pages = Pages(course, book, [week], [student])
        return page(pages.facts(next(one for one in pages.wanted() if one.notebook == notebook)))
