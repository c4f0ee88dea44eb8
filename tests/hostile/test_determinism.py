"""The same submission gets the same scores and hints, byte for byte, whenever and beside whomever it is graded."""

import json
import shutil
import sqlite3

import pytest

from grader.desk.course.facts import load_course
from tests.desk import tiny
from tests.hostile import hostile_class

# What could differ from run to run: addresses, hashes, sets, random numbers without a seed, time, threads, names.
UNSTEADY = """
import random, time, uuid, threading, numpy as np
class Thing: pass
def double(x):
    names = sorted({str(hash(name)) for name in ("a", "b", "c")})
    raise ValueError(f"{Thing()} {names[0][:2]} {random.random() < 2} {np.random.default_rng().normal() < 9}")
"""
SOURCES = {
    "right": tiny.RIGHT,
    "squares": tiny.SQUARES,
    "nothing": {},
    "unsteady": {**tiny.RIGHT, "double": UNSTEADY},
    "lambda": {**tiny.RIGHT, "double": "double = lambda x: lambda: x"},
    "random": {
        **tiny.RIGHT,
        "double": "import numpy as np\ndef double(x):\n    return 2 * x * (1 + np.random.random())",
    },
    "unseeded": {
        **tiny.RIGHT,
        "double": "import numpy as np\nshift = np.random.default_rng().normal()\n"
        "def double(x):\n    return 2 * x + (shift > 0)",
    },
    "too-slow": {**tiny.RIGHT, "double": "def double(x):\n    while True: pass"},
}


@pytest.fixture(scope="module")
def ready(tmp_path_factory):
    place = tmp_path_factory.mktemp("ready")
    hostile_class.make_course(place)
    return place


def graded(ready, place, names, *options, way="forked kernels"):
    """Hand in under `{student: source}` and grade; by source: values of the gradebook, hints, the graded notebook."""
    shutil.copytree(ready, place)
    course = load_course(place / "class")
    for student, source in names.items():
        tiny.hand_in(course, student, SOURCES[source])
    assert hostile_class.grader(course, "grade", *options, way=way).returncode == 0
    return {source: values_of(course, student) for student, source in names.items()}


def values_of(course, student):
    query = """select c.name, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade from grade g
        join submitted_notebook n on n.id = g.notebook_id join submitted_assignment a on a.id = n.assignment_id
        join base_cell c on c.id = g.cell_id where a.student_id = ? order by c.name"""
    with sqlite3.connect(course.root / "gradebook.db") as book:
        values = repr(book.execute(query, (student,)).fetchall())
    book.close()
    result = json.loads((course.desk_folder / "results" / tiny.WEEK / student / "double.json").read_text())["result"]
    outcomes = [{**one, "seconds": 0} for part in result["parts"].values() for one in part["outcomes"]]
    return values, json.dumps(outcomes, ensure_ascii=False), result["notes"]


@pytest.fixture(scope="module")
def first(ready, tmp_path_factory):
    """Everybody under the name of what they hand in, one worker."""
    return graded(ready, tmp_path_factory.mktemp("first") / "a", {name: name for name in SOURCES}, "--jobs", "1")


@pytest.mark.long
@pytest.mark.parametrize("way", hostile_class.WAYS)
def test_other_order_other_worker_other_name(ready, first, tmp_path, way):
    """Reversed, under other names, with three workers, with both kinds of kernels."""
    names = {f"s{number}": name for number, name in enumerate(reversed(SOURCES))}
    assert graded(ready, tmp_path / "b", names, "--jobs", "3", way=way) == first


@pytest.mark.long
def test_alone_and_again(ready, first, tmp_path):
    """One of them alone, and once more by force."""
    again = graded(ready, tmp_path / "c", {"one": "unsteady"}, "--jobs", "1")
    assert again["unsteady"] == first["unsteady"]
    course = load_course(tmp_path / "c" / "class")
    assert hostile_class.grader(course, "grade", "--force").returncode == 0
    assert values_of(course, "one") == first["unsteady"]


def test_two_runs_of_a_few(ready, tmp_path):
    """The quick version: two orders, two names, forked and fresh kernels."""
    here = graded(ready, tmp_path / "a", {"a": "squares", "b": "unsteady"}, "--jobs", "1")
    there = graded(ready, tmp_path / "b", {"x": "unsteady", "y": "squares"}, "--jobs", "2", way="fresh kernels")
    assert here == there
