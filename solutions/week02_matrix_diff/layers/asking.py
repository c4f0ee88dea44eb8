"""What the hidden tests of the layers have in common: props, one way back, manners, inputs as large as 1e3."""

import numpy as np

from grader.checks.diagnosis.named import Named
from grader.judge import expect, expect_that, expect_unchanged, prop

FAR = 1e3
NOT_ADDED = Named("gradients_not_added", "a second backward is to add to the gradients; this is the last one alone")
NO_CHAIN = Named("chain_rule", "grad_output is left out (chain rule)")
OVERFLOW = "NaN or infinity for inputs of 1e3: choose a form in which exp gets no large argument"


@prop
def linear_with(cls, W, b):
    """A layer whose parameters are changed in place to these values."""
    layer = cls(*W.shape)
    layer.W[...] = W
    layer.b[...] = b
    return layer


@prop
def descend(module, rate):
    """One step of an optimiser that knows nothing but the two lists."""
    for parameter, gradient in zip(module.parameters(), module.gradients(), strict=True):
        parameter -= rate * gradient


@prop
class Factor:
    """x times a number for each column, with gradients that add up: a layer as the notebook gives one."""

    def __init__(self, factors):
        self.factors = np.array(factors)
        self.slopes = np.zeros_like(self.factors)

    def forward(self, x):
        return x * self.factors

    def backward(self, x, grad_output):
        if np.shape(x) != np.shape(grad_output):
            raise ValueError("x and grad_output do not belong to this layer: each layer needs what entered it")
        self.slopes += np.einsum("ij,ij->j", x, grad_output)
        return grad_output * self.factors

    def parameters(self):
        return [self.factors]

    def gradients(self):
        return [self.slopes]

    def zero_grad(self):
        self.slopes[...] = 0


@prop
class Cube:
    """x^3 and, beside it, x: twice as many columns leave as enter."""

    def forward(self, x):
        return np.concatenate([x**3, x], axis=1)

    def backward(self, x, grad_output):
        units = x.shape[1]
        if np.shape(grad_output) != (len(x), 2 * units):
            raise ValueError("x and grad_output do not belong to this layer: each layer needs what entered it")
        return 3 * x**2 * grad_output[:, :units] + grad_output[:, units:]

    def parameters(self):
        return []

    def gradients(self):
        return []

    def zero_grad(self):
        pass


def back(module, x, grad_output):
    """The gradient of x, after a forward with the same x, as in training."""
    module.forward(x)
    return module.backward(x, grad_output)


def arrays(found, count, what):
    """The list that parameters() or gradients() gave, once it is known to be one of `count` arrays."""
    row = isinstance(found, (list, tuple)) and len(found) == count
    expect_that(bool(row), f"{what}: a flat list of {count} arrays is expected", "type")
    fit = all(isinstance(array, np.ndarray) for array in found)
    expect_that(bool(fit), f"{what}: the items of the list must be arrays; is it flat?", "type")
    return found


def expect_manners(student, module, x, grad_output):
    """Neither forward nor backward changes its arguments, and both give arrays that are not 0 everywhere."""
    entered, arrived = student.put(x), student.put(grad_output)
    output = module.forward(entered)
    expect_unchanged(entered, x, what="the x of forward")
    grad = module.backward(entered, arrived)
    expect_unchanged(entered, x, what="the x of backward")
    expect_unchanged(arrived, grad_output, what="grad_output")
    for name, value, shape in (("forward", output, grad_output.shape), ("backward", grad, x.shape)):
        fit = isinstance(value, np.ndarray) and value.shape == shape and bool(np.any(value))
        expect_that(bool(fit), f"{name}: an array of shape {shape} is expected that is not 0 everywhere", "shape")


def expect_criterion_manners(student, criterion, x, target):
    """Neither forward nor backward changes its arguments, and the loss is one number."""
    entered, wanted = student.put(x), student.put(target)
    loss = criterion.forward(entered, wanted)
    grad = criterion.backward(entered, wanted)
    expect_unchanged(entered, x, what="x")
    expect_unchanged(wanted, target, what="target")
    expect_that(np.shape(loss) == (), "forward: the loss must be one number", "shape")
    expect_that(np.shape(grad) == x.shape and bool(np.any(grad)), "backward: an array of the shape of x is expected")


def expect_right_far_out(module, x, output, grad_output, grad, what):
    """forward and backward at inputs of size 1e3, to an absolute tolerance."""
    found = module.forward(x)
    pairs = [("forward", found, output), ("backward", module.backward(x, grad_output), grad)]
    for name, value, wanted in pairs:
        finite = not (isinstance(value, np.ndarray) and value.dtype.kind == "f") or np.isfinite(value).all()
        expect_that(bool(finite), f"{what}.{name}: {OVERFLOW}", "not_finite")
        expect(value, wanted, what=f"{what}.{name}, inputs of 1e3", atol=1e-9)


def expect_adding_up(module, x, grad_output, count, what):
    """Two ways back give twice the gradients of one, and after zero_grad() one gives those of one again."""
    back(module, x, grad_output)
    once = arrays(module.gradients(), count, f"{what}.gradients()")
    back(module, x, grad_output)
    twice = arrays(module.gradients(), count, f"{what}.gradients()")
    for a, b in zip(once, twice, strict=True):
        expect(b, 2 * a, what=f"{what}.gradients() after two backwards", mistakes={NOT_ADDED: a})
    module.zero_grad()
    back(module, x, grad_output)
    for a, b in zip(once, arrays(module.gradients(), count, f"{what}.gradients()"), strict=True):
        hint = "zero_grad() leaves the gradients of before in place"
        expect(b, a, what=f"{what}.gradients() after zero_grad() and one backward", mistakes={hint: 3 * a})
