"""What student code can see and reach: the interpreter, its own files, and nothing else of the machine."""

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

from grader.sandbox.kernels.sandboxed_kernel import STEADY
from grader.sandbox.walls import bubblewrap, seccomp, visible_files
from tests.sandbox.tools import run, shown, statuses

REPO = Path(__file__).resolve().parents[2]


def test_no_network():
    """No address outside, no name, no listening program of the host can be reached; only an empty loopback."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        execution = run(
            "import socket, urllib.request\n"
            "def attempt(f):\n"
            "    try:\n        f(); print('REACHED')\n"
            "    except OSError as error:\n        print('NO:', error)\n"
            f"attempt(lambda: socket.create_connection(('127.0.0.1', {port}), 2))\n"
            "attempt(lambda: socket.create_connection(('1.1.1.1', 53), 2))\n"
            "attempt(lambda: urllib.request.urlopen('http://example.com', timeout=2))\n"
            "attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('8.8.8.8', 53)))\n"
            "attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))\n"
            "attempt(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW))\n"
            "attempt(lambda: socket.socket(40, socket.SOCK_STREAM))\n"  # AF_VSOCK, which no namespace holds back
            "print([name for _, name in socket.if_nameindex()])"
        )
    text = shown(execution)
    assert "REACHED" not in text and text.count("NO:") == 7
    assert "['lo']" in text


def test_host_files_are_not_there(tmp_path):
    """Homes, the checkout with its solutions, the course folder, other submissions, logs, host configuration."""
    secret = tmp_path / "secret.txt"
    secret.write_text("42 is the answer")
    secret.chmod(0o644)
    folders = [
        REPO,
        Path.home(),
        tmp_path,
        "/home",
        "/var",
        "/srv",
        "/opt",
        "/mnt",
        "/run",
        "/sys",
        "/boot",
        "/usr/local",
    ]
    execution = run(
        "import os\n"
        "def walk(top):\n"
        "    return sum(len(files) for _, _, files in os.walk(top))\n"
        f"print([(top, walk(top)) for top in {[str(folder) for folder in folders]!r} if walk(top) and not any(\n"
        "    p == top or p.startswith(top + '/') for p in __import__('sys').path)])",
        f"print(sorted(os.listdir({str(REPO)!r})) if os.path.exists({str(REPO)!r}) else [])",
        f"open({str(secret)!r}).read()",
        "[name for name in os.listdir('/etc')]",
        "print(open('/etc/shadow').read())",
        "import solutions",
        "import grader.judge",
        "import grader.desk",
        "import grader.sandbox.run.session",
        "!find / -path '*solutions*' -name keys.py -o -name mistakes.py -o -name rubric.md 2>/dev/null",
    )
    assert shown(execution, 0).strip() == "[]"
    assert set(eval(shown(execution, 1))) <= {".venv", "venv"}
    assert "FileNotFoundError" in shown(execution, 2)
    assert set(eval(shown(execution, 3))) <= {
        "passwd", "group", "hosts", "nsswitch.conf", "ld.so.cache", "fonts", "alternatives",
    }  # fmt: skip
    assert statuses(execution)[4:9] == ["error"] * 5
    assert shown(execution, 9).strip() == ""


def test_another_home_is_not_there():
    """Folders above the interpreter's hold nothing but the way to it."""
    prefix = Path(sys.base_prefix)
    above = [str(folder) for folder in prefix.parents if str(folder) not in ("/", "/usr")]
    execution = run(f"import os\nprint([os.listdir(folder) for folder in {above!r}])")
    assert all(len(names) == 1 for names in eval(shown(execution)))


def test_the_package_shows_its_public_part_only():
    """Notebooks import the checks, the judge its helper; nothing else of the package exists."""
    execution = run(
        "from grader import checks\nimport grader.sandbox.inside.helper, os\n"
        "for package in (grader, grader.sandbox, grader.sandbox.inside, grader.sandbox.protocol):\n"
        "    print(sorted(set(os.listdir(package.__path__[0])) - {'__pycache__'}))"
    )
    assert statuses(execution) == ["ok"]
    assert shown(execution).splitlines() == [
        "['__init__.py', 'checks', 'sandbox']",
        "['__init__.py', 'inside', 'protocol']",
        "['__init__.py', 'application.py', 'colab.py', 'fork_server.py', 'helper.py', 'kernel.py']",
        "['__init__.py', 'channel.py', 'values.py']",
    ]


