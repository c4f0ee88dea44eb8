"""Which names can be a student's: they become folders, and stand on nbgrader's pages and in its gradebook."""

from __future__ import annotations

import re
import unicodedata

# Names that nbgrader's pages and files cannot carry safely; everything else, umlauts, Cyrillic, `+`, is fine.
# Controls command a terminal; marks of direction turn the text around them.
CONTROLS = {chr(code) for code in (*range(32), *range(127, 160), 0x2028, 0x2029, *range(0x202A, 0x202F))}
CONTROLS |= {chr(code) for code in (0x061C, 0x200E, 0x200F, *range(0x2066, 0x206A))}
_UNSAFE = set('<>&"`\\{}') | CONTROLS
# Letters and marks that show as nothing, beside the characters whose very category says so (Unicode's
# Default_Ignorable_Code_Point).
_NOTHING = {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), 0x3164, 0xFFA0}
_NOTHING |= {*range(0xFE00, 0xFE10), *range(0xE0000, 0xE1000)}


def is_unprintable(letter: str) -> bool:
    """Does it command a terminal, turn the text around it, or stand for a byte that is no text?"""
    return (letter in CONTROLS and letter not in "\n\t") or "\ud800" <= letter <= "\udfff"


def _looks_alike(character: str) -> bool:
    """Is it not seen, or seen as a space? Two names that differ in it alone look the same."""
    kind = unicodedata.category(character)
    return kind == "Cf" or ord(character) in _NOTHING or (kind == "Zs" and character != " ")


# Alphabets of which some letters look like another's: a word in two of them is seldom anything but a disguise.
_ALPHABETS = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "FULLWIDTH", "MATHEMATICAL"})
_WORD = re.compile(r"[^\W\d_]+")


def _two_alphabets(student: str) -> list[str]:
    """The alphabets of the first word that has letters of several, as a Latin one with a Cyrillic `а`."""
    for word in _WORD.findall(student):
        found = {unicodedata.name(letter, "").split(" ")[0] for letter in word} & _ALPHABETS
        if len(found) > 1:
            return sorted(one.capitalize() for one in found)
    return []


def unsafe_name(student: str) -> str | None:
    """Why a folder's name cannot be a student id, or None when it can."""
    bad = sorted(_UNSAFE.intersection(student))
    if bad:
        return f"the folder's name contains {' '.join(map(ascii, bad))}, which no page may show"
    alike = sorted({character for character in student if _looks_alike(character)})
    if alike or student != " ".join(student.split()):
        what = " ".join(map(ascii, alike)) or "spaces at its ends, or two in a row"
        return f"the folder's name contains {what}, which nobody sees: another's may look the same"
    if alphabets := _two_alphabets(student):
        which = " and ".join(alphabets)
        return f"the folder's name has letters of two alphabets in one word ({which}): another's may look the same"
    if student != unicodedata.normalize("NFC", student):
        return "the folder's name has letters in two pieces (Unicode's NFD): the roster's looks the same and is another"
    if len(student) > 128:
        return "the folder's name is longer than the 128 characters that the gradebook keeps"
    try:
        student.encode("utf-8")
    except UnicodeEncodeError:
        return "the folder's name is not valid UTF-8"
    return None
