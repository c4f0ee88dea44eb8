"""What the checks of the lab ask, in the notebook and when it is graded."""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

import numpy as np

from grader.checks.questions import Roles, array, checks_of, number, pairs, question, unchanged
from grader.checks.quiz.quiz import read_choice, read_number

check = checks_of(__name__)


# numerical_grad: of functions that need the shape of their argument, and nothing else


def entangled(W):
    """A function of arrays like W in which every entry has a part of its own, and all meet in one."""
    return lambda x: np.sum(W * np.power(x, 3)) + np.sum(x) ** 3


@question("test_numerical_grad", points=0.4, probes=Roles())
def every_entry(student, x, W, h):
    """every entry by itself, with the step that is given"""
    return student.numerical_grad(entangled(W), x, h)


@question("test_numerical_grad", points=0.2)
def of_any_shape(student, several):
    """an array of any shape: one number, a vector, three axes"""
    return [student.numerical_grad(entangled(W), np.array(x, dtype=float), 0.1) for x, W in several]


@question("test_numerical_grad", points=0.2, probes=Roles())
def default_step(student, W, size):
    """the step is 1e-5 where none is given"""
    return student.numerical_grad(lambda x: size * np.sum(W * np.power(x, 3)), np.zeros(W.shape))


@question("test_numerical_grad", points=0.2, form=lambda case: pairs(array(*np.shape(case.x)), None))
def leaves_x_as_it_was(student, x, W, h):
    """x is afterwards exactly what it was"""
    return [student.numerical_grad(entangled(W), x, h), x]


@leaves_x_as_it_was.relation
def _(answer, case):
    put_back = "x is not exactly what it was: keep each entry's old number and put it back, or move a copy"
    return put_back if unchanged("x", answer[1], case.x) else True


@leaves_x_as_it_was.reading
def _(answer, case):
    return answer[0]


# relative_error


@question("test_relative_error", points=0.2, probes=Roles(calls="several", names="a b"))
def largest_of_all(student, several):
    """the largest over all entries, relative to the size of both"""
    return [student.relative_error(a, b) for a, b in several]


@question("test_relative_error", points=0.15)
def zeros_agree(student, several):
    """0 where both are 0"""
    return [student.relative_error(a, b) for a, b in several]


@question("test_relative_error", points=0.15, form=pairs(number(), number(), None, None), probes=Roles())
def opposite_signs(student, a, b, c, d):
    """1 where two signs differ, and both arrays stay as they are"""
    return [student.relative_error(a, b), student.relative_error(c, d), a, b]


@opposite_signs.relation
def _(answer, case):
    return unchanged("a", answer[2], case.a) or unchanged("b", answer[3], case.b)


@opposite_signs.reading
def _(answer, case):
    return answer[:2]


# Three functions that come with a bug in each: what a mended one returns, and whether it leaves its arguments alone


def results_and_arguments(function, several):
    """For each list of arguments what the function returns, and the arguments afterwards."""
    found = []
    for case in several:
        given = [np.copy(part) for part in case]
        found.append([function(*given), given])
    return found


def in_parts(*shapes_of):
    """The form of what `results_and_arguments` gives, for functions of the arguments that give each part's form."""
    return lambda case: pairs(*(pairs(pairs(*(one(*part) for one in shapes_of)), None) for part in case.several))


def arguments_stay(names):
    """The relation: these arguments are not changed."""

    def holds(answer, case):
        for (_, after), before in zip(answer, case.several):  # noqa: B905
            for name, now, then in zip(names, after, before):  # noqa: B905
                if told := unchanged(name, now, np.asarray(then)):
                    return told
        return True

    return holds


def all_parts(answer, case):
    """What was returned for all cases, part by part."""
    return [part for result, _ in answer for part in result]


@question(
    "test_bug_1",
    points=1,
    form=in_parts(lambda X, W, G: array(*X.shape), lambda X, W, G: array(*W.shape), lambda X, W, G: array(W.shape[1])),
    probes=Roles(batch="X G", calls="several", names="X W G"),
)
def dense_backward(student, several):
    """dense_backward is right for batches of any size"""
    return results_and_arguments(student.dense_backward, several)


dense_backward.relation(arguments_stay(["X", "W", "G"]))
dense_backward.reading(all_parts)


@question(
    "test_bug_2",
    points=1,
    form=in_parts(lambda logits, y: number(), lambda logits, y: array(*logits.shape)),
    probes=Roles(batch="logits y", labels="y", calls="several", names="logits y"),
)
def softmax_cross_entropy(student, several):
    """softmax_cross_entropy is right for batches of any size"""
    return results_and_arguments(student.softmax_cross_entropy, several)


softmax_cross_entropy.relation(arguments_stay(["logits", "y"]))
softmax_cross_entropy.reading(all_parts)


@question(
    "test_bug_3",
    points=1,
    form=lambda case: pairs(array(*case.X.shape), array(*case.X.shape), None, None),
    probes=Roles(),
)
def standardise_backward(student, X, narrow, G, eps):
    """standardise_backward knows every way from X to the result"""
    return [student.standardise_backward(X, G, eps), student.standardise_backward(narrow, G), X, G]


@standardise_backward.relation
def _(answer, case):
    return unchanged("X", answer[2], case.X) or unchanged("G", answer[3], case.G)


@standardise_backward.reading
def _(answer, case):
    return answer[:2]


# Short questions


@question("test_tenfold", points=0.25)
def tenfold(student):
    """How the error of the centred quotient falls."""
    return read_number(student.tenfold)


@question("test_kink_reading", points=0.25)
def kink_reading(student):
    """One entry of a ReLU layer near its kink."""
    return read_choice(student.kink_reading, "abcd")


@question("test_both_zero", points=0.25)
def both_zero(student):
    """A check at zero weights."""
    return read_choice(student.both_zero, "abcd")


@question("test_twenty", points=0.25)
def twenty(student):
    """What twenty digits learnt by heart prove."""
    return read_choice(student.twenty, "abcd")
