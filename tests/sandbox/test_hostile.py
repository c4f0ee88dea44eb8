"""Notebooks that try to crash, exhaust, flood or outlive the sandbox: each is contained, and says what happened."""

import time

import nbformat
import pytest

from tests.sandbox.tools import own_memory_mb, run, shown, statuses


def test_a_loop_that_ignores_interrupts_is_killed(impatient):
    """Catching KeyboardInterrupt for ever ends the kernel, soon after the limit; what ran before stays."""
    execution = run(
        "print('earned')",
        "import time\nwhile True:\n    try:\n        time.sleep(9)\n    except BaseException: pass",
        "print('never')",
        cell_seconds=1,
    )
    assert statuses(execution) == ["ok", "timeout", "not_run"]
    assert shown(execution, 0) == "earned\n"
    assert execution.death == "stuck"
    assert execution.seconds < 15


@pytest.mark.parametrize(
    ("attack", "death"),
    [
        ("import os; os._exit(0)", "exit"),
        ("import ctypes; ctypes.string_at(0)", "crash"),
        ("import os; os.kill(os.getpid(), 9)", "killed"),
        ("import os; os.closerange(3, 200)", None),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSTOP)", "stuck"),
        ("import sys; sys.setrecursionlimit(10**9)\ndef f(x): return sorted([x], key=f)\nf(1)", None),
        ("import os; os.kill(-1, 9)", None),
    ],
)
def test_a_kernel_that_ends_itself(attack, death, impatient):
    """The run ends with what was earned, without an exception, and the cell that did it says so."""
    execution = run("print('earned')", attack, "print('after')", cell_seconds=1, memory_mb=1024)
    assert statuses(execution)[0] == "ok" and shown(execution, 0) == "earned\n"
    if death:
        assert execution.death == death
        assert statuses(execution)[1] in ("error", "timeout") and statuses(execution)[2] == "not_run"
        assert execution.detail in shown(execution, 1)


def test_a_large_allocation_gets_a_memory_error():
    """6 GB fail in the cell that asks for them, and the rest goes on."""
    execution = run("import numpy as np\na = np.ones(6 * 2**27)", "b = bytearray(6 * 2**30)", "1 + 1")
    assert statuses(execution) == ["error", "error", "ok"]
    assert "MemoryError" in shown(execution, 0) and "MemoryError" in shown(execution, 1)
    assert execution.death is None


def test_a_memory_bomb_over_many_processes_is_killed():
    """Processes that together take more than the limit end the sandbox, with the reason."""
    execution = run(
        "print('earned')",
        "import os, time\n"
        "for _ in range(20):\n"
        "    if os.fork() == 0:\n"
        "        hoard = bytearray(b'x') * (100 * 2**20)\n"
        "        time.sleep(60)\n"
        "time.sleep(60)",
        memory_mb=512,
        cell_seconds=30,
    )
    assert statuses(execution) == ["ok", "error"]
    assert execution.death == "memory"
    assert execution.seconds < 20


def test_a_fork_bomb_is_contained(impatient):
    """The number of processes is bounded, the machine stays usable, and the sandbox ends with all of them."""
    started = time.monotonic()
    execution = run(
        "import os, threading\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass",
        cell_seconds=2,
        processes=64,
    )
    assert execution.death is not None or statuses(execution) == ["timeout"]
    assert time.monotonic() - started < 25


def test_a_disk_filler_gets_an_error():
    """Files are limited one by one and together; the rest goes on."""
    execution = run(
        "open('/tmp/large', 'wb').write(bytes(70 * 2**20))",
        "import os\n"
        "for folder in ('/tmp', '/dev/shm'):\n"
        "    try:\n"
        "        for n in range(1000): open(f'{folder}/{n}', 'wb').write(bytes(10 * 2**20))\n"
        "    except OSError as error: print(error)\n"
        "print(sum(os.path.getsize('/tmp/' + n) for n in os.listdir('/tmp') if os.path.isfile('/tmp/' + n)) / 2**20)",
        "!rm -f /tmp/* /dev/shm/*",
        "open('small', 'w').write('fits')",
    )
    assert statuses(execution) == ["error", "ok", "ok", "ok"]
    assert shown(execution, 1).count("No space left") == 2
    assert float(shown(execution, 1).split()[-1]) <= 256


