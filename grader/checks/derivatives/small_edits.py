"""What is wrong with a line: small edits of it are tried, and the first that makes it right is the sentence.

    they agree if `A` and `B` change places

An edit is tried at the points at which the line was found to be wrong. It is a guess at what was meant, not a proof.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import numpy as np

from grader.checks.derivatives.derivation import Derivation, Line, agrees, alike, leaves
from grader.checks.derivatives.language import Node, Refused, written
from grader.checks.derivatives.values import Evaluator, Eye, Value, degree

MOST = 400  # edits of a line
FACTORS = (2.0, 0.5, 3.0, 4.0, 0.25)
TERM_WIDTH = 60


def explained(found: Derivation, line: Line, before: Line | None, truth: list[Value], places: list[list[Value]]) -> str:
    """A clause that says what would make the line right; "" if no small edit does."""
    node = line.node
    if node is None:
        return ""
    evaluators = [Evaluator(point, found.names, forms=False) for point in found.points]
    if line.values and (said := _multiple(found, line, truth) or _lost(line, before, truth)):
        return said
    tried = islice(_edits(node, found, before), MOST)
    said = next((f"they agree if {said}" for edited, said in tried if agrees(edited, evaluators, truth)), "")
    return (
        said or (line.values and _place(line, truth, places)) or _constant(found, line) or _symmetric_only(found, line)
    )


def _multiple(found: Derivation, line: Line, truth: list[Value]) -> str:
    """The whole line is off by a factor."""
    ratios = [_ratio(wanted, value) for value, wanted in zip(line.values, truth)]  # noqa: B905
    if any(ratio is None for ratio in ratios):
        return ""
    first = ratios[0] or 0.0
    if np.allclose(ratios, first, rtol=1e-7):  # type: ignore[arg-type]
        if np.isclose(first, -1):
            return "the sign of all of it is wrong"
        if np.isclose(abs(first), 2) or np.isclose(abs(first), 0.5):
            lost = "is missing" if abs(first) > 1 else "too many"
            return f"a factor 2 {lost}{' and the sign is wrong' if first < 0 else ''}"
    for name in found.function.letters:
        numbers = [point.letters[name] for point in found.points]
        if all(number.shape == (1, 1) for number in numbers):
            known = [float(number[0, 0]) for number in numbers]
            if np.allclose(ratios, known, rtol=1e-7):  # type: ignore[arg-type]
                return f"a factor `{name}` is missing"
            if np.allclose(ratios, [1 / one for one in known], rtol=1e-7):  # type: ignore[arg-type]
                return f"it has to be divided by `{name}`"
    return ""


def _ratio(one: Value, other: Value) -> float | None:
    """The number that one is of the other, or None."""
    if not (isinstance(one, np.ndarray) and isinstance(other, np.ndarray) and one.shape == other.shape):
        return None
    at = np.unravel_index(int(np.argmax(np.abs(other))), other.shape)
    if not other[at]:
        return None
    ratio = float(one[at] / other[at])
    return ratio if ratio and np.allclose(one, ratio * other, rtol=1e-7, atol=1e-10) else None


def _left(line: Line, truth: list[Value]) -> list[Value]:
    """What is missing, at each point; nothing where the sizes differ."""
    pairs = list(zip(line.values, truth))  # noqa: B905
    if any(isinstance(a, Eye) or isinstance(b, Eye) or a.shape != b.shape for a, b in pairs):
        return []
    return [np.asarray(wanted - value) for value, wanted in pairs]  # type: ignore[operator]


def _lost(line: Line, before: Line | None, truth: list[Value]) -> str:
    """A term of the line before is lost."""
    left = _left(line, truth)
    if left and before and before.right and before.terms and len(before.terms[0]) > 1:
        for place, term in enumerate(before.terms[0]):
            if _alike(term.value, left[0]) and _alike(before.terms[1][place].value, left[1]):
                return f"a term is missing, the {ordinal(place)} of that line"
    return ""


def _place(line: Line, truth: list[Value], places: list[list[Value]]) -> str:
    """A term of the product rule is missing."""
    left = _left(line, truth)
    if left and len(places) > 1 and len(places[0]) > 1:
        for one, other in zip(*places):  # noqa: B905
            if _alike(one, left[0]) and _alike(other, left[1]):
                often = {2: "twice"}.get(len(places[0]), f"{len(places[0])} times")
                return f"a term is missing: what changes stands there {often}, and each time it changes"
    return ""


def _constant(found: Derivation, line: Line) -> str:
    """A constant is differentiated."""
    for leaf in leaves(line.node) if line.node else []:
        name = leaf.children[0].name if leaf.op == "d" and leaf.children[0].op == "name" else leaf.name
        if name and name not in found.names and name not in found.function.wrt:
            return f"`{name}` is constant here, so `d{name}` is 0"
    return ""


def _symmetric_only(found: Derivation, line: Line) -> str:
    """A line of the answer that is right for a symmetric matrix."""
    if line not in found.answer or line.node is None or not line.values:
        return ""
    function = found.function.parsed()
    for name in found.function.letters:
        if name in found.function.wrt or not _is_square(found, name):
            continue
        points = [
            replace(one, letters={**one.letters, name: one.letters[name] + one.letters[name].T}) for one in found.points
        ]
        try:
            truth = [Evaluator(point, {}).slope(function) for point in points]
        except Refused:
            continue
        if agrees(line.node, [Evaluator(point, found.names, forms=False) for point in points], truth):
            return f"right where `{name}` is symmetric, not here"
    return ""


def _alike(one: Value, other: Value) -> bool:
    return (
        isinstance(one, np.ndarray) and isinstance(other, np.ndarray) and one.shape == other.shape and alike(one, other)
    )


def ordinal(place: int) -> str:
    return ("first", "second", "third", "fourth", "fifth")[place] if place < 5 else f"{place + 1}th"


# Edits


def _edits(node: Node, found: Derivation, before: Line | None) -> Iterator[tuple[Node, str]]:
    """(the line with one small edit, what was done), likely ones first."""
    nodes = _outwards(node)
    for one in nodes:
        yield from _signs(node, one)
    for one in nodes:
        yield from _orders(node, one)
    for one in nodes:
        yield from _brackets(node, one)
    for one in nodes:
        yield from _transposes(node, one)
    for one in nodes:
        yield from _scaled_terms(node, one)
    for one in nodes:
        yield from _turned_products(node, one)
    for one in nodes:
        yield from _symmetric(node, one, found)
    for one in nodes:
        yield from _inverses(node, one, found)
    yield from _everywhere_inverted(node)
    yield from _factors(node, found, before)
    for one in nodes:
        yield from _fewer(node, one)
    yield from _squares(node)


def _outwards(node: Node) -> list[Node]:
    """All nodes, the whole first."""
    found, waiting = [], [node]
    while waiting:
        one = waiting.pop(0)
        found.append(one)
        if one.op != "d":
            waiting += one.children
    return found


def replaced(node: Node, old: Node, new: Node) -> Node:
    """A copy of the expression with another node in place of one."""
    if node is old:
        return new
    if not node.children:
        return node
    children = tuple(replaced(child, old, new) for child in node.children)
    if all(one is other for one, other in zip(children, node.children)):  # noqa: B905
        return node
    return Node(node.op, children, node.name, node.value, node.bracketed, node.depth)


def _turned(node: Node) -> Node:
    return node.children[0] if node.op == "T" else Node("T", (node,), bracketed=True)


def _quoted(node: Node) -> str:
    text = written(node)
    return f"`{text}`" if len(text) <= TERM_WIDTH else f"`{text[: TERM_WIDTH - 20]} ...`"


def _signs(node: Node, one: Node) -> Iterator[tuple[Node, str]]:
    if one.op in ("add", "sub"):
        other = Node("sub" if one.op == "add" else "add", one.children, bracketed=one.bracketed)
        yield replaced(node, one, other), f"the sign before {_quoted(one.children[1])} is changed"
        first = one.children[0]
        if first.op not in ("add", "sub", "neg"):
            yield (
                replaced(node, one, Node(one.op, (Node("neg", (first,)), one.children[1]), bracketed=one.bracketed)),
                f"the sign of {_quoted(first)} is changed",
            )
    if one.op == "neg":
        yield replaced(node, one, one.children[0]), f"the sign of {_quoted(one.children[0])} is changed"
    if one.op == "ip":
        yield (
            replaced(node, one, Node("ip", (Node("neg", (one.children[0],)), one.children[1]))),
            f"the sign of {_quoted(one)} is changed",
        )


def _chain(node: Node) -> list[Node]:
    """The factors of a product by `@`."""
    factors: list[Node] = []
    while node.op == "mat":
        factors.insert(0, node.children[1])
        node = node.children[0]
    return [node, *factors]


def _product(factors: list[Node]) -> Node:
    made = factors[0]
    for factor in factors[1:]:
        made = Node("mat", (made, factor))
    return made


def _orders(node: Node, one: Node) -> Iterator[tuple[Node, str]]:
    """Two factors change places, or the whole product is turned round."""
    if one.op == "call" and one.name == "outer":
        yield replaced(node, one, Node("call", one.children[::-1], "outer")), f"{_quoted(one)} is transposed"
    if one.op != "mat":
        return
    factors = _chain(one)[:8]
    if len(_chain(one)) > 8:
        return
    for place in range(len(factors) - 1):
        changed = [*factors]
        changed[place], changed[place + 1] = changed[place + 1], changed[place]
        said = f"{_quoted(factors[place])} and {_quoted(factors[place + 1])} change places"
        yield replaced(node, one, _product(changed)), said
    for place in range(len(factors) - 2):
        changed = [*factors]
        changed[place], changed[place + 2] = changed[place + 2], changed[place]
        yield (
            replaced(node, one, _product(changed)),
            f"{_quoted(factors[place])} and {_quoted(factors[place + 2])} change places",
        )


def _brackets(node: Node, one: Node) -> Iterator[tuple[Node, str]]:
    """Brackets are missing: around a sum beside which a factor stands, or the end of a product."""
    if one.op in ("add", "sub"):
        left, right = one.children
        if right.op in ("mat", "mul") and not right.bracketed:
            first, *others = _chain(right) if right.op == "mat" else right.children
            inner = Node(one.op, (left, first), bracketed=True)
            made = _product([inner, *others]) if right.op == "mat" else Node("mul", (inner, *others))
            yield replaced(node, one, made), f"brackets stand around {_quoted(inner)}"
        if left.op in ("mat", "mul") and not left.bracketed:
            *others, last = _chain(left) if left.op == "mat" else left.children
            inner = Node(one.op, (last, right), bracketed=True)
            made = _product([*others, inner]) if left.op == "mat" else Node("mul", (*others, inner))
            yield replaced(node, one, made), f"brackets stand around {_quoted(inner)}"
    if one.op in ("mul", "div") and one.children[0].op == "mat" and not one.children[0].bracketed:
        factors = _chain(one.children[0])[:8]
        for place in range(1, len(factors)):
            inner = Node(one.op, (_product(factors[place:]), one.children[1]), bracketed=True)
            yield replaced(node, one, _product([*factors[:place], inner])), f"brackets stand around {_quoted(inner)}"


def _transposes(node: Node, one: Node) -> Iterator[tuple[Node, str]]:
    if one.op in ("name", "T", "diff") or (one.op == "call" and one.name in ("inv", "outer")):
        other = _turned(one)
        which = "one " if sum(written(part) == written(one) for part in node.walk()) > 1 else ""
        yield replaced(node, one, other), f"{which}{_quoted(one)} is transposed, {_quoted(other)}"
    if one.op == "ip":
        G = one.children[0]
        yield (
            replaced(node, one, Node("ip", (_turned(G), one.children[1]))),
            f"G is transposed: what stands before {written(one.children[1])} in a trace is the gradient's transpose",
        )


def _turned_products(node: Node, one: Node) -> Iterator[tuple[Node, str]]:
    if one.op in ("mat", "add", "sub", "mul"):
        yield replaced(node, one, Node("T", (one,), bracketed=True)), f"{_quoted(one)} is transposed"


def _scaled_terms(node: Node, one: Node) -> Iterator[tuple[Node, str]]:
    """A term has a factor too many or too few."""
    terms = one.children if one.op in ("add", "sub") else (one.children[0],) if one.op in ("neg", "ip") else ()
    for term in terms:
        if term.op in ("add", "sub"):
            continue
        for factor in FACTORS:
            scaled = Node("mul", (Node("num", value=factor), term))
            told = f"{_quoted(term)} is multiplied by {factor:g}"
            if factor in (2.0, 0.5):
                told = f"{_quoted(term)} is " + (
                    "doubled: a factor 2 is missing" if factor == 2.0 else "halved: a factor 2 too many"
                )
            yield replaced(node, one, replaced(one, term, scaled)), told


def _symmetric(node: Node, one: Node, found: Derivation) -> Iterator[tuple[Node, str]]:
    """Right for a symmetric matrix only."""
    if one.op == "name" and _is_square(found, one.name):
        name = one.name
        both = Node("div", (Node("add", (one, Node("T", (one,))), bracketed=True), Node("num", value=2.0)))
        turned = any(part.op == "T" and part.children[0] is one for part in node.walk())
        place = f"{name}.T" if turned else name
        said = f"`{name}` is symmetric; for any other, `{name} + {name}.T` stands in the place of `2 * {place}`"
        yield replaced(node, one, both), said


def _is_square(found: Derivation, name: str) -> bool:
    value = found.points[0].letters.get(name)
    return value is not None and value.shape[0] == value.shape[1] > 1


def _inverses(node: Node, one: Node, found: Derivation) -> Iterator[tuple[Node, str]]:
    if one.op == "call" and one.name == "inv":
        yield replaced(node, one, one.children[0]), f"{_quoted(one.children[0])} stands in the place of {_quoted(one)}"
    if one.op == "pow" and one.value == -1:
        inverse = Node("call", one.children, "inv")
        yield (
            replaced(node, one, inverse),
            f"{_quoted(inverse)} stands in the place of {_quoted(one)}, which is by entries",
        )
    if one.op == "name":
        inverse = Node("call", (one,), "inv")
        yield replaced(node, one, inverse), f"{_quoted(inverse)} stands in the place of {_quoted(one)}"


def _everywhere_inverted(node: Node) -> Iterator[tuple[Node, str]]:
    for name in sorted({one.name for one in node.walk() if one.op == "name"}):
        changed = node
        for one in [one for one in node.walk() if one.op == "name" and one.name == name]:
            changed = replaced(changed, one, Node("call", (one,), "inv"))
        yield changed, f"`inv({name})` stands in the place of `{name}`"


def _factors(node: Node, found: Derivation, before: Line | None) -> Iterator[tuple[Node, str]]:
    """A factor is missing in a term, by entries or as a number: one that the rules bring."""
    candidates = _candidates(found, before)
    spots = [one for one in _outwards(node) if one.op in ("ip", "diff", "d") or one is node]
    spots += [term for one in _outwards(node) if one.op in ("add", "sub") for term in one.children]
    for factor, word in candidates:
        for spot in spots[:12]:
            for op in ("mul", "div"):
                target = spot.children[0] if spot.op == "ip" else spot
                made = Node(op, (target, factor))
                new = Node("ip", (made, spot.children[1])) if spot.op == "ip" else made
                did = "multiplied" if op == "mul" else "divided"
                yield replaced(node, spot, new), f"{_quoted(target)} is {did} by {_quoted(factor)}{word}"
    inside = [one for one in _outwards(node) if one.op in ("mat", "mul", "div")]
    for factor, word in candidates:
        for spot in inside[:20] if word else []:
            yield (
                replaced(node, spot, Node("mul", (spot, factor))),
                f"{_quoted(spot)} is multiplied by {_quoted(factor)}{word}",
            )
    for leaf in [one for one in _outwards(node) if one.op in ("diff", "d")][:3]:
        for name, value in found.points[0].letters.items():
            if value.shape == (1, 1):
                continue
            letter = Node("name", name=name)
            for factor in (letter, Node("T", (letter,)), Node("call", (letter,), "inv")):
                yield (
                    replaced(node, leaf, Node("mat", (factor, leaf))),
                    f"{_quoted(factor)} stands before {_quoted(leaf)}",
                )
                yield (
                    replaced(node, leaf, Node("mat", (leaf, factor))),
                    f"{_quoted(factor)} stands after {_quoted(leaf)}",
                )


def _candidates(found: Derivation, before: Line | None) -> list[tuple[Node, str]]:
    """Numbers of the function, and what the chain rule brings of the functions by entries in it."""
    made: list[tuple[Node, str]] = []
    for name, value in found.points[0].letters.items():
        if value.shape == (1, 1):
            made.append((Node("name", name=name), ""))
    seen: set[str] = set()
    named = {node: name for name, node in found.names.items()}
    roots = [*found.names.values(), found.function.parsed()]
    if before and before.node and before.values:
        roots.insert(0, before.node)
    for root in roots:
        for one in root.walk():
            if one.op != "call" or len(one.children) != 1 or (text := written(one)) in seen or degree(one):
                continue
            seen.add(text)
            function, inner = one.name, one.children[0]
            chain = f", as the chain rule for {function} says"
            one = Node("name", name=named[one]) if one in named else one
            if function == "tanh":
                square = Node("pow", (one,), value=2.0)
                made.append((Node("sub", (Node("num", value=1.0), square), bracketed=True), chain))
            elif function == "log":
                made.append((inner, chain))
            elif function in ("exp", "det", "norm"):
                made.append((one, chain))
    for name, node in found.names.items():
        if found.evaluators[0].value(node).shape == (1, 1):  # type: ignore[union-attr]
            made.append((Node("name", name=name), ""))
    return made[:10]


def _fewer(node: Node, one: Node) -> Iterator[tuple[Node, str]]:
    """A factor, or a term, too many."""
    if one.op in ("mat", "mul"):
        left, right = one.children
        if all(child.op == "call" and child.name == "tr" for child in one.children):
            product = Node("call", (Node("mat", (left.children[0], right.children[0])),), "tr")
            yield replaced(node, one, product), f"it is {_quoted(product)}: a product of traces is another number"
        yield replaced(node, one, left), f"the factor {_quoted(right)} goes"
        yield replaced(node, one, right), f"the factor {_quoted(left)} goes"
    if one.op == "div":
        yield replaced(node, one, one.children[0]), f"it is not divided by {_quoted(one.children[1])}"
        yield (
            replaced(node, one, Node("mul", one.children)),
            f"{_quoted(one.children[0])} is multiplied by {_quoted(one.children[1])}, not divided",
        )
    if one.op in ("add", "sub"):
        yield replaced(node, one, one.children[0]), f"the term {_quoted(one.children[1])} goes"
        yield replaced(node, one, one.children[1]), f"the term {_quoted(one.children[0])} goes"
    if one.op == "pow":
        yield replaced(node, one, one.children[0]), f"{_quoted(one.children[0])} has no power"


def _squares(node: Node) -> Iterator[tuple[Node, str]]:
    """All transposes at once, as where a gradient is read off factor by factor."""
    if node.op == "ip":
        chain = _chain(node.children[0])
        if 1 < len(chain) < 8:
            turned = _product([_turned(factor) for factor in chain])
            back = _product([_turned(factor) for factor in reversed(chain)])
            yield Node("ip", (turned, node.children[1])), "each factor of G is transposed"
            yield Node("ip", (back, node.children[1])), "G is transposed, and with it the order of its factors"
            yield Node("ip", (_product(chain[::-1]), node.children[1])), "the factors of G change places"
