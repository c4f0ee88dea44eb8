"""Builds the canonical notebook from matched cells: every mark of the course comes from the released notebook."""

from dataclasses import dataclass, field

from nbformat.notebooknode import NotebookNode, from_dict

from grader.judge.repair.matching import CellMatch, Sketch
from grader.judge.repair.names import defined_names, needed_names
from grader.judge.repair.released import NOTES_ID, ReleasedCell

DEFAULT_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
FORMAT, MINOR = 4, 5  # of nbformat: the first in which cells have ids
GIVEN = frozenset({"given", "loose"})
PLACEHOLDER = '# The solution cell "{}" was not in the notebook that was handed in.'


@dataclass
class Slot:
    """A place in the repaired notebook: a released part, or a cell of the student's own (`part` is None)."""

    cell: NotebookNode
    part: int | None = None
    names: frozenset[str] = frozenset()  # what student code in it defines


@dataclass
class Repairs:
    """What assembling had to do, as lists of grade_ids; notes are written from it."""

    restored: list[str] = field(default_factory=list)  # locked cells whose source was not the released one
    retyped: list[str] = field(default_factory=list)  # solutions that had been turned into another kind
    put_back: list[str] = field(default_factory=list)  # locked cells that were not there
    missing: list[str] = field(default_factory=list)  # solution cells that are not there
    newly_missing: list[str] = field(default_factory=list)  # those of them that an earlier repair had not marked
    moved: list[str] = field(default_factory=list)  # test cells that stood before their solution
    doubled: list[str] = field(default_factory=list)  # parts that were there more than once
    dropped: int = 0  # unchanged copies of locked cells and of stubs
    kept_edits: list[str] = field(default_factory=list)  # edits of locked cells that define names of their own


class Assembler:
    """Puts the repaired notebook together; `run` returns it, and `repairs` tells what was done."""

    def __init__(self, cells: list[Sketch], parts: list[ReleasedCell], match: CellMatch, owners: dict[int, int]):
        self.cells, self.parts, self.match, self.owners = cells, parts, match, owners
        self.slots: list[Slot] = []
        self.repairs = Repairs()
        self._copied = {cell: part for part, copies in match.copies.items() for cell in copies}
        self._given = frozenset().union(*(part.names for part in parts if part.locked))
        # Locked cells are there anyway and stubs define nothing: a copy adds nothing, and that of a stub may undo much.
        self._idle = {
            (part.kind, part.text)
            for part in parts
            if part.text and (part.locked or (part.role == "solution" and part.kind == "code"))
        }

    def run(self) -> list[NotebookNode]:
        """The cells of the repaired notebook, in order, ready to execute."""
        for index in range(len(self.cells)):
            self._place_submitted(index)
        self._add_missing()
        self._put_tests_after_solutions()
        self._give_unique_ids()
        return [slot.cell for slot in self.slots]

    def _place_submitted(self, index: int) -> None:
        """Append what becomes of one submitted cell."""
        cell, part_index = self.cells[index], self.match.part_of.get(index)
        if part_index is None:
            self._place_extra(index)
            return
        part = self.parts[part_index]
        if part.locked:
            self._place_locked(cell, part, part_index)
        else:
            self._place_written(cell, part, part_index)

    def _place_extra(self, index: int) -> None:
        """A cell of the student's own: kept as an ordinary one, unless it is an idle copy of a released cell."""
        cell = self.cells[index]
        copied = self._copied.get(index)
        if copied is not None:
            self.repairs.doubled.append(self.parts[copied].id)
        if (cell.kind, cell.text) in self._idle or (copied is not None and cell.text == self.parts[copied].text):
            self.repairs.dropped += 1
            return
        self.slots.append(Slot(plain_cell(cell), None, cell.names))

    def _place_locked(self, cell: Sketch, part: ReleasedCell, part_index: int) -> None:
        """The released cell. Names that only the student's edit of it defines stay defined, by a cell before it."""
        if (cell.kind, cell.text) != (part.kind, part.text):
            self.repairs.restored.append(part.id)
            if cell.names - part.names and (cell.kind, cell.text) not in self._idle:
                self.repairs.kept_edits.append(part.id)
                self.slots.append(Slot(plain_cell(cell), None, cell.names))
        self.slots.append(Slot(released_cell(part), part_index))

    def _place_written(self, cell: Sketch, part: ReleasedCell, part_index: int) -> None:
        """The student's source under the released marks."""
        kept = released_cell(part)
        kept.source = cell.source
        _attach(kept, cell)
        names = cell.names if cell.text != part.text else frozenset()  # an empty stub defines nothing
        if cell.kind != part.kind:
            self.repairs.retyped.append(part.id)
            names = defined_names(cell.source) if part.kind == "code" else frozenset()
        if part.skipped and names - part.names - self._given:
            # The student works in this demonstration: what it defines may be needed below. Not so what a locked cell
            # gives: a switch that was turned in a demonstration (another data set) changes nothing in grading.
            kept.metadata["tags"] = [tag for tag in kept.metadata["tags"] if tag != "skip-grading"]
        if part.role == "solution" and part.kind == "code" and cell.text == PLACEHOLDER.format(part.grade_id):
            self.repairs.missing.append(part.id)
        self.slots.append(Slot(kept, part_index, names))

    def _add_missing(self) -> None:
        """Put back, in released order, every cell with a grade_id that is not there."""
        for index, part in enumerate(self.parts):
            if part.grade_id is None or self._position(index) is not None:
                continue
            cell = released_cell(part)
            if part.role == "solution":
                self.repairs.missing.append(part.id)
                self.repairs.newly_missing.append(part.id)
                if part.kind == "code":
                    cell.source = PLACEHOLDER.format(part.grade_id)
            else:
                self.repairs.put_back.append(part.id)
            self.slots.insert(self._place_for(index), Slot(cell, index))

    def _place_for(self, index: int) -> int:
        """Where a missing part goes. A test goes as late as it can, so that the student's own cells count for it."""
        part = self.parts[index]
        if part.role == "test":
            owner = self.owners.get(index)
            start = self._position(owner) if owner is not None else None
            return self._after_own_cells(self._after_previous(index) if start is None else start + 1)
        if part.role == "solution" and part.kind == "code":
            return self._place_for_solution(index)
        if part.role == "given" and part.kind == "code":
            return self._place_for_given(index)
        return self._after_previous(index)

    def _place_for_given(self, index: int) -> int:
        """Before all that is written, among its like, since a student may have put everything into one cell; but after
        the solutions that it needs, unless the student has taken it over along with them."""
        part, needed = self.parts[index], needed_names(self.parts[index].cell.source)
        written = [slot for slot in self.slots if slot.part is None or self.parts[slot.part].role == "solution"]
        taken_over = any(part.names and part.names <= slot.names for slot in written)
        after = [
            self._position(before)
            for before in range(index)
            if self.parts[before].role == "solution" and self.parts[before].names & needed and not taken_over
        ]
        return max([self._after_previous(index, GIVEN), *(at + 1 for at in after if at is not None)])

    def _place_for_solution(self, index: int) -> int:
        """After the cell that defines its names, if there is one; else before its test; else where it was."""
        own_test = next((test for test, owner in self.owners.items() if owner == index), None)
        at = self._position(own_test) if own_test is not None else None
        home = self._where_defined(self.parts[index], len(self.slots) if at is None else at)
        if home is not None:
            return home + 1
        return self._after_previous(index) if at is None else at

    def _where_defined(self, part: ReleasedCell, test: int) -> int | None:
        """Position of the last cell before `test` that defines most of the part's names, else of the first after."""
        shares = {at: len(slot.names & part.names) for at, slot in enumerate(self.slots) if slot.names & part.names}
        before = [at for at in shares if at < test]
        if before:
            return max(before, key=lambda at: (shares[at], at))
        return max(shares, key=lambda at: (shares[at], -at), default=None)

    def _after_previous(self, index: int, roles: frozenset[str] | None = None) -> int:
        """Right after the nearest part (of these roles) that comes before it in the released notebook and is there."""
        for previous in range(index - 1, -1, -1):
            at = self._position(previous)
            if at is not None and (roles is None or self.parts[previous].role in roles):
                return at + 1
        return 0

    def _after_own_cells(self, start: int) -> int:
        """The first position from `start` on that no cell of the student's own holds."""
        while start < len(self.slots) and self.slots[start].part is None:
            start += 1
        return start

    def _put_tests_after_solutions(self) -> None:
        for test, owner in self.owners.items():
            at, home = self._position(test), self._position(owner)
            if at is not None and home is not None and at < home:
                self.slots.insert(home, self.slots.pop(at))  # popping moved the solution to home - 1
                self.repairs.moved.append(self.parts[test].id)

    def _position(self, part: int) -> int | None:
        return next((at for at, slot in enumerate(self.slots) if slot.part == part), None)

    def _give_unique_ids(self) -> None:
        """Released cells have their ids; the student's keep theirs if it is free, else get a number.

        Not free is the id of the notes that grading puts on top.
        """
        taken = {part.id for part in self.parts} | {NOTES_ID}
        number = 0
        for slot in self.slots:
            if slot.part is not None:
                continue
            while not slot.cell.id or slot.cell.id in taken:
                number += 1
                slot.cell.id = f"own-{number}"
            taken.add(slot.cell.id)


