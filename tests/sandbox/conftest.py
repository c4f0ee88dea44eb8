"""What the tests of the sandbox share."""

import os
import tempfile
from pathlib import Path

import pytest

from grader.sandbox.kernels import forked_kernel
from grader.sandbox.run import session
from grader.sandbox.walls import accounts, bubblewrap, cgroups


@pytest.fixture(autouse=True, scope="session")
def sandbox_works():
    """Nothing here means anything on a machine where code cannot be isolated."""
    available = bubblewrap.available()
    assert available.ok, f"{available.reason}. {available.remedy}"


@pytest.fixture
def impatient(monkeypatch):
    """Shorter patience with kernels that do not react; the tests need not wait for real ones."""
    monkeypatch.setattr(session, "INTERRUPT_SECONDS", 2)
    monkeypatch.setattr(session, "FLOOD_SECONDS", 3)


@pytest.fixture
def own_accounts(monkeypatch):
    """Accounts of this test alone, because others may be grading on this machine. Gives their folder."""
    with tempfile.TemporaryDirectory(prefix="gt-", dir="/tmp") as home:
        os.chmod(home, 0o711)
        monkeypatch.setattr(accounts, "ROOT_HOMES", (Path(home),))
        # Other numbers in each process of tests: several may run beside each other.
        monkeypatch.setattr(accounts, "FIRST_UID", accounts.LAST_UID - 50 * (1 + os.getpid() % 8))
        monkeypatch.setattr(accounts, "SLOTS", 50)
        monkeypatch.setattr(cgroups, "NAME", f"grader-test-{os.getpid()}")
        monkeypatch.setenv("XDG_RUNTIME_DIR", home)
        forked_kernel.close_all()
        yield Path(home) / "grader"
        forked_kernel.close_all()
    for folder in Path("/sys/fs/cgroup").glob(f"*/{cgroups.NAME}"):
        folder.rmdir()
