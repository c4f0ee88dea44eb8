"""The final mark, by the formula in `course.toml`.

```toml
[mark]
formula = "min(10, round(week01 + week03 + 0.1 * week02.practice, 1))"
```

A week's short name (`week01` for `week01_backprop`) is its mark: points and bonus less what lateness costs. `.points`,
`.bonus`, `.practice`, `.penalty` and `.most` (the points to be had, without bonus) are its parts. Known besides:
numbers, `+ - * / **`, comparisons, `a if b else c`, `and`, `or`, `not`, `min`, `max`, `sum`, `mean`, `abs`, and
`round`, which rounds halves up. The formula is read, never executed: nothing else means anything in it.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from grader.desk.course.facts import FACTS, Course
from grader.desk.errors import DeskError

MAX_LENGTH = 1000
MAX_POWER = 64
PARTS = ("points", "bonus", "practice", "penalty", "most", "mark")


@dataclass(frozen=True)
class WeekMark:
    """One student's week, as a formula sees it."""

    points: float = 0.0
    bonus: float = 0.0
    practice: float = 0.0
    penalty: float = 0.0
    most: float = 0.0

    @property
    def mark(self) -> float:
        return max(0.0, self.points + self.bonus - self.penalty)


def short_names(course: Course) -> dict[str, str]:
    """The short name of each week by its folder: the part before the first underscore, if no other week has it."""
    firsts = [week.folder.split("_")[0] for week in course.weeks]
    return {
        week.folder: first if firsts.count(first) == 1 and first.isidentifier() else week.folder
        for week, first in zip(course.weeks, firsts, strict=True)
    }


def formula_of(course: Course) -> Callable[[Mapping[str, WeekMark]], float]:
    """The function that the formula is; without one, the sum of the weeks' marks.

    Raises `DeskError` for a formula that cannot be read, or that fails on a student without points.
    """
    names = short_names(course)
    text = course.facts.get("mark", {}).get("formula", " + ".join(names.values()))
    if not isinstance(text, str) or len(text) > MAX_LENGTH:
        raise _wrong(text, "it is no text of up to 1000 characters", names)
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _wrong(text, getattr(error, "msg", None) or str(error), names) from None

    def mark(weeks: Mapping[str, WeekMark]) -> float:
        values = {short: weeks.get(folder, WeekMark()) for folder, short in names.items()}
        try:
            value = _number(_value(tree, values))
        except (_Unknown, ArithmeticError, TypeError, ValueError, RecursionError) as error:
            raise _wrong(text, str(error) or type(error).__name__, names) from None
        if not math.isfinite(value):
            raise _wrong(text, f"it gives {value}", names)
        return value

    mark(dict.fromkeys(names, WeekMark(most=1.0)))
    return mark


class _Unknown(Exception):
    """Something in the formula that has no meaning here."""


def _wrong(text: object, reason: str, names: Mapping[str, str]) -> DeskError:
    return DeskError(
        f"[mark] formula in {FACTS}, {text!r}: {reason}.",
        f"Known are the weeks {', '.join(names.values())}, their .{', .'.join(PARTS[:-1])}, numbers, + - * / **, "
        f"comparisons, `a if b else c`, and the functions {', '.join(_FUNCTIONS)}.",
    )


def _half_up(value, places=0) -> float:
    """School's rounding: 2.5 is 3. Python's `round` gives 2."""
    step = Decimal(1).scaleb(-int(_number(places)))
    try:
        # By its shortest decimal form: 1.15 is meant where 1.149999... is stored.
        return float(Decimal(repr(float(_number(value)))).quantize(step, rounding=ROUND_HALF_UP))
    except InvalidOperation:
        raise _Unknown(f"{value} cannot be rounded to {places} places") from None


def _power(base: float, exponent: float) -> float:
    if abs(exponent) > MAX_POWER:
        raise _Unknown(f"** {exponent} is too large a power")
    return base**exponent


_FUNCTIONS: dict[str, Callable] = {
    "min": lambda *values: min(map(_number, values)),
    "max": lambda *values: max(map(_number, values)),
    "sum": lambda *values: sum(map(_number, values)),
    "mean": lambda *values: sum(map(_number, values)) / len(values),
    "abs": lambda value: abs(_number(value)),
    "round": _half_up,
}
_BINARY = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: _power,
}
_COMPARE = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


def _number(value) -> float:
    """A week in a place for numbers is its mark."""
    value = value.mark if isinstance(value, WeekMark) else value
    if isinstance(value, complex):
        raise _Unknown("it gives a number that is not real")
    return value


def _value(node: ast.expr, names: Mapping[str, WeekMark]):
    """The value of one part of the formula."""

    def number(part: ast.expr) -> float:
        return _number(_value(part, names))

    match node:
        case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
            return float(node.value)
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.Attribute(value=ast.Name(id=name), attr=part) if name in names and part in PARTS:
            return getattr(names[name], part)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -number(operand)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not number(operand)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            return _BINARY[type(op)](number(left), number(right))
        case ast.BoolOp(op=op, values=parts):
            return (all if isinstance(op, ast.And) else any)(number(part) for part in parts)
        case ast.IfExp(test=test, body=yes, orelse=no):
            return number(yes) if number(test) else number(no)
        case ast.Compare(left=left, ops=ops, comparators=others) if all(type(op) in _COMPARE for op in ops):
            values = [number(left), *(number(other) for other in others)]
            pairs = zip(ops, values, values[1:], strict=False)
            return all(_COMPARE[type(op)](one, other) for op, one, other in pairs)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in _FUNCTIONS and arguments:
            return _FUNCTIONS[name](*(_value(argument, names) for argument in arguments))
    raise _Unknown(f"{ast.unparse(node)!r} has no meaning in it")
