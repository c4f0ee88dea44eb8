"""`grader new-course` and `grader collect`: a class, and what it hands in."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.desk.commands.command import Told, chosen, command, course_option, say, warn

if TYPE_CHECKING:
    from grader.desk.collect.collect import Collected

SHOWN = 20


@command("new-course", "grader new-course ~/class-of-2026")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--checkout",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="The checkout with notebooks and solutions. Default: the one this program runs from.",
)
@click.option("--demonstration", is_flag=True, help="Without students: no repository of your own is needed.")
def new_course(folder: Path, checkout: Path | None, demonstration: bool, dry_run: bool) -> Told:
    """Make a private folder for one class: its settings, its roster, and room for what it hands in."""
    from grader.desk.course.new_course import new_course as make

    made = make(folder, checkout, demonstration=demonstration, dry_run=dry_run)
    for path in made:
        say(f"{'would write' if dry_run else 'written'}: {path}")
    if not dry_run:
        say(f"Write your repository into {made[0]}, your students into {made[1]}, then: cd {folder} && grader release")
    return Told({"folder": folder, "written": [] if dry_run else made, "would_write": made if dry_run else []})


@command("collect", "grader collect week01_backprop ~/Downloads/submissions.zip --course ~/class-of-2026")
@click.argument("week")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...", type=click.Path(path_type=Path))
@course_option
@click.option("--roster", type=click.Path(path_type=Path), metavar="FILE", help="Default: roster.csv.")
@click.option(
    "--times",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A CSV with the columns student and time, which wins over the times of the files.",
)
@click.option(
    "--file-times/--no-file-times",
    default=None,
    help="Trust the times of files and commits, or leave them out: nobody is late by them. Default: those of commits "
    "are left out, and you are asked where files on this disk make somebody late.",
)
def collect(
    week: str,
    sources: tuple[Path, ...],
    folder: Path,
    roster: Path | None,
    times: Path | None,
    file_times: bool | None,
    dry_run: bool,
) -> Told:
    """Take in what students handed in: folders, archives, clones or saved e-mails, as platforms deliver them.

    Moodle, Canvas, Blackboard, Teams, Gradescope, Google Drive and Classroom, GitHub Classroom, nbgrader's exchange and
    e-mail are known by their file names. Names are looked up in roster.csv; files that fit nobody go to mapping.csv,
    where you write whose they are, and the same command takes them in. Of several attempts the last before the deadline
    counts, by the platform's clock; all are kept in attempts/. What could not be read is in collected.csv.
    """
    from grader.desk.collect.collect import collect as collecting

    course, (named,) = chosen(folder, (week,))
    done = collecting(course, named, sources, roster=roster, times=times, file_times=file_times, dry_run=dry_run)
    _print(done, dry_run)
    facts = {key: value for key, value in vars(done).items() if key != "taken"}
    return Told(
        {**facts, "dry_run": dry_run, "taken": [vars(one) for one in done.taken]}, needs_a_person=done.needs_a_person
    )


def _print(done: Collected, dry_run: bool) -> None:
    late = sum(bool(one.days_late) for one in done.taken)
    changed = sum(one.changed for one in done.taken)
    say(f"{len(done.taken)} students, {changed} {'would be ' if dry_run else ''}new or changed, {late} late.")
    clocks = Counter(one.clock for one in done.taken)
    if clocks:
        say(f"Times used: {', '.join(f'{count} of {clock}' for clock, count in clocks.most_common())}.")
    if done.missing:
        say(f"Missing ({len(done.missing)}): {_few(done.missing)}")
    if done.without_notebook:
        warn(f"Handed in, but no notebook: {_few(done.without_notebook)}")
    for found, files in done.unplaced.items():
        whose = " or ".join(done.several.get(found, ()))
        warn(f"{found!r} {f'may be {whose}' if whose else 'is nobody in the roster'}: {_few(files)}")
    if done.mapping:
        warn(
            f"Write whose these are, of a group all ids with ; between them, into {done.mapping}, then run the same "
            "command again."
        )
    if done.by_hand:
        warn(f"Left alone, because their folder in submitted/ was not made by collect: {_few(done.by_hand)}")
    for text in (*done.problems, *done.doubts):
        warn(text)


def _few(names: list[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
