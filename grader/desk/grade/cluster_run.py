"""The jobs of one run on a Dask cluster. Dask places them, moves them when a worker is lost, retries what failed."""

from __future__ import annotations

import json
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Any

from distributed import Client, Future, KilledWorker

from grader.desk.errors import DeskError
from grader.desk.grade import cluster_worker
from grader.desk.grade.cluster_job import packed
from grader.desk.grade.cluster_worker import JobFailed
from grader.desk.grade.pool import Failure

FIRST_WORKER_SECONDS = 10
NEW_WORKER_SECONDS = 120  # to wait when all were lost in the middle
LOOK_SECONDS = 1.0
AHEAD = 2  # jobs for each worker: one is being graded, one waits, so that no worker waits for us
STOP_SECONDS = 3
MOST_BYTES = 256 * 2**20  # of an answer: a graded notebook with all that it shows
MOST_TOLD = 10_000  # characters of why a job failed
LOG = logging.getLogger(__name__)


@dataclass
class _Task:
    job: Any
    data: bytes
    key: str = ""  # of the future, by which Dask knows it
    future: Future | None = None
    alone: bool = False  # it was at workers that died: it has the cluster for itself now
    lost: int = 0  # how often it was left without a worker


class Campaign:
    """What is under way. `news` has what has ended: the key of a task, and its answer or the error in its place."""

    def __init__(
        self,
        client: Client,
        function: Callable[[object], dict],
        jobs: Iterator,
        bundle: Mapping[str, bytes],
        sandboxed: bool,
        seconds: float,
        tries: int,
        checked: Callable[[Any, Any], dict],
    ):
        assert client.loop and client.scheduler  # it is connected
        self.client, self.loop, self.jobs, self.tries = client, client.loop, jobs, tries
        self.checked = checked
        self.address = client.scheduler.address
        self.name = f"{cluster_worker.PREFIX}{client.id}"
        self.desk = cluster_worker.Desk(self.name, bundle, function, seconds, sandboxed)
        self.news: queue.SimpleQueue[tuple[str, object]] = queue.SimpleQueue()
        self.open: dict[str, _Task] = {}
        self.suspects: list[_Task] = []
        self.fit: set[str] = set()
        self.next_look = 0.0
        self.numbers = count()

    def results(self) -> Iterator[tuple[object, object]]:
        """Every job with its answer or `Failure`, as they come. Raises `DeskError` when the cluster cannot be used."""
        self._set_up()
        patience = time.monotonic() + FIRST_WORKER_SECONDS
        while True:
            self._look()
            if self.fit:
                self._hand_out()
                if not self.open:
                    return
                patience = time.monotonic() + NEW_WORKER_SECONDS
            elif time.monotonic() > patience:
                raise DeskError(
                    "The scheduler has no worker.",
                    "Start some with `dask worker ADDRESS --nthreads 1 --nworkers N`; then the same command goes on.",
                )
            yield from self._listen()

    def stop(self) -> None:
        """Cancel what is under way and have the desks removed, without waiting for long."""
        _briefly(self.client.cancel, [task.future for task in self.open.values()], force=True)
        _briefly(self.client.unregister_worker_plugin, self.name)

    def _set_up(self) -> None:
        """Refuse a scheduler or a worker that is not fit; then give every worker its desk."""
        versions, abandoned = self._asked(self.client.run_on_scheduler, cluster_worker.greet)
        wanted, who = cluster_worker.VERSIONS, f"The scheduler {self.address}"
        if trouble := cluster_worker.other_versions(who, versions, wanted):
            raise trouble
        for name in abandoned:
            _briefly(self.client.unregister_worker_plugin, name)
        found = self._asked(self.client.run, cluster_worker.examine, self.desk.sandboxed, on_error="return")
        for address, answer in found.items():
            trouble = None if _is_unreachable(answer) else cluster_worker.trouble_of(address, answer, wanted)
            if trouble:
                raise trouble
        # Those that come later are looked at by themselves, and tell what is wrong.
        self.client.subscribe_topic(self.name, lambda event: LOG.warning("not used: %s", event[1]))
        self._asked(self.client.register_plugin, self.desk, name=self.name)

    def _look(self) -> None:
        """See, now and then, which workers there are."""
        if self.client.status != "running":
            raise scheduler_lost()
        if time.monotonic() < self.next_look:
            return
        self.next_look = time.monotonic() + LOOK_SECONDS
        self.fit, stuck = self._asked(self.client.run_on_scheduler, cluster_worker.fit_workers, self.name)
        for key in stuck & self.open.keys() if self.fit else ():
            task = self.open[key]
            task.lost += 1
            if task.lost < self.tries:
                self._forget(task)
                self._send(task)
            else:
                self.news.put((key, None))

    def _hand_out(self) -> None:
        while len(self.open) < AHEAD * len(self.fit) and (job := next(self.jobs, None)) is not None:
            self._send(_Task(job, packed(job)))
        if not self.open and self.suspects:
            self._send(self.suspects.pop())

    def _send(self, task: _Task) -> None:
        task.key = f"{self.name}-{next(self.numbers)}"
        task.future = self.client.submit(
            cluster_worker.work,
            self.name,
            task.data,
            key=task.key,
            resources={self.name: 1},
            retries=self.tries - 1,
            pure=False,
        )
        self.open[task.key] = task
        self.loop.add_callback(self._fetch, task.key, task.future)

    async def _fetch(self, key: str, future: Future) -> None:
        """Bring the answer here, or why there is none; runs in the client's own thread."""
        try:
            answer = await self.client.gather(future, asynchronous=True)
        except BaseException as error:
            answer = error
        self.news.put((key, answer))

    def _listen(self) -> Iterator[tuple[object, object]]:
        """Take in one answer, if one comes soon."""
        try:
            key, answer = self.news.get(timeout=LOOK_SECONDS)
        except queue.Empty:
            return
        task = self.open.pop(key, None)
        if task is None:
            return  # it was sent anew
        task.future = None
        if isinstance(answer, bytes):
            yield task.job, self._read(task.job, answer)
        elif isinstance(answer, JobFailed):
            yield task.job, _failure(*answer.args)
        elif not task.alone:
            # Several workers died when it was with them, perhaps of another job: to be tried when nothing else is.
            task.alone, task.lost = True, 0
            self.suspects.append(task)
        elif answer is None:
            yield task.job, Failure("died", "worker after worker was lost with it")
        elif isinstance(answer, KilledWorker):
            yield task.job, Failure("died", f"the worker {answer.last_worker.address} was lost with it")
        else:
            yield task.job, Failure("error", cluster_worker.in_short(answer)[:MOST_TOLD])

    def _read(self, job: Any, answer: bytes) -> dict | Failure:
        """A worker's answer. A worker may be wrong, old or hostile: nothing in it is believed unseen."""
        if len(answer) > MOST_BYTES:
            return Failure("error", f"the worker's answer has {len(answer) >> 20} MB; {MOST_BYTES >> 20} are read")
        try:
            return self.checked(job, json.loads(answer))
        except (ValueError, RecursionError) as error:
            return Failure("error", f"the worker's answer cannot be this job's: {str(error)[:MOST_TOLD]}")

    def _forget(self, task: _Task) -> None:
        del self.open[task.key]
        _briefly(self.client.cancel, [task.future], force=True)

    def _asked(self, function: Callable, *arguments: object, **options: object) -> Any:
        """What the cluster answers; `DeskError` when it cannot."""
        try:
            return function(*arguments, **options)
        except Exception as error:
            raise scheduler_lost(error) from None


def _failure(kind: object = "", detail: object = "", *_: object) -> Failure:
    """What a worker says of a job that failed there."""
    return Failure(kind if kind in ("died", "late", "error") else "error", str(detail)[:MOST_TOLD])


def scheduler_lost(error: BaseException | None = None) -> DeskError:
    reason = f": {cluster_worker.in_short(error)}" if error else ""
    return DeskError(
        f"The scheduler was lost, or cannot run this course's code{reason}.",
        "It needs the same installation as this machine. Nothing graded so far is lost: the same command goes on.",
    )


def _is_unreachable(answer: object) -> bool:
    """Whether Dask could not reach a worker; an error of the worker's own operating system has a number."""
    return isinstance(answer, OSError) and answer.errno is None


def _briefly(function: Callable, *arguments: object, **options: object) -> None:
    """Call a function of the client's, which may wait for machines that are gone, and do not wait with it."""

    def call() -> None:
        with suppress(Exception):
            function(*arguments, **options)

    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    thread.join(STOP_SECONDS)
