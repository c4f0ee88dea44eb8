"""Names of files as their writers meant them, and as they can be kept.

A zip or a disk may hold a name in another encoding than UTF-8 without saying in which. A guess is right where it gives
words of one script each: `Stroitel` in Cyrillic letters of DOS is no word in Chinese, and the other way round.
"""

from __future__ import annotations

import re
import unicodedata

# DOS in Russia, Windows in China, DOS in Western Europe, Windows there.
_ENCODINGS = ("utf-8", "cp866", "gbk", "cp437", "cp1252")
LONGEST_NAME = 200  # bytes of a name that is kept
_LONGEST = 120  # characters
_SHOWN = 200


def decoded(raw: bytes) -> str:
    """The path, folder by folder, in the encoding that makes words of it."""
    return "/".join(_part(part) for part in raw.split(b"/"))


def of_disk(name: str) -> str:
    """A name that the operating system gave; bytes that are no UTF-8 come as lone surrogates."""
    return decoded(name.encode("utf-8", "surrogateescape")) if _has_surrogates(name) else name


def writable(name: str) -> str:
    """A name of one file or folder that can be written: `..`, controls and 400 characters cannot."""
    safe = "".join("_" if _is_odd(character) or character == "/" else character for character in name).strip()
    if safe.strip(".") == "":
        return "attachment"
    stem, dot, ending = safe.rpartition(".")
    ending = dot + ending if stem and len(ending) < 12 else ""
    short = safe[: _LONGEST - len(ending)].removesuffix(ending) + ending if len(safe) > _LONGEST else safe
    while len(short.encode("utf-8")) > LONGEST_NAME:
        short = short[: (len(short) - len(ending)) * 2 // 3] + ending
    return short.lstrip(".") if name.startswith(".") else short


def shown(text: str) -> str:
    """`text` in a line for people: no controls, and not longer than they read."""
    plain = "".join("\N{REPLACEMENT CHARACTER}" if _is_odd(character) else character for character in text)
    return plain if len(plain) <= _SHOWN else f"{plain[: _SHOWN - 40]} … {plain[-38:]}"


def _part(raw: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or all(_is_word(word) for word in re.findall(r"[^\x00-\x40\[-`{-\x7f]+", text)):
            return text
    return raw.decode("cp437")


def _is_word(word: str) -> bool:
    """Letters of one script, or the sign of a number."""
    return word == "№" or len({_script(character) for character in word}) == 1 and _script(word[0]) != ""


def _script(character: str) -> str:
    kind = unicodedata.category(character)
    return unicodedata.name(character, "").split()[0] if kind in ("Lu", "Ll", "Lo") else ""


def _is_odd(character: str) -> bool:
    """What commands a terminal, turns the text around it, is not seen, or ends a name."""
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") or character == "\\"


def _has_surrogates(name: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in name)
