"""Mistakes that students make in the lab, planted one at a time in the reference; the bugs as given are among them."""

from functools import partial

from grader.judge.authoring.mistakes import planted
from grader.judge.authoring.quiz import wrong_answers

from .keys import asked

numerical_grad = partial(planted, "numerical_grad")
relative_error = partial(planted, "relative_error")
bug_1 = partial(planted, "bug_1")
bug_2 = partial(planted, "bug_2")
bug_3 = partial(planted, "bug_3")

LOOP = "for index in np.ndindex(x.shape):"
BACK = "x[index] = kept  # put back, not added back: adding would leave a last digit behind"
QUOTIENT = "(above - below) / (2 * h)"
ERROR = "np.max(np.abs(a - b) / np.where(size == 0, 1, size))"

NUMERICAL = [
    numerical_grad("numerical_grad_one_sided", "compares x + h with x", 0.4, "one-sided",
        ("x[index] = kept - h", "x[index] = kept"), (QUOTIENT, "(above - below) / h")),
    numerical_grad("numerical_grad_over_h", "divides by h", 0.4, "the two points are 2h apart",
        (QUOTIENT, "(above - below) / h")),
    numerical_grad("numerical_grad_times_h", "divides by 2 and multiplies by h", 0.4, "needs brackets",
        (QUOTIENT, "(above - below) / 2 * h")),
    numerical_grad("numerical_grad_turned_round", "subtracts the upper value from the lower", 0.4, "sign",
        (QUOTIENT, "(below - above) / (2 * h)")),
    numerical_grad("numerical_grad_own_step", "writes 1e-5 into the function", 0.4, "the step that is given is not",
        ('    gradient = np.zeros_like(x)', '    h = 1e-5\n    gradient = np.zeros_like(x)')),
    numerical_grad("numerical_grad_added_back", "adds the step back and leaves a last digit behind", 0.2,
        "keep each entry's old number", (BACK, "x[index] += h")),
    numerical_grad("numerical_grad_stays_moved", "leaves every entry where it was moved to", 0.6,
        "each entry stays moved", (BACK, "pass")),
    numerical_grad("numerical_grad_one_array", "gives x a second name in place of a copy", 1.0, "a second name for x",
        (QUOTIENT, "(below - below) / (2 * h)")),
    numerical_grad("numerical_grad_by_rows", "moves a whole row at a time", 0.6, "a whole row is moved at once",
        (LOOP, "for index in range(len(x)):"), ("kept = x[index]\n", "kept = x[index].copy()\n")),
    numerical_grad("numerical_grad_other_default", "has 1e-6 for its default", 0.2, "1e-06 where none is given",
        ("h=1e-5", "h=1e-6")),
    numerical_grad("numerical_grad_vectors_only", "gives f a vector, whatever the shape of x", 0.8, "",
        ("    gradient = np.zeros_like(x)", "    x = x.reshape(-1)\n    gradient = np.zeros_like(x)")),
    numerical_grad("numerical_grad_returns_slopes_of_one", "returns the last entry only", 1.0, "shape",
        ("    return gradient", "    return gradient[index]")),
    numerical_grad("numerical_grad_returns_nothing", "forgets the return", 1.0, "return",
        ("    return gradient", "    pass")),
]

RELATIVE = [
    relative_error("relative_error_mean", "takes the mean", 0.2, "the mean over the entries",
        (ERROR, ERROR.replace("np.max", "np.mean"))),
    relative_error("relative_error_absolute", "does not divide", 0.2, "not relative to the numbers",
        (ERROR, "np.max(np.abs(a - b))")),
    relative_error("relative_error_of_norms", "divides norms", 0.2, "the quotient of two norms",
        (ERROR, "np.linalg.norm(a - b) / max(np.linalg.norm(a) + np.linalg.norm(b), 1e-300)")),
    relative_error("relative_error_by_the_larger", "divides by the larger of the two", 0.2, "the larger of the two",
        ("np.abs(a) + np.abs(b)", "np.maximum(np.abs(a), np.abs(b))")),
    relative_error("relative_error_signed_size", "divides by |a + b|", 0.15, "cancel there",
        ("np.abs(a) + np.abs(b)", "np.abs(a + b)")),
    relative_error("relative_error_nan_at_zero", "divides zero by zero", 0.15, "NaN",
        ("np.where(size == 0, 1, size)", "size")),
    relative_error("relative_error_no_absolute_value", "forgets the absolute value of the difference", 0.2,
        "absolute values are missing", ("np.abs(a - b)", "(a - b)")),
    relative_error("relative_error_every_entry", "returns all entries", 0.5, "",
        ("np.max(np.abs(a - b) / np.where(size == 0, 1, size))", "np.abs(a - b) / np.where(size == 0, 1, size)")),
    relative_error("relative_error_in_place", "takes the absolute values in place", 0.15, "was changed in place",
        ("    size = np.abs(a) + np.abs(b)\n",
         "    np.abs(a, out=a)\n    np.abs(b, out=b)\n    size = a + b\n")),
    relative_error("relative_error_relative_to_a", "divides by the size of a", 0.2, "relative to a alone",
        ("np.abs(a) + np.abs(b)", "np.abs(a)")),
    relative_error("relative_error_small_number_added", "adds 1e-8 to the divisor", 0.2,
        "a small number, 1e-08, is added", ("np.where(size == 0, 1, size)", "(size + 1e-8)")),
    relative_error("relative_error_smallest_divisor", "divides by 1e-4 at least", 0.2, "the divisor is 0.0001 at least",
        ("np.where(size == 0, 1, size)", "np.maximum(size, 1e-4)")),
]

