"""`python -m benchmarks.checks`: what the checks in a notebook cost beyond the student's own code.

Every check of a question in a notebook is run on the reference, and with every answer twice as large, for the diagnosis
of what is wrong. Processor time of the least of some runs, the time in questions and the student's code taken off.
"""

import argparse
import contextlib
import io
import statistics
import sys
import time
import warnings

import nbformat

from benchmarks.throughput.made_course import REPO
from grader.checks.questions.checking import Checks
from grader.checks.questions.question import Question, questions_of
from grader.desk.course.facts import load_course
from grader.judge.grading.spec import reference_cells
from grader.judge.rehearsal.rehearsal import filled

TURNS = 3
SLOWEST = 10


def namespace_of(week, name):
    """What a student has defined who wrote the reference; cells that only show something are left out."""
    released = nbformat.read(REPO / week / f"{name}.ipynb", as_version=4)
    solved = filled(released, reference_cells(REPO, week, name))
    names = {"__name__": "__main__"}
    for cell in solved.cells:
        tags, about = cell.metadata.get("tags", []), cell.metadata.get("nbgrader", {})
        tested = about.get("grade") and not about.get("solution")
        if cell.cell_type != "code" or tested or "skip-grading" in tags:
            continue
        source = "\n".join(line for line in cell.source.splitlines() if not line.lstrip().startswith(("%", "!")))
        with contextlib.suppress(Exception), contextlib.redirect_stdout(io.StringIO()):
            exec(compile(source, f"{name}/{about.get('grade_id', cell.get('id'))}", "exec"), names)
    return names


class Clock:
    """Processor time of checks, and of the student's code that they call."""

    def __init__(self):
        self.student = 0.0
        ask = Question.ask

        def timed(question, namespace, case, lent=None):
            began = time.process_time()
            try:
                return ask(question, namespace, case, lent)
            finally:
                self.student += time.process_time() - began

        Question.ask = timed

    def beyond(self, call):
        """(seconds beyond the student's code, seconds in all, what came of it): the least of some runs."""
        runs = []
        for _ in range(TURNS):
            self.student, began = 0.0, time.process_time()
            came = call()
            whole = time.process_time() - began
            runs.append((whole - self.student, whole))
        return (*map(min, zip(*runs, strict=True)), came)


def doubled(function):
    """What is wrong in all of its numbers: each question's answer twice as large."""

    def wrong(*args, **kwargs):
        return twice(function(*args, **kwargs))

    return wrong


def twice(value):
    if isinstance(value, dict):
        return {key: twice(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(map(twice, value))
    return value if isinstance(value, (bool, str)) or value is None else value * 2


def measured(clock):
    """(notebook, exercise, right or wrong, seconds beyond, seconds in all) of every check."""
    for week in load_course(REPO).weeks:
        for path in sorted((REPO / week.folder).glob("*_questions.py")):
            name = path.stem.removesuffix("_questions")
            if not (REPO / week.folder / f"{name}.ipynb").exists():
                continue
            names = namespace_of(week.folder, name)
            module = f"{week.folder}.{path.stem}"
            if module not in sys.modules:
                module = path.stem
            if module not in sys.modules:
                continue
            checks = Checks(module)
            questions = questions_of(checks.module)
            for exercise in dict.fromkeys(one.cell.removeprefix("test_") for one in questions):
                functions = {one: one.function for one in questions if one.cell == f"test_{exercise}"}
                for kind in ("right", "wrong"):
                    for one, function in functions.items():
                        one.function = doubled(function) if kind == "wrong" else function

                    def report(exercise=exercise, checks=checks, names=names):
                        return checks.report(exercise, names).text()

                    try:
                        beyond, whole, _ = clock.beyond(report)
                    except (AttributeError, TypeError, ValueError) as error:
                        print(f"{name} {exercise} {kind}: not measured: {error}")
                    else:
                        yield name, exercise, kind, beyond, whole
                for one, function in functions.items():
                    one.function = function


def main():
    argparse.ArgumentParser(description=__doc__.partition("\n\n")[0]).parse_args()
    sys.path[:0] = [str(REPO / week.folder) for week in load_course(REPO).weeks]
    warnings.simplefilter("ignore")
    found = list(measured(Clock()))
    for kind in ("right", "wrong"):
        some = [row for row in found if row[2] == kind]
        beyond = sorted(row[3] for row in some)
        print(
            f"{len(some)} checks of answers that are {kind}: {1000 * statistics.median(beyond):.0f} ms beyond the "
            f"student's code in the median, {1000 * beyond[-1]:.0f} at most"
        )
        print(f"\n| the slowest, {kind} | exercise | beyond, ms | in all, ms |\n| --- | --- | --- | --- |")
        for name, exercise, _, more, whole in sorted(some, key=lambda row: -row[3])[:SLOWEST]:
            print(f"| {name} | {exercise} | {1000 * more:.0f} | {1000 * whole:.0f} |")
        print()


if __name__ == "__main__":
    main()
