"""What stands where the slope of an activation belongs, for the ``others`` of a key: 1, or another function.

A gradient behind an activation is the one that arrives, times its slope. Whoever has put another thing there is told
which: the slope at another place, of another function, or a function in place of its slope.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from grader.checks.probes.formulas import sigmoid

ACTIVATIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {"the sigmoid": sigmoid, "tanh": np.tanh}
FROM_OUTPUT: dict[str, tuple[str, Callable[[np.ndarray], np.ndarray]]] = {  # slopes by what comes out, and in words
    "the sigmoid": ("{0} (1 - {0})", lambda out: out - out**2),
    "tanh": ("1 - {0}^2", lambda out: (1 + out) * (1 - out)),
}


def in_place_of_a_slope(**activation: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Pairs: what stands there, in words, and its numbers.

    activation   what enters it and what comes out of it, in this order, by what the student calls them
    """
    (entering, z), (leaving, a) = activation.items()
    yield "1", np.ones_like(z)
    yield f"1 where {entering} is positive, and else 0,", np.where(z > 0, 1.0, 0.0)
    for words, x in ((leaving, a), (entering, z)):
        yield words, x
        yield f"1 - {words}", 1 - x
        for name, function in ACTIVATIONS.items():
            formula, slope = FROM_OUTPUT[name]
            yield f"{name} of {words}", function(x)
            yield f"the slope of {name} at {words}", slope(function(x))
            yield formula.format(words), slope(x)
        yield f"1 - tanh({words}^2)", 1 - np.tanh(x**2)


def with_another_slope(made: Callable[[np.ndarray], np.ndarray], **activation: np.ndarray) -> dict[str, np.ndarray]:
    """{words: what is made with something else in the place of the slope}.

    made   of the slope what is asked for, right for the right one
    """
    entering = next(iter(activation))
    return {
        f"what comes with {words} in place of the activation's slope at {entering}": made(other)
        for words, other in in_place_of_a_slope(**activation)
    }


def with_other_slopes(
    made: Callable[..., Any], *activations: tuple[np.ndarray, np.ndarray], told: str = "both slopes"
) -> dict[str, Any]:
    """As ``with_another_slope``, with the same thing in the place of all slopes of a chain.

    made          of the slopes, in the order of ``activations``, what is asked for
    activations   what enters and what comes out of each
    told          what they are called
    """
    found = zip(*(in_place_of_a_slope(z=z, a=a) for z, a in activations), strict=True)
    text = "what comes with {} in place of {}"
    return {text.format(pairs[0][0], told): made(*(slope for _, slope in pairs)) for pairs in found}
