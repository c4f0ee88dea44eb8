"""Mistakes that the author of a check has named win over the general rules, when they clearly fit."""

import numpy as np
import pytest

from grader.checks.diagnosis.diagnose import diagnose
from grader.checks.diagnosis.named import Named, numbered

E = np.array([1.5, -2.0, 3.5, 0.7, -1.2, 0.4])


def test_mistakes_of_one_value_are_all_named():
    """What cannot be told apart is not decided by the order in which the author wrote it down."""
    same = {"the square is missing": E / 2, "the mean is taken": E / 2, "the sign": -E}
    assert diagnose(E / 2, E, mistakes=same).likely == "the square is missing; or the mean is taken"
    assert diagnose(-E, E, mistakes=same).likely == "the sign"


def test_named_mistake_wins_over_the_general_rule():
    """-E would be a sign; the author knows better why."""
    verdict = diagnose(-E, E, "step", mistakes={"the step climbs: subtract the gradient": -E})
    assert verdict.code == "named"
    assert verdict.text() == (
        "step, shape (6,): wrong\n  worst    step[2]   yours -3.5   expected 3.5\n"
        "  pattern  yours is just what this mistake gives\n  likely   the step climbs: subtract the gradient"
    )
    assert verdict.hint() == "step: likely the step climbs: subtract the gradient"


def test_named_mistake_must_fit():
    """One that does not fit is not mentioned."""
    assert diagnose(-E, E, mistakes={"averaged": E / 5}).code == "sign"


def test_named_mistake_is_recognised_through_rounding_and_float32():
    """A wrong formula computed a little differently is still that wrong formula."""
    assert diagnose((-E / 3).astype(np.float32), E, mistakes={"averaged": -E / 3}).code == "named"


def test_right_answer_is_never_a_named_mistake():
    """A named value that happens to equal the expected one blames nobody."""
    assert diagnose(E, E, mistakes={"same": E}).ok


def test_named_value_close_to_the_expected_one_is_not_taken_for_it():
    """Off by 2e-5 from expected and by 1e-5 from the named value: too close to call."""
    assert diagnose(E * (1 + 2e-5), E, mistakes={"eps inside the root": E * (1 + 3e-5)}).code == "precision"


def test_nearest_of_several_wins():
    """Two named values within the tolerance: the text is that of the nearer one."""
    near, far = E * 2, E * 2 * (1 + 5e-7)
    assert diagnose(2 * E, E, mistakes={"far": far, "near": near}).likely == "near"


def test_named_mistake_may_have_another_shape_or_be_none_or_nan():
    """Shape, a missing return and nan can be named as well as wrong numbers."""
    assert diagnose(E.sum(), E, mistakes={"summed": E.sum()}).likely == "summed"
    assert diagnose(None, E, mistakes={"forgot to return": None}).likely == "forgot to return"
    assert diagnose(E * np.nan, E, mistakes={"0/0": E * np.nan}).likely == "0/0"


def test_named_mistake_within_loose_tolerance_of_statistics():
    """With a tolerance made for random results, named values are matched to 1 % at most."""
    assert diagnose(2.02, 1.0, rtol=0.1, mistakes={"twice": 2.0}).code == "named"
    assert diagnose(2.2, 1.0, rtol=0.1, mistakes={"twice": 2.0}).code != "named"


WORDS, OTHER_WORDS = ("squared", "halved"), ("a power", "a half")


@pytest.mark.parametrize("names", [WORDS, OTHER_WORDS])
def test_a_named_mistake_has_a_code_that_does_not_change_with_its_words(names):
    """Its place among the mistakes, in each part of a structure apart; a mistake of several exercises has its own."""
    squared, halved = names
    assert diagnose(E / 2, E, mistakes={squared: E**2, halved: E / 2}).full_code == "named:1"
    parts = {squared: (E**2, E**2), halved: (E / 2, E / 2)}
    assert diagnose((E, E / 2), (E, E), mistakes=parts).full_code == "named:1.1"
    assert diagnose((E / 2, E), (E, E), mistakes=parts).full_code == "named:0.1"
    own = Named("squared", squared)
    assert diagnose((E, E**2), (E, E), mistakes={own + " here": (E, E**2)}).full_code == "named:squared"
    left = {text: value for text, value in numbered({squared: E**2, halved: E / 2}) if text != squared}
    assert diagnose(E / 2, E, mistakes=left).full_code == "named:1"


def test_findings_of_one_rule_in_other_words_have_other_codes():
    """A detail tells apart what one rule may find."""
    found = [diagnose(E * factor, E, scales={"batch_size": 5}) for factor in (0.2, 5, 2, 0.5)]
    assert len({verdict.full_code for verdict in found}) == len({verdict.mistake for verdict in found}) == 4
