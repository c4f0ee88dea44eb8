"""The points of each notebook in the checkout's course.toml: the sums of its cells, where they are written once."""

from __future__ import annotations

import re
from collections.abc import Iterable

import nbformat
import tomllib
from nbformat.notebooknode import NotebookNode

from grader.desk.course.facts import FACTS, Course, Week
from grader.desk.course.toml_file import TomlFile, read_toml
from grader.desk.errors import DeskError

KINDS = ("points", "bonus", "practice")
TINY = 1e-9


def totals_of(nb: NotebookNode) -> dict[str, float]:
    """What the graded cells of a notebook add up to, by kind."""
    found = dict.fromkeys(KINDS, 0.0)
    for cell in nb.cells:
        mark, tags = cell.metadata.get("nbgrader", {}), cell.metadata.get("tags", [])
        if mark.get("grade"):
            kind = next((tag for tag in ("bonus", "practice") if tag in tags), "points")
            found[kind] += float(mark.get("points", 0))
    return {kind: round(total, 9) for kind, total in found.items()}


def with_totals(course: Course, weeks: Iterable[Week]) -> str:
    """The text of the checkout's course.toml, its points those of the notebooks. Everything else stays as it is."""
    toml = read_toml(course.repo / FACTS)
    for week in weeks:
        number = next(n for n, table in enumerate(toml.data["weeks"]) if table["folder"] == week.folder)
        for place, notebook in enumerate(week.notebooks):
            path = course.repo / week.folder / f"{notebook.name}.ipynb"
            for kind, total in totals_of(nbformat.read(path, as_version=4)).items() if path.exists() else ():
                if abs(getattr(notebook, kind) - total) > TINY:
                    toml = _said(toml, ("weeks", number, "notebooks", place), kind, total)
    return toml.text


def _said(toml: TomlFile, table: tuple[str | int, ...], kind: str, total: float) -> TomlFile:
    """The file with one number another one; a line of its own below the notebook's `kind` where there was none."""
    lines = toml.text.split("\n")
    at = toml.line((*table, kind)) - 1
    if toml.has((*table, kind)):
        lines[at] = re.sub(rf"^(\s*{kind}\s*=\s*)[\d._+e]+", rf"\g<1>{total:g}", lines[at])
    else:
        lines.insert(toml.line((*table, "kind")), f"{kind} = {total:g}")
    text = "\n".join(lines)
    changed = TomlFile(toml.path, text, tomllib.loads(text))
    if _value(changed, (*table, kind)) != total:
        raise DeskError(f"{toml.place(table)}: its {kind} cannot be written.", f"Write {kind} = {total:g} there.")
    return changed


def _value(toml: TomlFile, keys: tuple[str | int, ...]) -> object:
    value: object = toml.data
    for key in keys:
        value = value[key]  # type: ignore[index]
    return value
