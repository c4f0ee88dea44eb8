"""What the answers to an experiment say: sentences that are true because they were measured."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Any

import numpy as np

from grader.checks.diagnosis.case import LEAST
from grader.checks.diagnosis.tolerance import close, largest
from grader.checks.probes.digests import STILL, Digest, Moves, digest, moves
from grader.checks.probes.everywhere import point, relation
from grader.checks.probes.fields import Roles, at, numbers, places
from grader.checks.probes.formulas import formula
from grader.checks.probes.variants import INSTEAD, LINE, OF_YOURS, Variant, is_whole, listed

MOST = 2  # facts that are told
FEW = 4  # numbers below which something else in the place of an argument may be right by chance
POWERS = np.arange(-2, 4.5, 0.5)
NOTHING = 1e-9
LARGE = 30  # exp of it is 10^13: of such numbers the differences decide, not the signs
TURNS = ("swapped", "transposed", "complement", "minus")  # done twice they leave all as it was
SHARES = {-1.0: "has the wrong sign", 0.5: "is half of what it should be", 2.0: "is twice what it should be"}
EXPLAINED = 1e-3  # of what is wrong: with more left, something else is wrong that is nearly the same
BY_CHANCE = 0.1  # relative: of what depends on chance, less is no finding
ROOTS = {
    "2": 2.0,
    "1/2": 0.5,
    "sqrt(2)": 2**0.5,
    "1/sqrt(2)": 2**-0.5,
    "sqrt(3)": 3**0.5,
    "1/sqrt(3)": 3**-0.5,
}
IN_THE_LIMIT = {
    1.0: "nearly right, not here",
    -1.0: "nearly minus the right one",
    2.0: "nearly twice the right one",
    0.5: "nearly half of the right one",
    4.0: "nearly 4 times the right one",
    0.25: "nearly a quarter of the right one",
}

Answer = Sequence[np.ndarray]


@dataclass(frozen=True)
class Fact:
    """One finding: a stable code, and a sentence about the student's function; of a lower rank if it tells more."""

    code: str
    text: str
    rank: int = 0


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
        return self.yours is not None and any(one.largest for one in self.right) and fit(self.right, self.yours)


def conclude(
    right: Answer,
    yours: Answer,
    tried: Sequence[Tried],
    others: Mapping[str, Sequence[Digest]] | None = None,
    roles: Roles | None = None,
) -> list[Fact]:
    """The most telling facts about a function that is wrong on the first case: two at most.

    right, yours    the numbers of the first case
    others          what other functions of the course give there, by the words for it
    roles           of the fields of the cases
    """
    if not _finite(yours):
        return list(_where_finite(tried, roles or Roles()))  # what comes of NaN and infinity says nothing of the rest
    base = [digest(array) for array in right]
    if fit(base, yours):  # wrong by less than short forms can tell: nor can they say where it is right
        tried = [one for one in tried if one.variant.moves or one.variant.code in OF_YOURS]
    by_name = {one.variant.name: one for one in tried}
    if all(part.size and largest(part) < NOTHING < largest(wanted) for part, wanted in zip(yours, right)):  # noqa: B905
        return []  # so small that rounding is all that would be compared
    found = [Fact(f"probe:equal/{name}", f"this is {name}") for name in _equal_to(others or {}, yours, base)]
    found += _everywhere(base, yours, tried, roles or Roles())
    if found and found[0].code.startswith("probe:everywhere"):
        return found  # nothing else is worth saying
    for rank, look in enumerate(LOOKS, start=1):
        if look not in WITHOUT_SHAPE and not _alike(yours, right):
            continue
        said = [replace(fact, rank=rank) for fact in look(right, yours, base, by_name)]
        found += said
        if said and look in ALONE:
            break
    again = by_name.get("again")
    if again:
        found += _calls(right, yours, again.variant.case, roles or Roles())
    if len(found) < MOST and again and len(yours) == 1 and _alike(yours, right):
        words = formula(yours[0], again.variant.case, roles or Roles())
        found += [Fact(f"probe:formula/{words}", f"your result is {words}", len(LOOKS) + 1)] if words else []
    return found[:MOST]


