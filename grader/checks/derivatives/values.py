"""Values of expressions at a point: matrices, and differentials as directional derivatives, term by term.

A point gives each letter a matrix, vectors as columns, and each variable a direction. An expression without a
differential has a value and a slope along the directions. One with a differential is a sum of terms, each linear in
one `dX` or `d(...)`: its value is a list of terms, so that every term can be looked at by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from grader.checks.derivatives.language import Node, Refused, written

MOST_TERMS = 40
MOST_WORK = 3_000  # terms of all parts of all lines
PURE = {"tr", "sum"}  # the functions that are linear; `outer` is a product


@dataclass(frozen=True)
class Eye:
    """A multiple of the identity whose size is not known."""

    factor: float


Value: TypeAlias = np.ndarray | Eye


@dataclass(frozen=True)
class Point:
    """letters: a matrix for each. directions: of the variables alone."""

    letters: Mapping[str, np.ndarray]
    directions: Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Term:
    """leaf: the `dX` or `d(...)` that it holds. shape: what it looks like, up to constants. value at the point."""

    leaf: Node
    form: tuple
    factor: float
    value: Value


def is_number(value: Value) -> bool:
    return isinstance(value, np.ndarray) and value.shape == (1, 1)


def size(value: Value) -> str:
    """ "5x3", or "a number"."""
    if isinstance(value, Eye):
        return "I"
    return "a number" if value.shape == (1, 1) else f"{value.shape[0]}x{value.shape[1]}"


def _sizes(message: str) -> Refused:
    return Refused("sizes", message)


class Operations:
    """The operations on values. Errors: `Refused` with the sizes, where they do not fit; names are for the message."""

    @staticmethod
    def alike(
        a: Value, b: Value, said: tuple[object, object], word: str, multiplies: bool = False
    ) -> tuple[Value, Value]:
        """Both values, an `I` beside a matrix in its size, for an operation by entries."""
        if isinstance(a, Eye) and isinstance(b, Eye):
            return a, b
        for one, other in ((a, b), (b, a)):
            if isinstance(one, Eye) and isinstance(other, np.ndarray):
                if is_number(other) and multiplies:
                    return a, b
                if other.shape[0] != other.shape[1] or is_number(other):
                    raise _sizes(f"{said[0]} is {size(a)}, {said[1]} is {size(b)}: {word} does not fit")
                made = one.factor * np.eye(len(other))
                return (made, b) if one is a else (a, made)
        assert isinstance(a, np.ndarray) and isinstance(b, np.ndarray)
        fits = a.shape == b.shape or (1, 1) in (a.shape, b.shape)
        column = a.shape[0] == b.shape[0] and 1 in (a.shape[1], b.shape[1])
        if not (fits or column):
            raise _sizes(f"{said[0]} is {size(a)}, {said[1]} is {size(b)}: {word} does not fit")
        return a, b

    @classmethod
    def add(cls, a: Value, b: Value, said: tuple[object, object], sign: float = 1.0) -> Value:
        a, b = cls.alike(a, b, said, "adding them" if sign > 0 else "subtracting them")
        if isinstance(a, Eye) or isinstance(b, Eye):
            assert isinstance(a, Eye) and isinstance(b, Eye)
            return Eye(a.factor + sign * b.factor)
        return np.asarray(a + sign * b)

    @classmethod
    def times(cls, a: Value, b: Value, said: tuple[object, object], word: str = "a product by entries") -> Value:
        a, b = cls.alike(a, b, said, word, True)
        if isinstance(a, Eye) and isinstance(b, Eye):
            return Eye(a.factor * b.factor)
        if isinstance(a, Eye) or isinstance(b, Eye):
            eye, number = (a, b) if isinstance(a, Eye) else (b, a)
            assert isinstance(eye, Eye) and isinstance(number, np.ndarray)
            return Eye(eye.factor * float(number[0, 0]))
        return np.asarray(a * b)

    @classmethod
    def over(cls, a: Value, b: Value, said: tuple[object, object]) -> Value:
        if isinstance(b, Eye):
            raise _sizes("nothing is divided by I")
        return cls.times(a, 1.0 / b, said, "dividing them by entries")

    @classmethod
    def matmul(cls, a: Value, b: Value, said: tuple[object, object]) -> Value:
        if isinstance(a, Eye) or isinstance(b, Eye):
            if isinstance(a, Eye) and isinstance(b, Eye):
                return Eye(a.factor * b.factor)
            eye, other = (a, b) if isinstance(a, Eye) else (b, a)
            assert isinstance(eye, Eye) and isinstance(other, np.ndarray)
            return Eye(eye.factor * float(other[0, 0])) if is_number(other) else eye.factor * other
        if is_number(a) or is_number(b):
            return np.asarray(a * b)
        if a.shape[1] == b.shape[0]:
            return np.asarray(a @ b)
        if a.shape[1] == 1 and a.shape[0] == b.shape[0]:
            return np.asarray(a.T @ b)  # a missing .T: only a row fits
        raise _sizes(f"{said[0]} is {size(a)}, {said[1]} is {size(b)}: their product does not fit")

    @staticmethod
    def transpose(a: Value) -> Value:
        return a if isinstance(a, Eye) else a.T

    @staticmethod
    def inner(a: Value, b: Value, said: tuple[object, object]) -> Value:
        for one, other in ((a, b), (b, a)):
            if isinstance(one, Eye) and isinstance(other, np.ndarray) and other.shape[0] == other.shape[1]:
                return np.array([[one.factor * np.trace(other)]])
        if isinstance(a, Eye) or isinstance(b, Eye):
            raise _sizes(f"{said[0]} is {size(a)}, {said[1]} is {size(b)}: both sides of < , > have the same size")
        if a.shape != b.shape:
            turned = ", transposed" if a.shape == b.shape[::-1] else ""
            raise _sizes(
                f"{said[0]} is {size(a)}, {said[1]} is {size(b)}{turned}: both sides of < , > have the same size"
            )
        return np.array([[np.sum(a * b)]])

    @staticmethod
    def trace(a: Value, said: object) -> Value:
        if isinstance(a, Eye):
            raise _sizes("the size of I is not known here: write it beside a matrix")
        if a.shape[0] != a.shape[1]:
            raise _sizes(f"{said} is {size(a)}: only a square matrix has a trace")
        return np.array([[np.trace(a)]])

    @staticmethod
    def total(a: Value, axis: float | None) -> Value:
        if isinstance(a, Eye):
            raise _sizes("the size of I is not known here: write it beside a matrix")
        return np.asarray(np.sum(a, axis=None if axis is None else int(axis), keepdims=True))

    @classmethod
    def outer(cls, a: Value, b: Value, said: tuple[object, object]) -> Value:
        if isinstance(a, Eye) or isinstance(b, Eye) or a.shape[1] != 1 or b.shape[1] != 1:
            raise _sizes(f"{said[0]} is {size(a)}, {said[1]} is {size(b)}: `outer` takes two columns")
        return np.asarray(a @ b.T)


def softmax(a: np.ndarray) -> np.ndarray:
    """By rows."""
    e = np.exp(a - a.max(axis=1, keepdims=True))
    return np.asarray(e / e.sum(axis=1, keepdims=True))


def function(name: str, a: Value, axis: float | None, said: object) -> Value:
    """The value of a function of one argument."""
    if name == "tr":
        return Operations.trace(a, said)
    if name == "sum":
        return Operations.total(a, axis)
    if isinstance(a, Eye):
        if name == "inv" and a.factor:
            return Eye(1 / a.factor)
        raise _sizes(f"the size of I is not known in {name}(...): write it beside a matrix")
    if name in ("inv", "det"):
        if a.shape[0] != a.shape[1]:
            raise _sizes(f"{said} is {size(a)}: only a square matrix has {'an inverse' if name == 'inv' else 'a det'}")
        try:
            return np.linalg.inv(a) if name == "inv" else np.array([[np.linalg.det(a)]])
        except np.linalg.LinAlgError:
            raise Refused("finite", f"{said} has no inverse") from None
    if name == "norm":
        return np.array([[np.sqrt(np.sum(a * a))]])
    if name == "softmax":
        return softmax(a)
    by_entries: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "log": np.log,
        "exp": np.exp,
        "tanh": np.tanh,
        "sqrt": np.sqrt,
    }
    return by_entries[name](a)


def function_slope(name: str, a: Value, t: Value, value: Value, axis: float | None, said: object) -> Value:
    """The slope of a function of one argument, whose slope is t."""
    if name in PURE:
        return function(name, t, axis, said)
    if isinstance(a, Eye) or isinstance(t, Eye):
        return Eye(0.0)
    assert isinstance(value, np.ndarray)
    if name == "inv":
        return -value @ t @ value
    if name == "det":
        return np.array([[sum(np.linalg.det(_with_column(a, t, place)) for place in range(len(a)))]])
    if name == "norm":
        return np.array([[np.sum(a * t)]]) / value
    if name == "softmax":
        return np.asarray(value * (t - np.sum(value * t, axis=1, keepdims=True)))
    if name == "log":
        return np.asarray(t / a)
    if name == "exp":
        return np.asarray(value * t)
    if name == "tanh":
        return np.asarray((1 - value**2) * t)
    return np.asarray(t / (2 * value))  # sqrt


def _with_column(a: np.ndarray, t: np.ndarray, place: int) -> np.ndarray:
    """a with a column of t: det is linear in each, so its slope is a sum of such, also where a has no inverse."""
    made = a.copy()
    made[:, place] = t[:, place]
    return made


@dataclass
class Evaluator:
    """Evaluates expressions at one point; what was evaluated before is known.

    named: the expressions of the named parts. only: the one leaf that moves, where the others are held. forms: terms
    have forms.
    """

    point: Point
    named: Mapping[str, Node]
    only: Node | None = None
    forms: bool = True
    _values: dict[Node, Value] = field(default_factory=dict)
    _slopes: dict[Node, Value] = field(default_factory=dict)
    _terms: dict[Node, list[Term]] = field(default_factory=dict)
    _work: int = 0
    _degrees: dict[Node, int | None] = field(default_factory=dict)

    def value(self, node: Node) -> Value:
        """Of an expression without a differential."""
        if node not in self._values:
            self._values[node] = _finite(self._value(node), node)
        return self._values[node]

    def slope(self, node: Node) -> Value:
        """Along the directions, of an expression without a differential."""
        if node not in self._slopes:
            self.value(node)
            self._slopes[node] = _finite(self._slope(node), node)
        return self._slopes[node]

    def _value(self, node: Node) -> Value:
        op, children = node.op, node.children
        if op == "num":
            return np.array([[node.value or 0.0]])
        if op == "I":
            return Eye(1.0)
        if op in ("diff", "d"):
            raise Refused("twice", f"{Said(node)} is a differential, and here stands what has a value")
        if op == "name":
            return self.value(self.named[node.name]) if node.name in self.named else self.point.letters[node.name]
        if op == "neg":
            return _scaled(self.value(children[0]), -1.0)
        if op == "T":
            return Operations.transpose(self.value(children[0]))
        if op == "pow":
            base = self.value(children[0])
            if isinstance(base, Eye):
                raise _sizes("the size of I is not known in a power by entries")
            return np.asarray(base ** (node.value or 0.0))
        if op == "call" and len(children) == 1:
            return function(node.name, self.value(children[0]), node.value, Said(children[0]))
        left, right = (self.value(child) for child in children)
        if op == "mat":
            self._one_reading(node, right)
        return binary(node, left, right)

    def _one_reading(self, node: Node, right: Value) -> None:
        """Refuse `a @ x @ y`, columns all: it is a number times y, or the matrix a x' times y."""
        product = node.children[0]
        if product.op != "mat" or product.bracketed:
            return
        one, other = (self._any(child) for child in product.children)
        if any(isinstance(value, Eye) or is_number(value) for value in (one, other, right)):
            return
        if one.shape[1] == other.shape[1] == 1 and other.shape[0] == right.shape[0]:  # type: ignore[union-attr]
            raise Refused(
                "readings",
                f"{Said(product)} can be read as a number and as a matrix: write .T or brackets",
            )

    def _slope(self, node: Node) -> Value:
        op, children = node.op, node.children
        if op in ("num", "I"):
            return np.zeros((1, 1)) if op == "num" else Eye(0.0)
        if op == "name":
            if node.name in self.named:
                return self.slope(self.named[node.name])
            moves = node.name in self.point.directions and self.only in (None, node)
            return self.point.directions[node.name] if moves else np.zeros_like(self.point.letters[node.name])
        if op == "neg":
            return _scaled(self.slope(children[0]), -1.0)
        if op == "T":
            return Operations.transpose(self.slope(children[0]))
        if op == "pow":
            base, slope, power = self.value(children[0]), self.slope(children[0]), node.value or 0.0
            assert isinstance(base, np.ndarray) and isinstance(slope, np.ndarray)
            return np.asarray(power * base ** (power - 1) * slope)
        if op == "call" and len(children) == 1:
            a, t = self.value(children[0]), self.slope(children[0])
            return function_slope(node.name, a, t, self.value(node), node.value, Said(children[0]))
        (a, da), (b, db) = ((self.value(child), self.slope(child)) for child in children)
        if op in ("add", "sub"):
            return binary(node, da, db)
        if op == "div":
            first = binary(node, da, b)
            assert isinstance(b, np.ndarray) and isinstance(db, np.ndarray)
            second = Operations.times(a, -db / (b * b), ("", ""))
            return Operations.add(first, second, ("", ""))
        return Operations.add(binary(node, da, b), binary(node, a, db), ("", ""))

    def terms(self, node: Node) -> list[Term]:
        """Of an expression with a differential in each term. Literal zeros have none."""
        if node not in self._terms:
            found = self._terms[node] = self._terms_of(node)
            self._work += len(found)
            if self._work > MOST_WORK:
                raise Refused("long", "the derivation has too many terms and factors to be judged")
        return self._terms[node]

    def _terms_of(self, node: Node) -> list[Term]:
        op, children = node.op, node.children
        if op == "diff":
            return [Term(node, ("d", self._leaf(node)) if self.forms else (), 1.0, self._change(node))]
        if op == "d":
            slope = _finite(self.slope(children[0]), node)
            return [Term(node, ("d", self._leaf(node)) if self.forms else (), 1.0, slope)]
        if op in ("add", "sub"):
            left = self.terms(children[0]) if self.degree(children[0]) == 1 else []
            right = self.terms(children[1]) if self.degree(children[1]) == 1 else []
            if len(left) + len(right) > MOST_TERMS:
                raise Refused("long", f"a line has at most {MOST_TERMS} terms")
            sign = 1.0 if op == "add" else -1.0
            if left and right:
                both = _total(left), _total(right)
                shape = Operations.add(*both, (Said(children[0]), Said(children[1])), sign)
                left, right = (_spread(terms, shape) for terms in (left, right))
            return left + [Term(t.leaf, t.form, sign * t.factor, _scaled(t.value, sign)) for t in right]
        if op == "neg":
            return [Term(t.leaf, t.form, -t.factor, _scaled(t.value, -1.0)) for t in self.terms(children[0])]
        if op == "T":
            return [
                Term(t.leaf, _turned(t.form), t.factor, Operations.transpose(t.value)) for t in self.terms(children[0])
            ]
        if op == "call" and len(children) == 1:
            return [
                Term(
                    *(t.leaf, (node.name, node.value, t.form), t.factor),
                    _finite(function(node.name, t.value, node.value, Said(children[0])), node),
                )
                for t in self.terms(children[0])
            ]
        side = 0 if self.degree(children[0]) == 1 else 1
        constant = self.value(children[1 - side])
        if op == "mat":
            self._one_reading(node, constant if side == 0 else _total(self.terms(children[1])))
        return [self._product(node, side, constant, t) for t in self.terms(children[side])]

    def degree(self, node: Node) -> int | None:
        return _degree(node, self._degrees)

    def _any(self, node: Node) -> Value:
        return _total(self.terms(node)) if self.degree(node) == 1 else self.value(node)

    def _product(self, node: Node, side: int, constant: Value, term: Term) -> Term:
        pair = (term.value, constant) if side == 0 else (constant, term.value)
        value = _finite(binary(node, *pair), node)
        if not self.forms:
            return Term(term.leaf, (), 1.0, value)
        if node.op == "div":
            assert isinstance(constant, np.ndarray)
            constant = 1.0 / constant
        if is_number(constant) and node.op in ("mul", "mat", "div"):
            assert isinstance(constant, np.ndarray)
            return Term(term.leaf, term.form, term.factor * float(constant[0, 0]), value)
        if isinstance(constant, Eye) and node.op == "mat":
            return Term(term.leaf, term.form, term.factor * constant.factor, value)
        op, what = {"div": "mul"}.get(node.op, node.op), constant
        if op in ("mat", "mul") and is_number(term.value):
            op = "scale"
        elif op == "mat" and isinstance(pair[0], np.ndarray) and isinstance(pair[1], np.ndarray):
            if pair[0].shape[1] != pair[1].shape[0]:  # a missing .T, of the term itself or of the constant
                if side == 0:
                    term = Term(term.leaf, _turned(term.form), term.factor, Operations.transpose(term.value))
                else:
                    what = Operations.transpose(what)
        return Term(term.leaf, _wrapped((op, side if op != "mul" else 0), what, term.form), term.factor, value)

    def _leaf(self, node: Node) -> tuple:
        """What stands for `d(e)` in a form: the value of e."""
        inner = self.point.letters.get(node.name) if node.op == "diff" and node.name not in self.named else None
        value = (
            inner if inner is not None else self.value(self.named[node.name] if node.op == "diff" else node.children[0])
        )
        return fingerprint(value)

    def _change(self, node: Node) -> Value:
        if node.name in self.named:
            return self.slope(self.named[node.name])
        if node.name in self.point.directions:
            return self.point.directions[node.name]
        return np.zeros_like(self.point.letters[node.name])


