"""What runs on the workers of a Dask cluster, and a little on its scheduler. They see no course folder and no database.

A worker is sent a `Desk` once: the week's released notebooks and solutions, unpacked into a private folder for as long
as the run or the worker lasts, and a process that grades. Jobs come as bytes and are answered in JSON.
"""

from __future__ import annotations

import importlib.metadata
import json
import multiprocessing
import os
import pickle
import platform
import shutil
import tempfile
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from multiprocessing.util import Finalize
from pathlib import Path

from distributed import Scheduler, Worker, WorkerPlugin, get_worker

import grader
from grader.desk.errors import DeskError
from grader.desk.files import digest, remove_abandoned
from grader.desk.grade import pool
from grader.desk.grade.cluster_job import grade_packed
from grader.desk.grade.results import grader_version

PREFIX = "grader-"
FOLDER = "grader-bundle-"
# Of these the same versions everywhere: they decide scores, or what a graded notebook looks like.
PACKAGES = ("numpy", "scikit-learn", "matplotlib", "ipython", "ipykernel", "nbformat", "dask", "distributed")
_DESK = (
    "files.py",
    "grade/cluster_job.py",
    "grade/cluster_worker.py",
    "grade/job.py",
    "grade/pool.py",
    "grade/result_form.py",
    "grade/results.py",
    "grade/specs.py",
    "grade/work.py",
    "collect/submissions.py",
)


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version(), "grader": grader_version()}
    desk = Path(grader.__file__).parent / "desk"
    found["grader.desk"] = digest(*((desk / name).read_bytes() for name in _DESK))[:16]
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


VERSIONS = _versions()  # of the code that this process has loaded, not of what its files say later


class JobFailed(Exception):
    """A job that raised, died or took too long; its arguments are those of `pool.Failure`. Dask tries it again."""


class Desk(WorkerPlugin):
    """A worker's place for one run. Workers that come later are given it, too.

    The worker says that it is fit by offering Dask's resource `name`, which every job asks for. Jobs are graded in a
    process beside the worker: one that dies or hangs takes that process with it, not the worker and the jobs waiting
    there.
    """

    def __init__(
        self,
        name: str,
        bundle: Mapping[str, bytes],
        function: Callable[[object], dict],
        seconds: float,
        sandboxed: bool,
    ):
        self.name, self.bundle, self.seconds, self.sandboxed = name, dict(bundle), seconds, sandboxed
        self.function = pickle.dumps(function)  # the worker itself need not import what grades
        self.versions = VERSIONS
        self.folder: Path | None = None

    async def setup(self, worker: Worker) -> None:
        try:
            trouble = trouble_of(worker.address, examine(self.sandboxed, worker), self.versions)
            if trouble is None:
                self._open()
        except Exception as error:
            trouble = trouble_of(worker.address, error, self.versions)
        if trouble is None:
            await worker.set_resources(**{self.name: 1})
        else:
            worker.log_event(self.name, trouble.what)

    def _open(self) -> None:
        self.folder = unpacked(self.bundle)
        self.bundle = {}
        # Nannies start workers as daemons, which may not start processes.
        multiprocessing.current_process().daemon = False
        self.jobs: deque[bytes] = deque()
        # Its jobs are taken when asked for an answer: one job in, one answer out.
        self.answers = pool.run(
            partial(grade_packed, self.folder, self.function),
            iter(self.jobs.popleft, None),
            workers=1,
            seconds=self.seconds,
            tries=1,
        )

    def teardown(self, worker: Worker) -> None:
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
            worker.executor.submit(self.answers.close)  # by the thread that may be waiting for an answer

    def answer(self, data: bytes) -> bytes:
        """What `function` gives for a packed job, in JSON. Raises `JobFailed`."""
        self.jobs.append(data)
        _, value = next(self.answers)
        if isinstance(value, pool.Failure):
            raise JobFailed(value.kind, value.detail)
        return json.dumps(value).encode()


