"""The language of derivations: from a text to statements, by a white list. Nothing is ever executed.

A text is bounded before it is read, a line while it is read: 6,000 characters, 40 lines; a line 250 nodes, depth 40.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

MOST_CHARACTERS, MOST_LINES, MOST_NODES, MOST_DEPTH = 6_000, 40, 250, 40
MOST_LEVELS = 130  # of a product of as many factors as a line can have
EXPONENTS = (1, -1, 2, -2, 3, 4, 0.5, -0.5)
LARGEST = 10_000
FUNCTIONS = {
    name: name for name in ("tr", "inv", "det", "log", "exp", "tanh", "sqrt", "softmax", "norm", "sum", "outer")
} | {"trace": "tr", "ln": "log"}
RESERVED = {*FUNCTIONS, "d", "I", "np", "linalg", "axis", "T"}
_TOKEN = re.compile(
    r"(?P<space>[ \t]+)|(?P<number>\d+\.?\d*|\.\d+)|(?P<name>[A-Za-z_]\w*)|(?P<op>\*\*|[-+*/@()\[\]<>=,.])|(?P<end>\n)"
)
_SIGNS = str.maketrans({"−": "-", "⟨": "<", "⟩": ">", "\t": " ", "\r": "\n", "\u00a0": " "})


class Refused(Exception):
    """A text, a line or a part of a line that cannot be taken; `code` says what kind, the message is for students."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Token:
    """kind: number, name, op or end. line: of the text, from 1."""

    kind: str
    text: str
    line: int
    start: int
    stop: int


