"""A notebook that was handed in as a Python script: cells by their markers, and by the texts that everyone was given.

Colab exports without any marker, with prose as strings; Jupyter writes `# In[3]:`, and editors `# %%`.
"""

import re
from collections.abc import Iterable

from grader.judge.repair.json_object import decode, is_link
from grader.judge.repair.names import names_by_line, without_magics

MAX_SCRIPT = 2_000_000  # bytes
LONG_ENOUGH = 40  # characters of a given text that is looked for within others
_MARKER = re.compile(r"^# ?(?:%%(.*)|In ?\[[\d ]*\]:?[ \t]*|<codecell>.*|\+)$", re.MULTILINE)
NOTE = "The file is a Python script; it was read as a notebook. Please hand in the .ipynb file."


def notebook_of_script(submitted: bytes, given: Iterable[str] = ()) -> tuple[dict, list[str]] | None:
    """The script as a notebook in the form of JSON, with a note, or None where the file is no script.

    `given`: sources of released cells, which become cells of their own where the script has them word for word.
    """
    if len(submitted) > MAX_SCRIPT or b"\0" in submitted[:1000]:
        return None
    text = decode(submitted)[0].replace("\r\n", "\n").lstrip("\ufeff")
    if (
        text.lstrip()[:1] in ("{", "[", "<", "")
        or is_link(text)
        and not re.search(r"^(?:def|class) ", text, re.MULTILINE)
    ):
        return None
    if not _is_python(text):
        return None
    known = sorted({one.strip() for one in given if len(one.strip()) >= LONG_ENOUGH}, key=len, reverse=True)
    cells = []
    for title, piece in _marked(text):
        if "[markdown]" in title:
            lines = (line.removeprefix("#").removeprefix(" ") for line in piece.split("\n"))
            cells.append({"cell_type": "markdown", "metadata": {}, "source": "\n".join(lines)})
        else:
            cells += [{"cell_type": "code", "metadata": {}, "source": part} for part in _cut(piece, known)]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}, [NOTE]


def _is_python(text: str) -> bool:
    """Whether the text defines something; half a script does, prose and a list of numbers do not."""
    return bool(_MARKER.search(text) or names_by_line(without_magics(text)))


def _marked(text: str) -> list[tuple[str, str]]:
    """What stands between markers, with what the marker before it says."""
    pieces = _MARKER.split(text)
    titles = ["", *(title or "" for title in pieces[1::2])]
    return [(title, piece.strip("\n")) for title, piece in zip(titles, pieces[::2], strict=True) if piece.strip()]


def _cut(piece: str, known: list[str]) -> list[str]:
    """The piece, cut before and after each text that is `known`."""
    parts = [piece]
    for text in known:
        parts = [one for part in parts for one in (_around(part, text) if part not in known else [part])]
    return [part for part in parts if part.strip()]


def _around(part: str, text: str) -> list[str]:
    before, found, after = part.partition(text)
    whole = found and (not before or before.endswith("\n")) and (not after or after.startswith("\n"))
    return [before.strip("\n"), found, after.strip("\n")] if whole else [part]
