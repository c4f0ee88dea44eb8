"""What the messages of common errors mean to somebody who is new to numpy: a table, the first row that fits counts."""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable

import numpy as np

from grader.checks.exercise.shape_products import TURN

OF_THE_CHECK = "an object of this check"  # in place of the name of a class that no student has seen
NOTHING = "something is None here: a function without return, or an in-place method"

MEANT = "is a matrix product meant, that is @"
ENTRY_BY_ENTRY = "the shapes do not fit entry by entry: each pair of sizes, read from the right, must be equal or 1"

MEANINGS = (
    (ValueError, r"enough dimensions", "a product @ needs arrays on both sides; a single number multiplies with *"),
    (
        ValueError,
        r"matmul.{0,60}(mismatch|size)|shapes .{0,60} not aligned",
        f"the inner sizes of the product differ; {TURN}",
    ),
    (
        ValueError,
        r"requested shape",
        "an axis that a sum took away comes back with length 1 first: keepdims=True, [:, None] or reshape",
    ),
    (
        ValueError,
        r"einstein sum|einsum|remapped shapes",
        "the letters before -> must name every axis of every factor, and one letter always has one length",
    ),
    (
        ValueError,
        r"could not broadcast input array",
        "what is assigned does not have the shape of the place it is put into",
    ),
    (
        ValueError,
        r"operands could not be broadcast",
        f"{ENTRY_BY_ENTRY}; {MEANT}",
    ),
    (
        ValueError,
        r"non-broadcastable output operand",
        "the result is larger than the array it is written into (+=, -=, *=)",
    ),
    (
        ValueError,
        r"truth value of an array",
        "if, and, or, not, max and min of Python need single numbers; whether something is there asks `is None`; for "
        "the largest entry use np.max, entry by entry np.maximum, np.where, & or |",
    ),
    (
        ValueError,
        r"inhomogeneous|array element with a sequence",
        "the parts have different shapes and do not make one array",
    ),
    (
        ValueError,
        r"input arrays? (dimensions )?(must have (the )?same|except for)",
        "arrays that are joined must agree in all axes but the one they are joined along",
    ),
    (
        ValueError,
        r"not enough values to unpack|too many values to unpack",
        "what is on the right of = has another number of parts than the names on the left",
    ),
    (ValueError, r"cannot reshape array", "reshape keeps the number of entries; the new shape has more or fewer"),
    (ValueError, r"axes don't match", "transpose must be given every axis of the array once; .T needs none"),
    (ValueError, r"zero-size array", "the array is empty: an empty batch, or a condition that nothing fulfils"),
    (ValueError, r"read-only", "this array is only a view that must not be written; work on a copy"),
    (ValueError, r"math domain error", "the math module works on one number, inside its domain; for arrays use np"),
    (
        ValueError,
        r"negative integer powers",
        "a whole number cannot hold a fraction: make the array float (1.0, .astype(float))",
    ),
    (ValueError, r"could not convert string", "a text stands where a number is meant"),
    (np.linalg.LinAlgError, r"[Ss]ingular", "the matrix has no inverse at this point"),
    (np.linalg.LinAlgError, r"square", "only a square matrix can be inverted or solved with, and has a determinant"),
    (
        IndexError,
        r"axis -?\d+ is out of bounds",
        "the array has fewer axes than axis=... asks for: a vector has axis 0 only, and a sum over an axis takes that "
        "axis away unless it is told keepdims=True",
    ),
    (IndexError, r"boolean index", "the mask must have the length of the axis it selects from"),
    (IndexError, r"with size 0", "it is empty: nothing was put into it, or its length is too small by one"),
    (
        IndexError,
        r"out of bounds for axis",
        "that axis has fewer entries: counting starts at 0; or is another axis meant, X[:, 1] in place of X[1]",
    ),
    (IndexError, r"out of bounds|out of range", "counting starts at 0, so the last index is the length minus 1"),
    (
        (IndexError, TypeError),
        r"only integers, slices|must be integers|must be of integer",
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
        r"takes (from )?\d+.{0,60} positional arguments? but",
        "the call passes more arguments than the function takes; a method needs self first",
    ),
    (
        TypeError,
        r"unexpected keyword argument",
        "the function has no parameter of this name; the first line that the exercise gives has all that it needs",
    ),
    (TypeError, r"as a data type|data type .{0,60} not understood", "a shape is one argument: np.zeros((3, 4))"),
    (
        TypeError,
        r"'tuple' object cannot be interpreted as an integer",
        "this function takes the sizes one by one: randn(3, 4)",
    ),
    (
        TypeError,
        r"float.{0,60} cannot be interpreted as an integer|sequence of integers or a single integer",
        "a size or a count must be a whole number: // in place of /, or int(...)",
    ),
    (TypeError, r"bitwise_xor|for \^", "^ is no power in Python: the power is **"),
    (TypeError, r"Cannot cast ufunc", "an array of integers cannot take fractions: start from floats (zeros, 1.0)"),
    (
        TypeError,
        r"'(numpy\.)?(float|int)\d*' object does not support item assignment",
        "a single number has no entries to write into: was everything summed, where one axis is meant?",
    ),
    (TypeError, r"does not support item assignment", "a tuple or text cannot be changed; make a new one, or a list"),
    (TypeError, r"has no len\(\)", "a single number has no length; was an array or list meant?"),
    (TypeError, r"unhashable", "an array or list cannot be a key of a dictionary; use its name or number"),
    (
        TypeError,
        r"type \S{0,30}(function|method|ufunc)\S* which has no callable|operand.{0,40}'(function|method)'",
        "a function stands where its value is meant: call it, f(w) in place of f",
    ),
    (TypeError, r"no callable \w+ method", "the array holds objects, such as None or arrays, in place of numbers"),
    (TypeError, r"concatenate str", "text and number do not add: an f-string, or str(...)"),
    (TypeError, r"'NoneType'", NOTHING),
    (
        TypeError,
        r"can't multiply sequence|list.{0,60}unsupported|unsupported operand.{0,60}'list'|unary -: 'list'",
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
        r"only .{0,60}scalar arrays|only (size-1|length-1|0-dimensional) arrays",
        "a function for one number got an array; use the one from np",
    ),
    (
        UnboundLocalError,
        r"",
        "the name is assigned further down in the function, so it is local and has no value yet here",
    ),
    (NameError, r"", "the name is not defined at this point: a spelling, a missing self., or a cell that was not run"),
    (AttributeError, r"'NoneType'", NOTHING),
    (
        AttributeError,
        r"'list' object has no attribute '(shape|T|sum|mean|dot|reshape|ndim)'",
        "a list is no array: np.array(...) first",
    ),
    (
        AttributeError,
        r"'(list|tuple)' object has no attribute",
        "a list has nothing of this name; is one of its items meant, or an array: np.array(...)?",
    ),
    (
        AttributeError,
        r"'(int|float|complex|bool|str)' object has no attribute",
        "the name before the dot stands for a single value here; was it assigned to, in this cell or an earlier one?",
    ),
    (
        AttributeError,
        r"'(function|method|builtin_function_or_method)' object has no attribute",
        "the name before the dot is a function that is not called: the parentheses are missing",
    ),
    (AttributeError, OF_THE_CHECK, "use of it only what the exercise says it has"),
    (
        AttributeError,
        r"ndarray' object has no attribute 'append'",
        "an array does not grow; collect in a list, or np.append(...)",
    ),
    (
        AttributeError,
        r"was removed (in|from)|was a deprecated alias",
        "numpy has dropped this name; the message says what takes its place",
    ),
    (AttributeError, r"^module ", "the module has no function of this name; a spelling, or one to write yourself"),
    (
        AttributeError,
        r"has no attribute",
        "the object has nothing of this name: a spelling, or it is not set in __init__",
    ),
    (ModuleNotFoundError, r"", "this module is not there where the work is graded; the exercises need numpy alone"),
    (AssertionError, r"", "an assert of your own does not hold"),
    (OverflowError, r"", "the number is too large: exp of more than 709? np.exp gives inf where math.exp stops"),
    (
        ZeroDivisionError,
        r"",
        "what stands below the / is 0 here: a counter that starts at 0, something empty, or the difference of "
        "two equal numbers",
    ),
    (KeyError, r"", "the dictionary has no such key: it is set later, elsewhere, or under another name"),
    (RecursionError, r"", "calls within calls without end, or more of them than the limit of about 1000"),
)
# What older courses call names of numpy by that it dropped without a word, and what they are called now.
DROPPED = {
    "product": "prod",
    "cumproduct": "cumprod",
    "sometrue": "any",
    "alltrue": "all",
    "in1d": "isin",
    "trapz": "trapezoid",
    "row_stack": "vstack",
    "msort": "sort",
    "asscalar": "ndarray.item",
    "rank": "ndim",
    "bool8": "bool_",
    "int0": "intp",
}
NO_SUCH = re.compile(r"module 'numpy' has no attribute '(\w+)'")
# Types of numpy's own, which a report from another process names.
NUMPY_TYPES = {"LinAlgError": np.linalg.LinAlgError, "AxisError": IndexError, "UFuncTypeError": TypeError}
UFUNC = re.compile(r"_?UFunc\w*Error")


