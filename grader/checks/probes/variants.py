"""The cases that experiments ask about: each differs from the first in one way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from types import SimpleNamespace
from typing import Any

import numpy as np

from grader.checks.probes.fields import Path, Roles, at, changed, options, places

LINES = {"first": 0, "last": -1}
SMALL = {"small": 1e-3, "tiny": 1e-4}  # of what it is
LINE = re.compile("(first|last)_(row|column|entry)")
# What a student may have put in the place of an argument. Multiples show in what depends on it.
INSTEAD = {
    "transposed": "{0}.T in place of {0}",
    "swapped": "{0} in each other's place",
    "complement": "1 - {0} in place of {0}",
    "minus": "-{0} in place of {0}",
    "double": "2 {0} in place of {0}",
    "next": "{0} + 1 in place of {0}",
    "previous": "{0} - 1 in place of {0}",
}
# The first result says enough: whether these give the same, or give what is right there. Of whole numbers, such as
# sizes, a key need not know what is right for others.
OF_YOURS = ("again", "reseeded", "next", "previous")


@dataclass(frozen=True)
class Variant:
    """A case that differs in one way: `code` says in which, `field` of what, empty for the whole case.

    said   the field as the student knows it
    """

    code: str
    field: str
    case: SimpleNamespace
    said: str = ""

    @property
    def moves(self) -> bool:
        """Is it asked what the change moves? Else: whether the function is right there."""
        return self.code in ("changed", "shuffled") or bool(LINE.fullmatch(self.code))

    @property
    def name(self) -> str:
        """As a record has it: "double:X"."""
        return f"{self.code}:{self.field}" if self.field else self.code


Fields = dict[str, dict[Path, Any]]  # of each argument its values by their places


def variants(case: SimpleNamespace, roles: Roles) -> Iterator[Variant]:
    """Every variant that this case has."""
    for one in _variants(case, roles):
        yield replace(one, said=listed([roles.words.get(name, name) for name in one.field.split("+")]))


def _variants(case: SimpleNamespace, roles: Roles) -> Iterator[Variant]:
    yield Variant("again", "", case)
    every: Fields = {name: {path: at(case, path) for path in of} for name, of in places(case, roles).items() if name}
    labels = [name for name in _known(roles.labels, every) if all(map(_of_whole_numbers, every[name].values()))]
    kept = [*roles.fixed.split(), *roles.sizes.split(), *labels]
    fields = {name: of for name, of in every.items() if name not in kept and _numbers(of)}

    def other(code: str, name: str, change: Callable[[Any], Any]) -> Variant:
        return Variant(code, name, changed(case, {path: change(value) for path, value in every[name].items()}))

    for name in roles.rng.split():
        yield other("reseeded", name, _reseeded)
    for name in _known(roles.sizes, every):
        yield other("larger", name, lambda size: 2 * size)
    for name in [*fields, *_known(roles.count, every)]:
        yield other("changed", name, _changed if name in fields else lambda count: count + 2)
        for kind, axis, which, place in _lines(fields.get(name, {}).values()):
            yield other(f"{which}_{kind}", name, partial(_line, axis=axis, place=place))
    for name in labels:
        yield other("shuffled", name, partial(np.roll, shift=1))
        if all(_two_classes(value) for value in every[name].values()):
            yield other("ones", name, lambda value: 0 * value + 1)
            yield other("zeros", name, lambda value: 0 * value)
    yield from _samples(case, {name: every[name] for name in _known(roles.batch, every)})
    yield from _states(case, roles, every)
    yield from _defaults(case, roles)
    for name, of in fields.items():
        shapes = {np.shape(value) for value in of.values()}
        if any(len(shape) == 2 and shape[0] != shape[1] and min(shape) > 1 for shape in shapes):
            yield Variant("square", name, changed(case, _cut(of, fields, roles)))
        yield other("double", name, lambda value: 2 * value)
        yield other("minus", name, lambda value: -value)
        yield other("zero", name, lambda value: 0 * value)
        if any(np.ndim(value) and np.any(value < 0) for value in of.values()) and not _squares(of):
            yield other("positive", name, abs)
        if name in roles.terms.split() and name not in roles.defaults:
            yield other("without", name, lambda value: 0 * value)
        if _squares(of) and any(np.any(value != value.T) for value in of.values()):
            yield other("symmetric", name, lambda value: (value + value.T) / 2)
        if name in roles.small.split():
            for code, share in SMALL.items():
                yield other(code, name, partial(np.multiply, share))
    for name in roles.terms.split():
        if name in roles.defaults:  # also where a call leaves it out
            yield Variant("without", name, changed(case, {(*path, name): 0.0 for path in options(case, roles)}))
        elif name in every and all(map(is_whole, every[name].values())):
            yield other("without", name, lambda value: 0 * value)
    yield from _alike(case, roles, every)
    for name in _known(roles.each, fields):
        for n in range(min(map(len, fields[name].values()))):
            yield replace(other("alone", name, partial(_entry, n)), field=f"{name}[{n}]")
    square = {name: of for name, of in fields.items() if _squares(of)}
    if square:
        diagonal = {path: np.diag(np.diag(value)) for of in square.values() for path, value in of.items()}
        yield Variant("diagonal", "+".join(square), changed(case, diagonal))
    for name in square:
        yield other("identity", name, lambda value: np.eye(len(value)))
    left_out: Fields = {}
    for path in options(case, roles):
        for name, default in roles.defaults.items():
            left_out.setdefault(name, {})[(*path, name)] = at(case, path).get(name, default)
    classes = {name: every[name] for name in labels if all(map(_two_classes, every[name].values()))}
    whole = {name: of for name, of in every.items() if name not in kept and all(map(is_whole, of.values()))}
    yield from _instead(case, {**fields, **left_out, **whole, **classes})


def _instead(case: SimpleNamespace, fields: Fields) -> Iterator[Variant]:
    """Another value in the place of an argument, or two arguments in each other's, in all calls."""
    for name, of in fields.items():
        for code in INSTEAD:
            values = {path: _other(code, value) for path, value in of.items()}
            if all(value is not None for value in values.values()):
                yield Variant(code, name, changed(case, values))
    for (one, some), (other, others) in combinations(fields.items(), 2):
        pairs = list(zip(some.items(), others.items()))  # noqa: B905
        if len(some) == len(others) and all(_exchangeable(a, b) for (_, a), (_, b) in pairs):
            values = {path: value for (p, a), (q, b) in pairs for path, value in ((p, b), (q, a))}
            yield Variant("swapped", f"{one}+{other}", changed(case, values))


