"""Numbers that a student wrote into a dictionary: read carefully, judged to the worksheet's precision.

An entry is right when it is within 5e-5 of the exact value, or of what follows from the student's own earlier entries.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from grader.checks.diagnosis.diagnose import diagnose
from grader.judge import Standin, expect_that, hidden_test
from grader.judge.authoring.verdicts import NotWritten, Verdictless, Wrong, named

WITHIN = 5e-5 * (1 + 1e-6)  # 0.00005 itself is still right, whatever rounding does to it
ALMOST = 5e-3


def no_mistakes(v):
    return {}


@dataclass(frozen=True)
class Entry:
    """One entry of a sheet.

    variable, key: where the student writes it, `variable["key"]`. shape: of its value, () for a number. follow(v): its
    value from the entries before it, {name: array}. mistakes(v): {text: the wrong value that this slip gives}.
    """

    variable: str
    key: str
    shape: tuple
    follow: Callable
    mistakes: Callable = no_mistakes

    @property
    def what(self):
        return f'{self.variable}["{self.key}"]'


class Sheet:
    """The entries of one part of the worksheet by name, in the order in which they are computed."""

    def __init__(self, entries):
        self.entries = dict(entries)
        self.exact = {}
        for name, entry in self.entries.items():
            self.exact[name] = np.asarray(entry.follow(self.exact), dtype=float)

    def judge(self, student, name):
        """Pass if the entry is right, or follows rightly. Raises `Wrong` or `NotWritten`."""
        entry, own = self.entries[name], dict(self.exact)
        for other in list(self.entries)[: list(self.entries).index(name)]:
            try:
                own[other] = read(student, self.entries[other])
            except Verdictless:
                pass  # its own test says so; from here on the exact value stands for it
        with np.errstate(all="ignore"):
            rights = [self.exact[name], np.asarray(entry.follow(own), dtype=float)]
            # Slips from the exact numbers come first: own numbers may be wrong themselves.
            mistakes = [entry.mistakes(self.exact), entry.mistakes(own)]
        judge(read(student, entry), rights, mistakes, entry.what)

    def test(self, cell, title, points, *names):
        """A hidden test of these entries, worth `points` for all of them together."""

        def entries_are_right(student, rng):
            for name in names:
                self.judge(student, name)

        entries_are_right.__name__ = f"{cell}_{'_'.join(names)}"
        entries_are_right.__doc__ = title
        return hidden_test(f"test_{cell}", points=points)(entries_are_right)


def read(student, entry):
    """The student's value of an entry as an array of its shape."""
    sheet = getattr(student, entry.variable)
    there = isinstance(sheet, dict) and entry.key in sheet
    expect_that(
        there, f'{entry.what} is missing: {entry.variable} must be a dictionary with the key "{entry.key}"', "type"
    )
    values = _plain(sheet[entry.key], entry.what)
    kind = f"numbers of shape {entry.shape}" if entry.shape else "one number"
    try:
        array = np.array(values, dtype=float)
    except (TypeError, ValueError):
        raise Wrong(f"{entry.what} must be {kind}", "type") from None
    if not entry.shape and array.size == 1:
        array = array.reshape(())
    column = entry.shape[1:] == () and array.shape == (*entry.shape, 1)
    array = array[:, 0] if column and array.ndim == 2 else array
    expect_that(array.shape == entry.shape, f"{entry.what} must be {kind}; it has the shape {array.shape}", "shape")
    return array


def _plain(value, what):
    """Lists of floats from lists, arrays and fractions. NotWritten where a None is left."""
    if value is None:
        raise NotWritten(f"{what} is not written yet", "NotImplementedError")
    if isinstance(value, (list, tuple)):
        return [_plain(item, what) for item in value]
    if isinstance(value, Standin):
        top, bottom = value.numerator, value.denominator  # a fractions.Fraction lives in the sandbox
        expect_that(type(top) is int and type(bottom) is int and bottom != 0, f"{what}: numbers are expected", "type")
        return top / bottom
    numeric = isinstance(value, (int, float, np.number)) or (
        isinstance(value, np.ndarray) and value.dtype.kind in "iuf"
    )
    expect_that(bool(numeric) and not isinstance(value, bool), f"{what}: numbers are expected", "type")
    return value


def near(a, b):
    with np.errstate(all="ignore"):
        return np.shape(a) == np.shape(b) and bool(np.all(np.abs(a - np.asarray(b, dtype=float)) <= WITHIN))


def judge(value, rights, mistakes, what):
    """Pass if `value` is near one of the `rights`; else name the slip, or describe the difference to the nearest."""
    if any(near(value, right) for right in rights):
        return
    for number, (text, wrong) in enumerate([item for some in mistakes for item in some.items()]):
        if near(value, wrong):
            raise named(what, text, number)
    off = [float(np.max(np.abs(value - right))) for right in rights]
    nearest = rights[int(np.argmin(off))]
    if min(off) < ALMOST:
        raise Wrong(f"{what}: almost; four decimals have to be right, so round at the end only", "rounding")
    verdict = diagnose(value, nearest, what=what, rtol=1e-4, atol=WITHIN)
    if value.ndim == 0:
        raise Wrong(f"{what}: another number is expected", "another_number")
    raise Wrong(verdict.hint(), verdict.full_code, verdict.mistake)
