import pytest

from tests.judge import toy


@pytest.fixture
def course(tmp_path):
    """The root of a toy course."""
    return toy.write_course(tmp_path / "course")
