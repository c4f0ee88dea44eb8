"""Numerical derivatives, and derivatives held against them."""
