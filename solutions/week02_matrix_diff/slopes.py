"""What the course's activations give where the slope of one of them belongs, for the ``others`` of a key."""

import numpy as np

from .layers.course_functions import BACKWARD, FORWARD

ACTIVATIONS = ("the sigmoid", "tanh")
FROM_OUTPUT = {"the sigmoid": lambda a: a * (1 - a), "tanh": lambda a: 1 - a**2}  # slopes by what comes out


def in_place_of_a_slope(**activation):
    """Pairs: what stands there, in words, and its numbers.

    activation   what enters it and what comes out of it, in this order, by what the student calls them
    """
    (entering, z), (leaving, a) = activation.items()
    yield "1", np.ones_like(z)
    for words, x in ((leaving, a), (entering, z)):
        yield words, x
        for name in ACTIVATIONS:
            yield f"{name} of {words}", FORWARD[name](x)
            yield f"the slope of {name} at {words}", BACKWARD[name](x, 1)
        for name, slope in FROM_OUTPUT.items():
            yield f"the slope of {name} as a function of its output, taken at {words},", slope(x)


def with_another_slope(made, **activation):
    """{words: what is made with something else in the place of the slope}.

    made   of the slope what is asked for, right for the right one
    """
    entering = next(iter(activation))
    return {
        f"what comes with {words} in place of the slope at {entering}": made(other)
        for words, other in in_place_of_a_slope(**activation)
    }


def with_other_slopes(made, second, first):
    """As ``with_another_slope``, with the same thing in the place of both slopes of a chain.

    second, first   what enters and what comes out of each activation
    """
    pairs = zip(*(in_place_of_a_slope(z=z, h=h) for z, h in (second, first)), strict=True)
    return {f"what comes with {words} in place of both slopes": made(one, other) for (words, one), (_, other) in pairs}
