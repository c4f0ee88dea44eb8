"""Solutions of the lecture of week 1, from the slope of a curve to backpropagation."""
