"""The secret half of a test: the key of a public question.

    @key(dense_adds_its_biases)
    class _:
        def draw(rng):
            return Case(X=rng.normal(size=(5, 3)), W=rng.normal(size=(3, 4)), b=rng.normal(size=4))

        def right(case):
            X, W, b = case.X, case.W, case.b
            return Right(X @ W + b, "Dense.forward", mistakes={"the biases are forgotten": X @ W})

``draw`` gives the case, ``right`` the right numbers for it. A question with ``lends`` has ``lent(case)``, too: right
functions by name, called in the judge's process, a generator of random numbers given as a number drawn from it; and
perhaps ``calls(case)``: ``(name, arguments)`` of the calls that the record is to answer, where they are not those that
the reference makes. ``exact = True``: the case is recorded as it is drawn; else its decimals are rounded.
``record(rng)``: another case for the record than ``draw`` gives. A drawn case may hold functions, which are called in
the judge's process: what they know does not enter the sandbox. ``follow(case, answer)``, of a row of a worksheet: the
right numbers if the student's earlier rows are taken as they are; asked in grading alone, of an answer that is not
right otherwise. ``others(case)``: what other functions of the course give in place of the right numbers, by the words
for it; a wrong answer that is one of them is told so.

Where what is right depends on the answer itself (the name from which its numbers were drawn) or is a rank, a key has
``decide(case, answer)`` in place of ``right``: raises ``Wrong`` unless the answer, which has the form, is right, and
may return a ``Rank`` or ``Signed``. Its record has no numbers, so the notebook gives no mark. No other part of a key
sees an answer.
"""

import ast
import inspect
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

import numpy as np

from grader.checks.diagnosis.verdict import Verdict
from grader.checks.probes.digests import Digest
from grader.checks.questions import experiments
from grader.checks.questions.experiments import others_of, right_of, with_facts
from grader.checks.questions.judging import Judged, fault_of, judge
from grader.checks.questions.plain import plain
from grader.checks.questions.question import Question, questions_of
from grader.checks.questions.record import Recorded
from grader.checks.questions.right import Right
from grader.checks.quiz.quiz import NotAnAnswer
from grader.judge.authoring.exceptions import in_students_words
from grader.judge.authoring.verdicts import StudentError, Wrong
from grader.judge.connection import Connection
from grader.judge.hidden import HiddenTest, Rank, Signed, expect_verdict

Case = SimpleNamespace
Rights = Right | list[Right | None]
DIGITS = 4  # of the decimals in a recorded case


@dataclass(frozen=True)
class Key:
    """``draw(rng) -> case``, ``right(case) -> numbers``, ``lent(case) -> functions by name``; see the module.

    ``follow(case, answer)``, as ``right``; ``decide(case, answer)`` raises ``Wrong``.
    """

    asked: Question
    draw: Callable[[np.random.Generator], SimpleNamespace] = lambda rng: Case()
    right: Callable[[SimpleNamespace], Rights] | None = None
    decide: Callable[[SimpleNamespace, Any], Rank | Signed | None] | None = None
    lent: Callable[[SimpleNamespace], Mapping[str, Callable]] | None = None
    calls: Callable[[SimpleNamespace], Iterable[tuple[str, tuple]]] | None = None
    record: Callable[[np.random.Generator], SimpleNamespace] | None = None
    exact: bool = False
    follow: Callable[[SimpleNamespace, Any], Rights] | None = None
    others: Callable[[SimpleNamespace], Mapping[str, Any]] | None = None
    salt: str = ""

    def test(self) -> HiddenTest:
        """As the judge asks it: with the student's own functions, then with right ones where the question lends."""
        ask = partial(_ask, self)
        again = partial(_ask, self) if self.lent else None
        asked, every = self.asked, questions_of(sys.modules[self.asked.module])
        neighbours = {name: [judge.name for judge in asked.judges(name, every)] for name in asked.lends}
        of = (asked.cell, asked.name, asked.title, asked.points, ask, asked.seconds, self.salt)
        return HiddenTest(*of, again, sources(asked), neighbours)

    def judged(self, answer: Any, case: SimpleNamespace) -> Judged:
        """The verdict on an answer, which may follow from the student's own earlier ones. Errors: as ``decided``."""
        if self.right is None:
            self.decided(answer, case)
            return Judged(Verdict(True, "ok", self.asked.title), answer=answer)
        judged = judge(self.asked, answer, case, self.right(case))
        if judged.verdict.ok or judged.verdict.code == "form" or not self.follow:
            return judged
        follows = judge(self.asked, answer, case, self.follow(case, answer))
        return judged if judged.verdict.code == "named" and not follows.verdict.ok else follows

    def decided(self, answer: Any, case: SimpleNamespace) -> Rank | Signed | None:
        """What the report is to be told of a right answer. Errors: ``Wrong``."""
        assert self.decide is not None, "a key has right or decide"
        if fault := fault_of(self.asked, answer, case):
            expect_verdict(fault)
        return self.decide(case, answer)

    def recorded(self, rng: np.random.Generator, namespace: dict[str, Any] | None = None) -> Recorded:
        """The public case. ``namespace``: names of the reference, to see how lent functions are called."""
        case = (self.record or self.draw)(rng)
        if not self.exact:
            case = SimpleNamespace(**{name: rounded(value) for name, value in vars(case).items()})
        right = self.right(case) if self.right else None
        calls: dict[str, list[tuple[list[Any], Any]]] = {}
        if self.lent and namespace is not None and right is not None:
            lent = {name: _noting(calls.setdefault(name, []), call) for name, call in self.lent(case).items()}
            if self.calls:
                for name, args in self.calls(case):
                    lent[name](*args)
            else:
                self.asked.ask(namespace, vars(case), lent)
        probes = experiments.recorded(self.asked, case, self.right) if self.right else {}
        return Recorded(case, right, calls, probes, self.beside(case))

    def beside(self, case: SimpleNamespace) -> dict[str, list[Digest]]:
        """What other functions of the course give for the case, in short."""
        if not self.others or not self.right:
            return {}
        with np.errstate(all="ignore"):
            return others_of(self.others(case), self.right(case))


