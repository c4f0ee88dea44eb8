"""Markdown with TeX as HTML that prints without scripts: formulas become MathML, which browsers set themselves."""

from __future__ import annotations

import html
import re

from latex2mathml.converter import convert
from markupsafe import Markup
from nbconvert.filters.markdown_mistune import markdown2html_mistune

_FORMULA = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$", re.DOTALL)
# Without a font made for mathematics a browser does not stretch the brackets of a matrix; the page's style draws them.
_MATRIX = re.compile(r"<mo>&#x00028;</mo><mtable>(.*?)</mtable><mo>&#x00029;</mo>")


def to_html(text: str) -> Markup:
    """The HTML of a Markdown text of ours, formulas in `$...$` or `$$...$$`."""
    made = markdown2html_mistune(text)
    return Markup(_FORMULA.sub(_mathml, _without_anchors(made)))


def inline(text: str) -> Markup:
    """The same for a text within a line."""
    return Markup(re.sub(r"^<p>|</p>\s*$", "", str(to_html(text)).strip()))


def _mathml(found: re.Match) -> str:
    block, line = found.groups()
    made = convert(html.unescape(block or line), display="block" if block else "inline")
    return _MATRIX.sub(r'<mtable class="matrix">\1</mtable>', made)


def _without_anchors(made: str) -> str:
    """nbconvert makes headings targets of links; paper has no links, and many sets with the same headings."""
    return re.sub(r'<a class="anchor-link".*?</a>', "", re.sub(r'(<h\d) id="[^"]*"', r"\1", made))
