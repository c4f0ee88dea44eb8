"""A Dask scheduler and workers as programs of their own, and functions that grade badly on them."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
START_SECONDS = 60
# Nobody waits for the dead; and the machine on which tests run may be slow.
CALM = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "20s", "DASK_DISTRIBUTED__WORKER__MEMORY__SPILL": "False"}


class Program:
    """A program of Dask's, and the lines that it has printed."""

    def __init__(self, *words, env=None, cwd=None, before=()):
        environment = {**os.environ, **CALM, "PYTHONPATH": str(REPO), **(env or {})}
        self.process = subprocess.Popen(
            [*before, sys.executable, "-m", "dask", *words],
            env=environment,
            cwd=cwd or "/",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.lines = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        with self.process.stdout:
            self.lines.extend(self.process.stdout)

    def said(self, pattern, times=1, seconds=START_SECONDS):
        """The match of the pattern in the line in which it prints it for the last of `times`."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            matches = [match for line in list(self.lines) if (match := re.search(pattern, line))]
            if len(matches) >= times:
                return matches[times - 1]
            time.sleep(0.05)
        raise AssertionError(f"not {times} times {pattern!r} in:\n" + "".join(self.lines))

    def end(self):
        """End it as `kill` does, and all that it has started."""
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(15)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        self.reader.join(10)


@contextlib.contextmanager
def scheduler(*words, host="127.0.0.1", **options):
    """`(address, program)`."""
    program = Program("scheduler", "--host", host, "--port", "0", "--no-dashboard", *words, **options)
    try:
        yield program.said(r"Scheduler at:\s+(\w+://\S+)")[1], program
    finally:
        program.end()


@contextlib.contextmanager
def workers(address, number=1, *words, threads=1, host="127.0.0.1", **options):
    """A program with `number` workers, registered."""
    program = Program(
        "worker", address, "--nworkers", str(number), "--nthreads", str(threads), "--host", host, "--no-dashboard",
        *words, **options,
    )  # fmt: skip
    try:
        program.said("Registered to", times=number)
        yield program
    finally:
        program.end()


def pids(client):
    """The process numbers of a client's workers, by address."""
    return client.run(os.getpid)


# Functions in the place of grading.grade_job: workers import them by name.


def is_marked(job, mark):
    return job.work.submitted is not None and f"# {mark}".encode() in job.work.submitted


def kills_process(job):
    """Grades; a submission marked `poison` ends the process in which it is graded."""
    from grader.desk.grade.run import grade_job

    if is_marked(job, "poison"):
        os.kill(os.getpid(), signal.SIGKILL)
    return grade_job(job)


def kills_worker(job):
    """Grades; a submission marked `poison` ends the worker, whoever gets it."""
    from grader.desk.grade.job import grade_job

    if is_marked(job, "poison"):
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(60)
    return grade_job(job)


def slowly(job):
    """Grades, and takes a while over it."""
    from grader.desk.grade.job import grade_job

    time.sleep(0.5)
    return grade_job(job)


def tells_kernels(job):
    """Grades, and tells how many kernels the worker's preloaded processes have had."""
    from grader.desk.grade.job import grade_job
    from grader.sandbox.kernels import forked_kernel

    return {**grade_job(job), "kernels": [server.kernels for server in forked_kernel._idle]}


def hangs(job):
    """Grades; a submission marked `poison` never comes to an end."""
    from grader.desk.grade.job import grade_job

    if is_marked(job, "poison"):
        time.sleep(3600)
    return grade_job(job)
