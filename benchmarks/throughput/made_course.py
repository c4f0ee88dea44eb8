"""A course of homework 1 alone, and a class that hands in valid, different submissions of it."""

import copy
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import nbformat

from grader.desk.course.facts import load_course
from grader.desk.release.release import release
from grader.judge.grading.spec import read_cells, reference_cells
from grader.judge.rehearsal.rehearsal import filled

REPO = Path(__file__).resolve().parents[2]
WEEK, NOTEBOOK = "week01_backprop", "backprop"
FACTS = """\
[course]
id = "benchmark"
title = "Homework 1"
repository = "example/backprop"
branch = "main"
package = "backprop-grader"

[limits]
cell_seconds = 60
submission_seconds = 300

[[weeks]]
folder = "{week}"
title = "Homework 1"

[[weeks.notebooks]]
name = "{notebook}"
title = "Homework 1"
kind = "homework"
points = {points}
bonus = {bonus}
practice = 0
"""


@dataclass(frozen=True)
class Class:
    """A released course with ``students`` submissions of the full ``points`` each, bonus included."""

    root: Path
    students: int
    points: float


def make_class(root, students, *, demonstrations=False, first=0, alike=False):
    """Make the course in the new folder ``root``, release it and let ``students`` hand in; returns a ``Class``.

    ``demonstrations``: take the tag off the cells that grading may skip, so that all of them are run. ``first``: the
    number of the first student; other numbers, other submissions. ``alike``: all hand in the reference.
    """
    root = Path(root)
    for folder in (Path(WEEK), Path("solutions") / WEEK / NOTEBOOK):
        shutil.copytree(REPO / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    for path in (root / WEEK).glob("*.ipynb"):
        if path.stem != NOTEBOOK:
            path.unlink()
    for folder in ("solutions", f"solutions/{WEEK}"):
        (root / folder / "__init__.py").touch()
    _copy_what_students_get(root)
    facts = next(
        notebook
        for week in load_course(REPO).weeks
        for notebook in week.notebooks
        if (week.folder, notebook.name) == (WEEK, NOTEBOOK)
    )
    (root / "course.toml").write_text(
        FACTS.format(week=WEEK, notebook=NOTEBOOK, points=facts.points, bonus=facts.bonus)
    )
    _prepare_notebook(root / WEEK / f"{NOTEBOOK}.ipynb", demonstrations)
    course = load_course(root)
    _synchronise(course)
    release(course, [course.week(WEEK)])
    released = nbformat.read(course.step("release", WEEK, f"{NOTEBOOK}.ipynb"), as_version=4)
    variants = _variants(released)[: 1 if alike else None]
    for number in range(first, first + students):
        _hand_in(root, number, variants[number % len(variants)])
    return Class(root, students, facts.points + facts.bonus)


def _copy_what_students_get(root):
    for name in ("README.md", "LICENSE", "pyproject.toml"):
        shutil.copy(REPO / name, root / name)
    for name in ("LICENSE-TEXT", "LICENSES"):
        if (REPO / name).is_file():
            shutil.copy(REPO / name, root / name)
    shutil.copytree(REPO / "grader", root / "grader", ignore=shutil.ignore_patterns("__pycache__"))


def _prepare_notebook(path, demonstrations):
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if demonstrations and "tags" in cell.metadata:
            cell.metadata["tags"] = [tag for tag in cell.metadata["tags"] if tag != "skip-grading"]
    nbformat.write(notebook, path)


def _synchronise(course):
    from grader.desk.release.links import synchronise

    synchronise(course, list(course.weeks))


def _variants(released):
    """The reference and every right solution written differently, as notebooks."""
    reference = reference_cells(REPO, WEEK, NOTEBOOK)
    found = [filled(released, reference)]
    for path in sorted((REPO / "tests" / "right_solutions" / WEEK / NOTEBOOK).glob("*.py")):
        cells, extra = read_cells(path)
        found.append(filled(released, {**reference, **cells}, extra))
    return found


def _hand_in(root, number, notebook):
    """One student's file: no two are the same, so none can be answered from another's result."""
    own = copy.copy(notebook)
    own.cells = [*notebook.cells, nbformat.v4.new_code_cell(f"student_number = {number}", id=f"own-{number}")]
    place = root / "submitted" / f"s{number:05}" / WEEK
    place.mkdir(parents=True)
    (place / f"{NOTEBOOK}.ipynb").write_text(json.dumps(own, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
