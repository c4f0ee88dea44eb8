"""Harmless rewrites of a solution: what another student would have written, with the same results.

    for name, rewrite in REWRITES.items(): source = rewritten(source, rewrite)

Each is a function from a syntax tree to a syntax tree. They keep to what is harmless for every cell of the course:
`+` is left alone where it may join lists, and parameters keep their names, by which they may be passed.
"""

import ast
import builtins
from collections.abc import Callable

HELPERS = '''
import functools
import sys
import warnings

import numpy as np


def looped_sums(array):
    """The sums of the columns, by a loop over the rows."""
    total = np.zeros(np.shape(array)[1:])
    for row in array:
        total = total + row
    return total


def product_by_einsum(left, right):
    letters = {(1, 1): "i,i->", (1, 2): "i,ij->j", (2, 1): "ij,j->i", (2, 2): "ij,jk->ik"}
    axes = (np.ndim(left), np.ndim(right))
    return np.einsum(letters[axes], left, right) if axes in letters else np.matmul(left, right)


def watched(function):
    @functools.wraps(function)
    def inner(*args, **kwargs):
        return function(*args, **kwargs)
    return inner


def talk(*values):
    print("here", *[getattr(value, "shape", type(value)) for value in values])


def complain():
    warnings.warn("this may be slow", stacklevel=2)
    np.log(np.zeros(1))
    sys.stderr.write("a line on stderr\\n")
'''

NAMES = ("looped_sums", "product_by_einsum", "watched", "talk", "complain")


def rewritten(source: str, *rewrites: Callable[[ast.Module], ast.Module]) -> str:
    """The source after some rewrites, with the helpers it needs above it; unchanged if there is nothing to do."""
    tree = ast.parse(source)
    before = ast.unparse(tree)
    for rewrite in rewrites:
        tree = ast.parse(ast.unparse(ast.fix_missing_locations(rewrite(tree))))
    text = ast.unparse(tree)
    if text == before:
        return source
    return f"{HELPERS}\n\n{text}\n" if any(f"{name}(" in text or f"@{name}" in text for name in NAMES) else f"{text}\n"


class _EachNode(ast.NodeTransformer):
    """Applies a function to every node from the leaves up; None leaves a node as it is."""

    def __init__(self, change):
        self.change = change

    def generic_visit(self, node):
        node = super().generic_visit(node)
        new = self.change(node)
        return node if new is None else new

    def visit_FunctionDef(self, node):
        """What defines an operator works on objects of its own: there a * b is not b * a, and no result is an array."""
        is_operator = node.name.startswith("__") and node.name not in ("__init__", "__call__")
        return node if is_operator else self.generic_visit(node)


def _everywhere(change) -> Callable:
    return lambda tree: _EachNode(change).visit(tree)


def _call(name: str, *args) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), list(args), [])


def _functions(tree: ast.AST):
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def rename_variables(tree):
    """Local variables get other names."""
    for function in _functions(tree):
        inner = [n for n in ast.walk(function) if n is not function and isinstance(n, (ast.FunctionDef, ast.Lambda))]
        if inner:
            continue
        kept = {arg.arg for arg in ast.walk(function.args) if isinstance(arg, ast.arg)} | set(dir(builtins))
        kept |= {name for n in ast.walk(function) if isinstance(n, (ast.Global, ast.Nonlocal)) for name in n.names}
        stored = {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)} - kept
        for node in ast.walk(function):
            if isinstance(node, ast.Name) and node.id in stored:
                node.id = f"my_{node.id}"
    return tree


def name_results(node):
    """return f(x)  ->  answer = f(x); return answer"""
    if isinstance(node, ast.Return) and node.value is not None:
        return [ast.Assign([ast.Name("answer", ast.Store())], node.value), ast.Return(ast.Name("answer", ast.Load()))]


def change_own_buffers(node):
    """return a - b  ->  answer = a - b; answer *= 1.0; return answer: in place, on an array of one's own."""
    if isinstance(node, ast.Return) and _makes_numbers(node.value):
        answer = ast.Name("answer", ast.Store())
        scale = ast.AugAssign(answer, ast.Mult(), ast.Constant(1.0))
        return [ast.Assign([answer], node.value), scale, ast.Return(ast.Name("answer", ast.Load()))]


def cast_results(node):
    """return a - b  ->  return np.asarray(a - b, dtype=np.float64)"""
    if isinstance(node, ast.Return) and _makes_numbers(node.value):
        cast = ast.parse("np.asarray(0, dtype=np.float64)", mode="eval").body
        cast.args[0] = node.value
        return ast.Return(cast)


def _makes_numbers(node) -> bool:
    """An expression whose result is a new number or array, whatever its parts are."""
    return isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Sub, ast.Div, ast.MatMult))


def swap_factors(node):
    """a * b  ->  b * a"""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return ast.BinOp(node.right, ast.Mult(), node.left)


