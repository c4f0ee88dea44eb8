"""What the checks of the primer ask, in the notebook and when it is graded."""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from grader.checks.questions import checks_of, question
from grader.checks.quiz.quiz import read_choice, read_number

check = checks_of(__name__)


@question("test_dot_by_hand", points=0.25)
def dot_by_hand(student):
    """A dot product by hand."""
    return read_number(student.dot_by_hand)


@question("test_last_row", points=0.25)
def last_row(student):
    """What a row of a product is made of."""
    return read_choice(student.last_row, "abcd")


@question("test_how_many_outer", points=0.25)
def how_many_outer(student):
    """How many outer products make a product."""
    return read_number(student.how_many_outer)


@question("test_layer_shapes", points=0.25)
def layer_shapes(student):
    """The shapes of a dense layer."""
    return read_choice(student.layer_shapes, "abcd")


@question("test_parameter_count", points=0.25)
def parameter_count(student):
    """The parameters of a network."""
    return read_number(student.parameter_count)


@question("test_bias_trap", points=0.25)
def bias_trap(student):
    """A bias of the wrong shape."""
    return read_choice(student.bias_trap, "abcd")
