"""Solutions of week 2."""
