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
    """The toy course, its exercise `double` with question and key."""
    hidden = course / "solutions" / toy.WEEK / toy.NAME / "hidden_tests.py"
    tests = hidden.read_text(encoding="utf-8")
    hidden.write_text(tests[: tests.index("@hidden_test")] + tests[tests.index('@hidden_test("test_triple"') :])
    week = course / toy.WEEK
    (week / "__init__.py").write_text("")
    (week / f"{toy.NAME}_questions.py").write_text(fence("checks_of"))
    keys = fence("@key(asked").replace("week01_toy", toy.WEEK).replace("toy_questions", f"{toy.NAME}_questions")
    hidden.with_name("keys.py").write_text(keys)
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
    keys.write_text(keys.read_text()[: keys.read_text().index("@key(asked.leaves")])
    with pytest.raises(SpecError, match="no key for leaves_its_argument_alone"):
        load_notebook(asked, toy.WEEK, toy.NAME)
