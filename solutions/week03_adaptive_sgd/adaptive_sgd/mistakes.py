"""Mistakes that students make in homework 2, planted one at a time in the reference.

Each says which points it loses, and no others, and what the student is told.
"""

from .bonus_mistakes import BONUS_MISTAKES
from .model_mistakes import MODEL_MISTAKES
from .step_mistakes import STEP_MISTAKES

MISTAKES = [*MODEL_MISTAKES, *STEP_MISTAKES, *BONUS_MISTAKES]
