"""Small changes of a cell's syntax tree, one at a time: mutants, which a hidden test should notice.

    for mutant in mutants(source): mutant.change, mutant.source

Changed are operators, comparisons, signs, constants (indices and axes among them), keywords, functions that are easily
confused, conditions, and whole statements. Left alone are docstrings, annotations, assertions and the texts of errors.
"""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

OPERATORS = {
    ast.Add: [ast.Sub],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Div, ast.Add],
    ast.Div: [ast.Mult],
    ast.FloorDiv: [ast.Mult],
    ast.Mod: [ast.FloorDiv],
    ast.Pow: [ast.Mult],
    ast.BitAnd: [ast.BitOr],
    ast.BitOr: [ast.BitAnd],
}
COMPARISONS = {
    ast.Lt: [ast.LtE, ast.Gt],
    ast.LtE: [ast.Lt, ast.GtE],
    ast.Gt: [ast.GtE, ast.Lt],
    ast.GtE: [ast.Gt, ast.LtE],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
}
CONFUSED = {
    "sum": "mean",
    "mean": "sum",
    "var": "std",
    "std": "var",
    "max": "min",
    "min": "max",
    "maximum": "minimum",
    "minimum": "maximum",
    "argmax": "argmin",
    "zeros": "ones",
    "ones": "zeros",
    "zeros_like": "ones_like",
    "ones_like": "zeros_like",
    "exp": "expm1",
    "expm1": "exp",
    "log": "log1p",
    "log1p": "log",
    "tanh": "sinh",
    "normal": "uniform",
    "uniform": "normal",
    "dot": "outer",
    "outer": "dot",
    "det": "trace",
    "trace": "det",
    "append": "extend",
}
TRANSPARENT = {"sqrt", "square", "abs", "copy", "array", "asarray", "reversed", "list", "ravel", "float", "int"}


@dataclass(frozen=True)
class Mutant:
    """change: "old -> new", the smallest statement around it, with a number if the cell has several such."""

    change: str
    source: str


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant of a cell whose source differs from the others and from the original's."""
    tree = ast.parse(source)
    seen, changes = {ast.unparse(tree)}, {}
    for number, node in enumerate(ast.walk(tree)):
        if _protected(tree, node):
            continue
        for edit in _edits(node):
            made = copy.deepcopy(tree)
            twin = _nth(made, number)
            statement = _statement(made, twin)
            before = _short(statement)
            parent, name, index = _place(made, twin)
            new = edit(twin)
            _put(parent, name, index, new)
            text = ast.unparse(ast.fix_missing_locations(made))
            if text in seen or not _compiles(text):
                continue
            seen.add(text)
            after = new if statement is twin else statement
            change = f"{before} -> {'nothing' if isinstance(after, ast.Pass) else _short(after)}"
            changes[change] = changes.get(change, 0) + 1
            yield Mutant(change if changes[change] == 1 else f"{change} ({changes[change]})", text)


def _edits(node: ast.AST) -> Iterator:
    """Functions from a copy of the node to what is put in its place."""
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.Expr, ast.Return, ast.If, ast.For, ast.Raise)):
        yield lambda twin: ast.Pass()
    if isinstance(node, (ast.BinOp, ast.AugAssign)):
        for operator in OPERATORS.get(type(node.op), ()):
            yield lambda twin, operator=operator: _with(twin, op=operator())
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.MatMult, ast.Sub, ast.Div, ast.Pow)):
        yield lambda twin: _with(twin, left=twin.right, right=twin.left)
    if isinstance(node, ast.BinOp):
        yield lambda twin: twin.left
        yield lambda twin: twin.right
    if isinstance(node, ast.Compare):
        for operator in COMPARISONS.get(type(node.ops[0]), ()):
            yield lambda twin, operator=operator: _with(twin, ops=[operator(), *twin.ops[1:]])
    if isinstance(node, ast.UnaryOp):
        yield lambda twin: twin.operand
    if isinstance(node, ast.BoolOp):
        other = ast.And if isinstance(node.op, ast.Or) else ast.Or
        yield lambda twin: _with(twin, op=other())
    if isinstance(node, ast.Constant):
        for value in _other_values(node.value):
            yield lambda twin, value=value: ast.Constant(value)
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield lambda twin: twin.value
    if isinstance(node, ast.Call):
        yield from _call_edits(node)
    if isinstance(node, ast.IfExp):
        yield lambda twin: twin.body
        yield lambda twin: twin.orelse
    if isinstance(node, ast.If):
        for value in (True, False):
            yield lambda twin, value=value: _with(twin, test=ast.Constant(value))
    if isinstance(node, ast.Slice):
        for side in ("lower", "upper", "step"):
            if getattr(node, side) is not None:
                yield lambda twin, side=side: _with(twin, **{side: None})


