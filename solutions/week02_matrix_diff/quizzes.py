"""What both quizzes have in common: keys of questions for numbers, and the catalogue of mistakes that follows."""

from types import ModuleType

from grader.judge.authoring import personal
from grader.judge.authoring.mistakes import Mistake

NAME = "Emmy Noether"  # the name in the references


def keys_of_numbers(asked: ModuleType, worked: ModuleType) -> None:
    """The keys of all questions for numbers in a variable of which ``worked.<variable>`` gives the right ones.

    ``worked.<variable>_slips`` gives those that slips lead to, ``{reason: numbers}``.
    """
    for question in asked.ask.questions.values():
        right, slips = (getattr(worked, f"{question.variable}{what}", None) for what in ("", "_slips"))
        if question.place is not None and right and slips:
            personal.personal_number(question, right, slips)


def mistakes_of(asked: ModuleType) -> list[Mistake]:
    """What each of the usual slips leads to with the numbers of the name in the reference."""
    return personal.wrong_answers(NAME, *asked.ask.questions.values())
