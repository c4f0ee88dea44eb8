"""`grader demo`: a whole week with a made-up class, and whether everyone got what they must."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import nbformat
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from grader.desk.commands.progress import meter
from grader.desk.course.facts import Course, load_course
from grader.desk.demo.demo_class import NOTEBOOK, WEEK, Pupil, made_up_class
from grader.desk.errors import DeskError
from grader.desk.feedback.feedback import feedback
from grader.desk.files import write_atomically
from grader.desk.grade.run import FAILED, Summary, grade
from grader.desk.gradebook.book import Book
from grader.desk.release.release import release
from grader.desk.report.report import report

MARK = ".made-by-grader-demo"
TOLERANCE = 1e-6
# A loop that never ends is stopped sooner than in a real course, which leaves a minute to a cell.
FACTS = """\
# The course folder of `grader demo`; everything in it may be deleted.
[course]
checkout = "{checkout}"
demonstration = true

[limits]
cell_seconds = 20
submission_seconds = 150
"""


def play(out: Console, target: Path | None = None, jobs: int | None = None) -> bool:
    """Release, hand in, grade, give feedback, report; then compare. True when every score is the expected one."""
    started = time.monotonic()
    course = _fresh_course(target)
    out.rule("release")
    done = release(course, [course.week(WEEK)], say=lambda text: out.print(f"  {escape(text)}"))
    out.rule("24 students hand in")
    pupils = made_up_class(course.repo, nbformat.read(course.step("release", WEEK, f"{NOTEBOOK}.ipynb"), as_version=4))
    for pupil in pupils:
        write_atomically(course.step("submitted", pupil.student, WEEK, pupil.name), pupil.content)
    out.rule("grade")
    with meter(out, "grading") as bar:
        summary = grade(course, [course.week(WEEK)], jobs=jobs, seen=lambda graded: bar.step(), counted=bar.expect)
    with meter(out, "feedback") as bar:
        feedback(course, [course.week(WEEK)], seen=lambda page: bar.step(), counted=bar.expect)
    made = report(course, [course.week(WEEK)])
    out.rule("expected and given")
    agree = _compare(out, course, pupils, summary)
    out.print(f"\n{agree} of {len(pupils)} scores are the expected ones; {time.monotonic() - started:.0f} s in all.\n")
    for what, path in (
        ("the report", made.page),
        ("a student's feedback", course.step("feedback", pupils[5].student, WEEK, f"{NOTEBOOK}.html")),
        ("scores as a table", made.tables[0]),
        ("the repository for students", done.repository),
        ("the course folder", course.root),
    ):
        out.print(f"  {what}: {escape(str(path))}", soft_wrap=True)
    return agree == len(pupils)


def place_for(target: Path | None = None) -> Path:
    """The demo's course folder."""
    return (target or load_course(Path(__file__).parents[3]).repo / "build" / "demo").resolve()


def _fresh_course(target: Path | None) -> Course:
    """An empty course folder; one that an earlier demo made is emptied, anything else is left alone."""
    checkout, root = load_course(Path(__file__).parents[3]).repo, place_for(target)
    if root.exists() and any(root.iterdir()):
        if not (root / MARK).exists():
            raise DeskError(f"{root} is not empty, and no earlier demo made it.", "Name another folder: --to DIR")
        shutil.rmtree(root)
    write_atomically(root / MARK, "")
    write_atomically(root / "course.toml", FACTS.format(checkout=checkout.as_posix()))
    return load_course(root)


def _compare(out: Console, course: Course, pupils: list[Pupil], summary: Summary) -> int:
    """Print the table and return how many agree. The scores are read from nbgrader's gradebook."""
    with Book(course) as book:
        scores = book.scores(WEEK)
    status = {graded.student: graded.status.get(NOTEBOOK, FAILED) for graded in summary.submissions}
    table = Table("student", "handed in", "expected", "given", "status", "")
    agree = 0
    for pupil in pupils:
        rows = scores.get(pupil.student, {}).get(NOTEBOOK, {})
        given = sum(score.points for score in rows.values())
        good = bool(rows) and abs(given - pupil.points) < TOLERANCE and status.get(pupil.student) == pupil.status
        agree += good
        told = status.get(pupil.student, "missing").replace("_", " ")
        mark = "[green]✓[/]" if good else "[bold red]✗[/]"
        table.add_row(escape(pupil.student), escape(pupil.about), f"{pupil.points:g}", f"{given:g}", told, mark)
    out.print(table)
    return agree