def turn_comparisons(node):
    """a > b  ->  b < a"""
    turned = {ast.Gt: ast.Lt, ast.Lt: ast.Gt, ast.GtE: ast.LtE, ast.LtE: ast.GtE}
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in turned:
        return ast.Compare(node.comparators[0], [turned[type(node.ops[0])]()], [node.left])


def multiply_out_squares(node):
    """a ** 2  ->  a * a, for names"""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and isinstance(node.left, ast.Name):
        if isinstance(node.right, ast.Constant) and node.right.value == 2:
            return ast.BinOp(node.left, ast.Mult(), node.left)


def call_transpose(node):
    """a.T  ->  np.transpose(a)"""
    if isinstance(node, ast.Attribute) and node.attr == "T" and isinstance(node.ctx, ast.Load):
        call = ast.parse("np.transpose(0)", mode="eval").body
        call.args = [node.value]
        return call


def products_by_einsum(node):
    """a @ b  ->  einsum"""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        return _call("product_by_einsum", node.left, node.right)


def sums_by_loops(node):
    """a.sum(axis=0)  ->  a loop over the rows"""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "sum"):
        return None
    if [(k.arg, getattr(k.value, "value", None)) for k in node.keywords] != [("axis", 0)]:
        return None
    if isinstance(node.func.value, ast.Name) and node.func.value.id == "np":
        return _call("looped_sums", *node.args) if len(node.args) == 1 else None
    return _call("looped_sums", node.func.value) if not node.args else None


def add_else(node):
    """if a: return b, and then c  ->  if a: return b, else: c"""
    if isinstance(node, ast.FunctionDef):
        for index, statement in enumerate(node.body[:-1]):
            if isinstance(statement, ast.If) and not statement.orelse and isinstance(statement.body[-1], ast.Return):
                statement.orelse = node.body[index + 1 :]
                node.body = node.body[: index + 1]
                break
        return node


def spell_out_updates(tree):
    """a += b  ->  a = a + b, for plain names. What a loop hands out may be an array that others hold, too: it stays."""
    loops = [node.target for node in ast.walk(tree) if isinstance(node, ast.For)]
    shared = {name.id for target in loops for name in ast.walk(target) if isinstance(name, ast.Name)}

    def spell_out(node):
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name) and node.target.id not in shared:
            value = ast.BinOp(ast.Name(node.target.id, ast.Load()), node.op, node.value)
            return ast.Assign([ast.Name(node.target.id, ast.Store())], value)

    return _everywhere(spell_out)(tree)


def print_shapes(node):
    """Every function prints what it was given."""
    if isinstance(node, ast.FunctionDef):
        given = [ast.Name(arg.arg, ast.Load()) for arg in node.args.args if arg.arg != "self"]
        node.body = [ast.Expr(_call("talk", *given)), *node.body]
        return node


def warn(node):
    """Every function warns, divides by zero and writes to stderr."""
    if isinstance(node, ast.FunctionDef):
        node.body = [ast.Expr(_call("complain")), *node.body]
        return node


def wrap_functions(node):
    """Every function and method is decorated."""
    if isinstance(node, ast.FunctionDef) and not node.decorator_list:
        node.decorator_list = [ast.Name("watched", ast.Load())]
        return node


def turn_methods_round(node):
    """The methods of a class in the opposite order, and one that nobody needs."""
    if isinstance(node, ast.ClassDef) and not node.decorator_list:
        methods = [part for part in node.body if isinstance(part, ast.FunctionDef)]
        others = [part for part in node.body if not isinstance(part, ast.FunctionDef)]
        read = {one.id for part in others for one in ast.walk(part) if isinstance(one, ast.Name)}
        if read & {method.name for method in methods}:  # `T = property(transpose)` has to stay behind it
            return None
        spare = ast.parse("def describe(self):\n    return f'a {type(self).__name__}'").body
        node.body = [*others, *methods[::-1], *spare]
        return node


def without_docstrings(node):
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(node) and len(node.body) > 1:
        node.body = node.body[1:]
        return node


def other_name_for_numpy(tree):
    """import numpy as xp"""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == "np":
            node.id = "xp"
    return ast.Module([*ast.parse("import numpy as xp").body, *tree.body], [])


REWRITES = {
    "renamed": rename_variables,
    "named_results": _everywhere(name_results),
    "own_buffers": _everywhere(change_own_buffers),
    "cast": _everywhere(cast_results),
    "factors": _everywhere(swap_factors),
    "comparisons": _everywhere(turn_comparisons),
    "squares": _everywhere(multiply_out_squares),
    "transpose": _everywhere(call_transpose),
    "einsum": _everywhere(products_by_einsum),
    "loops": _everywhere(sums_by_loops),
    "else": _everywhere(add_else),
    "updates": spell_out_updates,
    "prints": _everywhere(print_shapes),
    "warnings": _everywhere(warn),
    "wrapped": _everywhere(wrap_functions),
    "methods": _everywhere(turn_methods_round),
    "bare": _everywhere(without_docstrings),
    "xp": other_name_for_numpy,
}
