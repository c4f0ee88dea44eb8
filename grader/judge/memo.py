"""Remembers what was made of short texts: a class hands in the same prose and given cells again and again."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

Made = TypeVar("Made")

ENTRIES = 1000
CHARACTERS = 10_000  # a longer text is worked on every time, so that no submission fills the memory


def remembered(function: Callable[..., Made]) -> Callable[..., Made]:
    """``function(text, *hashable)``, pure, with its last results kept for texts that are not long."""
    kept = lru_cache(maxsize=ENTRIES)(function)

    @wraps(function)
    def call(text: str, *more: object) -> Made:
        return kept(text, *more) if len(text) <= CHARACTERS else function(text, *more)

    return call