def _everywhere(base: Sequence[Digest], yours: Answer, tried: Sequence[Tried], roles: Roles) -> Iterator[Fact]:
    """What the result is of the right one, if that holds wherever both are known."""
    known = [
        (one.yours, one.right, one.variant.case)
        for one in tried
        if one.yours is not None and one.right and one.variant.code not in OF_YOURS
    ]
    first = [(yours, base, one.variant.case) for one in tried if one.variant.code == "again"]
    points = [point(mine, wanted, numbers(case, roles)) for mine, wanted, case in (*first, *known)]
    found = relation([one for one in points if one])
    if found and first and points[0]:
        code, words = found
        yield Fact(f"probe:everywhere/{code}", f"your result is {words}, here and in all other cases that were tried")


def _where_finite(tried: Sequence[Tried], roles: Roles) -> Iterator[Fact]:
    """Where a result holds NaN or infinity: arguments of which it is their sign, or a term, that brings them in.

    Of large numbers the sign is not told: without it they are nearer to each other, too.
    """
    words = {"positive": "where no number in {} is negative", "without": "where {} {} zero"}
    for one in tried:
        code, said = one.variant.code, one.variant.said
        if code == "positive" and _large(one.variant, roles):
            continue
        if code in words and one.yours is not None and _finite(one.yours):
            where = words[code].format(said, _be(said))
            yield Fact(f"probe:finite/{one.variant.name}", f"{where} your result has no NaN and no infinity in it")
            return


def _large(variant: Variant, roles: Roles) -> bool:
    given = places(variant.case, roles).get(variant.field, ())
    return any(largest(np.asarray(at(variant.case, path), dtype=float)) > LARGE for path in given)


def _calls(right: Answer, yours: Answer, case: Any, roles: Roles) -> Iterator[Fact]:
    """Of calls that each give a number: is it those with a relation between whole numbers that are wrong?"""
    calls = getattr(case, roles.calls) if roles.calls else []
    mine, wanted = (np.concatenate([part.ravel() for part in parts]) for parts in (yours, right))
    if not (calls and mine.shape == wanted.shape == (len(calls),)):
        return
    wrong = ~close(mine, wanted)
    if not 2 <= wrong.sum() <= len(calls) - 2:
        return
    for words, holds in _relations(case, roles):
        for here, there, found in (("wrong", "right", wrong), ("right", "wrong", ~wrong)):
            if np.array_equal(holds, found):
                text = f"{here} in the calls where {words}, {there} in all others that were tried"
                yield Fact(f"probe:calls/{here}/{words}", text, len(LOOKS))
                return


def _relations(case: Any, roles: Roles) -> Iterator[tuple[str, np.ndarray]]:
    """What may hold of the whole numbers of a call, and in which calls it does."""
    given = {name: [at(case, path) for path in of] for name, of in places(case, roles).items() if name}
    whole = {name: np.array(values) for name, values in given.items() if all(map(is_whole, values))}
    for (one, some), (other, others) in permutations(whole.items(), 2):
        if one < other:
            yield f"{one} is equal to {other}", some == others
        yield f"{one} is {other} - 1", some == others - 1
    for name, values in whole.items():
        yield f"{name} is 0", values == 0
        yield f"{name} is 1", values == 1
    for (one, some), (other, others) in permutations(whole.items(), 2):
        yield f"{one} is larger than {other}", some > others


def _equal_to(others: Mapping[str, Sequence[Digest]], yours: Answer, base: Sequence[Digest]) -> list[str]:
    """The first of the others that these numbers are equal to, if any."""
    if not any(np.any(part) for part in yours):
        return []
    mine = [digest(part) for part in yours]
    wrong = _apart(mine, base)
    near = (name for name, parts in others.items() if fit(parts, yours) and _apart(mine, parts) <= EXPLAINED * wrong)
    return list(near)[:1]


def _apart(some: Sequence[Digest], others: Sequence[Digest]) -> float:
    """The largest difference of their sums, relative to the numbers; infinite if they are not alike."""
    if [one.shape for one in some] != [one.shape for one in others]:
        return np.inf
    pairs = zip(some, others)  # noqa: B905
    return max(float(np.abs(np.subtract(a.sums, b.sums)).max()) / max(b.largest, 1e-12) for a, b in pairs)


def fit(digests: Sequence[Digest], arrays: Answer) -> bool:
    """Are these the arrays of which those are the short forms?"""
    return len(digests) == len(arrays) and all(one.fits(array) for one, array in zip(digests, arrays))  # noqa: B905


def _again(right: Answer, yours: Answer, base: Sequence[Digest], tried: Mapping[str, Tried]) -> Iterator[Fact]:
    again = tried.get("again")
    if again is None or again.yours is None or _same(again.yours, yours) or not _finite(again.yours, yours):
        return
    if not all(np.all(np.isfinite(part)) for part in yours):
        return  # nan is never the same as nan
    if again.is_right:
        yield Fact("probe:second_call", "a second call with the same arguments is right, the first is not")
    else:
        yield Fact("probe:again", "a second call with the same arguments gives something else; what is kept?")


