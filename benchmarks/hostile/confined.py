"""Runs another grader on hostile work without harm to this machine: behind bubblewrap, with limits, without network."""

import shutil
import subprocess
import sys
from pathlib import Path

SECONDS = 600  # for a class of thirty; a submission alone is given less
LIMITS = ["--as=6000000000", "--fsize=200000000", "--nofile=512", "--core=0", "--cpu=90"]
PROCESSES = 400


def run(command, folder, environment=None, seconds=SECONDS):
    """`(exit code, what it printed)` of a command that may write to `folder` only; the code is None when it was late.

    The root is read-only, /tmp a file system in memory of 512 MB, and whatever the command starts ends with it.
    """
    wall = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--ro-bind", "/", "/"]
    wall += ["--proc", "/proc", "--dev", "/dev", "--size", str(512 * 2**20), "--tmpfs", "/tmp"]
    for path in (
        Path(sys.prefix),
        Path(sys.base_prefix),
        Path(command[0]).resolve().parent.parent,
        Path(command[0]).parent.parent,
    ):
        if str(path).startswith("/tmp/"):
            wall += ["--ro-bind", str(path), str(path)]
    wall += ["--bind", str(folder), str(folder), "--chdir", str(folder), "--clearenv"]
    for name, value in {
        "PATH": f"{Path(command[0]).parent}:/usr/bin:/bin",
        "HOME": "/tmp",
        "LANG": "C.UTF-8",
        **(environment or {}),
    }.items():
        wall += ["--setenv", name, value]
    limits = ["prlimit", *LIMITS, f"--nproc={PROCESSES}", "--"]
    try:
        done = subprocess.run([*limits, *wall, "--", *map(str, command)], capture_output=True, timeout=seconds)
    except subprocess.TimeoutExpired as late:
        return None, ((late.stdout or b"") + (late.stderr or b"")).decode("utf-8", "replace")
    return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")


def possible():
    return shutil.which("bwrap") is not None and shutil.which("prlimit") is not None
