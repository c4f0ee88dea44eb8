"""The rubric of a written answer, shown beside the answer in Formgrader.

`solutions/<week>/<notebook>/rubric.md` has a section for each written answer, headed by its grade_id; a rubric without
such a section is shown as a whole. Only Formgrader's page of a submission shows it: it is no part of any notebook, so
it reaches neither feedback nor a release.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from grader.desk.nbgrader.clean_html import clean, clean_markdown

_HEADING = re.compile(r"^(#{1,6})[ \t]+(.*)$", re.MULTILINE)


def section(text: str, grade_id: str) -> str:
    """The part of a rubric that is about one answer: below the heading that names it, up to the next of its rank."""
    headings = list(_HEADING.finditer(text))
    for number, heading in enumerate(headings):
        if re.search(rf"(?<!\w){re.escape(grade_id)}(?!\w)", heading[2]):
            rank = len(heading[1])
            ends = (other.start() for other in headings[number + 1 :] if len(other[1]) <= rank)
            return text[heading.end() : next(ends, len(text))].strip()
    return text.strip()


def with_rubric(repo: Path, context: Mapping, source: str) -> str:
    """The filter `markdown2html` for nbgrader's pages: the answer, made safe, and on Formgrader's page its rubric.

    `context` is the template's, `repo` the checkout with `solutions/`.
    """
    html = clean_markdown(context, source)
    resources, cell = context.get("resources", {}), context.get("cell", {})
    data = cell.get("metadata", {}).get("nbgrader", {})
    if "submission_id" not in resources or not (data.get("grade") and data.get("solution")):
        return html
    place = repo / "solutions" / resources["assignment_id"] / resources["notebook_id"] / "rubric.md"
    return html + _details(_text(place), data["grade_id"])


def _details(text: str, grade_id: str) -> str:
    if not text.strip():
        return ""
    renderer = IPythonRenderer(escape=False, exclude_anchor_links=True)
    body = clean(MarkdownWithMath(renderer=renderer).render(section(text, grade_id)))
    style = "border-left: 4px solid #2f6fb0; background: #f3f7fb; padding: .5em 1em; margin-top: 1em"
    return f'<details class="rubric" open style="{style}"><summary><b>Rubric</b></summary>{body}</details>'


def _text(place: Path) -> str:
    try:
        return _read(place, place.stat().st_mtime_ns)
    except OSError:
        return ""


@lru_cache(maxsize=64)
def _read(place: Path, changed: int) -> str:
    return place.read_text(encoding="utf-8")
