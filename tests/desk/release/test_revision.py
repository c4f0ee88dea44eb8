"""A release can be looked at before, put on a branch, and done again: what students handed in stays gradable."""

import json
import re
import subprocess

import nbformat
import pytest

from grader.desk.course.facts import load_course
from grader.desk.errors import DeskError
from grader.desk.grade.results import Store
from grader.desk.grade.run import grade
from grader.desk.gradebook.book import Book
from grader.desk.release import links
from grader.desk.release.git_branch import Branch
from grader.desk.release.release import release
from grader.desk.release.times import release_times
from tests.desk import tiny
from tests.desk.tools import run

NEW_QUESTION = '''

@question("test_halve", points=2)
def halves(student, x):
    """halves a number"""
    return student.halve(x)
'''
NEW_KEY = """

@key(asked.halves)
class _:
    def draw(rng):
        return Case(x=float(rng.normal()))

    def right(case):
        return Right(case.x / 2, "halve(x)")
"""


def edit(checkout, change):
    path = checkout / tiny.WEEK / "double.ipynb"
    nb = nbformat.read(path, as_version=4)
    change(nb.cells)
    nbformat.write(nb, path)


def add_an_exercise(checkout):
    """A third exercise, worth 2 points, and another word in a text."""

    def change(cells):
        cells[0].source = cells[0].source.replace("Doubling numbers", "Doubling and halving numbers")
        cells += [tiny.code(tiny.stub("halve"), "halve", solution=True, locked=False)]
        cells += [tiny.code("print(halve(2) == 1)", "test_halve", points=2)]

    edit(checkout, change)
    facts, keys = checkout / "course.toml", checkout / "solutions" / tiny.WEEK / tiny.NOTEBOOK / "keys.py"
    questions = checkout / tiny.WEEK / f"{tiny.NOTEBOOK}_questions.py"
    facts.write_text(facts.read_text().replace("points = 2.5", "points = 4.5"))
    questions.write_text(questions.read_text() + NEW_QUESTION)
    keys.write_text(keys.read_text() + NEW_KEY)


def more_for_why(cells):
    """Another number of points for an answer, another text in a locked cell."""
    next(cell for cell in cells if cell.id == "why").metadata.nbgrader["points"] = 2
    next(cell for cell in cells if cell.id == "test_double").source += "  # once more"


def synchronised(course):
    """The course read again, its generated parts up to date with course.toml."""
    again = load_course(course.root)
    links.synchronise(again, list(again.weeks))
    return again


def points(course, student):
    with Book(course) as book:
        return {cell: score.points for cell, score in book.scores(tiny.WEEK)[student][tiny.NOTEBOOK].items()}


def test_an_exercise_added_after_students_handed_in(released):
    """Earlier work keeps its scores, those given by hand too, and none for the new exercise; new work can have all.

    What the release changed is nobody's fault: no page says that its student had.
    """
    tiny.hand_in(released, "ada", {**tiny.RIGHT, "why": "A sum."})
    grade(released, list(released.weeks), jobs=1, trusted=True)
    with Book(released) as book:
        book.nbgrader.find_grade("why", tiny.NOTEBOOK, tiny.WEEK, "ada").manual_score = 0.5
        book.session.commit()
    add_an_exercise(released.repo)
    edit(released.repo, more_for_why)
    facts = released.repo / "course.toml"
    facts.write_text(facts.read_text().replace("points = 4.5", "points = 5.5"))
    again = synchronised(released)
    done = release(again, list(again.weeks))
    assert {str(change) for change in done.cells} == {
        "double: title: text changed",
        *("double: halve: new", "double: test_halve: new"),
        *("double: why: points changed from 1 to 2", "double: test_double: text changed"),
    }
    tiny.hand_in(again, "bob", {**tiny.RIGHT, "halve": "def halve(x):\n    return x / 2"})
    grade(again, list(again.weeks), jobs=1, trusted=True)
    assert points(again, "ada") == {"test_double": 1.5, "test_triple": 1.0, "why": 0.5, "test_halve": 0.0}
    assert points(again, "bob")["test_halve"] == 2.0
    notes = Store(again.desk_folder).load(tiny.WEEK, "ada", tiny.NOTEBOOK).data["notes"]
    assert len(notes) > 1 and not [note for note in notes if re.search("had been|changed|differ|missing", note)], notes


