"""Collecting and grading as work comes in."""
