"""The same walls around kernels that are not forked: every other test of this folder once more."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.sandbox.kernels import forked_kernel

HERE = Path(__file__).resolve().parent
OTHERS = ("test_application.py", "test_forked.py", Path(__file__).name)  # the first has both kinds of kernels itself
FILES = sorted(path.name for path in HERE.glob("test_*.py") if path.name not in OTHERS)
# For one test and for one file, so that what hangs is told by its name before this test's own time is up.
TEST_SECONDS, FILE_SECONDS = 240, 900


@pytest.mark.long
@pytest.mark.timeout(FILE_SECONDS + 60)
@pytest.mark.parametrize("file", FILES)
def test_everything_holds_for_fresh_kernels(file):
    """With GRADER_KERNELS=fresh the tests of the sandbox pass as well."""
    command = [sys.executable, "-m", "pytest", "-q", "-m", "not long", "-p", "no:cacheprovider", str(HERE / file)]
    done = subprocess.run(
        [*command, f"--timeout={TEST_SECONDS}"],
        cwd=HERE.parents[1],
        env={**os.environ, forked_kernel.VARIABLE: "fresh"},
        capture_output=True,
        text=True,
        timeout=FILE_SECONDS,
    )
    assert done.returncode == 0, done.stdout[-5000:]
