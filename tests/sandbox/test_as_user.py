"""The sandbox started by an ordinary user: the same walls, without root's means."""

import json
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from grader.sandbox.walls import visible_files

REPO = Path(__file__).resolve().parents[2]
USER = 54321
SCRIPT = """
import json, os, sys
from tests.sandbox.tools import run, shown, statuses
from grader.sandbox.kernels import forked_kernel
from grader.sandbox.walls import accounts

home = os.environ["HOME"]
open(home + "/private.txt", "w").write("mine")
open(home + "/data.csv", "w").write("1,2")
result = {}

ex = run(
    "import os; from grader import checks; import numpy; print(os.getuid(), sorted(os.listdir('.')))",
    f"open({home!r} + '/private.txt').read()",
    "import os; print(os.listdir('/proc/1/root/home') if os.path.exists('/proc/1/root/home') else 'no home')",
    "import socket; socket.create_connection(('1.1.1.1', 53), 1)",
    "import ctypes; print(ctypes.CDLL(None).unshare(0x10000000))",
    "import resource; print(resource.getrlimit(resource.RLIMIT_NPROC))",
    "open('/tmp/a', 'wb').write(bytes(60 * 2**20)); open('/tmp/b', 'wb').write(bytes(60 * 2**20))",
    files=home, tmp_mb=100,
)
result["plain"] = [statuses(ex), shown(ex, 0), shown(ex, 1), shown(ex, 2), shown(ex, 4), shown(ex, 5), shown(ex, 6)]

ex = run(
    "print('earned')",
    "import os, time\\n"
    "for _ in range(12):\\n"
    "    if os.fork() == 0:\\n"
    "        hoard = bytearray(b'x') * (60 * 2**20); time.sleep(60)\\n"
    "time.sleep(60)",
    memory_mb=512, cell_seconds=20,
)
result["memory"] = [statuses(ex), ex.death, shown(ex, 0)]

ex = run(
    "import os\\nfor n in range(100_000): os.close(os.open(f'/dev/shm/{n}', os.O_CREAT))\\nimport time; time.sleep(9)",
)
result["files"] = [statuses(ex), ex.death]

ex = run("import os, time\\nif os.fork() == 0: os.setsid(); time.sleep(60)\\nos._exit(3)")
result["exit"] = [statuses(ex), ex.death]
forked_kernel.close_all()
result["left"] = [sorted(p for p in os.listdir(accounts._home()) if os.path.isdir(f"{accounts._home()}/{p}")),
                  [os.listdir(f"{accounts._home()}/{p}") for p in os.listdir(accounts._home()) if p.isdigit()]]
print(json.dumps(result))
"""


def as_user(folder, script):
    """Run ``script`` as an ordinary user (as the one we are, unless we are root) and return its JSON output."""
    home, runtime = folder / "home", folder / "run"
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "XDG_RUNTIME_DIR": str(runtime)}
    command, repo = [sys.executable, "-B", "-c", script], REPO
    for own in (home, runtime):
        own.mkdir(mode=0o700)
    if os.geteuid() == 0:
        for own in (home, runtime):
            os.chown(own, USER, USER)
        command, repo = _become_user(folder, command), folder / "repo"
    # An interpreter made with a shared library looks for it where it was installed, which may be closed to others.
    environment["LD_LIBRARY_PATH"] = str(folder / "python" / "lib")
    environment["PYTHONPATH"] = ":".join([*visible_files.library_folders(), str(repo)])
    done = subprocess.run(command, env=environment, cwd=home, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def _become_user(folder, command):
    """Root's interpreter and checkout may be closed to others: bind them where everybody can enter."""
    places = {sys.base_prefix: folder / "python", str(REPO): folder / "repo"}
    for place in places.values():
        place.mkdir()
    python = folder / "python" / "bin" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    binds = [shlex.join(["mount", "--bind", source, str(place)]) for source, place in places.items()]
    become = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "--"]
    script = " && ".join([*binds, shlex.join(["exec", *become, str(python), *command[1:]])])
    return ["unshare", "--mount", "--propagation", "private", "sh", "-c", script]


@pytest.fixture(scope="module")
def result():
    # Not pytest's own folder for temporary files: it is closed to other users, and its paths are long for sockets.
    with tempfile.TemporaryDirectory(prefix="gt-", dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        return as_user(Path(folder), SCRIPT)


def test_cells_run_and_the_home_is_not_there(result):
    """Handed-in files are copied; the user's own files, network and namespaces are out of reach; sizes are limited."""
    states, first, private, above, unshare, processes, disk = result["plain"]
    assert states == ["ok", "error", "ok", "error", "ok", "ok", "error"]
    assert first.startswith("1000 [") and "'data.csv', 'private.txt']" in first
    assert "FileNotFoundError" in private and above == "no home\n"
    assert unshare == "-1\n" and processes == "(64, 64)\n"
    assert "No space left" in disk


def test_a_memory_bomb_is_killed(result):
    """Memory is counted by polling: processes that together take too much end the sandbox."""
    assert result["memory"] == [["ok", "error"], "memory", "earned\n"]


def test_an_inode_filler_is_killed(result):
    """Files without number are refused, or end the sandbox where nothing else limits them."""
    assert result["files"] in ([["error"], "files"], [["error"], None])


def test_nothing_is_left(result):
    """The end of a kernel is seen, and its folder is empty afterwards."""
    assert result["exit"] == [["error"], "exit"]
    assert all(not names for names in result["left"][1])
