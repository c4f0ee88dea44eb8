"""Is an answer right? Form, relations, then the numbers: the same in the notebook and in grading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from grader.checks.diagnosis.diagnose import diagnose
from grader.checks.diagnosis.factors import COLUMNS
from grader.checks.diagnosis.tolerance import close, largest
from grader.checks.diagnosis.verdict import Verdict
from grader.checks.questions.answers import answered
from grader.checks.questions.forms import MOST_ENTRIES, size_of
from grader.checks.questions.question import Case, Question
from grader.checks.questions.relations import noting
from grader.checks.questions.right import Right

LONG_NUMBER = re.compile(r"\d{0,20}\.\d{1,20}(?:e[-+]?\d{1,4})?|\d{7,20}")  # of the case, and so of nobody's business
SIGNATURE = re.compile(r", with gufunc signature \S+")
SINGLE = 2e-5  # relative to the largest number: float32 has seven digits, of which a computation costs some


@dataclass(frozen=True)
class Judged:
    """The verdict on one answer, and the numbers it is about, for a picture; of an answer in parts, the way to it."""

    verdict: Verdict
    yours: Any = None
    expected: Any = None
    part: tuple[int, ...] = ()
    answer: Any = None


def judge(asked: Question, answer: Any, case: Case, right: Right | Sequence[Right | None]) -> Judged:
    """The first thing that is wrong with a plain `answer`, or that nothing is.

    `right` may be a list: then of an answer, or reading, of as many items each is compared with its own; None leaves
    one out.
    """
    judged = _judged(asked, answer, case, right)
    if not judged.verdict.ok:  # only then is it asked what it may be made of
        with_fields = partial(_with_fields, asked=asked, case=case)
        right = with_fields(right) if isinstance(right, Right) else [one and with_fields(one) for one in right]
        judged = _judged(asked, answer, case, right)
    return replace(judged, answer=answer)


def _with_fields(right: Right, asked: Question, case: Case) -> Right:
    """The fields of the case are what a wrong result may be made of; its numbers and lengths what it may be off by."""
    fields = vars(case)
    known = {name: value for name, value in fields.items() if isinstance(value, (np.ndarray, list, tuple))}
    for name, value in fields.items():
        if isinstance(value, np.ndarray) and value.ndim == 2 and value.shape[0] == value.shape[1]:
            known[f"{name}.T"] = value.T
    scales = {name: value for name, value in fields.items() if isinstance(value, float)}
    for name in asked.probes.batch.split() if asked.probes else ():
        if isinstance(fields.get(name), np.ndarray):
            scales["batch_size"] = float(len(fields[name]))
            if fields[name].ndim == 2:
                scales[f"{COLUMNS}{name}"] = float(fields[name].shape[1])
    return replace(right, known={**known, **right.known}, scales={**scales, **right.scales})


def _judged(asked: Question, answer: Any, case: Case, right: Right | Sequence[Right | None]) -> Judged:
    with noting() as kept:
        fault = fault_of(asked, answer, case)
    if fault:
        return Judged(fault)
    judged = _numbers_judged(asked, asked.read(answer, case) if asked.read else answer, right)
    if judged.verdict.ok or not kept:
        return judged
    unchanged = ", ".join(kept)
    what = f"{judged.verdict.what} (unchanged: {unchanged})"
    return replace(judged, verdict=replace(judged.verdict, what=what, unchanged=unchanged))


def _numbers_judged(asked: Question, read: Any, right: Right | Sequence[Right | None]) -> Judged:
    if isinstance(right, Right):
        return _compared(read, right)
    if not (isinstance(read, (list, tuple)) and len(read) == len(right)):
        raise TypeError(f"{asked}: the key has {len(right)} right parts, the answer is {type(read).__name__}")
    judged = Judged(Verdict(True, "ok", asked.title))
    for number, (part, expected) in enumerate(zip(read, right)):  # noqa: B905
        if expected is not None:
            judged = _compared(part, expected)
            if not judged.verdict.ok:
                return replace(judged, part=(number, *judged.part))
    return judged


def fault_of(asked: Question, answer: Any, case: Case) -> Verdict | None:
    """What is wrong with the size or form of an answer, or which relation does not hold; None if nothing is."""
    if size_of(answer) > MOST_ENTRIES:
        return Verdict(False, "too_large", asked.title, likely="far more numbers came back than are asked for")
    form = asked.form(case)
    if form and (fault := form(answer)):
        return Verdict(False, "form", asked.title, pattern=fault)
    for number, relation in enumerate(asked.relations):
        with np.errstate(all="ignore"):
            holds = relation(answer, case)
        if isinstance(holds, str) and holds:
            return Verdict(False, "property", asked.title, pattern=holds, detail=str(number))
        if not isinstance(holds, str) and not holds:
            told = " ".join((relation.__doc__ or "does not hold").split())
            return Verdict(False, "property", asked.title, pattern=told, detail=str(number))
    return None


def _compared(yours: Any, right: Right) -> Judged:
    if right.hidden:
        return Judged(answered(yours, right))
    if right.either is not None:
        one, other = yours
        second = _compared(other, right.either)
        if isinstance(one, str) and not isinstance(right.value, str) and second.verdict.code not in ("ok", "named"):
            said = f"stopped with {SIGNATURE.sub('', one)}"  # the text of an error
            public = LONG_NUMBER.sub("#", said)
            kind = one.partition(":")[0]
            return Judged(Verdict(False, "exception", right.what, pattern=said, public=public, detail=kind))
        first = _compared(one, replace(right, either=None))
        return second if second.verdict.ok or isinstance(one, str) else first
    right = _at_precision_of(yours, right)
    verdict = diagnose(yours, right.value, right.what, **right.options())
    if not verdict.ok and any(_equal(yours, value, right) for value in right.also):
        return Judged(Verdict(True, "ok", right.what))
    expected = right.value
    for place in verdict.part if verdict.index is not None else ():
        yours, expected = yours[place], expected[place]
    return Judged(verdict, yours, expected, verdict.part)


def _at_precision_of(yours: Any, right: Right) -> Right:
    """A result in single precision is compared as such; a question that asks for more says so in a relation."""
    parts = yours if isinstance(yours, (list, tuple)) else [yours]
    if not any(isinstance(part, np.ndarray) and part.dtype == np.float32 for part in parts):
        return right
    values = right.value if isinstance(right.value, (list, tuple)) else [right.value]
    size = max((largest(np.asarray(value, dtype=float)) for value in values if not isinstance(value, str)), default=0.0)
    return replace(right, rtol=max(right.rtol, SINGLE), atol=max(right.atol or 0.0, SINGLE * size))


def _equal(yours: Any, value: Any, right: Right) -> bool:
    if isinstance(value, (list, tuple)):
        listed = isinstance(yours, (list, tuple)) and len(yours) == len(value)
        return listed and all(_equal(mine, other, right) for mine, other in zip(yours, value))  # noqa: B905
    if not isinstance(yours, (np.ndarray, np.number, int, float)) or np.shape(yours) != np.shape(value):
        return False
    return bool(np.all(close(np.asarray(yours, dtype=float), np.asarray(value, dtype=float), right.rtol, right.atol)))
