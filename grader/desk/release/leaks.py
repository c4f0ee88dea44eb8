"""Nothing of `solutions/` may be in a release: found by comparing tokens, not by trusting markers.

A *secret* is a logical line of a file in `solutions/` with enough words (names, numbers, texts) to be recognised. What
a stub gives away by design is no secret: imports, `class`, `def` and `with` lines, decorators, docstrings, `raise`; nor
is a plain call such as `layer.backward(X, G)`. The line is compared by its tokens, so that other spacing, line breaks
and comments hide nothing; two thirds of a long line in a row are enough. A line that must be public, such as one of
given code, carries the comment `# public`.
"""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

# (words, tokens) that make a line recognisable. Reference code is searched for closely. In keys and catalogues only
# lines that compute or say what is right count: `output = layer.forward(X)` or a question of types says nothing.
LEAST_OF_REFERENCE, LEAST_OF_OTHERS = (4, 7), (6, 10)
MIN_PLAIN_WORDS = 6
MIN_PROSE_WORDS = 8
LONG = 15
BEGINNING = 7
PUBLIC = "# public"
REFERENCE, NOTICE = "reference.py", "notice.py"
_WORD = re.compile(r"\w")
_ANY_TOKEN = re.compile(r"\w+|[^\w\s]")
_SECRET_FILES = {"keys.py", "mistakes.py", REFERENCE, NOTICE, "rubric.md"}
_MARKERS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN TESTS", "END HIDDEN TESTS")


@dataclass(frozen=True)
class Secret:
    """A line of `solutions/`: where it is, and its tokens."""

    where: str
    text: str
    tokens: tuple[str, ...]


@dataclass(frozen=True)
class Leak:
    """A secret that a released file holds."""

    file: str
    secret: str
    text: str

    def __str__(self) -> str:
        return f"{self.file} holds {self.secret}: {self.text}"


def find_leaks(solutions: Path, released: Iterable[Path], root: Path) -> list[Leak]:
    """Every place where a file of `released` (all below `root`) holds something of `solutions`."""
    by_beginning: dict[tuple[str, ...], list[tuple[tuple[str, ...], Secret]]] = {}
    for secret in secrets(solutions):
        for piece in _pieces(secret.tokens):
            by_beginning.setdefault(piece[:BEGINNING], []).append((piece, secret))
    leaks = []
    for path in released:
        name = path.relative_to(root).as_posix()
        if path.name in _SECRET_FILES or "solutions" in path.relative_to(root).parts:
            leaks.append(Leak(name, f"a file of {solutions.name}/", path.name))
        text = _text_of(path)
        leaks += [Leak(name, "a marker", marker) for marker in _MARKERS if marker in text]
        leaks += _in_text(name, text, by_beginning)
    return sorted(set(leaks), key=str)


def secrets(solutions: Path) -> Iterator[Secret]:
    """The secret lines of every file below `solutions`."""
    for path in sorted(solutions.rglob("*")):
        where = path.relative_to(solutions.parent).as_posix()
        if path.suffix == ".py":
            least = LEAST_OF_REFERENCE if path.name in (REFERENCE, NOTICE) else LEAST_OF_OTHERS
            yield from _code_secrets(where, path.read_text(encoding="utf-8"), least)
        elif path.suffix in (".md", ".txt"):
            yield from _prose_secrets(where, path.read_text(encoding="utf-8"))


@lru_cache(maxsize=1000)  # a release looks twice: at the checkout, and at what students get
def _code_secrets(where: str, text: str, least: tuple[int, int]) -> tuple[Secret, ...]:
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return ()
    given_away = _given_away(tree) | (set() if least is LEAST_OF_REFERENCE else _says_nothing(tree))
    return tuple(
        Secret(f"{where}:{line}", " ".join(tokens)[:100], tokens)
        for line, tokens, public in _logical_lines(text)
        if not public and line not in given_away and _telling(tokens, least)
    )


