"""The cases that experiments ask about: each differs from the first in one way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

LINES = {"first": 0, "last": -1}
LINE = re.compile("(first|last)_(row|column|entry)")


@dataclass(frozen=True)
class Roles:
    """What the fields of a case are. Names in one text, with spaces between.

    batch   arrays whose first axis is the samples
    fixed   fields that do not enter the result, such as an earlier batch, or whose numbers must stay, such as labels
    terms   fields that are added, such as biases
    """

    batch: str = ""
    fixed: str = ""
    terms: str = ""


@dataclass(frozen=True)
class Variant:
    """A case that differs in one way: `code` says in which, `field` of what, empty for the whole case."""

    code: str
    field: str
    case: SimpleNamespace

    @property
    def moves(self) -> bool:
        """Is it asked what the change moves? Else: whether the function is right there."""
        return self.code == "changed" or bool(LINE.fullmatch(self.code))

    @property
    def name(self) -> str:
        """As a record has it: "double:X"."""
        return f"{self.code}:{self.field}" if self.field else self.code


def variants(case: SimpleNamespace, roles: Roles) -> Iterator[Variant]:
    """Every variant that this case has."""
    yield Variant("again", "", case)
    fields = {name: value for name, value in vars(case).items() if name not in roles.fixed.split() and _numbers(value)}
    for name, value in fields.items():
        yield Variant("changed", name, _with(case, **{name: _changed(value)}))
        yield from _lines(case, name, value)
    batch = {name: getattr(case, name) for name in roles.batch.split() if np.ndim(getattr(case, name, 0))}
    size = min(map(len, batch.values()), default=0)
    if size > 1:
        for n in sorted({0, size // 2, size - 1}):
            one = {name: value[n : n + 1] for name, value in batch.items()}
            yield Variant("one_sample", str(n), _with(case, **one))
        yield Variant("permuted", "", _with(case, **{name: np.roll(v, 1, axis=0) for name, v in batch.items()}))
    for name, value in fields.items():
        if not np.ndim(value):
            continue
        yield from _square(case, name, value, fields)
        yield Variant("double", name, _with(case, **{name: 2 * value}))
        if np.any(value < 0):
            yield Variant("positive", name, _with(case, **{name: abs(value)}))
        yield Variant("minus", name, _with(case, **{name: -value}))
        yield Variant("zero", name, _with(case, **{name: 0 * value}))
        if name in roles.terms.split():
            yield Variant("without", name, _with(case, **{name: 0 * value}))


def _numbers(value: Any) -> bool:
    """Is it decimals that an experiment may change?"""
    if isinstance(value, np.ndarray):
        return value.dtype.kind == "f" and value.size > 1
    return isinstance(value, float)


def _with(case: SimpleNamespace, **changed: Any) -> SimpleNamespace:
    return SimpleNamespace(**{**vars(case), **changed})


def _changed(value: Any) -> Any:
    """Other numbers of the same size, of the other sign where they have one, none of them as before."""
    if not np.ndim(value):
        return 1.5 * value
    size = np.abs(value).max() or 1.0
    sign = -1 if np.any(value < 0) else 1  # probabilities stay above zero
    return sign * (0.7 * value + size * (0.1 + 0.02 * np.cos(np.arange(value.size)).reshape(value.shape)))


def _lines(case: SimpleNamespace, name: str, value: Any) -> Iterator[Variant]:
    """The first or the last row, column or entry of an array is another one."""
    for axis, kind in enumerate(("row", "column") if np.ndim(value) == 2 else ("entry",) * (np.ndim(value) == 1)):
        for which, place in LINES.items():
            if value.shape[axis] > 2:
                line = np.zeros(value.shape, dtype=bool)
                line[(slice(None),) * axis + (place,)] = True
                other = np.where(line, _changed(value), value)
                yield Variant(f"{which}_{kind}", name, _with(case, **{name: other}))


def _square(case: SimpleNamespace, name: str, value: np.ndarray, fields: dict[str, Any]) -> Iterator[Variant]:
    """All axes as long as the longer side of this matrix are cut to the shorter one."""
    if value.ndim != 2 or value.shape[0] == value.shape[1]:
        return
    short, long = sorted(value.shape)
    if short < 2:
        return

    def cut(array: Any) -> Any:
        return array[tuple(slice(short if size == long else None) for size in np.shape(array))]

    yield Variant(
        "square", name, _with(case, **{field: cut(array) for field, array in fields.items() if np.ndim(array)})
    )
