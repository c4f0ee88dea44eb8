"""A judged derivation with words: what would make a wrong line right, and the rules that lead from line to line."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache

import numpy as np

from grader.checks.derivatives.derivation import Derivation, Function, judge, places_of
from grader.checks.derivatives.language import Refused
from grader.checks.derivatives.rules_between import rule
from grader.checks.derivatives.small_edits import explained

MOST_EXPLAINED = 2  # wrong lines; what follows them is often wrong for the same reason


@lru_cache(maxsize=8)
def derived(text: str, function: Function, seed: int = 0) -> Derivation:
    """As `judge`, with a sentence for each wrong line and a rule for each right one."""
    found = judge(text, function, seed)
    # What is right is known by now: no words can be lacking so badly that the verdict is lost.
    with suppress(Exception), np.errstate(all="ignore"):
        explain(found)
    return found


def explain(found: Derivation) -> None:
    """Add the sentences and the rules."""
    told = 0
    for place, line in enumerate(found.lines):
        earlier = [one for one in found.lines[:place] if one.chain == line.chain]
        if not line.chain or not earlier:
            continue
        before = earlier[-1]
        if line.right and before.right:
            line.rule = rule(found, before, line)
        if line.fault and line.fault.code in ("unequal", "sizes") and told < MOST_EXPLAINED:
            told += 1
            answer = line in found.answer
            truth = found.truth if answer else earlier[0].values
            first = earlier[0].node
            begun = first.children[0] if first and first.op == "d" else None
            places = found.places if answer else places_of(found, begun) if begun else []
            said = explained(found, line, before, truth, places) if truth else ""
            if said:
                line.fault = Refused(line.fault.code, f"{line.fault}; {said}")
