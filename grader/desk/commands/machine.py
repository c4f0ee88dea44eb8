"""`grader sync`, `doctor`, `demo` and `completion`: what concerns this machine and this checkout."""

from __future__ import annotations

from pathlib import Path

import click
from rich.markup import escape

from grader.desk.commands.command import Told, command, course_option, main, out, say


@command("sync", "grader sync --check")
@course_option
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 if something is out of date.")
def sync(folder: Path, check: bool, dry_run: bool) -> Told:
    """For maintainers of the course: write the checkout's badges, links and set-up cells anew from its course.toml.

    A class never needs it: each release has those of its class's own course.toml.
    """
    from grader.desk.course.facts import load_course
    from grader.desk.errors import DeskError
    from grader.desk.release import links

    course = load_course(folder)
    if course.root != course.repo:
        raise DeskError(
            f"{course.root} is a class's folder: `grader release` writes its badges, links and set-up cells.",
            f"Whoever changes the course itself runs `grader sync` in {course.repo}.",
        )
    changed = links.synchronise(course, list(course.weeks), check=check or dry_run)
    for path in changed:
        say(f"{'out of date' if check or dry_run else 'written'}: {path}")
    if not changed:
        say("Everything is up to date.")
    return Told({"changed": changed, "written": not (check or dry_run)}, needs_a_person=bool(check and changed))


SIGNS = {"ok": "[green]ok     [/]", "look": "[yellow]look   [/]", "missing": "[bold red]missing[/]"}


@command("doctor", "grader doctor --course ~/class-of-2026", writes=False)
@course_option
def doctor(folder: Path) -> Told:
    """Say what this machine lacks, and how to mend it."""
    from grader.desk.doctor.doctor import examine

    findings = []
    for finding in examine(folder.resolve()):
        findings.append(finding)
        sign = SIGNS["look" if finding.look else "ok"] if finding.ok else SIGNS["missing"]
        out.print(f"{sign} {escape(finding.what)}: {escape(finding.found)}", soft_wrap=True)
        if not finding.ok or finding.look:
            out.print(f"        {escape(finding.remedy)}", soft_wrap=True)
    well = all(finding.ok for finding in findings)
    out.print("This machine can do everything." if well else "See the lines above.")
    return Told({"well": well, "findings": [vars(finding) for finding in findings]}, needs_a_person=not well)


@command("demo", "grader demo --to /tmp/demo")
@click.option(
    "--to", "target", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Default: build/demo."
)
@click.option("--jobs", type=click.IntRange(1, 256), help="Worker processes. Default: one a core.")
def demo(target: Path | None, jobs: int | None, dry_run: bool) -> Told:
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
def completion(shell: str) -> Told:
    """Print what makes the Tab key complete commands, weeks and students; put it into your shell's start-up file."""
    from click.shell_completion import get_completion_class

    completing = get_completion_class(shell)
    assert completing  # of one of the shells above
    script = completing(main, {}, "grader", "_GRADER_COMPLETE").source()
    out.out(script, highlight=False)
    return Told({"shell": shell, "script": script})
