"""Makes what students wrote safe to look at in Formgrader and in feedback.

nbgrader's pages turn a student's Markdown into HTML as it is, scripts included. The filters here take the place of
theirs: the same Markdown, then only the tags and attributes that text needs. Outputs of code were made safe when the
notebook was graded, and pass through here once more.
"""

from __future__ import annotations

import re
from functools import lru_cache

import bleach
from bleach.css_sanitizer import CSSSanitizer
from jinja2 import pass_context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

TAGS = frozenset(
    "a abbr b blockquote br code del details div em h1 h2 h3 h4 h5 h6 hr i img kbd li mark ol p pre s small span "
    "strong sub summary sup table tbody td tfoot th thead tr u ul".split()
)
ATTRIBUTES = {
    "*": ["class", "title", "align"],
    "a": ["href", "rel"],
    "img": ["src", "alt", "width", "height"],
    "td": ["colspan", "rowspan", "style"],
    "th": ["colspan", "rowspan", "style"],
    "ol": ["start"],
}
PROTOCOLS = frozenset({"http", "https", "mailto", "data"})
_LINK = re.compile(r"(?:https?://|mailto:|#)|[^:&]*$", re.IGNORECASE)
_STYLES = CSSSanitizer(allowed_css_properties=["text-align"])
_IMAGE_DATA = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*", re.IGNORECASE)
# What is left of a picture from elsewhere; its description takes its place.
_PICTURE_GONE = re.compile(r'<img(?![^>]* src=)(?:[^>]* alt="([^"]*)")?[^>]*>')


def _allowed(tag: str, name: str, value: str) -> bool:
    """Which attributes stay. `data:` addresses may be pictures in an `img`, nothing else."""
    if name not in ATTRIBUTES["*"] and name not in ATTRIBUTES.get(tag, ()):
        return False
    if name == "src":
        # A picture from elsewhere tells its server who looks at the page: only pictures of the notebook itself.
        return bool(_IMAGE_DATA.fullmatch(value))
    if name == "href":
        return bool(_LINK.match(value.strip()))
    return True


@lru_cache(maxsize=2048)
def clean(html: str) -> str:
    """`html` with everything taken out that could do more than show text, formulas and embedded pictures."""
    cleaned = bleach.clean(
        html,
        tags=TAGS,
        attributes=_allowed,
        protocols=PROTOCOLS,
        strip=True,
        strip_comments=True,
        css_sanitizer=_STYLES,
    )
    return _PICTURE_GONE.sub(lambda found: found.group(1) or "", cleaned)


@pass_context
def clean_markdown(context, source: str) -> str:
    """The filter `markdown2html` of nbconvert's templates, made safe; knows a cell's attached pictures."""
    attachments = _pictures(context.get("cell", {}).get("attachments", {}))
    renderer = IPythonRenderer(escape=False, attachments=attachments, anchor_link_text="")
    return clean(MarkdownWithMath(renderer=renderer).render(source))


def _pictures(attachments: dict) -> dict:
    """The attachments that are pictures of a known kind."""
    kinds = ("image/png", "image/jpeg", "image/gif")
    return {
        name: {kind: data for kind, data in bundle.items() if kind in kinds and isinstance(data, str)}
        for name, bundle in attachments.items()
        if isinstance(bundle, dict)
    }
