"""The practical on regression: reference, hidden tests, catalogue of mistakes."""
