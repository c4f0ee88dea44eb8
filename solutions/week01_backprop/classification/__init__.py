"""The practical on classification: reference, hidden tests, catalogue of mistakes."""
