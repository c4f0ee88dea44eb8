"""Answers to personal questions as they are asked for: the name that the numbers were drawn from, and what is read.

    # week02_matrix_diff/quiz_1_questions.py
    ask = Asked(__name__)
    ask.numbers(neuron, "The output at A.", "The output at B.")    # in the variable `neuron`, a list of two
    ask.choice(formula, "The formula of the network that is drawn.")
    globals().update(ask.questions)                                # where they are found by their names

The notebook knows no right answer to them: it says what was read. They are judged when the quiz is graded. Where the
course has it so, a release holds the right numbers of everybody in the class, packed, in a file of its own beside the
questions; then the notebook says right or wrong at once.
"""

from __future__ import annotations

import json
import re
import sys
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from grader.checks.diagnosis.verdict import Verdict
from grader.checks.questions.answers import answered
from grader.checks.questions.forms import Form, described
from grader.checks.questions.names import Names
from grader.checks.questions.question import Question
from grader.checks.questions.right import Right, pack_right, unpack_right
from grader.checks.quiz.personal_numbers import LETTERS, NoName, PersonalQuestion, normalised
from grader.checks.quiz.quiz import NotAnAnswer, read_choice, read_number, read_numbers

MOST_LETTERS = 10_000  # of a name


class Asked:
    """What is asked in one notebook; `module` is the name of that with its questions, `questions` are they by name."""

    def __init__(self, module: str) -> None:
        self.module = module
        self.questions: dict[str, Question] = {}

    def numbers(
        self, of: PersonalQuestion, *titles: str, points: float = 1.0, variable: str | None = None
    ) -> list[Question]:
        """A question for each number of an answer, for its share of `points`; a single one stands in no list.

        variable  of the answer, when it is not called like the question
        """
        name, count = variable or of.__name__, len(titles)

        def read(student: Names) -> list[float]:
            value = getattr(student, name)
            return [read_number(value)] if count == 1 else read_numbers(value, count)

        return [
            self.answer(of, title, points / count, read, numbers_of(count), place, name)
            for place, title in enumerate(titles)
        ]

    def choice(self, of: PersonalQuestion, title: str, points: float = 1.0) -> Question:
        """The letter of one of the question's options."""

        def read(student: Names) -> str:
            return read_choice(getattr(student, of.__name__), letters_of(of, student.student_name))

        return self.answer(of, title, points, read, Form(_fault_of_letter))

    def answer(
        self,
        of: PersonalQuestion,
        title: str,
        points: float,
        read: Callable[[Names], Any],
        form: Form,
        place: int | None = None,
        variable: str | None = None,
    ) -> Question:
        """The question that answers `[name, read(student)]`; of `read` the notebook shows the entry at `place`."""

        def asked(student: Names) -> list[Any]:
            name = student.student_name
            try:
                normalised(name)
            except (NotImplementedError, NoName):
                return [name, None]
            return [name, read(student)]

        asked.__doc__, asked.__module__ = title, self.module
        words = re.findall(r"\w+", f"{of.__name__} {title.lower()}")
        made = PersonalAnswer(f"test_{of.__name__}", points, asked, Form(_named(form)), name="_".join(words))
        made.of, made.place, made.variable = of, place, variable or of.__name__
        self.questions[made.name] = made
        return made


class PersonalAnswer(Question):
    """A question for the answer, or its number at `place`, to the personal question `of`, written in `variable`."""

    of: PersonalQuestion
    place: int | None
    variable: str

    def shown(self, answer: Any) -> str:
        """What was read. Errors: `NotImplementedError`, `NotAnAnswer` where there is no name to draw numbers from."""
        name, found = answer
        try:
            normalised(name)
        except NoName as error:
            raise NotAnAnswer(str(error)) from None
        return _shown(self._one(found))

    def at_once(self, answer: Any) -> Verdict | None:
        """The verdict, if the right answer for this name came with the release."""
        name, found = answer
        questions = getattr(sys.modules.get(self.module), "__file__", None)
        right = right_answers(answers_path(Path(questions)), name).get(self.name) if questions else None
        return answered(self._one(found), right) if right else None

    def _one(self, found: Any) -> Any:
        return found if self.place is None else found[self.place]


def answers_path(questions: Path) -> Path:
    """Where the answers to a module of personal questions are: `quiz_1_answers.json` beside `quiz_1_questions.py`."""
    return questions.with_name(f"{questions.stem.removesuffix('_questions')}_answers.json")


def written_answers(by_name: Mapping[str, Mapping[str, Right]]) -> str:
    """The text of that file: {name of a student: {name of a question: what is right}}, packed, without the names."""
    lines = []
    for name, rights in by_name.items():
        entry = json.dumps({of: pack_right(right) for of, right in rights.items()}, ensure_ascii=False)
        lines.append(f'"{_digest(name)}": "{b64encode(zlib.compress(entry.encode(), 9)).decode()}"')
    return "{\n" + ",\n".join(sorted(set(lines))) + "\n}\n"


def right_answers(path: Path, name: object) -> dict[str, Right]:
    """{name of a question: what is right} for this student; empty where there is no file, or the name is not in it."""
    packed = json.loads(path.read_text(encoding="utf-8")).get(_digest(name)) if path.exists() else None
    entry = json.loads(zlib.decompress(b64decode(packed))) if packed else {}
    return {of: unpack_right(right) for of, right in entry.items()}


def _digest(name: object) -> str:
    """What a name goes by in the file."""
    return sha256(b"answers\0" + normalised(name).encode("utf-8")).hexdigest()[:24]


def letters_of(of: PersonalQuestion, name: object) -> str:
    """The letters of the question's options."""
    return LETTERS[: len(of(name).options)]


def numbers_of(count: int) -> Form:
    """A list of so many numbers."""

    def fault(value: Any) -> str:
        right = isinstance(value, list) and len(value) == count and all(type(one) is float for one in value)
        return "" if right else f"{count} numbers are expected, found {described(value)}"

    return Form(fault)


def _named(form: Form) -> Callable[[Any], str]:
    def fault(value: Any) -> str:
        if not (isinstance(value, list) and len(value) == 2):
            return f"a name and an answer are expected, found {described(value)}"
        name, found = value
        if isinstance(name, str) and len(name) > MOST_LETTERS:
            return "the name is longer than any name"
        return "" if found is None else form(found)

    return fault


def _fault_of_letter(value: Any) -> str:
    return "" if isinstance(value, str) and len(value) == 1 else f"a letter is expected, found {described(value)}"


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value + 0.0:.10g}"
    return f"[{', '.join(map(_shown, value))}]" if isinstance(value, (list, tuple)) else str(value)
