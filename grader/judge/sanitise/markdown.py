"""Markdown in which nothing can become active, whichever program renders it.

No parser decides here what is code, formula or link, since the next renderer may see it otherwise. Instead every
spot at which something active could begin is broken by one space, wherever it stands: `<script` becomes `< script`,
`](javascript:` becomes `] (javascript:`, `\\href` becomes `\\ href`. Plain tags, formulas, web links and attached
pictures match strict patterns and stay.
"""

import re
from collections import Counter
from functools import lru_cache
from urllib.parse import unquote

from grader.judge.memo import remembered
from grader.judge.sanitise.links import SAFE_ADDRESS
from grader.judge.sanitise.tex import inert_tex
from grader.judge.sanitise.text import plain, plain_within

MAX_MARKDOWN = 60_000
# The work of nbconvert's renderer grows with the square of these; see `_affordable`.
MAX_OPENERS = 300  # of formulas
MAX_BRACKET_WORK = 2_000_000  # brackets times characters, summed over lines
MAX_BLANKS = 200  # in a row, within a line
WORD_JOINER = "\u2060"  # no width, no line break
BADGE = r"https://colab\.research\.google\.com/assets/colab-badge\.svg"
_TAGS = "b|strong|i|em|u|sub|sup|br|hr|kbd|pre|p|details|summary|ul|ol|li|blockquote|table|thead|tbody|tr|th|td"
_VOID = frozenset({"br", "hr"})
_PLAIN_TAG = re.compile(rf"<(/?)({_TAGS})[ ]?(/?)>", re.IGNORECASE)
# No `=`: inside raw HTML `<https://x/onclick=...>` is a tag with an attribute.
_WEB_LINK = r"https?://[\w./:%#?&~+-]+"
_OPEN_TAG = re.compile(rf"<(?=[A-Za-z/!?])(?!/?(?:{_TAGS})[ ]?/?>)(?!{_WEB_LINK}>)", re.IGNORECASE)
_ENTITIES = "amp|lt|gt|quot|nbsp|ndash|mdash|hellip|times|middot|deg|plusmn|le|ge|ne|rarr|larr"
_ENTITY = re.compile(rf"&(?=#|[A-Za-z][A-Za-z0-9]*;)(?!(?:{_ENTITIES});)")
_TITLE = r"(?:[ \t]+\"[^\"<>\n]*\")?"
_IMAGE = re.compile(r"!\[(?:([^\[\]<>`\\$!\n]*)\]\(([^\s()<>\"'`\\\[\]]*)\))?")
_LINK = re.compile(rf"\]\((?!{SAFE_ADDRESS}{_TITLE}\)|attachment:[\w.%-]+\))")
_REFERENCE = re.compile(rf"\]:(?![ \t]*{SAFE_ADDRESS}{_TITLE}[ \t]*$)", re.MULTILINE)
_DRAWING = re.compile(r"([`~]{3}[^\S\n]*)(?=mermaid)", re.IGNORECASE)
_FORMULA = re.compile(r"\\\\(?=[\[(])|\\(?=begin\b)")
_HEADING = re.compile(r"^((?:[ \t>*+-]|\d+[.)])*#{1,6}[ \t]*)(?=\S)")
_NOT_TEXT = re.compile(r"!\[|\]\(|\]\[|<")  # where parts of a line begin that no heading shows
_BLANKS = re.compile(rf"([ \t]{{{MAX_BLANKS}}})[ \t]*+")
_UNDERLINE = re.compile(r"^[ \t>]*(?:=+|-+)[ \t]*$")


def inert_markdown(source: str, pictures: dict[str, str] | None = None, reserved: frozenset[str] = frozenset()) -> str:
    """`source` with nothing active left.

    `pictures` maps the name of an attachment to the name it has now; an image of anything else becomes a link.
    `reserved` are ids of the page that shows the text: no heading may take one of them as its own.
    """
    return _inert(source, reserved, tuple(sorted((pictures or {}).items())))


