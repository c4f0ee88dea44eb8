"""`check("dense")` in a notebook: asks the questions of an exercise on their recorded cases and says what is wrong."""

from __future__ import annotations

import dis
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from types import ModuleType
from typing import Any, Protocol

import numpy as np

from grader.checks.derivatives.numerical import slopes
from grader.checks.diagnosis.as_array import read as as_numbers
from grader.checks.diagnosis.verdict import Verdict
from grader.checks.exercise.exceptions import Explanation, explain
from grader.checks.exercise.failed_cells import remark, watch_cells
from grader.checks.exercise.for_nbgrader import no_stderr
from grader.checks.exercise.html import show
from grader.checks.exercise.model_answers import ModelAnswer, models_beside
from grader.checks.exercise.needs import note_check
from grader.checks.exercise.results import ExerciseReport, Result
from grader.checks.questions import record
from grader.checks.questions.answers import WHY, NoMark
from grader.checks.questions.experiments import NOTEBOOK_SECONDS, Budget, ending, with_facts
from grader.checks.questions.judging import Judged, judge
from grader.checks.questions.names import Names
from grader.checks.questions.plain import own
from grader.checks.questions.question import Question, questions_of, seeded
from grader.checks.questions.relations import same
from grader.checks.quiz.quiz import NotAnAnswer

SEED = 1
AGREES = 0.01  # of the distance between the right number and the wrong one
NEAR = 1e-6  # arguments of a lent function that are this near to recorded ones are the same


class Check(Protocol):
    """`check("dense")`; what a class gives for it, where it gives its own: `check("dense", points=3)`."""

    def __call__(self, exercise: str, points: float | None = None) -> None: ...


def checks_of(module: str) -> Check:
    """The function `check(exercise)` of a module of questions, by the module's name.

    It judges what the notebook that calls it has defined, as grading does, but on numbers that are public.
    """
    watch_cells()
    checks = Checks(module)

    def check(exercise: str, points: float | None = None) -> None:
        """Ask what is asked of this exercise, and print what came of it, a line for each property."""
        namespace = sys._getframe(1).f_globals
        with no_stderr():
            try:
                report = checks.report(exercise, namespace, points)
            except KeyboardInterrupt as error:
                raise Interrupted(exercise, explain(error, module.rpartition(".")[0], module)) from None
        show(report)
        for picture in checks.pictures:
            picture.show()

    return check


class Interrupted(KeyboardInterrupt):
    """A check was stopped by hand: where the student's code was, in place of a traceback through the check."""

    def __init__(self, exercise: str, where: Explanation) -> None:
        self.exercise, self.where = exercise, where
        super().__init__("\n".join(self._render_traceback_()))

    def _render_traceback_(self) -> list[str]:
        """What IPython shows."""
        told = [f"{self.exercise}: stopped by you, so nothing is judged"]
        if self.where.line:
            told += [
                *self.where.lines()[1:],
                "  likely   a loop around this line never ends: does what it waits for change?",
            ]
        return told


