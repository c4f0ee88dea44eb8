"""What crosses the wall, and in which form."""