@remembered
def _inert(source: str, reserved: frozenset[str], pictures: tuple[tuple[str, str], ...]) -> str:
    text = plain_within(source, MAX_MARKDOWN).replace("\x1b", "")
    text = _ENTITY.sub("& ", text)
    text = _OPEN_TAG.sub("< ", text)
    text = _balanced(text)
    text = _DRAWING.sub(r"\1no-", text)  # a drawing language that runs in the page
    text = inert_tex(text)
    text = _IMAGE.sub(lambda match: _image(match, dict(pictures)), text)
    text = _LINK.sub("] (", text)
    text = _REFERENCE.sub("] :", text)
    return _without_reserved_headings(_affordable(text), reserved)


def inert_raw(source: str) -> str:
    """Text of a raw cell, which some templates paste into the page as it is."""
    return inert_tex(_ENTITY.sub("& ", re.sub(r"<(?=[A-Za-z/!?])", "< ", plain(source).replace("\x1b", ""))))


def _affordable(text: str) -> str:
    """Break what no reader needs and a renderer would brood over: thousands of blanks, or formulas or brackets open."""
    text = _BLANKS.sub(r"\1", text)
    if len(_FORMULA.findall(text)) > MAX_OPENERS:
        text = _FORMULA.sub(lambda match: match[0] + " ", text)
    if sum(line.count("[") * len(line) for line in text.split("\n")) > MAX_BRACKET_WORK:
        text = text.replace("[", "[\n")
    return text


def _balanced(text: str) -> str:
    """Break plain tags that are not closed after they are opened: they would style the rest of the page."""
    still_open: Counter[str] = Counter()
    unbalanced = set()
    for slash, name, _ in _PLAIN_TAG.findall(text):
        still_open[name.lower()] += -1 if slash else 1
        if still_open[name.lower()] < 0:
            unbalanced.add(name.lower())
    unbalanced = (unbalanced | {name for name, surplus in still_open.items() if surplus}) - _VOID

    def break_it(match: re.Match) -> str:
        return "< " + match[0][1:] if match[2].lower() in unbalanced else match[0]

    return _PLAIN_TAG.sub(break_it, text)


def _image(match: re.Match, pictures: dict[str, str]) -> str:
    """The image if it is attached or a badge of the course, else no image."""
    alt, address = match[1], match[2]
    if address is None:
        return "! ["
    if re.fullmatch(BADGE, address):
        return match[0]
    name = address.removeprefix("attachment:")
    known = pictures.get(name) or pictures.get(unquote(name))
    if address.startswith("attachment:") and known:
        return f"![{alt}](attachment:{known})"
    return "! " + match[0][1:]


def _without_reserved_headings(text: str, reserved: frozenset[str]) -> str:
    """Put a character without width into each heading that would get one of the page's own ids."""
    forbidden = _forbidden(reserved)
    lines = text.split("\n")
    for at, line in enumerate(lines):
        if _letters(_shown(line)) not in forbidden:
            continue
        if _HEADING.match(line):
            lines[at] = _HEADING.sub(rf"\1{WORD_JOINER}", line) if WORD_JOINER not in line else line
        elif at + 1 < len(lines) and _UNDERLINE.match(lines[at + 1]) and not line.endswith(WORD_JOINER):
            lines[at] = line + WORD_JOINER
    return "\n".join(lines)


def _shown(line: str) -> str:
    """`line` without images, addresses and tags: what a heading shows, and makes its id of."""
    nearest: dict[str, int] = {}

    def end_of(mark: str, start: int) -> int:
        """The next `mark`, or beyond the line; remembered, so that no part of the line is searched twice."""
        if nearest.get(mark, -1) < start:
            at = line.find(mark, start)
            nearest[mark] = at if at >= 0 else len(line)
        return nearest[mark]

    parts, at = [], 0
    while begin := _NOT_TEXT.search(line, at):
        end = end_of({"<": ">", "](": ")"}.get(begin[0], "]"), begin.end())
        if begin[0] == "![":
            end = end_of(")", end + 2) if line.startswith("](", end) else len(line)
        until = end < len(line)
        parts.append(line[at : begin.start() + (not until)])
        at = end + 1 if until else begin.start() + 1
    return "".join([*parts, line[at:]])


@lru_cache(maxsize=16)
def _forbidden(reserved: frozenset[str]) -> frozenset[str]:
    return frozenset(_letters(name + end) for name in reserved for end in ("", "-comment", "_extra_credit"))


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
