"""HTML outputs (tables above all) rebuilt from a short list of harmless tags.

The output is written here, tag by tag, from a fixed list: what the input may have meant to one browser or another
does not matter. Work and output grow with the length of the input and no faster. Libraries that build the tree a
browser would build cannot promise that: 54 kB of `<b id=1><p><b id=2><p>...` become 56 MB in nh3, and bleach needs
minutes for 70 kB of nested tags.
"""

import re
from collections.abc import Callable, Iterator
from html import escape, unescape

from grader.judge.memo import remembered
from grader.judge.sanitise.images import valid_image
from grader.judge.sanitise.links import is_safe_address
from grader.judge.sanitise.tex import inert_tex
from grader.judge.sanitise.text import plain

MAX_DEPTH = 60
MAX_IMAGE = 3_000_000  # characters of base64
VOID = frozenset({"br", "hr", "img"})
TAGS = VOID | frozenset(
    "a b blockquote caption code dd details div dl dt em h1 h2 h3 h4 h5 h6 i kbd li ol p pre s samp small span "
    "strong sub summary sup table tbody td tfoot th thead tr u ul".split()
)
# Elements whose content is not text for the reader.
_HIDDEN = frozenset(
    "head iframe math noembed noframes noscript object script style svg template textarea title xmp".split()
)
_TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9]*+)((?:[^<>"']|"[^"<>]*"|'[^'<>]*')*)>""")
_ATTRIBUTE = re.compile(r"""(?<![a-zA-Z-])([a-zA-Z-]++)\s*+=\s*+("[^"]*"|'[^']*'|[^\s"'>]++)""")
_BRACKET = re.compile(r"[<>]")
_NUMBER = re.compile(r"[0-9]{1,4}")
_DATA_IMAGE = re.compile(r"data:(image/(?:png|jpeg|gif));base64,([A-Za-z0-9+/=\s]+)")


@remembered  # most HTML comes from the course's own checks, which say the same to many students
def clean_html(source: str) -> str:
    """`source` with only listed tags and attributes, every tag closed, all text escaped."""
    return rebuilt(source, TAGS, is_harmless)


def rebuilt(source: str, tags: frozenset[str], keeps: Callable[[str, str, str], bool]) -> str:
    """`source` with only these tags, and of their attributes those for which `keeps(tag, name, value)` is true."""
    builder = _Builder(tags, keeps)
    for piece in _pieces(plain(source)):
        if isinstance(piece, str):
            builder.text(piece)
        else:
            builder.tag(piece)
    return builder.finish()


class _Builder:
    """Writes balanced tags and escaped text."""

    def __init__(self, tags: frozenset[str], keeps: Callable[[str, str, str], bool]):
        self.tags, self.keeps = tags, keeps
        self.written: list[str] = []
        self.open_tags: list[str] = []
        self.waiting: list[str] = []

    def text(self, text: str) -> None:
        # Held back until the next tag, so that no command can hide in two pieces of text that end up side by side.
        self.waiting.append(text)

    def tag(self, match: re.Match[str]) -> None:
        closing, name, attributes = match[1], match[2].lower(), match[3]
        if name not in self.tags:
            return
        self._write_text()
        if closing:
            self._close(name)
        elif name in VOID or len(self.open_tags) < MAX_DEPTH:
            self._open(name, attributes)

    def finish(self) -> str:
        self._write_text()
        while self.open_tags:
            self.written.append(f"</{self.open_tags.pop()}>")
        return "".join(self.written)

    def _open(self, name: str, attributes: str) -> None:
        kept = self._kept(name, attributes)
        if name == "img" and "src" not in kept:
            self.text(kept.get("alt", ""))
            return
        written = "".join(f' {key}="{escape(value)}"' for key, value in kept.items())
        self.written.append(f"<{name}{written}>")
        if name not in VOID:
            self.open_tags.append(name)

    def _kept(self, name: str, attributes: str) -> dict[str, str]:
        kept = {}
        for match in _ATTRIBUTE.finditer(attributes):
            key, value = match[1].lower(), plain(unescape(match[2].strip("\"'"))).strip()
            if self.keeps(name, key, value):
                kept[key] = value
        return kept

    def _close(self, name: str) -> None:
        if name not in self.open_tags:
            return
        while True:
            last = self.open_tags.pop()
            self.written.append(f"</{last}>")
            if last == name:
                return

    def _write_text(self) -> None:
        if self.waiting:
            self.written.append(escape(inert_tex(unescape("".join(self.waiting))), quote=False))
            self.waiting = []


def is_harmless(name: str, key: str, value: str) -> bool:
    """Whether the attribute may stay: sizes, spans, alignment, plain links, pictures that are pictures."""
    if key in ("colspan", "rowspan", "width", "height", "border", "start"):
        return _NUMBER.fullmatch(value) is not None
    if key == "class":
        return name == "table" and value == "dataframe"
    if key == "style":
        return re.fullmatch(r"text-align: ?(left|right|center);?", value) is not None
    if key == "href":
        return name == "a" and is_safe_address(value)
    if key == "src":
        match = _DATA_IMAGE.fullmatch(value)
        return name == "img" and match is not None and valid_image(match[1], match[2], MAX_IMAGE)
    return key == "alt" and name == "img"


def _pieces(source: str) -> Iterator[str | re.Match[str]]:
    """Yield text and tags in order; comments, declarations and hidden elements are left out."""
    at = 0
    while (start := source.find("<", at)) >= 0:
        yield source[at:start]
        match = _TAG.match(source, start)
        if source.startswith("<!--", start):
            at = _after(source, "--", start + 4)
        elif source.startswith(("<!", "<?"), start):
            at = _after(source, "", start + 2)
        elif match is None:
            yield "&lt;"
            at = start + 1
        elif match[2].lower() in _HIDDEN:
            at = match.end() if match[1] else _after(source, f"</{match[2]}", match.end())
        else:
            yield match
            at = match.end()
    yield source[at:]


def _after(source: str, mark: str, start: int) -> int:
    """Position after the `>` that ends `mark`, in capitals or not; the end of the text if there is none.

    Not one pattern: after each of many marks it would look to the end of the text for a `>`.
    """
    marks = re.compile(re.escape(mark), re.IGNORECASE)
    while found := marks.search(source, start):
        bracket = _BRACKET.search(source, found.end())
        if bracket is None:
            break
        start = bracket.end()
        if bracket[0] == ">":
            return start
    return len(source)
