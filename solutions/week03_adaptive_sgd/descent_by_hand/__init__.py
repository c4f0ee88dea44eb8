"""Solutions of the worksheet of week 3, steps on paper."""
