"""Formulas without the commands by which MathJax leaves mathematics."""

import re

# Links, styles, classes, ids, raw MathML attributes, loading of extensions, pop-ups.
_COMMANDS = (
    "href|url|style|class|cssId|data|bbox|require|mmlToken|unicode|action|toggle|texttip|mathtip|toolTip"
    "|includegraphics|html|htmlClass|htmlId|htmlStyle|htmlData"
)
_COMMAND = re.compile(rf"\\({_COMMANDS})(?![A-Za-z])")


def inert_tex(text: str) -> str:
    r"""`text` in which `\href` and its like are words, not commands: a space after the backslash is enough."""
    return _COMMAND.sub(r"\\ \1", text)
