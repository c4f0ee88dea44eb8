"""`grader todo`: what only a person can do, from the gradebook and the kept results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.desk.collect.file_names import shown
from grader.desk.collect.senders import MAPPING
from grader.desk.collect.submissions import out_of_place, refusal, students_with_work
from grader.desk.collect.troubles import TROUBLES, read_troubles
from grader.desk.course.csv_files import read_csv
from grader.desk.course.decisions import ruling
from grader.desk.course.facts import Course, Week
from grader.desk.feedback.no_page import without_page
from grader.desk.grade.results import Kept, Store
from grader.desk.gradebook.book import Book
from grader.desk.gradebook.rows import MOST, OF_GRADES
from grader.desk.gradebook.timestamps import TAKEN_AS_IN_TIME, TIMESTAMP, read_timestamp
from grader.judge.grading.result import GRADED, NEVER_ASKED

# Reasons, in the order in which one would look at them.
WRITTEN, AGAIN, NOT_GRADED, UNPLACED = "written answer", "graded again", "not graded", "whose file"
WORTHLESS = "written answer, worth no points"  # which may be read, and may be waived for all at once
NO_PAGE = "no feedback"
COLLECTED = "collected in part"
ZERO = "no points"
NO_TIME = "no time"
NOT_REACHED, WAITING, NOWHERE = "not reached", "not graded yet", "in no week's folder"
_SELF_SAID = {GRADED, "missing"}


@dataclass(frozen=True)
class Todo:
    """One thing to look at; `where` is the page of Formgrader that shows it, or a file."""

    why: str
    week: str = ""
    notebook: str = ""
    exercise: str = ""
    student: str = ""
    detail: str = ""
    where: str = ""


def todo(course: Course, weeks: list[Week]) -> list[Todo]:
    """Everything that waits: answers to read, scores to confirm, work without points, unclear files, files of nobody.

    A notebook in which a person has given a score has been looked at. What was decided about an answer is left out.
    """
    with Book(course) as book:
        found = [one for week in weeks for one in _cells(book, week)]
        seen = {week.folder: _seen(book, week) for week in weeks}
    graded: dict[str, set[str]] = {week.folder: set() for week in weeks}
    for week in weeks:
        found += sorted(_to_look_at(course, week, seen[week.folder], graded[week.folder]), key=lambda one: one.student)
    found += [one for week in weeks for one in _without_result(course, week, graded[week.folder])]
    found += [one for week in weeks for one in _without_time(course, week)]
    for student, path in out_of_place(course):
        found.append(Todo(NOWHERE, student=shown(student), where=shown(str(course.step("submitted", path)))))
    collected = [one for one in _collected(course, weeks) if not any(_is_said(one, other) for other in found)]
    return found + collected + _unplaced(course.root / MAPPING)


def _cells(book: Book, week: Week) -> list[Todo]:
    rows = book.rows(
        "select submitted_assignment.student_id, notebook.name, base_cell.name, grade.manual_score,"
        f" {MOST}, submitted_notebook.id from {OF_GRADES}"
        " where assignment.name = :week and grade.needs_manual_grade"
        " order by notebook.name, base_cell.name, submitted_assignment.student_id",
        week=week.folder,
    )
    about = book.course.decisions.about_scores(week.folder)
    return [
        Todo(
            WORTHLESS if not most else WRITTEN if score is None else AGAIN,
            week.folder,
            notebook,
            cell.removeprefix("test_"),
            student,
            "" if score is None or not most else f"your score of {score:g} was kept; the work was graded again since",
            f"/formgrader/submissions/{submission}/?index=0",
        )
        for student, notebook, cell, score, most, submission in rows
        if not ruling(about, student, f"{notebook}/{cell}", most=most, waits=True, scored=score is not None)
    ]


def _seen(book: Book, week: Week) -> set[tuple[str, str]]:
    """Students and notebooks in which a person has given a score."""
    scores = book.scores(week.folder)
    return {
        (student, name)
        for student, notebooks in scores.items()
        for name, cells in notebooks.items()
        if any(cell.manual is not None for cell in cells.values())
    }


def _to_look_at(course: Course, week: Week, seen: set[tuple[str, str]], graded: set[str]) -> Iterator[Todo]:
    """Notebooks that earned nothing though a file is there, and files of which it is not clear that they count.

    Who has a result is put into `graded`.
    """
    unreadable: list[Path] = []
    # One file may be the reason of several notebooks: it is one line, and one look is enough.
    not_read: dict[tuple[str, str], list[Kept]] = {}
    looked_at: set[tuple[str, str]] = set()
    for kept in Store(course.desk_folder).all(week.folder, unreadable):
        name = kept.data["name"]
        graded.add(kept.student)
        if _is_not_read(kept):
            reason = (kept.student, _reason(kept.data))
            not_read.setdefault(reason, []).append(kept)
            looked_at |= {reason} if (kept.student, name) in seen else set()
            continue
        if (kept.student, name) in seen:
            continue
        found = list(kept.ask)
        if kept.data["status"] not in _SELF_SAID:
            found.insert(0, (NOT_GRADED, _reason(kept.data)))
        elif kept.data["status"] == GRADED and _is_zero(kept.data):
            found.insert(0, (ZERO, _commonest_hint(kept.data)))
        elif behind := _not_reached(kept.data):
            found.insert(0, (NOT_REACHED, f"{', '.join(behind)}: the notebook was ended before"))
        for why, said in found:
            yield Todo(why, week.folder, name, "", kept.student, said, str(kept.place))
    for reason, together in not_read.items():
        if reason not in looked_at:
            names = ", ".join(one.data["name"] for one in together)
            yield Todo(NOT_GRADED, week.folder, names, "", *reason, str(together[0].place))
    for student, notebook, why in without_page(course, week.folder):
        yield Todo(NO_PAGE, week.folder, notebook, "", student, why, f"{student}/{week.folder}/{notebook}.ipynb")
    for place in unreadable:
        yield Todo(NOT_GRADED, week.folder, place.stem, "", place.parent.name, "grade it again: no result", str(place))


def _not_reached(result: dict) -> list[str]:
    """The exercises for which nothing was asked, because the notebook had ended before."""
    return [
        name.removeprefix("test_")
        for name, part in result["parts"].items()
        if part["outcomes"] and all(one["hint"] in NEVER_ASKED for one in part["outcomes"])
    ]


def _without_result(course: Course, week: Week, graded: set[str]) -> Iterator[Todo]:
    """What was handed in and has no result: it is refused as a whole, or was put there after the week was graded."""
    for student in students_with_work(course, week):
        refused = refusal(course, week, student)
        if refused or (graded and student not in graded):
            why, what = (NOT_GRADED, f"refused: {refused}") if refused else (WAITING, "run `grader grade`")
            where = course.step("submitted", student, week.folder)
            yield Todo(why, week.folder, student=shown(student), detail=what, where=shown(str(where)))


def _without_time(course: Course, week: Week) -> Iterator[Todo]:
    """Submissions whose `timestamp.txt` says no time: nothing else makes them late."""
    for student in students_with_work(course, week):
        folder = course.step("submitted", student, week.folder)
        _, trouble = read_timestamp(folder)
        if trouble:
            detail = f"{trouble}. {TAKEN_AS_IN_TIME}".rstrip(".")
            yield Todo(
                NO_TIME, week.folder, student=shown(student), detail=detail, where=shown(str(folder / TIMESTAMP))
            )


def _is_not_read(kept: Kept) -> bool:
    return kept.data["status"] == "not_read"


def _counted(result: dict) -> list[dict]:
    """The cells whose points count and that no person has to read."""
    return [part for part in result["parts"].values() if not part["manual"] and not part["practice"]]


def _is_zero(result: dict) -> bool:
    parts = _counted(result)
    return any(part["max_points"] for part in parts) and not any(part["points"] for part in parts)


def _commonest_hint(result: dict) -> str:
    hints = Counter(one["hint"] for part in _counted(result) for one in part["outcomes"] if one["hint"])
    return hints.most_common(1)[0][0] if hints else ""


def _reason(result: dict) -> str:
    said = " ".join(result["notes"])
    return f"{result['status'].replace('_', ' ')}: {said}" if said else result["status"].replace("_", " ")


def _is_said(one: Todo, other: Todo) -> bool:
    """Whether the result that a student got says the same as the line of `collected.csv`."""
    return (one.week, one.student) == (other.week, other.student) and one.detail in other.detail


def _unplaced(mapping: Path) -> list[Todo]:
    """Lines of `mapping.csv` that nobody has filled in."""
    if not mapping.exists():
        return []
    rows = [row for row in read_csv(mapping)[1:] if row and row[0] and not "".join(row[1:2]).strip()]
    return [Todo(UNPLACED, detail=row[0], where=str(mapping)) for row in rows]


def _collected(course: Course, weeks: list[Week]) -> list[Todo]:
    """What `grader collect` could not take in as a whole, or had to choose."""
    named, place = {week.folder for week in weeks}, str(course.root / TROUBLES)
    return [
        Todo(COLLECTED, line.week, student=line.label, detail=line.what, where=place)
        for line in read_troubles(course.root)
        if line.week in named
    ]