def _given_away(tree: ast.AST) -> set[int]:
    """First lines of the statements that a stub shows as well."""
    lines = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Raise | ast.With):
            lines.add(node.lineno)
        elif isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            lines.update({node.lineno, *(decorator.lineno for decorator in node.decorator_list)})
        elif isinstance(node, ast.Expr) and (isinstance(node.value, ast.Constant) or _is_short_call(node.value)):
            lines.add(node.lineno)
    return lines


def _says_nothing(tree: ast.AST) -> set[int]:
    """First lines of the statements of a key that neither compute with numbers nor say what is right."""
    lines = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            header = [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.stmt)]
            parts = [part for child in header for part in ast.walk(child)]
            if not any(isinstance(part, ast.BinOp) or _says_right(part) for part in parts):
                lines.add(node.lineno)
    return lines


def _says_right(node: ast.AST) -> bool:
    """`Right(...)`, `choice_key(...)`, `number_key(...)`"""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
        return False
    return node.func.id == "Right" or node.func.id.endswith("_key")


def _is_short_call(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and len(re.findall(r"\w+", ast.unparse(node))) < MIN_PLAIN_WORDS


def _logical_lines(text: str) -> Iterator[tuple[int, tuple[str, ...], bool]]:
    """`(first line, tokens, is it marked public)` of every statement."""
    tokens: list[str] = []
    first, public = 0, False
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            public = public or token.string.strip() == PUBLIC
        elif token.type == tokenize.NEWLINE:
            yield first, tuple(tokens), public
            tokens, public = [], False
        elif token.string.strip() and token.type not in (tokenize.NL, tokenize.INDENT, tokenize.DEDENT):
            first = first if tokens else token.start[0]
            tokens.append(token.string)


def _prose_secrets(where: str, text: str) -> Iterator[Secret]:
    for number, line in enumerate(text.splitlines(), start=1):
        tokens = tuple(_ANY_TOKEN.findall(line))
        if sum(bool(_WORD.match(token)) for token in tokens) >= MIN_PROSE_WORDS and not line.startswith("#"):
            yield Secret(f"{where}:{number}", line.strip()[:100], tokens)


def _telling(tokens: tuple[str, ...], least: tuple[int, int]) -> bool:
    """Long enough to be recognised, and more than the drawing of random inputs, which public checks do alike."""
    words = sum(bool(_WORD.match(token)) for token in tokens)
    draws = "rng" in tokens and "expect" not in tokens
    plain = tokens[0] in ("if", "elif", "for", "while") and words < MIN_PLAIN_WORDS
    return words >= least[0] and len(tokens) >= least[1] and not draws and not plain


def _pieces(tokens: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The line, split as text is split in released files, and of a long line its beginning and its end."""
    flat = tuple(_ANY_TOKEN.findall(" ".join(tokens)))
    part = -(-2 * len(flat) // 3)
    return [flat] if len(flat) < LONG else [flat[:part], flat[-part:]]


def _in_text(name: str, text: str, by_beginning: dict) -> Iterator[Leak]:
    """The secrets among the tokens of a text. Comments are looked through as well: code hides there."""
    tokens = _ANY_TOKEN.findall(text)
    for start in range(len(tokens)):
        for piece, secret in by_beginning.get(tuple(tokens[start : start + BEGINNING]), ()):
            if tuple(tokens[start : start + len(piece)]) == piece:
                yield Leak(name, secret.where, secret.text)


def _text_of(path: Path) -> str:
    """What a reader can see of a file: of a notebook the sources, outputs and metadata, decoded."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return path.read_bytes().decode("latin-1")
    if path.suffix != ".ipynb":
        return text
    return "\n".join(_texts(json.loads(text)))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        # A multi-line text is a list of its lines.
        yield from ["".join(value)] if all(isinstance(item, str) for item in value) else _all(value)
    elif isinstance(value, dict):
        yield from _all(value.values())


def _all(values: Iterable) -> Iterator[str]:
    for value in values:
        yield from _texts(value)
