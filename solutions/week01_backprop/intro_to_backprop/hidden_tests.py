"""Hidden tests of the lecture: short questions."""

from .questions import two_paths, two_steps_down, unit_change, which_way, why_not_step, zero_start

__all__ = ["two_paths", "two_steps_down", "unit_change", "which_way", "why_not_step", "zero_start"]