def _order(right: Answer, yours: Answer, base: Sequence[Digest], tried: Mapping[str, Tried]) -> Iterator[Fact]:
    """The parts are the right ones, and each stands in the place of another."""
    places = [[number for number, one in enumerate(base) if one.fits(part)] for part in yours]
    if len(base) > 1 and not fit(base, yours) and sorted(places) == [[number] for number in range(len(base))]:
        yield Fact("probe:order", "your results are the right ones, in another order")


def _reseeded(right: Answer, yours: Answer, base: Sequence[Digest], tried: Mapping[str, Tried]) -> Iterator[Fact]:
    for one in tried.values():
        if one.variant.code == "reseeded" and _same(one.yours, yours):
            text = f"{one.variant.said} makes no difference to your result: draw from it, and from nothing else"
            yield Fact(f"probe:reseeded/{one.variant.field}", text)


def _ignored(right: Answer, yours: Answer, base: Sequence[Digest], tried: Mapping[str, Tried]) -> Iterator[Fact]:
    """Arguments that ought to make a difference and make none, however they are changed."""
    asked = [
        one for one in tried.values() if one.variant.code == "changed" and _moved(one.moves) and one.yours is not None
    ]
    ignored = [one.variant for one in asked if _blind(one.variant.field, yours, tried)]
    said = listed([one.said for one in ignored]) if ignored else ""
    if len(ignored) == len(asked) > 1:
        yield Fact("probe:constant", f"the result is always the same, whatever {said} are")
    elif ignored:
        make = "makes" if len(ignored) == 1 else "make"
        code = "+".join(one.field for one in ignored)
        yield Fact(f"probe:ignored/{code}", f"{said} {make} no difference to your result")


def _blind(field: str, yours: Answer, tried: Mapping[str, Tried]) -> bool:
    """Does the result stay as it is, whatever is tried with the argument?"""
    every = [tried.get(f"{code}:{field}") for code in ("changed", "double", "minus", "zero")]
    return all(_same(one.yours, yours) for one in every if one and one.yours is not None)


def _shuffled(right: Answer, yours: Answer, base: Sequence[Digest], tried: Mapping[str, Tried]) -> Iterator[Fact]:
    for one in tried.values():
        if one.variant.code == "shuffled" and _moved(one.moves) and _same(one.yours, yours):
            text = (
                f"with {one.variant.said} in another order, and nothing else, your result stays as it is; it should not"
            )
            yield Fact(f"probe:shuffled/{one.variant.field}", text)


def _felt(right: Answer, yours: Answer, base: Sequence[Digest], tried: Mapping[str, Tried]) -> Iterator[Fact]:
    """Arguments that make a difference and ought to make none."""
    felt = []
    for one in [] if _whole(right) else tried.values():  # of counts, a small change need not show
        if one.variant.code == "changed" and one.yours is not None and not _moved(one.moves):
            mine = moves(yours, one.yours)
            if mine is not None and _moved(mine) and _finite(one.yours, yours):
                felt.append(one.variant)
    if felt:
        said = listed([one.said for one in felt])
        make, they = ("makes", "it") if len(felt) == 1 else ("make", "they")
        code = "+".join(one.field for one in felt)
        yield Fact(f"probe:felt/{code}", f"{said} {make} a difference to your result; here {they} should make none")


