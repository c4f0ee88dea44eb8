"""Solutions of homework 1, a network of any number of layers."""
