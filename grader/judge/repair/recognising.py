"""Which notebook of a week a file is, by what is in it: grade_ids, ids of cells, names of solutions.

Signs that several notebooks of the week have say nothing. The surest kind that speaks for one decides. A file that
holds the cells of two is neither by its content, and so is one that cannot be read.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from nbformat.notebooknode import NotebookNode

from grader.judge.repair import read_notebook
from grader.judge.repair.cells import SubmittedCell, read_cells
from grader.judge.repair.json_object import Unreadable
from grader.judge.repair.names import defined_names
from grader.judge.repair.released import ReleasedCell, normal, parts_of

ENOUGH, A_FEW = 0.25, 2  # share of a notebook's signs, or their number, that makes a file this notebook
CLEARLY = 2  # times the share of any other notebook
# In the JSON that every editor writes; within a text the quotes would be escaped.
_GRADE_ID = re.compile(rb'"grade_id"\s{0,8}:\s{0,8}"([a-zA-Z0-9_-]{1,64})"')


@dataclass
class Signs:
    """What a notebook is known by, `kinds` from the surest on."""

    grade_ids: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    @property
    def kinds(self) -> tuple[frozenset[str], ...]:
        return self.grade_ids, self.ids, self.names


class Recogniser:
    """Knows the released notebooks of a week, by name; they must not change."""

    def __init__(self, released: Mapping[str, NotebookNode]) -> None:
        self.parts = {name: parts_of(nb) for name, nb in released.items()}
        found = {name: _of_released(parts) for name, parts in self.parts.items()}
        self.signs = {
            name: _apart(signs, [found[other] for other in found if other != name]) for name, signs in found.items()
        }

    def look(self, data: bytes) -> "Look":
        """A file's bytes, not looked at yet."""
        return Look(data, self)


@dataclass
class Look:
    """What a file turns out to be; read as far as it is asked for."""

    data: bytes
    by: Recogniser = field(repr=False)

    @cached_property
    def notebook(self) -> str | None:
        """The notebook that the file clearly is."""
        marks = frozenset(found.decode() for found in _GRADE_ID.findall(self.data))
        found = self._clearest(Signs(grade_ids=marks))
        return found or self._clearest(_of_cells(self.cells))

    @cached_property
    def cells(self) -> list[SubmittedCell]:
        """Its cells; none of a file that cannot be read."""
        parts = [part for known in self.by.parts.values() for part in known]
        try:
            return read_cells(read_notebook(self.data, parts)[0])[0]
        except Unreadable:
            return []

    def is_worked_on(self, name: str) -> bool:
        """Whether a solution of this notebook is other than it was given."""
        given = {part.text for part in self.by.parts.get(name, ())}
        ids = {part.grade_id or part.id for part in self.by.parts.get(name, ()) if part.role == "solution"}
        names = self.by.signs[name].names if name in self.by.signs else frozenset()
        return any(
            normal(cell.source) not in given
            and (ids.intersection([cell.grade_id, *cell.ids]) or names & defined_names(cell.source))
            for cell in self.cells
        )

    def _clearest(self, signs: Signs) -> str | None:
        for kind, ours in enumerate(signs.kinds):
            theirs = {name: one.kinds[kind] for name, one in self.by.signs.items()}
            hits = {name: len(ours & one) for name, one in theirs.items()}
            shares = {name: hits[name] / len(one) if one else 0.0 for name, one in theirs.items()}
            best = max(shares, key=lambda name: shares[name], default=None)
            others = max((share for name, share in shares.items() if name != best), default=0.0)
            if best is None or shares[best] < CLEARLY * others:
                continue
            if shares[best] >= ENOUGH or hits[best] >= A_FEW:
                return best
        return None


def _apart(signs: Signs, others: list[Signs]) -> Signs:
    """The signs that none of the others has."""
    kinds = [ours.difference(*(one.kinds[kind] for one in others)) for kind, ours in enumerate(signs.kinds)]
    return Signs(*kinds)


def _of_released(parts: list[ReleasedCell]) -> Signs:
    return Signs(
        frozenset(part.grade_id for part in parts if part.grade_id),
        frozenset(part.cell.get("id", part.id) for part in parts),
        frozenset().union(*(part.names for part in parts if part.role == "solution")),
    )


def _of_cells(cells: list[SubmittedCell]) -> Signs:
    return Signs(
        frozenset(cell.grade_id for cell in cells if cell.grade_id),
        frozenset(one for cell in cells for one in cell.ids),
        frozenset().union(*(defined_names(cell.source) for cell in cells if cell.kind == "code")),
    )
