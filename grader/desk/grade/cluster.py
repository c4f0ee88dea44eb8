"""`grader grade --scheduler tcp://...`: the jobs of :mod:`grader.desk.grade.run` on the workers of a Dask cluster.

Like :func:`grader.desk.grade.pool.run`, with machines in place of processes: nothing is written here, a worker that
is lost costs its jobs no more than time, and a job that ends its workers is given up after some tries. Each job is sent
to a worker of our choice, because only so is it known which job a worker had begun when it died.
"""

from __future__ import annotations

import json
import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain, count

from grader.desk.course.facts import Course, Week
from grader.desk.errors import DeskError
from grader.desk.files import digest
from grader.desk.grade import cluster_worker
from grader.desk.grade.cluster_worker import RELEASE
from grader.desk.grade.pool import Failure
from grader.judge.grading.digests import deciding_files
from grader.judge.grading.spec import packages_of
from grader.sandbox.walls.visible_files import modules_of

CONNECT_SECONDS = 8
FIRST_WORKER_SECONDS = 10
NEW_WORKER_SECONDS = 120  # to wait when all were lost in the middle
LOOK_SECONDS = 1.0
AHEAD = 2  # jobs at a worker: one is being graded, one waits, so that no worker waits for us
CLOSE_SECONDS = 3
LOG = logging.getLogger(__name__)


def run(
    function: Callable[[object], dict],
    jobs: Iterable,
    *,
    scheduler: str,
    bundle: Mapping[str, bytes],
    seconds: float,
    tries: int = 3,
    sandboxed: bool = True,
) -> Iterator[tuple[object, object]]:
    """Yield `(job, value)` for every job, as they come: `value` is what `function(job)` returned, or a `Failure`.

    Args:
        function: importable on the workers; gives plain data. It finds the files of `bundle` where `job.repo` and
            `job.released` say.
        jobs: taken when a worker is free; two a worker are in memory.
        scheduler: its address, such as `tcp://10.0.0.1:8786`.
        bundle: what `bundle_of` gives; sent to each worker once.
        seconds: after which a job is stopped, with its worker.
        tries: of a job that raised, was stopped, or was alone with a worker that died.
        sandboxed: whether only workers with a working sandbox are good.

    Closing the iterator cancels what is under way. Raises `DeskError` when the cluster cannot be used.
    """
    jobs = iter(jobs)
    first = next(jobs, None)
    if first is None:
        return
    with _connected(scheduler) as client:
        campaign = _Campaign(client, function, chain([first], jobs), bundle, sandboxed, seconds, tries)
        try:
            yield from campaign.results()
        finally:
            campaign.stop()


def bundle_of(course: Course, week: Week, notebooks: Iterable[str]) -> dict[str, bytes]:
    """What grading `notebooks` of the week takes, by relative path.

    That is the weeks' modules, the notebooks as released, and the solutions they import.
    """
    files: dict[str, bytes] = {}
    for folder in packages_of(course.repo):
        for path in modules_of([folder]):
            files[path.relative_to(course.repo.resolve()).as_posix()] = path.read_bytes()
    for name in notebooks:
        source = f"{week.folder}/{name}.ipynb"
        files[source] = (course.repo / source).read_bytes()
        files[f"{RELEASE}/{source}"] = course.step(RELEASE, week.folder, f"{name}.ipynb").read_bytes()
        for path in deciding_files(course.repo, week.folder, name):
            files[path.as_posix()] = (course.repo / path).read_bytes()
    return files


@contextmanager
def _connected(scheduler: str):
    """A client of the scheduler, with the TLS settings of Dask's own configuration."""
    try:
        import dask
        from distributed import Client
    except ImportError:
        raise DeskError(
            "Dask is not installed, so --scheduler cannot be used.", "Run `pip install 'backprop-grader[scale]'`."
        ) from None
    # A submission with large files beside it is one large argument; there is nothing better to do with it.
    with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"}):
        try:
            client = Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False, name="grader")
        except (OSError, ValueError, TypeError) as error:
            reason = (str(error) or type(error).__name__).splitlines()[0].rstrip(".")
            raise DeskError(
                f"The scheduler {scheduler} cannot be reached: {reason}.",
                "Start one with `dask scheduler` and give the address it prints, such as tcp://10.0.0.1:8786; "
                "for tls:// addresses, see docs/scaling.md.",
            ) from None
        with _quiet():
            try:
                yield client
            finally:
                client.close(timeout=CLOSE_SECONDS)


