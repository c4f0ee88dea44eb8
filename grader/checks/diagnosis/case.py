"""Two arrays of one shape that do not agree: what the rules of the diagnosis look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from grader.checks.diagnosis.tolerance import RTOL, close

PATTERN_RTOL = (1e-5, 1e-3)
LEAST = 6  # numbers, below which one relation or another holds by chance


@dataclass(frozen=True)
class Case:
    """`yours` and `expected` have one shape and are finite where `use` is True; at least one used entry is wrong.

    use: which entries count (the others sit at kinks). wrong: used entries that do not agree. scales: named numbers
    of the problem, such as batch_size, that a factor may come from. dtype: of the array as the student returned it.
    known: other quantities of the problem by name, arrays that a wrong result may be made of.
    """

    yours: np.ndarray
    expected: np.ndarray
    use: np.ndarray
    wrong: np.ndarray
    rtol: float = RTOL
    scales: Mapping[str, float] = field(default_factory=dict)
    reference: str = "expected"
    dtype: np.dtype | None = None
    known: Mapping[str, np.ndarray] = field(default_factory=dict)

    @property
    def pattern_rtol(self) -> float:
        """Tolerance for "yours = ... in all entries": that of the check, kept tight enough for the words to be true."""
        low, high = PATTERN_RTOL
        return min(max(self.rtol, low), high)

    @property
    def telling(self) -> bool:
        """Are there enough numbers that a relation between them is none by chance? Zeros and ones fit too many."""
        return self.e.size >= LEAST and self.few_tell

    @property
    def few_tell(self) -> bool:
        """Are there enough for the plainest relations?"""
        size = np.abs(self.e)
        return np.unique(size[(size != 0) & (size != 1)]).size >= LEAST // 2

    @property
    def y(self) -> np.ndarray:
        """The used entries of yours, flat."""
        return self.yours[self.use]

    @property
    def e(self) -> np.ndarray:
        """The used entries of the expected result, flat."""
        return self.expected[self.use]

    def same(self, a: np.ndarray, b: np.ndarray) -> bool:
        """Do all entries of `a` agree with those of `b`?"""
        return a.shape == b.shape and bool(np.all(close(a, b, self.pattern_rtol)))

    def matches(self, wanted: np.ndarray) -> bool:
        """Is `yours` equal to `wanted` (same shape) in every used entry?"""
        return self.same(self.y, wanted[self.use])
