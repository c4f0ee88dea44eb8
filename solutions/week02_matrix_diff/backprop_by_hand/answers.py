"""Keys of sheets: an entry is right within 5e-5 of the exact value, or of what follows from the student's own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.questions import Question, Right
from grader.judge.authoring.keys import Case, key

WITHIN = 5e-5 * (1 + 1e-6)  # 0.00005 itself is still right, whatever rounding does to it


def no_mistakes(v: Mapping[str, np.ndarray]) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Entry:
    """One entry of a sheet, `what` the student calls it.

    follow(v): its value from the entries before it, {name: array}. mistakes(v): {text: the wrong value that this slip
    gives}.
    """

    what: str
    follow: Callable
    mistakes: Callable = no_mistakes

    def right(self, v: Mapping[str, np.ndarray]) -> Right:
        """What follows from these values, with the slips from there."""
        with np.errstate(all="ignore"):
            value = np.asarray(self.follow(v), dtype=float)
            wrong = {text: np.asarray(slip, dtype=float) for text, slip in self.mistakes(v).items()}
        wrong = {text: slip for text, slip in wrong.items() if slip.shape == value.shape and np.isfinite(slip).all()}
        return Right(value, self.what, wrong, rtol=0.0, atol=WITHIN, hidden=True)


class Sheet:
    """The entries of one part of the worksheet by name, in the order in which they are computed."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self.entries = dict(entries)
        self.exact: dict[str, np.ndarray] = {}
        for name, entry in self.entries.items():
            self.exact[name] = np.asarray(entry.follow(self.exact), dtype=float)

    def declare(self, questions: Mapping[tuple[str, ...], Question]) -> None:
        """The keys of the questions about this sheet, {names of entries: question}."""
        for names, asked in questions.items():
            self._declare(asked, [self.entries[name] for name in names])

    def _declare(self, asked: Question, entries: list[Entry]) -> None:

        @key(asked)
        class _:
            def draw(rng):
                return Case()

            def right(case):
                return [entry.right(self.exact) for entry in entries]

            def follow(case, answer):
                own = self.exact | {name: value for name, value in answer.items() if value is not None}
                return [entry.right(own) for entry in entries]
