"""The general rules of the diagnosis for two arrays of one shape, each with a stable code.

A rule takes a `Case` and returns a `Finding`, or None when it has nothing to say. The pattern of a finding is always
true of the numbers; only `likely` is a guess. `RULES` is the order in which they are asked: the first finding wins.
"""

from __future__ import annotations

import numpy as np

from grader.checks.diagnosis.case import LEAST, Case
from grader.checks.diagnosis.factors import factor, factor_by_line, sign
from grader.checks.diagnosis.known_quantities import another_quantity, known_factor, mask_of, step, term, untouched
from grader.checks.diagnosis.tolerance import close, largest
from grader.checks.diagnosis.verdict import Finding, everywhere, number, so_many


def imaginary(case: Case) -> Finding | None:
    """Complex numbers where real ones are expected."""
    if not np.iscomplexobj(case.yours) or np.iscomplexobj(case.expected):
        return None
    count = int(np.count_nonzero(case.y.imag))
    if not count:
        return None
    pattern = f"{so_many(count, case.y.size)} complex"
    return Finding("complex", pattern, "a root, a power or eigenvalues computed in complex numbers")


def zero(case: Case) -> Finding | None:
    """All of yours is 0, or all of the expected result is."""
    if not np.any(case.y):
        return Finding("zero", f"yours is 0{everywhere(case.y.size)}")
    top = largest(case.e)
    if top and ROUNDING[0] * top <= largest(case.y) <= ROUNDING[1] * top:
        why = "two terms that are each other's opposite"
        return Finding("zero", f"yours is 0 up to rounding{everywhere(case.y.size)}", why, detail="nearly")
    if not np.any(case.e):
        return Finding(
            "differs",
            f"{case.reference} is 0{everywhere(case.e.size)}, yours is not",
            public="the right result is 0 here, yours is not",
            detail="should_be_zero",
        )
    return None


def whole_numbers(case: Case) -> Finding | None:
    """An array of integers, which lost what is behind the decimal point of the expected numbers."""
    y, e = case.y, case.e
    if case.dtype is None or case.dtype.kind not in "iu":
        return _rounded_down(case)
    if np.all(e == np.round(e)) or np.any(np.abs(y - e) >= 1):
        return None
    kind = f" (dtype {case.dtype})"
    return Finding(
        "integer",
        f"yours are whole numbers{kind}, less than 1 away from {case.reference}{everywhere(y.size)}",
        "an array of integers on the way: what is put into it loses its fraction; start from floats",
        public=f"yours are whole numbers{kind}, the right ones are not",
    )


def _rounded_down(case: Case) -> Finding | None:
    """The floor of the expected numbers: too few different ones are that by chance."""
    y, e = case.y, case.e
    if np.iscomplexobj(y) or np.iscomplexobj(e) or not np.all(y == np.floor(e)) or np.all(y == e):
        return None
    if np.unique(y).size < 3 and largest(y) < 3:
        return None
    in_all = everywhere(y.size)
    return Finding(
        "function",
        f"yours = {case.reference} rounded down{in_all}",
        "`//` rounds down, where `/` divides; so does int() above 0",
        public=f"yours is the right value rounded down{in_all}",
        detail="floor",
    )


def precision(case: Case) -> Finding | None:
    """Right to some digits only: float32, or a constant that is rounded or put in another place."""
    y, e = case.y, case.e
    if np.iscomplexobj(y):
        return None
    error = float(np.max(np.abs(y - e))) / max(largest(e), 1e-300)
    if error >= 1e-3 or not np.all(close(y, e, 1e-3)):
        return None
    with np.errstate(all="ignore"):
        single = bool(np.all(y.astype(np.float32) == y))
    pattern = f"off by less than {number(_power_of_ten_above(error))} of the largest entry"
    if single and error < 1e-4:
        return Finding(
            "precision",
            f"{pattern}; every entry of yours is a float32 number",
            "computed in float32; use float64",
            detail="float32",
        )
    return Finding("precision", pattern)


def _power_of_ten_above(error: float) -> float:
    return 10.0 ** np.ceil(np.log10(max(error, 1e-300)))


