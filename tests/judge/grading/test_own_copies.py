"""Each test cell is asked where it stands, of a copy of its own: no exercise sees what another one's questions left."""

import nbformat
import pytest

from grader.judge.connection import Connection
from grader.judge.grading.examiner import TestRunner
from grader.judge.grading.grade import grade_notebook
from grader.judge.grading.spec import load_notebook
from grader.sandbox.walls.limits import Limits
from tests.judge import toy

LIMITS = Limits(cell_seconds=5, question_seconds=3, submission_seconds=40)
TRIPLE = "def triple(x): return 3 * x"


@pytest.fixture
def graded(course, monkeypatch):
    """Grades a submission of the toy course: (its points by test cell, its hints, copies of its process)."""
    spec = load_notebook(course, "weekX", "toy")
    copies = []
    connection = TestRunner.connection
    monkeypatch.setattr(TestRunner, "connection", lambda self: copies.append(self) or connection(self))

    def grade(double=toy.RIGHT, triple=TRIPLE):
        copies.clear()
        nb = toy.notebook()
        for cell in nb.cells:
            cell.source = {"double": double, "triple": triple}.get(cell.id, cell.source)
        parts = grade_notebook(spec, nbformat.writes(nb).encode(), limits=LIMITS).parts
        hints = [outcome.hint for part in parts.values() for outcome in part.outcomes]
        return {cell: part.points for cell, part in parts.items()}, hints, len(copies)

    return grade


def test_right_work_needs_a_copy_for_each_test_cell(graded):
    assert graded() == ({"test_double": 1.5, "test_triple": 1}, ["", "", ""], 2)


@pytest.mark.parametrize(
    "leaves",
    ["np.calls = 1", "np.seterr(all='raise')", "np.exp(1, out=ones)", "os.environ['CALLED'] = '1'", "log.write('x')"],
)
def test_what_the_questions_of_one_exercise_leave_behind_costs_another_nothing(graded, leaves):
    setup = "import io, os\nlog, ones = io.StringIO(), np.ones(1)\n"
    double = f"{setup}def double(x):\n    {leaves}\n    return 2 * x"
    triple = (
        "def triple(x):\n    np.exp(-1000.0)\n    assert not hasattr(np, 'calls') and ones[0] == 1\n"
        "    assert 'CALLED' not in os.environ and not log.getvalue()\n    return 3 * x"
    )
    assert graded(double, triple) == ({"test_double": 1.5, "test_triple": 1}, ["", "", ""], 2)


@pytest.mark.parametrize(
    ("leaves", "needs"),
    [
        ("global factor; factor = 3", "factor"),
        ("double.factor = 3", "double.factor"),
        ("seen.append(3)", "seen[-1]"),
        ("np.factor = 3", "np.factor"),
        ("type(seen_by).factor = 3", "seen_by.factor"),
    ],
)
def test_nothing_is_gained_by_what_the_questions_of_another_exercise_leave_behind(graded, leaves, needs):
    setup = "seen = []\nclass Seen: pass\nseen_by = Seen()\n"
    points, hints, _ = graded(
        f"{setup}def double(x):\n    {leaves}\n    return 2 * x", f"def triple(x): return {needs} * x"
    )
    assert points == {"test_double": 1.5, "test_triple": 0} and hints[2]


def test_what_the_questions_of_one_exercise_kill_costs_another_nothing(graded):
    double = "calls = []\ndef double(x):\n    calls.append(1)\n    return 2 * x"
    triple = "def triple(x):\n    import os\n    return os._exit(1) if calls else 3 * x"
    assert graded(double, triple)[0] == {"test_double": 1.5, "test_triple": 1}


@pytest.mark.parametrize(
    "ends",
    [
        "import os\nos._exit(1)",
        "class Ends(type):\n    def __new__(*_): import os; os._exit(1)\nclass C(metaclass=Ends): pass",
    ],
)
def test_what_was_earned_before_the_process_ends_stays_earned(graded, ends):
    assert graded(triple=ends)[0] == {"test_double": 1.5, "test_triple": 0}


def test_what_never_ends_is_asked_once(graded, monkeypatch):
    started = []
    start = Connection.start
    monkeypatch.setattr(Connection, "start", lambda self, *args: started.append(self) or start(self, *args))
    points, hints, copies = graded(triple="def triple(x):\n    while True: pass")
    assert points["test_triple"] == 0 and "took longer" in hints[2]
    assert copies == 2 and len(started) == 3


def test_a_name_that_is_defined_too_late_is_missing_at_its_test_cell_and_there_at_the_next(graded):
    late = "def twice(x): return 2 * x\ndef triple(x): return x + twice(x)"
    points, hints, _ = graded("def double(x): return twice(x)", late)
    assert points == {"test_double": 0, "test_triple": 1} and "twice" in hints[0]


def test_what_is_defined_again_later_is_asked_as_it_was(graded):
    assert graded(triple=f"def double(x): return 5 * x\n{TRIPLE}")[0] == {"test_double": 1.5, "test_triple": 1}
    assert graded(triple=f"exec('def double(x): return 5 * x')\n{TRIPLE}")[0] == {"test_double": 1.5, "test_triple": 1}
