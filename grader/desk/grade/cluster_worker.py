"""What runs on the workers of a Dask cluster. They see no course folder and no database.

A worker is sent a *bundle*, the week's released notebooks and solutions as ``{relative path: bytes}``, once; then jobs,
each as bytes; it answers each in JSON. The bundle lies in a private folder for as long as the worker lives.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import pickle
import platform
import shutil
import tempfile
import traceback
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from multiprocessing.util import Finalize
from pathlib import Path

import grader
from grader.desk.files import digest
from grader.desk.grade.results import grader_version

FOLDER = "grader-bundle-"
BUNDLES = 4  # kept at the same time: as many courses may share a cluster
RELEASE = "release"
# Of these the same versions everywhere: they decide scores, or what a graded notebook looks like.
PACKAGES = ("numpy", "scikit-learn", "matplotlib", "ipython", "ipykernel", "nbformat", "dask", "distributed")
_DESK = (
    "files.py",
    "grade/cluster_worker.py",
    "grade/job.py",
    "grade/results.py",
    "grade/specs.py",
    "collect/submissions.py",
)

_bundles: OrderedDict[str, Path] = OrderedDict()  # by digest, the one used last at the end


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


def present(dask_scheduler=None) -> tuple[dict[str, str], dict[str, str]]:
    """On the scheduler: its versions, and the addresses of the workers by an id that no restarted worker shares."""
    workers = dask_scheduler.workers.values()
    return VERSIONS, {worker.server_id: worker.address for worker in workers if worker.status.name == "running"}


def examine(sandboxed: bool, dask_worker=None) -> dict:
    """On a worker: what it is, and whether it may be given code of students."""
    trouble = ""
    if sandboxed:
        from grader.sandbox.walls import bubblewrap

        state = bubblewrap.available()
        trouble = "" if state.ok else f"{state.reason} {state.remedy}".strip()
    return {"versions": VERSIONS, "threads": dask_worker.state.nthreads, "sandbox": trouble}


def receive(name: str, bundle: Mapping[str, bytes]) -> None:
    """Unpack a bundle, whose digest is ``name``; forget the one that was not used for longest when they are many."""
    if name in _bundles:
        return
    _remove_abandoned()
    folder = Path(tempfile.mkdtemp(prefix=f"{FOLDER}{os.getpid()}-"))  # mode 0700
    # Not by atexit: a worker is a child process of multiprocessing's, which does not come by there.
    Finalize(None, shutil.rmtree, args=(folder,), kwargs={"ignore_errors": True}, exitpriority=1)
    for path, data in bundle.items():
        place = folder / path
        if not place.resolve().is_relative_to(folder.resolve()):
            raise ValueError(f"the bundle has a file outside itself: {path!r}")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    _bundles[name] = folder
    while len(_bundles) > BUNDLES:
        shutil.rmtree(_bundles.popitem(last=False)[1], ignore_errors=True)


def forget(name: str) -> None:
    """Remove a bundle."""
    if name in _bundles:
        shutil.rmtree(_bundles.pop(name), ignore_errors=True)


def packed(job) -> bytes:
    """A job of :mod:`grader.desk.grade.job` without this machine's paths."""
    return pickle.dumps(replace(job, repo="", released=""))


def work(name: str, function: Callable[[object], dict], data: bytes) -> bytes:
    """Answer one job, in JSON: ``value``, or ``error`` with a traceback, or ``lacking`` without the bundle.

    A sandbox ends with the thread that started it. Dask runs this in the one thread of a worker's pool, which ends with
    the worker, so preloaded processes made here last.
    """
    from grader.sandbox.kernels import forked_kernel

    forked_kernel.this_thread_lasts()
    if name not in _bundles:
        return json.dumps({"lacking": True}).encode()
    _bundles.move_to_end(name)
    folder = _bundles[name]
    try:
        job = pickle.loads(data)
        notebook = folder / RELEASE / job.work.week / f"{job.work.notebook}.ipynb"
        answer = {"value": function(replace(job, repo=str(folder), released=str(notebook)))}
    except Exception:
        answer = {"error": traceback.format_exc(limit=20)}
    return json.dumps(answer).encode()


def _remove_abandoned() -> None:
    """Remove what killed workers left in the folder for temporary files."""
    for place in Path(tempfile.gettempdir()).glob(f"{FOLDER}*"):
        number = place.name.removeprefix(FOLDER).partition("-")[0]
        try:
            ours = place.lstat().st_uid == os.geteuid() and not place.is_symlink()
        except FileNotFoundError:
            continue  # another worker was faster
        if ours and number.isdigit() and not Path("/proc", number).exists():
            shutil.rmtree(place, ignore_errors=True)