def transposed(case: Case) -> Finding | None:
    """A square matrix that is the transpose of the expected one."""
    if case.expected.ndim != 2 or case.expected.shape[0] != case.expected.shape[1]:
        return None
    if case.matches(case.expected.T):
        return Finding(
            "transposed",
            f"yours = {case.reference} transposed,{everywhere(case.y.size)}",
            "the two factors are in the other order, or a .T is missing or too many",
        )
    return None


def symmetric_part(case: Case) -> Finding | None:
    """A square matrix whose symmetric part is missing or is taken where it should not be."""
    y, e = case.yours, case.expected
    if e.ndim != 2 or e.shape[0] != e.shape[1] or e.shape[0] < 2 or not case.use.all():
        return None
    if case.same(y + y.T, e):
        return Finding(
            "symmetric",
            f"yours + yours.T = {case.reference}",
            "only one of two terms: the other is its transpose",
            public="yours plus its own transpose is right",
            detail="one_term",
        )
    if case.same(y, e + e.T) or case.same(y, (e + e.T) / 2):
        return Finding(
            "symmetric",
            f"yours is the symmetric part of {case.reference}",
            "made symmetric, though the entries are independent",
            public="yours is the symmetric part of the right result",
            detail="made_symmetric",
        )
    return None


def offset(case: Case) -> Finding | None:
    """yours - expected is one number in all entries, or one in each row or column."""
    if case.y.size < 2 or np.iscomplexobj(case.y):
        return None
    difference = case.y - case.e
    mean = difference.mean()
    if case.same(case.y - mean, case.e) and case.same(difference, np.full_like(difference, mean)):
        in_all = everywhere(difference.size)
        return Finding(
            "offset",
            f"yours - {case.reference} = {number(mean)}{in_all}",
            "a constant term is missing or too many",
            public=f"yours is off by one constant{in_all}",
        )
    return _offset_by_line(case)


def _offset_by_line(case: Case) -> Finding | None:
    if case.yours.ndim != 2 or not case.use.all():
        return None
    difference = case.yours - case.expected
    for axis, line in ((1, "row"), (0, "column")):
        mean = difference.mean(axis=axis, keepdims=True)
        if difference.shape[axis] >= 2 and case.same(difference, np.broadcast_to(mean, difference.shape)):
            return Finding(
                "offset_by_line",
                f"within each {line}, yours - {case.reference} is one number",
                f"a term that belongs to the whole {line} is wrong, missing or too many",
                public=f"each {line} is the right one plus a number of its own",
                detail=line,
            )
    return None


FUNCTIONS = (
    (
        "one_minus",
        "1 - {}",
        lambda e: 1 - e,
        "the probability of the other class, or a term taken from 1 once too often or too little",
    ),
    ("squared", "{} squared", lambda e: e**2, "a square root is missing"),
    ("root", "the square root of {}", np.sqrt, "a square root too many, or a square is missing"),
    ("inverse", "1 / {}", lambda e: 1 / e, "numerator and denominator are exchanged"),
    ("log", "the logarithm of {}", np.log, "a logarithm too many, or an exp is missing"),
    ("exp", "exp of {}", np.exp, "an exp too many, or a logarithm is missing"),
    ("abs", "the absolute value of {}", np.abs, "the sign is lost"),
    ("rounded", "{} rounded", np.round, "whole numbers, such as labels, in place of what they are made of"),
)


def function_of(case: Case) -> Finding | None:
    """yours is a simple function of the expected result, entry by entry."""
    if np.iscomplexobj(case.e) or np.iscomplexobj(case.y):
        return None
    for detail, name, function, likely in FUNCTIONS:
        with np.errstate(all="ignore"):
            wanted = function(case.e)
        if np.isfinite(wanted).all() and case.same(case.y, wanted):
            return Finding(
                "function",
                f"yours = {name.format(case.reference)}{everywhere(case.y.size)}",
                likely,
                public=f"yours is {name.format('the right value')}{everywhere(case.y.size)}",
                detail=detail,
            )
    return None


