"""The process that runs the cells of a rehearsal. Imported once by the fork server, so that forking it is cheap."""

import os
import sys

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")
os.environ["MPLBACKEND"] = "agg"

import matplotlib.pyplot  # noqa: E402, F401
import numpy as np  # noqa: E402
import sklearn.datasets  # noqa: E402, F401  the slowest import of most notebooks
from IPython.core.interactiveshell import InteractiveShell  # noqa: E402

import grader.checks  # noqa: E402, F401
from grader.sandbox.probe import attend  # noqa: E402


def run_cells(work, path, pipe):
    """Run ``(cell_id, source, is_test)`` in order; at a test cell wait for the judge and let it ask."""
    sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")
    np.random.seed(0)
    shell = InteractiveShell.instance()
    # Tracebacks are formatted for nobody: only the exception itself is told.
    shell.showtraceback = lambda *args, **kwargs: None
    for cell_id, source, is_test in work:
        if is_test:
            pipe.send(("test", cell_id, None))
            pipe.recv()
            attend(path, shell.user_ns)
            continue
        result = shell.run_cell(source, store_history=False, silent=True)
        error = result.error_before_exec or result.error_in_exec
        if error is not None:
            pipe.send(("error", cell_id, f"{type(error).__name__}: {error}"[:500]))
    pipe.send(("end", None, None))
