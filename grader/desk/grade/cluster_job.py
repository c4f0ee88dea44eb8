"""A job of :mod:`grader.desk.grade.run` on its way to another machine: without paths of this one."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

RELEASE = "release"  # the folder of a bundle in which notebooks lie as they were released


def packed(job: Any) -> bytes:
    """The job as it travels."""
    return pickle.dumps(replace(job, repo="", released=""))


def grade_packed(folder: Path, function: bytes, data: bytes) -> dict:
    """What the pickled `function` gives for a packed job, with the files of the bundle in `folder`."""
    job = pickle.loads(data)
    notebook = folder / RELEASE / job.work.week / f"{job.work.notebook}.ipynb"
    return pickle.loads(function)(replace(job, repo=str(folder), released=str(notebook)))
