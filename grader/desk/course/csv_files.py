"""CSV that spreadsheets and learning platforms open rightly, and what they make of it read back."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from grader.desk.errors import DeskError

BYTE_ORDER_MARK = "\ufeff"
# Where a cell begins: at its text's beginning and, for a spreadsheet that separates otherwise than the file does and so
# knows none of its quotes, behind every separator. What a spreadsheet may take for a formula when a cell begins with
# it, spaces and quotes before it aside, the wide forms of East Asian keyboards included.
_BEGINS = r"(?:^|(?<=[,;\t\r\n]))"
_FORMULA = r"""(?=(?:[^\S\t\r\n]|["'])*[=+\-@＝＋－＠])"""
_BLANK = r"""(?=(?:[^\S\t\r\n]|["'])*[\t\r\n])"""
_RISKY = re.compile(f"{_BEGINS}{_FORMULA}|\\A{_BLANK}")
_MADE_HARMLESS = re.compile(f"{_BEGINS}'{_FORMULA}|\\A'{_BLANK}")


def csv_text(rows: Iterable[Sequence], *, separator: str = ",", decimal: str = ".") -> str:
    """The rows as CSV: a byte-order mark, without which Excel misreads every accent, and lines as Excel ends them.

    A text that would be taken for a formula is written `harmless`. `separator` and `decimal` are `;` and `,` for
    a spreadsheet set up in most of Europe. None is an empty cell.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n", delimiter=separator)
    for row in rows:
        writer.writerow([_cell(cell, decimal) for cell in row])
    return BYTE_ORDER_MARK + text.getvalue()


def read_csv(place: Path) -> list[list[str]]:
    """The rows of a CSV file as spreadsheets save it: UTF-8 or UTF-16, with commas, semicolons or tabs.

    What `csv_text` has written comes back as it was. Raises `DeskError` that names the file.
    """
    try:
        data = place.read_bytes()
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
        head = text.split("\n", 1)[0]
        # Strictly: an open quote would make one cell of all lines below it.
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
        return [[as_it_was(cell) for cell in row] for row in rows]
    except OSError as error:
        raise DeskError(f"{place} cannot be read: {error.strerror}.", "Name another file, or make this one.") from None
    except UnicodeDecodeError:
        raise DeskError(f"{place} is not UTF-8.", "Save it anew as “CSV UTF-8”.") from None
    except csv.Error as error:
        raise DeskError(f"{place} is no CSV file: {error}.", "Save it anew as “CSV UTF-8”.") from None


def harmless(text: str) -> str:
    """`text` as a cell that no spreadsheet runs, whichever separator it reads: an apostrophe where a formula begins."""
    return _RISKY.sub("'", text)


def as_it_was(cell: str) -> str:
    """The text of a cell that `harmless` may have made."""
    return _MADE_HARMLESS.sub("", cell)


def _cell(cell: object, decimal: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return harmless(cell)
    if isinstance(cell, float):
        return str(round(cell, 6)).replace(".", decimal)
    return str(cell)