BUGS = [
    bug_1("bug_1_as_given", "leaves the function as it was", 1, "as it was given", ("G.sum(axis=0)", "G.mean(axis=0)")),
    bug_1("bug_1_first_sample", "takes the first row", 1, "of the first sample alone", ("G.sum(axis=0)", "G[0]")),
    bug_1("bug_1_all_of_G", "adds up all of G", 1, "", ("G.sum(axis=0)", "G.sum()")),
    bug_1("bug_1_wrong_axis", "adds up along the units", 1, "", ("G.sum(axis=0)", "G.sum(axis=1)")),
    bug_1("bug_1_weights_averaged_too", "averages the gradient of W as well", 1, "divided by the batch size",
        ('"ni,no->io", X, G)', '"ni,no->io", X, G) / len(X)')),
    bug_1("bug_1_kept_dimension", "keeps a row of sums", 1, "an array of shape (4,) is expected",
        ("G.sum(axis=0)", "G.sum(axis=0, keepdims=True)")),
    bug_1("bug_1_returns_two", "returns the two that were right", 1, "3 things are expected",
        ("return dX, dW, db", "return dX, dW")),
    bug_2("bug_2_as_given", "leaves the function as it was", 1, "as it was given",
        ("logits.max(axis=1", "logits.max(axis=0"), (".sum(axis=1", ".sum(axis=0")),
    bug_2("bug_2_maximum_only", "turns the axis of the maximum and not that of the sum", 1, "",
        (".sum(axis=1", ".sum(axis=0")),
    bug_2("bug_2_sum_only", "turns the axis of the sum and not that of the maximum", 1, "still taken along the batch",
        ("logits.max(axis=1", "logits.max(axis=0")),
    bug_2("bug_2_sum_over_everything", "divides by the sum over all samples", 1, "",
        (".sum(axis=1, keepdims=True)", ".sum()")),
    bug_2("bug_2_gradient_not_averaged", "drops the division of the gradient", 1, "not divided by the batch size",
        ("return loss, gradient / n", "return loss, gradient")),
    bug_2("bug_2_loss_added_up", "sums the loss", 1, "the sum, not the mean", ("-np.mean(", "-np.sum(")),
    bug_2("bug_2_gradient_of_the_other_loss", "mends the gradient to fit the wrong loss", 1, "as it was given",
        ("logits.max(axis=1", "logits.max(axis=0"), (".sum(axis=1", ".sum(axis=0"),
        ("gradient = p.copy()", "gradient = p * np.bincount(y, minlength=logits.shape[1])")),
    bug_2("bug_2_in_place", "computes in the caller's array", 1, "logits was changed in place",
        ("shifted = logits - logits.max(axis=1, keepdims=True)",
         "shifted = logits\n    shifted -= logits.max(axis=1, keepdims=True)")),
    bug_3("bug_3_as_given", "leaves the function as it was", 1, "as it was given",
        ("(G - G.mean(axis=0) - Z * np.mean(G * Z, axis=0)) / s", "G / s")),
    bug_3("bug_3_mean_only", "goes through the mean and not through the variance", 1, "through the variance is missing",
        (" - Z * np.mean(G * Z, axis=0)", "")),
    bug_3("bug_3_variance_only", "goes through the variance and not through the mean", 1, "through the mean is missing",
        (" - G.mean(axis=0)", "")),
    bug_3("bug_3_eps_left_out", "leaves eps out", 1, "eps is left out", ("X.var(axis=0) + eps", "X.var(axis=0)")),
    bug_3("bug_3_eps_written_in", "writes 1e-5 in place of eps", 1, "eps is the default",
        ("X.var(axis=0) + eps", "X.var(axis=0) + 1e-5")),
    bug_3("bug_3_other_default", "has 1e-8 for its default", 1, "eps is 1e-08 where none is given",
        ("eps=1e-5", "eps=1e-8")),
    bug_3("bug_3_over_all", "averages over all numbers, not by column", 1, "",
        ("G.mean(axis=0)", "G.mean()")),
    bug_3("bug_3_two_roots", "standardises without eps", 1, "out of the standardised numbers",
        ("Z = (X - X.mean(axis=0)) / s", "Z = (X - X.mean(axis=0)) / X.std(axis=0)")),
    bug_3("bug_3_sum_for_mean", "sums where the mean belongs", 1, "where the mean belongs",
        ("np.mean(G * Z, axis=0)", "np.sum(G * Z, axis=0)")),
]

SHORT = wrong_answers(asked.tenfold, asked.kink_reading, asked.both_zero, asked.twenty)

MISTAKES = [*NUMERICAL, *RELATIVE, *BUGS, *SHORT]
