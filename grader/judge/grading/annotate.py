"""Writes scores and reasons into a graded notebook, where nbgrader and the student look for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from nbformat.notebooknode import NotebookNode

from grader.judge.bounds import few
from grader.judge.grading.result import CellResult, Outcome
from grader.judge.repair.released import NOTES_ID


def annotate(nb: NotebookNode, parts: Mapping[str, CellResult], notes: Sequence[str]) -> None:
    """Put each part's score and reasons into its test cell, and the notes on top. Changes ``nb``.

    Nothing of ours reads this again: stock nbgrader takes its score from here, and a person the reasons.

    The score is the only ``execute_result`` of a test cell, which is what nbgrader's own rule reads; the reasons stand
    before it. Whatever the cell had printed is gone: a score and its reason come together or not at all.
    """
    for cell in nb.cells:
        part = parts.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        if part is not None and not part.manual and cell.cell_type == "code":
            cell.outputs = [_reasons(part), _score(part)]
            cell.execution_count = None
    if notes:
        text = "**About this grading**\n\n" + "\n".join(f"- {_markdown(note)}" for note in few(notes))
        nb.cells.insert(0, NotebookNode(cell_type="markdown", id=NOTES_ID, metadata=NotebookNode(), source=text))


def _score(part: CellResult) -> NotebookNode:
    # `+ 0.0` turns -0.0 into 0.0; repr never rounds.
    data = {"text/plain": repr(float(part.points) + 0.0)}
    return _output("execute_result", data, execution_count=None)


def _reasons(part: CellResult) -> NotebookNode:
    data = {"text/plain": _as_text(part), "text/html": _as_html(part)}
    return _output("display_data", data)


def _output(kind: str, data: Mapping[str, str], **more: object) -> NotebookNode:
    # nbformat.v4.new_output takes a millisecond to validate what is valid.
    return NotebookNode(output_type=kind, metadata=NotebookNode(), data=NotebookNode(data), **more)


def _as_text(part: CellResult) -> str:
    lines = [f"{part.points:g} of {part.max_points:g} points"]
    for outcome in part.outcomes:
        lines.append(f"{'✓ right' if outcome.passed else '✗ wrong'}  {outcome.title} ({_points(outcome)})")
        if outcome.hint or outcome.remark:
            lines.append(f"         {outcome.hint or outcome.remark}")
    return "\n".join(lines)


def _as_html(part: CellResult) -> str:
    rows = []
    for outcome in part.outcomes:
        said = outcome.hint or outcome.remark
        hint = f"<br><small>{escape(said)}</small>" if said else ""
        word = "✓&nbsp;right" if outcome.passed else "✗&nbsp;wrong"
        rows.append(f"<tr><td>{word}</td><td>{escape(outcome.title)}{hint}</td><td>{_points(outcome)}</td></tr>")
    total = f"{part.points:g} of {part.max_points:g} points"
    return f"<table><thead><tr><th colspan='3'>{total}</th></tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _points(outcome: Outcome) -> str:
    return f"{outcome.points:g} of {outcome.max_points:g}"


def _markdown(text: str) -> str:
    """Text that Markdown shows as it is."""
    return "".join("\\" + c if c in "\\`*_{}[]()<>#+-!|$&" else c for c in " ".join(text.split()))
