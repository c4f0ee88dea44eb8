"""Runs a command and measures it: wall time, processor time, and the peak of the memory of its whole process tree."""

import os
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

SECONDS = 0.5


@dataclass(frozen=True)
class Measured:
    """``seconds`` of wall time; ``peak_mb``: the largest sum of proportional shares (PSS) of all its processes.

    ``processor``: seconds that the machine's processors were busy meanwhile, with whatever. Sandboxed processes are
    nobody's children, so no other count has them all; nothing else may run on the machine.
    """

    seconds: float
    peak_mb: float
    processor: float


def measure(*commands, cwd, env=None, log=None, may_return=(0,)):
    """Run the commands side by side until all have ended. Raises ``CalledProcessError`` for one that fails
    (returns another number than it may)."""
    started, busy = time.monotonic(), _busy()
    with open(log or os.devnull, "ab") as output:
        running = [
            subprocess.Popen(command, cwd=where, env=env, stdout=output, stderr=subprocess.STDOUT)
            for command, where in zip(commands, cwd, strict=True)
        ]
        done = threading.Event()
        peaks = [0.0]
        watcher = threading.Thread(target=_watch, args=([process.pid for process in running], done, peaks))
        watcher.start()
        try:
            codes = [process.wait() for process in running]
        finally:
            seconds, processor = time.monotonic() - started, _busy() - busy
            done.set()
            watcher.join()
    for process, code in zip(running, codes, strict=True):
        if code not in may_return:
            raise subprocess.CalledProcessError(code, process.args)
    return Measured(seconds, max(peaks) / 2**20, processor)


def _busy():
    """Seconds that all processors together have worked since the machine started; man page proc_stat(5)."""
    with open("/proc/stat") as lines:
        user, nice, system, _idle, _waiting, irq, softirq = map(int, lines.readline().split()[1:8])
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


def _watch(pids, done, peaks):
    while not done.wait(SECONDS):
        peaks.append(sum(_share(member) for pid in pids for member in _tree(pid)))


def _tree(pid):
    yield pid
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            for child in Path(f"/proc/{pid}/task/{task}/children").read_text().split():
                yield from _tree(int(child))
    except OSError:
        pass  # it ended meanwhile


def _share(pid):
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    except OSError:
        return 0
