"""Points that a class gives single exercises in place of the course's: `[week.NAME.exercises]` of its `course.toml`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path


def names_of(notebook: str, grade_id: str) -> set[str]:
    """What people call an exercise: `dense` or `backprop/dense`, and its graded cell, `test_dense`."""
    short = grade_id.removeprefix("test_")
    return {short, grade_id, f"{notebook}/{short}", f"{notebook}/{grade_id}"}


def cells_of(path: Path) -> dict[str, tuple[str, float]]:
    """The kind and points of each graded cell of a notebook; none where it cannot be read, which a release tells."""
    found = {}
    try:
        for cell in json.loads(path.read_bytes())["cells"]:
            mark, tags = cell["metadata"].get("nbgrader", {}), cell["metadata"].get("tags", [])
            if mark.get("grade"):
                kind = next((tag for tag in ("bonus", "practice") if tag in tags), "points")
                found[mark["grade_id"]] = kind, float(mark.get("points", 0))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    return found


def meant(written: str, cells: Iterable[tuple[str, str]]) -> list[str]:
    """The cells, as `notebook/grade_id`, that are called so."""
    return [f"{notebook}/{grade_id}" for notebook, grade_id in cells if written in names_of(notebook, grade_id)]
