"""Kernels forked from a preloaded process: as well walled in as fresh ones, and nothing passes from one to the next."""

import contextlib
import json
import os
import signal
import socket
import threading
from pathlib import Path

import pytest

from grader.sandbox.inside import fork_server
from grader.sandbox.kernels import forked_kernel
from grader.sandbox.kernels.forked_process import ForkedProcess
from grader.sandbox.kernels.fresh_kernel import FreshKernel
from grader.sandbox.kernels.open import open_kernel
from grader.sandbox.walls.limits import Limits
from tests.sandbox.tools import run, shown, statuses

WALLS = (
    "import os, ctypes\n"
    "status = dict(line.split(':', 1) for line in open('/proc/self/status'))\n"
    "print([status[name].strip() for name in ('CapEff', 'CapPrm', 'CapBnd', 'CapAmb', 'NoNewPrivs', 'Seccomp')])\n"
    "print({name: os.readlink(f'/proc/self/ns/{name}') for name in ('pid', 'mnt', 'ipc', 'net', 'user', 'uts')})\n"
    "print(sorted(name for name in os.listdir('/proc') if name.isdigit()), os.getpid())\n"
    "print(open('/proc/sys/user/max_user_namespaces').read().strip(), ctypes.CDLL(None).unshare(0x10000000))"
)


@pytest.fixture(autouse=True)
def no_fork_server():
    """Each test begins and ends without a preloaded process."""
    forked_kernel.close_all()
    yield
    forked_kernel.close_all()


def open_one():
    kernel = open_kernel(Limits())
    assert isinstance(kernel, forked_kernel.ForkedKernel)
    return kernel


def test_each_kernel_has_namespaces_of_its_own_and_no_rights():
    """Pid, mount, ipc, network, user and uts namespace differ from kernel to kernel; no capability, a filter, pid 2."""
    with contextlib.ExitStack() as held:
        seen = []

        def hold(session):  # else their numbers, once they are gone, may be given to those of the next kernel
            for place in Path(f"/proc/{session.kernel._first_process}/ns").iterdir():
                held.enter_context(open(place))

        for _ in range(2):
            text = shown(run(WALLS, "", at_cell={"c1": hold}), 0)
            rights, spaces, processes, further = text.splitlines()
            assert eval(rights) == ["0" * 16] * 4 + ["1", "2"]
            assert processes == "['1', '2'] 2" and further == "0 -1"
            seen.append(eval(spaces))
    assert all(seen[0][name] != seen[1][name] for name in seen[0])


def test_one_preloaded_process_serves_many_kernels_and_is_replaced_in_time(monkeypatch):
    """The same process gives the next kernel, until it has given its number of them."""
    monkeypatch.setattr(forked_kernel, "KERNELS", 2)
    made = []
    for _ in range(3):
        kernel = open_one()
        made.append(kernel._server)
        kernel.close()
    assert made[0] is made[1] and made[1] is not made[2]
    assert made[1].process.poll() is not None


def test_nothing_passes_from_one_kernel_to_the_next():
    """Files, shared memory, variables, patched modules and processes of a kernel are not there in the next one."""
    leave = (
        "import numpy, builtins, os, sys, time\n"
        "numpy.left = builtins.left = sys.left = True; os.environ['LEFT'] = '1'\n"
        "numpy.linalg.norm = lambda *a: 0\n"
        "open('/tmp/left', 'w').write('x'); open('/dev/shm/left', 'w').write('x')\n"
        "for _ in range(3):\n    if os.fork() == 0:\n        os.setsid(); time.sleep(100)"
    )
    look = (
        "import numpy, builtins, os, sys, glob\n"
        "print(hasattr(numpy, 'left'), hasattr(builtins, 'left'), hasattr(sys, 'left'), 'LEFT' in os.environ,\n"
        "      numpy.linalg.norm([3, 4]), os.path.exists('/tmp/left'), os.listdir('/dev/shm'),\n"
        "      len([name for name in os.listdir('/proc') if name.isdigit()]))"
    )
    assert statuses(run(leave)) == ["ok"]
    assert shown(run(look)) == "False False False False 5.0 False [] 2\n"


def test_what_is_handed_in_goes_to_one_kernel_only(tmp_path):
    """The files of one submission are not there in the next, in its folder or where they were copied from."""
    (tmp_path / "mine.csv").write_text("1")
    list_files = "import os; print(os.listdir('.'), os.listdir('/sandbox/files'), os.listdir('/sandbox/run'))"
    assert shown(run(list_files, files=tmp_path)) == "['mine.csv'] ['mine.csv'] []\n"
    assert shown(run(list_files)) == "[] [] []\n"


def test_the_preloaded_process_is_out_of_reach():
    """A kernel that kills, stops and signals all it can see does no harm to the process it was forked from."""
    for _ in range(2):
        run("import os, signal\nfor pid in (1, -1, 0):\n    os.kill(pid, signal.SIGKILL)", "1")
    kernel = open_one()
    assert kernel._server.kernels == 3
    kernel.close()


def test_a_preloaded_process_that_is_gone_is_replaced():
    """Killed while idle, it costs nobody a kernel."""
    kernel = open_one()
    server = kernel._server
    kernel.close()
    signal.pidfd_send_signal(server._first, signal.SIGKILL)
    server.process.wait(10)
    assert shown(run("print(1)")) == "1\n"


