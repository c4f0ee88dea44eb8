"""The rule that leads from one line of a derivation to the next, in two or three words."""

from __future__ import annotations

from collections.abc import Callable

from grader.checks.derivatives.derivation import Derivation, Line, leaves, neighbours
from grader.checks.derivatives.language import Node, written
from grader.checks.derivatives.values import fingerprint

BY_ENTRIES = {"log", "exp", "tanh", "sqrt", "softmax"}


def rule(found: Derivation, before: Line, line: Line) -> str:
    """The rule; "" where none is seen."""
    if before.node is None or line.node is None:
        return ""
    if before.terms and not line.terms:
        return "a constant"
    gone = _gone(found, before.node, line.node)
    if gone is not None:
        return _differentiated(found, gone, leaves(line.node))
    if not before.terms or not line.terms:
        return ""
    one, other = before.node, line.node
    if other.holds("ip") and not one.holds("ip"):
        return "canonical form"
    if _count(other, "tr") > _count(one, "tr"):
        return "a number is its own trace"
    if _turned(other) < _turned(one):
        return "transpose"
    if len(line.terms[0]) < len(before.terms[0]):
        return "terms collected"
    if _count(one, "tr") and _count(other, "tr"):
        return "cyclic"
    if one.holds("ip") and other.holds("ip"):
        return "factors change sides"
    if len(line.terms[0]) > len(before.terms[0]):
        return "brackets opened"
    return "rewritten"


def _count(node: Node, name: str) -> int:
    return sum(one.op == "call" and one.name == name for one in node.walk())


def _turned(node: Node) -> int:
    """How many differentials are transposed."""
    return sum(one.op == "T" and one.children[0].op in ("diff", "d") for one in node.walk())


def _gone(found: Derivation, before: Node, after: Node) -> Node | None:
    """What e of a `d(e)` of the line before is differentiated in the next; None if nothing is."""
    left = leaves(after)
    texts = {_text(found, leaf) for leaf in left}
    known = {written(leaf) for leaf in left}
    for leaf in leaves(before):
        inner = leaf.children[0] if leaf.op == "d" else found.names.get(leaf.name)
        if inner is None:
            continue
        # d(inv(X) @ X @ inv(X)) is gone where three terms stand, one of which is d(inv(X)), of the same value.
        grown = inner.op == "mat" and written(leaf) not in known and len(left) > len(leaves(before))
        if grown or _text(found, leaf) not in texts:
            return inner
    return None


def _text(found: Derivation, leaf: Node) -> tuple:
    return found.evaluators[0].terms(leaf)[0].form


def _differentiated(found: Derivation, node: Node, left: list[Node]) -> str:
    """The rule by which a part of the function is differentiated; `left`: what is under d afterwards."""
    varies = found.evaluators[0]
    texts = {_text(found, leaf) for leaf in left}

    def stays(one: Node) -> bool:
        """Is it under d still, as it is?"""
        return ("d", fingerprint(varies.value(one))) in texts

    def moves(one: Node) -> bool:
        value = varies.slope(one)
        return bool(getattr(value, "any", lambda: False)())

    while True:
        moving = [child for child in node.children if moves(child)]
        if node.op == "name" and node.name in found.names:
            node = found.names[node.name]
        elif node.op == "call" and node.name == "inv":
            return "inverse"
        elif node.op == "call" and node.name == "det":
            return "determinant"
        elif node.op == "call" and node.name in BY_ENTRIES:
            entries = getattr(varies.value(node), "size", 1) > 1
            return "entry by entry" if entries and node.name != "softmax" else "chain rule"
        elif node.op == "pow" or (node.op == "call" and node.name == "norm"):
            return "chain rule"
        elif len(moving) > 1 and node.op not in ("add", "sub"):
            # A product of factors that change, as a part of a longer one.
            return "constant factors" if len(left) == 1 and any(map(stays, neighbours(node))) else "product rule"
        elif len(moving) > 1:
            products = any(one.op in ("mat", "mul", "ip") and not _under_d(one, stays) for one in moving)
            return "product rule" if products else "sum, term by term"
        elif not moving:
            return "a constant"
        elif moving[0].op in ("name", "T") and moving[0].name not in found.names:
            return "constant factors"
        else:
            node = moving[0]


def _under_d(term: Node, stays: Callable[[Node], bool]) -> bool:
    """Is the term, or what a constant multiplies in it, under d still?"""
    return stays(term) or any(child.op not in ("name", "num") and stays(child) for child in term.children)