ROUNDING = 1e-18, 1e-12  # of the largest entry: what is left where terms cancel
FAINT = 1e-3  # of the largest entry


def mask(case: Case) -> Finding | None:
    """Where both are nonzero they agree; they differ in which entries are 0."""
    wrong, right = case.wrong, case.use & ~case.wrong
    yours_zero, expected_zero = case.yours == 0, case.expected == 0
    if wrong.sum() < 2 or not right.any() or not np.all((yours_zero | expected_zero)[wrong]):
        return None
    if largest((case.yours - case.expected)[wrong]) < FAINT * largest(case.expected[case.use]):
        return None  # an underflow, a cut-off or a small constant: no mask is missed by so little
    lost, extra = int((wrong & yours_zero).sum()), int((wrong & expected_zero).sum())
    others = f"the other {int(right.sum())} are right"
    if not extra and (lines := _whole_lines(wrong, yours_zero)):
        return Finding(
            "mask",
            f"yours is 0 in {lines}; {others}",
            "a loop ends early or starts late; is there a return or break inside it?"
            if lines.startswith("rows")
            else "",
            detail="never_filled",
        )
    if not extra:
        diagonal = wrong.ndim == 2 and wrong.shape[0] == wrong.shape[1] and not wrong.diagonal().any()
        diagonal = diagonal and lost == wrong.size - len(wrong)
        return Finding(
            "mask",
            f"yours is 0 in {lost} entries where {case.reference} is not; {others}",
            "only the diagonal is computed" if diagonal else "a mask or a condition lets too little through",
            public=f"yours is 0 in {lost} entries where it should not be; {others}",
            detail="diagonal" if diagonal else "too_little",
        )
    if not lost:
        return Finding(
            "mask",
            f"{case.reference} is 0 in {extra} entries where yours is not; {others}",
            "a mask or a condition lets too much through, or is missing",
            public=f"{extra} entries should be 0 and are not; {others}",
            detail="too_much",
        )
    source = mask_of(case)
    seen = f"the zeros are in the wrong places ({lost} too many, {extra} too few); {others}"
    if source:
        return Finding("mask", seen, f"the mask is computed from {source}, and it should look at another array")
    whole = yours_zero.reshape(len(yours_zero), -1)
    if whole.shape[1] > 1 and not np.any(whole.any(axis=1) & ~whole.all(axis=1)):
        return Finding("mask", f"{seen}; yours is 0 in whole rows", "the condition looks at a row, not at each entry")
    return Finding("mask", seen)


def _whole_lines(wrong: np.ndarray, zero: np.ndarray) -> str:
    """ "rows 1 to 4" or "column 2" if all that is wrong lies in first or last ones that are 0 as a whole; else ""."""
    names = {1: (("entry", "entries"),), 2: (("row", "rows"), ("column", "columns"))}
    for axis, (one, more) in enumerate(names.get(wrong.ndim, ())):
        along = 1 - axis if wrong.ndim == 2 else ()
        lines = np.flatnonzero(wrong.any(axis=along))
        if np.all(np.diff(lines) == 1) and zero.all(axis=along)[lines].all():
            if (lines[0] == 0) != (lines[-1] == wrong.shape[axis] - 1):
                return f"{more} {lines[0]} to {lines[-1]}" if len(lines) > 1 else f"{one} {lines[0]}"
    return ""


def clipped(case: Case) -> Finding | None:
    """Wrong entries are all one number, beyond which the expected ones lie, and no right one does."""
    wrong, right = case.wrong & case.use, case.use & ~case.wrong
    bounds = case.yours[wrong]
    if np.iscomplexobj(bounds) or wrong.sum() < 2 or right.sum() < 2 or np.ptp(bounds) or not bounds[0]:
        return None
    bound = bounds[0]
    for detail, sign_, words in (("above", 1, "larger"), ("below", -1, "smaller")):
        if np.all(sign_ * (case.expected[wrong] - bound) > 0) and np.all(sign_ * (case.expected[right] - bound) <= 0):
            seen = f"yours is {number(bound)} wherever {{}} is {words}; the others are right"
            public = seen.format("the right value")
            return Finding("clipped", seen.format(case.reference), public=public, detail=detail)
    return None