def _lines(right: Answer, yours: Answer, base: Sequence[Digest], tried: Mapping[str, Tried]) -> Iterator[Fact]:
    """One row or column of an argument is changed: which rows and columns of the result feel it?"""
    blind = {one.variant.field for one in tried.values() if one.variant.code == "changed" and _same(one.yours, yours)}
    steps = _whole(yours)  # of labels, say: small changes need not show
    for one in tried.values():
        line = LINE.fullmatch(one.variant.code)
        if not line or one.variant.field in blind or not _moved(one.moves) or one.yours is None:
            continue
        if not _finite(one.yours, yours):
            continue
        mine = moves(yours, one.yours)
        changed = f"the {line[1]} {line[2]} of {one.variant.said}"
        if mine is None:
            continue
        if not _moved(mine) and not steps and not (line[2] == "row" and _by_sample(yours, tried)):
            yield Fact(f"probe:unseen/{one.variant.name}", f"{changed} makes no difference to your result")
            return
        for part, (mine_rows, mine_columns), (rows, columns) in zip(right, mine, one.moves):  # noqa: B905
            of_row = ("row", "rows") if part.ndim > 1 else ("entry", "entries")
            # Where one entry alone moves, others of its line may be zeros of a mask that these numbers drew.
            single = part.ndim > 1 and rows.count("1") == columns.count("1") == 1
            for (kind, kinds), found, wanted in (
                (of_row, mine_rows, rows),
                (("column", "columns"), mine_columns, columns),
            ):
                code = f"probe:{kinds}/{one.variant.name}"
                if _more(found, wanted) and wanted.count("1") == 1 and (kind == line[2] or not single):
                    also = f"a change in {changed} changes other {kinds} of your result, too; it should not"
                    yield Fact(f"{code}/more", also)
                    return
                if kind == line[2] and _more(wanted, found) and found.count("1") == 1:
                    few = f"a change in {changed} changes one {kind} of your result"
                    yield Fact(f"{code}/fewer", f"{few}; it should change {wanted.count('1')}")
                    return


def _felt_line(right: Answer, yours: Answer, base: Sequence[Digest], tried: Mapping[str, Tried]) -> Iterator[Fact]:
    """One row, column or entry that makes a difference and ought to make none."""
    for one in [] if _whole(right) else tried.values():
        line = LINE.fullmatch(one.variant.code)
        if line and one.yours is not None and not _moved(one.moves) and _finite(one.yours, yours):
            mine = moves(yours, one.yours)
            if mine is not None and _moved(mine):
                changed = f"the {line[1]} {line[2]} of {one.variant.said}"
                yield Fact(
                    f"probe:felt/{one.variant.name}",
                    f"{changed} makes a difference to your result; here it should make none",
                )
                return


def _by_sample(yours: Answer, tried: Mapping[str, Tried]) -> bool:
    """Do the samples count wherever they stand? Then nothing is left out because of its place."""
    one = tried.get("permuted")
    if one is None or one.yours is None:
        return False
    moved = [np.roll(part, 1, axis=0) if part.ndim else part for part in yours]
    return _same(one.yours, yours) or _same(one.yours, moved)


def _whole(answer: Answer) -> bool:
    return all(np.all(part == np.round(part)) for part in answer)


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
    if one is None or one.yours is None or not _alike(one.yours, yours) or not _finite(one.yours, yours):
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
            yield Fact(f"probe:square/{one.variant.field}", f"right where {one.variant.said} is square, not here")
            return


def _special(right: Answer, yours: Answer, base: Sequence[Digest], tried: Mapping[str, Tried]) -> Iterator[Fact]:
    """Right, or a multiple of what is right, where a matrix is symmetric or such.

    Where all of them are diagonal, their order and transposes make no difference.
    """
    for code, be in (("symmetric", "symmetric"), ("diagonal", "diagonal"), ("identity", "the identity")):
        for factor in (1.0, 0.5, 2.0, -1.0) if code == "symmetric" else (1.0,):
            for one in tried.values():
                if one.variant.code != code or one.yours is None or not _alike(one.yours, yours):
                    continue
                scaled = replace(one, yours=[part / factor for part in one.yours])
                if not scaled.is_right or fit(base, [part / factor for part in yours]):
                    continue
                where, name = f"where {one.variant.said} {_be(one.variant.said)} {be}", one.variant.field
                if factor == 1:
                    yield Fact(f"probe:{code}/{name}", f"right {where}, not here")
                else:
                    text = f"{where} your result is {factor:g} times the right one, here it is not"
                    yield Fact(f"probe:{code}/{name}/{factor:g}", text)
                return


