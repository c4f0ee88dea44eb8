"""Hidden tests of questions whose numbers are drawn from the student's name (``grader.checks.quiz.personal_numbers``).

    at_a, at_b = personal_numbers(
        "test_neuron", questions.neuron, points=1, right=worked.neuron, mistakes=worked.neuron_slips,
        titles=("The output at A.", "The output at B."),
    )
    formula = personal_choice("test_formula", questions.formula, points=1, right="columns", reasons={"rows": "..."})

    MISTAKES = wrong_answers(NAME, at_a, at_b, formula)     # in mistakes.py, for the name in the reference

What a call returns must be given names in ``hidden_tests.py``: that is how the tests of a notebook are found. Each test
reads the name, draws the numbers as the notebook does, and works the answer out itself; the judge's random numbers play
no part, so the same notebook gets the same points again.
"""

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Protocol, TypeVar, cast

import numpy as np

from grader.checks.quiz import personal_numbers as personal
from grader.checks.quiz.personal_numbers import PersonalQuestion, Question
from grader.checks.quiz.quiz import NotAnAnswer, read_choice, read_number, read_numbers
from grader.judge.authoring.mistakes import Mistake, planted
from grader.judge.authoring.quiz import by_value
from grader.judge.authoring.verdicts import NotWritten, Wrong, named
from grader.judge.hidden import HiddenTest, Signed, hidden_test
from grader.judge.standin import Student

RTOL, ATOL = 1e-4, 1e-9
ALMOST = 30  # so many tolerances away is a matter of digits
NAME = "student_name"
NO_NAME = f"{NAME} is not written yet; your numbers are drawn from your name, so write it there first"
LONGEST_NAME = 80
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class AnswerKey:
    """The answers to a personal question, for the catalogue of mistakes and the answer sheet.

    question   (name) -> the question with that student's numbers
    sheet      (question) -> the right answer as a text
    solution   (question) -> the right answer as a student's line of code
    wrong      (question) -> {reason: such a line with a wrong answer}
    lost       (question, reason) -> does that answer lose this part?
    """

    question: PersonalQuestion
    sheet: Callable[[Question], str]
    solution: Callable[[Question], str]
    wrong: Callable[[Question], dict[str, str]]
    lost: Callable[[Question, str], bool] = lambda question, reason: True


class PersonalTest(Protocol):
    """A hidden test that says what it is about."""

    __name__: str
    hidden_test: HiddenTest
    part: AnswerKey

    def __call__(self, student: Student, rng: np.random.Generator) -> Signed: ...


def personal_test(
    cell: str,
    *,
    points: float,
    title: str,
    part: AnswerKey,
    read: Callable[[Student], Answer],
    judge: Callable[[Answer, Question], None],
) -> PersonalTest:
    """A hidden test of a personal question, described by ``part``.

    read(student)            -> the answer; raises ``NotImplementedError`` or ``NotAnAnswer``
    judge(answer, question)  raises ``Wrong`` or ``NotAnAnswer`` unless the answer is right
    """

    def answer(student: Student, rng: np.random.Generator) -> Signed:
        name = _name_in(student)
        try:
            judge(read(student), part.question(name))
        except NotImplementedError:
            raise NotWritten("not written yet", "NotImplementedError") from None
        except NotAnAnswer as error:
            raise Wrong(f"{cell.removeprefix('test_')}: {error}", "type") from None
        return Signed(" ".join(name.split())[:LONGEST_NAME])

    words = re.findall(r"\w+", f"{cell.removeprefix('test_')} {title.lower()}")
    test = cast(PersonalTest, answer)
    test.__name__, test.__doc__, test.part = "_".join(words), title, part
    return hidden_test(cell, points=points)(test)


def personal_numbers(
    cell: str,
    question: PersonalQuestion,
    *,
    points: float,
    right: Callable[[SimpleNamespace], Sequence[float]],
    mistakes: Callable[[SimpleNamespace], Mapping[str, Sequence[float]]],
    titles: Sequence[str],
    variable: str | None = None,
) -> list[PersonalTest] | PersonalTest:
    """One hidden test for every number of an answer, each worth its share of ``points``; a list, or the only one.

    right      (numbers) -> list of the right numbers
    mistakes   (numbers) -> {reason: list of the numbers that it leads to}
    titles     what the student reads as the name of each number; a single one: the variable holds a number, no list
    variable   of the answer, when it is not called like the solution cell
    """
    variable, count = variable or cell.removeprefix("test_"), len(titles)

    def read(student: Student) -> list[float]:
        value = by_value(getattr(student, variable))
        return [read_number(value)] if count == 1 else read_numbers(value, count)

    def line(values: Sequence[float]) -> str:
        return f"{variable} = {values[0] if count == 1 else list(values)}"

    def solution(question: Question) -> str:
        return line(right(question.numbers))

    def wrong(question: Question) -> dict[str, str]:
        return {reason: line(values) for reason, values in mistakes(question.numbers).items()}

    def test(place: int) -> PersonalTest:
        def judge(found: list[float], question: Question) -> None:
            _judge_number(variable, place, found, right(question.numbers), mistakes(question.numbers))

        def lost(question: Question, reason: str) -> bool:
            return not _near(mistakes(question.numbers)[reason][place], right(question.numbers)[place])

        def sheet(question: Question) -> str:
            return f"{float(right(question.numbers)[place]):.6g}".replace("-", "−")

        part = AnswerKey(question, sheet, solution, wrong, lost)
        return personal_test(cell, points=points / count, title=titles[place], part=part, read=read, judge=judge)

    tests = [test(place) for place in range(count)]
    return tests if count > 1 else tests[0]