def part(case: Case) -> Finding | None:
    """The wrong entries lie in one place."""
    where, detail = ("", "") if case.wrong[case.use].all() else _where_wrong(case.wrong)
    if not where:
        return None
    seen = f"{where}{_there(case)}; the other entries are right"
    return Finding("part", seen, detail=detail)


def _there(case: Case) -> str:
    """What relates the wrong entries to the right ones, where there are enough of them."""
    found = Case(case.yours, case.expected, case.wrong, case.wrong, case.rtol)
    if not found.telling:
        return ""
    words = {-1.0: "minus", 2.0: "twice", 0.5: "half of"}
    return next((f" and are {word} the right ones" for r, word in words.items() if case.same(found.y, r * found.e)), "")


def some(case: Case) -> Finding | None:
    """Some entries are right, and no place or relation sets the wrong ones apart."""
    count, total = int(case.wrong.sum()), int(case.use.sum())
    return Finding("some", f"{count} of {total} entries are wrong, the others are right") if count < total else None


def _where_wrong(wrong: np.ndarray) -> tuple[str, str]:
    """Words for wrong entries that lie in one entry, row, column, or on or off the diagonal; a detail."""
    if wrong.sum() == 1:
        index = tuple(int(i) for i in np.argwhere(wrong)[0])
        return f"only entry [{', '.join(map(str, index))}] is wrong", _edge(index, wrong.shape)
    for axis in range(wrong.ndim if wrong.ndim > 1 else 0):
        lines = np.flatnonzero(wrong.any(axis=tuple(a for a in range(wrong.ndim) if a != axis)))
        if len(lines) == 1 and wrong.shape[axis] > 1:
            name = {0: "row", 1: "column"}[axis] if wrong.ndim == 2 else f"axis {axis}, index"
            return f"all wrong entries are in {name} {lines[0]}", _edge((lines[0],), (wrong.shape[axis],))
    later = wrong.reshape(len(wrong), -1)
    begin = int(later.any(axis=1).argmax())
    before = later[:begin].size  # a single right entry may be one by chance
    if before > 1 and wrong.size >= LEAST and begin < len(wrong) - 1 and later[begin:].all():
        place = {1: f"entry {begin}", 2: f"row {begin}"}.get(wrong.ndim, f"index {begin} of axis 0")
        return f"all entries from {place} on are wrong", "later"
    if wrong.ndim == 2 and wrong.shape[0] == wrong.shape[1]:
        diagonal = np.eye(len(wrong), dtype=bool)
        if not wrong[~diagonal].any():
            return "all wrong entries are on the diagonal", "diagonal"
        if not wrong[diagonal].any() and wrong[~diagonal].all():
            return "the diagonal is right, all entries off it are wrong", "off_diagonal"
    return "", ""


def _edge(index: tuple[int, ...], shape: tuple[int, ...]) -> str:
    """Is an only wrong entry or line at an end of its axis?"""
    if all(i == n - 1 for i, n in zip(index, shape, strict=True)):
        return "last"
    return "first" if all(i == 0 for i in index) else ""


def permuted(case: Case) -> Finding | None:
    """The right numbers in another order."""
    y, e = case.yours, case.expected
    if y.size < 3 or not case.use.all() or np.ptp(np.abs(e)) == 0 or np.iscomplexobj(y):
        return None
    for axis in range(e.ndim):
        if case.same(np.flip(y, axis), e):
            where = f" along axis {axis}" if e.ndim > 1 else ""
            return Finding(
                "permuted",
                f"the right numbers in reverse order{where}",
                "a list is walked through in the other direction",
                detail="reversed",
            )
    if e.ndim == 2 and case.same(y.ravel(), e.T.ravel()):
        likely = "a reshape where a transpose is needed"
        return Finding("permuted", "the right numbers, read column by column", likely, detail="by_column")
    if not case.same(np.sort(y, axis=None), np.sort(e, axis=None)):
        return None
    if e.ndim == 2 and case.same(y[np.lexsort(y.T)], e[np.lexsort(e.T)]):
        likely = "the samples are shuffled or sorted on the way"
        return Finding("permuted", "the right rows in another order", likely, detail="rows")
    order = _order(y, e, case) if e.ndim == 2 else None
    if order:
        return Finding(
            "permuted", f"the right columns in another order: {', '.join(map(str, order))}", detail="columns"
        )
    return Finding("permuted", "the right numbers in another order")


