"""What a student reads under a visible check."""

import sys
import time

import numpy as np
import pytest

from grader import checks

X = np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]])


class Dense:
    """A layer whose forward transposes one factor too many."""

    def __init__(self):
        self.weights, self.biases = np.ones((3, 4)), np.zeros(4)

    def forward(self, X):
        return X @ self.weights.T + self.biases


def test_right_work_gets_one_line_per_property(capsys):
    """Every kind of check, all right."""
    with checks.exercise("dense") as check:
        assert check.shape("forward", X, (2, 3))
        assert check.equal("loss", np.float64(2.0), 2)
        assert check.gradient("gradient of x", lambda x: np.sum(x**2), X, 2 * X)
        assert check.that("biases start at 0", np.zeros(3) == 0, "set them to zeros")
        assert check.unchanged("X", X, X.copy())
    assert capsys.readouterr().out == (
        "✓ ok     dense  forward, shape (2, 3)\n"
        "✓ ok     dense  loss\n"
        "✓ ok     dense  gradient of x, shape (2, 3)\n"
        "✓ ok     dense  biases start at 0\n"
        "✓ ok     dense  X is left unchanged\n"
    )


def test_wrong_gradient_is_told_in_four_lines(capsys):
    """What, where, pattern, likely."""
    with checks.exercise("dense") as check:
        assert not check.gradient("gradient of x", lambda x: 2 * np.sum(x**2), X, X, scales={"batch_size": 4})
    assert capsys.readouterr().out == (
        "✗ wrong  dense  gradient of x, shape (2, 3)\n"
        "  worst    x[0, 2]   yours 2   numerical 8\n"
        "  pattern  yours / numerical = 1/4 = 1/batch_size in all 6 entries\n"
        "  likely   averaged over the batch once too often; sum where the gradient is averaged already\n"
    )