class Checks:
    """The checks of the questions in a module, by its name."""

    def __init__(self, module: str) -> None:
        self.name = module
        self.budget = Budget()
        self.pictures: list[Any] = []  # of the last check, to be shown below it
        self.spent: dict[str, float] = {}  # on experiments, in the last check of each exercise

    @cached_property
    def module(self) -> ModuleType:
        return sys.modules[self.name]

    @cached_property
    def recorded(self) -> dict[str, record.Recorded]:
        return record.read(record.path_of(self.module).read_text(encoding="utf-8"))

    @cached_property
    def models(self) -> dict[str, ModelAnswer]:
        file = getattr(self.module, "__file__", None)
        return models_beside(file) if file else {}

    def report(self, exercise: str, namespace: dict[str, Any], points: float | None = None) -> ExerciseReport:
        """What came of all questions of the test cell of the exercise, which is worth `points` if they are given.

        Errors: `ValueError` for an unknown one.
        """
        asked = [one for one in questions_of(self.module) if one.cell == f"test_{exercise}"]
        if not asked:
            known = sorted({one.cell.removeprefix("test_") for one in questions_of(self.module)})
            raise ValueError(f"there is no exercise {exercise!r} here; there are {', '.join(known)}")
        self.spent.pop(exercise, None)
        self.pictures = []
        self.budget = Budget(NOTEBOOK_SECONDS - sum(self.spent.values()))
        left = self.budget.left
        report = ExerciseReport(exercise)
        unwritten: list[str] = []
        told: set[str] = set()
        got = 0.0
        for question in asked:
            try:
                result, earned = self.result(question, namespace, told)
            except NotImplementedError as error:
                unwritten.append(str(error.args[0]) if error.args else "")
                result, earned = Result(question.title, False, ["  yours    not written yet"]), 0.0
            report.results.append(result)
            got += earned
        if any(result.ok is False and not _stayed(result) for result in report.results):
            report.results = [_unmarked(result) if _stayed(result) else result for result in report.results]
        self.spent[exercise] = left - self.budget.left
        if len(unwritten) == len(asked):
            report.results.clear()
            report.missing = unwritten[0]
        else:
            most = sum(question.points for question in asked)
            share = points / most if points and most else 1.0
            report.points = round(got * share, 6), round(most * share, 6)
        names = names_in(asked)
        report.remark = remark(namespace, names, report.passed)
        note_check(exercise, names - {name for question in asked for name in question.lends}, report)
        if report.complete and exercise in self.models:
            report.model = self.models[exercise].html()
        return report

    def result(self, question: Question, namespace: dict[str, Any], told: set[str]) -> tuple[Result, float]:
        """The line of one question, and its points."""
        recorded = self.recorded[question.name]
        try:
            with seeded(SEED), np.errstate(all="ignore"):
                judged = self._judged(question, recorded, namespace)
            shown = question.shown(judged.answer) if recorded.right is None else ""
        except NotImplementedError:
            raise
        except NotAnAnswer as error:
            return Result(question.title, False, [f"  {WHY:<9}{error}"]), 0.0
        except NoMark as error:
            return Result(question.title, None, [f"  {WHY:<9}{error}"]), 0.0
        except Exception as error:
            said = explain(error, self.name.rpartition(".")[0], self.name)
            where = f"{type(error).__name__} {said.place} {said.line}"
            lines = ["  message  the same error as above"] if where in told else said.lines()
            told.add(where)
            return Result(question.title, False, lines), 0.0
        if judged.verdict.code == "unknown":
            return Result(question.title, None, [f"  yours    read{shown and f': {shown}'}; judged when graded"]), 0.0
        if question.picture and (picture := question.picture(judged.answer, recorded.case)):
            self.pictures.append(picture)
        verdict = self._with_facts(question, recorded, namespace, judged)
        if not verdict.ok and (why := self._may_follow(question.after, verdict, namespace)):
            read = [f"  yours    read: {verdict.where}"] if judged.yours is None and verdict.where else []
            return Result(question.title, None, [*read, f"  {WHY:<9}{why}"]), 0.0
        mine, right = (
            as_numbers(value, sequences=True).array if value is not None else None
            for value in (judged.yours, judged.expected)
        )
        what = [] if verdict.what == question.title else [f"  what     {verdict.what}"]
        lines = [*what, *verdict.text().splitlines()[1:]] if not verdict.ok else []
        if question.slope_of and verdict.index is not None:
            lines += measured(question, namespace, vars(recorded.case), judged)
        return Result(question.title, verdict.ok, lines, verdict, mine, right), question.points * verdict.ok

    def _may_follow(self, earlier: Sequence[Question], verdict: Verdict, namespace: dict[str, Any]) -> str:
        """Why an answer that is not right may follow rightly from these earlier ones; "" if it cannot."""
        for question in earlier:
            try:
                judged = self._judged(question, self.recorded[question.name], namespace)
                first = "" if judged.verdict.ok else judged.verdict.what
            except Exception:
                first = f"answer to {question.title!r}"
            if first:
                return f"no mark here, because your {first} is off; what follows from it has its points when graded"
        if earlier and verdict.code == "rounding":
            return "almost; if it follows from the digits that you wrote before, it has its points when graded"
        return ""

    def _with_facts(
        self, question: Question, recorded: record.Recorded, namespace: dict[str, Any], judged: Judged
    ) -> Verdict:
        """The verdict, with what experiments with the student's own functions say."""

        def answer(case: Any, seconds: float) -> Any:
            with seeded(SEED), ending(seconds):
                return question.ask(namespace, vars(case))

        if judged.verdict.ok or recorded.right is None:
            return judged.verdict
        of = (question, judged.verdict, recorded.case, recorded.right, judged.answer, answer)
        return with_facts(*of, lambda one: recorded.probes.get(one.name), lambda: recorded.others, self.budget)

    def _judged(self, question: Question, recorded: record.Recorded, namespace: dict[str, Any]) -> Judged:
        """By the student's own lights first, then with what is lent; not ok where nothing is known to judge it by."""
        case, judged = recorded.case, None
        if recorded.right is None:
            read = question.ask(namespace, vars(case))
            return Judged(question.at_once(read) or Verdict(False, "unknown", question.title), answer=read)
        try:
            judged = judge(question, question.ask(namespace, vars(case)), case, recorded.right)
            if judged.verdict.ok or not (failing := self._failing(question, namespace)):
                return judged
        except Exception:
            if not (failing := self._failing(question, namespace)):
                raise
        lent = {name: _from_table(name, recorded.lent.get(name, [])) for name in failing}
        again = judge(question, question.ask(namespace, vars(case), lent), case, recorded.right)
        if judged and same(judged.answer, again.answer):
            return judged
        return replace(again, answer=None)  # no experiments: the tables know no other case

    def _failing(self, question: Question, namespace: dict[str, Any]) -> list[str]:
        """The functions that the question lends and that do not pass all that judges them: no other needs lending."""
        return [name for name in question.lends if not self._passes(question, name, namespace)]

    def _passes(self, question: Question, name: str, namespace: dict[str, Any]) -> bool:
        judges = question.judges(name, questions_of(self.module))
        try:
            with seeded(SEED):
                judged = [self._judged(one, self.recorded[one.name], namespace) for one in judges]
        except Exception:
            return False
        return bool(judged) and all(one.verdict.ok for one in judged)