def binary(node: Node, left: Value, right: Value) -> Value:
    """The value of an operation with two arguments."""
    said = Said(node.children[0]), Said(node.children[1])
    if node.op in ("add", "sub"):
        return Operations.add(left, right, said, 1.0 if node.op == "add" else -1.0)
    if node.op == "mul":
        return Operations.times(left, right, said)
    if node.op == "div":
        return Operations.over(left, right, said)
    if node.op == "mat":
        return Operations.matmul(left, right, said)
    if node.op == "ip":
        return Operations.inner(left, right, said)
    return Operations.outer(left, right, said)


def _total(terms: list[Term]) -> Value:
    total: Value = terms[0].value
    for term in terms[1:]:
        total = Operations.add(total, term.value, ("a term", "another"))
    return total


total = _total


def _spread(terms: list[Term], like: Value) -> list[Term]:
    """Terms of a number or a column, repeated as it is when it is added to a matrix."""
    if isinstance(like, Eye) or all(isinstance(t.value, Eye) or t.value.shape == like.shape for t in terms):
        return terms
    return [
        t if isinstance(t.value, Eye) else Term(t.leaf, ("spread", t.form), t.factor, t.value + np.zeros(like.shape))
        for t in terms
    ]


def _scaled(value: Value, factor: float) -> Value:
    return Eye(factor * value.factor) if isinstance(value, Eye) else np.asarray(factor * value)


