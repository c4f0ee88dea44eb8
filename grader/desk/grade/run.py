"""`grader grade`: submissions -> sandbox and judge in worker processes -> results -> gradebook and graded notebooks.

What a worker does is in `job`. This process alone writes.
What was graded is kept at once, and what was kept is not graded again: a run that was killed, however, is continued by
the same command.
"""

from __future__ import annotations

import fcntl
import os
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING

from grader.desk.collect.submissions import (
    MARK,
    Submission,
    Work,
    read_submission,
    refusal,
    require_work,
    students_with_work,
    unread_submission,
)
from grader.desk.course.deadlines import Due
from grader.desk.course.facts import Course, Week
from grader.desk.course.roster import read_roster
from grader.desk.errors import DeskError
from grader.desk.grade import cluster, pool
from grader.desk.grade.job import Job, grade_job, prepare
from grader.desk.grade.publish import Publisher
from grader.desk.grade.results import Kept, Store, checked, content_of, key_of, why_again
from grader.desk.grade.specs import editions_of, isolation_for, released, specs_of
from grader.desk.gradebook.book import Book
from grader.desk.gradebook.lateness import settle_lateness
from grader.desk.gradebook.moves import Marks, Shift, marks_of, shifts
from grader.judge import bounds
from grader.judge.grading.result import FAILED, GRADED

if TYPE_CHECKING:
    from grader.judge.grading.spec import NotebookSpec

REFUSED = "refused"
TRIES = 3
GRACE_SECONDS = 60
LOG = "failures.log"


@dataclass(frozen=True)
class Graded:
    """One submission of the run: its scores and what happened. `status` is by notebook, and so is `failures`: how the
    grader itself failed, as `pool.Failure.kind` has it. `time_trouble`: why no time is known, though one was to be;
    `untimed`: nobody has said one, in a week with a deadline; `why`: it was graded again."""

    student: str
    week: str
    status: Mapping[str, str]
    points: float = 0.0
    max_points: float = 0.0
    again: bool = True
    seconds: float = 0.0
    detail: str = ""
    failures: Mapping[str, str] = field(default_factory=dict)
    time_trouble: str = ""
    untimed: bool = False
    why: str = ""

    @property
    def remarks(self) -> list[str]:
        """What a person wants counted: statuses other than the usual ones, and for failures of ours their kind."""
        told = {self.failures.get(name, status) for name, status in self.status.items()}
        return sorted(told - {GRADED, "missing"})


@dataclass
class Summary:
    """The run as a whole. `moved`: marks that were there before it and are others now, each with why."""

    submissions: list[Graded] = field(default_factory=list)
    moved: list[Shift] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def by_status(self) -> Counter:
        return Counter(status for graded in self.submissions for status in graded.status.values())

    @property
    def failed(self) -> list[Graded]:
        """Submissions that the grader itself, not the student, left ungraded."""
        return [graded for graded in self.submissions if FAILED in graded.status.values()]


@dataclass
class _Open:
    """A submission of which some notebooks are still being graded."""

    submission: Submission
    missing: set[str]
    kept: dict[str, Kept] = field(default_factory=dict)
    failures: dict[str, pool.Failure] = field(default_factory=dict)
    again: bool = False
    seconds: float = 0.0
    why: set[str] = field(default_factory=set)


def grade(
    course: Course,
    weeks: list[Week],
    students: tuple[str, ...] = (),
    *,
    force: bool = False,
    jobs: int | None = None,
    trusted: bool = False,
    scheduler: str | None = None,
    seen: Callable[[Graded], None] = lambda graded: None,
    counted: Callable[[int], None] = lambda total: None,
    meanwhile: Callable[[], object] = lambda: None,
    crew: pool.Crew | None = None,
) -> Summary:
    """Grade what was handed in for `weeks`, or only that of `students`.

    `force` grades unchanged submissions again; `jobs` is the number of workers (one a core by default); `trusted` runs
    student code without the sandbox; with a `scheduler`, the workers of that Dask cluster grade. `counted` is told the
    number of submissions, `seen` each one that is done; `meanwhile` is called when workers have something to do.
    `crew`: workers for `grade_job`, one of which may have begun.
    """
    isolation = isolation_for(trusted, here=False)
    allowed = cache(partial(isolation_for, trusted, here=scheduler is None))
    started, summary = time.monotonic(), Summary()
    weeks = released(course, weeks)
    require_work(course, weeks, students)
    workers = crew or pool.Crew(grade_job)
    workers.prepare = partial(prepare, str(course.repo), isolation)
    with ExitStack() as held:
        held.enter_context(only_one_grader(course))
        held.enter_context(workers)
        if (
            scheduler is None
            and not workers.members
            and (force or any(_is_new(course, week, students) for week in weeks))
        ):
            workers.start()  # it imports what it needs while the gradebook is opened here
        book = held.enter_context(Book(course))
        book.enter_students(read_roster(course))  # their names are shown by nbgrader's pages
        counted(sum(1 for week in weeks for _ in students_with_work(course, week, students)))
        before = _Before(book, weeks)
        for week in weeks:
            run = _Run(course, week, book, isolation, force, workers, allowed, meanwhile, before.marks.get(week.folder))
            for graded in run.grade(students, jobs or available_cores(), scheduler):
                summary.submissions.append(graded)
                seen(graded)
        if settle_lateness(book) or any(graded.again for graded in summary.submissions):
            why = {(graded.student, graded.week): graded.why for graded in summary.submissions if graded.again}
            summary.moved = before.moved(why)
    summary.seconds = time.monotonic() - started
    return summary


