"""Runs student code, and nothing else does. Knows no course."""
