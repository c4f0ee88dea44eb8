"""A worksheet's answers in a dictionary: numbers, rows and small matrices that were worked out on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import ArrayLike

if TYPE_CHECKING:
    from grader.checks.exercise.exercise import Exercise

WITHIN = 5e-5 * (1 + 1e-6)  # four decimals; 0.00005 itself is still right, whatever rounding does to it


class ComputationGraph(Protocol):
    """A computation, node by node: what a worksheet asks for."""

    inputs: dict[str, np.ndarray]
    values: dict[str, np.ndarray]
    gradients: dict[str, np.ndarray]

    def value_from(self, name: str, values: Mapping[str, np.ndarray]) -> np.ndarray: ...

    def gradient_from(
        self, name: str, values: Mapping[str, np.ndarray], gradients: Mapping[str, np.ndarray]
    ) -> np.ndarray: ...


def entry(sheet: object, key: str, shape: tuple[int, ...] = ()) -> np.ndarray:
    """The numbers under one key, as an array of this shape.

    NotImplementedError(key) while one of them is None; TypeError, in words, for anything else that is not so shaped.
    """
    if not isinstance(sheet, dict) or key not in sheet:
        raise TypeError(f'the key "{key}" is missing: keep the dictionary as it was, and replace the None in it')
    if any(value is None for value in _flat(sheet[key])):
        raise NotImplementedError(key)
    try:
        array = np.array(sheet[key], dtype=float)
    except (TypeError, ValueError):
        raise TypeError(f'"{key}" must be {_kind(shape)}') from None
    if array.shape != tuple(shape) or not np.isfinite(array).all():
        raise TypeError(f'"{key}" must be {_kind(shape)}, found {_kind(array.shape)}')
    return array


def near(yours: ArrayLike, *right: ArrayLike) -> bool:
    """Is `yours` within four decimals of one of the right values, in every entry?"""
    return any(bool(np.all(np.abs(np.asarray(yours) - np.asarray(value)) <= WITHIN)) for value in right)


def _flat(value: object) -> list:
    if isinstance(value, (list, tuple)):
        return [inner for item in value for inner in _flat(item)]
    return [value]


def _kind(shape: tuple[int, ...]) -> str:
    return f"numbers of shape {tuple(shape)}" if shape else "one number"


def check_values(
    check: Exercise,
    graph: ComputationGraph,
    sheet: object,
    names: Sequence[str],
    before: Mapping[str, np.ndarray] | None = None,
    where: str = "",
) -> dict:
    """One line for each node: is its value right, or does it follow from the student's own values before it?

    graph: the computation; sheet: the student's dictionary; names: nodes, in the order of the computation; before: own
    values of other sheets; where: a word before each line. Expected numbers are never shown. Returns the own values.
    NotImplementedError from the first entry that is not written; the lines of those before it are there by then.
    """
    own = {**graph.inputs, **(before or {})}
    hint = "it does not follow from the values that flow into this node"
    for name in names:
        own[name] = entry(sheet, name, graph.values[name].shape)
        right = near(own[name], graph.values[name], graph.value_from(name, own))
        check.that(f"{where}value of {name}", right, hint)
    return own


def check_gradients(
    check: Exercise,
    graph: ComputationGraph,
    sheet: object,
    names: Sequence[str],
    values: Mapping[str, np.ndarray],
    key: str = "{}",
    where: str = "",
) -> dict:
    """The same for gradients, from these own values and the student's own gradients of the nodes that follow.

    names: from the result backwards; key: how a gradient is called in the sheet, such as "d_{}".
    """
    own = {**graph.values, **values}
    known: dict[str, np.ndarray] = {}
    hint = "it does not follow from the gradients of the nodes after it: one product for each edge, then their sum"
    for name in reversed(list(graph.values)):
        follows = graph.gradient_from(name, own, known)
        known[name] = entry(sheet, key.format(name), graph.values[name].shape) if name in names else follows
        if name in names:
            check.that(f"{where}gradient of {name}", near(known[name], graph.gradients[name], follows), hint)
    return {name: known[name] for name in names}
