"""Solutions of week 2's bonus homework: the layers of a small framework."""
