"""Which names a cell defines at its top level, also when the cell does not parse."""

import ast
import re
import warnings

from grader.judge.memo import remembered

_DEFINITION = re.compile(r"^(?:async[ \t]+def|def|class)[ \t]+(\w+)", re.MULTILINE)
_ASSIGNMENT = re.compile(r"^([A-Za-z_]\w*(?:[ \t]*,[ \t]*[A-Za-z_]\w*)*)[ \t]*(?::[^=\n]*)?=(?!=)", re.MULTILINE)
_IMPORT = re.compile(r"^(?:from[ \t]+[\w.]+[ \t]+)?import[ \t]([\w., \t]+)$", re.MULTILINE)


@remembered
def defined_names(source: str, imports: bool = True) -> frozenset[str]:
    """Names that running `source` binds at top level: classes, functions, variables and, if wanted, imports.

    Lines that only IPython understands (`%matplotlib`, `!pip`, `help?`) are skipped. A cell that does not parse is read
    line by line, so a half-written function still says which exercise it belongs to.
    """
    for text in (source, without_magics(source)):
        try:
            with warnings.catch_warnings():  # an invalid escape in a student's string is no business of ours
                warnings.simplefilter("ignore")
                return frozenset(_names_of(ast.parse(text).body, imports))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return names_by_line(source, imports)


def without_magics(source: str) -> str:
    """Python in place of the lines that only IPython understands."""
    return "\n".join(map(_without_magic, source.split("\n")))


def _without_magic(line: str) -> str:
    code = line.strip(" \t")
    asks = code.endswith("?") and not any(mark in code for mark in "#'\"")
    return line[: len(line) - len(line.lstrip(" \t"))] + "pass" if asks or code[:1] in ("%", "!", "?") else line


def _names_of(statements: list[ast.stmt], imports: bool) -> set[str]:
    """Walk statements without entering functions and classes; a stack, since `elif` chains nest deeply."""
    names: set[str] = set()
    waiting: list[ast.AST] = [*statements]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names.update(alias.asname or alias.name.split(".")[0] for alias in node.names if imports)
        elif isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Store):
                names.add(node.id)
        elif isinstance(node, ast.AnnAssign):
            waiting.extend([node.target] if node.value is not None else [])
        elif isinstance(node, (ast.stmt, ast.withitem, ast.ExceptHandler, ast.match_case)):
            waiting.extend(ast.iter_child_nodes(node))
        elif isinstance(node, (ast.Tuple, ast.List, ast.Starred)):
            waiting.extend(ast.iter_child_nodes(node))
    return names


@remembered
def needed_names(source: str) -> frozenset[str]:
    """Names that running `source` reads at once: not those that only its functions read when they are called."""
    try:
        waiting: list[ast.AST] = [ast.parse(without_magics(source))]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    names: set[str] = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name):
            names.add(node.id)
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            waiting.extend(ast.iter_child_nodes(node))
    return frozenset(names)


def names_by_line(source: str, imports: bool = False) -> frozenset[str]:
    """Names bound by lines that begin in the first column; in linear time, whatever the text."""
    names = set(_DEFINITION.findall(source))
    for targets in _ASSIGNMENT.findall(source):
        names.update(name.strip() for name in targets.split(","))
    for imported in _IMPORT.findall(source) if imports else ():
        names.update(_imported_names(imported))
    return frozenset(names)


def _imported_names(clause: str) -> set[str]:
    """`numpy as np, os.path` -> {"np", "os"}."""
    names = (part.split(" as ")[-1].strip().split(".")[0] for part in clause.split(","))
    return {name for name in names if name.isidentifier()}