@contextmanager
def _quiet():
    """Keep Dask from telling of every connection that ends; what matters is told by us."""
    log = logging.getLogger("distributed")
    before = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(before)


@dataclass
class _Task:
    job: object
    data: bytes
    tries: int = 0
    suspect: bool = False  # was at a worker that was lost: it is to be alone with the next one
    future: object = None


@dataclass
class _Worker:
    """A worker and the tasks it was given; it is at the first of them."""

    address: str
    tasks: list[_Task] = field(default_factory=list)
    until: float = float("inf")


class _Campaign:
    """One run: who works at what. Everything that happens elsewhere comes in by one queue, `news`."""

    def __init__(self, client, function, jobs, bundle, sandboxed, seconds, tries):
        self.client, self.function, self.jobs = client, function, jobs
        self.seconds, self.tries = seconds, tries
        self.bundle = digest(*(part for path in sorted(bundle) for part in (path, bundle[path])))
        self.news: queue.SimpleQueue = queue.SimpleQueue()
        self.scout = _Scout(client, self.bundle, bundle, sandboxed, self.news)
        self.crew: dict[str, _Worker] = {}
        self.gone: set[str] = set()
        self.waiting: deque[_Task] = deque()
        self.numbers = count()

    def results(self) -> Iterator[tuple[object, object]]:
        self.scout.start()
        patience = time.monotonic() + FIRST_WORKER_SECONDS
        while True:
            if self.crew:
                self._hand_out()
                if not any(worker.tasks for worker in self.crew.values()):
                    return
                patience = time.monotonic() + NEW_WORKER_SECONDS
            elif time.monotonic() > patience and not self.scout.greeting:
                raise DeskError(
                    "The scheduler has no worker.",
                    "Start some with `dask worker ADDRESS --nthreads 1 --nworkers N`; then the same command goes on.",
                )
            yield from self._listen()
            yield from self._late()

    def stop(self) -> None:
        """Cancel what is under way and have the bundle removed, without waiting for long."""
        self.scout.stop()
        futures = [task.future for worker in self.crew.values() for task in worker.tasks]
        if futures:
            _briefly(self.client.cancel, futures, force=True)
        addresses = [worker.address for worker in self.crew.values()]
        if addresses and self.client.status == "running":
            _briefly(self.client.run, cluster_worker.forget, self.bundle, workers=addresses, on_error="ignore")

    # Giving

    def _hand_out(self) -> None:
        """Fill every worker's desk, one task for each before anyone gets another."""
        for depth in range(AHEAD):
            for worker in self.crew.values():
                if len(worker.tasks) == depth and (task := self._next_for(worker)):
                    self._send(worker, task)

    def _next_for(self, worker: _Worker) -> _Task | None:
        suspects = [task for task in self.waiting if task.suspect]
        if worker.tasks and (suspects or worker.tasks[0].suspect):
            return None  # it is to become free for a suspect, or has one
        if suspects:
            self.waiting.remove(suspects[0])
            return suspects[0]
        if self.waiting:
            return self.waiting.popleft()
        job = next(self.jobs, None)
        return None if job is None else _Task(job, cluster_worker.packed(job))

    def _send(self, worker: _Worker, task: _Task) -> None:
        task.future = self.client.submit(
            cluster_worker.work,
            self.bundle,
            self.function,
            task.data,
            key=f"grader-{self.client.id}-{next(self.numbers)}",
            workers=[worker.address],
            allow_other_workers=False,
            pure=False,
        )
        if not worker.tasks:
            worker.until = time.monotonic() + self.seconds
        worker.tasks.append(task)
        self.client.loop.add_callback(self._fetch, task, task.future)

    async def _fetch(self, task: _Task, future) -> None:
        """Bring the answer here, or why there is none; runs in the client's own thread."""
        try:
            answer = await self.client.gather(future, asynchronous=True)
        except BaseException as error:
            answer = error
        self.news.put((task, future, answer))

    # Taking

    def _listen(self) -> Iterator[tuple[object, object]]:
        """Take in one piece of news, if one comes soon."""
        try:
            news = self.news.get(timeout=LOOK_SECONDS)
        except queue.Empty:
            news = None
        if self.client.status != "running":
            raise _scheduler_lost()
        if isinstance(news, BaseException):
            raise news
        if isinstance(news, dict):
            yield from self._crew_is(news)
        elif news is not None:
            yield from self._answered(*news)

    def _crew_is(self, addresses: Mapping[str, str]) -> Iterator[tuple[object, object]]:
        for name in [name for name in self.crew if name not in addresses]:
            yield from self._lost(name)
        for name, address in addresses.items():
            if name not in self.gone and name not in self.crew:
                self.crew[name] = _Worker(address)

    def _answered(self, task: _Task, future, answer) -> Iterator[tuple[object, object]]:
        if task.future is not future:
            return  # from a worker that was given up meanwhile
        name, worker = next((name, worker) for name, worker in self.crew.items() if task in worker.tasks)
        if _is_loss(answer):
            yield from self._lost(name)
            return
        content = {"error": repr(answer)} if isinstance(answer, BaseException) else json.loads(answer)
        if "lacking" in content:
            for other in self._dismissed(name).tasks:
                self._put_back(other)
            return
        worker.tasks.remove(task)
        worker.until, task.future = time.monotonic() + self.seconds, None
        if "value" in content:
            yield task.job, content["value"]
        else:
            yield from self._tried(task, Failure("error", content["error"]))

    def _lost(self, name: str) -> Iterator[tuple[object, object]]:
        """A worker is gone. The task that was alone with it has used a try; of two nobody knows which it was."""
        worker = self._dismissed(name)
        alone = len(worker.tasks) == 1
        for task in worker.tasks:
            task.suspect = True
            self._cancel(task)
            if alone:
                yield from self._tried(task, Failure("died", f"the worker {worker.address} was lost with it"))
            else:
                self.waiting.append(task)

    def _late(self) -> Iterator[tuple[object, object]]:
        """Give up workers that are at one task for longer than any limit allows."""
        now = time.monotonic()
        for name in [name for name, worker in self.crew.items() if worker.tasks and worker.until < now]:
            first, *others = self._dismissed(name, for_good=True).tasks
            for task in others:
                self._put_back(task)
            self._cancel(first)
            yield from self._tried(first, Failure("late", "it took longer than any limit allows"))

    def _dismissed(self, name: str, for_good: bool = False) -> _Worker:
        """The worker, which gets no more tasks unless it is met anew."""
        self.gone.add(name)
        self.scout.dismiss(name, for_good)
        return self.crew.pop(name)

    def _put_back(self, task: _Task) -> None:
        self._cancel(task)
        self.waiting.append(task)

    def _cancel(self, task: _Task) -> None:
        future, task.future = task.future, None
        _briefly(self.client.cancel, [future], force=True)

    def _tried(self, task: _Task, failure: Failure) -> Iterator[tuple[object, object]]:
        task.tries += 1
        if task.tries >= self.tries:
            yield task.job, failure
        else:
            self.waiting.append(task)


