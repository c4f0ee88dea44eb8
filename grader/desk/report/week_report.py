"""A graded class in numbers: what the report shows and the CSV files hold."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grader.desk.course.facts import Course, Week
from grader.desk.course.roster import read_roster
from grader.desk.feedback.no_page import without_page
from grader.desk.grade.results import Kept, Store
from grader.desk.gradebook.book import Book, Score
from grader.desk.gradebook.cell_kinds import Kind, kinds_of
from grader.desk.report.common_mistakes import Diagnosed, Topic, diagnosed, group_of, topics
from grader.desk.report.signatures import OddName, odd_names
from grader.judge.authoring.verdicts import Lost, NotWritten, TooSlow
from grader.judge.grading.result import GRADED

KINDS = ("points", "bonus", "practice")
HELP_BELOW = 0.5
NOT_WRITTEN = NotWritten.code
WHOLE_NOTEBOOK = {Lost.code, TooSlow.code}


@dataclass(frozen=True)
class Exercise:
    """One graded cell of the week. `kind` is points, bonus or practice; `scores` holds everyone's points for it."""

    notebook: str
    grade_id: str
    kind: str
    manual: bool
    max_points: float
    scores: tuple[float, ...]

    @property
    def name(self) -> str:
        return self.grade_id.removeprefix("test_")

    @property
    def full(self) -> int:
        return sum(score >= self.max_points - 1e-9 for score in self.scores)

    @property
    def none(self) -> int:
        return sum(score <= 1e-9 for score in self.scores)

    @property
    def part(self) -> int:
        return len(self.scores) - self.full - self.none

    @property
    def success(self) -> float:
        """The mean share of the points, 0 to 1."""
        return sum(self.scores) / (len(self.scores) * self.max_points) if self.scores and self.max_points else 0.0


@dataclass
class Student:
    """One student's week."""

    id: str
    points: dict[str, float] = field(default_factory=lambda: dict.fromkeys(KINDS, 0.0))
    cells: dict[tuple[str, str], float] = field(default_factory=dict)
    status: dict[str, str] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)
    penalty: float = 0.0
    waiting: int = 0

    @property
    def mark(self) -> float:
        """Points and bonus, less what lateness costs; practice counts for nothing."""
        return max(0.0, self.points["points"] + self.points["bonus"] - self.penalty)


@dataclass(frozen=True)
class Stumble:
    """A reason for which points were lost: in which exercises, the properties it cost, and whom."""

    notebook: str
    exercises: tuple[str, ...]
    hint: str
    properties: tuple[str, ...]
    students: tuple[str, ...]


@dataclass(frozen=True)
class Ranking:
    """Submissions to an exercise that is ranked, the best first: `(student, what is shown)`."""

    notebook: str
    exercise: str
    places: tuple[tuple[str, str], ...]


@dataclass
class WeekReport:
    """Everything about one week."""

    week: Week
    students: list[Student]
    exercises: list[Exercise]
    stumbles: list[Stumble]
    unwritten: dict[tuple[str, str], int]
    max_points: dict[str, float]
    rankings: list[Ranking]
    odd_names: list[OddName] = field(default_factory=list)
    diagnosed: list[Diagnosed] = field(default_factory=list)
    without_page: list[tuple[str, str, str]] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    listed: frozenset[str] = frozenset()

    def in_roster(self, who: str) -> str:
        return in_roster(who, self.listed)

    @property
    def topics(self) -> list[Topic]:
        """What to repeat in the next class."""
        return topics(self.diagnosed, len(self.students))

    @property
    def ungraded(self) -> list[tuple[str, str, str, str]]:
        """`(student, notebook, status, why)` of all that could not be graded; notebooks not handed in are no news."""
        return [
            (student.id, notebook, status, " ".join(student.notes.get(notebook, [])))
            for student in self.students
            for notebook, status in student.status.items()
            if status != GRADED and not (status == "missing" and set(student.status.values()) != {"missing"})
        ] + [(student, notebook, "no feedback", why) for student, notebook, why in self.without_page]

    @property
    def in_trouble(self) -> list[tuple[Student, list[str]]]:
        """Students below half of the points, the lowest first, with the exercises in which they got nothing."""
        limit = HELP_BELOW * self.max_points["points"]
        low = [student for student in self.students if self.max_points["points"] and student.points["points"] < limit]
        exercises = [exercise for exercise in self.exercises if exercise.kind == "points" and exercise.max_points]
        return [
            (student, [e.name for e in exercises if student.cells.get((e.notebook, e.grade_id), 0.0) <= 1e-9])
            for student in sorted(low, key=lambda student: (student.points["points"], student.id))
        ]


