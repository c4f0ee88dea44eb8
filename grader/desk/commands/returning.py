"""`grader feedback` and `grader report`: what goes back to students, and what the instructor reads."""

from __future__ import annotations

from pathlib import Path

import click

from grader.desk.commands.command import (
    Told,
    chosen,
    command,
    course_option,
    out,
    say,
    students_option,
    warn,
    weeks_argument,
)


@command("feedback", "grader feedback week01_backprop --student ada")
@weeks_argument
@course_option
@students_option
@click.option("--pack", is_flag=True, help="Also make archives to upload: one a student, and one of the week.")
def feedback(weeks: tuple[str, ...], folder: Path, students: tuple[str, ...], pack: bool, dry_run: bool) -> Told:
    """Write each student's page: feedback/<student>/<week>/<notebook>.html.

    Scores and comments given by hand in Formgrader are on it. A page of which nothing has changed is left as it is.
    With --pack, returns/<week>/<student>.zip holds one student's pages, and returns/<week>.zip everyone's, under the
    names by which Moodle and Canvas know them; with --student too, only that student's archive is made.
    """
    from grader.desk.commands.progress import meter
    from grader.desk.feedback import feedback as feeding
    from grader.desk.feedback import pack as returning

    course, named = chosen(folder, weeks)
    if dry_run:
        pages = feeding.pages_to_write(course, named, students)
        pages += returning.pack(course, pages, whole=not students, dry_run=True) if pack else []
        for page in pages:
            say(f"would write {page}")
        return Told({"would_write": pages})
    with meter(out, "feedback") as bar:
        written = feeding.feedback(course, named, students, seen=lambda page: bar.step(), counted=bar.expect)
    say(f"{len(written.pages)} pages in {course.step('feedback')}, {written.made} of them made anew")
    archives = returning.pack(course, written.pages, whole=not students) if pack else []
    for path in archives:
        say(str(path))
    for problem in written.problems:
        warn(f"no page for {problem}")
    return Told(
        {"pages": written.pages, "made": written.made, "archives": archives, "problems": written.problems},
        needs_a_person=bool(written.problems),
    )


@command("report", "grader report --course ~/class-of-2026")
@weeks_argument
@course_option
@click.option(
    "--to", "target", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Default: reports/."
)
def report(weeks: tuple[str, ...], folder: Path, target: Path | None, dry_run: bool) -> Told:
    """Write a page about the class, and its scores as CSV.

    Ends with 1 when a kept result cannot be read; everything else is in the report then.
    """
    from grader.desk.report import report as reporting

    course, named = chosen(folder, weeks)
    done = reporting.report(course, named, target, dry_run=dry_run)
    for path in (done.page, *done.lists, *done.tables):
        say(f"would write {path}" if dry_run else str(path))
    for problem in done.problems:
        warn(problem)
    facts = {"page": done.page, "lists": done.lists, "tables": done.tables, "problems": done.problems}
    return Told(facts, needs_a_person=bool(done.problems))
