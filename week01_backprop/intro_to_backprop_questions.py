"""What the checks of the lecture ask: one step by two models, the gradients of a hidden layer, six short questions."""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

import numpy as np

from grader.checks.questions import Roles, checks_of, items, pairs, question, unchanged
from grader.checks.questions.forms import Form
from grader.checks.quiz.quiz import read_choice, read_number

check = checks_of(__name__)


def leaves_alone(*letters):
    """A relation: the arguments of these names, last in the answer, are what they were in the case."""

    def relation(answer, case):
        changes = (unchanged(letter, answer[1][letter], getattr(case, letter)) for letter in letters)
        return next(filter(None, changes), True)

    return relation


def potential(error, theta, x, y, learning_rate):
    """For `differences`: what has theta after a step for its slope."""
    return (lambda theta: np.sum(theta**2) / 2 - learning_rate * error(theta, x, y)), theta


STEP = Roles(batch="x y")
STEPS = Roles(batch="x y", calls="cases", names="theta x y learning_rate")

# cube_step


@question("test_cube_step", points=0.7, probes=STEP)
def cube_step_goes_down_the_mean_slope(student, theta, x, y, learning_rate):
    """cube_step goes down the slope of the error, averaged over the samples."""
    return student.cube_step(theta, x, y, learning_rate)


@question("test_cube_step", points=0.2, probes=STEPS)
def cube_step_takes_any_number_of_samples(student, cases):
    """cube_step takes any number of samples."""
    return [student.cube_step(*case) for case in cases]


@question("test_cube_step", points=0.1, form=pairs(None, None))
def cube_step_leaves_the_samples_alone(student, theta, x, y, learning_rate):
    """cube_step changes neither x nor y in place."""
    return [student.cube_step(theta, x, y, learning_rate), {"x": x, "y": y}]


cube_step_leaves_the_samples_alone.relation(leaves_alone("x", "y"))


cube_step_goes_down_the_mean_slope.differences(
    lambda student, **case: potential(student.cube_error, **case), of="cube_error, which the notebook gives"
)

# quadratic_step


@question("test_quadratic_step", points=0.6, probes=STEP)
def quadratic_step_goes_down_the_gradient(student, theta, x, y, learning_rate):
    """quadratic_step goes down the gradient of the error, averaged over the samples."""
    return student.quadratic_step(theta, x, y, learning_rate)


@question("test_quadratic_step", points=0.2, probes=STEPS)
def quadratic_step_takes_any_number_of_samples(student, cases):
    """quadratic_step takes any number of samples."""
    return [student.quadratic_step(*case) for case in cases]


@question("test_quadratic_step", points=0.2, form=pairs(None, None))
def quadratic_step_returns_a_new_array(student, theta, x, y, learning_rate):
    """quadratic_step leaves theta and the samples as they were."""
    return [student.quadratic_step(theta, x, y, learning_rate), {"theta": theta, "x": x, "y": y}]


quadratic_step_returns_a_new_array.relation(leaves_alone("theta", "x", "y"))


quadratic_step_goes_down_the_gradient.differences(
    lambda student, **case: potential(student.quadratic_error, **case), of="quadratic_error, which the notebook gives"
)

# hidden_layer_grads


def _four(value):
    fits = isinstance(value, (list, tuple)) and len(value) == 4
    return "" if fits else "hidden_layer_grads must return four arrays: (dw0, db0, dw1, db1)"


four = Form(_four)


def after_other_samples(student, x, y, *net, others):
    """The gradients for x and y, when those for other samples, (x, y), were asked for before."""
    student.hidden_layer_grads(*(array.copy() for array in (*others, *net)))
    return student.hidden_layer_grads(x, y, *net)


NET = Roles(batch="x y", terms="b0 b1")


@question("test_hidden_layer_grads", points=0.25, form=four, probes=NET)
def gradient_of_w0(student, x, y, w0, b0, w1, b1, others):
    """The gradient of w0."""
    return after_other_samples(student, x, y, w0, b0, w1, b1, others=others)


@question("test_hidden_layer_grads", points=0.2, form=four, probes=NET)
def gradient_of_b0(student, x, y, w0, b0, w1, b1, others):
    """The gradient of b0."""
    return after_other_samples(student, x, y, w0, b0, w1, b1, others=others)


@question("test_hidden_layer_grads", points=0.2, form=four, probes=NET)
def gradient_of_w1(student, x, y, w0, b0, w1, b1, others):
    """The gradient of w1."""
    return after_other_samples(student, x, y, w0, b0, w1, b1, others=others)


@question("test_hidden_layer_grads", points=0.15, form=four, probes=NET)
def gradient_of_b1(student, x, y, w0, b0, w1, b1, others):
    """The gradient of b1."""
    return after_other_samples(student, x, y, w0, b0, w1, b1, others=others)


def net_error(student, x, y, w0, b0, w1, b1, others):
    net = [w0, b0, w1, b1]

    def of(place):
        def moved(part):
            return student.net_error(x, y, *net[:place], part, *net[place + 1 :])

        return moved, net[place]

    return [of(place) for place in range(4)]


for _asked in (gradient_of_w0, gradient_of_b0, gradient_of_w1, gradient_of_b1):
    _asked.differences(net_error, of="net_error, which the notebook gives")


@question("test_hidden_layer_grads", points=0.1, form=items(four, length=3))
def any_sizes(student, cases):
    """All four for other sizes: a single sample, a single input, a single hidden unit."""
    return [student.hidden_layer_grads(*case) for case in cases]


@any_sizes.reading
def _(answer, case):
    return [part for grads in answer for part in grads]


@question("test_hidden_layer_grads", points=0.1, form=pairs(four, None))
def arguments_stay(student, x, y, w0, b0, w1, b1):
    """No argument is changed in place."""
    arrays = {"x": x, "y": y, "w0": w0, "b0": b0, "w1": w1, "b1": b1}
    return [student.hidden_layer_grads(*arrays.values()), arrays]


arguments_stay.relation(leaves_alone("x", "y", "w0", "b0", "w1", "b1"))


@arguments_stay.reading
def _(answer, case):
    first, second, third, fourth = answer[0]
    return [first, [second, [third, fourth]]]  # one of them has to be right


# letters and numbers


@question("test_which_way", points=0.25)
def which_way(student):
    """Which way is down, when only the derivative is known."""
    return read_choice(student.which_way, "abcd")


@question("test_two_steps_down", points=0.25)
def two_steps_down(student):
    """Two steps down a parabola."""
    return read_number(student.two_steps_down)


@question("test_two_paths", points=0.5)
def two_paths(student):
    """The gradient of a number that is used twice."""
    return read_number(student.two_paths)


@question("test_why_not_step", points=0.25)
def why_not_step(student):
    """Why step units cannot learn by gradient descent."""
    return read_choice(student.why_not_step, "abcd")


@question("test_zero_start", points=0.5)
def zero_start(student):
    """What moves in the first step from zero weights."""
    return read_choice(student.zero_start, "abcd", several=True)


@question("test_unit_change", points=0.25)
def unit_change(student):
    """What the units of an input do to the curvature of the loss."""
    return read_number(student.unit_change)
