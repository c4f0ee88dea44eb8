"""What the checks of homework 2 ask about the classifier: features, probability, loss and gradient.

Each is asked with the student's own earlier functions first, then with right ones.
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from copy import deepcopy

import numpy as np

from grader.checks.questions import Roles, array, items, lent, pairs, question, same, unchanged

BATCH = Roles(batch="X y", labels="y")
OVERFLOWS = "nan: exp overflows and inf / inf is no number; take exp of negative numbers only"
NO_PROBABILITY = "not finite: the probability rounds to 0 or 1, and its logarithm is lost; work with the logit itself"
STOPS = (
    "it stops growing where a point is far on the wrong side: the probability is clipped; work with the logit itself"
)
GROWS = "it grows with the batch: a mean is asked for, not a sum"
DIFFERS = "the batch given twice has another result than the batch: a mean over the points is asked for"


@lent
def expand(X):
    """Quadratic features of points in the plane: [n, 2] -> [n, 6]."""


@lent
def classify(X, w):
    """P(y = 1) of every point: X [n, 2], w [6] -> [n]."""


@lent
def compute_loss(X, y, w):
    """Mean logistic loss of the batch: X [n, 2], labels y 0 or 1 [n], w [6] -> a number."""


def far_out(z):
    """One point [1, 2] and weights [6] that give it the logit z by its first feature alone."""
    return np.array([[1.0, 0.5]]), np.array([float(z), 0, 0, 0, 0, 0])


def any_number(test, parts):
    """Does the test, `np.isnan`, hold for any number in these parts of an answer? What is no number is left out."""
    arrays = [np.asarray(part) for part in parts if isinstance(part, (np.ndarray, np.number, float, int))]
    return any(bool(np.any(test(one))) for one in arrays if one.dtype.kind in "bif")


def left_alone(now, case):
    """What is to be told if X, y or w is not what it was."""
    told = [unchanged(name, value, getattr(case, name)) for name, value in zip(("X", "y", "w"), now, strict=True)]
    return next(filter(None, told), "")


def same_for_twice_the_batch(once, twice, *tolerance):
    """What is to be told if these results are not the same; what is no number is left to the comparison."""
    if same(once, twice, *tolerance) or not all(
        isinstance(one, (np.ndarray, np.number, float, int)) for one in (once, twice)
    ):
        return True
    return GROWS if np.all(np.abs(twice) >= np.abs(once)) else DIFFERS


# expand


@question("test_expand", points=0.3, probes=BATCH)
def six_columns_in_order(student, X):
    """The columns are x0, x1, x0^2, x1^2, x0 x1, 1."""
    return student.expand(X)


@question("test_expand", points=0.1)
def any_number_of_points(student, one, many):
    """It works for one point and for many."""
    return [student.expand(one), student.expand(many)]


@question("test_expand", points=0.1, form=pairs(None, None))
def expand_leaves_its_argument(student, X):
    """X is left as it was."""
    return [deepcopy(student.expand(X)), X]


@expand_leaves_its_argument.relation
def _(answer, case):
    return unchanged("X", answer[1], case.X)


@expand_leaves_its_argument.reading
def _(answer, case):
    return answer[0]


# classify


@question("test_classify", points=0.3, lends=(expand,), probes=BATCH)
def sigmoid_of_the_logit(student, X, w):
    """P(y = 1) = 1 / (1 + exp(-w . expand(x)))."""
    return student.classify(X, w)


@question("test_classify", points=0.2, lends=(expand,), form=lambda case: items(length=len(case.logits)))
def any_finite_logit(student, logits):
    """It is right for any finite logit, however large."""
    return [deepcopy(student.classify(*far_out(z))) for z in logits]


@any_finite_logit.relation
def _(answer, case):
    return OVERFLOWS if any_number(np.isnan, answer) else True


# compute_loss


@question("test_compute_loss", points=0.3, lends=(expand, classify), probes=BATCH)
def mean_of_minus_log_probability(student, X, y, w):
    """The loss is the mean of -ln P(true label)."""
    return student.compute_loss(X, y, w)


@question("test_compute_loss", points=0.1, lends=(expand, classify), form=items(length=5))
def one_number_for_a_batch(student, X, y, w):
    """One number for any batch, the same for the batch twice; arguments left as they were."""
    twice = np.concatenate([X, X]), np.concatenate([y, y]), w.copy()
    return [deepcopy(student.compute_loss(X, y, w)), student.compute_loss(*twice), X, y, w]


@one_number_for_a_batch.relation
def _(answer, case):
    once, twice, *now = answer
    return left_alone(now, case) or same_for_twice_the_batch(once, twice)


@one_number_for_a_batch.reading
def _(answer, case):
    return answer[:2]


@question("test_compute_loss", points=0.1, lends=(expand, classify), form=lambda case: items(length=len(case.logits)))
def logits_up_to_a_thousand(student, logits, labels):
    """It is right for logits up to 1000 in size, on the right side and on the wrong one."""
    points = [far_out(z) for z in logits]
    return [deepcopy(student.compute_loss(X, np.array([y]), w)) for (X, w), y in zip(points, labels, strict=True)]


@logits_up_to_a_thousand.relation
def _(answer, case):
    return True if not any_number(lambda x: ~np.isfinite(x), answer) else NO_PROBABILITY


@logits_up_to_a_thousand.relation
def _(answer, case):
    wrong = [(abs(z), loss) for z, y, loss in zip(case.logits, case.labels, answer, strict=True) if (z > 0) != (y == 1)]
    losses = [loss for _, loss in sorted(wrong, key=lambda pair: pair[0])]
    stops = any_number(lambda x: x > 1, losses[-1:]) and same(losses[-1], losses[0], 1e-3)
    return STOPS if stops else True


# compute_grad


@question("test_compute_grad", points=0.6, lends=(expand, classify, compute_loss), probes=BATCH)
def mean_residual_times_features(student, X, y, w):
    """The gradient of the mean loss with respect to w."""
    return student.compute_grad(X, y, w)


@mean_residual_times_features.differences
def _compute_loss(student, X, y, w):
    return (lambda w: student.compute_loss(X, y, w)), w


@question(
    "test_compute_grad",
    points=0.2,
    lends=(expand, classify, compute_loss),
    form=pairs(*[array(6, finite=False)] * 3, None, None, None),
)
def six_numbers_for_any_batch(student, X, y, w):
    """Six numbers for any batch, the same for the batch twice; arguments left as they were."""
    grad = student.compute_grad
    once = deepcopy(grad(X, y, w))
    twice = deepcopy(grad(np.concatenate([X, X]), np.concatenate([y, y]), w.copy()))
    return [once, twice, grad(X[:1].copy(), y[:1].copy(), w.copy()), X, y, w]


@six_numbers_for_any_batch.relation
def _(answer, case):
    once, twice, _, *now = answer
    return left_alone(now, case) or same_for_twice_the_batch(once, twice, 1e-5, 1e-8)


@six_numbers_for_any_batch.reading
def _(answer, case):
    return answer[:3]


@question("test_compute_grad", points=0.2, lends=(expand, classify, compute_loss), form=items(length=3))
def gradient_far_out(student, batches):
    """It is right where logits are up to 30 in size."""
    return [deepcopy(student.compute_grad(X, y, w)) for X, y, w in batches]