class _Scout(threading.Thread):
    """Looks around for workers that come and go, and greets new ones: are they fit, and here is the bundle.

    Tells `{name: address}` of all that may be given tasks. A worker that is met anew has another name.
    """

    def __init__(self, client, bundle_name, bundle, sandboxed, news):
        super().__init__(name="grader-scout", daemon=True)
        self.client, self.bundle_name, self.bundle, self.sandboxed = client, bundle_name, bundle, sandboxed
        self.news = news
        self.names: dict[str, str] = {}  # by the id that the scheduler knows
        self.refused: set[str] = set()
        self.to_end: list[str] = []
        self.greeting = True
        self._numbers = count()
        self._stopped = threading.Event()

    def stop(self) -> None:
        self._stopped.set()

    def dismiss(self, name: str, for_good: bool) -> None:
        """Take a worker off the list. Another look may find it again unless it is dismissed for good."""
        for known in [known for known, given in self.names.items() if given == name]:
            del self.names[known]
            if for_good:
                self.refused.add(known)
                self.to_end.append(known)

    def run(self) -> None:
        first = True
        try:
            while not self._stopped.is_set():
                self._look(first)
                first = False
                self._stopped.wait(LOOK_SECONDS)
        except BaseException as error:
            self.news.put(error if isinstance(error, DeskError) else _scheduler_lost(error))

    def _look(self, first: bool) -> None:
        versions, present = self.client.run_on_scheduler(cluster_worker.present)
        if first:
            _require_same(versions, f"the scheduler {self.client.scheduler.address}")
        self._end(present)
        new = {known: present[known] for known in present.keys() - self.names.keys() - self.refused}
        self.greeting = bool(new)
        fit, troubles = self._greet(new)
        self.refused.update(troubles)
        if troubles and first:
            raise next(iter(troubles.values()))
        for trouble in troubles.values():
            LOG.warning("not used: %s", trouble.what)
        for known in fit:
            self.names[known] = f"{known}#{next(self._numbers)}"
        self.news.put({name: present[known] for known, name in list(self.names.items()) if known in present})
        self.greeting = False

    def _end(self, present: Mapping[str, str]) -> None:
        """Have the nannies of workers that hang start them anew; where there is no nanny, they are left alone."""
        while self.to_end:
            address = present.get(self.to_end.pop())
            if address:
                with suppress(Exception):
                    self.client.restart_workers([address], timeout=CLOSE_SECONDS, raise_for_error=False)

    def _greet(self, new: Mapping[str, str]) -> tuple[list[str], dict[str, DeskError]]:
        """The ids of workers that are fit, which have got the bundle, and what is wrong with others, by id.

        Those that have gone meanwhile are neither.
        """
        found = self._ask(new, cluster_worker.examine, self.sandboxed)
        troubles = {known: _trouble(new[known], answer) for known, answer in found.items()}
        fit = {known: new[known] for known, trouble in troubles.items() if trouble is None}
        sent = self._ask(fit, cluster_worker.receive, self.bundle_name, self.bundle)
        troubles.update({known: _trouble(new[known], error) for known, error in sent.items() if error is not None})
        ready = [known for known, error in sent.items() if error is None]
        return ready, {known: trouble for known, trouble in troubles.items() if trouble}

    def _ask(self, workers: Mapping[str, str], function: Callable, *arguments) -> dict[str, object]:
        """What the function returned or raised on each of these workers, by id, without those that are gone."""
        if not workers:
            return {}
        addresses = list(workers.values())
        found = self.client.run(function, *arguments, workers=addresses, on_error="return")
        return {
            known: found[address]
            for known, address in workers.items()
            if address in found and not _is_unreachable(found[address])
        }


