"""A notebook's digest changes with everything its hidden tests are made of, and not with what only shows things."""

import shutil

import pytest

from grader.judge.grading import digests
from grader.judge.grading.spec import load_notebook
from tests.judge import toy

HEAD = """
from solutions.weekX import shared
from solutions.weekX.toy.asking import Steep, SLOPES
"""
ASKING = """
from ..helpers import SETTINGS

RISING, FALLING = [1.0, 2.0], [2.0, 1.0]
SLOPES = [RISING, FALLING, RISING]

class Steep:
    pass

Steep.size = 3
"""
HELPERS = """
from . import deeper

SETTINGS = {"far": 1.0}
deeper.fill(SETTINGS)

def late():
    import solutions.weekX.inside as z
    return z
"""
DEEPER = """
def fill(settings):
    settings["near"] = 0.1
"""
FILES = {
    "solutions/weekX/toy/asking.py": ASKING,
    "solutions/weekX/helpers.py": HELPERS,
    "solutions/weekX/deeper.py": DEEPER,
    "solutions/weekX/inside.py": "from solutions.weekX.stars import *\n",
    "solutions/weekX/stars/__init__.py": '__all__ = ["one"]\n',
    "solutions/weekX/stars/one.py": "ONE = 1\n",
    "solutions/weekX/shared.py": "from weekY.public import THREE\n",
    "solutions/weekX/toy/data/recorded.json": "[1]\n",
    "solutions/weekX/toy/rubric.md": "One point.\n",
    "solutions/weekX/unused.py": "UNUSED = 1\n",
    "solutions/weekY/__init__.py": "",
    "solutions/weekY/other.py": "OTHER = 1\n",
    "weekX/figures.py": "X = 1\n",
    "weekX/paths.json": "[2]\n",
    "weekY/__init__.py": "",
    "weekY/public.py": "THREE = 3\n",
    "weekY/private.py": "FOUR = 4\n",
}


@pytest.fixture
def folder(course):
    for name, text in FILES.items():
        path = course / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (course / "solutions/weekX/toy/keys.py").write_text(HEAD + toy.KEYS)
    return course


def is_seen(course, name, old, new):
    """Whether the notebook has another digest after the change."""
    before = load_notebook(course, "weekX", "toy").digest
    text = (course / name).read_text()
    assert old in text
    (course / name).write_text(text.replace(old, new))
    return load_notebook(course, "weekX", "toy").digest != before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("solutions/weekX/toy/asking.py", "FALLING, RISING]", "FALLING, FALLING]"),  # a list of aliased objects
        ("solutions/weekX/toy/asking.py", "Steep.size = 3", "Steep.size = 4"),  # an attribute set after its class
        ("solutions/weekX/deeper.py", "0.1", "0.2"),  # a dictionary changed by a helper of a helper
        ("solutions/weekX/toy/keys.py", "6.0", "4.0"),  # a key
        ("weekX/toy_questions.py", "student.triple(x)", "student.triple(2 * x)"),  # its question
        ("solutions/weekX/helpers.py", '"far": 1.0', '"far": 2.0'),  # by a relative import
        ("solutions/weekX/inside.py", "import *", "import *  # all"),  # inside a function, under another name
        ("solutions/weekX/stars/one.py", "ONE = 1", "ONE = 2"),  # a module that import * of a package brings
        ("solutions/weekX/__init__.py", "", "A = 1\n"),  # run on the way to a module
        ("solutions/__init__.py", "", "A = 1\n"),
        ("weekX/figures.py", "X = 1", "X = 2"),  # what the notebook may import
        ("weekX/paths.json", "[2]", "[3]"),  # what these read
        ("weekX/toy.ipynb", "# Toy", "# A toy"),  # the notebook
        ("weekY/public.py", "THREE = 3", "THREE = 4"),  # of another week, by a helper
        ("solutions/weekX/toy/data/recorded.json", "[1]", "[2]"),
    ],
)
def test_what_decides_is_seen(folder, file, old, new):
    assert is_seen(folder, file, old, new)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("solutions/weekX/unused.py", "1", "2"),
        ("solutions/weekX/toy/mistakes.py", "squares", "squared"),  # the catalogue
        ("solutions/weekX/toy/reference.py", "2 * x", "x + x"),
        ("solutions/weekX/toy/rubric.md", "One", "Two"),
        ("solutions/weekY/other.py", "1", "2"),
        ("weekY/private.py", "4", "5"),
    ],
)
def test_what_decides_nothing_is_not_seen(folder, file, old, new):
    assert not is_seen(folder, file, old, new)


