"""Words for a mistake that is made in several exercises, with a code that stays when the words change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

Value = TypeVar("Value")


class Named(str):
    """The text of a named mistake, as a key of `mistakes`; what is added to it tells more of the same mistake.

        NO_CHAIN = Named("chain_rule", "the gradient of the layer above is left out (chain rule)")

    Under its code, which begins with a letter, the report counts the mistake in whatever exercise it is made. A plain
    text is counted by its exercise and its place among the mistakes there.
    """

    code: str

    def __new__(cls, code: str, words: str) -> Named:
        made = super().__new__(cls, words)
        made.code = code
        return made

    def __add__(self, more: str) -> Named:
        return Named(self.code, str(self) + str(more))


def numbered(mistakes: Mapping[str, Value]) -> Iterator[tuple[Named, Value]]:
    """The items of `mistakes` with their places as codes, so that leaving some out does not change those of others."""
    return ((Named(code_of(text, number), text), value) for number, (text, value) in enumerate(mistakes.items()))


def code_of(text: object, number: int) -> str:
    """The code of a named mistake; its number among the mistakes if it has none."""
    return text.code if isinstance(text, Named) else str(number)
