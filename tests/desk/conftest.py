import pytest

from grader.desk.release import release
from tests.desk import tiny


@pytest.fixture
def checkout(tmp_path):
    """A tiny checkout: week folder, solutions, course.toml."""
    return tiny.write_checkout(tmp_path / "checkout")


@pytest.fixture
def course(tmp_path, checkout):
    """A course folder beside the tiny checkout, its week not yet released."""
    return tiny.write_course(tmp_path / "class", checkout)


@pytest.fixture
def released(course):
    """The course folder with its week released."""
    release(course, list(course.weeks))
    return course
