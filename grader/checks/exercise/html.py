"""The results of one exercise as HTML, for a notebook; the same words as in the plain text, and a picture.

Nothing here needs a style sheet or a script: what a reader's page strips costs colours, never words. Colours are laid
over the page's own background and text keeps the page's own colour, so that light and dark themes both work.
"""

from __future__ import annotations

import re
from html import escape

from grader.checks.exercise.for_nbgrader import nbgrader_reads
from grader.checks.exercise.heat_map import picture
from grader.checks.exercise.results import MOST, MOST_EXPLAINED, ExerciseReport, Result, not_written
from grader.checks.figures.style import in_notebook, watched

COLOUR = {True: "0,158,115", False: "213,94,0", None: "128,128,128"}
MARK = {True: "✓ ok", False: "✗ wrong", None: "· open"}
CODE = re.compile(r"`([^`]+)`")
HIGHEST = 560  # pixels; what is longer can be scrolled
BOX = f"max-width:100%;max-height:{HIGHEST}px;overflow:auto;font-size:13px;line-height:1.4;color:inherit"
LINE = "padding:1px 8px;margin:2px 0;overflow-wrap:anywhere;color:inherit;border-left:4px solid rgb({0});"
TINT = "background:rgba({0},.08);"


def show(report: ExerciseReport) -> None:
    """Show the results: text and HTML in one output of a notebook that somebody watches, else printed text.

    Raises `NotRight` only while nbgrader validates the notebook.
    """
    text = report.text()
    if in_notebook() and watched():
        from IPython.display import display

        display({"text/plain": text, "text/html": html(report)}, raw=True)
    else:
        print(text)
    nbgrader_reads(report.passed, report.points and report.points[0], text)


def html(report: ExerciseReport) -> str:
    """The report as HTML, at most a screen high."""
    lines = []
    if report.missing is not None:
        lines.append(f'<div style="padding:1px 8px">{escape(not_written(report.exercise, report.missing))}</div>')
    elif report.stopped is not None:
        lines.append(_failure(f"{report.exercise}: stopped by an error", report.stopped.lines()))
    elif not report.results:
        lines.append(f'<div style="padding:1px 8px">{escape(report.exercise)}: nothing was checked</div>')
    return f'<div style="{BOX}">{_head(report)}{"".join(lines + _result_lines(report))}{report.model}</div>'


def _head(report: ExerciseReport) -> str:
    remark = _line(None, report.remark) if report.remark else ""
    if not report.results:
        return remark
    return f"{remark}<div><b>{escape(report.exercise)}</b>: {report.summary()}</div>"


def _result_lines(report: ExerciseReport) -> list[str]:
    """What is wrong comes first: it must be seen without scrolling."""
    lines: dict[bool | None, list[str]] = {ok: [] for ok in MOST}
    count, drawn = dict.fromkeys(MOST, 0), False
    for result in report.results:
        count[result.ok] += 1
        if count[result.ok] > MOST[result.ok]:
            continue
        if result.ok is not False:
            lines[result.ok].append(_line(result.ok, result.what, _rows(result.details)))
        elif count[False] > MOST_EXPLAINED:
            lines[False].append(_line(False, result.what))
        else:
            image = "" if drawn else _picture(result)
            drawn = drawn or bool(image)
            lines[False].append(_failure(result.what, result.details, image))
    for ok in MOST:
        if count[ok] > MOST[ok]:
            lines[ok].append(_line(ok, f"and {count[ok] - MOST[ok]} more"))
    return lines[False] + lines[None] + lines[True]


def _line(ok: bool | None, text: str, more: str = "") -> str:
    colour = COLOUR[ok]
    style = LINE.format(colour) + ("" if ok else TINT.format(colour))
    return f'<div style="{style}"><b>{MARK[ok]}</b> &nbsp;{escape(text)}{more}</div>'


def _failure(what: str, details: list[str], image: str = "") -> str:
    """A failed property with its lines, `  label    text` each, and a picture."""
    return _line(False, what, _rows(details) + image)


def _rows(details: list[str]) -> str:
    rows = []
    for detail in details:
        label, _, text = detail.strip().partition(" ")
        rows.append(f'<div style="padding-left:1em"><i>{escape(label)}</i> &nbsp;{_spaced(text)}</div>')
    return "".join(rows)


def _spaced(text: str) -> str:
    """Escaped, with the wide gaps of the plain text as dots, as HTML keeps no spaces, and `code` set as code."""
    return CODE.sub(r"<code>\1</code>", escape(" · ".join(filter(None, map(str.strip, text.split("   "))))))


def _picture(result: Result) -> str:
    verdict = result.verdict
    if verdict is None or verdict.index is None or result.yours is None or result.expected is None:
        return ""
    return picture(result.yours, result.expected, verdict.index, result.reference, result.ignore)
