"""The command `grader`: reads the command line, calls one function, prints what came of it.

Commands of a few lines are here; those with more to read or to print have a file of their own in `commands/`.
"""

from __future__ import annotations

from pathlib import Path

import click
from rich.markup import escape
from rich.table import Table

from grader.desk.commands.command import (
    NEEDS_A_PERSON,
    Told,
    chosen,
    command,
    course_option,
    err,
    main,
    out,
    say,
    students_option,
    weeks_argument,
)

__all__ = ["NEEDS_A_PERSON", "main"]


@command("sync", "grader sync --check")
@course_option
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 if something is out of date.")
def sync(folder, check, dry_run):
    """Write badges, links and set-up cells anew from course.toml."""
    from grader.desk.release import links

    course, weeks = chosen(folder, ())
    changed = links.synchronise(course, weeks, check=check or dry_run)
    for path in changed:
        say(f"{'out of date' if check or dry_run else 'written'}: {path}")
    if not changed:
        say("Everything is up to date.")
    return Told({"changed": changed, "written": not (check or dry_run)}, needs_a_person=bool(check and changed))


@command("grade", "grader grade week01_backprop --course ~/class-of-2026")
@weeks_argument
@course_option
@students_option
@click.option("--force", is_flag=True, help="Grade unchanged submissions again, too.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Worker processes. Default: one a core.")
@click.option("--scheduler", metavar="URL", help="Grade on the workers of this Dask cluster, as tcp://10.0.0.1:8786.")
@click.option(
    "--trust-student-code",
    "trusted",
    is_flag=True,
    help="Run the code without a sandbox, with your rights. Only for code that you wrote yourself.",
)
@click.option(
    "--log-file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Append a line for each submission as it is done, to follow with `tail -f`.",
)
def grade(weeks, folder, students, force, jobs, scheduler, trusted, log_file, dry_run):
    """Grade what lies in submitted/<student>/<week>/.

    Code of students runs in a sandbox. A run that was stopped, however, is continued by the same command; an unchanged
    submission is not graded again. Deadlines, late days and extensions are applied as course.toml has them today, to
    unchanged submissions too.
    """
    from grader.desk.commands.progress import log_of, meter
    from grader.desk.grade import plan
    from grader.desk.grade import run as grading

    if scheduler and jobs:
        raise click.UsageError("--jobs counts processes of this machine; with --scheduler, its workers count.")
    course, weeks = chosen(folder, weeks)
    if dry_run:
        return _print_plan(plan.to_grade(course, weeks, students, force=force, trusted=trusted))
    with log_of(log_file) as log, meter(out, "grading") as bar:

        def seen(graded):
            bar.step(*graded.remarks)
            log(graded)

        summary = grading.grade(
            course,
            weeks,
            students,
            force=force,
            jobs=jobs,
            trusted=trusted,
            scheduler=scheduler,
            seen=seen,
            counted=bar.expect,
        )
    _print_grades(summary)
    refused = any(grading.REFUSED in graded.status.values() for graded in summary.submissions)
    return Told(
        {
            "seconds": round(summary.seconds, 3),
            "by_status": dict(summary.by_status),
            "submissions": [vars(graded) for graded in summary.submissions],
        },
        needs_a_person=bool(summary.failed or refused),
    )


def _print_plan(jobs) -> Told:
    for job in jobs:
        say(f"would grade: {job.student} {job.week}/{job.notebook} ({job.why})")
    say(f"{len(jobs)} notebooks would be graded.")
    return Told({"would_grade": [vars(job) for job in jobs]})


def _print_grades(summary) -> None:
    from grader.desk.grade import run as grading

    fresh = sum(graded.again for graded in summary.submissions)
    unchanged = len(summary.submissions) - fresh
    out.print(
        f"{len(summary.submissions)} submissions in {summary.seconds:.1f} s: "
        f"{fresh} graded, {unchanged} unchanged since last time."
    )
    table = Table("notebooks", "status", title=None, box=None, pad_edge=False)
    for status, count in summary.by_status.most_common():
        table.add_row(str(count), status.replace("_", " "))
    out.print(table)
    for graded in summary.submissions:
        if graded.detail:
            word = "was refused" if grading.REFUSED in graded.status.values() else "could not be graded"
            err.print(f"[yellow]{escape(repr(graded.student))} {word}:[/] {escape(graded.detail)}", soft_wrap=True)


@command("doctor", "grader doctor --course ~/class-of-2026", writes=False)
@course_option
def doctor(folder):
    """Say what this machine lacks, and how to mend it."""
    from grader.desk.doctor.doctor import examine

    findings = []
    for finding in examine(folder.resolve()):
        findings.append(finding)
        sign = "[green]ok     [/]" if finding.ok else "[bold red]missing[/]"
        out.print(f"{sign} {escape(finding.what)}: {escape(finding.found)}", soft_wrap=True)
        if not finding.ok:
            out.print(f"        {escape(finding.remedy)}", soft_wrap=True)
    well = all(finding.ok for finding in findings)
    out.print("This machine can do everything." if well else "See the lines above.")
    return Told({"well": well, "findings": [vars(finding) for finding in findings]}, needs_a_person=not well)


@command("demo", "grader demo --to /tmp/demo")
@click.option(
    "--to", "target", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Default: build/demo."
)
@click.option("--jobs", type=click.IntRange(1, 256), help="Worker processes. Default: one a core.")
def demo(target, jobs, dry_run):
    """Play a whole week: release homework 1, grade a made-up class of 24, write feedback and a report."""
    from grader.desk.demo import demo as playing

    if dry_run:
        place = playing.place_for(target)
        say(f"A course folder with a made-up class of 24 would be made and graded in {place}.")
        return Told({"folder": place})
    agree = playing.play(out, target, jobs)
    return Told({"as_expected": agree}, needs_a_person=not agree)


@command("completion", 'eval "$(grader completion bash)"', writes=False)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell):
    """Print what makes the Tab key complete commands, weeks and students; put it into your shell's start-up file."""
    from click.shell_completion import get_completion_class

    script = get_completion_class(shell)(main, {}, "grader", "_GRADER_COMPLETE").source()
    out.out(script, highlight=False)
    return Told({"shell": shell, "script": script})


# Each declares its commands on import.
from grader.desk.commands import (  # noqa: E402
    beginning,  # noqa: F401
    comparing,  # noqa: F401
    exporting,  # noqa: F401
    printing,  # noqa: F401
    reading,  # noqa: F401
    releasing,  # noqa: F401
    returning,  # noqa: F401
)

if __name__ == "__main__":
    main()