def _call_edits(node: ast.Call) -> Iterator:
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    if name in CONFUSED:
        yield lambda twin: _with(twin, func=_renamed(twin.func, CONFUSED[name]))
    for index in range(len(node.keywords)):
        yield lambda twin, index=index: _with(twin, keywords=twin.keywords[:index] + twin.keywords[index + 1 :])
    if len(node.args) == 2:
        yield lambda twin: _with(twin, args=twin.args[::-1])
    if name in TRANSPARENT and len(node.args) == 1:
        yield lambda twin: twin.args[0]
    if name in TRANSPARENT and not node.args and isinstance(node.func, ast.Attribute):
        yield lambda twin: twin.func.value


def _other_values(value) -> list:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1]
    if isinstance(value, float):
        return [value * 2 or 1.0, 0.0]
    return []


def _with(node: ast.AST, **fields) -> ast.AST:
    for name, value in fields.items():
        setattr(node, name, value)
    return node


def _renamed(function: ast.AST, name: str) -> ast.AST:
    return _with(function, attr=name) if isinstance(function, ast.Attribute) else _with(function, id=name)


def _nth(tree: ast.AST, number: int) -> ast.AST:
    return next(node for index, node in enumerate(ast.walk(tree)) if index == number)


def _place(tree: ast.AST, child: ast.AST) -> tuple:
    """(parent, field, index or None) of a node."""
    for node in ast.walk(tree):
        for name, value in ast.iter_fields(node):
            if value is child:
                return node, name, None
            if isinstance(value, list):
                for index, item in enumerate(value):
                    if item is child:
                        return node, name, index
    raise LookupError("the node is not in the tree")


def _put(parent: ast.AST, name: str, index: int | None, new: ast.AST) -> None:
    if index is None:
        setattr(parent, name, new)
    else:
        getattr(parent, name)[index] = new


def _above(tree: ast.AST, node: ast.AST) -> list[ast.AST]:
    """The node and all it lies in, innermost first."""
    chain = [node]
    while chain[-1] is not tree:
        chain.append(_place(tree, chain[-1])[0])
    return chain


def _statement(tree: ast.AST, node: ast.AST) -> ast.AST:
    return next(above for above in _above(tree, node) if isinstance(above, ast.stmt))


def _short(statement: ast.AST) -> str:
    """The first line of a statement; a def is told by its head alone."""
    return ast.unparse(statement).splitlines()[0]


def _protected(tree: ast.AST, node: ast.AST) -> bool:
    if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) or _is_docstring(node):
        return True
    chain = _above(tree, node)
    if any(isinstance(above, (ast.Assert, ast.JoinedStr, ast.Import, ast.ImportFrom)) for above in chain):
        return True
    if any(isinstance(above, ast.Raise) for above in chain[1:]):
        return True
    return any(_place(tree, above)[1] in ("annotation", "returns") for above in chain[:-1])


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _compiles(text: str) -> bool:
    try:
        compile(text, "<mutant>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True
