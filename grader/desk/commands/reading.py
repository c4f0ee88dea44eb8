"""`grader todo`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from grader.desk.commands.command import Told, chosen, columns, command, course_option, say, weeks_argument


@command("todo", "grader todo week03_adaptive_sgd --course ~/class-of-2026", writes=False)
@weeks_argument
@course_option
def todo(weeks: tuple[str, ...], folder: Path) -> Told:
    """List what only a person can do: answers to read, scores to confirm, notebooks that could not be graded.

    Ends with 1 while something is left. Written answers are read in Formgrader, which `grader formgrader` opens, each
    with its rubric beside it. Those worth no points are listed and hold nothing up; `grader waive` takes them off the
    list, all at once.
    """
    from grader.desk.report import todo as waiting

    course, named = chosen(folder, weeks)
    found = waiting.todo(course, named)
    answers = Counter((one.week, one.notebook, one.exercise, one.why) for one in found if one.exercise)
    if answers:
        rows = [(str(count), *what) for what, count in sorted(answers.items())]
        columns([("answers", "week", "notebook", "exercise", ""), *rows])
        say("To read them, run `grader formgrader`, and choose Manual Grading.")
    for week in dict.fromkeys(one.week for one in found if one.why == waiting.WORTHLESS):
        say(f"Those worth no points need not be read: grader waive {week}")
    for one in found:
        if not one.exercise:
            which = "/".join(filter(None, (one.week, one.notebook)))
            who = ": ".join(filter(None, (one.student, which))) if one.student else ""
            say(f"{one.why}: {' '.join(filter(None, (who, one.detail)))} ({one.where})")
    if not found:
        say("Nothing waits for a person.")
    waits = any(one.why != waiting.WORTHLESS for one in found)
    return Told({"todo": [vars(one) for one in found]}, needs_a_person=waits)
