"""`grader grade`: submissions -> sandbox and judge in worker processes -> results -> gradebook and graded notebooks.

Workers are given bytes and give back plain data; they see no database and no course folder. This process alone writes.
What was graded is kept at once, and what was kept is not graded again: a run that was killed, however, is continued by
the same command.
"""

from __future__ import annotations

import copy
import fcntl
import os
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import nbformat

from grader.desk.collect.submissions import (
    Submission,
    Work,
    read_submission,
    require_work,
    students_with_work,
    unsafe_name,
)
from grader.desk.course.facts import Course, Week
from grader.desk.errors import DeskError
from grader.desk.files import digest
from grader.desk.grade import cluster, pool
from grader.desk.grade.publish import Publisher
from grader.desk.grade.results import Kept, Key, Store, key_of
from grader.desk.gradebook.book import Book
from grader.desk.gradebook.lateness import settle_lateness
from grader.judge.grading import grade as grading
from grader.judge.grading.annotate import NOTES_ID, mark
from grader.judge.grading.grade import grade_notebook, judge_cells_again
from grader.judge.grading.result import GRADED, NotebookResult
from grader.judge.grading.spec import NotebookSpec, SpecError, load_notebook
from grader.sandbox.walls.limits import Limits

FAILED = "failed"
REFUSED = "refused"
TRIES = 3
GRACE_SECONDS = 60
LOG = "failures.log"
STAGED = "grader-files-"


@dataclass(frozen=True)
class Job:
    """Everything a worker needs for one notebook."""

    repo: str
    released: str
    limits: dict
    isolation: str
    key: Key
    work: Work
    before: dict | None = None  # a result of the same submission, as JSON, of which only
    only: tuple[str, ...] = ()  # these test cells are to be judged again


@dataclass(frozen=True)
class Graded:
    """One submission of the run: its scores and what happened. `status` is by notebook, and so is `failures`: how the
    grader itself failed, as `pool.Failure.kind` has it."""

    student: str
    week: str
    status: Mapping[str, str]
    points: float = 0.0
    max_points: float = 0.0
    again: bool = True
    seconds: float = 0.0
    detail: str = ""
    failures: Mapping[str, str] = field(default_factory=dict)

    @property
    def remarks(self) -> list[str]:
        """What a person wants counted: statuses other than the usual ones, and for failures of ours their kind."""
        told = {self.failures.get(name, status) for name, status in self.status.items()}
        return sorted(told - {GRADED, "missing"})


@dataclass
class Summary:
    """The run as a whole."""

    submissions: list[Graded] = field(default_factory=list)
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
) -> Summary:
    """Grade what was handed in for `weeks`, or only that of `students`.

    `force` grades unchanged submissions again; `jobs` is the number of workers (one a core by default); `trusted` runs
    student code without the sandbox; with a `scheduler`, the workers of that Dask cluster grade. `counted` is told the
    number of submissions, `seen` each one that is done.
    """
    isolation = isolation_for(trusted, here=scheduler is None)
    started, summary = time.monotonic(), Summary()
    weeks = released(course, weeks)
    require_work(course, weeks, students)
    with only_one_grader(course), Book(course) as book:
        counted(sum(1 for week in weeks for _ in students_with_work(course, week, students)))
        for week in weeks:
            run = _Run(course, week, book, isolation, force)
            for graded in run.grade(students, jobs or available_cores(), scheduler):
                summary.submissions.append(graded)
                seen(graded)
        settle_lateness(book)
    summary.seconds = time.monotonic() - started
    return summary


