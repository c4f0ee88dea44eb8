"""What grading one notebook gives, as plain data."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from nbformat.notebooknode import NotebookNode
from nbformat.v4.nbjson import reads

GRADED = "graded"
FAILED = "failed"  # by the grader itself, and waits for a person
NOT_SHOWN = "not_shown"  # graded, but what was handed in cannot be made safe to show
DIGITS = 6
TIME_USED_UP = "the time allowed for the whole notebook was used up before this cell"
ENDED_BEFORE = "the notebook's process had ended before this cell was reached"
NEVER_ASKED = (TIME_USED_UP, ENDED_BEFORE)  # the hints of tests that could not be asked


@dataclass(frozen=True)
class Outcome:
    """What came of one hidden test. ``passed`` only after an explicit pass; ``hint`` is empty then.

    ``code`` says what is wrong, whatever words tell it, and ``place`` which line of the hidden test found it;
    together they group equal mistakes in the report. ``mistake`` is what the report calls it (empty: the hint),
    ``topic`` what should be repeated in class. ``remark`` says of a passed test what a student should know of it.
    ``rank`` and ``rank_text`` are there when the test ranks submissions, the lowest first; ``signed`` is the name
    that the numbers of a personal question were drawn from. ``picture`` shows where a result is wrong, as ``error_map``
    of grader.checks.exercise.heat_map gives it.
    """

    name: str
    title: str
    passed: bool
    points: float
    max_points: float
    hint: str = ""
    code: str = "ok"
    seconds: float = 0.0
    rank: float | None = None
    rank_text: str = ""
    signed: str = ""
    place: str = ""
    mistake: str = ""
    topic: str = ""
    remark: str = ""
    picture: str = ""

    def to_json(self) -> dict[str, object]:
        return dict(vars(self))


@dataclass(frozen=True)
class CellResult:
    """The score of one graded cell. ``manual`` cells are for a person: no points until then."""

    points: float
    max_points: float
    bonus: bool = False
    practice: bool = False
    manual: bool = False
    outcomes: tuple[Outcome, ...] = ()

    @property
    def hints(self) -> list[str]:
        return [outcome.hint for outcome in self.outcomes if outcome.hint]


@dataclass
class NotebookResult:
    """The grade of one submitted notebook.

    Attributes:
        week, name: the notebook.
        status: ``graded``, ``not_shown`` (graded too), ``missing`` (no file), or why nothing could be graded
            (``broken``, ``empty``, ``wrong_notebook``, or ``not_read``: there are files, and none could be read as
            this notebook).
        parts: ``CellResult`` by grade_id of the graded cell, in the notebook's order.
        notes: sentences for the student: what was repaired, which limits were hit.
        nb: the graded notebook, or None where there is none.
        timings: seconds by phase.
        unanswered: grade_ids of the answer cells that are as they were released.
    """

    week: str
    name: str
    status: str
    parts: dict[str, CellResult]
    notes: list[str] = field(default_factory=list)
    nb: NotebookNode | None = None
    timings: dict[str, float] = field(default_factory=dict)
    unanswered: tuple[str, ...] = ()

    @property
    def points(self) -> float:
        return round(sum(part.points for part in self.parts.values()), DIGITS)

    @property
    def max_points(self) -> float:
        return round(sum(part.max_points for part in self.parts.values()), DIGITS)

    def to_json(self) -> dict:
        """Everything but the notebook and the timings is the same for the same input."""
        parts = {
            grade_id: {**vars(part), "outcomes": [outcome.to_json() for outcome in part.outcomes]}
            for grade_id, part in self.parts.items()
        }
        return {
            "week": self.week,
            "name": self.name,
            "status": self.status,
            "parts": parts,
            "notes": list(self.notes),
            "timings": dict(self.timings),
            "unanswered": list(self.unanswered),
            "nb": None if self.nb is None else text_of(self.nb),
        }

    @classmethod
    def from_json(cls, data: dict) -> NotebookResult:
        """What ``to_json`` gave."""
        parts = {}
        for grade_id, part in data["parts"].items():
            outcomes = tuple(Outcome(**outcome) for outcome in part["outcomes"])
            parts[grade_id] = CellResult(**{**part, "outcomes": outcomes})
        nb = None if data["nb"] is None else reads(data["nb"])
        about = {name: data[name] for name in ("week", "name", "status", "notes", "timings")}
        return cls(**about, parts=parts, nb=nb, unanswered=tuple(data["unanswered"]))


def read_own(path: str | Path) -> NotebookNode:
    """A notebook of the course's own; no release is made of one that nbformat finds anything wrong with."""
    return reads(Path(path).read_text(encoding="utf-8"))


def text_of(nb: NotebookNode) -> str:
    """A notebook's file: in one line and unchecked, which takes a tenth of nbformat's time."""
    return json.dumps(nb, ensure_ascii=False, sort_keys=True)
