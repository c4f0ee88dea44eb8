"""`grader export`."""

from __future__ import annotations

from pathlib import Path

import click

from grader.desk.commands.command import Told, chosen, command, course_option, say, warn, weeks_argument

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

    The final mark is that of [mark] formula in course.toml. Ends with 1 while answers wait for a person, or when lines
    of Canvas's gradebook fit nobody.
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
        warn(f"{sum(done.waiting.values())} answers of {len(done.waiting)} students wait for a person: grader todo")
    for line in done.unmatched:
        warn(f"Canvas's gradebook has {line!r}, who is nobody here.")
    return Told(
        {
            "tables": {str(path): rows for path, rows in done.tables.items()},
            "waiting": done.waiting,
            "unmatched": done.unmatched,
        },
        needs_a_person=bool(done.waiting or done.unmatched),
    )