class _Run:
    """The grading of one week."""

    def __init__(self, course: Course, week: Week, book: Book, isolation: str, force: bool):
        self.course, self.week, self.book, self.isolation, self.force = course, week, book, isolation, force
        self.store = Store(course.desk_folder)
        self.limits = course.limits
        self.specs = specs_of(course, week, book)
        self.publisher = Publisher(course, self.store, book, week.folder)
        self.open: dict[str, _Open] = {}
        self.finished: list[Graded] = []

    def grade(self, students: tuple[str, ...], jobs: int, scheduler: str | None) -> Iterator[Graded]:
        for job, value in self._answers(self._jobs(students), jobs, scheduler):
            self._take(job, value)
            yield from self._drain()
        yield from self._drain()

    def _answers(self, work: Iterator[Job], jobs: int, scheduler: str | None) -> Iterator[tuple]:
        """What comes of each job, from processes of this machine or from a cluster."""
        seconds = grading.TRIES * self.limits.submission_seconds + GRACE_SECONDS
        if scheduler is None:
            return pool.run(grade_job, work, workers=jobs, seconds=seconds, tries=TRIES)
        return cluster.run(
            grade_job,
            work,
            scheduler=scheduler,
            bundle=cluster.bundle_of(self.course, self.week, self.specs),
            sandboxed=self.isolation == "bubblewrap",
            seconds=seconds,
            tries=TRIES,
        )

    def _jobs(self, students: tuple[str, ...]) -> Iterator[Job]:
        """The notebooks that must be graded, submission by submission; the others are finished on the way."""
        for student in students_with_work(self.course, self.week, students):
            refusal = unsafe_name(student)
            if refusal:
                self.finished.append(Graded(student, self.week.folder, {"": REFUSED}, detail=refusal))
                continue
            submission = read_submission(self.course, self.week, student, self.specs)
            opened = _Open(submission, set())
            jobs = []
            for work in submission.works:
                key = key_of(work, self.specs[work.notebook], asdict(self.limits), self.isolation)
                kept = None if self.force else self.store.load(self.week.folder, student, work.notebook)
                if kept and kept.key == key:
                    opened.kept[work.notebook] = kept
                else:
                    opened.missing.add(work.notebook)
                    jobs.append(self._job(key, work, kept))
            self.open[student] = opened
            if jobs:
                opened.again = True
                yield from jobs
            else:
                self._finish(student)

    def _job(self, key: Key, work: Work, kept: Kept | None) -> Job:
        edition = released_notebook(self.course, self.week, work.notebook)
        job = Job(str(self.course.repo), str(edition), asdict(self.limits), self.isolation, key, work)
        outdated = kept.key.outdated(key) if kept and kept.data["status"] == GRADED else None
        if not outdated:
            return job
        try:
            return replace(job, before=kept.whole(), only=tuple(sorted(outdated)))
        except (OSError, ValueError):
            return job  # the kept notebook is gone or damaged

    def _take(self, job: Job, value: dict | pool.Failure) -> None:
        """Keep what came of one notebook."""
        work, opened = job.work, self.open[job.work.student]
        opened.missing.discard(work.notebook)
        if isinstance(value, pool.Failure):
            opened.failures[work.notebook] = value
            self._log(work, value)
            value = failed_result(self.specs[work.notebook], work).to_json()
            job = replace(job, key=Key(f"{FAILED}: {job.key.base}"))
        opened.seconds += value["timings"].get("total", 0.0)
        opened.kept[work.notebook] = self.store.save(work.student, job.key, value)
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
        kept = {name: opened.kept[name] for name in self.specs}
        if not self.publisher.is_published(opened.submission, kept):
            self.publisher.publish(opened.submission, kept, frozenset(opened.failures))
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
            )
        )

    def _drain(self) -> Iterator[Graded]:
        while self.finished:
            yield self.finished.pop(0)


def grade_job(job: Job) -> dict:
    """Grade one notebook; runs in a worker."""
    spec = _spec_of_this_run(job.repo, job.work.week, job.work.notebook, job.released)
    limits = Limits(**job.limits)
    if job.before is not None:
        before = NotebookResult.from_json(job.before)
        return judge_again(spec, job.work, before, job.only, limits, job.isolation).to_json()
    return grade_work(spec, job.work, limits, job.isolation).to_json()


def judge_again(
    spec: NotebookSpec, work: Work, before: NotebookResult, only: tuple[str, ...], limits: Limits, isolation: str
) -> NotebookResult:
    """`before` with the test cells in `only` judged anew, by running the notebook no further than it takes."""
    with _staged(work.files) as files:
        return judge_cells_again(spec, work.submitted, before, only, files=files, isolation=isolation, limits=limits)


def grade_work(spec: NotebookSpec, work: Work, limits: Limits, isolation: str) -> NotebookResult:
    """The judge's result for one notebook, with what the desk has to tell the student about the file put on top.

    The one way a notebook is graded: `grader grade` and nbgrader's own autograde both end here.
    """
    with _staged(work.files) as files:
        result = grade_notebook(spec, work.submitted, files=files, isolation=isolation, limits=limits)
    if result.nb is None and work.alone:
        result.nb = copy.deepcopy(spec.released)
    if result.nb is not None and (work.notes or work.alone):
        result.nb.cells = [cell for cell in result.nb.cells if cell.get("id") != NOTES_ID]
        mark(result.nb, result.parts, [*work.notes, *result.notes])
    result.notes = [*work.notes, *result.notes]
    return result


def load_spec(repo: str, week: str, notebook: str, released: str) -> NotebookSpec:
    """The hidden tests as they are now, on the notebook as it was released."""
    edition = Path(released).read_bytes()
    spec = load_notebook(repo, week, notebook)
    handed_out = nbformat.reads(edition.decode("utf-8"), as_version=4)
    return replace(spec, released=handed_out, digest=digest(edition))


# Only for workers, which live as long as one run: elsewhere the hidden tests may be edited in between.
_spec_of_this_run = lru_cache(maxsize=64)(load_spec)


def released_notebook(course: Course, week: Week, notebook: str) -> Path:
    """The notebook as students got it."""
    return course.step("release", week.folder, f"{notebook}.ipynb")


