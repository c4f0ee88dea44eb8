"""Which test cells are asked together: those between which the cells do no more than define what was not there before.

A copy of the student's process costs more than many questions. Between two test cells most cells of most notebooks
define functions and classes, and nothing else: all that they change is that there are some names more. So the first
test cell can as well be asked after them, in one copy with the second, from which those names are taken away meanwhile.

A cell that does anything else, or might, is only run when all test cells before it have been asked.
"""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

# What may bind names that cannot be read off the source, or run something where a class is defined: after one of
# these words nothing waits any more.
HIDDEN_WAYS = frozenset(
    "exec eval globals vars locals setattr get_ipython user_ns modules import_module __main__ __dict__"
    " __globals__ f_globals f_locals __init_subclass__ __set_name__ __class_getitem__ metaclass".split()
)
IPYTHONS = frozenset(["In", "Out", "exit", "quit", "open", "display"])  # there from the start, as all with "_" may be
METHODS = frozenset(["staticmethod", "classmethod", "property"])
LIBRARIES = frozenset(["np", "numpy", "math", "typing"])
PROMPT = re.compile(r"^[ \t]*In ?\[", re.MULTILINE)  # IPython takes it away
MOST_TEXT, MOST_NAMES = 50_000, 500  # of a cell that lets test cells wait, and of all that they wait for


class Asked(NamedTuple):
    """A test cell, and the names that only cells after it define, of those that have been run when it is asked."""

    cell: str
    later: tuple[str, ...] = ()


def asked_together(cells: Iterable[tuple[str, str, bool]]) -> dict[str, list[Asked]]:
    """Where test cells are asked: ``{the test cell that is reached: those to be asked there, in order}``.

    ``cells``: ``(cell id, source, whether it is a test cell)`` of all that are run, in order.
    """
    found: dict[str, list[Asked]] = {}
    known: set[str] | None = set(IPYTHONS)  # names that may be bound; None: they cannot be told
    waiting: list[tuple[str, list[str]]] = []
    for cell, source, is_test in cells:
        if is_test:
            waiting.append((cell, []))
            found[cell] = []
            continue
        source = unicodedata.normalize("NFKC", source)  # as Python reads names
        tree = _parsed(source)
        bound, new = _may_bind(source, tree), _defined(tree)
        if known is None or bound is None or new is None or not known.isdisjoint([*new, *METHODS]):
            if waiting:
                found[waiting[-1][0]] = _with_later(waiting)
            waiting = []
        elif waiting:
            waiting[-1][1].extend(new)
        if known is None or bound is None or sum(len(names) for _, names in waiting) > MOST_NAMES:
            known = None
        else:
            known |= bound
    if waiting:
        found[waiting[-1][0]] = _with_later(waiting)
    return found


def asked_at_once(cells: Iterable[tuple[str, str, bool]]) -> dict[str, list[Asked]]:
    """The same with each test cell asked where it stands."""
    return {cell: [Asked(cell)] for cell, _, is_test in cells if is_test}


def _with_later(waiting: list[tuple[str, list[str]]]) -> list[Asked]:
    asked: list[Asked] = []
    later: list[str] = []
    for cell, defined_after in reversed(waiting):
        # They are asked when the last one is reached: what comes after that has not been run.
        later = [*defined_after, *later] if asked else []
        asked.append(Asked(cell, tuple(later)))
    return asked[::-1]


def _defined(tree: ast.Module | None) -> list[str] | None:
    """The names that a cell binds which does nothing else; None for any other cell."""
    if tree is None or not all(map(_only_defines, tree.body)):
        return None
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        return None  # a cell's last value is kept as `_`
    names = [name for statement in tree.body for name in _bound_by(statement)]
    return None if any(name.startswith("_") for name in names) else names


def _parsed(source: str) -> ast.Module | None:
    """None for what is no Python, or more than is looked at."""
    if len(source) > MOST_TEXT or PROMPT.search(source):
        return None
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _only_defines(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Constant()) | ast.Pass():
            return True
        case ast.Assign(targets=[ast.Name()], value=value):
            return _is_plain(value)
        case ast.FunctionDef(args=args):
            every = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
            annotations = [one.annotation for one in every if one]
            evaluated = [*args.defaults, *args.kw_defaults, *annotations, statement.returns]
            own = all(isinstance(one, ast.Name) and one.id in METHODS for one in statement.decorator_list)
            return own and all(value is None or _is_plain(value) for value in evaluated)
        case ast.ClassDef(keywords=[], decorator_list=[]):
            return all(map(_is_plain, statement.bases)) and all(map(_only_defines, statement.body))
    return False


def _is_plain(value: ast.expr) -> bool:
    """Whether an expression calls nothing: constants, names, numpy's names, and lists of these."""
    match value:
        case ast.Constant() | ast.Name():
            return True
        case ast.UnaryOp(operand=operand):
            return isinstance(operand, ast.Constant)
        case ast.Attribute(value=ast.Name(id=name)):
            return name in LIBRARIES
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return all(map(_is_plain, parts))
    return False


def _bound_by(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name


def _may_bind(source: str, tree: ast.Module | None) -> set[str] | None:
    """All global names that running a cell, and later calling what it defines, may bind; None if it cannot be told."""
    words = set(re.findall(r"\w+", source))
    if not words.isdisjoint(HIDDEN_WAYS):
        return None
    if tree is None:
        return None if len(source) > MOST_TEXT or any(sign in source for sign in "%!*?[") else words
    found = {name for node in ast.walk(tree) if isinstance(node, ast.Global) for name in node.names}
    found.update(node.target.id for node in ast.walk(tree) if isinstance(node, ast.NamedExpr))
    for node in _outside_functions(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.alias(name="*"):
                return None
            case ast.alias(name=name, asname=asname):
                found.add(asname or name.partition(".")[0])
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                found.add(name)
            case ast.MatchMapping(rest=str(name)):
                found.add(name)
    return found


def _outside_functions(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a module, without those within functions and classes, whose names are their own."""
    left = [tree]
    while left:
        node = left.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            left.extend(ast.iter_child_nodes(node))