def _is_unreachable(answer: object) -> bool:
    """Whether Dask could not reach a worker; an error of the worker's own operating system has a number."""
    return isinstance(answer, OSError) and answer.errno is None


def _trouble(address: str, found) -> DeskError | None:
    """Why a worker is not fit, from what it says about itself or from the error it met."""
    who = f"the worker {address}"
    if not isinstance(found, dict):
        return DeskError(
            f"{_upper(who)} cannot grade: {_in_short(found)}.",
            "Install this course's package there as here, with the extras instructor and scale, and start it again.",
        )
    try:
        _require_same(found["versions"], who)
    except DeskError as error:
        return error
    if found["threads"] != 1:
        return DeskError(
            f"{_upper(who)} has {found['threads']} threads; grading takes workers with one each.",
            "Start it with `dask worker ADDRESS --nthreads 1 --nworkers N`, N being the number of cores.",
        )
    if found["sandbox"]:
        return DeskError(
            f"No student code was run: the sandbox does not work on {who}: {found['sandbox']}",
            "Mend that, or end this worker; `grader doctor`, run there, checks again.",
        )
    return None


def _require_same(theirs: Mapping[str, str], who: str) -> None:
    """Raise `DeskError` unless `theirs` are the versions of this process."""
    ours = cluster_worker.VERSIONS
    other = [f"{name} is {theirs.get(name)}, not {ours[name]}" for name in ours if theirs.get(name) != ours[name]]
    if other:
        raise DeskError(
            f"{_upper(who)} has not the same versions as this machine: {'; '.join(other)}.",
            "The same submission must get the same grade everywhere. Bring both to the same checkout and "
            "requirements.txt, and start scheduler and workers again.",
        )


def _scheduler_lost(error: BaseException | None = None) -> DeskError:
    reason = f": {_in_short(error)}" if error else ""
    return DeskError(
        f"The scheduler was lost, or cannot run this course's code{reason}.",
        "It needs the same installation as this machine. Nothing graded so far is lost: the same command goes on.",
    )


def _is_loss(answer: object) -> bool:
    """Whether Dask tells, in place of an answer, that it was lost with a worker."""
    from asyncio import CancelledError

    from distributed import KilledWorker
    from distributed.client import FutureCancelledError
    from distributed.scheduler import NoValidWorkerError

    lost = (KilledWorker, NoValidWorkerError, FutureCancelledError, CancelledError, OSError, TimeoutError)
    return isinstance(answer, lost)


def _briefly(function: Callable, *arguments, **options) -> None:
    """Call a function of the client's, which may wait for machines that are gone, and do not wait with it."""

    def call():
        with suppress(Exception):
            function(*arguments, **options)

    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    thread.join(CLOSE_SECONDS)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _in_short(error: object) -> str:
    text = (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
    return f"{type(error).__name__}: {text}" if isinstance(error, BaseException) else text
