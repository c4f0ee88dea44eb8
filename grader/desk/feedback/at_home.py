"""How a student sees at home what a hidden test found: an experiment to repeat, and the notebook's own check."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

from grader.judge.authoring.verdicts import NotWritten
from grader.judge.grading.result import NEVER_ASKED

# What the experiments of grader.checks.probes did, as something to do: by the code of what they found.
TRY = {
    "again": "call it twice with the same arguments, and compare",
    "second_call": "call it twice with the same arguments, and compare",
    "reseeded": "call it with two generators of different seeds",
    "constant": "call it with quite different arguments, and compare",
    "ignored": "change {} alone, and compare",
    "felt": "change {} alone, and compare",
    "shuffled": "put {} in another order, and nothing else",
    "unseen": "change {}, and see which entries of your result follow",
    "rows": "change {}, and see which entries of your result follow",
    "columns": "change {}, and see which entries of your result follow",
    "entries": "change {}, and see which entries of your result follow",
    "one_sample": "try a batch of one, then a larger one",
    "permuted": "change the order of the samples, and compare",
    "symmetric": "try a symmetric {}, then one that is not",
    "diagonal": "try a diagonal {}, then one that is not",
    "identity": "try the identity as {}, then another matrix",
    "square": "try a square {}, then one that is not",
    "share": "put zeros in {}, and see what is left",
    "zero": "put zeros in {}",
    "without": "put zeros in {}, and see what changes",
    "power": "make {} twice as large, and compare",
    "linear": "make {} twice as large, and compare",
    "not_linear": "make {} twice as large, and compare",
    "first_call": "follow the first call by a second one, with what the first gave",
    "left_out": "leave {} out, then give it",
    "stated": "leave {} out, then give it",
    "positive": "try positive numbers only, then negative ones too",
}
# The same for what the numbers alone say, without an experiment.
OF_NUMBERS = {
    "factor": "try a batch of one, then a larger one",
    "shape": "try sizes that are all different, and print the shape",
}
OF_BATCH = "batch_size"  # a factor that a batch of one shows


def to_try(code: str) -> str:
    """Something to do that shows what has this code; empty where nothing more than the check is known."""
    of, _, rest = code.partition(":")
    if of != "probe":
        return OF_NUMBERS.get(of, "") if of != "factor" or OF_BATCH in rest else ""
    kind, _, name = rest.partition("/")
    return TRY.get(kind, "").format(_argument(name.split("/")[0]))


def _argument(name: str) -> str:
    """ "`X`" of `X`, "the last row of `X`" of `last_row:X`."""
    line, colon, field = name.partition(":")
    fields = " and ".join(f"`{one}`" for one in (field if colon else name).split("+"))
    return f"the {line.replace('_', ' ')} of {fields}" if colon else fields


def at_home(lost: Sequence[Mapping], check: str, judged: Container[str]) -> str:
    """What to do at home about properties that did not hold for one reason; empty where nothing can be said.

    lost: their outcomes, as plain data. check: the line of the notebook that asks the same, or "". judged: the
    questions that it has an answer to.
    """
    first = lost[0]
    if first["hint"] in NEVER_ASKED or first["code"] == NotWritten.code:
        return ""
    tried = to_try(first["code"])
    sentence = f"{tried[0].upper()}{tried[1:]}. " if tried else ""
    if check and first["name"] in judged:
        sentence += f"Run all cells anew: `{check}` asks the same of numbers that you can see."
    return sentence.strip()
