"""How good the feedback on a catalogued mistake is: detected, named, or told wrongly; and by whom.

The catalogue gives each mistake a text, `hint`, that a hint to the student must contain. From that follows, for the
hints of the test cells that the mistake should lose points in:

    detected  at least one hidden test fails
    named     a hint contains the catalogued text and says what is wrong: by a named mistake of a hidden test (`named`),
              by a property that a hidden test asks for (`property`), by the diagnosis of the numbers (`general`)
              or by the explanation of an exception (`exception`)
    wrong     a hint of the mistake's own test cell claims the text of another mistake of that cell, and not its own;
              `reviewed.toml` lists those that a person found true all the same

What is detected and not named is listed with the reason.
"""

from dataclasses import dataclass

# Verdicts that show that something is wrong without saying what.
BARE = {
    "differs": "the numbers are wrong without a simple relation to the right ones, and no named mistake gives them",
    "another_number": "another number is expected, and no named mistake gives the one that was found",
    "some": "some numbers are wrong, in no place or relation that tells them from the others",
    "timeout": "the code does not come to an end",
    "crash": "the process of the student's code ends",
    "not_written": "the mistake is that nothing is written",
}
SAYS_ZERO = "the right result is 0"  # tells what is wrong, though not why


@dataclass(frozen=True)
class Judged:
    """One mistake. source: who named it, "" if nobody did. wrong: hints that claim another mistake."""

    name: str
    cell: str
    detected: bool
    source: str = ""
    reason: str = ""
    wrong: tuple[str, ...] = ()


def judge(mistake, result, others) -> Judged:
    """Judge the `Rehearsal` of a catalogued mistake; `others` are the mistakes of the same solution cell."""
    outcomes = [o for cell in result.outcomes for o in result.outcomes[cell] if not o.passed and cell in mistake.loses]
    own = [o for o in result.outcomes.get(f"test_{mistake.cell}", outcomes) if not o.passed]
    if not any(not o.passed for cell in result.outcomes.values() for o in cell):
        return Judged(mistake.name, mistake.cell, detected=False, reason="no hidden test fails")
    telling = [o for o in outcomes if mistake.hint.lower() in o.hint.lower()]
    named = [o for o in telling if _kind(o.code) not in BARE or SAYS_ZERO in o.hint]
    source = min((_source(o.code) for o in named), default="", key=ORDER.index)
    reason = "" if named else _reason(telling or outcomes)
    return Judged(mistake.name, mistake.cell, True, source, reason, tuple(_wrong(mistake, own, others)))


ORDER = ("named", "property", "general", "exception", "")


def _kind(code: str) -> str:
    """The code without its detail."""
    return code.partition(":")[0]


def _source(code: str) -> str:
    kind = _kind(code)
    if kind == "named":
        return "named"
    if kind in ("exception", "not_defined", "undigested"):
        return "exception"
    return "property" if kind in ("property", "argument_changed", "wrong") else "general"


def _reason(outcomes) -> str:
    codes = [_kind(o.code) for o in outcomes]
    return next(
        (BARE[code] for code in codes if code in BARE), f"hint without the catalogued text ({', '.join(codes)})"
    )


def _wrong(mistake, outcomes, others):
    """Hints that contain the text of another mistake and not that of this one."""
    foreign = {other.hint.lower() for other in others if other.hint.lower() != mistake.hint.lower()}
    for outcome in outcomes:
        hint = outcome.hint.lower()
        claimed = [text for text in foreign if text in hint and mistake.hint.lower() not in text]
        if claimed and mistake.hint.lower() not in hint and _kind(outcome.code) == "named":
            yield outcome.hint