def _share(right: Answer, yours: Answer, base: Sequence[Digest], tried: Mapping[str, Tried]) -> Iterator[Fact]:
    """What an argument adds to the result: does it have the wrong sign, is it half or twice of what it should be?"""
    mine = [digest(part) for part in yours]
    for one in tried.values():
        if (
            one.variant.code != "zero"
            or one.yours is None
            or not _alike(one.yours, yours)
            or len(one.right) != len(base)
        ):
            continue
        wanted = np.concatenate(_less(_sums(base), _sums(one.right)))
        found = np.concatenate(_less(_sums(mine), _sums([digest(part) for part in one.yours])))
        sizes = [max(a.largest, b.largest) for a, b in zip(base, one.right)]  # noqa: B905
        off = 1e-3 * np.abs(wanted) + 1e-5 * np.repeat(sizes, len(wanted) // len(sizes))  # parts may differ much
        if not np.any(np.abs(wanted) > 100 * off):
            continue
        for factor, text in SHARES.items():
            whole = fit(base, [part / factor for part in yours])  # the diagnosis of the numbers has said that
            if not whole and np.all(np.abs(found - factor * wanted) <= off):
                told = f"what depends on {one.variant.said} in your result {text}"
                yield Fact(f"probe:share/{one.variant.field}/{factor:g}", told)
                return


def _power(right: Answer, yours: Answer, base: Sequence[Digest], tried: Mapping[str, Tried]) -> Iterator[Fact]:
    """What an argument twice as large does to what is wrong in the result: to all of it, or else to the first part."""
    wrong = [number for number, (a, b) in enumerate(zip(base, yours)) if not fit([a], [b])]  # noqa: B905
    for parts in (wrong, wrong[:1]):
        of = {one.variant.name: one for one in of_parts(parts, tried.values())}
        found = list(_powers([yours[number] for number in parts], [base[number] for number in parts], of))
        if found:
            yield from found
            return


def of_parts(parts: Sequence[int], tried: Iterable[Tried]) -> Iterator[Tried]:
    """What was tried, with these parts of the results alone."""
    for one in tried:
        if one.yours is not None and len(one.yours) == len(one.known):
            known: list[Any] = [one.known[number] for number in parts]
            yield replace(one, yours=[one.yours[number] for number in parts], known=known)


def _powers(yours: Answer, base: Sequence[Digest], tried: Mapping[str, Tried]) -> Iterator[Fact]:
    """What it does to the result, or else to what depends on the argument in it."""
    for one in tried.values():
        if one.variant.code != "double" or one.yours is None or not _alike(one.yours, yours):
            continue
        field, zero = one.variant.field, tried.get(f"zero:{one.variant.field}")
        wanted, found = _power_of(_sums(one.right), _sums(base), 1e-4), _power_of(one.yours, yours, STILL)
        what, alone = "your result", found if wanted is None else None
        if (wanted is None or found is None) and zero and zero.yours is not None and _alike(zero.yours, yours):
            parts = (_sums(one.right), _sums(base), _sums(zero.right)), (one.yours, yours, zero.yours)
            wanted, found = (_power_of(_less(a, c), _less(b, c), near) for (a, b, c), near in zip(parts, (1e-4, 1e-7)))  # noqa: B905
            what = f"what depends on {one.variant.said} in your result"
        twice = f"with {one.variant.said} twice as large"
        if wanted is not None and found is not None and wanted != found:
            text = f"{twice} {what} {_becomes(found)}; it should {_become(wanted)}"
            yield Fact(f"probe:power/{field}/{found:g}/{wanted:g}", text)
        elif alone is not None:
            text = f"{twice} your result {_becomes(alone)}; the right one {_not(alone)}"
            yield Fact(f"probe:power/{field}/{alone:g}/none", text)


def _zero(right: Answer, yours: Answer, base: Sequence[Digest], tried: Mapping[str, Tried]) -> Iterator[Fact]:
    """With an argument of zeros the right result is zero, or it is not; is the student's?"""
    for one in tried.values():
        if one.variant.code == "zero" and one.yours is not None and one.right and _alike(one.yours, yours):
            wanted, found = any(part.largest for part in one.right), any(np.any(part) for part in one.yours)
            if wanted != found and _finite(one.yours):
                be = ("is not zero", "it should be") if found else ("is zero", "it should not be")
                text = f"where {one.variant.said} is zero your result {be[0]}; {be[1]}"
                yield Fact(f"probe:zero/{one.variant.field}", text)
                return


def _instead(right: Answer, yours: Answer, base: Sequence[Digest], tried: Mapping[str, Tried]) -> Iterator[Fact]:
    """The right result comes where something else stands in the place of an argument.

    Not where few numbers could agree by chance with one of so many.
    """
    if fit(base, yours):
        return
    small = sum(part.size for part in right) < FEW
    shares = any(_share(right, yours, base, tried))  # which says as much of a sign, or of a factor
    multiple = any(fit(base, [part / factor for part in yours]) for factor in SHARES)
    for one in tried.values():
        if one.variant.code == "minus" and (shares or fit(one.right, yours)):
            continue
        if one.variant.code == "double" and (shares or multiple):
            continue
        if one.variant.code not in INSTEAD or one.yours is None or not fit(base, one.yours):
            continue
        # Where numbers are few, the other way round as well.
        if not small or (one.variant.code in TURNS and fit(one.right, yours) and not fit(one.right, one.yours)):
            told = INSTEAD[one.variant.code].format(one.variant.said)
            yield Fact(f"probe:instead/{one.variant.name}", f"right if it is given {told}")
            return


AS_IF = {
    "zero": "where {} {be} zero",
    "double": "where {} {be} twice as large",
    "positive": "for |{}| in place of {}",
    "first_call": "at the first call, where {} {be} zero",
    "left_out": "where {} {be} left out",
    "symmetric": "where {} {be} made symmetric",
    "diagonal": "where of {} only the diagonal is kept",
    "identity": "where {} {be} the identity",
    **{code: f"for {told.replace('{0}', '{}')}" for code, told in INSTEAD.items() if code in TURNS[1:]},
}


def _as_if(right: Answer, yours: Answer, base: Sequence[Digest], tried: Mapping[str, Tried]) -> Iterator[Fact]:
    """The result is what is right where one argument is another one."""
    multiple = any(fit(base, [part / factor for part in yours]) for factor in SHARES)  # the diagnosis has said that
    if sum(part.size for part in right) < LEAST or fit(base, yours) or multiple:
        return
    shares, turned = (any(look(right, yours, base, tried)) for look in (_share, _instead))
    for one in tried.values():
        code, said = one.variant.code, one.variant.said
        if (shares and code in ("minus", "double")) or (turned and code in INSTEAD):
            continue
        if code in AS_IF and one.right and fit(one.right, yours):
            told = AS_IF[code].format(said, said, be=_be(said))
            yield Fact(f"probe:as_if/{one.variant.name}", f"this is what is right {told}")
            return


def _without(right: Answer, yours: Answer, base: Sequence[Digest], tried: Mapping[str, Tried]) -> Iterator[Fact]:
    """Right where a term is zero: what it does is wrong. Of two together only where none is enough alone."""
    found = [one.variant for one in tried.values() if one.variant.code == "without" and one.is_right]
    fields = [one.field for one in found if "+" not in one.field] or [one.field for one in found]
    if fields:
        joined = " or ".join(one.said for one in found if one.field in fields)
        be = "are" if any("+" in field for field in fields) else "is"
        yield Fact(f"probe:without/{'|'.join(fields)}", f"right where {joined} {be} zero, not here")


OF_ALL: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "the largest": lambda results, of: results.max(axis=0),
    "the smallest": lambda results, of: results.min(axis=0),
    "the mean": lambda results, of: results.mean(axis=0),
    "the sum": lambda results, of: results.sum(axis=0),
    "the product": lambda results, of: results.prod(axis=0),
    "that of the largest entry": lambda results, of: results[of.argmax()],
    "that of the smallest entry": lambda results, of: results[of.argmin()],
    "that of the first entry": lambda results, of: results[0],
    "that of the last entry": lambda results, of: results[-1],
}


