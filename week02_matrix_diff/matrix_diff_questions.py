"""What the checks of the matrix derivatives ask, in the notebook and when it is graded.

Nearly all questions ask one thing: what a function gives for each of some cases, tuples of its arguments. None says
which derivative is right; the numbers come from elsewhere.
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from copy import deepcopy
from functools import partial

import numpy as np

from grader.checks.derivatives.numerical import numerical_gradient
from grader.checks.questions import Roles, checks_of, items, lent, pairs, question, same, unchanged
from grader.checks.questions.forms import Form

from .derivation_questions import *  # noqa: F403  (questions are found by their names here)

check = checks_of(__name__)

# Of the exercises that are worth more than a quarter of a point.
WORTH = dict.fromkeys(("sigmoid_layer", "softmax_cross_entropy", "two_layer"), 0.5)

# Rows of questions


def values(exercise, letters, function, of=None, lends=(), roles=None, form=None, **rows):
    """A question for each `name=(points, title)`: what `function(student)` gives for each case, against numbers.

    letters  the names of its arguments, in one text
    of       what it is the derivative of, where the text states that: `(words, letter, the same arguments -> f)`
    roles    of the arguments, as `Roles` has them
    form     of what it gives for one case
    """
    roles = Roles(calls="cases", names=letters, **(roles or {}))
    for name, (points, title) in rows.items():

        def asked(student, cases):
            return [function(student)(*case) for case in cases]

        made = declare(name, exercise, points, title, asked, lends=lends, probes=roles, form=form and items(form))
        if of:
            made.differences(partial(slopes_of, letters.split(), *of[1:]), of[0])


def slopes_of(letters, letter, f, student, cases):
    """For `differences`: f as a function of this letter, and its value, in each case."""
    at = letters.index(letter)
    return [(lambda x, case=case: f(*case[:at], x, *case[at + 1 :]), case[at]) for case in cases]


def alone(name, exercise, title, letters, *functions, lends=()):
    """A question, worth 0.05: functions leave their arguments, whose names are `letters`, as they were.

    A second call must give the same, and what the functions give is compared with numbers. There is a case for each
    function, and a text with the names of its arguments.
    """

    def asked(student, cases):
        answers = []
        for function, case in zip(functions, cases):  # noqa: B905
            seen = deepcopy(case)
            first = deepcopy(function(student)(*seen))
            answers.append([first, deepcopy(seen), function(student)(*deepcopy(case))])
        return answers

    form = items(pairs(None, None, None), length=len(functions))
    made = declare(name, exercise, 0.05, title, asked, lends=lends, form=form)

    @made.relation
    def _(answer, case):
        for (first, seen, second), before, names in zip(answer, case.cases, letters):  # noqa: B905
            for letter, now, was in zip(names.split(), seen, before):  # noqa: B905
                if changed := unchanged(letter, now, was):
                    return changed
            if is_single(first):
                return "it comes back in single precision (float32), with half of the digits: compute in float64"
            if same(first, first) and not same(second, first):
                return "the same call gives something else the second time"
        return True

    @made.reading
    def _(answer, case):
        return [first for first, _, _ in answer]


def is_single(result):
    """Is it, or a part of it, an array of float32?"""
    parts = result if isinstance(result, (list, tuple)) else [result]
    return any(isinstance(part, np.ndarray) and part.dtype == np.float32 for part in parts)


def declare(name, exercise, points, title, function, **options):
    """The question of this name in this module; its points are those of an exercise of half a point."""
    function.__doc__ = title
    points = WORTH.get(exercise, 0.25) * points / 0.5
    made = globals()[name] = question(f"test_{exercise}", points=points, name=name, **options)(function)
    return made


def derivative(exercise, letters, function, of=None, **rows):
    """The questions of an exercise with one function: the last row is about its arguments, the others about numbers."""
    *asked, (name, title) = rows.items()
    values(exercise, letters, function, of, **dict(asked))
    alone(name, exercise, title, [letters], function)


# Functions of which the text asks the derivatives


def product(*factors):
    """The product of vectors and matrices."""
    return np.linalg.multi_dot(factors)


def form(left, A, right=None):
    """left' A right, or a quadratic form."""
    return product(left, A, left if right is None else right)


