"""What a class is, as typed values: weeks, notebooks, deadlines, limits, what lateness costs, the final mark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from grader.desk.course.deadlines import Due, Extension, LateRule
from grader.desk.course.decisions import Decisions
from grader.desk.course.final_mark import FinalMark
from grader.desk.course.names import NoSuchWeek, week_called
from grader.desk.errors import DeskError
from grader.sandbox.walls.limits import Limits

FACTS = "course.toml"
NO_FOLDER = "Work in the class's folder, or name it with --course DIR. `grader new-course DIR` makes one."
# What the checkout's course.toml names until a class names its own.
PLACEHOLDER = "backprop-course/backprop"
WHY_NOT = "Whoever registers it could run code on the machine of every student whose notebook installs from there."


@dataclass(frozen=True)
class Notebook:
    """One notebook of a week. Points count towards the mark, bonus on top of it, practice for nothing."""

    name: str
    title: str
    kind: str
    points: float = 0.0
    bonus: float = 0.0
    practice: float = 0.0


@dataclass(frozen=True)
class Week:
    """A folder of notebooks; its name is also the name of nbgrader's assignment.

    `model_answers`: from then on feedback pages show them; None for never.
    """

    folder: str
    title: str
    deadline: datetime | None
    notebooks: tuple[Notebook, ...]
    hard_deadline: datetime | None = None
    model_answers: datetime | None = None
    counts: float | None = None  # what its points count for in the final mark; None: as many as they are
    exercises: tuple[tuple[str, float], ...] = ()  # points of the class's own, by `notebook/grade_id`

    @property
    def points(self) -> float:
        """Of its notebooks together, without bonus."""
        return sum(notebook.points for notebook in self.notebooks)

    def own_points(self, notebook: str) -> dict[str, float]:
        """The points that the class gives in place of the course's, by the notebook's graded cell."""
        places = [(place.rpartition("/"), points) for place, points in self.exercises]
        return {grade_id: points for (name, _, grade_id), points in places if name == notebook}

    def notebook(self, name: str) -> Notebook:
        for notebook in self.notebooks:
            if notebook.name == name:
                return notebook
        raise KeyError(name)


@dataclass(frozen=True)
class Course:
    """A course folder in nbgrader's layout (`root`) and the checkout that holds notebooks and solutions (`repo`).

    `slug` is `owner/name` of the public repository, `package` what a notebook's set-up cell gives to pip where the
    package is missing: that repository, unless `course.toml` says otherwise. In `zone`, deadlines without an offset of
    their own are read, and days end. `db_url` is the gradebook's address if `course.toml` gives one; nbgrader's own
    default otherwise. Without `late`, nbgrader's own plugin decides what lateness costs. `extensions` are by student
    and by the week's folder; what was decided since (`decisions`) comes before them.
    """

    root: Path
    repo: Path
    id: str
    title: str
    slug: str
    branch: str
    package: str
    zone: ZoneInfo
    weeks: tuple[Week, ...] = field(repr=False)
    limits: Limits = field(repr=False)
    late: LateRule | None
    extensions: Mapping[str, Mapping[str, Extension]] = field(repr=False)
    final_mark: FinalMark = field(repr=False)
    students: Mapping[str, str] = field(repr=False)  # versions they work with: {"python": "3.12", "numpy": "2.1"}
    db_url: str | None = field(repr=False)  # it may hold a password
    setup_comment: str = field(repr=False)  # what a released set-up cell says
    setup_prints: str = field(repr=False)  # and prints, with {release} where the number goes
    verdicts_per_day: int | None = None  # of `grader watch`, for each student; None: as many as they like
    demonstration: bool = False  # nobody installs from what is released, so the placeholder may stand in it
    quizzes_at_once: bool = False  # quizzes with personal numbers say right or wrong in the notebook
    decisions: Decisions = field(default=Decisions(), repr=False)

    @property
    def is_placeholder(self) -> bool:
        """Would students install from the repository that stands in the checkout's file for one of the class's own?"""
        return self.slug == PLACEHOLDER or f"/{PLACEHOLDER}/" in self.package

    @property
    def desk_folder(self) -> Path:
        """Where the desk keeps its results between two runs."""
        return self.root / ".grader"

    def step(self, name: str, *parts: str) -> Path:
        """A folder of nbgrader's layout: `step("submitted", student, week)`."""
        return self.root.joinpath(name, *parts)

    def week(self, folder: str) -> Week:
        """The week called `folder`; a unique beginning such as `week01` is enough."""
        weeks = {week.folder: week for week in self.weeks}
        try:
            return weeks[week_called(folder, list(weeks))]
        except NoSuchWeek as error:
            raise DeskError(str(error), f"The weeks in {self.repo / FACTS} are: {', '.join(weeks)}.") from None

    def chosen(self, folders: Iterable[str]) -> list[Week]:
        """The weeks named, each once, or all of them when none is."""
        return list(dict.fromkeys(self.week(folder) for folder in folders)) or list(self.weeks)

    def due(self, week: Week, student: str) -> Due:
        """The week's deadlines for one student, their extension included."""
        due = Due(week.deadline, week.hard_deadline)
        given = self.decisions.extension(student, week.folder)
        if given is None:
            given = self.extensions.get(student, {}).get(week.folder)
        return due if given is None else due.extended(given, self.zone)


def own_repository(course: Course) -> str:
    """How a class names a repository of its own."""
    return f'Write `repository = "owner/name"`, yours on GitHub, below [course] in {course.root / FACTS}.'