def _alone(right: Answer, yours: Answer, base: Sequence[Digest], tried: Mapping[str, Tried]) -> Iterator[Fact]:
    """Right for each entry of an array alone: then what is made of all of them is wrong."""
    alone: dict[str, list[Tried]] = {}
    for one in tried.values():
        if one.variant.code == "alone":
            alone.setdefault(one.variant.field.partition("[")[0], []).append(one)
    for name, each in alone.items():
        good = [one.variant.said for one in each if one.is_right]
        if len(each) < max(2, len(getattr(tried["again"].variant.case, name, ()))) or not good:
            continue  # perhaps there was no time for all
        if len(good) < len(each):
            if any(_size(right, yours, base, tried)):
                return  # which says more
            bad = listed([one.variant.said for one in each if not one.is_right])
            told = f"for {listed(good)} alone your result is right, for {bad} alone it is not"
            yield Fact(f"probe:alone/{name}/some", told)
            return
        said = each[0].variant.said.partition("[")[0]
        entries = np.array([float(getattr(one.variant.case, name)[0]) for one in each])
        parts = [np.array(results) for results in zip(*(one.yours or () for one in each), strict=True)]
        made = {words: [of(results, entries) for results in parts] for words, of in OF_ALL.items()}
        wanted = next((words for words, values in made.items() if fit(base, values)), None)
        found = next((words for words, values in made.items() if _same(values, yours)), None)
        told = f"for each entry of {said} alone your result is right; of all of them together it is"
        if wanted and found:
            yield Fact(f"probe:alone/{name}/{found}", f"{told} {found} of these, and should be {wanted}")
        else:
            yield Fact(f"probe:alone/{name}", f"{told} not")
        return


