"""Keys of questions whose numbers are drawn from the student's name (``grader.checks.quiz.personal_answers``).

    for one in (asked.neuron_the_output_at_a, asked.neuron_the_output_at_b):
        personal_number(one, worked.neuron, worked.neuron_slips)
    personal_choice(asked.formula_the_formula, right=lambda q: "columns", reasons=lambda q: {"rows": "..."})

    MISTAKES = wrong_answers(NAME, *questions)     # in mistakes.py, for the name in the reference

A key takes the name out of the answer, draws the numbers as the notebook does, and works the right answer out itself;
the judge's random numbers play no part, so the same notebook gets the same points again.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from grader.checks.questions.right import Right
from grader.checks.quiz import personal_numbers as personal
from grader.checks.quiz.personal_answers import PersonalAnswer
from grader.checks.quiz.personal_numbers import PersonalQuestion, Question
from grader.judge.authoring.keys import Key
from grader.judge.authoring.mistakes import Mistake, planted
from grader.judge.authoring.verdicts import NotWritten, Wrong, named
from grader.judge.hidden import Signed

RTOL, ATOL = 1e-4, 1e-9
ALMOST = 30  # so many tolerances away is a matter of digits
NAME = "student_name"
NO_NAME = f"{NAME} is not written yet; your numbers are drawn from your name, so write it there first"
LONGEST_NAME = 80


@dataclass(frozen=True)
class Sheet:
    """The answers to a personal question, for the catalogue of mistakes and the answer sheet.

    sheet      (question) -> the right answer as a text
    solution   (question) -> the right answer as a student's line of code
    wrong      (question) -> {reason: such a line with a wrong answer}
    lost       (question, reason) -> does that answer lose this part?
    right      (question) -> what a notebook judges by, where the course has quizzes answer at once; None if it cannot
    """

    sheet: Callable[[Question], str]
    solution: Callable[[Question], str]
    wrong: Callable[[Question], dict[str, str]]
    lost: Callable[[Question, str], bool] = lambda question, reason: True
    right: Callable[[Question], Right] | None = None


@dataclass(frozen=True)
class PersonalKey(Key):
    """The key of a ``PersonalAnswer``, with the answers to what it asks."""

    answers: Sheet | None = None


def personal_key(asked: PersonalAnswer, answers: Sheet, judge: Callable[[Any, Question], None]) -> None:
    """The key of a question for the answer to a personal question.

    judge(answer, question)  raises ``Wrong`` unless the answer, as it was read, is right
    """

    def decide(case: SimpleNamespace, answer: Any) -> Signed:
        name, found = answer
        try:
            personal.normalised(name)
        except NotImplementedError:
            raise NotWritten(NO_NAME, "NotImplementedError") from None
        except personal.NoName as error:
            raise Wrong(str(error), "no_name") from None
        if found is None:
            raise NotWritten("not written yet", "NotImplementedError")
        judge(found, asked.of(name))
        return Signed(" ".join(name.split())[:LONGEST_NAME])

    asked.key = PersonalKey(asked, decide=decide, answers=answers)


def personal_number(
    asked: PersonalAnswer,
    right: Callable[[SimpleNamespace], Sequence[float]],
    mistakes: Callable[[SimpleNamespace], Mapping[str, Sequence[float]]],
) -> None:
    """The key of a question for the number at its ``place``.

    right      (numbers) -> list of all right numbers of the answer
    mistakes   (numbers) -> {reason: list of the numbers that it leads to}
    """
    place = asked.place or 0

    def line(values: Sequence[float]) -> str:
        return f"{asked.variable} = {values[0] if len(values) == 1 else list(values)}"

    def solution(question: Question) -> str:
        return line(right(question.numbers))

    def wrong(question: Question) -> dict[str, str]:
        return {reason: line(values) for reason, values in mistakes(question.numbers).items()}

    def judge(found: list[float], question: Question) -> None:
        _judge_number(asked.variable, place, found, right(question.numbers), mistakes(question.numbers))

    def lost(question: Question, reason: str) -> bool:
        return not _near(mistakes(question.numbers)[reason][place], right(question.numbers)[place])

    def sheet(question: Question) -> str:
        return f"{float(right(question.numbers)[place]):.6g}".replace("-", "−")

    def known(question: Question) -> Right:
        slips = {reason: float(values[place]) for reason, values in mistakes(question.numbers).items()}
        return Right(float(right(question.numbers)[place]), asked.variable, slips, rtol=RTOL, atol=ATOL, hidden=True)

    personal_key(asked, Sheet(sheet, solution, wrong, lost, known), judge)


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
    asked: PersonalAnswer,
    right: Callable[[SimpleNamespace], str],
    reasons: Callable[[SimpleNamespace], Mapping[str, str]],
) -> None:
    """The key of a choice of one of the question's options, which stand in another order for everyone.

    right     (numbers) -> the kind of the right option
    reasons   (numbers) -> {kind: why not} for the others
    """
    variable = asked.variable

    def judge(value: str, question: Question) -> None:
        kind = _letters(question).get(value)
        if kind is None:
            raise Wrong(f"{variable}: there is no such option", "type")
        if kind != right(question.numbers):
            raise Wrong(f"{variable} = {value!r}: {reasons(question.numbers)[kind]}", f"choice:{kind}")

    def sheet(question: Question) -> str:
        return next(letter for letter, kind in _letters(question).items() if kind == right(question.numbers))

    def solution(question: Question) -> str:
        return f"{variable} = {sheet(question)!r}"

    def wrong(question: Question) -> dict[str, str]:
        why = reasons(question.numbers)
        return {why[kind]: f"{variable} = {letter!r}" for letter, kind in _letters(question).items() if kind in why}

    def known(question: Question) -> Right:
        why = reasons(question.numbers)
        slips = {why[kind]: letter for letter, kind in _letters(question).items() if kind in why}
        return Right(sheet(question), variable, slips, hidden=True)

    personal_key(asked, Sheet(sheet, solution, wrong, right=known), judge)


def wrong_answers(name: str, *questions: PersonalAnswer, most: int = 4) -> list[Mistake]:
    """Wrong answers as ``Mistake``s, with the numbers of ``name``: for every variable one in words and up to ``most``
    that have a reason."""
    cells: dict[str, list[PersonalAnswer]] = {}
    for asked in questions:
        cells.setdefault(asked.cell, []).append(asked)
    return [mistake for cell, own in cells.items() for mistake in _wrong_answers(name, cell, own, most)]


def _wrong_answers(name: str, cell: str, questions: list[PersonalAnswer], most: int) -> Iterator[Mistake]:
    """The lines of a cell are those of its variables: one of them is wrong at a time, the others are right."""
    drawn = questions[0].of(name)
    parts: dict[PersonalAnswer, Sheet] = {asked: asked.key.answers for asked in questions}
    lines = dict.fromkeys(part.solution(drawn) for part in parts.values())
    count = 0
    for solution in lines:
        own = [asked for asked, part in parts.items() if part.solution(drawn) == solution]
        wrong = dict(itertools.islice(parts[own[0]].wrong(drawn).items(), most))
        lost = {reason: [asked for asked in own if parts[asked].lost(drawn, reason)] for reason in wrong}
        wrong["write"] = f"{solution.split(' = ')[0]} = 'I would say so'"
        lost["write"] = own
        for reason, line in wrong.items():
            count += 1
            loses = {cell: round(sum(asked.points for asked in lost[reason]), 9)}
            source = "\n".join(line if other == solution else other for other in lines)
            own_cell = cell.removeprefix("test_")
            yield planted(own_cell, f"{own_cell}_wrong_{count}", f"answers {line}", loses, reason, source)


def answer_sheet(keys: Iterable[Key], name: str) -> dict[str, list[str]]:
    """{question: [right answers as texts]} of the personal questions that the keys belong to, in their order."""
    sheet: dict[str, list[str]] = {}
    for of, answers in _answers(keys):
        sheet.setdefault(of.__name__, []).append(answers.sheet(of(name)))
    return sheet


def right_answers(keys: Iterable[Key], name: str) -> dict[str, Right]:
    """{name of a question: what a notebook may judge it by} with the numbers of `name`."""
    asked = [(key.asked, key.answers) for key in keys if isinstance(key, PersonalKey) and key.answers]
    return {
        one.name: sheet.right(one.of(name)) for one, sheet in asked if sheet.right and isinstance(one, PersonalAnswer)
    }


def personal_questions(keys: Iterable[Key]) -> dict[str, PersonalQuestion]:
    """{name: question} of the personal questions that the keys belong to."""
    return {of.__name__: of for of, _ in _answers(keys)}


def _answers(keys: Iterable[Key]) -> list[tuple[PersonalQuestion, Sheet]]:
    return [
        (key.asked.of, key.answers)
        for key in keys
        if isinstance(key, PersonalKey) and isinstance(key.asked, PersonalAnswer) and key.answers
    ]


def _near(found: float, wanted: float, times: float = 1) -> bool:
    return bool(np.isfinite(wanted)) and abs(found - wanted) <= times * (ATOL + RTOL * abs(wanted))


def _letters(question: Question) -> dict[str, str]:
    """{letter: kind} of the options."""
    return dict(zip(personal.LETTERS, (kind for kind, _ in question.options), strict=False))
