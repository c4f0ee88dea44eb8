"""`check_differential` passes right derivatives of every form, and says what is wrong with the others."""

import matplotlib
import numpy as np
import pytest

from grader import checks
from grader.checks import check_differential
from grader.checks.derivatives.differentials import DifferentialCheck
from grader.checks.derivatives.linearisation import linearise

matplotlib.use("Agg")

inv, det = np.linalg.inv, np.linalg.det
A = np.array([[2.0, 1.0, -1.0, 0.5], [0.3, 1.5, 0.7, -0.4], [1.2, -0.6, 3.0, 0.2], [-0.8, 0.9, 0.1, 2.5]])
B = A[:3]
x = np.array([0.7, -1.1, 0.4, 1.6])
X = A[:3, :3] + np.eye(3)


def quadratic(x):
    return x @ A @ x


C = np.random.default_rng(0).normal(size=(6, 6))  # factors are told of six numbers and more
z = np.array([0.7, -1.1, 0.4, 1.6, -0.3, 0.9])


def larger(z):
    return z @ C @ z


# name: (f, derivative, point, does the remainder vanish?)
FORMS = {
    "scalar -> scalar": (np.sin, np.cos, 0.4),
    "scalar -> vector": (lambda t: np.array([np.sin(t), t**3]), lambda t: np.array([np.cos(t), 3 * t**2]), 0.4),
    "scalar -> matrix": (lambda t: A * t**2, lambda t: 2 * t * A, 0.4),
    "vector -> scalar": (quadratic, lambda x: (A + A.T) @ x, x),
    "vector -> vector": (lambda x: B @ x**2, lambda x: 2 * B * x, x),
    "vector -> matrix": (lambda x: np.outer(x, x), lambda x, dx: np.outer(dx, x) + np.outer(x, dx), x),
    "matrix -> scalar": (det, lambda X: det(X) * inv(X).T, X),
    "matrix not square -> scalar": (lambda X: np.sum(X**3), lambda X: 3 * X**2, B),
    "matrix -> vector": (lambda X: X @ X @ np.ones(3), lambda X, dX: (dX @ X + X @ dX) @ np.ones(3), X),
    "matrix -> matrix": (inv, lambda X, dX: -inv(X) @ dX @ inv(X), X),
    "matrix -> scalar, as a differential": (det, lambda X, dX: det(X) * np.trace(inv(X) @ dX), X),
    "vector -> vector, as a differential": (lambda x: x * (x @ x), lambda x, dx: dx * (x @ x) + 2 * x * (x @ dx), x),
    "a tensor": (lambda X: X.T, np.einsum("il,jk->ijkl", np.eye(4), np.eye(3)), B),
}


@pytest.mark.parametrize("name", FORMS)
def test_right_derivatives_of_every_form(name):
    """They pass, and the remainder falls as the square of the step, or vanishes."""
    f, df, at = FORMS[name]
    found = check_differential(f, df, at=at)
    assert found and found.verdict.code == "ok"
    assert found.linearisation.order == pytest.approx(2, abs=0.1) or np.isinf(found.linearisation.order)


def test_an_array_is_taken_as_well_as_a_function():
    """The derivative at the point, or the function that gives it."""
    assert check_differential(quadratic, (A + A.T) @ x, at=x)
    assert check_differential(np.exp, np.exp, at=1.0)
    assert check_differential(quadratic, lambda x, twice=2: twice * (A + A.T) @ x / 2, at=list(x))


