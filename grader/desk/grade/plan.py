"""What `grader grade` would do, without doing it: what is graded again, and whose points would move."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

from grader.desk.collect.submissions import (
    Work,
    link_to_another,
    read_submission,
    require_work,
    students_with_work,
    unsafe_name,
)
from grader.desk.course.facts import Course, Week
from grader.desk.grade import pool
from grader.desk.grade.job import Job, grade_job
from grader.desk.grade.results import Store, key_of, why_again
from grader.desk.grade.run import GRACE_SECONDS, TRIES, available_cores
from grader.desk.grade.specs import editions_of, isolation_for, released
from grader.desk.gradebook.book import Book
from grader.desk.gradebook.cell_kinds import kinds_of
from grader.desk.gradebook.moves import SMALLEST, Moved
from grader.judge import bounds


@dataclass(frozen=True)
class Planned:
    """A notebook that would be graded, and why."""

    student: str
    week: str
    notebook: str
    why: str


@dataclass(frozen=True)
class TriedOut:
    """What grading them now gives, beside what the gradebook has. `failed`: notebooks that could not be graded."""

    planned: list[Planned]
    moved: list[Moved]
    failed: list[str]


def to_grade(
    course: Course, weeks: list[Week], students: tuple[str, ...] = (), *, force: bool = False, trusted: bool = False
) -> list[Planned]:
    """The notebooks that are new, changed, or would be graded anew because hidden tests or limits changed."""
    weeks = released(course, weeks)
    require_work(course, weeks, students)
    isolation = "trusted" if trusted else "bubblewrap"
    with Book(course) as book:
        return [one for week in weeks for one, _ in _planned(course, week, book, students, force, isolation)]


def works_to_grade(course: Course, week: Week) -> dict[str, list[Work]]:
    """The same for one week, by student, each with what was handed in. Empty where nobody has handed in."""
    released(course, [week])
    with Book(course) as book:
        found: dict[str, list[Work]] = {}
        for planned, job in _planned(course, week, book, (), False, isolation_for(trusted=False)):
            found.setdefault(planned.student, []).append(job.work)
    return found


def try_out(
    course: Course,
    weeks: list[Week],
    students: tuple[str, ...] = (),
    *,
    force: bool = False,
    jobs: int | None = None,
    trusted: bool = False,
    seen: Callable[[], None] = lambda: None,
    counted: Callable[[int], None] = lambda total: None,
) -> TriedOut:
    """Grade what would be graded, keep nothing of it, and say which points would move.

    A score that a person gave stays, and so does what was decided about an exercise; what is graded for the first time
    has not moved either.
    """
    isolation = isolation_for(trusted)
    weeks = released(course, weeks)
    require_work(course, weeks, students)
    tried = TriedOut([], [], [])
    seconds = bounds.RUNS * course.limits.submission_seconds + GRACE_SECONDS
    with Book(course) as book:
        waiting = [list(_planned(course, week, book, students, force, isolation)) for week in weeks]
        counted(sum(map(len, waiting)))
        for week, found in zip(weeks, waiting, strict=True):
            tried.planned.extend(one for one, _ in found)
            scores, kinds = book.scores(week.folder), kinds_of(course, week, book)
            work = [job for _, job in found]
            for job, value in pool.run(
                grade_job, work, workers=jobs or available_cores(), seconds=seconds, tries=TRIES
            ):
                seen()
                student, notebook = job.work.student, job.work.notebook  # type: ignore[attr-defined]
                if not isinstance(value, dict):
                    tried.failed.append(f"{student} {week.folder}/{notebook}")
                    continue
                known = scores.get(student, {}).get(notebook, {})
                for grade_id, part in value["parts"].items():
                    row = known.get(grade_id)
                    if row is None or row.auto is None or row.manual is not None or row.decided or part["manual"]:
                        continue
                    if abs(row.auto - part["points"]) > SMALLEST:
                        exercise, kind = grade_id.removeprefix("test_"), kinds[notebook, grade_id].kind
                        before, after = float(row.auto), float(part["points"])
                        tried.moved.append(Moved(student, week.folder, notebook, exercise, kind, before, after))
    tried.moved.sort(key=lambda one: (one.student, one.week, one.notebook, one.exercise))
    return tried


def _planned(
    course: Course, week: Week, book: Book, students: tuple[str, ...], force: bool, isolation: str
) -> Iterator[tuple[Planned, Job]]:
    """The notebooks of one week that would be graded, each with its job."""
    store, limits = Store(course.desk_folder), asdict(course.limits)
    editions = editions_of(course, week, book)
    for student in students_with_work(course, week, students):
        if unsafe_name(student) or link_to_another(course, week, student):
            continue
        for work in read_submission(course, week, student, editions).works:
            kept = store.load(week.folder, student, work.notebook)
            key = key_of(work, editions[work.notebook], limits, isolation)
            if force or kept is None or kept.key != key:
                edition = editions[work.notebook]
                job = Job(str(course.repo), edition.path, limits, isolation, key, work, edition.points)
                yield Planned(student, week.folder, work.notebook, why_again(kept, key, work)), job