def squares(w, X, y):
    return np.sum(np.square(y - product(X, w)))


def penalised_squares(w, X, y, lam):
    return squares(w, X, y) + lam * np.dot(w, w)


def left_over(X, A, S):
    return np.sum(np.square(X - product(A, S)))


def logistic_loss(w, X, y, lam):
    return np.sum(np.logaddexp(0, np.negative(y) * product(X, w))) + lam * np.dot(w, w)


def log_likelihood(X, mu, Sigma):
    """Of the samples X, but for a constant."""
    far = np.sum((X - mu) * np.linalg.solve(Sigma, (X - mu).T).T)
    return -(far + len(X) * np.linalg.slogdet(Sigma)[1]) / 2


# Functions of a vector

derivative(
    "dot",
    "a x",
    lambda s: s.d_dot,
    ("a'x", "x", lambda a, x: a @ x),
    gradient_of_dot=(0.45, "The gradient of a'x."),
    dot_manners="d_dot leaves its arguments alone.",
)

derivative(
    "quadratic",
    "x A",
    lambda s: s.d_quadratic,
    ("x'Ax", "x", form),
    gradient_of_quadratic_symmetric=(0.15, "The gradient of x'Ax for a symmetric A."),
    gradient_of_quadratic=(0.3, "The gradient of x'Ax for any square A."),
    quadratic_manners="d_quadratic leaves its arguments alone.",
)

derivative(
    "quadratic_hessian",
    "x A",
    lambda s: s.d_quadratic_hessian,
    ("the gradient of x'Ax", "x", lambda x, A: numerical_gradient(lambda x: form(x, A), x)),
    hessian_of_quadratic_symmetric=(0.15, "The Hessian of x'Ax for a symmetric A."),
    hessian_of_quadratic=(0.3, "The Hessian of x'Ax for any square A."),
    quadratic_hessian_manners="d_quadratic_hessian leaves its arguments alone.",
)

derivative(
    "log_quadratic",
    "x A",
    lambda s: s.d_log_quadratic,
    ("ln(x'Ax)", "x", lambda x, A: np.log(form(x, A))),
    gradient_of_log_quadratic_symmetric=(0.15, "The gradient of ln(x'Ax) for a symmetric A."),
    gradient_of_log_quadratic=(0.3, "The gradient of ln(x'Ax) for any A with x'Ax > 0."),
    log_quadratic_manners="d_log_quadratic leaves its arguments alone.",
)

derivative(
    "cubic",
    "x",
    lambda s: s.d_cubic,
    ("x x'x", "x", lambda x: x * np.dot(x, x)),
    derivative_of_cubic_in_one_dimension=(0.1, "For a single number it is the derivative of x^3."),
    jacobian_of_cubic=(0.35, "The Jacobian of x x'x, one row for each output."),
    cubic_manners="d_cubic leaves its argument alone.",
)

derivative(
    "chain",
    "J_f grad_g",
    lambda s: s.d_chain,
    gradient_through_a_jacobian=(0.35, "The gradient of g(f(x)), for as many inputs and outputs as there are."),
    gradient_through_a_square_jacobian=(0.1, "The gradient of g(f(x)), for as many outputs as inputs."),
    chain_manners="d_chain leaves its arguments alone.",
)

# Functions of a matrix that are, or become, traces

derivative(
    "trace",
    "X",
    lambda s: s.d_trace,
    ("tr X", "X", np.trace),
    gradient_of_trace=(0.45, "The gradient of tr X, for any size."),
    trace_manners="d_trace leaves its argument alone.",
)

derivative(
    "trace_ab",
    "A B",
    lambda s: s.d_trace_ab,
    ("tr(AB)", "A", lambda A, B: np.trace(A @ B)),
    gradient_of_trace_ab=(0.35, "The gradient of tr(AB) with respect to A."),
    gradient_of_trace_ab_square=(0.1, "The gradient of tr(AB) with respect to A, for square matrices."),
    trace_ab_manners="d_trace_ab leaves its arguments alone.",
)