def test_an_inode_filler_gets_an_error():
    """Hundreds of thousands of empty files are refused."""
    execution = run(
        "import os\n"
        "try:\n"
        "    for n in range(200_000): os.close(os.open(f'/tmp/{n}', os.O_CREAT))\n"
        "except OSError as error: print(error, n < 50_000)",
    )
    assert execution.death == "files" or ("No space left" in shown(execution) and "True" in shown(execution))


def test_hidden_memory_cannot_be_had():
    """Memory that belongs to no process's map (memfd, System V) is refused."""
    execution = run(
        "import os\ntry:\n    os.memfd_create('x'); print('HAD')\nexcept OSError as error: print(error)",
        "import ctypes; print(ctypes.CDLL(None).shmget(0, 2**20, 0o1600))",
    )
    assert "not permitted" in shown(execution, 0) and shown(execution, 1).strip() == "-1"


def test_limits_cannot_be_raised():
    """Every resource limit is a hard one."""
    execution = run(
        "import resource\n"
        "for name in [n for n in dir(resource) if n.startswith('RLIMIT_')]:\n"
        "    kind = getattr(resource, name)\n"
        "    soft, hard = resource.getrlimit(kind)\n"
        "    if hard == resource.RLIM_INFINITY: continue\n"
        "    try:\n        resource.setrlimit(kind, (hard + 1, hard + 1)); print('RAISED', name)\n"
        "    except ValueError: pass\n"
        "print(resource.getrlimit(resource.RLIMIT_NPROC))"
    )
    assert shown(execution) == "(64, 64)\n"


@pytest.mark.parametrize(
    "flood",
    [
        "print('x' * 50 * 2**20)",
        "import os; os.write(1, b'x' * 50 * 2**20); os.write(2, b'x' * 50 * 2**20)",
        "from IPython.display import display, HTML\ndisplay(HTML('x' * 50 * 2**20))",
        "'x' * 50 * 2**20",
        "raise ValueError('x' * 50 * 2**20)",
        "from IPython.display import display\nfor n in range(5_000): display(n)",
    ],
)
def test_a_flood_that_ends(flood):
    """50 MB or thousands of messages neither grow our memory nor cost the cells that follow."""
    before = own_memory_mb()
    execution = run("print('earned')", flood, "print('after')")
    assert own_memory_mb() - before < 60
    assert shown(execution, 0) == "earned\n" and shown(execution, 2) == "after\n"
    assert sum(len(str(output)) for output in execution.nb.cells[1].outputs) < 2 * 256 * 1024
    assert execution.seconds < 20


@pytest.mark.parametrize(
    "flood",
    [
        "while True: print('x' * 1000)",
        "import sys\nwhile True: print('x', flush=True)",
        "from IPython.display import display\nwhile True: display('x' * 2**20)",
    ],
)
def test_an_endless_flood_is_stopped(flood):
    """Endless printing is stopped long before the time limit; what came before and after it is kept."""
    before = own_memory_mb()
    execution = run("print('earned')", flood, "print('after')", cell_seconds=40)
    assert own_memory_mb() - before < 60
    assert statuses(execution)[0] == "ok" and statuses(execution)[1] == "error"
    assert "output was far more" in shown(execution, 1)
    assert execution.death == "output" or shown(execution, 2) == "after\n"
    assert execution.seconds < 35


def test_a_flood_that_ignores_interrupts_is_killed(impatient):
    """Printing on and on through interrupts ends the kernel."""
    execution = run(
        "while True:\n    try:\n        while True: print('x' * 100_000)\n    except BaseException: pass",
        "1",
        cell_seconds=30,
    )
    assert statuses(execution) == ["error", "not_run"]
    assert execution.death == "output"


