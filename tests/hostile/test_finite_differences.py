"""Gradients by finite differences where the formula is asked for: they get what the tolerance gives, and no more.

The policy is in docs/security.md: an exercise judges numbers, to a relative 1e-6. Centred differences with a good step
are that accurate and pass; one-sided or coarse ones are not, and fail; so does any difference at a kink.
"""

from contextlib import ExitStack
from functools import cache

import pytest

from grader.judge.grading.spec import reference_cells
from grader.judge.rehearsal.rehearsal import REPO, Checkpoints

HOMEWORK = ("week01_backprop", "backprop")
WORKSHEET = ("week02_matrix_diff", "matrix_diff")
CENTRED, ONE_SIDED = "(f(x + h) - f(x - h)) / (2 * h)", "(f(x + h) - f(x)) / h"
QUADRATIC = """
def d_quadratic(x, A):
    def slope(direction):
        f, h = lambda t: (point := np.asarray(direction) * t + point_0) @ A @ point, {h}
        x = 0.0
        return {differences}
    point_0 = np.array(x, dtype=float)
    return np.array([slope(direction) for direction in np.eye(len(point_0))])
"""
LAYER = """
def _measured(self, input, grad_output):
    f, x, h = self.forward, np.array(input, dtype=float), {h}
    return grad_output * ({differences})
{name}.backward = _measured
"""


@pytest.fixture(scope="module")
def points():
    """`points(which, cells)` by test cell, of the reference with these cells in place of its own."""
    with ExitStack() as stack:

        @cache
        def line(which):
            return stack.enter_context(Checkpoints(*which, reference_cells(REPO, *which)))

        yield lambda which, cells: line(which).rehearse(cells).points


@pytest.mark.parametrize(("differences", "h"), [(CENTRED, 1e-4), (CENTRED, 1e-2), (CENTRED, 1e-13), (ONE_SIDED, 1e-3)])
def test_of_a_quadratic_form(points, differences, h):
    """x'Ax has no third derivative: centred differences are exact but for rounding, in which they drown far out."""
    cell = QUADRATIC.format(differences=differences, h=h)
    assert points(WORKSHEET, {"quadratic": cell})["test_quadratic"] < 0.25


@pytest.mark.parametrize(
    ("differences", "h", "passes"), [(CENTRED, 1e-5, True), (CENTRED, 1e-2, False), (ONE_SIDED, 1e-4, False)]
)
def test_of_a_sigmoid(points, differences, h, passes):
    """A curved function: the step has to be small, on both sides; the other exercises keep their points."""
    right = reference_cells(REPO, *HOMEWORK)
    measured = right["activations"] + LAYER.format(differences=differences, h=h, name="Sigmoid")
    found = points(HOMEWORK, {"activations": measured})
    assert (found.pop("test_activations") == 1) == passes
    wanted = points(HOMEWORK, {})
    assert found == {cell: wanted[cell] for cell in found}


@pytest.mark.parametrize("differences", [CENTRED, ONE_SIDED])
def test_at_a_kink(points, differences):
    """The slope of ReLU at 0 is settled to be 0, and differences give 1/2 or 1."""
    right = reference_cells(REPO, *HOMEWORK)
    measured = right["relu"] + LAYER.format(differences=differences, h=1e-6, name="ReLU")
    assert 0 < points(HOMEWORK, {"relu": measured})["test_relu"] < 1


def test_at_a_small_point(points):
    """ln det X where X is a millionth: the step of the course's own differences is larger than X."""
    cell = "def d_logdet(X):\n    return checks.numerical_gradient(lambda X: np.linalg.slogdet(X)[1], X)"
    assert points(WORKSHEET, {"logdet": cell})["test_logdet"] == pytest.approx(0.025)
