r"""The little TeX that personal questions need: written from numbers, and turned into plain text for a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable

_MATRIX = re.compile(r"\\begin\{pmatrix\}(.*?)\\end\{pmatrix\}", re.DOTALL)
_WORDS = (
    (r"\\hat\{?\\?y\}?|\\hat y", "y_hat"),
    (r"\\(?:tfrac|frac)\{?(\d)\}?\{?(\d)\}?", r"\1/\2"),
    (r"\^\{?\\top\}?", "^T"),
    (r"\\lVert|\\rVert", "||"),
    (r"\\operatorname\{(\w+)\}", r"\1"),
    (r"\\partial\s*", "d"),
    (r"\\cdot", "*"),
    (r"\\to", "->"),
    (r"\\in(?![a-z])", "in"),
    (r"\\times", "x"),
    (r"\\mathbb\{?R\}?", "R"),
    (r"\\q?quad", "   "),
    (r"\\[bB]ig", ""),
    (r"\\[,;:!]", " "),
    (r"\\(max|eta|tr|ldots)", r"\1"),
    (r"\*\*|\$", ""),
    (r"[{}]", ""),
    (r"[ ]{2,}", " "),
)


def added(factor: float, letter: str = "") -> str:
    """A term as it is added to others: `+ 3x` or `- x`."""
    size = "" if abs(factor) == 1 and letter else f"{abs(factor):g}"
    return f"{'-' if factor < 0 else '+'} {size}{letter}"


def linear(*terms: tuple[float, str]) -> str:
    r"""`3x_1 - x_2 + 4` from (3, "x_1"), (-1, "x_2"), (4, ""); a factor of zero is left out."""
    text = " ".join(added(factor, letter) for factor, letter in terms if factor)
    return text.removeprefix("+ ").replace("- ", "-", int(text.startswith("-"))) or "0"


def matrix(rows: Iterable[Iterable]) -> str:
    """A matrix from its rows; a row vector is [[1, 2]]."""
    inside = r" \\ ".join(" & ".join(f"{entry:g}" for entry in row) for row in rows)
    return rf"\begin{{pmatrix}} {inside} \end{{pmatrix}}"


def column(entries: Iterable) -> str:
    """A column vector."""
    return matrix([[entry] for entry in entries])


def plain(text: str) -> str:
    """Markdown with TeX as plain text; matrices as nested lists, column vectors as lists of rows."""
    text = _MATRIX.sub(lambda found: _rows(found.group(1)), text)
    for pattern, instead in _WORDS:
        text = re.sub(pattern, instead, text)
    return "\n".join(line.strip() for line in text.splitlines())


def _rows(inside: str) -> str:
    rows = [f"[{', '.join(entry.strip() for entry in row.split('&'))}]" for row in inside.split(r"\\")]
    return f"[{', '.join(rows)}]"