derivative(
    "bilinear",
    "x A y",
    lambda s: s.d_bilinear,
    ("x'Ay", "A", form),
    gradient_of_bilinear=(0.35, "The gradient of x'Ay with respect to A."),
    gradient_of_bilinear_square=(0.1, "The gradient of x'Ay with respect to a square A."),
    bilinear_manners="d_bilinear leaves its arguments alone.",
)

values(
    "xab",
    "x A b",
    lambda s: s.d_xab_x,
    ("x'Ab", "x", form),
    gradient_of_xab_by_vector=(0.2, "The gradient of x'Ab with respect to x, A square or not."),
)
values(
    "xab",
    "x A b",
    lambda s: s.d_xab_A,
    ("x'Ab", "A", form),
    gradient_of_xab_by_matrix=(0.25, "The gradient of x'Ab with respect to A, A square or not."),
)
alone(
    "xab_manners",
    "xab",
    "d_xab_x and d_xab_A leave their arguments alone.",
    ["x A b", "x A b"],
    lambda s: s.d_xab_x,
    lambda s: s.d_xab_A,
)

derivative(
    "trace_axb",
    "A X B",
    lambda s: s.d_trace_axb,
    ("tr(AXB)", "X", lambda A, X, B: np.trace(product(A, X, B))),
    gradient_of_trace_axb=(0.35, "The gradient of tr(AXB), where no two sizes are equal."),
    gradient_of_trace_axb_square=(0.1, "The gradient of tr(AXB) for square matrices."),
    trace_axb_manners="d_trace_axb leaves its arguments alone.",
)

derivative(
    "trace_axx",
    "A X",
    lambda s: s.d_trace_axx,
    ("tr(A X'X)", "X", lambda A, X: np.trace(product(A, X.T, X))),
    gradient_of_trace_axx_symmetric=(0.15, "The gradient of tr(A X'X) for a symmetric A."),
    gradient_of_trace_axx=(0.3, "The gradient of tr(A X'X) for any A."),
    trace_axx_manners="d_trace_axx leaves its arguments alone.",
)

derivative(
    "sandwich",
    "a X A",
    lambda s: s.d_sandwich,
    ("a'XAXa", "X", lambda a, X, A: product(a, X, A, X, a)),
    gradient_of_sandwich_identity=(0.15, "The gradient of a'XAXa where A is the identity."),
    gradient_of_sandwich=(0.3, "The gradient of a'XAXa for any A."),
    sandwich_manners="d_sandwich leaves its arguments alone.",
)


# Functions with an inverse or a determinant

values(
    "inverse",
    "X dX",
    lambda s: s.d_inverse,
    differential_of_one_over_x=(0.1, "For single numbers it is the differential of 1/x."),
    differential_of_inverse=(0.25, "The differential of the inverse."),
)


@question("test_inverse", points=0.05, form=items(length=3))
def differential_of_inverse_is_linear(student, X, one, other):
    """It is linear in dX, however large dX is."""
    return [student.d_inverse(X.copy(), dX) for dX in (one.copy(), other.copy(), 1e3 * one - other)]


@differential_of_inverse_is_linear.relation
def _(answer, case):
    """for 1000 dX - dZ it must be 1000 times that of dX less that of dZ: it is the linear part of the change"""
    if is_single(answer):
        return True  # too coarse to tell; the number is compared
    try:
        return same(answer[2], 1e3 * np.asarray(answer[0]) - np.asarray(answer[1]), rtol=1e-6)
    except (TypeError, ValueError):
        return True  # what is no array of numbers is told as that


alone("inverse_manners", "inverse", "d_inverse leaves its arguments alone.", ["X dX"], lambda s: s.d_inverse)

