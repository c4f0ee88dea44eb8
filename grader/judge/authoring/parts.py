"""What comes of a right result where one part of it is another one, for the ``others`` of a key.

None of it is a known mistake: a key says of which parts what is right is made, and every part is altered in every way.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

import numpy as np

ALTERED: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "without {}": np.zeros_like,
    "with the wrong sign of {}": np.negative,
    "with half of {}": lambda term: term / 2,
    "with twice {}": lambda term: 2 * term,
    "with {} transposed": np.transpose,
}
REPLACED: dict[str, Callable[[Any], Any]] = {
    "0": lambda part: 0 * part,
    "1": lambda part: part * 0 + 1,
    "minus it": lambda part: -part,
    "half of it": lambda part: part / 2,
    "twice it": lambda part: 2 * part,
    "its square": lambda part: part**2,
    "its root": lambda part: part**0.5,
    "its size": abs,
    "1 minus it": lambda part: 1 - part,
    "1 plus it": lambda part: 1 + part,
}
SCALED: dict[str, Callable[[Any, float], Any]] = {
    "multiplied by {} once too often": lambda part, scale: part * scale,
    "divided by {} once too often": lambda part, scale: part / scale,
    "multiplied by 1 - {} once too often": lambda part, scale: part * (1 - scale),
    "divided by 1 - {} once too often": lambda part, scale: part / (1 - scale),
}
Part = Callable[[str, Any], Any]


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


def with_other_parts(
    made: Callable[[Part], Any],
    others: Mapping[str, Any] | None = None,
    scales: Mapping[str, float] | None = None,
    more: Mapping[str, Callable[[Any], Any]] | None = None,
) -> dict[str, Any]:
    """{words: what is made where one part is replaced}.

    made     of a function ``part(name, value)``, through which every part goes on its way, what is asked for
    others   what else may stand in a part's place, by name; so may the other parts, as a stale value for a new one
    scales   numbers by which a part may be multiplied or divided once too often
    more     other ways to alter a part, by the words for it
    """
    known: dict[str, Any] = {}
    made(lambda name, value: known.setdefault(name, value))
    found = {}
    with np.errstate(all="ignore"):
        for name, value in reversed(known.items()):  # of two ways to say the same that of the later part
            for told, altered in _ways(name, value, {**known, **(others or {})}, scales or {}, more or {}):
                with suppress(ArithmeticError, ValueError):  # nothing comes of it
                    found[f"what comes with {name} {told}"] = made(_replacing(name, altered))
    return found


def _ways(
    name: str,
    value: Any,
    beside: Mapping[str, Any],
    scales: Mapping[str, float],
    more: Mapping[str, Callable[[Any], Any]],
) -> Iterator[tuple[str, Any]]:
    """What stands in the place of a part, and the words for it."""
    for other, part in beside.items():
        if other != name and np.shape(part) == np.shape(value):
            yield f"replaced by {other}", part
    for told, alter in {**REPLACED, **more}.items():
        yield f"replaced by {told}", alter(value)
    for scale, number in scales.items():
        for told, scaled in SCALED.items():
            if scale != name:
                yield told.format(scale), scaled(value, number)


def _replacing(name: str, altered: Any) -> Part:
    return lambda one, value: altered if one == name else value


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
