"""Markdown with TeX as HTML that needs no script: formulas become MathML, which browsers set themselves."""

from __future__ import annotations

import html
import re
from xml.etree.ElementTree import Element, tostring

from latex2mathml.converter import Converter
from markupsafe import Markup

LONGEST = 4_000  # characters of a formula
_FORMULA = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$", re.DOTALL)
# Without a font made for mathematics a browser does not stretch the brackets of a matrix; the page's style draws them.
_MATRIX = re.compile(r"<mo>\(</mo><mtable>(.*?)</mtable><mo>\)</mo>")
_TAGS = frozenset(
    "math mrow mi mn mo ms mtext mspace msub msup msubsup munder mover munderover mfrac msqrt mroot mtable mtr mtd "
    "mlabeledtr mstyle mpadded mphantom menclose mmultiscripts mprescripts none".split()
)
# No `href`, `style`, `class` or `id`, which TeX of a student's may name.
_ATTRIBUTES = frozenset(
    "display mathvariant mathcolor mathbackground mathsize stretchy fence separator form lspace rspace minsize maxsize "
    "movablelimits accent accentunder linethickness displaystyle scriptlevel columnalign rowspacing columnspacing "
    "columnlines rowlines frame width height depth voffset notation symmetric largeop".split()
)
_HARMLESS = re.compile(r"[\w .,%#+-]{0,60}")
_DEFINES = re.compile(r"\\(?:g|e|x)?(?:def|let|newcommand|renewcommand|providecommand|newenvironment|DeclareMath)")


def to_html(text: str) -> Markup:
    """The HTML of a Markdown text of ours, formulas in `$...$` or `$$...$$`."""
    from nbconvert.filters.markdown_mistune import markdown2html_mistune

    made = markdown2html_mistune(text)
    return Markup(_FORMULA.sub(_mathml, _without_anchors(made)))


def inline(text: str) -> Markup:
    """The same for a text within a line."""
    return Markup(re.sub(r"^<p>|</p>\s*$", "", str(to_html(text)).strip()))


def formula(tex: str, *, block: bool = False) -> str:
    """A formula as MathML that holds text and sizes and nothing else, whoever wrote it.

    What cannot be read as TeX, is longer than `LONGEST` or defines commands (which may grow without end) is shown as
    it was typed.
    """
    try:
        if len(tex) > LONGEST or _DEFINES.search(tex):
            raise ValueError("not for a page")
        tree = Converter(display="block" if block else "inline").convert_to_element(tex)
        for part in tree.iter():
            _make_harmless(part)
    except Exception:  # latex2mathml raises whatever comes up
        return f"<code>{html.escape(tex, quote=False)}</code>"
    made = tostring(tree, encoding="unicode", short_empty_elements=False)
    return _MATRIX.sub(r'<mtable class="matrix">\1</mtable>', made)


def _make_harmless(part: Element) -> None:
    if part.tag not in _TAGS:
        raise ValueError(f"{part.tag} is no part of a formula")
    kept = {name: value for name, value in part.attrib.items() if name in _ATTRIBUTES and _HARMLESS.fullmatch(value)}
    part.attrib.clear()
    part.attrib.update(kept)
    # latex2mathml writes its symbols as references, `&#x02202;`.
    part.text = html.unescape(part.text) if part.text else part.text


def _mathml(found: re.Match) -> str:
    block, line = found.groups()
    return formula(html.unescape(block or line), block=bool(block))


def _without_anchors(made: str) -> str:
    """nbconvert makes headings targets of links; paper has no links, and many sets with the same headings."""
    return re.sub(r'<a class="anchor-link".*?</a>', "", re.sub(r'(<h\d) id="[^"]*"', r"\1", made))
