"""How a verdict is put into words."""

from dataclasses import replace

from grader.checks.diagnosis.verdict import UNRELATED, Verdict

FACT = ("probe:zero/X", "where X is zero your result is zero; it should not be")
NOTHING = "all 5 entries are wrong, with no simple relation to the right value"


def test_what_an_experiment_found_stands_in_the_place_of_no_relation():
    """In the notebook and in the hint; without it, and beside what a rule found, the pattern is told."""
    unrelated = Verdict(False, UNRELATED, "dW", where="dW[0]: yours 1, expected 2", pattern=NOTHING)
    found = replace(unrelated, facts=(FACT,))
    assert NOTHING in unrelated.text() and NOTHING in unrelated.hint()
    assert NOTHING not in found.text() and NOTHING not in found.hint()
    assert FACT[1] in found.text() and FACT[1] in found.hint() and found.full_code == FACT[0]
    ruled = replace(found, code="factor", pattern="yours / expected = 2 in all 5 entries")
    assert ruled.pattern in ruled.text() and FACT[1] in ruled.text() and ruled.full_code == "factor"