def test_the_environment_is_made_from_nothing():
    """No variable of the grader's gets in, neither directly nor through the processes above."""
    execution = run(
        "import os; print(sorted(os.environ))",
        "import glob\nnames = set()\n"
        "for path in glob.glob('/proc/*/environ'):\n"
        "    names |= {item.partition(b'=')[0].decode() for item in open(path, 'rb').read().split(b'\\0')}\n"
        "print(sorted(names))",
        "for path in glob.glob('/proc/*/cmdline'): print(open(path, 'rb').read())",
        "import getpass, platform; print(os.getuid(), getpass.getuser(), platform.node())",
    )
    by_ipython = {"CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "GIT_PAGER", "MPLBACKEND", "PAGER", "TERM"}
    ours = {*bubblewrap.ENVIRONMENT, *STEADY, "PWD", "OLDPWD"}
    assert set(eval(shown(execution, 0))) <= ours | by_ipython
    assert set(eval(shown(execution, 1))) <= ours | {"PATH", "LC_ALL", ""}
    assert str(REPO / "grader") not in shown(execution, 2)
    assert shown(execution, 3).split() == ["1000", "student", "sandbox"]


def test_nothing_but_tmp_can_be_written():
    """The root, the libraries, the helper, the socket folder and /dev are read-only."""
    places = [
        "/",
        "/usr/lib",
        "/dev",
        "/etc",
        str(visible_files.LIBRARY / "grader"),
        str(visible_files.RUN),
        str(visible_files.FILES),
    ]
    places += [os.path.dirname(os.__file__), *visible_files.library_folders()]
    execution = run(
        "import os\n"
        f"for place in {places!r}:\n"
        "    try:\n        open(place + '/x', 'w'); print('WRITTEN', place)\n"
        "    except OSError as error:\n        print(error)\n"
        "open('/tmp/x', 'w'); open('here.txt', 'w'); open('/dev/shm/x', 'w'); print('done')"
    )
    assert "WRITTEN" not in shown(execution) and "done" in shown(execution)


def test_dangerous_system_calls_are_refused():
    """mount, unshare, ptrace and their like fail with an error, also when called by number."""
    refused = {name: numbers[0] for name, numbers in seccomp.REFUSED.items()}
    execution = run(
        "import ctypes, errno, os\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        f"for name, number in {refused!r}.items():\n"
        "    ctypes.set_errno(0)\n"
        "    result = libc.syscall(number, 0, 0, 0, 0, 0, 0)\n"
        "    if result != -1 or ctypes.get_errno() != errno.EPERM: print('ALLOWED', name, result, ctypes.get_errno())\n"
        "for flags in (0x10000000, 0x20000, 0x40000000):\n"
        "    if libc.syscall(56, flags | 17, 0, 0, 0, 0) != -1: print('ALLOWED clone', flags)\n"
        "print([line for line in open('/proc/self/status') if line.startswith(('CapEff', 'CapBnd', 'NoNew'))])",
        "!unshare -Ur true; mount -t tmpfs none /tmp; su -c true; echo finished",
    )
    text = shown(execution, 0)
    assert "ALLOWED" not in text
    assert "CapEff:\\t0000000000000000" in text and "CapBnd:\\t0000000000000000" in text and "NoNewPrivs:\\t1" in text
    assert "finished" in shown(execution, 1)


def test_other_processes_cannot_be_seen_or_signalled():
    """Only the sandbox's own processes exist inside."""
    with subprocess.Popen(["sleep", "30"]) as bystander:
        execution = run(
            "import os\nprint(sorted(int(name) for name in os.listdir('/proc') if name.isdigit()))\n"
            f"for pid in [{os.getpid()}, {bystander.pid}, os.getppid(), 1]:\n"
            "    try:\n        os.kill(pid, 9)\n    except OSError as error:\n        print(error)",
            "print('still here')",
        )
        assert bystander.poll() is None
        bystander.kill()
    assert len(eval(shown(execution, 0).splitlines()[0])) <= 4
    assert "still here" in shown(execution, 1)


def test_a_module_beside_the_notebook_shadows_nothing(tmp_path):
    """numpy.py, sitecustomize.py or a package grader that was handed in is never imported by mistake."""
    names = ("numpy", "random", "sitecustomize", "ipykernel", "ipython_config", "wave", "sympy")
    for name in names:
        (tmp_path / f"{name}.py").write_text("raise SystemExit('shadowed')")
    (tmp_path / "grader").mkdir()
    (tmp_path / "grader" / "__init__.py").write_text("raise SystemExit('shadowed')")
    (tmp_path / "helper.py").write_text("value = 7")
    (tmp_path / "data.csv").write_text("1,2")
    execution = run(
        "import sys; print([name for name in ('wave', 'sympy') if name in sys.modules])\n"  # imported afresh
        "import numpy, random, wave, sympy\nfrom grader import checks\nprint(numpy.__file__)",
        "import helper; print(helper.value, open('data.csv').read())",
        files=tmp_path,
    )
    assert statuses(execution) == ["ok", "ok"]
    assert shown(execution, 0).startswith("[]\n") and "-packages" in shown(execution, 0)
    assert shown(execution, 1) == "7 1,2\n"


def test_two_at_once_do_not_see_each_other():
    """Concurrent kernels have different users outside, and no file, process, socket or shared memory in common."""
    cell = (
        "import os, time, socket, multiprocessing.shared_memory as shm\n"
        "s = socket.socket(socket.AF_UNIX); s.bind('\\0shared name')\n"
        "m = shm.SharedMemory('shared', create=True, size=100)\n"
        "open('/tmp/mine', 'x').close()\n"
        "for _ in range(20):\n    time.sleep(0.1)\n"
        "print(sorted(os.listdir('/tmp')), len([p for p in os.listdir('/proc') if p.isdigit()]))"
    )
    results = {}
    threads = [threading.Thread(target=lambda n=n: results.update({n: run(cell)})) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [statuses(results[n]) for n in range(2)] == [["ok"], ["ok"]]
    assert shown(results[0]) == shown(results[1])


def test_without_bubblewrap_nothing_runs(monkeypatch):
    """A machine that cannot isolate code refuses to run it, and says what to do."""
    import pytest

    monkeypatch.setenv("PATH", "/nonexistent")
    bubblewrap._try_once.cache_clear()
    try:
        with pytest.raises(bubblewrap.SandboxUnavailable, match="bwrap.* not found.*[Ii]nstall"):
            run("1")
    finally:
        bubblewrap._try_once.cache_clear()
