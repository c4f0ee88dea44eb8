"""`grader paper`: quizzes on paper."""

from __future__ import annotations

from pathlib import Path

import click

from grader.desk.commands.command import Told, chosen, command, course_option, say


@command("paper", "grader paper week02_matrix_diff quiz_1 --course ~/class-of-2026")
@click.argument("week")
@click.argument("notebook")
@course_option
@click.option("--name", "names", multiple=True, metavar="NAME", help="Only for this name; may be repeated.")
@click.option("--roster", type=click.Path(path_type=Path), metavar="FILE", help="Default: roster.csv.")
@click.option(
    "--out",
    "target",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Default: paper/WEEK/NOTEBOOK/.",
)
def paper(
    week: str,
    notebook: str,
    folder: Path,
    names: tuple[str, ...],
    roster: Path | None,
    target: Path | None,
    dry_run: bool,
) -> Told:
    """Make a quiz ready to print: a set of pages for each student of the roster, and the answers for you.

    The numbers are those that the notebook draws from the same name. Print questions.html from a browser (A4,
    one-sided); the code at the foot of each page is also on the answer sheet, answers.html.
    """
    from grader.desk.course.roster import read_roster
    from grader.desk.errors import DeskError
    from grader.desk.paper import paper as printing

    course, (named,) = chosen(folder, (week,))
    try:
        which = named.notebook(notebook)
    except KeyError:
        there = ", ".join(one.name for one in named.notebooks)
        raise DeskError(f"{named.folder} has no notebook {notebook!r}.", f"Its notebooks are: {there}.") from None
    whose = names or printing.names_of(read_roster(course, roster))
    made = printing.paper(course, named, which, whose, target, dry_run=dry_run)
    say(f"{'Would write' if dry_run else 'Written'} for {len(made.names)} students:")
    say(f"  {made.questions}   to print: A4, one-sided")
    say(f"  {made.answers}   for you alone")
    return Told({"questions": made.questions, "answers": made.answers, "names": list(made.names), "dry_run": dry_run})
