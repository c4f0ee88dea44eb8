"""The command `grader`: reads the command line, calls one function, prints what came of it.

Exit codes: 0 done; 1 done, and something needs a person; 2 wrong use of the command line; 3 could not start.
"""

from __future__ import annotations

import functools
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from grader import __version__
from grader.desk.errors import DeskError

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)
NEEDS_A_PERSON = 1


class Commands(click.Group):
    """Commands in the order in which a term needs them."""

    def list_commands(self, ctx):
        return list(self.commands)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="grader")
def main():
    """Release notebooks, grade what comes back, and see how the class is doing.

    A course folder holds what belongs to one class: source/, release/, submitted/, autograded/, feedback/ and
    gradebook.db. Commands work in the current folder, or in the one named by --course.
    """


def command(name: str, example: str):
    """A command whose errors are sentences, with an example in its help."""

    def wrap(function):
        @functools.wraps(function)
        def told(*args, **kwargs):
            try:
                function(*args, **kwargs)
            except DeskError as error:
                fail(error)
            except KeyboardInterrupt:
                err.print("Stopped. The same command goes on from here.")
                sys.exit(130)
            except BrokenPipeError:
                sys.exit(0)
            except OSError as error:
                fail(_file_error(error))

        told.__doc__ = f"{function.__doc__}\n\n    \b\n    Example:\n      {example}\n    "
        return main.command(name)(told)

    return wrap


def fail(error: DeskError) -> None:
    """Say what is wrong and what to do, and end."""
    err.print(f"[bold red]Error:[/] {escape(error.what)}", soft_wrap=True)
    if error.remedy:
        err.print(escape(error.remedy), soft_wrap=True)
    sys.exit(error.exit_code)


def _file_error(error: OSError) -> DeskError:
    """A file that cannot be read or written; the reason is the operating system's."""
    where = f"{error.filename}: " if error.filename else ""
    return DeskError(
        f"{where}{error.strerror or error}.", "Mend that and run the same command again; it goes on from where it was."
    )


course_option = click.option(
    "--course",
    "folder",
    default=".",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="The course folder. Default: the current one.",
)
weeks_argument = click.argument("weeks", nargs=-1, metavar="[WEEK]...")
students_option = click.option(
    "--student", "students", multiple=True, metavar="ID", help="Only this student; may be repeated."
)


def _chosen(folder: Path, weeks: tuple[str, ...]):
    from grader.desk.course import load_course

    course = load_course(folder)
    return course, course.chosen(weeks)


@command("sync", "grader sync --check")
@course_option
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 if something is out of date.")
def sync(folder, check):
    """Write badges, links and set-up cells anew from course.toml."""
    from grader.desk import links

    course, weeks = _chosen(folder, ())
    changed = links.synchronise(course, weeks, check=check)
    for path in changed:
        out.print(f"{'out of date' if check else 'written'}: {escape(str(path))}", soft_wrap=True)
    if not changed:
        out.print("Everything is up to date.")
    if check and changed:
        sys.exit(NEEDS_A_PERSON)


@command("release", "grader release week01_backprop --course ~/class-of-2026")
@weeks_argument
@course_option
def release(weeks, folder):
    """Release weeks to students: check them, enter them into the gradebook, build the student repository.

    WEEK is the name of a week's folder or its beginning; all weeks when none is named.
    """
    from grader.desk import release as releasing

    course, chosen = _chosen(folder, weeks)
    done = releasing.release(course, chosen, say=lambda text: out.print(f"  {escape(text)}"))
    out.print(f"Released: {', '.join(done.weeks)}")
    for word in ("added", "changed", "removed"):
        names = getattr(done.changes, word)
        if names:
            more = f" and {len(names) - 8} more" if len(names) > 8 else ""
            out.print(f"  {word}: {escape(', '.join(names[:8]))}{more}", soft_wrap=True)
    out.print(f"The repository for students, ready to push: {escape(str(done.repository))}", soft_wrap=True)


