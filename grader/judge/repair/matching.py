"""Which cell of a submission is which cell of the released notebook.

The surest sign decides first: nbgrader's grade_id, the cell's own id, the very same text, the names it defines, the
same words, its place between neighbours that are known. No sign is trusted further than this: what a cell may do,
and what it is worth, comes from the released notebook.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from grader.judge.repair.cells import SubmittedCell
from grader.judge.repair.names import defined_names
from grader.judge.repair.released import ReleasedCell, likeness, normal, test_owners, tokens

LIKE_ENOUGH = 0.6
FEW_TOKENS = 5  # a cell of fewer words is like too many others


class Sketch(SubmittedCell):
    """A submitted cell with what matching wants to know of it, computed when first asked for."""

    @cached_property
    def names(self) -> frozenset[str]:
        """All names it defines."""
        return defined_names(self.source) if self.kind == "code" else frozenset()

    @cached_property
    def text(self) -> str:
        return normal(self.source)

    @cached_property
    def tokens(self) -> frozenset[str]:
        return tokens(self.source)


@dataclass
class CellMatch:
    """`part_of[cell index]` is a part index and the other way round in `cell_of`; `copies[part index]` are further
    cells that claim to be the same part; `how[part index]` is the sign that decided."""

    part_of: dict[int, int] = field(default_factory=dict)
    cell_of: dict[int, int] = field(default_factory=dict)
    copies: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    how: dict[int, str] = field(default_factory=dict)

    def join(self, cell: int, part: int, how: str) -> None:
        self.part_of[cell], self.cell_of[part], self.how[part] = part, cell, how


class Matcher:
    """Matches `cells` to `parts`; `run` goes through the signs in order."""

    def __init__(self, cells: list[SubmittedCell], parts: list[ReleasedCell]) -> None:
        self.cells = [Sketch(**vars(cell)) for cell in cells]
        self.parts = parts
        self.owners = test_owners(parts)
        self.match = CellMatch()
        self._free = dict.fromkeys(range(len(cells)))  # a set that keeps its order

    def run(self) -> CellMatch:
        self._by_claim("grade_id", lambda cell: (cell.grade_id,))
        self._by_claim("id", lambda cell: cell.ids)
        self._by_text(lambda part: part.role != "solution")
        self._by_likeness(lambda part: part.locked or part.skipped)
        self._by_names()
        self._by_claim("grade_id", lambda cell: (cell.grade_id,), any_kind=True)
        self._by_claim("id", lambda cell: cell.ids, any_kind=True)
        self._by_text(lambda part: part.role == "solution")
        self._by_likeness(lambda part: part.role == "solution")
        self._by_place()
        self._settle_tests()
        return self.match

    def _open_parts(self) -> list[int]:
        return [index for index in range(len(self.parts)) if index not in self.match.cell_of]

    def _join(self, cell: int, part: int, how: str) -> None:
        self.match.join(cell, part, how)
        self._free.pop(cell, None)

    def _join_one_of(self, group: list[int], part: int, how: str) -> None:
        """Join the best of several cells that claim to be `part`; the rest are its copies."""
        chosen = self._best_copy(group, self.parts[part])
        self._join(chosen, part, how)
        for cell in group:
            if cell != chosen:
                self.match.copies[part].append(cell)
                self._free.pop(cell, None)

    def _best_copy(self, group: list[int], part: ReleasedCell) -> int:
        """Of a locked cell the first; of a solution the last that defines its names and is not the empty stub."""
        if part.role != "solution":
            return group[0]
        filled = [cell for cell in group if self.cells[cell].text != part.text] or group
        defining = [cell for cell in filled if self.cells[cell].names & part.names] or filled
        return defining[-1]

    def _by_claim(self, how: str, claims_of: Callable[[Sketch], Iterable[str | None]], any_kind: bool = False) -> None:
        """Join by an identifier the cell carries.

        A locked cell may have been turned into another kind, since it is restored anyway. A solution turned into
        text is believed only after its names were looked for in other cells: it may have been put aside.
        """
        claims = defaultdict(list)
        for cell in self._free:
            for claim in claims_of(self.cells[cell]):
                claims[claim].append(cell)
        for index in self._open_parts():
            part = self.parts[index]
            key = part.grade_id if how == "grade_id" else part.id
            if not key:
                continue
            lenient = part.locked or (any_kind and part.role == "solution")
            group = [
                cell
                for cell in dict.fromkeys(claims.get(key, []))
                if cell in self._free and (lenient or self.cells[cell].kind == part.kind)
            ]
            if group:
                self._join_one_of(group, index, how)

    def _by_text(self, wanted: Callable[[ReleasedCell], bool]) -> None:
        """Join cells whose text is exactly the released one; parts of equal text are joined in order."""
        cells_with = defaultdict(list)
        for cell in self._free:
            cells_with[self.cells[cell].kind, self.cells[cell].text].append(cell)
        parts_with = defaultdict(list)
        for index in self._open_parts():
            if wanted(self.parts[index]) and self.parts[index].text:
                parts_with[self.parts[index].kind, self.parts[index].text].append(index)
        for key, alike in parts_with.items():
            group = cells_with.get(key, [])
            for part, cell in zip(alike, group, strict=False):
                self._join(cell, part, "text")
            for cell in group[len(alike) :] if self.parts[alike[-1]].role != "loose" else ():
                self.match.copies[alike[-1]].append(cell)
                self._free.pop(cell)

    def _by_names(self) -> None:
        """Join solution cells by the names they define, best candidate first."""
        for index in self._open_solutions():
            candidates = self._candidates(index)
            if candidates:
                low, high = self._window(index)
                part = self.parts[index]
                self._join(max(candidates, key=lambda cell: self._rank(cell, part, low, high)), index, "names")

    def _open_solutions(self) -> list[int]:
        return [index for index in self._open_parts() if self.parts[index].role == "solution"]

    def _candidates(self, index: int) -> list[int]:
        """Free cells that define a name of the part, less the last ones if later parts define the same names."""
        part, (low, _) = self.parts[index], self._window(index)
        candidates = [cell for cell in self._free if self.cells[cell].names & part.names]
        rivals = [
            other
            for other in self._open_solutions()
            if other > index and self.parts[other].names & part.names and self._window(other)[0] == low
        ]
        filled = [cell for cell in candidates if self.cells[cell].text != part.text]
        for_others = filled[max(1, len(filled) - len(rivals)) :]
        return [cell for cell in candidates if cell not in for_others]

    def _rank(self, cell: int, part: ReleasedCell, low: int, high: int) -> tuple:
        """Filled in, in its place, complete; then the last before its test cell, else the first after it."""
        coverage = len(self.cells[cell].names & part.names) / len(part.names)
        in_place = low < cell < high
        filled = self.cells[cell].text != part.text
        return filled, in_place and coverage >= 0.5, coverage, in_place, cell < high, cell if cell < high else -cell

    def _window(self, part: int) -> tuple[int, int]:
        """Positions between which `part` belongs: known neighbours, and after it its own test cell if that is known."""
        known = self.match.cell_of
        own = [known[test] for test, owner in self.owners.items() if owner == part and test in known]
        low, high = self._gap(part)
        return low, own[0] if own else high

    def _by_likeness(self, wanted: Callable[[ReleasedCell], bool]) -> None:
        """Join cells that were edited by the words they share with the released ones."""
        pairs = []
        for index in self._open_parts():
            part = self.parts[index]
            if wanted(part) and len(part.tokens) >= FEW_TOKENS:
                alike = ((likeness(part.tokens, self.cells[cell].tokens), cell) for cell in self._same_kind(part))
                pairs += [(-share, index, cell) for share, cell in alike if share >= LIKE_ENOUGH]
        for _, index, cell in sorted(pairs):  # the most alike first
            if index not in self.match.cell_of and cell in self._free:
                self._join(cell, index, "likeness")

    def _by_place(self) -> None:
        """Join solutions that nothing else gives away with what stands between their known neighbours."""
        for index in self._open_solutions():
            low, high = self._gap(index)
            between = {index - 1, index + 1} <= self.match.cell_of.keys()
            here = [
                cell
                for cell in self._same_kind(self.parts[index])
                if low < cell < high and self._may_be_an_answer(cell, between)
            ]
            if here:
                self._join(here[0], index, "place")

    def _gap(self, part: int) -> tuple[int, int]:
        """Positions of the nearest known cells of any role before and after `part`."""
        before = [index for index in self.match.cell_of if index < part]
        after = [index for index in self.match.cell_of if index > part]
        low = self.match.cell_of[max(before)] if before else -1
        high = self.match.cell_of[min(after)] if after else len(self.cells)
        return low, high

    def _may_be_an_answer(self, cell: int, between: bool) -> bool:
        """Code has to define something, unless both neighbours of the part are known."""
        sketch = self.cells[cell]
        return bool(sketch.text) and (sketch.kind != "code" or between or bool(sketch.names))

    def _same_kind(self, part: ReleasedCell) -> Iterable[int]:
        return (cell for cell in self._free if self.cells[cell].kind == part.kind)

    def _settle_tests(self) -> None:
        """Of a test cell's copies keep the first that stands after its solution, if one does."""
        for test, owner in self.owners.items():
            if not self.match.copies.get(test) or owner not in self.match.cell_of:
                continue
            group = sorted([self.match.cell_of[test], *self.match.copies[test]])
            solution = self.match.cell_of[owner]
            chosen = next((cell for cell in group if cell > solution), group[0])
            del self.match.part_of[self.match.cell_of[test]]
            self.match.join(chosen, test, self.match.how[test])
            self.match.copies[test] = [cell for cell in group if cell != chosen]
