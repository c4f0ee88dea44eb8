"""Texts that are hard to read: a beginning, a piece again and again, an end."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Piece:
    again: str
    begin: str = ""
    end: str = ""

    @property
    def name(self) -> str:
        return ascii(f"{self.begin}{self.again}…{self.end}")[1:-1].replace("\\u2026", "…").replace("|", "\\|")

    def text(self, size: int) -> str:
        """About `size` characters."""
        return self.begin + self.again * (size // len(self.again)) + self.end


_ALONE = [
    *" \t\n*_`>-[](<$\\|#!~&+=.:;\"'%?@^{}/,a1\r\x1b\xa0",
    "**a", "*a ", "_a_", "a*", "``", "`a``", "```\n", "~~~\n", "- ", "1. ", "> ", ">", "\t- a\n", "- a\n",
    "# ", "#\n",
    "a\n===\n", "a\n", " a\n", "    a\n", "  \n", "\\\n", "|a", "a|b\n", "|-", "||\n", "[a]", "[a](", "![", "![a](",
    "](", "][", "]:", "[a]: b\n", "[^a]", "[^a]: ", "<b>", "<b", "<a ", "</b>", "<!--", "-->", "<?",
    "<![CDATA[", "<p>\n",
    "<https://", "http://", "www.", "a@b", "&amp", "&amp;", "&#", "$a", "$$", "$a$", "$$a\n", "\\(", "\\[", "\\\\[",
    "\\\\(", "\\begin{a}", "\\end{a}", "\\href", "\\a", "~~", "~~a", "==", "^a", "a:b ", "{%", "{{", "'''",
    '"""', "f'{",
    "def f(x):\n", "if a:\n ", "x = ", "x, ", "x,", "import ", "from a import ", "a.", "a as b, ", "((",
    "[[", "lambda:",
    "not ", "-1", "1.", "1e", "0x", "é", "\ud800", "\x1b[", "\x1b[31m", "a\r", "\r\n", "\n\n", "* * ",
    "- - ", "+ a\n\n",
    "<details>", "<b x='\"", "<script>", "<table>", "<td>", "x@y ", "a@b\n", "%a\n", "!a\n", "a?\n", "? ",
]  # fmt: skip
PIECES = [
    *map(Piece, _ALONE),
    Piece("a", "<a ", ""), Piece("a", "<a "), Piece("a", "<a ", ">"), Piece("a=", "<a "), Piece(" ", "<a b", ">"),
    Piece(" ", "<a b=", ">"), Piece("a", "<"), Piece("a", "</"), Piece(" ", "import", "x"), Piece(" ",
    "import ", "!"),
    Piece(" ", "from a", ""), Piece(" ", "x", "!"), Piece(" ", "def f", ""), Piece(" ", "", "x"), Piece(" ",
    "a", "a"),
    Piece(" ", "#", "x"), Piece(" ", "```", "x"), Piece(" ", "[a]:", "x"), Piece(" ", "](", "x"), Piece("a",
    "](", ""),
    Piece(" ", "a\n", "\nb"), Piece("\t", "a", "b"), Piece("=", "a\n", "x"), Piece("-", "a\n", "x"),
    Piece("#", "", "x"),
    Piece("(", "[a](", ""), Piece("(", "[a](https://a", ""), Piece("a", "&", ""), Piece("a", "$", ""),
    Piece("0", "1.", "x"), Piece("\\", "", "x"), Piece("a", "<https://", ""), Piece("é", "<a ", ">"),
]  # fmt: skip
