"""Mistakes that students make in homework 1, planted one at a time in the reference.

Each says which points it loses, and no others, and what the student is told. The list runs over several modules only
because it is long.
"""

from .bonus_mistakes import BONUS_MISTAKES
from .homework_mistakes import HOMEWORK_MISTAKES

MISTAKES = [*HOMEWORK_MISTAKES, *BONUS_MISTAKES]