def _size(right: Answer, yours: Answer, base: Sequence[Digest], tried: Mapping[str, Tried]) -> Iterator[Fact]:
    """For one entry of an array alone right but for a sign, which the right result does not have."""
    for one in tried.values():
        if one.variant.code == "alone" and one.yours is not None and any(part.largest for part in one.right):
            if not one.is_right and fit(one.right, [np.abs(part) for part in one.yours]):
                told = f"for {one.variant.said} alone your result is right but for a minus; it should not be negative"
                yield Fact(f"probe:size/{one.variant.field}", told)
                return


def _small(right: Answer, yours: Answer, base: Sequence[Digest], tried: Mapping[str, Tried]) -> Iterator[Fact]:
    """Where a number is very small: is the result right there, or a multiple, or does it go with another power?"""
    for one in tried.values():
        both = one, tried.get(f"tiny:{one.variant.field}")
        if one.variant.code != "small" or not all(each and each.yours and each.right for each in both):
            continue
        mine = [np.concatenate(_sums([digest(part) for part in each.yours or ()])) for each in both if each]
        wanted = [np.concatenate(_sums(each.right)) for each in both if each]
        if not all(np.all(np.isfinite(a)) and a.shape == b.shape and np.all(a * b) for a, b in zip(mine, wanted)):  # noqa: B905
            continue
        where = f"where {one.variant.said} is very small"
        for factor, words in IN_THE_LIMIT.items():
            off = [np.abs(a - factor * b).max() / np.abs(factor * b).max() for a, b in zip(mine, wanted)]  # noqa: B905
            if off[0] < 0.05 and off[1] < 0.02:
                yield Fact(f"probe:small/{one.variant.field}/{factor:g}", f"{where} your result is {words}")
                return
        powers = [np.log10(np.abs(large / small)) for large, small in (mine, wanted)]
        halves = [np.round(2 * power.mean()) / 2 for power in powers]
        if halves[0] != halves[1] and all(np.all(np.abs(p - k) < 0.02) for p, k in zip(powers, halves)):  # noqa: B905
            goes = [f"goes like {one.variant.said} to the power {k:g}" if k else "hardly changes" for k in halves]
            text = f"{where} your result {goes[0]}, the right one {goes[1]}"
            yield Fact(f"probe:small/{one.variant.field}/power", text)
            return


def _sums(digests: Sequence[Digest]) -> list[np.ndarray]:
    return [np.array(one.sums) for one in digests]


def _less(some: Answer, others: Answer) -> list[np.ndarray]:
    return [one - other for one, other in zip(some, others)]  # noqa: B905


def _power_of(doubled: Answer, once: Answer, near: float) -> float | None:
    """The power of 2 by which all of `once` is multiplied; None if there is none, or nothing but zeros."""
    if not _alike(doubled, once) or not any(np.any(part) for part in once):
        return None
    pairs = [(a, b, near * np.abs(b).max(initial=0.0)) for a, b in zip(doubled, once)]  # noqa: B905
    fits = (k for k in POWERS if all(np.all(np.abs(a - 2.0**k * b) <= 2.0**k * off) for a, b, off in pairs))
    return next(fits, None)


def _linear(right: Answer, yours: Answer, base: Sequence[Digest], tried: Mapping[str, Tried]) -> Iterator[Fact]:
    """A straight line in an argument, or a curve: f(2x) - f(x) and f(x) - f(0) are the same, as are both sides of 0."""
    for one in tried.values():
        field, said = one.variant.field, one.variant.said
        if one.variant.code != "double":
            continue
        asked = [tried.get(f"{code}:{field}") for code in ("double", "minus", "zero")]
        known = [one.right for one in asked if one]
        given = [one.yours for one in asked if one and one.yours is not None and _alike(one.yours, yours)]
        if len(known) < 3 or len(given) < 3 or not all(len(one) == len(base) for one in known):
            continue
        sums = [[np.array(part.sums) for part in digests] for digests in (base, *known)]
        straight, wanted = _straight([yours, *given], 1e-9), _straight(sums, 1e-4)
        if straight and not wanted:
            yield Fact(f"probe:linear/{field}", f"your result is linear in {said}; the right one is not")
            return
        if wanted and not straight:
            yield Fact(f"probe:not_linear/{field}", f"your result is not linear in {said}; the right one is")
            return


