"""The practical on regression: reference, keys, catalogue of mistakes."""
