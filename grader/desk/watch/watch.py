"""`grader watch`: what arrives is collected, graded, and answered by a page, as it comes.

A round is what a person would type: collect, grade, feedback. It is made whenever something has changed, and what it
leaves undone, because it was stopped or something failed, is found undone by the next one: `verdicts.csv` in `.grader/`
only counts. How many verdicts a student may have in a day is said in `course.toml`; work beyond that is collected, and
graded on the next day.
"""

from __future__ import annotations

import csv
import signal
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from grader.desk.collect.senders import MAPPING
from grader.desk.collect.submissions import Work
from grader.desk.course.facts import FACTS, Course, Week, load_course
from grader.desk.course.roster import ROSTER
from grader.desk.errors import DeskError
from grader.desk.feedback.feedback import feedback
from grader.desk.files import digest
from grader.desk.grade.plan import works_to_grade
from grader.desk.grade.run import AnotherGrader, Graded, grade
from grader.desk.watch.arrivals import Arrivals

VERDICTS = "verdicts.csv"
HEAD = ("day", "week", "student", "works")  # day: nothing where the same work was judged again
UNJUDGED = {"missing", "broken", "empty"}  # what could not be read has told nothing of a test, and is no verdict
SETTLED_SECONDS = 2.0  # what has not changed for so long is no longer being written
LOOKS = 5  # so many times that is waited for; in a large class something always comes


@dataclass
class Watch:
    """One class's week, watched. `say` is told what happens, `warn` what a person should look at, each once."""

    root: Path
    week: str
    arrivals: Arrivals
    say: Callable[[str], None]
    warn: Callable[[str], None]
    jobs: int | None = None
    now: Callable[[], datetime] = lambda: datetime.now().astimezone()
    verdicts: int = 0
    _seen: object = None
    _roster: bytes = b""
    _unanswered: set[str] | None = None  # whose pages are to be written; None: everyone's
    _told: set[str] = field(default_factory=set)

    def forever(self, every: float) -> None:
        """Rounds until somebody stops it. What is wrong at first is an error; what goes wrong later is tried again."""
        trouble, begun = "", False
        while True:
            try:
                self.look()
                trouble = ""
            except AnotherGrader as error:
                self._tell(f"{error.what} This one waits for it.")
            except (DeskError, OSError) as error:
                if not begun:
                    raise
                text = error.what if isinstance(error, DeskError) else str(error)
                if text != trouble:
                    self.warn(f"{text} It is tried again.")
                trouble = text
            begun = True
            time.sleep(every)

    def look(self) -> bool:
        """Make a round if anything has changed since the last whole one; was there one?"""
        course = load_course(self.root)
        week = course.week(self.week)
        seen = self._state(course, week)
        if seen == self._seen:
            return False
        for _ in range(LOOKS):
            before, seen = seen, self._state(course, week, after=SETTLED_SECONDS)
            if seen == before:
                break
        self._round(course, week)
        self._seen = seen
        return True

    def _state(self, course: Course, week: Week, after: float = 0.0) -> tuple:
        """What a round depends on."""
        time.sleep(after)
        files = [course.root / name for name in (ROSTER, FACTS, MAPPING)]
        texts = [path.read_bytes() if path.exists() else b"" for path in files]
        if self._roster and not texts[0]:
            raise DeskError(f"{files[0]} is gone, and without it any name is taken for a student's.")
        self._roster = texts[0]
        return self.arrivals.look(course, week), texts, self._today(course)

    def _round(self, course: Course, week: Week) -> None:
        course.step("submitted").mkdir(exist_ok=True)  # nobody needs to have handed in yet
        for text in self.arrivals.take_in(course, week):
            self._tell(text)
        counted = _counted(course, week)
        waiting = works_to_grade(course, week)
        held = sorted(who for who in waiting if self._has_had_all(course, counted[who], waiting[who]))
        had = f"had {course.verdicts_per_day} verdict{'s' * (course.verdicts_per_day != 1)} on {self._today(course)}"
        for who in held:
            self._tell(f"{who} has {had}, as many as {FACTS} gives; what came after them waits until the next day.")
        chosen = tuple(sorted(waiting.keys() - set(held)))
        if self._unanswered is None:
            self._unanswered = {path.parent.name for path in course.step("autograded").glob(f"*/{week.folder}")}
        self._unanswered |= set(chosen)
        if chosen:
            grade(course, [week], chosen, jobs=self.jobs, seen=lambda one: self._judged(course, one, waiting, counted))
        self._answer(course, week)

    def _judged(self, course: Course, one: Graded, waiting: Mapping[str, list[Work]], counted: Mapping) -> None:
        """A verdict is there: it is counted at once, and told."""
        works = {_content(work): one.status.get(work.notebook) for work in waiting[one.student]}
        new = {works[content] for content in works.keys() - counted[one.student].contents}
        _note(course, one, self._today(course) if new - UNJUDGED else "", works)
        self.verdicts += 1
        remarks = f" ({', '.join(one.remarks)})" if one.remarks else ""
        self.say(f"{self.now():%H:%M:%S}  {one.student}: {one.points:g} of {one.max_points:g}{remarks}")

    def _answer(self, course: Course, week: Week) -> None:
        """Pages for those who wait for one, and back to them where there is a way."""
        assert self._unanswered is not None
        there = tuple(sorted(who for who in self._unanswered if course.step("autograded", who, week.folder).is_dir()))
        if there:
            written = feedback(course, [week], there)
            for problem in written.problems:
                self._tell(f"no page for {problem}")
            self.arrivals.give_back(course, week, there)
            pages = f"{written.made} page{'s' * (written.made != 1)} written"
            done = [pages] * bool(written.made) + ["returned"] * self.arrivals.returns
            if done:
                whose = there if self.arrivals.returns else tuple(sorted(written.whose))
                self.say(f"{self.now():%H:%M:%S}  {' and '.join(done)}: {_few(whose)}")
        self._unanswered = set()

    def _has_had_all(self, course: Course, counted: Counted, works: list[Work]) -> bool:
        """Whether a student's new work must wait. Work that was judged before is judged again whenever tests change."""
        is_new = not {_content(work) for work in works} <= counted.contents
        limit = course.verdicts_per_day
        return is_new and limit is not None and counted.days[self._today(course)] >= limit

    def _today(self, course: Course) -> str:
        return self.now().astimezone(course.zone).date().isoformat()

    def _tell(self, text: str) -> None:
        if text not in self._told:
            self._told.add(text)
            self.warn(text)


