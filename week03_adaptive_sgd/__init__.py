"""What only the notebooks of this week import."""
