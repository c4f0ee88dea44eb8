"""Which mutants of a notebook's reference get every point: `python -m tests.mutation.run WEEK NOTEBOOK [CELL ...]`."""

import sys
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.checks.questions.experiments import HangsError, ending
from grader.judge.grading.spec import load_notebook, reference_cells
from grader.judge.rehearsal.rehearsal import Checkpoints
from tests import mirror
from tests.mutation.mutants import mutants

REPO = Path(__file__).resolve().parents[2]
SECONDS = 3  # a mutant may loop for ever


@dataclass(frozen=True)
class Survivor:
    """A mutant that no hidden test noticed. `key` names it in the list of equivalent mutants."""

    cell: str
    change: str
    source: str

    @property
    def key(self) -> str:
        return f"{self.cell}: {self.change}"


def survivors(week: str, name: str, cells: list[str] | None = None) -> Iterator[Survivor | None]:
    """One item a mutant, in order: a Survivor, or None for one that was noticed.

    A mutant is asked first what belongs to its own cell, in this process, which notices most of them in a few
    milliseconds; then as grading does, and all that follows, only if it gets through that.
    """
    reference = code_cells(week, name)
    tests = load_notebook(REPO, week, name).tests
    with Checkpoints(week, name, reference, question_seconds=SECONDS) as checkpoints:
        whole = checkpoints.rehearse().total
        for cell, source in reference.items():
            if cells and cell not in cells:
                continue
            own = f"test_{cell}" if f"test_{cell}" in tests else None
            for mutant in mutants(source):
                noticed = noticed_here(week, name, cell, mutant.source)
                noticed = noticed or own and checkpoints.rehearse({cell: mutant.source}, until=own).total < whole
                noticed = noticed or checkpoints.rehearse({cell: mutant.source}).total < whole
                yield None if noticed else Survivor(cell, mutant.change, mutant.source)


def noticed_here(week: str, name: str, cell: str, source: str) -> bool:
    """Does a question of the cell's own fail with this source, or hang? No process of its own, and no hint."""
    if (week, name) not in mirror.NOTEBOOKS or f"test_{cell}" in mirror.TRAINED:
        return False
    own = [key for key in mirror.keys(week, name) if key.asked.cell == f"test_{cell}"]
    try:
        with ending(SECONDS):
            names = mirror.namespace(week, name, {cell: source}, {f"test_{cell}"}) if own else {}
            return not all(mirror.graded(key, names, 0) for key in own)
    except HangsError:
        return True


def code_cells(week: str, name: str) -> dict[str, str]:
    """The reference cells that are code: not the written answers."""
    code = {cell.id for cell in load_notebook(REPO, week, name).released.cells if cell.cell_type == "code"}
    return {cell: source for cell, source in reference_cells(REPO, week, name).items() if cell in code}


def main() -> None:
    week, name, *cells = sys.argv[1:]
    warnings.simplefilter("ignore")
    started, count, left = time.monotonic(), 0, 0
    for found in survivors(week, name, cells):
        count += 1
        if found:
            left += 1
            print(found.key, flush=True)
    print(f"{week}/{name}: {left} of {count} mutants get every point; {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
