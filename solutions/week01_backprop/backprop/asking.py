"""What the hidden tests of homework 1 have in common."""

import numpy as np

from grader.checks.diagnosis.named import Named
from grader.judge import expect_that, expect_unchanged, prop
from grader.judge.authoring.verdicts import StudentError, Wrong

AVERAGED = Named("averaged_over_batch", "the gradient is averaged over the batch; grad_output already is, so sum")
CLIMBS = Named("step_climbs", "the step climbs: the gradient is to be subtracted")
NO_RATE = Named("no_learning_rate", "the learning rate is left out of the step")
NO_STEP = Named("no_step", "backward takes no step")


def warm(layer, X):
    """Call forward, as training does before backward; what it returns or raises is judged by other tests."""
    try:
        layer.forward(X)
    except StudentError:
        pass


def same(a, b):
    """Are both arrays, of one shape, and equal up to rounding?"""
    arrays = isinstance(a, np.ndarray) and isinstance(b, np.ndarray)
    return bool(arrays and a.shape == b.shape and np.allclose(a, b, rtol=1e-8, atol=1e-11))


def found(value):
    """A value in words, by its type and shape alone."""
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    return f"a {type(value).__name__}"


def numbers(value, shape, what):
    """``value`` as a float array, once it is known to be one of the given shape without NaN or infinity."""
    fits = isinstance(value, np.ndarray) and value.dtype.kind in "bif" and value.shape == shape
    expect_that(fits, f"{what}: an array of shape {shape} is expected, found {found(value)}")
    expect_that(bool(np.isfinite(value).all()), f"{what}: holds NaN or infinity")
    return value.astype(float)


# Props: what would be several questions is one when it is put together in the student's process. As always, only
# numbers come back, and they are compared here.


@prop
def backward_after(layer, seen, input, grad_output, names):
    """What backward gives after a forward of ``seen``, which other tests judge; then the attributes ``names``."""
    try:
        if seen is not None:
            layer.forward(seen)
    except (Exception, SystemExit, KeyboardInterrupt):
        pass
    return [layer.backward(input, grad_output), *[getattr(layer, name) for name in names]]


@prop
def made(make, args, options, values):
    """A new layer, with these values for attributes."""
    layer = make(*args, **options)
    for name, value in values.items():
        setattr(layer, name, value)
    return layer


@prop
def read(layer, names):
    """Its attributes of these names."""
    return [getattr(layer, name) for name in names]


@prop
def backwards(make, args, options, values, runs, grad_output, names):
    """For each run (what forward sees before, or None; the input of backward), on a new layer, what backward gives.

    Behind it the attributes ``names``. What forward gives or raises is judged by other tests. No run sees or changes an
    array of another's.
    """

    def copied(value):
        return value.copy() if isinstance(value, np.ndarray) else value

    found = []
    for seen, input in runs:
        layer = make(*args, **options)
        for name, value in values.items():
            setattr(layer, name, copied(value))
        try:
            if seen is not None:
                layer.forward(copied(seen))
        except (Exception, SystemExit, KeyboardInterrupt):
            pass
        given = [layer.backward(copied(input), copied(grad_output)), *[getattr(layer, name) for name in names]]
        found.append([copied(value) for value in given])
    return found


@prop
def forward_and_input(layer, input):
    """What forward gives, or None where it fails, which other tests judge; and its argument afterwards."""
    output = None
    try:
        output = layer.forward(input)
    except (Exception, SystemExit, KeyboardInterrupt):
        pass
    return [output, input]


@prop
def backward_and_arguments(layer, input, grad_output):
    """What backward gives, and its arguments afterwards."""
    return [layer.backward(input, grad_output), input, grad_output]


def backward(student, layer, X, G, *names):
    """What backward(X, G) gives after forward(X), as in training; with ``names``, a list with the attributes behind it.

    What forward returns or raises is judged by other tests.
    """
    found = student.prop(backward_after)(layer, X, X, G, list(names))
    return found if names else found[0]


def new(student, name, *args, values=None, **options):
    """A new layer of the student's class ``name``, with these ``values`` for attributes."""
    return student.prop(made)(getattr(student, name), args, options, values or {})


def attributes(student, layer, *names):
    """Several attributes of a layer, in one question."""
    return student.prop(read)(layer, names)


def expect_backward_from_its_input(student, layer, X, other, G, parameters=()):
    """backward(X, G) gives the same after forward(X), without a forward, and after forward(other).

    ``layer``: the name of its class, the arguments and options that it is made with, and values for attributes.
    """
    name, args, options, values = layer

    def results(*runs):
        return student.prop(backwards)(getattr(student, name), args, options, values, runs, G, list(parameters))

    (usual,) = results((X, X))
    numbers(usual[0], X.shape, "backward")
    hint = "backward must work from the input that it is given; it uses what the last forward left behind"
    try:
        *again, elsewhere = results((None, X), (other, X), (None, other))
    except StudentError as error:
        raise Wrong(f"{hint}; without that forward it {error.hint}", "remembers") from error
    alike = all(same(a, b) for run in again for a, b in zip(run, usual, strict=True))
    expect_that(alike, hint, "remembers")
    differs = not all(same(a, b) for a, b in zip(elsewhere, usual, strict=True))
    expect_that(differs, "backward gives the same whatever the input is", "ignores_input")


def expect_arguments_unchanged(student, layer, X, G):
    """Neither forward nor backward changes its arguments."""
    output, input = student.prop(forward_and_input)(layer, X)
    expect_unchanged(input, X, what="the input of forward")
    grad_input, input, grad_output = student.prop(backward_and_arguments)(layer, X, G)
    numbers(grad_input, X.shape, "backward")
    expect_unchanged(input, X, what="the input of backward")
    expect_unchanged(grad_output, G, what="grad_output")
    expect_that(not same(output, X), "forward gives back its input as it is")
