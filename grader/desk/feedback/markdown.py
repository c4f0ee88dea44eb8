"""Markdown as HTML in which marks stand for the formulas: they come in after cleaning, as MathML."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from nbconvert.filters.markdown_mistune import InvalidNotebook, IPythonRenderer, MarkdownWithMath

from grader.desk.feedback.room import Room
from grader.desk.paper.mathml import formula

MAX_FORMULAS = 200_000  # characters of TeX and of the MathML made of it, in one text


def rendered(source: str, attachments: Mapping) -> tuple[str, dict[str, str]]:
    """The HTML of a text, and the MathML for each mark in it, by the mark's number."""
    renderer = _WithMarks(attachments)
    return MarkdownWithMath(renderer=renderer).render(source), renderer.formulas


class _WithMarks(IPythonRenderer):
    """nbconvert's renderer, which leaves a mark where a formula is to stand."""

    def __init__(self, attachments: Mapping) -> None:
        super().__init__(escape=False, attachments=dict(attachments), exclude_anchor_links=True)
        self.formulas: dict[str, str] = {}
        self.room = Room(MAX_FORMULAS)

    def block_math(self, body: str) -> str:
        return self._mark(body, block=True)

    def inline_math(self, body: str) -> str:
        return self._mark(body)

    def latex_environment(self, name: str, body: str) -> str:
        return self._mark(f"\\begin{{{name}}}{body}\\end{{{name}}}", block=True)

    def heading(self, text: str, level: int, **attrs: object) -> str:
        # The page's own headings lead to its sections; those of a text come below them, and are no targets.
        return f"<h{min(level + 3, 6)}>{text}</h{min(level + 3, 6)}>\n"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        try:
            return super().image(text, url, title)
        except InvalidNotebook:  # no such picture is attached
            return escape(text)

    def _mark(self, tex: str, block: bool = False) -> str:
        made = formula(tex, block=block) if self.room.takes(len(tex)) else ""
        if not made or not self.room.takes(len(made)):
            return "…"
        number = str(len(self.formulas))
        self.formulas[number] = made
        return f"\ue000{number}\ue001"
