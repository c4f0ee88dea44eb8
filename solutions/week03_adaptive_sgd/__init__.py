"""Solutions of week 3."""
