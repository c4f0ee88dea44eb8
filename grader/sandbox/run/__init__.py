"""A notebook, cell by cell."""
