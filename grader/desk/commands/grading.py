"""`grader grade`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.markup import escape

from grader.desk.commands.command import (
    Told,
    chosen,
    columns,
    command,
    counted,
    course_option,
    err,
    out,
    plainly,
    say,
    students_option,
    warn,
    weeks_argument,
)

SHOWN, FEW = 20, 5

if TYPE_CHECKING:
    from grader.desk.course.facts import Course
    from grader.desk.grade.plan import Planned, TriedOut
    from grader.desk.grade.run import Graded, Summary
    from grader.desk.gradebook.moves import Shift


@command("grade", "grader grade week01_backprop --course ~/class-of-2026")
@weeks_argument
@course_option
@students_option
@click.option("--force", is_flag=True, help="Grade unchanged submissions again, too.")
@click.option("--marks", is_flag=True, help="With --dry-run: grade, keep nothing, and say whose points would move.")
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
def grade(
    weeks: tuple[str, ...],
    folder: Path,
    students: tuple[str, ...],
    force: bool,
    marks: bool,
    jobs: int | None,
    scheduler: str | None,
    trusted: bool,
    log_file: Path | None,
    dry_run: bool,
) -> Told:
    """Grade what lies in submitted/<student>/<week>/.

    Code of students runs in a sandbox. A run that was stopped, however, is continued by the same command; an unchanged
    submission is not graded again. Deadlines, late days and extensions are applied as course.toml has them today, to
    unchanged submissions too. After a change to the course, --dry-run --marks says whose points would move, before they
    do.
    """
    if scheduler and jobs:
        raise click.UsageError("--jobs counts processes of this machine; with --scheduler, its workers count.")
    if marks and not dry_run:
        raise click.UsageError("--marks says what would move; it goes with --dry-run.")
    from grader.desk.grade.job import get_ready, grade_job, is_first
    from grader.desk.grade.pool import Crew

    with Crew(grade_job) as crew:
        early = not (dry_run or scheduler) and (force or is_first(folder, weeks, students))
        if early:
            crew.start_early()  # it imports what it needs while the course is read here
        course, named = chosen(folder, weeks)
        if early:
            get_ready(crew, course.repo, trusted)
        from grader.desk.commands.progress import log_of, meter
        from grader.desk.grade import plan
        from grader.desk.grade import run as grading

        if dry_run and marks:
            with meter(out, "trying") as bar:
                tried = plan.try_out(
                    course, named, students, force=force, jobs=jobs, trusted=trusted, seen=bar.step, counted=bar.expect
                )
            return _print_moves(tried)
        if dry_run:
            return _print_plan(plan.to_grade(course, named, students, force=force, trusted=trusted))
        with log_of(log_file) as log, meter(out, "grading") as bar:

            def seen(graded: Graded) -> None:
                bar.step(*graded.remarks)
                log(graded)

            summary = grading.grade(
                course,
                named,
                students,
                force=force,
                jobs=jobs,
                trusted=trusted,
                scheduler=scheduler,
                seen=seen,
                counted=bar.expect,
                meanwhile=partial(_import_pages, course),
                crew=crew,
            )
    _print_grades(summary)
    concerned = {one.student for one in summary.moved}
    concerned |= {one.student for one in summary.submissions if one.again}
    stale = stale_pages_of(course, concerned)
    print_moves(summary.moved, stale)
    refused = any(grading.REFUSED in graded.status.values() for graded in summary.submissions)
    return Told(
        {
            "seconds": round(summary.seconds, 3),
            "by_status": dict(summary.by_status),
            "submissions": [vars(graded) for graded in summary.submissions],
            "moved": [vars(one) for one in summary.moved],
            "stale_pages": stale,
        },
        needs_a_person=bool(summary.failed or refused or any(graded.time_trouble for graded in summary.submissions)),
    )


def _print_plan(jobs: Sequence[Planned]) -> Told:
    for job in jobs:
        say(f"would grade: {job.student} {job.week}/{job.notebook} ({job.why})")
    say(f"{len(jobs)} notebooks would be graded.")
    return Told({"would_grade": [vars(job) for job in jobs]})


def _print_moves(tried: TriedOut) -> Told:
    for one in tried.moved:
        kind = "" if one.kind == "points" else f" {one.kind}"
        where = f"{one.student} {one.week}/{one.notebook}"
        say(f"would move: {where}: {one.exercise} from {one.before:g} to {one.after:g}{kind}")
    for name in tried.failed:
        warn(f"could not be graded: {name}")
    for_marks = {one.student for one in tried.moved if one.kind != "practice"}
    say(
        f"{len(tried.planned)} notebooks would be graded. Points that count would move for {len(for_marks)} students, "
        "before lateness is settled. Nothing was kept."
    )
    return Told(
        {
            "would_grade": [vars(one) for one in tried.planned],
            "would_move": [vars(one) for one in tried.moved],
            "failed": tried.failed,
        },
        needs_a_person=bool(tried.failed),
    )


def _import_pages(course: Course) -> None:
    """What says which pages are stale."""
    if course.step("feedback").is_dir():
        import grader.desk.feedback.feedback  # noqa: F401


def stale_pages_of(course: Course, students: Collection[str]) -> list[Path]:
    """Pages of feedback that these students may have read already and that are right no longer."""
    if not any(course.step("feedback", student).is_dir() for student in students):
        return []
    from grader.desk.feedback.feedback import stale_pages
    from grader.desk.gradebook.book import Book

    with Book(course) as book:
        return stale_pages(course, book, course.weeks, students)


def print_moves(moved: Sequence[Shift], stale: Sequence[Path], *, would: bool = False) -> None:
    """Whose mark is another now, by how much and why; which pages do not show it yet."""
    if moved:
        say(f"{counted(moved, 'mark')} {'would move' if would else 'moved'}:")
    for one in moved[:SHOWN]:
        say(f"  {one}")
    if len(moved) > SHOWN:
        say(f"  and {len(moved) - SHOWN} more; --json has all.")
    if stale:
        weeks = ", ".join(sorted({page.parent.name for page in stale}))
        people = sorted({page.parent.parent.name for page in stale})
        whose = ", ".join(people[:FEW]) + (f" and {len(people) - FEW} more" if len(people) > FEW else "")
        say(f"Older than this: {counted(stale, 'page')} of {weeks} ({whose}). `grader feedback` makes them anew.")


def _print_grades(summary: Summary) -> None:
    from grader.desk.grade import run as grading
    from grader.desk.gradebook.timestamps import TAKEN_AS_IN_TIME

    fresh = sum(graded.again for graded in summary.submissions)
    unchanged = len(summary.submissions) - fresh
    out.print(
        f"{len(summary.submissions)} submissions in {summary.seconds:.1f} s: "
        f"{fresh} graded, {unchanged} unchanged since last time."
    )
    rows = [(str(count), status.replace("_", " ")) for status, count in summary.by_status.most_common()]
    columns([("notebooks", "status"), *rows])
    if untimed := [graded.student for graded in summary.submissions if graded.untimed]:
        listed = ", ".join(untimed[:5]) + (f" and {len(untimed) - 5} more" if len(untimed) > 5 else "")
        say(f"Without a timestamp.txt, and so in time: {listed}.")
    for graded in summary.submissions:
        if graded.detail:
            word = "was refused" if grading.REFUSED in graded.status.values() else "could not be graded"
            err.print(f"[yellow]{escape(repr(graded.student))} {word}:[/] {plainly(graded.detail)}", soft_wrap=True)
        if graded.time_trouble:
            warn(f"{graded.student}: {graded.week}: {graded.time_trouble}. {TAKEN_AS_IN_TIME}")