def test_a_graded_cell_with_scores_is_not_taken_away(released):
    tiny.hand_in(released, "ada", tiny.RIGHT)
    grade(released, list(released.weeks), jobs=1, trusted=True)
    edit(released.repo, lambda cells: cells.pop())
    facts = released.repo / "course.toml"
    facts.write_text(facts.read_text().replace("points = 2.5", "points = 1.5"))
    again = synchronised(released)
    with pytest.raises(DeskError, match="'why' is gone"):
        release(again, list(again.weeks))
    assert points(released, "ada")["test_double"] == 1.5


def test_a_preview_says_the_same_and_writes_nothing(released):
    def snapshot():
        return {path: path.stat().st_mtime_ns for path in released.root.rglob("*") if path.is_file()}

    before = snapshot()
    nothing = json.loads(run("release", "--dry-run", "--json", "--course", released.root).stdout)
    assert nothing["cells"] == [] and nothing["changes"] == {"added": [], "changed": [], "removed": []}
    add_an_exercise(released.repo)
    synchronised(released)
    told = json.loads(run("release", "--dry-run", "--json", "--course", released.root).stdout)
    assert {change["cell"] for change in told["cells"]} == {"title", "halve", "test_halve"}
    assert {"README.md", f"{tiny.WEEK}/README.md", f"{tiny.WEEK}/double.ipynb"} <= set(told["changes"]["changed"])
    assert snapshot() == before


def git(place, *arguments):
    return subprocess.run(["git", *arguments], cwd=place, check=True, capture_output=True, text=True).stdout


def test_a_branch_gets_a_commit_for_each_release_that_changes_something(released, tmp_path):
    """What others put on the branch stays; what a release no longer has goes."""
    bare = tmp_path / "students.git"
    bare.mkdir()
    git(bare, "init", "--quiet", "-b", "main", "--bare", ".")
    branch = Branch(bare, "main")
    first, commit = branch.commit({"a.txt": b"1", "dir/b.txt": b"2"}, "first")
    assert first.added == ["a.txt", "dir/b.txt"] and git(bare, "show", "main:dir/b.txt") == "2"
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", str(bare), str(clone))
    (clone / "theirs.txt").write_text("3")
    git(clone, "add", ".")
    git(clone, "-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "-qm", "x")
    git(clone, "push", "--quiet", "origin", "main")
    second, _ = branch.commit({"a.txt": b"changed"}, "second")
    assert (second.changed, second.removed) == (["a.txt"], ["dir/b.txt"])
    assert git(bare, "ls-tree", "-r", "--name-only", "main").split() == [".released", "a.txt", "theirs.txt"]
    assert branch.commit({"a.txt": b"changed"}, "third") == (branch.compare({"a.txt": b"changed"}), None)
    with pytest.raises(DeskError, match="checked out"):
        Branch(clone, "main").commit({}, "x")
    with pytest.raises(DeskError, match="no git repository"):
        Branch(released.root, "main").check()


def test_a_release_goes_to_a_branch_and_is_dated(released, tmp_path):
    git(tmp_path, "init", "--quiet", "-b", "main", "--bare", "students.git")
    told = run("release", "--branch", tmp_path / "students.git", "--course", released.root)
    assert told.exit_code == 0 and "git push origin main" in told.output
    assert "week01_tiny/double.ipynb" in git(tmp_path / "students.git", "ls-tree", "-r", "--name-only", "main")
    assert len(release_times(released)[tiny.WEEK]) == 2
