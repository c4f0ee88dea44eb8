"""What all commands share: how they are declared, how they print, how they fail.

Exit codes: 0 done; 1 done, and something needs a person; 2 wrong use of the command line; 3 could not start;
130 stopped by Ctrl-C.
"""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable, Sequence, Sized
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem
from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape

from grader import __version__
from grader.desk.course.safe_names import is_unprintable
from grader.desk.errors import DeskError

if TYPE_CHECKING:
    from grader.desk.course.facts import Course, Week

# Names of students and files are shown as they are: `:smile:` is no picture.
out = Console(highlight=False, emoji=False)
err = Console(stderr=True, highlight=False, emoji=False)
NEEDS_A_PERSON = 1

# The order in which a term needs them, the maintainers' last, which is the order of `grader --help`.
ORDER = (
    "new-course",
    "release",
    "paper",
    "collect",
    "grade",
    "watch",
    "todo",
    "formgrader",
    "feedback",
    "waive",
    "drop",
    "bonus",
    "rename",
    "undo",
    "export",
    "report",
    "similar",
    "doctor",
    "demo",
    "completion",
    "sync",
)


@dataclass(frozen=True)
class Told:
    """What came of a command: facts for `--json`, and whether a person must look at something."""

    facts: dict = field(default_factory=dict)
    needs_a_person: bool = False


class Commands(click.Group):
    """Commands in the order in which a term needs them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name in ORDER if name in self.commands]


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="grader")
def main() -> None:
    """Release notebooks, grade what comes back, and see how the class is doing.

    A course folder holds what belongs to one class: source/, release/, submitted/, autograded/, feedback/ and
    gradebook.db. Commands work in the current folder, or in the one named by --course.

    Every command ends with 0 when all is done, 1 when something needs a person, 2 when it was called wrongly, 3 when it
    could not start. With --json it prints one JSON object for other programs.
    """


def command(name: str, example: str, *, writes: bool = True) -> Callable[[Callable[..., Told]], click.Command]:
    """A command whose errors are sentences, with an example in its help.

    The function returns :class:`Told`, and takes `dry_run` if it `writes`: then it only says what it would do.
    """

    def wrap(function: Callable[..., Told]) -> click.Command:
        @functools.wraps(function)
        def told(*args: object, as_json: bool = False, **kwargs: object) -> None:
            out.quiet = as_json
            try:
                done = function(*args, **kwargs)
            except DeskError as error:
                fail(error, as_json)
            except KeyboardInterrupt:
                err.print("Stopped. The same command goes on from here.")
                sys.exit(130)
            except BrokenPipeError:
                sys.exit(0)
            except OSError as error:
                fail(_file_error(error), as_json)
            finally:
                out.quiet = False
            if as_json:
                click.echo(json.dumps(done.facts, ensure_ascii=False, indent=2, default=str))
            sys.exit(NEEDS_A_PERSON if done.needs_a_person else 0)

        told.__doc__ = f"{function.__doc__}\n\n    \b\n    Example:\n      {example}\n    "
        told = click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for other programs.")(told)
        if writes:
            told = click.option("--dry-run", is_flag=True, help="Change nothing; say what would be done.")(told)
        return main.command(name)(told)

    return wrap


def fail(error: DeskError, as_json: bool = False) -> None:
    """Say what is wrong and what to do, and end."""
    err.print(f"[bold red]Error:[/] {plainly(error.what)}", soft_wrap=True)
    if error.remedy:
        err.print(plainly(error.remedy), soft_wrap=True)
    if as_json:
        click.echo(json.dumps({"error": {"what": error.what, "remedy": error.remedy}}, ensure_ascii=False, indent=2))
    sys.exit(error.exit_code)


def warn(text: str) -> None:
    """A line about something that a person should look at."""
    err.print(f"[yellow]![/] {plainly(text)}", soft_wrap=True)


def say(text: str) -> None:
    """A plain line, its brackets no markup."""
    out.print(plainly(text), soft_wrap=True)


def columns(rows: Sequence[Sequence[str]]) -> None:
    """Lines whose cells stand below each other, whole however narrow the window is; the first holds numbers."""
    wide = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for first, *rest in rows:
        cells = [" " * (wide[0] - cell_len(first)) + first]
        cells += [cell + " " * (most - cell_len(cell)) for cell, most in zip(rest, wide[1:], strict=True)]
        say("  ".join(cells).rstrip())


def counted(things: Sized, what: str) -> str:
    """ "1 page", "3 pages"."""
    return f"{len(things)} {what}{'' if len(things) == 1 else 's'}"


def plainly(text: str) -> str:
    """`text` as it is, for a console: no markup, and of a name that commands a terminal or is no text its letters."""
    return escape("".join("\N{REPLACEMENT CHARACTER}" if is_unprintable(letter) else letter for letter in text))


def _file_error(error: OSError) -> DeskError:
    """A file that cannot be read or written; the reason is the operating system's."""
    where = f"{error.filename}: " if error.filename else ""
    return DeskError(
        f"{where}{error.strerror or error}.", "Mend that and run the same command again; it goes on from where it was."
    )


def _complete_weeks(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The weeks of the course folder, for the shell."""
    from grader.desk.course.facts import load_course

    try:
        course = load_course(ctx.params.get("folder") or ".")
    except DeskError:
        return []
    weeks = [week for week in course.weeks if week.folder.startswith(incomplete)]
    return [CompletionItem(week.folder, help=week.title) for week in weeks]


def _complete_students(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Those who handed something in, for the shell."""
    submitted = Path(ctx.params.get("folder") or ".") / "submitted"
    names = sorted(path.name for path in submitted.glob("[!.]*")) if submitted.is_dir() else []
    return [name for name in names if name.startswith(incomplete)]


course_option = click.option(
    "--course",
    "folder",
    default=".",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="The course folder. Default: the current one.",
)
weeks_argument = click.argument("weeks", nargs=-1, metavar="[WEEK]...", shell_complete=_complete_weeks)
students_option = click.option(
    "--student",
    "students",
    multiple=True,
    metavar="ID",
    shell_complete=_complete_students,
    help="Only this student; may be repeated.",
)


def chosen(folder: Path, weeks: tuple[str, ...]) -> tuple[Course, list[Week]]:
    """The course and those of its weeks that were named, or all."""
    from grader.desk.course.facts import load_course

    course = load_course(folder)
    return course, course.chosen(weeks)
