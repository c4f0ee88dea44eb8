"""One page: what is known of a graded notebook, as HTML that stands alone, without a script and without a network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Template
from markupsafe import Markup

import grader
from grader.checks.exercise.model_answers import ModelAnswer
from grader.desk.feedback.exercises import Work, ungraded, work_of
from grader.desk.feedback.marks import Marks
from grader.desk.feedback.opening import bonus_left, not_graded, opening
from grader.desk.feedback.released import Sheet
from grader.desk.feedback.shown import code_lines, text_with_formulas, words
from grader.desk.files import TEMPLATES, digest
from grader.desk.pages import environment, policy_hash
from grader.judge.grading.result import GRADED, NOT_SHOWN, NotebookResult

TEMPLATE, STYLE = "feedback.html.j2", "feedback.css"
MAKERS = ("feedback", "nbgrader/clean_html.py", "paper/mathml.py", f"templates/{TEMPLATE}", f"templates/{STYLE}")
KINDS = ("points", "bonus", "practice")


@dataclass(frozen=True)
class Facts:
    """All that a page depends on. `kept` is the file of the result that grading kept, empty where there is none.

    `models`: model answers to show, by the graded cell.
    """

    sheet: Sheet
    marks: Marks
    late: str
    notebook: bytes
    kept: bytes = b""
    models: Mapping[str, ModelAnswer] = field(default_factory=dict)

    @property
    def result(self) -> dict:
        """As plain data."""
        return NotebookResult.from_json({**json.loads(self.kept)["result"], "nb": None}).to_json() if self.kept else {}

    @property
    def _told(self) -> str:
        """The result but for the seconds that it took, which no page tells: the same verdicts are the same page."""
        result = json.loads(self.kept)["result"] if self.kept else {}
        return json.dumps(_without_times({**result, "nb": None}), sort_keys=True)

    @property
    def mark(self) -> str:
        """The beginning of the page made of these facts, and of no other."""
        about = repr((sorted(self.marks.scores.items()), sorted(self.marks.comments.items()), self.marks.penalty))
        models = repr(sorted(self.models.items()))
        made_from = digest(made_by(), self.sheet.digest, about, self.late, self.notebook, self._told, models)
        return f"<!DOCTYPE html><!-- {made_from[:32]} -->\n"


def _without_times(part: Any) -> Any:
    if isinstance(part, list):
        return [_without_times(item) for item in part]
    if isinstance(part, dict):
        return {name: _without_times(item) for name, item in part.items() if name not in ("seconds", "timings")}
    return part


def made_by() -> str:
    """Changes with everything that a page is made by."""
    return _made_by()


@cache
def _made_by() -> str:
    desk = TEMPLATES.parent
    files = [path for name in MAKERS for path in (sorted((desk / name).glob("*.py")) or [desk / name])]
    return digest(grader.__version__, *(path.read_bytes() for path in files))


def page(facts: Facts) -> str:
    """The page. Raises ValueError or what else comes up where the graded notebook cannot be read."""
    nb = json.loads(facts.notebook)
    cells = [cell for cell in nb["cells"] if isinstance(cell, dict)]
    result = facts.result
    work = work_of(cells, facts.sheet, facts.marks, result.get("parts", {}), result.get("unanswered", ()))
    could_be_read = result.get("status", GRADED) in (GRADED, NOT_SHOWN)
    if not (could_be_read or any(one.points for one in work.exercises)):  # a person may have given points all the same
        work = ungraded(facts.sheet)
    return facts.mark + _template().render(
        sheet=facts.sheet,
        work=work,
        totals=totals(work),
        opening=opening(work.exercises) if could_be_read else not_graded(),
        bonus_left=bonus_left(work.exercises) if could_be_read else "",
        could_be_read=could_be_read,
        late=facts.late,
        penalty=facts.marks.penalty,
        notes=result.get("notes", ()),
        models=facts.models,
        style=Markup(style()),
        style_hash=policy_hash(style()),
    )


def totals(work: Work) -> list[tuple[str, float, float]]:
    """`(kind, given, most)` for points, bonus and practice, as far as the notebook has them."""
    sums: Mapping[str, list[float]] = {kind: [0.0, 0.0] for kind in KINDS}
    for one in work.exercises:
        sums[one.asked.kind][0] += one.points
        sums[one.asked.kind][1] += one.asked.most
    return [(kind, given, most) for kind, (given, most) in sums.items() if most]


@cache
def _template() -> Template:
    templates = environment()
    templates.filters["words"] = words
    templates.filters["code_lines"] = code_lines
    templates.filters["text"] = text_with_formulas
    templates.filters["number"] = lambda value: f"{round(value, 4) + 0.0:g}"
    return templates.get_template(TEMPLATE)


@cache
def style() -> str:
    return Path(TEMPLATES / STYLE).read_text(encoding="utf-8")
