"""nbgrader's gradebook: what is written there, and what follows from it."""
