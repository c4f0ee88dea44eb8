"""Constant factors: recognise them and name where they may come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, product

import numpy as np

from grader.checks.diagnosis.case import Case
from grader.checks.diagnosis.tolerance import close
from grader.checks.diagnosis.verdict import Finding, everywhere, number

TWO = (
    ("2", 2.0, "a factor 2 too many: the 1/2 of the formula is forgotten, or a term is counted twice"),
    ("1/2", 0.5, "a factor 2 is missing, or one of two equal terms, as in the derivative of a square"),
)
LOGARITHMS = (
    ("1/ln 2", 1 / np.log(2), "a logarithm to the base 2 in place of the natural one"),
    ("1/ln 10", 1 / np.log(10), "a logarithm to the base 10 in place of the natural one"),
)
COLUMNS = "number of columns of "  # before the name of an array, in the scales: a size that nobody wrote down
VAST = 1e5  # a factor beyond which nobody forgot a number such as 2 or a batch size


def sign(case: Case) -> Finding | None:
    """yours = -expected; or the magnitudes are right and only some signs are not."""
    y, e = case.y, case.e
    if np.iscomplexobj(y):
        return None
    if case.same(y, -e):
        return Finding(
            "sign",
            f"yours = -{case.reference}{everywhere(y.size)}",
            "a minus sign is missing or too many",
            detail="all",
        )
    wrong = case.wrong[case.use]
    if wrong.any() and case.same(np.where(wrong, -y, y), e) and np.all(y[wrong] * e[wrong] < 0):
        return Finding(
            "sign",
            f"the magnitudes are right, the sign is wrong in {int(wrong.sum())} of {y.size} entries",
            "an absolute value: none of yours is negative" if np.all(y >= 0) else "",
            detail="some",
        )
    return None


def factor(case: Case) -> Finding | None:
    """yours = r * expected with one r for all entries."""
    y, e = case.y, case.e
    ratio = _ratio(y, e)
    if ratio is None or not case.same(y, ratio * e):
        return None
    name, likely = name_of(ratio, case.scales, case.expected.shape)
    shown = _ratio_text(ratio, name)
    named = f"{shown} = {name}" if name and name != shown else shown
    times = f"{name or 'one constant'} times the right value"
    public = f"yours is {times}{everywhere(y.size)}" + (f" ({named})" if named != shown else "")
    return Finding(
        "factor",
        f"yours / {case.reference} = {named}{everywhere(y.size)}",
        likely or _unnamed(ratio),
        public,
        name,
    )


def _unnamed(ratio: float) -> str:
    """What a factor may come from that no size of the exercise explains."""
    if not 1 / VAST < abs(ratio) < VAST:
        return "a division by almost nothing, or a product with it: an eps may be all that is left of a divisor"
    return ""


def factor_by_line(case: Case) -> Finding | None:
    """In each row (or each column) yours / expected is one number, but not the same in all."""
    if case.yours.ndim != 2 or not case.use.all():
        return None
    for axis, line in ((1, "row"), (0, "column")):
        y, e = case.yours, case.expected
        if np.count_nonzero(e, axis=axis).min() < 2:
            continue
        with np.errstate(all="ignore"):
            ratio = np.sum(y * e, axis=axis, keepdims=True) / np.sum(e * e, axis=axis, keepdims=True)
            scaled = ratio * e
        if np.isfinite(scaled).all() and not np.allclose(ratio, ratio.flat[0]) and case.same(y, scaled):
            return Finding(
                "factor_by_line",
                f"within each {line}, yours / {case.reference} is one number of its own",
                public=f"each {line} is the right one times a number of its own",
                detail=line,
            )
    return None


def name_of(ratio: float, scales: Mapping[str, float], shape: tuple[int, ...] = ()) -> tuple[str, str]:
    """("1/batch_size", what that may mean), or ("", "") if no product of the named scales gives the ratio."""
    minus = "-" if ratio < 0 else ""

    def fitting(candidates: Iterable[tuple[str, float, str]]) -> dict[str, str]:
        """The names of those that give the ratio, by what they may mean."""
        near = ((name, likely) for name, value, likely in candidates if _is(abs(ratio), value))
        return {likely: name for name, likely in near}

    # A rate of 1/2 and a forgotten 2 look the same, as do two outputs and a 2: then both are said.
    known = fitting(_of_scales(scales))
    sizes = {**fitting(_lengths(shape)), **fitting(_of_columns(scales))}
    found = {**known, **fitting(TWO)} if known else {**fitting(TWO), **sizes}
    found = (
        found
        or fitting(_of_complements(scales))
        or fitting(_of_degrees(scales))
        or fitting(LOGARITHMS)
        or fitting(_products(scales))
    )
    if not found:
        return "", ""
    return minus + next(iter(found.values())), ("the sign, and " if minus else "") + "; or ".join(found)


def _is(ratio: float, value: float) -> bool:
    return value > 0 and bool(close(np.asarray(ratio), np.asarray(value), 1e-5))


def _numbers(scales: Mapping[str, float]) -> dict[str, float]:
    plain = {name: float(value) for name, value in scales.items() if np.ndim(value) == 0}
    return {k: v for k, v in plain.items() if np.isfinite(v) and v > 0 and v != 1 and not k.startswith(COLUMNS)}


def _of_scales(scales: Mapping[str, float]) -> Iterator[tuple[str, float, str]]:
    for name, value in _numbers(scales).items():
        yield name, value, _too_many(name)
        yield f"1/{name}", 1 / value, _missing(name)


def _of_complements(scales: Mapping[str, float]) -> Iterator[tuple[str, float, str]]:
    for name, value in _numbers(scales).items():
        if value < 1:
            yield f"(1 - {name})", 1 - value, f"multiplied by 1 - {name} once too often"
            yield f"1/(1 - {name})", 1 / (1 - value), f"1 - {name} is left out, or divided by"


def _of_degrees(scales: Mapping[str, float]) -> Iterator[tuple[str, float, str]]:
    """A variance, or a deviation, that is divided by n - 1."""
    n = scales.get("batch_size", 0.0)
    if n > 2:
        likely = "divided by n - 1 in place of n (or the other way round)"
        for name, value in (("n/(n - 1)", n / (n - 1)), ("(n - 1)/n", (n - 1) / n)):
            yield name, value, likely
            yield f"the root of {name}", value**0.5, likely


def _products(scales: Mapping[str, float]) -> Iterator[tuple[str, float, str]]:
    known = {**_numbers(scales), "2": 2.0}
    for (a, x), (b, y) in combinations(known.items(), 2):
        for p, q in product((1, -1), repeat=2):
            yield _product_name((a, p), (b, q)), x**p * y**q, f"two factors at once: {a} and {b}"


def _lengths(shape: tuple[int, ...]) -> Iterator[tuple[str, float, str]]:
    """Factors that come from the sizes of the array itself: a mean for a sum, or the other way round."""
    sizes = {f"length of axis {axis}": length for axis, length in enumerate(shape)}
    sizes["number of entries"] = int(np.prod(shape, dtype=float))
    for name, size in sizes.items():
        if size > 1:
            yield f"1/({name})", 1 / size, "a mean where a sum is wanted"
            yield name, float(size), "a sum where a mean is wanted"


def _of_columns(scales: Mapping[str, float]) -> Iterator[tuple[str, float, str]]:
    """Arrays whose rows are the samples, and are counted together with their columns by mistake."""
    for name, size in scales.items():
        if name.startswith(COLUMNS) and size > 1:
            likely = f"divided by the {name} as well, as {name.removeprefix(COLUMNS)}.size does"
            yield f"1/({name})", 1 / size, likely


def _product_name(*powers: tuple[str, int]) -> str:
    above = " * ".join(name for name, power in powers if power > 0) or "1"
    below = [name for name, power in powers if power < 0]
    return above + (f"/{below[0]}" if len(below) == 1 else f"/({' * '.join(below)})" if below else "")


def _too_many(name: str) -> str:
    if name == "batch_size":
        return "summed over the batch where the mean is wanted"
    return f"multiplied by {name} once too often"


def _missing(name: str) -> str:
    if name == "batch_size":
        return "averaged over the batch once too often; sum where the gradient is averaged already"
    return f"{name} is left out, or divided by"


def _ratio(y: np.ndarray, e: np.ndarray) -> float | None:
    """The r that fits y = r * e best in the sense of least squares; None if there is none of use (0, 1, not finite)."""
    if np.iscomplexobj(y) or np.iscomplexobj(e) or not np.any(e):
        return None
    top = np.abs(e).max()
    with np.errstate(all="ignore"):
        unit = e / top
        ratio = float(np.sum((y / top) * unit) / np.sum(unit * unit))
    return ratio if np.isfinite(ratio) and ratio != 0 and abs(ratio - 1) > 1e-3 else None


def _ratio_text(ratio: float, name: str) -> str:
    """1/5 where the name is one over something whole, else a plain number."""
    inverse = 1 / ratio
    whole = round(inverse)
    if name.lstrip("-").startswith("1/") and abs(whole) > 1 and abs(inverse - whole) < 1e-3 * abs(whole):
        return f"{'-' if ratio < 0 else ''}1/{abs(whole)}"
    return number(ratio, 4)
