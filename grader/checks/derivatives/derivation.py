"""Judges a derivation line by line: is every line equal to the one before, and does the last one show the derivative?

The text is in the language of `language`. Lines are compared at random matrices, of several sizes, with differentials
as directional derivatives along random directions; which, is drawn anew for each text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256

import numpy as np

from grader.checks.derivatives import language
from grader.checks.derivatives.language import Node, Part, Refused, Statement, parse, statements, written
from grader.checks.derivatives.values import (
    Evaluator,
    Eye,
    Operations,
    Point,
    Term,
    Value,
    degree,
    fingerprint,
    is_number,
    look,
    size,
    total,
)

TOLERANCE = 1e-8
SIZES = ((5, 2, 3, 4, 6), (4, 3, 5, 2, 6), (6, 5, 2, 3, 4))  # by place; each odd once and even once at least
TRIES = 60  # to draw a point at which the function is defined
MOST_PLACES = 12  # of the variables in the function
MOST_EXPANDED = 600  # nodes of the function, with what it names written out
MOST_FACTORS = 12
MOST_LOOKED_AT = 4_000  # parts of functions
MOST_DEEP = 150
FLOOR = 1e-12  # all numbers are drawn of the size of 1
UNJUDGED = "this text cannot be judged as it stands: write it in shorter lines, one step in each"


@dataclass(frozen=True)
class Function:
    """A function whose derivative is derived.

    text     the function
    letters  of each letter its size: "n m" a matrix, "n" a column, "" a number; "n c one-hot" a matrix with a single 1
             in each row; "= n" the number n itself. Sizes are different where their names are, the first is largest
    wrt      the variables
    steps    how many lines have to count
    shows    what a line has to show: "terms", "part", "terms or part", "before", "inverse" or nothing
    """

    text: str
    letters: Mapping[str, str]
    wrt: tuple[str, ...]
    steps: int = 1
    shows: str = ""

    def __post_init__(self) -> None:
        bad = sorted(language.RESERVED & self.letters.keys()) + [name for name in self.wrt if name not in self.letters]
        if bad:
            raise ValueError(f"{', '.join(bad)}: no letter of a function can be called so")

    def check(self) -> None:
        """Errors: `ValueError` where the function cannot be read, or is defined nowhere."""
        try:
            point = draw(self, np.random.default_rng(0))[0]
            value = Evaluator(point, {}).value(self.parsed())
        except Refused as error:
            raise ValueError(f"{self.text}: {error}") from None
        if not is_number(value) and self.shows != "inverse":
            raise ValueError(f"{self.text} is {size(value)}; a derivation ends in <G, dX>, so it is of a number")

    def parsed(self) -> Node:
        said = statements(self.text)
        if len(said) != 1 or len(said[0].parts) != 1:
            raise Refused("syntax", "a function is one expression")
        return parse(said[0].parts[0], set(self.letters))

    def __hash__(self) -> int:
        return hash((self.text, tuple(self.letters.items()), self.wrt, self.steps, self.shows))


@dataclass
class Line:
    """One line of a chain, judged.

    number   of the line in the text
    right    equal to what the chain begins with; of the answer, to the differential of the function
    fault    why it is not right, or cannot be read
    counts   as a step
    shows    the rule that the exercise is about
    resolved it holds no d( ) any more, of the answer
    defines  the name, where it names a part of the function; its chain is 0
    rule     the rule that leads to it
    """

    number: int
    text: str
    chain: int
    node: Node | None = None
    fault: Refused | None = None
    right: bool = False
    counts: bool = False
    shows: bool = False
    resolved: bool = False
    values: list[Value] = field(default_factory=list)
    terms: list[list[Term]] = field(default_factory=list)
    defines: str = ""
    rule: str = ""


@dataclass
class Derivation:
    """What came of a derivation.

    lines    of all chains and named parts, in order
    whole    why the derivation as a whole is not right, though its lines are; None where it is, or a line is wrong
    half     a right line shows the rule, and one has no d( ) left
    lacks    why that is not so
    right    everything holds
    truth    the differential of the function, at each point
    places   the same if only one place of a variable moves: for two points, a value for each place
    """

    function: Function
    lines: list[Line] = field(default_factory=list)
    whole: Refused | None = None
    half: bool = False
    lacks: Refused | None = None
    right: bool = False
    names: dict[str, Node] = field(default_factory=dict)
    points: list[Point] = field(default_factory=list)
    evaluators: list[Evaluator] = field(default_factory=list)
    gradients: dict[str, Node] = field(default_factory=dict)
    truth: list[Value] = field(default_factory=list)
    places: list[list[Value]] = field(default_factory=list)

    @property
    def fault(self) -> Refused | None:
        """The first thing that is wrong, by the line."""
        for line in self.lines:
            if line.fault:
                return Refused(line.fault.code, f"line {line.number}: {line.fault}")
        return self.whole

    @property
    def answer(self) -> list[Line]:
        """The last chain."""
        last = max((line.chain for line in self.lines), default=0)
        return [line for line in self.lines if line.chain == last and last > 0]


def shown_at(found: Derivation, point: Point) -> np.ndarray | float:
    """At a point: the value of the line that shows the rule; where that is of the inverse, of d(inv(X)) in it."""
    evaluator = Evaluator(point, found.names)
    line = next(line for line in found.lines if line.shows)
    assert line.node is not None
    if found.function.shows != "inverse":
        return _plain(total(evaluator.terms(line.node)))
    letter = found.function.wrt[0]
    inverse = np.linalg.inv(point.letters[letter])
    every = [one for other in [line, *found.answer] if other.node for one in leaves(other.node)]
    inner = [one.children[0] if one.op == "d" else found.names.get(one.name) for one in every]
    return next(_plain(evaluator.slope(one)) for one in inner if one and alike(evaluator.value(one), inverse))


def answer_at(found: Derivation, point: Point) -> dict[str, np.ndarray | float]:
    """At a point: the gradients of the last line, by variables; where it is no canonical form, its value."""
    evaluator = Evaluator(point, found.names)
    if found.gradients:
        values = {name: evaluator.value(found.gradients[name]) for name in found.function.wrt}
        return {name: _plain(value, point.letters[name]) for name, value in values.items()}
    last = found.answer[-1].node
    assert last is not None
    return {name: _plain(total(evaluator.terms(last))) for name in found.function.wrt}


def _plain(value: Value, like: np.ndarray | None = None) -> np.ndarray | float:
    if isinstance(value, Eye):
        return value.factor * np.eye(len(like)) if like is not None else value.factor
    return float(value[0, 0]) if value.shape == (1, 1) else value


def draw(function: Function, rng: np.random.Generator) -> list[Point]:
    """Random points at which the function is a finite number, one for each set of sizes.

    Matrices have singular values between 1 and 2. Errors: `Refused` where no such point is found.
    """
    node = function.parsed()
    points = []
    for sizes in SIZES:
        for _ in range(TRIES):
            point = _drawn(function, sizes, rng)
            try:
                with np.errstate(all="ignore"):
                    evaluator = Evaluator(point, {})
                    evaluator.slope(node)
            except Refused as error:
                if error.code != "finite":
                    raise
                continue
            points.append(point)
            break
        else:
            raise Refused("finite", "the function is not finite at random matrices")
    return points


def _drawn(function: Function, sizes: tuple[int, ...], rng: np.random.Generator) -> Point:
    letters: dict[str, np.ndarray] = {}
    lengths: dict[str, int] = {}
    for said in function.letters.values():
        for name in said.removeprefix("=").split():
            if name != "one-hot":
                lengths.setdefault(name, sizes[len(lengths)])
    for letter, said in function.letters.items():
        names = said.split()
        if said.startswith("="):
            letters[letter] = np.array([[float(lengths[said.removeprefix("=").strip()])]])
        elif not names:
            letters[letter] = rng.uniform(0.5, 2, size=(1, 1))
        elif len(names) == 1:
            letters[letter] = rng.normal(size=(lengths[names[0]], 1))
        elif "one-hot" in names:
            rows, columns = lengths[names[0]], lengths[names[1]]
            letters[letter] = np.eye(columns)[rng.integers(columns, size=rows)]
        else:
            letters[letter] = regular(rng, lengths[names[0]], lengths[names[1]])
    directions = {letter: rng.normal(size=letters[letter].shape) for letter in function.wrt}
    return Point(letters, directions)


def regular(rng: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """A random matrix with singular values between 1 and 2."""
    least = min(rows, columns)
    left = np.linalg.qr(rng.normal(size=(rows, least)))[0]
    right = np.linalg.qr(rng.normal(size=(columns, least)))[0]
    return np.asarray(left * rng.uniform(1, 2, size=least) @ right.T)


@lru_cache(maxsize=8)
def judge(text: str, function: Function, seed: int = 0) -> Derivation:
    """The derivation, judged. The points are drawn from seed and text: no text can be made to fit them."""
    found = Derivation(function)
    digest = sha256(f"{seed}\0".encode() + text.encode("utf-8", "replace")).digest()
    try:
        found.points = draw(function, np.random.default_rng(int.from_bytes(digest[:8], "big")))
        found.evaluators = [Evaluator(point, found.names, forms=not place) for place, point in enumerate(found.points)]
        with np.errstate(all="ignore"):
            _read(found, statements(text))
    except Refused as error:
        found.whole = error
        return found
    try:
        with np.errstate(all="ignore"):
            _Judge(found).judge()
    except Exception:  # whatever somebody writes, it ends in a sentence
        return Derivation(function, whole=Refused("unjudged", UNJUDGED))
    return found


# Reading


def _read(found: Derivation, said: list[Statement]) -> None:
    """Lines and named parts of the text."""
    chain = 0
    began_with_df = False
    for statement in said:
        parts = list(statement.parts)
        name = _only_name(parts[0])
        known = {*found.function.letters, *found.names}
        if statement.continues:
            parts[0].fault = parts[0].fault or Refused("syntax", "nothing stands before this `=`")
        if name == "df" and len(parts) > 1:
            if began_with_df and not _is_d(parts[1]):
                _lines(found, parts[1:], chain, known)
                continue
            parts = parts if "f" in found.names else parts[1:]
            began_with_df = True
        elif name and len(parts) > 1 and not _is_known(name, known):
            fault = _name_part(found, name, parts, known)
            line = Line(parts[0].line, parts[1].text, 0, found.names.get(name), fault, defines=name)
            found.lines.append(line)
            if parts[2:]:
                begins = fault is None and (not chain or parts[2].line == parts[1].line)
                chain = chain + begins or 1
                _lines(found, parts[1:] if begins else parts[2:], chain, {*found.function.letters, *found.names})
            continue
        else:
            began_with_df = False
        chain += 1
        _lines(found, parts, chain, known)


def _only_name(part: Part) -> str:
    tokens = part.tokens
    return tokens[0].text if len(tokens) == 1 and tokens[0].kind == "name" else ""


def _is_d(part: Part) -> bool:
    """Is all of it one `d(...)`?"""
    texts, depth = [token.text for token in part.tokens], 0
    for place, text in enumerate(texts):
        depth += (text == "(") - (text == ")")
        if place and not depth and place < len(texts) - 1:
            return False
    return texts[:2] == ["d", "("]


def _is_known(name: str, known: set[str]) -> bool:
    return name in {*known, "I"} or (name[:1] == "d" and name[1:] in {*known, "I"})


def _name_part(found: Derivation, name: str, parts: list[Part], known: set[str]) -> Refused | None:
    """Name a part of the function; what speaks against it."""
    if name in language.RESERVED or len(name) > 20:
        return Refused("name", f"`{name}` cannot be the name of a part")
    if name[0] == "d" and (len(name) == 2 or name[1:2].isupper()):
        return Refused(
            "gradient_name",
            f"`{name}` means the change of {name[1:]}, and there is no {name[1:]}; call a gradient by another name, "
            f"as in `G = ...`",
        )
    if any(token.text in (name, f"d{name}") and token.line > parts[1].line for token in parts[1].tokens):
        told = "a sign that waits for more, or a bracket that is not closed, continues it in the next line"
        return parts[1].fault or Refused("syntax", f"`{name}` stands in what it names: {told}")
    try:
        node = parse(parts[1], known)
        if degree(node):
            return _named_differential(name, node)
        for evaluator in found.evaluators:
            evaluator.slope(node)
    except Refused as error:
        return error
    found.names[name] = node
    return None


def _named_differential(name: str, node: Node) -> Refused:
    changes = sorted({f"d{one.name}" for one in node.walk() if one.op == "diff"})
    if changes:
        return Refused("gradient_name", gradient_name(changes[0]))
    return Refused("name", f"`{name}` names a part of the function, and such a part holds no d( )")


def gradient_name(change: str) -> str:
    """What is said of `dZ = ...` where it is meant as a gradient."""
    return (
        f"`{change}` is the change of `{change[1:]}` here and no gradient; write the gradient out, or call it by "
        "another name, as in `G = ...`"
    )


def _lines(found: Derivation, parts: Iterable[Part], chain: int, known: set[str]) -> None:
    for part in parts:
        line = Line(part.line, part.text, chain)
        try:
            line.node = parse(part, known)
        except Refused as error:
            line.fault = error
            unnamed = {one.defines for one in found.lines if one.fault and one.defines} - known
            lost = next((t.text for t in part.tokens if {t.text, t.text[1:] if t.text[0] == "d" else ""} & unnamed), "")
            if error.code == "name" and lost:
                line.fault = Refused("name", f"`{lost}` is not known, since the line that names it is not right")
        found.lines.append(line)


# Judging


def _place(line: Line, seen_from: Line) -> str:
    return f"line {line.number}" if line.number != seen_from.number else "what stands before its `=`"


class _Judge:
    def __init__(self, found: Derivation) -> None:
        self.found, self.function = found, found.function
        self.evaluators = found.evaluators
        self.left = MOST_LOOKED_AT
        self.parts: dict[Node, set[tuple]] = {}
        node = self.function.parsed()
        self.values = [Evaluator(point, {}).value(node) for point in found.points]
        self.slopes = found.truth = [Evaluator(point, {}).slope(node) for point in found.points]

    def judge(self) -> None:
        found = self.found
        for line in found.lines:
            self.evaluate(line)
        answer = found.answer
        if not answer:
            if not found.fault:
                found.whole = Refused("empty", "no line is there: begin with d( ) of the function")
            return
        first = self.first_of(answer[0])
        if first:
            answer[0].fault = answer[0].fault or first
        for chain in sorted({line.chain for line in found.lines if line.chain}):
            lines = [line for line in found.lines if line.chain == chain]
            truth = self.slopes if lines is answer or lines[0] is answer[0] else lines[0].values
            self.compare(lines, truth, is_answer=lines[0] is answer[0])
        self.count()
        self.show()
        self.conclude()

    def evaluate(self, line: Line) -> None:
        if line.node is None or not line.chain:
            return
        try:
            if degree(line.node) == 1:
                line.terms = [evaluator.terms(line.node) for evaluator in self.evaluators]
                line.values = [total(terms) for terms in line.terms]
            else:
                line.values = [evaluator.value(line.node) for evaluator in self.evaluators]
        except Refused as error:
            line.fault = error
            line.terms, line.values = [], []

    def first_of(self, line: Line) -> Refused | None:
        """What is wrong with the first line of the answer."""
        if line.node is None or line.fault:
            return line.fault
        inner = self.argument(line.node)
        if inner is None and line.node.op == "diff":
            inner = Node("name", name=line.node.name)
        after = any(one.chain < line.chain and self.own(one) for one in self.found.lines)
        told = "this begins a new derivation, since no `=` stands before it, and the last one is the answer; "
        told = f"{told}what is no line of it belongs after a `#`" if after else ""
        if inner is None:
            told = told or "d( ) is missing around all of it: the answer begins with d( ) of the function"
            return Refused("no_d", told)
        if not self.is_function(inner):
            return Refused("other_function", told or f"this is not the function of the exercise, {self.function.text}")
        return None

    def argument(self, node: Node) -> Node | None:
        """e of `d(e)`, and of `df` where f is a named part."""
        if node.op == "d":
            return node.children[0]
        return self.found.names.get(node.name) if node.op == "diff" else None

    def is_function(self, node: Node) -> bool:
        try:
            values = [evaluator.value(node) for evaluator in self.evaluators]
        except Refused:
            return False
        return all(equal(one, other) for one, other in zip(values, self.values))  # noqa: B905

    def compare(self, lines: list[Line], truth: list[Value], is_answer: bool) -> None:
        """Which lines are equal to the truth; and what is to be said of the others."""
        before: Line | None = None
        for line in lines:
            if line.fault is None and line.values and truth:
                fault = self.unlike(line, truth, None if is_answer else lines[0], before)
                line.right = fault is None
                line.fault = fault
            elif line.values and truth and is_answer:
                # The first line may be right but for its d( ).
                line.right = bool(line.terms) and self.unlike(line, truth, None, None) is None
            before = line

    def unlike(self, line: Line, truth: list[Value], first: Line | None, before: Line | None) -> Refused | None:
        """Why the line is not the truth; `first`: the line that it begins with, where it is not the answer."""
        bare = line.node is not None and degree(line.node) == 0
        if bare and first and before and before.node and before.node.op == "diff":
            return Refused("gradient_name", gradient_name(written(before.node)))
        if bare and not first:
            return Refused("degree", "no term of this line holds a differential, and each has to hold one")
        like = before if before and before.right else first
        said = _place(like, line) if like else "the differential of the function"
        for value, wanted, terms in zip(line.values, truth, line.terms or [[]] * len(truth)):  # noqa: B905
            if comparable(value, wanted) and equal(value, wanted, terms):
                continue
            if bare and before and before is first and first.node and first.node.op == "name":
                return Refused("name", f"`{first.node.name}` has a meaning already; give this another name")
            if not comparable(value, wanted):
                return Refused("sizes", f"it is {size(value)}, {said} is {size(wanted)}")
            if before and before.values and not before.right and same_values(line.values, before.values):
                return Refused("follows", f"it follows from {_place(before, line)}, which is not right")
            return Refused("unequal", f"it is not equal to {said}")
        return None

    # Steps

    def count(self) -> None:
        """Which right lines are steps."""
        seen: list[dict] = []
        parts = set(self.parts_of(self.function.parsed()))
        if self.function.shows == "inverse":  # d(X @ inv(X)) may come in anywhere
            rows = len(self.found.points[0].letters[self.function.wrt[0]])
            parts |= {fingerprint(Eye(1.0)), fingerprint(np.eye(rows))}
        begun: set[int] = set()
        for line in self.found.lines:
            if line.node is None or not line.values or not line.chain:
                continue
            first = line.chain not in begun  # what comes before d( ) of something that changes is no step
            if line.terms and any(isinstance(one.value, np.ndarray) and one.value.any() for one in line.terms[0]):
                begun.add(line.chain)
            looks = self.looks(line)
            known = all(self.leaf_known(leaf, parts) for leaf in leaves(line.node)) or first
            if first or known:
                for leaf in leaves(line.node):
                    inner = self.argument(leaf)
                    if inner is not None:
                        parts |= self.parts_of(inner)
            repeats = any(same_looks(looks, other) for other in seen)
            line.counts = line.right and not first and not repeats and known
            seen.append(looks)

    def looks(self, line: Line) -> dict:
        """A line up to brackets, order of terms and rewriting of what holds no differential."""
        if not line.terms:
            return {("value", fingerprint(line.values[0])): 1.0}
        found: dict = {}
        for term in line.terms[0]:
            form, factor = look(term.form)
            found[form] = found.get(form, 0.0) + term.factor * factor
        return {form: factor for form, factor in found.items() if abs(factor) > 1e-9}

    def leaf_known(self, leaf: Node, parts: set[tuple]) -> bool:
        if leaf.op == "diff":
            return True
        try:
            return fingerprint(self.evaluators[0].value(leaf.children[0])) in parts
        except Refused:
            return False

    def parts_of(self, node: Node) -> set[tuple]:
        """Values of all parts of an expression: factors and terms that stand beside each other, with sign, turned."""
        if node in self.parts:
            return self.parts[node]
        found = self.parts[node] = set()
        for part in self.subexpressions(node):
            self.left -= 1
            if self.left < 0:
                break
            try:
                value = self.evaluators[0].value(part)
            except Refused:
                continue
            found |= {fingerprint(value), fingerprint(Operations.transpose(value))}
            if isinstance(value, np.ndarray):
                found.add(fingerprint(-value))
        return found

    def subexpressions(self, node: Node) -> Iterator[Node]:
        """All parts of an expression, named parts written out, and neighbours in chains of products and sums."""
        waiting, seen = [node], set[Node]()
        while waiting and len(seen) < MOST_EXPANDED:
            one = waiting.pop()
            if one in seen:
                continue
            seen.add(one)
            yield one
            if one.op == "name" and one.name in self.found.names:
                waiting.append(self.found.names[one.name])
            waiting += one.children
            if one.op == "mat":
                yield from neighbours(one)

    # The rule

    def show(self) -> None:
        answer = self.found.answer
        shows, right = self.function.shows, [line for line in answer if line.right]
        own = [inner for line in answer if (inner := self.own(line)) is not None][:4]
        places = [places_of(self.found, inner) for inner in own or [self.function.parsed()]]
        self.found.places = places[0]
        for line in right:
            line.resolved = self.is_resolved(line)
            if shows in ("terms", "terms or part"):
                line.shows = any(self.matches(line, one) for one in places)
            if shows in ("part", "terms or part") and not line.shows:
                line.shows = self.has_part(line, own or [self.function.parsed()])
            if shows == "before":
                line.shows = self.is_before(line)
            if not shows:
                line.shows = True
        if shows == "inverse":
            for line in [line for line in self.found.lines if line.chain]:
                first = next(one for one in self.found.lines if one.chain == line.chain)
                equal = line.right or (line is not first and same_values(line.values, first.values))
                line.shows = equal and bool(line.values) and self.inverse_rule(line)

    def own(self, line: Line) -> Node | None:
        """The function as the student writes it in this line, `d(f)`."""
        inner = self.argument(line.node) if line.node is not None else None
        return inner if inner is not None and self.is_function(inner) else None

    def matches(self, line: Line, places: list[list[Value]]) -> bool:
        """Is there one term for every place?"""
        if not places or not places[0] or not line.terms:
            return False
        for terms, wanted in zip(line.terms, places):  # noqa: B905
            left = [term.value for term in terms]
            for value in wanted:
                match = next(
                    (place for place, one in enumerate(left) if comparable(one, value) and equal(one, value)), None
                )
                if match is None:
                    return False
                del left[match]
        return True

    def has_part(self, line: Line, own: list[Node]) -> bool:
        """Does the line hold d of a part of the function, that is, of neither the function nor a variable?"""
        if line.node is None or line.node.op == "d":
            return False
        parts: set[tuple] = set()
        for function in own:
            parts |= self.parts_of(function)
        weights: dict[Node, float] = {}
        for form, factor in self.looks(line).items():
            for term in line.terms[0]:
                if look(term.form)[0] == form and np.any(term.value if isinstance(term.value, np.ndarray) else 1):
                    weights[term.leaf] = factor
        return any(self.is_part(leaf, parts) for leaf in weights)

    def is_part(self, leaf: Node, parts: set[tuple]) -> bool:
        inner = self.argument(leaf)
        if inner is None:
            return False
        try:
            if fingerprint(self.evaluators[0].value(inner)) not in parts:
                return False
            values = [evaluator.value(inner) for evaluator in self.evaluators]
            slopes = [evaluator.slope(inner) for evaluator in self.evaluators]
        except Refused:
            return False
        if not all(isinstance(slope, np.ndarray) and np.abs(slope).max() > 1e-12 for slope in slopes):
            return False
        for letter in self.function.wrt:
            variable = self.found.points[0].letters[letter]
            if any(
                isinstance(values[0], np.ndarray) and equal_up_to_a_factor(values[0], one)
                for one in (variable, variable.T)
            ):
                return False
        ratios = [
            slope.ravel()[0] / whole.ravel()[0]
            for slope, whole in zip(slopes, self.slopes)  # noqa: B905
            if isinstance(slope, np.ndarray) and isinstance(whole, np.ndarray) and slope.shape == whole.shape
        ]
        return not (len(ratios) == len(slopes) and np.allclose(ratios, ratios[0], rtol=1e-7))

    def is_resolved(self, line: Line) -> bool:
        """Only changes of the variables are left; where there are several, each of them."""
        if line.node is None or not line.terms:
            return False
        found = leaves(line.node)
        bare = all(leaf.op == "diff" and leaf.name not in self.found.names for leaf in found)
        names = {leaf.name for leaf in found}
        return bare and (len(self.function.wrt) == 1 or names >= set(self.function.wrt))

    def is_before(self, line: Line) -> bool:
        """The variable's change stands in a line that is not the canonical form."""
        if line.node is None or not line.terms or not line.resolved:
            return False
        forms = list(self.looks(line))
        # The canonical form is none, nor is the sum of its thirds.
        return not (len(forms) == 1 and forms[0][0] in (("ip", 0), ("ip", 1)) and forms[0][2][0] == "d")

    def inverse_rule(self, line: Line) -> bool:
        """The product rule of X inv(X) or inv(X) X: a term has dX beside the inverse, another d(inv(X)) beside X.

        All of it may stand beside a factor. Or it is solved: d(X inv(X)) and the term with dX, of opposite signs. The
        rule added as a zero to the result shows nothing: in the answer, no other term holds dX.
        """
        letter = self.function.wrt[0]
        X = self.found.points[0].letters[letter]
        inverse, dX = np.linalg.inv(X), self.found.points[0].directions[letter]
        slope = -inverse @ dX @ inverse
        found = line.terms[0] if line.terms else []
        of_X = [term for term in found if self.leaf_is(term, X)]
        of_inverse = [term for term in found if self.leaf_is(term, inverse)]
        of_product = [term for term in found if self.is_product(term.leaf, X, inverse)]
        if len(of_X) > 1 and line in self.found.answer:
            return False
        beside: list[tuple[int, np.ndarray] | None] = [None, (1, inverse), (0, inverse), (1, X), (0, X)]
        for moved, held in ((dX @ inverse, X @ slope), (inverse @ dX, slope @ X)):
            for at in beside:
                one, other = _beside(moved, at), _beside(held, at)
                for sign in (1.0, -1.0):
                    if not any(alike(term.value, sign * one) for term in of_X):
                        continue
                    if any(alike(term.value, sign * other) for term in of_inverse):
                        # Multiplied by the inverse, d(inv(X)) beside X inv(X) has the value of d(inv(X)) alone.
                        if at is None or self.holds_product(line, X, inverse):
                            return True
                    if any(term.factor == -sign and _stands_beside(term, at) for term in of_product):
                        return True
        return False

    def is_product(self, leaf: Node, X: np.ndarray, inverse: np.ndarray) -> bool:
        """Is it d(X inv(X)), or d(inv(X) X)?"""
        inner = self.argument(leaf)
        while inner is not None and inner.op == "name" and inner.name in self.found.names:
            inner = self.found.names[inner.name]
        if inner is None or inner.op != "mat":
            return False
        one, other = (self.evaluators[0].value(child) for child in inner.children)
        return (alike(one, X) and alike(other, inverse)) or (alike(one, inverse) and alike(other, X))

    def holds_product(self, line: Line, X: np.ndarray, inverse: np.ndarray) -> bool:
        """Is d(inv(X)) multiplied by X as it is written, beside another inverse?"""
        if line.node is None:
            return False
        for node in line.node.walk():
            if node.op == "mat" and any(child.op in ("d", "diff") for child in node.children):
                other = next((child for child in node.children if child.op not in ("d", "diff")), None)
                try:
                    if other is not None and alike(self.evaluators[0].value(other), X):
                        return True
                except Refused:
                    continue
        return False

    def leaf_is(self, term: Term, value: np.ndarray) -> bool:
        if term.leaf.op == "diff" and term.leaf.name not in self.found.names:
            return alike(self.found.points[0].letters[term.leaf.name], value)
        inner = self.argument(term.leaf)
        return inner is not None and alike(self.evaluators[0].value(inner), value)

    # The end

    def canonical(self, node: Node) -> dict[str, Node]:
        """The gradients G of `<G, dX>`, or of a sum of such, one for each variable; none where it is not that."""
        found: dict[str, Node] = {}
        waiting = [node]
        while waiting:
            one = waiting.pop()
            if one.op == "add" and len(self.function.wrt) > 1:
                waiting += one.children
                continue
            if one.op != "ip" or one.children[1].op != "diff":
                return {}
            name = one.children[1].name
            if name not in self.function.wrt or name in found or degree(one.children[0]) == 1:
                return {}
            found[name] = one.children[0]
        return found if len(found) == len(self.function.wrt) else {}

    def conclude(self) -> None:
        found, function = self.found, self.function
        answer = found.answer
        last = answer[-1]
        shown = [line for line in (found.lines if function.shows == "inverse" else answer) if line.shows]
        resolved = function.shows == "inverse" or any(line.resolved for line in answer)
        found.half = bool(shown) and resolved
        if not found.half:
            found.lacks = self.no_rule(bool(shown)) if shown or not found.fault else found.fault
        if last.node is not None and last.right:
            found.gradients = self.canonical(last.node)
            ends = self.ends(last)
        else:
            ends = None
        if found.fault:
            return
        if ends:
            last.fault = ends
        elif not found.half:
            found.whole = self.no_rule(bool(shown))
        elif sum(line.counts for line in found.lines) < function.steps:
            counted = sum(line.counts for line in found.lines)
            told = {0: "no line after the first counts", 1: "1 line after the first counts"}
            found.whole = Refused(
                "steps",
                f"{told.get(counted, f'{counted} lines after the first count')}, at least {function.steps} have to: "
                "what only moves brackets, terms or factors without a differential is no step",
            )
        found.right = found.fault is None

    def ends(self, line: Line) -> Refused | None:
        """What is wrong with the form of the last line."""
        node, wrt = line.node, self.function.wrt
        assert node is not None
        found = leaves(node)
        if self.function.shows == "inverse":
            bare = [leaf for leaf in found if leaf.op == "diff" and leaf.name == wrt[0]]
            if len(found) == 1 and bare and not node.holds("ip", "add", "sub"):
                return None
            return Refused("canonical", f"the last line is to be one product with one d{wrt[0]} and no d( ) in it")
        if self.canonical(node):
            return None
        inside = [one for one in node.walk() if one.op == "ip" and degree(one.children[0]) == 1]
        if inside:
            return Refused("in_gradient", "a differential is left inside G: in <G, dX> it stands at the right alone")
        wanted = " + ".join(f"<G{place if len(wrt) > 1 else ''}, d{name}>" for place, name in enumerate(wrt, start=1))
        return Refused("canonical", f"the last line is to be {wanted}: the canonical form, from which G is read off")

    def no_rule(self, shown: bool) -> Refused:
        if shown:
            names = " and ".join(f"d{name}" for name in self.function.wrt)
            return Refused("left", f"no right line has {names} without a d( ) left")
        told = {
            "terms": "the product rule has one term for every place of the variable",
            "terms or part": "the product rule has one term for every place of the variable, or take d of a part",
            "part": "the chain rule leads to d of a part of the function",
            "before": f"d{self.function.wrt[0]} stands in a line before the canonical form",
            "inverse": "the product rule for X @ inv(X), which is I, tells what d(inv(X)) is",
        }
        return Refused("no_rule", f"no line shows the rule: {told.get(self.function.shows, '')}")


