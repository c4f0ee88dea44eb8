"""The marks that the last report showed, kept so that the next one says what is new: `.grader/last_report.json`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from grader.desk.files import write_atomically
from grader.desk.gradebook.moves import SMALLEST
from grader.desk.report.week_report import WeekReport

LAST = "last_report.json"


@dataclass(frozen=True)
class Changed:
    """What is new since a report: who was graded since, by week, and `(student, week, mark then, mark now)`.

    `decided`: how many lines of the log there were.
    """

    when: datetime
    graded: Mapping[str, list[str]]
    moved: list[tuple[str, str, float, float]] = field(default_factory=list)
    decided: int = 0


def changed_since(desk_folder: Path, weeks: Iterable[WeekReport]) -> Changed | None:
    """None where there was no report yet, or where what is kept of it cannot be read."""
    kept = _kept(desk_folder)
    if not kept:
        return None
    graded, moved = {}, []
    for one in weeks:
        before = kept["marks"].get(one.week.folder, {})
        new = [student.id for student in one.students if student.id not in before]
        if new:
            graded[one.week.folder] = new
        moved += [
            (student.id, one.week.folder, before[student.id], student.mark)
            for student in one.students
            if student.id in before and abs(before[student.id] - student.mark) > SMALLEST
        ]
    return Changed(datetime.fromisoformat(kept["when"]), graded, moved, kept["decisions"])


def remember(desk_folder: Path, weeks: Iterable[WeekReport], when: datetime, decisions: int) -> None:
    """Keep what this report shows; weeks that it does not show stay as they were shown last."""
    marks = _kept(desk_folder).get("marks", {})
    marks |= {one.week.folder: {student.id: round(student.mark, 9) for student in one.students} for one in weeks}
    kept = {"when": when.isoformat(), "decisions": decisions, "marks": marks}
    write_atomically(desk_folder / LAST, json.dumps(kept, ensure_ascii=False))


def _kept(desk_folder: Path) -> dict:
    try:
        kept = json.loads((desk_folder / LAST).read_text(encoding="utf-8"))
        datetime.fromisoformat(kept["when"])
        numbers = [mark for marks in kept["marks"].values() for mark in marks.values()]
        return kept if all(isinstance(one, int | float) for one in (*numbers, kept["decisions"])) else {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
