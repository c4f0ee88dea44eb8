"""The example of docs/exercise.md, as it stands there, as a course of its own."""

import re

import pytest

from grader.judge.grading.spec import SpecError, load_notebook
from grader.judge.rehearsal.rehearsal import rehearse
from tests.judge import toy
from tests.notebooks.found import REPO

FENCES = re.findall(r"```python\n(.*?)```", (REPO / "docs/exercise.md").read_text(encoding="utf-8"), re.DOTALL)


def fence(mark):
    (found,) = [code for code in FENCES if mark in code]
    return found


@pytest.fixture
def asked(course):
    """The toy course, its exercise `double` with the question and key of the page."""
    questions = toy.QUESTIONS[toy.QUESTIONS.index('@question("test_triple"') :]
    keys = toy.KEYS[toy.KEYS.index("@key(asked.triples)") :]
    (course / toy.WEEK / f"{toy.NAME}_questions.py").write_text(f"{fence('checks_of')}\n\n{questions}")
    own = fence("@key(asked").replace("week01_toy", toy.WEEK)
    (course / "solutions" / toy.WEEK / toy.NAME / "keys.py").write_text(f"{own}\n\n{keys}")
    return course


def points(course, double):
    found = rehearse(toy.WEEK, toy.NAME, {"double": double, "triple": "def triple(x): return 3 * x"}, repo=course)
    return found.points, found.hints["test_double"]


def test_the_example_works(asked):
    """Right work, a named mistake, a change in place: as its text says."""
    assert points(asked, toy.RIGHT) == ({"test_double": 1.5, "test_triple": 1}, [])
    found, hints = points(asked, "def double(x):\n    return x**2")
    assert found["test_double"] == 0.5 and "squares in place of doubling" in hints[0]
    found, hints = points(asked, "def double(x):\n    x *= 2\n    return x")
    assert found["test_double"] == 1 and hints == [
        "does not change its argument: x was changed in place: work on a copy"
    ]
    assert points(asked, "def double(x): return {}")[0]["test_double"] == 0


def test_a_question_is_compiled_from_the_courses_own_file(asked, tmp_path):
    """A file of the student's with its name, an old copy perhaps, changes nothing."""
    trick = (
        "import sys, types\nfor name in ('WEEK', 'WEEK.NAME_questions'): sys.modules[name] = types.ModuleType(name)\n"
    )
    trick = trick.replace("WEEK", toy.WEEK).replace("NAME", toy.NAME)
    assert points(asked, trick + toy.RIGHT)[0]["test_double"] == 1.5


def test_a_question_without_a_key_is_an_error(asked):
    """With its name; nobody is graded with half of a test."""
    keys = asked / "solutions" / toy.WEEK / toy.NAME / "keys.py"
    keys.write_text(keys.read_text().replace("@key(asked.leaves_its_argument_alone)\n", ""))
    with pytest.raises(SpecError, match="no key for leaves_its_argument_alone"):
        load_notebook(asked, toy.WEEK, toy.NAME)


LENDING = '''
@lent
def double(x):
    """Twice x."""


@question("test_triple", points=1, lends=(double,))
def triples(student, x):
    """three times x"""
    return student.triple(x)
'''
LENT = """
@key(asked.triples)
class _:
    draw = numbers

    def right(case):
        return Right(3 * case.x, "triple")

    def lent(case):
        return {"double": lambda x: x + x}
"""
TRIPLE = "def triple(x):\n    return double(x=x) + x"


@pytest.mark.parametrize(
    ("double", "triple", "gets"),
    [
        ("raise NotImplementedError('double')", TRIPLE, 1),
        ("def double(x):\n    raise NotImplementedError('double')", TRIPLE, 1),
        ("def double(x):\n    return 7 * x", TRIPLE, 1),
        ("def double(x):\n    return 7 * x", "def triple(x):\n    return double(x) - 4 * x", 1),
        (toy.RIGHT, TRIPLE, 1),
        (toy.RIGHT, "def triple(x):\n    return double(x) - 4 * x", 0),
        ("def double(x):\n    raise NotImplementedError('double')", "def triple(x):\n    return double(x)", 0),
    ],
)
def test_a_right_function_stands_for_one_that_is_wrong_or_not_written(asked, double, triple, gets):
    """Asked with the student's own first; with a right one only where theirs fails its own tests."""
    questions = asked / toy.WEEK / f"{toy.NAME}_questions.py"
    text = questions.read_text().replace("import array", "import lent, array")
    questions.write_text(text[: text.index('@question("test_triple"')] + LENDING)
    keys = asked / "solutions" / toy.WEEK / toy.NAME / "keys.py"
    keys.write_text(keys.read_text()[: keys.read_text().index("@key(asked.triples)")] + LENT)
    found = rehearse(toy.WEEK, toy.NAME, {"double": double, "triple": triple}, repo=asked)
    assert found.points["test_triple"] == gets