def _beside(value: np.ndarray, at: tuple[int, np.ndarray] | None) -> np.ndarray:
    """Multiplied by a factor, 1: from the left, 0: from the right."""
    if at is None:
        return value
    return np.asarray(at[1] @ value if at[0] else value @ at[1])


def _stands_beside(term: Term, at: tuple[int, np.ndarray] | None) -> bool:
    """Is it its leaf, multiplied by this factor?"""
    form = term.form
    if at is None or form[0] == "d":
        return at is None and form[0] == "d"
    return form[0] == ("mat", at[0]) and form[2][0] == "d" and alike(form[1], at[1])


def agrees(node: Node, evaluators: list[Evaluator], truth: list[Value]) -> bool:
    """Is the expression equal to the truth at every point? False where it cannot be evaluated."""
    try:
        with np.errstate(all="ignore"):
            if degree(node) == 1:
                return all(alike(total(one.terms(node)), wanted) for one, wanted in zip(evaluators, truth))  # noqa: B905
            return all(alike(one.value(node), wanted) for one, wanted in zip(evaluators, truth))  # noqa: B905
    except Refused:
        return False


def places_of(found: Derivation, function: Node) -> list[list[Value]]:
    """At each point: for every place of a variable in the function, its differential if only this place moves."""
    copy = expanded(found, function)
    if copy is None:
        return []
    movable = [one for one in copy.walk() if one.op == "name" and one.name in found.function.wrt]
    if len(movable) > MOST_PLACES:
        return []
    at_each: list[list[Value]] = []
    for point in found.points[:2]:
        slopes: list[Value] = []
        for leaf in movable:
            try:
                slopes.append(Evaluator(point, {}, only=leaf).slope(copy))
            except Refused:
                return []
        at_each.append([value for value in slopes if isinstance(value, np.ndarray) and np.abs(value).max() > 1e-12])
    return at_each


