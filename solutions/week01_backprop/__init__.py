"""Solutions of week 1."""
