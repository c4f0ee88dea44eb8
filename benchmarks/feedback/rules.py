"""How often each rule and experiment spoke, and whether what it said was true: `python -m benchmarks.feedback.rules`.

Everything is asked in this process, as `tests/mirror.py` does: the mistakes are the catalogue's own, and trusted.

known     every catalogued mistake, planted in the reference
unknown   the same, where a named mistake told it: that text is held out of every key, with the fifth of all texts that
          it falls into by a fixed draw
rewrites  the mistakes in other words (`tests/right_solutions/rewriting.py`), on other numbers
crossed   the wrong numbers of each mistake against the right ones, the named mistakes and the rules of every other
          exercise that asks for the same shape: whatever is found there is found by chance, so that it misleads

A pair of a mistake and a code is true and specific if the hint has the text that the catalogue asks for, or if
`rules.toml` lists it so; true and general if the code only states what was seen, or is listed so; else misleading. A
mistake counts as misleading if anything misleads that is said of it, else as specific if anything is.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from zlib import crc32

import numpy as np
import tomllib

from grader.checks.diagnosis import diagnose as diagnosing
from grader.checks.diagnosis.verdict import UNRELATED, Verdict
from grader.checks.exercise.exceptions import explain
from grader.checks.questions.experiments import right_of, with_facts
from grader.checks.questions.question import seeded
from grader.judge.grading.spec import load_mistakes, notebooks_of, reference_cells
from tests.mirror import keys, namespace, quiet
from tests.notebooks.found import REPO
from tests.right_solutions.rewriting import REWRITES, rewritten

FOLDS = 5
TABLE = tomllib.loads((Path(__file__).parent / "rules.toml").read_text(encoding="utf-8"))
SEEN = TABLE["seen"]["codes"]  # what only states what was seen or measured
SPECIFIC, GENERAL, MISLEADING = "specific", "general", "misleading"


KINDS = (SPECIFIC, GENERAL, MISLEADING)
ROW = "{:<28}{:>8}{:>10}{:>9}{:>12}{:>9}"


@dataclass
class Said:
    """One failed question about one mistake: the codes of what was said, and the hint."""

    question: str
    codes: list[str]
    hint: str
    named: str = ""


@dataclass
class Judged:
    """A mistake, and everything that was said of it."""

    notebook: str
    cell: str
    name: str
    about: str
    text: str
    said: list[Said] = field(default_factory=list)

    def truth(self, said: Said, code: str) -> str:
        """Is a code that was said true of this mistake?"""
        if self.text.lower() in said.hint.lower():
            return SPECIFIC
        listed = TABLE.get(self.notebook, {}).get(self.name, {})
        for truth in (MISLEADING, SPECIFIC, GENERAL):
            if any(is_of(code, one) for one in listed.get(truth, ())):
                return truth
        return GENERAL if any(is_of(code, one) for one in SEEN) else MISLEADING

    @property
    def best(self) -> str:
        """Of the whole mistake: misleading if anything is, else specific if anything is."""
        found = {self.truth(said, code) for said in self.said for code in said.codes}
        return next((truth for truth in (MISLEADING, SPECIFIC, GENERAL) if truth in found), "silent")


def is_of(code: str, listed: str) -> bool:
    """`factor:*` lists all named factors, `factor:1/2` that one."""
    return code == listed or (listed.endswith("*") and code.startswith(listed[:-1]))


def codes_of(verdict: Verdict) -> list[str]:
    """The codes of all that a hint says."""
    facts = [code for code, _ in verdict.facts]
    own = f"{verdict.code}:{verdict.detail}" if verdict.detail else verdict.code
    return facts if verdict.code == UNRELATED and facts else [own, *facts]


def fold(text: str) -> int:
    return crc32(text.encode()) % FOLDS


@contextmanager
def held_out(folds: set[int]) -> Iterator[None]:
    """Within the block no key names a mistake whose text falls into one of these fifths."""
    plain = diagnosing._named

    def named(yours, expected, mistakes, rtol, use):
        kept = {text: value for text, value in mistakes.items() if fold(str(text)) not in folds}
        return plain(yours, expected, kept, rtol, use)

    diagnosing._named = named
    try:
        yield
    finally:
        diagnosing._named = plain


@contextmanager
def noted(pairs: list[tuple]) -> Iterator[None]:
    """Within the block every comparison that finds something wrong is put down, so that it can be made with others."""
    plain = diagnosing._judge

    def judge(*args):
        verdict = plain(*args)
        if not verdict.ok and args[0].array is not None:
            pairs.append(args)
        return verdict

    diagnosing._judge = judge
    try:
        yield
    finally:
        diagnosing._judge = plain


def crossed(of: dict[str, list[tuple]]) -> tuple[int, Counter]:
    """How many pairs of exercises' numbers were compared, and the codes that speak where nothing can be said.

    of: what was noted, by exercise
    """
    codes: Counter = Counter()
    count = 0
    for cell, pairs in of.items():
        exercise = cell.rpartition("/")[2]  # two notebooks may share it
        others = [
            args
            for other, these in of.items()
            if other.rpartition("/")[2] != exercise
            for args in _first_of_each(these)
        ]
        for reading, yours, *_ in _first_of_each(pairs, of_yours=True):
            for _, _, expected, *rest in others:
                if expected.shape == reading.array.shape and expected.size:
                    count += 1
                    verdict = diagnosing._judge(reading, yours, expected, *rest)
                    code = f"{verdict.code}:{verdict.detail}" if verdict.detail else verdict.code
                    if not verdict.ok and not any(is_of(code, one) for one in SEEN):
                        codes["named" if verdict.code == "named" else code] += 1
    return count, codes


def _first_of_each(pairs: list[tuple], of_yours: bool = False) -> list[tuple]:
    """Each number once."""
    found = {}
    for args in pairs:
        array = args[0].array if of_yours else args[2]
        found.setdefault((array.shape, array.tobytes()), args)
    return list(found.values())


def said_of(week: str, name: str, cell: str, source: str, seed: int = 0) -> list[Said]:
    """What is said of a cell in place of the reference's, in grading's way, by the questions of its own test cell."""
    asked = [key for key in keys(week, name) if key.asked.cell == f"test_{cell}"]
    if not asked:
        return []
    with redirect_stdout(StringIO()):
        names = namespace(week, name, {cell: source}, {f"test_{cell}"})
        found = [_said(key, names, seed) for key in asked]
    return [said for said in found if said is not None]


def _said(key, names, seed: int) -> Said | None:
    with seeded(seed), np.errstate(all="ignore"), quiet():
        case = key.draw(np.random.default_rng(seed))

        def answer(case, seconds=0.0):
            with seeded(seed):
                return key.asked.ask(names, vars(case))

        try:
            given = answer(case)
            judged = key.judged(given, case)
        except Exception as error:
            told = explain(error)
            return Said(key.asked.name, [f"exception:{type(error).__name__}"], " ".join(told.lines()))
        verdict = judged.verdict
        if verdict.ok:
            return None
        of = (key.asked, verdict, case, key.right(case), given, answer)
        verdict = with_facts(*of, lambda one: right_of(one, case, key.right), lambda: key.beside(case))
        named = verdict.likely if verdict.code == "named" else ""
        return Said(key.asked.name, codes_of(verdict), verdict.hint(), named)


def catalogue(wanted: list[str]) -> Iterator[tuple[str, str, object, dict]]:
    for path in sorted(REPO.glob("week[0-9][0-9]_*")):
        for name in notebooks_of(REPO, path.name):
            if not wanted or f"{path.name}/{name}" in wanted:
                reference = reference_cells(REPO, path.name, name)
                for mistake in load_mistakes(REPO, path.name, name):
                    yield path.name, name, mistake, reference


def judged(wanted: list[str], which: str, pairs: dict[str, list[tuple]] | None = None) -> Iterator[Judged]:
    """Every mistake with what was said of it, in one of the ways. `pairs`: what was compared, by exercise."""
    for week, name, mistake, reference in catalogue(wanted):
        source = mistake.apply(reference)
        one = Judged(f"{week}/{name}", mistake.cell, mistake.name, mistake.about, mistake.hint)
        if which == "rewrites":
            try:
                rewrites = list(REWRITES.values())
                source = rewritten(source, rewrites[crc32(mistake.name.encode()) % len(rewrites)])
            except SyntaxError:
                continue
            one.said = said_of(week, name, mistake.cell, source, seed=1)
        else:
            # Numbers of its own for each exercise, so that two do not agree because they began alike.
            with noted([] if pairs is None else pairs.setdefault(f"{name}/{mistake.cell}", [])):
                one.said = said_of(week, name, mistake.cell, source, seed=crc32(f"{name}/{mistake.cell}".encode()))
        if which == "unknown":
            texts = [text for said in one.said if said.named for text in said.named.split("; or ")]
            if not texts:
                continue
            with held_out({fold(text) for text in texts}):
                one.said = said_of(week, name, mistake.cell, source, seed=crc32(f"{name}/{mistake.cell}".encode()))
        if one.said:
            yield one


def table(items: Iterable[Judged]) -> list[str]:
    """A line for each code: how often it spoke, and whether it was true; of one mistake it counts once."""
    counts: dict[str, Counter] = {}
    for one in items:
        said = {(family(code), one.truth(said, code)) for said in one.said for code in said.codes}
        for code, truth in said:
            counts.setdefault(code, Counter())[truth] += 1
    lines = [ROW.format("code", "spoke", SPECIFIC, GENERAL, MISLEADING, "true")]
    for code, found in sorted(counts.items(), key=lambda item: -item[1].total()):
        right = 1 - found[MISLEADING] / found.total()
        lines.append(ROW.format(code, found.total(), *(found[kind] for kind in KINDS), f"{right:.0%}"))
    return lines


def family(code: str) -> str:
    """The code without what depends on names: one rule or experiment."""
    rule, _, detail = code.partition(":")
    if rule == "probe":
        return f"probe:{detail.partition('/')[0]}"
    return code if rule in ("mask", "part", "not_finite", "function", "permuted", "shape", "symmetric") else rule


def recall(title: str, items: list[Judged]) -> str:
    found = Counter(one.best for one in items)
    shares = ", ".join(f"{found[kind] / max(len(items), 1):.1%} {kind}" for kind in KINDS)
    return f"{title:<10}{len(items):>5} mistakes: {shares}"


def general_only(items: Iterable[Judged]) -> Iterator[str]:
    """Of the mistakes of which nothing specific is said what is said."""
    for one in items:
        if one.best != SPECIFIC:
            yield f"\n{one.notebook} {one.cell}: {one.name}, {one.about} [{one.best}]"
            yield from (f"  {', '.join(said.codes)}   {said.hint}" for said in one.said)


def main() -> None:
    started = time.monotonic()
    parser = argparse.ArgumentParser(description="How often each rule and experiment spoke, and whether it was true.")
    parser.add_argument("notebooks", nargs="*", metavar="WEEK/NAME", help="these alone, in place of all")
    parser.add_argument("--unknown", action="store_true", help="the unknown part alone, and what is said in general")
    given = parser.parse_args()
    wanted = given.notebooks
    if given.unknown:
        items = list(judged(wanted, "unknown"))
        print("\n".join([*general_only(items), "", *table(items), "", recall("unknown", items)]))
        return
    pairs: dict[str, list[tuple]] = {}
    found: dict[str, list[Judged]] = {}
    for which in ("known", "unknown", "rewrites"):
        found[which] = list(judged(wanted, which, pairs))
        print(recall(which, found[which]), flush=True)
        fold_0 = [one for one in found[which] if fold(one.name) == 0]
        if which == "unknown":
            print(recall("  a fifth", fold_0))
    for which, items in found.items():
        print(f"\n{which}")
        print("\n".join(table(items)))
    count, codes = crossed(pairs)
    print(f"\ncrossed: {count} comparisons, of which {codes.total()} say what cannot be")
    print("\n".join(f"  {code:<28}{number:>6}" for code, number in codes.most_common()))
    print("\nmisleading")
    for which, items in found.items():
        for one in items:
            for said in one.said:
                if wrong := [code for code in said.codes if one.truth(said, code) == MISLEADING]:
                    print(f"  {which} {one.notebook} {one.name}: {wrong} {said.hint[:150]}")
    listed = {(notebook, name) for notebook, of in TABLE.items() if notebook != "seen" for name in of}
    stale = listed - {(one.notebook, one.name) for one in found["known"]}
    if stale and not wanted:
        print(f"\nno such mistakes, in rules.toml: {sorted(stale)}")
    print(f"\n{time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