def expanded(found: Derivation, node: Node) -> Node | None:
    """A copy, named parts written out, in which each place is a node of its own; None where it gets too long."""
    left = MOST_EXPANDED

    def copied(one: Node, deep: int) -> Node:
        nonlocal left
        left -= 1
        if left < 0 or deep > MOST_DEEP:
            raise Refused("long", "")
        if one.op == "name" and one.name in found.names:
            return copied(found.names[one.name], deep + 1)
        children = tuple(copied(child, deep + 1) for child in one.children)
        return Node(one.op, children, one.name, one.value, one.bracketed)

    try:
        return copied(node, 0)
    except Refused:
        return None


def leaves(node: Node) -> list[Node]:
    """The `dX` and `d(...)` of an expression."""
    return [one for one in node.walk() if one.op in ("diff", "d")]


def neighbours(node: Node) -> Iterator[Node]:
    """Products of factors that stand beside each other in a chain."""
    factors: list[Node] = []
    while node.op == "mat":
        factors.append(node.children[1])
        node = node.children[0]
    factors = [node, *reversed(factors)][:MOST_FACTORS]
    for start in range(1, len(factors)):
        product = factors[start]
        for factor in factors[start + 1 :]:
            product = Node("mat", (product, factor), bracketed=False)
            yield product


