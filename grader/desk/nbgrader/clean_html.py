"""Makes what students wrote safe to look at in Formgrader and in feedback.

nbgrader's pages turn a student's Markdown into HTML as it is, scripts included. The filters here take the place of
theirs: the same Markdown, then only the tags and attributes that text needs. Outputs of code were made safe when the
notebook was graded, and pass through here once more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from jinja2 import pass_context

from grader.judge.memo import remembered
from grader.judge.sanitise.html import TAGS, is_harmless, rebuilt

_TAGS = TAGS | {"abbr", "del", "mark"}
_LINK = re.compile(r"(?:https?://|mailto:|#)|[^:&]*$", re.IGNORECASE)
_IMAGE_DATA = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*", re.IGNORECASE)


def _keeps(tag: str, name: str, value: str) -> bool:
    """Whether an attribute stays: what is harmless in an output, and the classes by which code is coloured."""
    if name == "src":
        # A picture from elsewhere tells its server who looks at the page: only pictures of the notebook itself.
        return tag == "img" and _IMAGE_DATA.fullmatch(value) is not None
    if name == "href":
        return tag == "a" and _LINK.match(value) is not None
    return name in ("class", "title", "align") or is_harmless(tag, name, value)


@remembered
def clean(html: str) -> str:
    """`html` with everything taken out that could do more than show text, formulas and embedded pictures."""
    return rebuilt(html, _TAGS, _keeps)


@pass_context
def clean_markdown(context: Mapping[Any, Any], source: str) -> str:
    """The filter `markdown2html` of nbconvert's templates, made safe; knows a cell's attached pictures."""
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    attachments = pictures(context.get("cell", {}).get("attachments", {}))
    renderer = IPythonRenderer(escape=False, attachments=attachments, exclude_anchor_links=True)
    return clean(MarkdownWithMath(renderer=renderer).render(source))


def pictures(attachments: Mapping) -> dict:
    """The attachments that are pictures of a known kind."""
    kinds = ("image/png", "image/jpeg", "image/gif")
    return {
        name: {kind: data for kind, data in bundle.items() if kind in kinds and isinstance(data, str)}
        for name, bundle in attachments.items()
        if isinstance(bundle, dict)
    }
