"""A course of a few notebooks, homework 1 by default, and a class that hands in valid, different submissions."""

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
title = "{week}"
"""
NOTEBOOKS = """
[[weeks.notebooks]]
name = "{0.name}"
title = "{0.title}"
kind = "{0.kind}"
points = {0.points}
bonus = {0.bonus}
practice = {0.practice}
"""


@dataclass(frozen=True)
class Chosen:
    """Notebooks of one week of the checkout."""

    week: str = WEEK
    names: tuple[str, ...] = (NOTEBOOK,)


HOMEWORK = Chosen()


def chosen(words):
    """What `week/notebook ...` names, or a week's folder, which stands for all its notebooks with graded cells."""
    weeks = {word.strip("/").split("/")[0] for word in words}
    if len(weeks) != 1:
        raise SystemExit(f"of one week at a time, not of {', '.join(sorted(weeks))}")
    (week,) = weeks
    named = [word.strip("/").partition("/")[2] for word in words]
    listed = [one.name for one in load_course(REPO).week(week).notebooks if one.points + one.bonus + one.practice]
    return Chosen(week, tuple(listed if "" in named else named))


@dataclass(frozen=True)
class Class:
    """A released course with ``students`` submissions that are right.

    ``points``: of what no person reads, bonus and practice included, by notebook.
    """

    root: Path
    students: int
    points: dict[str, float]


def make_class(root, students, *, demonstrations=False, first=0, alike=False, of=HOMEWORK):
    """Make the course in the new folder ``root``, release it and let ``students`` hand in; returns a ``Class``.

    ``demonstrations``: take the tag off the cells that grading may skip, so that all of them are run. ``first``: the
    number of the first student; other numbers, other submissions. ``alike``: all hand in the reference. ``of``: which
    notebooks of which week.
    """
    root, solutions = Path(root), Path("solutions") / of.week
    for folder in (Path(of.week), *(solutions / name for name in of.names)):
        shutil.copytree(REPO / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    for path in (root / of.week).glob("*.ipynb"):
        if path.stem not in of.names:
            path.unlink()
    for path in (REPO / "solutions" / "__init__.py", *(REPO / solutions).glob("*.py")):
        shutil.copy(path, root / path.relative_to(REPO))
    _copy_what_students_get(root)
    facts = {one.name: one for one in load_course(REPO).week(of.week).notebooks}
    listed = [NOTEBOOKS.format(facts[name]) for name in of.names]
    (root / "course.toml").write_text("".join([FACTS.format(week=of.week), *listed]))
    for name in of.names:
        _prepare_notebook(root / of.week / f"{name}.ipynb", demonstrations)
    course = load_course(root)
    _synchronise(course)
    release(course, [course.week(of.week)])
    points = {}
    for name in of.names:
        released = nbformat.read(course.step("release", of.week, f"{name}.ipynb"), as_version=4)
        marks = [cell.metadata.get("nbgrader", {}) for cell in released.cells]
        points[name] = sum(mark["points"] for mark in marks if mark.get("grade") and not mark["solution"])
        variants = _variants(released, of.week, name)[: 1 if alike else None]
        for number in range(first, first + students):
            _hand_in(root / "submitted" / f"s{number:05}" / of.week, name, number, variants[number % len(variants)])
    return Class(root, students, points)


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


def _variants(released, week, name):
    """The reference and every right solution written differently, as notebooks."""
    reference = reference_cells(REPO, week, name)
    found = [filled(released, reference)]
    for path in sorted((REPO / "tests" / "right_solutions" / week / name).glob("*.py")):
        cells, extra = read_cells(path)
        found.append(filled(released, {**reference, **cells}, extra))
    return found


def _hand_in(place, name, number, notebook):
    """One student's file: no two are the same, so none can be answered from another's result."""
    own = copy.copy(notebook)
    own.cells = [*notebook.cells, nbformat.v4.new_code_cell(f"student_number = {number}", id=f"own-{number}")]
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{name}.ipynb").write_text(json.dumps(own, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