def _stayed(result: Result) -> bool:
    """Did the arguments stay as they are to stay, and is a number wrong that no mistake gives, as elsewhere?"""
    verdict = result.verdict
    return result.ok is False and verdict is not None and bool(verdict.unchanged) and verdict.code != "named"


def _unmarked(result: Result) -> Result:
    kept = result.verdict.unchanged if result.verdict else ""
    why = f"no mark here: unchanged, as it should be: {kept}; it has its points once the result is right, too"
    return replace(result, ok=None, details=[f"  {WHY:<9}{why}"])


def measured(question: Question, namespace: dict[str, Any], case: dict[str, Any], judged: Judged) -> list[str]:
    """A line with the wrong entry by differences of what it is a derivative of; none where that settles nothing."""
    index = judged.verdict.index
    try:
        of = question.slope_of and question.slope_of(Names(namespace), **own(dict(case)))
        for place in judged.part:
            of = of and of[place]
        if of is None or index is None:
            return []
        f, x = of
        found = slopes(f, x, [index[len(index) - np.ndim(x) :]]).value[index]
        mine, right = (np.asarray(value, dtype=float)[index] for value in (judged.yours, judged.expected))
    except Exception:
        return []
    theirs = getattr(question.slope_of, "__name__", "").strip("_") or "forward"
    name = question.slope_name or f"your own {theirs}"
    if abs(found - right) <= AGREES * abs(right - mine):
        return [f"  measured {found:.5g} by differences of {name}, as expected"]
    if abs(found - mine) <= AGREES * abs(right - mine) and not question.slope_name:
        return [f"  measured {found:.5g} by differences of {name}, as yours: so your {theirs} is wrong"]
    return []


def _from_table(name: str, calls: Iterable[tuple[list[Any], Any]]) -> Callable[..., Any]:
    """A function that knows the results of these calls and no other."""

    def lending(*args: Any) -> Any:
        for known, result in calls:
            if _near(list(args), known):
                return own(result)
        # Called in another way than right solutions call it.
        raise NoMark(f"judged apart when graded; mend `{name}` first")

    return lending


def _near(one: Any, other: Any) -> bool:
    if isinstance(other, (list, tuple)):
        alike = isinstance(one, (list, tuple)) and len(one) == len(other)
        return alike and all(_near(a, b) for a, b in zip(one, other))  # noqa: B905
    if isinstance(other, (np.ndarray, np.number, int, float)):
        mine = as_numbers(one).array
        return mine is not None and mine.shape == np.shape(other) and bool(np.allclose(mine, other, NEAR, NEAR))
    return bool(one == other)


def names_in(asked: Iterable[Question]) -> set[str]:
    """The names of the notebook that the questions' own functions mention, `student.Dense`, by helpers or not."""
    return {name for question in asked for code in _codes(question.function) for name in _of_student(code)}


def _of_student(code: Any) -> Iterable[str]:
    """What the code looks up on its variable `student`, or, where that is all it is given, on its only one."""
    students, before = {"student", *code.co_varnames[: code.co_argcount == 1]}, ""
    for step in dis.get_instructions(code):
        if step.opname in ("LOAD_ATTR", "LOAD_METHOD") and before in students:
            yield step.argval
        before = step.argval[-1] if isinstance(step.argval, tuple) and step.argval else step.argval


def _codes(part: Any, known: Any = None) -> Iterable[Any]:
    """The code of a function, of those inside it or made with it, and of functions of its module that it names."""
    known = {} if known is None else known
    code = getattr(part, "__code__", part)
    if hasattr(code, "co_names") and code not in known:
        known[code] = True
        yield code
        closed = [cell.cell_contents for cell in getattr(part, "__closure__", None) or ()]
        given = [item for one in closed for item in (one if isinstance(one, tuple) else [one])]
        module = getattr(part, "__globals__", {})
        named = [module.get(name) for name in code.co_names]
        helpers = [one for one in named if getattr(one, "__globals__", None) is module]
        for inner in (*code.co_consts, *given, *helpers):
            yield from _codes(inner, known)
