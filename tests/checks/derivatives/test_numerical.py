"""Numerical derivatives agree with known ones, and say where there is none."""

import numpy as np
import pytest

from grader.checks.derivatives.numerical import numerical_gradient, numerical_jacobian, slopes

X = np.array([[0.3, -1.2, 2.0], [1.5, 0.25, -0.5]])

SMOOTH = {
    "sine": (lambda x: np.sum(np.sin(x)), np.cos),
    "cube": (lambda x: np.sum(x**3), lambda x: 3 * x**2),
    "steep": (lambda x: np.sum(np.exp(4 * x)), lambda x: 4 * np.exp(4 * x)),
    "tiny": (lambda x: 1e-12 * np.sum(x**2), lambda x: 2e-12 * x),
    "huge": (lambda x: 1e12 * np.sum(x**2), lambda x: 2e12 * x),
    "softplus": (lambda x: np.sum(np.logaddexp(0, x)), lambda x: 1 / (1 + np.exp(-x))),
}


@pytest.mark.parametrize("name", SMOOTH)
def test_gradient_of_smooth_functions(name):
    """Right to nine digits of the largest entry, at any size of f."""
    f, gradient = SMOOTH[name]
    exact = gradient(X)
    assert np.abs(numerical_gradient(f, X) - exact).max() < 1e-9 * np.abs(exact).max()


def test_estimated_error_bounds_the_real_one():
    """The error it reports is no smaller than the error it makes."""
    for f, gradient in SMOOTH.values():
        found = slopes(f, X)
        assert (np.abs(found.value - gradient(X)) <= found.error + 1e-15 * np.abs(gradient(X))).all()


def test_flat_points_are_no_kinks():
    """At 0, x^2, x^3 and x^4 have slope 0: both sides shrink with h."""
    for power in (2, 3, 4):
        assert numerical_gradient(lambda x, p=power: np.sum(x**p), np.zeros(2)) == pytest.approx(0, abs=1e-9)


def test_kink_has_no_derivative():
    """|x| and ReLU at 0 give nan; beside it, a smaller step escapes the kink."""
    for f in (lambda x: np.abs(x).sum(), lambda x: np.maximum(x, 0).sum()):
        found = numerical_gradient(f, [0.0, 1e-8, 2e-4, 1e-3 / 3, 1.0])
        assert np.isnan(found).tolist() == [True, True, False, False, False]
        assert found[2:] == pytest.approx(1)


def test_leaky_kink_is_seen():
    """A slope that changes by one per cent only is still a kink."""
    f = lambda x: np.where(x > 0, x, 0.99 * x).sum()  # noqa: E731
    assert np.isnan(numerical_gradient(f, [0.0, 1.0])).tolist() == [True, False]


def test_rough_function_is_not_trusted():
    """A function computed in float32 has no slope that several step sizes agree on."""
    assert np.isnan(numerical_gradient(lambda x: float(np.sum(np.float32(x) ** 2)), [1.0, 2.0])).all()


def test_not_finite_near_x_is_not_trusted():
    """log x at 0 has no derivative; nothing is raised and no warning given."""
    with np.errstate(all="ignore"):
        assert np.isnan(numerical_gradient(lambda x: np.log(x[0]) + x[1], [0.0, 1.0])).all()


def test_jacobian_is_in_numerator_layout():
    """J[i, j] = d f_i / d x_j; for functions of matrices the axes of x follow those of f."""
    A = np.array([[1.0, 2.0, 3.0], [0.5, -1.0, 4.0]])
    assert numerical_jacobian(lambda x: A @ x, X[0]) == pytest.approx(A)
    J = numerical_jacobian(lambda x: x.T, X)
    assert J.shape == (3, 2, 2, 3)
    assert J[2, 0, 0, 2] == pytest.approx(1) and J.sum() == pytest.approx(6)


def test_function_may_spoil_its_argument():
    """f gets copies, so in-place work inside it changes neither x nor the result."""

    def f(x):
        x *= 2
        return x.sum()

    x = np.ones(3)
    assert numerical_gradient(f, x) == pytest.approx(2)
    assert (x == 1).all()


def test_function_must_return_one_number_and_always_the_same():
    """Both are told in words."""
    with pytest.raises(ValueError, match=r"must return one number.* array of shape \(3,\)"):
        numerical_gradient(lambda x: x, np.ones(3))
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="two different values for one x"):
        numerical_gradient(lambda x: x.sum() + rng.normal(), np.ones(3))
