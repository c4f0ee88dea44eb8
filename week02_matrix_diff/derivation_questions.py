"""What the checks of the derivations ask: a text, judged line by line.

The text is data: it is read and judged outside the process that it comes from, in the language of
`grader.checks.derivatives.language`. What the derivative is, no line here says; the numbers come from elsewhere.
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from hashlib import sha256

import numpy as np

from grader.checks.derivatives import derivation
from grader.checks.derivatives.derivation import Point
from grader.checks.derivatives.explain import derived
from grader.checks.derivatives.typeset import Shown
from grader.checks.questions import question
from grader.checks.questions.forms import Form, described
from week02_matrix_diff.derivations import FUNCTIONS

HALF = "A right line shows the rule, and one has no d( ) left."
WHOLE = "Every line is equal to the one before, up to the canonical form."
HALF_OF = {"inverse": "A right line shows the rule."}
WHOLE_OF = {"inverse": "Every line is equal to the one before, up to a product with one dX."}


def is_text(value):
    return "" if isinstance(value, str) else f"lines between three quotes are expected, found {described(value)}"


def judged(answer, case, function):
    """The derivation, judged at points that this case and this text decide."""
    digest = sha256(b"".join(np.asarray(value, dtype=float).tobytes() for value in case.at.values())).digest()
    return derived(answer, function, int.from_bytes(digest[:7], "big"))


def point_of(case, function):
    """The point of a case: a direction for each variable, a column for each vector."""
    letters = {name: columns(value) for name, value in case.at.items() if name in function.letters}
    return Point(letters, {name: columns(case.at[f"d{name}"]) for name in function.wrt})


def columns(value):
    array = np.asarray(value, dtype=float)
    return array if array.ndim == 2 else array.reshape(-1, 1)


def declare(exercise, function):
    """The two questions of a derivation, a quarter of a point each."""
    name = f"derive_{exercise}"

    def text(student, at):
        written = getattr(student, name)
        lines = written.split("\n") if isinstance(written, str) else []
        if written is None or isinstance(written, str) and not any(line.partition("#")[0].strip() for line in lines):
            raise NotImplementedError(name)
        return written

    def ask(kind, title):
        def asked(student, at):
            return text(student, at)

        asked.__doc__ = title
        made = question(f"test_{name}", points=0.25, name=f"{name}_{kind}", form=Form(is_text))(asked)
        globals()[made.name] = made
        return made

    half = ask("rule", HALF_OF.get(exercise, HALF))
    whole = ask("lines", WHOLE_OF.get(exercise, WHOLE))

    @half.relation
    def _(answer, case):
        found = judged(answer, case, function)
        return found.half or str(found.lacks or found.fault)

    @half.reading
    def _(answer, case):
        return derivation.shown_at(judged(answer, case, function), point_of(case, function))

    @whole.relation
    def _(answer, case):
        found = judged(answer, case, function)
        return found.right or str(found.fault)

    @whole.reading
    def _(answer, case):
        read = derivation.answer_at(judged(answer, case, function), point_of(case, function))
        return [np.ravel(value) if np.ndim(case.at[letter]) == 1 else value for letter, value in read.items()]

    @whole.pictured
    def _(answer, case):
        return Shown(judged(answer, case, function)) if isinstance(answer, str) else None


for _exercise, _function in FUNCTIONS.items():
    declare(_exercise, _function)

__all__ = [name for name in globals() if name.startswith("derive_")]
