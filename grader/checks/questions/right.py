"""The right numbers of an answer, and those that tell what was done wrong: from a key, or from a record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from grader.checks.diagnosis.named import Named
from grader.checks.diagnosis.tolerance import RTOL
from grader.checks.questions.plain import pack, unpack

TINY = 1e-30  # single precision reaches a little further
NEAR = 1e-2


@dataclass(frozen=True)
class Right:
    """What an answer, or one item of it, is to be.

    value     numbers, or a list of such; or a text or None, compared as they are
    what      names it for the student
    mistakes, whole, scales, known, before, rtol, atol, sequences   as in `diagnose`
    also      other values that are accepted: they follow from a slip that another test judges
    either    the answer has two parts, of which one must be right: the first as said here, or the second as said there.
              For a test of something else, whose number only says whose answer it is: no slip in one part costs it
    hidden    the number, or the letter, is the answer itself: it is never shown
    """

    value: Any
    what: str
    mistakes: Mapping[str, Any] = field(default_factory=dict)
    scales: Mapping[str, float] = field(default_factory=dict)
    known: Mapping[str, Any] = field(default_factory=dict)
    before: Any = None
    rtol: float = RTOL
    atol: float | None = None
    sequences: bool = False
    also: Sequence[Any] = ()
    either: Right | None = None
    hidden: bool = False
    whole: bool = False

    def options(self) -> dict[str, Any]:
        """For `diagnose`."""
        return {
            name: getattr(self, name)
            for name in ("mistakes", "whole", "scales", "known", "before", "rtol", "atol", "sequences")
        }


def pack_right(right: Right) -> dict[str, Any]:
    """As JSON has it, without what is as it is by default."""
    packed: dict[str, Any] = {}
    for place in fields(Right):
        value = getattr(right, place.name)
        if place.name == "mistakes":
            value = [
                [str(text), getattr(text, "code", None), short(wrong, right.value)] for text, wrong in value.items()
            ]
        elif place.name == "also":
            value = list(value)
        elif place.name == "either" and value is not None:
            packed["either"] = pack_right(value)
            continue
        usual: list[Any] = [None] if place.name == "value" else [[], {}, None, False]
        if value not in usual if isinstance(value, (list, dict, bool, type(None))) else True:
            packed[place.name] = pack(value)
    if right.rtol == RTOL:
        del packed["rtol"]
    return packed


def short(wrong: Any, right: Any) -> Any:
    """Wrong numbers with seven digits, in half the room: enough to know a mistake by, if they are not next to right."""
    if isinstance(wrong, (list, tuple)):
        beside = right if isinstance(right, (list, tuple)) and len(right) == len(wrong) else [None] * len(wrong)
        return type(wrong)(short(one, other) for one, other in zip(wrong, beside))  # noqa: B905
    if not isinstance(wrong, np.ndarray) or wrong.dtype != np.float64 or not wrong.size:
        return wrong
    size = np.abs(wrong[wrong != 0])
    in_range = np.all(np.isfinite(wrong)) and np.all((size > TINY) & (size < 1 / TINY))
    near = np.shape(right) == wrong.shape and np.allclose(wrong, np.asarray(right, dtype=float), rtol=NEAR)
    return wrong.astype(np.float32) if in_range and not near else wrong


def unpack_right(packed: Mapping[str, Any]) -> Right:
    """What `pack_right` was given."""
    found: dict[str, Any] = {
        name: unpack_right(value) if name == "either" else unpack(value) for name, value in packed.items()
    }
    if "mistakes" in found:
        found["mistakes"] = {
            Named(code, text) if code is not None else text: wrong for text, code, wrong in found["mistakes"]
        }
    return Right(**{"value": None, **found})
