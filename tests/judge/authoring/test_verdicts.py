"""What a hidden test says of a wrong value: a code for the report and a hint without numbers for the student."""

import numpy as np
import pytest

from grader.checks.diagnosis.diagnose import diagnose
from grader.judge.authoring.verdicts import Wrong
from grader.judge.hidden import expect_verdict

RIGHT = np.array([1.25, -2.5, 0.75, 2.25, -0.4, 3.1])
INPUT = np.array([0.5, 3.5, -1.5, 1.75, 0.3, -2.2])
CASES = {
    "factor:1/batch_size": (RIGHT / 5, {"scales": {"batch_size": 5}}, "averaged over the batch"),
    "named:0": (RIGHT**2, {"mistakes": {"squared": RIGHT**2}}, "likely squared"),
    "term:-1*the input": (
        RIGHT - INPUT,
        {"known": {"the input": INPUT}},
        "the term with the input is missing",
    ),
    "untouched": (INPUT, {"before": INPUT}, "no step is taken here"),
}


@pytest.mark.parametrize("code", CASES)
def test_what_the_author_tells_makes_the_hint(code):
    """Scales, named mistakes, other quantities, the value from before."""
    yours, more, hint = CASES[code]
    with pytest.raises(Wrong) as caught:
        expect_verdict(diagnose(yours, RIGHT, what="w", **more), yours, RIGHT)
    assert (caught.value.code, hint in caught.value.hint) == (code, True)
    expect_verdict(diagnose(RIGHT, RIGHT, what="w", **more))