def _straight(values: Sequence[Answer], near: float) -> bool:
    """Are these, at x, 2x, -x and 0, on a straight line?"""
    for x, x2, minus, zero in zip(*values, strict=True):
        off = near * max(float(np.abs(part).max(initial=0.0)) for part in (x, x2, minus, zero))
        if not (np.isfinite(off) and np.all(np.abs(x2 - 2 * x + zero) <= off)):
            return False
        if not np.all(np.abs(x + minus - 2 * zero) <= off):
            return False
    return True


def _be(field: str) -> str:
    return "are" if " and " in field else "is"


def _becomes(power: float) -> str:
    return "stays as it is" if power == 0 else f"is {2.0**power:.4g} times as large"


def _not(power: float) -> str:
    return "does not" if power == 0 else "is not"


def _become(power: float) -> str:
    return "stay as it is" if power == 0 else f"be {2.0**power:.4g} times as large"


def _sizes(right: Answer, yours: Answer, base: Sequence[Digest], tried: Mapping[str, Tried]) -> Iterator[Fact]:
    """What a size twice as large does to a number that depends on chance; or of what share of the right one it is."""
    if len(right) != 1 or right[0].ndim or not yours[0]:
        return
    shares = [float(yours[0] / right[0])]
    for one in tried.values():
        if one.variant.code == "larger" and one.yours is not None and _alike(one.yours, yours) and one.right:
            wanted, found = one.right[0].sums[0] / base[0].sums[0], float(one.yours[0] / yours[0])
            if abs(found / wanted - 1) > BY_CHANCE:
                text = f"with {one.variant.said} twice as large your result is about {found:.1f} times as large"
                yield Fact(f"probe:larger/{one.variant.field}", f"{text}; it should be about {wanted:.1f} times")
                return
            shares.append(shares[0] * found / wanted)
    for name, share in ROOTS.items():
        if len(shares) > 2 and all(abs(one / share - 1) < BY_CHANCE / 3 for one in shares):
            text = f"your result is about {name} times the right one, for all sizes"
            yield Fact(f"probe:share_of_sizes/{name}", text)
            return


def _only(code: str, text: Callable[[str], str]) -> Callable[..., Iterator[Fact]]:
    """A look at the variants of a code: is the function right there, and only there?"""

    def look(right: Answer, yours: Answer, base: Sequence[Digest], tried: Mapping[str, Tried]) -> Iterator[Fact]:
        for one in tried.values():
            if one.variant.code == code and one.is_right:
                yield Fact(f"probe:{code}/{one.variant.field}", text(one.variant.said))
                return

    return look


LOOKS = (
    _again,
    _order,
    _reseeded,
    _ignored,
    _shuffled,
    _sizes,
    _only("ones", lambda field: f"right where all of {field} are 1, not where there are zeros among them"),
    _only("zeros", lambda field: f"right where all of {field} are 0, not where there are ones among them"),
    _felt,
    _instead,
    _lines,
    _only("first_call", lambda field: f"right at the first call, where {field} {_be(field)} zero, not at later ones"),
    _only("left_out", lambda field: f"right where {field} is left out, not where it is given"),
    _only("stated", lambda field: f"right where {field} is given, not where it is left out: another default?"),
    _one_sample,
    _permuted,
    _special,
    _square,
    _only("same", lambda field: f"right where {field} are equal, not here: is one of them in the other's place?"),
    _size,
    _alone,
    _small,
    _share,
    _felt_line,
    _as_if,
    _power,
    _zero,
    _linear,
    _only("positive", lambda field: f"right where no number in {field} is negative"),
    _without,
)


# These say something also where the shape is wrong.
WITHOUT_SHAPE = (_again, _order, _reseeded, _ignored, _one_sample, _square)
ALONE = (_ignored, _shuffled, _sizes, _lines)  # what is not looked at, and where: nothing else is worth saying


def _finite(*answers: Answer) -> bool:
    return all(bool(np.all(np.isfinite(part))) for answer in answers for part in answer)


def _alike(some: Answer, others: Answer) -> bool:
    return len(some) == len(others) and all(a.shape == b.shape for a, b in zip(some, others))  # noqa: B905


def _same(some: Answer | None, others: Answer) -> bool:
    """Are these numbers the same, up to rounding? What is not finite anywhere settles nothing."""
    if some is None or not _alike(some, others):
        return False
    return all(bool(np.all(close(a, b, STILL))) for a, b in zip(some, others))  # noqa: B905
