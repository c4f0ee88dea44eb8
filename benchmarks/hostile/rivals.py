"""The same small course for stock nbgrader (none of our configuration) and for otter-grader's local run."""

import json
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat

from benchmarks.hostile.confined import run
from tests.desk import tiny
from tests.hostile import hostile_class
from tests.hostile.hostile_class import SECRETS
from tests.hostile.pages import active_parts

CHECK = f'''
import numpy as np
{SECRETS["name of a hidden test"]} = "{SECRETS["text of a hidden test"]}"
np.testing.assert_allclose(double(np.array([1.5, -2.25])), [3.0, -4.5])
assert np.allclose(double(1234.5678901), {SECRETS["expected value"]})
'''
HIDDEN = {
    "double": f"assert double is not None\n### BEGIN HIDDEN TESTS{CHECK}### END HIDDEN TESTS",
    "triple": "assert triple(2) == 6\n### BEGIN HIDDEN TESTS\nassert triple(-1.5) == -4.5\n### END HIDDEN TESTS",
}
OTTER_TEST = """
from otter.test_files import test_case
OK_FORMAT = False
name, points = "{name}", {points}
@test_case(points={points}, hidden=True)
def test_{name}({name}):
{body}
"""


def source_notebook():
    """The instructor's notebook in nbgrader's own way, hidden tests between its markers."""
    nb = tiny.notebook()
    nb.cells[1].source = "import numpy as np"
    for name, text in HIDDEN.items():
        next(cell for cell in nb.cells if cell.id == f"test_{name}").source = text
    return nb


class Stock:
    """nbgrader as it comes; its own settings are a time limit for cells."""

    name = "nbgrader"

    def __init__(self, folder):
        self.folder = folder
        source = folder / "source" / tiny.WEEK
        source.mkdir(parents=True)
        nbformat.write(source_notebook(), source / "double.ipynb")
        (folder / "nbgrader_config.py").write_text(
            "c = get_config()\nc.CourseDirectory.course_id = 'x'\nc.Execute.timeout = 6\n"
        )
        self.command("generate_assignment", tiny.WEEK)
        self.released = nbformat.read(folder / "release" / tiny.WEEK / "double.ipynb", as_version=4)

    def command(self, *arguments):
        return run(
            [Path(sys.prefix, "bin", "python"), "-m", "nbgrader", *arguments], self.folder, {"PYTHONWARNINGS": "ignore"}
        )

    def grade(self, attacks):
        """Hand in all of them with an honest `zoe` behind, grade, give feedback; `{name: (points, leaks, scripts)}`."""
        course = _Course(self.folder, self.released)
        for attack in attacks:
            hostile_class.hand_in(course, attack)
        tiny.hand_in(course, "zoe", tiny.RIGHT)
        tiny.hand_in(course, "ada", hostile_class.HONEST["ada"])
        _, told = self.command("autograde", tiny.WEEK)
        self.command("generate_feedback", tiny.WEEK)
        points = self._points()
        found = {attack.name: (points.get(attack.student), *self._seen(attack.student)) for attack in attacks}
        return found, points.get("zoe"), told

    def _points(self):
        query = """select a.student_id, sum(coalesce(g.auto_score, 0)) from grade g
            join submitted_notebook n on n.id = g.notebook_id join submitted_assignment a on a.id = n.assignment_id
            group by a.student_id"""
        with sqlite3.connect(self.folder / "gradebook.db") as book:
            return dict(book.execute(query).fetchall())

    def _seen(self, student):
        path = self.folder / "autograded" / student / tiny.WEEK / "double.ipynb"
        outputs = ""
        if path.is_file():
            cells = nbformat.read(path, as_version=4).cells
            # What the student's own cells print: a failing test cell shows the hidden tests by design.
            shown = [output for cell in cells for output in cell.get("outputs", [])]
            outputs = str([output for output in shown if output.output_type == "stream"])
        page = self.folder / "feedback" / student / tiny.WEEK / "double.html"
        scripts = any("hostile" in part for part in active_parts(page.read_text())) if page.is_file() else False
        return _leaks(outputs), scripts


class Otter:
    """`otter run` from an environment of its own; tests in files, functions of the student's by name."""

    name = "otter"

    def __init__(self, folder, python, released):
        self.folder, self.otter, self.released = folder, Path(python).parent / "otter", released
        tests = folder / "tests"
        tests.mkdir(parents=True)
        for name, points in (("double", 1.5), ("triple", 1.0)):
            text = CHECK if name == "double" else "\nassert triple(-1.5) == -4.5\n"
            body = "".join(f"    {line}\n" for line in text.strip().splitlines())
            (tests / f"{name}.py").write_text(OTTER_TEST.format(name=name, points=points, body=body))
        subprocess.run(
            [self.otter, "generate", "-t", tests, "-o", folder / "tests.zip"], check=True, capture_output=True
        )
        assert zipfile.is_zipfile(folder / "tests.zip")

    def grade(self, attack):
        """`(points or None, leaks, finished)` of one submission."""
        place = self.folder / attack.name
        course = _Course(place, self.released)
        hostile_class.hand_in(course, attack)
        folder = course.step("submitted", attack.student, tiny.WEEK)
        code, told = run(
            [self.otter, "run", folder / "double.ipynb", "-a", self.folder / "tests.zip", "-o", folder, "--no-logo"],
            self.folder,
            seconds=60,
        )
        result = folder / "results.json"
        if not result.is_file():
            return None, _leaks(told), False
        tests = json.loads(result.read_text())["tests"]
        return sum(test.get("score") or 0 for test in tests), _leaks(told + result.read_text()), code == 0


class _Course:
    """As much of a course folder as handing in needs."""

    def __init__(self, root, released):
        self.root = Path(root)
        release = self.step("release", tiny.WEEK)
        release.mkdir(parents=True, exist_ok=True)
        if not (release / "double.ipynb").exists():
            nbformat.write(released, release / "double.ipynb")

    def step(self, name, *parts):
        return self.root.joinpath(name, *parts)


def _leaks(text):
    return sorted(what for what, secret in SECRETS.items() if secret in text)