# what is wrong: (f, wrong derivative, point, code, words of the report)
WRONG = {
    "factor 2": (larger, lambda z: 2 * (C + C.T) @ z, z, "factor", "a factor 2 too many"),
    "half": (larger, lambda z: (C + C.T) @ z / 2, z, "factor", "a factor 2 is missing"),
    "sign": (inv, lambda X, dX: inv(X) @ dX @ inv(X), X, "sign", "yours = -numerical"),
    "symmetric part": (quadratic, lambda x: 2 * A @ x, x, "symmetric", "right for a symmetric matrix only"),
    "one term": (quadratic, lambda x: A.T @ x, x, "symmetric", "only one of two terms"),
    "no gradient": (quadratic, lambda x: x * np.roll(x, 1), x, "differs", "its Jacobian is not symmetric"),
    "Hessian, one term": (lambda x: (A + A.T) @ x, lambda x: A, x, "symmetric", "only one of two terms"),
    "gradient transposed": (det, lambda X: det(X) * inv(X), X, "transposed", "numerical transposed"),
    "not square, transposed": (lambda X: np.sum(X**3), lambda X: 3 * X.T**2, B, "transposed", "yours.T is right"),
    "Jacobian transposed": (lambda x: A @ x, A.T, x, "named", "one row an output"),
    "Jacobian of another shape": (lambda x: B @ x, B.T, x, "named", "one row an output"),
    "diagonal": (lambda x: A @ x**2, lambda x: np.diag(2 * np.diag(A) * x), x, "named", "only the diagonal"),
    "as if symmetric": (
        lambda X: np.trace(A[:3, :3] @ X),
        A[:3, :3] + A[:3, :3].T - np.diag(np.diag(A)[:3]),
        X,
        "named",
        "had to stay symmetric",
    ),
    "one entry": (quadratic, lambda x: (A + A.T) @ x + [0, 0, 1e-2, 0], x, "part", "gradient[2]"),
    "one entry far off": (quadratic, lambda x: (A + A.T) @ x + [0, 0, 5, 0], x, "part", "only entry [2] is wrong"),
    "dX transposed": (inv, lambda X, dX: -inv(X) @ dX.T @ inv(X), X, "named", "dX enters transposed"),
    "wrong order": (inv, lambda X, dX: -dX @ inv(X) @ inv(X), X, "differs", "all 9 entries"),
    "not linear": (inv, lambda X, dX: inv(X + dX) - inv(X), X, "not_linear", "linear in dx"),
    "a constant": (inv, lambda X, dX: inv(X) - inv(X) @ dX @ inv(X), X, "not_linear", "df(x, 0) is not 0"),
    "column": (quadratic, lambda x: ((A + A.T) @ x)[:, None], x, "shape", "the numbers are right"),
    "nothing": (quadratic, lambda x: None, x, "type", "without a return"),
    "nothing, as a differential": (inv, lambda X, dX: None, X, "type", "without a return"),
    "nan": (quadratic, lambda x: x * np.nan, x, "not_finite", "all 4 entries are nan"),
    "value for derivative": (np.sin, np.sin, 0.4, "differs", "yours 0.38942"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_derivatives_are_told_apart(name):
    """Each planted mistake is found, with its code and words that name it."""
    f, df, at, code, words = WRONG[name]
    found = check_differential(f, df, at=at)
    assert not found and found.verdict.code == code
    assert words in repr(found)


@pytest.mark.parametrize("name", ["factor 2", "sign", "symmetric part", "gradient transposed", "diagonal"])
def test_the_remainder_of_a_wrong_derivative_falls_as_the_step(name):
    """What is linear in h is left over."""
    f, df, at, *_ = WRONG[name]
    assert check_differential(f, df, at=at).linearisation.order == pytest.approx(1, abs=0.05)


def test_a_small_error_in_one_of_many_entries_is_seen():
    """One part in ten thousand of one of a thousand entries."""
    weights = np.random.default_rng(0).normal(size=(40, 30))
    wrong = weights.copy()
    wrong[7, 11] += 1e-3
    assert check_differential(lambda W: np.sum(weights * W), weights, at=weights)
    assert not check_differential(lambda W: np.sum(weights * W), wrong, at=weights)


def test_many_entries_take_few_calls():
    """A right gradient of 10,000 entries is not looked at entry by entry."""
    calls = []

    def f(W):
        calls.append(1)
        return np.sum(W**2)

    assert check_differential(f, lambda W: 2 * W, at=np.ones((100, 100)))
    assert len(calls) < 200


def test_names_of_the_authors_own_mistakes():
    """Named mistakes are found in both forms."""
    named = {"the square is forgotten": np.ones(4)}
    assert "the square is forgotten" in repr(check_differential(lambda x: x @ x, np.ones(4), at=x, mistakes=named))
    named = {"the order": lambda X, dX: -dX @ inv(X) @ inv(X)}
    assert "the order" in repr(check_differential(inv, lambda X, dX: -dX @ inv(X) @ inv(X), at=X, mistakes=named))


def test_kinks_are_nobodys_fault():
    """Entries at a kink are left out and this is said; a wrong entry elsewhere is still found."""
    f, at = (lambda x: np.maximum(x, 0).sum()), np.array([0.0, 1.0, -1.0])
    found = check_differential(f, lambda x: 1.0 * (x >= 0), at=at)
    assert found and found.linearisation is None and "1 of 3 entries lie at a kink" in found.remark
    assert not check_differential(f, np.ones(3), at=at)
    assert check_differential(np.abs, np.sign, at=0.0).verdict.code == "reference"


@pytest.mark.parametrize("f", [lambda x: None, lambda x: "text", lambda x: np.nan, lambda x: [[1.0], [2.0, 3.0]]])
def test_a_function_without_numbers_is_not_blamed_on_its_derivative(f):
    """The verdict is about f, and nothing is raised."""
    assert check_differential(f, np.zeros(4), at=x).verdict.code == "reference"


def test_a_random_function_has_no_derivative():
    rng = np.random.default_rng(0)
    found = check_differential(lambda x: x.sum() + rng.normal(), np.ones(4), at=x)
    assert found.verdict.code == "reference" and "two different values" in repr(found)


def test_functions_may_spoil_their_arguments():
    """f and df get copies: the point and the directions stay what they were."""

    def f(x):
        x *= x
        return x.sum()

    def df(x, dx):
        dx *= 2 * x
        x[:] = 0
        return dx.sum()

    at = x.copy()
    assert check_differential(f, df, at=at)
    assert np.array_equal(at, x)


def test_the_remainder_of_a_known_function():
    """|(x + h)^2 - x^2 - 2xh| = h^2, and the order of it is 2."""
    found = linearise(lambda t: t**2, np.array(3.0), [(np.array(1.0), np.array(6.0))], steps=[0.1, 0.01, 0.001])
    assert found.errors[0] == pytest.approx([1e-2, 1e-4, 1e-6])
    assert found.order == pytest.approx(2) and found.text().endswith("falls as h^2")


def test_a_linear_function_leaves_rounding_only():
    found = check_differential(lambda x: B @ x, B, at=x)
    assert found.linearisation.text() == "the linearisation is exact"


def test_the_text_is_the_same_twice():
    """Directions are drawn from a seed."""
    f, df, at, *_ = WRONG["symmetric part"]
    assert repr(check_differential(f, df, at=at)) == repr(check_differential(f, df, at=at))


def test_the_text_is_the_four_line_form():
    found = check_differential(lambda z: np.sum(z**2), lambda z: 4 * z, at=np.arange(1.0, 7.0), what="gradient of z'z")
    assert repr(found).splitlines() == [
        "gradient of z'z, shape (6,): wrong (the error of the linearisation falls as h)",
        "  worst    entry [5]   yours 24   numerical 12",
        "  pattern  yours / numerical = 2 in all 6 entries",
        "  likely   a factor 2 too many: the 1/2 of the formula is forgotten, or a term is counted twice",
    ]


def test_plot_draws_two_guides_and_the_error():
    """A second check is drawn into the same axes without guides of its own."""
    axis = check_differential(quadratic, (A + A.T) @ x, at=x).plot(label="right")
    check_differential(quadratic, A @ x, at=x).plot(axis, label="wrong")
    assert [line.get_label() for line in axis.lines] == ["$h$", "$h^2$", "right", "wrong"]
    with pytest.raises(ValueError, match="no linearisation to draw"):
        DifferentialCheck(check_differential(quadratic, None, at=x).verdict).plot()


def test_check_differential_inside_an_exercise(capsys):
    """One line for what is right, four for what is wrong; a stub is said to be one."""
    with checks.exercise("quadratic") as check:
        check.differential("gradient of x'Ax", quadratic, lambda x: (A + A.T) @ x, x)
        check.differential("gradient of x'Ax", quadratic, lambda x: 2 * A @ x, x)
    right, wrong, *details = capsys.readouterr().out.splitlines()
    assert right == "✓ ok     quadratic  gradient of x'Ax, shape (4,): the error of the linearisation falls as h^2"
    assert wrong.startswith("✗ wrong  quadratic  gradient of x'Ax") and len(details) == 3

    def stub(x):
        raise NotImplementedError("quadratic")

    with checks.exercise("quadratic") as check:
        check.differential("gradient of x'Ax", quadratic, stub, x)
    assert capsys.readouterr().out == "quadratic: not written yet\n"
