"""Values and other derivatives of a function that the text states, where one derivative of it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from grader.checks.derivatives.numerical import numerical_gradient
from grader.checks.probes.digests import Digest, digest
from grader.checks.probes.fields import Roles, at, changed, places

MOST = 40  # entries of an argument by which a derivative is taken


def relatives(
    slope_of: Any,
    name: str,
    case: SimpleNamespace,
    roles: Roles,
    right: Sequence[np.ndarray],
    shapes: Sequence[tuple[int, ...]],
) -> dict[str, list[Digest]]:
    """What a wrong derivative may be, in short and by the words for it, where it is not equal to the right one.

    slope_of   as `Question.differences` takes it; of a function that the text states, so no student is asked
    name       of the function, such as "x'Ax"
    right      the derivatives that are asked for
    shapes     of the student's, which others need not be compared with
    """
    found = {}
    for words, parts in _relatives(slope_of, name, case, roles, right, shapes):
        if (
            [part.shape for part in parts] == list(shapes)
            and all(np.all(np.isfinite(part)) for part in parts)
            and not _alike(parts, right)
        ):
            found[words] = [digest(part) for part in parts]
    return found


def _relatives(
    slope_of: Any,
    name: str,
    case: SimpleNamespace,
    roles: Roles,
    right: Sequence[np.ndarray],
    shapes: Sequence[tuple[int, ...]],
) -> Iterator[tuple[str, list[np.ndarray]]]:
    values = _values(slope_of, case)
    if len(values) != len(right):
        return
    yield f"the value of {name}, not its derivative", values
    if any(value.ndim for value in values):
        return
    yield f"the right result times {name}", [part * value for part, value in zip(right, values)]  # noqa: B905
    yield f"the right result divided by {name}", [part / value for part, value in zip(right, values)]  # noqa: B905
    for argument, paths in places(case, roles).items():
        given = [at(case, path) for path in paths]
        if argument and [np.shape(value) for value in given] == list(shapes) and all(map(_moves, given)):
            by = f"the derivative of {name} with respect to {roles.words.get(argument, argument)}"
            yield by, [_gradient(slope_of, case, path, number) for number, path in enumerate(paths)]


def _values(slope_of: Any, case: SimpleNamespace) -> list[np.ndarray]:
    of = slope_of(None, **vars(case))
    return [np.asarray(f(x), dtype=float) for f, x in (of if isinstance(of, list) else [of])]


def _moves(value: Any) -> bool:
    return isinstance(value, (float, np.ndarray)) and np.asarray(value).dtype.kind == "f" and np.size(value) <= MOST


def _gradient(slope_of: Any, case: SimpleNamespace, path: tuple[Any, ...], number: int) -> np.ndarray:
    def f(value: np.ndarray) -> float:
        return float(_values(slope_of, changed(case, {path: value}))[number])

    return np.asarray(numerical_gradient(f, np.asarray(at(case, path), dtype=float)))


def _alike(some: Sequence[np.ndarray], others: Sequence[np.ndarray]) -> bool:
    return all(
        np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=1e-5, atol=1e-9)
        for a, b in zip(some, others)  # noqa: B905
    )
