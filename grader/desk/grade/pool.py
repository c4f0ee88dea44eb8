"""Worker processes that may die.

`concurrent.futures` breaks as a whole when one of its processes dies. Here a death costs the task that was running one
of its tries, and nothing else. Tasks are taken from their iterator when a worker is free, so a class of any size costs
the memory of the tasks in work.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from types import ModuleType

from grader.desk.errors import DeskError

# Two BLAS libraries with a thread a core each fight over the cores: one thread a worker is faster.
_BLAS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "BLIS_NUM_THREADS")
ONE_THREAD = dict.fromkeys(_BLAS, "1")
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Failure:
    """A task that was given up: `kind` is died, late or error; `detail` is for the log, not for students."""

    kind: str
    detail: str


@dataclass
class _Job:
    task: object
    tries: int = 0


@dataclass
class _Worker:
    process: multiprocessing.process.BaseProcess
    pipe: Connection
    job: _Job | None = None
    deadline: float = float("inf")


class Crew:
    """Workers, ended with the block. `prepare` is called in each before its first task."""

    def __init__(self, function: Callable, prepare: Callable[[], object] | None = None):
        self.function, self.prepare = function, prepare
        self.members: list[_Worker] = []
        self._early: _Worker | None = None

    def start_early(self) -> None:
        """A process that imports the function while it is not yet known what to prepare; `start` takes it."""
        self._early = _start(self.function)

    def start(self) -> _Worker:
        worker, self._early = self._early or _start(self.function), None
        self.members.append(worker)
        with suppress(OSError):  # it has died: whoever gives it a task finds that
            worker.pipe.send(self.prepare)
        return worker

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *exception: object) -> None:
        while self.members:
            _end(self.members.pop())
        if self._early:
            _end(self._early)
            self._early = None


def run(
    function: Callable,
    tasks: Iterable,
    *,
    workers: int,
    seconds: float = float("inf"),
    tries: int = 3,
) -> Generator[tuple[object, object], None, None]:
    """`run_with` a crew for these tasks alone: closing the iterator ends the workers at once."""
    with Crew(function) as crew:
        yield from run_with(crew, tasks, workers=workers, seconds=seconds, tries=tries)


def run_with(
    crew: Crew, tasks: Iterable, *, workers: int, seconds: float = float("inf"), tries: int = 3
) -> Generator[tuple[object, object], None, None]:
    """Yield `(task, function(task))` in the order in which they end, or `(task, Failure)`.

    A task that raises, needs more than `seconds` or takes its worker with it is tried `tries` times in all; only a
    `DeskError` is raised here, at once. What is called and the tasks are pickled. The crew's workers stay for what
    comes next.
    """
    waiting: deque[_Job] = deque()
    source = iter(tasks)
    while True:
        _hand_out(source, waiting, crew, workers, seconds)
        busy = [worker for worker in crew.members if worker.job]
        if not busy:
            return
        yield from _collect(busy, crew, waiting, tries)


def _hand_out(source: Iterator, waiting: deque[_Job], crew: Crew, workers: int, seconds: float) -> None:
    """Give every free worker a task, those that have failed before first; start workers as they are needed."""
    while len([worker for worker in crew.members if worker.job]) < workers:
        job = waiting.popleft() if waiting else next(map(_Job, source), None)
        if job is None:
            return
        worker = next((worker for worker in crew.members if not worker.job), None) or crew.start()
        worker.job, worker.deadline = job, time.monotonic() + seconds
        job.tries += 1
        try:
            worker.pipe.send(job.task)
        except OSError:
            # It has died while idle. The wait below finds its end of the pipe closed and the task gets another try.
            pass


def _collect(busy: list[_Worker], crew: Crew, waiting: deque[_Job], tries: int) -> Iterator[tuple[object, object]]:
    """Wait for answers, deaths and deadlines."""
    until = min(worker.deadline for worker in busy)
    ready = wait([worker.pipe for worker in busy], timeout=max(0.0, min(until - time.monotonic(), 3600.0)))
    for worker in busy:
        job, failure = worker.job, None
        assert job  # it is busy
        if worker.pipe in ready:
            try:
                good, value = worker.pipe.recv()
                if isinstance(value, DeskError):  # it is the same for every task
                    raise value
                worker.job, worker.deadline = None, float("inf")
                if good or job.tries >= tries:
                    yield job.task, value if good else Failure("error", value)
                else:
                    waiting.append(job)
                continue
            except (EOFError, OSError):
                failure = Failure("died", f"its process ended with code {_exit_code(worker)}")
        elif worker.deadline <= time.monotonic():
            failure = Failure("late", "it took longer than any limit allows")
        if failure:
            _end(worker)
            crew.members.remove(worker)
            if job.tries < tries:
                waiting.append(job)
            else:
                yield job.task, failure


def _start(function: Callable) -> _Worker:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(function, theirs, os.getpid()), daemon=True)
    with environment(ONE_THREAD), _without_program():
        process.start()
    theirs.close()
    return _Worker(process, ours)


def _end(worker: _Worker) -> None:
    worker.process.kill()
    worker.process.join()
    worker.pipe.close()


def _exit_code(worker: _Worker) -> int | None:
    worker.process.join(timeout=5)
    return worker.process.exitcode


def _work(function: Callable, pipe: Connection, parent: int) -> None:
    """A worker's whole life: told what to prepare, it answers tasks until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _die_with(parent)
    with suppress(Exception):  # what is wrong is wrong for the first task too, which tells it
        prepare = pipe.recv()
        if prepare:
            prepare()
    while True:
        try:
            task = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            answer = (True, function(task))
        except DeskError as error:
            answer = (False, error)
        except Exception:
            answer = (False, traceback.format_exc(limit=20))
        try:
            pipe.send(answer)
        except OSError:
            return


def _die_with(parent: int) -> None:
    """End this process when the grader is killed, so that nothing goes on grading behind its back (Linux)."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def _without_program() -> Iterator[None]:
    """A spawned process imports the program that started it anew, here a command line that no worker needs."""
    program = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = program


@contextmanager
def environment(values: dict[str, str]) -> Iterator[None]:
    """Environment variables for the time of the block."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
