"""The check of a layer: a right one passes; copies, overwritten and averaged gradients and the like are seen."""

import numpy as np
import pytest

from grader.checks.exercise.exercise import exercise
from week02_matrix_diff import layer_checks


class Scale:
    """x times a factor for each column; the mistakes are planted by its subclasses."""

    def __init__(self):
        self.factors, self.slopes = np.array([2.0, -1.0, 0.5]), np.zeros(3)

    def forward(self, x):
        return x * self.factors

    def backward(self, x, grad_output):
        self.slopes += np.sum(x * grad_output, axis=0)
        return grad_output * self.factors

    def parameters(self):
        return [self.factors]

    def gradients(self):
        return [self.slopes]

    def zero_grad(self):
        self.slopes[...] = 0


class Copies(Scale):
    def parameters(self):
        return [self.factors.copy()]


class Overwrites(Scale):
    def backward(self, x, grad_output):
        self.slopes[...] = 0
        return super().backward(x, grad_output)


class Averages(Scale):
    def backward(self, x, grad_output):
        self.slopes += np.mean(x * grad_output, axis=0)
        return grad_output * self.factors


class NeverZero(Scale):
    def zero_grad(self):
        pass


class InPlace(Scale):
    def forward(self, x):
        x *= self.factors
        return x


class NoGradients(Scale):
    def gradients(self):
        return []


def wrong(module):
    """The lines that fail."""
    rng = np.random.default_rng(0)
    with exercise("scale") as check:
        layer_checks.check_module(check, module, rng.normal(size=(5, 3)), rng.normal(size=(5, 3)), ["factors"])
    assert check.report.stopped is None
    return [result.what for result in check.report.results if not result.ok]


def test_a_right_module_passes():
    assert wrong(Scale()) == []


@pytest.mark.parametrize(
    ("module", "line"),
    [
        (Copies, "the parameters are live"),
        (Overwrites, "gradients add up"),
        (Averages, "gradient of factors, shape (3,)"),
        (NeverZero, "zero_grad() sets them back"),
        (InPlace, "x is left unchanged"),
        (NoGradients, "as many gradients as parameters"),
    ],
)
def test_a_planted_mistake_is_seen(module, line):
    assert line in wrong(module())


def test_parameters_are_as_they_were():
    """The check moves them and puts them back."""
    module = Scale()
    wrong(module)
    np.testing.assert_allclose(module.factors, [2.0, -1.0, 0.5])


class Squares:
    def forward(self, x, target):
        return np.sum((x - target) ** 2) / len(x)

    def backward(self, x, target):
        return self.factor * (x - target) / len(x)


@pytest.mark.parametrize(("factor", "ok"), [(2, [True, True, True]), (1, [False, True, True])])
def test_a_criterion_is_compared_with_differences(factor, ok):
    criterion, rng = Squares(), np.random.default_rng(0)
    criterion.factor = factor
    with exercise("squares") as check:
        layer_checks.check_criterion(check, criterion, rng.normal(size=(4, 3)), rng.normal(size=(4, 3)))
    assert [result.ok for result in check.report.results] == ok
