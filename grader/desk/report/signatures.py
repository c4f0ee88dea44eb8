"""Whose numbers were solved: the names typed in quizzes, held against those who handed them in.

Every name has questions of the same difficulty, so another name is no advantage by itself; but two who type the same
name have the same answers. The report lists what is odd, and a person decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from grader.checks.quiz.personal_numbers import NoName, normalised
from grader.desk.course.roster import Person, folded
from grader.desk.grade.results import Kept


@dataclass(frozen=True)
class OddName:
    """A student whose quizzes carry a name that a person should look at, and why."""

    student: str
    typed: tuple[str, ...]
    why: str


def odd_names(kept: Mapping[str, Mapping[str, Kept]], people: Iterable[Person]) -> list[OddName]:
    """The odd ones among the names typed, by student.

    Odd is a name that someone else typed too or answers to, several names of one student, and, where the roster tells
    what the student is called, another name than that.
    """
    typed = {who: names for who in sorted(kept) if (names := _typed(kept[who].values()))}
    keys = _keys(typed, people)
    listed = {person.id for person in people if person.name}
    shared = defaultdict(set)
    for who, names in typed.items():
        for name in names:
            shared[name].add(who)
    odd = []
    for who, names in typed.items():
        why = [_why(who, name, shared[name] - {who}, keys, who in listed, as_typed) for name, as_typed in names.items()]
        why += ["several names in one submission"] if len(names) > 1 else []
        if any(why):
            odd.append(OddName(who, tuple(names.values()), "; ".join(dict.fromkeys(filter(None, why)))))
    return odd


def _typed(results: Iterable[Kept]) -> dict[str, str]:
    """{name as it counts: name as typed} of one student's notebooks."""
    parts = [part for result in results for part in result.data["parts"].values()]
    signed = [outcome.get("signed") for part in parts for outcome in part["outcomes"]]
    return {_counting(name): name for name in signed if name}


def _counting(name: str) -> str:
    """The name as it counts. What is shown was cut to a length, so it may be none any more."""
    try:
        return normalised(name)
    except NoName:
        return name


def _keys(typed: Iterable[str], people: Iterable[Person]) -> dict[str, set[str]]:
    """What everybody answers to: by the roster, or else the id alone."""
    return {who: folded(who) for who in typed} | {person.id: person.keys for person in people}


def _why(who: str, name: str, sharing: set[str], keys: Mapping[str, set[str]], listed: bool, as_typed: str) -> str:
    """Why a name is odd for this student, or nothing."""
    if sharing:
        return f"the same name, and so the same numbers, as {', '.join(sorted(sharing))}"
    spellings = folded(as_typed)
    if spellings & keys[who]:
        return ""
    others = sorted(other for other, own in keys.items() if other != who and spellings & own)
    if others:
        return f"the name of {', '.join(others)}"
    return "not the name in the roster" if listed else ""