@dataclass
class Counted:
    """One student's verdicts of a week: how many by day, and digests of the work that was judged."""

    days: Counter[str] = field(default_factory=Counter)
    contents: set[str] = field(default_factory=set)


def _counted(course: Course, week: Week) -> defaultdict[str, Counted]:
    found: defaultdict[str, Counted] = defaultdict(Counted)
    path = course.desk_folder / VERDICTS
    for row in csv.reader(path.read_text(encoding="utf-8").splitlines()) if path.exists() else ():
        if len(row) == len(HEAD) and row[1] == week.folder:  # the last line may be half a one
            found[row[2]].days[row[0]] += bool(row[0])
            found[row[2]].contents.update(row[3].split())
    return found


def _note(course: Course, one: Graded, day: str, works: Iterable[str]) -> None:
    """A line, at once: a watch that is stopped in the next moment knows of this verdict when it goes on."""
    with (course.desk_folder / VERDICTS).open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow([day, one.week, one.student, " ".join(sorted(works))])


def _content(work: Work) -> str:
    """A digest of what was handed in for one notebook, whatever it is judged by."""
    files = [part for file in work.files for part in file]
    return digest(work.notebook, work.submitted or b"", *files)[:16]


def _few(names: tuple[str, ...]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """SIGTERM stops the block as Ctrl-C does, also where a shell has told this process to ignore that."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    ended = signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        signal.signal(signal.SIGTERM, ended)
