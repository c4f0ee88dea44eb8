"""The cost of one submission, by processes that stay and take turns: a machine's speed changes by the minute.

Started by `compare`, with the path of a checkout, a week and a notebook; grades the reference, or only runs its cells,
each time a line arrives on standard input, and answers with what that took. What it imports is the checkout's own, so
the older of two versions needs nothing of this file.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

CELLS = "cells alone"
FIGURES = (
    "wall time, s",
    "processor of the machine, s",
    "processor of the worker, s",
    "running cells, s",
    "judging, s",
)
FIRST = 2  # turns that only warm up
TOGETHER = 4  # submissions graded in one turn: the machine counts its time in hundredths of a second


def compare(sides, week, name, turns):
    """Medians for each of ``sides`` (``{title: (checkout, whether only the cells run)}``), and of the pairs' ratios."""
    started = {title: _start(checkout, week, name, alone) for title, (checkout, alone) in sides.items()}
    try:
        found = []
        for turn in range(turns + FIRST):
            order = list(started) if turn % 2 else list(started)[::-1]
            found.append({title: _ask(started[title]) for title in order})
    finally:
        for process in started.values():
            process.stdin.close()
            process.wait()
    (one, other), found = sides, found[FIRST:]
    print(f"{week}/{name}, {turns} turns\n{'seconds':28} {one:>12} {other:>12} {'of pairs':>10}")
    for place, figure in enumerate(FIGURES):
        pairs = [(turn[one][place], turn[other][place]) for turn in found]
        if all(a and b for a, b in pairs):
            medians = (median(values) for values in zip(*pairs, strict=True))
            print(f"{figure:28} {next(medians):12.3f} {next(medians):12.3f} {median(b / a for a, b in pairs):8.2f} x")
    return found


def _start(checkout, week, name, alone):
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    if alone:  # BLAS reads how many threads it may use when it is imported
        from grader.sandbox.kernels.sandboxed_kernel import STEADY

        environment |= {**STEADY, "MPLBACKEND": "Agg"}
    command = [sys.executable, __file__, str(checkout), week, name, *([CELLS] if alone else [])]
    process = subprocess.Popen(
        command, cwd=checkout, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    _read(process)
    return process


def _ask(process):
    process.stdin.write("again\n")
    process.stdin.flush()
    return _read(process)


def _read(process):
    """The next line of a process that is in brackets; what a notebook's cells print may stand before it."""
    for line in process.stdout:
        if line.startswith("["):
            return json.loads(line)
    raise SystemExit(f"{process.args} ended with {process.wait()}")


def _serve(checkout, week, name, alone):
    import grader
    from grader.judge.grading.spec import load_notebook, reference_cells
    from grader.judge.rehearsal.rehearsal import filled

    if not Path(grader.__file__).is_relative_to(checkout):
        raise SystemExit(f"{grader.__file__} is not of {checkout}")
    spec = load_notebook(checkout, week, name)
    notebook = filled(spec.released, reference_cells(checkout, week, name))
    if alone:
        from grader.judge.grading.spec import cells_to_run
        from grader.sandbox.inside.fork_server import preload

        preload()
        sources = [source for _, source, is_test in cells_to_run(spec, notebook) if not is_test]
    else:
        grade = _grading(spec, notebook)
    print("[]", flush=True)
    for _ in sys.stdin:
        print(json.dumps(_cells(sources) if alone else grade()), flush=True)


def _grading(spec, notebook):
    import nbformat

    from grader.judge.grading.grade import grade_notebook

    handed_in = nbformat.writes(notebook).encode()
    full = {cell.grade_id: cell.points for cell in spec.cells if not cell.manual}

    def once():
        machine, wall, own = _busy(), time.perf_counter(), time.process_time()
        results = [grade_notebook(spec, handed_in) for _ in range(TOGETHER)]
        took = time.perf_counter() - wall, _busy() - machine, time.process_time() - own
        if any(result.parts[cell].points != points for result in results for cell, points in full.items()):
            raise SystemExit("the reference does not get all points")
        parts = [sum(result.timings[part] for result in results) for part in ("execution", "judging")]
        return [seconds / TOGETHER for seconds in (*took, *parts)]

    return once


def _cells(sources):
    """What the student's own cells cost: run by plain `exec` in a fork, without sandbox, kernel, messages or judge."""
    wall, pid = time.perf_counter(), os.fork()
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
    return [time.perf_counter() - wall, usage.ru_utime + usage.ru_stime, 0, 0, 0]


def _busy():
    """Seconds that all processors together have worked since the machine started; man page proc_stat(5)."""
    with open("/proc/stat") as lines:
        user, nice, system, _idle, _waiting, irq, softirq = map(int, lines.readline().split()[1:8])
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), *sys.argv[2:4], alone=CELLS in sys.argv)