def _exchangeable(a: Any, b: Any) -> bool:
    """Of one shape, and of one order of magnitude: else the exchange takes one of them away."""
    return np.shape(a) == np.shape(b) and 1e-2 < (np.abs(a).max() + 1e-99) / (np.abs(b).max() + 1e-99) < 1e2


def _other(code: str, value: Any) -> Any:
    """The value that `INSTEAD` puts in the place of this one; None where there is none, or the same."""
    if code == "transposed" and np.ndim(value) == 2:
        return None if np.array_equal(value, value.T) else value.T
    if code == "complement" and (_two_classes(value) or (isinstance(value, float) and 0 < value < 1)):
        return 1 - value
    if code not in ("next", "previous") or not is_whole(value):
        return None
    by = 1 if code == "next" else -1
    return [one + by for one in value] if isinstance(value, list) else value + by


def is_whole(value: Any) -> bool:
    """A whole number, or a list of such."""
    if isinstance(value, list):
        return bool(value) and not isinstance(value[0], list) and all(map(is_whole, value))
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def _of_whole_numbers(value: Any) -> bool:
    return np.asarray(value).dtype.kind != "f" or bool(np.all(value == np.round(value)))


def _two_classes(value: Any) -> bool:
    """Labels 0 and 1, both of them, one for each sample."""
    return isinstance(value, np.ndarray) and value.ndim == 1 and set(value.tolist()) == {0, 1}


