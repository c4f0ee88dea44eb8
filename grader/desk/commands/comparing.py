"""`grader similar`."""

from __future__ import annotations

from pathlib import Path

import click

from grader.desk.commands.command import Told, chosen, command, course_option, say, warn


@command("similar", "grader similar week01_backprop --course ~/class-of-2026")
@click.argument("week")
@course_option
@click.option("--least", type=click.FloatRange(0, 1), default=0.4, show_default=True, help="The least share in common.")
@click.option(
    "--to", "target", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Default: reports/."
)
def similar(week: str, folder: Path, least: float, target: Path | None, dry_run: bool) -> Told:
    """Show pairs of graded submissions that are too alike, side by side, for a person to judge.

    What everyone was given and what many have in common is taken away first. Nothing is decided by this page. Ends with
    1 when a submission could not be compared.
    """
    from grader.desk.report import similar as comparing

    course, (named,) = chosen(folder, (week,))
    problems: list[str] = []
    pairs = comparing.similar(course, named, least=least, problems=problems)
    for pair in pairs:
        say(f"{100 * pair.share:3.0f} %  {pair.one} and {pair.other}: {pair.notebook}, {pair.kind}")
    say(f"{len(pairs)} pairs have at least {100 * least:g} % in common.")
    page = None if dry_run else comparing.write_page(course, named, pairs, target)
    if page:
        say(str(page))
    for problem in problems:
        warn(problem)
    shown = ("notebook", "kind", "one", "other", "share_one", "share_other")
    found = [{key: getattr(pair, key) for key in shown} for pair in pairs]
    return Told({"page": page, "pairs": found, "problems": problems}, needs_a_person=bool(problems))