class _Before:
    """The marks before a run. Of other weeks lateness alone can move, so their scores are read when it has."""

    def __init__(self, book: Book, weeks: list[Week]):
        self.book, self.weeks = book, weeks
        self.marks: dict[str, Marks] = marks_of(book, weeks)
        others = [week for week in book.course.weeks if week not in weeks]
        self.others = [(week, book.penalties(week.folder)) for week in others]

    def moved(self, why: Mapping[tuple[str, str], str]) -> list[Shift]:
        """What has moved since, with `why` each submission was graded again."""
        late = [(week, old) for week, old in self.others if self.book.penalties(week.folder) != old]
        after = marks_of(self.book, [*self.weeks, *(week for week, _ in late)])
        old = {week.folder: replace(after[week.folder], penalties=old) for week, old in late if week.folder in after}
        found = shifts(self.marks | old, after)
        told = [(one, why.get((one.student, one.week), "")) for one in found]
        return [replace(one, why=(*one.why, reason)) if reason else one for one, reason in told]


def _is_new(course: Course, week: Week, students: tuple[str, ...]) -> bool:
    """Has somebody handed in of whom nothing is kept? Then something will be graded, for certain."""
    kept = Store(course.desk_folder)
    return not all(kept.has(week.folder, student) for student in students_with_work(course, week, students))


