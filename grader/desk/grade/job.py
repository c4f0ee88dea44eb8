"""A job for a worker: a submitted notebook, with all that decides its grade, becomes a result.

Workers are given bytes and give back plain data; they see no database and no course folder. What they grade with is
imported in them, so that a run in which nothing is graded does without.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from grader.desk.grade.pool import Crew
from grader.judge.grading.digests import packages_of
from grader.sandbox.walls.limits import Limits

if TYPE_CHECKING:  # the sandbox comes up first
    from grader.desk.collect.submissions import Work


@dataclass(frozen=True)
class Job:
    """Everything a worker needs for one notebook."""

    repo: str
    released: str
    limits: dict
    isolation: str
    key: str
    work: Work
    points: tuple[tuple[str, float], ...]  # of the graded cells, as they were released


def grade_job(job: Job) -> dict:
    """Grade one notebook; runs in a worker. Raises `DeskError` where the hidden tests are not those of the release."""
    from grader.desk.grade.work import grade_work, spec_of_this_run

    spec = spec_of_this_run(job.repo, job.work.week, job.work.notebook, job.released, job.points)
    return grade_work(spec, job.work, Limits(**job.limits), job.isolation).to_json()


def prepare(repo: str, isolation: str) -> None:
    """What a worker does before its first job: the sandbox comes up while the judge is imported."""
    if isolation == "bubblewrap":
        from grader.sandbox.kernels import open as sandbox

        sandbox.prepare(packages_of(repo))
    from grader.desk.grade import work  # noqa: F401


def get_ready(crew: Crew, repo: Path, trusted: bool) -> None:
    """Have a worker that was started early prepare itself, before everything else about the run is known."""
    crew.prepare = partial(prepare, str(repo), "trusted" if trusted else "bubblewrap")
    crew.start()


def is_first(root: Path, weeks: Iterable[str], students: Iterable[str]) -> bool:
    """Is it plain from the folders alone that somebody's work will be graded, for the first time?"""
    return any(
        (root / "submitted" / student / week).is_dir() and not (root / ".grader" / "results" / week / student).exists()
        for week in weeks
        for student in students
    )