def test_outputs_of_all_cells_together_are_limited():
    """Many cells that each stay within their limit do not make an endless notebook."""
    execution = run(*["print('x' * 200 * 1024)"] * 30)
    assert sum(len(shown(execution, number)) for number in range(30)) < 17 * 256 * 1024
    assert statuses(execution) == ["ok"] * 30


FORGER = """
import IPython
kernel = IPython.get_ipython().kernel
parent, session, iopub = kernel.get_parent(), kernel.session, kernel.iopub_socket
def publish(kind, content): session.send(iopub, kind, content, parent=parent)
def reply(content):
    session.send(kernel.shell_stream.socket, 'execute_reply', content, parent, ident=kernel._parent_ident['shell'])
"""


FORGERIES = [
    "publish('status', {'execution_state': 'idle'})",
    "publish('status', {'execution_state': ['idle']})",
    "publish('stream', 'not a dict')",
    "publish('stream', {'name': 1, 'text': ['a', 2]})",
    "publish('display_data', {'data': {'text/plain': {'a': float('nan')}, 'image/png': 7}})",
    "publish('display_data', {'data': [1], 'transient': 5, 'metadata': 'x'})",
    "publish('execute_result', {'data': {'text/plain': 'x'}, 'execution_count': 'many'})",
    "publish('execute_result', {'data': {'text/plain': '\\ud800'}, 'execution_count': 10**30})",
    "publish('error', {'ename': 5, 'evalue': None, 'traceback': 'x'})",
    "publish('comm_open', {'target_name': 'jupyter.widget'})",
    "publish('update_display_data', {'data': {}, 'transient': {'display_id': []}})",
    "publish('clear_output', {})",
    "publish([], {})",
    "iopub.send_multipart([b'<IDS|MSG>'])",
    "iopub.send_multipart([b'<IDS|MSG>', b'', b'{', b'[1]', b'\\xff', b'5'])",
    "iopub.send_multipart([b'<IDS|MSG>', b''] + [b'[' * 100_000] * 4)",
    "iopub.send_multipart([b'x'] * 10_000)",
    "iopub.send_multipart([b''] * 100)",
    "[reply({'status': 'ok'}) for _ in range(3)]",
    "reply({'status': {}})",
    "reply(7)",
]


def test_forged_messages_do_no_harm():
    """Messages that make no sense, or claim what is not so, neither raise nor cost the cells that follow."""
    execution = run("print('earned')", *[FORGER + forgery for forgery in FORGERIES], "print('after')", cell_seconds=5)
    nbformat.validate(execution.nb)
    nbformat.writes(execution.nb).encode("utf-8")
    assert shown(execution, 0) == "earned\n"
    assert shown(execution) == "after\n"


def test_a_message_that_never_ends(impatient):
    """Frames without end, sent past the library by hand, are counted and thrown away."""
    before = own_memory_mb()
    execution = run(
        "print('earned')",
        # The kernel's side of the connections, found among its descriptors, is written to directly.
        "import os, socket, stat\n"
        "lines = []\n"
        "for fd in range(3, 200):\n"
        "    try:\n"
        "        s = socket.socket(fileno=os.dup(fd))\n"
        "        if s.family == socket.AF_UNIX and s.getpeername() is not None: lines.append(s)\n"
        "    except OSError: pass\n"
        "frame = bytes([3]) + (2**20).to_bytes(8, 'big') + bytes(2**20)\n"
        "for line in lines: line.setblocking(False)\n"
        "while True:\n"
        "    for line in lines:\n"
        "        try: line.send(frame)\n"
        "        except OSError: pass",
        cell_seconds=10,
    )
    assert own_memory_mb() - before < 60
    assert shown(execution, 0) == "earned\n"
    assert execution.death in ("output", "protocol", "stuck")