derivative(
    "det",
    "X",
    lambda s: s.d_det,
    ("det X", "X", np.linalg.det),
    gradient_of_det_symmetric=(0.1, "The gradient of det X at a symmetric X."),
    gradient_of_det=(0.25, "The gradient of det X, det X > 0."),
    gradient_of_det_negative=(0.1, "The gradient of det X, det X < 0."),
    det_manners="d_det leaves its argument alone.",
)

derivative(
    "logdet",
    "X",
    lambda s: s.d_logdet,
    ("ln det X", "X", lambda X: np.linalg.slogdet(X)[1]),
    gradient_of_logdet_symmetric=(0.1, "The gradient of ln det X at a symmetric X."),
    gradient_of_logdet=(0.35, "The gradient of ln det X, det X > 0."),
    logdet_manners="d_logdet leaves its argument alone.",
)

derivative(
    "trace_axbinv",
    "A X B",
    lambda s: s.d_trace_axbinv,
    ("tr(A X B X^-1)", "X", lambda A, X, B: np.trace(product(A, X, B, np.linalg.inv(X)))),
    gradient_of_trace_axbinv=(0.35, "The gradient of tr(A X B X^-1)."),
    gradient_of_trace_axbinv_identity=(0.1, "The gradient of tr(A X B X^-1) where B is the identity."),
    trace_axbinv_manners="d_trace_axbinv leaves its arguments alone.",
)

derivative(
    "trace_hard",
    "A X B",
    lambda s: s.d_trace_hard,
    ("tr(A X'X B X^-T)", "X", lambda A, X, B: np.trace(product(A, X.T, X, B, np.linalg.inv(X).T))),
    gradient_of_trace_hard=(0.35, "The gradient of tr(A X'X B X^-T)."),
    gradient_of_trace_hard_numbers=(0.1, "For single numbers it is the derivative of a b x."),
    trace_hard_manners="d_trace_hard leaves its arguments alone.",
)

derivative(
    "det_sandwich",
    "X A",
    lambda s: s.d_det_sandwich,
    ("det(X'AX)", "X", lambda X, A: np.linalg.det(product(X.T, A, X))),
    gradient_of_det_sandwich_symmetric=(0.15, "The gradient of det(X'AX) for a symmetric A."),
    gradient_of_det_sandwich=(0.3, "The gradient of det(X'AX) for any A."),
    det_sandwich_manners="d_det_sandwich leaves its arguments alone.",
)

# Models

PENALISED = {"batch": "X y", "terms": "lam X"}
CLASSIFIED = {"batch": "X y", "labels": "y", "terms": "lam X"}

values(
    "least_squares",
    "w X y",
    lambda s: s.least_squares_grad,
    ("(y - Xw)'(y - Xw)", "w", squares),
    roles={"batch": "X y"},
    gradient_of_least_squares=(0.2, "The gradient of (y - Xw)'(y - Xw)."),
)
values(
    "least_squares",
    "w X y",
    lambda s: s.least_squares_hessian,
    roles={"batch": "X y"},
    hessian_of_least_squares=(0.1, "The Hessian of (y - Xw)'(y - Xw)."),
)
values(
    "least_squares",
    "X y",
    lambda s: s.least_squares_solve,
    solution_of_least_squares=(0.15, "The minimum of (y - Xw)'(y - Xw)."),
)
alone(
    "least_squares_manners",
    "least_squares",
    "The three functions leave their arguments alone.",
    ["w X y", "w X y", "X y"],
    lambda s: s.least_squares_grad,
    lambda s: s.least_squares_hessian,
    lambda s: s.least_squares_solve,
)

values(
    "ridge",
    "w X y lam",
    lambda s: s.ridge_grad,
    ("(y - Xw)'(y - Xw) + lam w'w", "w", penalised_squares),
    roles=PENALISED,
    gradient_of_ridge=(0.2, "The gradient of (y - Xw)'(y - Xw) + lam w'w."),
)
values(
    "ridge",
    "w X y lam",
    lambda s: s.ridge_hessian,
    roles=PENALISED,
    hessian_of_ridge=(0.1, "The Hessian of (y - Xw)'(y - Xw) + lam w'w."),
)
values(
    "ridge",
    "X y lam",
    lambda s: s.ridge_solve,
    roles={"terms": "lam"},
    solution_of_ridge=(0.15, "The minimum of (y - Xw)'(y - Xw) + lam w'w."),
)
alone(
    "ridge_manners",
    "ridge",
    "The three functions leave their arguments alone.",
    ["w X y lam", "w X y lam", "X y lam"],
    lambda s: s.ridge_grad,
    lambda s: s.ridge_hessian,
    lambda s: s.ridge_solve,
)

