"""The process that runs the cells of a rehearsal. Imported once by the fork server, so that forking it is cheap."""

import os
import signal
import sys
from collections.abc import Iterable
from multiprocessing.connection import Connection as Pipe
from multiprocessing.connection import Listener
from pathlib import Path
from typing import Any

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")
os.environ["MPLBACKEND"] = "agg"

import matplotlib.pyplot  # noqa: E402, F401
import numpy as np  # noqa: E402
import numpy.random  # noqa: E402  numpy itself imports it when it is first used: in every copy
from IPython.core.interactiveshell import InteractiveShell  # noqa: E402

import grader.checks  # noqa: E402, F401
from grader.sandbox.inside.helper import attend  # noqa: E402


def run_cells(work: list[tuple[str, str, bool]], path: str, pipe: Pipe, packages: Iterable[Path]) -> None:
    """Run ``(cell_id, source, is_test)`` in order; at a test cell wait for the judge and let it ask."""
    _start(packages)
    _continue(work, path, pipe)


def keep_checkpoints(work: list[tuple[str, str, bool]], folder: str, packages: Iterable[Path]) -> None:
    """Run the cells in order, and stay as a copy of this process before each that is not a test cell.

    The copy listens at ``folder/<cell_id>``: whoever connects sends ``(work, path)``, other cells from there on, which
    a further copy runs as ``run_cells`` would. Ends with its parent process.
    """
    os.setsid()
    _start(packages)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the copies
    for cell_id, source, is_test in work:
        if is_test:
            continue
        parent = os.getpid()
        with Listener(os.path.join(folder, cell_id)) as listener:
            if os.fork():
                _serve(listener)
        _run_cell(source)
        if os.getppid() != parent:
            os._exit(0)


def _serve(listener: Any) -> None:
    listener._listener._socket.settimeout(1)
    parent = os.getppid()
    while os.getppid() == parent:
        try:
            pipe = listener.accept()
        except TimeoutError:
            continue
        if not os.fork():
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            work, path = pipe.recv()
            _continue(work, path, pipe)
            os._exit(0)
        pipe.close()
    os._exit(0)


def _start(packages: Iterable[Path]) -> None:
    sys.path[:0] = dict.fromkeys(str(folder.parent) for folder in packages)
    sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")
    np.random.seed(0)
    shell = InteractiveShell.instance()
    # Tracebacks are formatted for nobody: only the exception itself is told.
    shell.showtraceback = lambda *args, **kwargs: None  # type: ignore[method-assign]


def _run_cell(source: str) -> BaseException | None:
    result = InteractiveShell.instance().run_cell(source, store_history=False, silent=True)
    return result.error_before_exec or result.error_in_exec


def _continue(work: list[tuple[str, str, bool]], path: str, pipe: Pipe) -> None:
    for cell_id, source, is_test in work:
        if is_test:
            pipe.send(("test", cell_id, None))
            pipe.recv()
            attend(path, InteractiveShell.instance().user_ns)
            continue
        error = _run_cell(source)
        if error is not None:
            pipe.send(("error", cell_id, f"{type(error).__name__}: {error}"[:500]))
    pipe.send(("end", None, None))
