"""CSV that spreadsheets and learning platforms open rightly."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

BYTE_ORDER_MARK = "\ufeff"
# What a spreadsheet may take for a formula when a cell begins with it, the wide forms of East Asian keyboards included.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def csv_text(rows: Iterable[Sequence], *, separator: str = ",", decimal: str = ".") -> str:
    """The rows as CSV: a byte-order mark, without which Excel misreads every accent, and lines as Excel ends them.

    A text that would be taken for a formula gets an apostrophe before it. `separator` and `decimal` are `;` and `,` for
    a spreadsheet set up in most of Europe. None is an empty cell.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n", delimiter=separator)
    for row in rows:
        writer.writerow([_cell(cell, decimal) for cell in row])
    return BYTE_ORDER_MARK + text.getvalue()


def harmless(text: str) -> str:
    """`text` as a cell that no spreadsheet runs."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def _cell(cell: object, decimal: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return harmless(cell)
    if isinstance(cell, float):
        return str(round(cell, 6)).replace(".", decimal)
    return str(cell)