@contextmanager
def _staged(files: tuple[tuple[str, bytes], ...]) -> Iterator[Path | None]:
    """The files handed in beside the notebook, in a folder of their own; None when there are none."""
    if not files:
        yield None
        return
    _remove_abandoned()
    with tempfile.TemporaryDirectory(prefix=f"{STAGED}{os.getpid()}-") as place:
        for name, data in files:
            path = Path(place) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        yield Path(place)


@lru_cache(maxsize=1)
def _remove_abandoned() -> None:
    """Remove, once in a process, what killed workers left in the folder for temporary files."""
    for place in Path(tempfile.gettempdir()).glob(f"{STAGED}*"):
        number = place.name.removeprefix(STAGED).partition("-")[0]
        ours = place.lstat().st_uid == os.geteuid() and not place.is_symlink()
        if ours and number.isdigit() and not Path("/proc", number).exists():
            shutil.rmtree(place, ignore_errors=True)


def failed_result(spec: NotebookSpec, work: Work) -> NotebookResult:
    """What is published when the grader itself could not grade: no points, and a person is asked to look."""
    result = grade_notebook(spec, None)
    result.status = FAILED
    result.notes = [
        *work.notes,
        "This notebook could not be graded automatically. Your instructor has been told and will look at it.",
    ]
    result.nb = copy.deepcopy(spec.released)
    mark(result.nb, result.parts, result.notes)
    return result


def specs_of(course: Course, week: Week, book: Book) -> dict[str, NotebookSpec]:
    """The notebooks of the week that are graded, each in the edition that the gradebook knows."""
    specs = {}
    for name in book.notebooks(week.folder):
        try:
            spec = load_spec(str(course.repo), week.folder, name, str(released_notebook(course, week, name)))
        except OSError as error:
            raise DeskError(
                f"{error.filename} cannot be read: {error.strerror}.",
                f"Release the week again: grader release {week.folder}",
            ) from None
        except SpecError as error:
            raise DeskError(f"{error}.", "Correct the hidden tests or the notebook; nothing was graded.") from None
        except Exception as error:
            raise DeskError(
                f"The hidden tests of {week.folder}/{name} cannot be read: {type(error).__name__}: {error}.",
                f"Mend solutions/{week.folder}/{name}/hidden_tests.py; nothing was graded.",
            ) from None
        _check_points(week, name, spec, book.layout(week.folder, name).points)
        specs[name] = spec
    return specs


def _check_points(week: Week, name: str, spec: NotebookSpec, points: Mapping[str, float]) -> None:
    """The gradebook, the released notebook and the hidden tests of today must agree on cells and points."""
    tested = {
        cell.grade_id: cell.points if cell.manual else sum(test.points for test in spec.tests.get(cell.grade_id, ()))
        for cell in spec.cells
    }
    if points.keys() != tested.keys() or any(abs(points[cell] - tested[cell]) > 1e-9 for cell in points):
        raise DeskError(
            f"The graded cells of {week.folder}/{name}, or their points, are no longer those that were released.",
            f"Release the week again: grader release {week.folder}",
        )


def released(course: Course, weeks: list[Week]) -> list[Week]:
    """Those of `weeks` that students were given."""
    released = [week for week in weeks if course.step("release", week.folder).is_dir()]
    if not released:
        names = ", ".join(week.folder for week in weeks)
        raise DeskError(f"Nothing of {names} has been released in {course.root}.", "Run `grader release` first.")
    if not course.step("submitted").is_dir():
        raise DeskError(
            f"There is no folder {course.step('submitted')}.",
            "Put each student's files into submitted/<student>/<week>/, for example "
            f"submitted/ada/{released[0].folder}/{released[0].notebooks[0].name}.ipynb.",
        )
    return released


def isolation_for(trusted: bool, here: bool = True) -> str:
    """How student code is run. Raises `DeskError` when that is to be `here` and cannot be."""
    if trusted or not here:
        return "trusted" if trusted else "bubblewrap"
    from grader.sandbox.walls import bubblewrap

    state = bubblewrap.available()
    if not state.ok:
        raise DeskError(
            f"No student code was run: the sandbox does not work here: {state.reason}",
            f"{state.remedy}\n`grader doctor` checks again. Code that you wrote yourself may be graded without a "
            "sandbox: --trust-student-code",
        )
    return "bubblewrap"


@contextmanager
def only_one_grader(course: Course) -> Iterator[None]:
    """Hold the course's lock; a second grader of the same course folder is told so, instead of a locked database."""
    course.desk_folder.mkdir(parents=True, exist_ok=True)
    with open(course.desk_folder / "lock", "a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise DeskError(
                f"Another grader is at work in {course.root} (process {lock.read().strip() or 'unknown'}).",
                "Wait for it, or stop it; then run this again.",
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def available_cores() -> int:
    return len(os.sched_getaffinity(0))
