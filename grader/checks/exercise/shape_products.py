"""Find the product of a line whose sizes do not fit, from the shapes of the names in it. Runs no code."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

TURN = "which factor needs .T, and is the order right?"
SIZES = re.compile(r"\b(\d{1,9})x(\d{1,9}) with (\d{1,9})x(\d{1,9})$")
Shape = tuple[int, ...]
Shapes = Callable[[str], "Shape | None"]


def wrong_product(line: str, shape_of: Shapes) -> str:
    """ "X @ weights is 32x64 with 128x10" for the first matrix product that cannot be, else "".

    Where `X.T @ G * s` fails at the `*`: "X.T @ G * s is (X.T @ G) * s, 3x2 with 5x2; are brackets missing?"

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
        return next(filter(None, (_from_the_left(node, shape_of) for node in ast.walk(tree))), "")
    return ""


def with_meaning(product: str, meaning: str) -> str:
    """What `wrong_product` found, and what the message means; a question needs no more."""
    sizes = SIZES.search(product)
    if sizes and sizes[1] != sizes[3] and sizes[2] != sizes[4] and sizes[1] != sizes[4]:
        meaning = meaning.replace(TURN, "neither fits turned round, either; is it the array that is meant?")
    elif not product:
        meaning = meaning.replace(TURN, f"{TURN[:-1]}; or is another array meant?")
    return product if product.endswith("?") else ": ".join(filter(None, (product, meaning)))


def _from_the_left(node: ast.AST, shape_of: Shapes) -> str:
    """What Python makes of a @ b * c where the product and c do not fit entry by entry; "" for all else."""
    if not (isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Div))):
        return ""
    left, right = _shape(node.left, shape_of), _shape(node.right, shape_of)
    matrices = isinstance(node.left, ast.BinOp) and isinstance(node.left.op, ast.MatMult)
    if not (matrices and left and right) or all(1 in (a, b) or a == b for a, b in zip(left[::-1], right[::-1])):  # noqa: B905
        return ""
    sign = "*" if isinstance(node.op, ast.Mult) else "/"
    grouped = f"({ast.unparse(node.left)}) {sign} {ast.unparse(node.right)}"
    return f"{ast.unparse(node)} is {grouped}, {_size(left)} with {_size(right)}; are brackets missing?"


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
