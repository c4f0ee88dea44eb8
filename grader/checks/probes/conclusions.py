"""What the answers to an experiment say: sentences that are true because they were measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from grader.checks.diagnosis.tolerance import close
from grader.checks.probes.digests import STILL, Digest, Moves, digest, moves
from grader.checks.probes.variants import LINE, Variant

MOST = 2  # facts that are told
POWERS = range(-2, 5)

Answer = Sequence[np.ndarray]


@dataclass(frozen=True)
class Fact:
    """One finding: a stable code, and a sentence about the student's function."""

    code: str
    text: str


@dataclass(frozen=True)
class Tried:
    """A variant, what the student's function gave (None: no numbers), what is known of the right numbers."""

    variant: Variant
    yours: Answer | None
    known: Sequence[Digest] | Moves

    @property
    def right(self) -> list[Digest]:
        """The right numbers in short, where those are known."""
        return [one for one in self.known if isinstance(one, Digest)]

    @property
    def moves(self) -> Moves:
        """What moves in the right numbers, where that is known."""
        return [one for one in self.known if not isinstance(one, Digest)]

    @property
    def is_right(self) -> bool:
        """Does the student's function give the right numbers here, and are they more than zeros?"""
        return (
            self.yours is not None
            and len(self.yours) == len(self.right)
            and any(one.largest for one in self.right)
            and all(one.fits(array) for one, array in zip(self.right, self.yours))  # noqa: B905
        )


def conclude(right: Answer, yours: Answer, tried: Sequence[Tried]) -> list[Fact]:
    """The most telling facts about a function that is wrong on the first case: two at most.

    right, yours    the numbers of the first case
    """
    base = [digest(array) for array in right]
    by_name = {one.variant.name: one for one in tried}
    found: list[Fact] = []
    for look in LOOKS:
        if look not in WITHOUT_SHAPE and not _alike(yours, right):
            continue
        found += look(right, yours, base, by_name)
        if found and look in ALONE:
            break
    return found[:MOST]


def _again(right: Answer, yours: Answer, base: Sequence[Digest], tried: Mapping[str, Tried]) -> Iterator[Fact]:
    again = tried.get("again")
    if again is None or again.yours is None or _same(again.yours, yours):
        return
    if again.is_right:
        yield Fact("probe:second_call", "a second call with the same arguments is right, the first is not")
    else:
        yield Fact("probe:again", "a second call with the same arguments gives something else; what is kept?")


def _ignored(right: Answer, yours: Answer, base: Sequence[Digest], tried: Mapping[str, Tried]) -> Iterator[Fact]:
    """Arguments that ought to make a difference and make none."""
    asked = [
        one for one in tried.values() if one.variant.code == "changed" and _moved(one.moves) and one.yours is not None
    ]
    ignored = [one.variant.field for one in asked if _same(one.yours, yours)]
    if len(ignored) == len(asked) > 1:
        yield Fact("probe:constant", f"the result is always the same, whatever {' and '.join(ignored)} are")
    elif ignored:
        make = "makes" if len(ignored) == 1 else "make"
        yield Fact(f"probe:ignored/{'+'.join(ignored)}", f"{' and '.join(ignored)} {make} no difference to your result")


def _lines(right: Answer, yours: Answer, base: Sequence[Digest], tried: Mapping[str, Tried]) -> Iterator[Fact]:
    """One row or column of an argument is changed: which rows and columns of the result feel it?"""
    blind = {one.variant.field for one in tried.values() if one.variant.code == "changed" and _same(one.yours, yours)}
    for one in tried.values():
        line = LINE.fullmatch(one.variant.code)
        if not line or one.variant.field in blind or not _moved(one.moves) or one.yours is None:
            continue
        mine = moves(yours, one.yours)
        changed = f"the {line[1]} {line[2]} of {one.variant.field}"
        if mine is None:
            continue
        if not _moved(mine):
            yield Fact(f"probe:unseen/{one.variant.name}", f"{changed} makes no difference to your result")
            return
        for part, (mine_rows, mine_columns), (rows, columns) in zip(right, mine, one.moves):  # noqa: B905
            of_row = ("row", "rows") if part.ndim > 1 else ("entry", "entries")
            for (kind, kinds), found, wanted in (
                (of_row, mine_rows, rows),
                (("column", "columns"), mine_columns, columns),
            ):
                code = f"probe:{kinds}/{one.variant.name}"
                if _more(found, wanted) and wanted.count("1") == 1:
                    also = f"a change in {changed} changes other {kinds} of your result, too; it should not"
                    yield Fact(f"{code}/more", also)
                    return
                if kind == line[2] and _more(wanted, found) and found.count("1") == 1:
                    few = f"a change in {changed} changes one {kind} of your result"
                    yield Fact(f"{code}/fewer", f"{few}; it should change {wanted.count('1')}")
                    return


def _moved(found: Moves) -> bool:
    return any("1" in lines for part in found for lines in part)


def _more(some: str, others: str) -> bool:
    """Is there a 1 in `some` wherever there is one in `others`, and in more places?"""
    return len(some) == len(others) and some != others and all(a >= b for a, b in zip(some, others))  # noqa: B905


def _one_sample(right: Answer, yours: Answer, base: Sequence[Digest], tried: Mapping[str, Tried]) -> Iterator[Fact]:
    asked = [one for one in tried.values() if one.variant.code == "one_sample"]
    if asked and all(one.is_right for one in asked):
        yield Fact("probe:one_sample", "right for a batch of one sample, not for a larger one")