def _finite(value: Value, node: Node) -> Value:
    if isinstance(value, np.ndarray) and not np.isfinite(value).all():
        raise Refused("finite", f"{Said(node)} is no finite number at random matrices")
    return value


class Said:
    """An expression as a message quotes it; written only if there is one."""

    __slots__ = ("node",)

    def __init__(self, node: Node) -> None:
        self.node = node

    def __str__(self) -> str:
        text = written(self.node)
        return f"`{text}`" if len(text) <= 60 else f"`{text[:40]} ...`"


def _wrapped(name: tuple, constant: Value, form: tuple) -> tuple:
    """A form multiplied by a constant; where brackets make no difference, in the one order that all are brought to."""
    if not isinstance(constant, Eye) and isinstance(form[0], tuple) and not isinstance(form[1], Eye):
        if name == ("mat", 0) and form[0] == ("mat", 1):
            return (form[0], form[1], _wrapped(name, constant, form[2]))
        if form[0] == name and name[0] == "mat":
            return (name, form[1] @ constant if name[1] == 0 else constant @ form[1], form[2])
        if form[0] == name and name[0] == "mul" and form[1].shape == constant.shape:
            return (name, form[1] * constant, form[2])
    return (name, constant, form)


def _turned(form: tuple) -> tuple:
    """A form, transposed."""
    if not form:
        return form
    return form[1] if form[0] == "T" else ("T", form)


