"""Keys of homework 2."""

from week03_adaptive_sgd import adaptive_sgd_questions

from . import classifier_keys

__all__ = ["adaptive_sgd_questions", "classifier_keys"]