def test_a_stopped_preloaded_process_does_not_hold_up_the_run(monkeypatch):
    """One that does not answer is given up; the kernel is then a fresh process, and the caller is told once."""
    monkeypatch.setattr(forked_kernel, "START_SECONDS", 1)
    monkeypatch.setattr(forked_kernel, "_refused", None)
    kernel = open_one()
    server = kernel._server
    kernel.close()
    for pid in _inside(server):
        os.kill(pid, signal.SIGSTOP)
    with pytest.warns(UserWarning, match="not forked"):
        kernel = open_kernel(Limits())
    assert isinstance(kernel, FreshKernel)
    kernel.close()


def _inside(server):
    """The processes of a fork server, by our numbers: bwrap's first and what it started."""
    with open(f"/proc/self/fdinfo/{server._first}") as lines:
        first = next(line.split()[1] for line in lines if line.startswith("Pid:"))
    with open(f"/proc/{first}/task/{first}/children") as children:
        return [int(pid) for pid in children.read().split()]


def test_a_kernel_opened_in_another_thread_is_fresh():
    """A sandbox ends with the thread that started it, so a thread must not make one that is to last."""
    found = []

    def open_and_close():
        kernel = open_kernel(Limits())
        found.append(type(kernel))
        kernel.close()

    thread = threading.Thread(target=open_and_close)
    thread.start()
    thread.join()
    assert found == [FreshKernel]


def test_how_a_kernel_ended_is_told():
    """Its exit code, the signal that ended it, or that we did it."""
    for code, wanted in (("import os; os._exit(3)", "exit"), ("import os; os.abort()", "crash")):
        assert run(code).death == wanted
    kernel = open_one()
    kernel.kill("closed")
    assert kernel.poll() == 128 + signal.SIGKILL and kernel.cause_of_death() == "closed"
    kernel.close()


def test_all_who_wait_for_a_kernel_are_told_the_same_end():
    """One thread reads how it ended, also for another that saw the report come: a crash is no kill to any of them."""
    for _ in range(1000):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        process, codes = ForkedProcess(ours, os.open(os.devnull, os.O_RDONLY)), []
        threads = [threading.Thread(target=lambda: codes.append(process.wait(10))) for _ in range(2)]  # noqa: B023
        for thread in threads:
            thread.start()
        with theirs:
            theirs.send(b'{"exit": 139}')
        for thread in threads:
            thread.join()
        assert codes == [139, 139] and process.status == 139 and not process.lost
        process.close()


@pytest.mark.parametrize(
    "said",
    [b"]", b"[1]", b"[" * 4000, b"{}", b'{"exit": "0"}', b'{"exit": true}', b'{"exit": 0, "born": 1}', b'{"on": 1}'],
)
def test_a_report_that_makes_no_sense_is_an_end(said):
    """The kernel counts as killed, and its fork server as lost."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    process = ForkedProcess(ours, os.open(os.devnull, os.O_RDONLY))
    with theirs, contextlib.closing(process):
        theirs.send(said)
        assert process.wait(10) == 137 and process.lost


def test_namespaces_that_cannot_be_had_are_told(monkeypatch):
    """By the system's own word for it; the preloaded process keeps nothing open and goes on."""
    monkeypatch.setattr(
        fork_server, "_NEW_NAMESPACES", 0x10000000 | 0x00000200
    )  # a user namespace, sharing the root folder
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    control, other = socket.socketpair()
    descriptors = [os.open(os.devnull, os.O_RDONLY) for _ in range(7)]
    with ours, control, other:
        fork_server._raise_kernel(control, {}, theirs.detach(), *descriptors)
        assert "clone: Invalid argument" in json.loads(ours.recv(1000))["error"] and ours.recv(1000) == b""
        assert control.fileno() >= 0
    for descriptor in descriptors:
        with pytest.raises(OSError):
            os.fstat(descriptor)


def test_nobody_waits_for_a_kernel_that_nobody_wants():
    """A grader that is gone before the kernel was let go on: no kernel runs, the preloaded process is free again."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    control, other = socket.socketpair()
    go_read, go_write = os.pipe()
    descriptors = [go_read, *(os.open(os.devnull, os.O_RDONLY) for _ in range(6))]
    ours.close()
    os.close(go_write)
    with control, other:
        fork_server._raise_kernel(control, {}, theirs.detach(), *descriptors)
        assert control.fileno() >= 0


def test_figures_and_random_numbers_are_those_of_a_fresh_process(monkeypatch):
    """What a notebook shows does not depend on where its kernel came from."""
    cells = (
        "import numpy as np, random\nprint(np.random.rand(), np.random.default_rng().random(), random.random())",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2], [3, 4])\nplt.show()",
        "import matplotlib; print(matplotlib.get_backend(), plt.get_fignums())",
        "import sys; print('debugpy' in sys.modules, __name__, sys.path[-1])",
    )
    first = run(*cells)
    monkeypatch.setenv(forked_kernel.VARIABLE, "fresh")
    second = run(*cells)
    strip = [[{**output, "metadata": {}} for output in cell.outputs] for cell in first.nb.cells]
    assert strip == [[{**output, "metadata": {}} for output in cell.outputs] for cell in second.nb.cells]
    assert "image/png" in first.nb.cells[1].outputs[0].data


def test_the_choice_of_kernels_is_checked(monkeypatch):
    """A value that means nothing is refused with the values that do."""
    monkeypatch.setenv(forked_kernel.VARIABLE, "fast")
    with pytest.raises(ValueError, match="'forked' or 'fresh'"):
        open_kernel(Limits())
