"""`grader todo`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from rich.markup import escape
from rich.table import Table

from grader.desk.commands.command import Told, chosen, command, course_option, out, say, weeks_argument


@command("todo", "grader todo week03_adaptive_sgd --course ~/class-of-2026", writes=False)
@weeks_argument
@course_option
def todo(weeks: tuple[str, ...], folder: Path) -> Told:
    """List what only a person can do: answers to read, scores to confirm, notebooks that could not be graded.

    Ends with 1 while something is left. Written answers are read in Formgrader, which `grader formgrader` opens, each
    with its rubric beside it.
    """
    from grader.desk.report import todo as waiting

    course, named = chosen(folder, weeks)
    found = waiting.todo(course, named)
    answers = Counter((one.week, one.notebook, one.exercise, one.why) for one in found if one.exercise)
    if answers:
        table = Table("answers", "week", "notebook", "exercise", "", box=None, pad_edge=False)
        for (week, notebook, exercise, why), count in sorted(answers.items()):
            table.add_row(str(count), escape(week), escape(notebook), escape(exercise), why)
        out.print(table)
        say("To read them, run `grader formgrader`, and choose Manual Grading.")
    for one in found:
        if not one.exercise:
            which = "/".join(filter(None, (one.week, one.notebook)))
            who = ": ".join(filter(None, (one.student, which))) if one.student else ""
            say(f"{one.why}: {' '.join(filter(None, (who, one.detail)))} ({one.where})")
    if not found:
        say("Nothing waits for a person.")
    return Told({"todo": [vars(one) for one in found]}, needs_a_person=bool(found))