def _judge_number(
    variable: str, place: int, found: list[float], right: Sequence[float], mistakes: Mapping[str, Sequence[float]]
) -> None:
    """Raise ``Wrong`` unless the number at ``place`` is right: with the mistake that explains most of all numbers."""
    wanted = right[place]
    if _near(found[place], wanted):
        return
    fits = {
        reason: sum(map(_near, found, values))
        for reason, values in mistakes.items()
        if _near(found[place], values[place]) and not _near(values[place], wanted)
    }
    if fits:
        reason = max(fits, key=lambda reason: fits[reason])
        raise named(variable, reason, list(mistakes).index(reason))
    if _near(found[place], wanted, ALMOST):
        raise Wrong(f"{variable}: almost; round at the end only", "rounding")
    raise Wrong(f"{variable}: another number is expected", "another_number")


def personal_choice(
    cell: str,
    question: PersonalQuestion,
    *,
    points: float,
    right: Callable[[SimpleNamespace], str],
    reasons: Callable[[SimpleNamespace], Mapping[str, str]],
    title: str,
) -> PersonalTest:
    """A choice of one of the question's options, which stand in another order for everyone.

    right     (numbers) -> the kind of the right option
    reasons   (numbers) -> {kind: why not} for the others
    """
    variable = cell.removeprefix("test_")

    def read(student: Student) -> object:
        return by_value(getattr(student, variable))

    def judge(value: object, question: Question) -> None:
        letters = _letters(question)
        kind = letters[read_choice(value, "".join(letters))]
        if kind != right(question.numbers):
            raise Wrong(f"{variable} = {value!r}: {reasons(question.numbers)[kind]}", f"choice:{kind}")

    def sheet(question: Question) -> str:
        return next(letter for letter, kind in _letters(question).items() if kind == right(question.numbers))

    def solution(question: Question) -> str:
        return f"{variable} = {sheet(question)!r}"

    def wrong(question: Question) -> dict[str, str]:
        why = reasons(question.numbers)
        return {why[kind]: f"{variable} = {letter!r}" for letter, kind in _letters(question).items() if kind in why}

    part = AnswerKey(question, sheet, solution, wrong)
    return personal_test(cell, points=points, title=title, part=part, read=read, judge=judge)


def wrong_answers(name: str, *tests: PersonalTest, most: int = 4) -> list[Mistake]:
    """Wrong answers as ``Mistake``s, with the numbers of ``name``: for every variable one in words and up to ``most``
    that have a reason."""
    cells: dict[str, list[PersonalTest]] = {}
    for test in tests:
        cells.setdefault(test.hidden_test.cell, []).append(test)
    return [mistake for cell, own in cells.items() for mistake in _wrong_answers(name, cell, own, most)]


def _wrong_answers(name: str, cell: str, tests: list[PersonalTest], most: int) -> Iterator[Mistake]:
    """The lines of a cell are those of its variables: one of them is wrong at a time, the others are right."""
    asked = {test: test.part.question(name) for test in tests}
    lines = dict.fromkeys(test.part.solution(asked[test]) for test in tests)
    count = 0
    for solution in lines:
        own = [test for test in tests if test.part.solution(asked[test]) == solution]
        wrong = dict(itertools.islice(own[0].part.wrong(asked[own[0]]).items(), most))
        lost = {reason: [test for test in own if test.part.lost(asked[test], reason)] for reason in wrong}
        wrong["write"] = f"{solution.split(' = ')[0]} = 'I would say so'"
        lost["write"] = own
        for reason, line in wrong.items():
            count += 1
            loses = {cell: round(sum(test.hidden_test.points for test in lost[reason]), 9)}
            source = "\n".join(line if other == solution else other for other in lines)
            own_cell = cell.removeprefix("test_")
            yield planted(own_cell, f"{own_cell}_wrong_{count}", f"answers {line}", loses, reason, source)


def answer_sheet(tests: Iterable, name: str) -> dict[str, list[str]]:
    """{question: [right answers as texts]} of the personal questions among hidden tests, in their order."""
    sheet: dict[str, list[str]] = {}
    for part in _parts(tests):
        sheet.setdefault(part.question.__name__, []).append(part.sheet(part.question(name)))
    return sheet


def personal_questions(tests: Iterable) -> dict[str, PersonalQuestion]:
    """{name: question} of the personal questions among hidden tests."""
    return {part.question.__name__: part.question for part in _parts(tests)}


def _parts(tests: Iterable) -> list[AnswerKey]:
    return [part for test in tests if (part := getattr(test.function, "part", None))]


def _name_in(student: Student) -> str:
    """The name the student wrote. ``NotWritten`` or ``Wrong`` when there is none."""
    name = getattr(student, NAME)
    try:
        personal.normalised(name)
    except NotImplementedError:
        raise NotWritten(NO_NAME, "NotImplementedError") from None
    except personal.NoName as error:
        raise Wrong(str(error), "no_name") from None
    return name


def _near(found: float, wanted: float, times: float = 1) -> bool:
    return bool(np.isfinite(wanted)) and abs(found - wanted) <= times * (ATOL + RTOL * abs(wanted))


def _letters(question: Question) -> dict[str, str]:
    """{letter: kind} of the options."""
    return dict(zip(personal.LETTERS, (kind for kind, _ in question.options), strict=False))
