"""What a second release changes in a notebook that students have, and how the gradebook is made ready for it.

Work that was handed in stays gradable because everything is matched by grade_id: a cell whose text changed is the same
cell, a new exercise is one that earlier submissions have not done, and a graded cell that is gone would take scores
with it, so that is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader import api, utils

from grader.desk.addresses import sqlite_file
from grader.desk.course.facts import Course, Week
from grader.desk.gradebook.book import Book
from grader.desk.gradebook.nbgrader_settings import course_directory
from grader.desk.gradebook.retry import error_messages
from grader.desk.release.links import SETUP_ID

# Changes that a student who has begun should be told of, in words.
NEW, TEXT, POINTS, GONE = "new", "text changed", "points changed", "gone"


@dataclass(frozen=True)
class CellChange:
    """One cell that differs from the last release."""

    notebook: str
    cell: str
    what: str

    def __str__(self) -> str:
        return f"{self.notebook}: {self.cell}: {self.what}"


def changes_of(course: Course, week: Week, folder: Path) -> list[CellChange]:
    """What differs between the notebooks in `folder` and those last released; nothing for a first release."""
    found = []
    for notebook in week.notebooks:
        old = course.step("release", week.folder, f"{notebook.name}.ipynb")
        new = folder / f"{notebook.name}.ipynb"
        if old.exists() and new.exists():
            found += _compare(notebook.name, _read(old), _read(new))
    return found


def _compare(name: str, old: NotebookNode, new: NotebookNode) -> list[CellChange]:
    before, after = _cells(old), _cells(new)
    found = [CellChange(name, cell, NEW) for cell in after if cell not in before]
    found += [CellChange(name, cell, GONE) for cell in before if cell not in after]
    for cell in after.keys() & before.keys():
        # The set-up cell is the release's own, and holds its number: it differs each time.
        if cell != SETUP_ID and before[cell].source != after[cell].source:
            found.append(CellChange(name, cell, TEXT))
        was, now = _points(before[cell]), _points(after[cell])
        if was != now:
            found.append(CellChange(name, cell, f"{POINTS} from {was:g} to {now:g}"))
    return sorted(found, key=lambda change: (change.notebook, change.cell, change.what))


def _cells(nb: NotebookNode) -> dict[str, NotebookNode]:
    return {cell.metadata.get("nbgrader", {}).get("grade_id") or cell.get("id", ""): cell for cell in nb.cells}


def _points(cell: NotebookNode) -> float:
    data = cell.metadata.get("nbgrader", {})
    return float(data.get("points", 0)) if data.get("grade") else 0.0


def _read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def refusals(course: Course, week: Week, folder: Path) -> list[str]:
    """Graded cells that would be lost although students have scores for them."""
    place = sqlite_file(course_directory(course).db_url)
    if place and not place.exists():
        return []
    with Book(course, new_too=True) as book, error_messages(book.url):
        scored = _scored(book, week)
    gone = {(change.notebook, change.cell) for change in changes_of(course, week, folder) if change.what == GONE}
    return [
        f"{week.folder}/{notebook}: the graded cell {cell!r} is gone, and students have scores for it"
        for notebook, cell in sorted(gone & scored)
    ]


def _scored(book: Book, week: Week) -> set[tuple[str, str]]:
    """Graded cells of notebooks that somebody has handed in."""
    return {
        (notebook.name, cell.name)
        for notebook in _handed_in(book, week)
        for cell in (*notebook.grade_cells, *notebook.task_cells)
    }


def _handed_in(book: Book, week: Week) -> Iterable:
    assignment = book.session.query(api.Assignment).filter(api.Assignment.name == week.folder).one_or_none()
    return [notebook for notebook in assignment.notebooks if notebook.submissions] if assignment else []


def make_room(course: Course, week: Week, folder: Path) -> None:
    """Let nbgrader's release find the cells that it expects where submissions exist.

    nbgrader refuses any other set of cells then. New ones are entered beforehand, without scores; given cells that are
    gone are taken out. Scores are not touched.
    """
    with Book(course, new_too=True) as book, error_messages(book.url):
        for notebook in _handed_in(book, week):
            nb = _read(folder / f"{notebook.name}.ipynb")
            cells = {cell.metadata.nbgrader.grade_id: cell for cell in nb.cells if cell.metadata.get("nbgrader")}
            _enter_new(book, notebook, cells)
            for row in notebook.source_cells:
                if row.name not in cells:
                    book.session.delete(row)
        book.session.commit()


def _enter_new(book: Book, notebook: api.SourceNotebook, cells: dict[str, NotebookNode]) -> None:
    graded = {row.name for row in notebook.grade_cells}
    solutions = {row.name for row in notebook.solution_cells}
    sources = {row.name for row in notebook.source_cells}
    for name, cell in cells.items():
        kind = {"cell_type": cell.cell_type}
        if utils.is_grade(cell) and name not in graded:
            points = float(cell.metadata.nbgrader["points"])
            book.session.add(api.GradeCell(name=name, notebook=notebook, max_score=points, **kind))
        if utils.is_solution(cell) and name not in solutions:
            book.session.add(api.SolutionCell(name=name, notebook=notebook))
        if (utils.is_grade(cell) or utils.is_solution(cell) or utils.is_locked(cell)) and name not in sources:
            book.session.add(
                api.SourceCell(name=name, notebook=notebook, source=cell.source, locked=utils.is_locked(cell), **kind)
            )
