"""What the student's own cells cost: run by plain `exec` in a process forked from one that has everything imported.

Nothing of the grader's: no sandbox, no kernel, no messages, no judge. What `grader grade` needs beyond this is its own.
"""

import json
import os
from pathlib import Path

import nbformat

from benchmarks.throughput.made_course import NOTEBOOK, WEEK
from grader.judge.grading.spec import cells_to_run, load_notebook
from grader.sandbox.inside.fork_server import preload
from grader.sandbox.kernels.sandboxed_kernel import STEADY


def cells_seconds(root):
    """Processor seconds that the cells of each submission below ``root`` take, as ``[seconds]``, in a fork each."""
    spec, found = load_notebook(Path(root), WEEK, NOTEBOOK), []
    for path in sorted(Path(root).glob(f"submitted/*/{WEEK}/{NOTEBOOK}.ipynb")):
        cells = cells_to_run(spec, nbformat.read(path, as_version=4))
        found.append(_in_a_fork([source for _, source, is_test in cells if not is_test]))
    return found


def prepare():
    """Import what a preloaded process of the sandbox has. Its environment must be there from the start."""
    if any(os.environ.get(name) != value for name, value in STEADY.items()):
        raise SystemExit(
            "run this as `python -m benchmarks.throughput overhead` does: BLAS reads its threads at import"
        )
    preload()
    os.environ["MPLBACKEND"] = "Agg"


def _in_a_fork(sources):
    pid = os.fork()
    if pid == 0:
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            names = {"__name__": "__main__"}
            for source in sources:
                exec(compile(source, "<cell>", "exec"), names)
            os._exit(0)
        finally:
            os._exit(1)
    _, status, usage = os.wait4(pid, 0)
    if status:
        raise SystemExit("a cell of a valid submission failed outside the sandbox")
    return usage.ru_utime + usage.ru_stime


def main(root):
    prepare()
    print(json.dumps(cells_seconds(root)))


if __name__ == "__main__":
    import sys

    main(sys.argv[1])
