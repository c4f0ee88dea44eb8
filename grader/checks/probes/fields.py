"""Where the arguments of the student's functions stand in a case, and cases with others in their place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

Path = tuple[Any, ...]  # the name of a field of the case, and the items within it


@dataclass(frozen=True)
class Roles:
    """What the fields of a case are. Names in one text, with spaces between.

    batch     arrays whose first axis is the samples
    labels    arrays of whole numbers that have to stay, perhaps in another order; of decimals they are like all others
    fixed     fields that do not enter the result, such as an earlier batch, or whose numbers have to stay
    terms     fields that are added, such as biases, or without which something stays out, such as a decay
    alike     numbers that may be taken for one another, such as two decays
    each      arrays whose entries each give a result, of which one is made in the end
    small     numbers at whose very small values the result says most
    states    what one call gives to the next, zeros at the first
    count     the number of the call, 1 at the first
    rng       seeds of what the function gets to draw from
    sizes     whole numbers that may be doubled, of a result that depends on chance
    calls     the field that lists calls, each a tuple of arguments; else the fields of the case are the arguments, and
              what a dictionary among them holds by name
    names     of these arguments: a text, or a tuple of texts nested as they are, {} for a dictionary by name
    defaults  of the arguments that a call may leave out, as the text has them
    words     for arguments that the student knows by another name, {"G": "grad_output"}
    """

    batch: str = ""
    labels: str = ""
    fixed: str = ""
    terms: str = ""
    alike: str = ""
    each: str = ""
    small: str = ""
    states: str = ""
    count: str = ""
    rng: str = ""
    sizes: str = ""
    calls: str = ""
    names: Any = ""
    defaults: Mapping[str, float] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


def places(case: SimpleNamespace, roles: Roles) -> dict[str, list[Path]]:
    """Of each argument by its name where it stands: once in a case, or in each of its calls."""
    if not roles.calls:
        plain = {name: [(name,)] for name, value in vars(case).items() if not isinstance(value, dict)}
        inside = [(field, name) for field, value in vars(case).items() if isinstance(value, dict) for name in value]
        return plain | {str(name): [(field, name)] for field, name in inside}
    found: dict[str, list[Path]] = {}
    names = tuple(roles.names.split()) if isinstance(roles.names, str) else roles.names
    for number, call in enumerate(getattr(case, roles.calls)):
        for name, path in _named(call, names):
            found.setdefault(name, []).append((roles.calls, number, *path))
    return found


def numbers(case: SimpleNamespace, roles: Roles) -> dict[str, list[float]]:
    """Of each argument that is a decimal number its value, in each call where there are calls."""
    found = {name: [at(case, path) for path in of] for name, of in places(case, roles).items() if name}
    return {name: values for name, values in found.items() if all(isinstance(value, float) for value in values)}


def options(case: SimpleNamespace, roles: Roles) -> list[Path]:
    """Where the dictionaries of arguments by name stand."""
    if not roles.calls or isinstance(roles.names, str) or {} not in roles.names:
        return []
    return [(roles.calls, number, roles.names.index({})) for number in range(len(getattr(case, roles.calls)))]


def _named(value: Any, names: Any, path: Path = ()) -> Iterator[tuple[str, Path]]:
    if isinstance(names, str):
        yield names, path
    elif isinstance(names, Mapping):
        yield from ((name, (*path, name)) for name in value)
    else:
        for number, (item, name) in enumerate(zip(value, names)):  # noqa: B905  (the rest has no name)
            yield from _named(item, name, (*path, number))


def at(case: SimpleNamespace, path: Path) -> Any:
    """What stands there."""
    value: Any = vars(case)
    for item in path:
        value = value[item]
    return value


def changed(case: SimpleNamespace, values: Mapping[Path, Any]) -> SimpleNamespace:
    """The case with these values in the places; what is on the way there is copied."""
    found: Any = dict(vars(case))
    for path, value in values.items():
        found = _put(found, path, value)
    return SimpleNamespace(**found)


def _put(value: Any, path: Path, new: Any) -> Any:
    if not path:
        return new
    first, *rest = path
    if isinstance(value, dict):
        return {**value, first: _put(value.get(first), tuple(rest), new)}
    return type(value)(_put(item, tuple(rest), new) if n == first else item for n, item in enumerate(value))
