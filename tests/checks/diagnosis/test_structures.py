"""Results of several parts are judged part by part."""

import numpy as np
import pytest

from grader.checks.diagnosis.diagnose import diagnose

W, B = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, -6.5]]), np.array([0.5, -0.25, 2.0, 1.5, -0.75, 3.0])


def test_tuple_and_list_of_parts_may_be_either():
    """A list passes for a tuple, and a stacked array for both: the caller unpacks them alike."""
    for yours in ((B, -B), [B, -B], np.stack([B, -B])):
        assert diagnose(yours, (B, -B)).ok
    assert diagnose([[W, B], (W, B)], [(W, B), (W, B)]).ok


def test_first_wrong_part_is_told_with_its_place():
    """The second layer's biases, negated."""
    verdict = diagnose([(W, B), (W, -B)], [(W, B), (W, B)], "gradients")
    assert verdict.code == "sign"
    assert verdict.what == "gradients[1][1]"


@pytest.mark.parametrize(
    ("yours", "found"),
    [
        (None, "None"),
        (W, "an array of shape (2, 3)"),
        ((W,), "a tuple of length 1"),
        ([W, B, B, B], "a list of length 4"),
        (3.0, "a float"),
        ({0: W, 1: B, 2: B}, "a dict"),
    ],
)
def test_wrong_number_of_parts_is_a_type(yours, found):
    """Whatever cannot be unpacked into the parts is named."""
    verdict = diagnose(yours, (W, B, B), "step")
    assert verdict.code == "type"
    assert verdict.where == f"{found}   expected a tuple of 3 parts"
    assert verdict.hint().startswith(f"step: {found} where a tuple of 3 parts is expected")


def test_named_mistakes_are_taken_apart_too():
    """The wrong value has the structure of the right one; one of other structure is passed over."""
    mistakes = {"other": 3.0, "velocity negated": (W, -B), "nothing returned": None}
    assert diagnose((W, -B), (W, B), "step", mistakes=mistakes).likely == "velocity negated"
    assert diagnose(None, (W, B), "step", mistakes=mistakes).likely == "nothing returned"
    assert diagnose((W, 0 * B), (W, B), "step", mistakes=mistakes).code == "zero"


def test_of_one_quantity_at_several_times_a_mistake_is_named_where_it_fits_all():
    """The first step from rest may be the same for two slips."""
    first, last = W + 1, W - 2
    options = {"mistakes": {"a default": [first, last], "nothing returned": None}, "whole": True}
    assert diagnose([first, last], [W, 2 * W], "path", **options).likely == "a default"
    assert diagnose([first, 3 * W], [W, 2 * W], "path", **options).code != "named"
    assert diagnose([first, last[:1]], [W, 2 * W], "path", **options).code != "named"
    assert diagnose(None, [W, 2 * W], "path", **options).likely == "nothing returned"


def test_lists_of_numbers_are_arrays():
    """A nested list of numbers is a convenient way to write an expected array."""
    assert diagnose(W, W.tolist()).ok
    assert diagnose(W.tolist(), W.tolist()).code == "type"


STEPS = [np.array([1.0, 2.0, 3, 4, 5, 6]) / k for k in (1.5, 2.5, 3.5)]
EDGES = {
    "first_part": (
        [STEPS[0] + 1, STEPS[1], STEPS[2]],
        "params[0]: yours is still the value from before the step in all 6 entries; the other 2 parts are right; "
        "likely the first one is left out",
    ),
    "last_part": (
        [STEPS[0], STEPS[1], STEPS[2] + 1],
        "params[2]: yours is still the value from before the step in all 6 entries; the other 2 parts are right; "
        "likely the last one is left out",
    ),
    "sign": (
        [STEPS[0], -STEPS[1], STEPS[2]],
        "params[1]: yours = -expected in all 6 entries; the other 2 parts are right; "
        "likely a minus sign is missing or too many",
    ),
}


@pytest.mark.parametrize("code", EDGES)
def test_one_wrong_layer_is_told_beside_the_right_ones(code):
    """The first or the last layer left out of a step, and a wrong one in the middle."""
    expected, hint = EDGES[code]
    verdict = diagnose(STEPS, expected, "params", before=None if code == "sign" else STEPS)
    assert (verdict.ok, verdict.code, verdict.hint()) == (False, code, hint)


def test_a_part_that_belongs_in_another_place():
    """The second layer's weights in the place of the first one's."""
    verdict = diagnose([-W + B.reshape(2, 3), W], [B.reshape(2, 3) ** 2 - W, W + 1], "gradients")
    assert verdict.code == "differs"
    verdict = diagnose([W, W], [B.reshape(2, 3) ** 2 - W, W], "gradients")
    assert (verdict.code, verdict.what) == ("elsewhere", "gradients[0]")
    assert verdict.pattern == "this is what is right in [1]"
