"""What `grader grade` would do, without doing it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from grader.desk.collect.submissions import (
    link_to_another,
    read_submission,
    require_work,
    students_with_work,
    unsafe_name,
)
from grader.desk.course.facts import Course, Week
from grader.desk.grade.results import Store, key_of
from grader.desk.grade.specs import released, specs_of
from grader.desk.gradebook.book import Book


@dataclass(frozen=True)
class Planned:
    """A notebook that would be graded, and why."""

    student: str
    week: str
    notebook: str
    why: str


def to_grade(
    course: Course, weeks: list[Week], students: tuple[str, ...] = (), *, force: bool = False, trusted: bool = False
) -> list[Planned]:
    """The notebooks that are new, changed, or would be graded anew because hidden tests or limits changed."""
    weeks = released(course, weeks)
    require_work(course, weeks, students)
    store, isolation = Store(course.desk_folder), "trusted" if trusted else "bubblewrap"
    limits, planned = asdict(course.limits), []
    with Book(course) as book:
        for week in weeks:
            specs = specs_of(course, week, book)
            for student in students_with_work(course, week, students):
                if unsafe_name(student) or link_to_another(course, week, student):
                    continue
                for work in read_submission(course, week, student, specs).works:
                    kept = store.load(week.folder, student, work.notebook)
                    key = key_of(work, specs[work.notebook], limits, isolation)
                    if force or kept is None or kept.key != key:
                        why = "not graded yet" if kept is None else "changed since" if kept.key != key else "--force"
                        planned.append(Planned(student, week.folder, work.notebook, why))
    return planned
