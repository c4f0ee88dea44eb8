"""`grader formgrader`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from grader.desk.commands.command import Told, command, course_option, say


@command("formgrader", "grader formgrader --course ~/class-of-2026", writes=False)
@click.argument("options", nargs=-1, type=click.UNPROCESSED, metavar="[-- JUPYTER_OPTION...]")
@course_option
def formgrader(options: tuple[str, ...], folder: Path) -> Told:
    """Open nbgrader's Formgrader in your browser: the pages where a person reads answers and gives scores.

    This starts JupyterLab in the course folder, until you end it with Ctrl-C. What follows -- is given to it, for
    example -- --no-browser --port=9999 on a machine far away. In JupyterLab itself the same pages are in the menu
    Nbgrader, Formgrader.
    """
    from grader.desk.course.facts import load_course
    from grader.desk.errors import DeskError
    from grader.desk.gradebook.nbgrader_settings import programs_on_path
    from grader.desk.release.release import ensure_config, released_weeks

    course = load_course(folder)
    if not released_weeks(course):
        raise DeskError(
            f"No week has been released in {course.root}: there is nothing to read.", "Run `grader release` first."
        )
    ensure_config(course)
    programs_on_path()
    say(f"JupyterLab, in {course.root}: Ctrl-C ends it.")
    sys.stdout.flush()
    os.chdir(course.root)
    jupyter = [sys.executable, "-m", "jupyter", "lab", f"--ServerApp.root_dir={course.root}"]
    os.execv(sys.executable, [*jupyter, "--LabApp.default_url=/formgrader", *options])
