"""Keys of the primer."""

from week01_backprop import dot_products_questions

from . import answer_keys

__all__ = ["answer_keys", "dot_products_questions"]
