"""`grader release`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.desk.commands.command import Told, chosen, command, course_option, say, warn, weeks_argument

if TYPE_CHECKING:
    from grader.desk.release.git_branch import Branch
    from grader.desk.release.release import Released

SHOWN = 8


@command("release", "grader release week01_backprop --branch ~/backprop-students.git --course ~/class-of-2026")
@weeks_argument
@course_option
@click.option(
    "--to",
    "target",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="The folder of the student repository. Default: build/student.",
)
@click.option(
    "--branch",
    "repository",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="REPOSITORY",
    help="Commit to this git repository, onto the branch that course.toml names; no folder is written.",
)
@click.option("--branch-name", metavar="NAME", help="Another branch than course.toml's.")
def release(
    weeks: tuple[str, ...],
    folder: Path,
    target: Path | None,
    repository: Path | None,
    branch_name: str | None,
    dry_run: bool,
) -> Told:
    """Release weeks to students: check them, enter them into the gradebook, build the student repository.

    WEEK is the name of a week's folder or its beginning; all weeks when none is named. A second release tells what
    changed for students, exercise by exercise; what they handed in before stays gradable. With --dry-run everything is
    checked and shown, and nothing written.
    """
    from grader.desk.release import release as releasing
    from grader.desk.release.git_branch import Branch

    if target and repository:
        raise click.UsageError("--to and --branch exclude each other: a folder, or a branch.")
    course, named = chosen(folder, weeks)
    to = Branch(repository.resolve(), branch_name or course.branch) if repository else target
    done = releasing.release(course, named, say=lambda text: say(f"  {text}"), to=to, dry_run=dry_run)
    say(f"{'Would release' if dry_run else 'Released'}: {', '.join(done.weeks)}")
    for word in ("added", "changed", "removed"):
        names = getattr(done.changes, word)
        if names:
            more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
            say(f"  {word}: {', '.join(names[:SHOWN])}{more}")
    if not done.changes:
        say("  nothing changes in the student repository")
    for change in done.cells:
        say(f"  {change}")
    if not dry_run:
        _say_where(done, to, course.slug, course.branch)
    return Told(
        {
            "weeks": done.weeks,
            "repository": done.repository,
            "commit": done.commit,
            "trouble": done.trouble,
            "changes": vars(done.changes),
            "cells": [vars(change) for change in done.cells],
            "dry_run": dry_run,
        },
        needs_a_person=bool(done.trouble),
    )


def _say_where(done: Released, to: Path | Branch | None, slug: str, branch: str) -> None:
    from grader.desk.release.git_branch import Branch

    if isinstance(to, Branch):
        if done.commit:
            say(f"Commit {done.commit[:10]} on {to.name} in {done.repository}; publish it: git push origin {to.name}")
        return
    say(f"The repository for students: {done.repository}")
    if done.trouble:
        warn(f"Its files are there, but git did not take them: {done.trouble}")
    elif done.commit:
        there = f"git -C {shlex.quote(str(done.repository))}"
        known = Branch(done.repository, branch).has_remote()
        first = "" if known else f"{there} remote add origin https://github.com/{slug}.git && "
        say(f"Commit {done.commit[:10]} is ready to push: {first}{there} push{'' if known else f' -u origin {branch}'}")
