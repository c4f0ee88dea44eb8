"""Declares questions, and asks them beside the student's code: in the notebook, or in the sandbox."""

from __future__ import annotations

import copy
import inspect
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, TypeAlias, TypeVar

import numpy as np

from grader.checks.diagnosis.verdict import Verdict
from grader.checks.probes.fields import Roles
from grader.checks.questions.forms import Form
from grader.checks.questions.names import Names, replacing
from grader.checks.questions.plain import own, plain

Case: TypeAlias = SimpleNamespace
Relation: TypeAlias = Callable[[Any, Case], "bool | str"]
Reading: TypeAlias = Callable[[Any, Case], Any]
AnyFunction = TypeVar("AnyFunction", bound=Callable[..., Any])


class Question:
    """One property of one exercise, as it is asked. `question` makes it.

    cell      the grade_id of its test cell
    name      the function's name
    title     what the student reads: the first line of its docstring
    points    its share of the cell's points
    function  (student, **case) -> answer
    form      of the answer; a `Form`, or a function of the case that gives one; None: numbers, as the key has them
    lends     functions of other questions that right ones may stand for, when the student's own do not do
    after     questions whose answers this one may follow from, rightly or not: rows of a worksheet
    seconds   its own limit of time, or None
    module    the name of the module in which it is found by its name
    probes    the roles of the case's fields, for the experiments with a wrong function; None: none are made
    """

    def __init__(
        self,
        cell: str,
        points: float,
        function: Callable[..., Any],
        form: Form | Callable[[Case], Form] | None = None,
        lends: Sequence[Callable] = (),
        seconds: float | None = None,
        name: str = "",
        probes: Roles | None = None,
        after: Sequence[Question] = (),
    ) -> None:
        self.cell, self.points, self.function, self.seconds = cell, float(points), function, seconds
        self.probes = probes
        self.name, self.module = name or function.__name__, function.__module__
        self.title = (inspect.getdoc(function) or "").split("\n")[0]
        if not self.title:
            raise ValueError(f"question {self.name}: the first line of its docstring must state the property")
        self.after = tuple(after)
        self.lends = {lending.__name__: lending for lending in lends}
        self._form = form
        self.relations: list[Relation] = []
        self.read: Reading | None = None
        self.slope_of: Callable[..., Any] | None = None
        self.slope_name = ""
        self.picture: Callable[[Any, Case], Any] | None = None
        self.key: Any = None  # where there is one: in the judge's process

    def __repr__(self) -> str:
        return f"<question {self.name} of {self.cell}>"

    def own(self, module: str) -> Question:
        """The same question for another module, which has it under its name; with a key of its own."""
        made = copy.copy(self)
        made.module, made.key = module, None
        return made

    def judges(self, lent: str, every: Sequence[Question]) -> list[Question]:
        """Of `every` question those that judge the function `lent`, which this one lends."""
        named = getattr(self.lends[lent], "__judges__", [])
        return [one for one in every if (one.name in named if named else one.cell == f"test_{lent}")]

    def form(self, case: Case) -> Form | None:
        """The form of an answer for this case."""
        return self._form if self._form is None or isinstance(self._form, Form) else self._form(case)

    def relation(self, function: AnyFunction) -> AnyFunction:
        """Declare what must hold of an answer, `(answer, case) -> True` or a hint; False: its docstring is the hint."""
        self.relations.append(function)
        return function

    def reading(self, function: AnyFunction) -> AnyFunction:
        """Declare what is read off an answer, `(answer, case) -> numbers`, before it is compared with the key."""
        self.read = function
        return function

    def differences(self, function: Callable[..., Any], of: str = "") -> Callable[..., Any]:
        """Declare what the answer is a derivative of: `(student, **case) -> (f, x)`, f(x) a number or an array.

        In the notebook a wrong entry is then measured, too. For an answer in parts: a list, None for what is none.
        of: what the line calls the function, if it is not the student's own; else it goes by the name of `function`,
        `_` standing for forward.
        """
        self.slope_of, self.slope_name = function, of
        return function

    def pictured(self, function: AnyFunction) -> AnyFunction:
        """Declare what the notebook shows beside the verdict: `(answer, case)` -> something with `show()`, or None."""
        self.picture = function
        return function

    def shown(self, answer: Any) -> str:
        """What the notebook says of an answer of which it does not know whether it is right."""
        return ""

    def at_once(self, answer: Any) -> Verdict | None:
        """The verdict on an answer to which the record has no numbers; None where nothing else knows them either."""
        return None

    def ask(
        self, namespace: dict[str, Any], case: Mapping[str, Any], lent: Mapping[str, Callable] | None = None
    ) -> Any:
        """The answer, as plain data. Raises what the student's code raises.

        namespace  the student's names
        case       a copy of it is given to the question
        lent       functions `(*args, **kwargs)` in place of names of the student's; called with arguments by position
        """
        lendings = {name: _bound(self.lends[name], call) for name, call in (lent or {}).items()}
        with replacing(namespace, lendings):
            return plain(self.function(Names(namespace), **own(dict(case))))


def question(
    cell: str,
    *,
    points: float,
    form: Form | Callable[[Case], Form] | None = None,
    lends: Sequence[Callable] = (),
    seconds: float | None = None,
    name: str = "",
    probes: Roles | None = None,
    after: Sequence[Question] = (),
) -> Callable[[Callable[..., Any]], Question]:
    """Declare a function `(student, ...)` as a question of the test cell `cell`, worth `points`; see `Question`."""
    return lambda function: Question(cell, points, function, form, lends, seconds, name, probes, after)


def lent(*judges: Question | Callable[..., Any]) -> Any:
    """Declare the documented signature of a function that may be lent: no body, defaults as in the text.

    `@lent` where the questions of the cell `test_<function>` judge the function, `@lent(question, ...)` where these do.
    With a `yield` for a body what is lent is an iterator, as the text says of the function.
    """

    def declare(function: AnyFunction) -> AnyFunction:
        function.__judges__ = [judge.name for judge in judges if isinstance(judge, Question)]  # type: ignore[attr-defined]
        return function

    return declare(judges[0]) if len(judges) == 1 and not isinstance(judges[0], Question) else declare


def through(forward: Callable[..., Any], x: np.ndarray, G: np.ndarray) -> tuple[Callable[..., Any], np.ndarray]:
    """For `differences`: the sum of `G * forward(x)`, whose gradient a backward with the incoming gradient G gives."""
    return (lambda x: np.sum(G * forward(x))), x


def _bound(documented: Callable, call: Callable) -> Callable:
    """`call` with the documented signature: takes its arguments by position or name, as a student may give them.

    In place of a generator of random numbers it gets a number drawn from it, which is plain data.
    """
    signature = inspect.signature(documented)

    def lending(*args: Any, **kwargs: Any) -> Any:
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        plainly = (int(arg.integers(2**31)) if isinstance(arg, np.random.Generator) else arg for arg in bound.args)
        result = call(*plainly, **bound.kwargs)
        return iter(result) if inspect.isgeneratorfunction(documented) else result

    lending.__name__ = documented.__name__
    return lending


@contextmanager
def seeded(number: int) -> Iterator[None]:
    """Seed the generators that all code shares, and put them back."""
    states = random.getstate(), np.random.get_state()
    random.seed(number)
    np.random.seed(number)
    try:
        yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])


def questions_of(module: Any) -> list[Question]:
    """The questions of a module in the order in which it names them."""
    return list(dict.fromkeys(value for value in vars(module).values() if isinstance(value, Question)))
