"""A graded class in numbers: what the report shows and the CSV files hold."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grader.desk.course.decisions import FULL, OUT
from grader.desk.course.facts import Course, Week
from grader.desk.course.roster import read_roster
from grader.desk.feedback.no_page import without_page
from grader.desk.grade.results import Kept, Store
from grader.desk.gradebook.book import Book
from grader.desk.gradebook.cell_kinds import Kind, kinds_of
from grader.desk.gradebook.score import Score
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
    """One graded cell of the week. `kind` is points, bonus or practice.

    `scores` holds each student's points for it, in the order of the report; None where there is nothing to judge yet:
    an answer that nobody has read, or a notebook that need not be handed in and was not.
    """

    notebook: str
    grade_id: str
    kind: str
    manual: bool
    max_points: float
    scores: tuple[float | None, ...]

    @property
    def name(self) -> str:
        return self.grade_id.removeprefix("test_")

    @property
    def judged(self) -> list[float]:
        return [score for score in self.scores if score is not None]

    @property
    def full(self) -> int:
        return sum(score >= self.max_points - 1e-9 for score in self.judged)

    @property
    def none(self) -> int:
        return sum(score <= 1e-9 for score in self.judged)

    @property
    def part(self) -> int:
        return len(self.judged) - self.full - self.none

    @property
    def success(self) -> float:
        """The mean share of the points, 0 to 1."""
        return sum(self.judged) / (len(self.judged) * self.max_points) if self.judged and self.max_points else 0.0


@dataclass
class Student:
    """One student's week. `unjudged` are cells whose 0 is none yet, and `aside` their points by kind."""

    id: str
    points: dict[str, float] = field(default_factory=lambda: dict.fromkeys(KINDS, 0.0))
    cells: dict[tuple[str, str], float] = field(default_factory=dict)
    unjudged: set[tuple[str, str]] = field(default_factory=set)
    aside: dict[str, float] = field(default_factory=lambda: dict.fromkeys(KINDS, 0.0))
    status: dict[str, str] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)
    penalty: float = 0.0
    waiting: int = 0

    @property
    def mark(self) -> float:
        """Points and bonus, less what lateness costs; practice counts for nothing."""
        return max(0.0, self.points["points"] + self.points["bonus"] - self.penalty)

    def judged(self, cell: tuple[str, str]) -> float | None:
        """The points of a cell; None where there are none yet."""
        return None if cell in self.unjudged else self.cells.get(cell)


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

    def share(self, student: Student, kind: str = "points") -> float | None:
        """Of what could be judged; None where that is nothing."""
        most = self.max_points[kind] - student.aside[kind]
        return student.points[kind] / most if most > 1e-9 else None

    def mean(self, kind: str) -> tuple[float, float]:
        """The mean of everyone's points, and of what could be judged, without those of whom nothing could."""
        most = [self.max_points[kind] - student.aside[kind] for student in self.students]
        had = [(student.points[kind], one) for student, one in zip(self.students, most, strict=True) if one > 1e-9]
        return (sum(one for one, _ in had) / len(had), sum(one for _, one in had) / len(had)) if had else (0.0, 0.0)

    @property
    def kinds(self) -> list[str]:
        """Those of which there is something to be had, or somebody has something."""
        return [kind for kind in KINDS if self.max_points[kind] or any(one.points[kind] for one in self.students)]

    @property
    def hardest(self) -> list[Exercise]:
        """The exercises that count, the one with the least of its points first."""
        counted = [one for one in self.exercises if one.kind == "points" and one.max_points and one.judged]
        return sorted(counted, key=lambda one: (one.success, one.notebook, one.name))

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
        shares = {student.id: self.share(student) for student in self.students}
        low = [student for student in self.students if (shares[student.id] or 0.0) < HELP_BELOW]
        low = [student for student in low if shares[student.id] is not None]
        exercises = [exercise for exercise in self.exercises if exercise.kind == "points" and exercise.max_points]
        return [
            (student, [e.name for e in exercises if student.judged((e.notebook, e.grade_id)) == 0])
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
    bonus = course.decisions.bonus(week.folder)
    for student in students:
        student.points["bonus"] += sum(one.points for one in bonus.get(student.id, ()))
    exercises = [
        Exercise(notebook, grade_id, kind, manual, maximum, tuple(s.judged((notebook, grade_id)) for s in students))
        for (notebook, grade_id), (kind, manual, maximum) in kinds.items()
    ]
    most = {kind: sum(e.max_points for e in exercises if e.kind == kind) for kind in KINDS}
    people = read_roster(course)
    odd = odd_names(kept, people)
    unreadable = [f"{place} cannot be read: run `grader grade` again" for place in places]
    listed = frozenset(person.id for person in people)
    # What was lost in an exercise that counts for nobody, or is given to everybody, says nothing about anybody.
    about = {one.exercise for one in course.decisions.about_scores(week.folder) if one.what in (FULL, OUT)}
    failures = [one for one in _failures(kept) if f"{one[1]}/{one[2]}" not in about]
    mistakes = diagnosed(course, week, failures)
    unshown = without_page(course, week.folder)
    return WeekReport(
        week,
        students,
        exercises,
        _stumbles(failures),
        _unwritten(failures),
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
    asked = {notebook for (notebook, _), (kind, _, most) in kinds.items() if kind == "points" and most}
    left = {name for name, result in kept.items() if result.data["status"] == "missing"} - asked
    for (notebook, grade_id), (kind, _, most) in kinds.items():
        score = rows.get(notebook, {}).get(grade_id)
        if score is not None:
            student.cells[notebook, grade_id] = score.points
            student.points[kind] += score.points
            student.waiting += score.needs_person and most > 0
            if score.is_unread or (notebook in left and not score.points):
                student.unjudged.add((notebook, grade_id))
                student.aside[kind] += most
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


def _stumbles(failures: Iterable[tuple[str, str, str, dict]]) -> list[Stumble]:
    """Reasons for lost points, the most frequent first, told apart by their codes.

    A process that ended or ran out of time costs all exercises after it: that is one reason, not one an exercise.
    """
    groups: dict[tuple[str, ...], list[tuple[str, str, dict]]] = defaultdict(list)
    for who, name, grade_id, outcome in failures:
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


def _unwritten(failures: Iterable[tuple[str, str, str, dict]]) -> dict[tuple[str, str], int]:
    """How many students left an exercise as it was, by notebook and exercise."""
    found = {(n, grade_id, who) for who, n, grade_id, outcome in failures if outcome["code"] == NOT_WRITTEN}
    return Counter((name, grade_id.removeprefix("test_")) for name, grade_id, _ in sorted(found))
