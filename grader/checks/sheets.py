"""A worksheet's answers in a dictionary: numbers, rows and small matrices that were worked out on paper."""

from __future__ import annotations

import numpy as np

WITHIN = 5e-5 * (1 + 1e-6)  # four decimals; 0.00005 itself is still right, whatever rounding does to it


def entry(sheet, key, shape=()):
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


def near(yours, *right) -> bool:
    """Is `yours` within four decimals of one of the right values, in every entry?"""
    return any(bool(np.all(np.abs(np.asarray(yours) - np.asarray(value)) <= WITHIN)) for value in right)


def _flat(value):
    if isinstance(value, (list, tuple)):
        return [inner for item in value for inner in _flat(item)]
    return [value]


def _kind(shape) -> str:
    return f"numbers of shape {tuple(shape)}" if shape else "one number"


def check_values(check, graph, values) -> None:
    """One line for each node's value: is it right, or does it follow from the student's own values before it?

    graph: a `flow.Graph`; values: {node: array}, leaves may be missing. Expected numbers are never shown.
    """
    own = {**graph.inputs, **values}
    for name, value in values.items():
        right = near(value, graph.values[name], graph.value_from(name, own))
        check.that(f"value of {name}", right, "it does not follow from the values that flow into this node")


def check_gradients(check, graph, values, gradients) -> None:
    """The same for gradients, from the student's own values and the gradients of the nodes that follow."""
    own, known = {**graph.values, **values}, {**graph.gradients, **gradients}
    hint = "it does not follow from the gradients of the nodes after it: one product for each edge, then their sum"
    for name, gradient in gradients.items():
        right = near(gradient, graph.gradients[name], graph.gradient_from(name, own, known))
        check.that(f"gradient of {name}", right, hint)
