"""Find the matrix product of a line whose inner sizes differ, from the shapes of the names in it. Runs no code."""

from __future__ import annotations

import ast
from collections.abc import Callable

Shape = tuple[int, ...]
Shapes = Callable[[str], "Shape | None"]


def wrong_product(line: str, shape_of: Shapes) -> str:
    """ "X @ weights is 32x64 with 128x10" for the first product that cannot be, else "".

    shape_of: the shape of the array behind a (dotted) name, or None.
    """
    for source in (line, f"{line} pass", line.rstrip(" :,")):
        try:
            tree = ast.parse(source.strip())
        except (SyntaxError, ValueError, MemoryError, RecursionError):  # a part of a statement, no Python, or too deep
            continue
        found = [(node, factors) for node in ast.walk(tree) if (factors := _factors(node))]
        for node, factors in reversed(found):  # inner ones first: the outer need their shape
            left, right = (_shape(factor, shape_of) for factor in factors)
            if left and right and left[-1] != right[max(0, len(right) - 2)]:
                return f"{ast.unparse(node)} is {_size(left)} with {_size(right)}"
        return ""
    return ""


def _factors(node: ast.AST) -> tuple[ast.AST, ast.AST] | None:
    """Both factors of a @ b, np.dot(a, b), np.matmul(a, b) or a.dot(b)."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        return node.left, node.right
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("dot", "matmul"):
        if len(node.args) == 2:
            return node.args[0], node.args[1]
        if len(node.args) == 1:
            return node.func.value, node.args[0]
    return None


def _shape(node: ast.AST, shape_of: Shapes) -> Shape | None:
    """The shape of a name, its .T or a product of such; None for what is not known."""
    if isinstance(node, ast.Attribute) and node.attr == "T":
        inner = _shape(node.value, shape_of)
        return inner and inner[::-1]
    if isinstance(node, (ast.Name, ast.Attribute)):
        return shape_of(ast.unparse(node))
    factors = _factors(node)
    left, right = (_shape(factor, shape_of) for factor in factors) if factors else (None, None)
    if not left or not right or left[-1] != right[max(0, len(right) - 2)]:
        return None
    return left[:-1] + (right[-1:] if len(right) > 1 else ())


def _size(shape: Shape) -> str:
    return "x".join(map(str, shape))
