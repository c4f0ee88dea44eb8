"""Two plots as inline SVG: no library, no script, readable on a phone, each with a text in its place.

Colours carry no meaning alone: every bar has its number beside it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape

from rich.cells import cell_len

INK, SOFT, LINE = "#1f2328", "#57606a", "#d0d7de"
BAR, PART, NONE = "#2f6fb0", "#9ec5e8", "#e3e6ea"
MAX_BINS = 12


def histogram(values: Sequence[float], top: float, *, title: str, unit: str) -> str:
    """How many of `values` fall into equal parts of 0 to `top` (more, if a value is above it)."""
    top = max(top, *values) if values else top
    width = _step(top / MAX_BINS)
    bins = max(1, math.ceil(top / width - 1e-9))
    counts = [0] * bins
    for value in values:
        counts[min(bins - 1, int(value / width + 1e-9))] += 1
    tall, wide, left, bottom = 180, 600, 34, 40
    highest = max(counts) or 1
    step = (wide - left) / bins
    parts = []
    for number, count in enumerate(counts):
        x, height = left + number * step, (tall - 20) * count / highest
        y = tall - height
        if count:
            parts.append(
                f'<rect x="{x + 1.5:.1f}" y="{y:.1f}" width="{step - 3:.1f}" height="{height:.1f}" fill="{BAR}"/>'
            )
            parts.append(_text(x + step / 2, y - 4, str(count), anchor="middle"))
    for number in range(bins + 1):
        parts.append(_text(left + number * step, tall + 16, f"{number * width:g}", anchor="middle", colour=SOFT))
    parts.append(f'<line x1="{left}" y1="{tall}" x2="{wide}" y2="{tall}" stroke="{LINE}"/>')
    parts.append(_text((left + wide) / 2, tall + 34, unit, anchor="middle", colour=SOFT))
    told = ", ".join(
        f"{count} from {number * width:g} to {(number + 1) * width:g}" for number, count in enumerate(counts) if count
    )
    return _svg(wide + 12, tall + bottom, parts, title, f"{title}: {told or 'nobody'}.")


def success_bars(rows: Sequence[tuple[str, int, int, int]], *, title: str) -> str:
    """For each `(name, full, part, none)` one bar: how many got all points, some, none."""
    high, left = 26, _room_for(name for name, *_ in rows)
    wide, parts = left + 290, []
    for number, (name, full, part, none) in enumerate(rows):
        y, x = 8 + number * high, float(left)
        total = max(1, full + part + none)
        parts.append(_text(left - 8, y + 14, name, anchor="end"))
        for count, colour, ink in ((full, BAR, "#fff"), (part, PART, INK), (none, NONE, INK)):
            width = (wide - left) * count / total
            if count:
                parts.append(f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{high - 6}" fill="{colour}"/>')
                if width > 14:
                    parts.append(_text(x + width / 2, y + 14, str(count), anchor="middle", colour=ink))
            x += width
        parts.append(_text(wide + 8, y + 14, f"{100 * full / total:.0f} %", colour=SOFT))
    told = "; ".join(f"{name}: {full} all points, {part} some, {none} none" for name, full, part, none in rows)
    return _svg(wide + 60, 12 + high * len(rows), parts, title, f"{title}. {told}.")


def share_bars(rows: Sequence[tuple[str, float | None]], *, title: str) -> str:
    """For each `(name, share)`, the share being 0 to 1 or unknown, one bar with its percentage."""
    high, left = 26, _room_for(name for name, _ in rows)
    wide = left + 290
    parts = [f'<line x1="{left}" y1="4" x2="{left}" y2="{8 + high * len(rows)}" stroke="{LINE}"/>']
    for number, (name, share) in enumerate(rows):
        y, width = 8 + number * high, (wide - left) * (share or 0.0)
        parts.append(_text(left - 8, y + 14, name, anchor="end"))
        parts.append(f'<rect x="{left}" y="{y}" width="{width:.1f}" height="{high - 6}" fill="{BAR}"/>')
        parts.append(_text(left + width + 6, y + 14, "–" if share is None else f"{100 * share:.0f} %", colour=SOFT))
    told = "; ".join(f"{name}: {'unknown' if share is None else f'{100 * share:.0f} %'}" for name, share in rows)
    return _svg(wide + 60, 12 + high * len(rows), parts, title, f"{title}. {told}.")


def _room_for(names: Iterable[str]) -> int:
    """The width of the longest label at the size of these plots, and a little more."""
    return max([150, *(16 + 8 * cell_len(name) for name in names)])


def _step(least: float) -> float:
    """The next of 0.1, 0.25, 0.5, 1, 2, 5, 10, ... that is not smaller."""
    for scale in range(-2, 6):
        for digit in (1, 2.5, 5):
            if digit * 10**scale >= least - 1e-12:
                return digit * 10**scale
    return least


def _text(x: float, y: float, text: str, anchor: str = "start", colour: str = INK) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>'


def _svg(width: float, height: float, parts: list[str], title: str, told: str) -> str:
    return (
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="{escape(told)}" '
        f'font-family="system-ui, sans-serif" font-size="13"><title>{escape(title)}</title>{"".join(parts)}</svg>'
    )
