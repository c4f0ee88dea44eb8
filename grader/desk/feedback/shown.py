"""What a student wrote and drew, as HTML that can do nothing: code, text with formulas, outputs within bounds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape

from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers.python import PythonLexer

from grader.desk.feedback.room import Room
from grader.desk.nbgrader.clean_html import clean, pictures
from grader.judge.memo import remembered
from grader.judge.sanitise.images import valid_image
from grader.judge.sanitise.text import plain_within, shortened

MAX_CODE = 40_000  # characters of a cell
MAX_TEXT = 4_000  # characters of one printed output
MAX_MARKUP = 100_000  # characters of one output that is HTML
MAX_PICTURE = 2_000_000  # characters of one figure's base64
MAX_OUTPUTS = 20  # of a cell
MAX_TRACE = 40  # lines of the message of an error
MAX_ALT = 1_000  # characters of what a figure says in words
PICTURES = ("image/png", "image/jpeg")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_CODE = re.compile(r"`([^`]{1,300})`")
_MARK = re.compile("\ue000([0-9]{1,4})\ue001")
_TAG = re.compile("(<[^<>]*>)")
_LEXER = PythonLexer(stripnl=False, ensurenl=False)
_FORMATTER = HtmlFormatter(nowrap=True)


def words(text: str) -> Markup:
    """A sentence of ours, in which `code` stands between backticks."""
    return Markup(_CODE.sub(r"<code>\1</code>", escape(text, quote=False)))


@remembered  # given cells that a student changed a little are changed alike by many
def code_lines(source: str) -> list[Markup]:
    """Each line of Python, coloured by classes."""
    made = highlight(shortened(source, MAX_CODE), _LEXER, _FORMATTER)
    return [Markup(line) for line in made.removesuffix("\n").split("\n")]


def text_with_formulas(source: str, attachments: Mapping | None = None) -> Markup:
    """Markdown of a student or an instructor."""
    from grader.desk.feedback.markdown import rendered  # with nbconvert, which a page that stays does without

    made, formulas = rendered(_MARK.sub("", source), pictures(attachments or {}))
    made = clean(made)

    def put_in(found: re.Match) -> str:
        return formulas.pop(found[1], "")  # each once: a mark may have been forged with character references

    # In a tag a mark stands for nothing: that is no place for markup.
    parts = [_MARK.sub("" if part.startswith("<") else put_in, part) for part in _TAG.split(made)]
    return Markup("".join(parts))


@dataclass(frozen=True)
class Output:
    """`kind` is text, error, html or picture; `value` is what the template shows, `about` a picture's words."""

    kind: str
    value: str | Markup
    about: str = ""
    more: str = field(default="", repr=False)


def outputs_of(cell: Mapping, number: int, room: Room) -> Iterator[Output]:
    """The outputs of a cell that a page shows, in order."""
    figures = 0
    outputs = [one for one in _list(cell.get("outputs")) if isinstance(one, dict)]
    for output in outputs[:MAX_OUTPUTS]:
        kind, data = output.get("output_type"), output.get("data")
        shown = None
        if kind == "stream":
            shown = Output("text", _plain(output.get("text")))
        elif kind == "error":
            said = f"{_text(output.get('ename'))[:200]}: {_text(output.get('evalue'))[:MAX_TEXT]}"
            trace = "\n".join(_plain(line) for line in _list(output.get("traceback"))[-MAX_TRACE:])
            shown = Output("error", _plain(said), more=shortened(trace, MAX_TEXT))
        elif kind in ("display_data", "execute_result") and isinstance(data, dict):
            figures += any(mime in data for mime in PICTURES)
            about = f"Figure {figures} that your cell {number} drew"
            words = _dict(_dict(output.get("metadata")).get("image/png")).get("alt")
            shown = _displayed(data, f"{about}: {words[:MAX_ALT]}" if isinstance(words, str) else about, room)
        if shown and shown.value.strip() and room.takes(len(shown.value) + len(shown.more)):
            yield shown
    if len(outputs) > MAX_OUTPUTS:
        yield Output("text", f"[{len(outputs) - MAX_OUTPUTS} more outputs are left out.]")


def _displayed(data: Mapping, about: str, room: Room) -> Output:
    for mime in PICTURES:
        picture = "".join(_text(data.get(mime)).split())
        if picture:
            if valid_image(mime, picture, MAX_PICTURE) and len(picture) < room.left:
                return Output("picture", f"data:{mime};base64,{picture}", about)
            return Output("text", f"[{about} is left out: it is too large for this page.]")
    for mime, made in (("text/html", clean), ("text/markdown", text_with_formulas)):
        markup = _text(data.get(mime))
        if markup and len(markup) <= MAX_MARKUP:
            return Output("html", Markup(made(markup)))
    return Output("text", _plain(data.get("text/plain")))


def _plain(value: object) -> str:
    return _COLOUR.sub("", plain_within(_text(value), MAX_TEXT))


def _text(value: object) -> str:
    if isinstance(value, list):
        return "".join(part for part in value if isinstance(part, str))
    return value if isinstance(value, str) else ""


def _dict(value: object) -> dict:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list:
    return value if isinstance(value, list) else []
