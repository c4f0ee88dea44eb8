"""Verdicts on several calls of one function: what is remembered, what should be, and what is random.

They take results, not functions, so that a notebook and the grading outside it ask in the same way. Results may be
numbers, arrays, or tuples and lists of them. Stable codes: `CODES`, and those of `diagnose`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from grader.checks.diagnosis.as_array import read
from grader.checks.diagnosis.diagnose import diagnose
from grader.checks.diagnosis.tolerance import close
from grader.checks.diagnosis.verdict import Verdict

CODES = frozenset("nondeterministic accumulates state_not_kept state_shared stale input_dtype".split())
SINGLE_RTOL = 1e-4  # what float32 input may cost
KEPT_ELSEWHERE = "something is remembered between calls: a global variable, a default argument that is a list or array"


def same_twice(first, second, what: str = "result") -> Verdict:
    """Two calls with equal arguments must give the same."""
    if _agree(first, second):
        return Verdict(True, "ok", what)
    if _agree(_times_two(first), second):
        pattern = "the second call with the same arguments gives twice the first result"
        return Verdict(False, "accumulates", what, pattern=pattern, likely="+= on something that no call sets to 0")
    pattern = "two calls with the same arguments give different results"
    return Verdict(False, "nondeterministic", what, pattern=pattern, likely=f"a random number; or {KEPT_ELSEWHERE}")


def depends(one, other, argument: str, what: str = "result") -> Verdict:
    """Calls with two values of an argument, chosen so that the right results differ, must not give the same."""
    if not _agree(one, other):
        return Verdict(True, "ok", what)
    pattern = f"the same result for different {argument}"
    likely = f"{argument} is not used: a variable of an earlier cell is in its place, or an older result is returned"
    return Verdict(False, "stale", what, pattern=pattern, likely=likely)


def steps(
    yours: Sequence,
    expected: Sequence,
    what: str = "result",
    fresh: Sequence | None = None,
    mistakes: Mapping | None = None,
    **options,
) -> Verdict:
    """Results of steps that follow each other, at least three.

    fresh: what they would be if every step started from the first state. mistakes: {text: all results with it}.
    options: as in `diagnose`.
    """
    verdicts = [
        diagnose(mine, right, f"{what} after step {number}", mistakes=_at(mistakes, number - 1), **options)
        for number, (mine, right) in enumerate(zip(yours, expected, strict=True), start=1)
    ]
    wrong = [number for number, verdict in enumerate(verdicts) if not verdict.ok]
    if not wrong:
        return Verdict(True, "ok", what)
    worst = verdicts[wrong[0]]
    if worst.code == "named":
        return worst
    return _of_steps(yours, expected, what, fresh, wrong, worst.where) or worst


def separate(alone, beside, what: str = "result") -> Verdict:
    """An object must do the same alone and beside another one of its class."""
    if _agree(alone, beside):
        return Verdict(True, "ok", what)
    pattern = "what one object does changes the result of another"
    likely = "the state is shared: set on the class or as a global, or a default argument; set it on self in __init__"
    return Verdict(False, "state_shared", what, pattern=pattern, likely=likely)


def input_types(right, others: Mapping, what: str = "result") -> Verdict:
    """Results for the same numbers in other types, {"float32": result, "int64": result}, against those in float64."""
    for name, result in others.items():
        single = name in ("float32", "float16")
        if not _agree(right, result, SINGLE_RTOL if single else 1e-6):
            pattern = f"right for float64 input, another result for the same numbers as {name}"
            likely = "an array made like the input (zeros_like, copy) has its type too, and loses what does not fit"
            return Verdict(False, "input_dtype", what, pattern=pattern, likely=likely, detail=name)
    return Verdict(True, "ok", what)


def _of_steps(yours, expected, what: str, fresh, wrong: list[int], where: str) -> Verdict | None:
    count = len(expected)
    if fresh is not None and all(map(_agree, yours, fresh)):
        pattern = "every step is that of a state that was never changed"
        likely = "the state is not kept: returned but not taken up, set anew in every call, or a local variable"
        return Verdict(False, "state_not_kept", what, where, pattern, likely, detail="never")
    if count < 3:
        return None
    if all(_agree(mine, yours[0]) for mine in yours[1:]) and not _agree(expected[0], expected[1]):
        pattern = f"all {count} steps give the same"
        likely = "what a step changes is not used by the next one"
        return Verdict(False, "state_not_kept", what, where, pattern, likely, detail="not_used")
    for ahead, word in ((False, "before"), (True, "after")):
        mine, right = (yours[:-1], expected[1:]) if ahead else (yours[1:], expected[:-1])
        if all(map(_agree, mine, right)):
            pattern = f"each step gives the result of the one {word} it"
            likely = "off by one step: a value is used before it is updated, or is updated twice"
            return Verdict(False, "shifted", what, where, pattern, likely, detail=word)
    if wrong == list(range(1, count)):
        pattern = "the first step is right, all later ones are wrong"
        likely = "the state after a step: not kept, or kept wrongly"
        return Verdict(False, "state_not_kept", what, where, pattern, likely, detail="after_first")
    return None


def _at(mistakes: Mapping | None, number: int) -> dict:
    return {text: values[number] for text, values in (mistakes or {}).items()}


def _times_two(value):
    if isinstance(value, (list, tuple)):
        return [_times_two(part) for part in value]
    array = read(value).array
    return None if array is None else 2 * array


def _agree(one, other, rtol: float = 1e-9) -> bool:
    """Equal up to rounding, part by part; nan agrees with nan. What holds no numbers is compared as it is."""
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(_agree(a, b, rtol) for a, b in zip(one, other, strict=True))
    a, b = read(one).array, read(other).array
    if a is None or b is None:
        return type(one) is type(other) and isinstance(one, (str, type(None))) and one == other
    return a.shape == b.shape and bool(np.all(close(a, b, rtol) | (np.isnan(a) & np.isnan(b))))
