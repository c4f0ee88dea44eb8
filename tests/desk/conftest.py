import shutil

import pytest

from grader.desk.course.facts import load_course
from grader.desk.grade.run import grade
from grader.desk.release.release import release
from tests.desk import tiny


@pytest.fixture
def checkout(tmp_path):
    """A tiny checkout: week folder, solutions, course.toml."""
    return tiny.write_checkout(tmp_path / "checkout")


@pytest.fixture
def course(tmp_path, checkout):
    """A course folder beside the tiny checkout, its week not yet released."""
    return tiny.write_course(tmp_path / "class", checkout)


@pytest.fixture(scope="session")
def released_once(tmp_path_factory):
    """A folder with a checkout and a course folder whose week is released; nbgrader takes seconds for it."""
    place = tmp_path_factory.mktemp("released")
    course = tiny.write_course(place / "class", tiny.write_checkout(place / "checkout"))
    release(course, list(course.weeks))
    return place


@pytest.fixture
def released(released_once, tmp_path):
    """A course folder with its week released, of one's own; its checkout lies beside it."""
    shutil.copytree(released_once, tmp_path, dirs_exist_ok=True)
    return load_course(tmp_path / "class")


@pytest.fixture(scope="session")
def graded_once(released_once, tmp_path_factory):
    """`(course, summary)`: the tiny class, graded in the sandbox. Only to be looked at."""
    place = tmp_path_factory.mktemp("graded")
    shutil.copytree(released_once, place, dirs_exist_ok=True)
    course = load_course(place / "class")
    tiny.hand_in_class(course)
    return course, grade(course, list(course.weeks), jobs=2)


@pytest.fixture
def graded(graded_once, tmp_path):
    """The graded course folder, of one's own."""
    shutil.copytree(graded_once[0].root.parent, tmp_path, dirs_exist_ok=True)
    return load_course(tmp_path / "class")
