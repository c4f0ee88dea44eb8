"""A course of one real notebook, the primer of week 1, whose checks are the course's; and how to run nbgrader."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat

from grader.desk.course.facts import load_course
from grader.desk.release.release import release
from grader.judge.grading.spec import load_mistakes, reference_cells

REPO = Path(__file__).resolve().parents[3]
WEEK, NOTEBOOK = "week01_backprop", "dot_products"
FACTS = f"""
[course]
id = "primer"
repository = "somebody/primer"

[[weeks]]
folder = "{WEEK}"
deadline = 2026-10-11T23:59:00+02:00

[[weeks.notebooks]]
name = "{NOTEBOOK}"
title = "Primer: one product, seen in four ways"
kind = "lecture"
practice = 1.5
"""
# Runs "FOLDER: COMMAND" one after the other, as each would be typed there. In one process: importing nbgrader takes
# seconds.
COMMANDS = """
import os, sys
from nbgrader.apps.nbgraderapp import NbGraderApp
for line in sys.argv[1:]:
    folder, _, words = line.partition(": ")
    os.chdir(folder)
    NbGraderApp.clear_instance()
    try:
        NbGraderApp.launch_instance(words.split())
    except SystemExit as end:
        if end.code:
            sys.exit(f"{line}: {end.code}")
    os.chdir("..")
"""


def released(place):
    """A course folder with the primer released, and its checkout beside it."""
    others = [path.name for path in (REPO / WEEK).glob("*.ipynb") if path.stem != NOTEBOOK]
    shutil.copytree(REPO / WEEK, place / "checkout" / WEEK, ignore=shutil.ignore_patterns("__pycache__", *others))
    for name in ("solutions/__init__.py", "pyproject.toml", "grader/__init__.py"):
        (place / "checkout" / name).parent.mkdir(exist_ok=True)
        shutil.copy(REPO / name, place / "checkout" / name)
    for name in (f"solutions/{WEEK}", "grader/checks"):
        shutil.copytree(REPO / name, place / "checkout" / name, ignore=shutil.ignore_patterns("__pycache__"))
    (place / "checkout" / "course.toml").write_text(FACTS)
    (place / "class").mkdir()
    (place / "class" / "course.toml").write_text('[course]\ncheckout = "../checkout"\n')
    course = load_course(place / "class")
    release(course, list(course.weeks))
    return course


def written(path, cells):
    """Write sources into the cells of a notebook's file, by grade_id."""
    nb = nbformat.read(path, as_version=4)
    for cell in nb.cells:
        cell.source = cells.get(cell.id, cell.source)
    nbformat.write(nb, path)
    return path


def right():
    return reference_cells(REPO, WEEK, NOTEBOOK)


def wrong():
    """A catalogued mistake: the reference but for one answer, and the points that this loses."""
    mistake = load_mistakes(REPO, WEEK, NOTEBOOK)[0]
    return {**right(), mistake.cell: mistake.apply(right())}, sum(mistake.loses.values())


def nbgrader(place, *lines, logged=True):
    """Run nbgrader's commands, each "FOLDER: COMMAND", in folders of `place`; fails where one of them does.

    logged   whether what is logged is returned, too: a kernel that ends may log a quarrel with its sockets
    """
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-c", COMMANDS, *lines]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, env=environment, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout + (done.stderr if logged else "")
