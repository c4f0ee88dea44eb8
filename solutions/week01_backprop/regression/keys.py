"""Keys of the practical on regression."""

from week01_backprop import regression_questions

from .. import clip_keys, schedule_keys

__all__ = ["clip_keys", "regression_questions", "schedule_keys"]