PAIR = re.compile(r"broadcast together with shapes \((\d{1,9}),(\d{0,9})\) \((\d{1,9}),(\d{0,9})\)")
ROW = (
    "an array with one axis counts as a row here: is it to be a column (keepdims=True in the sum, max or mean that "
    "made it, or [:, None]), or to have both axes of the other from the start"
)
UNKNOWN = re.compile(r"(?:name|variable) '(\w+)'")


def self_is_missing(message: str, has: Callable[[str], bool]) -> str:
    """What an error about the name `weights` means where there is a `self.weights`; "" where there is none.

    has: whether the object has the attribute of this dotted name.
    """
    found = UNKNOWN.search(message)
    if not found or not has(f"self.{found[1]}"):
        return ""
    return f"the object has self.{found[1]}; without self. in front, {found[1]} is another name"


def meaning(error: BaseException, message: str, line: str = "") -> str:
    """What this message of an error means; empty for others. `line`: of the student's code, where it is known."""
    return _of(type(error), message, line)


def meaning_of_report(kind: str, message: str, line: str = "") -> str:
    """The same for an error of which only the name of the type and the message are known."""
    kind = kind if isinstance(kind, str) else ""
    found = NUMPY_TYPES.get(kind) or (TypeError if UFUNC.fullmatch(kind) else getattr(builtins, kind, None))
    return _of(found, message, line) if isinstance(found, type) and issubclass(found, Exception) else ""


def _of(kind: type, message: str, line: str) -> str:
    missing = NO_SUCH.match(message) if issubclass(kind, AttributeError) else None
    if missing and missing[1] in DROPPED:
        return f"numpy has dropped the name {missing[1]}; it is np.{DROPPED[missing[1]]} now"
    if issubclass(kind, ValueError) and (pair := PAIR.search(message)):
        return _of_pair(pair, line)
    found = (text for kinds, pattern, text in MEANINGS if issubclass(kind, kinds) and re.search(pattern, message))
    return next(found, "")


def _of_pair(pair: re.Match[str], line: str) -> str:
    """What may be wrong where arrays of these two shapes meet entry by entry."""
    rows, columns, other_rows, other_columns = pair.groups()
    if rows == other_rows and bool(columns) != bool(other_columns):
        return ROW
    # Where there is an @ in the line, or no *, nobody wrote the one for the other.
    product = (columns == other_rows or not columns or not other_columns) and "@" not in line and "*" in (line or "*")
    turned = (rows, columns) == (other_columns, other_rows) and rows != columns
    asks = [MEANT] * product + ["is a .T missing, or one too many"] * turned
    return "; ".join([ENTRY_BY_ENTRY, *asks])
