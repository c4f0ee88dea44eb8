"""What grading one notebook gives, as plain data."""

import json
from dataclasses import dataclass, field

import nbformat

from grader.judge.grading.examiner import Outcome

GRADED = "graded"
DIGITS = 6


@dataclass(frozen=True)
class Part:
    """The score of one graded cell. ``manual`` parts are for a person: no points until then."""

    points: float
    max_points: float
    bonus: bool = False
    practice: bool = False
    manual: bool = False
    outcomes: tuple[Outcome, ...] = ()

    @property
    def hints(self):
        return [outcome.hint for outcome in self.outcomes if outcome.hint]


@dataclass
class NotebookResult:
    """The grade of one submitted notebook.

    Attributes:
        week, name: the notebook.
        status: ``graded``, ``missing``, or why nothing could be graded (``broken``, ``empty``, ``wrong_notebook``).
        parts: ``Part`` by grade_id of the graded cell, in the notebook's order.
        notes: sentences for the student: what was repaired, which limits were hit.
        nb: the graded notebook, or None where there is none.
        timings: seconds by phase.
    """

    week: str
    name: str
    status: str
    parts: dict
    notes: list = field(default_factory=list)
    nb: nbformat.NotebookNode | None = None
    timings: dict = field(default_factory=dict)

    @property
    def points(self):
        return round(sum(part.points for part in self.parts.values()), DIGITS)

    @property
    def max_points(self):
        return round(sum(part.max_points for part in self.parts.values()), DIGITS)

    def to_json(self):
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
            "nb": None if self.nb is None else text_of(self.nb),
        }

    @classmethod
    def from_json(cls, data):
        parts = {}
        for grade_id, part in data["parts"].items():
            outcomes = tuple(Outcome(**outcome) for outcome in part["outcomes"])
            parts[grade_id] = Part(**{**part, "outcomes": outcomes})
        nb = None if data["nb"] is None else nbformat.v4.reads_json(data["nb"])
        return cls(data["week"], data["name"], data["status"], parts, data["notes"], nb, data["timings"])


def text_of(nb):
    """A notebook's file: in one line and unchecked, which takes a tenth of nbformat's time."""
    return json.dumps(nb, ensure_ascii=False, sort_keys=True)
