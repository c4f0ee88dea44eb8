"""Solutions of homework 2, stochastic gradient descent and its adaptive relatives."""