def work(name: str, data: bytes) -> bytes:
    """On a worker: answer one packed job at the desk `name`."""
    desk = get_worker().plugins[name]
    assert isinstance(desk, Desk)
    return desk.answer(data)


def unpacked(bundle: Mapping[str, bytes]) -> Path:
    """The files of a bundle, in a folder that only this user may enter and that goes when this process ends."""
    remove_abandoned(FOLDER)
    folder = Path(tempfile.mkdtemp(prefix=f"{FOLDER}{os.getpid()}-"))  # mode 0700
    # Not by atexit: a worker is a child process of multiprocessing's, which does not come by there.
    Finalize(None, shutil.rmtree, args=(folder,), kwargs={"ignore_errors": True}, exitpriority=1)
    for path, data in bundle.items():
        place = folder / path
        if not place.resolve().is_relative_to(folder.resolve()):
            raise ValueError(f"the bundle has a file outside itself: {path!r}")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return folder


# What a cluster is asked before it is used


def greet(dask_scheduler: Scheduler) -> tuple[dict[str, str], list[str]]:
    """On the scheduler: its versions, and the names of desks whose run was killed."""
    desks = [name for name in dask_scheduler.worker_plugins if name.startswith(PREFIX)]
    return VERSIONS, [name for name in desks if name.removeprefix(PREFIX) not in dask_scheduler.clients]


def fit_workers(name: str, dask_scheduler: Scheduler) -> tuple[set[str], set[str]]:
    """On the scheduler: the workers that have the desk `name`, and the keys of its jobs that wait for nobody.

    Dask does not see that a worker which was started again offers, a little later, what they ask for.
    """
    fit = set(dask_scheduler.resources.get(name, {}))
    return fit, {key for task in dask_scheduler.unrunnable if (key := str(task.key)).startswith(name)}


def examine(sandboxed: bool, dask_worker: Worker) -> dict:
    """On a worker: what it is, and whether it may be given code of students."""
    trouble = ""
    if sandboxed:
        from grader.sandbox.walls import bubblewrap

        state = bubblewrap.available()
        trouble = "" if state.ok else f"{state.reason} {state.remedy}".strip()
    return {"versions": VERSIONS, "threads": dask_worker.state.nthreads, "sandbox": trouble}


def trouble_of(address: str, found: object, wanted: Mapping[str, str]) -> DeskError | None:
    """Why a worker is not fit, from what `examine` says of it or from the error it met."""
    who = f"The worker {address}"
    if not isinstance(found, dict):
        return DeskError(
            f"{who} cannot grade: {in_short(found)}.",
            "Install this course's package there as here, with the extras instructor and scale, and start it again.",
        )
    if error := other_versions(who, found["versions"], wanted):
        return error
    if found["threads"] != 1:
        return DeskError(
            f"{who} has {found['threads']} threads; grading takes workers with one each.",
            "Start it with `dask worker ADDRESS --nthreads 1 --nworkers N`, N being the number of cores.",
        )
    if found["sandbox"]:
        return DeskError(
            f"No student code was run: the sandbox does not work on {who[0].lower()}{who[1:]}: {found['sandbox']}",
            "Mend that, or end this worker; `grader doctor`, run there, checks again.",
        )
    return None


def other_versions(who: str, theirs: Mapping[str, str], wanted: Mapping[str, str]) -> DeskError | None:
    """How `theirs` differ from the versions that the grading machine has."""
    other = [f"{name} is {theirs.get(name)}, not {wanted[name]}" for name in wanted if theirs.get(name) != wanted[name]]
    if not other:
        return None
    return DeskError(
        f"{who} has not the same versions as this machine: {'; '.join(other)}.",
        "The same submission must get the same grade everywhere. Bring both to the same checkout and "
        "requirements.txt, and start scheduler and workers again.",
    )


def in_short(error: object) -> str:
    """The first line of an error, with its kind."""
    text = (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
    return f"{type(error).__name__}: {text}" if isinstance(error, BaseException) else text
