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
    for path in _paths(tree):
        chain = _chain(tree, path)
        if _protected(chain, path):
            continue
        for edit in _edits(chain[-1]):
            made = copy.deepcopy(tree)
            twins = _chain(made, path)
            statement = next(node for node in reversed(twins) if isinstance(node, ast.stmt))
            before = _short(statement)
            new = edit(twins[-1])
            _put(twins[-2], path[-1], new)
            text = ast.unparse(ast.fix_missing_locations(made))
            if text in seen or not _compiles(text):
                continue
            seen.add(text)
            after = new if statement is twins[-1] else statement
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


Path = tuple[tuple[str, int | None], ...]  # the way from the tree to a node: fields, and places in them


def _paths(tree: ast.AST) -> Iterator[Path]:
    """The paths to all nodes below the tree, level by level."""
    level = [((), tree)]
    while level:
        below = []
        for path, node in level:
            for name, value in ast.iter_fields(node):
                items = enumerate(value) if isinstance(value, list) else [(None, value)]
                below += [((*path, (name, i)), item) for i, item in items if isinstance(item, ast.AST)]
        yield from (path for path, _ in below)
        level = below


def _chain(tree: ast.AST, path: Path) -> list[ast.AST]:
    """The tree, the node at the end of the path, and all between."""
    nodes = [tree]
    for name, index in path:
        value = getattr(nodes[-1], name)
        nodes.append(value if index is None else value[index])
    return nodes


def _put(parent: ast.AST, place: tuple[str, int | None], new: ast.AST) -> None:
    name, index = place
    if index is None:
        setattr(parent, name, new)
    else:
        getattr(parent, name)[index] = new


def _short(statement: ast.AST) -> str:
    """The first line of a statement; a def is told by its head alone."""
    return ast.unparse(statement).splitlines()[0]


def _protected(chain: list[ast.AST], path: Path) -> bool:
    node = chain[-1]
    if isinstance(node, (ast.ClassDef, ast.FunctionDef)) or _is_docstring(node):
        return True
    if any(isinstance(above, (ast.Assert, ast.JoinedStr, ast.Import, ast.ImportFrom)) for above in chain):
        return True
    if any(isinstance(above, ast.Raise) for above in chain[:-1]):
        return True
    return any(name in ("annotation", "returns") for name, _ in path)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _compiles(text: str) -> bool:
    try:
        compile(text, "<mutant>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True