WRONG = {
    "shape": (lambda c: c.shape("forward", X.T, (2, 3)),
              "  found    shape (3, 2)   expected an array of shape (2, 3)\n"
              "  likely   the factors of a product are in the wrong order, or a .T is missing\n"),
    "type": (lambda c: c.shape("forward", None, ()),
             "  found    None   expected a single number\n"
             "  likely   the function ends without a return, on this path at least\n"),
    "nan": (lambda c: c.shape("forward", X * np.nan, (2, 3)), "  pattern  there are nan or inf in it\n"),
    "that": (lambda c: c.that("biases start at 0", False, "set them to zeros"), "  likely   set them to zeros\n"),
    "empty condition": (lambda c: c.that("biases start at 0", np.array([]) == 0, "no biases"),
                        "  likely   no biases\n"),
    "changed inside": (lambda c: c.unchanged("params", [(X, X[0] + 1)], [(X, X[0])]),
                       "  pattern  params is changed by the call\n"
                       "  likely   an operation in place (+=, -=, [...] =, out=) "
                       "works on the caller's array; make a new one\n"),
    "changed": (lambda c: c.unchanged("X", X + 1, X),
                "  pattern  X is changed by the call\n"
                "  likely   an operation in place (+=, -=, [...] =, out=) "
                "works on the caller's array; make a new one\n"),
    "random": (lambda c: c.gradient("x", lambda x: np.random.default_rng().normal(), X, X),
               "  pattern  the function gives two different values for one x: "
               "is something in it random, or remembered?\n"),
    "not a number": (lambda c: c.gradient("x", lambda x: x, X, X),
                     "  pattern  the function must return one number to have a gradient; "
                     "it returned an array of shape (2, 3)\n"),
    "only kinks": (lambda c: c.gradient("x", lambda x: np.abs(x).sum(), np.zeros(3), np.zeros(3)),
                   "  pattern  no entry has a numerical derivative to compare with\n"
                   "  likely   every entry lies at a kink, or the function is rough (float32 inside?) "
                   "or not finite here\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_wrong_work_is_told(name, capsys):
    """Each kind of check says what is wrong, below its line."""
    judge, told = WRONG[name]
    with checks.exercise("dense") as check:
        assert judge(check) is False
    first, rest = capsys.readouterr().out.split("\n", 1)
    assert first.startswith("✗ wrong  dense  ")
    assert rest == told


def test_kinks_are_never_blamed(capsys):
    """At a kink any slope passes, and the line says that it was not judged; elsewhere a wrong one does not."""
    x = np.array([0.0, 1.0, -2.0])
    with checks.exercise("relu") as check:
        for slope in (0.0, 0.5, 1.0, 99.0):
            assert check.gradient("gradient of x", lambda x: np.maximum(x, 0).sum(), x, np.array([slope, 1.0, 0.0]))
        assert not check.gradient("gradient of x", lambda x: np.maximum(x, 0).sum(), x, np.array([0.0, 1.0, 1.0]))
    lines = capsys.readouterr().out.splitlines()
    remark = "(1 of 3 entries lie at a kink and are not judged)"
    assert lines[0] == f"✓ ok     relu  gradient of x, shape (3,) {remark}"
    assert lines[4] == f"✗ wrong  relu  gradient of x, shape (3,) {remark}"


def test_zeros_do_not_pass_for_a_tiny_gradient():
    """The comparison is relative: a gradient of size 1e-12 is checked like one of size 1."""
    with checks.exercise("tiny") as check:
        f = lambda x: 1e-12 * np.sum(x**2)  # noqa: E731
        assert check.gradient("gradient of x", f, X, 2e-12 * X)
        assert not check.gradient("gradient of x", f, X, 0 * X)
        assert not check.gradient("gradient of x", f, X, 2.01e-12 * X)


def test_not_written_yet(capsys):
    """A stub is no failure; if it is another exercise's, that one is named."""
    with checks.exercise("dense"):
        raise NotImplementedError("dense")
    with checks.exercise("train") as check:
        check.that("starts", True)
        raise NotImplementedError("dense")
    with checks.when_written():
        raise NotImplementedError("dense")
    assert capsys.readouterr().out == (
        "dense: not written yet\n✓ ok     train  starts\ntrain: not written yet (dense is missing)\n"
        "not written yet: dense; this cell needs it\n"
    )


def test_a_claim_of_the_text_that_fails_is_told_and_stops_nothing(capsys):
    """With a wrong function a demonstration shows something else than the text says."""
    with checks.when_written():
        raise AssertionError
    assert capsys.readouterr().out.startswith("· this does not show what the text says. If a check above")


def test_a_claim_about_other_data_is_no_fault(capsys):
    """With MNIST, taken on request, an experiment may show something else than with the digits of the text."""
    exec("with checks.when_written():\n    raise AssertionError", {"checks": checks, "DATASET": "mnist"})
    said = "· the text speaks of the small digits; with mnist this shows something else\n"
    assert capsys.readouterr().out == said


def test_another_error_in_a_demonstration_is_told_and_stops_nothing(capsys):
    """With a wrong function above it may stop; Run All goes on."""
    with checks.when_written():
        1 / 0  # noqa: B018
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("✗ this demonstration stopped") and "ZeroDivisionError: division by zero" in said[1]


def test_exception_is_explained_and_not_raised(capsys):
    """The student's own line, the shapes in it, and what the message means."""
    place = "Dense.forward" if sys.version_info >= (3, 11) else "forward"
    with checks.exercise("dense"):
        Dense().forward(X)
    assert capsys.readouterr().out == (
        "✗ wrong  dense  stopped by an error\n"
        "  message  ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0 (size 4 is different\n"
        "           from 3)\n"
        f"  line     return X @ self.weights.T + self.biases   (in {place})\n"
        "  shapes   X (2, 3), self.weights (3, 4), self.biases (4,)\n"
        "  likely   X @ self.weights.T is 2x3 with 4x3: the inner sizes of the product differ; which factor needs .T,\n"
        "           and is the order right?\n"
    )


def test_error_inside_a_checked_function_is_explained(capsys):
    """An exception of the student's function under differentiation is theirs, and is explained like any other."""
    with checks.exercise("dense") as check:
        check.gradient("x", lambda x: Dense().forward(x).sum(), X, X)
    assert "line     return X @ self.weights.T + self.biases" in capsys.readouterr().out


def test_unchanged_looks_into_lists(capsys):
    """Networks and their parameters are lists of arrays of different shapes."""
    with checks.exercise("train") as check:
        assert check.unchanged("params", [(X, X[0])], [(X.copy(), X[0].copy())])
        assert check.unchanged("state", {"step": 3, "v": X}, {"step": 3, "v": X.copy()})
        assert not check.unchanged("state", {"step": 3}, {"step": 4})


def test_interrupt_is_not_swallowed():
    """Stopping the kernel stops the cell."""
    with pytest.raises(KeyboardInterrupt), checks.exercise("dense"):
        raise KeyboardInterrupt


def test_nothing_checked_is_said(capsys):
    """An empty block does not look like success."""
    with checks.exercise("dense"):
        pass
    assert capsys.readouterr().out == "dense: nothing was checked\n"


def test_output_fits_a_screen(capsys):
    """A hundred results, right or wrong, are at most 40 lines of at most 110 characters."""
    with checks.exercise("dense") as check:
        for _ in range(50):
            check.that("a long name " * 12, True)
            check.equal("loss", 1.0, 2.0)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= 40
    assert max(map(len, lines)) <= 110


def test_visible_checks_are_fast():
    """The gradient of a small layer, entry by entry, takes well under a second."""
    rng = np.random.default_rng(0)
    W, inputs = rng.normal(size=(10, 8)), rng.normal(size=(20, 10))
    start = time.perf_counter()
    with checks.exercise("dense") as check:
        check.gradient("weights", lambda W: np.tanh(inputs @ W).sum(), W, inputs.T @ (1 - np.tanh(inputs @ W) ** 2))
    assert check.report.results[0].ok
    assert time.perf_counter() - start < 0.5
