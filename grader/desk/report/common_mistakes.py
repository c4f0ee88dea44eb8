"""A class grouped by diagnosed mistake: how many made it, in which exercises, where to look at it, what to repeat.

A mistake is what the hint calls likely, or else what it has seen, with the quantity it was seen in and all numbers left
out: averaging over the batch is one mistake, in whatever exercise and in whatever week's notebook.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from grader.checks.diagnosis.diagnose import CODES
from grader.desk.course.facts import Course, Week

EXAMPLES = 3
FEWEST = 2  # students that make a mistake one of the class
SHARE = 0.1  # of the class that makes a topic worth repeating
MOST_TOPICS = 4
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
# What to repeat when a mistake's text holds one of the words, the first row that fits.
TOPICS = (
    (
        r"averaged over the batch|summed over the batch|batch_size|mean .*sum|sum .*mean",
        "where the mean over the batch enters, and that it enters once",
    ),
    (
        r"transpose|\.T\b|inner sizes|wrong order|other order",
        "the shapes of a matrix product: write them under the formula",
    ),
    (
        r"broadcast|keepdims|axis|shape",
        "axes, broadcasting and the shape of a gradient",
    ),
    (
        r"minus sign|climbs|subtract|\bsign\b",
        "the sign of a step: downhill is minus the gradient",
    ),
    (
        r"in place|changed by the call|work on a copy",
        "arrays are shared: operations in place, views and copies",
    ),
    (
        r"exp of more|overflow|log\(0\)|nan|inf\b|stable",
        "numbers that overflow, and how a formula is made stable",
    ),
    (
        r"\beps\b|square root|the root",
        "where eps and the root stand in an adaptive step",
    ),
    (
        r"mask|kink|let through|slope 1 at|not >=|the sign of the input",
        "the derivative of ReLU: a mask made of its input",
    ),
    (
        r"chain rule|gradient of the layer above|grad_output",
        "the chain rule: every layer multiplies by what comes from above",
    ),
    (
        r"velocity|state|kept|moment|before the step|off by one step|corrected|old ",
        "what an optimiser remembers between steps, and when it is updated",
    ),
    (
        r"mean and variance|statistics|running",
        "batch normalisation: which statistics when, and what depends on the input",
    ),
    (
        r"not defined|spelling|was not run",
        "running a notebook from the top: names and the order of cells",
    ),
    (
        r"without a return|None|np.array\(\.\.\.\)|a list|a tuple|parts",
        "what a function returns, and of which type",
    ),
    (
        r"factor 2|term|product of two",
        "product and chain rule on paper: every term once",
    ),
)


@dataclass(frozen=True)
class Diagnosed:
    """One mistake. examples: a few students, with the page on which it is seen, or None."""

    text: str
    exercises: tuple[str, ...]
    students: tuple[str, ...]
    examples: tuple[tuple[str, Path | None], ...]


@dataclass(frozen=True)
class Topic:
    """What to repeat: for how many students it would have helped, and their commonest mistake."""

    name: str
    students: int
    mistake: str


def diagnosed(course: Course, week: Week, failures: Iterable[tuple[str, str, str, dict]]) -> list[Diagnosed]:
    """The mistakes of two students or more, the most frequent first.

    failures: (student, notebook, grade_id, outcome) of lost properties.
    """
    groups: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    words: dict[str, str] = {}
    for who, notebook, grade_id, outcome in failures:
        if outcome["code"] != "not_written":
            text = mistake_in(outcome["hint"], outcome["code"])
            key = _NUMBER.sub("#", text).lower()
            words.setdefault(key, text)
            groups[key].append((who, notebook, grade_id.removeprefix("test_")))
    found = []
    for key, places in groups.items():
        students = tuple(sorted({who for who, _, _ in places}))
        exercises = tuple(dict.fromkeys(exercise for _, _, exercise in places))
        shown = {who: notebook for who, notebook, _ in reversed(places)}
        examples = [(who, page_of(course, week, who, shown[who])) for who in students[:EXAMPLES]]
        found.append(Diagnosed(words[key], exercises, students, tuple(examples)))
    found = [one for one in found if len(one.students) >= FEWEST]
    return sorted(found, key=lambda one: (-len(one.students), one.text))


def mistake_in(hint: str, code: str) -> str:
    """ "averaged over the batch" of "gradient of weights: yours is ...; likely averaged over the batch"."""
    hint = " ".join(hint.split())
    before, likely, after = hint.rpartition("likely ")
    if likely and (not before or before.endswith((": ", "; "))):
        return after
    what, colon, seen = hint.partition(": ")
    return seen if colon and code in CODES else hint


def topics(found: list[Diagnosed], graded: int) -> list[Topic]:
    """What to repeat in the next class: what a tenth of the class at least would have needed, the most first."""
    helped: dict[str, set[str]] = defaultdict(set)
    first: dict[str, str] = {}
    for one in found:
        name = topic_of(one.text)
        if name:
            helped[name] |= set(one.students)
            first.setdefault(name, one.text)
    least = max(FEWEST, SHARE * graded)
    chosen = [Topic(name, len(who), first[name]) for name, who in helped.items() if len(who) >= least]
    return sorted(chosen, key=lambda topic: (-topic.students, topic.name))[:MOST_TOPICS]


def topic_of(text: str) -> str:
    """What a mistake is about; empty if no row of the table fits."""
    return next((name for words, name in TOPICS if re.search(words, text)), "")


def page_of(course: Course, week: Week, student: str, notebook: str) -> Path | None:
    """The feedback page; the graded notebook where there is no page; None without either."""
    feedback = course.step("feedback", student, week.folder, f"{notebook}.html")
    graded = course.step("autograded", student, week.folder, f"{notebook}.ipynb")
    return next((path for path in (feedback, graded) if path.exists()), None)


def way(target: Path, folder: Path) -> str:
    """A link to a file from a page in `folder`."""
    return quote(Path(os.path.relpath(target, folder)).as_posix())
