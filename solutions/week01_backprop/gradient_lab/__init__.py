"""Solutions of the lab of week 1: a gradient check, and three bugs that it finds."""
