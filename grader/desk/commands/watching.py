"""`grader watch`."""

from __future__ import annotations

from pathlib import Path

import click

from grader.desk.commands.command import Told, chosen, command, course_option, say, warn


@command("watch", "grader watch week01_backprop --exchange --course ~/class-of-2026")
@click.argument("week")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@course_option
@click.option("--exchange", is_flag=True, help="Watch nbgrader's exchange, and return pages through it.")
@click.option("--every", type=click.IntRange(1, 3600), default=20, show_default=True, help="Seconds between two looks.")
@click.option("--file-times", is_flag=True, help="Trust the times of files and commits, and ask nothing about them.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Worker processes. Default: one a core.")
def watch(
    week: str,
    sources: tuple[str, ...],
    folder: Path,
    exchange: bool,
    every: int,
    file_times: bool,
    jobs: int | None,
    dry_run: bool,
) -> Told:
    """Collect, grade and answer what students hand in, as it comes, until Ctrl-C.

    SOURCE is a folder or an archive, as for `grader collect`, or the address of a git repository. Whatever arrives is
    collected, graded in the sandbox, and its page written; with --exchange, the page goes back to the student. How
    often a student is graded in a day is said below [watch] in course.toml. However it was stopped, the same command
    goes on. With --dry-run, it says whose work waits to be graded now.
    """
    from grader.desk.grade.plan import works_to_grade
    from grader.desk.watch.arrivals import arrivals
    from grader.desk.watch.watch import Watch, stopped_by_signals

    if bool(sources) == exchange:
        raise click.UsageError("Name what to watch: folders, addresses of git repositories, or --exchange.")
    course, (named,) = chosen(folder, (week,))
    way_in = arrivals(sources, exchange, file_times or None)
    where = "nbgrader's exchange" if exchange else ", ".join(sources)
    if dry_run:
        waiting = sorted(works_to_grade(course, named))
        say(f"Would watch {where} for {named.folder}. To grade now: {', '.join(waiting) or 'nothing'}.")
        return Told({"waiting": waiting})
    watching = Watch(course.root, named.folder, way_in, say, warn, jobs)
    say(f"Watching {where} for {named.folder}, every {every} s. Ctrl-C stops; the same command goes on from there.")
    with stopped_by_signals():
        try:
            watching.forever(every)
        except KeyboardInterrupt:
            say(f"Stopped after {watching.verdicts} verdicts. The same command goes on from here.")
    return Told({"verdicts": watching.verdicts})