@pytest.mark.parametrize(
    "line",
    [
        "import importlib; importlib.import_module('solutions.weekX.unused')",
        "from importlib import import_module as get",
        "__import__('solutions.weekX.unused')",
        "exec('import solutions.weekX.unused')",
        "import sys; unused = sys.modules.get('solutions.weekX.unused')",
        "import sys; sys.path.append('elsewhere')",
        "from sys import path",
        "import sys as s; s.path.append('elsewhere')",
        "import pydoc; unused = pydoc.locate('solutions.weekX.unused')",
        "late = lambda: __path__.append('elsewhere')",
        "late = lambda: open('solutions/weekX/unused.py').read()",
        "from pathlib import Path",
        "import numpy as np; shared = lambda: np.loadtxt('solutions/weekY/table.csv')",
    ],
)
def test_what_cannot_be_followed_makes_all_solutions_count(folder, line):
    """Far from the test itself: in a helper of a helper."""
    (folder / "solutions/weekX/deeper.py").write_text(f"{line}\n{DEEPER}")
    for file in ("solutions/weekX/unused.py", "solutions/weekY/other.py", "weekY/private.py"):
        assert is_seen(folder, file, " = ", " =  "), file


def test_data_of_another_notebook_and_prose_count_where_files_are_read(folder):
    """A test may read a table that lies beside another notebook's tests, or one written in Markdown."""
    for name in ("solutions/weekY/table.csv", "solutions/weekX/table.md"):
        (folder / name).write_text("a = 1\n")
        assert not is_seen(folder, name, "a = 1", "a = 2")
    (folder / "solutions/weekX/deeper.py").write_text(f"from pathlib import Path\n{DEEPER}")
    for name in ("solutions/weekY/table.csv", "solutions/weekX/table.md"):
        assert is_seen(folder, name, "a = 2", "a = 3")


@pytest.mark.parametrize("name", [".keys.py.swp", "keys.py~", ".DS_Store", ".ruff_cache/1"])
def test_what_an_editor_leaves_behind_is_not_seen(folder, name):
    (folder / "solutions/weekX/toy" / name).parent.mkdir(exist_ok=True)
    (folder / "solutions/weekX/toy" / name).write_text("1")
    assert not is_seen(folder, f"solutions/weekX/toy/{name}", "1", "2")


@pytest.fixture
def grader_copy(tmp_path, monkeypatch, repo):
    """A copy of the grader's own code, which the digest is taken of."""
    copy = tmp_path / "grader"
    shutil.copytree(repo / "grader", copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(digests, "PACKAGE", copy)
    return copy


@pytest.mark.parametrize(
    ("file", "seen"),
    [
        ("checks/diagnosis/rules.py", True),
        ("checks/derivatives/numerical.py", True),
        ("checks/quiz/quiz.py", True),
        ("checks/exercise/numpy_errors.py", True),
        ("judge/grading/examiner.py", True),
        ("judge/repair/matching.py", True),
        ("judge/sanitise/html.py", True),
        ("sandbox/walls/limits.py", True),
        ("checks/figures/style.py", False),
        ("checks/quiz/worked_steps.py", False),
        ("judge/rehearsal/rehearsal.py", False),
        ("desk/templates/feedback.html.j2", False),
        ("desk/report/report.py", False),
    ],
)
def test_of_the_grader_what_decides_counts(grader_copy, file, seen):
    before = digests.digest_of_grader.__wrapped__()
    path = grader_copy / file
    path.write_text(path.read_text() + "\n# changed\n")
    assert (digests.digest_of_grader.__wrapped__() != before) == seen


def test_what_only_shows_exists_and_no_hidden_test_uses_it(repo):
    """So that it may be left out."""
    for name in digests.SHOWS_ONLY:
        assert (repo / "grader" / name).exists(), name
    shown = [name.removesuffix(".py").replace("/", ".") for name in digests.SHOWS_ONLY]
    for path in (repo / "solutions").rglob("*.py"):
        assert not [name for name in shown if f"grader.{name}" in path.read_text()], path


def test_every_notebook_of_the_course_can_be_followed(repo):
    """None counts all of the solutions: a catalogue of mistakes decides nothing."""
    for place in sorted(repo.glob("solutions/week*/*/keys.py")):
        week, name = place.parts[-3:-1]
        files = {path.as_posix() for path in digests.deciding_files(repo, week, name)}
        assert f"solutions/{week}/{name}/keys.py" in files, place
        assert not [file for file in files if file.endswith("mistakes.py") and file.startswith("solutions")], place
