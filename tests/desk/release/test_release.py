"""A release is whole, right and clean, or there is none."""

import subprocess
import sys

import nbformat
import pytest
import tomllib
from nbgrader.api import Gradebook

from grader.desk.course.facts import load_course
from grader.desk.errors import DeskError
from grader.desk.release import links
from grader.desk.release.leaks import find_leaks
from grader.desk.release.release import release
from tests.desk import tiny


def edit(path, change):
    nb = nbformat.read(path, as_version=4)
    change({cell.id: cell for cell in nb.cells})
    nbformat.write(nb, path)


def test_a_release_enters_points_and_deadline_into_the_gradebook(released):
    """The points of the cells, by name, and the deadline in UTC."""
    with Gradebook(f"sqlite:///{released.root / 'gradebook.db'}", "tiny") as book:
        assignment = book.find_assignment(tiny.WEEK)
        cells = {cell.name: cell.max_score for cell in book.find_notebook("double", tiny.WEEK).grade_cells}
        assert cells == {"test_double": 1.5, "test_triple": 1.0, "why": 1.0}
        assert str(assignment.duedate) == "2026-10-11 21:59:00"


def test_stubs_survive_and_cells_are_locked(released):
    """nbgrader's own list of preprocessors would replace a stub that has no markers."""
    cells = {cell.id: cell for cell in tiny.released(released).cells}
    assert cells["double"].source == tiny.stub("double")
    assert cells["test_double"].metadata["editable"] is False and cells["test_double"].metadata.nbgrader["checksum"]


def test_the_student_repository_is_whole_and_installs(released, tmp_path):
    """Weeks, the package of checks, how to begin; pip installs it, with `grader.checks` and the weeks' modules."""
    place = released.root / "build" / "student"
    names = {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()}
    assert {"README.md", "requirements.txt", "pyproject.toml", "LICENSE", f"{tiny.WEEK}/double.ipynb"} <= names
    assert not [name for name in names if name.startswith(("solutions", "grader/judge", "grader/desk"))]
    assert tomllib.loads((place / "pyproject.toml").read_text())["project"]["dependencies"]
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--target"]
    subprocess.run([*command, tmp_path / "site", place], check=True, capture_output=True)
    assert (tmp_path / "site" / "grader" / "checks" / "__init__.py").exists()
    assert (tmp_path / "site" / tiny.WEEK / "factors.py").exists()


def test_the_modules_of_weeks_to_come_are_in_the_package(course, checkout):
    """A student who installed it in week 1 need not install it again."""
    (checkout / "week02_later").mkdir()
    (checkout / "week02_later" / "helper.py").write_text("ONE = 1\n")
    release(course, list(course.weeks))
    assert (course.root / "build" / "student" / "week02_later" / "helper.py").exists()


def test_the_readme_links_every_notebook_to_colab(released):
    text = (released.root / "build" / "student" / "README.md").read_text()
    assert "colab.research.google.com/github/somebody/tiny/blob/main/week01_tiny/double.ipynb" in text


def test_nothing_of_solutions_is_in_the_student_repository(released):
    place = released.root / "build" / "student"
    files = [path for path in place.rglob("*") if path.is_file()]
    assert len(files) > 8 and find_leaks(released.repo / "solutions", files, place) == []


def test_a_planted_solution_stops_the_release(course, checkout):
    """Nothing is written, and the message names the file and the line of solutions/."""
    edit(
        checkout / tiny.WEEK / "double.ipynb",
        lambda cells: cells["title"].update(source="# Doubling\n\n" + tiny.REFERENCE),
    )
    links.synchronise(course, list(course.weeks))
    with pytest.raises(DeskError, match=r"double.ipynb holds solutions/week01_tiny/double/reference.py:4") as told:
        release(course, list(course.weeks))
    assert told.value.exit_code == 1 and not course.step("release").exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda cells: cells["test_double"].metadata.nbgrader.update(points=2), "give 1.5 points, the cell 2"),
        (lambda cells: cells["test_triple"].metadata.update(tags=[]), "add up to 3.5 points, course.toml says 2.5"),
        (lambda cells: cells["setup"].update(source="import numpy"), "not up to date"),
        (lambda cells: cells["double"].update(id="other"), "they must be the same"),
        (lambda cells: cells["setup"].update(outputs=[nbformat.v4.new_output("stream", text="1")]), "with output"),
    ],
)
def test_a_week_that_does_not_add_up_is_not_released(course, checkout, change, says):
    edit(checkout / tiny.WEEK / "double.ipynb", change)
    with pytest.raises(DeskError, match=says):
        release(course, list(course.weeks))


def test_an_unlisted_notebook_is_not_released(course, checkout):
    nbformat.write(nbformat.v4.new_notebook(), checkout / tiny.WEEK / "extra.ipynb")
    with pytest.raises(DeskError, match="extra.ipynb is not listed"):
        release(course, list(course.weeks))


def test_a_second_release_says_what_changed(released):
    """Only what changed is written, and what is gone is removed; files of others stay."""
    place, checkout = released.root / "build" / "student", released.repo
    (place / ".git").mkdir()
    (place / ".git" / "HEAD").write_text("ref")
    (checkout / tiny.WEEK / "README.md").unlink()
    (checkout / tiny.WEEK / "data.txt").write_text("1 2 3\n")
    done = release(load_course(released.root), list(released.weeks))
    assert (done.changes.added, done.changes.changed) == ([f"{tiny.WEEK}/data.txt"], [])
    assert done.changes.removed == [f"{tiny.WEEK}/README.md"] and (place / ".git" / "HEAD").exists()


def test_a_release_leaves_a_course_folder_that_nbgrader_can_work_in(released):
    assert "configure(c, __file__)" in (released.root / "nbgrader_config.py").read_text()