def _order(y: np.ndarray, e: np.ndarray, case: Case) -> list[int] | None:
    """Of which column of `e` each of `y` is equal to; None where not all are another one."""
    found = [next((k for k, wanted in enumerate(e.T) if case.same(column, wanted)), -1) for column in y.T]
    return found if sorted(found) == list(range(len(found))) else None


def shifted(case: Case) -> Finding | None:
    """Along an axis every entry is the expected one before it, or after it."""
    if not case.use.all() or case.y.size < 4:
        return None
    for axis in range(case.yours.ndim):
        y, e = np.moveaxis(case.yours, axis, 0), np.moveaxis(case.expected, axis, 0)
        if len(e) < 3 or case.same(e[1:], e[:-1]):
            continue
        where = f" along axis {axis}" if e.ndim > 1 else ""
        for place, same in (("before", case.same(y[1:], e[:-1])), ("after", case.same(y[:-1], e[1:]))):
            if same:
                return Finding(
                    "shifted",
                    f"each entry is the {case.reference} one {place} it{where}",
                    "off by one step: a value from before the update, or a count that starts at the wrong number",
                    public=f"each entry is the right one {place} it{where}",
                    detail=place,
                )
    return None


def elsewhere(case: Case) -> Finding | None:
    """What is wrong along the first axis is what is right at another place."""
    y, e = case.yours, case.expected
    if not case.use.all() or e.ndim < 2 or len(e) < 2 or e[0].size < LEAST:
        return None
    wrong = np.flatnonzero(case.wrong.reshape(len(e), -1).any(axis=1))
    places = [[k for k, other in enumerate(e) if case.same(y[n].ravel(), other.ravel())] for n in wrong]
    if any(len(found) != 1 for found in places):
        return None
    told = ", ".join(f"at {n} is what is right at {found[0]}" for n, found in zip(wrong, places, strict=True))
    seen = f"along axis 0, what stands {told}"
    return Finding("elsewhere", seen + ("" if len(wrong) == len(e) else "; the rest is right"))


PLAIN = {("sign", "all"), ("factor", "2"), ("factor", "1/2"), ("offset", ""), ("function", "one_minus")}


def plain(case: Case) -> Finding | None:
    """Of few numbers the plainest relations alone: the sign, twice, half, one more or less, or taken from one."""
    if case.telling or not case.few_tell or np.iscomplexobj(case.y) or not case.wrong[case.use].all():
        return None
    found = next((finding for rule in (sign, factor, offset, function_of) if (finding := rule(case))), None)
    one_off = case.same(np.abs(case.y - case.e), np.ones_like(case.e))
    if found and (found.code, found.detail) in PLAIN and (one_off or found.code != "offset"):
        return found
    return None


def differs(case: Case) -> Finding:
    """Nothing simple relates the two."""
    return Finding(
        "differs",
        f"{so_many(case.y.size, case.y.size)} wrong, with no simple relation to {case.reference}",
        public=f"{so_many(case.y.size, case.y.size)} wrong, with no simple relation to the right value",
    )


RULES = (
    imaginary,
    zero,
    whole_numbers,
    untouched,
    another_quantity,
    sign,
    transposed,
    precision,
    factor,
    symmetric_part,
    permuted,
    shifted,
    elsewhere,
    mask,
    clipped,
    part,
    step,
    term,
    known_factor,
    offset,
    function_of,
    factor_by_line,
    plain,
    some,
    differs,
)

# What the others find holds by chance where there are few numbers, or none but zeros and ones.
AT_ANY_SIZE = frozenset((imaginary, zero, whole_numbers, untouched, precision, part, plain, some, differs))
