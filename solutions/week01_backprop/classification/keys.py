"""Keys of the practical on classification."""

from week01_backprop import classification_questions

from .. import clip_keys, schedule_keys
from . import answer_keys

__all__ = ["answer_keys", "clip_keys", "classification_questions", "schedule_keys"]