@dataclass(frozen=True, eq=False)
class Node:
    """A part of an expression. Two are the same only if they are the same object.

    op: num, name, diff (`dX`), d (`d(...)`), neg, add, sub, mul, div, mat, pow, T, ip (`<G, dX>`), call, I.
    name: of a name, of what a `diff` is of, of a function. value: of a number; the exponent; the axis of a sum.
    bracketed: it stood in brackets.
    """

    op: str
    children: tuple[Node, ...] = ()
    name: str = ""
    value: float | None = None
    bracketed: bool = False
    depth: int = 0

    def walk(self) -> Iterator[Node]:
        """This node and all below it."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += node.children

    def holds(self, *ops: str) -> bool:
        return any(node.op in ops for node in self.walk())


@dataclass
class Part:
    """What stands between two `=`: its tokens, the line in which it begins, and its text."""

    tokens: list[Token]
    line: int
    text: str
    fault: Refused | None = None


@dataclass
class Statement:
    """Parts with `=` between them. continues: an `=` stands before the first one, too."""

    continues: bool = False
    parts: list[Part] = field(default_factory=list)


def statements(text: str) -> list[Statement]:
    """The statements of a text. Errors: `Refused` for what is too long."""
    if len(text) > MOST_CHARACTERS:
        raise Refused("long", f"it has {len(text)} characters; at most {MOST_CHARACTERS:,} are read")
    text = text.translate(_SIGNS)
    above = text[: len(text) - len(text.lstrip())].count("\n")  # empty lines, as after three quotes, do not count
    text = "\n".join(line.partition("#")[0] for line in text.split("\n"))
    if (count := sum(bool(line.strip()) for line in text.split("\n"))) > MOST_LINES:
        raise Refused("long", f"it has {count} lines; at most {MOST_LINES} are read")
    return _grouped(_tokens(text, 1 - above), text)


def _tokens(text: str, line: int) -> list[Token]:
    found, place = [], 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            found.append(Token("odd", text[place], line, place, place + 1))
            place += 1
            continue
        kind = match.lastgroup or ""
        if kind != "space":
            found.append(Token(kind, match.group(), line, place, match.end()))
        line += kind == "end"
        place = match.end()
    return found


def _odd(sign: str) -> str:
    if sign == "^":
        return "`^` is not known here; write `**` for a power by entries, `.T` for a transpose, `inv(X)` for an inverse"
    if sign in "'′’":
        return "a transpose is written `.T`, as in `x.T @ A @ x`"
    if sign in "·×∘⊙":
        return "a product is written `@`, one by entries `*`"
    return f"the sign {sign!r} is not known here"


def _grouped(tokens: list[Token], text: str) -> list[Statement]:
    """Cut at `=` and at the ends of lines, unless a bracket is open or an operator stands at the cut."""
    found: list[Statement] = []
    statement, part, depth = Statement(), list[Token](), 0

    def close_part(fault: Refused | None = None) -> None:
        nonlocal part, depth
        if part or fault:
            start, stop = part[0].start, part[-1].stop
            said = " ".join(text[start:stop].split())
            statement.parts.append(Part(part, part[0].line, said, fault))
        part, depth = [], 0

    def close() -> None:
        nonlocal statement
        close_part()
        if statement.parts:
            found.append(statement)
        statement = Statement()

    after_equals = False
    for place, token in enumerate(tokens):
        following = tokens[place + 1] if place + 1 < len(tokens) else None
        if token.kind == "end":
            if following is None or following.kind == "end" or (after_equals and not part):
                continue
            if depth:
                if following.text == "=":
                    close_part(Refused("bracket", "a bracket that is opened here is not closed"))
                continue
            carried = bool(part) and part[-1].text in ("+", "-", "*", "/", "@", "**", ",")
            if not carried and following.text not in ("+", "-", "*", "/", "@", "**", "="):
                close()
            continue
        if token.text == "=" and not (part and part[-1].text == "axis" and depth):
            if not part and not statement.parts and not after_equals:
                statement.continues = True
            close_part(Refused("bracket", "a bracket that is opened here is not closed") if depth else None)
            after_equals = True
            continue
        after_equals = False
        depth += (token.text in "([<") - (token.text in ")]>") if token.kind == "op" else 0
        depth = max(depth, 0)
        part.append(token)
    close()
    return found


def parse(part: Part, known: set[str]) -> Node:
    """The expression of a part. `known`: letters and named parts. Errors: `Refused`."""
    if part.fault:
        raise part.fault
    for token in part.tokens:
        if token.kind == "odd":
            raise Refused("sign", _odd(token.text))
    parser = _Parser(part.tokens, known)
    node = parser.sum(0)
    if parser.place < len(parser.tokens):
        token = parser.tokens[parser.place]
        if token.kind in ("name", "number") or token.text in "(<":
            raise Refused("syntax", f"a `*` or `@` is missing before `{token.text[:20]}`")
        raise Refused("syntax", f"`{token.text}` is not expected here")
    return node


class _Parser:
    """Recursive descent, as deep as `MOST_DEPTH` at most."""

    def __init__(self, tokens: list[Token], known: set[str]) -> None:
        self.tokens, self.known, self.place, self.nodes = tokens, known, 0, 0

    def next(self) -> str:
        return self.tokens[self.place].text if self.place < len(self.tokens) else ""

    def take(self, *texts: str) -> str:
        if self.next() in texts and self.place < len(self.tokens):
            self.place += 1
            return self.tokens[self.place - 1].text
        return ""

    def expect(self, text: str) -> None:
        if not self.take(text):
            token = self.tokens[self.place] if self.place < len(self.tokens) else None
            if token and token.kind in ("name", "number"):
                raise Refused("syntax", f"a `*` or `@` is missing before `{token.text[:20]}`")
            found = f"`{self.next()}`" if self.next() else "the end of the line"
            raise Refused("syntax", f"`{text}` is expected before {found}")

    def node(
        self, op: str, *children: Node, name: str = "", value: float | None = None, bracketed: bool = False
    ) -> Node:
        self.nodes += 1
        depth = 1 + max((child.depth for child in children), default=0)
        if self.nodes > MOST_NODES:
            raise Refused("long", f"a line has {MOST_NODES} parts at most; name some of them, as in `r = y - X @ w`")
        if depth > MOST_LEVELS:  # a long product is deep without being nested
            raise Refused("deep", "it is nested too deep")
        return Node(op, children, name, value, bracketed, depth)

    def nested(self, depth: int) -> int:
        if depth >= MOST_DEPTH:
            raise Refused("deep", f"it is nested more than {MOST_DEPTH} deep")
        return depth + 1

    def sum(self, depth: int) -> Node:
        depth = self.nested(depth)
        node = self.product(depth)
        while sign := self.take("+", "-"):
            node = self.node("add" if sign == "+" else "sub", node, self.product(depth))
        return node

    def product(self, depth: int) -> Node:
        node = self.signed(depth)
        while sign := self.take("*", "/", "@"):
            node = self.node({"*": "mul", "/": "div", "@": "mat"}[sign], node, self.signed(depth))
        return node

    def signed(self, depth: int) -> Node:
        signs = 0
        while sign := self.take("-", "+"):
            signs += sign == "-"
            depth = self.nested(depth)
        node = self.power(depth)
        return self.node("neg", node) if signs % 2 else node

    def power(self, depth: int) -> Node:
        node = self.transposed(depth)
        while self.take("**"):
            node = self.node("pow", node, value=self.exponent())
        return node

    def exponent(self) -> float:
        bracket = self.take("(")
        sign = -1 if self.take("-") else 1
        token = self.tokens[self.place] if self.place < len(self.tokens) else None
        value = None
        if token and token.kind == "number":
            self.place += 1
            value = sign * float(token.text)
            if bracket and self.take("/"):
                value = value / 2 if self.take("2") else None
        if bracket and value is not None:
            self.expect(")")
        if value not in EXPONENTS:
            told = "after `**` stands one of 1, 2, 3, 4, 0.5 or -1, -2, -0.5"
            matrix = "; a transpose is `.T`, an inverse `inv(X)`" if token and token.kind == "name" else ""
            raise Refused("exponent", told + matrix)
        return float(value)

    def transposed(self, depth: int) -> Node:
        node = self.atom(depth)
        while self.take("."):
            if not self.take("T"):
                raise Refused("syntax", f"`.{self.next()}` is not known here; there is only `.T`")
            node = self.node("T", node)
        return node

    def atom(self, depth: int) -> Node:
        if self.place >= len(self.tokens):
            raise Refused("syntax", "the line ends too early: something is missing after its last sign")
        token = self.tokens[self.place]
        self.place += 1
        if token.kind == "number":
            return self.number(token.text)
        if token.kind == "name":
            return self.named(token.text, depth)
        if token.text in ("(", "["):
            inner = self.sum(depth)
            self.expect(")" if token.text == "(" else "]")
            return Node(inner.op, inner.children, inner.name, inner.value, True, inner.depth)
        if token.text == "<":
            left = self.sum(depth)
            self.expect(",")
            right = self.sum(depth)
            self.expect(">")
            return self.node("ip", left, right, bracketed=True)
        raise Refused("syntax", f"`{token.text}` is not expected here")

    def number(self, text: str) -> Node:
        whole, _, decimals = text.partition(".")
        if len(whole.lstrip("0")) > 5 or float(text) > LARGEST or len(decimals.rstrip("0")) > 4:
            raise Refused("number", f"{text[:20]}: numbers go up to {LARGEST:,}, with four digits after the point")
        return self.node("num", value=float(text))

    def named(self, name: str, depth: int) -> Node:
        while name in ("np", "linalg", "numpy") and self.take("."):
            token = self.tokens[self.place] if self.place < len(self.tokens) else None
            if token is None or token.kind != "name":
                raise Refused("syntax", f"a function's name is expected after `{name}.`")
            self.place += 1
            name = token.text
            if name not in FUNCTIONS and name not in ("linalg",):
                raise Refused("function", _unknown(name))
        called = self.next() == "("
        if name in self.known and not called:
            return self.node("name", name=name)
        if name == "I" and not called:
            return self.node("I")
        if name == "d" and called:
            self.expect("(")
            inner = self.sum(depth)
            self.expect(")")
            if inner.op == "name":  # `dx` is short for `d(x)`
                return self.node("diff", name=inner.name, bracketed=True)
            return self.node("d", inner, bracketed=True)
        if name == "dI" and not called:
            return self.node("d", self.node("I"), bracketed=True)
        if name in FUNCTIONS:
            return self.call(FUNCTIONS[name], depth)
        if name[:1] == "d" and name[1:] in self.known and not called:
            return self.node("diff", name=name[1:])
        if called:
            raise Refused("function", f"`{name}(` : {_unknown(name)}; a product is written `@` or `*`")
        if name == "d":
            raise Refused("name", "`d` needs brackets around what it is the differential of: d(...)")
        raise Refused("name", f"`{name}` is not known: it is neither a letter of the function nor named before")

    def call(self, name: str, depth: int) -> Node:
        self.expect("(")
        children, axis = [self.sum(depth)], None
        while self.take(","):
            if name == "outer" and len(children) == 1:
                children.append(self.sum(depth))
            elif name == "sum" and axis is None and self.take("axis"):
                self.expect("=")
                axis = self.axis()
            else:
                raise Refused("syntax", f"`{name}` takes no such argument")
        self.expect(")")
        if name == "outer" and len(children) != 2:
            raise Refused("syntax", "`outer` takes two columns, as in `outer(x, y)`")
        return self.node("call", *children, name=name, value=axis, bracketed=True)

    def axis(self) -> float:
        sign = -1 if self.take("-") else 1
        if digit := self.take("0", "1"):
            return float(int(digit) if sign == 1 else 1)
        raise Refused("syntax", "the axis of a sum is 0 or 1")


def _unknown(name: str) -> str:
    return f"there is no function `{name}`; there are {', '.join(name for name in FUNCTIONS if name != 'trace')}"


ORDER = {"add": 1, "sub": 1, "mul": 2, "div": 2, "mat": 2, "neg": 3, "pow": 4, "T": 5}
SIGNS = {"add": " + ", "sub": " - ", "mul": " * ", "div": " / ", "mat": " @ "}


def number(value: float) -> str:
    return f"{value:.10g}"


def written(node: Node, places: dict[Node, str] | None = None) -> str:
    """The expression as text, with no bracket that is not needed. places: texts to write for some nodes."""
    if places and node in places:
        return places[node]

    def child(one: Node, least: int) -> str:
        said = written(one, places)
        return f"({said})" if ORDER.get(one.op, 9) < least else said

    if node.op == "num":
        return number(node.value or 0.0)
    if node.op == "name":
        return node.name
    if node.op == "I":
        return "I"
    if node.op == "diff":
        return f"d{node.name}"
    if node.op == "d":
        return f"d({written(node.children[0], places)})"
    if node.op == "ip":
        return f"<{written(node.children[0], places)}, {written(node.children[1], places)}>"
    if node.op == "call":
        axis = "" if node.value is None else f", axis={node.value:.0f}"
        return f"{node.name}({', '.join(written(one, places) for one in node.children)}{axis})"
    order = ORDER[node.op]
    if node.op == "neg":
        return f"-{child(node.children[0], order)}"
    if node.op == "T":
        return f"{child(node.children[0], order)}.T"
    if node.op == "pow":
        base = written(node.children[0], places)
        base = f"({base})" if ORDER.get(node.children[0].op, 9) < 5 else base
        return f"{base}**{number(node.value or 0.0)}"
    left, right = node.children
    return f"{child(left, order)}{SIGNS[node.op]}{child(right, order + 1)}"
