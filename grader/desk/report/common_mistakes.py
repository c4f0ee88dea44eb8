"""A class grouped by diagnosed mistake: how many made it, in which exercises, where to look at it, what to repeat.

Mistakes are told apart by their codes, never by the words of a hint. What the general rules find, and what authors have
given a code of its own, is one mistake in whatever exercise; the rest is counted by exercise, or by hidden test.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from grader.checks.diagnosis import diagnose
from grader.desk.course.facts import Course, Week

EXAMPLES = 3
FEWEST = 2  # students that make a mistake one of the class
SHARE = 0.1  # of the class that makes a topic worth repeating
MOST_TOPICS = 4
# Codes that mean the same in every exercise, and those that mean the same within one.
EVERYWHERE = (diagnose.CODES | {"another_number", "argument_changed", "not_defined", "rounding", "stopped"}) - {
    "named",
    "type",
}
IN_AN_EXERCISE = frozenset({"crash", "exception", "timeout", "type", "undigested"})
# What to repeat, by the topic of a mistake, see grader.judge.authoring.topics.
TOPICS = {
    "batch_mean": "where the mean over the batch enters, and that it enters once",
    "matrix_shapes": "the shapes of a matrix product: write them under the formula",
    "axes": "axes, broadcasting and the shape of a gradient",
    "step_sign": "the sign of a step: downhill is minus the gradient",
    "in_place": "arrays are shared: operations in place, views and copies",
    "overflow": "numbers that overflow, and how a formula is made stable",
    "eps_and_root": "where eps and the root stand in an adaptive step",
    "relu_mask": "the derivative of ReLU: a mask made of its input",
    "chain_rule": "the chain rule: every layer multiplies by what comes from above",
    "optimiser_state": "what an optimiser remembers between steps, and when it is updated",
    "batch_statistics": "batch normalisation: which statistics when, and what depends on the input",
    "order_of_cells": "running a notebook from the top: names and the order of cells",
    "returned_types": "what a function returns, and of which type",
    "product_rule": "product and chain rule on paper: every term once",
}


@dataclass(frozen=True)
class Diagnosed:
    """One mistake. examples: a few students, with the page on which it is seen, or None. topic: a key of `TOPICS`."""

    text: str
    exercises: tuple[str, ...]
    students: tuple[str, ...]
    examples: tuple[tuple[str, Path | None], ...]
    topic: str = ""


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
    groups: dict[tuple[str, ...], list[tuple[str, str, str, dict]]] = defaultdict(list)
    for failure in failures:
        _, notebook, grade_id, outcome = failure
        if outcome["code"] != "not_written":
            groups[group_of(notebook, grade_id, outcome)].append(failure)
    found = [_diagnosed(course, week, failures) for failures in groups.values()]
    found = [one for one in found if len(one.students) >= FEWEST]
    return sorted(found, key=lambda one: (-len(one.students), one.text))


def _diagnosed(course: Course, week: Week, failures: list[tuple[str, str, str, dict]]) -> Diagnosed:
    """The mistake of one group, under the words that most of it was told."""
    texts = Counter(outcome.get("mistake") or outcome["hint"] for *_, outcome in failures)
    topics_named = Counter(outcome.get("topic", "") for *_, outcome in failures)
    students = tuple(sorted({who for who, *_ in failures}))
    exercises = tuple(dict.fromkeys(grade_id.removeprefix("test_") for _, _, grade_id, _ in failures))
    shown = {who: notebook for who, notebook, *_ in reversed(failures)}
    examples = tuple((who, page_of(course, week, who, shown[who])) for who in students[:EXAMPLES])
    return Diagnosed(texts.most_common(1)[0][0], exercises, students, examples, topics_named.most_common(1)[0][0])


def group_of(notebook: str, grade_id: str, outcome: dict) -> tuple[str, ...]:
    """What two lost properties have in common when the mistake behind them is the same."""
    kind, _, detail = outcome["code"].partition(":")
    if kind in EVERYWHERE or (kind == "named" and detail[:1].isalpha()):
        return (outcome["code"],)
    if kind in IN_AN_EXERCISE:
        return (outcome["code"], notebook, grade_id)
    return (outcome["code"], notebook, grade_id, outcome["name"], outcome.get("place", ""))


def topics(found: list[Diagnosed], graded: int) -> list[Topic]:
    """What to repeat in the next class: what a tenth of the class at least would have needed, the most first."""
    helped: dict[str, set[str]] = defaultdict(set)
    first: dict[str, str] = {}
    for one in found:
        name = TOPICS.get(one.topic)
        if name:
            helped[name] |= set(one.students)
            first.setdefault(name, one.text)
    least = max(FEWEST, SHARE * graded)
    chosen = [Topic(name, len(who), first[name]) for name, who in helped.items() if len(who) >= least]
    return sorted(chosen, key=lambda topic: (-topic.students, topic.name))[:MOST_TOPICS]


def page_of(course: Course, week: Week, student: str, notebook: str) -> Path | None:
    """The feedback page; the graded notebook where there is no page; None without either."""
    feedback = course.step("feedback", student, week.folder, f"{notebook}.html")
    graded = course.step("autograded", student, week.folder, f"{notebook}.ipynb")
    return next((path for path in (feedback, graded) if path.exists()), None)


def way(target: Path, folder: Path) -> str:
    """A link to a file from a page in `folder`."""
    return quote(Path(os.path.relpath(target, folder)).as_posix())
