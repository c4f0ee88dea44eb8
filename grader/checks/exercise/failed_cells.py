"""What has happened to the names that a check is about: it may judge something else than the student means.

The last run of the cell stopped with an error, and an old definition is there; the cell as it was handed out has taken
an answer away that was written in another one; a variable hides numpy or something of Python's own.
"""

from __future__ import annotations

import builtins
import re
import sys
from collections.abc import Iterable, Mapping
from types import ModuleType
from typing import Any

from grader.checks.diagnosis.as_array import describe

DEFINITION = re.compile(r"^(?:class|def)[ \t]+(\w+)|^(\w+)[ \t]*(?::[^=\n]*)?=(?!=)", re.MULTILINE)
STUB = re.compile(r"raise NotImplementedError\([\"'](\w+)[\"']\)")
MODULES = {"np": "numpy", "plt": "matplotlib.pyplot"}  # as every set-up cell imports them
_failed: dict[str, str] = {}  # name -> the error
_written: set[str] = set()  # names that a cell without a stub has defined
_taken: set[str] = set()  # of these the ones that a stub has defined since
_watched: list[Any] = []


def watch_cells() -> None:
    """Look at the result of every cell that runs from now on; outside IPython nothing is done."""
    ipython = sys.modules.get("IPython")  # imported by nobody yet, there is no shell
    shell = ipython.get_ipython() if ipython else None
    if shell is not None and shell not in _watched:
        shell.events.register("post_run_cell", _ran)
        _watched.append(shell)


def _ran(result: Any = None) -> None:
    found = DEFINITION.findall(getattr(getattr(result, "info", None), "raw_cell", None) or "")
    names = [defined or assigned for defined, assigned in found]
    error = getattr(result, "error_before_exec", None) or getattr(result, "error_in_exec", None)
    stub = bool(STUB.search(getattr(getattr(result, "info", None), "raw_cell", None) or ""))
    for name in names if error is None else ():
        if stub and name in _written:
            _taken.add(name)
        elif not stub:
            _written.add(name)
            _taken.discard(name)
    for name in names:
        _failed.pop(name, None)
        if error is not None:
            line = getattr(error, "lineno", None) if isinstance(error, SyntaxError) else None
            at = f" in line {line}" if line else ""
            _failed[name] = f"{type(error).__name__}{at}: {str(error).splitlines()[0] if str(error) else ''}"


def failed_cell(namespace: Mapping[str, Any], names: Iterable[str]) -> str:
    """What to say first when the last run of the cell that defines one of these names stopped; else ""."""
    for name in sorted(names):
        if name in _failed:
            old = "; what is checked here may be the definition from before" if name in namespace else ""
            return f"the cell that defines {name} stopped when it was last run ({_failed[name].rstrip(': ')}){old}"
    return ""


def remark(namespace: Mapping[str, Any], names: Iterable[str], right: bool) -> str:
    """What is to be known before the results for these names are read; "" if nothing. right: are they all right?"""
    return failed_cell(namespace, names) or ("" if right else _taken_away(names) or _hidden(namespace))


def _taken_away(names: Iterable[str]) -> str:
    for name in sorted(set(names) & _taken):
        return (
            f"another cell defined {name}, and the marked cell, as it was handed out, has replaced it: write your "
            "answer into the marked cell"
        )
    return ""


def _hidden(namespace: Mapping[str, Any]) -> str:
    """Of `np = 3` and `list = [1, 2]`, after which what uses these names cannot work."""
    for name, module in MODULES.items():
        if name in namespace and not isinstance(namespace[name], ModuleType):
            told = f"`{name}` is {describe(namespace[name])} here and hides {module}"
            return f"{told}: give your variable another name, and run the set-up cell again"
    for name, value in namespace.items():
        if callable(getattr(builtins, name, None)) and not callable(value) and not name.startswith("_"):
            told = f"`{name}` is {describe(value)} here and hides Python's own"
            return f"{told}: give your variable another name, and run `del {name}`"
    return ""
