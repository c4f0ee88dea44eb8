"""Which names can be a student's: they become folders, and stand on nbgrader's pages and in its gradebook."""

from __future__ import annotations

# Names that nbgrader's pages and files cannot carry safely; everything else, umlauts, Cyrillic, spaces, `+`, is fine.
# Controls command a terminal; marks of direction turn the text around them.
CONTROLS = {chr(code) for code in (*range(32), *range(127, 160), 0x2028, 0x2029, *range(0x202A, 0x202F))}
CONTROLS |= {chr(code) for code in (0x200E, 0x200F, *range(0x2066, 0x206A))}
_UNSAFE = set('<>&"`\\{}') | CONTROLS


def unsafe_name(student: str) -> str | None:
    """Why a folder's name cannot be a student id, or None when it can."""
    bad = sorted(_UNSAFE.intersection(student))
    if bad:
        return f"the folder's name contains {' '.join(repr(character) for character in bad)}, which no page may show"
    if len(student) > 128:
        return "the folder's name is longer than the 128 characters that the gradebook keeps"
    try:
        student.encode("utf-8")
    except UnicodeEncodeError:
        return "the folder's name is not valid UTF-8"
    return None
