"""Which addresses may stand in a link."""

import re

# https, http and mail; a place in the same page; a file beside the page. No other scheme: `javascript:` and `data:`
# run in the page that shows them. No leading slash: it would reach the grader's own server.
_URL_CHARACTER = r"[^\s()<>\[\]\"'`\\|]"
SAFE_ADDRESS = (
    rf"(?:https?://(?:{_URL_CHARACTER}|\({_URL_CHARACTER}*\))+"
    r"|mailto:[\w.+-]+@[\w.-]+"
    r"|#[\w.-]*"
    r"|(?:\.\.?/)*[A-Za-z0-9_][\w./-]*(?:#[\w.-]*)?)"
)
_SAFE_ADDRESS = re.compile(SAFE_ADDRESS)


def is_safe_address(address: str) -> bool:
    """Whether following `address` stays a plain request for a page."""
    return _SAFE_ADDRESS.fullmatch(address) is not None