def comparable(one: Value, other: Value) -> bool:
    """Have both one size, or is one of them a zero, or a multiple of I?"""
    if isinstance(one, Eye) or isinstance(other, Eye):
        return True
    return one.shape == other.shape or any(not value.any() and value.shape == (1, 1) for value in (one, other))


def equal(one: Value, other: Value, terms: Iterable[Term] = ()) -> bool:
    """Up to rounding, for values that are comparable."""
    if isinstance(one, Eye) and isinstance(other, Eye):
        return bool(np.isclose(one.factor, other.factor, rtol=TOLERANCE, atol=TOLERANCE))
    if isinstance(one, Eye) or isinstance(other, Eye):
        eye, matrix = (one, other) if isinstance(one, Eye) else (other, one)
        assert isinstance(eye, Eye) and isinstance(matrix, np.ndarray)
        if matrix.shape[0] != matrix.shape[1]:
            return eye.factor == 0 and float(np.abs(matrix).max()) < TOLERANCE
        one, other = eye.factor * np.eye(len(matrix)), matrix
    if not comparable(one, other):
        return False
    assert isinstance(one, np.ndarray) and isinstance(other, np.ndarray)
    largest = max(float(np.abs(one).max()), float(np.abs(other).max()))
    sizes = [float(np.abs(t.value).max()) for t in terms if isinstance(t.value, np.ndarray)]
    rounding = FLOOR + 1e-13 * min(max(sizes, default=0.0), 1e4)
    return bool(np.all(np.abs(one - other) <= TOLERANCE * largest + rounding))


def alike(one: Value, other: Value) -> bool:
    return comparable(one, other) and equal(one, other)


def same_values(one: list[Value], other: list[Value]) -> bool:
    return len(one) == len(other) and all(alike(a, b) for a, b in zip(one, other))  # noqa: B905


def equal_up_to_a_factor(one: np.ndarray, other: np.ndarray) -> bool:
    if one.shape != other.shape:
        return False
    at = np.unravel_index(int(np.argmax(np.abs(other))), other.shape)
    return bool(np.allclose(one, other * (one[at] / other[at]), rtol=1e-7, atol=1e-9))


def same_looks(one: dict, other: dict) -> bool:
    return one.keys() == other.keys() and all(np.isclose(one[form], other[form], rtol=1e-6) for form in one)


def shown(node: Node) -> str:
    """An expression in a sentence."""
    return f"`{written(node)}`"
