"""A job for a worker: a submitted notebook, with all that decides its grade, becomes a result.

Workers are given bytes and give back plain data; they see no database and no course folder. What they grade with is
imported in them, so that a run in which nothing is graded does without.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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