values(
    "matrix_factorization",
    "X A S",
    lambda s: s.d_factorization_A,
    ("||X - AS||^2", "A", left_over),
    gradient_of_left_factor=(0.25, "The gradient with respect to A."),
)
values(
    "matrix_factorization",
    "X A S",
    lambda s: s.d_factorization_S,
    ("||X - AS||^2", "S", left_over),
    gradient_of_right_factor=(0.2, "The gradient with respect to S."),
)
alone(
    "matrix_factorization_manners",
    "matrix_factorization",
    "Both functions leave their arguments alone.",
    ["X A S", "X A S"],
    lambda s: s.d_factorization_A,
    lambda s: s.d_factorization_S,
)

values(
    "logistic_l2",
    "w X y lam",
    lambda s: s.logistic_l2_grad,
    ("the loss", "w", logistic_loss),
    roles=CLASSIFIED,
    gradient_of_logistic=(0.2, "The gradient of the penalised logistic loss."),
    gradient_of_logistic_far_out=(0.1, "It is right where |x'w| is up to 1000, on either side."),
)


@lent
def logistic_l2_grad(w, X, y, lam):
    """Gradient of the penalised logistic loss with respect to w."""


values(
    "logistic_l2",
    "w X y lam learning_rate",
    lambda s: s.logistic_l2_step,
    roles=CLASSIFIED,
    lends=(logistic_l2_grad,),
    step_of_logistic=(0.1, "One step of gradient descent, your gradient taken as right."),
    step_of_logistic_far_out=(0.05, "The step is right where |x'w| is up to 1000."),
)
alone(
    "logistic_manners",
    "logistic_l2",
    "Both functions leave their arguments alone.",
    ["w X y lam", "w X y lam learning_rate"],
    lambda s: s.logistic_l2_grad,
    lambda s: s.logistic_l2_step,
)

values(
    "gaussian_mle",
    "X mu Sigma",
    lambda s: s.gaussian_grad_mu,
    ("the log-likelihood", "mu", log_likelihood),
    roles={"batch": "X"},
    gradient_by_mean=(0.1, "The gradient of the log-likelihood with respect to mu."),
)
values(
    "gaussian_mle",
    "X mu Sigma",
    lambda s: s.gaussian_grad_sigma,
    ("the log-likelihood", "Sigma", log_likelihood),
    roles={"batch": "X"},
    gradient_by_covariance=(0.15, "The gradient of the log-likelihood with respect to Sigma, its entries independent."),
    gradient_by_covariance_vanishes=(
        0.05,
        "The gradient with respect to Sigma vanishes at the maximum, and only there.",
    ),
)


def two_results(names):
    """A list or tuple of two, which the hint calls by these names."""
    return Form(
        lambda value: (
            "" if isinstance(value, (list, tuple)) and len(value) == 2 else f"two results are expected, {names}"
        )
    )


TWO_RESULTS = two_results("(mu, Sigma)")


@question("test_gaussian_mle", points=0.025, form=TWO_RESULTS, probes=Roles(batch="X"))
def most_likely_mean(student, X):
    """The mu of greatest likelihood."""
    return student.gaussian_mle(X)


@most_likely_mean.reading
def _(answer, case):
    return answer[0]


@question("test_gaussian_mle", points=0.05, form=TWO_RESULTS, probes=Roles(batch="X"))
def most_likely_covariance(student, X):
    """The Sigma of greatest likelihood."""
    return student.gaussian_mle(X)


@most_likely_covariance.reading
def _(answer, case):
    return answer[1]


