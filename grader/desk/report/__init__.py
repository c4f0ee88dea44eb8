"""What the instructor reads: reports, tables, similarity, what waits."""