def fingerprint(value: Value) -> tuple:
    """The same for equal values, up to rounding."""
    if isinstance(value, Eye):
        return ("I", float(f"{value.factor:.6g}"))
    largest = float(np.max(np.abs(value))) or 1.0
    digits = max(0, 6 - int(np.floor(np.log10(largest))))
    return (value.shape, tuple((np.round(value, min(digits, 15)) + 0.0).ravel().tolist()))


def look(form: tuple) -> tuple[tuple, float]:
    """A form with fingerprints in place of matrices, each scaled to size one, and the factor taken out."""
    if form[0] == "d":
        return form, 1.0
    if isinstance(form[0], tuple):
        name, constant, inner = form
        looked, factor = look(inner)
        if isinstance(constant, Eye):
            return (name, ("I",), looked), factor * constant.factor
        at = int(np.argmax(np.abs(constant)))
        scale = float(constant.ravel()[at])
        one = np.eye(len(constant)) if name[0] == "mat" else np.ones(constant.shape)
        if name[0] in ("mat", "mul") and one.shape == constant.shape and np.allclose(constant, scale * one, 0, 1e-9):
            return looked, factor * scale  # X @ inv(X)
        return (name, fingerprint(constant / scale) if scale else ("0",), looked), factor * scale
    looked, factor = look(form[-1])
    return (*form[:-1], looked), factor


