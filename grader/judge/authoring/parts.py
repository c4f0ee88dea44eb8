"""What comes of a right result where one part of it is another one, for the ``others`` of a key.

None of it is a known mistake: a key says of which parts what is right is made, and every part is altered in every way.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

ALTERED: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "without {}": np.zeros_like,
    "with the wrong sign of {}": np.negative,
    "with half of {}": lambda term: term / 2,
    "with twice {}": lambda term: 2 * term,
    "with {} transposed": np.transpose,
}


def with_other_terms(terms: Mapping[str, np.ndarray]) -> Iterator[tuple[str, np.ndarray]]:
    """A sum in which one term is altered, with the words for it.

    terms   of the right sum, by what a student calls them
    """
    for name, term in terms.items():
        rest = sum(other for word, other in terms.items() if word != name)
        for told, alter in ALTERED.items():
            altered = alter(term)
            if np.shape(altered) == np.shape(term):
                yield f"the right result {told.format(name)}", rest + altered


def with_other_choices(
    made: Callable[..., Any], places: Mapping[str, Mapping[str, Any]], together: Iterable[tuple[str, str]] = ()
) -> Iterator[tuple[str, Any]]:
    """What is made where one choice is another one, with the words for it.

    made       of the choices, by their places, what is asked for
    places     of each place the choices by their words, the right one first
    together   pairs of places with as many choices, which are also altered at once: the second in both, and so on
    """
    right = {place: next(iter(choices.values())) for place, choices in places.items()}
    others = {place: list(choices.items())[1:] for place, choices in places.items()}
    for place, choices in others.items():
        for words, choice in choices:
            yield f"what comes with {words}", made(**{**right, place: choice})
    for one, other in together:
        for (words, choice), (more, beside) in zip(others[one], others[other], strict=True):
            yield f"what comes with {words} and {more}", made(**{**right, one: choice, other: beside})
