"""Test cells are asked together where nothing but definitions lies between, and see nothing that comes after them."""

import nbformat
import pytest

from grader.judge.connection import Connection
from grader.judge.grading import grade as grading
from grader.judge.grading.examiner import TestRunner
from grader.judge.grading.spec import load_notebook
from grader.judge.grading.together import Asked, asked_at_once, asked_together
from grader.sandbox.walls.limits import Limits
from tests.judge import toy

LIMITS = Limits(cell_seconds=5, question_seconds=3, submission_seconds=40)
TWO = [Asked("test_1", ("b",)), Asked("test_2")]


def cells(*sources):
    """These cells, with a test cell after each of the first two."""
    first, second, *more = sources
    work = [("1", first, False), ("test_1", "", True), ("2", second, False), ("test_2", "", True)]
    return work + [(f"more-{number}", source, False) for number, source in enumerate(more)]


@pytest.mark.parametrize(
    "second",
    [
        "def b(x, y=1, *z, eps=-1e-8) -> float:\n    return a(x)",
        'class b(Layer):\n    """What it does."""\n    rate = 1\n\n    @staticmethod\n    def forward(x): return a(x)',
        "b = '''d trace(A X)'''\n",
        "'''only words'''\n\nb = None",
        "def b(x: np.ndarray = -1, *, rates=(1, [2])): pass",
        "# %time is no magic here\ndef b(): return a",
    ],
)
def test_what_only_defines_new_names_lets_a_test_cell_wait(second):
    assert asked_together(cells("import sys\ndef a(x): return x", second)) == {"test_1": [], "test_2": TWO}


@pytest.mark.parametrize(
    "second",
    [
        "b = a(1)",
        "def b(x, y=a(1)): pass",
        "def b(x: a(1)): pass",
        "@a\ndef b(): pass",
        "class b(metaclass=M): pass",
        "class b:\n    print(1)",
        "class b:\n    x = a(1)",
        "import b",
        "b, c = 1, 2",
        "x[0] = 1",
        "b += 1",
        "del a",
        "%time b = 1",
        "def b(:",
        "def a(x): return 2 * x",  # the test cell before it is about the other one
        "_ = 1",
        "def _b(): pass",
        "In = 1",
        "def np(): pass",
        "def rate(): pass",
        "b = a.rate",
        "b = -a",
        "def b(): pass\n1",
        "def b(x, y=(c := 1)): pass",
        "class b:\n    def __set_name__(self, *_): print(1)",
        "def b(): pass" + "\n#" * 50_000,
    ],
)
def test_what_may_do_more_is_run_when_the_test_cells_before_it_have_been_asked(second):
    first = "import numpy as np\ndef a(x):\n    global rate\n    return x"
    assert asked_together(cells(first, second)) == {"test_1": [Asked("test_1")], "test_2": [Asked("test_2")]}


@pytest.mark.parametrize(
    "first",
    [
        "from numpy import *",
        "exec('b = 1')",
        "globals()['b'] = 1",
        "get_ipython().run_line_magic('run', 'mine.py')",
        "%run mine.py",
        "b = !ls",
        "for b in range(3): pass",
        "with open('x') as b: pass",
        "try: pass\nexcept ValueError as b: pass",
        "import x.y as b",
        "import b.c",
        "if (b := 1): pass",
        "match 1:\n    case b: pass",
        "def b(: pass",
        "def setup():\n    global b\n    b = 1",
        "def setup(x=(b := 1)): pass",
        "@(b := print)\ndef setup(): pass",
        "class C(metaclass=M): pass",
        "class C:\n    def __init_subclass__(cls): print(1)",
        "import sys\nsys.modules[__name__].b = 1",
        "In [1]: b = 1",
        "ｅxec('b = 1')",
        "ｂ = 1",
        "ｂ = 1\nx y",
        "def staticmethod(f): print(1)",
        "b" + "#" * 60_000,
    ],
)
def test_a_name_that_may_be_there_already_is_no_new_one(first):
    assert asked_together(cells(first, "def b(): pass")) == asked_at_once(cells(first, "def b(): pass"))


def test_names_within_functions_and_classes_are_their_own():
    first = "def a(x):\n    b = 1\n    return b\nclass C:\n    b = 1"
    assert asked_together(cells(first, "def b(): pass"))["test_2"] == TWO


def test_a_test_cell_waits_no_longer_than_its_neighbours():
    """What is defined after the last cell that is asked has not been run by then."""
    work = [*cells("def a(): pass", "def b(): pass", "def c(): pass", "print(1)"), ("test_3", "", True)]
    assert asked_together(work) == {"test_1": [], "test_2": TWO, "test_3": [Asked("test_3")]}


