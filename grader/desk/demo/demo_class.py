"""The made-up class of the demo: 24 submissions of homework 1, each with the score it must get.

Made from the reference, right solutions written differently, the catalogue of mistakes, and what goes wrong with files
and processes. An expected score follows from how a submission was made, never from grading it.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode

from grader.judge.grading.spec import NotebookSpec, load_mistakes, load_notebook, read_cells, reference_cells
from grader.judge.rehearsal.rehearsal import filled

WEEK, NOTEBOOK = "week01_backprop", "backprop"
REWRITES = ("einsum", "loops", "helper_cells", "gradients_on_the_object")
MISTAKES_SHOWN = 5


@dataclass(frozen=True)
class Pupil:
    """One submission of the class: who, what it is, the file, and what grading must give."""

    student: str
    about: str
    content: bytes
    points: float
    status: str = "graded"
    name: str = f"{NOTEBOOK}.ipynb"


class _Maker:
    """Notebooks for the class, from the released one."""

    def __init__(self, repo: Path, released: NotebookNode) -> None:
        self.repo, self.released = repo, released
        self.spec: NotebookSpec = load_notebook(repo, WEEK, NOTEBOOK)
        self.reference = reference_cells(repo, WEEK, NOTEBOOK)
        self.full = self.spec.max_points

    def notebook(self, cells: dict | None = None, extra: Sequence[tuple[str, str, str]] = ()) -> NotebookNode:
        """The reference with other `cells` (by grade_id) and `extra` ones (where, grade_id, source)."""
        return filled(self.released, {**self.reference, **(cells or {})}, extra)

    def points_of(self, *solutions: str) -> float:
        """What the exercises named are worth."""
        points = {cell.grade_id: cell.points for cell in self.spec.cells}
        return sum(points[f"test_{name}"] for name in solutions)

    def stub(self, *names: str) -> dict:
        """The cells of these exercises as they were handed out."""
        sources = {cell.id: cell.source for cell in self.released.cells}
        return {name: sources[name] for name in names}


def made_up_class(repo: Path, released: NotebookNode) -> list[Pupil]:
    """All 24, in the order of the table."""
    make = _Maker(repo, released)
    return [*_right(make), *_wrong(make), *_odd_files(make), *_hostile(make)]


def _right(make: _Maker) -> Iterator[Pupil]:
    yield Pupil("ada", "the reference", _bytes(make.notebook()), make.full)
    folder = make.repo / "tests" / "right_solutions" / WEEK / NOTEBOOK
    for student, name in zip(("blaise", "chien-shiung", "Дмитрий", "émilie"), REWRITES, strict=True):
        cells, extra = read_cells(folder / f"{name}.py")
        notebook = make.notebook(cells, extra)
        yield Pupil(student, f"right, written differently: {name.replace('_', ' ')}", _bytes(notebook), make.full)


def _wrong(make: _Maker) -> Iterator[Pupil]:
    students = ("fatima", "grace", "hedy", "isaac", "jagadish")
    for student, mistake in zip(students, _chosen_mistakes(make), strict=True):
        notebook = make.notebook({mistake.cell: mistake.apply(make.reference)})
        points = make.full - sum(mistake.loses.values())
        yield Pupil(student, f"mistake: {mistake.about}", _bytes(notebook), points)
    unwritten = [name for name in make.reference if name not in ("relu", "dense")]
    half = make.notebook(make.stub(*unwritten))
    yield Pupil("katherine", "only the first two exercises", _bytes(half), make.points_of("relu", "dense"))
    yield Pupil("leonhard", "as handed out, nothing written", _bytes(make.released), 0.0)


def _chosen_mistakes(make: _Maker) -> list:
    """One mistake for each of the first exercises that has any: the class should not all fail at the same place."""
    by_cell: dict[str, list] = {}
    for mistake in load_mistakes(make.repo, WEEK, NOTEBOOK):
        by_cell.setdefault(mistake.cell, []).append(mistake)
    rows = [row[0] for row in by_cell.values()]
    return (rows + [mistake for row in by_cell.values() for mistake in row[1:]])[:MISTAKES_SHOWN]


def _odd_files(make: _Maker) -> Iterator[Pupil]:
    solved, full = make.notebook(), make.full
    yield Pupil("mary", "renamed by a browser", _bytes(solved), full, name=f"Copy of {NOTEBOOK} (1).ipynb")
    yield Pupil("niels", "cell metadata and ids stripped", _bytes(_stripped(solved)), full)
    yield Pupil("olga", "a test cell and a solution twice", _bytes(_doubled(solved)), full)
    yield Pupil("o'brien", "saved as nbformat 3", _bytes(_as_version_3(solved)), full)
    yield Pupil("paul", "file cut off in the middle", _bytes(solved)[: len(_bytes(solved)) // 2], 0.0, "broken")
    yield Pupil("rosalind", "empty file", b"", 0.0, "empty")
    other = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("print('shopping list')", id="a")])
    yield Pupil("sofia", "another notebook under this name", _bytes(other), 0.0, "wrong_notebook")


def _hostile(make: _Maker) -> Iterator[Pupil]:
    def with_cell(source: str, after: str) -> bytes:
        return _bytes(make.notebook(extra=[("after", after, source)]))

    first_three = make.points_of("relu", "dense", "forward")
    # First by name, so that the others are graded while its time runs out.
    loops = with_cell("while True:\n    pass", "test_forward")
    yield Pupil("abel", "an endless loop in a cell of its own", loops, make.full)
    exits = with_cell("import os\nos._exit(0)", "test_forward")
    yield Pupil("uriah", "ends its own process after three exercises", exits, first_three)
    prints = with_cell("print('spam ' * 10_000_000)", "test_forward")
    yield Pupil("victor", "prints 50 MB", prints, make.full)
    takes = with_cell("import numpy\nhoard = numpy.ones(6 * 2**27)", "test_forward")
    yield Pupil("wernher", "takes 6 GB of memory", takes, make.full)
    steals = make.notebook(
        {"dense": _THIEF.format(place=str(make.repo / "solutions" / WEEK / NOTEBOOK / "reference.py"))}
    )
    lost = make.points_of("dense", "accuracy")
    yield Pupil("yuri", "reads the reference instead of writing dense", _bytes(steals), make.full - lost)


_THIEF = """import re
with open({place!r}) as file:
    exec(re.search(r"# %% dense\\n(.*?)\\n# %%", file.read(), re.DOTALL).group(1))
"""


def _bytes(notebook: NotebookNode) -> bytes:
    return (json.dumps(notebook, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _stripped(notebook: NotebookNode) -> NotebookNode:
    """As an editor leaves it that knows no metadata."""
    notebook = copy.deepcopy(notebook)
    notebook.metadata = nbformat.from_dict({})
    notebook.nbformat_minor = 4
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({})
        cell.pop("id", None)
    return notebook


def _doubled(notebook: NotebookNode) -> NotebookNode:
    """A solution and a test cell pasted a second time below themselves."""
    notebook = copy.deepcopy(notebook)
    for cell_id in ("dense", "test_dense"):
        index = next(index for index, cell in enumerate(notebook.cells) if cell.id == cell_id)
        twin = copy.deepcopy(notebook.cells[index])
        twin.id = f"{cell_id}-again"
        notebook.cells.insert(index + 1, twin)
    return notebook


def _as_version_3(notebook: NotebookNode) -> NotebookNode:
    return nbformat.convert(copy.deepcopy(notebook), 3)
