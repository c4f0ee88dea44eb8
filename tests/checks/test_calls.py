"""Mistakes that only several calls show: state, randomness, earlier cells, types of the input."""

import numpy as np
import pytest

from grader.checks.diagnosis import repeated_calls
from grader.checks.diagnosis.diagnose import diagnose

X = np.array([[1.0, -2.0, 3.0], [4.0, 0.0, -1.0]])
E = [np.array([1.0, 2.0]), np.array([0.5, 3.0]), np.array([0.25, 5.0]), np.array([0.75, 4.0])]
FRESH = [E[0], np.array([0.9, 2.1]), np.array([0.6, 2.2]), np.array([0.3, 2.3])]
LATER = [E[0], *(e + [0.5, -0.7] for e in E[1:])]
AHEAD = [*E[1:], np.array([9.0, 9.0])]
BEHIND = [np.array([9.0, 9.0]), *E[:-1]]

# name: (verdict, code, its hint)
PLANTED = {
    "random": (
        repeated_calls.same_twice(X, X + 0.1, "mask"), "nondeterministic",
        "mask: two calls with the same arguments give different results; likely a random number; or something is "
        "remembered between calls: a global variable, a default argument that is a list or array"),
    "adds up": (
        repeated_calls.same_twice((X, X[0]), (2 * X, 2 * X[0]), "gradient"), "accumulates",
        "gradient: the second call with the same arguments gives twice the first result; "
        "likely += on something that no call sets to 0"),
    "earlier cell": (
        repeated_calls.depends(X, X.copy(), "labels", "loss"), "stale",
        "loss: the same result for different labels; "
        "likely labels is not used: a variable of an earlier cell is in its place, or an older result is returned"),
    "state forgotten": (
        repeated_calls.steps(FRESH, E, "w", fresh=FRESH), "state_not_kept",
        "w: every step is that of a state that was never changed; "
        "likely the state is not kept: returned but not taken up, set anew in every call, or a local variable"),
    "state wrong": (
        repeated_calls.steps(LATER, E, "w"), "state_not_kept",
        "w: the first step is right, all later ones are wrong; "
        "likely the state after a step: not kept, or kept wrongly"),
    "state does not move": (
        repeated_calls.steps([E[0]] * 4, E, "w"), "state_not_kept",
        "w: all 4 steps give the same; likely what a step changes is not used by the next one"),
    "one step behind": (
        repeated_calls.steps(BEHIND, E, "w"), "shifted",
        "w: each step gives the result of the one before it; "
        "likely off by one step: a value is used before it is updated, or is updated twice"),
    "one step ahead": (
        repeated_calls.steps(AHEAD, E, "w"), "shifted",
        "w: each step gives the result of the one after it; "
        "likely off by one step: a value is used before it is updated, or is updated twice"),
    "one wrong step": (
        repeated_calls.steps([*E[:2], -E[2], E[3]], E, "w"), "sign",
        "w after step 3: yours = -expected in all 2 entries; "
        "likely a minus sign is missing or too many: a step down subtracts the gradient"),
    "named": (
        repeated_calls.steps(LATER, E, "w", mistakes={"the velocity is not returned": LATER}), "named",
        "w after step 2: likely the velocity is not returned"),
    "state shared": (
        repeated_calls.separate(X, X + 1, "output"), "state_shared",
        "output: what one object does changes the result of another; likely the state is shared: set on the class or "
        "as a global, or a default argument; set it on self in __init__"),
    "integer input": (
        repeated_calls.input_types(X / 2, {"float32": X / 2, "int64": X // 2}, "output"), "input_dtype",
        "output: right for float64 input, another result for the same numbers as int64; likely an array made like the "
        "input (zeros_like, copy) has its type too, and loses what does not fit"),
    "first layer": (
        diagnose([E[0], E[1], E[2]], [E[0] + 1, E[1], E[2]], "params", before=E[:3]), "first_part",
        "params[0]: yours is still the value from before the step in all 2 entries; the other 2 parts are right; "
        "likely the first one is left out: a loop over the layers that starts one too late or ends one too early"),
    "last layer": (
        diagnose([E[0], E[1], E[2]], [E[0], E[1], E[2] + 1], "params", before=E[:3]), "last_part",
        "params[2]: yours is still the value from before the step in all 2 entries; the other 2 parts are right; "
        "likely the last one is left out: a loop over the layers that starts one too late or ends one too early"),
    "a layer in the middle": (
        diagnose([E[0], -E[1], E[2]], E[:3], "params"), "sign",
        "params[1]: yours = -expected in all 2 entries; the other 2 parts are right; "
        "likely a minus sign is missing or too many: a step down subtracts the gradient"),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_planted_mistake_is_recognised(name):
    """The code and the hint are these, to the letter; at most four lines of text."""
    verdict, code, hint = PLANTED[name]
    assert (verdict.ok, verdict.code, verdict.hint()) == (False, code, hint)
    assert len(verdict.text().splitlines()) <= 4


RIGHT = {
    "twice": repeated_calls.same_twice([X, None, "a"], [X + 1e-15, None, "a"]),
    "nan twice": repeated_calls.same_twice(X * np.nan, X * np.nan),
    "depends": repeated_calls.depends(X, X + 1, "X"),
    "steps": repeated_calls.steps(E, [e.copy() for e in E], fresh=FRESH),
    "separate": repeated_calls.separate((X, 1.0), (X.copy(), 1)),
    "types": repeated_calls.input_types(X / 3, {"float32": (X / 3).astype(np.float32), "int64": X / 3}),
}


@pytest.mark.parametrize("name", RIGHT)
def test_right_calls_pass(name):
    assert RIGHT[name].ok
