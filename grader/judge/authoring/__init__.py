"""What somebody who writes keys imports."""
