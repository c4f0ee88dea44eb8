"""Keys of homework 2, in the order of the notebook."""

from . import step_keys

__all__ = ["step_keys"]
