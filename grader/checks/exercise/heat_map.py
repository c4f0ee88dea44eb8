"""A small picture of a wrong array as an HTML table: yours, the right numbers, and the relative error as a heat map.

Colours are laid over whatever background there is, so that the picture is readable on a light page and on a dark one.
None of them is needed: small arrays show their numbers, negative ones a minus, the worst entry a frame and a cross.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import numpy as np

from grader.checks.diagnosis.tolerance import RTOL, largest

ROWS, COLUMNS = 8, 12  # squares at most; of larger arrays one square stands for a block of entries
NUMBERED_COLUMNS = 5  # up to so many columns, squares are wide enough for numbers
POSITIVE, NEGATIVE, ERROR = "213,94,0", "0,114,178", "204,121,167"  # Okabe and Ito (2008)
STRONGEST = 0.7  # opacity of the strongest colour: text on it is readable in black and in white
LEVELS = (1e-3, 1e-1, 0.5)
FROM, TO = -8.0, 0.0  # powers of ten of the relative error between which the heat map grows
NEGLIGIBLE = 1e-6  # entries below this part of the largest one are compared with that part of it

# What a page that strips style sheets loses is the tidiness of the squares, and nothing that is told.
SHEET = """<style>
table.grader-picture{border-collapse:collapse;margin:0;font-size:11px;color:inherit;border:0}
table.grader-picture caption{caption-side:top;text-align:left;color:inherit;padding:0}
table.grader-picture tr{background:none!important}
table.grader-picture td{padding:0 3px;border:1px solid rgba(128,128,128,.35);text-align:center;min-width:.9em;
height:1.5em;line-height:1.5}
table.grader-picture td.worst{outline:2px solid currentColor;outline-offset:-2px;font-weight:bold}
</style>"""


def picture(
    yours: np.ndarray, right: np.ndarray, index: tuple[int, ...], reference: str, ignore: np.ndarray | None = None
) -> str:
    """HTML of three tables for two arrays of one shape; empty if there is nothing to see in them.

    index: the worst entry. reference: the word for the right numbers. ignore: entries that are not judged (kinks).
    """
    if yours.shape != right.shape or not yours.ndim or yours.size < 2 or np.iscomplexobj(yours):
        return ""
    error = relative_error(yours, right)
    judged = np.ones(right.shape, bool) if ignore is None else ~np.broadcast_to(ignore, right.shape)
    flat = [_two_axes(a) for a in (yours, right, error, judged)]
    worst = np.zeros(right.shape, bool)
    worst[index] = True
    shown = _representatives(np.where(flat[3], flat[2], -1.0), _two_axes(worst))
    panels = [
        _panel("yours", flat[0], shown, flat[3], _signed),
        _panel(reference, flat[1], shown, flat[3], _signed),
        _panel("relative error", flat[2], shown, flat[3], _heat),
    ]
    boxes = "".join(f'<div style="margin:4px 14px 4px 0">{panel}</div>' for panel in panels)
    flow = f'<div style="display:flex;flex-wrap:wrap;align-items:flex-start">{boxes}</div>'
    return f"{SHEET}{flow}{_caption(right.shape)}"


def relative_error(yours: np.ndarray, right: np.ndarray) -> np.ndarray:
    """|yours - right| / max(|yours|, |right|), entry by entry; nan where yours is not finite and right is."""
    with np.errstate(all="ignore"):
        size = np.maximum(np.maximum(np.abs(yours), np.abs(right)), NEGLIGIBLE * largest(right))
        error = np.where(yours == right, 0.0, np.abs(yours - right) / size)
    return error


def error_map(yours: object, right: object) -> str:
    """Which entries are wrong and how much, without a number of either: `0040/0140`, a digit for a square.

    0 is right; 1 to 4 are relative errors below 0.001, 0.1, 0.5, and above. Empty where nothing is to be seen: no two
    arrays of one shape, or all of it wrong.
    """
    if not (isinstance(yours, np.ndarray) and isinstance(right, np.ndarray) and yours.shape == right.shape):
        return ""
    if right.size < 2 or not right.ndim or {yours.dtype.kind, right.dtype.kind} - set("biuf"):
        return ""
    error = _two_axes(relative_error(yours.astype(float), right.astype(float)))
    shown = _representatives(error, np.zeros(error.shape, bool))
    size = np.array([[error[i, j] for i, j, _ in row] for row in shown])
    level = np.where(size <= RTOL, 0, 1 + np.searchsorted(LEVELS, size))  # nan is sorted to the end
    return "/".join("".join(map(str, row)) for row in level) if level.any() and not level.all() else ""


def _two_axes(array: np.ndarray) -> np.ndarray:
    """A vector as one row; of more than two axes, the last one against all others."""
    return array.reshape(1, -1) if array.ndim == 1 else array.reshape(-1, array.shape[-1])


def _blocks(shape: tuple[int, int]) -> tuple[int, int]:
    """Rows and columns of the block one square stands for."""
    return -(-shape[0] // ROWS), -(-shape[1] // COLUMNS)


def _representatives(error: np.ndarray, worst: np.ndarray) -> list[list[tuple[int, int, bool]]]:
    """For every square the entry it shows: the one of largest error in its block. True marks the worst of all."""
    high, wide = _blocks(error.shape)
    error = np.where(worst, np.inf, np.nan_to_num(error, nan=float(np.finfo(float).max)))
    rows = []
    for top in range(0, error.shape[0], high):
        row = []
        for left in range(0, error.shape[1], wide):
            block = error[top : top + high, left : left + wide]
            i, j = np.unravel_index(int(np.argmax(block)), block.shape)
            row.append((top + int(i), left + int(j), bool(worst[top + i, left + j])))
        rows.append(row)
    return rows


def _panel(
    title: str, array: np.ndarray, shown: list, judged: np.ndarray, colour: Callable[[float, float], str]
) -> str:
    numbered = array.shape[1] <= NUMBERED_COLUMNS and _blocks(array.shape) == (1, 1)
    top = largest(np.where(judged, array, 0.0))
    rows = []
    for line in shown:
        squares = [_square(array[i, j], judged[i, j], worst, numbered, colour, top) for i, j, worst in line]
        rows.append(f"<tr>{''.join(squares)}</tr>")
    return f'<table class="grader-picture"><caption>{escape(title)}</caption>{"".join(rows)}</table>'


def _square(
    value: float, judged: bool, worst: bool, numbered: bool, colour: Callable[[float, float], str], top: float
) -> str:
    text = _text(value, numbered, worst) if judged else "kink"
    shade = f' style="{colour(value, top)}"' if judged else ""
    kind = ' class="worst"' if worst else ""
    return f"<td{kind}{shade}>{text}</td>"


def _text(value: float, numbered: bool, worst: bool) -> str:
    if np.isnan(value) or numbered:
        return f"{value:.3g}"
    return "✗" if worst else "−" if value < 0 else ""


def _signed(value: float, top: float) -> str:
    """Blue for negative, orange for positive, the stronger the larger."""
    share = 1.0 if not np.isfinite(value) else abs(value) / top if top else 0.0
    return _shade(NEGATIVE if value < 0 else POSITIVE, share)


def _heat(value: float, top: float) -> str:
    with np.errstate(divide="ignore"):
        return _shade(ERROR, 1.0 if np.isnan(value) else (np.log10(value) - FROM) / (TO - FROM))


def _shade(colour: str, share: float) -> str:
    opacity = STRONGEST * float(np.clip(share, 0, 1))
    return f"background:rgba({colour},{opacity:.2f})"


def _caption(shape: tuple[int, ...]) -> str:
    """What a square stands for, if not for one entry."""
    high, wide = _blocks(_two_axes(np.empty(shape)).shape)
    if (high, wide) == (1, 1):
        return ""
    size = " x ".join(map(str, shape))
    return f'<div style="font-size:11px">{size} entries: a square shows the worst of {high} x {wide}</div>'
