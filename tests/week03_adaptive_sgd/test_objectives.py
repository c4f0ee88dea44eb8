"""Test problems: their gradients are those of their losses, and what they say of themselves is true."""

import numpy as np
import pytest

from week03_adaptive_sgd.objectives import matrix_regression, quadratic, rescaled, rosenbrock, saddle, tryouts

PROBLEMS = {
    "bowl": quadratic(50.0, dimensions=4, rng=np.random.default_rng(1), centre=0.3),
    "turned bowl": quadratic(9.0, angle=0.7),
    "valley": rosenbrock(),
    "saddle": saddle(),
    "matrix": matrix_regression(np.random.default_rng(2), (4, 3)),
    "rescaled": rescaled(rosenbrock(), 1e3),
    **{f"tryout {number}": problem for number, (problem, _) in enumerate(tryouts())},
}


@pytest.mark.parametrize("problem", PROBLEMS.values(), ids=PROBLEMS)
def test_gradient_is_that_of_the_loss(problem):
    """Centred differences along random directions."""
    rng = np.random.default_rng(0)
    for _ in range(5):
        w, d = problem.start + 0.3 * rng.normal(size=problem.start.shape), rng.normal(size=problem.start.shape)
        slope = (problem.loss(w + 1e-5 * d) - problem.loss(w - 1e-5 * d)) / 2e-5
        assert slope == pytest.approx(np.sum(problem.gradient(w) * d), rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("problem", PROBLEMS.values(), ids=PROBLEMS)
def test_minimisers_take_the_lowest_value(problem):
    """No gap and no gradient at a minimum, a gap at the start."""
    for w in problem.minimisers:
        assert abs(problem.gap(w)) < 1e-12
        assert np.allclose(problem.gradient(w), 0, atol=1e-9)
    assert problem.gap(problem.start) > 0


def test_condition_and_steepest_are_those_of_the_hessian():
    """Read off the gradient at unit vectors."""
    bowl = PROBLEMS["bowl"]
    hessian = np.array([bowl.gradient(e) - bowl.gradient(0 * e) for e in np.eye(4)])
    curvatures = np.linalg.eigvalsh(hessian)
    assert curvatures[-1] / curvatures[0] == pytest.approx(bowl.condition)
    assert curvatures[-1] == pytest.approx(bowl.steepest)
