"""From the bytes a student handed in to a plain JSON object, or one sentence that says why there is none."""

import json
import re

MAX_BYTES = 50_000_000
MAX_BRACKETS = 1_000_000  # objects and lists; each costs up to 230 bytes once it is read
LINK = (
    "The file holds a link to a notebook, not the notebook itself. In Colab choose File > Download > Download .ipynb, "
    "and hand in that file."
)
LONGEST_LINK = 2_000  # of a file that is no more than a link
BOM = "\ufeff"


class Unreadable(Exception):
    """Nothing can be graded. `status` is "empty" or "broken"; the text is a sentence for the student."""

    def __init__(self, status: str, sentence: str):
        super().__init__(sentence)
        self.status = status


def read_json(submitted: bytes) -> tuple[dict, list[str]]:
    """The JSON object in `submitted`, and notes on what had to be put up with.

    NaN and Infinity read as null and numbers as small integers: no number in a notebook matters to its grade, and a
    number of a million digits costs minutes. Raises Unreadable.
    """
    if not submitted.strip(b" \t\r\n\x00" + BOM.encode()):
        raise Unreadable("empty", "The file is empty.")
    if len(submitted) > MAX_BYTES:
        raise Unreadable(
            "broken",
            f"The file is larger than {MAX_BYTES // 1_000_000} MB. Clear the outputs, save, and hand it in again.",
        )
    if submitted.count(b"{") + submitted.count(b"[") > MAX_BRACKETS:
        raise Unreadable("broken", "The file holds too many parts to be a notebook of this course.")
    text, notes = decode(submitted)
    value = _parse(text.strip(" \t\r\n\x00" + BOM), notes)
    if not isinstance(value, dict):
        raise Unreadable("broken", "The file is not a notebook: it holds some other kind of data.")
    return value, notes


def decode(submitted: bytes) -> tuple[str, list[str]]:
    """Text of the file: UTF-8, UTF-16 or UTF-32 by its first bytes, else the encoding of Western Windows."""
    encoding = json.detect_encoding(submitted)
    try:
        # "surrogatepass" as the json module itself does: half a character is mended later, cell by cell.
        return submitted.decode(encoding, "surrogatepass"), []
    except UnicodeDecodeError:
        pass
    note = "Some characters of the file could not be read; they were replaced."
    text = submitted.decode(encoding, "replace")
    if encoding.startswith("utf-8") and _mostly_lost(text):
        return submitted.decode("cp1252", "replace"), [note]
    return text, [note]


def _mostly_lost(text: str) -> bool:
    """Whether at least half of the non-English characters were replaced: then the guess UTF-8 was wrong."""
    lost = text.count("\ufffd")
    not_english = len(text) - len(text.encode("ascii", "ignore"))
    return lost >= not_english - lost


def _parse(text: str, notes: list[str]) -> object:
    """The first JSON value in `text`; adds notes for repeated keys and for what follows the value."""
    repeated = []

    def pairs_to_dict(pairs: list) -> dict:
        """A dict in which the last of several equal keys wins, as in every notebook editor."""
        found = dict(pairs)
        if len(found) < len(pairs):
            repeated.append(True)
        return found

    decoder = json.JSONDecoder(
        strict=False,  # raw line breaks and tabs inside strings are readable all the same
        object_pairs_hook=pairs_to_dict,
        parse_int=lambda digits: int(digits) if len(digits) < 4 else 0,
        parse_float=lambda digits: float(digits) if len(digits) < 20 else 0.0,
        parse_constant=lambda _: None,
    )
    try:
        value, end = decoder.raw_decode(text)
    except json.JSONDecodeError as error:
        raise Unreadable("broken", _what_it_is(text, error)) from None
    except (RecursionError, MemoryError):
        raise Unreadable("broken", "The file is nested too deeply to be a notebook.") from None
    if repeated:
        notes.append("Some fields occur twice in the file; the last one counts.")
    if text[end:].strip():
        notes.append("What follows the end of the notebook in the file was left out.")
    return value


def is_link(text: str) -> bool:
    """Whether a short text has a link to Colab or Google Drive in it."""
    return len(text) < LONGEST_LINK and bool(re.search(r"https?://(?:colab\.research|drive|docs)\.google\.com/", text))


def _what_it_is(text: str, error: json.JSONDecodeError) -> str:
    """A sentence that helps to find the right file or to mend this one."""
    if text.startswith("PK\x03\x04"):
        return "The file is an archive, not a notebook. Hand in the .ipynb file itself."
    if text.startswith("%PDF"):
        return "The file is a PDF, not a notebook. Hand in the .ipynb file itself."
    if text[:200].lstrip().lower().startswith(("<!doctype", "<html")):
        return "The file is a web page, not a notebook. Download the .ipynb file itself."
    if is_link(text):
        return LINK
    if re.search(r"^(<{7}|>{7}) ", text, re.MULTILINE):
        return "The file holds unresolved git conflicts (lines of <<<<<<< and >>>>>>>). Resolve them and save again."
    return (
        f"The file is damaged: from line {error.lineno} on it is not valid JSON. Open it in Jupyter and save it again."
    )
