"""A checkout of one small week, to test the desk without the real notebooks, and ways to hand in work for it."""

import json
import shutil
from pathlib import Path

import nbformat

from grader.desk.course.facts import load_course
from grader.desk.release import links
from tests.judge.toy import QUESTIONS

REPO = Path(__file__).resolve().parents[2]
WEEK, NOTEBOOK = "week01_tiny", "double"
FACTS = """
[course]
id = "tiny"
title = "A tiny course"
repository = "somebody/tiny"
branch = "main"
package = "backprop-grader @ https://example.org/tiny.zip"

[limits]
cell_seconds = 5
submission_seconds = 30
question_seconds = 2

[[weeks]]
folder = "week01_tiny"
title = "Doubling"
deadline = 2026-10-11T23:59:00+02:00

[[weeks.notebooks]]
name = "double"
title = "Doubling numbers"
kind = "homework"
points = 2.5
bonus = 1
"""
KEYS = """
import numpy as np
from grader.checks.diagnosis.diagnose import diagnose
from grader.checks.questions import Right
from grader.judge.authoring.keys import Case, key
from grader.judge.hidden import Rank, expect_verdict
from week01_tiny import double_questions as asked

def numbers(rng):
    return Case(x=rng.normal(size=(3, 2)))

@key(asked.doubles_numbers)
class _:
    draw = numbers

    def right(case):
        return Right(2 * case.x, "double(x)", mistakes={"squares in place of doubling": case.x**2})

@key(asked.leaves_its_argument_alone)
class _:
    draw = numbers

    def right(case):
        return [None, None]  # whatever it gives: the other test judges that

@key(asked.triples)
class _:
    def draw(rng):
        return Case(x=float(rng.normal()))

    def decide(case, answer):
        expect_verdict(diagnose(answer, 3 * case.x, what="triple(x)"))
        return Rank(1.0, "one call")
"""
REFERENCE = '''# %% double
def double(x):
    """Twice x, element by element."""
    return np.add(x, x, dtype=np.float64)


# %% triple
def triple(x):
    """Three times x."""
    return np.multiply(3, x, dtype=np.float64)
'''
# `THREE` comes from the week's own module, wherever the notebook is run.
RIGHT = {"double": "def double(x):\n    return 2 * x", "triple": "def triple(x):\n    return THREE * x"}
SQUARES = {**RIGHT, "double": "def double(x):\n    return x**2"}
FOREIGN = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1", id="a")])
# A class: what each student hands in, under which name, the points it gets and its status.
CLASS = {
    "ada": (RIGHT, "double.ipynb", 2.5, "graded"),
    "bob": (SQUARES, "Copy of double (2).ipynb", 1.5, "graded"),
    "Мария +1": ({**RIGHT, "why": "A sum."}, "double.ipynb", 2.5, "graded"),
    "o'brien [x]": ({}, "double.ipynb", 0.0, "graded"),
    "cut": (b'{"cells": [', "double.ipynb", 0.0, "broken"),
    "empty": (b"", "double.ipynb", 0.0, "empty"),
    "stranger": (FOREIGN, "double.ipynb", 0.0, "wrong_notebook"),
    "nothing": (b"see my e-mail", "note.txt", 0.0, "not_read"),
}


def stub(name):
    return f'def {name}(x):\n    raise NotImplementedError("{name}")'


def graded(grade_id, *, points=None, solution=False, locked=True):
    data = {"grade": points is not None, "grade_id": grade_id, "locked": locked, "schema_version": 3}
    return {**data, "solution": solution, "task": False, **({} if points is None else {"points": points})}


def code(source, cell_id, tags=(), **kwargs):
    metadata = {"nbgrader": graded(cell_id, **kwargs), **({"tags": list(tags)} if tags else {})}
    return nbformat.v4.new_code_cell(source, id=cell_id, metadata=metadata)


def notebook():
    nb = nbformat.v4.new_notebook()
    nb.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    why = nbformat.v4.new_markdown_cell("Why does it work?", id="why")
    why.metadata["nbgrader"] = graded("why", points=1, solution=True, locked=False)
    nb.cells = [
        nbformat.v4.new_markdown_cell("# Doubling numbers", id="title"),
        code("import numpy as np\nfrom week01_tiny.factors import THREE", "setup", locked=True),
        code(stub("double"), "double", solution=True, locked=False),
        code("print(double(1) == 2)", "test_double", points=1.5),
        code(stub("triple"), "triple", solution=True, locked=False),
        code("print(triple(1) == 3)", "test_triple", points=1, tags=["bonus"]),
        why,
    ]
    return nb


def write_checkout(folder):
    """Write the checkout and return its folder. It is up to date with its course.toml."""
    week, solutions = folder / WEEK, folder / "solutions" / WEEK / NOTEBOOK
    for place in (week, solutions):
        place.mkdir(parents=True)
    (folder / "course.toml").write_text(FACTS)
    nbformat.write(notebook(), week / f"{NOTEBOOK}.ipynb")
    (week / "__init__.py").write_text("")
    (week / "factors.py").write_text("THREE = 3\n")
    (week / "README.md").write_text("# Doubling\n\n<!-- notebooks -->\n<!-- /notebooks -->\n")
    for place in (folder / "solutions", solutions.parent, solutions):
        (place / "__init__.py").write_text("")
    (week / f"{NOTEBOOK}_questions.py").write_text(QUESTIONS)
    (solutions / "keys.py").write_text(KEYS)
    (solutions / "reference.py").write_text(REFERENCE)
    (solutions / "rubric.md").write_text("One point for saying that a sum of two equal numbers is twice the number.\n")
    for name in ("pyproject.toml", "LICENSE", "LICENSE-text", "grader/__init__.py"):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(REPO / name, folder / name)
    shutil.copytree(
        REPO / "grader" / "checks", folder / "grader" / "checks", ignore=shutil.ignore_patterns("__pycache__")
    )
    course = load_course(folder)
    links.synchronise(course, list(course.weeks))
    return folder


def write_course(folder, checkout):
    """A course folder beside the checkout."""
    folder.mkdir()
    (folder / "course.toml").write_text(f'[course]\ncheckout = "../{checkout.name}"\n')
    return load_course(folder)


def solved(cells, released):
    """The released notebook with sources put in by grade_id."""
    nb = nbformat.from_dict(json.loads(json.dumps(released)))
    for cell in nb.cells:
        cell.source = cells.get(cell.id, cell.source)
    return nb


def released(course):
    return nbformat.read(course.step("release", WEEK, f"{NOTEBOOK}.ipynb"), as_version=4)


def hand_in(course, student, content, name=f"{NOTEBOOK}.ipynb", timestamp=None):
    """Put a file into `submitted/`: `content` is cells by grade_id, a notebook, a text or bytes."""
    folder = course.step("submitted", student, WEEK)
    folder.mkdir(parents=True, exist_ok=True)
    if isinstance(content, dict) and "cells" not in content:
        content = solved(content, released(course))
    if isinstance(content, dict):
        content = nbformat.writes(content)
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    if timestamp:
        (folder / "timestamp.txt").write_text(timestamp)
    return folder / name


def hand_in_class(course):
    """Everybody of `CLASS` hands in."""
    for student, (content, name, _, _) in CLASS.items():
        hand_in(course, student, content, name, timestamp="2026-10-01 12:00:00 UTC")
