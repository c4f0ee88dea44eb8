"""Read whatever a student's code returned as an array of numbers, or say why that cannot be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

NUMBER_KINDS = "biufc"
FUNCTIONS = ("function", "method", "builtin_function_or_method", "method_descriptor", "ufunc")
NO_RETURN = "the function ends without a return, on this path at least"


@dataclass(frozen=True)
class Reading:
    """What was found. `array` is float64 (or complex128), or None when there are no numbers to compare.

    `found` names the thing in words without any of its values; `likely` says how it may have come about.
    """

    array: np.ndarray | None
    found: str = ""
    likely: str = ""
    dtype: np.dtype | None = None


def read(value: object, sequences: bool = False) -> Reading:
    """Read numbers, numpy scalars and arrays; lists and tuples too if `sequences`. Never raises."""
    try:
        return _read(value, sequences)
    except Exception:  # a student's object may raise from anywhere, its own attributes included
        return Reading(None, describe(value), "this object cannot be read as an array of numbers")


def _read(value: Any, sequences: bool) -> Reading:
    kind = type(value)  # not isinstance alone: an object may lie about its __class__
    if value is None:
        return Reading(None, "None", NO_RETURN)
    if issubclass(kind, np.ma.MaskedArray):
        return _read_array(np.ma.filled(value.astype(float), np.nan))
    if issubclass(kind, np.ndarray):
        return _read_array(np.asarray(value))
    if issubclass(kind, (bool, int, float, complex, np.number, np.bool_)):
        return _read_array(_number(value))
    if issubclass(kind, (list, tuple)) and sequences:
        return _read_sequence(value)
    return Reading(None, describe(value), _likely_for(kind, value))


def _number(value: Any) -> np.ndarray:
    if issubclass(type(value), int):
        try:
            return np.asarray(float(int(value)))
        except OverflowError:
            return np.asarray(np.inf if int(value) > 0 else -np.inf)
    return np.asarray(value)


def _read_array(array: np.ndarray) -> Reading:
    dtype = array.dtype
    if dtype.kind not in NUMBER_KINDS:
        return Reading(None, f"an array of dtype {_dtype_name(dtype)}", _likely_for_dtype(dtype))
    with np.errstate(all="ignore"):
        if dtype.kind == "c":
            real = not np.any(array.imag)
            numbers = array.real.astype(np.float64) if real else array.astype(np.complex128)
        else:
            numbers = array.astype(np.float64)
    return Reading(numbers, dtype=dtype)


def _read_sequence(value: Any) -> Reading:
    if any(part is None for part in value):
        return Reading(None, "None among the numbers", NO_RETURN)
    try:
        return _read_array(np.array(value))
    except ValueError:
        return Reading(
            None, f"{describe(value)}, with parts of different lengths", "every part must have the same length"
        )


def numbers_inside(value: object) -> np.ndarray | None:
    """The numbers in a list or tuple, to say whether only the type is wrong; None if there are none."""
    try:
        if not issubclass(type(value), (list, tuple)):
            return None
        return _read_sequence(value).array
    except Exception:  # the same objects as in read()
        return None


def describe(value: object) -> str:
    """Name a value by its type, without showing what is in it."""
    kind = type(value)
    if value is None:
        return "None"
    if issubclass(kind, (list, tuple)):
        return f"a {'list' if issubclass(kind, list) else 'tuple'} of length {_length(value)}"
    if issubclass(kind, np.ndarray):
        return "an array"
    if issubclass(kind, str):
        return "a string"
    name = "function" if _type_name(kind) in FUNCTIONS else _type_name(kind)
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def _length(value: Any) -> str:
    try:
        return str(int(len(value)))
    except Exception:  # a subclass of list may define len() as it likes
        return "unknown"


def _type_name(kind: type) -> str:
    try:
        name = str(kind.__name__)
    except Exception:  # a metaclass may define anything
        return "object"
    return "".join(c for c in name[:40] if c.isascii() and (c.isalnum() or c in "_ ")) or "object"


def _dtype_name(dtype: np.dtype) -> str:
    names = {"O": "object", "U": "string", "S": "bytes", "V": "record", "M": "date", "m": "time difference"}
    return names.get(dtype.kind, "unknown")


def _likely_for_dtype(dtype: np.dtype) -> str:
    if dtype.kind == "O":
        return "made from parts of different shapes, or with None among the numbers"
    return "the numbers were turned into something else on the way"


def _likely_for(kind: type, value: Any) -> str:
    if issubclass(kind, tuple):
        return "a comma after it makes a tuple" if len(value) == 1 else "one thing is asked for, and several come back"
    if issubclass(kind, list):
        return "wrap the result in np.array(...), or compute with arrays from the start"
    if issubclass(kind, str):
        return "return the number itself, not its text"
    if kind.__name__ in FUNCTIONS:
        return "it is not called: the parentheses are missing"
    if kind.__name__.startswith("array of "):  # what an array of objects is called when it has been sent
        return _likely_for_dtype(np.dtype("O"))
    if kind.__name__ == "generator":
        return "a yield makes the function a generator; return one array"
    return "return a numpy array"
