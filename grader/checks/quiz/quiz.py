"""How an answer is read that a student wrote into a variable: a choice, a number, several of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.checks.diagnosis.as_array import describe

AROUND = " \t\r\n()[]{}'\"`.,;"  # what may stand around a letter, and between several
MOST_ROWS = 20


class NotAnAnswer(ValueError):
    """What the variable holds is no answer to this kind of question; the message says what to write."""


def read_choice(value: Any, options: str, several: bool = False) -> str:
    """The chosen letters in alphabetic order, such as "b" or "ac"; a list or set of letters will do as well.

    Case and what stands around a letter do not matter. NotImplementedError while it is None or empty; NotAnAnswer.
    """
    if value is None:
        raise NotImplementedError
    parts = list(value) if isinstance(value, (list, tuple, set, frozenset)) else [value]
    if not all(isinstance(part, str) for part in parts):
        raise NotAnAnswer(f"found {describe(value)}; {_wanted(options, several)}")
    letters = set("".join(parts).lower()) - set(AROUND)
    if not letters:
        raise NotImplementedError
    if not letters <= set(options) or (len(letters) > 1 and not several):
        raise NotAnAnswer(f"found {_cut(', '.join(parts))}; {_wanted(options, several)}")
    return "".join(sorted(letters))


def read_number(value: Any) -> float:
    """A finite number, of whatever type has one. NotImplementedError while it is None; NotAnAnswer."""
    if value is None:
        raise NotImplementedError
    if isinstance(value, np.ndarray) and value.size == 1:
        value = value.reshape(())[()]
    if isinstance(value, (str, bytes)):
        raise NotAnAnswer("found a text; write the number without quotes")
    if isinstance(value, (bool, np.bool_)):
        raise NotAnAnswer("found a truth value; write a number")
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        raise NotAnAnswer(f"found {describe(value)}; write a number") from None
    if not np.isfinite(found):
        raise NotAnAnswer("found nan or inf; write a finite number")
    return found


def read_numbers(value: Any, count: int) -> list[float]:
    """A list of `count` finite numbers. NotImplementedError while it or one of them is None; NotAnAnswer."""
    if value is None:
        raise NotImplementedError
    row = isinstance(value, (list, tuple)) or (isinstance(value, np.ndarray) and value.ndim == 1)
    if not row or len(value) != count:
        raise NotAnAnswer(f"found {describe(value)}; write a list of {count} numbers")
    return [read_number(part) for part in value]


def read_row(value: Any, count: int, number: int) -> list[float | None]:
    """The first `number` of a list of `count` numbers; None for one before the last that is no number yet.

    NotImplementedError while the last is None; NotAnAnswer.
    """
    if value is None:
        raise NotImplementedError
    row = isinstance(value, (list, tuple)) or (isinstance(value, np.ndarray) and value.ndim == 1)
    if not row or len(value) != count:
        raise NotAnAnswer(f"found {describe(value)}; write a list of {count} numbers")
    found: list[float | None] = []
    for part in value[: number - 1]:
        try:
            found.append(read_number(part))
        except (NotImplementedError, NotAnAnswer):
            found.append(None)
    return [*found, read_number(value[number - 1])]


def read_array(value: Any, shape: tuple[int, ...], name: str) -> np.ndarray:
    """Finite numbers as an array of this shape, from lists in lists, or from one number for the shape ().

    A column will do for a row. NotImplementedError while one of them is None; NotAnAnswer, about `name`.
    """
    wanted = f"write numbers of shape {shape}" if shape else "write one number"
    try:
        array = np.array(_deep(value), dtype=float)
    except NotAnAnswer as error:
        raise NotAnAnswer(f"{name}: {error}") from None
    except ValueError:
        raise NotAnAnswer(f"{name}: rows of different lengths; {wanted}") from None
    if array.shape == (*shape, 1):
        array = array[..., 0]
    if array.shape != shape:
        raise NotAnAnswer(f"{name}: found numbers of shape {array.shape}; {wanted}")
    return array


def _deep(value: Any) -> Any:
    if isinstance(value, (list, tuple)) or (isinstance(value, np.ndarray) and value.ndim):
        return [_deep(part) for part in value]
    return read_number(value)


def read_rows(value: Any, width: int) -> list[list[float]]:
    """A list of 1 to 20 rows of `width` finite numbers. NotImplementedError while one is None; NotAnAnswer."""
    if value is None:
        raise NotImplementedError
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if not isinstance(value, (list, tuple)) or not 0 < len(value) <= MOST_ROWS:
        raise NotAnAnswer(f"found {describe(value)}; write a list of rows of {width} numbers")
    return [read_numbers(row, width) for row in value]


def _wanted(options: str, several: bool) -> str:
    letters = f"{', '.join(options[:-1])} or {options[-1]}"
    if several:
        return f'write those of {letters} that are right, in quotes: "{options[:2]}"'
    return f'write one of {letters}, in quotes: "{options[0]}"'


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 20 else flat[:17] + "..."