def week_report(course: Course, week: Week, book: Book) -> WeekReport | None:
    """The week as the gradebook and the kept results have it; None when nobody has been graded."""
    scores = book.scores(week.folder)
    if not scores:
        return None
    kept: dict[str, dict[str, Kept]] = defaultdict(dict)
    store = Store(course.desk_folder)
    places: list[Path] = []
    for result in store.all(week.folder, places):
        if result.student in scores:
            kept[result.student][result.data["name"]] = result
    kinds = kinds_of(course, week, book)
    penalties = book.penalties(week.folder)
    students = [_student(who, rows, kept[who], kinds, penalties.get(who, 0.0)) for who, rows in sorted(scores.items())]
    exercises = [
        Exercise(
            notebook, grade_id, kind, manual, maximum, tuple(s.cells.get((notebook, grade_id), 0.0) for s in students)
        )
        for (notebook, grade_id), (kind, manual, maximum) in kinds.items()
    ]
    most = {kind: sum(e.max_points for e in exercises if e.kind == kind) for kind in KINDS}
    people = read_roster(course)
    odd = odd_names(kept, people)
    unreadable = [f"{place} cannot be read: run `grader grade` again" for place in places]
    listed = frozenset(person.id for person in people)
    mistakes = diagnosed(course, week, _failures(kept))
    unshown = without_page(course, week.folder)
    return WeekReport(
        week,
        students,
        exercises,
        _stumbles(kept),
        _unwritten(kept),
        most,
        _rankings(kept),
        odd,
        mistakes,
        unshown,
        unreadable,
        listed,
    )


def in_roster(who: str, listed: Collection[str]) -> str:
    """`yes` or `no`; nothing where there is no roster."""
    return "" if not listed else "yes" if who in listed else "no"


def _student(
    who: str,
    rows: dict[str, dict[str, Score]],
    kept: dict[str, Kept],
    kinds: Mapping[tuple[str, str], Kind],
    penalty: float,
) -> Student:
    student = Student(who, penalty=penalty)
    for (notebook, grade_id), (kind, _, _) in kinds.items():
        score = rows.get(notebook, {}).get(grade_id)
        if score is not None:
            student.cells[notebook, grade_id] = score.points
            student.points[kind] += score.points
            student.waiting += score.needs_person
    for notebook, result in kept.items():
        student.status[notebook] = result.data["status"]
        student.notes[notebook] = result.data["notes"]
    return student


def _failures(kept: dict[str, dict[str, Kept]]) -> Iterator[tuple[str, str, str, dict]]:
    """`(student, notebook, grade_id, outcome)` of every lost property of graded notebooks."""
    for who, results in kept.items():
        for name, result in results.items():
            parts = result.data["parts"].items() if result.data["status"] == GRADED else ()
            for grade_id, part in parts:
                for outcome in part["outcomes"]:
                    if not outcome["passed"]:
                        yield who, name, grade_id, outcome


def _stumbles(kept: dict[str, dict[str, Kept]]) -> list[Stumble]:
    """Reasons for lost points, the most frequent first, told apart by their codes.

    A process that ended or ran out of time costs all exercises after it: that is one reason, not one an exercise.
    """
    groups: dict[tuple[str, ...], list[tuple[str, str, dict]]] = defaultdict(list)
    for who, name, grade_id, outcome in _failures(kept):
        if outcome["code"] in WHOLE_NOTEBOOK:
            groups[name, outcome["code"]].append((who, grade_id, outcome))
        elif outcome["code"] != NOT_WRITTEN:
            groups[(name, grade_id, *group_of(name, grade_id, outcome))].append((who, grade_id, outcome))
    stumbles = [
        Stumble(
            name,
            tuple(dict.fromkeys(grade_id.removeprefix("test_") for _, grade_id, _ in found)),
            Counter(outcome["hint"] for _, _, outcome in found).most_common(1)[0][0],
            tuple(dict.fromkeys(outcome["title"] for _, _, outcome in found)),
            tuple(sorted({who for who, _, _ in found})),
        )
        for (name, *_), found in groups.items()
    ]
    return sorted(stumbles, key=lambda one: (-len(one.students), one.notebook, one.exercises, one.hint))


def _rankings(kept: dict[str, dict[str, Kept]]) -> list[Ranking]:
    """One for every exercise whose hidden tests rank submissions; equals stand in the order of their names."""
    found = defaultdict(list)
    for who, results in kept.items():
        for name, result in results.items():
            for grade_id, part in result.data["parts"].items():
                for outcome in part["outcomes"]:
                    if outcome.get("rank") is not None:
                        found[name, grade_id.removeprefix("test_")].append((outcome["rank"], who, outcome["rank_text"]))
    return [
        Ranking(name, exercise, tuple((who, text) for _, who, text in sorted(places)))
        for (name, exercise), places in sorted(found.items())
    ]


def _unwritten(kept: dict[str, dict[str, Kept]]) -> dict[tuple[str, str], int]:
    """How many students left an exercise as it was, by notebook and exercise."""
    found = {(n, grade_id, who) for who, n, grade_id, outcome in _failures(kept) if outcome["code"] == NOT_WRITTEN}
    return Counter((name, grade_id.removeprefix("test_")) for name, grade_id, _ in sorted(found))
