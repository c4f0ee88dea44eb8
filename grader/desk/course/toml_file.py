"""A TOML file, and in which of its lines a key stands."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomllib

from grader.desk.errors import DeskError

# The way to a value: names of tables and keys, and places in lists of tables, from 0.
Keys = Sequence[str | int]


@dataclass(frozen=True)
class TomlFile:
    """What a file says, with its text to find it again."""

    path: Path
    text: str
    data: dict[str, Any]

    def has(self, keys: Keys) -> bool:
        """Is there such a table or key?"""
        return _has(self.data, keys)

    def place(self, keys: Keys) -> str:
        """The file, and the line in which the key stands, or else the nearest table around it."""
        line = self.line(keys)
        return f"{self.path}, line {line}" if line else f"{self.path}"

    def line(self, keys: Keys) -> int:
        """The line in which the statement begins that makes the key, or the nearest table around it; 0 for the file.

        The parser tells no lines. But of a file cut at a line's end it reads what stands above, so the statement is the
        one without which the key is not there.
        """
        lines = self.text.split("\n")
        while not self.has(keys):
            keys = keys[:-1]
        if not keys:
            return 0
        last = bisect.bisect_left(range(len(lines) + 1), True, key=lambda count: _has(_whole(lines, count)[1], keys))
        return _whole(lines, last - 1)[0] + 1


def _whole(lines: list[str], count: int) -> tuple[int, dict[str, Any]]:
    """At most the first `count` lines, as many as are not cut inside a statement; and what they say."""
    while True:
        try:
            return count, tomllib.loads("\n".join(lines[:count]))
        except tomllib.TOMLDecodeError:
            count -= 1


class NotToml(DeskError):
    """A file that is not valid TOML; `above` is what stands above the line where that shows."""

    def __init__(self, what: str, above: TomlFile):
        super().__init__(what, "Mend that line and run the command again.")
        self.above = above


def read_toml(path: Path) -> TomlFile:
    """Raises `NotToml` that names the line, `DeskError` for a file that cannot be read or is no text."""
    try:
        text = path.read_text(encoding="utf-8-sig")  # Windows' editors put a byte order mark in front
    except OSError as error:
        raise DeskError(f"{path} cannot be read: {error.strerror}.", "Mend that and run the command again.") from None
    except UnicodeDecodeError as error:
        raise DeskError(f"{path} is not valid TOML: it is not UTF-8: {error}.", "Save it anew as UTF-8.") from None
    try:
        return TomlFile(path, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r" \(at line (\d+), .*\)$", str(error))
        line = int(found[1]) if found else text.rstrip().count("\n") + 1
        why = str(error).split(" (at ")[0]
        count, said = _whole(text.split("\n"), line - 1)
        above = TomlFile(path, "\n".join(text.split("\n")[:count]), said)
        raise NotToml(f"{path}, line {line}: this is not valid TOML: {why}.", above) from None
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, a thousand brackets
        raise DeskError(f"{path} cannot be read: {error}.", "Write it as docs/course-toml.md has it.") from None


def _has(value: Any, keys: Keys) -> bool:
    for key in keys:
        match value:
            case dict() if key in value:
                value = value[key]
            case list() if isinstance(key, int) and key < len(value):
                value = value[key]
            case _:
                return False
    return True