def released_cell(part: ReleasedCell) -> NotebookNode:
    """A fresh copy of a released cell, without outputs."""
    cell = from_dict(part.cell)
    cell.id = part.id
    if cell.cell_type == "code":
        cell.outputs, cell.execution_count = [], None
    return cell


def plain_cell(cell: Sketch) -> NotebookNode:
    """A cell of the student's own, without any mark; its id is settled later."""
    # Not by nbformat.v4.new_code_cell and the like, which validate each cell, slowly, with its id still open.
    made = NotebookNode(cell_type=cell.kind, id=next(iter(cell.ids), ""), metadata=NotebookNode(), source=cell.source)
    if cell.kind == "code":
        made.update(outputs=[], execution_count=None)
    _attach(made, cell)
    return made


def _attach(made: NotebookNode, cell: Sketch) -> None:
    """Add the student's attachments to a cell that may have some."""
    if cell.attachments and made.cell_type != "code":
        theirs = {name: NotebookNode(bundle) for name, bundle in cell.attachments.items()}
        made.attachments = NotebookNode({**made.get("attachments", {}), **theirs})


def notebook_of(cells: list[NotebookNode], released: NotebookNode) -> NotebookNode:
    """A notebook in the current format around `cells`, with the released notebook's own metadata."""
    metadata = from_dict(released.metadata)
    if metadata.get("kernelspec", {}).get("name") != "python3":
        metadata["kernelspec"] = NotebookNode(DEFAULT_KERNEL)
    metadata.setdefault("language_info", NotebookNode(name="python"))
    # Not by v4.new_notebook, which validates every cell again: ours are valid by the way they are made.
    return NotebookNode(nbformat=FORMAT, nbformat_minor=MINOR, metadata=metadata, cells=cells)
