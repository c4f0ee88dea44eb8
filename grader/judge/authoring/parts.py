"""What comes of a right result where one part of it is another one, for the ``others`` of a key.

None of it is a known mistake: a key says of which parts what is right is made, and every part is altered in every way.
"""

from collections.abc import Callable, Iterator, Mapping

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
