"""What one graded cell counts: as it was graded, and as the instructor has decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from grader.desk.course.decisions import FULL, OUT, Decision, ruling


@dataclass(frozen=True)
class Score:
    """What the gradebook holds for one graded cell of one student. `decided` with `most`: what counts instead."""

    auto: float | None
    manual: float | None
    extra: float | None
    needs_person: bool
    decided: Decision | None = None
    most: float = 0.0

    @property
    def graded(self) -> float:
        """A person's score wins over the automatic one, as in nbgrader."""
        given = self.auto if self.manual is None else self.manual
        return (given or 0.0) + (self.extra or 0.0)

    @property
    def points(self) -> float:
        """What counts."""
        if self.decided is None:
            return self.graded
        if self.decided.what == OUT:
            return 0.0
        if self.decided.what == FULL:
            return max(self.graded, self.most)
        return self.graded if self.manual is not None else self.decided.points

    @property
    def is_unread(self) -> bool:
        """Nobody has judged it yet, so it counts nothing, which is not a 0."""
        return self.needs_person and self.auto is None and self.manual is None


def as_decided(score: Score, about: Iterable[Decision], student: str, exercise: str, most: float) -> Score:
    """The score under the decisions about its week; `exercise` is `notebook/grade_id`."""
    one = ruling(about, student, exercise, most=most, waits=score.needs_person, scored=score.manual is not None)
    return replace(score, decided=one, most=most, needs_person=False) if one else score
