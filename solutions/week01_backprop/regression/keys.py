"""Keys of the practical on regression."""

from week01_backprop import regression_questions

from .. import clip_keys, schedule_keys
from . import answer_keys

__all__ = ["answer_keys", "clip_keys", "regression_questions", "schedule_keys"]