def _permuted(right: Answer, yours: Answer, base: Sequence[Digest], tried: Mapping[str, Tried]) -> Iterator[Fact]:
    """The right result moves with the samples, or does not feel their order; does the student's?"""
    one = tried.get("permuted")
    if one is None or one.yours is None or not _alike(one.yours, yours):
        return
    for what, move in (("sum", lambda array: array), ("rows", lambda array: np.roll(array, 1, axis=0))):
        movable = all(array.ndim for array in right) or what == "sum"
        if movable and all(part.fits(move(array)) for part, array in zip(one.right, right)):  # noqa: B905
            if not _same(one.yours, [move(array) for array in yours]):
                told = {
                    "sum": "the order of the samples changes your result",
                    "rows": "what a sample gives depends on its place in the batch, not only on the sample",
                }
                yield Fact(f"probe:permuted/{what}", told[what])
            return


def _square(right: Answer, yours: Answer, base: Sequence[Digest], tried: Mapping[str, Tried]) -> Iterator[Fact]:
    for one in tried.values():
        if one.variant.code == "square" and one.is_right:
            yield Fact(f"probe:square/{one.variant.field}", f"right where {one.variant.field} is square, not else")
            return


def _power(right: Answer, yours: Answer, base: Sequence[Digest], tried: Mapping[str, Tried]) -> Iterator[Fact]:
    for one in tried.values():
        if one.variant.code != "double" or one.yours is None or not _alike(one.yours, yours):
            continue
        wanted = next((k for k in POWERS if _scaled(one.right, base, 2.0**k)), None)
        found = next((k for k in POWERS if _same(one.yours, [2.0**k * array for array in yours])), None)
        if wanted is not None and found is not None and wanted != found and any(np.any(array) for array in yours):
            field = one.variant.field
            text = f"with {field} twice as large your result {_becomes(found)}; it should {_become(wanted)}"
            yield Fact(f"probe:power/{field}/{found}/{wanted}", text)


def _linear(right: Answer, yours: Answer, base: Sequence[Digest], tried: Mapping[str, Tried]) -> Iterator[Fact]:
    """A straight line in an argument, or a curve: f(2x) - f(x) and f(x) - f(0) are the same, as are both sides of 0."""
    for field in dict.fromkeys(one.variant.field for one in tried.values() if one.variant.code == "double"):
        asked = [tried.get(f"{code}:{field}") for code in ("double", "minus", "zero")]
        known = [one.right for one in asked if one]
        given = [one.yours for one in asked if one and one.yours is not None and _alike(one.yours, yours)]
        if len(known) < 3 or len(given) < 3 or not all(len(one) == len(base) for one in known):
            continue
        sums = [[np.array(part.sums) for part in digests] for digests in (base, *known)]
        straight, wanted = _straight([yours, *given], 1e-9), _straight(sums, 1e-4)
        if straight and not wanted:
            yield Fact(f"probe:linear/{field}", f"your result is linear in {field}; the right one is not")
        elif wanted and not straight:
            yield Fact(f"probe:not_linear/{field}", f"your result is not linear in {field}; the right one is")


def _straight(values: Sequence[Answer], near: float) -> bool:
    """Are these, at x, 2x, -x and 0, on a straight line?"""
    parts = list(zip(*values, strict=True))
    size = max((float(np.abs(part).max()) for of in parts for part in of if np.size(part)), default=0.0)
    return np.isfinite(size) and all(
        bool(np.all(np.abs(x2 - 2 * x + zero) <= near * size) and np.all(np.abs(x + minus - 2 * zero) <= near * size))
        for x, x2, minus, zero in parts
    )


def _becomes(power: int) -> str:
    return "stays as it is" if power == 0 else f"is {2.0**power:g} times as large"


def _become(power: int) -> str:
    return "stay as it is" if power == 0 else f"be {2.0**power:g} times as large"


def _only(code: str, text: Callable[[str], str]) -> Callable[..., Iterator[Fact]]:
    """A look at the variants of a code: is the function right there, and only there?"""

    def look(right: Answer, yours: Answer, base: Sequence[Digest], tried: Mapping[str, Tried]) -> Iterator[Fact]:
        for one in tried.values():
            if one.variant.code == code and one.is_right:
                yield Fact(f"probe:{code}/{one.variant.field}", text(one.variant.field))
                return

    return look


LOOKS = (
    _again,
    _ignored,
    _lines,
    _one_sample,
    _permuted,
    _square,
    _power,
    _linear,
    _only("positive", lambda field: f"right where no number in {field} is negative"),
    _only("without", lambda field: f"right where {field} is zero"),
)


WITHOUT_SHAPE = (_again, _ignored, _one_sample, _square)  # these say something also where the shape is wrong
ALONE = (_ignored, _lines)  # what is not looked at, and where: nothing else is worth saying


def _alike(some: Answer, others: Answer) -> bool:
    return len(some) == len(others) and all(a.shape == b.shape for a, b in zip(some, others))  # noqa: B905


def _same(some: Answer | None, others: Answer) -> bool:
    """Are these numbers the same, up to rounding? What is not finite anywhere settles nothing."""
    if some is None or not _alike(some, others):
        return False
    return all(bool(np.all(close(a, b, STILL))) for a, b in zip(some, others))  # noqa: B905


def _scaled(some: Sequence[Digest], others: Sequence[Digest], factor: float) -> bool:
    return len(some) == len(others) and all(
        a.shape == b.shape
        and np.allclose(a.sums, np.multiply(factor, b.sums), rtol=1e-4, atol=1e-4 * factor * b.largest)
        for a, b in zip(some, others)  # noqa: B905
    )
