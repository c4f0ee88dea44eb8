"""The same walls around kernels that are not forked: every other test of this folder once more."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.sandbox.kernels import forked_kernel

HERE = Path(__file__).resolve().parent


@pytest.mark.long
def test_everything_holds_for_fresh_kernels():
    """With GRADER_KERNELS=fresh the tests of the sandbox pass as well."""
    command = [sys.executable, "-m", "pytest", "-q", "-m", "not long", "-p", "no:cacheprovider", str(HERE)]
    command += ["--ignore", str(HERE / "test_forked.py")]
    done = subprocess.run(
        command,
        cwd=HERE.parents[1],
        env={**os.environ, forked_kernel.VARIABLE: "fresh"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-5000:]
