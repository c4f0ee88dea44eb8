"""What must hold before a week goes out: course.toml, notebooks and hidden tests agree, and nothing secret is in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader.nbgraderformat import MetadataValidator

from grader.checks.exercise import model_answers
from grader.desk.course.facts import FACTS, Course, Notebook, Week
from grader.desk.release.exercise_points import give_points
from grader.judge.grading.spec import NotebookSpec, SpecError, load_notebook

KINDS = ("points", "bonus", "practice")


def problems(course: Course, week: Week) -> list[str]:
    """Everything that is wrong with the week, each in a sentence that names the file and the cell."""
    folder = course.repo / week.folder
    if not folder.is_dir():
        return [f"There is no folder {folder}, which {FACTS} lists."]
    found = _unlisted(week, folder)
    for notebook in week.notebooks:
        path = folder / f"{notebook.name}.ipynb"
        if path.exists():
            found += _notebook_problems(course, week, notebook, path)
        else:
            found.append(f"{path} does not exist, but {FACTS} lists it.")
    return found


def _unlisted(week: Week, folder: Path) -> list[str]:
    listed = {f"{notebook.name}.ipynb" for notebook in week.notebooks}
    return [
        f"{path} is not listed in {FACTS}: add a [[weeks.notebooks]] table for it."
        for path in sorted(folder.glob("*.ipynb"))
        if path.name not in listed
    ]


def _notebook_problems(course: Course, week: Week, notebook: Notebook, path: Path) -> list[str]:
    try:
        nb = nbformat.read(path, as_version=4)
        nbformat.validate(nb)
        MetadataValidator().validate_nb(nb)
    except Exception as error:
        return [f"{path} is not a valid notebook: {' '.join(str(error).split())[:300]}."]
    found = _cells(path, nb)
    try:
        spec = load_notebook(course.repo, week.folder, notebook.name)
    except SpecError as error:
        return [*found, f"{error}."]
    except Exception as error:
        return [*found, f"The hidden tests of {path} cannot be read: {type(error).__name__}: {error}."]
    own = week.own_points(notebook.name)
    cannot = [f"{path}: its points cannot be others: {why}." for why in give_points(nb, own)]
    return found + _totals(path, notebook, spec, own) + cannot + _models(path, spec)


def _cells(path: Path, nb: NotebookNode) -> list[str]:
    ids = Counter(cell.get("id") for cell in nb.cells)
    found = [f"{path} has {count} cells with the id {name!r}." for name, count in ids.items() if count > 1]
    for cell in nb.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id and cell.id != grade_id:
            found.append(f"{path}: the cell {cell.id!r} has the grade_id {grade_id!r}; they must be the same.")
        if cell.cell_type == "code" and cell.outputs:
            found.append(f"{path}: the cell {cell.id!r} was saved with output; clear it.")
    return found


def _models(path: Path, spec: NotebookSpec) -> list[str]:
    """Model answers of exercises that are not practice: those are no student's before the course says so."""
    practice = {cell.grade_id.removeprefix("test_") for cell in spec.cells if cell.practice}
    place = model_answers.path_of(path)
    return [
        f"{place} holds the model answer of {name!r}, which is no practice exercise. Make it anew with "
        "`python -m tools.records`."
        for name in model_answers.models_beside(path)
        if name not in practice
    ]


def _totals(path: Path, notebook: Notebook, spec: NotebookSpec, own: Mapping[str, float]) -> list[str]:
    """The points by kind, in the cells and in course.toml."""
    cells = dict.fromkeys(KINDS, 0.0)
    for cell in spec.cells:
        kind = "bonus" if cell.bonus else "practice" if cell.practice else "points"
        cells[kind] += own.get(cell.grade_id, cell.points)
    return [
        f"{path}: its cells add up to {cells[kind]:g} {kind}, {FACTS} says {getattr(notebook, kind):g}."
        for kind in KINDS
        if abs(cells[kind] - getattr(notebook, kind)) > 1e-9
    ]