class _Run:
    """The grading of one week."""

    def __init__(
        self,
        course: Course,
        week: Week,
        book: Book,
        isolation: str,
        force: bool,
        workers: pool.Crew,
        allowed: Callable[[], object],
        meanwhile: Callable[[], object],
        before: Marks | None = None,
    ):
        self.course, self.week, self.book, self.isolation, self.force = course, week, book, isolation, force
        self.workers, self.allowed, self.meanwhile = workers, allowed, meanwhile
        self.store = Store(course.desk_folder)
        self.limits = course.limits
        self.editions = editions_of(course, week, book)
        self.publisher = Publisher(course, self.store, book, week.folder, before.scores if before else None)
        self.open: dict[str, _Open] = {}
        self.finished: list[Graded] = []

    @cached_property
    def specs(self) -> dict[str, NotebookSpec]:
        """The notebooks with their hidden tests: where something fails, or another machine's answers are looked at."""
        return specs_of(self.course, self.week, self.book)

    def grade(self, students: tuple[str, ...], jobs: int, scheduler: str | None) -> Iterator[Graded]:
        for job, value in self._answers(self._jobs(students), jobs, scheduler):
            self._take(job, value)
            yield from self._drain()
        yield from self._drain()

    def _answers(self, work: Iterator[Job], jobs: int, scheduler: str | None) -> Iterator[tuple]:
        """What comes of each job, from processes of this machine or from a cluster."""
        seconds = bounds.RUNS * self.limits.submission_seconds + GRACE_SECONDS
        if scheduler is None:
            return pool.run_with(self.workers, work, workers=jobs, seconds=seconds, tries=TRIES)
        return cluster.run(
            grade_job,
            work,
            scheduler=scheduler,
            bundle=cluster.bundle_of(self.course, self.week, self.specs),
            sandboxed=self.isolation == "bubblewrap",
            seconds=seconds,
            tries=TRIES,
            checked=lambda job, value: checked(value, job.work, self.specs[job.work.notebook]),
        )

    def _jobs(self, students: tuple[str, ...]) -> Iterator[Job]:
        """The notebooks that must be graded, submission by submission; the others are finished on the way."""
        for student in students_with_work(self.course, self.week, students):
            refused = refusal(self.course, self.week, student)
            if refused:
                self.finished.append(Graded(student, self.week.folder, {"": REFUSED}, detail=refused))
                continue
            try:
                submission = read_submission(self.course, self.week, student, self.editions)
            except Exception:  # whatever somebody handed in costs nobody else anything
                self._give_up(student, pool.Failure("unread", traceback.format_exc(limit=20)))
                continue
            opened = _Open(submission, set())
            jobs = []
            for work in submission.works:
                key = key_of(work, self.editions[work.notebook], asdict(self.limits), self.isolation)
                kept = self.store.load(self.week.folder, student, work.notebook)
                if kept and kept.key == key and not self.force:
                    opened.kept[work.notebook] = kept
                else:
                    opened.missing.add(work.notebook)
                    opened.why.add(why_again(kept, key, work))
                    jobs.append(self._job(key, work))
            self.open[student] = opened
            if jobs:
                opened.again = True
                self.allowed()
                yield from jobs
                self.meanwhile()
            else:
                self._finish(student)

    def _give_up(self, student: str, failure: pool.Failure) -> None:
        """A submission that could not be looked at: no points, and a person is asked to look."""
        submission = unread_submission(self.course, self.week, student, self.editions)
        self.open[student] = _Open(submission, {work.notebook for work in submission.works}, again=True)
        for work in submission.works:
            self._take(self._job("", work), failure)

    def _job(self, key: str, work: Work) -> Job:
        edition = self.editions[work.notebook]
        limits = asdict(self.limits)
        return Job(str(self.course.repo), edition.path, limits, self.isolation, key, work, edition.points)

    def _take(self, job: Job, value: dict | pool.Failure) -> None:
        """Keep what came of one notebook."""
        work, opened = job.work, self.open[job.work.student]
        opened.missing.discard(work.notebook)
        if isinstance(value, pool.Failure):
            opened.failures[work.notebook] = value
            self._log(work, value)
            from grader.desk.grade.work import failed_result

            value = failed_result(self.specs[work.notebook], work).to_json()
            job = replace(job, key=f"{FAILED}: {job.key}")
        opened.seconds += value["timings"].get("total", 0.0)
        opened.kept[work.notebook] = self.store.save(work.student, job.key, value, work.ask, content_of(work))
        if not opened.missing:
            self._finish(work.student)

    def _log(self, work: Work, failure: pool.Failure) -> None:
        """The whole story of a failure of ours, for whoever mends it."""
        with open(self.course.desk_folder / LOG, "a", encoding="utf-8") as log:
            when = time.strftime("%Y-%m-%d %H:%M:%S")
            log.write(f"{when} {work.student} {work.week}/{work.notebook}: {failure.kind}\n{failure.detail}\n")

    def _finish(self, student: str) -> None:
        """Publish a submission of which every notebook is graded."""
        opened = self.open.pop(student)
        kept = {name: opened.kept[name] for name in self.editions}
        if not self.publisher.is_published(opened.submission, kept):
            try:
                self.publisher.publish(opened.submission, kept, frozenset(opened.failures))
            except ValueError:  # something that this submission holds; the next run tries again
                failure = pool.Failure("unpublished", traceback.format_exc(limit=20))
                self._log(opened.submission.works[0], failure)
                opened.failures |= dict.fromkeys(self.editions, failure)
        results = {name: result.result for name, result in kept.items()}
        status = {name: FAILED if name in opened.failures else result.status for name, result in results.items()}
        self.finished.append(
            Graded(
                student,
                self.week.folder,
                status,
                points=sum(result.points for result in results.values()),
                max_points=sum(result.max_points for result in results.values()),
                again=opened.again,
                seconds=opened.seconds,
                detail="; ".join(failure.detail.strip().splitlines()[-1] for failure in opened.failures.values()),
                failures={name: failure.kind for name, failure in opened.failures.items()},
                time_trouble=opened.submission.time_trouble,
                untimed=self._is_untimed(opened.submission),
                why="; ".join(sorted(opened.why)),
            )
        )

    def _is_untimed(self, one: Submission) -> bool:
        """Whether it counts as in time because nobody said otherwise; `collect` has asked about those it made."""
        due = self.course.due(self.week, one.student)
        return due != Due() and not (one.timestamp or one.time_trouble or (one.folder / MARK).exists())

    def _drain(self) -> Iterator[Graded]:
        while self.finished:
            yield self.finished.pop(0)


class AnotherGrader(DeskError):
    """The course's lock is held by another process."""


@contextmanager
def only_one_grader(course: Course) -> Iterator[None]:
    """Hold the course's lock; a second grader of the same course folder is told so, instead of a locked database."""
    course.desk_folder.mkdir(parents=True, exist_ok=True)
    with open(course.desk_folder / "lock", "a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise AnotherGrader(
                f"Another grader is at work in {course.root} (process {lock.read().strip() or 'unknown'}).",
                "Wait for it, or stop it; then run this again.",
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def available_cores() -> int:
    return len(os.sched_getaffinity(0))
