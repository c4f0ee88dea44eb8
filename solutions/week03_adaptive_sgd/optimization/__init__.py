"""Solutions of the lecture of week 3: rates of descent, with memory and with noise."""