def listed(names: Iterable[str]) -> str:
    """As a sentence has it: "A, X and B"."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _known(names: str, every: Fields) -> list[str]:
    return [name for name in names.split() if name in every]


def _numbers(of: dict[Path, Any]) -> bool:
    """Is it decimals that an experiment may change?"""
    kinds = [
        value.dtype.kind == "f" if isinstance(value, np.ndarray) else isinstance(value, float) for value in of.values()
    ]
    return all(kinds) and any(np.size(value) > 1 or not np.ndim(value) for value in of.values())


def _squares(of: dict[Path, Any]) -> bool:
    return all(np.ndim(value) == 2 and len(value) == value.shape[1] > 1 for value in of.values())


def _samples(case: SimpleNamespace, batch: Fields) -> Iterator[Variant]:
    """One sample alone, and the samples in another order."""
    values = {path: value for of in batch.values() for path, value in of.items() if np.ndim(value)}
    size = max(map(len, values.values()), default=0)
    if size > 1:
        for n in sorted({0, size // 2, size - 1}):
            one = {path: v[min(n, len(v) - 1) :][:1] for path, v in values.items()}
            yield Variant("one_sample", str(n), changed(case, one))
        yield Variant("permuted", "", changed(case, {path: np.roll(v, 1, axis=0) for path, v in values.items()}))


def _states(case: SimpleNamespace, roles: Roles, every: Fields) -> Iterator[Variant]:
    """The first call of all."""
    zeros = {path: 0 * value for name in _known(roles.states, every) for path, value in every[name].items()}
    if zeros:
        first = {path: 1 for name in _known(roles.count, every) for path in every[name]}
        yield Variant("first_call", "+".join(_known(roles.states, every)), changed(case, zeros | first))


def _alike(case: SimpleNamespace, roles: Roles, every: Fields) -> Iterator[Variant]:
    """Numbers that may be taken for one another: one in the place of both, and both zero."""
    for (one, some), (other, others) in combinations([(name, every[name]) for name in _known(roles.alike, every)], 2):
        if len(some) == len(others):
            same = dict(zip(others, some.values()))  # noqa: B905
            yield Variant("same", f"{one}+{other}", changed(case, same))
            yield Variant("without", f"{one}+{other}", changed(case, dict.fromkeys([*some, *others], 0.0)))


def _defaults(case: SimpleNamespace, roles: Roles) -> Iterator[Variant]:
    """What calls may leave out is left out everywhere, or given everywhere."""
    found = {path: at(case, path) for path in options(case, roles)}
    for name, default in roles.defaults.items():
        if any(name in given for given in found.values()):
            without = {path: {of: v for of, v in given.items() if of != name} for path, given in found.items()}
            yield Variant("left_out", name, changed(case, without))
        if any(name not in given for given in found.values()):
            stated = {path: {name: default, **given} for path, given in found.items()}
            yield Variant("stated", name, changed(case, stated))


def _changed(value: Any) -> Any:
    """Other numbers of the same size, of the other sign where they have one, none of them as before."""
    if not np.ndim(value):
        return (0.6 if 0.5 < value < 1 else 1.5) * value  # what stays below 1 may have to
    size = np.abs(value).max() or 1.0
    sign = -1 if np.any(value < 0) else 1  # probabilities stay above zero
    return sign * (0.7 * value + size * (0.1 + 0.02 * np.cos(np.arange(value.size)).reshape(value.shape)))


def _lines(values: Any) -> Iterator[tuple[str, int, str, int]]:
    """Of which rows, columns or entries all of these have a first and a last one, with something between."""
    dimensions = {np.ndim(value) for value in values}
    if dimensions in ({1}, {2}):
        for axis, kind in enumerate(("row", "column") if dimensions == {2} else ("entry",)):
            for which, place in LINES.items():
                if all(value.shape[axis] > 2 for value in values):
                    yield kind, axis, which, place


def _reseeded(seed: Any) -> Any:
    return [one + 1 for one in seed] if isinstance(seed, (list, tuple)) else seed + 1


def _line(value: Any, axis: int, place: int) -> Any:
    """The array with one row, column or entry changed."""
    line = np.zeros(value.shape, dtype=bool)
    line[(slice(None),) * axis + (place,)] = True
    return np.where(line, _changed(value), value)


def _entry(n: int, values: Any) -> Any:
    return values[n : n + 1]


def _cut(of: dict[Path, Any], fields: Fields, roles: Roles) -> dict[Path, Any]:
    """In each call all axes as long as the longer side of its matrix are cut to the shorter one."""
    depth, found = 2 if roles.calls else 0, {}
    for place, matrix in of.items():
        if np.ndim(matrix) != 2 or min(matrix.shape) < 2:
            continue
        short, long = sorted(matrix.shape)
        for path, value in ((path, value) for one in fields.values() for path, value in one.items()):
            if path[:depth] == place[:depth] and np.ndim(value):
                found[path] = value[tuple(slice(short if size == long else None) for size in value.shape)]
    return found
