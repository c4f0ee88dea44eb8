"""Explain an exception of a student's code: the line it happened in, the shapes of the arrays there, what it means."""

from __future__ import annotations

import builtins
import linecache
import re
import sys
import traceback
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from types import FrameType, TracebackType

import numpy as np

from grader.checks.diagnosis.as_array import describe
from grader.checks.exercise.numpy_errors import OF_THE_CHECK, meaning, self_is_missing
from grader.checks.exercise.shape_products import with_meaning, wrong_product

LONGEST = 160  # characters of a message or line that are shown
ALIKE = 0.75  # of two names, from 0 to 1, where one may be a slip of the other
OWN_FOLDER = str(Path(__file__).parents[1])
LIBRARY_FOLDERS = (str(Path(traceback.__file__).parent), str(Path(np.__file__).parents[1]))
NAME = re.compile(r"(?<![\w.'\"])[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")


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
        label = "where" if " = " in self.shapes else "shapes"
        said += [(label, text) for label, text in ((label, self.shapes), ("likely", self.meaning)) if text]
        return [f"  {label:<9}{text}" for label, text in said]


def in_students_words(message: str, module: str) -> str:
    """The message of an exception without the names of classes of this module, which no student has seen."""
    found = vars(sys.modules[module]).items() if module in sys.modules else ()
    for name in [name for name, value in found if isinstance(value, type) and value.__module__ == module]:
        message = re.sub(rf"'{name}' object", OF_THE_CHECK, message)
        message = re.sub(rf"\b{name}\.(\w+\(\))", r"\1", message)
    return message


def explain(error: BaseException, package: str = "", module: str = "") -> Explanation:
    """Explain an exception that was caught. Never raises. Lines in modules of `package` are not the student's own.

    module: by name, that of the check: what its own classes are called says nothing to a student.
    """
    message = in_students_words(_message(error), module)
    frame, number = _own_frame(error.__traceback__, package)
    name = type(error).__name__
    said = f"{name}: {message}" if message else name
    if frame is None:
        return Explanation(said, meaning=meaning(error, message))
    line = linecache.getline(frame.f_code.co_filename, number, frame.f_globals).strip()
    product = wrong_product(line, lambda name: _shape(name, frame)) if isinstance(error, ValueError) else ""
    meant = ""
    if isinstance(error, NameError):
        meant = self_is_missing(message, lambda path: _look_up(path, frame) is not None)
    near = "" if meant else _nearest(error, frame)
    means = meant or "; ".join(filter(None, (meaning(error, message, line), near and f"is `{near}` meant?")))
    likely = with_meaning(product, means)
    return Explanation(said, _cut(line), _place(frame), _shapes(frame, line, type(error) is ZeroDivisionError), likely)


def _nearest(error: BaseException, frame: FrameType) -> str:
    """The name that is known there and is written most like the one that is not; "" if none is like it."""
    name, known = getattr(error, "name", None), []  # of errors that Python itself raises
    if isinstance(error, AttributeError):
        try:
            known = dir(error.obj)
        except Exception:  # before Python 3.10, or __dir__ of a student's own
            return ""
    elif isinstance(error, NameError) and not isinstance(error, UnboundLocalError):
        known = [*frame.f_locals, *frame.f_globals, *dir(builtins)]
    likes = get_close_matches(name, [one for one in known if not one.startswith("_")], 1, ALIKE) if name else []
    return likes[0] if likes else ""


def _message(error: BaseException) -> str:
    try:
        return _cut(re.sub(r", with gufunc signature \S+", "", " ".join(str(error).split())))
    except Exception:  # __str__ of an exception class of the student's own
        return ""


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def _own_frame(trace: TracebackType | None, package: str) -> tuple[FrameType | None, int]:
    """The innermost frame that belongs neither to a library nor to these checks, and its line number."""
    own = [(frame, number) for frame, number in traceback.walk_tb(trace) if _is_own(frame, package)]
    return own[-1] if own else (None, 0)


def _is_own(frame: FrameType, package: str) -> bool:
    if package and str(frame.f_globals.get("__name__", "")).startswith(f"{package}."):
        return False
    name = frame.f_code.co_filename
    return not name.startswith((OWN_FOLDER, *LIBRARY_FOLDERS, "<frozen", "<string>", "<__array_function__"))


def _place(frame: FrameType) -> str:
    """ "in Dense.forward"; empty at the top level of a cell."""
    name = getattr(frame.f_code, "co_qualname", frame.f_code.co_name).replace("<locals>.", "")
    return "" if name == "<module>" else f"in {name}"


def _shapes(frame: FrameType, line: str, numbers: bool = False) -> str:
    """ "input (32, 64), self.weights (128, 10)" for the arrays whose names stand in the line, in that order.

    On request also "largest = 0.7" for its numbers.
    """
    shapes = {}
    for name in NAME.findall(line):
        value = _look_up(name, frame)
        while "." in name and not isinstance(value, np.ndarray):  # weights.T, weights.sum: the array is before the dot
            name = name.rpartition(".")[0]
            value = _look_up(name, frame)
        if isinstance(value, np.ndarray):
            shapes[name] = str(np.shape(value))
        elif type(value) in (list, tuple) and name in frame.f_locals:
            shapes[name] = describe(value)
        elif numbers and isinstance(value, (int, float)) and not isinstance(value, bool):
            shapes[name] = f"= {value:.5g}"
    return _cut(", ".join(f"{name} {shape}" for name, shape in shapes.items()))


def _shape(name: str, frame: FrameType) -> tuple[int, ...] | None:
    value = _look_up(name, frame)
    return np.shape(value) if isinstance(value, np.ndarray) else None


def _look_up(path: str, frame: FrameType) -> object:
    """The value of a dotted name, read from plain attributes only: no property of the student's is run."""
    first, *rest = path.split(".")
    value = frame.f_locals.get(first, frame.f_globals.get(first))
    for name in rest:
        attributes = getattr(value, "__dict__", None) if not isinstance(value, np.ndarray) else None
        value = attributes.get(name) if isinstance(attributes, dict) else None
    return value
