"""Every version of every file that was handed in, kept: `attempts/<student>/<week>/`.

The same content under the same name is one attempt, at the earliest time it was seen. Which of them counts is decided
anew at each collecting, so that an extension given later brings back an attempt that was too late before.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from grader.desk.collect.notebook_names import Handed, match
from grader.desk.collect.submissions import is_notebook
from grader.desk.course.deadlines import Due, LateRule
from grader.desk.errors import DeskError
from grader.desk.files import digest, write_atomically

ATTEMPTS = "attempts"
INDEX = "index.json"


@dataclass(frozen=True)
class Attempt:
    """One version of one file: `name` is its path inside the submission, `when` is None if nothing tells."""

    name: str
    when: datetime | None
    origin: str
    content: str

    @property
    def order(self) -> tuple:
        """An attempt of unknown time is taken as the earliest; the order of equals does not depend on the machine."""
        return (self.when.timestamp() if self.when else 0.0, self.name, self.content)


class Attempts:
    """The attempts of one student for one week."""

    def __init__(self, root: Path, student: str, week: str):
        self.folder = root / ATTEMPTS / student / week
        self.all: list[Attempt] = self._read()
        self._new: dict[str, bytes] = {}

    def add(self, name: str, data: bytes, when: datetime | None, origin: str, sure: bool = False) -> bool:
        """Keep a version; False when it is known already. A time that is `sure` replaces the one known."""
        content = digest(data)[:32]
        for number, known in enumerate(self.all):
            if (known.name, known.content) == (name, content):
                if sure or (when and known.when and when < known.when):
                    self.all[number] = Attempt(name, when, origin, content)
                return False
        self.all.append(Attempt(name, when, origin, content))
        self._new[content] = data
        return True

    def data(self, attempt: Attempt) -> bytes:
        return self._new.get(attempt.content) or (self.folder / attempt.content).read_bytes()

    def save(self) -> None:
        """Contents before the index that names them: a run killed in between leaves nothing half."""
        for content, data in self._new.items():
            write_atomically(self.folder / content, data)
        rows = [{**vars(one), "when": one.when and one.when.isoformat()} for one in sorted(self.all, key=_order)]
        write_atomically(self.folder / INDEX, json.dumps(rows, ensure_ascii=False, indent=1))

    def _read(self) -> list[Attempt]:
        place = self.folder / INDEX
        if not place.exists():
            return []
        try:
            rows = json.loads(place.read_text(encoding="utf-8"))
            return [Attempt(**{**row, "when": row["when"] and datetime.fromisoformat(row["when"])}) for row in rows]
        except (ValueError, TypeError, KeyError) as error:
            raise DeskError(
                f"{place} cannot be read: {error}.", "Put back a copy, or move it away and collect this student again."
            ) from None


def _order(attempt: Attempt) -> tuple:
    return attempt.order


def that_count(attempts: Iterable[Attempt], notebooks: Sequence[str], due: Due, rule: LateRule) -> list[Attempt]:
    """One attempt for each notebook and each other file.

    The last one before the deadline; if there is none, the last before the hard deadline; else the last of all.
    Different names of one notebook (`hw.ipynb`, `hw (2).ipynb`) are attempts at the same.
    """
    groups: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        groups[_what(attempt.name, notebooks)].append(attempt)
    return [_last(group, due, rule) for _, group in sorted(groups.items())]


def _what(name: str, notebooks: Sequence[str]) -> str:
    """The notebook that a file is by its own name, or the file itself."""
    if is_notebook(name) and "/" not in name:
        taken = match([Handed(name)], [*notebooks, "\0"]).taken  # two notebooks: a foreign name is not paired with one
        return next(iter(taken), name)
    return name


def _last(group: Sequence[Attempt], due: Due, rule: LateRule) -> Attempt:
    for until in (due.soft, due.hard):
        if until is not None:
            in_time = [one for one in group if one.when is None or one.when <= until + rule.grace]
            if in_time:
                return max(in_time, key=_order)
    return max(group, key=_order)
