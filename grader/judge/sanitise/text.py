"""Plain text that is safe to store and to show: no half characters, no control codes, no endless length."""

import re

# Everything below space but tab, newline and escape; delete; and the C1 codes, which some terminals obey.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f]")
_OVERWRITTEN = re.compile(r"^[^\n]*\r(?=[^\r\n])", re.MULTILINE)  # a progress bar writes over its own line
_COLOUR = r"\x1b\[[0-9;]{0,24}m"
_ESCAPE = re.compile(rf"({_COLOUR})|\x1b(?:\[[0-9;:<=>?]{{0,24}}[ -/]{{0,4}}[@-~])?")


def without_surrogates(text: str) -> str:
    """Join surrogate pairs and replace lone halves, so that the text can be written as UTF-8."""
    try:
        text.encode()
        return text
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def plain(text: str) -> str:
    """`text` as a terminal would leave it, without control codes; of the escape sequences only colours stay."""
    text = _OVERWRITTEN.sub("", without_surrogates(text).replace("\r\n", "\n"))
    return _CONTROLS.sub("", _ESCAPE.sub(r"\1", text).replace("\r", ""))


def plain_within(text: str, limit: int) -> str:
    """`plain(text)` of at most `limit` characters; of a flood only both ends are looked at."""
    if len(text) <= 4 * limit:
        return shortened(plain(text), limit)
    return shortened(plain(text[: 2 * limit]) + " " * (len(text) - 4 * limit) + plain(text[-2 * limit :]), limit)


def shortened(text: str, limit: int) -> str:
    """`text` of at most `limit` (over 100) characters: its beginning, its end, and how much is left out between."""
    if len(text) <= limit:
        return text
    room = limit - 60  # the line that tells needs less
    head, tail = text[: room * 2 // 3], text[-(room // 3) :]
    return f"{head}\n... {len(text) - len(head) - len(tail)} characters left out ...\n{tail}"
