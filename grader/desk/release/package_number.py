"""Which release of the package a notebook needs: a number that grows whenever what students install changes.

A set-up cell that finds a package with a smaller number updates it. A week keeps its number until the checks or its own
modules change, so that releasing the next week leaves its notebooks as they are.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from grader.desk.course.facts import Course, Week
from grader.desk.files import digest, write_atomically
from grader.desk.release.student_repository import modules

PLACE = "package.json"


@dataclass(frozen=True)
class Numbers:
    """The package's number, that which each week's notebooks need, and digests of what they were given for."""

    package: int
    weeks: dict[str, int]
    digests: dict[str, str]

    def save(self, course: Course) -> None:
        """Keep them for the next release."""
        write_atomically(course.desk_folder / PLACE, json.dumps(vars(self), indent=1))


def next_of(course: Course, weeks: Sequence[Week]) -> Numbers:
    """The numbers of a release after which students have `weeks`; nothing is written."""
    old = _kept(course)
    digests = {week.folder: _digest(course, [week]) for week in weeks}
    digests[""] = _digest(course, weeks)
    package = old.package + (old.digests.get("") != digests[""])
    same = {name for name in old.weeks if old.digests.get(name) == digests.get(name)}
    numbers = {name: old.weeks[name] if name in same else package for name in digests if name}
    return Numbers(package, numbers, digests)


def _kept(course: Course) -> Numbers:
    try:
        return Numbers(**json.loads((course.desk_folder / PLACE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return Numbers(0, {}, {})


def _digest(course: Course, weeks: Sequence[Week]) -> str:
    return digest(*(part for item in sorted(modules(course, weeks).items()) for part in item))
