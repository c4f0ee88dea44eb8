"""The course's figures: their style, and pictures that more than one notebook draws."""
