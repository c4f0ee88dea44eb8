"""The classifier of homework 2 by the student's own lights: what is right beside a wrong neighbour keeps its points."""

import pytest

from tests import mirror
from week03_adaptive_sgd.classifier_questions import DIFFERS, GROWS, same_for_twice_the_batch

WEEK, NAME = "week03_adaptive_sgd", "adaptive_sgd"
CELLS = {"test_expand", "test_classify", "test_compute_loss", "test_compute_grad"}


@pytest.mark.parametrize(
    "once, twice, told", [(1.0, 1.0, True), (1.0, 2.0, GROWS), (1.0, 0.5, DIFFERS), (None, None, True)]
)
def test_only_a_number_grows_with_the_batch(once, twice, told):
    """A function that gives nothing is told that by the comparison."""
    assert same_for_twice_the_batch(once, twice) == told


COLUMN = {
    "classify": "def classify(X, w):\n    return (1 + np.tanh(expand(X) @ w.reshape(6, 1) / 2)) / 2",
    "compute_loss": """
def compute_loss(X, y, w):
    inside = (1 - 2 * y[:, None]) * (np.log(classify(X, w)) - np.log(1 - classify(X, w)))
    assert inside.shape == (len(X), 1)
    z = (expand(X) @ w)[:, None]
    return np.mean(np.logaddexp(0, np.where(np.isfinite(inside), inside, (1 - 2 * y[:, None]) * z)))
""",
    "compute_grad": "def compute_grad(X, y, w):\n"
    "    return (expand(X).T @ (classify(X, w) - y[:, None]) / len(X)).ravel()",
}
OF_FEATURES = {
    "classify": "def classify(features, w):\n    return (1 + np.tanh(features @ w / 2)) / 2",
    "compute_grad": "def compute_grad(X, y, w):\n    F = expand(X)\n    return F.T @ (classify(F, w) - y) / len(X)",
}
BY_KEYWORDS = {
    "classify": "def classify(X, w):\n    return expand(X) @ w",
    "compute_grad": "def compute_grad(X, y, w):\n    F = expand(X=X)\n"
    "    return F.T @ (classify(w=w, X=X) - y) / len(X)",
}
ORDER = {
    "expand": "def expand(X):\n    a, b = X.T\n    return np.column_stack([np.ones(len(X)), a, b, a * a, a * b, b * b])"
}
LOSS = {"compute_loss": "def compute_loss(X, y, w):\n    return -np.mean(y * np.log(classify(X, w)))"}


@pytest.mark.parametrize(
    ("cells", "lost"),
    [
        pytest.param(COLUMN, {"test_classify"}, id="probabilities are columns everywhere"),
        pytest.param(OF_FEATURES, {"test_classify"}, id="classify takes features, and its callers give it those"),
        pytest.param(BY_KEYWORDS, {"test_classify"}, id="classify forgets the sigmoid, and is called by keywords"),
        pytest.param(ORDER, {"test_expand"}, id="another order of the features"),
        pytest.param(LOSS, {"test_compute_loss"}, id="half a loss beside a right gradient"),
    ],
)
def test_a_wrong_function_costs_its_own_points_only(cells, lost):
    """When graded; and the notebook has no ✗ where there are points."""
    said = mirror.verdicts(WEEK, NAME, cells, CELLS)
    cell_of = {key.asked.name: key.asked.cell for key in mirror.keys(WEEK, NAME)}
    assert {cell_of[name] for name, (_, graded) in said.items() if not graded} == lost
    assert not [name for name, (home, graded) in said.items() if graded and home is False]


SIGN = "def compute_grad(X, y, w):\n    return expand(X).T @ (y - classify(X, w)) / len(X)"
CLIMBS = "def compute_loss(X, y, w):\n    return -np.mean(np.logaddexp(0, expand(X) @ w) - y * (expand(X) @ w))"


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        pytest.param({"compute_grad": SIGN}, "as expected", id="the gradient is wrong"),
        pytest.param({"compute_grad": SIGN, "compute_loss": CLIMBS}, "so your compute_loss is wrong", id="both are"),
    ],
)
def test_a_wrong_gradient_is_measured_by_differences_of_the_students_loss(cells, told):
    """A line beside the named mistake."""
    names = mirror.namespace(WEEK, NAME, cells, CELLS)
    line = next(
        line for line in str(mirror.at_home(WEEK, NAME).report("compute_grad", names)).splitlines() if told in line
    )
    assert "by differences of your own compute_loss" in line
