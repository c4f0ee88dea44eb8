"""Asks the sandbox for numbers and decides outside it."""
