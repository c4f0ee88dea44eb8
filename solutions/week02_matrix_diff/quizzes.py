"""What both quizzes have in common: questions that ask for numbers, and the catalogue of mistakes that follows."""

from collections.abc import Callable
from types import ModuleType

from grader.judge.authoring import personal
from grader.judge.authoring.mistakes import Mistake

NAME = "Emmy Noether"  # the name in the references


def numbers(
    questions: ModuleType, worked: ModuleType, name: str, *titles: str, points: float = 1, variable: str | None = None
) -> list[Callable] | Callable:
    """The hidden tests of the question ``name`` for the numbers with these titles, ``points`` for all of them.

    ``worked.<name>`` and ``worked.<name>_slips`` give the numbers, right and wrong; where the answer stands in another
    ``variable``, the functions of that name do.
    """
    right, slips = getattr(worked, variable or name), getattr(worked, f"{variable or name}_slips")
    return personal.personal_numbers(
        f"test_{name}",
        getattr(questions, name),
        points=points,
        right=right,
        mistakes=slips,
        titles=titles,
        variable=variable,
    )


def mistakes_of(hidden_tests: ModuleType) -> list[Mistake]:
    """What each of the usual slips leads to with the numbers of the name in the reference."""
    return personal.wrong_answers(
        NAME, *(value for value in vars(hidden_tests).values() if hasattr(value, "hidden_test"))
    )
