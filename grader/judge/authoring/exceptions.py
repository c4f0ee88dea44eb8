"""Exceptions of student code in words that help, and that repeat no hidden number."""

import re
from collections.abc import Mapping

from grader.checks.exercise import exceptions
from grader.checks.exercise.numpy_errors import OF_THE_CHECK, meaning_of_report, self_is_missing
from grader.checks.exercise.shape_products import with_meaning, wrong_product
from grader.judge.authoring.verdicts import NotDefined, NotWritten, StudentError

MAX_MESSAGE = 200
DTYPES = tuple("<>|=")  # what the dtype of an array begins with, as numpy writes it
_GUFUNC = re.compile(r", with gufunc signature \S+")
# An address in memory (0x...) says nothing to anybody, and differs from run to run.
_NUMBER = re.compile(r"0x[0-9a-f]+|[-+]?\d+(?:\.\d*)?(?:e[-+]?\d+)?", re.IGNORECASE)
# In a line of code, 2.T of W2.T is no number.
_NUMBER_IN_CODE = re.compile(rf"(?<!\w)(?:{_NUMBER.pattern})", re.IGNORECASE)
_SMALL = re.compile(r"[-+]?\d{1,6}")  # a size, an index, an axis


def student_error(report: Mapping) -> StudentError:
    """The exception described by ``report`` (plain data from the sandbox, not to be trusted) as a ``StudentError``."""
    kind = _text(report.get("type"), 80) or "an exception"
    message = scrub(_GUFUNC.sub("", _text(report.get("message"), MAX_MESSAGE)))
    frame = _last_frame(report)
    if kind == "NotImplementedError":
        return NotWritten("not written yet", kind)
    if kind == "NameError" and frame is None:
        return NotDefined(f"{message}: define it before this cell", kind)
    if kind == "TooLarge":
        return StudentError(f"the value is too large to be judged: {message}", kind)
    parts = [f"stopped with {kind}" + (f": {message}" if message else "")]
    if frame is not None:
        parts.append(f"in {frame['function']}, at `{frame['source']}`")
        shapes = _shapes(report.get("shapes"), frame["source"])
        if shapes:
            parts.append(f"where {shapes}")
    likely = _likely(kind, message, frame, report.get("shapes"))
    if likely:
        parts.append(f"likely {likely}")
    return StudentError("; ".join(parts), kind, code=f"exception:{kind}"[:60])


def _likely(kind: str, message: str, frame: Mapping[str, str] | None, shapes: object) -> str:
    """What the message means, with the product of the line whose sizes do not fit."""
    meaning = meaning_of_report(kind, message, frame["source"] if frame is not None else "")
    known = _known_shapes(shapes)
    if kind in ("NameError", "UnboundLocalError") and (meant := self_is_missing(message, known.__contains__)):
        return meant
    product = wrong_product(frame["source"], known.get) if frame is not None and kind == "ValueError" else ""
    return with_meaning(product, meaning)


def in_students_words(hint: str, module: str) -> str:
    """The hint without the names of classes of this module, the check's own, and with what an error on them means."""
    told = exceptions.in_students_words(hint, module)
    if OF_THE_CHECK not in told:
        return told
    return f"{told.partition('; likely ')[0]}; likely {meaning_of_report('AttributeError', told)}"


def scrub(text: str, numbers: re.Pattern[str] = _NUMBER) -> str:
    """Leave words, names and shapes; put ``#`` for decimals and long numbers, which may be hidden inputs."""
    return numbers.sub(lambda found: found[0] if _SMALL.fullmatch(found[0]) else "#", text)


def _text(value: object, limit: int) -> str:
    if not isinstance(value, str):
        return ""
    flat = " ".join(value.split())
    printable = "".join(character for character in flat if character.isprintable())
    return printable if len(printable) <= limit else printable[: limit - 1] + "…"


def _last_frame(report: Mapping) -> dict[str, str] | None:
    trace = report.get("trace")
    if not isinstance(trace, list) or not trace or not isinstance(trace[-1], dict):
        return None
    source, function = _text(trace[-1].get("source"), 120), _text(trace[-1].get("function"), 60)
    return {"source": scrub(source, _NUMBER_IN_CODE), "function": function} if source else None


def _shapes(shapes: object, source: str) -> str:
    """``input (5, 3), grad_output (5, 4)`` for the arrays that the line names."""
    arrays, lists = _known_shapes(shapes), _known_shapes(shapes, lists=True)
    said = {name: f"{name} has shape {at}" for name, at in arrays.items()}
    said |= {name: f"{name} is a list of length {length}" for name, (length,) in lists.items()}
    return ", ".join([text for name, text in said.items() if re.search(rf"\b{re.escape(name)}\b", source)][:4])


def _known_shapes(shapes: object, lists: bool = False) -> dict[str, tuple[int, ...]]:
    """The shapes of arrays by name, or of lists, that are what they should be; the report may hold anything."""
    found = {}
    for name, entry in shapes.items() if isinstance(shapes, dict) else ():
        if not (isinstance(name, str) and all(part.isidentifier() for part in name.split("."))):
            continue
        if isinstance(entry, list) and len(entry) == 2 and isinstance(entry[0], list):
            fits = entry[1] == "list" and len(entry[0]) == 1 if lists else str(entry[1]).startswith(DTYPES)
            if fits and all(type(size) is int for size in entry[0]) and len(entry[0]) <= 8:
                found[name] = tuple(entry[0])
    return found
