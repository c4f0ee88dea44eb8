"""The verdict on one property, and how it is put into words."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

UNRELATED = "differs"  # the code of what no rule has a word for


@dataclass(frozen=True)
class Finding:
    """What a rule saw.

    pattern: an observation that is always true of these numbers; `public` the same without any number of the
    expected result (empty: the pattern holds none). likely: a hypothesis about the cause, empty when there is none.
    detail: which of the rule's findings it is, where it has several.
    """

    code: str
    pattern: str
    likely: str = ""
    public: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Verdict:
    """One property judged. `where` shows numbers of the expected result: for the notebook, not for grading feedback.

    facts: what experiments with the function found, each `(code, sentence)`.
    index: the worst entry, None if the arrays could not be compared entry by entry. part: of a result of several parts
    the way to the one that is told. detail: as in `Finding`; of a named mistake its place among those that were named.
    label: what the pattern is called. unchanged: of a wrong number the arguments that a relation found as they were.
    """

    ok: bool
    code: str
    what: str
    where: str = ""
    pattern: str = ""
    likely: str = ""
    public: str = ""
    shape: str = ""
    index: tuple[int, ...] | None = None
    detail: str = ""
    label: str = "pattern"
    facts: tuple[tuple[str, str], ...] = ()
    part: tuple[int, ...] = ()
    unchanged: str = ""

    @property
    def _said_by_facts(self) -> bool:
        """No rule has a word for it, and an experiment has found out more."""
        return self.code == UNRELATED and bool(self.facts)

    @property
    def full_code(self) -> str:
        """What was found, in a form that does not change with its words: `factor:1/batch_size`."""
        if self._said_by_facts:
            return self.facts[0][0]
        return f"{self.code}:{self.detail}" if self.detail else self.code

    @property
    def mistake(self) -> str:
        """What was done wrong, as a hint says it, without the name of the quantity: the cause, or what was seen."""
        fact = self.facts[0][1] if self._said_by_facts else ""
        return _one_line(fact or self.likely or self.public or self.pattern)

    def text(self, exercise: str = "") -> str:
        """At most four lines: what, where, pattern, likely; and the facts."""
        head = f"{exercise}  " if exercise else ""
        shape = f", shape {self.shape}" if self.shape else ""
        if self.ok:
            return f"{head}{self.what}{shape}: ok"
        lines = [f"{head}{self.what}{shape}: wrong"]
        if self.where:
            lines.append(f"  {self._label():<9}{self.where}")
        if self.pattern and not self._said_by_facts:
            lines.append(f"  {self.label:<9}{self.pattern}")
        if self.likely:
            lines.append(f"  {'likely':<9}{self.likely}")
        lines += [f"  {'fact':<9}{text}" for _, text in self.facts]
        return "\n".join(lines)

    def hint(self) -> str:
        """One line without a number of the expected result or of the one found; after "likely" stands a guess only."""
        if self.ok:
            return f"{self.what}: ok"
        facts = [text for _, text in self.facts]
        said_better = self.code == "named" or self._said_by_facts
        seen = "" if said_better else self.public or self.pattern
        if self.unchanged and self.code == UNRELATED and not (facts or self.likely):
            seen = "it has its points once the result is right, too"
        parts = [part for part in (seen, *facts, f"likely {self.likely}" if self.likely else "") if part]
        return _one_line(f"{self.what}: {'; '.join(parts) or 'wrong'}")

    def _label(self) -> str:
        return "worst" if "yours " in self.where else "found"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def pair(yours: complex | np.generic, other: complex | np.generic) -> tuple[str, str]:
    """Two numbers as text, with enough digits (5 at least) to look different when they are."""
    for digits in (5, 7, 9, 12, 17):
        texts = number(yours, digits), number(other, digits)
        if texts[0] != texts[1]:
            break
    return texts


def number(value: complex | np.generic, digits: int = 5) -> str:
    """A number with so many significant digits, deterministic: no -0."""
    value = value.item() if isinstance(value, np.generic) else value
    if isinstance(value, complex):
        return f"{value:.{digits}g}"
    return f"{value + 0.0:.{digits}g}"


def entry_name(what: str, index: tuple[int, ...]) -> str:
    """`weights[0, 2]` for "gradient of weights"; `entry [0, 2]` where the text does not end in a name."""
    if not index:
        return ""
    match = re.search(r"(?:^|\bof )([A-Za-z_]\w*)$", what)
    name = match.group(1) if match else "entry "
    return f"{name}[{', '.join(str(int(i)) for i in index)}]"


def everywhere(count: int) -> str:
    """ " in all 12 entries", or nothing for a single number."""
    return "" if count == 1 else f" in all {count} entries"


def so_many(count: int, total: int) -> str:
    """ "3 of 12 entries are", "all 12 entries are", "yours is"."""
    if total == 1:
        return "yours is"
    return f"{f'{count} of' if count < total else 'all'} {total} entries are"