alone(
    "gaussian_manners",
    "gaussian_mle",
    "The three functions leave their arguments alone.",
    ["X mu Sigma", "X mu Sigma", "X", "X"],
    lambda s: s.gaussian_grad_mu,
    lambda s: s.gaussian_grad_sigma,
    lambda s: lambda X: s.gaussian_mle(X)[0],
    lambda s: lambda X: s.gaussian_mle(X)[1],
)

# A network by differentials


def logistic(Z):
    """1 / (1 + exp(-Z)), entry by entry."""
    return np.exp(np.negative(np.logaddexp(0, np.negative(Z))))


def mean_cross_entropy(Z, Y):
    """Of logits, a row for each sample; Y holds 0 and 1."""
    top = np.max(Z, axis=1, keepdims=True)
    return np.mean(np.log(np.sum(np.exp(Z - top), axis=1)) + top[:, 0] - np.sum(Y * Z, axis=1))


def network_loss(X, Y, W1, W2):
    return mean_cross_entropy(product(np.tanh(product(X, W1)), W2), Y)


values(
    "sigmoid_layer",
    "X W G",
    lambda s: s.d_sigmoid_layer,
    ("<G, s(XW)>", "W", lambda X, W, G: np.vdot(G, logistic(product(X, W)))),
    roles={"batch": "X G"},
    gradient_of_sigmoid_layer=(0.3, "The gradient of <G, s(XW)> with respect to W."),
    gradient_of_sigmoid_layer_far_out=(0.15, "It is right where entries of XW are up to 1000, on either side."),
)
alone(
    "sigmoid_layer_manners",
    "sigmoid_layer",
    "d_sigmoid_layer leaves its arguments alone.",
    ["X W G"],
    lambda s: s.d_sigmoid_layer,
)

values(
    "softmax_cross_entropy",
    "Z Y",
    lambda s: s.d_softmax_cross_entropy,
    ("the mean cross-entropy", "Z", mean_cross_entropy),
    roles={"batch": "Z Y", "labels": "Y"},
    gradient_of_cross_entropy=(0.3, "The gradient of the mean cross-entropy with respect to the logits."),
    gradient_of_cross_entropy_far_out=(0.15, "It is right for logits up to 1000 in size, on either side."),
)
alone(
    "softmax_cross_entropy_manners",
    "softmax_cross_entropy",
    "d_softmax_cross_entropy leaves its arguments alone.",
    ["Z Y"],
    lambda s: s.d_softmax_cross_entropy,
)


@lent
def d_softmax_cross_entropy(Z, Y):
    """Gradient of the mean cross-entropy with respect to the logits Z."""


def half_of_network(place, letter, **rows):
    """Questions about one of the two gradients that `two_layer_grads` returns."""
    values(
        "two_layer",
        "X Y W1 W2",
        lambda s: s.two_layer_grads,
        ("the loss of the network", letter, network_loss),
        lends=(d_softmax_cross_entropy,),
        roles={"batch": "X Y", "labels": "Y"},
        form=two_results("(dW1, dW2)"),
        **rows,
    )
    for name in rows:

        @globals()[name].reading
        def _(answer, case):
            return [pair[place] for pair in answer]


half_of_network(
    1,
    "W2",
    gradient_by_second_weights=(0.15, "The gradient with respect to W2."),
    gradient_by_second_weights_far_out=(0.05, "That of W2 is right for logits up to 1000 in size."),
)
half_of_network(
    0,
    "W1",
    gradient_by_first_weights=(0.2, "The gradient with respect to W1."),
    gradient_by_first_weights_far_out=(0.05, "That of W1 is right for logits up to 1000 in size."),
)
alone(
    "two_layer_manners",
    "two_layer",
    "two_layer_grads leaves its arguments alone.",
    ["X Y W1 W2", "X Y W1 W2"],
    lambda s: lambda *arguments: s.two_layer_grads(*arguments)[0],
    lambda s: lambda *arguments: s.two_layer_grads(*arguments)[1],
    lends=(d_softmax_cross_entropy,),
)
