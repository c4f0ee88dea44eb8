"""Explain an exception of a student's code: the line it happened in, the shapes of the arrays there, what it means."""

from __future__ import annotations

import linecache
import re
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType

import numpy as np

from grader.checks.reading import describe

LONGEST = 160  # characters of a message or line that are shown
OWN_FOLDER = str(Path(__file__).parent)
LIBRARY_FOLDERS = (str(Path(traceback.__file__).parent), str(Path(np.__file__).parents[1]))
NAME = re.compile(r"(?<![\w.'\"])[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")

MEANINGS = (
    (
        ValueError,
        r"matmul.*(mismatch|size)|shapes .* not aligned",
        "the inner sizes of the product differ; which factor needs .T, and is the order right?",
    ),
    (
        ValueError,
        r"operands could not be broadcast",
        "the shapes do not fit entry by entry: each pair of sizes, read from the right, must be equal or 1",
    ),
    (
        ValueError,
        r"non-broadcastable output operand",
        "the result is larger than the array it is written into (+=, -=, *=)",
    ),
    (
        ValueError,
        r"truth value of an array",
        "if, and, or, not need one truth value; for entries use np.where, np.maximum, & or |",
    ),
    (
        ValueError,
        r"inhomogeneous|array element with a sequence",
        "the parts have different shapes and do not make one array",
    ),
    (
        ValueError,
        r"not enough values to unpack|too many values to unpack",
        "what is on the right of = has another number of parts than the names on the left",
    ),
    (ValueError, r"cannot reshape array", "reshape keeps the number of entries; the new shape has more or fewer"),
    (ValueError, r"math domain error", "the math module works on one number, inside its domain; for arrays use np"),
    (IndexError, r"out of bounds|out of range", "counting starts at 0, so the last index is the length minus 1"),
    (
        (IndexError, TypeError),
        r"only integers, slices|must be integers",
        "an index must be a whole number: int(...), or // in place of /",
    ),
    (IndexError, r"too many indices", "the array has fewer axes than there are indices"),
    (
        TypeError,
        r"missing \d+ required positional",
        "the call passes fewer arguments than the function asks for (self included?)",
    ),
    (
        TypeError,
        r"takes \d+ positional arguments? but",
        "the call passes more arguments than the function takes; a method needs self first",
    ),
    (TypeError, r"unexpected keyword argument", "the function has no parameter of this name"),
    (TypeError, r"'NoneType'", "something is None here: a function without return, or an in-place method"),
    (
        TypeError,
        r"can't multiply sequence|list.*unsupported|unsupported operand.*'list'",
        "a list is no array: np.array(...) first",
    ),
    (
        TypeError,
        r"not subscriptable",
        "[...] is used on something that is no list or array; is a call missing, or one too many?",
    ),
    (TypeError, r"not callable", "(...) is used on something that is no function; was its name given to a value?"),
    (TypeError, r"not iterable", "a for loop or unpacking needs several things; this is a single one"),
    (
        TypeError,
        r"only .*scalar arrays|only (size-1|length-1|0-dimensional) arrays",
        "a function for one number got an array; use the one from np",
    ),
    (
        UnboundLocalError,
        r"",
        "the name is assigned further down in the function, so it is local and has no value yet here",
    ),
    (NameError, r"", "the name is not defined at this point: a spelling, a missing self., or a cell that was not run"),
    (AttributeError, r"'NoneType'", "something is None here: a function without return, or an in-place method"),
    (
        AttributeError,
        r"has no attribute",
        "the object has nothing of this name: a spelling, or it is not set in __init__",
    ),
    (ZeroDivisionError, r"", "a division by 0: an empty batch, or a difference of equal numbers"),
    (KeyError, r"", "the dictionary has no such key"),
    (RecursionError, r"", "the function calls itself without end"),
    (np.linalg.LinAlgError, r"[Ss]ingular", "the matrix has no inverse at this point"),
)


@dataclass(frozen=True)
class Explanation:
    """An exception in words. `line` and `place` are empty when no line of the student's own was involved."""

    error: str
    line: str = ""
    place: str = ""
    shapes: str = ""
    meaning: str = ""

    def lines(self) -> list[str]:
        """At most four lines: message, line, shapes, meaning."""
        said = [("message", self.error)]
        if self.line:
            said.append(("line", f"{self.line}   ({self.place})" if self.place else self.line))
        said += [(label, text) for label, text in (("shapes", self.shapes), ("likely", self.meaning)) if text]
        return [f"  {label:<9}{text}" for label, text in said]


def explain(error: BaseException) -> Explanation:
    """Explain an exception that was caught. Never raises."""
    message = _message(error)
    frame, number = _own_frame(error.__traceback__)
    name = type(error).__name__
    said = f"{name}: {message}" if message else name
    if frame is None:
        return Explanation(said, meaning=meaning_of(error))
    line = linecache.getline(frame.f_code.co_filename, number, frame.f_globals).strip()
    return Explanation(said, _cut(line), _place(frame), _shapes(frame, line), meaning_of(error))


def meaning_of(error: BaseException) -> str:
    """What the message of a common error means; empty for others."""
    message = _message(error)
    found = (text for kind, pattern, text in MEANINGS if isinstance(error, kind) and re.search(pattern, message))
    return next(found, "")


def _message(error: BaseException) -> str:
    try:
        return _cut(re.sub(r", with gufunc signature \S+", "", " ".join(str(error).split())))
    except Exception:  # __str__ of an exception class of the student's own
        return ""


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def _own_frame(trace: TracebackType | None) -> tuple[FrameType | None, int]:
    """The innermost frame that belongs neither to a library nor to these checks, and its line number."""
    own = [(frame, number) for frame, number in traceback.walk_tb(trace) if _is_own(frame)]
    return own[-1] if own else (None, 0)


def _is_own(frame: FrameType) -> bool:
    name = frame.f_code.co_filename
    return not name.startswith((OWN_FOLDER, *LIBRARY_FOLDERS, "<frozen", "<string>", "<__array_function__"))


def _place(frame: FrameType) -> str:
    """ "in Dense.forward"; empty at the top level of a cell."""
    name = getattr(frame.f_code, "co_qualname", frame.f_code.co_name).replace("<locals>.", "")
    return "" if name == "<module>" else f"in {name}"


def _shapes(frame: FrameType, line: str) -> str:
    """ "input (32, 64), self.weights (128, 10)" for the arrays whose names stand in the line, in that order."""
    shapes = {}
    for name in NAME.findall(line):
        value = _look_up(name, frame)
        while "." in name and not isinstance(value, np.ndarray):  # weights.T, weights.sum: the array is before the dot
            name = name.rpartition(".")[0]
            value = _look_up(name, frame)
        if isinstance(value, np.ndarray):
            shapes[name] = str(np.shape(value))
        elif isinstance(value, (list, tuple)) and name in frame.f_locals:
            shapes[name] = describe(value)
    return _cut(", ".join(f"{name} {shape}" for name, shape in shapes.items()))


def _look_up(path: str, frame: FrameType):
    """The value of a dotted name, read from plain attributes only: no property of the student's is run."""
    first, *rest = path.split(".")
    value = frame.f_locals.get(first, frame.f_globals.get(first))
    for name in rest:
        attributes = getattr(value, "__dict__", None) if not isinstance(value, np.ndarray) else None
        value = attributes.get(name) if isinstance(attributes, dict) else None
    return value