def degree(node: Node) -> int | None:
    """How many differentials each term holds: 0 or 1; None: a literal zero. Errors: `Refused` where terms differ."""
    return _degree(node, {})


def _degree(node: Node, known: dict[Node, int | None]) -> int | None:
    if node not in known:
        known[node] = _degree_of(node, known)
    return known[node]


def _degree_of(node: Node, known: dict[Node, int | None]) -> int | None:
    op, children = node.op, node.children
    if op == "num":
        return 0 if node.value else None
    if op in ("name", "I"):
        return 0
    if op == "diff":
        return 1
    if op == "ip" and all(child.holds("diff", "d") for child in children):
        told = f"a differential is left inside G, {Said(children[0])}: in <G, dX> it stands at the right alone"
        raise Refused("in_gradient", told)
    found = [_degree(child, known) for child in children]
    if op == "d":
        if found[0]:
            raise Refused("twice", f"{Said(children[0])} under d( ) holds a differential: there is no second one here")
        return 1
    if op in ("neg", "T"):
        return found[0]
    if op in ("add", "sub"):
        if None in found:
            return found[0] if found[1] is None else found[1]
        if found[0] != found[1]:
            without = children[0] if not found[0] else children[1]
            raise Refused("degree", f"every term holds one differential, and {Said(without)} holds none")
        return found[0]
    if op == "div" and found[1]:
        raise Refused("under", f"nothing is divided by a differential, and {Said(children[1])} is one")
    if op == "pow" and found[0]:
        raise Refused("twice", f"{Said(node)} holds a differential twice")
    if op == "call" and len(children) == 1:
        if found[0] and node.name not in PURE:
            raise Refused("inside", f"a differential inside {node.name}(...): take d of all of it, and the chain rule")
        return found[0]
    if None in found:
        return 1 if 1 in found else None
    if sum(one or 0 for one in found) > 1:
        raise Refused("twice", f"two differentials in one term, {Said(node)}: such a term is small twice over")
    return sum(one or 0 for one in found)
