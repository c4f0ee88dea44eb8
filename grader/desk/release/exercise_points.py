"""A class's own points for single exercises, in its copy of a notebook: cell, check and heading, of one mould."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from nbformat.notebooknode import NotebookNode

# Where a notebook tells what an exercise is worth: `— 0.5 bonus points, 10 minutes`, `*0.5 practice points.*`.
_TOLD = re.compile(
    r"(?:(?<=— )|(?<=, )|(?<=\*))(?P<points>\d{1,4}(?:\.\d{1,4})?) (?P<kind>(?:bonus |practice )?)points?"
    r"(?=, (?:about )?\d{1,4} minutes?|\.\*)"
)
WRITTEN = "points_of_the_course"  # in a cell's metadata: what the course gives for it, and its tests add up to


@dataclass
class _Telling:
    cell: NotebookNode
    found: re.Match
    of: str = ""


def give_points(nb: NotebookNode, own: Mapping[str, float]) -> list[str]:
    """Write the points that a class gives, by grade_id, into its copy of a notebook; returns why that cannot be.

    A graded cell is told by the nearest place above it that says its number and speaks of no later one. What says a
    sum of several exercises would be wrong then, so it is refused.
    """
    tellings = _tellings(nb)
    wrong, new = [], []
    for cell in nb.cells:
        mark = cell.metadata.get("nbgrader", {})
        name = mark.get("grade_id")
        if not mark.get("grade") or name not in own:
            continue
        told = next((one for one in tellings if one.of == name), None)
        exercise = name.removeprefix("test_")
        if told is None:
            wrong.append(f"what {exercise} is worth is said in no heading of its own")
            continue
        sums = [one.found[0] for one in tellings if not one.of and one.found["kind"] == told.found["kind"]]
        if sums:
            wrong.append(f"{exercise} is part of {sums[0]!r}, which the text says of several exercises")
            continue
        new.append((told, own[name]))
        cell.metadata[WRITTEN], mark["points"] = mark["points"], own[name]
        cell.source = cell.source.replace(f'check("{exercise}")', f'check("{exercise}", points={own[name]:g})')
    for told, points in sorted(new, key=lambda pair: -pair[0].found.start()):
        text, found = told.cell.source, told.found
        words = f"{points:g} {found['kind']}point{'' if points == 1 else 's'}"
        told.cell.source = text[: found.start()] + words + text[found.end() :]
    return wrong


def _tellings(nb: NotebookNode) -> list[_Telling]:
    """All places that tell points, each with the graded cell that it tells them of."""
    seen: list[_Telling] = []
    for cell in nb.cells[1:]:  # the first has the sums of all
        mark = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "markdown":
            seen += [_Telling(cell, found) for found in _TOLD.finditer(cell.source)]
        if mark.get("grade"):
            free = [one for one in seen if not one.of and float(one.found["points"]) == float(mark.get("points", 0))]
            if free:
                free[-1].of = mark["grade_id"]
    return seen
