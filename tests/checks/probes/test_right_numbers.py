"""What keys say is right where experiments ask is what right functions give there."""

import numpy as np
import pytest

from grader.checks.probes import variants
from grader.checks.probes.conclusions import fit
from grader.checks.probes.variants import INSTEAD
from grader.checks.questions.experiments import _answered, moves, numbers, right_of
from grader.checks.questions.question import seeded
from tests.mirror import NOTEBOOKS, TRAINED, keys, namespace, quiet

# Where a right function has no number of its own: 0 / 0.
NOWHERE = {("every_entry", "zero:h")}


def differing(key, names):
    """The names of the variants of a case for which the reference gives other numbers than the key."""
    case = key.draw(np.random.default_rng(0))
    right = key.right(case)

    def given(case):
        with seeded(0):
            return _answered(key.asked, lambda case: key.asked.ask(names, vars(case)), case, right)

    first = given(case)
    known = [(one, right_of(one, case, key.right)) for one in variants(case, key.asked.probes)]
    if numbers(right) is None or first is None or not fit(known[0][1], first):
        return []  # wide apart in size, or next to zero: nothing can be compared in short
    found = []
    for one, wanted in known:
        mine = given(one.case) if wanted and one.code not in INSTEAD else None
        if mine is not None and not (moves(first, mine) == wanted if one.moves else fit(wanted, mine)):
            found.append(one.name)
    return [name for name in found if (key.asked.name, name) not in NOWHERE]


@pytest.mark.long
@pytest.mark.parametrize(("week", "name"), NOTEBOOKS)
def test_right_functions_are_right_wherever_experiments_ask(week, name):
    """Else a word on them would be false: a key that divides by the size of its own batch, say."""
    asked = [key for key in keys(week, name) if key.asked.probes and key.right and key.asked.cell not in TRAINED]
    names = namespace(week, name, {}, {key.asked.cell for key in asked}) if asked else {}
    with np.errstate(all="ignore"), quiet():
        found = {key.asked.name: differing(key, names) for key in asked}
    assert not {question: wrong for question, wrong in found.items() if wrong}
