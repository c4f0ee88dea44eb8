"""`grader grade --scheduler tcp://...`: the jobs of :mod:`grader.desk.grade.run` on the workers of a Dask cluster.

Like :func:`grader.desk.grade.pool.run`, with machines in place of processes: nothing is written here, a worker that
is lost costs its jobs no more than time, and a job that fails is given up after some tries. Dask is imported when a
cluster is used, and not before.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, Any

from grader.desk.course.facts import Course, Week
from grader.desk.errors import DeskError
from grader.desk.grade.cluster_job import RELEASE
from grader.judge.grading.digests import deciding_files, packages_of
from grader.sandbox.walls.visible_files import modules_of

if TYPE_CHECKING:
    from distributed import Client

CONNECT_SECONDS = 8
CLOSE_SECONDS = 3


def run(
    function: Callable[[Any], dict],
    jobs: Iterable,
    *,
    scheduler: str,
    bundle: Mapping[str, bytes],
    seconds: float,
    tries: int = 3,
    sandboxed: bool = True,
    checked: Callable[[Any, Any], dict] = lambda job, value: value,
) -> Iterator[tuple[object, object]]:
    """Yield `(job, value)` for every job, as they come: `value` is what `function(job)` returned, or a `Failure`.

    Args:
        function: importable on the workers; gives plain data. It finds the files of `bundle` where `job.repo` and
            `job.released` say.
        jobs: taken when a worker is free; two a worker are in memory.
        scheduler: its address, such as `tcp://10.0.0.1:8786`.
        bundle: what `bundle_of` gives; sent to each worker once.
        seconds: after which a job is stopped.
        tries: of a job that raised, was stopped, or took its process with it.
        sandboxed: whether only workers with a working sandbox are good.
        checked: is given a job and what a worker says its value is, and gives the value; it raises ValueError for what
            cannot be the job's, which is a `Failure` then.

    Closing the iterator cancels what is under way. Raises `DeskError` when the cluster cannot be used.
    """
    jobs = iter(jobs)
    first = next(jobs, None)
    if first is None:
        return
    with _connected(scheduler) as client:
        from grader.desk.grade.cluster_run import Campaign

        campaign = Campaign(client, function, chain([first], jobs), bundle, sandboxed, seconds, tries, checked)
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
def _connected(scheduler: str) -> Iterator[Client]:
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
def _quiet() -> Iterator[None]:
    """Keep Dask from telling of every connection that ends; what matters is told by us."""
    log = logging.getLogger("distributed")
    before = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(before)
