"""`grader export`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.desk.commands.command import Told, chosen, command, counted, course_option, say, warn, weeks_argument

if TYPE_CHECKING:
    from grader.desk.report.canvas import Matched

FORMATS = ("marks", "exercises", "moodle", "canvas")


@command("export", "grader export --for moodle --course ~/class-of-2026")
@weeks_argument
@course_option
@click.option(
    "--to", "target", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Default: exports/."
)
@click.option("--for", "formats", multiple=True, type=click.Choice(FORMATS), help="Only this; may be repeated.")
@click.option(
    "--canvas-gradebook",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A gradebook exported from Canvas, whose students and columns are taken over.",
)
@click.option("--separator", type=click.Choice([",", ";"]), default=",", help="Between cells of our own tables.")
@click.option("--decimal", type=click.Choice([".", ","]), default=".", help="In numbers of our own tables.")
def export(
    weeks: tuple[str, ...],
    folder: Path,
    target: Path | None,
    formats: tuple[str, ...],
    canvas_gradebook: Path | None,
    separator: str,
    decimal: str,
    dry_run: bool,
) -> Told:
    """Write marks as CSV: for yourself (marks, exercises), for Moodle and for Canvas.

    The final mark is that of [mark] formula in course.toml. Ends with 1 while answers wait for a person, or when
    something of Canvas's gradebook fits nobody or several.
    """
    from grader.desk.report import export as exporting

    course, named = chosen(folder, weeks)
    done = exporting.export(
        course,
        named,
        target,
        formats=formats or FORMATS,
        canvas=canvas_gradebook,
        separator=separator,
        decimal=decimal,
        dry_run=dry_run,
    )
    for path in done.tables:
        say(f"{'would write ' if dry_run else ''}{path}")
    if done.waiting:
        answers, students = counted(range(sum(done.waiting.values())), "answer"), counted(done.waiting, "student")
        warn(f"{answers} of {students} wait{'s' * answers.startswith('1 ')} for a person: grader todo")
    for problem in done.problems:
        warn(problem)
    if done.dropped_out:
        warn(f"{len(done.dropped_out)} with marks are not in the roster: {', '.join(done.dropped_out)}")
    theirs = done.canvas
    if theirs:
        _tell(theirs)
    return Told(
        {
            "tables": {str(path): rows for path, rows in done.tables.items()},
            "waiting": done.waiting,
            "problems": done.problems,
            "not_in_roster": done.dropped_out,
            "unmatched": done.unmatched,
            "ambiguous": theirs.ambiguous if theirs else [],
            "unfilled": theirs.unfilled if theirs else [],
            "absent": theirs.absent if theirs else [],
        },
        needs_a_person=done.needs_a_person,
    )


def _tell(theirs: Matched) -> None:
    """What of Canvas's gradebook does not fit."""
    for line in theirs.unmatched:
        warn(f"Canvas's gradebook has {line!r}, who is nobody here.")
    for line in theirs.ambiguous:
        warn(f"Left empty, since it cannot be told whose line this is (write its login into the roster): {line}")
    for title in theirs.new:
        warn(
            f"Canvas's gradebook has no assignment {title!r}; it would make a new one. To fill one that is there, give "
            "the week its name: title below [week.NAME] in course.toml."
        )
    for column in theirs.unfilled:
        warn(f"Canvas's column {column!r} is not filled: no week has that title.")
    if theirs.absent:
        warn(f"{len(theirs.absent)} have no line in Canvas's gradebook: {', '.join(theirs.absent)}")