def key(asked: Question) -> Callable[[type], type]:
    """Declare a class as the key of a question."""

    def declare(cls: type) -> type:
        parts = {name: value for name, value in vars(cls).items() if not name.startswith("_")}
        unknown = parts.keys() - {"draw", "right", "decide", "lent", "calls", "record", "exact", "follow", "others"}
        if unknown or "draw" not in parts or len(parts.keys() & {"right", "decide"}) != 1:
            raise TypeError(
                f"the key of {asked.name} needs draw, and right or decide, and has {', '.join(sorted(parts))}"
            )
        salt = sha256(inspect.getsource(sys.modules[cls.__module__]).encode()).hexdigest()
        asked.key = Key(asked, **parts, salt=salt)
        return cls

    return declare


def _ask(
    used: Key, connection: Connection, rng: np.random.Generator, lends: Sequence[str] = ()
) -> Rank | Signed | None:
    """Draw, ask, compare or decide; ``Wrong`` if it is."""
    asked = used.asked
    case = used.draw(rng)
    lent = {name: call for name, call in used.lent(case).items() if name in lends} if used.lent else {}

    seed = connection.seed

    def answer(case: SimpleNamespace) -> Any:
        try:
            return connection.ask(asked.module, asked.name, vars(case), lent)
        except StudentError as error:
            if error.kind == NotAnAnswer.__name__:  # of the question's: what was written down cannot be read
                raise Wrong(f"{asked.cell.removeprefix('test_')}: {error.hint.partition(': ')[2]}", "type") from None
            error.hint = in_students_words(error.hint, asked.module)
            raise

    def answer_again(case: SimpleNamespace, seconds: float) -> Any:
        connection.start(seconds, seed)
        return answer(case)

    given, solve = answer(case), used.right
    if solve is None:
        return used.decided(given, case)
    judged = used.judged(given, case)
    verdict = judged.verdict
    if not verdict.ok:
        known = partial(right_of, case=case, right=solve)
        beside = partial(used.beside, case)
        of = (asked, verdict, case, solve(case), given, answer_again)
        verdict = with_facts(*of, known, beside, connection.experiments)
    expect_verdict(verdict, judged.yours, judged.expected)
    return None


def _noting(calls: list[tuple[list[Any], Any]], call: Callable[..., Any]) -> Callable[..., Any]:
    def noted(*args: Any) -> Any:
        given = [plain(arg) for arg in args]
        result = call(*given)
        calls.append((given, result))
        return result

    return noted


def rounded(value: Any) -> Any:
    """Decimals with four significant digits, in arrays, lists and dictionaries."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return np.array([float(f"{x:.{DIGITS}g}") for x in value.ravel()]).reshape(value.shape).astype(value.dtype)
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, (list, tuple)):
        return type(value)(rounded(item) for item in value)
    if isinstance(value, dict):
        return {name: rounded(item) for name, item in value.items()}
    return value


def sources(asked: Question) -> tuple[tuple[str, str], ...]:
    """The module of a question and those of its package that it imports, each before the one that needs it."""
    found: dict[str, str] = {}

    def add(name: str) -> None:
        source = inspect.getsource(sys.modules[name])
        package = name.rpartition(".")[0]
        for one in _named_in(source, package):
            if one.startswith(f"{package}.") and one in sys.modules and one not in found and one != name:
                add(one)
        found[name] = source

    add(asked.module)
    return tuple(found.items())


@cache
def _named_in(source: str, package: str) -> tuple[str, ...]:
    """What the text of a module imports from, and what may be modules there."""
    named: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            module = f"{package}.{node.module}" if node.level == 1 and node.module else node.module or ""
            named += [module, *(f"{module or package}.{alias.name}" for alias in node.names)]
    return tuple(named)
