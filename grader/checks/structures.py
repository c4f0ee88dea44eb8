"""Results of several parts, such as (w, velocity) or a list of (weights, biases): taken apart, one array at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from grader.checks.reading import describe
from grader.checks.verdict import Verdict


def is_structure(expected) -> bool:
    """A tuple, or a list that holds arrays or tuples. A list of numbers, or of lists of numbers, is an array."""
    if isinstance(expected, list):
        return any(isinstance(part, tuple) or (isinstance(part, np.ndarray) and part.ndim > 0) for part in expected)
    return isinstance(expected, tuple)


def parts(yours, expected, what: str, mistakes: Mapping) -> Iterator[tuple]:
    """(yours, expected, what, mistakes) of every part, in order. `yours` has been found to have them all."""
    for i, part in enumerate(expected):
        named = {text: value[i] for text, value in mistakes.items() if _has_parts(value, len(expected))}
        yield yours[i], part, f"{what}[{i}]", named


def missing_parts(yours, expected, what: str, mistakes: Mapping) -> Verdict | None:
    """The verdict on something that does not have as many parts as expected; None if it has."""
    count = len(expected)
    if _has_parts(yours, count):
        return None
    if yours is None and None in mistakes.values():
        text = next(text for text, value in mistakes.items() if value is None)
        return Verdict(False, "named", what, pattern="yours is None", likely=str(text))
    wanted = f"{'a tuple' if isinstance(expected, tuple) else 'a list'} of {count} parts"
    found = _found(yours)
    likely = "the function ends without a return, on this path at least" if yours is None else ""
    return Verdict(False, "type", what, f"{found}   expected {wanted}", f"{found} where {wanted} is expected", likely)


def _has_parts(value, count: int) -> bool:
    """Lists and tuples have parts, and an array whose first axis has that length: unpacking treats them alike."""
    plain = type(value) in (list, tuple) or (type(value) is np.ndarray and value.ndim > 0)
    return plain and len(value) == count


def _found(yours) -> str:
    return f"an array of shape {yours.shape}" if type(yours) is np.ndarray else describe(yours)