@command("grade", "grader grade week01_backprop --course ~/class-of-2026")
@weeks_argument
@course_option
@students_option
@click.option("--force", is_flag=True, help="Grade unchanged submissions again, too.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Worker processes. Default: one a core.")
@click.option(
    "--trust-student-code",
    "trusted",
    is_flag=True,
    help="Run the code without a sandbox, with your rights. Only for code that you wrote yourself.",
)
def grade(weeks, folder, students, force, jobs, trusted):
    """Grade what lies in submitted/<student>/<week>/.

    Code of students runs in a sandbox. A run that was stopped, however, is continued by the same command; an unchanged
    submission is not graded again.
    """
    from grader.desk import grade as grading
    from grader.desk.progress import meter

    course, chosen = _chosen(folder, weeks)
    with meter(out, "grading") as bar:

        def seen(graded):
            bar.step(*sorted({status for status in graded.status.values() if status not in ("graded", "missing")}))

        summary = grading.grade(
            course, chosen, students, force=force, jobs=jobs, trusted=trusted, seen=seen, counted=bar.expect
        )
    _print_grades(summary)
    if summary.failed or any(grading.REFUSED in graded.status.values() for graded in summary.submissions):
        sys.exit(NEEDS_A_PERSON)


def _print_grades(summary) -> None:
    from grader.desk import grade as grading

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


@command("feedback", "grader feedback week01_backprop --student ada")
@weeks_argument
@course_option
@students_option
def feedback(weeks, folder, students):
    """Write each student's page: feedback/<student>/<week>/<notebook>.html.

    Scores and comments given by hand in Formgrader are on it.
    """
    from grader.desk import feedback as feeding
    from grader.desk.progress import meter

    course, chosen = _chosen(folder, weeks)
    with meter(out, "feedback") as bar:
        written = feeding.feedback(course, chosen, students, seen=lambda page: bar.step(), counted=bar.expect)
    out.print(f"{len(written.pages)} pages in {escape(str(course.step('feedback')))}", soft_wrap=True)
    for problem in written.problems:
        err.print(f"[yellow]no page for[/] {escape(problem)}", soft_wrap=True)
    if written.problems:
        sys.exit(NEEDS_A_PERSON)


@command("report", "grader report --course ~/class-of-2026")
@weeks_argument
@course_option
@click.option(
    "--to", "target", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Default: reports/."
)
def report(weeks, folder, target):
    """Write a page about the class, and its scores as CSV."""
    from grader.desk import report as reporting

    course, chosen = _chosen(folder, weeks)
    done = reporting.report(course, chosen, target)
    for path in (done.page, *done.tables):
        out.print(escape(str(path)), soft_wrap=True)


@command("doctor", "grader doctor --course ~/class-of-2026")
@course_option
def doctor(folder):
    """Say what this machine lacks, and how to mend it."""
    from grader.desk.doctor import examine

    well = True
    for finding in examine(folder.resolve()):
        well = well and finding.ok
        sign = "[green]ok     [/]" if finding.ok else "[bold red]missing[/]"
        out.print(f"{sign} {escape(finding.what)}: {escape(finding.found)}", soft_wrap=True)
        if not finding.ok:
            out.print(f"        {escape(finding.remedy)}", soft_wrap=True)
    out.print("This machine can do everything." if well else "See the lines above.")
    if not well:
        sys.exit(NEEDS_A_PERSON)


@command("demo", "grader demo --to /tmp/demo")
@click.option(
    "--to", "target", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Default: build/demo."
)
@click.option("--jobs", type=click.IntRange(1, 256), help="Worker processes. Default: one a core.")
def demo(target, jobs):
    """Play a whole week: release homework 1, grade a made-up class of 24, write feedback and a report."""
    from grader.desk import demo as playing

    if not playing.play(out, target, jobs):
        sys.exit(NEEDS_A_PERSON)


if __name__ == "__main__":
    main()
