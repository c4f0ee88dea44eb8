"""Remembers which names the last run of a cell was to define and did not, because it stopped with an error.

A check then judges an old definition, which it must say.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any

DEFINITION = re.compile(r"^(?:class|def)[ \t]+(\w+)|^(\w+)[ \t]*(?::[^=\n]*)?=(?!=)", re.MULTILINE)
_failed: dict[str, str] = {}  # name -> the error
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
