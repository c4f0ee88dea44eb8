import pytest

from grader.sandbox import bubblewrap


@pytest.fixture(autouse=True, scope="session")
def sandbox_works():
    """Nothing here means anything on a machine where code cannot be isolated."""
    available = bubblewrap.available()
    assert available.ok, f"{available.reason}. {available.remedy}"
