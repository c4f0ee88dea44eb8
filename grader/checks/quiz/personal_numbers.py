"""Questions whose numbers are drawn from the student's name: neighbours have other numbers, of the same difficulty.

    from grader.checks.quiz import personal_numbers as personal
    from week02_matrix_diff import quiz_1_questions as questions
    student_name = "Ada Lovelace"
    personal.greet(student_name)                      # the code by which the numbers are told apart
    personal.ask(questions.neuron, student_name)      # shows the question with this student's numbers
    personal.numbers(questions.neuron, student_name)  # the same numbers, to compute with

The same name gives the same numbers on every machine and in every version of Python and numpy: all comes from the
SHA-256 of quiz, question and name. How the name is typed (case, spaces, composed or decomposed accents) makes no
difference. What is drawn is public, the answers are not here.
"""

from __future__ import annotations

import base64
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import wraps
from hashlib import sha256
from types import SimpleNamespace
from typing import Protocol, TypeVar, cast

from grader.checks.figures.style import in_notebook
from grader.checks.quiz.tex import plain

T = TypeVar("T")
LETTERS = "abcdef"
TRIES = 10_000


class NoName(ValueError):
    """There is no name to draw numbers from; the message says what to write."""


@dataclass(frozen=True)
class Question:
    """A question as one student gets it.

    numbers: what was drawn. text: Markdown with formulas in $...$. options: the choices, `(kind, Markdown)`, in the
    order of their letters. blanks: what is asked for, one text for every number, for the paper version. figure: a
    function that gives a matplotlib figure, or None; described: what is on it, in words.
    """

    numbers: SimpleNamespace
    text: str
    options: tuple[tuple[str, str], ...] = ()
    blanks: tuple[str, ...] = ("answer",)
    figure: Callable | None = None
    described: str = ""
    key: str = field(default="", compare=False)

    def markdown(self) -> str:
        """The text and the options."""
        lines = [f"- **{letter}** · {text}" for letter, (_, text) in zip(LETTERS, self.options, strict=False)]
        return "\n".join([self.text, "", *lines]).strip()

    def plain(self) -> str:
        """The same without Markdown and TeX, for a terminal."""
        return plain(self.markdown())


class PersonalQuestion(Protocol):
    """A question as a function of a student's name; `key` is `quiz.question`."""

    __name__: str
    key: str

    def __call__(self, name: object) -> Question: ...


class Draw:
    """A stream of draws that is decided by words, such as the name of a student and that of a question."""

    def __init__(self, *words: str) -> None:
        self._seed = "\0".join(words).encode("utf-8")
        self._count = 0

    def below(self, top: int) -> int:
        """A whole number from 0 to top - 1."""
        digest = sha256(self._seed + b"\0%d" % self._count).digest()
        self._count += 1
        return int.from_bytes(digest, "big") % top

    def one(self, items: Iterable[T]) -> T:
        """One of the items."""
        items = list(items)
        return items[self.below(len(items))]

    def some(self, items: Iterable, count: int) -> list:
        """So many of the items, no place twice, in the order drawn."""
        items = list(items)
        return [items.pop(self.below(len(items))) for _ in range(count)]

    def shuffled(self, items: Sequence) -> list:
        """All items in a drawn order."""
        return self.some(items, len(items))

    def signed(self, sizes: Iterable) -> int:
        """One of the sizes, positive or negative."""
        return self.one(sizes) * self.one((1, -1))

    def until(self, make: Callable[[], T], fits: Callable[[T], bool]) -> T:
        """The first `make()` that fits."""
        for _ in range(TRIES):
            made = make()
            if fits(made):
                return made
        raise RuntimeError("nothing that fits was drawn")


def normalised(name: object) -> str:
    """The name as it counts: NFKC, without case, spaces and invisible characters. NoName when nothing is left of it."""
    if name is None:
        raise NotImplementedError("student_name")
    if not isinstance(name, str):
        raise NoName('student_name must be a text: your name in quotes, such as "Ada Lovelace"')
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    kept = "".join(sign for sign in folded if unicodedata.category(sign)[0] not in "ZC")
    if not any(sign.isalnum() for sign in kept):
        raise NoName('student_name is empty: write your name in quotes, such as "Ada Lovelace"')
    return kept


def code(name: object) -> str:
    """Six signs that stand for a name's numbers on screen, on paper and on the answer sheet."""
    digest = sha256(b"code\0" + normalised(name).encode("utf-8")).hexdigest()
    return f"{digest[:3]}-{digest[3:6]}".upper()


def personal_question(key: str) -> Callable[[Callable[[Draw], Question]], PersonalQuestion]:
    """Make of a function that draws a question one that takes a student's name; `key`, `quiz.question`, decides.

    The result raises `NoName`, and `NotImplementedError` for None.
    """
    quiz, _, which = key.partition(".")

    def decorate(make: Callable[[Draw], Question]) -> PersonalQuestion:
        @wraps(make)
        def question(name: object) -> Question:
            return replace(make(Draw("personal quiz", quiz, which, normalised(name))), key=key)

        named = cast(PersonalQuestion, question)
        named.key = key
        return named

    return decorate


def numbers(question: PersonalQuestion, name: object) -> SimpleNamespace:
    """The numbers of a question, by the letters that its text uses."""
    return question(name).numbers


def greet(name: object) -> None:
    """Say whose numbers follow."""
    try:
        signs = code(name)
    except NotImplementedError:
        print("student_name: not written yet. The questions below appear when your name stands here.")
    except NoName as error:
        print(f"✗ wrong  {error}")
    else:
        print(f"Numbers for: {' '.join(str(name).split())}   (code {signs})")


def ask(question: PersonalQuestion, name: object) -> None:
    """Show a question with the numbers of a student: formatted in a notebook, plain elsewhere."""
    try:
        asked = question(name)
    except (NotImplementedError, NoName):
        print("Your numbers appear here when your name stands in the cell student_name, and this cell is run again.")
        return
    if not in_notebook():
        print(asked.plain())
        print(f"[{asked.described}]" if asked.figure else "", end="\n" if asked.figure else "")
        return
    from IPython.display import display

    display({"text/markdown": asked.markdown(), "text/plain": asked.plain()}, raw=True)
    if asked.figure:
        png = base64.b64encode(picture(asked, "png")).decode()
        alt = {"image/png": {"alt": asked.described}}
        display({"image/png": png, "text/plain": f"[{asked.described}]"}, metadata=alt, raw=True)


def picture(asked: Question, kind: str) -> bytes:
    """The question's figure as "png" or "svg"; the same bytes each time."""
    import io

    import matplotlib

    assert asked.figure is not None, "a question without a figure has no picture"
    made = io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": asked.key, "svg.fonttype": "path"}):
        metadata = {"Date": None} if kind == "svg" else {"Software": None}
        asked.figure().savefig(made, format=kind, dpi=100, metadata=metadata)
    return made.getvalue()
