"""Bounds on what one page holds."""

from __future__ import annotations

from dataclasses import dataclass

MAX_PAGE = 8_000_000  # characters of all that is a student's on a page


@dataclass
class Room:
    """How much a page, or a text, may still hold."""

    left: int = MAX_PAGE

    def takes(self, size: int) -> bool:
        if size > self.left:
            return False
        self.left -= size
        return True
