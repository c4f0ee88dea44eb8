"""Checks of a layer of a small framework: gradients by differences, live parameters, gradients that add up.

A module has forward(x), backward(x, grad_output), parameters(), gradients() and zero_grad().
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from grader.checks.exercise.exercise import Exercise

LIVE = "parameters() must hand out the arrays themselves, not copies: an optimiser changes them in place"
ADDS = "backward adds to the gradients that are there; only zero_grad() sets them back"


class Module(Protocol):
    """A layer as a student writes it."""

    def forward(self, x: np.ndarray) -> np.ndarray: ...

    def backward(self, x: np.ndarray, grad_output: np.ndarray) -> np.ndarray: ...

    def parameters(self) -> list[np.ndarray]: ...

    def gradients(self) -> list[np.ndarray]: ...

    def zero_grad(self) -> None: ...


class Criterion(Protocol):
    """A loss as a student writes it."""

    def forward(self, x: np.ndarray, target: np.ndarray) -> float: ...

    def backward(self, x: np.ndarray, target: np.ndarray) -> np.ndarray: ...


def check_module(
    check: Exercise, module: Module, x: np.ndarray, grad_output: np.ndarray, names: Sequence[str] = ()
) -> None:
    """One line a property: gradients of the input and of every parameter; live parameters; gradients that add up.

    check: an `Exercise`; x, grad_output: arrays [batch, in] and [batch, out]; names: of the parameters.
    """
    kept = x.copy(), grad_output.copy()

    def loss(x: np.ndarray) -> float:
        return np.sum(grad_output * module.forward(x))

    module.forward(x)
    check.gradient("gradient of x", loss, x, module.backward(x, grad_output))
    check.unchanged("x", x, kept[0])
    check.unchanged("grad_output", grad_output, kept[1])
    parameters, gradients = module.parameters(), module.gradients()
    what = "as many gradients as parameters"
    alike = isinstance(parameters, list) and len(parameters) == len(gradients) == len(names)
    if not check.that(what, alike, f"parameters() and gradients() are lists of {len(names)} arrays each") or not names:
        return
    if check.that("the parameters are live", all(_moves(module, x, array) for array in parameters), LIVE):
        for name, array, gradient in zip(names, parameters, _once(module, x, grad_output), strict=True):
            what = f"gradient of {name}"
            check.gradient(what, _loss_of(module, x, grad_output, array), array.copy(), gradient)
    check_adding_up(check, module, x, grad_output)


def check_adding_up(check: Exercise, module: Module, x: np.ndarray, grad_output: np.ndarray) -> None:
    """Two lines: a second backward adds to the gradients, zero_grad() sets them back."""
    once = _once(module, x, grad_output)
    module.backward(x, grad_output)
    twice = [np.array(gradient) for gradient in module.gradients()]
    check.that("gradients add up", all(np.allclose(b, 2 * a) for a, b in zip(once, twice, strict=True)), ADDS)
    again = _once(module, x, grad_output)
    same = all(np.allclose(a, b) for a, b in zip(once, again, strict=True))
    check.that("zero_grad() sets them back", same, "the gradients of before are still in there")


def _once(module: Module, x: np.ndarray, grad_output: np.ndarray) -> list:
    """Copies of the gradients after one backward from zero."""
    module.zero_grad()
    module.forward(x)
    module.backward(x, grad_output)
    return [np.array(gradient) for gradient in module.gradients()]


def _moves(module: Module, x: np.ndarray, array: np.ndarray) -> bool:
    """Does the output follow when this parameter is changed in place?"""
    before = np.array(module.forward(x))
    array += 1.0
    after = np.array(module.forward(x))
    array -= 1.0
    return not np.array_equal(before, after)


def _loss_of(
    module: Module, x: np.ndarray, grad_output: np.ndarray, array: np.ndarray
) -> Callable[[np.ndarray], float]:
    """The weighted sum of the outputs, as a function of one parameter's values."""

    def loss(values: np.ndarray) -> float:
        old = array.copy()
        array[...] = values
        value = np.sum(grad_output * module.forward(x))
        array[...] = old
        return value

    return loss


def check_criterion(check: Exercise, criterion: Criterion, x: np.ndarray, target: np.ndarray) -> None:
    """One line each: the gradient of the loss by its first argument, and arguments that stay as they were."""
    kept = x.copy(), target.copy()
    criterion.forward(x, target)
    backward = criterion.backward(x, target)
    check.gradient(
        "gradient of x",
        lambda x: criterion.forward(x, target),
        x,
        backward,
        scales={"batch_size": len(x), "entries": x.size},
    )
    check.unchanged("x", x, kept[0])
    check.unchanged("target", target, kept[1])