def test_sources_without_end_are_read_without_recursion():
    deep = "x = " + "+".join(["1"] * 3000)
    nested = "x = " + "(" * 5000 + ")" * 5000
    assert asked_together(cells(deep, nested, f"if 1:\n {deep}"))["test_1"] == [Asked("test_1")]


@pytest.fixture
def graded(course, monkeypatch):
    """Grades a submission of the toy course: (its points by test cell, its hints, copies of its process)."""
    spec = load_notebook(course, "weekX", "toy")
    copies = []
    connection = TestRunner.connection
    monkeypatch.setattr(TestRunner, "connection", lambda self: copies.append(self) or connection(self))

    def grade(double=toy.RIGHT, triple="def triple(x): return 3 * x", how=asked_together):
        copies.clear()
        monkeypatch.setattr(grading, "asked_together", how)
        nb = toy.notebook()
        for cell in nb.cells:
            cell.source = {"double": double, "triple": triple}.get(cell.id, cell.source)
        parts = grading.grade_notebook(spec, nbformat.writes(nb).encode(), limits=LIMITS).parts
        hints = [outcome.hint for part in parts.values() for outcome in part.outcomes]
        return {cell: part.points for cell, part in parts.items()}, hints, len(copies)

    return grade


def test_right_work_needs_one_copy(graded):
    assert graded() == ({"test_double": 1.5, "test_triple": 1}, ["", "", ""], 1)
    assert graded(how=asked_at_once) == ({"test_double": 1.5, "test_triple": 1}, ["", "", ""], 2)


@pytest.mark.parametrize(
    ("double", "triple"),
    [
        ("", "def double(x): return 2 * x\ndef triple(x): return 3 * x"),
        ("def double(x): return twice(x)", "def twice(x): return 2 * x\ndef triple(x): return 3 * x"),
        ("def double(x): return x**2", "def triple(x): return double(x) + x"),
        (toy.RIGHT, "def double(x): return 5 * x\ndef triple(x): return 3 * x"),
        (f"{toy.RIGHT}\ndef triple(x): return 3 * x", "del triple"),
        (toy.RIGHT, "def triple(x): return triple(x)"),
        (
            "calls = []\ndef double(x):\n    calls.append(1)\n    return 2 * x",
            "def triple(x): return 3 * x + len(calls)",
        ),
        (
            "def double(x):\n    double.called = 1\n    return 2 * x",
            "def triple(x): return 3 * x + hasattr(double, 'called')",
        ),
    ],
)
def test_what_is_asked_together_is_what_would_be_asked_at_once(graded, double, triple):
    assert graded(double, triple)[:2] == graded(double, triple, asked_at_once)[:2]


@pytest.mark.parametrize(
    "leaves",
    ["np.calls = 1", "np.seterr(all='raise')", "np.exp(1, out=ones)", "os.environ['CALLED'] = '1'", "log.write('x')"],
)
def test_what_one_exercise_leaves_behind_costs_another_nothing(graded, leaves):
    setup = "import io, os\nlog, ones = io.StringIO(), np.ones(1)\n"
    double = f"{setup}def double(x):\n    {leaves}\n    return 2 * x"
    triple = (
        "def triple(x):\n    np.exp(-1000.0)\n    assert not hasattr(np, 'calls') and ones[0] == 1\n"
        "    assert 'CALLED' not in os.environ and not log.getvalue()\n    return 3 * x"
    )
    points, hints, copies = graded(double, triple)
    assert points == {"test_double": 1.5, "test_triple": 1} and hints == ["", "", ""] and copies == 2


def test_what_one_exercise_kills_costs_another_nothing(graded):
    double = "calls = []\ndef double(x):\n    calls.append(1)\n    return 2 * x"
    triple = "def triple(x):\n    import os\n    return os._exit(1) if calls else 3 * x"
    assert graded(double, triple)[0] == {"test_double": 1.5, "test_triple": 1}


def test_what_never_ends_is_asked_once(graded, monkeypatch):
    started = []
    start = Connection.start
    monkeypatch.setattr(Connection, "start", lambda self, *args: started.append(self) or start(self, *args))
    points, hints, copies = graded(triple="def triple(x):\n    while True: pass")
    assert points["test_triple"] == 0 and "too long" in hints[2] or "took longer" in hints[2]
    assert copies == 1 and len(started) == 3


def test_a_name_that_is_defined_too_late_is_missing_at_its_test_cell_and_there_at_the_next(graded):
    late = "def twice(x): return 2 * x\ndef triple(x): return x + twice(x)"
    points, hints, _ = graded("def double(x): return twice(x)", late)
    assert points == {"test_double": 0, "test_triple": 1} and "twice" in hints[0]


def test_what_takes_too_long_to_read_is_asked_at_once(graded):
    def endless(cells):
        raise MemoryError

    assert graded(how=endless)[0] == {"test_double": 1.5, "test_triple": 1}
