"""Keys of the layers: with parameters, without, and losses. Every backward comes after a forward with the same x."""

from . import activation_keys, criterion_keys, linear_keys

__all__ = ["activation_keys", "criterion_keys", "linear_keys"]
