"""The final mark, by the formula in `course.toml`.

```toml
[mark]
formula = "min(10, round(week01 + week03 + 0.1 * week02.practice, 1))"
```

A week's name (`week01` for `week01_backprop`) is its mark: points and bonus less what lateness costs, scaled where
`points` of `[week.NAME]` says what the week counts for. `.points`,
`.bonus`, `.practice`, `.penalty` and `.most` (the points to be had, without bonus) are its parts. Known besides:
numbers, `+ - * / **`, comparisons, `a if b else c`, `and`, `or`, `not`, `min`, `max`, `sum`, `mean`, `abs`, and
`round`, which rounds halves up. The formula is read, never executed: nothing else means anything in it.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from simpleeval import InvalidExpression, SimpleEval

from grader.desk.course.names import NoSuchWeek, did_you_mean, nearest, short_names, week_called
from grader.desk.errors import DeskError

MAX_LENGTH = 1000
MAX_POWER = 64
PARTS = ("points", "bonus", "practice", "penalty", "most", "mark")


class WeekMark(float):
    """One student's week, as a formula sees it: a number, the week's mark, that has parts."""

    points: float
    bonus: float
    practice: float
    penalty: float
    most: float

    def __new__(
        cls,
        points: float = 0.0,
        bonus: float = 0.0,
        practice: float = 0.0,
        penalty: float = 0.0,
        most: float = 0.0,
    ) -> WeekMark:
        week = super().__new__(cls, max(0.0, points + bonus - penalty))
        week.points, week.bonus, week.practice, week.penalty, week.most = points, bonus, practice, penalty, most
        return week

    @property
    def mark(self) -> float:
        return float(self)

    def scaled(self, factor: float) -> WeekMark:
        """With everything that counts multiplied."""
        points, bonus, penalty, most = (factor * part for part in (self.points, self.bonus, self.penalty, self.most))
        return WeekMark(points, bonus, self.practice, penalty, most)


def _written(node: ast.AST) -> str:
    """A part of a formula as it may be shown."""
    try:
        return ast.unparse(node) if isinstance(node, ast.expr) else type(node).__name__
    except RecursionError:
        return "what is nested so deep"


class FormulaError(Exception):
    """Why a formula has no value, in a sentence, with the names that may have been meant."""

    def __init__(self, reason: object, names: Iterable[str] = ()):
        super().__init__(f"{str(reason).rstrip('.')}.{did_you_mean(names)}")


@dataclass(frozen=True)
class FinalMark:
    """The function that a formula is, called with a student's weeks by their folders; without one, their sum.

    `most` are the points to be had, by the week's folder, and `scale` what a point of a week counts for, where it is
    not 1. Raises `FormulaError` for a formula that cannot be read, or
    that fails for a student without points or for one with all of them.
    """

    text: str | None
    most: Mapping[str, float]
    scale: Mapping[str, float] = field(default_factory=dict)
    _tree: ast.expr | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_tree", None if self.text is None else self._parsed(self.text))
        self._value({})
        self._value({folder: WeekMark(points=most, most=most) for folder, most in self.most.items()})

    def __call__(self, weeks: Mapping[str, WeekMark]) -> float:
        """Raises `DeskError` where these weeks make the formula fail."""
        try:
            return self._value(weeks)
        except FormulaError as error:
            raise DeskError(f"[mark] formula, {self.text!r}: {error}", self.known) from None

    @property
    def known(self) -> str:
        """What may be written in a formula."""
        return (
            f"Known are the weeks {', '.join(short_names(self.most))}, their .{', .'.join(PARTS[:-1])}, numbers, "
            f"+ - * / **, comparisons, `a if b else c`, and the functions {', '.join(_FUNCTIONS)}."
        )

    def _parsed(self, text: str) -> ast.expr:
        """The formula's tree; every name in it is known, also where no student has come by yet."""
        if len(text) > MAX_LENGTH:
            raise FormulaError(f"it is longer than {MAX_LENGTH} characters")
        try:
            tree = ast.parse(text.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise FormulaError(getattr(error, "msg", None) or error) from None
        called = {call.func for call in ast.walk(tree) if isinstance(call, ast.Call)}
        for node in ast.walk(tree):
            self._check(node, node in called)
        return tree

    def _check(self, node: ast.AST, called: bool) -> None:
        """Has this part of a formula a meaning? Asked of all, because a student may yet come for whom it counts."""
        known = _OPERATORS.keys() | _NODES | {ast.Constant, ast.Load, ast.And, ast.Or}
        if type(node) not in known:
            written = _written(node)
            raise FormulaError(f"{written!r} has no meaning in it")
        if isinstance(node, ast.Attribute) and node.attr not in PARTS:
            raise FormulaError(f"no week has a part .{node.attr}", nearest(node.attr, PARTS))
        if isinstance(node, ast.Name) and not (called and node.id in _FUNCTIONS):
            self._folder(node.id)

    def _folder(self, name: str) -> str:
        if name in _FUNCTIONS:
            raise FormulaError(f"{name} is a function, to be written {name}(...)")
        try:
            return week_called(name, list(self.most))
        except NoSuchWeek:
            known = [*_FUNCTIONS, *short_names(self.most)]
            raise FormulaError(f"{name!r} is no week and no function", nearest(name, known)) from None

    def _value(self, weeks: Mapping[str, WeekMark]) -> float:
        everything = {folder: weeks.get(folder, WeekMark(most=most)) for folder, most in self.most.items()}
        everything |= {folder: everything[folder].scaled(factor) for folder, factor in self.scale.items()}
        if self._tree is None:
            return float(sum(everything.values()))
        try:
            value = _evaluator(lambda name: everything[self._folder(name.id)]).eval(self.text, self._tree)
        except (InvalidExpression, ArithmeticError, TypeError, ValueError, RecursionError) as error:
            raise FormulaError(str(error) or type(error).__name__) from None
        if not isinstance(value, float | int) or not math.isfinite(value):
            raise FormulaError(f"it gives {value}, which is no number")
        return float(value)


def _evaluator(names: Callable[[ast.Name], WeekMark]) -> SimpleEval:
    """What gives a formula its value: numbers, names of weeks with their parts, and nothing that is not listed here."""
    evaluator = SimpleEval(_OPERATORS, _FUNCTIONS, names, {WeekMark: set(PARTS)})
    nodes = {kind: evaluator.nodes[kind] for kind in _NODES}
    # Of `a and b` simpleeval gives one of the two, as Python does; a mark counts whether both hold.
    evaluator.nodes = nodes | {ast.Constant: _number, ast.BoolOp: lambda node: bool(nodes[ast.BoolOp](node))}
    return evaluator


def _number(node: ast.Constant) -> float:
    if isinstance(node.value, bool) or not isinstance(node.value, int | float):
        raise FormulaError(f"{ast.unparse(node)} is no number")
    return float(node.value)


def _half_up(value: float, places: float = 0) -> float:
    """School's rounding: 2.5 is 3. Python's `round` gives 2."""
    try:
        # By its shortest decimal form: 1.15 is meant where 1.149999... is stored.
        step = Decimal(1).scaleb(-int(places))
        return float(Decimal(repr(float(value))).quantize(step, rounding=ROUND_HALF_UP))
    except InvalidOperation:
        raise FormulaError(f"{value} cannot be rounded to {places} places") from None


def _power(base: float, exponent: float) -> float:
    if abs(exponent) > MAX_POWER:
        raise FormulaError(f"** {exponent} is too large a power")
    value = base**exponent
    if isinstance(value, complex):
        raise FormulaError(f"{base} ** {exponent} is not a real number")
    return value


_NODES = {ast.Name, ast.Attribute, ast.UnaryOp, ast.BinOp, ast.BoolOp, ast.IfExp, ast.Compare, ast.Call}
_FUNCTIONS: dict[str, Callable[..., float]] = {
    "min": lambda *values: float(min(values)),
    "max": lambda *values: float(max(values)),
    "sum": lambda *values: float(sum(values)),
    "mean": lambda *values: float(sum(values) / len(values)),
    "abs": lambda value: float(abs(value)),
    "round": _half_up,
}
_OPERATORS: dict[type[ast.AST], Callable[..., float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: _power,
    ast.USub: operator.neg,
    ast.Not: operator.not_,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
